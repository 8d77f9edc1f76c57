"""Who may do what with an account."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core.viewer import Viewer

Who = Viewer | type[Account]


def holds(flag: Any) -> sa.ColumnElement[bool]:
    """A flag of a viewer (a bool) or of the class `Account` (a column) as a clause."""
    return sa.and_(sa.true(), flag)


def in_good_standing(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause: not suspended."""
    return sa.not_(holds(viewer.is_suspended))


def can_sign_in(account: Account) -> bool:
    """A suspended account may come in: to read its own data and to appeal, nothing else."""
    return account.state in (AccountState.ACTIVE, AccountState.SUSPENDED, AccountState.CLOSING)


def works_for_others(account: Any) -> bool:
    """Sees what is not their own: such an account is worth more than a password."""
    return bool(account.is_moderator or account.is_admin or account.holds_office)


def can_suspend(viewer: Viewer, account: Account) -> bool:
    """Moderators suspend members; only an admin suspends staff; nobody suspends themselves."""
    if viewer.id == account.id:
        return False
    return viewer.is_admin or (viewer.is_moderator and not account.is_moderator)


def can_administer(viewer: Viewer) -> bool:
    """Catalogue, roles, settings."""
    return viewer.is_admin
