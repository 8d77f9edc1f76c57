"""What people are told about coming to an event by mail."""

from typing import Any

from alumni.core import mail
from alumni.events.models import AttendanceState


def tell_of_approval(event: Any, account_id: int, state: AttendanceState) -> None:
    waits = state == AttendanceState.WAITING
    mail.post("attendance/approved", to=account_id, **_facts(event), waits=waits)


def tell_of_refusal(event: Any, account_id: int, reason: str) -> None:
    mail.post("attendance/declined", to=account_id, **_facts(event), reason=reason)


def tell_of_lapse(event: Any, account_id: int) -> None:
    mail.post("attendance/lapsed", to=account_id, **_facts(event))


def tell_of_invitation(event: Any, account_id: int) -> None:
    mail.post("attendance/invited", to=account_id, **_facts(event))


def _facts(event: Any) -> dict[str, Any]:
    """As it was when it was decided: plain values, put into words when the letter is written."""
    return {
        "title": event.title,
        "slug": event.slug,
        "starts": event.starts_at.isoformat(),
        "event_zone": event.zone,
        "place": event.place,
    }
