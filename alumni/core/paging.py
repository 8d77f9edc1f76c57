"""Keyset pages: a cursor says after which row to go on. No OFFSET, no COUNT."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.ready import Ready

PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and the cursors of the next one and of the one before, if there are any."""

    items: Sequence[Any]
    next: str | None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A sort column, never null, and the row's attribute that holds it. The last key of a list is unique."""

    column: Any
    name: str
    descending: bool = False


def page(select: sa.Select[Any] | Ready, keys: Sequence[Key], *, after: str | None = None, limit: int = PAGE) -> Page:
    """Runs `select` in the order of `keys` from just behind the cursor `after`; `limit` rows at most.

    Raises Invalid("after") for a cursor that is not one of ours.
    """
    values: dict[str, Any] = {"rows": limit + 1}
    if after:
        values |= {f"after_{place}": value for place, value in enumerate(read_cursor(after, keys))}
    if isinstance(select, Ready):
        rows = Ready(_kept_order(select.statement, keys, bool(after)), select.values | values).all()
    else:
        rows = list(db.session.execute(_order(select, keys, bool(after)), values).all())
    more = len(rows) > limit
    return Page(rows[:limit], write_cursor(keys, rows[limit - 1]) if more else None)


Fetch = Callable[[Sequence[Any] | None, bool, int], list[Any]]


def page_both_ways(
    fetch: Fetch, keys: Sequence[Key], *, after: str | None = None, before: str | None = None, limit: int = PAGE
) -> Page:
    """A page from `fetch(beyond, backwards, rows)`: the rows behind the values of a cursor, or before them.

    Raises Invalid("after") or Invalid("before") for a cursor that is not one of ours.
    """
    if before and not after:
        rows = fetch(read_cursor(before, keys, "before"), True, limit + 1)
        items = rows[:limit][::-1]
        is_first, is_last = len(rows) <= limit, not items
    else:
        rows = fetch(read_cursor(after, keys) if after else None, False, limit + 1)
        items = rows[:limit]
        is_first, is_last = not after or not items, len(rows) <= limit
    following = None if is_last else write_cursor(keys, items[-1])
    return Page(items, following, None if is_first else write_cursor(keys, items[0]))


# Ordered forms of the selects that are built once. What they were made from is kept beside, so its id stays its own.
_kept: dict[tuple[int, int, bool], tuple[sa.Select[Any], Sequence[Key], sa.Select[Any]]] = {}


def _kept_order(select: sa.Select[Any], keys: Sequence[Key], is_further: bool) -> sa.Select[Any]:
    place = (id(select), id(keys), is_further)
    if place not in _kept:
        _kept[place] = (select, keys, _order(select, keys, is_further))
    return _kept[place][2]


def _order(select: sa.Select[Any], keys: Sequence[Key], is_further: bool) -> sa.Select[Any]:
    ordered = select.order_by(*order_of(keys))
    if is_further:
        ordered = ordered.where(beyond(keys))
    return ordered.limit(sa.bindparam("rows", type_=sa.Integer()))


def order_of(keys: Sequence[Key]) -> list[sa.ColumnElement[Any]]:
    return [key.column.desc() if key.descending else key.column for key in keys]


def turned(keys: Sequence[Key]) -> list[Key]:
    """The same order backwards."""
    return [Key(key.column, key.name, not key.descending) for key in keys]


def beyond(keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """Clause with the parameters `after_0`…: (a, b) comes after them. Each key in its own direction."""
    values = [sa.bindparam(f"after_{place}", type_=key.column.type) for place, key in enumerate(keys)]
    steps = []
    for place, key in enumerate(keys):
        same = [keys[i].column == values[i] for i in range(place)]
        further = key.column < values[place] if key.descending else key.column > values[place]
        steps.append(sa.and_(*same, further))
    # The first key alone bounds the index scan; the rest decides ties.
    bound = keys[0].column <= values[0] if keys[0].descending else keys[0].column >= values[0]
    return sa.and_(bound, sa.or_(*steps))


def write_cursor(keys: Sequence[Key], row: Any) -> str:
    """The cursor that stands for a row of a list."""
    values = [getattr(row, key.name) for key in keys]
    text = json.dumps([_plain(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"b": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def read_cursor(cursor: str, keys: Sequence[Key], name: str = "after") -> list[Any]:
    """The values of the row that a cursor stands for. Raises Invalid for one that is not of this list."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw)
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError("not a cursor of this list")
        return [_value(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise Invalid(name, "cursor") from error


def _value(value: Any, key: Key) -> Any:
    """A value of the type of its column: a forged cursor must not reach the database as another."""
    expected = key.column.type.python_type
    if expected is datetime:
        return _instant(value["t"])
    if expected is bytes:
        return base64.b64decode(value["b"], validate=True)[:200]
    if type(value) is not expected or (expected is int and abs(value) >= 2**31):
        raise ValueError("not a value of this column")
    if expected is str and ("\0" in value or len(value.encode()) > 4_000):  # a lone surrogate has no bytes
        raise ValueError("not text of a column")
    return value


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
        raise ValueError("not an instant of this list")
    return moment.astimezone(UTC)
