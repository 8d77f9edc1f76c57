"""Who may report, who reads reports, who decides them. Nobody decides about themselves."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.viewer import Viewer


def can_report(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.is_suspended


def can_moderate(viewer: Viewer) -> bool:
    """Sees the queue and the log."""
    return viewer.is_moderator and not viewer.is_suspended


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause on Report: moderators and admins see them all; to anybody else they do not exist."""
    return sa.and_(holds(viewer.is_moderator), in_good_standing(viewer))


def is_about(viewer: Viewer, snapshot: dict[str, Any]) -> bool:
    """What was reported was made by the viewer, or is the viewer."""
    return bool(viewer.handle) and snapshot["author"] == viewer.handle


def can_read(viewer: Viewer, report: Any) -> bool:
    """Not a report about oneself: it says who made it."""
    return can_moderate(viewer) and not is_about(viewer, report.snapshot)


def can_decide(viewer: Viewer, report: Any) -> bool:
    """Not a report about oneself or made by oneself."""
    return can_read(viewer, report) and report.reporter_id != viewer.id
