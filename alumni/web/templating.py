"""What templates can call: addresses, dates in words, names of countries, Markdown. They compute nothing else."""

import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

import nh3
from babel import dates, numbers
from babel.core import get_global
from flask import Flask, current_app, g, get_flashed_messages, has_request_context, render_template, request, url_for
from flask_babel import get_translations
from jinja2 import Environment, StrictUndefined, pass_environment
from jinja2.filters import make_attrgetter
from markdown_it import MarkdownIt
from markupsafe import Markup

from alumni.core import clock
from alumni.core.names import initials, sort_key
from alumni.core.places import COUNTRIES, LANGUAGES
from alumni.core.viewer import Viewer
from alumni.core.walltime import zone_of
from alumni.web import i18n
from alumni.web.compiling import Templates
from alumni.web.gate import csrf_token, me
from alumni.web.i18n import lang, locale_of

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
_URL = re.compile(r"https?://\S+")
# How the names of countries begin in Japanese where CLDR has kanji: no collation knows how they are read.
_READINGS = {
    "広東": "かんとん", "南部": "なんぶ", "中央": "ちゅうおう", "中国": "ちゅうごく", "中華": "ちゅうか", "北": "きた",
    "南極": "なんきょく", "南": "みなみ", "台湾": "たいわん", "日本": "にほん", "東": "ひがし", "米": "べい",
    "英": "えい", "西": "にし", "赤道": "せきどう", "韓国": "かんこく", "仏": "ふつ", "合衆国": "がっしゅうこく",
}  # fmt: skip
# Where the navigation leads, to mark where one is.
SECTIONS = frozenset("/cohorts /members /events /groups /me/profile /desk /moderation /login /signup".split())
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr"}


def page(template: str, /, **context: Any) -> str:
    """Renders a page. 422 and other statuses are the door's to add."""
    return render_template(template, **context)


@lru_cache(maxsize=16384)
def _translated(code: str, text: str) -> Markup:
    return Markup(get_translations().gettext(text))  # noqa: S704 - our own words


@lru_cache(maxsize=16384)
def _translated_plain(code: str, text: str) -> Markup:
    return _translated(code, text) % ()


def is_letter() -> bool:
    """Letters are plain text until their page is made of it: nothing is escaped twice."""
    return bool(g.get("forced_language"))


def translate(text: str, /, **values: Any) -> str:
    """`_()` of templates: found once for each language, values escaped. Jinja's own formats every string anew."""
    if is_letter():
        return str(get_translations().gettext(text) % values)
    return _translated(lang(), text) % values if values else _translated_plain(lang(), text)


def _words(text: str) -> Markup:
    return _translated(lang(), text)


def _fixed_words(text: str, /, **values: Any) -> Markup:
    return _words(text) % (values or ())


def translate_plural(one: str, many: str, num: int, /, **values: Any) -> str:
    """`ngettext()` of templates; `num` is a number in the reader's digits."""
    text = get_translations().ngettext(one, many, num)
    if is_letter():
        return str(text % {"num": number(num), **values})
    return Markup(text) % {"num": number(num), **values}  # noqa: S704 - our own words


class Words:
    """A table of lazy words for templates: each is found once for each language."""

    def __init__(self, table: Mapping[Any, Any]) -> None:
        self.table = table
        self.found: dict[tuple[str, Any], str] = {}

    def __getitem__(self, key: Any) -> str:
        place = (lang(), key)
        if place not in self.found:
            self.found[place] = str(self.table[key])
        return self.found[place]

    def items(self) -> list[tuple[Any, str]]:
        return [(key, self[key]) for key in self.table]


