"""Meetings that were held, as past events with as much as their sources say."""

from calendar import monthrange
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale, get_global

from alumni.catalogue.checks import Catalogue
from alumni.catalogue.ledger import Ledger
from alumni.catalogue.shapes import AssociationEntry, MeetingEntry, ProgrammeEntry
from alumni.catalogue.words import countries, ordinal, sentence
from alumni.core.db import db
from alumni.core.places import zones
from alumni.events.models import Event, EventAudience, EventKind, EventState, Mode, Precision
from alumni.groups.models import Group
from alumni.programmes.models import Programme

# What each kind of meeting is called, and what kind of event it is. Numbered ones count their meetings.
KINDS: dict[str, tuple[str, EventKind]] = {
    "RLF": ("Regional Leaders Forum", EventKind.CONFERENCE),
    "ECM": ("Executive Council Meeting", EventKind.MEETING),
    "SIGA": ("SSEAYP International General Assembly (SIGA)", EventKind.CONFERENCE),
    "COPANI": ("Convención Panamericana Nikkei (COPANI)", EventKind.CONFERENCE),
    "commemorative_visit": ("commemorative visit", EventKind.VISIT),
    "alumni_assembly": ("alumni assembly", EventKind.MEETING),
    "online_event": ("online event", EventKind.MEETING),
    "online_alumni_programme": ("online alumni programme", EventKind.SEMINAR),
    "online_alumni_meeting": ("online alumni meeting", EventKind.REUNION),
    "in_person_reunion": ("reunion of alumni", EventKind.REUNION),
    "networking_fair": ("networking fair", EventKind.FAIR),
    "reporting_and_networking": ("reporting and networking event", EventKind.REPORTING),
}
COUNTED = ("RLF", "ECM", "SIGA", "COPANI")
MONTHS = Locale("en").months["format"]["wide"]  # by number, from 1

# Of countries with several zones, that of the capital or of most people.
MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "FM": "Pacific/Pohnpei",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "US": "America/New_York",
    "VN": "Asia/Ho_Chi_Minh",
}


def load(catalogue: Catalogue, ledger: Ledger) -> None:
    entries = catalogue.associations.meetings
    there = ledger.rows(Event, [entry.id for entry in entries])
    groups = ledger.rows(Group, [entry.association for entry in entries if entry.association])
    programmes = ledger.rows(Programme, [entry.programme for entry in entries if entry.programme])
    for entry in entries:
        values = _values(catalogue, entry) | {
            "group_id": groups[entry.association].id if entry.association else None,
            "programme_id": programmes[entry.programme].id if entry.programme else None,
        }
        ledger.settle("meeting", Event, entry.id, there.get(entry.id), values)
    ledger.keep("meeting")
    db.session.flush()


def _values(catalogue: Catalogue, entry: MeetingEntry) -> dict[str, Any]:
    zone = zone_of(entry.host_country)
    start, end, precision = _span(entry)
    attendance = entry.attendance
    return {
        "title": title_of(catalogue, entry),
        "host": _host(catalogue, entry),
        "description": _description(entry),
        "kind": KINDS[entry.kind][1],
        "mode": Mode(entry.mode) if entry.mode else None,
        "place": entry.place or "",
        "country": entry.host_country or "",
        "wall_start": start,
        "wall_end": end,
        "zone": zone,
        "starts_at": start.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        "ends_at": end.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        "precision": precision,
        "audience": EventAudience.PUBLIC,
        "state": EventState.PUBLISHED,
        "attended": attendance.value if attendance else None,
        "attended_bound": attendance.read_as if attendance else None,
        "attended_by": attendance.population if attendance else "",
        "source": catalogue.cite(entry.source),
    }


def zone_of(country: str | None) -> str:
    """The zone of a country, or of most of it; UTC where there is no country or no telling."""
    if country is None:
        return "UTC"
    if country in MAIN_ZONES:
        return MAIN_ZONES[country]
    its_own = [name for name, code in get_global("zone_territories").items() if code == country and name in zones()]
    return its_own[0] if len(its_own) == 1 else "UTC"


def _span(entry: MeetingEntry) -> tuple[datetime, datetime, Precision]:
    """From the first to the last minute of what the source dates."""
    first = entry.from_ or str(entry.year)
    last = entry.to or first
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[first.count("-")]
    year, month, day = (*map(int, first.split("-")), 1, 1)[:3]
    start = datetime(year, month, day)  # noqa: DTZ001 - what a clock on the wall shows
    year, *rest = map(int, last.split("-"))
    month = rest[0] if rest else 12
    day = rest[1] if len(rest) > 1 else monthrange(year, month)[1]
    return start, datetime(year, month, day, 23, 59), precision  # noqa: DTZ001


def title_of(catalogue: Catalogue, entry: MeetingEntry) -> str:
    if entry.title:
        return entry.title[0].upper() + entry.title[1:]
    words = KINDS[entry.kind][0]
    if entry.kind in COUNTED:
        return f"{ordinal(entry.number)} {words}" if entry.number else f"{words} {entry.year}"
    owner = _owner(catalogue, entry)
    if entry.kind == "commemorative_visit" and entry.host_country == "JP":
        words = f"{words} to Japan"
    return f"{owner} {words}, {_when(entry)}" if owner else f"{words[0].upper()}{words[1:]}, {_when(entry)}"


def _owner(catalogue: Catalogue, entry: MeetingEntry) -> str:
    """Whose meeting it was, in a word or two."""
    if entry.programme:
        return _programme(catalogue, entry.programme).short
    if entry.association:
        return _short(_association(catalogue, entry.association))
    return entry.organiser or ""


def _when(entry: MeetingEntry) -> str:
    if entry.from_ and "-" in entry.from_:
        return f"{MONTHS[int(entry.from_[5:7])]} {entry.year}"
    return str(entry.year)


def _programme(catalogue: Catalogue, key: str) -> ProgrammeEntry:
    return next(entry for entry in catalogue.programmes.programmes if entry.id == key)


def _association(catalogue: Catalogue, key: str) -> AssociationEntry:
    return next(entry for entry in catalogue.associations.associations if entry.id == key)


def _short(association: AssociationEntry) -> str:
    return association.abbr or association.name


def _host(catalogue: Catalogue, entry: MeetingEntry) -> str:
    host = _association(catalogue, entry.host).name if entry.host else ""
    return (entry.organiser or host)[:200]


def _description(entry: MeetingEntry) -> str:
    """What the source says of it, a paragraph for each thing."""
    resolutions = entry.resolutions.value if entry.resolutions else None
    about = "about " if entry.resolutions and entry.resolutions.about else ""
    paragraphs = [
        "Announced by the source; whether it took place is not stated there." if entry.planned else "",
        sentence(entry.theme, "Theme"),
        sentence("; ".join(entry.themes), "Themes"),
        sentence(entry.audience, "For"),
        sentence(countries(entry.countries), "Countries"),
        sentence(entry.output),
        sentence(countries(entry.signatories), "Signed for"),
        f"Resolutions: {about}{resolutions}." if resolutions is not None else "",
        sentence(countries(entry.absent), "Not there"),
        sentence(entry.note),
    ]
    return "\n\n".join(filter(None, paragraphs))
