"""The letter before an event."""

from typing import Any

from alumni.core import mail
from alumni.reminders.models import ReminderKind


def remind(row: Any, kind: ReminderKind) -> None:
    mail.post(
        "reminders/soon",
        to=row.account_id,
        kind=kind.value,
        title=row.title,
        slug=row.slug,
        starts=row.starts_at.isoformat(),
        event_zone=row.zone,
        place=row.place,
    )
