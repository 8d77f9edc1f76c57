"""The letter that asks how it was."""

from alumni.core import mail
from alumni.events.models import Event


def ask_how_it_was(account_id: int, event: Event) -> None:
    mail.post("reports/how_was_it", to=account_id, title=event.title, slug=event.slug)
