"""What people are told by mail about a founding."""

from collections.abc import Iterable

from alumni.core import mail
from alumni.founding.models import Founding


def tell_invited(founding: Founding, account_id: int) -> None:
    mail.post("founding/invited", to=account_id, name=founding.name, key=founding.key, purpose=founding.purpose)


def tell_deciders(founding: Founding, account_ids: Iterable[int]) -> None:
    """The papers are handed in."""
    for account_id in account_ids:
        mail.post("founding/handed_in", to=account_id, name=founding.name, key=founding.key)


def tell_founders(founding: Founding, account_ids: Iterable[int], what: str, reason: str = "") -> None:
    """`what` is approved, declined or asked."""
    for account_id in account_ids:
        mail.post(f"founding/{what}", to=account_id, name=founding.name, key=founding.key, reason=reason)
