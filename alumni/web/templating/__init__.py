"""What templates can call: addresses, dates in words, names of countries, Markdown. They compute nothing else."""

from datetime import datetime
from typing import Any, cast

from flask import Flask, get_flashed_messages, has_request_context, request
from jinja2 import StrictUndefined

from alumni.core.names import initials
from alumni.web.compiling import Templates
from alumni.web.gate import csrf_token, me
from alumni.web.i18n import lang, locale_of
from alumni.web.templating.addresses import asset, fixed_href, href
from alumni.web.templating.formats import (
    age,
    clock_time,
    day,
    is_address,
    known_date,
    markdown,
    moment,
    money,
    number,
    share,
    short_address,
    sources,
    zone_name,
)
from alumni.web.templating.pieces import chrome, saves_data, written
from alumni.web.templating.places import (
    by_country,
    country,
    country_choices,
    country_options,
    language_choices,
    language_name,
    language_options,
    listed,
)
from alumni.web.templating.words import Words, fixed_words, translate, translate_plural, words_of

__all__ = [
    "Words",
    "country",
    "country_choices",
    "day",
    "href",
    "known_date",
    "language_choices",
    "language_name",
    "listed",
    "saves_data",
    "written",
    "zone_name",
]


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
    env.globals.update(language_options=language_options, saves_data=saves_data)
    env.filters.update(
        day=day,
        clock_time=clock_time,
        zone_name=zone_name,
        moment=moment,
        instant=datetime.fromisoformat,
        known_date=known_date,
        age=age,
        number=number,
        share=share,
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
    env.same = {"_": fixed_words, "href": fixed_href, "asset": asset}
    env.words = words_of
    env.globals.update(written=written, me=me)
    env.filters.update(href=href, ngettext=translate_plural, written=written)
    env.straight = frozenset({"href", "ngettext", "written"})
    app.context_processor(_context)
