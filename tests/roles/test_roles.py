"""Who does what for a group: given, ended, handed over; said in time; and who may not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db, intend
from alumni.core.errors import DomainError
from alumni.core.jobs import Job
from alumni.groups.models import Group, Role, Tenure
from alumni.roles import actions
from tests import builders
from tests.cast import Cast, make_cast, viewer_of
from tests.events.shapes import make_many
from tests.groups.test_terms import day, member

RUNNING = sa.select(Tenure.role, Tenure.title, Tenure.ends_on).where(Tenure.ended_at.is_(None))


def handle_of(browse, email):
    return browse(email).get("/api/v1/me").json["handle"]


def letters(read):
    jobs = read(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id))
    return [job["template"] for (job,) in jobs if job["template"].startswith("roles/")]


@pytest.fixture
def tree(app, cast):
    """Carol organises the group above; Alice and Bob are in the one below, Alice organises it."""
    with app.app_context():
        top = builders.make_group("Top", slug="top")
        below = builders.make_group("Below", slug="below", parent=top)
        builders.join(member(Cast.carol), top, organiser=True)
        builders.join(member(Cast.alice), below)
        builders.make_tenure(member(Cast.alice), below, ends_on=day(100), key="alicekey01")
        builders.join(member(Cast.bob), below)
        db.session.commit()
    return "/groups/below/roles"


def role(handle, **values):
    return (
        {"handle": f"/members/{handle}", "role": "officer", "title": "Treasurer", "starts_on": day(0)}
        | {"ends_on": day(300)}
        | values
    )


def test_a_role_is_given_and_seen_and_ended(cast, browse, read, tree):
    alice, bob = browse(Cast.alice), handle_of(browse, Cast.bob)
    assert alice.post(f"{tree}/new", role(bob)).status_code == 303
    assert (Role.OFFICER, "Treasurer", day(300)) in read(RUNNING)
    assert "Treasurer" in browse(Cast.bob).get(tree).text
    assert letters(read) == ["roles/given"]
    # The same role again is a new term, and the old one is history.
    assert alice.post(f"{tree}/new", role(bob, ends_on=day(400))).status_code == 303
    assert [row for row in read(RUNNING) if row[1]] == [(Role.OFFICER, "Treasurer", day(400))]
    ((key,),) = read(sa.select(Tenure.key).where(Tenure.title == "Treasurer", Tenure.ended_at.is_(None)))
    assert alice.post(f"{tree}/{key}/end", {"reason": ""}).status_code == 422
    assert alice.post(f"{tree}/{key}/end", {"reason": "The books are closed."}).status_code == 303
    assert alice.post(f"{tree}/{key}/end", {"reason": "Again"}).status_code == 409
    assert "Who did what before" in browse(Cast.bob).get(tree).text
    assert len(browse(Cast.bob).get(f"/api/v1{tree}").json["past"]) == 2
    acts = [act for (act,) in read(sa.select(AuditLine.action).order_by(AuditLine.id))]
    assert acts == ["role.give", "role.give", "role.end"]


def test_nobody_gives_more_than_they_have(cast, browse, read, tree):
    bob = handle_of(browse, Cast.bob)
    assert browse(Cast.alice).post(f"{tree}/new", role(bob, role="organiser")).status_code == 403
    assert browse(Cast.carol).post(f"{tree}/new", role(bob, role="organiser")).status_code == 303
    assert len([row for row in read(RUNNING) if row[0] == Role.ORGANISER]) == 4  # Alice in the cohort's group too


def test_handing_over(cast, browse, read, tree):
    alice, bob = browse(Cast.alice), handle_of(browse, Cast.bob)
    left = alice.send("/api/v1/groups/below/leave", {})
    assert (left.status_code, left.json["type"]) == (409, "last-organiser")
    ended = alice.send(f"/api/v1{tree}/alicekey01/end", {"reason": "I am tired."})
    assert (ended.status_code, ended.json["type"]) == (409, "last-organiser")
    assert "Top" in alice.get(f"{tree}/pack").text
    assert alice.post(f"{tree}/alicekey01/hand-over", {"handle": bob, "ends_on": day(500)}).status_code == 303
    assert browse(Cast.bob).get(f"{tree}/pack").status_code == 200
    assert alice.get(f"{tree}/pack").status_code == 403
    assert alice.post(f"{tree}/alicekey01/hand-over", {"handle": bob, "ends_on": day(500)}).status_code == 409
    assert browse(Cast.bob).get("/groups/below").text.count("You organise this group.") == 1


def test_the_next_term_of_the_same_person_leaves_no_gap(cast, browse, read, tree):
    alice = handle_of(browse, Cast.alice)
    again = role(alice, role="organiser", title="", starts_on=day(30), ends_on=day(400))
    assert browse(Cast.carol).post(f"{tree}/new", again).status_code == 303
    terms = read(sa.select(Tenure.ends_on, Tenure.ended_at).where(Tenure.key == "alicekey01"))
    assert terms == [(day(29), None)]
    assert "You organise this group." in browse(Cast.alice).get("/groups/below").text


def test_a_term_to_come_is_not_handed_over_to_today(app, cast, browse, read, tree):
    with app.app_context():
        group = db.session.query(Group).filter_by(slug="below").one()
        builders.make_tenure(member(Cast.bob), group, starts_on=day(40), ends_on=day(400), key="bobkey0001")
        builders.join(member(Cast.carol), group)
        db.session.commit()
    carol = handle_of(browse, Cast.carol)
    sent = browse(Cast.bob).post(f"{tree}/bobkey0001/hand-over", {"handle": carol, "ends_on": day(300)})
    assert sent.status_code == 303
    assert read(sa.select(Tenure.starts_on).where(Tenure.ends_on == day(300))) == [(day(40),)]


def test_nobody_hands_over_to_the_suspended(app, cast, browse, read, tree):
    with app.app_context():
        group = db.session.query(Group).filter_by(slug="below").one()
        builders.join(member(Cast.sue), group)
        sue = db.session.scalar(sa.select(Account.handle).where(Account.id == member(Cast.sue).account_id))
        db.session.commit()
    before = read(RUNNING)
    refused = browse(Cast.alice).post(f"{tree}/alicekey01/hand-over", {"handle": sue, "ends_on": day(99)})
    assert refused.status_code == 422
    assert read(RUNNING) == before


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("ends_on", {"starts_on": day(20), "ends_on": day(10)}),
        ("ends_on", {"ends_on": day(4000)}),
        ("ends_on", {"ends_on": day(-5), "starts_on": day(-10)}),
        ("ends_on", {"ends_on": ""}),
        ("handle", {"handle": "nobody-at-all"}),
        ("handle", {"handle": ""}),
        ("role", {"role": "emperor"}),
        ("title", {"title": "x" * 100_000}),
    ],
)
def test_bad_terms(cast, browse, read, tree, field, values):
    before = read(RUNNING)
    refused = browse(Cast.alice).post(f"{tree}/new", role(handle_of(browse, Cast.bob)) | values)
    assert refused.status_code == 422
    assert f'href="#{field}' in refused.text
    assert read(RUNNING) == before


def test_a_term_that_ends_soon_is_said_once(app, cast, browse, read, tree):
    with app.app_context():
        db.session.execute(sa.update(Tenure).where(Tenure.key == "alicekey01").values(ends_on=day(59)))
        db.session.commit()
        for _ in range(2):
            worker.run_daily()
    assert letters(read) == ["roles/running-out"] * 2  # to Alice, and to Carol above
    assert "Ends soon" in browse(Cast.bob).get(tree).text


def test_without_an_organiser_the_parent_looks_after_it(app, cast, browse, tree):
    with app.app_context():
        over = sa.update(Tenure).where(Tenure.key == "alicekey01")
        db.session.execute(over.values(starts_on=day(-9), ends_on=day(-1)))
        db.session.commit()
    page = browse(Cast.bob).get("/groups/below").text
    assert "The group above looks after it:" in page
    assert browse(Cast.alice).get(f"{tree}/new").status_code == 403
    assert browse(Cast.carol).get(f"{tree}/new").status_code == 200


def test_letters_are_written(app, cast, browse, tree, postbox):
    browse(Cast.alice).post(f"{tree}/new", role(handle_of(browse, Cast.bob)))
    with app.app_context():
        db.session.execute(sa.update(Tenure).where(Tenure.key == "alicekey01").values(ends_on=day(59)))
        db.session.commit()
        worker.run_daily()
        while worker.run_due():
            pass
    texts = [letter.get_body(("plain",)).get_content() for letter in postbox.letters]
    assert any("You are now: Treasurer." in text for text in texts)
    assert any("Hand over in time" in text for text in texts)


@pytest.mark.alone
def test_two_hand_over_at_once(alone):
    with alone.app_context():
        slug = make_cast().group
        people = make_many(slug, 8)
        group = db.session.query(Group).filter_by(slug=slug).one()
        alice, key = viewer_of(Cast.alice), db.session.query(Tenure).one().key
        group_id = group.id
        handles = [
            db.session.scalar(sa.text("SELECT handle FROM accounts WHERE id = :i").bindparams(i=i)) for _, i in people
        ]

    def hand_over(handle):
        with alone.app_context():
            intend(to_write=True)
            try:
                group = db.session.get_one(Group, group_id)
                until = clock.now().date() + timedelta(days=99)
                actions.hand_over(actor=alice, group=group, key=key, handle=handle, ends_on=until)
                db.session.commit()
                return "done"
            except DomainError as error:
                db.session.rollback()
                return error.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        heard = sorted(pool.map(hand_over, handles))
    assert heard == ["done"] + ["tenure-over"] * 7
    with alone.app_context():
        running = sa.select(sa.func.count()).select_from(Tenure).where(Tenure.ended_at.is_(None))
        assert db.session.scalar(running) == 1


REFUSED = {
    Cast.guest: 401,
    **dict.fromkeys((Cast.mallory, Cast.nia, Cast.sue, Cast.olga, Cast.otto, Cast.mona), 403),
}


@pytest.mark.parametrize("email", REFUSED)
def test_who_may_not(cast, browse, read, tree, email):
    bob, before = handle_of(browse, Cast.bob), read(RUNNING)
    visitor = browse(email)
    assert visitor.get(f"/api/v1{tree}").status_code == REFUSED[email]
    for where, values in (
        ("", role(bob)),
        ("/alicekey01/end", {"reason": "x"}),
        ("/alicekey01/hand-over", {"handle": bob, "ends_on": day(9)}),
    ):
        assert visitor.send(f"/api/v1{tree}{where}", values).status_code == REFUSED[email], where
    assert read(RUNNING) == before


def test_a_member_sees_and_changes_nothing(cast, browse, read, tree):
    bob, before = browse(Cast.bob), read(RUNNING)
    assert bob.get(tree).status_code == 200
    handle = handle_of(browse, Cast.bob)
    for where, values in (
        ("new", role(handle)),
        ("alicekey01/end", {"reason": "x"}),
        ("alicekey01/hand-over", {"handle": handle, "ends_on": day(9)}),
    ):
        assert bob.post(f"{tree}/{where}", values).status_code == 403, where
    assert read(RUNNING) == before
