"""People one may know: with the reason, from what both show, and never who is blocked."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Block, Member, Participation, WorkField
from alumni.programmes.models import Cohort
from tests import builders
from tests.cast import Cast
from tests.members.test_directory import count_queries

PATH = "/api/v1/members/suggested"


def member_of(email):
    return db.session.scalar(sa.select(Member).join(Account).where(Account.email == email))


@pytest.fixture
def town(app, cast):
    """All of the cast show where they took part; Alice and Carol stayed in the same town."""
    with app.app_context():
        for email in (Cast.alice, Cast.bob, Cast.carol, Cast.mallory):
            member = member_of(email)
            member.programmes_audience = Audience.MEMBERS
            for part in member_parts(member):
                part.host_town = "Beppu" if email in (Cast.alice, Cast.carol) else ""
            refresh_listings(member)
        db.session.commit()


def member_parts(member):
    return db.session.scalars(sa.select(Participation).where(Participation.account_id == member.account_id)).all()


def suggested(browser):
    return {item["name"]: item["reason"] for item in browser.get(PATH).json["items"]}


def test_the_reason_is_stated(town, browse):
    alice = browse(Cast.alice)
    assert suggested(alice) == {"Mallory Black": "cohort", "ບຸນມີ ວົງສາ": "cohort", "Carol Sok": "town"}
    page = alice.get("/members/suggested").text
    assert page.index("You were in the same cohort") < page.index("Mallory") < page.index("You stayed in the same town")
    assert "同じ町に滞在しました" in alice.get("/members/suggested?lang=ja").text
    # Carol is alone in her cohort.
    assert suggested(browse(Cast.carol)) == {"Alice Phommasan": "town"}


def test_the_same_work_in_the_same_country(app, town, browse):
    with app.app_context():
        for email in (Cast.carol, Cast.mona):
            member = member_of(email)
            member.work_field, member.country = WorkField.LAW, "KH"
            member.place_audience = member.work_audience = Audience.MEMBERS
            refresh_listings(member)
        same_field = {"work_field": WorkField.LAW, "country": "VN", "place_audience": Audience.MEMBERS}
        builders.make_member("Elsewhere", work_audience=Audience.MEMBERS, **same_field)
        builders.make_member("Hidden", work_field=WorkField.LAW, country="KH", place_audience=Audience.MEMBERS)
        db.session.commit()
    assert suggested(browse(Cast.carol)) == {"Alice Phommasan": "town", "Mona Moderator": "work"}


def test_each_is_suggested_once_and_twelve_at_most(app, town, browse):
    with app.app_context():
        cohort = db.session.scalar(sa.select(Cohort).where(Cohort.slug == "jenesys2016-batch-16"))
        for number in range(15):
            member = builders.make_member(f"Fellow {number:02}", programmes_audience=Audience.MEMBERS)
            builders.take_part(member, cohort).host_town = "Beppu"
            refresh_listings(member)
        db.session.commit()
    found = browse(Cast.alice).get(PATH).json["items"]
    assert [item["name"] for item in found] == [f"Fellow {number:02}" for number in range(14, 2, -1)]


def test_what_one_of_both_hides_suggests_nobody(app, town, browse):
    for hides, sees in ((Cast.alice, Cast.carol), (Cast.carol, Cast.alice)):
        with app.app_context():
            member = member_of(hides)
            member.programmes_audience = Audience.GROUPS
            refresh_listings(member)
            db.session.commit()
        assert "town" not in suggested(browse(sees)).values()
        assert "town" not in suggested(browse(hides)).values()


@pytest.mark.parametrize(("one", "other"), [(Cast.bob, "Mallory Black"), (Cast.mallory, "ບຸນມີ ວົງສາ")])
def test_the_blocked_are_not_suggested(town, browse, one, other):
    assert other not in suggested(browse(one))
    assert "Alice Phommasan" in suggested(browse(one))


def test_a_new_block_holds_at_once(app, town, browse):
    with app.app_context():
        blocker, blocked = member_of(Cast.carol).account_id, member_of(Cast.alice).account_id
        db.session.add(Block(blocker_id=blocker, blocked_id=blocked))
        db.session.commit()
    assert suggested(browse(Cast.carol)) == {}
    assert "Carol Sok" not in suggested(browse(Cast.alice))
    assert "Nobody to suggest yet" in browse(Cast.carol).get("/members/suggested").text


def test_page_and_json_agree(town, browse):
    for email in (Cast.alice, Cast.bob, Cast.carol, Cast.mallory, Cast.mona, Cast.sam, Cast.nia):
        browser = browse(email)
        page = browser.get("/members/suggested").text
        handles = [part.split('"')[0] for part in page.split('<p class="name"><a href="/members/')[1:]]
        assert handles == [item["handle"] for item in browser.get(PATH).json["items"]]


def test_who_is_refused(town, browse):
    assert browse(Cast.guest).get("/members/suggested").location.startswith("/login")
    assert browse(Cast.guest).get(PATH).status_code == 401
    for path in (PATH, "/members/suggested"):
        assert browse(Cast.sue).get(path).status_code == 403
    assert suggested(browse(Cast.nia)) == {}
    assert "once your programme is verified" in browse(Cast.nia).get("/members/suggested").text


def test_it_costs_few_queries(app, town, browse):
    alice = browse(Cast.alice)
    for path in (PATH, "/members/suggested"):
        assert count_queries(app, lambda path=path: alice.get(path)) <= 6
