"""What is done about reports. The database decides who has a case and that it is decided once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts.models import Account, AccountState
from alumni.accounts.policy import can_suspend
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events import actions as events_actions
from alumni.events.models import Event
from alumni.members import actions as members_actions
from alumni.members.models import Member
from alumni.moderation import notices, policy, queries
from alumni.moderation.models import Decision, Report, ReportReason, ReportState
from alumni.moderation.queries import Thing
from alumni.posts import actions as posts_actions
from alumni.posts.models import Post


class ReportNotTaken(DomainError):
    """A case is decided by whoever has it in hand; nobody has it."""


class ReportTaken(DomainError):
    """Another moderator has the case in hand."""


class ReportDecided(DomainError):
    """The case is closed."""


class NotHidden(DomainError):
    """There is nothing to restore."""


class NotSuspended(DomainError):
    """There is nothing to lift."""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What a moderator decides, and why. `days` count only for a suspension."""

    decision: Decision
    reason: str
    days: int = 7
    also_hide: bool = False

    @property
    def hides(self) -> bool:
        return self.decision == Decision.HIDDEN or (self.decision == Decision.SUSPENDED and self.also_hide)


def make_report(*, actor: Viewer, thing: Thing, reason: ReportReason, note: str, key: str) -> Report:
    """Says that something breaks the rules, and keeps what it looks like now.

    The same person has one open report of the same thing; sending it again returns that one.
    """
    require(policy.can_report(actor), "member")
    column = queries.COLUMNS[thing.kind]
    same = sa.and_(Report.reporter_id == actor.id, column == thing.id)
    values = {column.name: thing.id, "reporter_id": actor.id, "reason": reason, "note": note}
    for once in (key, new_key()):  # a key that somebody else's report has is not ours to use
        insert_or_ignore(Report, values | {"key": once, "snapshot": thing.snapshot})
        found = sa.select(Report).where(same, sa.or_(Report.key == once, Report.state != ReportState.DECIDED))
        report = db.session.scalar(found.order_by(Report.id.desc()).limit(1))
        if report is not None:
            return report
    raise LookupError("a report that was just made is not there")


def take_report(*, actor: Viewer, report: Report) -> None:
    """The actor has the case in hand. Of two who reach for it, one gets it."""
    _require_judge(actor, report)
    move = sa.update(Report).where(Report.id == report.id, Report.state == ReportState.OPEN)
    if not _moves(move.values(state=ReportState.IN_HAND, taken_by_id=actor.id), report):
        if report.state == ReportState.IN_HAND and report.taken_by_id == actor.id:
            return
        raise _why_not(report)
    audit.record(actor, "report.take", f"report:{report.key}")


def decide_report(*, actor: Viewer, report: Report, draft: DecisionDraft) -> None:
    """Closes the case that the actor has in hand, does what was decided, and tells both sides."""
    _require_judge(actor, report)
    thing, author = queries.find_hideable(report), queries.find_author(report)
    if draft.hides and thing is None:
        raise Invalid("decision", "nothing-to-hide")
    if draft.decision == Decision.SUSPENDED and (author is None or author.state == AccountState.CLOSED):
        raise Invalid("decision", "nobody-to-suspend")
    if draft.decision == Decision.SUSPENDED and author is not None:
        require(can_suspend(actor, author), "admin")
    mine = sa.and_(Report.state == ReportState.IN_HAND, Report.taken_by_id == actor.id)
    decided = {
        "state": ReportState.DECIDED,
        "decision": draft.decision,
        "decision_reason": draft.reason,
        "decided_by_id": actor.id,
        "decided_at": clock.now(),
    }
    if not _moves(sa.update(Report).where(Report.id == report.id, mine).values(decided), report):
        raise _why_not(report)
    facts = {"decision": draft.decision.value}
    audit.record(actor, "report.decide", f"report:{report.key}", reason=draft.reason, **facts)
    if draft.hides and thing is not None and thing.hidden_at is None:
        _hide(actor, thing, draft.reason)
    # That somebody at risk is out of the lists is told to nobody: it may be what they are at risk from.
    is_told = draft.hides and not isinstance(thing, Member)
    if draft.decision == Decision.SUSPENDED and author is not None:
        _suspend(actor, report, author, draft, is_told=is_told)
    elif is_told:
        notices.tell_author_of_hiding(report, author, reason=draft.reason)
    notices.tell_reporter_of_decision(report, is_hidden=is_told)


