"""What search engines and messengers read of a public event, and of no other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from alumni.core.walltime import zone_of
from alumni.events.models import KNOWN_AS, EventAudience, EventState, Mode, Precision
from alumni.web.templating.formats import day, known_date
from alumni.web.templating.places import country

SCHEMA = "https://schema.org"  # Event: https://schema.org/Event
ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}


@dataclass(frozen=True, slots=True)
class Preview:
    title: str
    text: str  # when, where, by whom: plain
    url: str  # absolute
    data: dict[str, Any]  # JSON-LD


def preview(event: Any) -> Preview | None:
    """None for what is not public: a link to it says nothing to who may not see it."""
    if event.audience != EventAudience.PUBLIC or event.state == EventState.PROPOSED:
        return None
    url = current_app.config["ALUMNI"].base_url + url_for("events.show", slug=event.slug)
    is_exact = event.precision == Precision.MINUTE
    when = day(event.wall_start) if is_exact else known_date(event.wall_start.strftime(KNOWN_AS[event.precision]))
    facts = (when, event.place, country(event.country) if event.country else "", event.group_name or event.host)
    return Preview(event.title, " · ".join(filter(None, facts)), url, _structured(event, url))


def _structured(event: Any, url: str) -> dict[str, Any]:
    state = "EventCancelled" if event.state == EventState.CANCELLED else "EventScheduled"
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.title,
        "url": url,
        "startDate": _when(event.starts_at, event),
        "endDate": _when(event.ends_at, event),
        "eventStatus": f"{SCHEMA}/{state}",
    }
    if event.mode:
        data["eventAttendanceMode"] = f"{SCHEMA}/{ATTENDANCE[event.mode]}"
    if event.place or event.country:
        address = {"@type": "PostalAddress", "addressCountry": event.country}
        data["location"] = {"@type": "Place", "name": event.place or country(event.country), "address": address}
    elif event.mode == Mode.ONLINE:
        data["location"] = {"@type": "VirtualLocation", "url": url}  # the link itself is for those who are going
    if event.group_name or event.host:
        data["organizer"] = {"@type": "Organization", "name": event.group_name or event.host}
    return data


def _when(at: datetime, event: Any) -> str:
    """As exact as it is known."""
    local = at.astimezone(zone_of(event.zone))
    return local.strftime(KNOWN_AS[event.precision]) if event.precision in KNOWN_AS else local.isoformat()
