"""Which language a reader gets, and the catalogue of its strings.

The language is chosen by the address (`?lang=ja`), else by the cookie that the reader set, else by the account,
else by the browser.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from babel.core import Locale
from babel.languages import get_official_languages
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Domain, force_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from alumni.web.extensions import babel
from alumni.web.gate import me

PSEUDO = "en-XA"
_ACCENTED = str.maketrans("aeiouyAEIOUYcnsCNS", "áéíóúýÁÉÍÓÚÝçñšÇÑŠ")
_PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|https?://\S+)")


class PseudoTranslations(NullTranslations):
    """Every string accented and 40 % longer: what stays plain on a page never went through `_()`."""

    def gettext(self, message: str) -> str:
        parts = _PLACEHOLDER.split(message)
        accented = "".join(p if _PLACEHOLDER.fullmatch(p) else p.translate(_ACCENTED) for p in parts)
        return f"⟦{accented}{'·' * (len(message) * 2 // 5)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    ugettext = gettext
    ungettext = ngettext


class Catalogue(Domain):
    """The strings of the product, looked up by language without parsing the locale at each string."""

    def get_translations(self) -> Any:
        code = lang()
        found = self.cache.get(code)
        if found is None:
            found = self.cache[code] = PseudoTranslations() if code == PSEUDO else super().get_translations()
        return found


def lang() -> str:
    """The reader's language as BCP 47, one of those the installation offers."""
    known = vars(g._get_current_object())  # asked for every string of a page: one look, no proxy
    code = known.get("forced_language") or known.get("lang")
    if code is None:
        code = known["lang"] = _choose() if has_request_context() else languages()[0]
    return str(code)


def _choose() -> str:
    offered = languages()
    for wanted in (request.args.get("lang"), request.cookies.get(cookie_name()), me().language):
        if wanted in offered:
            return str(wanted)
    return _best_of(request.headers.get("Accept-Language", ""), tuple(offered))


def cookie_name() -> str:
    """Of the cookie with the language that a visitor has chosen."""
    return "__Host-lang" if current_app.config["ALUMNI"].is_https else "lang"


@lru_cache(maxsize=1024)
def _best_of(accepted: str, offered: tuple[str, ...]) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(offered) or offered[0]


def languages() -> list[str]:
    config = current_app.config["ALUMNI"]
    return [*config.languages, *([PSEUDO] if config.has_pseudo_language else [])]


def language_of(country: str) -> str:
    """For whoever has not chosen one: an official language of the country that we offer, else the default."""
    spoken = get_official_languages(country, de_facto=True) if country else ()
    return next((code for code in spoken if code in languages()), languages()[0])


def own_names() -> list[tuple[str, str]]:
    """(code, name of the language in itself) of those offered, the pseudo-language left out."""
    return [(code, _own_name(code)) for code in current_app.config["ALUMNI"].languages]


@lru_cache(maxsize=64)
def _own_name(code: str) -> str:
    name = Locale.parse(code, sep="-").get_display_name() or code
    return name[:1].upper() + name[1:]


def locale_of(code: str) -> Locale:
    """The CLDR locale that formats for a language; English follows the order of day and month of most readers."""
    return _LOCALES.get(code) or _LOCALES.setdefault(
        code, Locale.parse({"en": "en-GB", PSEUDO: "en-GB"}.get(code, code), sep="-")
    )


_LOCALES: dict[str, Locale] = {}


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Everything inside is written in `code`: for letters, which know no request."""
    before = g.get("forced_language", "")
    g.forced_language = code if code in languages() else languages()[0]
    with force_locale(_babel_code(g.forced_language)):
        yield
    g.forced_language = before


def _babel_code(code: str) -> str:
    return "en" if code == PSEUDO else code.replace("-", "_")


def install(app: Flask, folder: str) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = folder
    babel.init_app(app, locale_selector=lambda: _babel_code(lang()))
    babel.domain_instance = Catalogue()
