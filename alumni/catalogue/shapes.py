"""What an entry of the catalogue may hold. The meaning of each field stands in `catalogue/README.md`."""

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from alumni.catalogue.files import Document, Path_, Problem
from alumni.core.places import COUNTRIES
from alumni.core.text import CONTROLS, OVERRIDES
from alumni.programmes.models import Bound

_KNOWN = frozenset(COUNTRIES)
MOST = 10**15


def _clean(text: str) -> str:
    if CONTROLS.search(text) or OVERRIDES.search(text):
        raise ValueError("it has control characters or characters that change the direction of writing")
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _country(code: str) -> str:
    if code not in _KNOWN:
        raise ValueError(f"{code} is not a country of ISO 3166-1 alpha-2")
    return code


def _partial_date(text: str) -> str:
    parts = [int(part) for part in text.split("-")]
    try:
        date(*parts, *[1] * (3 - len(parts)))
    except ValueError as error:
        raise ValueError(f"{text} is not a date") from error
    return text


def _as_of(text: str) -> str:
    return text if text.startswith("FY") else _partial_date(text)


Text = Annotated[str, Field(max_length=4000), AfterValidator(_clean)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_clean)]
Short = Annotated[str, Field(max_length=120), AfterValidator(_clean)]
Id = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
Country = Annotated[str, AfterValidator(_country)]
PartialDate = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$"), AfterValidator(_partial_date)]
AsOf = Annotated[str, Field(pattern=r"^(FY[0-9]{4}|[0-9]{4}(-[0-9]{2}){0,2})$"), AfterValidator(_as_of)]
Year = Annotated[int, Field(ge=1850, le=2200)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Way = Literal["inbound", "outbound"]
Unit = Literal[
    "persons", "USD", "JPY", "countries", "programmes", "percent", "years", "years_of_age", "days", "pillars"
]


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Years(Shape):
    from_: Year = Field(alias="from")
    to: Year | None = None

    @model_validator(mode="after")
    def _order(self) -> "Years":
        if self.to is not None and self.to < self.from_:
            raise ValueError("years run backwards")
        return self


class Dated(Shape):
    """A thing with a beginning and an end, each as exact as its source has it."""

    from_: PartialDate | None = Field(default=None, alias="from")
    to: PartialDate | None = None

    @model_validator(mode="after")
    def _dates(self) -> "Dated":
        if self.to and not self.from_:
            raise ValueError("it has an end (to) and no beginning (from)")
        if self.to and self.from_ and self.to < self.from_:
            raise ValueError("its end (to) is before its beginning (from)")
        return self


class Value(Shape):
    """A published value and how to read it."""

    value: Annotated[int, Field(ge=0, le=MOST)] | None = None
    value_min: Annotated[int, Field(ge=0, le=MOST)] | None = None
    value_max: Annotated[int, Field(ge=0, le=MOST)] | None = None
    about: bool = False
    bound: Literal["exact", "about", "more_than", "up_to", "expected"] | None = None
    exclusive: bool = False

    @model_validator(mode="after")
    def _readable(self) -> "Value":
        has_range = self.value_min is not None and self.value_max is not None
        if (self.value is None) != has_range or (self.value_min is None) != (self.value_max is None):
            raise ValueError("give either a value, or value_min and value_max")
        if self.value_min is not None and self.value_max is not None and self.value_max < self.value_min:
            raise ValueError("value_max is below value_min")
        if self.about and self.bound not in (None, "about"):
            raise ValueError(f"about: true contradicts bound: {self.bound}")
        if self.exclusive and self.bound != "up_to":
            raise ValueError("exclusive goes with bound: up_to")
        return self

    @property
    def read_as(self) -> Bound:
        return Bound.ABOUT if self.about else Bound(self.bound or "exact")


class PublishedValue(Value):
    """A value that stands somewhere: never without its source."""

    unit: Unit = "persons"
    planned: bool = False
    as_of: AsOf | None = None
    period: Text = Field(default="")
    source: Text


class ProgrammeFigure(PublishedValue):
    scope: Text = Field(default="")


class Size(PublishedValue):
    population: Text


class Attendance(Value):
    population: Text = Field(default="")


class HeadCount(Attendance):
    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        """`total: 55` is short for an exact value."""
        return {"value": data} if isinstance(data, int) and not isinstance(data, bool) else data


class FamilyEntry(Shape):
    id: Id
    name: Line
    source: Text


class Phase(Shape):
    name: Line
    years: Years
    source: Text


class ProgrammeEntry(Dated):
    id: Id
    family: Id
    kind: Literal["programme", "series", "edition", "batch", "activity", "project"]
    series: Id | None = None
    programme: Id | None = None
    editions: list[Id] = []
    number: Annotated[int, Field(ge=1, le=9999)] | None = None
    name: Line
    short: Short
    aliases: list[Line] = []
    years: Years | None = None
    announced: Line | None = None
    years_note: Text | None = None
    duration_note: Text | None = None
    region: Text = Field(default="")
    countries: list[Country] = []
    founding_countries: list[Country] = []
    country_count: Annotated[int, Field(ge=1, le=300)] | None = None
    countries_note: Text | None = None
    direction: list[Way] = []
    audience: Text = Field(default="")
    theme: Text = Field(default="")
    implementing: list[Line] = []
    output: Text | None = None
    place: Line | None = None
    phases: list[Phase] = []
    participants: list[ProgrammeFigure] = []
    budget: list[ProgrammeFigure] = []
    predecessor: Id | None = None
    predecessor_note: Text | None = None
    successor: Id | None = None
    seed_order: int | None = None
    note: Text | None = None
    note_source: Text | None = None
    source: Text

    @property
    def parent(self) -> str | None:
        return self.series or self.programme


class Part(Shape):
    countries: list[Country] = []
    prefectures: list[Line] = []
    topic: Line | None = None
    note: Line | None = None


class CohortEntry(Dated):
    id: Id
    programme: Id
    edition: Id | None = None
    title: Line
    theme: Text = Field(default="")
    batch: Annotated[int, Field(ge=1, le=9999)] | None = None
    audience: Text = Field(default="")
    direction: Way
    countries: dict[Country, Count | None] = {}
    country_count: Annotated[int, Field(ge=1, le=300)] | None = None
    destination: Country | None = None
    place: Line | None = None
    total: HeadCount | None = None
    total_note: Text | None = None
    as_of: AsOf | None = None
    groups: dict[Annotated[str, Field(pattern=r"^[A-Z][0-9]?$")], Part] = {}
    group_count: Annotated[int, Field(ge=1, le=100)] | None = None
    topics: list[Line] = []
    universities: dict[Line, Count] = {}
    year_inferred: bool = False
    source: Text

    @model_validator(mode="after")
    def _sum(self) -> "CohortEntry":
        counts = list(self.countries.values())
        known = [count for count in counts if count is not None]
        is_whole = known and len(known) == len(counts)
        if is_whole and self.total and self.total.read_as == Bound.EXACT and sum(known) != self.total.value:
            raise ValueError(f"its countries add up to {sum(known)}, its total is {self.total.value}")
        return self


class ProgrammesFile(Shape):
    schema_: Literal[1] = Field(alias="schema")
    families: list[FamilyEntry]
    programmes: list[ProgrammeEntry]
    cohorts: list[CohortEntry] = []


class AssociationEntry(Shape):
    id: Id
    name: Line
    abbr: Annotated[str, Field(max_length=40), AfterValidator(_clean)] | None = None
    aliases: list[Line] = []
    kind: Literal[
        "umbrella",
        "member_association",
        "former_association",
        "jica_alumni_association",
        "nikkei_alumni_association",
        "chapter",
        "group",
        "network",
        "counterpart",
        "organisation",
    ]
    umbrella: Id | None = None
    umbrella_inferred: bool = False
    section_of: Id | None = None
    merged_from: list[Id] = []
    merged_into: Id | None = None
    programme: Id | None = None
    country: Country | None = None
    countries: list[Country] = []
    region: Text | None = None
    founded: PartialDate | None = None
    joined_umbrella: PartialDate | None = None
    website: Annotated[str, Field(max_length=300, pattern=r"^https?://[^\s]+$")] | None = None
    has_chapters: bool = False
    chapter_term: Line | None = None
    governance: Text | None = None
    members: list[Size] = []
    note: Text | None = None
    source: Text

    @property
    def parent(self) -> str | None:
        return self.umbrella or self.section_of


class UnnamedMember(Shape):
    umbrella: Id
    country: Country
    status: Text
    website: Annotated[str, Field(max_length=300, pattern=r"^https?://[^\s]+$")] | None = None
    source: Text

    @property
    def id(self) -> str:
        return f"{self.umbrella}-{self.country.lower()}"


class MeetingEntry(Dated):
    id: Id
    association: Id | None = None
    programme: Id | None = None
    organiser: Line | None = None
    host: Id | None = None
    kind: Literal[
        "RLF",
        "ECM",
        "SIGA",
        "COPANI",
        "commemorative_visit",
        "alumni_assembly",
        "online_event",
        "online_alumni_programme",
        "online_alumni_meeting",
        "in_person_reunion",
        "networking_fair",
        "reporting_and_networking",
    ]
    number: Annotated[int, Field(ge=1, le=999)] | None = None
    year: Year
    title: Annotated[str, Field(max_length=200), AfterValidator(_clean)] | None = None
    host_country: Country | None = None
    place: Line | None = None
    mode: Literal["online", "hybrid", "in_person"] | None = None
    theme: Text | None = None
    themes: list[Line] = []
    audience: Text | None = None
    countries: list[Country] = []
    signatories: list[Country] = []
    absent: list[Country] = []
    attendance: Attendance | None = None
    resolutions: Value | None = None
    output: Text | None = None
    planned: bool = False
    note: Text | None = None
    source: Text

    @model_validator(mode="after")
    def _year(self) -> "MeetingEntry":
        if self.from_ and int(self.from_[:4]) != self.year:
            raise ValueError(f"it begins {self.from_}, which is not in {self.year}")
        return self


class AssociationsFile(Shape):
    schema_: Literal[1] = Field(alias="schema")
    associations: list[AssociationEntry]
    unnamed_members: list[UnnamedMember] = []
    meetings: list[MeetingEntry] = []


class Seed(Shape):
    title: Line
    file: Line | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")] | None = None
    published: PartialDate | None = None


class Standing(Shape):
    """Where a figure stands: a founding document, and the line of it."""

    seed: str
    line: Annotated[int, Field(ge=1)]


class CountEntry(Value):
    id: Id
    value: Annotated[int, Field(ge=0, le=MOST)]
    unit: Unit
    planned: bool = False
    as_of: AsOf | None = None
    period: Text = Field(default="")
    population: Text
    kind: Literal["context"] | None = None
    programmes: list[Id] = []
    associations: list[Id] = []
    countries: list[Country] = []
    quote: Text
    note: Text | None = None
    source: Standing


class CountsFile(Shape):
    schema_: Literal[1] = Field(alias="schema")
    seeds: dict[str, Seed]
    counts: list[CountEntry]


ShapeT = TypeVar("ShapeT", bound=Shape)


def shape(document: Document, kind: type[ShapeT], problems: list[Problem]) -> ShapeT | None:
    """The document in its shape, or None with what is wrong added to `problems`."""
    try:
        return kind.model_validate(document.data)
    except ValidationError as error:
        for found in error.errors():
            path: Path_ = tuple(found["loc"])
            problems.append(document.problem(path, _reason(found["type"], path, found["msg"])))
        return None


def _reason(kind: str, path: Path_, message: str) -> str:
    words = [part for part in path if isinstance(part, str)]
    name = words[-1] if words else "the file"
    if kind == "missing":
        return f"{name} is missing"
    if kind == "extra_forbidden":
        return f"{name} is not a field that the catalogue knows"
    return f"{name}: {message.removeprefix('Value error, ')}"
