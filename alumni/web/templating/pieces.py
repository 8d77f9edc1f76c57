"""Pieces of pages that are written once: rows of lists, header and footer."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request
from markupsafe import Markup

from alumni.core.viewer import Viewer
from alumni.web import i18n
from alumni.web.gate import me
from alumni.web.i18n import lang

# Where the navigation leads, to mark where one is.
SECTIONS = frozenset("/cohorts /members /events /groups /me/profile /desk /moderation /login /signup".split())


def saves_data() -> bool:
    """Whether the reader's browser asks for little: then no picture is fetched unless somebody asks for it."""
    return request.headers.get("Save-Data", "").lower() == "on"


def written(template: str, row: Hashable, /, **facts: Any) -> Markup:
    """A row of a list, by a template that knows the row and the facts and nothing else.

    So it says the same whenever these, the language and the wish to save data are the same, and is written once.
    """
    known = vars(g._get_current_object())  # each row of a list asks
    if "reader" not in known:
        known["reader"] = current_app._get_current_object(), lang(), saves_data()  # type: ignore[attr-defined]
    return _written(template, known["reader"], row, tuple(facts.items()))


@lru_cache(maxsize=4096, typed=True)
def _written(
    template: str, reader: tuple[Flask, str, bool], row: Hashable, facts: tuple[tuple[str, Any], ...]
) -> Markup:
    html = reader[0].jinja_env.get_template(template).render(row=row, **dict(facts))
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
