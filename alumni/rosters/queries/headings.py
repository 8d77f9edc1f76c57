"""Where the table begins in a roster, and what each of its columns is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


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

    row: int  # its number in the file
    names: tuple[str, ...]
    titles: tuple[str, ...]  # lines above, the first first


def find_headings(rows: Iterable[tuple[int, list[str]]]) -> Headings | None:
    """The heading row, below titles and blank lines; None where no row looks like one. Reads the first 40 rows."""
    raise NotImplementedError


def guess_columns(headings: Sequence[str], remembered: Mapping[str, str]) -> dict[int, Column]:
    """What each column is, by its heading; `remembered` maps a folded heading to a column of earlier files.

    Each column but EXTRA is given once: of two that would be the same, the surer or the first one has it.
    """
    raise NotImplementedError


def headings_twice(headings: Sequence[str]) -> list[str]:
    """Headings that more than one column has: the officer must say which is meant."""
    raise NotImplementedError


def heading_key(heading: str) -> str:
    """A heading folded for comparing, as it is remembered: 氏　名 and 氏名, E-Mail Address and e-mail address."""
    raise NotImplementedError
