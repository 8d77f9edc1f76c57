"""Selects that are built once. Building one with all its rules costs ten times what running it does.

A query marked `@ready` is written like any other. The first call for a kind of viewer builds it with parameters in
place of the viewer's id and of the values; later calls only fill them in.
"""

import inspect
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from alumni.core import clock
from alumni.core.db import UTCDateTime, connection, db
from alumni.core.prepared import Prepared, prepare
from alumni.core.viewer import Viewer

Build = Callable[..., sa.Select[Any] | sa.CompoundSelect[Any]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A select that is built, and the values of this call."""

    statement: Any  # a select, or a union of selects
    values: dict[str, Any]

    def first(self) -> Any | None:
        rows = self.all()
        return rows[0] if rows else None

    def all(self) -> list[Any]:
        where = connection()
        prepared = _prepared_for(self.statement, where.dialect)
        if prepared is None:
            return list(db.session.execute(self.statement, self.values).all())
        return prepared.run(where, self.values)

    def scalar(self) -> Any | None:
        row = self.first()
        return row[0] if row else None


def change(statement: sa.Update | sa.Delete | sa.Insert, **values: Any) -> int:
    """Runs a statement that was built before, in the transaction of the session. How many rows it changed."""
    where = connection()
    prepared = _prepared_for(statement, where.dialect)
    return prepared.change(where, values) if prepared else 0


_prepared: dict[tuple[Any, str], Prepared | None] = {}


def _prepared_for(statement: Any, dialect: Dialect) -> Prepared | None:
    """What the driver gets; None for entities, which only the session makes."""
    place = (statement, dialect.name)
    if place not in _prepared:
        described = getattr(statement, "column_descriptions", [])
        has_entities = any(column["expr"] is column.get("entity") for column in described)
        _prepared[place] = None if has_entities else prepare(statement, dialect)
    return _prepared[place]


class Given(sa.BindParameter[Any]):
    """Stands for a value that will be there, so `if name:` holds while the select is built."""

    inherit_cache = True

    def __bool__(self) -> bool:
        return True


def ready(*, shape: tuple[str, ...] = ()) -> Callable[[Build], Callable[..., Ready]]:
    """Marks a query `(viewer, *, names…)`.

    A value that is empty, an enum or named in `shape` decides how the select is built; any other is a parameter.
    """

    def mark(build: Build) -> Callable[..., Ready]:
        kept: dict[Hashable, Any] = {}
        defaults = {
            name: parameter.default
            for name, parameter in inspect.signature(build).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is not parameter.empty
        }

        @wraps(build)
        def call(viewer: Viewer, **given: Any) -> Ready:
            given = {**defaults, **given}
            values = {name: v for name, v in given.items() if v and type(v) in (str, int) and name not in shape}
            kind = viewer.kind
            key = (kind, *((name, name in values or value) for name, value in given.items()))
            if key not in kept:
                viewer_id: Any = sa.bindparam("viewer_id", type_=sa.Integer())
                stand_in = replace(kind, id=viewer_id)
                kept[key] = build(
                    stand_in, **given | {name: Given(f"v_{name}", type_=_type(v)) for name, v in values.items()}
                )
            filled = {f"v_{name}": value for name, value in values.items()}
            return Ready(kept[key], {"viewer_id": viewer.id, **filled})

        return call

    return mark


def _type(value: str | int) -> sa.types.TypeEngine[Any]:
    return sa.Integer() if isinstance(value, int) else sa.String()


def from_now(offset: timedelta = timedelta()) -> sa.BindParameter[Any]:
    """The present instant, or one so far from it, read when the statement runs and not when it is built."""
    name = f"moment_{offset // timedelta(seconds=1)}".replace("-", "before_")
    return sa.bindparam(name, callable_=lambda: clock.now() + offset, type_=UTCDateTime())


def today() -> sa.BindParameter[Any]:
    """Today in UTC as ISO 8601 text, read when the statement runs."""
    return sa.bindparam("today", callable_=_today, type_=sa.String())


def _today() -> str:
    return clock.now().date().isoformat()
