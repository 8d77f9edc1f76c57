"""Everything that the product holds of one person, by the record of what is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.core.db import Base, db
from alumni.mydata.models.record import PEOPLE

SECRETS = {"password_hash", "digest"}
PERSONS = {"accounts.id", "members.account_id"}
READABLE = ("label", "slug", "key")  # by what a row that is pointed to is known outside


class Rows(NamedTuple):
    """What a table holds of somebody. `subject` is the room whose table it is."""

    subject: str
    table: str
    headings: list[str]
    rows: list[list[Any]]

    def as_objects(self) -> list[dict[str, Any]]:
        return [dict(zip(self.headings, row, strict=True)) for row in self.rows]


def subjects() -> dict[str, str]:
    """By the name of a table, the room that keeps it."""
    return {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
    }


def is_taken_along(table: str) -> bool:
    kept = PEOPLE.get(table)
    return kept is not None and not kept.left_out


def belongs_to(table: sa.Table, path: str, account_id: int) -> sa.ColumnElement[bool]:
    """Clause: a row is this person's, by a column or by the way there through what it points to."""
    first, _, rest = path.partition(".")
    column = table.c[first]
    if not rest:
        return column == account_id
    key = next(iter(column.foreign_keys))
    target = key.column.table
    return column.in_(sa.select(key.column).where(belongs_to(target, rest, account_id)))


def is_own(table: sa.Table, account_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(belongs_to(table, path, account_id) for path in PEOPLE[table.name].own.split()))


def gather(account_id: int) -> Iterator[Rows]:
    """Table by table, each as it is at this moment."""
    rooms = subjects()
    for table in Base.metadata.sorted_tables:
        if is_taken_along(table.name):
            columns = list(_columns(table))
            select = sa.select(*columns).where(is_own(table, account_id)).order_by(*table.primary_key)
            rows = [[_plain(value) for value in row] for row in db.session.execute(select)]
            yield Rows(rooms[table.name], table.name, [column.name for column in columns], rows)


def _columns(table: sa.Table) -> Iterator[Any]:
    """What is readable of a table: no number that means something only here, no secret, and nobody else."""
    shown = PEOPLE[table.name].shows.split()
    for column in table.columns:
        key = _leads_to(column)
        if column.name in SECRETS or isinstance(column.type, sa.LargeBinary) or (shown and column.name not in shown):
            continue
        if key is not None:
            known_by = next((name for name in READABLE if name in key.column.table.c), "")
            if known_by and key.target_fullname not in PERSONS:
                yield _known(column, key, known_by)
        elif not (column.primary_key and column.name == "id"):
            yield column


def _leads_to(column: sa.Column[Any]) -> Any:
    """The thing itself that a column points to, through a row that points to it in turn."""
    key = next(iter(column.foreign_keys), None)
    return (_leads_to(key.column) or key) if key is not None else None


def _known(column: sa.Column[Any], key: Any, known_by: str) -> Any:
    target = key.column.table.alias()
    found = sa.select(target.c[known_by]).where(target.c[key.column.name] == column)
    return found.correlate(column.table).scalar_subquery().label(column.name.removesuffix("_id"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def files_of(account_id: int, table: str, column: str) -> Sequence[str]:
    """The names under which the store knows what somebody sent."""
    its = Base.metadata.tables[table]
    select = sa.select(its.c[column]).where(is_own(its, account_id), its.c[column] != "")
    return db.session.scalars(select.order_by(its.c[column])).all()
