"""Plain functions that make rows. Each returns the row, flushed; the caller commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alumni.accounts.models import Account, AccountState
from alumni.claims.models import Case
from alumni.conferences.models import EventSession, Handover, Recommendation, RecommendationState
from alumni.core import clock
from alumni.core.db import db
from alumni.core.names import sort_key
from alumni.core.text import fold
from alumni.core.tokens import new_key
from alumni.elections.models import (
    Ballot,
    Candidate,
    CandidateState,
    Election,
    ElectionState,
    Outcome,
    RollEntry,
    Voted,
)
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from alumni.fairs.models import Company, MeetingRequest, MeetingSlot
from alumni.founding.models import Activity, Founder, FounderState, Founding, Fund, FundKind
from alumni.groups.models import (
    Group,
    GroupKind,
    GroupPath,
    JoinPolicy,
    Membership,
    MembershipState,
    Role,
    Tenure,
)
from alumni.mailing.models import QuietHours
from alumni.meetings.models import Delegation, Meeting, Minutes, Resolution, Seat, Series, Signature
from alumni.members.actions import rebuild_listings, refresh_listings
from alumni.members.models import Member, Participation, ParticipationState
from alumni.messages.models import Conversation, Message, Side
from alumni.officers.models import Agency, Mandate, MandateProgramme
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, CohortCountry, Direction, Family, Programme, ProgrammeKind
from alumni.rosters.models import RosterEntry

HOUR = timedelta(hours=1)


def add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


_is_crowd = False


@contextmanager
def crowd() -> Iterator[None]:
    """What is made inside is listed once, at the end and all together: much faster for more than a few people."""
    global _is_crowd
    _is_crowd = True
    try:
        yield
    finally:
        _is_crowd = False
    db.session.flush()
    list(rebuild_listings())


def _list(member: Member) -> None:
    if not _is_crowd:
        refresh_listings(member)


def make_account(email: str, **values: Any) -> Account:
    """Awake at every hour, so that letters do not wait for the morning of whoever runs the tests."""
    values = {"state": AccountState.ACTIVE, "confirmed_at": clock.now()} | values
    account: Account = add(Account(email=email, **values))
    add(QuietHours(account_id=account.id, starts=0, ends=0))
    return account


def make_member(name: str, *, email: str = "", account: dict[str, Any] | None = None, **values: Any) -> Member:
    """A person with an account; their listings are written as the product writes them."""
    email = email or f"{new_key()}@example.org"
    member = add(Member(account_id=make_account(email, **(account or {})).id, name=name, **values))
    _list(member)
    return member


def make_programme(slug: str = "jenesys2016", **values: Any) -> Programme:
    from sqlalchemy import select

    family = db.session.scalar(select(Family).where(Family.slug == "jenesys"))
    family = family or add(Family(slug="jenesys", name="JENESYS family"))
    values = {"kind": ProgrammeKind.EDITION, "name": slug.upper(), "short": slug.upper(), "year_from": 2016} | values
    return add(Programme(slug=slug, family_id=family.id, **values))


def make_cohort(programme: Programme, *, countries: dict[str, int | None] | None = None, **values: Any) -> Cohort:
    values = {
        "slug": f"cohort-{new_key()}",
        "title": "JENESYS2016 16th Batch",
        "year": 2016,
        "direction": Direction.INBOUND,
    } | values
    cohort = add(Cohort(programme_id=programme.id, **values))
    for country, count in (countries or {"LA": 21}).items():
        add(CohortCountry(cohort_id=cohort.id, country=country, head_count=count))
    return cohort


def make_group(name: str, *, kind: GroupKind = GroupKind.INTEREST, parent: Group | None = None, **values: Any) -> Group:
    values = {"slug": f"group-{new_key()}", "sort_key": sort_key(name), "join_policy": JoinPolicy.OPEN} | values
    group = add(Group(name=name, kind=kind, parent_id=parent.id if parent else None, **values))
    add(GroupPath(ancestor_id=group.id, descendant_id=group.id, depth=0))
    if parent is not None:
        above = db.session.query(GroupPath).filter(GroupPath.descendant_id == parent.id).all()
        for path in above:
            add(GroupPath(ancestor_id=path.ancestor_id, descendant_id=group.id, depth=path.depth + 1))
    return group


def make_cohort_group(cohort: Cohort, **values: Any) -> Group:
    values = {
        "join_policy": JoinPolicy.PARTICIPATION,
        "cohort_id": cohort.id,
        "programme_id": cohort.programme_id,
        "year": cohort.year,
    } | values
    return make_group(cohort.title, kind=GroupKind.COHORT, **values)


def join(
    member: Member, group: Group, *, organiser: bool = False, state: MembershipState = MembershipState.ACTIVE
) -> Membership:
    is_active = state == MembershipState.ACTIVE
    if is_active:
        group.members_count += 1
    if organiser:
        make_tenure(member, group)
    return add(
        Membership(
            account_id=member.account_id,
            group_id=group.id,
            state=state,
            joined_at=clock.now() if is_active else None,
        )
    )


def make_tenure(member: Member, group: Group, *, role: Role = Role.ORGANISER, **values: Any) -> Tenure:
    """A term that began yesterday and has no end."""
    ids = {"account_id": member.account_id, "group_id": group.id, "role": role}
    starts_on = (clock.now().date() - timedelta(days=1)).isoformat()
    return add(Tenure(**ids | {"starts_on": starts_on} | values))


def take_part(
    member: Member, cohort: Cohort, *, country: str = "LA", state: ParticipationState = ParticipationState.VERIFIED
) -> Participation:
    """A place in a cohort; a verified one shows in the listings, as the product writes them."""
    ids = {"account_id": member.account_id, "programme_id": cohort.programme_id, "cohort_id": cohort.id}
    participation = add(Participation(**ids, country=country, state=state))
    if state == ParticipationState.VERIFIED:
        db.session.get_one(Account, member.account_id).is_verified = True
        _list(member)
    return participation


def make_event(
    group: Group | None,
    *,
    starts_in: timedelta = timedelta(days=7),
    zone: str = "Asia/Vientiane",
    lasts: timedelta = timedelta(hours=2),
    **values: Any,
) -> Event:
    wall = (clock.now() + starts_in).astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0, second=0)
    values = {"title": "Reunion", "slug": f"event-{new_key()}", "audience": EventAudience.GROUP} | values
    start = values.pop("wall_start", wall)
    end = values.pop("wall_end", start + lasts)
    return add(
        Event(
            group_id=group.id if group else None,
            wall_start=start,
            wall_end=end,
            zone=zone,
            starts_at=_instant(start, zone),
            ends_at=_instant(end, zone),
            **values,
        )
    )


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def make_post(group: Group, author: Member, body: str = "Hello, everyone.", **values: Any) -> Post:
    return add(Post(group_id=group.id, author_id=author.account_id, body=body, **values))


def make_conversation(asker: Member, asked: Member, body: str = "Hello from the bus.", **values: Any) -> Conversation:
    low, high = sorted((asker.account_id, asked.account_id))
    made = add(Conversation(low_id=low, high_id=high, asker_id=asker.account_id, **values))
    for person in (asker, asked):
        add(Side(conversation_id=made.id, account_id=person.account_id, unread=int(person is asked)))
    add(Message(conversation_id=made.id, sender_id=asker.account_id, body=body))
    return made


def make_election(
    group: Group,
    officer: Member,
    *,
    opens_in: timedelta = timedelta(days=7),
    lasts: timedelta = timedelta(days=7),
    zone: str = "Asia/Vientiane",
    **values: Any,
) -> Election:
    """A president for a year. Who is in the group today may vote."""
    opens = (clock.now() + opens_in).astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    closes, today = opens + lasts, clock.now().date()
    values = {
        "title": "President",
        "term_from": today.isoformat(),
        "term_to": (today + timedelta(days=365)).isoformat(),
        "joined_by": (today + timedelta(days=1)).isoformat(),
        "quorum": 0,
        "officer_id": officer.account_id,
        "officer_name": officer.name,
    } | values
    moments = {"wall_opens": opens, "wall_closes": closes, "zone": zone}
    instants = {"opens_at": _instant(opens, zone), "closes_at": _instant(closes, zone)}
    return add(Election(group_id=group.id, **moments, **instants, **values))


def make_candidate(election: Election, member: Member, **values: Any) -> Candidate:
    values = {"name": member.name, "state": CandidateState.STANDING} | values
    return add(Candidate(election_id=election.id, account_id=member.account_id, **values))


def make_elections(group: Group, officer: Member, candidate: Member) -> dict[str, str]:
    """One for which people stand, one in which they vote, one that is counted: their keys, and that of a candidate."""
    announced = make_election(group, officer)
    standing = make_candidate(announced, candidate, statement="I listen.")
    voting = make_election(group, officer, opens_in=timedelta(hours=-1), state=ElectionState.OPEN, roll_count=2)
    make_candidate(voting, candidate)
    over = {"opens_in": timedelta(days=-9), "state": ElectionState.COUNTED, "outcome": Outcome.ELECTED}
    counted = make_election(group, officer, **over, roll_count=2, cast_count=1, counted_at=clock.now())
    elected = make_candidate(counted, candidate, votes=1, is_elected=True)
    for election in (voting, counted):
        for person in (officer, candidate):
            add(RollEntry(election_id=election.id, account_id=person.account_id))
    add(Voted(election_id=counted.id, account_id=officer.account_id))
    add(Ballot(id=7, election_id=counted.id, candidate_id=elected.id, receipt="0f" * 32))
    return {"election": announced.key, "candidate": standing.key, "vote": voting.key, "counted": counted.key}


def make_founding(starter: Member, **values: Any) -> Founding:
    """Begun in Laos by somebody who founds it."""
    values = {"name": "JENESYS Alumni of Laos", "country": "LA", "purpose": "To **meet**."} | values
    founding = add(Founding(started_by_id=starter.account_id, **values))
    found_along(founding, starter, address="1 River Road")
    return founding


def found_along(founding: Founding, member: Member, **values: Any) -> Founder:
    values = {"state": FounderState.CONFIRMED, "name": member.name, "confirmed_at": clock.now()} | values
    return add(Founder(founding_id=founding.id, account_id=member.account_id, **values))


def write_papers(founding: Founding, organiser: Member) -> None:
    """Everything but the founding members."""
    founding.charter, founding.organiser_id = "## Article 1: Name", organiser.account_id
    founding.term_ends_on = (clock.now().date() + timedelta(days=365)).isoformat()
    founder = db.session.query(Founder).filter_by(founding_id=founding.id, account_id=organiser.account_id).one()
    founder.office = "President"
    plan = {"month": "2027-05", "activity": "A walk", "place": "Vientiane", "people": 30, "words": "Along the river"}
    add(Activity(founding_id=founding.id, place_in_list=0, **plan))
    for at, (kind, amount) in enumerate(((FundKind.INCOME, 5000), (FundKind.EXPENSE, 1200))):
        add(Fund(founding_id=founding.id, place_in_list=at, kind=kind, what="Fees", amount=amount, currency="JPY"))


def make_officer(email: str, *programmes: Programme, country: str = "", **values: Any) -> Account:
    """An account with a mandate for these programmes, in one country or all; without programmes, for all of them."""
    account = make_account(email, holds_office=True)
    today = clock.now().date()
    term = {"starts_on": (today - timedelta(days=1)).isoformat(), "ends_on": (today + timedelta(days=365)).isoformat()}
    scope = {"country": country, "is_for_all_programmes": not programmes}
    mandate = add(Mandate(**{"account_id": account.id, "agency": Agency.JICE} | term | scope | values))
    for programme in programmes:
        add(MandateProgramme(mandate_id=mandate.id, programme_id=programme.id))
    return account


def make_entry(cohort: Cohort, name: str, *, country: str = "LA", **values: Any) -> RosterEntry:
    """An award on the roster of a cohort: `SURNAME Given`."""
    key = " ".join(sorted(fold(name).split()))
    given = {"name_printed": name, "name_key": key, "identity": f"p:{key}|{country}", "country": country} | values
    return add(RosterEntry(cohort_id=cohort.id, programme_id=cohort.programme_id, **given))


def make_case(participation: Participation, entry: RosterEntry | None = None, **values: Any) -> Case:
    """What the desk knows of a claim, and the entry that it may be of."""
    return add(Case(participation_id=participation.id, entry_id=entry.id if entry else None, **values))


def make_meeting(group: Group, title: str = "29th Regional Leaders Forum", **values: Any) -> Meeting:
    values = {"slug": new_key(), "starts_on": "2025-12-04"} | values
    return add(Meeting(group_id=group.id, title=title, **values))


def make_resolution(meeting: Meeting, title: str = "Joint Statement", **values: Any) -> Resolution:
    values = {"slug": new_key(), "number": 1, "adopted_on": meeting.starts_on} | values
    return add(Resolution(meeting_id=meeting.id, group_id=meeting.group_id, title=title, **values))


def keep_records(group: Group) -> dict[str, str]:
    """Two meetings with all that belongs to the first, and a seat. Returns the keys of what was made."""
    series = add(Series(slug=f"series-{new_key()}", group_id=group.id, name="Regional Leaders Forum"))
    meeting = make_meeting(
        group, series_id=series.id, number=29, minutes_version=2, published_version=1, country="ID", host_id=group.id
    )
    make_meeting(group, "30th Regional Leaders Forum", starts_on="2026", is_planned=True)
    add(Delegation(meeting_id=meeting.id, country="LA", head_count=12, observers=3))
    for version in (1, 2):
        add(Minutes(meeting_id=meeting.id, version=version, body=f"# Opened\n\nVersion {version}."))
    resolution = make_resolution(meeting, text="We go on.")
    facts = {"country": "LA", "signatory": "Somphone Keo", "capacity": "President"}
    add(Signature(resolution_id=resolution.id, association_id=group.id, **facts))
    facts = {"council": "Executive Council", "name": "Chair", "from_on": "2024"}
    seat = add(Seat(slug=new_key(), group_id=group.id, association_id=group.id, **facts))
    return {"meeting": meeting.slug, "resolution": resolution.slug, "seat": seat.slug}


def make_session(
    event: Event, *, after: timedelta = timedelta(), lasts: timedelta = HOUR, **values: Any
) -> EventSession:
    """A session that begins some time after its event does."""
    values = {"title": "Opening"} | values
    starts_at = event.starts_at + after
    return add(EventSession(event_id=event.id, starts_at=starts_at, ends_at=starts_at + lasts, **values))


def make_recommendation(event: Event, **values: Any) -> Recommendation:
    values = {"number": 1, "text": "Plant a *tree* in every school."} | values
    return add(Recommendation(event_id=event.id, **values))


def make_company(event: Event, **values: Any) -> Company:
    values = {"name": "Hikari Denki", "country": "JP", "sector": "Energy", "looks_for": "Engineers"} | values
    return add(Company(event_id=event.id, **values))


def make_slot(company: Company, event: Event, *, after: timedelta = timedelta(), minutes: int = 15) -> MeetingSlot:
    starts_at = event.starts_at + after
    ends_at = starts_at + timedelta(minutes=minutes)
    return add(MeetingSlot(company_id=company.id, starts_at=starts_at, ends_at=ends_at))


def hold_conference(event: Event, member: Member) -> dict[str, str]:
    """Two sessions at once, a draft, a company with two times; a member goes and asks for the first. Their keys."""
    event.seats_taken = 1
    add(Attendance(event_id=event.id, account_id=member.account_id, state=AttendanceState.GOING))
    session = make_session(event, capacity=10, speakers="Professor Tanaka", room="Hall A", about="*Water*")
    make_session(event, title="Cities")
    recommendation = make_recommendation(event, state=RecommendationState.HANDED_OVER)
    make_recommendation(event, number=2)
    add(Handover(recommendation_id=recommendation.id, addressee="The minister", handed_on="2026-05-01"))
    company = make_company(event)
    first, second = (make_slot(company, event, after=timedelta(minutes=at)) for at in (0, 15))
    request = make_request(first, member.account_id, note="May I?")
    return {
        "session": session.key,
        "recommendation": recommendation.key,
        "company": company.key,
        "slot": second.key,
        "request": request.key,
    }


def make_request(slot: MeetingSlot, account_id: int, **values: Any) -> MeetingRequest:
    return add(MeetingRequest(slot_id=slot.id, account_id=account_id, **values))
