"""One answer to all dates of a series, but for those to which one has said no."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from alumni.attendance.actions.answers import Reply, answer_event
from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.core.viewer import Viewer
from alumni.events.models import COMING, Answer, Attendance, AttendanceState

ASKS = "asks"  # something is asked of those who come to this date: it is answered by itself
CLOSED = "closed"  # this date takes no answer


def answer_series(*, actor: Viewer, events: Iterable[Any], answer: Answer) -> Counter[str]:
    """How many dates came to what: a state of an attendance, `ASKS` or `CLOSED`.

    `events` are rows of `events.queries.event_to_answer(actor)`, in the order of time. Whoever comes to all of them
    keeps the dates to which they have said no, and is no longer asked whether they still come.
    """
    came_to: Counter[str] = Counter()
    for event in events:
        state = event.my_state
        if answer == Answer.GOING and state in (*COMING, AttendanceState.NOT_GOING) and state not in _OPEN:
            came_to[state] += 1
            if state == AttendanceState.GOING:
                _confirm(actor.id, event.id)
        elif answer == Answer.GOING and event.asks:
            came_to[ASKS] += 1
        else:
            came_to[_answer(actor, event, answer)] += 1
    return came_to


_OPEN = (AttendanceState.MAYBE, AttendanceState.OFFERED)  # a yes makes more of it


def _answer(actor: Viewer, event: Any, answer: Answer) -> str:
    guests = tuple(filter(None, (event.my_guests or "").split("\n")))
    try:
        with db.session.begin_nested():
            reply = Reply(answer, is_online=bool(event.my_is_online), guests=guests if answer == Answer.GOING else ())
            return answer_event(actor=actor, event=event, reply=reply)
    except DomainError:
        return CLOSED


def _confirm(person: int, event_id: int) -> None:
    mine = sa.and_(Attendance.account_id == person, Attendance.event_id == event_id)
    confirmed = sa.update(Attendance).where(mine, Attendance.asked_again_at.is_not(None))
    db.session.execute(confirmed.values(asked_again_at=None).execution_options(synchronize_session=False))
