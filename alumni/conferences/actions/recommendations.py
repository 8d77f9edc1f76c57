"""Recommendations: drafted, adopted, handed over, answered."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.conferences import policy, queries
from alumni.conferences.models import Handover, Recommendation, RecommendationState
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.viewer import Viewer

MOST_HANDOVERS = 50  # of one recommendation
ON_ITS_WAY = (RecommendationState.ADOPTED, RecommendationState.HANDED_OVER, RecommendationState.ANSWERED)


class RecommendationMoved(DomainError):
    """It stands differently by now: what was asked is no step from there."""


@dataclass(frozen=True, slots=True)
class RecommendationDraft:
    text: str
    number: int | None = None  # None: the next one
    team: str = ""  # the key of the topic group that wrote it


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    addressee: str
    handed_on: str
    handed_by: str = ""
    remark: str = ""


def add_recommendation(*, actor: Viewer, event: Any, draft: RecommendationDraft, key: str) -> Recommendation:
    """A draft. The same key makes one. Raises Invalid("number") where the number is given already."""
    require(policy.can_run(actor, event.id))
    made = queries.find_recommendation(event.id, key)
    if made is not None:
        return made
    now = clock.now()
    values = _values(event, draft) | {"key": key, "event_id": event.id, "made_at": now, "updated_at": now}
    facts = {"state": RecommendationState.DRAFTED, "answer": ""}
    if not insert_or_ignore(Recommendation, values | facts):
        raise Invalid("number", "number-taken")
    made = queries.find_recommendation(event.id, key)
    if made is None:
        raise NotFound
    audit.record(actor, "recommendation.add", f"event:{event.slug}", recommendation=key)
    return made


def change_recommendation(
    *, actor: Viewer, event: Any, recommendation: Recommendation, draft: RecommendationDraft
) -> None:
    """Only a draft is changed: what was adopted stays as it is. Raises RecommendationMoved, Invalid("number")."""
    require(policy.can_run(actor, event.id))
    values = _values(event, draft)
    try:
        with db.session.begin_nested():
            _move(recommendation, (RecommendationState.DRAFTED,), **values)
    except sa.exc.IntegrityError as error:
        raise Invalid("number", "number-taken") from error
    audit.record(actor, "recommendation.change", f"event:{event.slug}", recommendation=recommendation.key)


def remove_recommendation(*, actor: Viewer, event: Any, recommendation: Recommendation) -> None:
    """Only a draft goes. Raises RecommendationMoved."""
    require(policy.can_run(actor, event.id))
    is_draft = (Recommendation.id == recommendation.id, Recommendation.state == RecommendationState.DRAFTED)
    gone: Any = db.session.execute(
        sa.delete(Recommendation).where(*is_draft).execution_options(synchronize_session=False)
    )
    if not gone.rowcount:
        raise RecommendationMoved
    audit.record(actor, "recommendation.remove", f"event:{event.slug}", recommendation=recommendation.key)


def adopt(*, actor: Viewer, event: Any, recommendation: Recommendation) -> None:
    """The conference has adopted it. Raises RecommendationMoved."""
    require(policy.can_run(actor, event.id))
    _move(recommendation, (RecommendationState.DRAFTED,), state=RecommendationState.ADOPTED)
    audit.record(actor, "recommendation.adopt", f"event:{event.slug}", recommendation=recommendation.key)


def reopen(*, actor: Viewer, event: Any, recommendation: Recommendation) -> None:
    """It was adopted by mistake, and nobody has it yet: a draft again. Raises RecommendationMoved."""
    require(policy.can_run(actor, event.id))
    _move(recommendation, (RecommendationState.ADOPTED,), state=RecommendationState.DRAFTED)
    audit.record(actor, "recommendation.reopen", f"event:{event.slug}", recommendation=recommendation.key)


def hand_over(*, actor: Viewer, event: Any, recommendation: Recommendation, draft: HandoverDraft, key: str) -> None:
    """It was handed to somebody. The same key notes it once. Raises RecommendationMoved while it is a draft."""
    require(policy.can_run(actor, event.id))
    is_answered = RecommendationState(recommendation.state) == RecommendationState.ANSWERED
    state = RecommendationState.ANSWERED if is_answered else RecommendationState.HANDED_OVER
    _move(recommendation, (RecommendationState.ANSWERED,) if is_answered else ON_ITS_WAY[:2], state=state)
    count = sa.select(sa.func.count()).select_from(Handover).where(Handover.recommendation_id == recommendation.id)
    if (db.session.scalar(count) or 0) >= MOST_HANDOVERS:
        raise Invalid("addressee", "handovers-many", most=MOST_HANDOVERS)
    facts = {"addressee": draft.addressee, "handed_on": draft.handed_on, "handed_by": draft.handed_by}
    facts |= {"remark": draft.remark, "key": key}
    if insert_or_ignore(Handover, facts | {"recommendation_id": recommendation.id}):
        audit.record(actor, "recommendation.hand-over", f"event:{event.slug}", recommendation=recommendation.key)


def take_back_handover(*, actor: Viewer, event: Any, recommendation: Recommendation, key: str) -> None:
    """It was noted by mistake. Where nobody else has it, it is adopted and no more. Raises RecommendationMoved."""
    require(policy.can_run(actor, event.id))
    _move(recommendation, (RecommendationState.HANDED_OVER,))
    mine = (Handover.recommendation_id == recommendation.id, Handover.key == key)
    gone: Any = db.session.execute(sa.delete(Handover).where(*mine).execution_options(synchronize_session=False))
    if not gone.rowcount:
        raise NotFound
    rest = sa.select(Handover.id).where(Handover.recommendation_id == recommendation.id).limit(1)
    if db.session.scalar(rest) is None:
        _move(recommendation, (RecommendationState.HANDED_OVER,), state=RecommendationState.ADOPTED)
    audit.record(actor, "recommendation.take-back", f"event:{event.slug}", recommendation=recommendation.key)


def answer(*, actor: Viewer, event: Any, recommendation: Recommendation, text: str) -> None:
    """What came back; it can be corrected. Raises RecommendationMoved before it was handed over."""
    require(policy.can_run(actor, event.id))
    _move(recommendation, ON_ITS_WAY[1:], state=RecommendationState.ANSWERED, answer=text)
    audit.record(actor, "recommendation.answer", f"event:{event.slug}", recommendation=recommendation.key)


def _values(event: Any, draft: RecommendationDraft) -> dict[str, Any]:
    teams = {row.key: row.id for row in queries.topic_groups_of(event.id)}
    if draft.team and draft.team not in teams:
        raise Invalid("team", "unknown")
    number = draft.number or queries.next_number(event.id)
    return {"number": number, "text": draft.text, "team_id": teams.get(draft.team)}


def _move(recommendation: Recommendation, states: tuple[RecommendationState, ...], **values: Any) -> None:
    """Changes it if it still stands as it must; the row is held from here on."""
    stands = (Recommendation.id == recommendation.id, Recommendation.state.in_(states))
    moved = sa.update(Recommendation).where(*stands).values(updated_at=clock.now(), **values)
    result: Any = db.session.execute(moved.execution_options(synchronize_session=False))
    if not result.rowcount:
        raise RecommendationMoved
    db.session.refresh(recommendation)
