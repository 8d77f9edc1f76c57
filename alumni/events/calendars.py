"""Events as calendar programs read them: RFC 5545, and RFC 5546 for what a letter tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import icalendar
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Row

from alumni.core import walltime
from alumni.core.walltime import zone_of
from alumni.events.models import EventState, Precision, Series, last_day
from alumni.web.templating import country, href

STATUS = {
    EventState.PROPOSED: "TENTATIVE",
    EventState.PUBLISHED: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an event, as a calendar takes it: a session, a meeting. Its address is that of the event."""

    event: Any
    uid: str
    title: str
    description: str
    place: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    updated_at: datetime
    revision: int = 0


def write_parts(event: Any, parts: Sequence[Part]) -> bytes:
    """A calendar of these parts, in the zone of their event."""
    return write([_as_event(part) for part in parts], name=event.title)


def _as_event(part: Part) -> SimpleNamespace:
    event, zone = part.event, part.event.zone
    return SimpleNamespace(
        **{name: getattr(event, name) for name in ("slug", "country", "zone", "state", "cancelled_because")},
        uid=part.uid,
        title=part.title,
        description=part.description,
        place=", ".join(filter(None, (part.place, event.place))),
        wall_start=walltime.wall_of(part.starts_at, zone),
        wall_end=walltime.wall_of(part.ends_at, zone),
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        created_at=part.created_at,
        updated_at=max(part.updated_at, event.updated_at),
        revision=part.revision + event.revision,
        precision=Precision.MINUTE,
        online_url="",
        series_key=None,
    )


Plans = Mapping[str, tuple[Series, Sequence[datetime]]]


def write(
    rows: Sequence[Any], *, name: str = "", method: str = "PUBLISH", to: str = "", plans: Plans | None = None
) -> bytes:
    """A calendar of these events, with the rules of every zone that they use.

    `method` REQUEST or CANCEL tells the calendar of whoever is `to` that an event is another, or is called off.
    A series that is among `plans` is written by its rule, with the dates that are otherwise; any other date of a series
    says which one it is by its RECURRENCE-ID.
    """
    made = icalendar.Calendar()
    made.add("prodid", "-//Alumni Network//Events//EN")
    made.add("version", "2.0")
    made.add("method", method)
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
    used: dict[str, list[int]] = {}
    for row in rows:
        if row.precision == Precision.MINUTE and row.zone != "UTC":
            used.setdefault(row.zone, []).extend((row.wall_start.year, row.wall_end.year))
        if row.series_key and row.series_zone != "UTC":
            used.setdefault(row.series_zone, []).append(row.series_start.year)
    for series, starts in (plans or {}).values():
        if series.zone != "UTC":
            used.setdefault(series.zone, []).extend((starts[0].year, starts[-1].year))
    for zone, years in sorted(used.items()):
        made.add_component(_rules_of(zone, min(years) - 1, max(years) + 1))
    language = str(get_locale())
    events = []
    for row in _with_rules(made, rows, plans or {}):
        if to or not isinstance(row, Row):
            event = _event(row)
            if to:
                _address(event, to)
            events.append(event.to_ical())
        else:
            events.append(_written(row, language))
    frame: bytes = made.to_ical()
    return frame.removesuffix(_END) + b"".join(events) + _END


_END = b"END:VCALENDAR\r\n"


@lru_cache(maxsize=10_000)
def _written(row: Any, _language: str) -> bytes:
    """An event says the same in every calendar in which it stands, so it is written once."""
    return _event(row).to_ical()  # type: ignore[no-any-return]


def _with_rules(made: icalendar.Calendar, rows: Sequence[Any], plans: Plans) -> list[Any]:
    """Writes each planned series by its rule. Returns what has to be written by itself."""
    alone = [row for row in rows if row.series_key not in plans]
    for key, (series, starts) in plans.items():
        dates = sorted((row for row in rows if row.series_key == key), key=lambda row: row.series_start)
        if dates:
            # What most dates say stands in the rule: that of the last one, since changes hold for those that follow.
            model = next((row for row in reversed(dates) if row.state != EventState.CANCELLED), dates[-1])
            made.add_component(_rule(series, starts, dates, model))
            alone += [row for row in dates if _differs(row, model, series)]
    return alone


def _rule(series: Series, starts: Sequence[datetime], dates: Sequence[Any], model: Any) -> icalendar.Event:
    """The event that stands for all dates, but for those that are not among them."""
    made = _event(model)
    for name in ("recurrence-id", "dtstart", "dtend", "sequence", "status", "url", "description", "dtstamp"):
        made.pop(name, None)
    zone = zone_of(series.zone)
    made.add("dtstart", series.wall_start.replace(tzinfo=zone))
    made.add("dtend", (series.wall_start + (model.wall_end - model.wall_start)).replace(tzinfo=zone))
    made.add("dtstamp", max(row.updated_at for row in dates))
    made.add("sequence", max(row.revision for row in dates))
    made.add("status", STATUS[EventState.PUBLISHED])
    address = current_app.config["ALUMNI"].base_url + href("events.series", key=series.key)
    made.add("url", address)
    made.add("description", "\n\n".join(filter(None, (model.description, address))))
    if series.rule:
        made.add("rrule", icalendar.vRecur.from_ical(series.rule))
    else:
        made.add("rdate", [start.replace(tzinfo=zone) for start in starts[1:]])
    shown = {row.series_start for row in dates}
    if gone := [start.replace(tzinfo=zone) for start in starts if start not in shown]:
        made.add("exdate", gone)
    return made


def _differs(row: Any, model: Any, series: Series) -> bool:
    """Whether a date is otherwise than its rule says."""
    same = ("title", "description", "place", "country", "online_url")
    return (
        any(getattr(row, name) != getattr(model, name) for name in same)
        or (row.wall_start, row.zone) != (row.series_start, series.zone)
        or row.wall_end - row.wall_start != model.wall_end - model.wall_start
        or row.state == EventState.CANCELLED
        or walltime.is_second(row.wall_start, row.zone, row.starts_at)
    )


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


def _address(event: icalendar.Event, to: str) -> None:
    """Who asks whom: their own program takes what it is told about an event that it has."""
    sender = icalendar.vCalAddress(f"mailto:{parseaddr(current_app.config['ALUMNI'].mail_from)[1]}")
    reader = icalendar.vCalAddress(f"mailto:{to}")
    reader.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "ROLE": "REQ-PARTICIPANT"})
    event.add("organizer", sender)
    event.add("attendee", reader, encode=False)


def _event(row: Any) -> icalendar.Event:
    base = current_app.config["ALUMNI"].base_url
    made = icalendar.Event()
    made.add("uid", f"{row.series_key or getattr(row, 'uid', row.slug)}@{urlsplit(base).hostname}")
    if row.series_key:
        made.add("recurrence-id", row.series_start.replace(tzinfo=zone_of(row.series_zone)))
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
