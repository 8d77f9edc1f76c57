"""Time zones to choose from, in the reader's language: a short list, those of one country first."""

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from alumni.core import clock
from alumni.core.places import COUNTRIES, zones
from alumni.web.i18n import locale_of
from alumni.web.templating import zone_name

# Where most people of a country with several zones live.
MAIN = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
}
REGIONS = {
    "Africa": _l("Africa"),
    "America": _l("America"),
    "Asia": _l("Asia"),
    "Atlantic": _l("Atlantic"),
    "Australia": _l("Australia"),
    "Europe": _l("Europe"),
    "Indian": _l("Indian Ocean"),
    "Pacific": _l("Pacific"),
}


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the main one first; of those whose clocks agree nowadays only one."""
    known = [zone for zone in get_global("territory_zones").get(country, ()) if zone in zones()]
    main = MAIN.get(country)
    by_clock: dict[tuple[Any, ...], str] = {}
    for zone in sorted(known, key=lambda name: name != main):
        by_clock.setdefault(_clock_of(zone), zone)
    return tuple(by_clock.values())


def _clock_of(zone: str) -> tuple[Any, ...]:
    """How far its clocks are from UTC in the months of two years: zones that agree need to be offered once."""
    year = clock.now().year
    place = ZoneInfo(zone)
    return tuple(
        datetime(at, month, 15, tzinfo=UTC).astimezone(place).utcoffset()
        for at in (year, year + 1)
        for month in range(1, 13)
    )


def main_zone(country: str) -> str:
    """Where an event in this country most likely is; empty if that cannot be said."""
    return zones_of(country)[0] if zones_of(country) else ""


@lru_cache(maxsize=256)
def zone_choices(country: str, chosen: str, language: str) -> tuple[SelectChoice, ...]:
    """Zones of the country, then one or a few of every country by region. `chosen` is always offered."""
    first = list(zones_of(country))
    if chosen and chosen not in first:
        first.append(chosen)
    name = locale_of(language).territories.get(country, "")
    choices = [SelectChoice(zone, zone_name(zone), optgroup=name or str(_l("Chosen"))) for zone in first]
    rest = {zone for code in COUNTRIES for zone in zones_of(code)} - set(first)
    for region, words in REGIONS.items():
        of_region = [zone for zone in rest if zone.startswith(f"{region}/")]
        choices += [
            SelectChoice(zone, label, optgroup=str(words))
            for label, zone in sorted((zone_name(zone), zone) for zone in of_region)
        ]
    return (*choices, SelectChoice("UTC", "UTC", optgroup=str(_l("Everywhere"))))
