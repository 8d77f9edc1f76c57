"""What people are told about events by mail, each in their own language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alumni.core import mail
from alumni.core.db import db
from alumni.core.jobs import enqueue
from alumni.events import queries
from alumni.events.models import Event, EventHost, HostState
from alumni.groups.models import Group

TELL_GOING = "events.tell_going"  # one job in the transaction of the change, however many are going

TELL_OF_EVENT = "events.tell"  # the job that tells those of the group who want to know at once


def tell_of_event(event: Event) -> None:
    if event.group_id is not None:
        enqueue(TELL_OF_EVENT, about=event.slug)


def tell_going_of_change(event: Event, *, moved_from: datetime | None, asks_again: bool) -> None:
    """The time or the place is another. `moved_from` is the start as it was, if that changed."""
    was = moved_from.isoformat() if moved_from else ""
    _tell_going("events/changed", event, moved_from=was, asks_again=asks_again)


def tell_going_of_cancellation(event: Event) -> None:
    _tell_going("events/cancelled", event, reason=event.cancelled_because)


def tell_of_seat(event: Any, account_id: int, *, until: datetime | None) -> None:
    """Whoever waited has a seat, or is offered one until a moment."""
    if until:
        mail.post("events/offered", to=account_id, **_facts(event), until=until.isoformat())
    else:
        mail.post("events/seat", to=account_id, **_facts(event))


def tell_of_fewer_seats(event: Any, account_id: int) -> None:
    """Whoever had seats is the first in line again: there are fewer now."""
    mail.post("events/back_in_line", to=account_id, **_facts(event))


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


def tell_series_of_change(event: Event, event_ids: Sequence[int], *, asks_again: bool) -> None:
    """Dates from this one on are another: one letter to each who comes to any of them."""
    facts = {"series": event.series_key, "asks_again": asks_again}
    _tell_going("events/series_changed", event, event_ids=event_ids, **facts)


def tell_series_of_cancellation(event: Event, event_ids: Sequence[int]) -> None:
    facts = {"series": event.series_key, "reason": event.cancelled_because}
    _tell_going("events/series_cancelled", event, event_ids=event_ids, **facts)


def tell_organisers_of_hosting(event: Event, group: Group) -> None:
    """Another group asks theirs to hold an event together."""
    facts = {**_facts(event), "group": group.name, "group_slug": group.slug, "by_group": _name_of(event.group_id)}
    for account_id in db.session.scalars(queries.ids_of_organisers(group.id)):
        mail.post("events/hosting_asked", to=account_id, **facts)


def tell_of_hosting_answer(hosting: EventHost, event: Event, group: Group) -> None:
    if hosting.asked_by_id:
        agreed = hosting.state == HostState.AGREED
        mail.post("events/hosting_answered", to=hosting.asked_by_id, **_facts(event), group=group.name, agreed=agreed)


def _name_of(group_id: int | None) -> str:
    group = db.session.get(Group, group_id) if group_id else None
    return group.name if group else ""


def _tell_going(template: str, event: Event, *, event_ids: Sequence[int] = (), **facts: Any) -> None:
    ids = list(event_ids) or [event.id]
    enqueue(TELL_GOING, template=template, event_ids=ids, facts={**_facts(event), **facts})


def tell_each_who_comes(template: str, event_ids: Sequence[int], facts: dict[str, Any]) -> None:
    for account_id in db.session.scalars(queries.ids_of_coming(event_ids)):
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
