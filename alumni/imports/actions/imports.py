"""A file on its way in: read, kept, its columns said, its questions answered; then compared, committed, undone.

What takes long is done by jobs: `staging`, `committing`, `undoing`. Here is what officers decide.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock, jobs, limits, storage
from alumni.core.db import db, insert_or_ignore, upsert
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.places import COUNTRIES
from alumni.core.sheets import read_sheet, rows_of
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.imports import policy, queries
from alumni.imports.models import ImportRow, KnownHeading, Outcome
from alumni.imports.queries import Column, DateOrder, Headings, Layout
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Programme
from alumni.rosters import policy as rosters_policy
from alumni.rosters.models import ImportState, RosterImport

PREVIEW, COMPARE, COMMIT, UNDO = "roster preview", "roster compare", "roster commit", "roster undo"  # kinds of jobs
FORGET_FILE = "forget roster file"
FOLDER = "rosters"  # in the store
NAME_LETTERS = 26
SAMPLES = 3  # rows that are shown beside the headings
UNDONE_WITHIN = timedelta(days=30)
NAMES = (Column.FULL_NAME, Column.FAMILY_NAME, Column.GIVEN_NAME)
MANY = (Column.EXTRA, Column.NOTE)  # what more than one column may be
BARE = frozenset(("no", "nr", "n", "nº", "number", "番号", "ナンバー", "№", "#"))  # headings of counts
MOVES = {
    ImportState.MAPPED: ImportState.UPLOADED,
    ImportState.PREVIEWED: ImportState.MAPPED,
    ImportState.COMMITTED: ImportState.PREVIEWED,
    ImportState.UNDONE: ImportState.COMMITTED,
}


class ImportMoved(DomainError):
    """The import is in another state, or work on it is under way. Nothing was changed."""


class ImportOvertaken(DomainError):
    """Another list has changed the same rosters since this one was compared with them."""


class ImportSettled(DomainError):
    """It was committed too long ago to be undone."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What an officer says of a file: the programme by its slug; a country where every row is from it."""

    programme: str
    country: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was read, before anybody says what its columns are."""

    digest: bytes
    encoding: str
    sheet_name: str
    sheet_names: tuple[str, ...]
    rows: int
    headings: Headings
    columns: Mapping[int, Column]
    orders: Mapping[int, DateOrder]
    samples: Sequence[Sequence[str]]


def count_upload(actor: Viewer, upload: Upload) -> Programme:
    """Counts one try to send a file. Raises TooMany, and what `check_upload` raises."""
    programme = check_upload(actor, upload)
    limits.count("roster", account=actor.id)
    return programme


def check_upload(actor: Viewer, upload: Upload) -> Programme:
    """The programme of a file. Raises Invalid for one, or for a country, that is not the actor's."""
    require(rosters_policy.can_see_rosters(actor), "officer")
    programme = programmes_queries.find_programme(upload.programme)
    if programme is None:
        raise Invalid("programme", "unknown")
    if upload.country and upload.country not in COUNTRIES:
        raise Invalid("country", "unknown")
    if not policy.can_import(actor, programme_id=programme.id, country=upload.country):
        raise Invalid("country", "country-of-mandate")
    return programme


def read_table(
    source: Path, *, programme_id: int, encoding: str = "", sheet_name: str = "", language: str = ""
) -> Table:
    """Reads a file and guesses its columns. Touches no row: it takes its time. Raises SheetRefused, Invalid."""
    remembered = queries.remembered_headings(programme_id)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "rows"
        sheet = read_sheet(source, target, encoding=encoding, sheet_name=sheet_name, language=language)
        headings = queries.find_headings(rows_of(target))
        if headings is None:
            raise Invalid("file", "headings-none")
        below = (cells for number, cells in rows_of(target) if number > headings.row)
        samples = list(islice((cells for cells in below if sum(map(bool, cells)) > 1), SAMPLES))
        columns = queries.guess_columns(headings.names, remembered)
        columns = {
            at: Column.EXTRA if column == Column.NUMBER and _is_counting(headings.names[at], at, samples) else column
            for at, column in columns.items()
        }
        orders = queries.date_orders(rows_of(target), Layout(headings.row, headings.names, columns))
    with source.open("rb") as file:
        digest = sha256(file.read()).digest()
    return Table(
        digest, sheet.encoding, sheet.sheet_name, sheet.sheet_names, sheet.rows, headings, columns, orders, samples
    )


