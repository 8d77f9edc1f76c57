"""Deciding a case, and taking a decision back. The database decides who has a case and that it is decided once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts.models import Account, AccountState
from alumni.accounts.policy import can_suspend
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.members.models import Member
from alumni.moderation import notices, policy, queries
from alumni.moderation.actions.things import hide_thing, show_thing
from alumni.moderation.models import Appeal, Decision, Report, ReportReason, ReportState


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
    """What a moderator decides, and why: by a rule, in words, or both. `days` count only for a suspension."""

    decision: Decision
    reason: str = ""
    rule: ReportReason | None = None
    days: int = 7
    also_hide: bool = False

    @property
    def hides(self) -> bool:
        is_hidden = self.decision in (Decision.HIDDEN, Decision.REMOVED)
        return is_hidden or (self.decision == Decision.SUSPENDED and self.also_hide)


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
    """Closes the case that the actor has in hand, for all who reported it; does what was decided; tells both sides."""
    _require_judge(actor, report)
    thing, author = queries.find_hideable(report), queries.find_author(report)
    _require_possible(actor, report, draft, author)
    mine = sa.and_(Report.state == ReportState.IN_HAND, Report.taken_by_id == actor.id)
    # That somebody at risk is out of the lists is told to nobody: it may be what they are at risk from.
    is_told = draft.hides and not isinstance(thing, Member)
    decided = {
        "state": ReportState.DECIDED,
        "decision": draft.decision,
        "decision_rule": draft.rule,
        "decision_reason": draft.reason,
        "decided_by_id": actor.id,
        "decided_at": clock.now(),
    }
    if not _moves(
        sa.update(Report).where(Report.id == report.id, mine).values(decided | {"has_hidden": is_told}), report
    ):
        raise _why_not(report)
    more = sa.update(Report).where(Report.first_id == report.id).values(decided)
    db.session.execute(more.execution_options(synchronize_session=False))
    facts = {"decision": draft.decision.value} | ({"rule": draft.rule.value} if draft.rule else {})
    audit.record(actor, "report.decide", f"report:{report.key}", reason=draft.reason, **facts)
    _carry_out(actor, report, draft, author, is_told=is_told)
    notices.tell_reporters_of_decision(report, queries.reporters_of(report), is_hidden=is_told)


def _require_possible(actor: Viewer, report: Report, draft: DecisionDraft, author: Account | None) -> None:
    if not draft.reason and draft.rule is None:
        raise Invalid("reason", "why-needed")
    if draft.hides and queries.find_hideable(report) is None:
        raise Invalid("decision", "nothing-to-hide")
    if draft.decision == Decision.REMOVED and report.post_id is None:
        raise Invalid("decision", "only-posts-removed")
    if draft.decision in (Decision.WARNED, Decision.SUSPENDED) and (
        author is None or author.state == AccountState.CLOSED
    ):
        raise Invalid("decision", "nobody-to-warn" if draft.decision == Decision.WARNED else "nobody-to-suspend")
    if draft.decision == Decision.SUSPENDED and author is not None:
        require(can_suspend(actor, author), "admin")


def _carry_out(actor: Viewer, report: Report, draft: DecisionDraft, author: Account | None, *, is_told: bool) -> None:
    thing = queries.find_hideable(report)
    if thing is not None and draft.hides and thing.hidden_at is None:
        hide_thing(actor, thing, draft.reason)
    elif thing is not None and not draft.hides and report.held_at is not None and thing.hidden_at is not None:
        show_thing(actor, thing, draft.reason)
        if draft.decision == Decision.NONE:
            notices.tell_of_restoring(report, author, [], reason=draft.reason)
    if draft.decision == Decision.SUSPENDED and author is not None:
        _suspend(actor, report, author, draft, is_told=is_told)
    elif draft.decision == Decision.WARNED or is_told:
        notices.tell_author_of_decision(report, author)


def restore_thing(*, actor: Viewer, report: Report, reason: str) -> None:
    """Shows again what a decision hid, and tells both sides why; of a person at risk, nobody."""
    _require_judge(actor, report)
    thing = queries.find_hideable(report)
    if report.state != ReportState.DECIDED or thing is None or thing.hidden_at is None:
        raise NotHidden
    show_thing(actor, thing, reason)
    report.has_hidden = False
    if not isinstance(thing, Member):
        author = queries.find_author(report)
        notices.tell_of_restoring(report, author, queries.reporters_of(report), reason=reason)


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


def _suspend(actor: Viewer, report: Report, author: Account, draft: DecisionDraft, *, is_told: bool) -> None:
    """A second suspension never shortens the first."""
    until = clock.now() + timedelta(days=draft.days)
    if author.state == AccountState.SUSPENDED and author.suspended_until is not None:
        until = max(until, author.suspended_until)
    accounts_actions.suspend(actor, author, until=until, reason=draft.reason)
    notices.tell_author_of_suspension(report, author, until=until, is_hidden=is_told)


def forget_person(account_id: int, handle: str) -> Iterator[int]:
    """Somebody is erased: what was decided stays, without their words, also in appeals and around a reported message.

    Yields each report that had some.
    """
    about = sa.or_(Report.about_id == account_id, Report.snapshot["author"].as_string() == handle)
    appeals = sa.update(Appeal).where(Appeal.report_id.in_(sa.select(Report.id).where(about))).values(words="")
    db.session.execute(appeals.execution_options(synchronize_session=False))
    of_messages = sa.and_(Report.reporter_id == account_id, Report.snapshot["kind"].as_string() == "message")
    theirs = sa.select(Report).where(sa.or_(about, of_messages)).order_by(Report.id)
    for report in db.session.scalars(theirs).all():
        is_about = report.about_id == account_id or report.snapshot["author"] == handle
        wordless = _without_words_of(handle, report.snapshot, is_about=is_about)
        if report.snapshot != wordless:
            report.snapshot = wordless
            db.session.flush()
            yield report.id


def _without_words_of(handle: str, snapshot: dict[str, Any], *, is_about: bool) -> dict[str, Any]:
    wordless = snapshot | ({"title": "", "body": ""} if is_about else {})
    if "around" in snapshot:
        wordless["around"] = [line | ({"body": ""} if line["author"] == handle else {}) for line in snapshot["around"]]
    return wordless