def href(endpoint: str, /, **values: Any) -> str:
    """The address of an endpoint. Flask's own `url_for` costs more than a row of a list."""
    pattern = _pattern(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
    if pattern is None:
        return url_for(endpoint, **values)
    path, names = pattern
    if names:
        path = path % tuple(quote(str(values.pop(name)), safe="") for name in names)
    rest = {name: value for name, value in values.items() if value is not None and value != ""}
    return f"{path}?{urlencode(rest, doseq=True)}" if rest else path


@lru_cache(maxsize=512)
def _pattern(app: Flask, endpoint: str) -> tuple[str, tuple[str, ...]] | None:
    """`/events/%s` and its argument names, for a rule whose arguments are plain path segments."""
    rules = list(app.url_map.iter_rules(endpoint))
    if len(rules) != 1 or any(type(c).__name__ != "UnicodeConverter" for c in rules[0]._converters.values()):
        return None
    parts = [("%s", data) if is_dynamic else (data.replace("%", "%%"), None) for is_dynamic, data in rules[0]._trace]
    path = "".join(text for text, _ in parts).removeprefix("|")
    return path, tuple(name for _, name in parts if name)


def _fixed_href(endpoint: str, /, **values: Any) -> str | None:
    """The address where it is the same each time; what `url_for` makes may depend on the request."""
    pattern = _pattern(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
    return href(endpoint, **values) if pattern else None


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """The address of a file under static/, changed whenever its content is, so browsers may keep it for ever."""
    file = Path(current_app.static_folder or "") / name
    return f"/static/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


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


def country(code: str) -> str:
    """The name of a country in the reader's language, from CLDR."""
    return str(locale_of(lang()).territories.get(code, code))


def country_choices() -> list[tuple[str, str]]:
    """Every country of ISO 3166-1, by name in the reader's language."""
    return _country_choices(lang())


@lru_cache(maxsize=16)
def _country_choices(code: str) -> list[tuple[str, str]]:
    names = locale_of(code).territories
    return sorted(((c, names.get(c, c)) for c in COUNTRIES), key=lambda pair: _place(pair[1], code))


@lru_cache(maxsize=2048)
def _place(name: str, code: str) -> str:
    """Where a name stands in an ordered list; in Japanese, the few that begin in kanji stand by their reading."""
    for kanji, kana in _READINGS.items() if code == "ja" else ():
        if name.startswith(kanji):
            return sort_key(kana + name.removeprefix(kanji))
    return sort_key(name)


@pass_environment
def by_country(environment: Environment, things: Iterable[Any], attribute: str | int | None = None) -> list[Any]:
    """Codes of countries, or things that hold one, in the order of their names in the reader's language."""
    code_of = make_attrgetter(environment, attribute)
    return sorted(things, key=lambda thing: _place(country(code_of(thing)), lang()))


def listed(items: Iterable[str]) -> Markup:
    """Several in one line, parted as the reader's language parts them."""
    comma = locale_of(lang()).list_patterns["standard"]["middle"].format("", "")
    return Markup(comma).join(items)  # noqa: S704 - from CLDR; join escapes the items


def is_address(text: str) -> bool:
    """Whether a browser can follow it."""
    return bool(_URL.fullmatch(text))


def saves_data() -> bool:
    """Whether the reader's browser asks for little: then no picture is fetched unless somebody asks for it."""
    return request.headers.get("Save-Data", "").lower() == "on"


def short_address(url: str) -> str:
    """An address as people say it: host and path."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def country_options(chosen: str = "") -> Markup:
    """The options of a select of countries. They outnumber the rows of a list, so they are written once."""
    return _country_options(lang(), chosen)


@lru_cache(maxsize=1024)
def _country_options(code: str, chosen: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    return Markup().join(option.format(c, selected if c == chosen else "", name) for c, name in _country_choices(code))


def language_name(code: str) -> str:
    """The name of a language in the reader's own, from CLDR."""
    return _language_name(code, lang())


@lru_cache(maxsize=4096)
def _language_name(language: str, code: str) -> str:
    return str(locale_of(code).languages.get(language.replace("-", "_"), language))


def language_choices() -> list[tuple[str, str]]:
    """The languages that members say they know, by name in the reader's language."""
    return _language_choices(lang())


@lru_cache(maxsize=16)
def _language_choices(code: str) -> list[tuple[str, str]]:
    names = ((language, _language_name(language, code)) for language in LANGUAGES)
    return sorted(names, key=lambda pair: _place(pair[1], code))


@lru_cache(maxsize=2048)
def _render_markdown(text: str) -> str:
    return nh3.clean(_markdown.render(text), tags=_TAGS, attributes={"a": {"href"}}, link_rel="nofollow noopener ugc")


def markdown(text: str) -> Markup:
    """CommonMark without raw HTML and pictures, cleaned by an allow-list."""
    return Markup(_render_markdown(text))  # noqa: S704 - nh3 has cleaned it


def written(template: str, row: Hashable, /, **facts: Any) -> Markup:
    """A row of a list, by a template that knows the row and the facts and nothing else.

    So it says the same whenever these, the language and the wish to save data are the same, and is written once.
    """
    reader = lang(), saves_data()
    return _written(current_app._get_current_object(), template, reader, row, tuple(facts.items()))  # type: ignore[attr-defined]


@lru_cache(maxsize=4096, typed=True)
def _written(app: Flask, template: str, _reader: Hashable, row: Hashable, facts: tuple[tuple[str, Any], ...]) -> Markup:
    html = app.jinja_env.get_template(template).render(row=row, **dict(facts))
    return Markup(html)  # noqa: S704 - a template has escaped it


def chrome(part: str) -> Markup:
    """Header or footer. They are the same for everybody of a kind, so each is written once for each kind."""
    viewer = me()
    section = "/" + request.path.split("/", 2)[1]
    known = section if section in SECTIONS else request.path if request.path in SECTIONS else ""
    return _chrome(current_app._get_current_object(), part, lang(), viewer.kind, known, request.path == known)  # type: ignore[attr-defined]


@lru_cache(maxsize=1024)
def _chrome(app: Flask, part: str, code: str, kind: Viewer, section: str, is_exact: bool) -> Markup:
    template = app.jinja_env.get_template(f"parts/{part}.html")
    facts = {"lang": code, "languages": i18n.own_names(), "viewer": kind, "section": section, "is_exact": is_exact}
    return Markup(template.render(facts))  # noqa: S704 - rendered with autoescape


def _context() -> dict[str, Any]:
    code = lang()
    if not has_request_context():
        return {"lang": code}  # a letter
    return {
        "lang": code,
        "dir": locale_of(code).text_direction,
        "viewer": me(),
        "here": request.full_path if request.query_string else request.path,
        "get_flashed_messages": get_flashed_messages,
    }


def install(app: Flask) -> None:
    env = cast(Templates, app.jinja_env)
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(_=translate, gettext=translate, ngettext=translate_plural)
    env.globals.update(country_options=country_options, chrome=chrome, csrf_token=csrf_token, asset=asset, href=href)
    env.globals.update(saves_data=saves_data)
    env.filters.update(
        day=day,
        clock_time=clock_time,
        zone_name=zone_name,
        moment=moment,
        instant=datetime.fromisoformat,
        known_date=known_date,
        age=age,
        number=number,
        money=money,
        sources=sources,
        country=country,
        language_name=language_name,
        markdown=markdown,
        initials=initials,
        by_country=by_country,
        is_address=is_address,
        short_address=short_address,
        listed=listed,
    )
    env.same = {"_": _fixed_words, "href": _fixed_href, "asset": asset}
    env.words = _words
    env.globals.update(written=written, me=me)
    env.filters.update(href=href, ngettext=translate_plural, written=written)
    env.straight = frozenset({"href", "ngettext", "written"})
    app.context_processor(_context)
