"""Who hears of a decision: whoever reported, and whoever it is about. Neither is told who the other is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alumni.accounts.models import Account
from alumni.core import mail
from alumni.moderation.models import AppealState, Report


def _facts(report: Report) -> dict[str, Any]:
    return {name: report.snapshot[name] for name in ("kind", "title", "url")}


def _why(report: Report) -> dict[str, Any]:
    """The rule and the words of a decision, and where one appeals against it."""
    rule = report.decision_rule.value if report.decision_rule else ""
    return {"rule": rule, "reason": report.decision_reason, "appeal": f"/appeals/{report.key}"}


def tell_reporters_of_decision(report: Report, reporters: Iterable[int], *, is_hidden: bool) -> None:
    for account_id in reporters:
        facts = _facts(report) | {"decision": report.decision, "is_hidden": is_hidden}
        mail.post("moderation/decided", to=account_id, **facts)


def tell_author_of_decision(report: Report, author: Account | None) -> None:
    """A warning, or that it was hidden or removed: there is a letter for each."""
    if author is not None and report.decision is not None:
        mail.post(f"moderation/{report.decision.value}", to=author.id, **_facts(report), **_why(report))


def tell_author_of_suspension(report: Report, author: Account, *, until: datetime, is_hidden: bool) -> None:
    """The end of the term is a day in the reader's own zone."""
    last_day = until.astimezone(ZoneInfo(author.zone)).date().isoformat()
    facts = _facts(report) | {"until": last_day, "is_hidden": is_hidden}
    mail.post("moderation/suspended", to=author.id, **facts, **_why(report))


def tell_of_restoring(report: Report, author: Account | None, reporters: Iterable[int], *, reason: str) -> None:
    if author is not None:
        mail.post("moderation/restored", to=author.id, reason=reason, is_author=True, **_facts(report))
    for account_id in reporters:
        mail.post("moderation/restored", to=account_id, reason=reason, is_author=False, **_facts(report))


def tell_author_of_lifting(author: Account, *, reason: str) -> None:
    mail.post("moderation/lifted", to=author.id, reason=reason)


def tell_both_of_answer(report: Report, reporters: Iterable[int], *, outcome: AppealState, reason: str) -> None:
    """Whoever appealed reads why; those who reported hear only where a decision fell."""
    facts = _facts(report) | {"outcome": outcome.value, "appeal": f"/appeals/{report.key}"}
    if report.about_id is not None:
        mail.post("moderation/answered", to=report.about_id, reason=reason, is_author=True, **facts)
    for account_id in reporters:
        mail.post("moderation/answered", to=account_id, reason="", is_author=False, **facts)


def tell_author_of_holding(report: Report, author: Account | None) -> None:
    if author is not None:
        mail.post("moderation/held", to=author.id, **_facts(report))


def tell_whose_turn_it_is(report: Report, account_ids: Iterable[int]) -> None:
    for account_id in account_ids:
        facts = _facts(report) | {"case": f"/moderation/{report.key}", "is_hidden": report.held_at is not None}
        mail.post("moderation/climbed", to=account_id, **facts)
