"""What a world file says, against itself and against the world that is there: every reference must lead somewhere."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import walltime
from alumni.core.db import db
from alumni.events.models import Answer, Event, EventAudience
from alumni.groups.models import Group, MembershipState
from alumni.members.models import Member, Offer
from alumni.moderation.models import Report
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, Family, Programme
from alumni.world.reading import EventPart, PersonPart, Problem, World, path_of

Step = int | str
Problems = Iterator[tuple[tuple[Step, ...], str]]
AT_ONCE = 500  # names in one question to the database


class Known:
    """What of the file's references is there already: slug, handle or key -> id."""

    def __init__(self, world: World) -> None:
        self.families = _ids(Family.slug, Family.id, [*_slugs(world.families), *(p.family for p in world.programmes)])
        named: list[str | None] = [*_slugs(world.programmes), *(c.programme for c in world.cohorts)]
        for programme in world.programmes:
            named += [programme.parent, programme.predecessor]
        for kind in (world.groups, world.participations, world.events):
            named += [part.programme for part in kind]
        self.programmes = _ids(Programme.slug, Programme.id, named)
        self.cohorts = _ids(Cohort.slug, Cohort.id, [*_slugs(world.cohorts), *(p.cohort for p in world.participations)])
        used: list[str | None] = []
        for others in (world.memberships, world.posts, world.events):
            used += [part.group for part in others]
        used += [*_slugs(world.groups), *(g.parent for g in world.groups), *_slugs(world.cohorts)]
        self.groups = _ids(Group.slug, Group.id, used)
        people = [*(p.id for p in world.people), *_people_named(world)]
        self.people = _ids(Account.handle, Account.id, people)
        self.offers = set(_ids(Offer.slug, Offer.slug, [o for p in world.people for o in (*p.offers, *p.looks_for)]))
        self.members = set(_ids(Member.account_id, Member.account_id, self.people.values()))
        self.emails = _ids(Account.email, Account.handle, [p.email for p in world.people])
        self.posts = _ids(Post.key, Post.id, [*(p.id for p in world.posts), *(r.post for r in world.reports)])
        self.events = _ids(Event.slug, Event.id, [*_slugs(world.events), *(r.event for r in world.reports)])
        self.reports = _ids(Report.key, Report.id, [r.id for r in world.reports])


def _slugs(parts: Iterable[Any]) -> list[str]:
    return [part.slug for part in parts]


def _people_named(world: World) -> Iterator[str]:
    """Everybody that the file speaks of outside `people`."""
    for person in world.people:
        yield from person.blocks
    for group in world.groups:
        yield from (organiser.person for organiser in group.organisers)
    yield from (part.person for part in world.participations)
    yield from (part.person for part in world.memberships)
    yield from (post.author for post in world.posts)
    for event in world.events:
        yield from event.answers
        if event.posted_by is not None:
            yield event.posted_by
    for report in world.reports:
        yield from filter(None, (report.reporter, report.person))


def _ids(name: Any, value: Any, wanted: Iterable[Any]) -> dict[Any, Any]:
    names = sorted({each for each in wanted if each is not None})
    found: dict[Any, Any] = {}
    for start in range(0, len(names), AT_ONCE):
        rows = db.session.execute(sa.select(name, value).where(name.in_(names[start : start + AT_ONCE])))
        found |= {row[0]: row[1] for row in rows}
    return found


def above_programmes(world: World) -> dict[str, list[str]]:
    """What each programme of the file stands behind."""
    return {part.slug: [*filter(None, (part.parent, part.predecessor))] for part in world.programmes}


def above_groups(world: World) -> dict[str, list[str]]:
    return {part.slug: [*filter(None, (part.parent,))] for part in world.groups}


def parents_first(above: dict[str, list[str]]) -> list[str]:
    """The names so that each comes after those above it. Raises CycleError."""
    return [name for name in TopologicalSorter(above).static_order() if name in above]


def check_world(world: World, known: Known, now: datetime) -> list[Problem]:
    """Every value of the file that does not fit, in the order of the file."""
    return [Problem(path_of(path), reason) for path, reason in _Check(world, known, now).all()]


