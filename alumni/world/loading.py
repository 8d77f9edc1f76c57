"""Builds the world that a file describes, in the transaction of the caller. What is there already stays as it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts.models import Account, AccountState
from alumni.accounts.queries import viewer_of
from alumni.core import audit, walltime
from alumni.core.db import db
from alumni.core.viewer import GUEST
from alumni.events.models import Attendance, Event
from alumni.groups.actions import ensure_cohort_group
from alumni.groups.models import Membership
from alumni.members.actions import refresh_listings
from alumni.members.models import Block, CareerEntry, Member, Participation, ParticipationState
from alumni.moderation import actions as moderation_actions
from alumni.moderation import policy as moderation_policy
from alumni.moderation import queries as moderation_queries
from alumni.moderation.models import ReportReason
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, Family, Programme
from alumni.world.checking import Known, above_groups, above_programmes, check_world, parents_first
from alumni.world.keys import key_of
from alumni.world.reading import (
    BrokenWorld,
    EventPart,
    Moment,
    ParticipationPart,
    PersonPart,
    Problem,
    StationPart,
    World,
)
from alumni.world.rows import Writer

SUSPENDED_FOR = timedelta(days=30)  # where the file does not say


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of each kind were made, and how many were there already."""

    made: Counter[str]
    kept: Counter[str]


def load_world(world: World, now: datetime, *, source: str) -> Loaded:
    """Writes what is not there yet. Raises BrokenWorld; the caller then rolls back."""
    known = Known(world)
    if problems := check_world(world, known, now):
        raise BrokenWorld(problems)
    loaded = _Loading(world, known, now).run()
    if loaded.made:
        audit.record(GUEST, "world.load", f"world:{source}"[:160], reason="command line", **loaded.made)
    return loaded


@cache
def _hash_once(password: str) -> str:
    return accounts_actions.hash_password(password)


