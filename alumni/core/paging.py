"""Keyset pages: a cursor says after which row to go on. No OFFSET, no COUNT."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import Invalid

PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows and the cursor of the next, if there is one."""

    items: Sequence[Any]
    next: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """A sort column, never null, and the row's attribute that holds it. The last key of a list is unique."""

    column: Any
    name: str
    descending: bool = False


def page(select: sa.Select[Any], keys: Sequence[Key], *, after: str | None = None, limit: int = PAGE) -> Page:
    """Runs `select` in the order of `keys` from just behind the cursor `after`; `limit` rows at most.

    Raises Invalid("after") for a cursor that is not one of ours.
    """
    select = select.order_by(*(key.column.desc() if key.descending else key.column for key in keys))
    if after:
        select = select.where(_behind(keys, _read(after, len(keys))))
    rows = db.session.execute(select.limit(limit + 1)).all()
    more = len(rows) > limit
    return Page(rows[:limit], _write(keys, rows[limit - 1]) if more else None)


def _behind(keys: Sequence[Key], values: list[Any]) -> sa.ColumnElement[bool]:
    """(a, b) after (x, y): a > x, or a = x and b > y; each key in its own direction."""
    steps = []
    for place, key in enumerate(keys):
        same = [keys[i].column == values[i] for i in range(place)]
        beyond = key.column < values[place] if key.descending else key.column > values[place]
        steps.append(sa.and_(*same, beyond))
    # The first key alone bounds the index scan; the rest decides ties.
    bound = keys[0].column <= values[0] if keys[0].descending else keys[0].column >= values[0]
    return sa.and_(bound, sa.or_(*steps))


def _write(keys: Sequence[Key], row: Any) -> str:
    values = [getattr(row, key.name) for key in keys]
    text = json.dumps([{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw)
        if not isinstance(values, list) or len(values) != length:
            raise ValueError("not a cursor of this list")
        return [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else _plain(v) for v in values]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise Invalid("after", "cursor") from error


def _plain(value: object) -> object:
    if isinstance(value, str) and "\0" not in value:
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    raise ValueError("not a value of a cursor")