def _is_counting(heading: str, at: int, samples: Sequence[Sequence[str]]) -> bool:
    """A column that counts 1, 2, 3 under a bare "No." numbers the rows, not the people."""
    counted = [cells[at] if at < len(cells) else "" for cells in samples]
    is_count = len(counted) > 1 and counted == [str(place) for place in range(1, len(counted) + 1)]
    return is_count and queries.heading_key(heading) in BARE


def keep_file(data: bytes) -> str:
    """Writes the file to the store and returns its name. Raises StorageAway."""
    name = f"{FOLDER}/{new_key(NAME_LETTERS)}"
    storage.files().put(name, data)
    return name


def start_import(actor: Viewer, upload: Upload, table: Table, *, file: str, key: str) -> RosterImport:
    """An import that waits for its columns to be said; the same form sent twice makes one."""
    programme = programmes_queries.find_programme(upload.programme)
    if programme is None:
        raise NotFound
    require(policy.can_import(actor, programme_id=programme.id, country=upload.country), "officer")
    is_new = insert_or_ignore(
        RosterImport,
        {
            "key": key,
            "programme_id": programme.id,
            "country": upload.country,
            "uploaded_by_id": actor.id or None,
            "file_name": upload.file_name[:200],
            "file": file,
            "created_at": clock.now(),
            "state": ImportState.UPLOADED,
            "problem": "",
            "line_done": 0,
            "is_running": False,
            "counts": {},
            "questions": {},
            "cohorts": [],
            **_reading(table),
        },
    )
    made = db.session.scalars(sa.select(RosterImport).where(RosterImport.key == key)).one()
    if is_new:
        audit.record(actor, "roster.upload", f"import:{key}", file=made.file_name, rows=made.rows)
    return made


def _reading(table: Table) -> dict[str, Any]:
    """What an import keeps of how its file was read."""
    blank = [""] * len(table.headings.names)
    return {
        "digest": table.digest,
        "encoding": table.encoding,
        "rows": table.rows,
        "headings": list(table.headings.names),
        "columns": {str(at): column.value for at, column in table.columns.items()},
        "answers": {
            "row": table.headings.row,
            "titles": list(table.headings.titles),
            "sheet": table.sheet_name,
            "sheets": list(table.sheet_names),
            "is_unclear": DateOrder.UNCLEAR in table.orders.values(),
            "samples": [[*cells, *blank][: len(blank)] for cells in table.samples],
        },
    }


def read_again(actor: Viewer, made: RosterImport, table: Table) -> None:
    """The file was read in another encoding, or another sheet of it."""
    _require_import(actor, made)
    _move(made, made.state, ImportState.UPLOADED, **_reading(table))


def map_columns(
    actor: Viewer,
    made: RosterImport,
    columns: Sequence[Column],
    *,
    order: DateOrder | None,
    due_at: datetime | None = None,
) -> None:
    """Says what each column is; from then on the next file knows it. What the file says is compared by a job."""
    _require_import(actor, made)
    _check_columns(made, columns)
    if made.answers["is_unclear"] and order is None:
        raise Invalid("order", "order-needed")
    answers = {name: value for name, value in made.answers.items() if name != "samples"} | {
        "order": order.value if order else "",
        "cohorts": {},
    }
    said = {str(at): column.value for at, column in enumerate(columns)}
    _move(made, ImportState.MAPPED, columns=said, answers=answers, is_running=True, line_done=0, problem="")
    meant = {queries.heading_key(heading)[:200]: column for heading, column in zip(made.headings, columns, strict=True)}
    for heading in queries.headings_twice(made.headings):  # which of them is which, no heading tells
        meant.pop(queries.heading_key(heading)[:200], None)
    known = [
        {"programme_id": made.programme_id, "heading": heading, "column": column.value}
        for heading, column in meant.items()
        if heading
    ]
    upsert(KnownHeading, known, key=("programme_id", "heading"))
    jobs.enqueue(PREVIEW, due_at=due_at, roster=made.id)


def _check_columns(made: RosterImport, columns: Sequence[Column]) -> None:
    if len(columns) != len(made.headings):
        raise Invalid("columns", "columns-differ")
    if not set(columns) & set(NAMES):
        raise Invalid("columns", "name-column-needed")
    once = [column for column in columns if column not in MANY]
    if len(set(once)) < len(once):
        raise Invalid("columns", "column-twice")


