"""Who is to be reminded now, and what a letter's link is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.accounts.queries import viewer_of
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.core.walltime import zone_of
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event, EventState, Series
from alumni.reminders.models import Reminder, ReminderKind

DAYS_BEFORE = {ReminderKind.WEEK: 7, ReminderKind.DAY: 1}
EVENING = range(18, 21)  # hours of the reader's own clock
MOST_AT_ONCE = 500


def zones_in_the_evening(now: datetime) -> list[str]:
    """The zones of accounts in which it is evening."""
    zones = db.session.scalars(sa.select(Account.zone).distinct())
    return sorted(zone for zone in zones if now.astimezone(zone_of(zone)).hour in EVENING)


def to_remind(zone: str, kind: ReminderKind, now: datetime) -> Sequence[Any]:
    """Who is going to an event that begins so many days from today in their zone, not reminded of that start so far."""
    place = zone_of(zone)
    day = now.astimezone(place).date() + timedelta(days=DAYS_BEFORE[kind])
    begins, ends = (datetime(at.year, at.month, at.day, tzinfo=place) for at in (day, day + timedelta(days=1)))
    reminded = there_is(
        Reminder,
        Reminder.event_id == Event.id,
        Reminder.account_id == Account.id,
        Reminder.kind == kind,
        Reminder.starts_at == Event.starts_at,
    )
    select = (
        sa.select(
            *(Event.id, Event.slug, Event.title, Event.starts_at, Event.zone, Event.place),
            Account.id.label("account_id"),
        )
        .join(Attendance, Attendance.event_id == Event.id)
        .join(Account, Account.id == Attendance.account_id)
        .where(
            Event.starts_at >= begins,
            Event.starts_at < ends,
            Event.state == EventState.PUBLISHED,
            Attendance.state == AttendanceState.GOING,
            Account.zone == zone,
            Account.state == AccountState.ACTIVE,
            events_policy.visible_to(Account),
            sa.not_(reminded),
            *_once_for_a_series(kind),
        )
    )
    return db.session.execute(select.order_by(Event.id, Account.id).limit(MOST_AT_ONCE)).all()


def _once_for_a_series(kind: ReminderKind) -> list[sa.ColumnElement[bool]]:
    """A week before a weekly evening is the evening before: only its first date is told so early."""
    if kind != ReminderKind.WEEK:
        return []
    first = sa.select(Series.wall_start).where(Series.key == Event.series_key).scalar_subquery()
    return [sa.or_(Event.series_key.is_(None), Event.series_start == first)]


def holder_of(account_id: int) -> Viewer | None:
    """Who answers by the link of a letter: the account that it was written to, while it is active."""
    account = db.session.get(Account, account_id)
    return viewer_of(account) if account is not None and account.state == AccountState.ACTIVE else None
