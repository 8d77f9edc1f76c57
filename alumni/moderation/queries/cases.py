"""Cases: what waits, what was decided, and who has to do with it."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.moderation import policy
from alumni.moderation.models import Appeal, AppealState, Decision, Report, ReportState
from alumni.moderation.queries.names import account_handle, name_of
from alumni.moderation.queries.things import COLUMNS

WAITING = (ReportState.OPEN, ReportState.IN_HAND)
OLDEST = (Key(Report.created_at, "created_at"), Key(Report.id, "id"))
NEWEST = (Key(Report.created_at, "created_at", descending=True), Key(Report.id, "id", descending=True))
SETTLED_IN = timedelta(days=7)  # an account that is younger says little of whether something is wrong
REFUSED_OFTEN = 3  # reports of one person in half a year that led to nothing


def visible_reports(viewer: Viewer) -> sa.Select[Any]:
    return sa.select(Report).where(policy.visible_to(viewer))


def report_rows(viewer: Viewer) -> sa.Select[Any]:
    """Reports as lists and pages show them."""
    select = sa.select(
        Report.id,
        Report.key,
        Report.post_id,
        Report.event_id,
        Report.member_id,
        Report.message_id,
        Report.group_id,
        Report.first_id,
        Report.about_id,
        Report.reporter_id,
        Report.reason,
        Report.note,
        Report.snapshot,
        Report.state,
        Report.created_at,
        Report.taken_by_id,
        Report.rung,
        Report.due_at,
        Report.held_at,
        Report.decision,
        Report.decision_rule,
        Report.decision_reason,
        Report.decided_at,
        account_handle(Report.reporter_id).label("reporter"),
        name_of(Report.reporter_id).label("reporter_name"),
        name_of(Report.taken_by_id).label("taken_by_name"),
        name_of(Report.decided_by_id).label("decided_by_name"),
        Report.decided_by_id,
        others().label("others_count"),
        Appeal.state.label("appeal_state"),
        Appeal.words.label("appeal_words"),
        Appeal.created_at.label("appealed_at"),
        Appeal.decision_reason.label("appeal_reason"),
    )
    return select.outerjoin(Appeal, Appeal.report_id == Report.id).where(policy.visible_to(viewer))


def waiting_reports(viewer: Viewer) -> sa.Select[Any]:
    """One row for each case, open and in hand. Page them by `OLDEST`."""
    return report_rows(viewer).where(Report.first_id.is_(None), Report.state.in_(WAITING))


def decided_reports(viewer: Viewer) -> sa.Select[Any]:
    """Page them by `NEWEST`."""
    return report_rows(viewer).where(Report.first_id.is_(None), Report.state == ReportState.DECIDED)


def appealed_reports(viewer: Viewer) -> sa.Select[Any]:
    """Decisions that somebody asks to look at again. Page them by `OLDEST`."""
    return report_rows(viewer).where(Appeal.state == AppealState.APPEALED)


def find_case(viewer: Viewer, key: str) -> sa.Select[Any]:
    """The case that a report belongs to, by the key of any of its reports."""
    return visible_reports(viewer).where(Report.id == _id_of_case(key))


def case_row(viewer: Viewer, key: str) -> sa.Select[Any]:
    """The same as pages show it."""
    return report_rows(viewer).where(Report.id == _id_of_case(key))


def _id_of_case(key: str) -> sa.ScalarSelect[Any]:
    asked = aliased(Report)
    return sa.select(sa.func.coalesce(asked.first_id, asked.id)).where(asked.key == key).scalar_subquery()


def what_others_say(viewer: Viewer, case: Any) -> sa.Select[Any]:
    """The other reports of the same case, oldest first."""
    return (
        sa.select(
            Report.reason,
            Report.note,
            Report.created_at,
            account_handle(Report.reporter_id).label("reporter"),
            name_of(Report.reporter_id).label("reporter_name"),
        )
        .where(policy.visible_to(viewer), Report.first_id == case.id)
        .order_by(Report.created_at, Report.id)
        .limit(20)
    )


def earlier_cases(viewer: Viewer, case: Any) -> sa.Select[Any]:
    """What was decided about the same thing at other times, newest first."""
    column = COLUMNS[case.snapshot["kind"]]
    return (
        sa.select(Report.key, Report.reason, Report.state, Report.created_at)
        .where(policy.visible_to(viewer), column == getattr(case, column.key))
        .where(Report.id != case.id, Report.first_id.is_(None))
        .order_by(Report.created_at.desc(), Report.id.desc())
        .limit(10)
    )


def open_case(column: Any, thing_id: int) -> Report | None:
    """The case about a thing that waits now, held until the end of the transaction."""
    waits = sa.and_(column == thing_id, Report.state != ReportState.DECIDED, Report.first_id.is_(None))
    return db.session.scalar(sa.select(Report).where(waits).with_for_update())


def of_case(case_id: int) -> sa.ColumnElement[bool]:
    """Clause on Report: it is the case, or one of its further reports."""
    return sa.or_(Report.id == case_id, Report.first_id == case_id)


def reporters_of(case: Any) -> list[int]:
    """Everybody who reported it and still has an account."""
    select = sa.select(Report.reporter_id).where(of_case(case.id), Report.reporter_id.is_not(None))
    return [account_id for account_id in db.session.scalars(select.order_by(Report.id)) if account_id]


def count_independent(case: Report) -> int:
    """How many reported it whose account has settled in and whose reports were not refused again and again."""
    earlier, now = aliased(Report), clock.now()
    refused = (
        sa.select(sa.func.count())
        .select_from(earlier)
        .where(
            earlier.reporter_id == Report.reporter_id,
            earlier.decision == Decision.NONE,
            earlier.decided_at > now - timedelta(days=180),
        )
        .correlate(Report)
        .scalar_subquery()
    )
    select = sa.select(sa.func.count(Report.id)).join(Account, Account.id == Report.reporter_id)
    counts = sa.and_(Account.created_at < now - SETTLED_IN, refused < REFUSED_OFTEN)
    return db.session.scalar(select.where(of_case(case.id), counts)) or 0


def others() -> sa.ScalarSelect[Any]:
    """How many more people reported the same."""
    more = aliased(Report)
    count = sa.select(sa.func.count()).select_from(more).where(more.first_id == Report.id)
    return count.correlate(Report).scalar_subquery()
