"""Countries, languages, currencies and time zones that exist."""

from functools import cache
from zoneinfo import available_timezones

import pycountry
from babel.numbers import get_territory_currencies

COUNTRIES: tuple[str, ...] = tuple(sorted(country.alpha_2 for country in pycountry.countries))

# What is paid with somewhere today, by ISO 4217.
CURRENCIES: tuple[str, ...] = tuple(sorted({code for land in COUNTRIES for code in get_territory_currencies(land)}))

# Languages of Japan and of the countries that the programmes invite from or send to, by their CLDR codes.
LANGUAGES: tuple[str, ...] = tuple(
    (
        "am ar ay az be bg bi bn bo bs cs da de dz el en es et fa fi fil fj fr gn ha he hi hr ht hu hy id ig is it ja "
        "jv ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms mt my ne nl no ny om pa pl ps pt qu ro ru rw si sk sl sm "
        "sn so sq sr ss st su sv sw ta te tet tg th ti tk tn to tpi tr uk ur uz vi wo xh yo yue zh zu"
    ).split()
)


@cache
def zones() -> frozenset[str]:
    """IANA names that stand for a place, UTC among them."""
    return frozenset(
        name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    )


def currency_of(country: str) -> str:
    """What one pays with there; yen where that is not known."""
    return next(iter(get_territory_currencies(country)), "JPY") if country else "JPY"
