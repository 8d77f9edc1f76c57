"""Letters about letters."""

from alumni.core import mail


def ask_whether_it_works(account_id: int) -> None:
    mail.post("mailing/address", to=account_id)


def ask_whether_right(account_id: int) -> None:
    mail.post("mailing/still_right", to=account_id)
