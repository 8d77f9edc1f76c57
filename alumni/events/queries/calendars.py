"""What calendars say, and whose secret address one is."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.accounts.queries import viewer_of
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import digest
from alumni.core.viewer import GUEST, Viewer
from alumni.events import policy
from alumni.events.models import COMING, Attendance, CalendarFeed, Event, EventState, Series
from alumni.events.queries.events import MORE, ROW, held_by, is_mine, online_url
from alumni.groups.models import Group

CALENDAR_BACK = timedelta(days=365)  # how far back a calendar reaches
CALENDAR_MOST = 5000  # events in one calendar


def calendar_of_event(viewer: Viewer) -> sa.Select[Any]:
    """One event as a calendar needs it; the online link only for whoever is going."""
    return (
        sa.select(*ROW, *MORE, online_url())
        .outerjoin_from(Event, Group, Group.id == Event.group_id)
        .outerjoin(Attendance, is_mine(viewer))
        .where(policy.visible_to(viewer))
    )


def calendar(viewer: Viewer, *, group_id: int | None = None) -> sa.Select[Any]:
    """Events of the last year and to come, cancelled ones too, so that calendars learn of it."""
    select = (
        calendar_of_event(viewer)
        .where(Event.starts_at >= clock.now() - CALENDAR_BACK, Event.state != EventState.PROPOSED)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(CALENDAR_MOST)
    )
    return select if group_id is None else select.where(Event.id.in_(held_by(group_id)))


def public_calendar(country: str = "") -> sa.Select[Any]:
    """What anybody sees, all of it or in one country: this calendar is the same for all."""
    select = calendar(GUEST)
    return select.where(Event.country == country) if country else select


def holder_of_feed(secret: str) -> sa.Select[tuple[Account]]:
    """The account whose secret address of a calendar this is, while it is active."""
    return (
        sa.select(Account)
        .join(CalendarFeed, CalendarFeed.account_id == Account.id)
        .where(CalendarFeed.digest == digest(secret), Account.state == AccountState.ACTIVE)
    )


def find_feed(account_id: int) -> CalendarFeed | None:
    return db.session.get(CalendarFeed, account_id)


def calendar_of(account: Account) -> Sequence[Any]:
    """What somebody comes to, waits for or may come to; what was called off too."""
    viewer = viewer_of(account)
    return db.session.execute(calendar(viewer).where(Attendance.state.in_(COMING))).all()


def events_of_letter(slug: str, account: Account, *, is_series: bool = False) -> Sequence[Any]:
    """An event as the calendar of whoever comes to it is told of it; of a series also the dates that follow."""
    select = calendar_of_event(viewer_of(account))
    event = db.session.execute(select.where(Event.slug == slug)).first()
    if event is None or not is_series:
        return [event] if event else []
    follows = sa.and_(Event.series_key == event.series_key, Event.starts_at >= event.starts_at)
    theirs = select.where(follows, Attendance.state.in_(COMING), Event.state != EventState.PROPOSED)
    return db.session.execute(theirs.order_by(Event.starts_at)).all()


def plans_of_series(keys: Collection[str]) -> dict[str, tuple[Series, list[datetime]]]:
    """Each of these series, and the starts that its dates have by its plan."""
    if not keys:
        return {}
    starts: dict[str, list[datetime]] = {}
    dates = sa.select(Event.series_key, Event.series_start).where(Event.series_key.in_(keys))
    for key, start in db.session.execute(dates.order_by(Event.series_start)):
        starts.setdefault(str(key), []).append(start)
    found = db.session.scalars(sa.select(Series).where(Series.key.in_(keys)))
    return {series.key: (series, starts[series.key]) for series in found}
