"""Countries and time zones that exist."""

from functools import cache
from zoneinfo import available_timezones

import pycountry

COUNTRIES: tuple[str, ...] = tuple(sorted(country.alpha_2 for country in pycountry.countries))


@cache
def zones() -> frozenset[str]:
    """IANA names that stand for a place, UTC among them."""
    return frozenset(
        name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    )
