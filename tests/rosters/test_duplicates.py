"""Who is whom: candidates with their reasons, one officer's word on two entries, and taking it back."""

import pytest
import sqlalchemy as sa

from alumni.core.alike import name_key
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.programmes.models import Cohort
from alumni.rosters.models import EntryMark, EntryPair, EntryState, RosterEntry
from tests import builders
from tests.cast import Cast
from tests.imports.shapes import BATCH_16, bring_in, entries

OVER = {"starts_on": "2020-01-01", "ends_on": "2020-12-31"}


def entry(cohort, name, **values):
    key = name_key(name)
    identity = f"p:{key}|{values.get('country', 'LA')}|{values.pop('n', 1)}"
    return builders.make_entry(cohort, name, name_key=key, identity=identity, **values)


@pytest.fixture
def people(app, cast):
    """The keys of entries by the letters of a story: see `pairs`."""
    with app.app_context():
        cohorts = {cohort.slug: cohort for cohort in db.session.query(Cohort)}
        here, there = cohorts[cast.cohort], cohorts[cast.other_cohort]
        abroad = builders.make_cohort(builders.make_programme("abe", name="ABE"), title="ABE 3", year=2016)
        rows = {
            "a": entry(here, "VONGSA Bounmy", born_on="1990-05-31", email="b@example.org"),
            "b": entry(there, "Bounmy Vongsa", born_on="1990-05-31"),  # the same name and day
            "c": entry(here, "PHOMMA Keo", email="keo@example.org"),
            "d": entry(there, "SISAVATH Keo", email="keo@example.org"),  # married: the same address
            "e": entry(here, "NGUYEN Thi Hoa", country="VN", number="V-7"),
            "f": entry(there, "LE Hoa", country="VN", number="V-7"),  # the same number in one programme
            "g": entry(abroad, "LE Hoa Binh", country="VN", number="V-7"),  # in another one it says nothing
            "h": entry(here, "CHANTHAVONG Somchai", born_on="1988-01-01", institution="A"),
            "i": entry(there, "CHANTHAVONE Somchai", born_on="1988-01-01"),  # names alike, the same day
            "j": entry(there, "KEOMANY Lek", born_on="1988-01-01"),  # only the same day
            "k": entry(here, "SOK Dara", country="KH"),
            "l": entry(here, "Sok Dara", country="KH", n=2),  # twice on one list
            "m": entry(there, "TAN Mei", born_on="1990-01-01"),
            "n": entry(here, "TAN Mei", born_on="1991-01-01"),  # the same name, another day: two people
        }
        builders.make_officer("late@example.org", country="LA", **OVER)
        db.session.commit()
        return {letter: row.key for letter, row in rows.items()}


def pairs(browser, people, path="/api/v1/rosters/duplicates"):
    """The candidates as letters, each with its reasons."""
    letter = {key: letter for letter, key in people.items()}
    return {
        letter[item["first"]["key"]] + letter[item["second"]["key"]]: item["reasons"]
        for item in browser.get(path).json["items"]
    }


def state_of(read, people):
    rows = read(sa.select(RosterEntry.key, RosterEntry.id, RosterEntry.duplicate_of_id))
    letter = {key: letter for letter, key in people.items()}
    of_id = {row.id: letter[row.key] for row in rows}
    return {letter[row.key]: of_id[row.duplicate_of_id] for row in rows if row.duplicate_of_id}


def decide(browser, people, pair, verdict="same", **sent):
    path = f"/api/v1/rosters/duplicates/{people[pair[0]]}/{people[pair[1]]}"
    return browser.send(path, {"verdict": verdict, "reason": "Seen", **sent}).status_code


def undo(browser, people, pair):
    path = f"/api/v1/rosters/duplicates/{people[pair[0]]}/{people[pair[1]]}/undo"
    return browser.send(path, {"reason": "A mistake"}).status_code


def test_candidates_have_their_reasons(cast, browse, people):
    assert pairs(browse(Cast.olga), people) == {
        "ab": ["name_and_birth", "name_and_place"],
        "cd": ["email"],
        "ef": ["number"],
        "hi": ["alike"],
        "kl": ["name_and_place"],
    }
    assert set(pairs(browse(Cast.otto), people)) == {"kl"}
    assert set(pairs(browse(Cast.sam), people)) == {"ab", "cd", "ef", "hi", "kl"}
    page = browse(Cast.olga).get("/rosters/duplicates").text
    assert "the same e-mail address" in page
    assert "names that are alike and the same date of birth" in page


def test_lists_go_on_by_cursor(cast, browse, people):
    olga, seen, path = browse(Cast.olga), [], "/api/v1/rosters/duplicates?limit=2"
    while path:
        answer = olga.get(path).json
        seen += pairs(olga, people, path)
        path = answer["next"] and f"/api/v1/rosters/duplicates?limit=2&after={answer['next']}"
    assert seen == ["ab", "cd", "ef", "hi", "kl"]
    assert olga.get("/api/v1/rosters/duplicates?after=nonsense").status_code == 422


