"""Posting, changing, publishing and calling off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock, walltime
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.places import zones
from alumni.core.text import slugify
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised
from alumni.events import notices, policy
from alumni.events.actions import seats
from alumni.events.models import (
    Event,
    EventAudience,
    EventKind,
    EventState,
    Mode,
    Precision,
    searchable,
)
from alumni.events.queries import LONGEST
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group


class EventOver(DomainError):
    """It has taken place."""


class EventCancelled(DomainError):
    """It was called off."""


class EventNotPublished(DomainError):
    """It is only proposed: nobody can answer yet."""


class EventAlreadyPublished(DomainError):
    """There is nothing left to publish."""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What somebody entered. Times are wall times in `zone`, or instants where they carry an offset.

    `start_is_second` and `end_is_second` say which of two instants is meant where clocks go back; None: not said.
    """

    title: str
    kind: EventKind
    mode: Mode
    place: str
    country: str
    online_url: str
    start: datetime
    end: datetime
    zone: str
    capacity: int | None
    online_capacity: int | None
    audience: EventAudience
    description: str
    start_is_second: bool | None = None
    end_is_second: bool | None = None


def post_event(*, actor: Viewer, group: Group, draft: EventDraft, key: str) -> Event:
    """Organisers publish, members propose. The same key makes one event however often it is sent."""
    require(policy.can_post(actor, group.id), "insider")
    groups_actions.require_open(group)
    values = _values(draft)
    if values["starts_at"] <= clock.now():
        raise Invalid("starts_at", "past")
    is_published = policy.can_publish(actor, group.id)
    values |= {
        "group_id": group.id,
        "posted_by_id": actor.id,
        "state": EventState.PUBLISHED if is_published else EventState.PROPOSED,
        "precision": Precision.MINUTE,
    }
    event, is_new = _insert_once(actor, key, values)
    if is_new and not is_published:
        notices.tell_organisers_of_proposal(event)
    return event


def _insert_once(actor: Viewer, key: str, values: dict[str, Any]) -> tuple[Event, bool]:
    while True:
        slug = "-".join(filter(None, (slugify(values["title"]), key)))
        is_new = insert_or_ignore(Event, values | {"slug": slug, "once": key})
        event = db.session.scalar(sa.select(Event).where(Event.once == key, Event.posted_by_id == actor.id))
        if event is not None:
            return event, is_new
        key = new_key()  # the key or the address belongs to an event of somebody else


def _values(draft: EventDraft) -> dict[str, Any]:
    """The columns that a draft fills, instants derived. Raises Invalid at the field that no clock can show."""
    if draft.zone not in zones():
        raise Invalid("zone", "zone")
    starts_at = promised(draft.start, draft.zone, field="starts_at", is_second=draft.start_is_second)
    ends_at = promised(draft.end, draft.zone, field="ends_at", is_second=draft.end_is_second)
    if ends_at <= starts_at:
        raise Invalid("ends_at", "ends-before-start")
    if ends_at - starts_at > LONGEST:
        raise Invalid("ends_at", "too-long", most=LONGEST.days)
    return {
        "title": draft.title,
        "kind": draft.kind,
        "mode": draft.mode,
        "place": draft.place,
        "country": draft.country,
        "online_url": draft.online_url,
        "wall_start": walltime.wall_of(starts_at, draft.zone),
        "wall_end": walltime.wall_of(ends_at, draft.zone),
        "zone": draft.zone,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "capacity": draft.capacity,
        "online_capacity": draft.online_capacity if draft.mode == Mode.HYBRID else None,
        "audience": draft.audience,
        "description": draft.description,
    }