def answer_order(actor: Viewer, made: RosterImport, order: DateOrder) -> None:
    """Says how dates such as 03/04/2017 are meant, where the job found that nothing in the file tells."""
    _require_import(actor, made)
    if made.problem != "date-order":
        raise ImportMoved
    answers = made.answers | {"order": order.value}
    _move(made, ImportState.MAPPED, ImportState.MAPPED, answers=answers, is_running=True, line_done=0, problem="")
    jobs.enqueue(PREVIEW, roster=made.id)


def accept_row(actor: Viewer, made: RosterImport, row: ImportRow, *, is_accepted: bool) -> None:
    """The officer's word on a row that would change who a claimed entry is."""
    _require_import(actor, made)
    if made.state != ImportState.PREVIEWED or made.is_running or row.outcome != Outcome.ASKS:
        raise ImportMoved
    row.is_accepted = is_accepted
    audit.record(actor, "roster.answer", f"import:{made.key}", line=row.line, accepted=is_accepted)


def commit_import(actor: Viewer, made: RosterImport, *, due_at: datetime | None = None) -> None:
    """Lets the rosters become what the preview says; a job does it. Raises ImportMoved, ImportOvertaken."""
    _require_import(actor, made)
    # Of two imports of a programme, one is compared with what the other has done.
    db.session.execute(sa.select(Programme.id).where(Programme.id == made.programme_id).with_for_update())
    if made.state == ImportState.PREVIEWED and queries.is_overtaken(made):
        raise ImportOvertaken
    _move(made, ImportState.COMMITTED, committed_at=clock.now(), is_running=True, line_done=0)
    jobs.enqueue(COMMIT, due_at=due_at, roster=made.id)
    audit.record(actor, "roster.import", f"import:{made.key}", file=made.file_name, rows=made.counts)


def undo_import(actor: Viewer, made: RosterImport) -> None:
    """Takes back what committing did, apart from what people have claimed since; a job does it."""
    _require_import(actor, made)
    if made.committed_at and made.committed_at < clock.now() - UNDONE_WITHIN:
        raise ImportSettled
    _move(made, ImportState.UNDONE, undone_at=clock.now(), is_running=True, line_done=0)
    jobs.enqueue(UNDO, roster=made.id)
    audit.record(actor, "roster.undo", f"import:{made.key}", file=made.file_name)


def compare_again(actor: Viewer, made: RosterImport) -> RosterImport:
    """The same file from its beginning, as a new import with the columns as they were said."""
    _require_import(actor, made)
    if made.state in (ImportState.COMMITTED, ImportState.UNDONE) or made.is_running or not made.file:
        raise ImportMoved
    names = ("programme_id", "country", "file_name", "file", "digest", "encoding", "headings", "columns", "rows")
    again = RosterImport(
        **{name: getattr(made, name) for name in names},
        uploaded_by_id=actor.id or None,
        answers={"samples": [], "is_unclear": False} | made.answers,
    )
    db.session.add(again)
    _discard(made)
    db.session.flush()
    audit.record(actor, "roster.again", f"import:{again.key}", file=again.file_name, instead_of=made.key)
    return again


def discard_import(actor: Viewer, made: RosterImport) -> None:
    """Throws a file away that has changed nothing yet."""
    _require_import(actor, made)
    if made.state in (ImportState.COMMITTED, ImportState.UNDONE) or made.is_running:
        raise ImportMoved
    if made.file:
        jobs.enqueue(FORGET_FILE, name=made.file)
    _discard(made)
    audit.record(actor, "roster.discard", f"import:{made.key}", file=made.file_name)


def _discard(made: RosterImport) -> None:
    gone = sa.delete(RosterImport).where(
        RosterImport.id == made.id, RosterImport.state == made.state, RosterImport.is_running.is_(False)
    )
    if not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        raise ImportMoved


def _require_import(actor: Viewer, made: RosterImport) -> None:
    require(policy.can_import(actor, programme_id=made.programme_id, country=made.country), "officer")


def _move(made: RosterImport, to: ImportState, at: ImportState | None = None, **values: Any) -> None:
    """Only the listed moves exist; of two at once, one wins. `at` is given for a step that stays where it is."""
    before = MOVES[to] if at is None else at
    moved = (
        sa.update(RosterImport)
        .where(RosterImport.id == made.id, RosterImport.state == before, RosterImport.is_running.is_(False))
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    if not db.session.execute(moved).rowcount:  # type: ignore[attr-defined]
        raise ImportMoved
    db.session.refresh(made)
