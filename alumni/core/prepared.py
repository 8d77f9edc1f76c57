"""Statements as the text that the driver gets: compiled once for each kind of database, rows as named tuples.

SQLAlchemy finds the compiled form of a select in its cache, fills in every constant of the rules and wraps every row,
each time. That costs several times what running it does. Here the constants stand in the text, and only what differs
from call to call is a parameter.
"""

import itertools
import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from sqlalchemy.engine import Dialect

Fill = Callable[[dict[str, Any]], Any]
MOST_CURSORS = 100  # that a connection keeps: one for each text it was given

# How a compiled text marks its parameters; those of an IN are not written out yet.
_SEVERAL = r"__\[POSTCOMPILE_(?P<several>\w+)\]"
_PARAMETERS = {
    "sqlite": re.compile(_SEVERAL + r"|(?<!:):(?P<one>\w+)"),
    "postgresql": re.compile(_SEVERAL + r"|%\((?P<one>\w+)\)s"),
}


_names = itertools.count(1)


class Cursor:
    """One text on one connection to PostgreSQL. The server keeps its plan, and libpq is called straight.

    A cursor of psycopg asks for each statement whether to prepare it, and waits in Python: that took longer than most
    statements do. Values are put and read by psycopg, as always.
    """

    def __init__(self, driver: Any, text: str) -> None:
        self._driver, self._text = driver, text.encode()
        self._values = Transformer.from_context(driver)
        self._kept: dict[tuple[int, ...] | None, bytes] = {}  # a name for each combination of types
        self._result: Any = None

    def execute(self, _text: str, given: Sequence[Any]) -> None:
        if self._driver.closed:
            raise psycopg.OperationalError("the connection is closed")
        values = self._values.dump_sequence(given, [PyFormat.AUTO] * len(given))
        name = self._kept.get(self._values.types) or self._prepare()
        self._result = self._checked(self._driver.pgconn.exec_prepared(name, values, self._values.formats))

    def fetchall(self) -> list[tuple[Any, ...]]:
        self._values.set_pgresult(self._result)
        return self._values.load_rows(0, self._result.ntuples, tuple)

    @property
    def rowcount(self) -> int:
        return int(self._result.command_tuples)

    def forget(self) -> None:
        """The server keeps its plans no longer."""
        for name in self._kept.values():
            self._checked(self._driver.pgconn.exec_(b"DEALLOCATE " + name))

    def _prepare(self) -> bytes:
        name = b"kept_%d" % next(_names)
        self._checked(self._driver.pgconn.prepare(name, self._text, self._values.types))
        self._kept[self._values.types] = name
        return name

    def _checked(self, result: Any) -> Any:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise psycopg.errors.error_from_result(result, encoding=self._driver.info.encoding)
        return result


@dataclass(frozen=True, slots=True)
class Prepared:
    """A select of columns, or a statement that changes rows, for one kind of database."""

    text: str
    fills: tuple[Fill, ...]  # for each parameter, what makes it from the values of a call
    row: Callable[[Any], Any]  # makes a row of what the driver gives

    def run(self, connection: sa.Connection, values: dict[str, Any]) -> list[Any]:
        """All rows."""
        return list(map(self.row, self._execute(connection, values).fetchall()))

    def change(self, connection: sa.Connection, values: dict[str, Any]) -> int:
        """How many rows it changed."""
        return int(self._execute(connection, values).rowcount)

    def _execute(self, connection: sa.Connection, values: dict[str, Any]) -> Any:
        """The cursor. Errors are those that SQLAlchemy raises, and a lost connection is given up as it does."""
        dialect, given = connection.dialect, [fill(values) for fill in self.fills]
        errors = dialect.loaded_dbapi.Error
        cursor = _cursor(connection, self.text)
        try:
            _tell(connection.dispatch.before_cursor_execute, connection, cursor, self.text, given)
            cursor.execute(self.text, given)
            _tell(connection.dispatch.after_cursor_execute, connection, cursor, self.text, given)
            return cursor
        except errors as error:
            if dialect.is_disconnect(error, connection.connection, cursor):
                connection.exec_driver_sql("SELECT 1")  # SQLAlchemy learns of it, and drops what is as old
            raise sa.exc.DBAPIError.instance(self.text, None, error, errors, dialect=dialect) from error


