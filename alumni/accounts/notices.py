"""What an account is told by mail."""

from alumni.accounts.models import Account, AddressChange
from alumni.core import jobs, mail

TO_ADDRESS = "mail to an address"  # the kind of a letter that goes elsewhere than to the address of its account


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


def tell_new_address(change: AddressChange) -> None:
    """The one letter that goes to an address which nobody has proved yet."""
    jobs.enqueue(TO_ADDRESS, change=change.id, is_new=True)


def tell_old_address(change: AddressChange) -> None:
    jobs.enqueue(TO_ADDRESS, change=change.id, is_new=False)


def tell_owner_of_asked_address(owner: Account) -> None:
    """Somebody wanted this address for another account: only its owner learns that."""
    mail.post("accounts/address_asked", to=owner.id)


def tell_owner_of_new_device(account_id: int, *, device: str, network: str, at: str) -> None:
    mail.post("accounts/new_device", to=account_id, device=device, network=network, at=at)


def tell_owner_of_new_password(account: Account) -> None:
    mail.post("accounts/password_changed", to=account.id)
