"""From the cells of one row to the facts of one award, with the problems that an officer should see."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from alumni.rosters.queries.headings import Column


class DateOrder(StrEnum):
    """How 03/04/2017 is meant."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNCLEAR = "unclear"  # the officer is asked


class Skipped(StrEnum):
    """Why a row is no person."""

    HEADING = "heading"  # the headings again, in the middle
    TOTAL = "total"  # 合計, Total 25, 以上
    SECTION = "section"  # "Cambodia (11)" alone: the country of the rows below
    NOTE = "note"  # a line of text alone in its row, or a title


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read: what the officer saw, and may have corrected."""

    heading_row: int
    headings: tuple[str, ...]
    columns: Mapping[int, Column]
    date_orders: Mapping[int, DateOrder] = field(default_factory=dict)  # for each column of dates, by its place


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What one row says. Texts are empty and numbers None where it says nothing."""

    family_name: str = ""
    given_name: str = ""
    name_printed: str = ""  # whole, as it is on the list: SURNAME Given
    name_native: str = ""
    name_reading: str = ""
    programme: str = ""  # as written
    edition: str = ""
    year: int | None = None  # fiscal, April to March
    batch: int | None = None
    country: str = ""  # ISO 3166-1 alpha-2
    part: str = ""  # A
    theme: str = ""
    role: str = ""  # a ParticipationRole; empty where the list has no roles
    from_on: str = ""  # ISO 8601, as exact as known: 2017, 2017-02, 2017-02-14
    to_on: str = ""
    institution: str = ""
    host_town: str = ""
    number: str = ""
    born_on: str = ""
    email: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)  # heading to text; "note" for what stood behind a name


class CellProblem(NamedTuple):
    """A cell that says nothing that we understand. The row is read all the same, without it."""

    column: Column
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One row of the file: a person with facts, or something else that was skipped."""

    number: int  # in the file
    facts: AwardFacts | None
    problems: tuple[CellProblem, ...] = ()
    skipped: Skipped | None = None


def date_orders(rows: Iterable[tuple[int, list[str]]], layout: Layout) -> dict[int, DateOrder]:
    """For each column of dates with numbers only, how its values are meant; UNCLEAR where none of them tells."""
    raise NotImplementedError


def read_awards(rows: Iterable[tuple[int, list[str]]], layout: Layout) -> Iterator[AwardRow]:
    """Every row below the headings that is not blank, in turn."""
    raise NotImplementedError
