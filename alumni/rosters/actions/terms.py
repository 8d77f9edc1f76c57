"""The words by which entries are found on a long roster: written with the entries, and all of them anew by a job."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from alumni.core import jobs
from alumni.core.db import db, insert_many
from alumni.rosters.models import EntryTerm, RosterEntry
from alumni.rosters.queries.facts import terms_of

WRITE_TERMS = "write entry terms"  # the kind of the job
CHUNK = 1000


def write_terms(which: sa.ColumnElement[bool], *, are_new: bool = False) -> None:
    """Writes the words of these entries, after their names or numbers were written. No more than some thousands."""
    entry = RosterEntry
    columns = (entry.id, entry.cohort_id, entry.country, entry.name_printed, entry.name_native, entry.name_reading)
    found = db.session.execute(sa.select(*columns, entry.number).where(which)).all()
    if not are_new:
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


def write_all_terms(after: int) -> None:
    """Those of the next thousand entries, and the promise of the rest."""
    ids = list(
        db.session.scalars(
            sa.select(RosterEntry.id).where(RosterEntry.id > after).order_by(RosterEntry.id).limit(CHUNK)
        )
    )
    if ids:
        write_terms(RosterEntry.id.in_(ids))
        jobs.enqueue(WRITE_TERMS, after=ids[-1])
