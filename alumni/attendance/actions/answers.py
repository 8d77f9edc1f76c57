"""Answering an event: a seat, a place in line, a question to the organisers, or giving it back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.attendance.actions.files import forget_files_of
from alumni.attendance.actions.questions import write_replies
from alumni.core import clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.ready import change
from alumni.core.viewer import Viewer
from alumni.events.actions import EventCancelled, EventNotPublished, EventOver, seats
from alumni.events.models import (
    COMING,
    HOLDS_SEATS,
    Answer,
    Attendance,
    AttendanceState,
    Event,
    EventState,
    Mode,
)

_attendances: Any = Attendance.__table__
_FREE = (AttendanceState.MAYBE, AttendanceState.NOT_GOING)  # hold nothing
# Of what thousands send in the same minute. It changes only what holds nothing, whatever happened since it was read.
_TURN = (
    sa.update(_attendances)
    .where(
        _attendances.c.account_id == sa.bindparam("person"),
        _attendances.c.event_id == sa.bindparam("event"),
        _attendances.c.state.in_(_FREE),
    )
    .values(
        state=sa.bindparam("new"),
        is_online=sa.bindparam("online"),
        party=sa.bindparam("size"),
        guests=sa.bindparam("names"),
        answered_at=sa.bindparam("now"),
    )
)


class AnswersNotOpen(DomainError):
    """One can answer from a later moment on."""


class AnswersClosed(DomainError):
    """The last moment to say that one comes has passed."""


class AttendanceDeclined(DomainError):
    """The organisers said no."""


class LineClosed(DomainError):
    """All seats are taken, and it has begun: nobody waits any more."""


class NoRoomToChange(DomainError):
    """There are not so many seats in that part. What one held is kept."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody says: whether they come, where to, and whom they bring."""

    answer: Answer
    is_online: bool = False
    guests: tuple[str, ...] = ()
    said: Mapping[str, str] | None = None  # to the questions, by their keys; None where the offer is only taken

    @property
    def party(self) -> int:
        return 1 + len(self.guests)

    def columns(self) -> dict[str, Any]:
        comes = self.answer == Answer.GOING
        return {
            "is_online": self.is_online and comes,
            "party": self.party if comes else 1,
            "guests": "\n".join(self.guests) if comes else "",
        }


def answer_event(*, actor: Viewer, event: Any, reply: Reply) -> AttendanceState:
    """What came of the answer. `event` is a row of `events.queries.event_to_answer(actor)`.

    Never more people than seats, and everyone hears something definite: a seat, or a place in line.
    """
    # The rules were read together with the row. What one holds can always be given back.
    gives_back = event.my_state in COMING and reply.answer == Answer.NOT_GOING
    if not event.is_visible and not gives_back:
        raise NotFound
    require(event.may_answer or gives_back, "invited" if event.is_by_invitation else "member")
    _check(event, reply)
    if _stands_already(event, reply):
        if reply.answer == Answer.GOING and event.asks and reply.said is not None:
            write_replies(person=actor.id, event_id=event.id, replies=reply.said)
        return AttendanceState(event.my_state)
    state = _answer(actor, event, reply)
    if event.asks and (reply.said is not None or reply.answer != Answer.GOING):
        said = reply.said or {} if reply.answer == Answer.GOING else {}
        write_replies(person=actor.id, event_id=event.id, replies=said)
        if reply.answer == Answer.NOT_GOING:
            forget_files_of(event.id, actor.id)
    return state


def _answer(actor: Viewer, event: Any, reply: Reply) -> AttendanceState:
    if reply.answer != Answer.GOING:
        return _come_not(actor.id, event, reply)
    if event.my_state == AttendanceState.DECLINED:
        raise AttendanceDeclined
    if event.needs_approval and event.my_state not in (*HOLDS_SEATS, AttendanceState.WAITING):
        return _ask(actor.id, event, reply)
    if event.my_state in (None, *_FREE):
        return _come(actor.id, event, reply)
    return _change(actor.id, event, reply)


