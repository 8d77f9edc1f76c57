"""What both doors share: the fair of an address, a company there, a time and a request."""

from typing import Any

from flask_babel import gettext as _

from alumni.core import clock
from alumni.core.errors import NotFound, require
from alumni.events import queries as events_queries
from alumni.fairs import policy, queries
from alumni.fairs.forms import AskForm
from alumni.fairs.models import Company, MeetingRequest, MeetingSlot
from alumni.web.forms import text_problem
from alumni.web.gate import get_or_404, me
from alumni.web.templating.formats import clock_time, day


def event_of(slug: str) -> Any:
    """The event, if the viewer sees it and companies come to such events."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    if event.kind not in policy.KINDS:
        raise NotFound
    return event


def event_to_run(slug: str) -> Any:
    event = event_of(slug)
    require(policy.can_run(me(), event.id))
    return event


def company_of(event: Any, key: str) -> Company:
    company = None if text_problem(key) else queries.find_company(event.id, key)
    if company is None:
        raise NotFound
    return company


def slot_of(company: Company, key: str) -> MeetingSlot:
    slot = None if text_problem(key) else queries.find_slot(company.id, key)
    if slot is None:
        raise NotFound
    return slot


def request_of(event: Any, key: str) -> MeetingRequest:
    """One's own, or one to a company for which the viewer speaks."""
    request = None if text_problem(key) else queries.find_request(me(), event.id, key)
    if request is None:
        raise NotFound
    return request


def offer_free(form: AskForm, event: Any, slots: list[Any]) -> None:
    """The times that are free and to come, on the clock of the event."""
    now = clock.now()
    free = [slot for slot in slots if not slot.is_taken and slot.starts_at > now]
    is_one_day = len({day(slot.starts_at, event.zone) for slot in slots}) == 1
    form.offer([(slot.key, _in_words(slot, event.zone, is_one_day)) for slot in free])


def _in_words(slot: Any, zone: str, is_one_day: bool) -> str:
    """The hours, and the day where there are several."""
    hours = f"{clock_time(slot.starts_at, zone)}–{clock_time(slot.ends_at, zone)}"
    return hours if is_one_day else str(_("%(day)s, %(hours)s", day=day(slot.starts_at, zone), hours=hours))
