"""The catalogue for everybody: families, one programme, and the same as JSON."""

from __future__ import annotations

import re
from html import unescape

import pytest

from alumni.core.db import db
from alumni.programmes.models import Cohort, Family
from tests import builders
from tests.groups.test_pages import count_queries
from tests.programmes.test_load import SERIES

FOUR = {
    "jenesys-2007": "about 14,200 people",
    "kizuna": "about 2,600 people",
    "jenesys-2.0": "about 10,700 people",
    "jenesys2015": "about 1,900 people (planned)",
}


def text_of(answer) -> str:
    """What one reads: no tags, no runs of white space."""
    assert answer.status_code == 200
    body = answer.text.split("<main", 1)[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_families_with_their_programmes_and_published_figures(loaded, browse):
    page = text_of(browse("").get("/programmes"))
    for value in FOUR.values():
        start = page.index(value)
        assert "Source: Japan's cooperation with ASEAN" in page[start : start + 250]
    assert "about 14,200 people , invited and dispatched, Japan-ASEAN" in page
    places = [page.index(f" {name} ") for name in SERIES]
    assert places == sorted(places)
    assert "30,000 people expected" in page
    assert "670,000,000 people" in page


def test_each_family_has_an_anchor(loaded, browse):
    assert 'id="nikkei"' in browse("").get("/programmes").text


@pytest.mark.parametrize("slug", FOUR)
def test_the_four_programmes_show_their_figure_with_its_source(loaded, browse, slug):
    answer = browse("").get(f"/programmes/{slug}")
    page = text_of(answer)
    assert FOUR[slug] in page
    assert "Japan's cooperation with ASEAN in the field of people-to-people exchange" in page
    assert 'href="https://www.asean.emb-japan.go.jp/asean2025/jpasean-sc02.html"' in answer.text


def test_a_series_shows_its_editions_in_order(loaded, browse):
    page = text_of(browse("").get("/programmes/jenesys-2015-series"))
    after = page[page.index("Editions, in order") :]
    places = [after.index(f" {name} ") for name in SERIES]
    assert places == sorted(places)


def test_a_programme_shows_its_line_its_facts_and_its_cohorts(loaded, browse):
    answer = browse("").get("/programmes/jenesys2016")
    page = text_of(answer)
    assert "Earlier JENESYS2016-Economics This one JENESYS2016 Later JENESYS2017" in page
    assert "Invited to Japan and dispatched from Japan" in page
    assert "Timor-Leste" in page
    assert "172 people · India 35, Laos 21" in page
    assert 'href="/groups/jenesys2016-batch-16"' in answer.text
    assert "7 March 2017 to 14 March 2017" in page
    assert "/claims/new?programme=jenesys2016" in answer.text


def test_a_conference_stands_with_its_edition_too(loaded, browse):
    for slug in ("student-conference", "jenesys2018"):
        assert "JENESYS2018 Student Conference" in text_of(browse("").get(f"/programmes/{slug}"))


def test_values_are_read_as_their_source_reads_them(loaded, browse):
    page = text_of(browse("").get("/programmes/jenesys-2007"))
    assert "under 35 years of age" in page
    assert "US$196,000,000" in page
    assert "JP¥35,000,000,000" in page
    assert "about 110 to 120 people" in text_of(browse("").get("/programmes/nikkei-training"))
    assert "more than 10,000,000 people (planned)" in text_of(browse("").get("/programmes/wa-project-2.0"))
    abe = text_of(browse("").get("/programmes/abe-initiative"))
    assert "more than 1,600 people" in abe
    assert "54 countries" in abe


@pytest.mark.parametrize("slug", ["jenesys-2007", "kizuna", "jenesys2022-phase-ii", "kccp", "project-ninja-bolivia"])
@pytest.mark.parametrize("language", ["ja", "en-XA"])
def test_every_programme_has_a_page_in_every_language(loaded, browse, slug, language):
    assert browse("").get(f"/programmes/{slug}?lang={language}").status_code == 200


def test_an_empty_catalogue_says_so(app, browse):
    assert "The catalogue is empty" in text_of(browse("").get("/programmes"))


def test_a_family_without_programmes_is_shown(app, browse):
    with app.app_context():
        builders.add(Family(slug="new", name="A new family"))
        db.session.commit()
    assert "A new family No programme of this family" in text_of(browse("").get("/programmes"))


@pytest.mark.parametrize("slug", ["nothing", "jenesys2016'--", "%00", "%FF", "a" * 5000])
def test_a_programme_that_is_not_there(loaded, browse, slug):
    assert browse("").get(f"/programmes/{slug}").status_code == 404
    assert browse("").get(f"/api/v1/programmes/{slug}").status_code == 404


def test_public_pages_cost_at_most_three_queries(loaded, app, browse):
    guest = browse("")
    for path in ("/programmes", "/programmes/jenesys2016", "/programmes/jenesys-2015-series"):
        assert count_queries(app, lambda path=path: guest.get(path)) <= 3


def test_many_cohorts_are_cut_and_the_rest_is_linked(app, browse):
    with app.app_context():
        programme = builders.make_programme("jenesys2016")
        for number in range(62):
            db.session.add(Cohort(slug=f"c{number}", programme_id=programme.id, title=f"Batch {number}", year=2016))
        db.session.commit()
    answer = browse("").get("/programmes/jenesys2016")
    assert answer.text.count('href="/groups/c') == 60
    assert 'href="/cohorts?programme=jenesys2016"' in answer.text


def test_names_are_escaped(app, browse):
    with app.app_context():
        programme = builders.make_programme(
            "evil", name="<b>x", short="<i>y", aliases=["<u>z"], source="javascript:alert(1); https://a.example/<q>"
        )
        builders.make_cohort(programme, title="<s>t")
        db.session.commit()
    for path in ("/programmes", "/programmes/evil"):
        html = browse("").get(path).text
        assert not re.search(r"<(b|i|u|s|q)>[xyzt]", html)
        assert 'href="javascript' not in html


# --- JSON


def everything(browser) -> list[dict]:
    found, after = [], ""
    while True:
        answer = browser.get(f"/api/v1/programmes?limit=10&after={after}").get_json()
        found += answer["items"]
        after = answer["next"]
        if not after:
            return found


def test_the_list_is_the_same_as_the_page(loaded, browse):
    html = browse("").get("/programmes").text
    on_page = set(re.findall(r'href="/programmes/([^"]+)"', html))
    listed = [row["slug"] for row in everything(browse(""))]
    assert len(listed) == 43
    assert set(listed) == on_page


def test_one_programme_as_json(loaded, browse):
    found = browse("").get("/api/v1/programmes/jenesys-2015-series").get_json()
    assert [row["short"] for row in found["editions"]] == [*SERIES, "JENESYS2024"]
    assert found["line"] == ["jenesys-2007", "jenesys-2.0", "jenesys-2015-series"]
    edition = browse("").get("/api/v1/programmes/jenesys2016").get_json()
    assert edition["parent"] == "jenesys-2015-series"
    cohort = next(row for row in edition["cohorts"] if row["slug"] == "jenesys2016-batch-16")
    assert cohort["countries"] == {"IN": 35, "LA": 21, "MM": 26, "SG": 28, "TL": 37, "VN": 25}
    first = browse("").get("/api/v1/programmes/jenesys-2007").get_json()["figures"][0]
    assert (first["value"], first["bound"], first["unit"]) == (14200, "about", "persons")
    assert "about 14,200 persons" in first["quote"]
    assert "https://" in first["source"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=broken", "after=W10"])
def test_a_bad_list_request_names_the_field(loaded, browse, query):
    answer = browse("").get(f"/api/v1/programmes?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.get_json()["fields"]
