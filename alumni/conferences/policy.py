"""Who runs a conference, who chooses, and who reads what is only drafted."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import in_good_standing
from alumni.conferences.models import EventSession, Recommendation, RecommendationState, SessionChoice
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event


def can_run(viewer: Viewer, event_id: int) -> bool:
    """Write the programme, the recommendations, and name heads of delegations: whoever runs the event."""
    return events_policy.can_run(viewer, event_id)


def goes_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Event: the viewer is going."""
    is_going = there_is(
        Attendance,
        Attendance.event_id == Event.id,
        Attendance.account_id == viewer.id,
        Attendance.state == AttendanceState.GOING,
    )
    return sa.and_(in_good_standing(viewer), events_policy.visible_to(viewer), is_going)


def counts() -> sa.ColumnElement[bool]:
    """Clause on SessionChoice and EventSession beside it: whoever chose is still going."""
    return there_is(
        Attendance,
        Attendance.event_id == EventSession.event_id,
        Attendance.account_id == SessionChoice.account_id,
        Attendance.state == AttendanceState.GOING,
    )


def readable_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Recommendation: adopted ones for whoever sees the event; drafts for those who go, and who runs it."""
    sees = there_is(Event, Event.id == Recommendation.event_id, events_policy.visible_to(viewer))
    works = there_is(Event, Event.id == Recommendation.event_id, sa.or_(goes_to(viewer), events_policy.run_by(viewer)))
    return sa.and_(sees, sa.or_(Recommendation.state != RecommendationState.DRAFTED, works))


def can_go(viewer: Viewer, event_id: int) -> bool:
    """Choose sessions: whoever is going."""
    return _holds(goes_to(viewer), event_id)


def can_see_delegations(viewer: Viewer, event_id: int) -> bool:
    """Those of the group, those who are going, and who runs the event."""
    return _holds(
        sa.or_(goes_to(viewer), events_policy.inside(viewer), events_policy.run_by(viewer)),
        event_id,
    )


def _holds(clause: sa.ColumnElement[bool], event_id: int) -> bool:
    where: Any = there_is(Event, Event.id == event_id, clause)
    return bool(db.session.scalar(sa.select(sa.true()).where(where)))