def edit_event(*, actor: Viewer, event: Event, draft: EventDraft) -> Event:
    """Changes an event; whoever is going is told when the time or the place is another."""
    require(policy.can_edit(actor, event))
    if _is_cancelled(event):
        raise EventCancelled
    values = _values(draft)
    changed = {name: value for name, value in values.items() if getattr(event, name) != value}
    if not changed:
        return event
    now = clock.now()
    if "starts_at" in changed and values["starts_at"] <= now:
        raise Invalid("starts_at", "past")
    moved_from = event.starts_at if changed.keys() & {"starts_at", "ends_at", "zone"} else None
    is_elsewhere = bool(changed.keys() & {"mode", "place", "country", "online_url"})
    # The last word on the seats is the database's: somebody may be answering at this moment.
    promised = (Event.seats_taken, draft.capacity), (Event.online_taken, values["online_capacity"])
    has_room = [taken <= seats for taken, seats in promised if seats is not None]
    if draft.mode != Mode.HYBRID:
        has_room.append(Event.online_taken + Event.online_waiting == 0)
    is_written = _update(
        event,
        sa.and_(Event.state == event.state, *has_room),
        **changed,
        search_text=searchable(draft.title, draft.place, event.host),
        revision=Event.revision + 1,
        updated_at=now,
    )
    db.session.refresh(event)
    if not is_written:
        raise _why_not_changed(event, draft)
    for is_online in (False, True):
        seats.fill(event.id, is_online=is_online)
    _record_for_others(actor, "event.edit", event, fields=sorted(changed))
    if event.state == EventState.PUBLISHED and event.ends_at > now and (moved_from or is_elsewhere):
        notices.tell_going_of_change(event, moved_from=moved_from if moved_from != event.starts_at else None)
    return event


def _why_not_changed(event: Event, draft: EventDraft) -> DomainError:
    """What stood against a change, as it is now."""
    if _is_cancelled(event):
        return EventCancelled()
    if draft.mode != Mode.HYBRID and event.online_taken + event.online_waiting:
        return Invalid("mode", "online-promised", going=event.online_taken + event.online_waiting)
    if draft.capacity is not None and event.seats_taken > draft.capacity:
        return Invalid("capacity", "seats-promised", going=event.seats_taken)
    return Invalid("online_capacity", "seats-promised", going=event.online_taken)


def _is_cancelled(event: Event) -> bool:
    return event.state == EventState.CANCELLED


def _update(event: Event | Any, where: sa.ColumnElement[bool], **values: Any) -> bool:
    """Changes the row if it still is as `where` says; True when it was."""
    changed = sa.update(Event).where(Event.id == event.id, where).values(**values)
    result: Any = db.session.execute(changed.execution_options(synchronize_session=False))
    return bool(result.rowcount)


def _record_for_others(actor: Viewer, action: str, event: Event, *, reason: str = "", **facts: Any) -> None:
    """The log is for what is done to the things of somebody else."""
    if event.posted_by_id != actor.id:
        audit.record(actor, action, f"event:{event.slug}", reason=reason, **facts)


def publish_event(*, actor: Viewer, event: Event) -> Event:
    """A proposal becomes an event."""
    require(policy.can_decide(actor, event))
    now = clock.now()
    is_open = sa.and_(Event.state == EventState.PROPOSED, Event.ends_at > now)
    is_written = _update(event, is_open, state=EventState.PUBLISHED, revision=Event.revision + 1, updated_at=now)
    db.session.refresh(event)
    if not is_written:
        raise {EventState.PUBLISHED: EventAlreadyPublished, EventState.CANCELLED: EventCancelled}.get(
            event.state, EventOver
        )
    _record_for_others(actor, "event.publish", event)
    if event.posted_by_id != actor.id:
        notices.tell_proposer_of_publication(event)
    return event


def cancel_event(*, actor: Viewer, event: Event, reason: str) -> Event:
    """It will not take place. Answers are kept; whoever is going is told why."""
    require(policy.can_cancel(actor, event))
    was = EventState(event.state)
    now = clock.now()
    is_ahead = sa.and_(Event.state == was, Event.state != EventState.CANCELLED, Event.ends_at > now)
    changed = {"state": EventState.CANCELLED, "cancelled_because": reason, "updated_at": now}
    is_written = _update(event, is_ahead, **changed, revision=Event.revision + 1)
    db.session.refresh(event)
    if not is_written:
        raise EventOver if event.ends_at <= now else EventCancelled
    _record_for_others(actor, "event.cancel", event, reason=reason)
    if was == EventState.PUBLISHED:
        notices.tell_going_of_cancellation(event)
    elif event.posted_by_id != actor.id:
        notices.tell_proposer_of_cancellation(event)
    return event
