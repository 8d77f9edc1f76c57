"""Appeals: whoever was decided about asks once, and somebody else than who decided looks at it."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts.models import AccountState
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, require
from alumni.core.viewer import Viewer
from alumni.moderation import notices, policy, queries
from alumni.moderation.actions.things import show_thing
from alumni.moderation.models import Appeal, AppealState, Decision, Report
from alumni.posts import actions as posts_actions


class AppealMade(DomainError):
    """One appeals once; the answer to it stands."""


class AppealTooLate(DomainError):
    """Sixty days after a decision it stands."""


class AppealDecided(DomainError):
    """There is no appeal that waits."""


def make_appeal(*, actor: Viewer, report: Report, words: str) -> None:
    """Says why the decision is wrong. Once, within sixty days; also while suspended."""
    require(policy.can_appeal(actor, report), "owner")
    if not policy.is_open_to_appeals(report):
        raise AppealTooLate
    if not insert_or_ignore(Appeal, {"report_id": report.id, "words": words}):
        raise AppealMade
    audit.record(actor, "report.appeal", f"report:{report.key}")


def decide_appeal(*, actor: Viewer, report: Report, outcome: AppealState, reason: str) -> None:
    """The decision stands, or is undone: what it hid is shown again, and a suspension ends. Both sides are told."""
    require(policy.can_moderate(actor), "moderator")
    require(policy.can_decide_appeal(actor, report), "another-than-decided")
    waits = sa.and_(Appeal.report_id == report.id, Appeal.state == AppealState.APPEALED)
    values = {"state": outcome, "decision_reason": reason, "decided_by_id": actor.id, "decided_at": clock.now()}
    move = sa.update(Appeal).where(waits).values(values).execution_options(synchronize_session=False)
    if outcome == AppealState.APPEALED or not db.session.execute(move).rowcount:  # type: ignore[attr-defined]
        raise AppealDecided
    db.session.expire_all()
    audit.record(actor, "report.answer", f"report:{report.key}", reason=reason, outcome=outcome.value)
    if outcome == AppealState.REVERSED:
        _undo(actor, report, reason)
    notices.tell_both_of_answer(report, queries.reporters_of(report), outcome=outcome, reason=reason)


def _undo(actor: Viewer, report: Report, reason: str) -> None:
    thing, author = queries.find_hideable(report), queries.find_author(report)
    if report.has_hidden and thing is not None and thing.hidden_at is not None:
        show_thing(actor, thing, reason)
    report.has_hidden = False
    if report.decision == Decision.SUSPENDED and author is not None and author.state == AccountState.SUSPENDED:
        accounts_actions.lift_suspension(actor, author, reason=reason)


def forget_removed(now: datetime) -> Iterator[int]:
    """Deletes what was removed when nobody can appeal any more. Yields after each post, so that the caller commits."""
    for post in db.session.scalars(queries.removed_before(now - policy.APPEALS_WITHIN)).all():
        post_id = post.id
        posts_actions.delete_removed(post)
        yield post_id
