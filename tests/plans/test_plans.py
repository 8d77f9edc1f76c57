"""Plans are written, read by whom their maker chooses, asked after twice, answered from a letter, and summed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import Signer
from alumni.groups.models import Group
from alumni.members.models import Audience
from alumni.plans.models import CheckIn, Plan, Progress
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_many, member_id
from tests.groups.test_terms import member

PLAN = {
    "title": "A class about Japan", "what": "Once a *week*.", "for_whom": "Pupils of twelve", "by_when": "2027-03-01",
    "first_step": "Talk to the head teacher", "audience": "group",
}  # fmt: skip
DAY = timedelta(days=1)


def path_of(cast):
    return f"/api/v1/groups/{cast.group}/plans"


def put(browser, path, body):
    return browser.send(path, body, method="PUT")


@pytest.fixture
def plan(cast, browse):
    return put(browse(Cast.bob), f"{path_of(cast)}/mine", PLAN).json["key"]


def test_a_plan_is_written_and_changed_and_deleted(cast, browse, read):
    bob = browse(Cast.bob)
    assert "What do you set out to do at home?" in bob.get(f"/groups/{cast.group}/plans").text
    assert bob.post(f"/groups/{cast.group}/plans/mine", PLAN | {"title": ""}).status_code == 422
    page = bob.post(f"/groups/{cast.group}/plans/mine", PLAN)
    assert page.status_code == 303
    assert "<em>week</em>" in bob.get(page.location).text
    assert put(bob, f"{path_of(cast)}/mine", PLAN | {"title": "Two classes"}).json["title"] == "Two classes"
    assert read(sa.select(Plan.title)) == [("Two classes",)]
    assert read(sa.select(CheckIn.months).order_by(CheckIn.months)) == [(3,), (12,)]
    key = page.location.rpartition("/")[2]
    for bad in ({"by_when": "soon"}, {"audience": "world"}, {"what": "x" * 20_000}, {"title": "x" * 300}):
        assert put(bob, f"{path_of(cast)}/mine", PLAN | bad).status_code == 422, bad
    assert bob.send(f"/api/v1/plans/{key}", method="DELETE").status_code == 204
    assert read(sa.select(CheckIn.months)) == []


def test_who_reads_a_plan(cast, browse, app, plan):
    path = f"/api/v1/plans/{plan}"

    def reads(who):
        return browse(who).get(path).status_code

    bob = browse(Cast.bob)
    assert [reads(who) for who in (Cast.alice, Cast.sam, Cast.olga, Cast.carol)] == [200, 200, 404, 404]
    put(bob, f"{path_of(cast)}/mine", PLAN | {"audience": "officers"})
    # Olga acts for the programme, Otto for another country.
    assert [reads(who) for who in (Cast.alice, Cast.olga, Cast.otto, Cast.carol)] == [200, 200, 404, 404]
    put(bob, f"{path_of(cast)}/mine", PLAN | {"audience": "only_me"})
    assert [reads(who) for who in (Cast.bob, Cast.alice, Cast.olga, Cast.sam)] == [200, 404, 404, 404]
    put(bob, f"{path_of(cast)}/mine", PLAN)
    with app.app_context():  # whoever shows their name to nobody is not shown by a plan
        row = member(Cast.bob)
        row.name_audience = Audience.ONLY_ME
        builders.refresh_listings(row)
        db.session.commit()
    assert reads(Cast.alice) == 404
    assert browse(Cast.alice).get(path_of(cast)).json["items"] == []
    for who in (Cast.mallory, Cast.nia, Cast.sue):
        assert reads(who) in (403, 404)
    assert reads("") == 401


def test_letters_ask_after_three_and_twelve_months_and_are_answered_without_signing_in(
    app, cast, browse, read, plan, postbox
):
    def daily(days):
        with time_machine.travel(clock.now() + days * DAY, tick=False), app.app_context():
            worker.run_daily()
            worker.run_daily()
            worker.run_due()

    daily(80)
    assert postbox.letters == []
    daily(95)
    (letter,) = postbox.letters
    assert letter["To"] == Cast.bob
    assert "3 months ago" in letter.get_body(("plain",)).get_content()
    with app.app_context():
        token = Signer([app.config["ALUMNI"].secret_key]).sign("check-in", [member_id(Cast.bob), plan, 3])
        foreign = Signer([app.config["ALUMNI"].secret_key]).sign("check-in", [member_id(Cast.mallory), plan, 3])
    guest = browse("")
    for _ in range(2):
        assert guest.get(f"/plan/{token}").status_code == 200
    assert read(sa.select(CheckIn.progress).where(CheckIn.months == 3)) == [(None,)]
    assert guest.post(f"/plan/{token}", {"progress": ""}).status_code == 422
    assert guest.post(f"/plan/{token}", {"progress": "slowly", "words": "The school is shut."}).status_code == 200
    assert read(sa.select(CheckIn.progress, CheckIn.words).where(CheckIn.months == 3)) == [
        (Progress.SLOWLY, "The school is shut.")
    ]
    for bad in (foreign, token[:-3] + "abc", "x"):
        assert guest.post(f"/plan/{bad}", {"progress": "done"}).status_code == 404
    # Said again on the page; and of months that nobody asks after, nothing.
    bob = browse(Cast.bob)
    assert bob.post(f"/plans/{plan}/check-in/3", {"progress": "well"}).status_code == 303
    assert "It goes well" in browse(Cast.alice).get(f"/plans/{plan}").text
    assert bob.post(f"/plans/{plan}/check-in/5", {"progress": "well"}).status_code == 404
    assert browse(Cast.alice).post(f"/plans/{plan}/check-in/3", {"progress": "done"}).status_code == 403
    postbox.letters.clear()
    daily(370)
    asked = [letter for letter in postbox.letters if "12 months ago" in letter.get_body(("plain",)).get_content()]
    assert [letter["To"] for letter in asked] == [Cast.bob]


def test_whoever_has_left_is_not_asked(app, cast, browse, plan, postbox):
    assert browse(Cast.bob).post(f"/groups/{cast.group}/leave-now").status_code in (303, 404, 405)
    with app.app_context():
        from alumni.groups import actions
        from tests.cast import viewer_of

        group = db.session.query(Group).filter_by(slug=cast.group).one()
        actions.leave_group(actor=viewer_of(Cast.bob), group=group)
        db.session.commit()
    with time_machine.travel(clock.now() + 400 * DAY, tick=False), app.app_context():
        worker.run_daily()
        worker.run_due()
    assert [letter for letter in postbox.letters if "months ago" in letter.as_string()] == []


def test_sums_in_which_nobody_is_recognised(app, cast, browse, read, plan):
    alice, olga = browse(Cast.alice), browse(Cast.olga)
    sums = lambda: olga.get(f"/api/v1/programmes/{cast.programme}/plans").json["items"]  # noqa: E731
    assert [one["plans"] for one in sums()] == [None]
    with app.app_context():
        group_id = db.session.query(Group).filter_by(slug=cast.group).one().id
        people = make_many(cast.group, 5)
        for n, (_email, account_id) in enumerate(people):
            made = builders.add(Plan(group_id=group_id, account_id=account_id, title=f"Plan {n}", audience="only_me"))
            said = {"progress": Progress.WELL if n else Progress.DONE, "answered_at": clock.now()}
            builders.add(CheckIn(plan_id=made.id, months=3, due_at=clock.now(), **said))
        db.session.commit()
    (one,) = sums()
    assert (one["plans"], one["progress"]) == (6, {"3": {"well": 4, "done": 1}, "12": None})
    assert "fewer than 5 answers" in alice.get(f"/groups/{cast.group}/plans").text
    assert "It goes well" in olga.get(f"/programmes/{cast.programme}/plans").text
    # Who may not see them.
    for who in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.mona):
        assert browse(who).get(f"/api/v1/programmes/{cast.programme}/plans").status_code == 403, who
    assert browse(Cast.otto).get(f"/api/v1/programmes/{cast.programme}/plans").json["items"] == []
    assert browse(Cast.bob).get(f"/groups/{cast.group}/plans").text.count("How the plans go") == 0
    assert browse("").get(f"/programmes/{cast.programme}/plans").status_code == 303


def test_who_may_not_write_one(cast, browse, app):
    for who in (Cast.carol, Cast.mallory, Cast.nia, Cast.otto, Cast.mona, Cast.sue):
        assert put(browse(who), f"{path_of(cast)}/mine", PLAN).status_code == 403, who
    assert put(browse(""), f"{path_of(cast)}/mine", PLAN).status_code == 401
    with app.app_context():
        builders.join(member(Cast.bob), builders.make_group("Choir", slug="choir"))
        db.session.commit()
    assert put(browse(Cast.bob), "/api/v1/groups/choir/plans/mine", PLAN).status_code == 403
    with app.app_context():
        db.session.query(Group).filter_by(slug=cast.group).one().archived_at = clock.now()
        db.session.commit()
    assert put(browse(Cast.bob), f"{path_of(cast)}/mine", PLAN).status_code == 409
