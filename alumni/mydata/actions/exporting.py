"""Everything about somebody as one file: asked for, made by a job, fetched by its owner, deleted."""

import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.attendance import actions as attendance_actions
from alumni.claims.actions.evidence import file_of as file_of_evidence
from alumni.core import audit, clock, exports, jobs, keeping, limits, pictures, storage
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.mydata import notices, policy, queries
from alumni.mydata.models import DataExport
from alumni.mydata.queries import Rows
from alumni.posts import actions as posts_actions

EXPORT, FORGET_EXPORT = "data export", "forget export"
FOLDER = "exports"  # of the store


class ExportInTheMaking(DomainError):
    """One copy at a time."""


def _largest_of_post(name: str) -> str:
    return posts_actions.file_of(name, max(posts_actions.SIZES))


# Where the store has what a column names, and how the file is called in the copy.
FILES: tuple[tuple[str, str, Callable[[str], str], str], ...] = (
    ("members", "picture", lambda name: pictures.file_of(name, max(pictures.SIZES)), "webp"),
    ("post_pictures", "name", _largest_of_post, "webp"),
    ("evidence", "file", file_of_evidence, ""),
    ("event_reply_files", "file", attendance_actions.file_of, ""),
)


def count_export(actor: Viewer) -> None:
    """A few a day; the door commits before it goes on. Raises TooMany."""
    require(policy.can_take_along(actor), "owner")
    limits.count("my data", account=actor.id)


def ask_for_export(actor: Viewer, *, language: str) -> str:
    """Promises a copy of everything, and says its key. Raises ExportInTheMaking."""
    require(policy.can_take_along(actor), "owner")
    key = new_key()
    row = {"key": key, "account_id": actor.id, "language": language, "asked_at": clock.now(), "file": "", "size": 0}
    if not insert_or_ignore(DataExport, row):
        raise ExportInTheMaking
    jobs.enqueue(EXPORT, export=key)
    audit.record(actor, "account.export", f"account:{actor.handle}")
    return key


class Contents(NamedTuple):
    """What a copy is made of: rows, and files by their name in it and in the store."""

    tables: list[Rows]
    files: list[tuple[str, str]]

    def subjects(self) -> list[str]:
        return sorted({rows.subject for rows in self.tables})


def collect(export: DataExport) -> Contents:
    """All rows of one moment, and which files belong to them."""
    files = [
        (f"files/{table}/{name}" + (f".{ending}" if ending else ""), where(name))
        for table, column, where, ending in FILES
        for name in queries.files_of(export.account_id, table, column)
    ]
    return Contents(list(queries.gather(export.account_id)), files)


def write_export(contents: Contents, *, readme: str) -> keeping.File:
    """Puts the copy into the store. Touches no row: it takes its time."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
        copy.writestr("README.txt", readme)
        for subject in contents.subjects():
            tables = {rows.table: rows.as_objects() for rows in contents.tables if rows.subject == subject}
            copy.writestr(f"{subject}.json", json.dumps(tables, ensure_ascii=False, indent=1))
        for rows in contents.tables:
            if rows.rows:
                copy.writestr(f"lists/{rows.table}.csv", exports.write_table(exports.CSV, rows.headings, _cells(rows)))
        for inside, stored in contents.files:
            if (data := storage.files().read(stored)) is not None:
                copy.writestr(inside + _ending(inside, data), data)
    data = written.getvalue()
    name = new_key(keeping.NAME_LETTERS)
    storage.files().put(keeping.file_of(FOLDER, name), data)
    return keeping.File(name, "application/zip", len(data))


def _cells(rows: Rows) -> Iterator[list[object]]:
    for row in rows.rows:
        yield [json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict) else cell for cell in row]


def _ending(name: str, data: bytes) -> str:
    if name.endswith(".webp"):
        return ""
    return ".pdf" if data.startswith(b"%PDF-") else ".webp"


def find_export(key: str) -> DataExport | None:
    """One that is still to be made."""
    return db.session.scalar(sa.select(DataExport).where(DataExport.key == key, DataExport.ready_at.is_(None)))


def finish_export(key: str, file: keeping.File) -> None:
    """It can be fetched now, and its owner gets a letter. Where another worker was faster, its file counts."""
    export = find_export(key)
    if export is None:
        jobs.enqueue(FORGET_EXPORT, name=file.name)
        return
    export.file, export.size, export.ready_at = file.name, file.size, clock.now()
    notices.tell_export_is_ready(export.account_id, key)


def read_export(export: DataExport) -> bytes | None:
    return storage.files().read(keeping.file_of(FOLDER, export.file))


def forget_exports(now: datetime) -> int:
    """Deletes copies that nobody can fetch any more; their files by a job. Returns how many."""
    return _forget(db.session.scalars(queries.due_exports(now)).all())


def _forget(due: Sequence[DataExport]) -> int:
    for export in due:
        if export.file:
            jobs.enqueue(FORGET_EXPORT, name=export.file)
        db.session.delete(export)
    return len(due)


def forget_exports_of(account_id: int) -> None:
    _forget(db.session.scalars(sa.select(DataExport).where(DataExport.account_id == account_id)).all())


def forget_export_file(name: str) -> None:
    storage.files().delete(keeping.file_of(FOLDER, name))


def sweep_exports() -> int:
    """Files that a crash left behind."""
    return keeping.sweep(FOLDER, _held)


def _held(names: Collection[str]) -> set[str]:
    held: Iterable[Any] = db.session.scalars(sa.select(DataExport.file).where(DataExport.file.in_(names)))
    return set(held)
