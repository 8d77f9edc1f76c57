"""The world file, as `docs/world.md` describes it: its shape, its texts and its times. Knows no database."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from alumni.accounts.actions import normalise_email
from alumni.accounts.models import StaffRole
from alumni.core import walltime
from alumni.core.errors import Invalid
from alumni.core.places import COUNTRIES, zones
from alumni.core.text import CONTROLS, OVERRIDES, clean_block, clean_line
from alumni.events.models import Answer, EventAudience, EventKind, EventState, Mode
from alumni.groups.models import GroupKind, JoinPolicy, MembershipState, Visibility
from alumni.members.models import (
    Audience,
    CareerKind,
    Level,
    ParticipationRole,
    ParticipationState,
    Segment,
    Standing,
    WorkField,
)
from alumni.moderation.models import ReportReason
from alumni.programmes.models import Direction, ProgrammeKind

MOST_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that cannot be, where it stands in the file, and why."""

    path: str  # people[3].country
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class BrokenWorld(Exception):
    """The file cannot be loaded. Nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Moment:
    """What a clock shows on a date, or on a day counted from today: "2026-12-04T19:00", "+7d 19:00", "-3h"."""

    wall: datetime | None = None
    days: int = 0
    at: time = time()
    hours: int | None = None

    def wall_in(self, zone: str, now: datetime) -> datetime:
        """The wall time in a zone."""
        here = walltime.wall_of(now, zone)
        if self.wall is not None:
            return self.wall
        if self.hours is not None:
            return (here + timedelta(hours=self.hours)).replace(second=0, microsecond=0)
        return datetime.combine(here.date() + timedelta(days=self.days), self.at)


def _moment(text: object) -> Moment:
    if not isinstance(text, str):
        raise ValueError('write a time as "2026-12-04T19:00", "+7d 19:00" or "-3h"')
    if found := re.fullmatch(r"([+-]\d{1,5})d (\d\d):(\d\d)", text, re.ASCII):
        return Moment(days=int(found[1]), at=time(int(found[2]), int(found[3])))
    if found := re.fullmatch(r"([+-]\d{1,5})h", text, re.ASCII):
        return Moment(hours=int(found[1]))
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text, re.ASCII):
        wall = datetime.fromisoformat(text)
        if 1900 <= wall.year <= 2200:
            return Moment(wall=wall)
    raise ValueError(f'{text[:40]!r} is no time: write "2026-12-04T19:00", "+7d 19:00" or "-3h"')


def _characters(text: str) -> str:
    if CONTROLS.search(text) or "\ufffd" in text:
        raise ValueError("has control characters in it")
    if OVERRIDES.search(text):
        raise ValueError("has invisible characters that change the direction of writing")
    return text


def _country(text: str) -> str:
    if text not in COUNTRIES:
        raise ValueError(f"{text!r} is no country: use ISO 3166-1 alpha-2, such as LA")
    return text


def _zone(text: str) -> str:
    if text not in zones():
        raise ValueError(f"{text!r} is no time zone: use an IANA name, such as Asia/Vientiane")
    return text


def _email(text: str) -> str:
    try:
        return normalise_email(text)
    except Invalid as error:
        raise ValueError(f"{text!r} is no e-mail address") from error


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _not_public(audience: Audience | None) -> Audience | None:
    if audience == Audience.PUBLIC:
        raise ValueError("contact is never public")
    return audience


def _not_of_a_cohort(kind: GroupKind) -> GroupKind:
    if kind == GroupKind.COHORT:
        raise ValueError("a cohort comes with its group: describe it under cohorts")
    return kind


_line = AfterValidator(lambda text: clean_line(_characters(text)))
Line40 = Annotated[str, _line, Field(max_length=40)]
Line120 = Annotated[str, _line, Field(max_length=120)]
Line200 = Annotated[str, _line, Field(max_length=200)]
Line300 = Annotated[str, _line, Field(max_length=300)]
Block = Annotated[str, AfterValidator(lambda text: clean_block(_characters(text))), Field(max_length=20_000)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,79}$")]
ShortSlug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")]
Country = Annotated[str, AfterValidator(_country)]
CountryOrNone = Annotated[str, AfterValidator(lambda text: text and _country(text))]
Zone = Annotated[str, AfterValidator(_zone)]
Email = Annotated[str, AfterValidator(_email)]
When = Annotated[Moment, BeforeValidator(_moment)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_day)]
KnownDate = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]
Year = Annotated[int, Field(ge=1900, le=2200)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class Part(BaseModel):
    """Any object of the file: no other names, no other types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class FamilyPart(Part):
    slug: ShortSlug
    name: Line300


