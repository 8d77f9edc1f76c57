"""What organisers see of their own tree of groups, and whose turn a case is."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.audit import AuditLine
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events.models import Event
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupPath, Tenure
from alumni.moderation import policy
from alumni.moderation.models import Report, ReportState, Rung
from alumni.moderation.queries.cases import WAITING, others
from alumni.moderation.queries.names import account_handle, name_of
from alumni.posts.models import Post


def _tree(group_id: int) -> sa.Select[Any]:
    return sa.select(GroupPath.descendant_id).where(GroupPath.ancestor_id == group_id)


def cases_of_tree(viewer: Viewer, group_id: int) -> sa.Select[Any]:
    """Cases about posts and events of the group and those below it: why, and how many; never who reported.

    What is about the viewer is left out. Page them by `OLDEST`.
    """
    tree = _tree(group_id)
    is_there = sa.or_(
        there_is(Post, Post.id == Report.post_id, Post.group_id.in_(tree)),
        there_is(Event, Event.id == Report.event_id, Event.group_id.in_(tree)),
    )
    is_other = sa.or_(Report.about_id.is_(None), Report.about_id != viewer.id)
    return sa.select(
        Report.id,
        Report.key,
        Report.reason,
        Report.snapshot,
        Report.state,
        Report.created_at,
        Report.due_at,
        Report.held_at,
        Report.decision,
        others().label("others_count"),
    ).where(Report.first_id.is_(None), Report.state.in_(WAITING), is_there, is_other)


def find_case_of_tree(viewer: Viewer, group_id: int, key: str) -> sa.Select[Any]:
    found = cases_of_tree(viewer, group_id).with_only_columns(Report.id).where(Report.key == key)
    return sa.select(Report).where(Report.id.in_(found))


def lines_of_tree(group_id: int) -> sa.Select[Any]:
    """The log of a group and those below it, their events and posts. Page it by `NEWEST_LINE`."""
    tree = _tree(group_id)
    subjects = sa.union_all(
        sa.select((sa.literal("group:") + Group.slug).label("subject")).where(Group.id.in_(tree)),
        sa.select(sa.literal("event:") + Event.slug).where(Event.group_id.in_(tree)),
        sa.select(sa.literal("post:") + Post.key).where(Post.group_id.in_(tree)),
    ).subquery()
    return sa.select(
        AuditLine.id,
        AuditLine.at,
        AuditLine.actor_id,
        AuditLine.action,
        AuditLine.subject,
        AuditLine.reason,
        account_handle(AuditLine.actor_id).label("actor"),
        name_of(AuditLine.actor_id).label("actor_name"),
    ).where(AuditLine.subject.in_(sa.select(subjects.c.subject)), policy.line_shown_in_groups())


def is_looked_after(group_id: int, but: int | None) -> bool:
    """Whether somebody else than the account `but` organises the group or one above it."""
    organised = there_is(
        Tenure,
        Tenure.group_id == GroupPath.ancestor_id,
        Tenure.account_id != (but or 0),
        groups_policy.is_organiser(),
    )
    return bool(db.session.scalar(sa.select(there_is(GroupPath, GroupPath.descendant_id == group_id, organised))))


def cases_due(now: datetime) -> sa.Select[Any]:
    """Cases that nobody has looked at in time and that can climb."""
    waits = sa.and_(Report.state == ReportState.OPEN, Report.first_id.is_(None), Report.rung != Rung.ADMINS)
    return sa.select(Report).where(waits, Report.due_at <= now).order_by(Report.due_at, Report.id).limit(100)


def ids_on(rung: Rung, report: Report) -> list[int]:
    """Who looks at a case on this rung, unless it is about them."""
    select = sa.select(Account.id).where(policy.looks_from(rung)).order_by(Account.id)
    return [account_id for account_id in db.session.scalars(select) if account_id != report.about_id]
