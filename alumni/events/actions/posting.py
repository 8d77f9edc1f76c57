"""Posting, changing, publishing and calling off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock, walltime
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import ChangedMeanwhile, DomainError, Invalid, require
from alumni.core.places import zones
from alumni.core.text import slugify
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised
from alumni.events import notices, policy, queries
from alumni.events.actions import seats
from alumni.events.models import (
    Attendance,
    AttendanceState,
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

ASK_AGAIN_FROM = timedelta(minutes=15)  # a start that moves by more than this


class EventOver(DomainError):
    """It has taken place."""


class EventCancelled(DomainError):
    """It was called off."""


class EventNotPublished(DomainError):
    """It is only proposed: nobody can answer yet."""


class EventAlreadyPublished(DomainError):
    """There is nothing left to publish."""


TELL_OF_EVENT = notices.TELL_OF_EVENT


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


def post_event(*, actor: Viewer, group: Group, draft: EventDraft, key: str, is_kept_back: bool = False) -> Event:
    """Organisers publish, members propose. The same key makes one event however often it is sent.

    `is_kept_back`: an organiser publishes it later; until then organisers alone see it.
    """
    require(policy.can_post(actor, group.id), "insider")
    groups_actions.require_open(group)
    values = values_of_draft(draft)
    if values["starts_at"] <= clock.now():
        raise Invalid("starts_at", "past")
    state = state_of_new(actor, group, is_kept_back=is_kept_back)
    values |= {"group_id": group.id, "posted_by_id": actor.id, "state": state}
    event, is_new = insert_once(actor, key, values)
    if is_new and state == EventState.PROPOSED and not is_kept_back:
        notices.tell_organisers_of_proposal(event)
    elif is_new and state == EventState.PUBLISHED:
        notices.tell_of_event(event)
    return event


def state_of_new(actor: Viewer, group: Group, *, is_kept_back: bool) -> EventState:
    organises = policy.can_publish(actor, group.id)
    return EventState.PUBLISHED if organises and not is_kept_back else EventState.PROPOSED


def insert_once(actor: Viewer, key: str, values: dict[str, Any]) -> tuple[Event, bool]:
    """The event of this key, and whether it is new. A key of somebody else's event becomes another one."""
    while True:
        slug = "-".join(filter(None, (slugify(values["title"]), key)))
        is_new = insert_or_ignore(Event, values | {"slug": slug, "once": key})
        event = db.session.scalar(sa.select(Event).where(Event.once == key, Event.posted_by_id == actor.id))
        if event is not None:
            return event, is_new
        key = new_key()  # the key or the address belongs to an event of somebody else


def values_of_draft(draft: EventDraft) -> dict[str, Any]:
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
        "precision": Precision.MINUTE,
        "capacity": draft.capacity,
        "online_capacity": draft.online_capacity if draft.mode == Mode.HYBRID else None,
        "audience": draft.audience,
        "description": draft.description,
    }


def edit_event(
    *, actor: Viewer, event: Event, draft: EventDraft, back: Collection[str] = (), seen: int | None = None
) -> Event:
    """Changes an event; whoever is going is told when the time or the place is another."""
    change = change_event(actor=actor, event=event, draft=draft, back=back, seen=seen)
    if change is not None and change.is_told:
        notices.tell_going_of_change(event, moved_from=change.moved_from, asks_again=change.asks_again)
    return event


@dataclass(frozen=True, slots=True)
class Change:
    """What a change means to those who come."""

    is_told: bool
    moved_from: datetime | None = None  # the start as it was, if that is another now
    asks_again: bool = False


