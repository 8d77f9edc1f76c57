""" "Which programme were you on?": family, programme or edition, country, and the cohorts that match."""

from __future__ import annotations

import pytest

from alumni.core.db import db
from alumni.programmes import queries


@pytest.fixture
def ask(loaded, app):
    """`ask(function)` runs it where the catalogue is loaded."""

    def run(question):
        with app.app_context():
            return question()

    return run


def rows(select):
    return db.session.execute(select).all()


def cohorts(slug: str, country: str) -> list[str]:
    return [row.slug for row in rows(queries.matching_cohorts(queries.find_programme(slug).id, country))]


def test_families_in_order(ask):
    assert ask(lambda: [row.slug for row in rows(queries.families())])[:3] == ["jenesys", "young-leaders", "abe"]


def test_programmes_and_editions_of_a_family_but_not_the_series_itself(ask):
    slugs = ask(lambda: [row.slug for row in rows(queries.claimable_programmes("jenesys"))])
    assert "jenesys-2015-series" not in slugs
    assert {"jenesys-2007", "kizuna", "jenesys2016", "jenesys2024", "student-conference"} <= set(slugs)
    # The editions stand together, where their series stands.
    assert slugs[:5] == ["jenesys-2007", "kizuna", "jenesys-2.0", "jenesys2015", "jenesys2016-economics"]
    assert slugs[-2:] == ["jenesys2024", "student-conference"]
    assert ask(lambda: rows(queries.claimable_programmes("nobody"))) == []


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("jenesys2016", {"LA", "IN", "JP"}),  # Japan sends as well as invites
        ("nikkei-leaders", {"BR", "PE"}),
        ("nihongo-partners", {"JP"}),  # its countries are those that people are sent to
    ],
)
def test_countries_that_a_programme_takes_people_from(ask, slug, expected):
    countries = ask(lambda: queries.countries_of(queries.find_programme(slug)))
    assert expected <= set(countries)
    if slug == "nihongo-partners":
        assert countries == ["JP"]


def test_countries_that_are_not_known_leave_every_choice_open(ask):
    assert ask(lambda: queries.countries_of(queries.find_programme("jenesys2017"))) == []


def test_matching_cohorts(ask):
    assert ask(lambda: cohorts("jenesys2016", "LA")) == ["jenesys2016-batch-16", "jenesys2016-peace-2"]
    assert ask(lambda: cohorts("jenesys2016", "KH")) == ["jenesys2016-peace-2"]
    assert ask(lambda: cohorts("jenesys2016", "AU")) == []
    # The composition of the conference is not published, so anybody of that edition can have been there.
    assert "student-conference-2019" in ask(lambda: cohorts("jenesys2018", "LA"))
    assert ask(lambda: cohorts("nihongo-partners", "TH")) == []
    assert len(ask(lambda: cohorts("nihongo-partners", "JP"))) == 2


def test_cohorts_of_a_programme_with_their_countries(ask):
    found = ask(lambda: rows(queries.cohorts_of(queries.find_programme("jenesys2016").id, "VN")))
    assert [row.slug for row in found] == ["jenesys2016-batch-16", "jenesys2016-peace-2"]
    assert found[0].countries["VN"] == 25
    assert len(found[1].countries) == 12
