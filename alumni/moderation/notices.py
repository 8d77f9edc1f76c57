"""Who hears of a decision: whoever reported, and whoever it is about. Neither is told who the other is."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alumni.accounts.models import Account
from alumni.core import mail
from alumni.moderation.models import Report


def _facts(report: Report) -> dict[str, Any]:
    return {name: report.snapshot[name] for name in ("kind", "title", "url")}


def tell_reporter_of_decision(report: Report, *, is_hidden: bool) -> None:
    if report.reporter_id is not None:
        facts = _facts(report) | {"decision": report.decision, "is_hidden": is_hidden}
        mail.post("moderation/decided", to=report.reporter_id, **facts)


def tell_author_of_hiding(report: Report, author: Account | None, *, reason: str) -> None:
    if author is not None:
        mail.post("moderation/hidden", to=author.id, reason=reason, **_facts(report))


def tell_author_of_suspension(
    report: Report, author: Account, *, until: datetime, reason: str, is_hidden: bool
) -> None:
    """The end of the term is a day in the reader's own zone."""
    last_day = until.astimezone(ZoneInfo(author.zone)).date().isoformat()
    facts = _facts(report) | {"until": last_day, "is_hidden": is_hidden}
    mail.post("moderation/suspended", to=author.id, reason=reason, **facts)


def tell_both_of_restoring(report: Report, author: Account | None, *, reason: str) -> None:
    if author is not None:
        mail.post("moderation/restored", to=author.id, reason=reason, is_author=True, **_facts(report))
    if report.reporter_id is not None:
        mail.post("moderation/restored", to=report.reporter_id, reason=reason, is_author=False, **_facts(report))


def tell_author_of_lifting(author: Account, *, reason: str) -> None:
    mail.post("moderation/lifted", to=author.id, reason=reason)
