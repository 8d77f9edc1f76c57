"""What is asked about visitors of events."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.names import sort_key
from alumni.core.viewer import Viewer
from alumni.core.walltime import zone_of
from alumni.events import policy as events_policy
from alumni.events.models import Event, EventState
from alumni.visitors import policy
from alumni.visitors.models import Visitor, VisitorState

MOST = 1000  # on one page
EVENING = range(18, 21)  # hours of the clock of the event


def is_open(event_id: int) -> bool:
    """Whether an event takes people without an account."""
    return bool(
        db.session.scalar(sa.select(sa.true()).where(there_is(Event, Event.id == event_id, policy.open_to_visitors())))
    )


def find_visitor(*, key: str = "", event_id: int = 0, email: str = "") -> Visitor | None:
    """By the key of a letter, or by the address with which somebody comes to an event."""
    which = Visitor.key == key if key else sa.and_(Visitor.event_id == event_id, Visitor.email == email)
    return db.session.scalar(sa.select(Visitor).where(which))


def find_event(visitor: Visitor) -> Event | None:
    """What they come to, while nobody has hidden it."""
    return db.session.scalar(sa.select(Event).where(Event.id == visitor.event_id, Event.hidden_at.is_(None)))


def visitors_of(viewer: Viewer, event_id: int) -> list[Visitor]:
    """For who runs the event: the visitors who are going, by name. At most `MOST`."""
    select = sa.select(Visitor).where(
        Visitor.event_id == event_id,
        Visitor.state == VisitorState.GOING,
        there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
    )
    return sorted(db.session.scalars(select.limit(MOST)), key=lambda visitor: sort_key(visitor.name))


def ids_of_going(event_ids: Sequence[int]) -> Sequence[int]:
    """A visitor for each address that comes to any of these events."""
    first = sa.select(sa.func.min(Visitor.id)).where(
        Visitor.event_id.in_(event_ids), Visitor.state == VisitorState.GOING
    )
    return db.session.scalars(first.group_by(Visitor.email).order_by(sa.func.min(Visitor.id))).all()


def to_remind(now: datetime) -> list[tuple[Visitor, Event]]:
    """Who comes tomorrow, where it is evening now at the place of the event, and was not reminded of that start."""
    soon = sa.and_(
        Event.starts_at > now, Event.starts_at < now + timedelta(days=2), Event.state == EventState.PUBLISHED
    )
    of_that_start = sa.and_(Visitor.reminded_of.is_not(None), Visitor.reminded_of == Event.starts_at)
    select = (
        sa.select(Visitor, Event)
        .join(Event, Event.id == Visitor.event_id)
        .where(
            soon,
            Visitor.state == VisitorState.GOING,
            Event.state == EventState.PUBLISHED,
            Event.hidden_at.is_(None),
            sa.not_(of_that_start),
        )
        .order_by(Event.starts_at, Visitor.id)
        .limit(MOST)
    )
    return [(visitor, event) for visitor, event in db.session.execute(select) if _is_the_evening_before(event, now)]


def _is_the_evening_before(event: Event, now: datetime) -> bool:
    there = now.astimezone(zone_of(event.zone))
    return there.hour in EVENING and there.date() + timedelta(days=1) == event.wall_start.date()
