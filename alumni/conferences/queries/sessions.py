"""The sessions of an event, day by day, those at the same time beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from alumni.conferences import policy
from alumni.conferences.models import EventSession, SessionChoice
from alumni.core.db import db, there_is
from alumni.core.ready import Ready
from alumni.core.viewer import Viewer
from alumni.core.walltime import wall_of
from alumni.events import policy as events_policy
from alumni.events.models import Event

MOST_SESSIONS = 200  # of one event: its programme is one page


@dataclass(frozen=True, slots=True)
class Block:
    """Sessions that overlap, directly or by another one. One alone is for everybody, unless its seats are counted."""

    sessions: list[Any] = field(default_factory=list)

    @property
    def is_parallel(self) -> bool:
        return len(self.sessions) > 1


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    blocks: list[Block]


def sessions_of(viewer: Viewer, event_id: int, *, key: str = "") -> list[Any]:
    """In order, with how many chose each and whether the viewer did; none of an event that they do not see."""
    choices = sa.select(sa.func.count()).select_from(SessionChoice)
    choices = choices.where(SessionChoice.session_id == EventSession.id, policy.counts())
    mine = there_is(
        SessionChoice,
        SessionChoice.session_id == EventSession.id,
        SessionChoice.account_id == viewer.id,
        policy.counts(),
    )
    select = (
        sa.select(
            *(EventSession.id, EventSession.key, EventSession.title, EventSession.about, EventSession.speakers),
            *(EventSession.room, EventSession.starts_at, EventSession.ends_at, EventSession.capacity),
            *(EventSession.revision, EventSession.created_at, EventSession.updated_at, Event.zone),
            sa.or_(EventSession.starts_at < Event.starts_at, EventSession.ends_at > Event.ends_at).label("is_outside"),
            choices.correlate(EventSession).scalar_subquery().label("chosen"),
            mine.label("is_mine"),
        )
        .join(Event, Event.id == EventSession.event_id)
        .where(EventSession.event_id == event_id, events_policy.visible_to(viewer))
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return list(db.session.execute(select.where(EventSession.key == key) if key else select).all())


def under_days(rows: Sequence[Any], zone: str) -> list[Day]:
    """Under the days of the zone on which they begin; what overlaps is one block."""
    found = _blocks(rows)
    return [
        Day(on, list(blocks)) for on, blocks in groupby(found, lambda block: _day(block.sessions[0].starts_at, zone))
    ]


def mine_of(rows: Iterable[Any]) -> list[Any]:
    """What somebody goes to: what they chose, and what is for everybody."""
    everybody = [block.sessions[0] for block in _blocks(rows) if not block.is_parallel]
    keys = {row.key for row in everybody if row.capacity is None}
    return [row for row in rows if row.is_mine or row.key in keys]


def _blocks(rows: Iterable[Any]) -> list[Block]:
    found: list[Block] = []
    last: Any = None
    for row in rows:
        if last is None or row.starts_at >= last:
            found.append(Block())
        found[-1].sessions.append(row)
        last = row.ends_at if last is None else max(last, row.ends_at)
    return found


def _day(at: Any, zone: str) -> date:
    return wall_of(at, zone).date()


def find_session(event_id: int, key: str) -> EventSession | None:
    return db.session.scalar(sa.select(EventSession).where(EventSession.event_id == event_id, EventSession.key == key))


def has_sessions(event_id: int) -> bool:
    """Whether an event has a programme of days. Each page of an event asks it."""
    return bool(Ready(_one_session(), {"event_id": event_id}).all())


@cache
def _one_session() -> sa.Select[Any]:
    return sa.select(EventSession.id).where(EventSession.event_id == sa.bindparam("event_id")).limit(1)
