"""Lists of the twelve cohorts of the catalogue come in as they are, in the browser's way and by the command."""

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.programmes.models import Cohort, CohortCountry, Direction
from alumni.rosters.models import RosterEntry, RosterImport
from tests import builders
from tests.cast import make_cast
from tests.imports import lists
from tests.imports.shapes import BATCH_16


@pytest.fixture
def catalogue(app):
    """The cohorts of the catalogue, under their programmes."""
    with app.app_context():
        programmes = {}
        for name, facts in lists.cohorts().items():
            slug = facts["programme"]
            programme = programmes.get(slug) or programmes.setdefault(slug, builders.make_programme(slug))
            cohort = builders.make_cohort(
                programme,
                slug=name,
                title=facts["title"],
                theme=facts.get("theme", ""),
                batch=facts.get("batch"),
                year=lists.people_of(name)[0].year or 2017,
                direction=Direction(facts["direction"]),
                countries=facts.get("countries"),
            )
            if not facts.get("countries"):
                db.session.execute(sa.delete(CohortCountry).where(CohortCountry.cohort_id == cohort.id))
        db.session.commit()
        db.session.remove()


def run(app, *arguments):
    return app.test_cli_runner(catch_exceptions=False).invoke(args=["roster", "import", *map(str, arguments)])


def rows_of(app, name):
    with app.app_context():
        cohort = sa.select(Cohort.id).where(Cohort.slug == name).scalar_subquery()
        rows = db.session.scalars(sa.select(RosterEntry).where(RosterEntry.cohort_id == cohort)).all()
        db.session.remove()
    return rows


@pytest.mark.parametrize("name", sorted(lists.cohorts()))
def test_a_list_of_the_catalogue_comes_in_whole(app, catalogue, tmp_path, name):
    people, facts = lists.people_of(name), lists.cohorts()[name]
    clean, dirty = tmp_path / "clean.csv", tmp_path / "dirty.csv"
    clean.write_bytes(lists.csv_bytes(lists.table(name)))
    done = run(app, clean, "--programme", facts["programme"])
    assert done.exit_code == 0, done.output
    entries = rows_of(app, name)
    assert len(entries) == len(people)
    wanted = {(one.number, one.country, one.born_on, one.email) for one in people}
    assert {(int(entry.number), entry.country, entry.born_on, entry.email) for entry in entries} == wanted
    again = run(app, clean, "--programme", facts["programme"])
    assert f"unchanged: {len(people):,}" in again.output
    assert "0 entries added, 0 changed." in again.output
    dirty.write_bytes(lists.csv_bytes(lists.table(name, dirt=True)))
    done = run(app, dirty, "--programme", facts["programme"], "--dates", "day")
    assert done.exit_code == 0, done.output
    assert len(rows_of(app, name)) == len(people), "the same people, however they are written"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_a_japanese_list_is_the_same_people(app, catalogue, tmp_path, encoding):
    name = "jenesys2015-mekong5"
    english, japanese = tmp_path / "en.csv", tmp_path / "ja.csv"
    english.write_bytes(lists.csv_bytes(lists.table(name)))
    japanese.write_bytes(lists.csv_bytes(lists.table(name, "ja"), encoding))
    assert run(app, english, "--programme", "jenesys2015").exit_code == 0
    done = run(app, japanese, "--programme", "jenesys2015")
    assert done.exit_code == 0, done.output
    assert "0 entries added" in done.output
    assert len(rows_of(app, name)) == len(lists.people_of(name))


def test_a_dry_run_changes_nothing(app, catalogue, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(lists.csv_bytes(lists.table("jenesys2016-batch-16")))
    done = run(app, path, "--programme", "jenesys2016", "--dry-run")
    assert done.exit_code == 0
    assert "new: 172" in done.output
    assert rows_of(app, "jenesys2016-batch-16") == []
    with app.app_context():
        assert db.session.scalar(sa.select(RosterImport.id).limit(1)) is None


def test_the_command_prints_what_it_asks_and_what_it_rejects(app, tmp_path):
    with app.app_context():
        make_cast()
        db.session.execute(sa.update(Cohort).values(batch=16))
        db.session.commit()
    path = tmp_path / "list.csv"
    path.write_text(BATCH_16 + "SOK,Dara,Nowhere,16,,,\nKEO,Noi,Laos,99,,,\nLEE,Pham,Vietnam,98,,,\n")
    asked = run(app, path, "--programme", "jenesys2016")
    assert asked.exit_code == 1
    assert "1 rows from line 6 on say batch 99" in asked.output
    assert "1 rows from line 7 on say batch 98" in asked.output
    assert "--cohort SLUG" in asked.output
    done = run(app, path, "--programme", "jenesys2016", "--cohort", "jenesys2016-batch-16")
    assert done.exit_code == 0
    assert "line 5 rejected: SOK Dara: country country-unknown Nowhere" in done.output
    assert "5 entries added, 0 changed." in done.output
    left = run(app, path, "--programme", "jenesys2016", "--leave-out")
    assert "line 6 rejected: KEO Noi: left-out" in left.output
    for wrong in (["--programme", "none"], ["--programme", "jenesys2016", "--country", "XX"]):
        assert run(app, path, *wrong).exit_code == 1
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0 obj " * 50)
    refused = run(app, path, "--programme", "jenesys2016")
    assert refused.exit_code == 1
    assert "This is not a list." in refused.output
