"""Letters about what is new: at once to who wants that, gathered to all others."""

from alumni.core import mail


def tell_of_post(account_id: int, key: str) -> None:
    mail.post("posts/new", to=account_id, key=key)


def tell_of_event(account_id: int, slug: str) -> None:
    mail.post("events/new", to=account_id, slug=slug)


def gather(account_id: int, *, daily_from: str, weekly_from: str, until: str) -> None:
    mail.post("digests/digest", to=account_id, daily_from=daily_from, weekly_from=weekly_from, until=until)
