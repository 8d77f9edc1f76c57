"""Seats and the line for them. The database counts, so there are never more people than seats.

Each change of an attendance holds the row of its event first, by taking a seat, by giving one back, or by `hold`. So
two changes of one event never wait for each other crosswise, and what was read while holding it stays true.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db
from alumni.core.ready import Ready, change, from_now
from alumni.events import notices
from alumni.events.models import HOLDS_SEATS, Attendance, AttendanceState, Event, EventState

# An offer runs out sooner the nearer the event is, and never after it has begun.
OFFER_LASTS = (
    (timedelta(days=14), timedelta(hours=48)),
    (timedelta(days=3), timedelta(hours=24)),
    (timedelta(days=1), timedelta(hours=6)),
    (timedelta(hours=6), timedelta(hours=2)),
)
SHORTEST_OFFER = timedelta(minutes=30)

# What thousands send in the same minute is built once.
_events: Any = Event.__table__
_attendances: Any = Attendance.__table__
_this = _events.c.id == sa.bindparam("event")
_party: Any = sa.bindparam("party", type_=sa.Integer)
_mine = (_attendances.c.event_id == sa.bindparam("event"), _attendances.c.account_id == sa.bindparam("person"))
_HOLD = (
    sa.select(Event.id, Event.state, Event.starts_at, Event.ends_at, Event.hidden_at, Event.line)
    .where(_this)
    .with_for_update(key_share=True)
)
_FIND_HELD = sa.select(
    *(Attendance.state, Attendance.is_online, Attendance.party, Attendance.guests, Attendance.line_no)
).where(*_mine)
_OF_LINE = (
    *(Event.state, Event.starts_at, Event.hidden_at, Event.gives_at_once, Event.lets_small_ahead),
    *(Event.title, Event.slug, Event.zone, Event.place),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns that count one part of an event: the room, or those online at a hybrid event."""

    capacity: Any
    taken: Any
    waiting: Any

    def fits(self) -> sa.ColumnElement[bool]:
        return sa.or_(self.capacity.is_(None), self.taken + _party <= self.capacity)


_PARTS = {
    False: _Part(_events.c.capacity, _events.c.seats_taken, _events.c.waiting),
    True: _Part(_events.c.online_capacity, _events.c.online_taken, _events.c.online_waiting),
}
_TAKE = {
    online: sa.update(_events)
    .where(
        _this,
        _events.c.state == EventState.PUBLISHED,
        _events.c.ends_at > from_now(),
        _events.c.hidden_at.is_(None),
        part.fits(),
        # Nobody overtakes the line. Where small parties go ahead, all that wait are too large for what is free.
        sa.or_(part.waiting == 0, _events.c.lets_small_ahead),
    )
    .values({part.taken: part.taken + _party})
    for online, part in _PARTS.items()
}
_GIVE_BACK = {
    online: sa.update(_events).where(_this, part.taken >= _party).values({part.taken: part.taken - _party})
    for online, part in _PARTS.items()
}
_JOIN_LINE = {
    online: sa.update(_events).where(_this).values({part.waiting: part.waiting + 1, _events.c.line: _events.c.line + 1})
    for online, part in _PARTS.items()
}
_LEAVE_LINE = {
    online: sa.update(_events).where(_this, part.waiting > 0).values({part.waiting: part.waiting - 1})
    for online, part in _PARTS.items()
}
_LINE_OF = {
    online: sa.select(
        part.capacity.label("capacity"), part.taken.label("taken"), part.waiting.label("waiting"), *_OF_LINE
    ).where(_this)
    for online, part in _PARTS.items()
}
_PASS = {
    online: sa.update(_events)
    .where(_this, part.waiting > 0, part.fits())
    .values({part.taken: part.taken + _party, part.waiting: part.waiting - 1})
    for online, part in _PARTS.items()
}


def take(event_id: int, party: int, *, is_online: bool) -> bool:
    """Takes seats for a party if there are so many and nobody is overtaken. Holds the event."""
    return bool(change(_TAKE[is_online], event=event_id, party=party))


def hold(event_id: int) -> Any:
    """The event as it stands, held until the end of the transaction."""
    return _one(_HOLD, event=event_id)


def find_held(event_id: int, account_id: int) -> Any | None:
    """How somebody stands to an event that is held."""
    return Ready(_FIND_HELD, {"event": event_id, "person": account_id}).first()


def _one(select: Any, **values: Any) -> Any:
    """The row that is there. What the session has changed is written first, for this asks past it."""
    db.session.flush()
    row = Ready(select, values).first()
    if row is None:
        raise LookupError("an event that was there is gone")
    return row


