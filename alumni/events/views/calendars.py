"""Calendars to take home or to subscribe to: RFC 5545."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import icalendar
from flask import Response, current_app, request
from flask_babel import gettext as _

from alumni.core import walltime
from alumni.core.db import db
from alumni.core.walltime import zone_of
from alumni.events import queries
from alumni.events.models import Event, EventState, Precision, last_day
from alumni.events.views.pages import bp
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web.gate import get_or_404, me, public
from alumni.web.templating import country, href

STATUS = {
    EventState.PROPOSED: "TENTATIVE",
    EventState.PUBLISHED: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
}


@bp.get("/events.ics")
@public
def calendar() -> Response:
    return _answer(db.session.execute(queries.public_calendar()).all(), name=_("Alumni Network"))


@bp.get("/groups/<slug>/events.ics")
@public
def group_calendar(slug: str) -> Response:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    return _answer(db.session.execute(queries.calendar(me(), group_id=group.id)).all(), name=group.name)


@bp.get("/events/<slug>.ics")
@public
def event_calendar(slug: str) -> Response:
    event = get_or_404(queries.calendar_of_event(me()).where(Event.slug == slug))
    response = _answer([event], name="")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


def _answer(rows: Sequence[Any], *, name: str) -> Response:
    response = Response(write(rows, name=name), content_type="text/calendar; charset=utf-8")
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def write(rows: Sequence[Any], *, name: str) -> bytes:
    """A calendar of these events, with the rules of every zone that they use."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Alumni Network//Events//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
    used: dict[str, list[int]] = {}
    for row in rows:
        if row.precision == Precision.MINUTE and row.zone != "UTC":
            used.setdefault(row.zone, []).extend((row.wall_start.year, row.wall_end.year))
    for zone, years in sorted(used.items()):
        made.add_component(_rules_of(zone, min(years) - 1, max(years) + 1))
    for row in rows:
        made.add_component(_event(row))
    return made.to_ical()  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _rules_of(zone: str, first_year: int, last_year: int) -> icalendar.Timezone:
    """How the clocks of a zone stand from the first to the last year.

    Written by us: icalendar 7.3 lets summer time begin an hour late (its onset is not in the time before the change).
    """
    first = datetime(first_year, 1, 1, tzinfo=UTC)
    place = zone_of(zone)
    offset = walltime.offset(first, place)
    made = icalendar.Timezone()
    made.add("tzid", zone)
    start = icalendar.TimezoneStandard()
    start.DTSTART = walltime.wall_of(first, zone)
    start.TZOFFSETFROM = start.TZOFFSETTO = offset
    start.add("tzname", first.astimezone(place).tzname())
    made.add_component(start)
    for change in walltime.changes(zone, date(first_year, 1, 1), date(last_year + 1, 1, 1)):
        part = icalendar.TimezoneDaylight() if change.is_summer else icalendar.TimezoneStandard()
        part.DTSTART = change.wall_before
        part.TZOFFSETFROM, part.TZOFFSETTO = change.before, change.after
        part.add("tzname", change.name)
        made.add_component(part)
    return made


def _event(row: Any) -> icalendar.Event:
    base = current_app.config["ALUMNI"].base_url
    made = icalendar.Event()
    made.add("uid", f"{row.slug}@{urlsplit(base).hostname}")
    made.add("dtstamp", row.updated_at)
    made.add("created", row.created_at)
    made.add("last-modified", row.updated_at)
    made.add("sequence", row.revision)
    made.add("status", STATUS[row.state])
    made.add("summary", row.title)
    if row.precision == Precision.MINUTE:
        made.add("dtstart", _time(row.wall_start, row.starts_at, row.zone))
        made.add("dtend", _time(row.wall_end, row.ends_at, row.zone))
    else:
        made.add("dtstart", row.wall_start.date())
        made.add("dtend", last_day(row) + timedelta(days=1))
    if place := ", ".join(filter(None, (row.place, country(row.country) if row.country else ""))):
        made.add("location", place)
    address = base + href("events.show", slug=row.slug)
    made.add("url", address)
    made.add("description", "\n\n".join(filter(None, _description(row, address))))
    return made


def _description(row: Any, address: str) -> list[str]:
    return [
        _("Called off: %(reason)s", reason=row.cancelled_because) if row.state == EventState.CANCELLED else "",
        row.description,
        _("Take part online: %(url)s", url=row.online_url) if row.online_url else "",
        address,
    ]


def _time(wall: datetime, at: datetime, zone: str) -> datetime:
    """The wall time with its zone. The second of two equal wall times has no name in a calendar: it stands in UTC."""
    if zone == "UTC" or walltime.is_second(wall, zone, at):
        return at
    return wall.replace(tzinfo=zone_of(zone))
