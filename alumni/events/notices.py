"""What people are told about events by mail, each in their own language."""

from datetime import datetime
from typing import Any

from alumni.core import mail
from alumni.core.db import db
from alumni.core.jobs import enqueue
from alumni.events import queries
from alumni.events.models import Event

TELL_GOING = "events.tell_going"  # one job in the transaction of the change, however many are going


def tell_going_of_change(event: Event, *, moved_from: datetime | None) -> None:
    """The time or the place is another. `moved_from` is the start as it was, if that changed."""
    _tell_going("events/changed", event, moved_from=moved_from.isoformat() if moved_from else "")


def tell_going_of_cancellation(event: Event) -> None:
    _tell_going("events/cancelled", event, reason=event.cancelled_because)


def tell_of_seat(event: Any, account_id: int, *, until: datetime | None) -> None:
    """Whoever waited has a seat, or is offered one until a moment."""
    if until:
        mail.post("events/offered", to=account_id, **_facts(event), until=until.isoformat())
    else:
        mail.post("events/seat", to=account_id, **_facts(event))


def tell_organisers_of_proposal(event: Event) -> None:
    """A member proposed it; it waits for them."""
    if event.group_id is None:
        return
    for account_id in db.session.scalars(queries.ids_of_organisers(event.group_id)):
        mail.post("events/proposed", to=account_id, **_facts(event))


def tell_proposer_of_publication(event: Event) -> None:
    if event.posted_by_id:
        mail.post("events/published", to=event.posted_by_id, **_facts(event))


def tell_proposer_of_cancellation(event: Event) -> None:
    """What was only proposed will not take place."""
    if event.posted_by_id:
        mail.post("events/declined", to=event.posted_by_id, **_facts(event), reason=event.cancelled_because)


def _tell_going(template: str, event: Event, **facts: str) -> None:
    enqueue(TELL_GOING, template=template, event_id=event.id, facts={**_facts(event), **facts})


def tell_each_who_comes(template: str, event_id: int, facts: dict[str, Any]) -> None:
    for account_id in db.session.scalars(queries.ids_of_coming(event_id)):
        mail.post(template, to=account_id, **facts)


def _facts(event: Any) -> dict[str, Any]:
    """As it was when it was decided: plain values, put into words when the letter is written."""
    return {
        "title": event.title,
        "slug": event.slug,
        "starts": event.starts_at.isoformat(),
        "event_zone": event.zone,
        "place": event.place,
    }
