"""How many came to an event, and from where: counted from what was noted at the door."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.arrivals.models import Arrival
from alumni.core.db import db
from alumni.events.models import Attendance, AttendanceState, Event
from alumni.groups.models import Group
from alumni.members import policy as members_policy
from alumni.members.models import Participation
from alumni.programmes.models import Programme
from alumni.reports.policy import LEAST_SHOWN
from alumni.visitors.models import Visitor, VisitorState

OTHERS = "others"  # a row in which few people of several countries or programmes are together


def count_people(event_id: int) -> dict[str, Any]:
    """The numbers of a report as plain JSON. `basis`: `came`, or `going` where nobody was noted at the door.

    Each person counts once: a graduate where they were sent from and with the programme of the event's group, else with
    the first in which they took part. Guests have no country, nor has whoever came without one being noted.
    """
    going = _going(event_id)
    arrived = db.session.execute(
        sa.select(Arrival.account_id, Arrival.people, Arrival.country).where(Arrival.event_id == event_id)
    ).all()
    people: Sequence[Any] = arrived or going
    sent = _sent(event_id, came=bool(arrived))
    countries: Counter[str] = Counter()
    programmes: Counter[tuple[str, str]] = Counter()
    for row in people:
        country, slug, short = sent.get(row.account_id, ("", "", "")) if row.account_id else (row.country, "", "")
        named = 1 if row.account_id else row.people
        countries[country] += named
        programmes[slug, short] += named
        if row.people > named:
            countries[""] += row.people - named
            programmes["", ""] += row.people - named
    members = [row for row in people if row.account_id]
    return {
        "basis": "came" if arrived else "going",
        "registered": sum(row.people for row in going),
        "total": sum(row.people for row in people),
        "members": len(members),
        "guests": sum(row.people - 1 for row in members),
        "others": sum(row.people for row in people if not row.account_id),
        "countries": [[code, count] for code, count in _largest_first(countries)],
        "programmes": [[slug, short, count] for (slug, short), count in _largest_first(programmes)],
    }


def _largest_first(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """What has no name last."""
    return sorted(counts.items(), key=lambda pair: (not pair[0] or pair[0] == ("", ""), -pair[1], pair[0]))


def _going(event_id: int) -> Sequence[Any]:
    """Members with their guests, and visitors as long as they are kept."""
    members = sa.select(Attendance.account_id, Attendance.party.label("people"), sa.literal("").label("country")).where(
        Attendance.event_id == event_id, Attendance.state == AttendanceState.GOING
    )
    visitors = sa.select(sa.null().label("account_id"), sa.literal(1).label("people"), Visitor.country).where(
        Visitor.event_id == event_id, Visitor.state == VisitorState.GOING
    )
    return [*db.session.execute(members), *db.session.execute(visitors)]


def _sent(event_id: int, *, came: bool) -> dict[int, tuple[str, str, str]]:
    """By account: the country that sent them, and the programme by which they are counted."""
    of_door = sa.select(Arrival.account_id).where(Arrival.event_id == event_id, Arrival.account_id.is_not(None))
    of_answers = sa.select(Attendance.account_id).where(
        Attendance.event_id == event_id, Attendance.state == AttendanceState.GOING
    )
    of_event = sa.select(sa.func.coalesce(Event.programme_id, Group.programme_id)).outerjoin_from(
        Event, Group, Group.id == Event.group_id
    )
    own = Participation.programme_id == of_event.where(Event.id == event_id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Participation.account_id, Participation.country, Programme.slug, Programme.short)
        .join(Programme, Programme.id == Participation.programme_id)
        .where(
            Participation.account_id.in_(of_door if came else of_answers),
            members_policy.counts(),
        )
        .order_by(sa.case((own, 0), else_=1), Participation.id)
    )
    found: dict[int, tuple[str, str, str]] = {}
    for row in rows:
        found.setdefault(row.account_id, (row.country, row.slug, row.short))
    return found


def shown_to_all(numbers: dict[str, Any]) -> dict[str, Any]:
    """The same without what would tell who somebody is: few people of a country or a programme are among others."""
    return numbers | {
        "countries": _together(numbers["countries"], [OTHERS]),
        "programmes": _together(numbers["programmes"], [OTHERS, ""]),
    }


def _together(rows: Sequence[Sequence[Any]], name: list[str]) -> list[list[Any]]:
    large = [list(row) for row in rows if row[-1] >= LEAST_SHOWN]
    rest = sum(row[-1] for row in rows if row[-1] < LEAST_SHOWN)
    return [*large, [*name, rest]] if rest else large