class _Loading:
    def __init__(self, world: World, known: Known, now: datetime) -> None:
        self.world, self.known, self.now = world, known, now
        self.writer = Writer(now)
        self.made: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.accounts = dict(known.people)
        self.programme_of: dict[int, int] = {}

    def run(self) -> Loaded:
        self._catalogue()
        self._groups()
        self._people()
        self._participations()
        self._memberships()
        self._posts()
        self._events()
        self.writer.finish()
        for person in sorted({part.person for part in self.world.participations} & self.known.people.keys()):
            refresh_listings(db.session.get_one(Member, self.accounts[person]))
        self._reports()
        db.session.flush()
        return Loaded(+self.made, +self.kept)

    def _is_new(self, kind: str, name: Any, there: Any) -> bool:
        is_new = name not in there
        (self.made if is_new else self.kept)[kind] += 1
        return is_new

    def _instant(self, moment: Moment) -> datetime:
        return walltime.instants(moment.wall_in("UTC", self.now), "UTC")[0]

    def _catalogue(self) -> None:
        known, writer = self.known, self.writer
        for position, family in enumerate(self.world.families):
            if self._is_new("families", family.slug, known.families):
                known.families[family.slug] = writer.next_id(Family)
                values = {"slug": family.slug, "name": family.name, "position": position}
                writer.add(Family, id=known.families[family.slug], **values)
        programmes = {part.slug: part for part in self.world.programmes}
        for slug in parents_first(above_programmes(self.world)):
            if self._is_new("programmes", slug, known.programmes):
                part = programmes[slug]
                known.programmes[slug] = writer.next_id(Programme)
                references = {
                    "family_id": known.families[part.family],
                    "parent_id": part.parent and known.programmes[part.parent],
                    "predecessor_id": part.predecessor and known.programmes[part.predecessor],
                    "short": part.short or part.name[:120],
                    "countries": list(part.countries),
                }
                plain = part.model_dump(include={"slug", "name", "kind", "year_from", "year_to", "direction"})
                writer.add(Programme, id=known.programmes[slug], **plain, **references)

    def _groups(self) -> None:
        known, writer = self.known, self.writer
        for part in self.world.cohorts:
            if self._is_new("cohorts", part.slug, known.cohorts):
                values = part.model_dump(exclude={"programme", "countries"})
                values["programme_id"] = known.programmes[part.programme]
                cohort_id = writer.cohort(dict(part.countries), **values)
                known.cohorts[part.slug] = cohort_id
                self.programme_of[cohort_id] = values["programme_id"]
                known.groups[part.slug] = writer.cohort_group(Cohort(id=cohort_id, source="", **values), part.countries)
            else:
                cohort = db.session.get_one(Cohort, known.cohorts[part.slug])
                known.groups[part.slug] = ensure_cohort_group(cohort=cohort).id
        groups = {part.slug: part for part in self.world.groups}
        for slug in parents_first(above_groups(self.world)):
            if self._is_new("groups", slug, known.groups):
                group = groups[slug]
                plain = {"slug", "kind", "name", "abbr", "about", "country", "join_policy", "visibility"}
                known.groups[slug] = writer.group(
                    parent_id=known.groups[group.parent] if group.parent else None,
                    programme_id=known.programmes[group.programme] if group.programme else None,
                    **group.model_dump(include=plain),
                )

    def _people(self) -> None:
        verified = {part.person for part in self.world.participations if part.state == ParticipationState.VERIFIED}
        for person in self.world.people:
            if self._is_new("people", person.id, self.known.people):
                account = self._account(person) | {"is_verified": person.id in verified}
                self.accounts[person.id] = self.writer.person(account, _profile(person, self.now))
                for number, station in enumerate(person.career):
                    self._station(person.id, number, station)
        for earlier in sorted(verified & self.known.people.keys()):
            accounts_actions.mark_verified(self.accounts[earlier], is_verified=True)
        there = self._there(Block.blocker_id, Block.blocked_id)
        for person in self.world.people:
            for blocked in person.blocks:
                pair = (self.accounts[person.id], self.accounts[blocked])
                if self._is_new("blocks", pair, there):
                    self.writer.add(Block, blocker_id=pair[0], blocked_id=pair[1])

    def _station(self, person: str, number: int, station: StationPart) -> None:
        self.writer.add(
            CareerEntry,
            id=self.writer.next_id(CareerEntry),
            key=key_of(person, "career", str(number)),
            account_id=self.accounts[person],
            **station.model_dump(),
        )

    def _account(self, person: PersonPart) -> dict[str, Any]:
        is_suspended = person.state == "suspended"
        until = self._instant(person.suspended_until) if person.suspended_until else self.now + SUSPENDED_FOR
        return {
            "handle": person.id,
            "email": person.email,
            "password_hash": _hash_once(person.password) if person.password else "",
            "state": AccountState(person.state),
            "staff_role": person.staff,
            "language": person.language,
            "zone": person.zone,
            "confirmed_at": None if person.state == "unconfirmed" else self.now,
            "terms_agreed_at": self.now,
            "suspended_until": until if is_suspended else None,
            "suspension_reason": person.suspension_reason if is_suspended else "",
        }

    def _there(self, *columns: Any) -> set[tuple[Any, ...]]:
        """The rows of people who were there before, by these columns, of which the first is the person."""
        ids = sorted(self.known.people.values())
        found: set[tuple[Any, ...]] = set()
        for start in range(0, len(ids), 500):
            rows = db.session.execute(sa.select(*columns).where(columns[0].in_(ids[start : start + 500])))
            found.update(tuple(row) for row in rows)
        return found

    def _participations(self) -> None:
        there = self._there(Participation.account_id, Participation.programme_id, Participation.cohort_id)
        earlier = [id for id in self.known.cohorts.values() if id not in self.programme_of]
        for start in range(0, len(earlier), 500):
            ids = earlier[start : start + 500]
            rows = db.session.execute(sa.select(Cohort.id, Cohort.programme_id).where(Cohort.id.in_(ids)))
            self.programme_of |= {row.id: row.programme_id for row in rows}
        for part in self.world.participations:
            cohort_id = self.known.cohorts[part.cohort] if part.cohort else None
            by_name = self.known.programmes.get(part.programme)
            programme_id = self.programme_of[cohort_id] if cohort_id is not None else by_name
            account_id = self.accounts[part.person]
            if self._is_new("participations", (account_id, programme_id, cohort_id), there):
                self._participation(part, account_id=account_id, programme_id=programme_id, cohort_id=cohort_id)

    def _participation(self, part: ParticipationPart, **ids: int | None) -> None:
        is_decided = part.state not in (ParticipationState.CLAIMED, ParticipationState.ASKED)
        self.writer.add(
            Participation,
            id=self.writer.next_id(Participation),
            key=key_of(part.person, part.cohort or "", part.programme or ""),
            decided_at=self.now if is_decided else None,
            **part.model_dump(include={"country", "role", "standing", "host_town", "state", "name_as_printed", "note"}),
            **ids,
        )

    def _memberships(self) -> None:
        there = self._there(Membership.account_id, Membership.group_id)
        for group in self.world.groups:
            for organiser in group.organisers:
                self._membership(there, organiser.person, group.slug, organises=True, until=organiser.until)
        for part in self.world.memberships:
            organises = part.role == "organiser"
            self._membership(there, part.person, part.group, state=part.state, organises=organises, until=part.until)

    def _membership(self, there: set[tuple[Any, ...]], person: str, group: str, **standing: Any) -> None:
        pair = (self.accounts[person], self.known.groups[group])
        if self._is_new("memberships", pair, there):
            self.writer.join(*pair, at=self.now, **standing)

    def _posts(self) -> None:
        for post in self.world.posts:
            if self._is_new("posts", post.id, self.known.posts):
                self.writer.add(
                    Post,
                    id=self.writer.next_id(Post),
                    key=post.id,
                    group_id=self.known.groups[post.group],
                    author_id=self.accounts[post.author],
                    body=post.body,
                    created_at=self._instant(post.at),
                    hidden_at=self.now if post.hidden else None,
                )

    def _events(self) -> None:
        there = self._there(Attendance.account_id, Attendance.event_id)
        for part in self.world.events:
            self._event(part)
            for person, answer in part.answers.items():
                pair = (self.accounts[person], self.known.events[part.slug])
                if self._is_new("answers", pair, there):
                    self.writer.answer(*pair, answer, at=self.now)

    def _event(self, part: EventPart) -> None:
        events = self.known.events
        if self._is_new("events", part.slug, events):
            events[part.slug] = self.writer.next_id(Event)
            walls = [moment.wall_in(part.zone, self.now) for moment in (part.starts, part.ends)]
            starts_at, ends_at = (walltime.instants(wall, part.zone)[0] for wall in walls)
            said_elsewhere = {"group", "programme", "starts", "ends", "hidden", "posted_by", "answers"}
            self.writer.add(
                Event,
                id=events[part.slug],
                group_id=self.known.groups[part.group] if part.group else None,
                programme_id=self.known.programmes[part.programme] if part.programme else None,
                wall_start=walls[0],
                wall_end=walls[1],
                starts_at=starts_at,
                ends_at=ends_at,
                hidden_at=self.now if part.hidden else None,
                posted_by_id=self.accounts[part.posted_by] if part.posted_by else None,
                **part.model_dump(exclude=said_elsewhere),
            )

    def _reports(self) -> None:
        """The product's own action reports, so the report holds what its reporter sees."""
        for number, part in enumerate(self.world.reports):
            if not self._is_new("reports", part.id, self.known.reports):
                continue
            kind = "post" if part.post else "event" if part.event else "member"
            things = {"post": part.post, "event": part.event, "member": part.person}
            kind, key = next((kind, key) for kind, key in things.items() if key)
            reporter_id = self.accounts[part.reporter]
            if not report(reporter_id, kind, key, reason=part.reason, note=part.note, report_key=part.id):
                path = f"reports[{number}].reporter"
                raise BrokenWorld([Problem(path, f"{part.reporter!r} does not see this, or may not report")])


