"""Rows of a file beside the rosters: read, given a cohort, matched to entries, kept with what committing would do.

A generator does a few thousand rows at a time; its door commits after each, so that nobody waits for the database.
Stopped anywhere it begins anew, because the file is there and nothing but its own rows was written.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alumni.core import clock, storage
from alumni.core.alike import name_key
from alumni.core.db import db, insert_many
from alumni.core.sheets import SheetRefused, read_sheet, rows_of
from alumni.core.tokens import new_keys
from alumni.imports import queries
from alumni.imports.models import ImportRow, Outcome
from alumni.imports.queries import AwardFacts, AwardRow, Cohorts, Column, DateOrder, Layout, Seen
from alumni.members.models import ParticipationRole
from alumni.rosters.models import ImportState, RosterImport

CHUNK = 1000
MOST_QUESTIONS = 200  # more of them: a column is not what it was said to be
# Without these nobody can be listed; any other cell that is not understood is left out and shown.
FATAL = frozenset({"name-missing", "name-long", "country-unknown", "batch-unclear", "year-unclear"})
SHORT = {"part": 80, "host_town": 120}
ROLES = {role.value: role for role in ParticipationRole}


@dataclass(slots=True)
class Staging:
    """What is known of a file while its rows are staged; nothing of it belongs to a session."""

    import_id: int
    country: str
    layout: Layout
    cohorts: Cohorts
    seen: Seen = field(default_factory=Seen)
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)  # cohorts
    skipped: int = 0


@contextmanager
def fetched(file: str) -> Iterator[Path | None]:
    """A file of the store on the disk, for as long as it is needed."""
    data = storage.files().read(file) if file else None
    if data is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        del data
        yield path


def preview_import(import_id: int) -> Iterator[int]:
    """Stages the rows of the file in the store."""
    made = _at_work(import_id)
    if made is None:
        return
    file = made.file
    yield 0  # no transaction stays open while the store thinks
    with fetched(file) as source:
        if source is not None:
            yield from stage(import_id, source)
            return
    stop(db.session.get_one(RosterImport, import_id), "file-gone")
    yield 0


def stage(import_id: int, source: Path) -> Iterator[int]:
    """Stages the rows of this file. Yields how many after each chunk."""
    made = _at_work(import_id)
    if made is None:
        return
    encoding, sheet_name, order = made.encoding, made.answers["sheet"], made.answers["order"]
    columns = {int(at): Column(column) for at, column in made.columns.items()}
    layout = Layout(made.answers["row"], tuple(made.headings), columns)
    at_work = Staging(import_id, made.country, layout, Cohorts(made.programme_id))
    db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == import_id))
    yield 0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "rows"
        problem = ""
        try:
            read_sheet(source, target, encoding=encoding, sheet_name=sheet_name)
        except SheetRefused as refused:
            problem = refused.reason
        orders = {} if problem else _orders(target, layout, order)
        if DateOrder.UNCLEAR in orders.values():
            problem = "date-order"
        if not problem:
            at_work.layout = Layout(layout.heading_row, layout.headings, columns, orders)
            awards = queries.read_awards(rows_of(target), at_work.layout)
            while chunk := list(islice(awards, CHUNK)):
                rows = _rows(chunk, at_work)
                if len(at_work.questions) > MOST_QUESTIONS:
                    problem = "cohorts-many"
                    break
                _write(rows, chunk[-1].number, at_work)
                yield len(chunk)
    made = db.session.get_one(RosterImport, import_id)
    if problem:
        stop(made, problem)
    else:
        _finish(made, at_work)
    yield 0


def _at_work(import_id: int) -> RosterImport | None:
    made = db.session.get(RosterImport, import_id)
    return made if made and made.is_running and made.state == ImportState.MAPPED else None


def _orders(target: Path, layout: Layout, said: str) -> dict[int, DateOrder]:
    """How the dates of each column are meant: as they tell, or else as the officer said."""
    told = queries.date_orders(rows_of(target), layout)
    if not said:
        return told
    return {at: DateOrder(said) if order == DateOrder.UNCLEAR else order for at, order in told.items()}


def stop(made: RosterImport, problem: str) -> None:
    """It does not go on without the officer."""
    made.is_running, made.problem = False, problem


def _rows(awards: Iterable[AwardRow], at_work: Staging) -> list[dict[str, Any]]:
    """The rows of a chunk, before they are matched."""
    people = [award for award in awards if award.facts is not None]
    at_work.skipped += sum(award.facts is None for award in awards)
    keys = new_keys(len(people))
    return [_row(award, award.facts, key, at_work) for award, key in zip(people, keys, strict=True) if award.facts]


def _row(award: AwardRow, facts: AwardFacts, key: str, at_work: Staging) -> dict[str, Any]:
    problems = [{"column": p.column.value, "reason": p.reason, "value": p.value[:200]} for p in award.problems]
    row: dict[str, Any] = {
        "import_id": at_work.import_id,
        "line": award.number,
        "outcome": Outcome.NEW,
        "cohort_id": None,
        "cohort_words": "",
        "country": facts.country or at_work.country,
        "role": ROLES.get(facts.role),
        "identity": "",
        "entry_id": None,
        "problems": problems,
        "before": {},
        "is_accepted": None,
        "key": key,
        "name_printed": facts.name_printed[:200],
        "name_key": name_key(facts.name_printed)[:300],
        "family_name": facts.family_name[:200],
        "given_name": facts.given_name[:200],
        "name_native": facts.name_native[:200],
        "name_reading": facts.name_reading[:200],
        "number": facts.number,
        "part": facts.part,
        "institution": facts.institution,
        "host_town": facts.host_town,
        "from_on": facts.from_on or None,
        "to_on": facts.to_on or None,
        "born_on": facts.born_on or None,
        "email": facts.email,
        "extra": facts.extra,
    }
    for column, longest in SHORT.items():
        if len(row[column]) > longest:
            problems.append({"column": column, "reason": "text-long", "value": row[column][:200]})
            row[column] = ""
    if not _is_refused(row, facts, at_work):
        _place(row, facts, at_work)
        _check_twice(row, facts, at_work)
    return row


def _is_refused(row: dict[str, Any], facts: AwardFacts, at_work: Staging) -> bool:
    """Whether nobody can be listed by what the row says."""
    problems = row["problems"]
    if not row["country"] and not any(problem["column"] == Column.COUNTRY for problem in problems):
        problems.append({"column": "country", "reason": "country-missing", "value": ""})
    elif at_work.country and row["country"] != at_work.country:
        problems.append({"column": "country", "reason": "country-other", "value": facts.country})
    elif not problems or FATAL.isdisjoint(problem["reason"] for problem in problems):
        return False
    row["outcome"] = Outcome.REJECTED
    return True


def _place(row: dict[str, Any], facts: AwardFacts, at_work: Staging) -> None:
    """The cohort of a row, or the question which it is."""
    found = at_work.cohorts.find(facts, row["country"])
    if found.cohort_id is not None:
        row["cohort_id"] = found.cohort_id
        at_work.used.add(found.cohort_id)
        return
    key = found.words.key
    row["cohort_words"], row["outcome"] = key, Outcome.WAITS
    question = at_work.questions.setdefault(
        key,
        {"words": list(found.words), "choices": list(found.choices), "rows": 0, "line": row["line"], "countries": []},
    )
    question["rows"] += 1
    if row["country"] not in question["countries"]:
        question["countries"].append(row["country"])


def _check_twice(row: dict[str, Any], facts: AwardFacts, at_work: Staging) -> None:
    said = (
        *(row["cohort_id"], row["cohort_words"], row["country"], facts.role, facts.name_printed, facts.name_native),
        *(facts.number, facts.part, facts.institution, facts.host_town, facts.from_on, facts.to_on),
        *(facts.born_on, facts.email),
        *(text for text in facts.extra.values() if not text.isdigit()),  # a count of rows differs and says nothing
    )
    if twice := at_work.seen.twice(row, hash(said)):
        reason, line = twice
        row["problems"].append({"column": "", "reason": reason, "value": str(line)})
        if row["outcome"] == Outcome.WAITS:
            at_work.questions[row["cohort_words"]]["rows"] -= 1
        row["outcome"] = Outcome.REJECTED


def _write(rows: list[dict[str, Any]], line: int, at_work: Staging) -> None:
    """One short transaction: what the rosters say of these rows, and the rows."""
    queries.match([row for row in rows if row["outcome"] is Outcome.NEW], at_work.seen)
    if rows:
        insert_many(ImportRow, rows)
    done = sa.update(RosterImport).where(RosterImport.id == at_work.import_id).values(line_done=line)
    db.session.execute(done.execution_options(synchronize_session=False))


def _finish(made: RosterImport, at_work: Staging) -> None:
    made.questions = {key: question for key, question in at_work.questions.items() if question["rows"]}
    made.counts = queries.count_outcomes(made.id) | {"skipped": at_work.skipped}
    made.cohorts = sorted(at_work.used)
    made.is_running = False
    if not made.questions:
        set_previewed(made)


def set_previewed(made: RosterImport) -> None:
    """Everything is known: an officer may look, and commit."""
    made.state, made.previewed_at = ImportState.PREVIEWED, clock.now()