def release(event_id: int, mine: Any) -> None:
    """Gives back what somebody holds: seats, or the place in line. The event is held."""
    if mine.state in (AttendanceState.GOING, AttendanceState.OFFERED):
        give_back(event_id, mine.party, is_online=mine.is_online)
    elif mine.state == AttendanceState.WAITING:
        change(_LEAVE_LINE[mine.is_online], event=event_id)


def give_back(event_id: int, party: int, *, is_online: bool) -> None:
    change(_GIVE_BACK[is_online], event=event_id, party=party)


def join_line(event_id: int, *, is_online: bool) -> int:
    """The number of whoever joins the line now. Holds the event."""
    change(_JOIN_LINE[is_online], event=event_id)
    return db.session.execute(sa.select(Event.line).where(Event.id == event_id)).scalar_one()


def fill(event_id: int, *, is_online: bool, here: int = 0) -> None:
    """Seats that are free go to those in line, first come first served, and they are told. The event is held.

    Whoever is `here` is answering at this moment: they need no offer and no letter, the seat is theirs.
    """
    event = _one(_LINE_OF[is_online], event=event_id)
    now, taken, waiting = clock.now(), event.taken, event.waiting
    if not waiting or event.state != EventState.PUBLISHED or event.starts_at <= now or event.hidden_at:
        return
    while waiting and (event.capacity is None or taken < event.capacity):
        line = _line(event_id, is_online)
        if event.capacity is not None and event.lets_small_ahead:
            line = line.where(Attendance.party <= event.capacity - taken)
        first = db.session.execute(line.limit(1)).one_or_none()
        if first is None or not change(_PASS[is_online], event=event_id, party=first.party):
            return
        taken, waiting = taken + first.party, waiting - 1
        until = None if event.gives_at_once or first.account_id == here else _end_of_offer(event.starts_at, now)
        state = AttendanceState.OFFERED if until else AttendanceState.GOING
        write(event_id, first.account_id, state=state, offered_until=until, line_no=None)
        if first.account_id != here:
            notices.tell_of_seat(event, first.account_id, until=until)


def _line(event_id: int, is_online: bool) -> sa.Select[Any]:
    return (
        sa.select(Attendance.account_id, Attendance.party)
        .where(
            Attendance.event_id == event_id,
            Attendance.is_online.is_(is_online),
            Attendance.line_no.is_not(None),
        )
        .order_by(Attendance.line_no)
    )


def _end_of_offer(starts_at: datetime, now: datetime) -> datetime:
    left = starts_at - now
    lasts = next((lasts for more_than, lasts in OFFER_LASTS if left > more_than), SHORTEST_OFFER)
    return min(now + lasts, starts_at)


def write(event_id: int, account_id: int, **values: Any) -> None:
    """Changes how somebody stands. The event is held."""
    named = {f"new_{name}": value for name, value in values.items()}
    change(_writing(tuple(values)), event=event_id, person=account_id, **named)


@cache
def _writing(names: tuple[str, ...]) -> sa.Update:
    columns = {name: _attendances.c[name] for name in names}
    given = {name: sa.bindparam(f"new_{name}", type_=column.type) for name, column in columns.items()}
    return sa.update(_attendances).where(*_mine).values(given)


def put_in_front(event_id: int, account_id: int) -> bool:
    """The next seat is for somebody in line. The event is held. False where they stand in no line."""
    mine = find_held(event_id, account_id)
    if mine is None or mine.state != AttendanceState.WAITING:
        return False
    write(event_id, account_id, line_no=_before_all(event_id))
    return True


def back_to_line(event_id: int, account_id: int) -> bool:
    """Whoever held seats is the first in line. The event is held. False where they hold none."""
    mine = find_held(event_id, account_id)
    if mine is None or mine.state not in HOLDS_SEATS:
        return False
    give_back(event_id, mine.party, is_online=mine.is_online)
    join_line(event_id, is_online=mine.is_online)
    waits = {"state": AttendanceState.WAITING, "offered_until": None, "line_no": _before_all(event_id)}
    write(event_id, account_id, **waits)
    return True


def _before_all(event_id: int) -> int:
    """A number before all that stand in line; the first was 1, so those who are put in front count down from 0."""
    first = db.session.scalar(sa.select(sa.func.min(Attendance.line_no)).where(Attendance.event_id == event_id))
    return 0 if first is None else min(first, 1) - 1
