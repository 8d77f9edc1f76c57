"""The demo world: invented people in the cohorts and associations of the catalogue, the same for the same seed."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import AccountState, StaffRole
from alumni.core.db import db, expect_bulk
from alumni.core.errors import DomainError
from alumni.groups.models import Group, GroupKind, JoinPolicy, Visibility
from alumni.members.models import Block, Member, Participation, ParticipationRole, ParticipationState
from alumni.moderation.models import ReportReason
from alumni.programmes.models import Cohort, Programme
from alumni.world import words
from alumni.world.afterwards import look_back
from alumni.world.cohorts import ENDLESS, SOURCE, CohortPlan, invented_cohorts, real_cohorts
from alumni.world.doings import tell_of_japan
from alumni.world.evenings import meet_in_the_evening
from alumni.world.gatherings import gather
from alumni.world.keys import Keys, key_of
from alumni.world.life import Life, Scene
from alumni.world.loading import report
from alumni.world.names import invent_name
from alumni.world.offices import OFFICER, open_office
from alumni.world.profiles import HOST_TOWNS, STANDINGS, invent_profile
from alumni.world.records import keep_records
from alumni.world.rows import Writer
from alumni.world.talk import start_talk
from alumni.world.teamwork import work_together
from alumni.world.towns import PLACES
from alumni.world.votes import hold_votes

SHARED_PASSWORD = "kokoro no tomodachi"  # of every invented person, in development  # noqa: S105
MOST_IN_ONE_GROUP = 100_000
SMALL_WORLD = 2000  # up to here only half of the people join the group for everybody
IN_FRONT = 14  # invented cohorts that even a small world has
REMEMBERED = 60  # people of a large group who write and answer
MOST_REPORTS = 12
YEAR = timedelta(days=365)

ROLES = (*(ParticipationRole.PARTICIPANT,) * 18, ParticipationRole.SUPERVISOR, ParticipationRole.LEADER)
STATES = (
    *(ParticipationState.VERIFIED,) * 36,
    *(ParticipationState.CLAIMED,) * 2,
    ParticipationState.ASKED,
    ParticipationState.DECLINED,
)


class CatalogueMissing(DomainError):
    """There are no cohorts that people could have been in."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody whom visitors of a demonstration may be."""

    who: str
    name: str
    name_romanised: str
    country: str
    headline: str
    staff_role: StaffRole = StaffRole.NONE

    @property
    def email(self) -> str:
        return f"{self.who}@demo.example"


SIGN_INS = (
    SignIn("organiser", "Nguyễn Thị Minh Anh", "", "VN", "Project manager at a Japanese bank"),
    SignIn("alumna", "ດາວເຮືອງ ວົງສາ", "Daoheuang Vongsa", "LA", "Teacher of Japanese at a secondary school"),
    SignIn("moderator", "Kavitha Subramaniam", "", "SG", "Community worker", StaffRole.MODERATOR),
    SignIn("admin", "佐藤 直樹", "Sato Naoki", "JP", "Runs this network", StaffRole.ADMIN),
)

# The addresses of those whom visitors may be, and how they are called.
WHO = [*((each.email, each.name_romanised or each.name) for each in SIGN_INS), (OFFICER, "Officer of JENESYS")]


@dataclass(slots=True)
class Circle:
    """A group across cohorts while it fills: how many are in it, and some of them, organisers first."""

    group_id: int
    count: int = 0
    family_id: int | None = None
    country: str = ""
    people: list[int] = field(default_factory=list)


def count_members() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Member)) or 0


