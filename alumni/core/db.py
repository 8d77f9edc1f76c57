"""The database: one session, the column types, and everything in which the two engines differ."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, cast

import psycopg.sql
import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


LONGEST_PAUSE_S = 1.0


class Base(DeclarativeBase):
    """Every table. Columns are typed; relationships point down only and never load by surprise."""

    metadata = sa.MetaData(naming_convention=NAMES)


class ReadingSession(Session):
    """The session of Flask-SQLAlchemy; while only reading, it is on the connection for reading."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | sa.Connection:
        bind = super().get_bind(*args, **kwargs)
        return bind if _writing.get() or not isinstance(bind, Engine) else _reader_of(bind)


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": ReadingSession})


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An instant. Refuses naive values; always comes back aware, in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(sa.types.TypeDecorator[datetime]):
    """What a clock on the wall of a place shows: naive on purpose, its zone stands beside it."""

    impl = sa.DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise TypeError("a wall time has no time zone of its own")
        return value


def one_of(kind: type[StrEnum], name: str) -> sa.Enum:
    """A column type for a `StrEnum`: text, with a CHECK that knows the allowed words."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


class _Several(sa.types.TypeDecorator[list[Any]]):
    """Any number of values as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, item: sa.types.TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.ARRAY(self.item) if dialect.name == "postgresql" else sa.JSON())


class among(sa.sql.functions.FunctionElement[bool]):
    """`column IN` the values of a parameter. Its text is the same however many they are, so it is prepared once."""

    type = sa.Boolean()
    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        kind = sa.Integer() if isinstance(column.type, sa.Integer) else sa.Text()
        super().__init__(column, sa.bindparam(name, type_=_Several(kind)))

    def self_group(self, against: Any = None) -> "among":
        return self  # with "= 1" behind it, as SQLAlchemy has it otherwise, SQLite uses no index