def _profile(person: PersonPart, now: datetime) -> dict[str, Any] | None:
    """The columns of the member, or None for an account without a name."""
    if not person.name:
        return None
    plain = {"name", "name_romanised", "name_reading", "family_name", "call_me", "country", "city", "nationality"}
    plain |= {"community", "headline", "segment", "work_field", "employer", "bio", "contact", "born_on"}
    lists = {"links": list(person.links), "offers": list(person.offers), "looks_for": list(person.looks_for)}
    return {
        **person.model_dump(include=plain),
        **lists,
        "former_names": "\n".join(person.former_names),
        "languages": [[language, level.value] for language, level in person.languages.items()],
        "is_listed": person.listed,
        "hidden_at": now if person.hidden else None,
        **{f"{field}_audience": audience for field, audience in person.audiences.model_dump(exclude_none=True).items()},
    }


def report(reporter_id: int, kind: str, key: str, *, report_key: str, reason: ReportReason, note: str) -> bool:
    """Somebody reports something as they see it. False when they do not see it, or may not report."""
    reporter = viewer_of(db.session.get_one(Account, reporter_id))
    thing = moderation_queries.find_thing(reporter, kind, key)
    if thing is None or not moderation_policy.can_report(reporter):
        return False
    moderation_actions.make_report(actor=reporter, thing=thing, reason=reason, note=note, key=report_key)
    return True
