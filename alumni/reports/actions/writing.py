"""Writing a report, and publishing it with the numbers of that moment."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import ChangedMeanwhile, DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.events.actions import EventCancelled
from alumni.events.models import EventState
from alumni.reports import policy, queries
from alumni.reports.models import EventReport, QuestionKind

MOST_QUOTES = 2


class EventNotBegun(DomainError):
    """Of what has not begun there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, and whether they agreed to be quoted."""

    words: str
    by: str
    is_agreed: bool = False


@dataclass(frozen=True, slots=True)
class ReportDraft:
    words_en: str = ""
    words_ja: str = ""
    minutes_en: str = ""
    minutes_ja: str = ""
    quotes: Sequence[Quote] = ()
    handed_to: str = ""
    handed_on: str = ""
    shows_feedback: bool = False


def write_report(
    *, actor: Viewer, event: Any, draft: ReportDraft, publish: bool | None = None, edits: int | None = None
) -> EventReport:
    """Writes the report. `publish`: True counts anew and shows it, False takes it back; None leaves it as it stands.

    `edits`: how often it was saved when it was opened. Raises EventNotBegun, ChangedMeanwhile, Invalid("quotes").
    """
    report = hold_report(actor, event)
    if edits is not None and edits != report.edits:
        raise ChangedMeanwhile
    if any(not quote.is_agreed for quote in draft.quotes):
        raise Invalid("quotes", "quote-not-agreed")
    values = asdict(draft) | {"quotes": [{"words": quote.words, "by": quote.by} for quote in draft.quotes]}
    for name, value in values.items():
        setattr(report, name, value)
    report.edits, report.written_by_id, report.saved_at = report.edits + 1, actor.id, clock.now()
    if publish:
        report.numbers, report.counted_at = _numbers(event.id), clock.now()
    if publish is not None and (publish or report.is_published):
        audit.record(actor, "report.publish" if publish else "report.take-back", f"event:{event.slug}")
    report.is_published = report.is_published if publish is None else publish
    db.session.flush()
    return report


def require_begun(event: Any) -> None:
    """Nothing comes of an event that was called off, or that has not begun. Raises EventCancelled, EventNotBegun."""
    if event.state == EventState.CANCELLED:
        raise EventCancelled
    if not policy.has_begun(event, clock.now()):
        raise EventNotBegun


def hold_report(actor: Viewer, event: Any) -> EventReport:
    """The report of the event, begun if there is none, held until the end of the transaction."""
    require(policy.can_write(actor, event.id), "organiser")
    require_begun(event)
    insert_or_ignore(EventReport, {"event_id": event.id, "saved_at": clock.now(), **_EMPTY})
    report = queries.find_held_report(event.id)
    assert report is not None
    return report


_TEXTS = ("words_en", "words_ja", "minutes_en", "minutes_ja", "handed_to", "handed_on")
_EMPTY = dict.fromkeys(_TEXTS, "") | {"quotes": [], "shows_feedback": False, "is_published": False, "edits": 0}


def _numbers(event_id: int) -> dict[str, Any]:
    """What was counted, and the averages of what was said by then."""
    answers, results = queries.results_of(event_id)
    feedback = [
        {"label": each.label, "offered": each.offered, "average": each.average, "answers": each.answers}
        for each in results
        if each.kind == QuestionKind.SCALE and each.average is not None
    ]
    return queries.count_people(event_id) | {"answers": answers, "feedback": feedback}