def _check(event: Any, reply: Reply) -> None:
    """Raises why an event takes no such answer, as far as was read."""
    now = clock.now()
    if closed := why_closed(event, now):
        raise closed
    if reply.answer == Answer.NOT_GOING:
        return
    if event.answers_from and now < event.answers_from:
        raise AnswersNotOpen
    # Whoever was offered a seat in time may take it.
    if event.answers_until and now > event.answers_until and event.my_state != AttendanceState.OFFERED:
        raise AnswersClosed
    if reply.is_online and event.mode != Mode.HYBRID:
        raise Invalid("is_online", "not-hybrid")
    if len(reply.guests) > event.most_guests:
        raise Invalid("guests", "too-many-guests", most=event.most_guests)


def why_closed(event: Any, now: datetime) -> DomainError | None:
    """Why nobody can answer an event."""
    if event.hidden_at:
        return NotFound()
    if event.state == EventState.CANCELLED:
        return EventCancelled()
    if event.ends_at <= now:
        return EventOver()
    return EventNotPublished() if event.state == EventState.PROPOSED else None


def _stands_already(event: Any, reply: Reply) -> bool:
    if reply.answer != Answer.GOING:
        return bool(event.my_state == reply.answer)
    same = (event.my_is_online, event.my_guests) == (reply.is_online, "\n".join(reply.guests))
    return same and event.my_state in (AttendanceState.GOING, AttendanceState.WAITING, AttendanceState.PENDING)


def _come(person: int, event: Any, reply: Reply) -> AttendanceState:
    """Whoever held nothing takes seats, or a place in line."""
    if not seats.take(event.id, reply.party, is_online=reply.is_online):
        return _stand_in_line(person, event, reply)
    now, columns = clock.now(), reply.columns()
    if event.my_state is None and _is_first(person, event.id, AttendanceState.GOING, columns):
        return AttendanceState.GOING
    values = {"online": columns["is_online"], "size": columns["party"], "names": columns["guests"]}
    if not change(_TURN, person=person, event=event.id, new=AttendanceState.GOING, now=now, **values):
        # Sent twice at once: the other has taken seats already.
        seats.give_back(event.id, reply.party, is_online=reply.is_online)
    return AttendanceState.GOING


def _is_first(person: int, event_id: int, state: AttendanceState, columns: dict[str, Any]) -> bool:
    """Writes a first answer. False if there is one."""
    row = {"account_id": person, "event_id": event_id, "state": state, "answered_at": clock.now()}
    return insert_or_ignore(Attendance, row | columns)


def _stand_in_line(person: int, event: Any, reply: Reply) -> AttendanceState:
    """No seat was free a moment ago. Whoever joins the line gets what has become free since."""
    held = seats.hold(event.id)
    now = clock.now()
    if closed := why_closed(held, now):
        raise closed
    if held.starts_at <= now:
        raise LineClosed
    mine = seats.find_held(event.id, person)
    if mine is not None and mine.state in COMING and mine.state not in _FREE:
        return AttendanceState(mine.state)  # sent twice at once
    _join(person, event.id, reply, is_new=mine is None)
    return _fill_for(person, event.id, is_online=reply.is_online)


def _join(person: int, event_id: int, reply: Reply, *, is_new: bool) -> None:
    values = {
        "state": AttendanceState.WAITING,
        "line_no": seats.join_line(event_id, is_online=reply.is_online),
        "answered_at": clock.now(),
        **reply.columns(),
    }
    if is_new:
        insert_or_ignore(Attendance, {"account_id": person, "event_id": event_id, **values})
    else:
        seats.write(event_id, person, **values)


def _fill_for(person: int, event_id: int, *, is_online: bool) -> AttendanceState:
    """Free seats go to the line. What came of it for whoever is here."""
    seats.fill(event_id, is_online=is_online, here=person)
    mine = seats.find_held(event_id, person)
    return AttendanceState(mine.state) if mine else AttendanceState.NOT_GOING


