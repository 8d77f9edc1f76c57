"""The rosters become what the preview says, a few thousand rows at a time, each chunk a short transaction.

How far it has come stands in the import, written with the rows themselves: whatever stops it, it goes on behind them.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from alumni.core import clock, jobs
from alumni.core.db import db, insert_selected, update_many
from alumni.imports import queries
from alumni.imports.actions.imports import FORGET_FILE
from alumni.imports.models import ImportRow, Outcome
from alumni.members.models import ParticipationRole
from alumni.programmes.models import Cohort
from alumni.rosters import actions as rosters_actions
from alumni.rosters.models import EntryState, ImportState, RosterEntry, RosterImport

CHUNK = 1000
COPIED = ("key", "cohort_id", "country", "identity", "line", "import_id", *queries.COLUMNS)


def commit_rows(import_id: int) -> Iterator[int]:
    """Writes what an officer has committed. Yields the number of rows after each chunk."""
    while True:
        made = db.session.get(RosterImport, import_id, with_for_update=True)  # one at a time
        if made is None or made.state != ImportState.COMMITTED or not made.is_running:
            return
        upto = queries.next_line(import_id, made.line_done, CHUNK)
        if upto is None:
            _finish(made)
            yield 0
            return
        rows = sa.and_(ImportRow.import_id == import_id, ImportRow.line > made.line_done, ImportRow.line <= upto)
        added, changed = _add(rows), _change(rows)
        done = made.counts
        made.counts = done | {"added": done.get("added", 0) + added, "updated": done.get("updated", 0) + changed}
        made.line_done = upto
        yield added + changed


def _finish(made: RosterImport) -> None:
    made.counts = made.counts | queries.count_outcomes(made.id)
    made.is_running = False
    rosters_actions.promise_terms(made.id)
    if made.file:
        jobs.enqueue(FORGET_FILE, name=made.file)
        made.file = ""


def _add(rows: sa.ColumnElement[bool]) -> int:
    """New entries, by one statement."""
    now = sa.literal(clock.now(), RosterEntry.created_at.type)
    values: dict[str, Any] = {name: getattr(ImportRow, name) for name in COPIED} | {
        "role": sa.func.coalesce(ImportRow.role, sa.literal(ParticipationRole.PARTICIPANT, ImportRow.role.type)),
        "programme_id": Cohort.programme_id,
        "state": sa.literal(EntryState.UNCLAIMED, RosterEntry.state.type),
        "created_at": now,
        "updated_at": now,
    }
    new = sa.and_(rows, ImportRow.outcome == Outcome.NEW)
    select = sa.select(*values.values()).join(Cohort, Cohort.id == ImportRow.cohort_id).where(new)
    added = insert_selected(RosterEntry, list(values), select.order_by(ImportRow.line))
    expected = db.session.scalar(sa.select(sa.func.count()).select_from(ImportRow).where(new))
    if added != expected:
        _reject_latecomers(new)
    return added


def _reject_latecomers(new: sa.ColumnElement[bool]) -> None:
    """Rows that another import has brought in since they were compared, and rows whose cohort is gone."""
    brought = sa.select(RosterEntry.line).where(RosterEntry.import_id == ImportRow.import_id)
    late = sa.and_(new, ImportRow.line.not_in(brought.correlate(ImportRow)))
    _reject(late, "came-meanwhile")


def _reject(rows: sa.ColumnElement[bool], reason: str) -> None:
    problems = [{"column": "", "reason": reason, "value": ""}]
    update = sa.update(ImportRow).where(rows).values(outcome=Outcome.REJECTED, problems=problems)
    db.session.execute(update.execution_options(synchronize_session=False))


def _change(rows: sa.ColumnElement[bool]) -> int:
    """New values for entries that are there. One may have been claimed since the preview: it is looked at anew."""
    agreed = sa.and_(ImportRow.outcome == Outcome.ASKS, ImportRow.is_accepted.is_(True))
    wanted = sa.select(ImportRow).where(rows, sa.or_(ImportRow.outcome == Outcome.CHANGED, agreed))
    staged = list(db.session.scalars(wanted.order_by(ImportRow.line)))
    if not staged:
        return 0
    held = sa.select(RosterEntry.__table__).where(RosterEntry.id.in_([row.entry_id for row in staged]))
    entries = {entry.id: entry._asdict() for entry in db.session.execute(held.with_for_update())}
    values = []
    for row in staged:
        entry = entries.get(row.entry_id or 0)
        if entry is None:
            row.outcome, row.problems = Outcome.REJECTED, [{"column": "", "reason": "entry-gone", "value": ""}]
            continue
        said = {name: getattr(row, name) for name in (*queries.COLUMNS, "country")}
        row.before = queries.differences(said, entry)
        is_claimed = entry["state"] == EntryState.CLAIMED
        if row.outcome == Outcome.CHANGED and is_claimed and queries.is_touching_identity(row.before):
            row.outcome = Outcome.ASKS
            continue
        values.append({"row_id": entry["id"], **_merged(said, entry), "updated_at": clock.now()})
        if "number" in row.before:
            _renumber(entry, said)
    update_many(RosterEntry, values)
    rosters_actions.write_terms(RosterEntry.id.in_([value["row_id"] for value in values]))
    return len(values)


def _merged(said: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """What the file says; where it says nothing, what was known."""
    values = {name: said[name] or entry[name] for name in queries.COLUMNS}
    values["extra"] = entry["extra"] | said["extra"]
    return values


def _renumber(entry: dict[str, Any], said: dict[str, Any]) -> None:
    """From now on it is known by its number, unless another has it."""
    identity = queries.number_identity({"number": said["number"], "country": entry["country"]})
    other = sa.orm.aliased(RosterEntry)
    taken = sa.exists().where(other.cohort_id == entry["cohort_id"], other.identity == identity)
    known = sa.update(RosterEntry).where(RosterEntry.id == entry["id"], sa.not_(taken)).values(identity=identity)
    db.session.execute(known.execution_options(synchronize_session=False))