def test_joined_on_a_page_and_taken_back(cast, browse, read, people):
    olga = browse(Cast.olga)
    path = f"/rosters/duplicates/{people['k']}/{people['l']}"
    assert "SOK Dara" in olga.get(path).text
    page = olga.post(path, {"verdict": "same", "reason": " "})
    assert (page.status_code, 'href="#reason"' in page.text) == (422, True)
    assert olga.post(path, {"verdict": "same", "reason": "Listed twice"}).location == "/rosters/duplicates"
    assert state_of(read, people) == {"l": "k"}
    assert "kl" not in pairs(olga, people)
    assert "Listed twice" in olga.get("/rosters/duplicates?state=decided").text
    assert olga.post(path, {"verdict": "apart", "reason": "x"}).status_code == 409
    assert olga.post(f"{path}/undo", {"reason": "Twins"}).status_code == 303
    assert olga.post(f"{path}/undo", {"reason": "Twins"}).status_code == 409
    assert state_of(read, people) == {}
    assert "kl" in pairs(olga, people)
    lines = read(sa.select(AuditLine.action, AuditLine.reason).where(AuditLine.action.startswith("entry.")))
    assert lines == [("entry.join", "Listed twice"), ("entry.undo-pair", "Twins")]


def test_kept_apart_and_not_asked_again(cast, browse, read, people):
    olga = browse(Cast.olga)
    assert decide(olga, people, "ab", "apart") == 200
    assert "ab" not in pairs(olga, people)
    assert decide(olga, people, "ab", "same") == 409
    assert undo(olga, people, "ab") == 200
    assert "ab" in pairs(olga, people)
    assert read(sa.select(EntryPair.first_id)) == []


def test_the_same_holds_for_all_whom_they_were_before(app, cast, browse, read, people):
    olga = browse(Cast.olga)
    for pair in ("ab", "cd", "ac"):
        assert decide(olga, people, pair) == 200
    assert len(read(sa.select(EntryPair.first_id))) == 6  # each of the four with each other
    assert state_of(read, people) == {"c": "a", "d": "b"}  # in each cohort
    assert decide(olga, people, "bd") == 409
    assert undo(olga, people, "ac") == 200  # with what it had meant for the others
    assert len(read(sa.select(EntryPair.first_id))) == 2
    assert state_of(read, people) == {}
    assert decide(olga, people, "bd", "apart") == 200
    assert decide(olga, people, "ac") == 409  # b is a, and is not d, who is c


def test_a_claim_stays_where_it_is(app, cast, browse, read, people):
    with app.app_context():
        claimed = db.session.query(RosterEntry).filter_by(key=people["l"]).one()
        claimed.state = EntryState.CLAIMED
        db.session.commit()
    assert decide(browse(Cast.olga), people, "kl") == 200
    assert state_of(read, people) == {"k": "l"}
    assert read(sa.select(RosterEntry.state).where(RosterEntry.key == people["l"])) == [("claimed",)]


def test_a_mark_holds_for_both(app, cast, browse, read, people):
    with app.app_context():
        db.session.query(RosterEntry).filter_by(key=people["a"]).one().mark = EntryMark.DO_NOT_CONTACT
        db.session.commit()
    decide(browse(Cast.olga), people, "ab")
    assert read(sa.select(RosterEntry.mark).where(RosterEntry.key == people["b"])) == [("do_not_contact",)]


def test_a_later_list_does_not_split_them_again(app, office, browse, read):
    olga = browse(Cast.olga)
    twice = f"{BATCH_16}VONGSAY,Bounmy,Laos,16,National University of Laos,1996-11-30,\n"
    bring_in(olga, twice)
    [item] = olga.get("/api/v1/rosters/duplicates").json["items"]
    assert (item["first"]["name_printed"], item["second"]["name_printed"]) == ("VONGSA Bounmy", "VONGSAY Bounmy")
    path = f"/api/v1/rosters/duplicates/{item['first']['key']}/{item['second']['key']}"
    assert olga.send(path, {"verdict": "same", "reason": "Two spellings"}).status_code == 200
    before = entries(app)
    bring_in(olga, twice.replace("Hanoi", "Hue"))
    after = entries(app)
    assert {name: row.duplicate_of_id for name, row in after.items()} == {
        name: row.duplicate_of_id for name, row in before.items()
    }
    assert after["VONGSAY Bounmy"].duplicate_of_id == after["VONGSA Bounmy"].id
    assert len(read(sa.select(EntryPair.verdict))) == 1
    assert olga.get("/api/v1/rosters/duplicates").json["items"] == []


def test_nobody_else(cast, browse, read, people):
    for email in [*(set(Cast.everybody) - {Cast.olga, Cast.sam}), "late@example.org"]:
        browser = browse(email)
        refused = {Cast.guest: 401, Cast.otto: 404}.get(email, 403)
        page = {401: 303}.get(refused, refused)
        if email != Cast.otto:
            assert browser.get("/api/v1/rosters/duplicates").status_code == refused
            assert browser.get("/rosters/duplicates").status_code == page
        assert decide(browser, people, "ab") == refused, email
        assert undo(browser, people, "ab") == refused, email
        path = f"/rosters/duplicates/{people['a']}/{people['b']}"
        assert browser.get(path).status_code == page
        assert browser.post(path, {"verdict": "same", "reason": "x"}).status_code == page
        assert browser.post(f"{path}/undo", {"reason": "x"}).status_code == page
    # One of the two in scope is not enough.
    assert decide(browse(Cast.otto), people, "ak") == 404
    assert read(sa.select(EntryPair.first_id)) == []
