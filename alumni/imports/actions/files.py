"""Files of imports go as soon as they are of no more use, and what was staged of them after a month."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import sqlalchemy as sa

from alumni.core import clock, jobs, storage
from alumni.core.db import db
from alumni.imports.actions.imports import FOLDER, FORGET_FILE, UNDONE_WITHIN
from alumni.imports.models import ImportRow
from alumni.rosters.models import ImportState, RosterImport

KEPT = timedelta(days=30)
A_WHILE = timedelta(days=1)  # a file without a row may belong to a change that is not committed yet
CHUNK = 2000


def forget_file(name: str) -> None:
    """Deletes a file, unless an import has it."""
    if name not in _held([name]):
        storage.files().delete(name)


def sweep_files() -> int:
    """Deletes the files that no import has: what a crash left behind. Returns how many."""
    gone = 0
    for names in storage.files().names(beneath=FOLDER, before=clock.now() - A_WHILE):
        held = _held(names)
        for name in names:
            if name not in held:
                storage.files().delete(name)
                gone += 1
    return gone


def forget_imports() -> Iterator[int]:
    """Throws away what nobody has committed in a month, and the rows of what can no longer be undone.

    Yields after each chunk, for the door to commit.
    """
    now = clock.now()
    is_open = RosterImport.state.in_([ImportState.UPLOADED, ImportState.MAPPED, ImportState.PREVIEWED])
    for made in db.session.scalars(sa.select(RosterImport).where(is_open, RosterImport.created_at < now - KEPT)).all():
        if made.file:
            jobs.enqueue(FORGET_FILE, name=made.file)
        db.session.delete(made)
        yield 1
    is_settled = sa.or_(
        sa.and_(RosterImport.state == ImportState.COMMITTED, RosterImport.committed_at < now - UNDONE_WITHIN),
        sa.and_(RosterImport.state == ImportState.UNDONE, RosterImport.is_running.is_(False)),
    )
    ids = db.session.scalars(sa.select(RosterImport.id).where(is_settled, RosterImport.is_running.is_(False))).all()
    for import_id in ids:
        while True:
            lines = sa.select(ImportRow.line).where(ImportRow.import_id == import_id).limit(CHUNK)
            some = sa.delete(ImportRow).where(ImportRow.import_id == import_id, ImportRow.line.in_(lines))
            if not db.session.execute(some).rowcount:  # type: ignore[attr-defined]
                break
            yield 1


def _held(names: Iterable[str]) -> set[str]:
    return set(db.session.scalars(sa.select(RosterImport.file).where(RosterImport.file.in_(names))))
