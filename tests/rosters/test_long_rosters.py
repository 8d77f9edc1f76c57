"""A roster too long to be compared one by one: whoever is on it is found by the words of their names."""

import pytest
import sqlalchemy as sa

from alumni.core import jobs
from alumni.core.alike import name_key
from alumni.core.db import db
from alumni.programmes.models import Cohort
from alumni.rosters import actions
from alumni.rosters.models import EntryTerm, RosterEntry
from alumni.rosters.queries.facts import MOST_LIKELY, MOST_READ, Sought, find_entries, terms_of
from alumni.worker import run_due
from tests import builders
from tests.cast import Cast
from tests.imports.shapes import BATCH_16, bring_in, entries

FAMILIES, GIVEN = "NGUYEN TRAN PHAM VONGSA SANTOS".split(), "Thi Lan Anh Bounmy Maria Somchai Duc".split()


@pytest.fixture
def long_roster(app, cast):
    """More than a thousand people who share a few names, and three who do not."""
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        names = [
            f"{FAMILIES[number % 5]} {GIVEN[number % 7]} {GIVEN[number % 3]}{number}"
            for number in range(MOST_READ + 200)
        ]
        kept = {"cohort_id": cohort.id, "programme_id": cohort.programme_id, "country": "LA"}
        rows = [
            kept
            | {"name_printed": name, "name_key": name_key(name), "identity": f"p:{number}", "number": f"N-{number:05}"}
            for number, name in enumerate(names)
        ]
        db.session.execute(sa.insert(RosterEntry), rows)
        ids = {
            "kham": builders.make_entry(
                cohort, "CHANTHAVONG Khamphone", number="K-777", email="kham@example.org", name_native="ຄຳພອນ ຈັນທະວົງ"
            ).id,
            "sato": builders.make_entry(cohort, "SATO Yuko", name_native="佐藤 優子").id,
        }
        ids["double"] = builders.make_entry(cohort, "CHANTAVONG Kampone", duplicate_of_id=ids["kham"]).id
        actions.write_terms(RosterEntry.cohort_id == cohort.id)
        db.session.commit()
        return ids


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ({"name_as_printed": "Khamphone Chanthavong"}, "kham"),
        ({"name_as_printed": "KHAMPHONE CHANTAVONG"}, "kham"),  # a letter less
        ({"name_as_printed": "Khamphone Santos"}, "kham"),  # married
        ({"name_as_printed": "ຄຳພອນ ຈັນທະວົງ"}, "kham"),  # in the own script
        ({"name_as_printed": "Kampone Chantavong"}, "kham"),  # as the double is written
        ({"name_as_printed": "Zarah Abdullah", "number": "k777"}, "kham"),
        ({"name_as_printed": "Yuuko Satou"}, "sato"),
        ({"name_as_printed": "佐藤優子"}, "sato"),
        ({"name_as_printed": "Totally Unknown"}, None),
    ],
)
def test_whoever_is_on_it_is_found(app, cast, browse, read, long_roster, said, who):
    from alumni.claims.models import Case

    with app.app_context():
        builders.make_member("Quite Otherwise", email="new@example.org")
        db.session.commit()
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, **said}
    assert browse("new@example.org").send("/api/v1/participations", claim).status_code == 201
    assert [row.entry_id for row in read(sa.select(Case.entry_id))] == [long_roster.get(who)]


def test_few_are_read_however_long_it_is(app, cast, long_roster):
    with app.app_context():
        cohorts = sa.select(Cohort.id).where(Cohort.slug == cast.cohort)
        found = find_entries(cohorts, Sought(["Maria Santos", "Lan Nguyen"]), country="LA")
        assert 0 < len(found) <= MOST_LIKELY
        by_address = find_entries(cohorts, Sought(["Nobody"], email="kham@example.org"), country="LA")
        assert [entry.id for entry in by_address] == [long_roster["kham"]]
        assert find_entries(cohorts, Sought(["Khamphone Chanthavong"]), country="KH") == []
        assert {entry.id for entry in find_entries(cohorts, Sought(["Kampone"]), country="LA")} == {
            long_roster["kham"],
            long_roster["double"],
        }


def test_the_desk_searches_it(app, cast, browse, long_roster):
    with app.app_context():
        member = builders.make_member("Somebody Else", email="new@example.org")
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        key = builders.take_part(member, cohort, state="claimed").key
        db.session.commit()
    olga = browse(Cast.olga)
    for name in ("Chanthavong", "Khamphon", "ຈັນທະວົງ"):
        items = olga.send(f"/api/v1/participations/{key}/roster", {"name": name}).json["items"]
        assert "CHANTHAVONG Khamphone" in [item["name_printed"] for item in items], name
        assert len(items) <= 12
    assert olga.send(f"/api/v1/participations/{key}/roster", {"name": "Zzyzx"}).json["items"] == []
    assert browse(Cast.otto).send(f"/api/v1/participations/{key}/roster", {"name": "Sato"}).status_code == 404
    assert browse(Cast.bob).send(f"/api/v1/participations/{key}/roster", {"name": "Sato"}).status_code == 404


def terms(app):
    with app.app_context():
        select = sa.select(RosterEntry.name_printed, EntryTerm.term).join(
            EntryTerm, EntryTerm.entry_id == RosterEntry.id
        )
        found: dict[str, set[str]] = {}
        for name, term in db.session.execute(select).tuples():
            found.setdefault(name, set()).add(term)
        db.session.remove()
    return found


def test_lists_bring_the_words_and_take_them_along(app, office, olga):
    key = bring_in(olga, BATCH_16)
    expected = {name: terms_of(entry) for name, entry in entries(app).items()}
    assert terms(app) == expected
    assert "vongsa" in expected["VONGSA Bounmy"]
    with app.app_context():  # all of them anew, as after an older version
        db.session.execute(sa.delete(EntryTerm))
        jobs.enqueue(actions.WRITE_TERMS, after=0)
        db.session.commit()
        run_due()
    assert terms(app) == expected
    olga.post(f"/rosters/imports/{key}/undo")
    with app.app_context():
        run_due()
    assert terms(app) == {}
