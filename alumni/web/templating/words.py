"""The words of templates: found once for each language, with values escaped."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import g
from flask_babel import get_translations
from markupsafe import Markup

from alumni.web.i18n import lang
from alumni.web.templating.formats import number


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


def words_of(text: str) -> Markup:
    """A text in the reader's language, its values not filled in."""
    return _translated(lang(), text)


def fixed_words(text: str, /, **values: Any) -> Markup:
    """The same with its values."""
    return words_of(text) % (values or ())


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
