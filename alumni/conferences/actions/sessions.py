"""The programme: sessions within the time of their event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.conferences import policy
from alumni.conferences.actions.choices import hold, sweep
from alumni.conferences.models import EventSession
from alumni.conferences.queries import MOST_SESSIONS
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """What somebody entered. Times are wall times in the zone of the event, or instants where they carry an offset."""

    title: str
    about: str
    speakers: str
    room: str
    start: datetime
    end: datetime
    capacity: int | None
    start_is_second: bool | None = None
    end_is_second: bool | None = None


def add_session(*, actor: Viewer, event: Any, draft: SessionDraft, key: str) -> EventSession:
    """The same key makes one. Raises Invalid at the field that is wrong."""
    require(policy.can_run(actor, event.id))
    values = _values(event, draft)
    count = sa.select(sa.func.count()).select_from(EventSession).where(EventSession.event_id == event.id)
    if (db.session.scalar(count) or 0) >= MOST_SESSIONS:
        raise Invalid("title", "sessions-many", most=MOST_SESSIONS)
    facts = {"key": key, "event_id": event.id, "seats_taken": 0, "revision": 0}
    now = clock.now()
    if insert_or_ignore(EventSession, facts | values | {"created_at": now, "updated_at": now}):
        audit.record(actor, "session.add", f"event:{event.slug}", session=key)
    made = db.session.scalar(sa.select(EventSession).where(EventSession.key == key))
    if made is None or made.event_id != event.id:
        raise NotFound  # the key is that of another event
    return made


def change_session(*, actor: Viewer, event: Any, session: EventSession, draft: SessionDraft) -> None:
    """Whoever chose it keeps their seat. Raises Invalid where there would be fewer seats than people."""
    require(policy.can_run(actor, event.id))
    values = _values(event, draft)
    hold([session.id])
    left = sweep(session.id)
    if draft.capacity is not None and left > draft.capacity:
        raise Invalid("capacity", "session-chosen", people=left)
    db.session.refresh(session)
    changed = sorted(name for name, value in values.items() if getattr(session, name) != value)
    for name in changed:
        setattr(session, name, values[name])
    if changed:
        session.revision, session.updated_at = session.revision + 1, clock.now()
        audit.record(actor, "session.change", f"event:{event.slug}", session=session.key, fields=changed)
    db.session.flush()


def remove_session(*, actor: Viewer, event: Any, session: EventSession) -> None:
    """It does not take place, and nobody has chosen it any more."""
    require(policy.can_run(actor, event.id))
    db.session.delete(session)
    audit.record(actor, "session.remove", f"event:{event.slug}", session=session.key, title=session.title)
    db.session.flush()


def _values(event: Any, draft: SessionDraft) -> dict[str, Any]:
    starts_at = promised(draft.start, event.zone, field="starts_at", is_second=draft.start_is_second)
    ends_at = promised(draft.end, event.zone, field="ends_at", is_second=draft.end_is_second)
    if ends_at <= starts_at:
        raise Invalid("ends_at", "ends-before-start")
    if not event.starts_at <= starts_at < event.ends_at:
        raise Invalid("starts_at", "outside-event")
    if ends_at > event.ends_at:
        raise Invalid("ends_at", "outside-event")
    return {
        "title": draft.title,
        "about": draft.about,
        "speakers": draft.speakers,
        "room": draft.room,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "capacity": draft.capacity,
    }
