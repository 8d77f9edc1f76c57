"""What those who came are asked and what they say, without who said it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.arrivals.models import Arrival
from alumni.core.db import db, there_is
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event
from alumni.reports import policy
from alumni.reports.models import FeedbackAnswer, FeedbackLetter, FeedbackSheet, QuestionKind

MOST_AT_ONCE = 200  # letters in one transaction


@dataclass(frozen=True, slots=True)
class Result:
    """What was said to one question: how often one to five and the average, or texts."""

    kind: str
    label: str
    offered: str
    answers: int
    average: float | None = None
    spread: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()


def find_sheet(event_id: int) -> FeedbackSheet | None:
    return db.session.get(FeedbackSheet, event_id)


def find_questions(event_id: int) -> list[dict[str, str]]:
    """Key, kind, label and the code of one that was offered."""
    sheet = find_sheet(event_id)
    return [{"key": f"q{number}"} | each for number, each in enumerate(sheet.questions, 1)] if sheet else []


def find_answer(viewer: Viewer, event_id: int) -> FeedbackAnswer | None:
    """The viewer's own."""
    return db.session.get(FeedbackAnswer, (event_id, viewer.id))


def has_answers(event_id: int) -> bool:
    return bool(db.session.scalar(sa.select(there_is(FeedbackAnswer, FeedbackAnswer.event_id == event_id))))


def results_of(event_id: int) -> tuple[int, list[Result]]:
    """How many have answered and, from three upward, what they say, each question by itself.

    Texts stand in the order of their letters, which tells nothing of when they were written.
    """
    said = db.session.scalars(sa.select(FeedbackAnswer.replies).where(FeedbackAnswer.event_id == event_id)).all()
    if len(said) < policy.LEAST_ANSWERS:
        return len(said), []
    return len(said), [_result(question, said) for question in find_questions(event_id)]


def _result(question: dict[str, str], said: Sequence[dict[str, Any]]) -> Result:
    given = [reply[question["key"]] for reply in said if reply.get(question["key"])]
    facts = (question["kind"], question["label"], question["offered"], len(given))
    if len(given) < policy.LEAST_ANSWERS:
        return Result(*facts)
    if question["kind"] == QuestionKind.WORDS:
        return Result(*facts, texts=tuple(sorted(given, key=lambda text: (fold(text), text))))
    spread = tuple(given.count(step) for step in range(1, 6))
    return Result(*facts, average=round(sum(given) / len(given), 1), spread=spread)


def ids_who_came(event_id: int) -> sa.CompoundSelect[Any]:
    """Accounts noted at the door; where nobody was noted, those who said that they were going."""
    noted = sa.select(Arrival.account_id).where(Arrival.event_id == event_id, Arrival.account_id.is_not(None))
    going = sa.select(Attendance.account_id).where(
        Attendance.event_id == event_id,
        Attendance.state == AttendanceState.GOING,
        sa.not_(there_is(Arrival, Arrival.event_id == event_id)),
    )
    return noted.union_all(going)


def ids_to_ask(event_id: int) -> list[int]:
    """Some of those who came, read letters, still see the event, and got no letter about it so far."""
    got_one = there_is(FeedbackLetter, FeedbackLetter.event_id == event_id, FeedbackLetter.account_id == Account.id)
    select = sa.select(Account.id).where(
        Account.id.in_(ids_who_came(event_id)),
        Account.state == AccountState.ACTIVE,
        there_is(Event, Event.id == event_id, events_policy.visible_to(Account)),
        sa.not_(got_one),
    )
    return list(db.session.scalars(select.order_by(Account.id).limit(MOST_AT_ONCE)))
