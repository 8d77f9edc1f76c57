"""What was decided about somebody, and their appeals."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.moderation import policy
from alumni.moderation.models import Appeal, Decision, Report
from alumni.posts.models import Post

MOST_DECISIONS = 100


def decisions_about(viewer: Viewer) -> sa.Select[Any]:
    """What moderators decided about the viewer and told them, newest first. Nothing of who reported it."""
    return (
        sa.select(
            Report.id,
            Report.key,
            Report.snapshot,
            Report.decision,
            Report.decision_rule,
            Report.decision_reason,
            Report.decided_at,
            Appeal.state,
            Appeal.words,
            Appeal.created_at.label("appealed_at"),
            Appeal.decision_reason.label("answer"),
        )
        .outerjoin(Appeal, Appeal.report_id == Report.id)
        .where(policy.told_to(viewer))
        .order_by(Report.decided_at.desc(), Report.id.desc())
        .limit(MOST_DECISIONS)
    )


def find_decided(viewer: Viewer, key: str) -> sa.Select[Any]:
    """The report on which something was decided about the viewer."""
    return sa.select(Report).where(policy.told_to(viewer), Report.key == key)


def find_appeal(report: Any) -> Appeal | None:
    return db.session.scalar(sa.select(Appeal).where(Appeal.report_id == report.id))


def removed_before(moment: datetime) -> sa.Select[Any]:
    """Posts that were removed before a moment, whose decision stands and is not being looked at again."""
    is_open = sa.select(Appeal.id).where(Appeal.report_id == Report.id, policy.is_not_upheld()).exists()
    return (
        sa.select(Post)
        .join(Report, Report.post_id == Post.id)
        .where(Report.decision == Decision.REMOVED, Report.first_id.is_(None), Report.has_hidden)
        .where(Report.decided_at < moment, Post.hidden_at.is_not(None), ~is_open)
        .order_by(Post.id)
        .limit(100)
    )
