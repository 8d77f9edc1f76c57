"""Where the table begins in a roster, and what each of its columns is."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice

from alumni.core.text import fold
from alumni.imports.queries import words

ROWS_BEFORE_HEADINGS = 40
SURE, LIKELY, FAINT = 3, 2, 1  # how well a heading is known
REMEMBERED = 4
LONGEST_HEADING = 80  # characters


class Column(StrEnum):
    """What a column of a roster says of a person."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    FULL_NAME = "full_name"
    NATIVE_NAME = "native_name"  # in own script
    READING = "reading"  # in kana
    PROGRAMME = "programme"
    EDITION = "edition"
    YEAR = "year"  # fiscal
    BATCH = "batch"
    COUNTRY = "country"  # sent from
    PART = "part"  # the letter of a group
    THEME = "theme"
    ROLE = "role"
    FROM_ON = "from_on"
    TO_ON = "to_on"
    DATES = "dates"  # from and to in one cell
    INSTITUTION = "institution"
    HOST_TOWN = "host_town"  # or prefecture
    NUMBER = "number"
    BORN_ON = "born_on"
    EMAIL = "email"
    NOTE = "note"
    EXTRA = "extra"  # kept as it is


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row of a file, and what stands above it."""

    row: int  # its number in the file; the lower one where there are two
    names: tuple[str, ...]
    titles: tuple[str, ...]  # lines above, the first first


_OTHER = re.compile(r"[\W_]+")
_APART = re.compile(r"[（(\[【].*?[）)\]】]")
_INSIDE = re.compile(r"[（(\[【](.*?)[）)\]】]")
_PIECES = re.compile(r"[/／・|｜]")
_COUNTED = re.compile(r"^\s*[0-9０-９①-⑳]{1,2}[.)．、\s]+")
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


@lru_cache(maxsize=4096)
def heading_key(heading: str) -> str:
    """A heading folded for comparing, as it is remembered: 氏　名 and 氏名, E-Mail Address and e-mail address."""
    key = _OTHER.sub("", fold(heading).replace("programme", "program"))
    return key or "".join(heading.split())  # a lone #


@cache
def _known() -> dict[str, tuple[Column, int]]:
    """Every heading of the table by its key, with how sure it is."""
    known: dict[str, tuple[Column, int]] = {}
    for line in re.split(r"\n(?=\w+:)", words.HEADINGS.strip()):
        name, _, spellings = line.partition(":")
        sure, _, likely = spellings.partition("|")
        for rank, part in ((SURE, sure), (LIKELY, likely)):
            for spelling in filter(None, (" ".join(spelling.split()) for spelling in part.split(","))):
                known.setdefault(heading_key(spelling), (Column(name), rank))
    return known


@cache
def _parts() -> tuple[tuple[Column, tuple[str, ...]], ...]:
    lines = (line.partition(":") for line in words.PARTS_OF_HEADINGS.strip().split("\n"))
    return tuple((Column(name), tuple(heading_key(part) for part in parts.split())) for name, _, parts in lines)


@lru_cache(maxsize=4096)
def _guess(heading: str) -> tuple[Column, int]:
    """What a heading alone says: as it stands, without what is in brackets, piece by piece, by a part of it."""
    if not heading.strip() or len(heading) > LONGEST_HEADING:
        return Column.EXTRA, 0
    known = _known()
    if found := known.get(heading_key(heading)):
        return found
    for shorter in _shortened(_COUNTED.sub("", heading)):
        if found := known.get(heading_key(shorter)):
            return found[0], min(found[1], LIKELY)
    key = heading_key(heading)
    if len(key) <= 40:
        for column, parts in _parts():
            if any(part in key for part in parts):
                return column, FAINT
    return Column.EXTRA, 0


def _shortened(heading: str) -> Iterator[str]:
    yield heading
    yield _APART.sub("", heading)
    yield from _PIECES.split(heading)
    yield from _INSIDE.findall(heading)
    yield from re.split(r"(?<=[^\x00-\x7f])\s+(?=[A-Za-z])|(?<=[A-Za-z.])\s*(?=[\u3041-\u30ff\u4e00-\u9fff])", heading)


def find_headings(rows: Iterable[tuple[int, list[str]]]) -> Headings | None:
    """The heading row, below titles and blank lines; None where no row looks like one. Reads the first 40 rows."""
    read = list(islice(rows, ROWS_BEFORE_HEADINGS))
    best, most = 0, 0.0
    for at, (_, cells) in enumerate(read):
        worth = _worth(cells)
        if worth > most:
            best, most = at, worth
    if most == 0:
        return None
    number, cells = read[best]
    titles = tuple(" ".join(filter(None, above)) for _, above in read[:best])
    if best + 1 < len(read) and _is_second_row(read[best + 1][1]):
        number, below = read[best + 1]
        cells = _merged(cells, below)
    return Headings(number, tuple(cells), titles)


def _worth(cells: Sequence[str]) -> float:
    """How much a row looks like headings: what is known in it, if that is at least two cells or the only one."""
    ranks = [_guess(cell)[1] for cell in cells if cell]
    sure = sum(rank >= LIKELY for rank in ranks)
    faint = sum(rank == FAINT for rank in ranks)
    if sure == 0 or (sure + faint < 2 and len(ranks) > 1):
        return 0
    return sure + 0.5 * faint


def _is_second_row(cells: Sequence[str]) -> bool:
    """Family and given below a name that spans both: nothing but headings, and two at least."""
    ranks = [_guess(cell)[1] for cell in cells if cell]
    return len(ranks) > 1 and min(ranks) >= LIKELY


def _merged(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    upper, lower = [*above, *[""] * (width - len(above))], [*below, *[""] * (width - len(below))]
    return [low or up for up, low in zip(upper, lower, strict=True)]


def guess_columns(headings: Sequence[str], remembered: Mapping[str, str]) -> dict[int, Column]:
    """What each column is, by its heading; `remembered` maps a folded heading to a column of earlier files.

    Each column but EXTRA is given once: of two that would be the same, the surer or the first one has it.
    """
    guesses = {at: _remembered(heading, remembered) or _guess(heading) for at, heading in enumerate(headings)}
    columns = dict.fromkeys(guesses, Column.EXTRA)
    taken: set[Column] = set()
    for at in sorted(guesses, key=lambda at: (-guesses[at][1], _is_japanese_name(headings[at], guesses[at][0]))):
        column, rank = guesses[at]
        if column in taken and column == Column.FULL_NAME and _JAPANESE.search(headings[at]) and rank >= LIKELY:
            column = Column.NATIVE_NAME
        if column != Column.EXTRA and column not in taken:
            columns[at] = column
            taken.add(column)
    return _beside_parts(columns, headings)


def _remembered(heading: str, remembered: Mapping[str, str]) -> tuple[Column, int] | None:
    column = remembered.get(heading_key(heading))
    return (Column(column), REMEMBERED) if column in set(Column) else None


def _is_japanese_name(heading: str, column: Column) -> bool:
    """氏名 beside Name is the name in own script, so the others come first."""
    return column == Column.FULL_NAME and heading_key(heading) in ("氏名", "名前", "お名前", "姓名")


def _beside_parts(columns: dict[int, Column], headings: Sequence[str]) -> dict[int, Column]:
    """Beside a family name, a bare "Name" is the given one; beside both, 氏名 is the name in own script."""
    by_column = {column: at for at, column in columns.items()}
    at = by_column.get(Column.FULL_NAME)
    if at is None or Column.FAMILY_NAME not in by_column:
        return columns
    if Column.GIVEN_NAME not in by_column and heading_key(headings[at]) in ("name", "names", "名", "nama", "nome"):
        return columns | {at: Column.GIVEN_NAME}
    is_foreign = not _JAPANESE.search(headings[by_column[Column.FAMILY_NAME]])
    if is_foreign and Column.NATIVE_NAME not in by_column and _is_japanese_name(headings[at], Column.FULL_NAME):
        return columns | {at: Column.NATIVE_NAME}
    return columns


def headings_twice(headings: Sequence[str]) -> list[str]:
    """Headings that more than one column has: the officer must say which is meant."""
    counted = Counter(heading_key(heading) for heading in headings if heading)
    first = {heading_key(heading): heading for heading in reversed(headings)}
    return [first[key] for key, times in counted.items() if times > 1]


def unclear_columns(headings: Sequence[str], columns: Mapping[int, Column]) -> set[int]:
    """Places of the columns that share a heading, where one of them was guessed to be something."""
    twice = {heading_key(heading) for heading in headings_twice(headings)}
    plain = (Column.EXTRA, Column.NOTE)
    meant = {heading_key(headings[at]) for at, column in columns.items() if column not in plain}
    return {at for at, heading in enumerate(headings) if heading_key(heading) in twice & meant}


def is_heading(cell: str) -> bool:
    """Whether a cell is surely a heading, wherever it stands."""
    return _guess(cell)[1] == SURE
