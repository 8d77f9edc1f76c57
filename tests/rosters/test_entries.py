"""Rosters and their entries: who sees them, and that each look is written down."""

import csv
import io
import zipfile

import pytest
import python_calamine
import sqlalchemy as sa

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.programmes.models import Cohort
from alumni.rosters.models import RosterEntry
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


@pytest.fixture
def entry_keys(roster, read):
    return dict(read(sa.select(RosterEntry.name_printed, RosterEntry.key)))


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


def test_each_look_and_each_export_is_written_down(roster, cast, browse, read, entry_keys):
    olga = browse(cast.olga)
    page = olga.get(f"/rosters/cohorts/{cast.cohort}")
    assert "PHOMMASAN Alice" in page.text
    assert "SOK Dara" not in page.text
    olga.get(f"/api/v1/rosters/cohorts/{cast.cohort}/entries?limit=2")
    olga.get(f"/rosters/entries/{entry_keys['VONGSA Bounmy']}")
    olga.get(f"/rosters/cohorts/{cast.cohort}/entries.csv")
    lines = read(sa.select(AuditLine.actor_id, AuditLine.action, AuditLine.subject, AuditLine.facts))
    assert len({line.actor_id for line in lines}) == 1
    assert [(line.action, line.subject, line.facts["rows"]) for line in lines] == [
        ("roster.look", f"cohort:{cast.cohort}", 3),
        ("roster.look", f"cohort:{cast.cohort}", 2),
        ("roster.look", f"entry:{entry_keys['VONGSA Bounmy']}", 1),
        ("roster.export", f"cohort:{cast.cohort}", 3),
    ]


def test_a_line_that_cannot_be_written_shows_nothing(roster, cast, browse):
    """What is written down comes first: without it there is no answer."""
    olga = browse(cast.olga)
    path = f"/rosters/cohorts/{cast.cohort}"
    with olga.app.app_context():
        db.session.execute(sa.text("ALTER TABLE audit_lines RENAME TO gone"))
        db.session.commit()
    answer = olga.get(path)
    assert answer.status_code >= 500
    assert "PHOMMASAN" not in answer.text


def test_entries_are_found_by_words_of_the_name_and_by_state(roster, cast, browse):
    olga = browse(cast.olga)

    def names(query):
        found = olga.get(f"/api/v1/rosters/cohorts/{cast.cohort}/entries?{query}").get_json()
        return [entry["name_printed"] for entry in found["items"]]

    assert names("q=boun") == ["VONGSA Bounmy"]
    assert names("q=bounmy+vong") == ["VONGSA Bounmy"]
    assert names("q=ounmy") == []
    assert names("q=%25") == []
    assert names("state=claimed") == []
    assert names("state=unclaimed&country=LA") == ["PHOMMASAN Alice", "SISAVATH Khamla", "VONGSA Bounmy"]
    assert olga.get(f"/rosters/cohorts/{cast.cohort}?state=lost").status_code == 422
    first = olga.get(f"/api/v1/rosters/cohorts/{cast.cohort}/entries?limit=2").get_json()
    assert names(f"limit=2&after={first['next']}") == ["VONGSA Bounmy"]


def test_an_export_holds_no_formula(app, cast, browse):
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        builders.make_entry(cohort, "=HYPERLINK(1)", institution="@SUM(A1)", extra={"+1": "-2"}, born_on="1990-01-02")
        db.session.commit()
    answer = browse(cast.olga).get(f"/rosters/cohorts/{cast.cohort}/entries.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    row = dict(zip(*rows, strict=True))
    assert row["name_printed"] == "'=HYPERLINK(1)"
    assert row["institution"] == "'@SUM(A1)"
    assert row["'+1"] == "'-2"
    book = browse(cast.olga).get(f"/rosters/cohorts/{cast.cohort}/entries.xlsx").data
    sheet = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert sheet[1][0] == "=HYPERLINK(1)"
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")


def test_nobody_else_reads_an_entry(roster, cast, browse, entry_keys):
    sok, alice = entry_keys["SOK Dara"], entry_keys["PHOMMASAN Alice"]
    paths = (
        f"/rosters/cohorts/{cast.cohort}",
        f"/rosters/cohorts/{cast.cohort}/entries.csv",
        f"/rosters/entries/{alice}",
        f"/api/v1/rosters/cohorts/{cast.cohort}/entries",
        f"/api/v1/rosters/entries/{alice}",
    )
    for path in paths:
        assert browse(cast.sam).get(path).status_code == 200
        assert browse(cast.otto).get(path).status_code == 404, path
        for who in (cast.alice, cast.bob, cast.carol, cast.nia, cast.mona, cast.sue, cast.mallory):
            assert browse(who).get(path).status_code == 403, (path, who)
    otto = browse(cast.otto)
    assert otto.get(f"/rosters/entries/{sok}").status_code == 200
    assert "SOK Dara" in otto.get(f"/rosters/cohorts/{cast.other_cohort}").text
