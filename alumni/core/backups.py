"""A backup: all rows as they were at one moment, and all files of the store, in one file that both engines read.

Rows come from one snapshot, so whatever was acknowledged before it began is there and nothing of what is half done.
Files are listed after it began; a file is always written before the row that names it, so none is missed.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from alumni.core import archives
from alumni.core.archives import ArchiveRefused
from alumni.core.storage import Store
from alumni.core.tables import Filling, Table, count, lines, revision, tables

AT_ONCE = 16  # files on their way from or to the store
CLOCKS_DIFFER = timedelta(hours=1)  # that of a bucket is not ours
FILE = re.compile(r"files/(?!/)(?!.*\.\.)[A-Za-z0-9._/-]+")
ROWS = re.compile(r"rows/([a-z0-9_]+)/\d+\.tsv")

Item = TypeVar("Item")
Made = TypeVar("Made")


class Backup:
    """Writes a backup. Each step yields how much of it is done."""

    def __init__(self, connection: sa.Connection, out: IO[bytes], moment: datetime, *, without: Iterable[str]) -> None:
        self._connection, self._moment = connection, moment
        self.tables = tables(connection, without=without)
        self.rows = sum(table.rows for table in self.tables)
        self.files = self.gone = 0
        self._out = archives.Writing(out, int(moment.timestamp()))
        manifest = {
            "format": archives.FORMAT,
            "moment": moment.isoformat(),
            "engine": connection.dialect.name,
            "revision": revision(connection),
            "left_out": sorted(without),
            "tables": [table._asdict() for table in self.tables],
        }
        self._out.add(archives.FIRST, json.dumps(manifest, indent=1).encode())

    def write_rows(self) -> Iterator[int]:
        for table in self.tables:
            for number, chunk in enumerate(lines(self._connection, table), 1):
                self._out.add(f"rows/{table.name}/{number:06}.tsv", chunk)
                yield chunk.count(b"\n")

    def write_files(self, store: Store) -> Iterator[int]:
        """All files of the store; one that has gone since it was listed is counted and no harm."""
        listed = chain.from_iterable(store.names(beneath="", before=self._moment + CLOCKS_DIFFER))
        for name, data in ahead(lambda name: (name, store.read(name)), listed):
            if data is None:
                self.gone += 1
                continue
            self._out.add(f"files/{name}", data)
            self.files += 1
            yield 1

    def close(self) -> None:
        self._out.close({"files": self.files, "gone": self.gone})


class Contents(NamedTuple):
    """What a backup says of itself, after all of it was checked."""

    path: Path
    revision: str
    moment: str
    tables: list[Table]
    rows: int
    files: int


def look_through(path: Path, *, read: Callable[[int], None]) -> Contents:
    """Checks a whole backup before anything is done with it. Raises ArchiveRefused."""
    manifest: dict[str, Any] = {}
    found: Counter[str] = Counter()
    files = 0

    def look(name: str, data: bytes) -> None:
        nonlocal files
        if not manifest:
            manifest.update(_manifest(name, data))
        elif rows := ROWS.fullmatch(name):
            found[rows[1]] += data.count(b"\n")
        elif FILE.fullmatch(name):
            files += 1
        else:
            raise ArchiveRefused(f"It holds something that no backup has: {name[:80]}")

    end = archives.check(path, read=read, each=look)
    try:
        said = [Table(**table) for table in manifest["tables"]]
        contents = Contents(path, manifest["revision"], manifest["moment"], said, sum(found.values()), files)
    except (KeyError, TypeError) as error:
        raise ArchiveRefused("Its manifest is incomplete.") from error
    for table in said:
        if found.pop(table.name, 0) != table.rows:
            raise ArchiveRefused(f"It does not hold the {table.rows:,} rows of {table.name} that it says it holds.")
    if found or end.get("files") != files:
        raise ArchiveRefused("It does not hold what it says it holds.")
    return contents


def _manifest(name: str, data: bytes) -> dict[str, Any]:
    said = json.loads(data) if name == archives.FIRST else None
    if not isinstance(said, dict) or "format" not in said:
        raise ArchiveRefused("It is no backup: it does not begin with a manifest.")
    if said["format"] != archives.FORMAT:
        raise ArchiveRefused(f"It has the format {said['format']}, and this release reads {archives.FORMAT}.")
    return said


def restore(
    contents: Contents, connection: sa.Connection, store: Store, *, refilled: Iterable[str]
) -> Iterator[tuple[int, int]]:
    """Fills an empty database and the store. Yields how many rows and files were put; the caller commits at the end.

    Raises ArchiveRefused when the database is not empty or something does not hold. Files that were put by then
    have no row that names them; the worker sweeps them away.
    """
    filling = Filling(connection)
    if taken := filling.begin(refilled=refilled):
        raise ArchiveRefused(f"The database is not empty: there are rows in {taken}.")
    by_name = {table.name: table for table in contents.tables}
    inside = islice(archives.parts(contents.path), 1, None)
    for what, parts in groupby(inside, key=lambda part: part[0].rpartition("/")[0] if _has_rows(part) else ""):
        if what:
            table = by_name[what.removeprefix("rows/")]
            yield from ((rows, 0) for rows in filling.fill(table, (data for _, data in parts)))
            continue
        files = ((name.removeprefix("files/"), data) for name, data in parts if name != archives.LAST)
        yield from ((0, 1) for _ in ahead(lambda file: store.put(*file), files))
    if broken := filling.end():
        raise ArchiveRefused(f"Its rows do not hold together: {broken}.")
    for table in contents.tables:
        if count(connection, table.name) != table.rows:
            raise ArchiveRefused(f"Not all rows of {table.name} arrived.")


def _has_rows(part: tuple[str, bytes]) -> bool:
    return part[0].startswith("rows/")


def ahead(work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """Does work that waits for a disk or a network for some items at once, and yields what was made in their order."""
    waiting = iter(items)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(work, item) for item in islice(waiting, AT_ONCE)]
        while running:
            made = running.pop(0).result()
            running.extend(pool.submit(work, item) for item in islice(waiting, 1))
            yield made
