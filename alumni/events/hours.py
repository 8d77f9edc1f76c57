"""What a moment is elsewhere: the hour, whether people sleep, and whether the day is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import holidays
from babel import Locale

from alumni.core.walltime import wall_of
from alumni.web.zones import zones_of

AWAKE = range(7, 22)  # hours of the clock there
SHOWN_ZONES = 3  # of a country with many


@dataclass(frozen=True, slots=True)
class There:
    country: str
    zone: str
    wall: datetime  # what a clock there shows
    is_night: bool
    is_weekend: bool
    is_holiday: bool  # a public one, in the whole country


def elsewhere(countries: Iterable[str], at: datetime) -> list[There]:
    """The moment in each of these countries, in their order; in a wide country once for each hour that clocks show."""
    found = []
    for country in countries:
        clocks: dict[datetime, str] = {}
        for zone in zones_of(country):
            clocks.setdefault(wall_of(at, zone), zone)
        found += [_there(country, zone, wall) for wall, zone in list(clocks.items())[:SHOWN_ZONES]]
    return found


def _there(country: str, zone: str, wall: datetime) -> There:
    return There(country, zone, wall, wall.hour not in AWAKE, _is_weekend(country, wall), _is_holiday(country, wall))


def _is_weekend(country: str, wall: datetime) -> bool:
    """By CLDR: Friday and Saturday in Egypt, Sunday alone in India."""
    locale = Locale.parse(f"und_{country}")
    return locale.weekend_start <= wall.weekday() <= locale.weekend_end


def _is_holiday(country: str, wall: datetime) -> bool:
    try:
        return wall.date() in holidays.country_holidays(country, years=wall.year)
    except NotImplementedError:  # the library does not know this country
        return False
