"""What an account is told by mail."""

from alumni.accounts.models import Account
from alumni.core import mail


def tell_newcomer_to_confirm(account: Account) -> None:
    mail.post("accounts/confirm", to=account.id)


def tell_owner_of_second_sign_up(account: Account) -> None:
    """Somebody signed up with an address that has an account: only its owner learns that."""
    mail.post("accounts/already_here", to=account.id)


def tell_owner_how_to_reset(account: Account) -> None:
    mail.post("accounts/reset", to=account.id)


def tell_nobody() -> None:
    """The same work for an address without an account: a letter to nobody, which the worker drops."""
    mail.post("accounts/reset", to=0)


def tell_owner_of_second_factor(account: Account, *, is_on: bool) -> None:
    mail.post("accounts/second_factor", to=account.id, is_on=is_on)


def tell_owner_of_new_password(account: Account) -> None:
    mail.post("accounts/password_changed", to=account.id)
