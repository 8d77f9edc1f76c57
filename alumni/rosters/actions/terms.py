"""The words by which entries are found on a long roster: written with an entry, or by a job if a list brought it."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from alumni.core import jobs
from alumni.core.db import db, insert_many
from alumni.rosters.models import EntryTerm, RosterEntry
from alumni.rosters.queries.facts import terms_of

WRITE_TERMS = "write entry terms"  # the kind of the job
CHUNK = 1000


def write_terms(which: sa.ColumnElement[bool]) -> None:
    """Writes the words of these entries, after their names or numbers were written. No more than some thousands."""
    entry = RosterEntry
    columns = (entry.id, entry.cohort_id, entry.country, entry.name_printed, entry.name_native, entry.name_reading)
    found = db.session.execute(sa.select(*columns, entry.number).where(which)).all()
    forget_terms(row.id for row in found)
    rows: list[dict[str, Any]] = [
        {"cohort_id": row.cohort_id, "term": term, "entry_id": row.id, "country": row.country}
        for row in found
        for term in terms_of(row)
    ]
    if rows:
        insert_many(EntryTerm, rows)


def forget_terms(entry_ids: Iterable[int]) -> None:
    gone = sa.delete(EntryTerm).where(EntryTerm.entry_id.in_(list(entry_ids)))
    db.session.execute(gone.execution_options(synchronize_session=False))


def promise_terms(import_id: int) -> None:
    """The words of the entries that an import has brought. A job writes them: the list itself does not wait for it."""
    brought = sa.select(sa.func.min(RosterEntry.id), sa.func.max(RosterEntry.id))
    first, last = db.session.execute(brought.where(RosterEntry.import_id == import_id)).one()
    if first:
        jobs.enqueue(WRITE_TERMS, after=first - 1, upto=last)


def write_terms_between(after: int, upto: int | None = None) -> Iterator[int]:
    """The words of the entries with these ids, anew. Yields the id that each chunk came to."""
    which = sa.true() if upto is None else RosterEntry.id <= upto
    while True:
        among = sa.select(RosterEntry.id).where(RosterEntry.id > after, which)
        ids = db.session.scalars(among.order_by(RosterEntry.id).limit(CHUNK)).all()
        if not ids:
            return
        write_terms(RosterEntry.id.in_(ids))
        after = ids[-1]
        yield after
