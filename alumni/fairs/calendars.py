"""One's meetings at a fair as calendar programs read them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from alumni.events.calendars import Part, write_parts


def write(event: Any, meetings: Sequence[Any]) -> bytes:
    """A calendar of these meetings, in the zone of their event."""
    return write_parts(event, [_part(event, meeting) for meeting in meetings])


def _part(event: Any, meeting: Any) -> Part:
    return Part(
        event=event,
        uid=f"meeting-{meeting.key}",
        title=_("Meeting: %(company)s", company=meeting.company_name),
        description=event.title,
        place=meeting.stand,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        created_at=meeting.asked_at,
        updated_at=meeting.asked_at,
    )
