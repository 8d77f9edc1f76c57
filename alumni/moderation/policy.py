"""Who may report, who reads reports, who decides them. Nobody decides about themselves."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState, StaffRole
from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.members.models import Participation
from alumni.moderation.models import Appeal, AppealState, Decision, Report, ReportState, Rung

OF_THE_DESK = ("case", "claims", "entry", "invitation", "participation", "roster", "vouch")  # how such actions begin
APPEALS_WITHIN = timedelta(days=60)
FOR_ADMINS = (*OF_THE_DESK, "access", "sign-in")  # and who was refused what, and who came in when


def can_report(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.is_suspended


def can_moderate(viewer: Viewer) -> bool:
    """Sees the queue and the log."""
    return viewer.is_moderator and not viewer.is_suspended


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause on Report: moderators and admins see them all; to anybody else they do not exist."""
    return sa.and_(holds(viewer.is_moderator), in_good_standing(viewer))


def line_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on AuditLine: moderators read what they moderate.

    What was done with rosters and claims, and who was refused, is for admins. Nobody reads who spoke of a
    claim of their own.
    """
    own = sa.select(sa.literal("participation:").concat(Participation.key)).where(Participation.account_id == viewer.id)
    for_admins = sa.or_(*(AuditLine.action.startswith(f"{room}.") for room in FOR_ADMINS))
    is_open = sa.true() if viewer.is_admin else sa.not_(for_admins)
    return sa.and_(visible_to(viewer), is_open, AuditLine.subject.not_in(own))


def network_shown_to(viewer: Viewer) -> Any:
    """Where somebody was when they acted: for admins alone, empty for others."""
    return AuditLine.network if viewer.is_admin else sa.literal("")


def is_reported(post_id: Any) -> sa.ColumnElement[bool]:
    """Clause: somebody reported this post. For `posts`, whose moderators then read how it was before."""
    return there_is(Report, Report.post_id == post_id)


def is_about(viewer: Viewer, snapshot: dict[str, Any]) -> bool:
    """What was reported was made by the viewer, or is the viewer."""
    return bool(viewer.handle) and snapshot["author"] == viewer.handle


def can_read(viewer: Viewer, report: Any) -> bool:
    """Not a report about oneself: it says who made it."""
    return can_moderate(viewer) and not is_about(viewer, report.snapshot)


def can_decide(viewer: Viewer, report: Any) -> bool:
    """Not about oneself, and not what one reported oneself."""
    if not can_read(viewer, report):
        return False
    of_case = sa.or_(Report.id == report.id, Report.first_id == report.id)
    return not db.session.scalar(sa.select(there_is(Report, of_case, Report.reporter_id == viewer.id)))


def can_decide_appeal(viewer: Viewer, report: Any) -> bool:
    """Somebody else than who decided: where there is one moderator, an admin."""
    return can_decide(viewer, report) and report.decided_by_id != viewer.id


def can_hold(viewer: Viewer, report: Any, group_id: int | None) -> bool:
    """Organisers of the group in which it stands, or of one above it, until a moderator looks; not about oneself."""
    is_mine = is_about(viewer, report.snapshot)
    return group_id is not None and not is_mine and groups_policy.can_organise(viewer, group_id)


def looks_from(rung: Rung) -> sa.ColumnElement[bool]:
    """Clause on Account: whose turn a case is on this rung."""
    role = StaffRole.ADMIN if rung == Rung.ADMINS else StaffRole.MODERATOR
    return sa.and_(Account.staff_role == role, Account.state == AccountState.ACTIVE)


def line_shown_in_groups() -> sa.ColumnElement[bool]:
    """Clause on AuditLine: organisers read it of their own tree. What is for admins stays with them."""
    return sa.not_(sa.or_(*(AuditLine.action.startswith(f"{room}.") for room in FOR_ADMINS)))


def told_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Report: the case was decided, about the viewer, and they were told. Also for who is suspended.

    That something was left as it is, or that they are hidden because they are at risk, they are not told.
    """
    is_at_risk = sa.and_(Report.decision == Decision.HIDDEN, Report.member_id.is_not(None))
    return sa.and_(
        Report.about_id == viewer.id,
        Report.first_id.is_(None),
        Report.state == ReportState.DECIDED,
        Report.decision != Decision.NONE,
        sa.not_(is_at_risk),
    )


def can_appeal(viewer: Viewer, report: Report) -> bool:
    """Whoever it was decided about, suspended or not."""
    return viewer.is_authenticated and report.about_id == viewer.id


def appeals_end_at(report: Any) -> datetime:
    ends_at: datetime = report.decided_at + APPEALS_WITHIN
    return ends_at


def is_open_to_appeals(report: Any) -> bool:
    return clock.now() < appeals_end_at(report)


def is_not_upheld() -> sa.ColumnElement[bool]:
    """Clause on Appeal: it waits, or was right."""
    return Appeal.state != AppealState.UPHELD
