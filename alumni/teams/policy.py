"""Who opens a round, who is inside it, who reads what a team writes."""

import sqlalchemy as sa

from alumni.accounts.policy import in_good_standing
from alumni.core.db import db, there_is
from alumni.core.ready import from_now
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.teams.models import Mentor, Team, TeamMember, TeamRound


def run_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on TeamRound: organisers of its group, or who runs its event."""
    return sa.or_(
        there_is(Group, Group.id == TeamRound.group_id, groups_policy.organised_by(viewer)),
        there_is(Event, Event.id == TeamRound.event_id, events_policy.run_by(viewer)),
    )


def is_mentor(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(
        in_good_standing(viewer),
        there_is(Mentor, Mentor.round_id == TeamRound.id, Mentor.account_id == viewer.id),
    )


def takes_part(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on TeamRound: people in the group, or who are going to the event and see it."""
    is_going = there_is(
        Attendance,
        Attendance.event_id == Event.id,
        Attendance.account_id == viewer.id,
        Attendance.state == AttendanceState.GOING,
    )
    goes = there_is(
        Event, Event.id == TeamRound.event_id, events_policy.visible_to(viewer), is_going, in_good_standing(viewer)
    )
    return sa.or_(there_is(Group, Group.id == TeamRound.group_id, groups_policy.inside(viewer)), goes)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on TeamRound: those who take part, who run it, and its mentors."""
    return sa.or_(takes_part(viewer), run_by(viewer), is_mentor(viewer))


def is_member(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Team: the viewer is in it."""
    return sa.and_(
        in_good_standing(viewer),
        there_is(TeamMember, TeamMember.team_id == Team.id, TeamMember.account_id == viewer.id),
    )


def commented_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Team and TeamRound: its own people, mentors, organisers. They read it at any time."""
    return sa.or_(is_member(viewer), is_mentor(viewer), run_by(viewer))


def readable_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Team and TeamRound: also the others, once the deadline has passed, where the round opens then."""
    is_open = sa.and_(TeamRound.opens_after.is_(True), TeamRound.deadline_at <= from_now(), takes_part(viewer))
    return sa.or_(commented_by(viewer), is_open)


def can_run(viewer: Viewer, round_id: int) -> bool:
    return _holds(run_by(viewer), round_id)


def can_take_part(viewer: Viewer, round_id: int) -> bool:
    return _holds(takes_part(viewer), round_id)


def _holds(clause: sa.ColumnElement[bool], round_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.true()).where(there_is(TeamRound, TeamRound.id == round_id, clause))))