class Demo:
    """Makes `members` people, cohort after cohort, so memory holds one cohort at a time."""

    def __init__(self, *, members: int, seed: int, now: datetime, password_hash: str) -> None:
        self.members, self.now, self.password_hash = members, now, password_hash
        there = count_members()
        self.rng = random.Random(f"{seed}:{there}")
        self.keys = Keys(self.rng)
        self.writer = Writer(now)
        self.life = Life(self.writer, self.rng, self.keys)
        self.has_sign_ins = there > 0
        self.made = 0
        self.posts: list[tuple[str, int]] = []
        self.earlier: list[CohortPlan] = []
        self.front: CohortPlan | None = None  # where the known people are
        rows = db.session.execute(sa.select(Programme.slug, Programme.id, Programme.family_id))
        self.programmes = {row.slug: (row.id, row.family_id) for row in rows}
        self.groups = dict(db.session.execute(sa.select(Group.slug, Group.id)).tuples().all())
        self.everybody = self._interest_group(*words.EVERYBODY)
        self.interests = [self._interest_group(*each) for each in words.INTERESTS]
        self.associations = _associations()

    def fill(self) -> Iterator[int]:
        """Makes everybody. Yields how many people each cohort added."""
        expect_bulk()
        for plan, quota in self._cohorts():
            before = self.made
            self._fill(plan, quota)
            yield self.made - before
        for circle in (*self.associations, *self.interests, self.everybody):
            country = circle.country or self.rng.choice(("LA", "KE", "BR", "JP"))
            self.posts += self.life.happen(Scene(circle.group_id, circle.people, country, is_open=True))
        self.writer.finish()
        self._reports()
        keep_records(self.now)
        if self.front is not None:
            start_talk(self.front.id or 0, self.front.group_id or 0, self.now)
            tell_of_japan(self.front.group_id or 0, self.now)
            open_office(self.front.id or 0, list(self.front.countries), now=self.now, password_hash=self.password_hash)
            hold_votes(self.front.group_id or 0, now=self.now)
            work_together(self.front.group_id or 0, now=self.now)
            look_back(self.front.group_id or 0, now=self.now)
            gather(self.front.group_id or 0, now=self.now)
            meet_in_the_evening(self.front.group_id or 0, now=self.now)
        db.session.flush()

    # Cohorts

    def _cohorts(self) -> Iterator[tuple[CohortPlan, int]]:
        """A few people for each cohort in front, then cohort after cohort, full."""
        real = real_cohorts()
        if not real or ENDLESS not in self.programmes:
            raise CatalogueMissing
        invented = (plan for plan in self._new_cohorts())
        front = [*real, *(plan for _, plan in zip(range(IN_FRONT), invented, strict=False))]
        quotas: Counter[str] = Counter()
        left = self.members
        while left and any(quotas[plan.slug] < plan.seats for plan in front):
            for plan in front:
                more = min(left, plan.seats - quotas[plan.slug], 6 if plan is front[0] else 2)
                quotas[plan.slug] += more
                left -= more
        yield from ((plan, quotas[plan.slug]) for plan in front if quotas[plan.slug])
        while left > 0:
            plan = next(invented)
            quota = min(left, plan.seats)
            left -= quota
            yield plan, quota

    def _new_cohorts(self) -> Iterator[CohortPlan]:
        """Invented cohorts of programmes that are in the catalogue, and not there yet."""
        there = set(db.session.scalars(sa.select(Cohort.slug)))
        for plan in invented_cohorts(self.rng):
            if plan.programme in self.programmes and plan.slug not in there and plan.slug not in self.groups:
                yield plan

    def _fill(self, plan: CohortPlan, quota: int) -> None:
        programme_id, family_id = self.programmes[plan.programme]
        if plan.id is None:
            self._found(plan, programme_id)
        countries = list(plan.countries)
        weights = [count or 1 for count in plan.countries.values()]
        inside: list[int] = []
        if self.made == 0 and not self.has_sign_ins:
            self.front = plan
            for sign_in in SIGN_INS[:quota]:
                self._sign_in(sign_in, plan, inside)
        quota -= len(inside)
        for country in self.rng.choices(countries, weights, k=quota):
            self._graduate(country, plan, family_id, inside)
        if len(inside) >= 3 and self.rng.random() < 0.1:
            self.writer.add(Block, blocker_id=inside[1], blocked_id=inside[2], created_at=self.now)
        self.earlier = [*self.earlier[-50:], plan]
        self.posts += self.life.happen(Scene(plan.group_id or 0, inside, self.rng.choice(countries), is_open=False))
        self.posts = self.posts[: 4 * MOST_REPORTS]

    def _found(self, plan: CohortPlan, programme_id: int) -> None:
        values = {
            "slug": plan.slug,
            "title": plan.title,
            "programme_id": programme_id,
            "year": plan.year,
            "direction": plan.direction,
            "source": SOURCE,
            **plan.values,
        }
        plan.id = self.writer.cohort(plan.countries, head_count=plan.seats, **values)
        plan.group_id = self.writer.cohort_group(Cohort(id=plan.id, **values), plan.countries)

    # People

    def _graduate(self, country: str, plan: CohortPlan, family_id: int, inside: list[int]) -> None:
        """One person, what they took part in, and the groups they joined."""
        rng = self.rng
        state = rng.choice(STATES)
        is_verified = state == ParticipationState.VERIFIED
        came_at = self.now - timedelta(minutes=rng.randrange(60, 900 * 24 * 60))
        handle = self.keys.next()
        account = {"handle": handle, "email": f"{handle}@demo.example", "is_verified": is_verified}
        name, romanised = invent_name(rng, country)
        lives_in = country if rng.random() < 0.88 or country not in PLACES else rng.choice(("JP", "JP", "SG", "AU"))
        account_id = self._person(
            account, {"name": name, "name_romanised": romanised}, country=country, lives_in=lives_in, at=came_at
        )
        self._take_part(account_id, plan, country, state, came_at)
        if is_verified:
            self._join_cohort(account_id, plan, inside, came_at)
            self._join_others(account_id, country, family_id, came_at)
            if self.earlier and rng.random() < 0.08:
                again = rng.choice(self.earlier)
                self._take_part(account_id, again, country, state, came_at)
                self.writer.join(account_id, again.group_id or 0, at=came_at)
        self.made += 1

    def _person(
        self, account: dict[str, Any], profile: dict[str, Any], *, country: str, lives_in: str, at: datetime
    ) -> int:
        place = PLACES.get(lives_in, PLACES["JP"])
        standing = {
            "password_hash": self.password_hash,
            "state": AccountState.ACTIVE,
            "language": "ja" if country == "JP" else "en",
            "zone": place.zone,
            "created_at": at,
            "confirmed_at": at,
            "terms_agreed_at": at,
        }
        said = invent_profile(self.rng, country, lives_in) | {"contact": account["email"], "updated_at": at}
        return self.writer.person(standing | account, said | profile)

    def _sign_in(self, sign_in: SignIn, plan: CohortPlan, inside: list[int]) -> None:
        """One of the people whom visitors may be. The first of them organises the first cohort's group."""
        handle = key_of("demo", sign_in.who)
        account = {"handle": handle, "email": sign_in.email, "staff_role": sign_in.staff_role, "is_verified": True}
        said = {"name": sign_in.name, "name_romanised": sign_in.name_romanised, "headline": sign_in.headline}
        came_at = self.now - YEAR
        account_id = self._person(account, said, country=sign_in.country, lives_in=sign_in.country, at=came_at)
        self._take_part(account_id, plan, sign_in.country, ParticipationState.VERIFIED, came_at)
        self._join_cohort(account_id, plan, inside, came_at)
        self._join_others(account_id, sign_in.country, self.programmes[plan.programme][1], came_at)
        self.made += 1

    def _take_part(
        self, account_id: int, plan: CohortPlan, country: str, state: ParticipationState, at: datetime
    ) -> None:
        is_decided = state in (ParticipationState.VERIFIED, ParticipationState.DECLINED)
        self.writer.add(
            Participation,
            id=self.writer.next_id(Participation),
            key=self.keys.next(),
            account_id=account_id,
            programme_id=self.programmes[plan.programme][0],
            cohort_id=plan.id,
            country=country,
            role=self.rng.choice(ROLES),
            standing=self.rng.choice(STANDINGS),
            host_town=self.rng.choice(HOST_TOWNS) if self.rng.random() < 0.4 else "",
            state=state,
            claimed_at=at,
            decided_at=min(self.now, at + timedelta(days=2)) if is_decided else None,
        )

    # Groups

    def _join_cohort(self, account_id: int, plan: CohortPlan, inside: list[int], at: datetime) -> None:
        """The first two run the group."""
        self.writer.join(account_id, plan.group_id or 0, at=at, **self._standing(len(inside) < 2))
        inside.append(account_id)

    def _standing(self, is_organiser: bool) -> dict[str, Any]:
        if not is_organiser:
            return {}
        ends_on = (self.now + YEAR * self.rng.choice((1, 2))).date()
        return {"organises": True, "until": ends_on.isoformat()}

    def _join_others(self, account_id: int, country: str, family_id: int, at: datetime) -> None:
        rng = self.rng
        if rng.random() < 0.6:
            national = [circle for circle in self.associations if circle.country == country]
            kindred = [circle for circle in national if circle.family_id == family_id] or national
            if kindred:
                self._enter(rng.choice(kindred), account_id, at)
        if rng.random() < 0.1:
            self._enter(rng.choice(self.interests), account_id, at)
        is_for_half = self.members <= SMALL_WORLD
        if self.everybody.count < MOST_IN_ONE_GROUP and (not is_for_half or rng.random() < 0.5):
            self._enter(self.everybody, account_id, at)

    def _enter(self, circle: Circle, account_id: int, at: datetime) -> None:
        self.writer.join(account_id, circle.group_id, at=at, **self._standing(circle.count < 2))
        circle.count += 1
        if len(circle.people) < REMEMBERED:
            circle.people.append(account_id)
        elif self.rng.random() < REMEMBERED / circle.count:
            circle.people[self.rng.randrange(2, REMEMBERED)] = account_id

    def _interest_group(self, slug: str, name: str, about: str) -> Circle:
        if slug in self.groups:
            count = db.session.scalar(sa.select(Group.members_count).where(Group.slug == slug)) or 0
            return Circle(self.groups[slug], count)
        open_to_members = {"join_policy": JoinPolicy.OPEN, "visibility": Visibility.MEMBERS, "source": SOURCE}
        values = {"slug": slug, "kind": GroupKind.INTEREST, "about": about, **open_to_members}
        return Circle(self.writer.group(name=name, parent_id=None, **values))

    def _reports(self) -> None:
        """Something for the moderators to decide."""
        for key, reader in self.posts[:: max(1, len(self.posts) // max(1, min(MOST_REPORTS, self.members // 50)))]:
            reason = self.rng.choice(tuple(ReportReason))
            report(reader, "post", key, report_key=self.keys.next(), reason=reason, note="Please look at this.")


def _associations() -> list[Circle]:
    """Associations and chapters of one country, with the family of their programme."""
    select = (
        sa.select(Group.id, Group.members_count, Group.country, Programme.family_id)
        .outerjoin(Programme, Programme.id == Group.programme_id)
        .where(Group.kind.in_([GroupKind.ASSOCIATION, GroupKind.CHAPTER]), Group.country != "", ~Group.is_former)
        .order_by(Group.slug)
    )
    return [Circle(row.id, row.members_count, row.family_id, row.country) for row in db.session.execute(select)]
