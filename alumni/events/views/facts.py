"""What the page of an event says to everybody alike. It is written once for its values, its language and its zone.

What is particular to the reader (their answer, what they may do) stands beside it, in `events/show.html`.
"""

from collections import namedtuple
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup

from alumni.events.queries.events import ROW
from alumni.events.views.sharing import preview
from alumni.web.gate import me
from alumni.web.i18n import lang

_NAMES = (*(column.key for column in ROW), "cancelled_because", "online_url", "has_online_url")
_facts_of = attrgetter(*_NAMES)
_Values = namedtuple("_Values", _NAMES)  # type: ignore[misc]


class Facts(NamedTuple):
    head: Markup  # for search engines and messengers
    heading: Markup
    body: Markup


def facts(event: Any, hosts: Sequence[Any], *, is_over: bool) -> Facts:
    """`event` is a row of `queries.event_page`, `hosts` the rows of those that hold it besides its group."""
    zone = me().zone if me().is_authenticated else ""
    return _written(_facts_of(event), tuple(hosts), is_over, lang(), zone)


@lru_cache(maxsize=1024)
def _written(values: tuple[Any, ...], hosts: tuple[Any, ...], is_over: bool, _language: str, _zone: str) -> Facts:
    event = _Values(*values)
    told = preview(event)
    return Facts(
        _render("sharing", preview=told) if told else Markup(),
        _render("heading", event=event, is_over=is_over),
        _render("facts", event=event, hosts=hosts, is_over=is_over),
    )


def _render(part: str, **values: Any) -> Markup:
    return Markup(render_template(f"events/parts/{part}.html", **values))  # noqa: S704 - a template has escaped it
