"""Taking back what an import did, apart from what people have claimed since. Doing it twice does no more."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db, update_many
from alumni.imports import queries
from alumni.imports.models import ImportRow, Outcome
from alumni.rosters import actions as rosters_actions
from alumni.rosters.models import IDENTITY, EntryState, ImportState, RosterEntry, RosterImport

CHUNK = 1000


def undo_rows(import_id: int) -> Iterator[int]:
    """Gives changed entries back what they said, then takes new ones away. Yields the number of each chunk."""
    while (made := _at_work(import_id)) is not None:
        upto = queries.next_line(import_id, made.line_done, CHUNK)
        if upto is None:
            break
        given_back = _give_back(import_id, made.line_done, upto)
        made.counts = made.counts | {"given_back": made.counts.get("given_back", 0) + given_back}
        made.line_done = upto
        yield given_back
    after = 0
    while (made := _at_work(import_id)) is not None:
        entries = sa.select(RosterEntry.id).where(RosterEntry.import_id == import_id, RosterEntry.id > after)
        ids = list(db.session.scalars(entries.order_by(RosterEntry.id).limit(CHUNK)))
        if not ids:
            _finish(made)
            yield 0
            return
        after = ids[-1]
        gone = sa.delete(RosterEntry).where(RosterEntry.id.in_(ids), queries.can_go(import_id))
        db.session.execute(gone.execution_options(synchronize_session=False))
        yield len(ids)


def _at_work(import_id: int) -> RosterImport | None:
    made = db.session.get(RosterImport, import_id, with_for_update=True)  # one at a time
    return made if made and made.is_running and made.state == ImportState.UNDONE else None


def _finish(made: RosterImport) -> None:
    stayed = sa.select(sa.func.count()).select_from(RosterEntry).where(RosterEntry.import_id == made.id)
    made.counts = made.counts | {"stayed": db.session.scalar(stayed) or 0}
    made.is_running = False


def _give_back(import_id: int, after: int, upto: int) -> int:
    """Entries of these rows say again what they said, where no later hand has changed it."""
    done = sa.or_(
        ImportRow.outcome == Outcome.CHANGED,
        sa.and_(ImportRow.outcome == Outcome.ASKS, ImportRow.is_accepted.is_(True)),
    )
    rows = sa.select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.line > after, ImportRow.line <= upto)
    staged = list(db.session.scalars(rows.where(done, ImportRow.entry_id.is_not(None))))
    if not staged:
        return 0
    held = sa.select(RosterEntry.__table__).where(RosterEntry.id.in_([row.entry_id for row in staged]))
    entries = {entry.id: entry._asdict() for entry in db.session.execute(held.with_for_update())}
    values = []
    for row in staged:
        entry = entries.get(row.entry_id or 0)
        if entry is None:
            continue
        back = _values_back(row, entry)
        if back:
            kept = {name: entry[name] for name in queries.COLUMNS}
            values.append({"row_id": entry["id"], **kept, **back, "updated_at": clock.now()})
    update_many(RosterEntry, values)
    rosters_actions.write_terms(RosterEntry.id.in_([value["row_id"] for value in values]))
    return len(values)


def _values_back(row: ImportRow, entry: dict[str, Any]) -> dict[str, Any]:
    """Who somebody is stays as it was when they claimed it."""
    is_theirs = entry["state"] == EntryState.CLAIMED and row.outcome == Outcome.CHANGED
    back = {}
    for name, value in row.before.items():
        said = getattr(row, name)
        is_ours = value | said == entry[name] if name == "extra" else said == entry[name]
        if is_ours and not (is_theirs and name in IDENTITY):
            back[name] = value
    return back
