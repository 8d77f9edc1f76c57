"""What the desk knows stays with those who decide: not with claimants, and not with those who decide elsewhere."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.claims.models import ClaimRules, Vouch
from alumni.core.db import db
from alumni.groups.models import Group, GroupPath
from alumni.members.models import Member
from alumni.programmes.models import Cohort, Programme
from tests import builders
from tests.cast import Cast


@pytest.fixture
def key(cast, case_of):
    return case_of(Cast.nia).key


def act(browse, email, key, verb, body=None):
    return browse(email).send(f"/api/v1/participations/{key}/{verb}", body)


@pytest.mark.parametrize("who", [Cast.alice, Cast.olga, Cast.sam])
def test_whoever_decides_learns_nothing_of_the_own_claim(app, cast, browse, claim, who):
    """What the roster has, and who said what, is no less secret because one stands at the desk for others."""
    with app.app_context():
        other = db.session.query(Cohort).filter_by(slug=cast.other_cohort).one()
        builders.make_entry(other, "PHOMMASAN Alice", country="KH", number="A-099", born_on="1990-01-01")
        programme = db.session.query(Programme).filter_by(slug=cast.programme).one()
        db.session.add(ClaimRules(programme_id=programme.id, organisers_decide=True))
        if who == Cast.olga:
            account = db.session.query(Account).filter_by(email=who).one()
            builders.add(Member(account_id=account.id, name="Olga"))
        db.session.commit()
    said = {"cohort": cast.other_cohort, "country": "KH", "born_on": "1991-01-01"}
    browser = browse(who)
    made = browser.send("/api/v1/participations", claim | said | {"name_as_printed": "Alice Phommasan"})
    key = made.json["key"]
    assert made.json["state"] == "claimed"
    assert browser.get("/desk").status_code == 200
    assert key not in browser.get("/desk").text
    assert browser.get(f"/desk/{key}").status_code == 404
    assert browser.get(f"/api/v1/desk/{key}").status_code == 404
    assert f"/desk/{key}" not in browser.get(f"/claims/{key}").text
    for verb in ("take", "entry", "verify"):
        assert act(browse, who, key, verb, {"entry": ""}).status_code == 403


def test_other_claims_of_a_person_are_for_those_who_decide_on_them(app, cast, browse, key):
    with app.app_context():
        cohort = builders.make_cohort(builders.make_programme("other-programme"), title="Another one")
        nia = db.session.query(Member).join(Account, Account.id == Member.account_id).filter_by(email=Cast.nia).one()
        builders.take_part(nia, cohort, state="declined")
        db.session.commit()
    assert "Another one" in browse(Cast.sam).get(f"/desk/{key}").text
    assert "Another one" not in browse(Cast.olga).get(f"/desk/{key}").text


def test_who_said_what_is_seen_with_the_case_in_hand(app, cast, browse, key):
    browse(Cast.nia).post(f"/claims/{key}/vouchers")
    olga = browse(Cast.olga)
    assert "Alice Phommasan" not in olga.get(f"/desk/{key}").text
    olga.post(f"/desk/{key}/take")
    assert "Alice Phommasan" in olga.get(f"/desk/{key}").text


def test_whoever_organises_a_group_above_decides_on_no_claim(app, cast, browse, key):
    """Officers let those decide who organise the cohort itself: they were there."""
    with app.app_context():
        programme = db.session.query(Programme).filter_by(slug=cast.programme).one()
        db.session.add(ClaimRules(programme_id=programme.id, organisers_decide=True))
        above = builders.make_group("All of Laos", programme_id=programme.id)
        below = db.session.query(Group).filter_by(slug=cast.group).one()
        below.parent_id = above.id
        builders.add(GroupPath(ancestor_id=above.id, descendant_id=below.id, depth=1))
        carol = (
            db.session.query(Member).join(Account, Account.id == Member.account_id).filter_by(email=Cast.carol).one()
        )
        builders.join(carol, above, organiser=True)
        db.session.commit()
    assert browse(Cast.alice).get(f"/desk/{key}").status_code == 200
    assert browse(Cast.carol).get("/desk").status_code == 403
    assert browse(Cast.carol).get(f"/claims/{key}").status_code == 404
    assert act(browse, Cast.carol, key, "verify").status_code == 404


def test_what_another_has_in_hand_is_not_reopened(cast, browse, key, read):
    browse(Cast.nia).post(f"/claims/{key}/vouchers")
    bob = browse(Cast.bob)
    vouch = bob.get("/api/v1/vouches").json["items"][0]["key"]
    bob.send(f"/api/v1/vouches/{vouch}/answer", {"answer": "yes"})
    act(browse, Cast.sam, key, "take")
    taken = browse(Cast.olga).send(f"/api/v1/vouches/{vouch}/revoke", {"reason": "Never met"})
    assert (taken.status_code, taken.json["type"]) == (409, "case-taken")
    assert read(sa.select(Vouch.state).where(Vouch.key == vouch)) == [("yes",)]
    assert browse(Cast.sam).send(f"/api/v1/vouches/{vouch}/revoke", {"reason": "Never met"}).status_code == 200
