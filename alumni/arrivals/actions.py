"""Noting who came, and taking it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alumni.arrivals import policy, queries
from alumni.arrivals.models import Arrival
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer


class DoorClosed(DomainError):
    """Nobody is noted so long before an event, or so long after it."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was noted at the door. `handle`: a member who had answered; else others, by name or by number.

    `people`: how many came; None: a member with all the guests of the answer.
    """

    handle: str = ""
    name: str = ""
    country: str = ""
    people: int | None = None
    at: datetime | None = None


def note_arrival(*, actor: Viewer, event: Any, note: Note, once: str) -> Arrival:
    """Somebody came. Whoever is noted twice came once, at the earlier time. Raises DoorClosed, Invalid("who")."""
    require(policy.can_keep_door(actor, event.id), "organiser")
    now = clock.now()
    if not policy.is_open(event, now):
        raise DoorClosed
    at = min(max(note.at or now, event.starts_at - policy.OPENS), now)
    facts = {"key": new_key(), "event_id": event.id, "once": once, "account_id": None, "name": note.name}
    facts |= {"country": note.country, "people": note.people or 1}
    if note.handle:
        coming = queries.find_coming(event.id, note.handle)
        if coming is None:
            raise Invalid("who", "not-expected")
        facts |= {"account_id": coming.account_id, "name": "", "people": min(note.people or coming.party, 10)}
    is_new = insert_or_ignore(Arrival, facts | {"arrived_at": at, "noted_at": now, "noted_by_id": actor.id})
    arrival = queries.find_arrival(event.id, once=once)
    if arrival is None:
        arrival = queries.find_arrival(event.id, account_id=facts["account_id"])
    if arrival is None:
        raise NotFound
    if is_new:
        audit.record(actor, "arrival.note", f"event:{event.slug}", member=note.handle, people=facts["people"])
    elif at < arrival.arrived_at:
        arrival.arrived_at = at
        db.session.flush()
    return arrival


def take_back(*, actor: Viewer, event: Any, key: str) -> None:
    """They were noted by mistake."""
    require(policy.can_keep_door(actor, event.id), "organiser")
    if not policy.is_open(event, clock.now()):
        raise DoorClosed
    arrival = queries.find_arrival(event.id, key=key)
    if arrival is None:
        raise NotFound
    db.session.delete(arrival)
    db.session.flush()
    audit.record(actor, "arrival.take-back", f"event:{event.slug}", people=arrival.people)