def _cursor(connection: sa.Connection, text: str) -> Any:
    """A cursor for this text. One of psycopg costs more to make than to use, so each connection keeps its own."""
    if connection.dialect.name == "sqlite":
        return connection.connection.cursor()
    kept: dict[str, Any] = connection.info.setdefault("cursors", {})
    if text not in kept:
        if len(kept) >= MOST_CURSORS:
            _key, oldest = kept.popitem()
            oldest.forget()
        kept[text] = Cursor(connection.connection.driver_connection, text)
    return kept[text]


def _tell(listeners: Iterable[Any], connection: sa.Connection, cursor: Any, text: str, given: list[Any]) -> None:
    """Whoever counts the statements of an engine hears of these too."""
    for listener in listeners:
        listener(connection, cursor, text, given, None, False)


def prepare(select: Any, dialect: Dialect) -> Prepared:
    """`select` is a select of columns, a union of such, or an INSERT, UPDATE or DELETE."""
    kind: Any = type(dialect)
    named: Dialect = kind(paramstyle="named") if dialect.name == "sqlite" else dialect
    compiled = select.compile(dialect=named)
    binds: dict[str, sa.BindParameter[Any]] = {name: bind for bind, name in compiled.bind_names.items()}
    places: dict[str, int] = {}
    mark = "?" if dialect.name == "sqlite" else "$"

    def put(found: re.Match[str]) -> str:
        name = found["several"] or found["one"]
        bind = binds.get(name)
        if bind is None:
            return found[0]  # not one of ours, though it looks alike
        if bind.callable or bind.required:
            return f"{mark}{places.setdefault(name, len(places) + 1)}"
        values: Any = bind.value if found["several"] else [bind.value]
        return ", ".join(compiled.render_literal_value(value, bind.type) for value in values)

    text = _PARAMETERS[dialect.name].sub(put, str(compiled))
    if mark == "$":
        text = text.replace("%%", "%")
    return Prepared(text, tuple(_fill(binds[name], named) for name in places), _row_of(select, named))


def _fill(bind: sa.BindParameter[Any], dialect: Dialect) -> Fill:
    key, computed = bind.key, bind.callable
    adapt = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if computed and adapt:
        return lambda _values: adapt(computed())
    if computed:
        return lambda _values: computed()
    if adapt:
        return lambda values: adapt(values[key])
    return itemgetter(key)


def _adapter(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of a type of what the driver gives. The same value comes often: it is converted once."""
    adapt = kind.dialect_impl(dialect).result_processor(dialect, None)
    return adapt if adapt is None or isinstance(kind.dialect_impl(dialect), sa.JSON) else lru_cache(maxsize=1024)(adapt)


def _row_of(select: Any, dialect: Dialect) -> Callable[[Any], Any]:
    """Makes a named row of what the driver gives, with the values that the types of the columns promise."""
    columns: Any = select.exported_columns  # of an INSERT those of its RETURNING
    row: Any = namedtuple("Row", columns.keys(), rename=True)  # type: ignore[misc]
    plain: Callable[[Any], Any] = row._make
    adapted = [(place, adapt) for place, column in enumerate(columns) if (adapt := _adapter(column.type, dialect))]
    if not adapted:
        return plain

    def make(given: Sequence[Any]) -> Any:
        values = list(given)
        for place, adapt in adapted:
            values[place] = adapt(values[place])
        return plain(values)

    is_changeable = any(isinstance(column.type, sa.JSON) for column in columns)
    return make if is_changeable else partial(_made, make)


@lru_cache(maxsize=4096)
def _made(make: Callable[[Sequence[Any]], Any], given: Sequence[Any]) -> Any:
    """The same people and events come on page after page: what the driver gives for them is made a row once."""
    return make(given)
