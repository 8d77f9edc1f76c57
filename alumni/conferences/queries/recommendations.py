"""The declaration of a conference: its recommendations, and whom they were handed to."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.conferences import policy
from alumni.conferences.models import Handover, Recommendation
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.teams.models import Team, TeamRound

MOST = 999  # a number has three digits


def recommendations_of(viewer: Viewer, event_id: int, *, key: str = "") -> list[Any]:
    """Those that the viewer may read, by number, with the name of the topic group that wrote each."""
    select = (
        sa.select(
            *(Recommendation.id, Recommendation.key, Recommendation.number, Recommendation.text, Recommendation.state),
            *(Recommendation.answer, Recommendation.updated_at),
            *(Team.key.label("team"), Team.name.label("team_name")),
        )
        .outerjoin(Team, Team.id == Recommendation.team_id)
        .where(Recommendation.event_id == event_id, policy.readable_by(viewer))
        .order_by(Recommendation.number)
        .limit(MOST)
    )
    return list(db.session.execute(select.where(Recommendation.key == key) if key else select).all())


def handovers_of(ids: Sequence[int]) -> dict[int, list[Any]]:
    """By the ids of recommendations that the viewer may read: to whom they were handed, the first one first."""
    select = (
        sa.select(
            *(Handover.key, Handover.recommendation_id, Handover.addressee, Handover.handed_on, Handover.handed_by),
            Handover.remark,
        )
        .where(Handover.recommendation_id.in_(ids))
        .order_by(Handover.recommendation_id, Handover.handed_on, Handover.id)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(select) if ids else ():
        found.setdefault(row.recommendation_id, []).append(row)
    return found


def find_recommendation(event_id: int, key: str) -> Recommendation | None:
    where = (Recommendation.event_id == event_id, Recommendation.key == key)
    return db.session.scalar(sa.select(Recommendation).where(*where))


def next_number(event_id: int) -> int:
    last = sa.select(sa.func.max(Recommendation.number)).where(Recommendation.event_id == event_id)
    return (db.session.scalar(last) or 0) + 1


def topic_groups_of(event_id: int) -> list[Any]:
    """The teams of an event, by name: its topic groups."""
    select = sa.select(Team.id, Team.key, Team.name).join(TeamRound, TeamRound.id == Team.round_id)
    return list(db.session.execute(select.where(TeamRound.event_id == event_id).order_by(Team.name, Team.id)).all())
