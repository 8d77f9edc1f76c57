"""Asking those who came how it was, and saying so."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from alumni.attendance.actions import QuestionsFrozen
from alumni.core import audit, clock, jobs
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, require
from alumni.core.viewer import Viewer
from alumni.events.models import Event
from alumni.reports import notices, policy, queries
from alumni.reports.models import FeedbackAnswer, FeedbackLetter, FeedbackSheet, QuestionKind

ASK = "ask how it was"  # the kind of the job
MOST_QUESTIONS = 5
DEFAULTS = {"overall": QuestionKind.SCALE, "learnt": QuestionKind.SCALE, "better": QuestionKind.WORDS}


class FeedbackClosed(DomainError):
    """One says how it was from the end of the event until thirty days later."""


class QuestionsMissing(DomainError):
    """Nothing is asked so far."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `offered`: the code of one of ours, which stands in each reader's language."""

    kind: QuestionKind
    label: str
    offered: str = ""


def write_questions(*, actor: Viewer, event: Any, questions: Sequence[Question]) -> FeedbackSheet:
    """What those who came are asked. Raises QuestionsFrozen once somebody has answered."""
    require(policy.can_write(actor, event.id), "organiser")
    sheet = _hold_sheet(event.id)
    if queries.has_answers(event.id):
        raise QuestionsFrozen
    sheet.questions = [asdict(question) for question in questions]
    db.session.flush()
    return sheet


def _hold_sheet(event_id: int) -> FeedbackSheet:
    insert_or_ignore(FeedbackSheet, {"event_id": event_id, "questions": []})
    held = sa.select(FeedbackSheet).where(FeedbackSheet.event_id == event_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def ask_those_who_came(*, actor: Viewer, event: Any) -> None:
    """Promises a letter to each who got none so far. Raises FeedbackClosed, QuestionsMissing."""
    require(policy.can_write(actor, event.id), "organiser")
    if not policy.takes_feedback(event, clock.now()):
        raise FeedbackClosed
    sheet = _hold_sheet(event.id)
    if not sheet.questions:
        raise QuestionsMissing
    sheet.asked_at = clock.now()
    jobs.enqueue(ASK, event=event.id)
    db.session.flush()
    audit.record(actor, "feedback.ask", f"event:{event.slug}")


def ask_next(event_id: int) -> bool:
    """The next few hundred letters, once each however often it is run. False when all are written."""
    event = db.session.get(Event, event_id)
    if event is None or not policy.takes_feedback(event, clock.now()):
        return False
    ids = queries.ids_to_ask(event_id)
    for account_id in ids:
        if insert_or_ignore(FeedbackLetter, {"event_id": event_id, "account_id": account_id}):
            notices.ask_how_it_was(account_id, event)
    return bool(ids)


def answer(*, actor: Viewer, event: Any, replies: Mapping[str, Any]) -> FeedbackAnswer:
    """What the actor says of the event; said again, the later counts. Raises FeedbackClosed, QuestionsMissing."""
    require(policy.can_say_how_it_was(actor, event.id), "came")
    if not policy.takes_feedback(event, clock.now()):
        raise FeedbackClosed
    sheet = _hold_sheet(event.id)  # the questions stay as they are from the first answer on
    if not sheet.questions:
        raise QuestionsMissing
    mine = {"event_id": event.id, "account_id": actor.id}
    insert_or_ignore(FeedbackAnswer, mine | {"replies": {}})
    said = db.session.get_one(FeedbackAnswer, (event.id, actor.id), populate_existing=True)
    said.replies = {key: value for key, value in replies.items() if value}
    db.session.flush()
    return said
