"""Coming without an account: asking, confirming the address, giving the seat back, and being forgotten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.jobs import Job
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.actions import EventOver, seats
from alumni.events.models import Event, Mode
from alumni.visitors import notices, queries
from alumni.visitors.models import Visitor, VisitorState

LETTER = notices.LETTER
KEPT = timedelta(days=30)  # after the event
KEPT_UNCONFIRMED = timedelta(days=3)
MOST_AT_ONCE = 500


class NoSeatLeft(DomainError):
    """All seats are taken, and the line is for members."""


class VisitsClosed(DomainError):
    """The event takes no visitors (any more)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody without an account says of themselves."""

    name: str
    email: str
    country: str
    language: str
    is_online: bool = False


def ask_to_come(*, event: Any, visit: Visit) -> None:
    """A letter to the address, to confirm it. Whoever comes already gets the same letter: nobody learns who does."""
    if not queries.is_open(event.id):
        raise VisitsClosed
    _check_window(event)
    if visit.is_online and event.mode != Mode.HYBRID:
        raise Invalid("is_online", "not-hybrid")
    said = {"name": visit.name, "country": visit.country, "language": visit.language, "is_online": visit.is_online}
    address = {"event_id": event.id, "email": visit.email}
    row = address | said | {"key": new_key(), "state": VisitorState.ASKED, "asked_at": clock.now()}
    if not insert_or_ignore(Visitor, row):
        # What a stranger types about somebody who comes already changes nothing.
        unconfirmed = (Visitor.event_id == event.id, Visitor.email == visit.email, Visitor.state != VisitorState.GOING)
        again = sa.update(Visitor).where(*unconfirmed).values(**said, asked_at=clock.now())
        db.session.execute(again.execution_options(synchronize_session=False))
    visitor = queries.find_visitor(event_id=event.id, email=visit.email)
    if visitor is not None:
        notices.write(visitor, "visitors/confirm", notices.facts_of(event))


def _check_window(event: Any) -> None:
    now = clock.now()
    if event.ends_at <= now:
        raise EventOver
    if (event.answers_from and now < event.answers_from) or (event.answers_until and now > event.answers_until):
        raise VisitsClosed


def confirm(*, visitor: Visitor, event: Event) -> None:
    """Takes the seat. Whoever confirms twice has one. Raises NoSeatLeft, VisitsClosed, EventOver."""
    if visitor.state == VisitorState.GOING:
        return
    _check_window(event)
    if not queries.is_open(event.id):
        raise VisitsClosed
    if not seats.take(event.id, 1, is_online=visitor.is_online):
        raise NoSeatLeft
    if not _turn(visitor, VisitorState.GOING, unless=VisitorState.GOING):
        seats.give_back(event.id, 1, is_online=visitor.is_online)  # confirmed twice at once


def cancel(*, visitor: Visitor, event: Event) -> None:
    """Gives the seat back, and whoever waits moves up."""
    seats.hold(event.id)
    if _turn(visitor, VisitorState.CANCELLED, only=VisitorState.GOING):
        seats.give_back(event.id, 1, is_online=visitor.is_online)
        seats.fill(event.id, is_online=visitor.is_online)
    else:
        _turn(visitor, VisitorState.CANCELLED, unless=VisitorState.GOING)


def forget_person(email: str) -> Iterator[int]:
    """Whoever owns this address is erased: the seats that they took without an account are free. Yields each event."""
    coming = sa.select(Visitor).where(Visitor.email == email, Visitor.state == VisitorState.GOING)
    for visitor in db.session.scalars(coming.order_by(Visitor.id)).all():
        event = db.session.get_one(Event, visitor.event_id)
        if event.ends_at > clock.now():
            cancel(visitor=visitor, event=event)
            yield event.id


def remove_visitor(*, actor: Viewer, event: Event, key: str) -> None:
    """An organiser takes somebody off the list: they get a letter."""
    require(events_policy.can_run(actor, event.id), "organiser")
    visitor = queries.find_visitor(key=key)
    if visitor is None or visitor.event_id != event.id:
        raise NotFound
    if visitor.state == VisitorState.GOING:
        cancel(visitor=visitor, event=event)
        notices.write(visitor, "visitors/removed", notices.facts_of(event))
        audit.record(actor, "visitor.remove", f"event:{event.slug}")


def _turn(
    visitor: Visitor, state: VisitorState, *, only: VisitorState | None = None, unless: VisitorState | None = None
) -> bool:
    """Changes how a visitor stands, if they still stand as they did. True when it was so."""
    was = Visitor.state == only if only else Visitor.state != unless
    turned = sa.update(Visitor).where(Visitor.id == visitor.id, was).values(state=state, answered_at=clock.now())
    result: Any = db.session.execute(turned.execution_options(synchronize_session=False))
    db.session.refresh(visitor)
    return bool(result.rowcount)


def tell_visitors(job: Job) -> None:
    """What those who come are told of an event or a series, visitors are told too: one letter to an address."""
    payload = job.payload
    for visitor in _visitors(queries.ids_of_going(payload["event_ids"])):
        notices.write(visitor, payload["template"], payload["facts"])


def _visitors(ids: Sequence[int]) -> list[Visitor]:
    return list(db.session.scalars(sa.select(Visitor).where(Visitor.id.in_(ids)).order_by(Visitor.id)))


def remind_visitors(now: datetime) -> Iterator[int]:
    """The letter of the evening before, by the clock of the event. Yields how many, after each few hundred."""
    while due := queries.to_remind(now):
        for visitor, event in due:
            visitor.reminded_of = event.starts_at
            notices.write(visitor, "visitors/tomorrow", notices.facts_of(event))
        db.session.flush()
        yield len(due)


def forget_visitors(now: datetime) -> int:
    """Those of events that are long over, and those who never confirmed. Returns how many."""
    is_over = sa.select(Event.id).where(Event.id == Visitor.event_id, Event.ends_at < now - KEPT).exists()
    is_idle = sa.and_(Visitor.state == VisitorState.ASKED, Visitor.asked_at < now - KEPT_UNCONFIRMED)
    due = sa.select(Visitor.id).where(sa.or_(is_over, is_idle)).limit(MOST_AT_ONCE)
    result: Any = db.session.execute(
        sa.delete(Visitor).where(Visitor.id.in_(due)).execution_options(synchronize_session=False)
    )
    return int(result.rowcount)
