"""What organisers decide about those who want to come: yes, no, out of turn; and offers that run out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.attendance import notices
from alumni.attendance.actions.answers import let_go, why_closed
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import DomainError, NotFound, require
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.actions import seats
from alumni.events.models import COMING, Attendance, AttendanceState, Event


class NotInLine(DomainError):
    """This person does not wait for a seat any more."""


class NotPending(DomainError):
    """This request was decided or taken back."""


class NotComing(DomainError):
    """This person does not come anyhow."""


def approve_attendance(*, actor: Viewer, event: Any, handle: str) -> AttendanceState:
    """Whoever asked comes, or waits where all seats are taken."""
    require(events_policy.can_run(actor, event.id), "organiser")
    held = seats.hold(event.id)
    if closed := why_closed(held, clock.now()):
        raise closed
    person, mine = _find(event.id, handle)
    if mine.state != AttendanceState.PENDING:
        raise NotPending
    if seats.take(event.id, mine.party, is_online=mine.is_online):
        state = AttendanceState.GOING
        seats.write(event.id, person, state=state)
    else:
        state = AttendanceState.WAITING
        seats.write(event.id, person, state=state, line_no=seats.join_line(event.id, is_online=mine.is_online))
    audit.record(actor, "attendance.approve", f"event:{event.slug}", member=handle)
    notices.tell_of_approval(event, person, state)
    return state


def decline_attendance(*, actor: Viewer, event: Any, handle: str, reason: str) -> None:
    """Somebody does not come: they hear why, and whoever waits moves up."""
    require(events_policy.can_run(actor, event.id), "organiser")
    seats.hold(event.id)
    person, mine = _find(event.id, handle)
    if mine.state not in COMING:
        raise NotComing
    let_go(event.id, person, mine, AttendanceState.DECLINED)
    audit.record(actor, "attendance.decline", f"event:{event.slug}", reason=reason, member=handle)
    notices.tell_of_refusal(event, person, reason)


def move_to_front(*, actor: Viewer, event: Any, handle: str, reason: str) -> None:
    """The next seat is for this person, out of turn. The log says why."""
    require(events_policy.can_run(actor, event.id), "organiser")
    seats.hold(event.id)
    person, mine = _find(event.id, handle)
    if not seats.put_in_front(event.id, person):
        raise NotInLine
    audit.record(actor, "attendance.front", f"event:{event.slug}", reason=reason, member=handle)
    seats.fill(event.id, is_online=mine.is_online)


def lapse_offers(now: datetime) -> Iterator[int]:
    """Offers that have run out go to the next in line. Commit after each event."""
    due = sa.select(Attendance.event_id).where(Attendance.offered_until <= now).distinct()
    for event_id in db.session.scalars(due).all():
        seats.hold(event_id)
        event = db.session.get_one(Event, event_id)
        late = sa.select(Attendance.account_id).where(Attendance.event_id == event_id, Attendance.offered_until <= now)
        for person in db.session.scalars(late.order_by(Attendance.answered_at, Attendance.account_id)).all():
            mine = seats.find_held(event_id, person)
            if mine is not None and mine.state == AttendanceState.OFFERED:
                let_go(event.id, person, mine, AttendanceState.NOT_GOING)
                notices.tell_of_lapse(event, person)
        yield event_id


def _find(event_id: int, handle: str) -> tuple[int, Any]:
    """Who is meant, and how they stand. The event is held."""
    person = db.session.scalar(sa.select(Account.id).where(Account.handle == handle))
    mine = seats.find_held(event_id, person) if person is not None else None
    if person is None or mine is None:
        raise NotFound
    return person, mine
