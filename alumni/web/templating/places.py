"""Names of countries and languages in the reader's own, and their order."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, pass_environment
from jinja2.filters import make_attrgetter
from markupsafe import Markup

from alumni.core.names import sort_key
from alumni.core.places import COUNTRIES, LANGUAGES
from alumni.web.i18n import lang, locale_of

# How the names of countries begin in Japanese where CLDR has kanji: no collation knows how they are read.
_READINGS = {
    "広東": "かんとん", "南部": "なんぶ", "中央": "ちゅうおう", "中国": "ちゅうごく", "中華": "ちゅうか", "北": "きた",
    "南極": "なんきょく", "南": "みなみ", "台湾": "たいわん", "日本": "にほん", "東": "ひがし", "米": "べい",
    "英": "えい", "西": "にし", "赤道": "せきどう", "韓国": "かんこく", "仏": "ふつ", "合衆国": "がっしゅうこく",
}  # fmt: skip


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


def language_options(chosen: str = "") -> Markup:
    """The options of a select of languages, written once."""
    return _language_options(lang(), chosen)


@lru_cache(maxsize=1024)
def _language_options(code: str, chosen: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    names = _language_choices(code)
    return Markup().join(option.format(c, selected if c == chosen else "", name) for c, name in names)


def language_choices() -> list[tuple[str, str]]:
    """The languages that members say they know, by name in the reader's language."""
    return _language_choices(lang())


@lru_cache(maxsize=16)
def _language_choices(code: str) -> list[tuple[str, str]]:
    names = ((language, _language_name(language, code)) for language in LANGUAGES)
    return sorted(names, key=lambda pair: _place(pair[1], code))
