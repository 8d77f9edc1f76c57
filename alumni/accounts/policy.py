"""Who may do what with an account."""

from alumni.accounts.models import Account, AccountState
from alumni.core.viewer import Viewer


def can_sign_in(account: Account) -> bool:
    """A suspended account may come in: to read its own data and to appeal, nothing else."""
    return account.state in (AccountState.ACTIVE, AccountState.SUSPENDED, AccountState.CLOSING)


def can_suspend(viewer: Viewer, account: Account) -> bool:
    """Moderators suspend members; only an admin suspends staff; nobody suspends themselves."""
    if viewer.id == account.id:
        return False
    return viewer.is_admin or (viewer.is_moderator and not account.is_moderator)


def can_administer(viewer: Viewer) -> bool:
    """Catalogue, roles, settings."""
    return viewer.is_admin