class ProgrammePart(Part):
    slug: ShortSlug
    family: Slug
    name: Line300
    short: Line120 = ""
    kind: ProgrammeKind = ProgrammeKind.PROGRAMME
    parent: Slug | None = None
    predecessor: Slug | None = None
    year_from: Year | None = None
    year_to: Year | None = None
    direction: Direction | None = None
    countries: tuple[Country, ...] = ()


class CohortPart(Part):
    """A cohort. It comes with its group, which has the same slug."""

    slug: Slug
    programme: Slug
    title: Line300
    year: Year
    countries: dict[Country, Count | None] = Field(min_length=1)
    theme: Block = ""
    direction: Direction = Direction.INBOUND
    batch: Count | None = None
    from_on: KnownDate | None = None
    to_on: KnownDate | None = None
    destination: Country | None = None
    head_count: Count | None = None


class AudiencesPart(Part):
    """Who may see what. What is left out stays at the product's own defaults."""

    name: Audience | None = None
    former_names: Audience | None = None
    picture: Audience | None = None
    place: Audience | None = None
    nationality: Audience | None = None
    community: Audience | None = None
    work: Audience | None = None
    career: Audience | None = None
    about: Audience | None = None
    languages: Audience | None = None
    offers: Audience | None = None
    programmes: Audience | None = None
    contact: Annotated[Audience | None, AfterValidator(_not_public)] = None


class StationPart(Part):
    """One station of a career."""

    kind: CareerKind = CareerKind.WORK
    title: Annotated[Line200, Field(min_length=1)]
    organisation: Line200 = ""
    country: CountryOrNone = ""
    year_from: Year
    year_to: Year | None = None


class PersonPart(Part):
    id: Id
    email: Email
    password: Annotated[str, Field(min_length=15, max_length=128)] | None = None
    name: Line200 = ""
    name_romanised: Line200 = ""
    name_reading: Line200 = ""
    family_name: Line200 = ""
    call_me: Annotated[Line200, Field(max_length=80)] = ""
    former_names: tuple[Annotated[Line200, Field(min_length=1)], ...] = ()
    country: CountryOrNone = ""
    city: Line120 = ""
    nationality: CountryOrNone = ""
    community: Line200 = ""
    headline: Line200 = ""
    segment: Segment | None = None
    work_field: WorkField | None = None
    employer: Line200 = ""
    career: tuple[StationPart, ...] = ()
    bio: Block = ""
    links: tuple[Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=300)], ...] = ()
    languages: dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], Level] = {}
    offers: tuple[Slug, ...] = ()
    looks_for: tuple[Slug, ...] = ()
    contact: Line300 = ""
    born_on: Day | None = None
    listed: bool = True
    hidden: bool = False
    audiences: AudiencesPart = AudiencesPart()
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=16)] = "en"
    zone: Zone = "UTC"
    state: Literal["active", "unconfirmed", "suspended"] = "active"
    suspended_until: When | None = None
    suspension_reason: Block = ""
    staff: StaffRole = StaffRole.NONE
    blocks: tuple[Id, ...] = ()


class OrganiserPart(Part):
    person: Id
    until: Day | None = None


