"""A student conference and a networking fair in the group of the first cohort, both to come."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.conferences.models import EventSession, Handover, Recommendation, RecommendationState, SessionChoice
from alumni.core import walltime
from alumni.core.db import db
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, EventKind, Mode, searchable
from alumni.fairs.models import Company, MeetingRequest, MeetingSlot, RequestState
from alumni.groups.models import Membership, MembershipState
from alumni.teams.models import Team, TeamMember, TeamRound
from alumni.world.keys import key_of

DAY = timedelta(days=1)
ZONE = "Asia/Tokyo"
# Day, from, to, what, who, where, seats.
SESSIONS = (
    (0, "09:30", "10:30", "Opening: what we learned from each other", "Professor Tanaka Yuki", "Main hall", None),
    (0, "11:00", "12:30", "Cities and water", "Somphone Keo, Sato Mei", "Room 1", 20),
    (0, "11:00", "12:30", "Schools after the flood", "Nguyen Thi Lan", "Room 2", 12),
    (0, "11:30", "13:00", "Old crafts, new shops", "Suzuki Ken", "Room 3", None),
    (0, "14:00", "17:00", "Topic groups write their papers", "", "Rooms 1 to 4", None),
    (1, "09:30", "11:00", "The papers are presented", "", "Main hall", None),
    (1, "11:15", "12:15", "A visit to the disaster learning centre", "Meet at the gate", "Gate", 15),
    (1, "11:15", "12:15", "How to write to a ministry", "Aung Min", "Room 1", None),
    (1, "15:00", "16:30", "Declaration of Action", "", "Main hall", None),
)
RECOMMENDATIONS = (
    (
        "Every school near a river *measures its rain*, and the town publishes the numbers.",
        RecommendationState.HANDED_OVER,
    ),
    (
        "Exchange students write one page for the town that hosted them, and the town answers.",
        RecommendationState.ADOPTED,
    ),
    (
        "A fund of small grants, up to 1,000 US dollars, for projects of alumni under thirty.",
        RecommendationState.DRAFTED,
    ),
)
COMPANIES = (
    (
        "Hikari Denki",
        "JP",
        "Energy",
        "Engineers for solar fields in the Mekong countries.",
        "Japanese, English",
        "Table 1",
    ),
    (
        "Sora Foods",
        "JP",
        "Food",
        "People who know markets and taste, and write in Thai or Vietnamese.",
        "English",
        "Table 2",
    ),
    ("Mekong Logistics", "LA", "Transport", "A bridge to Japanese partners.", "Lao, English, Japanese", "Table 3"),
    ("Care Nagoya", "JP", "Nursing", "Trainers for our new home in Hanoi.", "Japanese, Vietnamese", "Table 4"),
)


def gather(group_id: int, *, now: datetime) -> None:
    in_it = sa.select(Membership.account_id).where(
        Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE
    )
    people = list(db.session.scalars(in_it.order_by(Membership.account_id).limit(16)))
    if len(people) < 8:
        return
    _confer(group_id, people, now)
    _meet(group_id, people, now)


def _event(group_id: int, people: Sequence[int], now: datetime, name: str, **values: Any) -> Event:
    """For everybody, and most of these people are going."""
    going = people[: len(people) * 3 // 4]
    event = Event(
        slug=f"{name}-{key_of('demo', name)}",
        group_id=group_id,
        posted_by_id=people[0],
        audience=EventAudience.PUBLIC,
        mode=Mode.IN_PERSON,
        country="JP",
        zone=ZONE,
        seats_taken=len(going),
        search_text=searchable(values["title"], values["place"]),
        starts_at=_instant(values["wall_start"]),
        ends_at=_instant(values["wall_end"]),
        created_at=now - 20 * DAY,
        updated_at=now - 20 * DAY,
        **values,
    )
    db.session.add(event)
    db.session.flush()
    for account_id in going:
        ids = {"event_id": event.id, "account_id": account_id}
        db.session.add(Attendance(**ids, state=AttendanceState.GOING, answered_at=now - 10 * DAY))
    db.session.flush()
    return event


def _instant(wall: datetime) -> datetime:
    return walltime.instants(wall, ZONE)[0]


def _confer(group_id: int, people: Sequence[int], now: datetime) -> None:
    first = walltime.wall_of(now, ZONE).date() + 40 * DAY
    event = _event(
        group_id,
        people,
        now,
        "student-conference",
        title="Student Conference: towns that learn",
        kind=EventKind.CONFERENCE,
        place="University hall, Kobe",
        description="Two days. The papers of the topic groups become our *Declaration of Action*.",
        wall_start=datetime.combine(first, time(9)),
        wall_end=datetime.combine(first + DAY, time(17)),
    )
    made = {"created_at": now - 15 * DAY, "updated_at": now - 15 * DAY}
    for number, (day, start, end, title, speakers, room, capacity) in enumerate(SESSIONS):
        times = [_instant(datetime.combine(first + day * DAY, time.fromisoformat(text))) for text in (start, end)]
        chose = people[1:4] if capacity else ()
        session = EventSession(
            key=key_of("demo", "session", str(number)),
            event_id=event.id,
            title=title,
            speakers=speakers,
            room=room,
            starts_at=times[0],
            ends_at=times[1],
            capacity=capacity,
            seats_taken=len(chose) if number in (1, 6) else 0,
            **made,
        )
        db.session.add(session)
        db.session.flush()
        for account_id in chose if number in (1, 6) else ():
            db.session.add(SessionChoice(session_id=session.id, account_id=account_id, chosen_at=now - 5 * DAY))
    _recommend(event, _topic_group(event, people, now), now)


def _recommend(event: Event, team_id: int, now: datetime) -> None:
    for number, (text, state) in enumerate(RECOMMENDATIONS, 1):
        recommendation = Recommendation(
            key=key_of("demo", "recommendation", str(number)),
            event_id=event.id,
            number=number,
            text=text,
            state=state,
            team_id=team_id if number == 1 else None,
            made_at=now - 6 * DAY,
            updated_at=now - 2 * DAY,
        )
        db.session.add(recommendation)
        db.session.flush()
        if state == RecommendationState.HANDED_OVER:
            facts = {"addressee": "The mayor of Kobe", "handed_by": "The chair of the conference", "remark": ""}
            day = (now - 2 * DAY).date().isoformat()
            key = key_of("demo", "handover")
            db.session.add(Handover(key=key, recommendation_id=recommendation.id, handed_on=day, **facts))


def _topic_group(event: Event, people: Sequence[int], now: datetime) -> int:
    facts = {"title": "Papers of the topic groups", "task": "Four pages.", "zone": ZONE, "size": 8}
    made = {"made_by_id": people[0], "made_at": now - 15 * DAY, "deadline_at": event.starts_at - DAY}
    made_round = TeamRound(key=key_of("demo", "topics"), event_id=event.id, **facts, **made)
    db.session.add(made_round)
    db.session.flush()
    team = Team(
        key=key_of("demo", "topic"),
        round_id=made_round.id,
        name="Water",
        topic="What a town can do before the river comes",
        chair_id=people[1],
        people=3,
        made_at=now - 14 * DAY,
    )
    db.session.add(team)
    db.session.flush()
    for account_id in people[1:4]:
        db.session.add(TeamMember(round_id=made_round.id, account_id=account_id, team_id=team.id))
    return team.id


def _meet(group_id: int, people: Sequence[int], now: datetime) -> None:
    day = walltime.wall_of(now, ZONE).date() + 25 * DAY
    event = _event(
        group_id,
        people,
        now,
        "networking-fair",
        title="Networking fair: Japan and the Mekong",
        kind=EventKind.FAIR,
        place="City hall, Nagoya",
        description="Companies have a table each. Ask for a time, and say what you would like to talk about.",
        wall_start=datetime.combine(day, time(10)),
        wall_end=datetime.combine(day, time(16)),
    )
    for number, (name, country, sector, looks_for, languages, stand) in enumerate(COMPANIES):
        company = Company(
            key=key_of("demo", "company", str(number)),
            event_id=event.id,
            name=name,
            country=country,
            sector=sector,
            looks_for=looks_for,
            languages=languages,
            stand=stand,
            contact_id=people[4] if number == 0 else None,
            made_at=now - 15 * DAY,
        )
        db.session.add(company)
        db.session.flush()
        _times(event, company, people, now, has_requests=number == 0)


def _times(event: Event, company: Company, people: Sequence[int], now: datetime, *, has_requests: bool) -> None:
    """Two hours by the quarter; of the first two, one is agreed and one is asked for."""
    for at in range(8):
        starts_at = event.starts_at + timedelta(minutes=30 + 15 * at)
        slot = MeetingSlot(
            key=key_of("demo", "slot", company.key, str(at)),
            company_id=company.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=15),
        )
        db.session.add(slot)
        db.session.flush()
        if has_requests and at < 2:
            state = RequestState.ACCEPTED if at == 0 else RequestState.ASKED
            db.session.add(
                MeetingRequest(
                    key=key_of("demo", "request", str(at)),
                    slot_id=slot.id,
                    account_id=people[at + 1],
                    note="I work with solar pumps, and would like to hear how you train people.",
                    state=state,
                    asked_at=now - 3 * DAY,
                    decided_at=now - 2 * DAY if at == 0 else None,
                )
            )
