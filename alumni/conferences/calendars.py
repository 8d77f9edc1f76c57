"""The programme of a conference as calendar programs read it."""

from collections.abc import Sequence
from typing import Any

from alumni.events.calendars import Part, write_parts


def write(event: Any, sessions: Sequence[Any]) -> bytes:
    """A calendar of these sessions, in the zone of their event."""
    return write_parts(event, [_part(event, session) for session in sessions])


def _part(event: Any, session: Any) -> Part:
    return Part(
        event=event,
        uid=f"session-{session.key}",
        title=session.title,
        description="\n\n".join(filter(None, (session.speakers, session.about))),
        place=session.room,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        created_at=session.created_at,
        updated_at=session.updated_at,
        revision=session.revision,
    )