class _Check:
    """Each method yields (path, reason) for what is wrong with one kind of thing."""

    def __init__(self, world: World, known: Known, now: datetime) -> None:
        self.world, self.known, self.now = world, known, now
        self.families = {*_slugs(world.families), *known.families}
        self.programmes = {*_slugs(world.programmes), *known.programmes}
        self.cohorts = {*_slugs(world.cohorts), *known.cohorts}
        self.groups = {*_slugs(world.groups), *_slugs(world.cohorts), *known.groups}
        self.people = {*(person.id for person in world.people), *known.people}
        with_profile = {handle for handle, account_id in known.people.items() if account_id in known.members}
        self.members = {*(person.id for person in world.people if person.name), *with_profile}
        self.posts = {*(post.id for post in world.posts), *known.posts}
        self.events = {*_slugs(world.events), *known.events}

    def all(self) -> Problems:
        yield from self._catalogue()
        yield from self._groups()
        yield from self._people()
        yield from self._participations()
        yield from self._memberships()
        yield from self._posts()
        for number, event in enumerate(self.world.events):
            yield from self._event(("events", number), event)
        yield from self._twice("events", [event.slug for event in self.world.events], "slug")
        yield from self._reports()

    def _twice(self, kind: str, names: Sequence[Any], field: str) -> Problems:
        seen: dict[Any, int] = {}
        for number, name in enumerate(names):
            if name in seen:
                yield (kind, number, field), f"{kind}[{seen[name]}] is the same already"
            seen.setdefault(name, number)

    def _there(self, path: tuple[Step, ...], name: str | None, names: set[Any], what: str) -> Problems:
        if name is not None and name not in names:
            yield path, f"there is no {what} {name!r}, neither in the file nor in the database"

    def _member(self, path: tuple[Step, ...], name: str | None) -> Problems:
        yield from self._there(path, name, self.people, "person")
        if name in self.people and name not in self.members:
            yield path, f"{name!r} has no name, so no profile yet"

    def _catalogue(self) -> Problems:
        world = self.world
        yield from self._twice("families", _slugs(world.families), "slug")
        yield from self._twice("programmes", _slugs(world.programmes), "slug")
        yield from self._twice("cohorts", _slugs(world.cohorts), "slug")
        for number, programme in enumerate(world.programmes):
            at = ("programmes", number)
            yield from self._there((*at, "family"), programme.family, self.families, "family")
            yield from self._there((*at, "parent"), programme.parent, self.programmes, "programme")
            yield from self._there((*at, "predecessor"), programme.predecessor, self.programmes, "programme")
            if programme.year_to is not None and programme.year_to < (programme.year_from or programme.year_to + 1):
                yield (*at, "year_to"), "is before year_from, or there is no year_from"
        for number, cohort in enumerate(world.cohorts):
            at = ("cohorts", number)
            yield from self._there((*at, "programme"), cohort.programme, self.programmes, "programme")
            if cohort.slug in self.known.groups and cohort.slug not in self.known.cohorts:
                yield (*at, "slug"), "another group has this slug"
            if cohort.to_on is not None and cohort.to_on < (cohort.from_on or "9"):
                yield (*at, "to_on"), "is before from_on, or there is no from_on"
        yield from self._circle("programmes", above_programmes(world))

    def _circle(self, kind: str, above: dict[str, list[str]]) -> Problems:
        try:
            parents_first(above)
        except CycleError as error:
            name = next(name for name in error.args[1] if name in above)
            yield (kind, list(above).index(name), "parent"), "goes round in a circle"

    def _groups(self) -> Problems:
        groups = self.world.groups
        yield from self._twice("groups", _slugs(groups), "slug")
        yield from self._circle("groups", above_groups(self.world))
        cohorts = {cohort.slug for cohort in self.world.cohorts}
        for number, group in enumerate(groups):
            at = ("groups", number)
            if group.slug in cohorts:
                yield (*at, "slug"), f"{group.slug!r} is the group of a cohort of the file"
            yield from self._there((*at, "parent"), group.parent, self.groups, "group")
            yield from self._there((*at, "programme"), group.programme, self.programmes, "programme")
            for place, organiser in enumerate(group.organisers):
                yield from self._member((*at, "organisers", place, "person"), organiser.person)

    def _people(self) -> Problems:
        people = self.world.people
        yield from self._twice("people", [person.id for person in people], "id")
        yield from self._twice("people", [person.email for person in people], "email")
        for number, person in enumerate(people):
            yield from self._person(("people", number), person)

    def _person(self, at: tuple[Step, ...], person: PersonPart) -> Problems:
        owner = self.known.emails.get(person.email)
        if owner is not None and owner != person.id:
            yield (*at, "email"), "another account has this address"
        if person.suspended_until is not None and person.state != "suspended":
            yield (*at, "suspended_until"), "this person is not suspended"
        if person.family_name and person.family_name not in f"{person.name} {person.name_romanised}":
            yield (*at, "family_name"), "this is no part of the name"
        for field in ("offers", "looks_for"):
            for place, slug in enumerate(getattr(person, field)):
                if slug not in self.known.offers:
                    yield (*at, field, place), f"there is no {slug!r} in the list of offers"
        for place, blocked in enumerate(person.blocks):
            if blocked == person.id:
                yield (*at, "blocks", place), "nobody blocks themselves"
            yield from self._member((*at, "blocks", place), blocked)
        if person.blocks and not person.name:
            yield (*at, "blocks"), "only somebody with a name blocks others"

    def _participations(self) -> Problems:
        parts = self.world.participations
        yield from self._twice("participations", [(p.person, p.cohort or p.programme) for p in parts], "person")
        for number, part in enumerate(parts):
            at = ("participations", number)
            yield from self._member((*at, "person"), part.person)
            yield from self._there((*at, "cohort"), part.cohort, self.cohorts, "cohort")
            yield from self._there((*at, "programme"), part.programme, self.programmes, "programme")
            if (part.cohort is None) == (part.programme is None):
                yield (*at, "cohort"), "name a cohort or a programme, one of the two"

    def _memberships(self) -> Problems:
        parts = self.world.memberships
        organisers = {(o.person, group.slug) for group in self.world.groups for o in group.organisers}
        yield from self._twice("memberships", [(part.person, part.group) for part in parts], "person")
        for number, part in enumerate(parts):
            at = ("memberships", number)
            yield from self._member((*at, "person"), part.person)
            yield from self._there((*at, "group"), part.group, self.groups, "group")
            if (part.person, part.group) in organisers:
                yield (*at, "person"), "stands among the organisers of this group already"
            if part.role == "organiser" and part.state != MembershipState.ACTIVE:
                yield (*at, "role"), "only an active member organises a group"
            if part.until is not None and part.role != "organiser":
                yield (*at, "until"), "only the term of an organiser ends"

    def _posts(self) -> Problems:
        yield from self._twice("posts", [post.id for post in self.world.posts], "id")
        for number, post in enumerate(self.world.posts):
            yield from self._there(("posts", number, "group"), post.group, self.groups, "group")
            yield from self._member(("posts", number, "author"), post.author)

    def _event(self, at: tuple[Step, ...], event: EventPart) -> Problems:
        yield from self._there((*at, "group"), event.group, self.groups, "group")
        yield from self._there((*at, "programme"), event.programme, self.programmes, "programme")
        yield from self._member((*at, "posted_by"), event.posted_by)
        for person in event.answers:
            yield from self._member((*at, "answers", person), person)
        if event.group is None and event.audience != EventAudience.PUBLIC:
            yield (*at, "audience"), "an event without a group is public"
        going = sum(answer == Answer.GOING for answer in event.answers.values())
        if event.capacity is not None and going > event.capacity:
            yield (*at, "answers"), f"{going} are going, but the capacity is {event.capacity}"
        instants = []
        for name in ("starts", "ends"):
            wall = getattr(event, name).wall_in(event.zone, self.now)
            found = walltime.instants(wall, event.zone)
            if not found:
                yield (*at, name), f"clocks in {event.zone} never show {wall:%Y-%m-%d %H:%M}: they go forward then"
            instants += found[:1]
        if len(instants) == 2 and instants[1] < instants[0]:
            yield (*at, "ends"), "is before the start"

    def _reports(self) -> Problems:
        yield from self._twice("reports", [report.id for report in self.world.reports], "id")
        for number, report in enumerate(self.world.reports):
            at = ("reports", number)
            yield from self._there((*at, "reporter"), report.reporter, self.people, "person")
            yield from self._there((*at, "post"), report.post, self.posts, "post")
            yield from self._there((*at, "event"), report.event, self.events, "event")
            yield from self._member((*at, "person"), report.person)
            if sum(each is not None for each in (report.post, report.event, report.person)) != 1:
                yield at, "name one thing: a post, an event or a person"
