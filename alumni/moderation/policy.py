"""Who may report, who reads reports, who decides them. Nobody decides about themselves."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.audit import AuditLine
from alumni.core.db import there_is
from alumni.core.viewer import Viewer
from alumni.members.models import Participation
from alumni.moderation.models import Report

OF_THE_DESK = ("case", "claims", "entry", "invitation", "participation", "roster", "vouch")  # how such actions begin
FOR_ADMINS = (*OF_THE_DESK, "access")  # and who was refused what


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
    """Not a report about oneself or made by oneself."""
    return can_read(viewer, report) and report.reporter_id != viewer.id
