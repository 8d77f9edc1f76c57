"""Reporting: what several people say of one thing is one case."""

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import require
from alumni.core.tokens import new_key
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.moderation import notices, policy, queries
from alumni.moderation.actions.things import hide_thing
from alumni.moderation.models import DEADLINE, Report, ReportReason, ReportState, Rung
from alumni.moderation.queries import Thing

ENOUGH = 3  # people who report something independently of each other hide it until somebody looks
BY_REPORTS = "Reported by several people"


def make_report(*, actor: Viewer, thing: Thing, reason: ReportReason, note: str, key: str) -> Report:
    """Says that something breaks the rules, and keeps what it looks like now.

    The same person has one open report of the same thing; sending it again returns that one.
    """
    require(policy.can_report(actor), "member")
    column = queries.COLUMNS[thing.kind]
    same = sa.and_(Report.reporter_id == actor.id, column == thing.id)
    values = {column.name: thing.id, "reporter_id": actor.id, "reason": reason, "note": note}
    values |= {"snapshot": thing.snapshot, "about_id": queries.find_about(thing)}
    # A key that somebody else's report has is not ours to use; and somebody may begin or end the case just now.
    for once in (key, new_key(), new_key()):
        case = queries.open_case(column, thing.id)
        belongs = {"first_id": case.id} if case is not None else {}
        is_new = insert_or_ignore(Report, values | {"key": once} | belongs)
        found = sa.select(Report).where(same, sa.or_(Report.key == once, Report.state != ReportState.DECIDED))
        report = db.session.scalar(found.order_by(Report.id.desc()).limit(1))
        if report is not None:
            if is_new:
                _settle(case or report, is_first=case is None)
            return report
    raise LookupError("a report that was just made is not there")


def _settle(case: Report, *, is_first: bool) -> None:
    """Begins with whose turn it is, and hides what enough people say has to go until somebody looks."""
    group_id = queries.group_of(queries.find_hideable(case))
    if is_first and group_id is not None and queries.is_looked_after(group_id, case.about_id):
        case.rung = Rung.ORGANISERS
    can_hold = case.event_id is not None or case.post_id is not None
    if can_hold and case.state == ReportState.OPEN and queries.count_independent(case) >= ENOUGH:
        hold_case(INSTALLATION, case, reason=BY_REPORTS)


def hold_case(actor: Viewer, case: Report, *, reason: str) -> None:
    """Hides the thing until a moderator looks, whose turn it is from now on. Harmless when done twice."""
    thing = queries.find_hideable(case)
    if thing is None or thing.hidden_at is not None or case.held_at is not None:
        return
    hide_thing(actor, thing, reason)
    case.held_at, case.rung, case.due_at = clock.now(), Rung.MODERATORS, clock.now() + DEADLINE
    notices.tell_author_of_holding(case, queries.find_author(case))
    notices.tell_whose_turn_it_is(case, queries.ids_on(Rung.MODERATORS, case))
    audit.record(actor, "report.hold", f"report:{case.key}", reason=reason)
    db.session.flush()
