"""The gathered letter: promised in the morning of its reader, written when it goes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, insert_or_ignore
from alumni.core.walltime import zone_of
from alumni.deliveries import notices, queries
from alumni.deliveries.models import Digest, Told

MORNING = 7
A_WEEK = timedelta(days=6, hours=12)  # so that a week later at the same hour is late enough, whatever the clocks do
REMEMBERED = timedelta(days=60)


def next_morning(now: datetime, zone: str) -> datetime:
    """The next seven o'clock on a clock of the zone."""
    here = now.astimezone(zone_of(zone))
    day = here.date() + timedelta(days=1 if here.hour >= MORNING else 0)
    return datetime(day.year, day.month, day.day, MORNING, tzinfo=zone_of(zone)).astimezone(UTC)


def enrol(now: datetime) -> Iterator[int]:
    """Every new account gets its first morning. Yields how many after each few hundred."""
    while found := queries.newcomers():
        for row in found:
            facts = {"next_at": next_morning(now, row.zone), "daily_at": now, "weekly_at": now}
            insert_or_ignore(Digest, {"account_id": row.id} | facts)
        yield len(found)


def gather_due(now: datetime) -> Iterator[int]:
    """Promises the letters of those whose morning has come. Yields how many were looked at; harmless when run again."""
    while found := queries.due_digests(now):
        for row in found:
            _gather(row, now)
        yield len(found)


def _gather(row: Any, now: datetime) -> None:
    """Of several workers the one that moves the morning writes."""
    is_weekly = now - row.weekly_at >= A_WEEK
    values = {"next_at": next_morning(now, row.zone), "daily_at": now}
    mine = sa.update(Digest).where(
        Digest.account_id == row.id,
        Digest.next_at == row.next_at,
    )
    moved = db.session.execute(
        mine.values(values | ({"weekly_at": now} if is_weekly else {})).execution_options(synchronize_session=False)
    )
    if not moved.rowcount or not row.is_active:  # type: ignore[attr-defined]
        return
    if is_weekly or row.has_daily:
        notices.gather(
            row.id,
            daily_from=row.daily_at.isoformat() if row.has_daily else "",
            weekly_from=row.weekly_at.isoformat() if is_weekly else "",
            until=now.isoformat(),
        )


def forget_told(now: datetime) -> int:
    """After two months nobody is told of the same thing anyhow."""
    old = sa.delete(Told).where(Told.written_at <= now - REMEMBERED)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]
