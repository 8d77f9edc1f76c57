"""Coming in is written down, another device is told to its owner, and a session that nobody uses ends."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.actions import hash_password
from alumni.accounts.models import Account, SignIn
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from tests.accounts.test_addresses import letters_to, work
from tests.cast import Cast
from tests.groups.test_pages import count_queries

PASSWORD = "four quiet words here"
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"}
LAPTOP = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
LINES = sa.select(AuditLine.action, AuditLine.subject).where(AuditLine.action.startswith("sign-in."))


@pytest.fixture
def handle(app, cast):
    with app.app_context():
        db.session.execute(
            sa.update(Account).where(Account.email == Cast.bob).values(password_hash=hash_password(PASSWORD))
        )
        db.session.commit()
        return db.session.scalar(sa.select(Account.handle).where(Account.email == Cast.bob))


def sign_in(browser, *, email=Cast.bob, password=PASSWORD, agent=PHONE):
    return browser.post("/login", {"email": email, "password": password}, headers=agent).status_code


def test_another_device_is_told_to_its_owner_once(app, browse, postbox, handle):
    for agent in (PHONE, PHONE, LAPTOP, LAPTOP):
        assert sign_in(browse(""), agent=agent) == 303
    work(app)
    [letter] = letters_to(postbox, Cast.bob)
    assert letter["Subject"] == "Somebody signed in from another device"
    text = letter.get_body(("plain",)).get_content()
    assert "Firefox Linux (127.0.0.1)" in text
    assert "List-Unsubscribe" not in letter


def test_each_try_is_one_line_and_an_unknown_address_costs_the_same(app, browse, read, handle):
    bob = browse("")
    tries = ((Cast.bob, PASSWORD, 303), (Cast.bob, "not this one at all", 422), ("nobody@example.org", PASSWORD, 422))
    for email, password, status in tries:
        assert sign_in(browse("") if status == 422 else bob, email=email, password=password) == status
    assert bob.post("/logout").status_code == 303
    mine = f"account:{handle}"
    assert read(LINES.order_by(AuditLine.id)) == [
        ("sign-in.open", mine),
        ("sign-in.refuse", mine),
        ("sign-in.refuse", "account:unknown"),
        ("sign-in.end", mine),
    ]
    assert "nobody@example.org" not in str(read(sa.select(AuditLine.facts, AuditLine.reason)))


def test_who_came_in_when_is_for_admins(browse, handle):
    sign_in(browse(""))
    assert "sign-in.open" in browse(Cast.sam).get("/moderation/log").text
    assert "sign-in.open" not in browse(Cast.mona).get("/moderation/log").text
    assert browse(Cast.bob).get("/moderation/log").status_code == 403


def rest(app, email, hours):
    """Nobody has used the sessions of this account for so long."""
    with app.app_context():
        owner = sa.select(Account.id).where(Account.email == email).scalar_subquery()
        seen_at = clock.now() - timedelta(hours=hours)
        db.session.execute(sa.update(SignIn).where(SignIn.account_id == owner).values(seen_at=seen_at))
        db.session.commit()


@pytest.mark.parametrize(("email", "hours"), [(Cast.bob, 7 * 24), (Cast.mona, 12), (Cast.olga, 12), (Cast.sam, 12)])
def test_a_session_that_nobody_uses_ends_sooner_for_staff(app, cast, browse, email, hours):
    browser = browse(email)
    rest(app, email, hours - 0.1)
    assert browser.get("/me/security").status_code == 200
    rest(app, email, hours)
    assert browser.get("/me/security").status_code == 303


def test_it_is_noted_once_an_hour_that_a_session_is_in_use(app, cast, browse, read):
    bob, seen = browse(Cast.bob), sa.select(SignIn.seen_at)
    rest(app, Cast.bob, 2)
    assert count_queries(app, lambda: bob.get("/me/security")) > count_queries(app, lambda: bob.get("/me/security"))
    assert clock.now() - read(seen)[0][0] < timedelta(minutes=1)
    rest(app, Cast.bob, 0.5)
    bob.get("/me/security")
    assert clock.now() - read(seen)[0][0] > timedelta(minutes=29)
    phone = browse(Cast.bob)
    assert "last seen" in phone.get("/me/security").text
