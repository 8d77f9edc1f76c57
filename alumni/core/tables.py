"""The rows of any table as lines of text that read the same on both engines, out and in.

A line has its values between tabs, `\\N` for nothing, and the escapes of PostgreSQL's COPY, which reads and writes such
lines by itself. Instants are in UTC and wall times as they are, with microseconds, as SQLite keeps them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

CHUNK = 4 * 1024 * 1024
MOMENT = "'YYYY-MM-DD HH24:MI:SS.US'"
NOTHING = "\\N"
VERSION = "alembic_version"
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
# What PostgreSQL says so that a value looks as on SQLite.
_SAID = {
    "instant": f"to_char({{}} AT TIME ZONE 'UTC', {MOMENT})",
    "wall": f"to_char({{}}, {MOMENT})",
    "flag": "{}::int",
}


class Table(NamedTuple):
    """A table, its columns with the kind of each, and how many rows it has."""

    name: str
    columns: dict[str, str]
    rows: int


def tables(connection: sa.Connection, *, without: Iterable[str] = ()) -> list[Table]:
    """Every table of the database as it is, whatever release made it."""
    left_out = {VERSION, *without}
    found = sa.inspect(connection).get_multi_columns()
    names = sorted(name for _, name in found if name not in left_out)
    kinds = {name: {column["name"]: _kind(column["type"]) for column in found[None, name]} for name in names}
    return [Table(name, kinds[name], count(connection, name)) for name in names]


def count(connection: sa.Connection, name: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0


def revision(connection: sa.Connection) -> str | None:
    """The migration that the database has reached, or None when it has no tables yet."""
    if not sa.inspect(connection).has_table(VERSION):
        return None
    reached = sa.select(sa.column("version_num", sa.String)).select_from(sa.table(VERSION))
    return connection.scalar(reached)


def _kind(kind: sa.types.TypeEngine[Any]) -> str:
    if isinstance(kind, sa.DateTime):
        return "instant" if kind.timezone else "wall"
    if isinstance(kind, sa.Boolean):
        return "flag"
    return "bytes" if isinstance(kind, sa.LargeBinary) else "plain"


def lines(connection: sa.Connection, table: Table) -> Iterator[bytes]:
    """All rows of a table, some megabytes of whole lines at a time."""
    held: list[bytes] = []
    size = 0
    for some in _copied(connection, table) if _is_postgresql(connection) else _selected(connection, table):
        held.append(some)
        size += len(some)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _copied(connection: sa.Connection, table: Table) -> Iterator[bytes]:
    columns = (_SAID.get(kind, "{}").format(_quoted(name)) for name, kind in table.columns.items())
    with connection.connection.cursor() as cursor:  # type: ignore[attr-defined]
        select = f"SELECT {', '.join(columns)} FROM {_quoted(table.name)}"  # noqa: S608 - names of the schema
        with cursor.copy(f"COPY ({select}) TO STDOUT") as copy:
            yield from map(bytes, copy)


def _selected(connection: sa.Connection, table: Table) -> Iterator[bytes]:
    cursor = connection.connection.cursor()
    cursor.execute(f"SELECT {_names(table.columns)} FROM {_quoted(table.name)}")  # noqa: S608 - names of the schema
    while rows := cursor.fetchmany(200):
        yield "".join(["\t".join(map(_text, row)) + "\n" for row in rows]).encode()


def _text(value: Any) -> str:
    if type(value) is str:
        return value if value.isprintable() and "\\" not in value else _escaped(value)
    if value is None:
        return NOTHING
    return "\\\\x" + value.hex() if type(value) is bytes else str(value)


def _escaped(value: str) -> str:
    for meant, written in _ESCAPES.items():
        value = value.replace(meant, written)
    return value


class Filling:
    """Fills the tables of an empty database within one transaction.

    References and indexes are taken away first and made anew over all rows, which is many times faster than to keep
    them row by row; what does not hold is refused then. On both engines that belongs to the transaction.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._again: list[str] = []

    def begin(self, *, refilled: Iterable[str]) -> str | None:
        """Keeps everybody else out. Returns the name of a table that has rows already, those `refilled` apart."""
        found = tables(self.connection)
        if _is_postgresql(self.connection):
            self._run("SET LOCAL TimeZone = 'UTC'", "SET LOCAL maintenance_work_mem = '256MB'")
            self._run(f"LOCK TABLE {', '.join(_quoted(table.name) for table in found)} IN ACCESS EXCLUSIVE MODE")
        for table in found:
            if table.name in refilled:
                self._run(f"DELETE FROM {_quoted(table.name)}")  # noqa: S608 - a name of ours
            elif count(self.connection, table.name):
                return table.name
        self._take_away()
        return None

    def fill(self, table: Table, chunks: Iterable[bytes]) -> Iterator[int]:
        """Inserts the lines of a table. Yields how many rows each chunk had."""
        names = _names(table.columns)
        if not _is_postgresql(self.connection):
            marks = ", ".join("?" * len(table.columns))
            insert = f"INSERT INTO {_quoted(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - names of the schema
            binary = [at for at, kind in enumerate(table.columns.values()) if kind == "bytes"]
            for chunk in chunks:
                rows = _rows(chunk, binary)
                self.connection.connection.cursor().executemany(insert, rows)  # type: ignore[arg-type] # one by one
                yield chunk.count(b"\n")
            return
        into = f"COPY {_quoted(table.name)} ({names}) FROM STDIN"
        with self.connection.connection.cursor() as cursor, cursor.copy(into) as copy:  # type: ignore[attr-defined]
            for chunk in chunks:
                copy.write(chunk)
                yield chunk.count(b"\n")

    def end(self) -> str | None:
        """Makes anew what was taken away, and lets sequences go on behind the last ids. Returns what does not hold."""
        try:
            self._run(*self._again)
        except sa.exc.IntegrityError as error:
            return str(error.orig)
        if not _is_postgresql(self.connection):
            broken = self.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            return f"a row of {broken[0]} names one of {broken[2]} that is not there" if broken else None
        for table in tables(self.connection):
            for column in table.columns:
                self._go_on(table.name, column)
        self._run("ANALYZE")
        return None

    def _go_on(self, table: str, column: str) -> None:
        owned = sa.select(sa.func.pg_get_serial_sequence(_quoted(table), column))
        if sequence := self.connection.scalar(owned):
            last = self.connection.scalar(sa.select(sa.func.max(sa.column(column))).select_from(sa.table(table)))
            self.connection.execute(sa.select(sa.func.setval(sequence, last or 1, last is not None)))

    def _take_away(self) -> None:
        if not _is_postgresql(self.connection):
            made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            for name, sql in self.connection.exec_driver_sql(made).all():
                self._run(f"DROP INDEX {_quoted(name)}")
                self._again.append(sql)
            return
        references = (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
        made = (
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = current_schema()::regnamespace"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')"
        )
        for name, constraint, definition in self.connection.exec_driver_sql(references).all():
            self._run(f"ALTER TABLE {name} DROP CONSTRAINT {_quoted(constraint)}")
            self._again.append(f"ALTER TABLE {name} ADD CONSTRAINT {_quoted(constraint)} {definition}")
        indexes = self.connection.exec_driver_sql(made).all()
        for name, _ in indexes:
            self._run(f"DROP INDEX {name}")
        self._again[:0] = [definition for _, definition in indexes]  # first: a reference may need one

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self.connection.exec_driver_sql(statement)


def _rows(chunk: bytes, binary: list[int]) -> Iterator[list[Any]]:
    """The rows of a chunk for SQLite, which makes numbers of digits by the type of the column."""
    # Bytes begin with two backslashes; a chunk with no others has nothing to look for.
    has_text = chunk.count(b"\\") > chunk.count(b"\\\\x") * 2
    for line in chunk.decode().split("\n")[:-1]:
        row: list[Any] = line.split("\t")
        for at in binary:
            row[at] = None if row[at] == NOTHING else bytes.fromhex(row[at][3:])
        if has_text and "\\" in line:
            row = [_value(value) if type(value) is str and "\\" in value else value for value in row]
        yield row


def _value(written: str) -> str | None:
    if written == NOTHING:
        return None
    if "\\" not in written.replace("\\\\", ""):
        return written.replace("\\\\", "\\")
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), written)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_postgresql(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"
