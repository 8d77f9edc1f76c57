"""A case that nobody looks at climbs: from organisers to moderators, then to admins."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.members import actions as members_actions
from alumni.members.models import Member
from alumni.moderation import notices, policy, queries
from alumni.moderation.actions.deciding import ReportDecided, ReportTaken
from alumni.moderation.actions.reporting import hold_case
from alumni.moderation.models import DEADLINE, Report, ReportState, Rung

ABOVE = {Rung.ORGANISERS: Rung.MODERATORS, Rung.MODERATORS: Rung.ADMINS}


def climb_due(now: datetime) -> Iterator[int]:
    """Moves up what waited too long and writes to those whose turn it is. Yields after each, so the caller commits."""
    for report in db.session.scalars(queries.cases_due(now)).all():
        rung = ABOVE[report.rung]
        stands = sa.and_(Report.id == report.id, Report.state == ReportState.OPEN, Report.rung == report.rung)
        move = sa.update(Report).where(stands).values(rung=rung, due_at=now + DEADLINE)
        if db.session.execute(move.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
            audit.record(INSTALLATION, "report.climb", f"report:{report.key}", to=rung.value)
            notices.tell_whose_turn_it_is(report, queries.ids_on(rung, report))
            yield report.id


def hold_for_now(*, actor: Viewer, report: Report, reason: str) -> None:
    """An organiser hides it until a moderator looks, and that is all that an organiser decides."""
    group_id = queries.group_of(queries.find_hideable(report))
    require(policy.can_hold(actor, report, group_id))
    if report.state != ReportState.OPEN:
        raise ReportDecided if report.state == ReportState.DECIDED else ReportTaken
    hold_case(actor, report, reason=reason)


def hide_person(*, actor: Viewer, person: Member, reason: str) -> None:
    """Somebody is in danger: out of every list but those of their groups, at once. Nobody is told."""
    require(policy.can_moderate(actor), "moderator")
    members_actions.hide_member(actor=actor, account_id=person.account_id, reason=reason)


def show_person(*, actor: Viewer, person: Member, reason: str) -> None:
    """They are in the lists again that they had chosen."""
    require(policy.can_moderate(actor), "moderator")
    members_actions.show_member(actor=actor, account_id=person.account_id, reason=reason)
