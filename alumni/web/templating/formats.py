"""Dates, times, numbers, money, sources and Markdown, as the reader's language writes them."""

import re
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from babel import dates, numbers
from babel.core import get_global
from markdown_it import MarkdownIt
from markupsafe import Markup

from alumni.core import clock
from alumni.core.walltime import zone_of
from alumni.web.i18n import lang, locale_of

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
_URL = re.compile(r"https?://\S+")
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr"}


@lru_cache(maxsize=8192)
def _day(value: date, code: str) -> str:
    return dates.format_date(value, "full", locale_of(code))


@lru_cache(maxsize=8192)
def _time(value: datetime, zone: str, code: str) -> str:
    local = value.astimezone(zone_of(zone))
    return dates.format_time(local, "HH:mm", locale=locale_of(code))


@lru_cache(maxsize=1024)
def _zone(zone: str, code: str) -> str:
    if zone == "UTC":
        return "UTC"
    locale = locale_of(code)
    # CLDR keeps some cities, Yangon among them, under the name that their zone had before.
    names = [zone, *(old for old, new in get_global("zone_aliases").items() if new == zone)]
    found = next((city for name in names if (city := locale.time_zones.get(name, {}).get("city"))), None)
    location = found or dates.get_timezone_location(zone_of(zone), locale=locale, return_city=True)
    return str(location).rpartition("/")[2]


def day(value: date | datetime, zone: str = "UTC") -> str:
    """Friday 4 December 2026."""
    if isinstance(value, datetime):
        value = value.astimezone(zone_of(zone)).date() if value.tzinfo else value.date()
    return _day(value, lang())


def clock_time(value: datetime, zone: str) -> str:
    """19:00 in the zone."""
    return _time(value, zone, lang())


def zone_name(zone: str) -> str:
    """Jakarta, for Asia/Jakarta."""
    return _zone(zone, lang())


def moment(value: datetime, zone: str) -> str:
    """Friday 4 December 2026, 19:00 (Jakarta)."""
    return f"{day(value, zone)} {clock_time(value, zone)} ({zone_name(zone)})"


@lru_cache(maxsize=4096)
def _known_date(text: str, code: str) -> str:
    locale = locale_of(code)
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return dates.format_date(date(*parts), "long", locale)
    if len(parts) == 2:
        return dates.format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=locale)
    return dates.format_skeleton("y", date(parts[0], 1, 1), locale=locale)


def known_date(text: str) -> str:
    """A date as exactly as it is known: 2023, 2023-12 or 2023-12-10."""
    return _known_date(text, lang())


def age(value: datetime) -> str:
    """How long ago, roughly: 3 days ago."""
    past = value - clock.now()
    return dates.format_timedelta(past, granularity="minute", add_direction=True, locale=locale_of(lang()))


def number(value: int | float) -> str:
    return _number(value, lang())


@lru_cache(maxsize=4096, typed=True)
def _number(value: int | float, code: str) -> str:
    return numbers.format_decimal(value, locale=locale_of(code))


def share(part: int, whole: int) -> str:
    """How large a part is: 43%; nothing of nothing is a dash."""
    return _share(part, whole, lang()) if whole else "–"


@lru_cache(maxsize=4096)
def _share(part: int, whole: int, code: str) -> str:
    return numbers.format_percent(part / whole, locale=locale_of(code))


@lru_cache(maxsize=1024)
def _money(value: int, currency: str, code: str) -> str:
    locale = locale_of(code)
    whole = re.sub(r"[.]0+", "", locale.currency_formats["standard"].pattern)
    return numbers.format_currency(value, currency, whole, locale=locale, currency_digits=False)


def money(value: int, currency: str) -> str:
    """An amount in whole units of a currency (ISO 4217)."""
    return _money(value, currency, lang())


@lru_cache(maxsize=1024)
def sources(text: str) -> tuple[tuple[str, str], ...]:
    """Sources parted by semicolons, as (label, address); the label of a bare address is its host."""
    cited = []
    for piece in filter(None, (piece.strip() for piece in text.split("; "))):
        found = _URL.search(piece)
        url = found.group() if found else ""
        try:
            host = urlsplit(url).netloc.removeprefix("www.")
        except ValueError:  # a broken address is text like any other
            url = host = ""
        label = piece.replace(url, "").strip() if url else piece
        cited.append((f"{host} {label}".strip() if label.startswith("(") or not label else label, url))
    return tuple(cited)


def is_address(text: str) -> bool:
    """Whether a browser can follow it."""
    return bool(_URL.fullmatch(text))


def short_address(url: str) -> str:
    """An address as people say it: host and path."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


@lru_cache(maxsize=2048)
def _render_markdown(text: str) -> str:
    return nh3.clean(_markdown.render(text), tags=_TAGS, attributes={"a": {"href"}}, link_rel="nofollow noopener ugc")


def markdown(text: str) -> Markup:
    """CommonMark without raw HTML and pictures, cleaned by an allow-list."""
    return Markup(_render_markdown(text))  # noqa: S704 - nh3 has cleaned it
