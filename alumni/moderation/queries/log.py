"""The log, as far as somebody reads it."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.audit import AuditLine
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.moderation import policy
from alumni.moderation.queries.names import account_handle, name_of

MOST_LINES = 10_000  # of an export
NEWEST_LINE = (Key(AuditLine.id, "id", descending=True),)


def log_lines(viewer: Viewer, *, actor: str = "", action: str = "", subject: str = "") -> sa.Select[Any]:
    """The append-only log as the viewer reads it, narrowed by who, what and to what. Page it by `NEWEST_LINE`."""
    select = sa.select(
        AuditLine.id,
        AuditLine.at,
        AuditLine.actor_id,
        AuditLine.action,
        AuditLine.subject,
        AuditLine.reason,
        AuditLine.facts,
        policy.network_shown_to(viewer).label("network"),
        account_handle(AuditLine.actor_id).label("actor"),
        name_of(AuditLine.actor_id).label("actor_name"),
    ).where(policy.line_visible_to(viewer))
    if actor:
        select = select.where(AuditLine.actor_id == _id_of(actor))
    if action:
        select = select.where(AuditLine.action == action)
    if subject:
        select = select.where(AuditLine.subject == subject)
    return select


def _id_of(handle: str) -> sa.ScalarSelect[Any]:
    return sa.select(Account.id).where(Account.handle == handle).scalar_subquery()
