"""What somebody is told of their own data by letter."""

from datetime import datetime

from alumni.core import mail


def tell_export_is_ready(account_id: int, key: str) -> None:
    mail.post("mydata/export_ready", to=account_id, key=key)


def tell_of_closing(account_id: int, erase_at: datetime) -> None:
    """With the way back, and until when it is open."""
    mail.post("mydata/closing", to=account_id, erase_at=erase_at.isoformat())


def tell_of_return(account_id: int) -> None:
    mail.post("mydata/kept", to=account_id)