def restore_thing(*, actor: Viewer, report: Report, reason: str) -> None:
    """Shows again what a decision hid, and tells both sides why; of a person at risk, nobody."""
    _require_judge(actor, report)
    thing = queries.find_hideable(report)
    if report.state != ReportState.DECIDED or thing is None or thing.hidden_at is None:
        raise NotHidden
    if isinstance(thing, Member):
        members_actions.show_member(actor=actor, account_id=thing.account_id, reason=reason)
        return
    if isinstance(thing, Post):
        posts_actions.restore_post(actor=actor, post=thing, reason=reason)
    else:
        events_actions.restore_event(actor=actor, event=thing, reason=reason)
    notices.tell_both_of_restoring(report, queries.find_author(report), reason=reason)


def lift_suspension(*, actor: Viewer, report: Report, reason: str) -> None:
    """Ends the suspension of the account behind what was reported."""
    _require_judge(actor, report)
    author = queries.find_author(report)
    if report.state != ReportState.DECIDED or author is None or author.state != AccountState.SUSPENDED:
        raise NotSuspended
    accounts_actions.lift_suspension(actor, author, reason=reason)
    notices.tell_author_of_lifting(author, reason=reason)


def _require_judge(actor: Viewer, report: Report) -> None:
    require(policy.can_moderate(actor), "moderator")
    require(policy.can_decide(actor, report), "another-moderator")


def _moves(move: sa.Update, report: Report) -> bool:
    """Runs a conditional update of the state; the report then shows how it stands."""
    result = db.session.execute(move.execution_options(synchronize_session=False))
    db.session.refresh(report)
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _why_not(report: Report) -> DomainError:
    if report.state == ReportState.DECIDED:
        return ReportDecided()
    return ReportNotTaken() if report.state == ReportState.OPEN else ReportTaken()


def _hide(actor: Viewer, thing: Post | Event | Member, reason: str) -> None:
    if isinstance(thing, Post):
        posts_actions.hide_post(actor=actor, post=thing, reason=reason)
    elif isinstance(thing, Event):
        events_actions.hide_event(actor=actor, event=thing, reason=reason)
    else:
        members_actions.hide_member(actor=actor, account_id=thing.account_id, reason=reason)


def _suspend(actor: Viewer, report: Report, author: Account, draft: DecisionDraft, *, is_told: bool) -> None:
    """A second suspension never shortens the first."""
    until = clock.now() + timedelta(days=draft.days)
    if author.state == AccountState.SUSPENDED and author.suspended_until is not None:
        until = max(until, author.suspended_until)
    accounts_actions.suspend(actor, author, until=until, reason=draft.reason)
    notices.tell_author_of_suspension(report, author, until=until, reason=draft.reason, is_hidden=is_told)


def log_export(actor: Viewer, *, rows: int, wanted: dict[str, str]) -> None:
    """Writes down that a part of the log leaves the house, and which."""
    require(policy.can_moderate(actor), "moderator")
    narrowed = {name: value for name, value in wanted.items() if value}
    facts: dict[str, Any] = {"rows": rows} | ({"narrowed": narrowed} if narrowed else {})
    audit.record(actor, "log.export", "log", **facts)


def forget_person(account_id: int, handle: str) -> Iterator[int]:
    """Somebody is erased: what was reported of them stays decided, without their words. Yields each report."""
    theirs = sa.or_(
        Report.member_id == account_id,
        Report.post_id.in_(sa.select(Post.id).where(Post.author_id == account_id)),
        Report.snapshot["author"].as_string() == handle,
    )
    for report in db.session.scalars(sa.select(Report).where(theirs).order_by(Report.id)).all():
        wordless = report.snapshot | {"title": "", "body": ""}
        if report.snapshot != wordless:
            report.snapshot = wordless
            db.session.flush()
            yield report.id
