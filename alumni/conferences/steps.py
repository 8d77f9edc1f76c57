"""What both doors share: the event of an address, and what stands in it."""

from typing import Any

from alumni.conferences import policy, queries
from alumni.conferences.models import EventSession, Recommendation
from alumni.core.errors import NotFound, require
from alumni.events import queries as events_queries
from alumni.web.forms import text_problem
from alumni.web.gate import get_or_404, me


def event_of(slug: str) -> Any:
    """The event, if the viewer sees it."""
    return get_or_404(events_queries.event_page(me(), slug=slug))


def event_to_run(slug: str) -> Any:
    event = event_of(slug)
    require(policy.can_run(me(), event.id))
    return event


def session_of(event: Any, key: str) -> EventSession:
    session = None if text_problem(key) else queries.find_session(event.id, key)
    if session is None:
        raise NotFound
    return session


def recommendation_of(event: Any, key: str) -> Recommendation:
    """For who runs the event, and so may read it."""
    recommendation = None if text_problem(key) else queries.find_recommendation(event.id, key)
    if recommendation is None:
        raise NotFound
    return recommendation
