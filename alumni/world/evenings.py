"""An evening that returns every two weeks, held by two groups, to which people without an account come too."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from alumni.core import walltime
from alumni.core.db import db
from alumni.events.models import (
    Attendance,
    AttendanceState,
    Event,
    EventAudience,
    EventHost,
    EventKind,
    EventState,
    HostState,
    Mode,
    Series,
    searchable,
)
from alumni.groups.models import Group, GroupKind, Membership, MembershipState
from alumni.visitors.models import Visitor, VisitorState
from alumni.world.keys import key_of

DATES = 6
FORTNIGHT = timedelta(days=14)
ZONE = "Asia/Vientiane"
TITLE, PLACE = "Conversation evening in Japanese", "Japan Center, Vientiane"
VISITORS = (
    ("Latsamy Phommachanh", "LA", "en", VisitorState.GOING),
    ("山本 さくら", "JP", "ja", VisitorState.GOING),
    ("Duangchai", "TH", "en", VisitorState.ASKED),
)


def meet_in_the_evening(group_id: int, *, now: datetime) -> None:
    """Six dates of the group of the first cohort, with an association, where enough people are."""
    in_it = sa.select(Membership.account_id).where(
        Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE
    )
    people = list(db.session.scalars(in_it.order_by(Membership.account_id).limit(8)))
    association = sa.select(Group.id).where(Group.kind == GroupKind.ASSOCIATION, Group.archived_at.is_(None))
    partner_id = db.session.scalar(association.order_by(Group.sort_key, Group.id).limit(1))
    if len(people) < 8 or partner_id is None:
        return
    first = datetime.combine(walltime.wall_of(now, ZONE).date() + timedelta(days=12), time(18, 30))
    key = key_of("demo", "evenings")
    rule = f"FREQ=WEEKLY;INTERVAL=2;COUNT={DATES}"
    db.session.add(Series(key=key, rule=rule, wall_start=first, zone=ZONE, posted_by_id=people[0]))
    db.session.flush()
    for number in range(DATES):
        event = _evening(group_id, people, now, first + number * FORTNIGHT, number)
        agreed = {"state": HostState.AGREED, "asked_by_id": people[0], "asked_at": now - FORTNIGHT, "decided_at": now}
        db.session.add(EventHost(event_id=event.id, group_id=partner_id, **agreed))
        if number == 0:
            _welcome(event, now)
    db.session.flush()


def _evening(group_id: int, people: Sequence[int], now: datetime, start: datetime, number: int) -> Event:
    end, going = start + timedelta(hours=2), people[: 5 - number] if number < 5 else ()
    event = Event(
        slug=f"conversation-evening-{number + 1}-{key_of('demo', 'evening', str(number))}",
        group_id=group_id,
        posted_by_id=people[0],
        series_key=key_of("demo", "evenings"),
        series_start=start,
        title=TITLE,
        kind=EventKind.CULTURE,
        mode=Mode.IN_PERSON,
        place=PLACE,
        country="LA",
        description="Two hours at small tables, for every level. Tea is there; bring a word that you like.",
        audience=EventAudience.PUBLIC,
        state=EventState.PUBLISHED,
        co_hosts=1,
        takes_visitors=True,
        capacity=30,
        seats_taken=len(going),
        wall_start=start,
        wall_end=end,
        zone=ZONE,
        starts_at=walltime.instants(start, ZONE)[0],
        ends_at=walltime.instants(end, ZONE)[0],
        search_text=searchable(TITLE, PLACE),
        created_at=now - FORTNIGHT,
        updated_at=now - FORTNIGHT,
    )
    db.session.add(event)
    db.session.flush()
    for account_id in going:
        answered = {"state": AttendanceState.GOING, "answered_at": now - timedelta(days=3)}
        db.session.add(Attendance(event_id=event.id, account_id=account_id, **answered))
    return event


def _welcome(event: Event, now: datetime) -> None:
    for number, (name, country, language, state) in enumerate(VISITORS):
        visitor = Visitor(
            key=key_of("demo", "visitor", str(number)),
            event_id=event.id,
            email=f"visitor{number + 1}@demo.example",
            name=name,
            country=country,
            language=language,
            state=state,
            asked_at=now - timedelta(days=2),
            answered_at=now - timedelta(days=1) if state == VisitorState.GOING else None,
        )
        db.session.add(visitor)
        event.seats_taken += state == VisitorState.GOING