def change_event(
    *, actor: Viewer, event: Event, draft: EventDraft, back: Collection[str] = (), seen: int | None = None
) -> Change | None:
    """Writes what is another now, and tells nobody yet. None: nothing is.

    `back`: handles of those who go back in front of the line, because there are fewer seats than were promised.
    `seen`: the revision that the actor had before them. Raises ChangedMeanwhile where it is another by now.
    """
    require(policy.can_edit(actor, event))
    if _is_cancelled(event):
        raise EventCancelled
    if seen is not None and seen != event.revision:
        raise ChangedMeanwhile
    values = values_of_draft(draft)
    changed = {name: value for name, value in values.items() if getattr(event, name) != value}
    if not changed:
        return None
    if back:
        _send_back(actor, event, back)
    now = clock.now()
    if "starts_at" in changed and values["starts_at"] <= now:
        raise Invalid("starts_at", "past")
    started_at = event.starts_at
    revision = event.revision
    is_written = _update(
        event,
        sa.and_(Event.state == event.state, Event.revision == event.revision, *_has_room(draft)),
        **changed,
        search_text=searchable(draft.title, draft.place, event.host),
        revision=Event.revision + 1,
        updated_at=now,
    )
    db.session.refresh(event)
    if not is_written:
        raise ChangedMeanwhile if event.revision != revision else _why_not_changed(event, draft)
    for is_online in (False, True):
        seats.fill(event.id, is_online=is_online)
    _record_for_others(actor, "event.edit", event, fields=sorted(changed))
    when_or_where = {"starts_at", "ends_at", "zone", "mode", "place", "country", "online_url"}
    if event.state != EventState.PUBLISHED or event.ends_at <= now or not changed.keys() & when_or_where:
        return Change(is_told=False)
    is_moved = abs(event.starts_at - started_at) > ASK_AGAIN_FROM
    asks_again = is_moved or bool(changed.keys() & {"place", "country", "mode"})
    if asks_again:
        _ask_again(event, now)
    was = started_at if started_at != event.starts_at else None
    return Change(is_told=True, moved_from=was, asks_again=asks_again)


def _has_room(draft: EventDraft) -> list[sa.ColumnElement[bool]]:
    """The last word on the seats is the database's: somebody may be answering at this moment."""
    online = draft.online_capacity if draft.mode == Mode.HYBRID else None
    promised = (Event.seats_taken, draft.capacity), (Event.online_taken, online)
    has_room = [taken <= seats for taken, seats in promised if seats is not None]
    if draft.mode != Mode.HYBRID:
        has_room.append(Event.online_taken + Event.online_waiting == 0)
    return has_room


def _send_back(actor: Viewer, event: Event, handles: Collection[str]) -> None:
    """Each of them keeps their turn: whoever answered first is the first of them in line, and they are told."""
    require(policy.can_run(actor, event.id), "organiser")
    seats.hold(event.id)
    for row in db.session.execute(queries.holders_of_seats(actor, event.id)).all():
        if row.handle in handles and seats.back_to_line(event.id, row.account_id):
            audit.record(actor, "attendance.back", f"event:{event.slug}", member=row.handle)
            notices.tell_of_fewer_seats(event, row.account_id)


def _ask_again(event: Event, now: datetime) -> None:
    """Whoever comes said so to another time or place: they are asked whether they still do."""
    going = sa.and_(Attendance.event_id == event.id, Attendance.state == AttendanceState.GOING)
    asked = sa.update(Attendance).where(going).values(asked_again_at=now)
    db.session.execute(asked.execution_options(synchronize_session=False))


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
    publish(actor=actor, event=event)
    notices.tell_of_event(event)
    if event.posted_by_id != actor.id:
        notices.tell_proposer_of_publication(event)
    return event


def publish(*, actor: Viewer, event: Event) -> None:
    """The same, and nobody is told yet."""
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


def cancel_event(*, actor: Viewer, event: Event, reason: str) -> Event:
    """It will not take place. Answers are kept; whoever is going is told why."""
    if call_off(actor=actor, event=event, reason=reason):
        notices.tell_going_of_cancellation(event)
    elif event.posted_by_id != actor.id:
        notices.tell_proposer_of_cancellation(event)
    return event


def call_off(*, actor: Viewer, event: Event, reason: str) -> bool:
    """The same, and nobody is told yet. True if it was published."""
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
    return was == EventState.PUBLISHED