@compiles(among, "sqlite")
def _among_json(clause: among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in clause.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - what was compiled


@compiles(among, "postgresql")
def _among_array(clause: among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in clause.clauses)
    return f"{column} = ANY ({values})"


def there_is(model: type[Base], *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """EXISTS over `model`, correlated with every table outside it.

    A bare `exists()` two levels down takes the outer table into its own FROM and answers for everybody.
    """
    return sa.exists().where(*where).correlate_except(model)


_writing: ContextVar[bool] = ContextVar("writing", default=True)
_reader: ContextVar[sa.Connection | None] = ContextVar("reader", default=None)
_alone_since: ContextVar[float | None] = ContextVar("alone_since", default=None)  # when we became SQLite's one writer


def connection() -> sa.Connection:
    """Where selects of columns run: in the transaction of the session, or on a connection for reading only.

    Single selects need no transaction, and without one they need no session. A rollback would also make psycopg forget
    its prepared statements.
    """
    held = _reader.get()
    if held is not None and not _writing.get():
        return held
    engine = db.engine
    return db.session.connection() if _writing.get() or not isinstance(engine, Engine) else _reader_of(engine)


def _reader_of(engine: Engine) -> sa.Connection:
    held = _reader.get()
    if held is None:
        held = engine.connect()
        _reader.set(held)
    return held


def let_go(_error: BaseException | None = None) -> None:
    """Gives the connection for reading back. The session that may be on it goes before."""
    held = _reader.get()
    if held is not None:
        _reader.set(None)
        held.close()


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside are for reading: on SQLite they take no write lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def snapshot() -> Iterator[sa.Connection]:
    """A connection of its own that sees the database as it is at this moment, however much is written meanwhile."""
    with reading(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.exec_driver_sql(
            "SELECT count(*) FROM alembic_version"
        )  # with the first read the moment stands still
        yield connection


@contextmanager
def filling() -> Iterator[sa.Connection]:
    """A connection of its own for filling an empty database. Whether references hold is to be asked at the end.

    Its pragmas hold for the connection and only before a transaction, so it is not given back to the others.
    """
    with db.engine.connect() as connection:
        connection.detach()
        if connection.dialect.name == "sqlite":
            for pragma in ("foreign_keys=off", "cache_size=-262144"):
                connection.connection.cursor().execute(f"pragma {pragma}")
        yield connection


def intend(*, to_write: bool) -> None:
    """Says for the rest of this request or task whether its transactions will write."""
    _writing.set(to_write)


def tune(engine: Engine) -> None:
    """Prepares an engine. On both kinds we say BEGIN ourselves, so that who only reads never waits for one.

    SQLite: WAL, foreign keys on, `synchronous=FULL` (an acknowledged save survives the power) and
    `BEGIN IMMEDIATE` for writers, because a deferred transaction that turns to writing under contention
    fails at once, whatever the busy timeout says.

    PostgreSQL: what `core.prepared` sends is planned once, because to plan its rules costs more than to run them.
    Anything else is planned for its values each time: under a plan for any values a search may walk the commonest term.
    """
    is_sqlite = engine.dialect.name == "sqlite"

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        if not is_sqlite:
            connection.autocommit = True
            connection.prepare_threshold = None  # `core.prepared` does that
            connection.execute("SET plan_cache_mode = force_generic_plan")
            return
        connection.isolation_level = None
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "busy_timeout=20000"):
            connection.execute(f"pragma {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if _writing.get():
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
            if is_sqlite:
                _alone_since.set(time.monotonic())
        elif is_sqlite:
            connection.exec_driver_sql("BEGIN")


def give_way() -> None:
    """After the commit of one step of many: leaves SQLite to others for as long as the step kept it from them.

    There one writes at a time, and who finds it taken looks again only every so often: steps that follow each other
    at once are met by nearly everybody who saves something meanwhile.
    """
    if since := _alone_since.get():
        _alone_since.set(None)
        time.sleep(min(time.monotonic() - since, LONGEST_PAUSE_S))


def one_at_a_time(what: str) -> None:
    """Waits until no other transaction does this, and keeps others waiting until the end of this one.

    PostgreSQL by an advisory lock; SQLite has one writer anyhow.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(what))))


def insert_or_ignore(model: type[Base], values: dict[str, Any]) -> bool:
    """Inserts a row unless a unique constraint holds one already. True when it is new."""
    insert = inserting()(model).values(values).on_conflict_do_nothing()
    # Without this, psycopg's count of an INSERT is lost and reads as -1.
    return bool(_execute(insert.execution_options(preserve_rowcount=True)).rowcount > 0)


def insert_missing(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts those rows that no unique constraint holds already."""
    db.session.connection().execute(inserting()(model).on_conflict_do_nothing(), rows)


@cache
def upserting(_dialect: str, model: type[Base], key: tuple[str, ...]) -> Any:
    """The INSERT of a whole row that updates the one with the same `key`. `core.ready.change` runs it prepared."""
    columns = model.__table__.columns
    insert = inserting()(model.__table__).values(
        {column: sa.bindparam(column.name, type_=column.type) for column in columns}
    )
    changed = {column.name: insert.excluded[column.name] for column in columns if column.name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


def upsert(model: type[Base], rows: Sequence[dict[str, Any]], *, key: tuple[str, ...]) -> None:
    """Inserts whole rows, or gives those with the same `key` these values."""
    if rows:
        db.session.connection().execute(upserting(db.engine.dialect.name, model, key), rows)


def insert_many(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows in bulk: by executemany on SQLite, by COPY on PostgreSQL.

    Rows that leave a column to a default of the model take the slower way through SQLAlchemy.
    """
    table, connection = cast(sa.Table, model.__table__), db.session.connection()
    if any(column.name not in rows[0] for column in table.columns):
        connection.execute(sa.insert(table), rows)
        return
    insert = sa.insert(table).compile(dialect=connection.dialect)
    adapters = [(column.name, _adapter(column, connection.dialect)) for column in table.columns]
    values = (tuple([adapt(row[name]) for name, adapt in adapters]) for row in rows)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(str(insert), list(values))
        return
    names = [psycopg.sql.Identifier(name) for name, _ in adapters]
    into = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(
        psycopg.sql.Identifier(table.name), psycopg.sql.SQL(", ").join(names)
    )
    with connection.connection.cursor() as cursor, cursor.copy(into) as copy:  # type: ignore[attr-defined]
        for row in values:
            copy.write_row(row)


def insert_selected(model: type[Base], columns: Sequence[str], select: sa.Select[Any]) -> int:
    """Inserts what a select of these columns finds, but for rows that a unique constraint holds already. How many."""
    insert = inserting()(model).from_select(columns, select, include_defaults=False).on_conflict_do_nothing()
    return int(db.session.connection().execute(insert.execution_options(preserve_rowcount=True)).rowcount)


def update_many(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Gives rows, known by `row_id`, new values; the same columns for each."""
    if rows:
        table = cast(sa.Table, model.__table__)
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "row_id"}
        update = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values)
        db.session.connection().execute(update, rows)


def expect_bulk() -> None:
    """Lets SQLite keep up to 256 MB of pages in memory, so that a great many rows do not wait for the disk."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("pragma cache_size = -262144"))


def _adapter(column: sa.Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """How a value of this column is handed to the driver. The same value comes often: it is converted once."""
    if isinstance(column.type, UTCDateTime):
        return _instants(dialect.name)
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return _as_it_is
    return _json(convert) if isinstance(column.type, sa.JSON) else lru_cache(maxsize=1024)(convert)


def _json(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Most JSON of a great many rows is empty."""
    empty: dict[type, Any] = {dict: convert({}), list: convert([])}
    return lambda value: convert(value) if value or value is None else empty[type(value)]


@cache
def _instants(dialect: str) -> Callable[[Any], Any]:
    """One converter for all instants: that of a sign-up stands in several columns and tables."""
    convert = UTCDateTime().bind_processor(db.engine.dialect)
    return lru_cache(maxsize=4 * 8192)(convert) if convert else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def take_ids(model: type[Base], count: int, *, after: int = 0) -> Iterator[int]:
    """Ids for rows of a bulk insert. `after` is the last one that this transaction took before.

    A writer on SQLite is alone, so ids follow the last; on PostgreSQL they come from the table's sequence.
    """
    if db.engine.dialect.name == "sqlite":
        last = max(after, db.session.scalar(sa.select(sa.func.max(model.__table__.c.id))) or 0)
        return iter(range(last + 1, last + 1 + count))
    sequence = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
    taken = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count).alias())
    return iter(db.session.scalars(taken).all())


def inserting() -> Any:
    """The INSERT of this engine, which knows ON CONFLICT."""
    from_dialect = {"sqlite": sa.dialects.sqlite.insert, "postgresql": sa.dialects.postgresql.insert}
    return from_dialect[db.engine.dialect.name]


def _execute(statement: Any) -> Any:
    return db.session.execute(statement)
