"""Templates are compiled for each language, and rows of lists are written once: nothing of it may show."""

from __future__ import annotations

from collections import namedtuple

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from alumni.web.templating import written

Person = namedtuple("Person", "handle name")
TEMPLATES = {
    "page.html": (
        "{% import 'part.html' as part %}{{ _('Cohorts') }}|{{ href('events.upcoming', when='past', q='a&b') }}"
        "|{{ href('members.show', handle=who) }}|{{ part.said(who) }}|{{ _('Sent from') if who else _('Cohorts') }}"
    ),
    "part.html": "{% macro said(who) %}{{ _('For you: %(time)s', time=who) }}{% endmacro %}",
    "row.html": "{{ _('Cohorts') }} {{ row.name }} {{ more }}",
    "nosy.html": "{{ viewer.handle }} {{ row.name }}",
}


@pytest.fixture
def templates(app: Flask):
    """The app with a few templates of the test's own."""
    loader, app.jinja_loader = app.jinja_loader, DictLoader(TEMPLATES)
    yield app
    app.jinja_loader = loader
    app.jinja_env.cache.clear()
    for environment in app.jinja_env.behind.values():
        environment.cache.clear()


def page(app: Flask, code: str, who: str) -> str:
    with app.test_request_context(f"/?lang={code}"):
        return render_template("page.html", who=who)


def test_each_reader_gets_their_own_language_by_turns(templates: Flask) -> None:
    for _round in range(2):
        english, japanese = page(templates, "en", "x"), page(templates, "ja", "x")
        assert english == "Cohorts|/events?when=past&amp;q=a%26b|/members/x|For you: x|Sent from"
        assert japanese.startswith("同期|/events?when=past&amp;q=a%26b|/members/x|")
        assert "For you" not in japanese


def test_values_are_escaped_wherever_they_stand(templates: Flask) -> None:
    assert page(templates, "en", "<i>").endswith("/members/%3Ci%3E|For you: &lt;i&gt;|Sent from")


def test_a_row_is_written_for_its_values_and_its_language(templates: Flask) -> None:
    def row(code: str, name: str, more: str) -> Markup:
        with templates.test_request_context(f"/?lang={code}"):
            return written("row.html", Person("h", name), more=more)

    assert row("en", "<b>", "1") == "Cohorts &lt;b&gt; 1"
    assert row("en", "<b>", "2") == "Cohorts &lt;b&gt; 2"
    assert row("en", "Lan", "1") == "Cohorts Lan 1"
    assert row("ja", "Lan", "1").startswith("同期 Lan")


def test_the_template_of_a_row_knows_nobody_who_looks(templates: Flask) -> None:
    with templates.test_request_context("/?lang=en"), pytest.raises(UndefinedError):
        written("nosy.html", Person("h", "Lan"))
