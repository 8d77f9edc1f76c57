"""Closing an account: hidden at once, thirty days to come back, and who hands over first."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.actions import hash_password
from alumni.accounts.models import Account, AccountState, SignIn, StaffRole
from alumni.core import clock, mail
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.events.models import Event, EventAudience
from alumni.groups.models import Group
from alumni.members.models import Listing
from alumni.mydata import actions
from alumni.mydata.models import Closing
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_race import at_once

PASSWORD = "a few words in a row"
CLOSE = {"posts": "nameless", "password": PASSWORD}


@pytest.fixture
def secret(app, cast):
    """Everybody has the same password."""
    with app.app_context():
        db.session.execute(sa.update(Account).values(password_hash=hash_password(PASSWORD)))
        db.session.commit()


def state_of(read, email):
    return read(sa.select(Account.state).where(Account.email == email))[0].state


def test_hidden_at_once_and_back_as_it_was(app, cast, secret, browse, read, postbox):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    with app.app_context():
        handle = viewer_of(Cast.bob).handle
    before = alice.get(f"/api/v1/members/{handle}").json
    assert "Close my account" in bob.get("/me/data/close").text
    done = bob.post("/me/data/close", CLOSE)
    assert (done.status_code, done.location) == (303, "/login")
    # Every session is over, and nobody finds him.
    assert bob.get("/me/data").status_code == 303
    assert read(sa.select(SignIn.id).join(Account).where(Account.email == Cast.bob)) == []
    assert alice.get(f"/members/{handle}").status_code == 404
    assert "ບຸນມີ" not in alice.get(f"/groups/{cast.group}/members").text
    assert alice.get("/api/v1/members?q=Bounmy").json["items"] == []
    with app.app_context():
        mail.post("groups/removed", to=db.session.scalar(sa.select(Account.id).where(Account.email == Cast.bob)))
        db.session.commit()
        worker.run_due()
    assert [(letter["To"], letter["Subject"]) for letter in postbox.letters] == [(Cast.bob, "Your account is closed")]
    # Whoever signs in meets one page.
    again = browse("")
    assert again.post("/login", {"email": Cast.bob, "password": PASSWORD}).status_code == 303
    for path in ("/", "/me/profile", f"/groups/{cast.group}/members", "/me/data"):
        assert again.get(path).location == "/me/data/closing", path
    assert again.get("/api/v1/me").json["type"] == "account-closing"
    assert "Keep my account" in again.get("/me/data/closing").text
    assert again.post("/me/data/keep").status_code == 303
    assert state_of(read, Cast.bob) == AccountState.ACTIVE
    assert alice.get(f"/api/v1/members/{handle}").json == before
    assert again.get("/me/profile").status_code == 200
    assert read(sa.select(Closing)) == []
    lines = read(sa.select(AuditLine.action).where(AuditLine.action.like("account.%")).order_by(AuditLine.id))
    assert [line.action for line in lines] == ["account.close", "account.keep"]


def test_a_listing_that_is_made_anew_stays_away(app, cast, secret, browse, read):
    browse(Cast.bob).post("/me/data/close", CLOSE)
    with app.app_context():
        list(builders.rebuild_listings())
        db.session.commit()
    assert (
        read(sa.select(Listing).join(Account, Account.id == Listing.account_id).where(Account.email == Cast.bob)) == []
    )


def test_after_thirty_days_and_not_before(app, cast, secret, browse, read):
    browse(Cast.bob).post("/me/data/close", CLOSE)
    with app.app_context():
        assert list(actions.erase_due(clock.now() + timedelta(days=29))) == []
        assert list(actions.erase_due(clock.now() + timedelta(days=31)))
        db.session.commit()
    assert len(read(sa.select(Account.id).where(Account.state == AccountState.CLOSED))) == 1


def test_a_suspension_is_no_way_round_and_no_hindrance(app, cast, secret, browse, read):
    sue = browse(Cast.sue)
    assert sue.post("/me/data/close", CLOSE).status_code == 303
    sue.sign_in(Cast.sue)
    sue.post("/me/data/keep")
    assert state_of(read, Cast.sue) == AccountState.SUSPENDED


def test_whoever_is_the_last_hands_over_first(app, cast, secret, browse, read):
    refused = browse(Cast.alice).post("/me/data/close", CLOSE)
    assert refused.status_code == 409
    assert "Nobody else organises these groups: JENESYS2016 16th Batch." in refused.text
    assert browse(Cast.sam).post("/me/data/close", CLOSE).status_code == 409
    with app.app_context():
        builders.make_event(None, posted_by_id=viewer_of(Cast.carol).id, title="Alone", audience=EventAudience.PUBLIC)
        db.session.commit()
    assert "Nobody else runs these events: Alone." in browse(Cast.carol).post("/me/data/close", CLOSE).text
    assert {state_of(read, email) for email in (Cast.alice, Cast.sam, Cast.carol)} == {AccountState.ACTIVE}
    with app.app_context():
        group = db.session.scalars(sa.select(Group).where(Group.slug == cast.group)).one()
        builders.make_tenure(builders.make_member("Another"), group)
        another = db.session.scalars(sa.select(Account).where(Account.email == Cast.mona)).one()
        another.staff_role = StaffRole.ADMIN
        db.session.execute(sa.delete(Event))
        db.session.commit()
    for email in (Cast.alice, Cast.sam, Cast.carol):
        assert browse(email).post("/me/data/close", CLOSE).status_code == 303


def test_of_two_last_ones_who_go_at_once_one_stays(alone):
    with alone.app_context():
        group = builders.make_group("Two", slug="two")
        people = [builders.make_member(name) for name in ("One", "Two")]
        for person in people:
            builders.join(person, group, organiser=True)
        db.session.commit()
        emails = db.session.scalars(sa.select(Account.email).order_by(Account.id)).all()

    def close(email):
        actions.close_account(viewer_of(email), checked="", keeps_posts=True)
        return "closed"

    assert sorted(at_once(alone, close, emails)) == ["closed", "groups-to-hand-over"]


# What is refused.


@pytest.mark.parametrize("values", [{"password": "wrong words in a row"}, {"password": ""}, {"posts": "sell"}])
def test_nobody_closes_by_mistake(cast, secret, browse, read, values):
    page = browse(Cast.bob).post("/me/data/close", CLOSE | values)
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert state_of(read, Cast.bob) == AccountState.ACTIVE


def test_who_closes_nothing_keeps_nothing(cast, browse):
    assert browse(Cast.bob).get("/me/data/closing").location == "/me/data"
    assert browse(Cast.bob).post("/me/data/keep").status_code == 403
    assert browse("").get("/me/data/closing").location.startswith("/login")


def test_the_way_back_is_shut_afterwards(app, cast, secret, browse):
    browse(Cast.bob).post("/me/data/close", CLOSE)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False), app.app_context():
        for _ in actions.erase_due(clock.now()):
            db.session.commit()
    assert browse("").post("/login", {"email": Cast.bob, "password": PASSWORD}).status_code == 422
