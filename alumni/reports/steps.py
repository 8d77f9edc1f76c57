"""What both doors share: finding the event and its report, saving what was written, and what is said of it."""

from typing import Any

from alumni.core.errors import require
from alumni.events import queries as events_queries
from alumni.groups.models import Group
from alumni.reports import actions, policy, queries
from alumni.reports.forms import FeedbackForm, LastingForm, ReportForm
from alumni.reports.models import EventReport, LastingGroup
from alumni.web.gate import get_or_404, me


def event_of(slug: str) -> Any:
    return get_or_404(events_queries.event_page(me(), slug=slug))


def event_run(slug: str) -> Any:
    """An event that the viewer runs."""
    event = event_of(slug)
    require(policy.can_write(me(), event.id), "organiser")
    return event


def event_begun(slug: str) -> Any:
    """An event that the viewer runs and of which there is something to tell."""
    event = event_run(slug)
    actions.require_begun(event)
    return event


def event_answered(slug: str) -> Any:
    """An event to which the viewer came."""
    event = event_of(slug)
    require(policy.can_say_how_it_was(me(), event.id), "came")
    return event


def numbers_of(report: EventReport, *, sees_all: bool) -> dict[str, Any]:
    """As they were frozen; of a draft as they are now. All of them, or without few people of a country."""
    frozen = report.numbers if report.is_published else None
    numbers = frozen or queries.count_people(report.event_id) | {"answers": 0, "feedback": []}
    return numbers if sees_all else queries.shown_to_all(numbers)


def save_report(event: Any, form: ReportForm) -> EventReport:
    """What the form says is written. The door commits."""
    return actions.write_report(
        actor=me(), event=event, draft=form.draft(), publish=form.publish, edits=form.known_edits
    )


def save_feedback(event: Any, form: FeedbackForm) -> None:
    """What the viewer says of an event. The door commits."""
    actions.answer(actor=me(), event=event, replies=form.replies())


def found_lasting(event: Any, form: LastingForm) -> tuple[Group, LastingGroup]:
    """The group of the form, or the one that the event has already. The door commits."""
    return actions.make_lasting_group(actor=me(), event=event, draft=form.draft(), key=form.key)


def mine_of(event: Any) -> dict[str, Any]:
    """What the viewer has said so far, by question."""
    said = queries.find_answer(me(), event.id)
    return dict(said.replies) if said else {}
