"""Who may take data along and close an account: its owner, suspended or not."""

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState, StaffRole
from alumni.core.db import db
from alumni.core.viewer import Viewer


def can_take_along(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.is_closing


def can_close(viewer: Viewer) -> bool:
    """A suspension takes nobody's right to leave."""
    return viewer.is_authenticated and not viewer.is_closing


def can_come_back(viewer: Viewer) -> bool:
    return viewer.is_closing


def is_last_admin(account: Account) -> bool:
    """Whether nobody would be left to administer the installation."""
    if account.staff_role != StaffRole.ADMIN:
        return False
    others = sa.select(Account.id).where(
        Account.staff_role == StaffRole.ADMIN, Account.state == AccountState.ACTIVE, Account.id != account.id
    )
    return db.session.scalar(others.limit(1)) is None