class GroupPart(Part):
    slug: Slug
    kind: Annotated[GroupKind, AfterValidator(_not_of_a_cohort)]
    name: Line300
    abbr: Line40 = ""
    about: Block = ""
    parent: Slug | None = None
    programme: Slug | None = None
    country: CountryOrNone = ""
    join_policy: JoinPolicy = JoinPolicy.REQUEST
    visibility: Visibility = Visibility.PUBLIC
    organisers: tuple[OrganiserPart, ...] = ()


class ParticipationPart(Part):
    """A person's place in a cohort, or in a programme whose cohort is not known."""

    person: Id
    cohort: Slug | None = None
    programme: Slug | None = None
    country: Country
    role: ParticipationRole = ParticipationRole.PARTICIPANT
    standing: Standing = Standing.GRADUATE
    host_town: Line120 = ""
    state: ParticipationState = ParticipationState.VERIFIED
    name_as_printed: Line200 = ""
    note: Block = ""


class MembershipPart(Part):
    person: Id
    group: Slug
    state: MembershipState = MembershipState.ACTIVE
    role: Literal["member", "organiser"] = "member"
    until: Day | None = None


class PostPart(Part):
    id: Id
    group: Slug
    author: Id
    body: Annotated[Block, Field(min_length=1)]
    at: When = Moment(hours=0)
    hidden: bool = False


class EventPart(Part):
    slug: Slug
    title: Annotated[Line200, Field(min_length=1)]
    group: Slug | None = None
    programme: Slug | None = None
    host: Line200 = ""
    description: Block = ""
    kind: EventKind = EventKind.REUNION
    mode: Mode = Mode.IN_PERSON
    place: Line300 = ""
    country: CountryOrNone = ""
    online_url: Annotated[str, Field(pattern=r"^(https?://[^\s]+)?$", max_length=500)] = ""
    starts: When
    ends: When
    zone: Zone
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    audience: EventAudience = EventAudience.GROUP
    state: EventState = EventState.PUBLISHED
    cancelled_because: Block = ""
    hidden: bool = False
    posted_by: Id | None = None
    answers: dict[Id, Answer] = {}


class ReportPart(Part):
    """An open report. What it looked like is kept as the reporter sees it."""

    id: Id
    reporter: Id
    reason: ReportReason
    note: Block = ""
    post: Id | None = None
    event: Slug | None = None
    person: Id | None = None


class World(Part):
    """Everything that a file describes."""

    schema_: Literal[1] = Field(alias="schema")
    note: str = ""
    families: tuple[FamilyPart, ...] = ()
    programmes: tuple[ProgrammePart, ...] = ()
    cohorts: tuple[CohortPart, ...] = ()
    groups: tuple[GroupPart, ...] = ()
    people: tuple[PersonPart, ...] = ()
    participations: tuple[ParticipationPart, ...] = ()
    memberships: tuple[MembershipPart, ...] = ()
    posts: tuple[PostPart, ...] = ()
    events: tuple[EventPart, ...] = ()
    reports: tuple[ReportPart, ...] = ()


def read_world(data: bytes) -> World:
    """What a file describes. Raises BrokenWorld with every value that has the wrong shape."""
    if len(data) > MOST_BYTES:
        raise BrokenWorld([Problem("", f"the file has {len(data)} bytes; {MOST_BYTES} is the most")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenWorld([Problem("", f"the file is not UTF-8 (byte {error.start})")]) from error
    try:
        world = World.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=True)
        raise BrokenWorld([_problem(dict(each)) for each in found]) from error
    json.loads(text, object_pairs_hook=_once)
    return world


def _problem(error: dict[str, Any]) -> Problem:
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        reason = "there is no such name here; docs/world.md has them all"
    return Problem(path_of(error["loc"]), reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason)


def path_of(steps: tuple[int | str, ...]) -> str:
    """`people[3].country` for ("people", 3, "country")."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z0-9_.-]+", step):
            path += f".{step}" if path else step
    return path


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BrokenWorld([Problem("", f"the name {twice!r} stands twice in one object")])
    return made
