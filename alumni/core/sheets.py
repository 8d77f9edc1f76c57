"""From the file that an agency has to rows of text: CSV in any usual encoding and separator, and XLSX workbooks.

A file is read in a process of its own (`cells_apart.py`) with little memory, little time and no secret: a hostile
one costs itself. What comes out is a text file of ours, one row a line, which is read back a row at a time.

Formulas. A roster has no business with them, and what they show depends on what lies beside them: a workbook with one
is refused, and where it stands is said. In a CSV a cell that begins with = + - @ is text like any other, and exports
make it harmless.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alumni.core.errors import DomainError

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000  # that are not blank; titles and headings come on top
MOST_COLUMNS = 100
LONGEST_CELL = 10_000  # characters
MOST_SECONDS = 60  # of the clock on the wall, where the machine is busy; its own time is limited by the program

# What an officer may say, by the names that Python has for them.
ENCODINGS = (
    *("utf-8", "utf-16-le", "utf-16-be", "cp932", "windows-1252", "latin-1"),
    *("euc_jp", "cp874", "gb18030", "cp949", "windows-1251"),
)

REASONS = frozenset(
    {
        "sheet-bytes",  # larger than MOST_BYTES; most: megabytes
        "sheet-rows",  # more rows than MOST_ROWS; most
        "sheet-columns",  # more columns than MOST_COLUMNS; most, row
        "sheet-cell",  # a cell longer than LONGEST_CELL, or a quotation mark that never ends; most, row
        "sheet-line",  # a line without an end; row
        "sheet-not-a-table",  # a PDF, a picture, an archive, a page: anything but text in columns and XLSX
        "sheet-old-workbook",  # .xls, to be saved as .xlsx
        "sheet-password",  # a workbook that asks for a password
        "sheet-formula",  # a cell of the workbook is calculated; column, row
        "sheet-bomb",  # a workbook that unpacks to far more than it is
        "sheet-encoding",  # text in no encoding that we know, or not in the one that was named
        "sheet-empty",
        "sheet-missing",  # no sheet of the name that was asked for; sheet_name
        "sheet-unreadable",  # damaged, or so that reading it met a limit
    }
)


class SheetRefused(DomainError):
    """A file that is not read. `reason` is one of REASONS."""

    status = 422

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(**facts)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read, to be shown to the officer, who may say another encoding or sheet."""

    kind: str  # csv, xlsx
    encoding: str  # one of ENCODINGS; empty for a workbook
    separator: str  # empty for a workbook
    sheet_name: str  # empty for CSV
    sheet_names: tuple[str, ...]  # of the workbook, hidden ones left out
    rows: int  # that are not blank
    widest: int  # cells of the longest row


_one_at_a_time = threading.BoundedSemaphore()
_PROGRAM = Path(__file__).with_name("cells_apart.py")


def read_sheet(source: Path, target: Path, *, encoding: str = "", language: str = "", sheet_name: str = "") -> Sheet:
    """Writes the rows of `source` to `target` as plain text. Raises SheetRefused.

    `encoding` and `sheet_name` are what the officer said, if anything; the language of the uploader decides
    between encodings where the file does not.
    """
    size = source.stat().st_size
    if not size:
        raise SheetRefused("sheet-empty")
    if size > MOST_BYTES:
        raise SheetRefused("sheet-bytes", most=MOST_BYTES // 1024**2)
    if encoding and encoding not in ENCODINGS:
        raise SheetRefused("sheet-encoding")
    asked = json.dumps({"encoding": encoding, "language": language, "sheet_name": sheet_name})
    found = _read_apart(source, target, asked)
    return Sheet(**found | {"sheet_names": tuple(found["sheet_names"])})


def _read_apart(source: Path, target: Path, asked: str) -> dict[str, Any]:
    command = [sys.executable, "-I", str(_PROGRAM), asked]
    with _one_at_a_time, source.open("rb") as file, target.open("wb") as rows:
        try:
            done = subprocess.run(  # noqa: S603 - our own program; what comes from outside is one word of JSON
                command, stdin=file, stdout=rows, stderr=subprocess.PIPE, env={}, timeout=MOST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise SheetRefused("sheet-unreadable") from error
    if done.returncode == 0:
        return _told(done.stderr)
    target.write_bytes(b"")
    if done.returncode == 1:  # neither a refusal nor the end that a limit makes: the program itself is broken
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    facts = {"reason": "", **_told(done.stderr)}
    reason = facts.pop("reason")
    raise SheetRefused(reason if reason in REASONS else "sheet-unreadable", **facts)


def _told(stderr: bytes) -> dict[str, Any]:
    """The report of the program, among what a reader that panics may have said before and after it."""
    told = [line for line in stderr.splitlines() if line.startswith(b"{")]
    return dict(json.loads(told[-1])) if told else {}


def rows_of(target: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the number that each has in the file; cells are single clean lines."""
    with target.open(encoding="utf-8", newline="\n") as rows:
        for line in rows:
            number, *cells = line[:-1].split("\t")
            yield int(number), cells