def _come_not(person: int, event: Any, reply: Reply) -> AttendanceState:
    """No, or perhaps: what was held goes to who waits."""
    state = AttendanceState(reply.answer)
    if event.my_state == AttendanceState.DECLINED:
        raise AttendanceDeclined
    if event.my_state is None and _is_first(person, event.id, state, reply.columns()):
        return state
    seats.hold(event.id)
    mine = seats.find_held(event.id, person)
    if mine is not None and mine.state != AttendanceState.DECLINED:
        let_go(event.id, person, mine, state)
    return state


def let_go(event_id: int, person: int, mine: Any, state: AttendanceState) -> None:
    """Somebody holds nothing any more, and whoever waits moves up. The event is held."""
    seats.release(event_id, mine)
    nothing = {"is_online": False, "party": 1, "guests": "", "line_no": None, "offered_until": None}
    seats.write(event_id, person, state=state, answered_at=clock.now(), **nothing)
    seats.fill(event_id, is_online=mine.is_online)


def _ask(person: int, event: Any, reply: Reply) -> AttendanceState:
    """The organisers decide who comes."""
    columns = reply.columns()
    if event.my_state is None and _is_first(person, event.id, AttendanceState.PENDING, columns):
        return AttendanceState.PENDING
    seats.hold(event.id)
    mine = seats.find_held(event.id, person)
    if mine is not None and mine.state in (*_FREE, AttendanceState.PENDING):
        seats.write(event.id, person, state=AttendanceState.PENDING, answered_at=clock.now(), **columns)
    return AttendanceState.PENDING


def _change(person: int, event: Any, reply: Reply) -> AttendanceState:
    """Another part, other guests, or yes to an offer: what is held is kept until the other is there."""
    seats.hold(event.id)
    mine = seats.find_held(event.id, person)
    if mine is None or mine.state not in (*HOLDS_SEATS, AttendanceState.WAITING):
        raise NoRoomToChange  # the offer has run out meanwhile
    if mine.state == AttendanceState.WAITING:
        return _change_in_line(person, event, reply, mine)
    if mine.is_online != reply.is_online:
        if not seats.take(event.id, reply.party, is_online=reply.is_online):
            raise NoRoomToChange
        seats.give_back(event.id, mine.party, is_online=mine.is_online)
    elif more := max(reply.party - mine.party, 0):
        if not seats.take(event.id, more, is_online=reply.is_online):
            raise NoRoomToChange
    elif fewer := mine.party - reply.party:
        seats.give_back(event.id, fewer, is_online=mine.is_online)
    held = {"state": AttendanceState.GOING, "offered_until": None, **reply.columns()}
    seats.write(event.id, person, answered_at=clock.now(), **held)
    seats.fill(event.id, is_online=mine.is_online)
    return AttendanceState.GOING


def _change_in_line(person: int, event: Any, reply: Reply, mine: Any) -> AttendanceState:
    """The other line is joined at its end; with other guests one keeps one's place."""
    if mine.is_online == reply.is_online:
        seats.write(event.id, person, **reply.columns())
    else:
        seats.release(event.id, mine)
        _join(person, event.id, reply, is_new=False)
        seats.fill(event.id, is_online=mine.is_online)
    return _fill_for(person, event.id, is_online=reply.is_online)


def forget_person(account_id: int) -> Iterator[int]:
    """Somebody is erased: what they hold of events to come goes to who waits. Yields each event."""
    held = (
        sa.select(Attendance.event_id)
        .join(Event, Event.id == Attendance.event_id)
        .where(Attendance.account_id == account_id, Attendance.state.in_(COMING), Event.ends_at > clock.now())
    )
    for event_id in db.session.scalars(held.order_by(Attendance.event_id)).all():
        seats.hold(event_id)
        mine = seats.find_held(event_id, account_id)
        if mine is not None:
            let_go(event_id, account_id, mine, AttendanceState.NOT_GOING)
        yield event_id
