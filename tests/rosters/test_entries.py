"""Rosters and their entries: who sees them, and that each look is written down."""

import pytest

from alumni.core.db import db
from alumni.programmes.models import Cohort
from tests import builders


@pytest.fixture
def roster(app, cast):
    """Entries of two countries on the rosters of the two cohorts."""
    with app.app_context():
        cohorts = {cohort.slug: cohort for cohort in db.session.query(Cohort)}
        first, second = cohorts[cast.cohort], cohorts[cast.other_cohort]
        for name in ("PHOMMASAN Alice", "VONGSA Bounmy", "SISAVATH Khamla"):
            builders.make_entry(first, name, country="LA")
        builders.make_entry(second, "SOK Dara", country="KH")
        db.session.commit()


def test_rosters_in_scope_are_listed_with_counts(roster, cast, browse):
    rows = {row["cohort"]: row["entries"] for row in browse(cast.olga).get("/api/v1/rosters").get_json()["items"]}
    assert rows[cast.cohort] == {"all": 3, "unclaimed": 3}
    assert rows[cast.other_cohort]["all"] == 1
    otto = browse(cast.otto).get("/api/v1/rosters").get_json()["items"]
    assert [row["cohort"] for row in otto] == [cast.other_cohort]
    for who in (cast.olga, cast.sam):
        assert "JENESYS2016 16th Batch" in browse(who).get("/rosters").text
    for who in (cast.alice, cast.bob, cast.nia, cast.mona, cast.sue, cast.mallory):
        assert browse(who).get("/rosters").status_code == 403
        assert browse(who).get("/api/v1/rosters").status_code == 403
    assert browse("").get("/rosters").status_code == 303
