"""From the cells of one row to the facts of one award, with the problems that an officer should see.

Nothing on a list is dropped: what is not understood, and what says more than the fact that was taken from it, stays
in `extra` under its heading; what stood behind a name is its "note". Each problem has a stable code:

- `name-missing` no name, or one without a letter; `name-long` more than 200 characters
- `date-unclear` 03/04/2017 where nothing in the file tells the day; `date-wrong` no date, or an end before the start
- `country-unknown`, `role-unknown`, `year-unclear`, `batch-unclear`, `email-wrong`
- `number-long` more than 60 characters; `text-long` more than 300
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from alumni.core.text import fold
from alumni.imports.queries import words
from alumni.imports.queries.countries import section_country
from alumni.imports.queries.dates import DateOrder, first_two_numbers
from alumni.imports.queries.headings import Column
from alumni.imports.queries.people import Name, read_name
from alumni.imports.queries.readings import READERS, Reading, day_reader, range_reader

__all__ = ["AwardFacts", "AwardRow", "CellProblem", "DateOrder", "Layout", "Skipped", "date_orders", "read_awards"]

LONGEST_NAME = 200
NOTE = "note"  # the name in `extra` of what stood behind a name, and of the column of remarks
TITLE = "title"  # Mr., Dr.

NAMES = (Column.FAMILY_NAME, Column.GIVEN_NAME, Column.FULL_NAME, Column.NATIVE_NAME, Column.READING)
DAYS = (Column.FROM_ON, Column.TO_ON, Column.BORN_ON)
STAY = (Column.FROM_ON, Column.TO_ON, Column.DATES)  # written by one hand
NOTHING = frozenset(
    "- – — ― ー / ・ * . … ? n/a N/A NA n.a. なし 無 無し nil Nil none None 未定 不明 TBA tba TBD".split()
)


class Skipped(StrEnum):
    """Why a row is no person."""

    HEADING = "heading"  # the headings again, in the middle
    TOTAL = "total"  # 合計, Total 25, 以上
    SECTION = "section"  # "Cambodia (11)" alone: the country of the rows below
    NOTE = "note"  # a line of text alone in its row


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
    extra: Mapping[str, str] = field(default_factory=dict)  # heading to text; NOTE and TITLE beside the headings


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
    text: str = ""  # of a row that was skipped


class _Cell(NamedTuple):
    """One column of the file: what it is, and how its cells are read, if they are."""

    column: Column
    fact: str  # the field of AwardFacts
    heading: str
    read: Callable[[str], Reading] | None


class _Plan(NamedTuple):
    """What is the same for every row of a file."""

    cells: tuple[_Cell, ...]
    width: int
    headings: frozenset[str]
    has_countries: bool
    names: frozenset[int]  # where they stand
    whose: Column  # the column that is blamed for a name


def date_orders(rows: Iterable[tuple[int, list[str]]], layout: Layout) -> dict[int, DateOrder]:
    """For each column with dates such as 03/04/2017, how they are meant; UNCLEAR where none of them tells.

    A number above 12 is a day, and tells for its column. First and last days are written by one hand, so one
    column of them tells for the others; a date of birth only for itself.
    """
    places = [at for at, column in layout.columns.items() if column in (*DAYS, Column.DATES)]
    told: dict[int, set[DateOrder]] = {}
    for number, cells in rows:
        if number <= layout.heading_row:
            continue
        for at in places:
            if at < len(cells) and cells[at]:
                for one, two in first_two_numbers(cells[at]):
                    seen = told.setdefault(at, set())
                    if one > 12 >= two:
                        seen.add(DateOrder.DAY_FIRST)
                    elif two > 12 >= one:
                        seen.add(DateOrder.MONTH_FIRST)
    of_stay: set[DateOrder] = set().union(*(seen for at, seen in told.items() if layout.columns[at] in STAY))
    return {at: _only(seen or (of_stay if layout.columns[at] in STAY else set())) for at, seen in told.items()}


def _only(seen: set[DateOrder]) -> DateOrder:
    return next(iter(seen)) if len(seen) == 1 else DateOrder.UNCLEAR


def read_awards(rows: Iterable[tuple[int, list[str]]], layout: Layout) -> Iterator[AwardRow]:
    """Every row below the headings that is not blank, in turn."""
    plan = _plan(layout)
    section = ""
    for number, cells in rows:
        if number <= layout.heading_row:
            continue
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        skipped, country = _no_person(cells, filled, plan)
        if skipped:
            section = country or section
            yield AwardRow(number, None, (), skipped, " ".join(filled))
        else:
            yield _award(number, cells, plan, "" if plan.has_countries else section)


def _plan(layout: Layout) -> _Plan:
    cells: list[_Cell] = []
    taken = {NOTE, TITLE}
    for at, heading in enumerate(layout.headings):
        column = layout.columns.get(at, Column.EXTRA)
        reader = _reader(column, layout.date_orders.get(at, DateOrder.UNCLEAR))
        cells.append(_Cell(column, column.value, _untaken(heading, at, taken), reader))
    columns = [cell.column for cell in cells]
    return _Plan(
        tuple(cells),
        len(cells),
        frozenset(heading.casefold() for heading in layout.headings if heading),
        Column.COUNTRY in columns,
        frozenset(at for at, column in enumerate(columns) if column in NAMES),
        Column.FULL_NAME if Column.FULL_NAME in columns else Column.FAMILY_NAME,
    )


def _untaken(heading: str, at: int, taken: set[str]) -> str:
    """The heading, or the heading with its place where two columns have the same or none."""
    name = heading if heading and heading not in taken else f"{heading} ({at + 1})".strip()
    taken.add(name)
    return name


def _reader(column: Column, order: DateOrder) -> Callable[[str], Reading] | None:
    if column in DAYS:
        return day_reader(order)
    return range_reader(order) if column == Column.DATES else READERS.get(column)


# Rows that are no people


@cache
def _totals() -> frozenset[str]:
    return frozenset(fold(word) for word in words.TOTALS.split())


_COUNTING = re.compile(r"[\W\d_]+|名|人|(?:people|persons?|participants)$")
_REMARK = re.compile(r"^(?:[※*＊†]|注|備考|note|n\.b\.|remark|source|as of)", re.IGNORECASE)


def _no_person(cells: Sequence[str], filled: Sequence[str], plan: _Plan) -> tuple[Skipped | None, str]:
    """Why a row is no person, and the country that it sets for the rows below."""
    if filled[0].casefold() in plan.headings and _is_heading_again(filled, plan):
        return Skipped.HEADING, ""
    others = filled[1:]
    if len(filled) <= 3 or all(cell.isdecimal() for cell in others):
        if len(filled[0]) <= 40 and _COUNTING.sub("", fold(filled[0])) in _totals():
            return Skipped.TOTAL, ""
        if len(filled) <= 2 and (plan.width > 1 or any(char.isdigit() for char in filled[0])):
            return _alone(cells, filled, plan)
    return None, ""


def _is_heading_again(filled: Sequence[str], plan: _Plan) -> bool:
    same = sum(cell.casefold() in plan.headings for cell in filled)
    return same >= min(2, len(plan.headings)) and 2 * same > len(filled)


def _alone(cells: Sequence[str], filled: Sequence[str], plan: _Plan) -> tuple[Skipped | None, str]:
    """A row of one text, or of a text and a count."""
    counted = [_COUNTING.sub("", fold(cell)) == "" for cell in filled[1:]]
    if all(counted) and (country := section_country(" ".join(filled))):
        return Skipped.SECTION, country
    has_name = any(at < len(cells) and cells[at] for at in plan.names)
    is_text_alone = all(counted) and not has_name
    return (Skipped.NOTE, "") if is_text_alone or _REMARK.match(filled[0]) else (None, "")


# Rows that are


def _award(number: int, cells: Sequence[str], plan: _Plan, section: str) -> AwardRow:
    values: dict[str, Any] = {}
    extra: dict[str, str] = {}
    problems: list[CellProblem] = []
    names = dict.fromkeys(NAMES, "")
    for (column, fact, heading, read), text in zip(plan.cells, cells, strict=False):
        if not text or text in NOTHING:
            continue
        if read:
            value, reason, says_more = read(text)
            if reason:
                problems.append(CellProblem(column, reason, text))
            else:
                values[fact] = value
            if reason or says_more:
                extra[heading] = text
        elif column in names:
            names[column] = text
        else:
            extra[NOTE if column == Column.NOTE else heading] = text
    if len(cells) > plan.width:
        extra |= {f"({at})": cell for at, cell in enumerate(cells[plan.width :], plan.width + 1) if cell}
    name = read_name(*names.values())
    problems += _problems_of_name(name, plan.whose)
    problems += _set_days(values)
    if section:
        values.setdefault("country", section)
    if name.title:
        extra[TITLE] = name.title
    if name.note:
        extra[NOTE] = f"{name.note}; {extra[NOTE]}" if NOTE in extra else name.note
    facts = AwardFacts(*name[:5], **values, extra=extra)
    return AwardRow(number, facts, tuple(problems))


def _problems_of_name(name: Name, whose: Column) -> list[CellProblem]:
    printed = name.printed
    if not printed or not (printed[0].isalpha() or any(char.isalpha() for char in printed)):
        return [CellProblem(whose, "name-missing", printed)]
    if max(map(len, name[:5])) > LONGEST_NAME:
        return [CellProblem(whose, "name-long", printed)]
    return []


def _set_days(values: dict[str, Any]) -> list[CellProblem]:
    """The days of a range where there are none of their own; and whether the last comes before the first."""
    if both := values.pop("dates", None):
        values.setdefault("from_on", both[0])
        values.setdefault("to_on", both[1])
    until = values.get("to_on", "")
    if not until:
        return []
    since = values.get("from_on", "")
    shorter = min(len(since), len(until))
    if until[:shorter] < since[:shorter]:
        return [CellProblem(Column.TO_ON, "date-wrong", values.pop("to_on"))]
    return []
