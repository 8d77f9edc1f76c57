"""Those who are going, by the country that sent them, as far as they show it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from alumni.conferences.models import DelegationHead
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.events import queries as events_queries
from alumni.events.models import Attendance, AttendanceState
from alumni.members import policy as members_policy
from alumni.members.models import Listing, Participation

LEAST = 5  # people who hide the same country; as on the map of where members live
MOST = 2000  # people whose countries are looked at; beyond that a page of names helps nobody


@dataclass(slots=True)
class Delegation:
    """`country` is empty for those counted without one. `named`: those whom the viewer may see, heads first."""

    country: str
    people: int = 0
    named: list[Any] = field(default_factory=list)
    head: str = ""  # the handle of whoever leads it, if the viewer may see them


def delegations_of(viewer: Viewer, event_id: int) -> list[Delegation]:
    """Counted by what people show to those of the event, named as on the list of who is going.

    Whoever hides their country is counted with it only among others from there who hide it too, so that no count tells
    it; else, and where nobody knows it, without one. They are not named here.
    """
    shown = {row.account_id: _sent_from(row.programmes) for row in db.session.execute(_shown(event_id))}
    going = list(db.session.scalars(sa.select(Attendance.account_id).where(*_is_going(event_id)).limit(MOST)))
    found: dict[str, Delegation] = {}
    for country, people in _counted(event_id, going, shown).items():
        found[country] = Delegation(country, people)
    heads = dict(db.session.execute(_heads(event_id)).tuples().all())
    for person in events_queries.attendees(viewer, event_id=event_id).all():
        delegation = found.get(shown.get(person.account_id, ""))
        if delegation is None or not delegation.country:
            continue
        if heads.get(delegation.country) == person.account_id:
            delegation.head = person.handle
            delegation.named.insert(0, person)
        else:
            delegation.named.append(person)
    return list(found.values())


def _counted(event_id: int, going: list[int], shown: dict[int, str]) -> Counter[str]:
    counts = Counter(country for account_id in going if (country := shown.get(account_id, "")))
    hidden = {account_id for account_id in going if not shown.get(account_id)}
    took_part = dict(db.session.execute(_took_part(event_id)).tuples().all())
    for country, people in Counter(took_part.get(account_id, "") for account_id in hidden).items():
        counts[country if people >= LEAST else ""] += people
    return counts


def _is_going(event_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Attendance.event_id == event_id, Attendance.state == AttendanceState.GOING


def _shown(event_id: int) -> sa.Select[Any]:
    return (
        sa.select(Attendance.account_id, Listing.programmes)
        .join(Listing, sa.and_(Listing.account_id == Attendance.account_id, events_queries.named_among(event_id)))
        .where(*_is_going(event_id))
        .limit(MOST)
    )


def _took_part(event_id: int) -> sa.Select[Any]:
    """Who sent whom, by all that is verified; the latest comes last."""
    return (
        sa.select(Participation.account_id, Participation.country)
        .join(Attendance, Attendance.account_id == Participation.account_id)
        .where(*_is_going(event_id), members_policy.counts())
        .order_by(Participation.id)
    )


def _sent_from(programmes: list[dict[str, Any]]) -> str:
    """The country of the latest participation that is shown."""
    return next((str(part["country"]) for part in programmes if part.get("country")), "")


def _heads(event_id: int) -> sa.Select[Any]:
    return sa.select(DelegationHead.country, DelegationHead.account_id).where(DelegationHead.event_id == event_id)
