"""Plain functions that make rows. Each returns the row, flushed; the caller commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alumni.accounts.models import Account, AccountState
from alumni.claims.models import Case
from alumni.core import clock
from alumni.core.db import db
from alumni.core.names import sort_key
from alumni.core.text import fold
from alumni.core.tokens import new_key
from alumni.events.models import Event, EventAudience
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
from alumni.meetings.models import Delegation, Meeting, Minutes, Resolution, Seat, Series, Signature
from alumni.members.actions import rebuild_listings, refresh_listings
from alumni.members.models import Member, Participation, ParticipationState
from alumni.officers.models import Agency, Mandate, MandateProgramme
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, CohortCountry, Direction, Family, Programme, ProgrammeKind
from alumni.rosters.models import RosterEntry


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
    values = {"state": AccountState.ACTIVE, "confirmed_at": clock.now()} | values
    return add(Account(email=email, **values))


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
