"""Asking those who come, keeping what they say, and forgetting it in time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.attendance import queries
from alumni.attendance.actions.files import forget_files_of
from alumni.attendance.models import EventQuestion, EventReply, QuestionKind
from alumni.core import audit
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.actions import seats
from alumni.events.models import Event

MOST_QUESTIONS = 30
LONGEST_KEPT = timedelta(days=366)
WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.SEVERAL)


class QuestionsFrozen(DomainError):
    """Somebody has replied already."""


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What an organiser wants to know. `only_if`: the key of an earlier question, and what was said to it."""

    kind: QuestionKind
    label: str
    choices: tuple[str, ...]
    is_required: bool
    only_if: str = ""
    only_if_value: str = ""


def add_question(*, actor: Viewer, event: Event, draft: QuestionDraft) -> EventQuestion:
    """Asks one thing more. Raises QuestionsFrozen, Invalid("label" | "choices" | "only_if")."""
    questions = _hold_questions(actor, event)
    if len(questions) >= MOST_QUESTIONS:
        raise Invalid("label", "too-many-questions", most=MOST_QUESTIONS)
    if draft.kind in WITH_CHOICES and len(draft.choices) < 2:
        raise Invalid("choices", "two-choices")
    earlier = next((each for each in questions if each.key == draft.only_if), None)
    if draft.only_if and (earlier is None or draft.only_if_value not in earlier.choices.split("\n")):
        raise Invalid("only_if", "unknown")
    question = EventQuestion(
        event_id=event.id,
        position=1 + max((each.position for each in questions), default=0),
        kind=draft.kind,
        label=draft.label,
        choices="\n".join(draft.choices) if draft.kind in WITH_CHOICES else "",
        is_required=draft.is_required,
        only_if_id=earlier.id if earlier else None,
        only_if_value=draft.only_if_value if earlier else "",
    )
    db.session.add(question)
    event.asks = True
    db.session.flush()
    return question


def remove_question(*, actor: Viewer, event: Event, key: str) -> None:
    """Asks it no longer, nor what hangs on it. Raises QuestionsFrozen, NotFound."""
    questions = _hold_questions(actor, event)
    question = next((each for each in questions if each.key == key), None)
    if question is None:
        raise NotFound
    gone = [question, *(each for each in questions if each.only_if_id == question.id)]
    for each in reversed(gone):
        db.session.delete(each)
        db.session.flush()
    event.asks = len(questions) > len(gone)
    db.session.flush()


def keep_replies_until(*, actor: Viewer, event: Event, day: date, today: date) -> None:
    """After this day what people said is forgotten. Raises Invalid("replies_until")."""
    require(events_policy.can_run(actor, event.id), "organiser")
    if not today <= day <= event.ends_at.date() + LONGEST_KEPT:
        raise Invalid("replies_until", "kept-too-long")
    event.replies_until = day.isoformat()
    if event.posted_by_id != actor.id:
        audit.record(actor, "event.replies-until", f"event:{event.slug}", day=event.replies_until)
    db.session.flush()


def write_replies(*, person: int, event_id: int, replies: Mapping[str, str]) -> None:
    """What somebody says, by the keys of the questions, in place of what they said before."""
    questions = db.session.scalars(queries.questions_of(event_id)).all()
    old = sa.delete(EventReply).where(
        EventReply.account_id == person, EventReply.question_id.in_([each.id for each in questions])
    )
    db.session.execute(old.execution_options(synchronize_session=False))
    said: list[dict[str, Any]] = [
        {"question_id": each.id, "account_id": person, "value": replies[each.key]}
        for each in questions
        if replies.get(each.key) and each.kind != QuestionKind.FILE
    ]
    if said:
        db.session.execute(sa.insert(EventReply), said)


def forget_replies(now: datetime) -> Iterator[int]:
    """What was to be kept until yesterday. Commit after each event."""
    today = now.date().isoformat()
    due = sa.select(Event.id).where(Event.replies_until.is_not(None), Event.replies_until < today)
    for event_id in db.session.scalars(due).all():
        theirs = sa.select(EventQuestion.id).where(EventQuestion.event_id == event_id)
        forgotten = sa.delete(EventReply).where(EventReply.question_id.in_(theirs))
        db.session.execute(forgotten.execution_options(synchronize_session=False))
        forget_files_of(event_id)
        done = sa.update(Event).where(Event.id == event_id).values(replies_until=None)
        db.session.execute(done.execution_options(synchronize_session=False))
        yield event_id


def _hold_questions(actor: Viewer, event: Event) -> list[EventQuestion]:
    require(events_policy.can_run(actor, event.id), "organiser")
    seats.hold(event.id)
    if db.session.scalar(queries.any_reply(event.id)):
        raise QuestionsFrozen
    return list(db.session.scalars(queries.questions_of(event.id)))
