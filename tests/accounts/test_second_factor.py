"""A password and a code: setting it up, signing in, what is on paper, who must, and who is kept out."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from alumni.accounts.actions import hash_password
from alumni.accounts.models import Account, RecoveryCode, SecondFactor, SignIn
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job

PASSWORD = "four quiet words here"
PAGE = "/me/security/second-factor"


def code_of(app, email, *, later=0):
    with app.app_context():
        owner = sa.select(Account.id).where(Account.email == email).scalar_subquery()
        secret = db.session.scalar(sa.select(SecondFactor.secret).where(SecondFactor.account_id == owner))
        return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * later))


def set_up(app, browser, email):
    """Turns it on and returns the codes on paper."""
    with app.app_context():
        db.session.execute(
            sa.update(Account).where(Account.email == email).values(password_hash=hash_password(PASSWORD))
        )
        db.session.commit()
    browser.post(f"{PAGE}/begin")
    answer = browser.post(f"{PAGE}/confirm", {"code": code_of(app, email)})
    assert answer.status_code == 200, answer.text
    return re.findall(r"<code[^>]*>([a-z2-9]{5}-[a-z2-9]{5})</code>", answer.text)


def enter_password(browser, email):
    return browser.post("/login", {"email": email, "password": PASSWORD, "next": "/me/events"})


def is_signed_in(browser):
    return browser.get("/me/security").status_code == 200


def test_it_is_set_up_with_a_code_and_asked_for_from_then_on(app, cast, browse, read):
    bob, elsewhere, thief = browse(cast.bob), browse(cast.bob), browse("")
    assert "Set it up" in bob.get(PAGE).text
    assert bob.get(f"{PAGE}.svg").status_code == 404
    bob.post(f"{PAGE}/begin")
    assert bob.get(f"{PAGE}.svg").mimetype == "image/svg+xml"
    assert bob.post(f"{PAGE}/confirm", {"code": "12345"}).status_code == 422
    codes = set_up(app, bob, cast.bob)
    assert len(set(codes)) == 10
    assert codes[0] not in bob.get(PAGE).text
    assert bob.get(f"{PAGE}.svg").status_code == 404
    assert bob.post(f"{PAGE}/begin").status_code == 409
    assert not is_signed_in(elsewhere)  # what was signed in by the password alone is over
    assert len(read(sa.select(Job.id).where(Job.payload["template"].as_string() == "accounts/second_factor"))) == 1
    assert len(read(sa.select(AuditLine.id).where(AuditLine.action == "account.second_factor"))) == 1

    answer = enter_password(thief, cast.bob)
    assert answer.headers["Location"] == "/login/second?next=/me/events"
    assert not is_signed_in(thief)
    assert "Enter your code" in thief.get("/login/second").text
    # The code that turned it on is used up; one of the next half minute is not.
    assert thief.post("/login/second", {"code": code_of(app, cast.bob)}).status_code == 422
    right = {"code": code_of(app, cast.bob, later=1), "next": "/me/events"}
    assert browse("").post("/login/second", right).status_code == 410  # another browser
    assert thief.post("/login/second", right).headers["Location"] == "/me/events"
    assert is_signed_in(thief)
    assert thief.post("/login/second", right).status_code == 410


def test_a_code_on_paper_opens_once(app, cast, browse, read):
    codes = set_up(app, browse(cast.bob), cast.bob)
    for expected in (303, 422):
        guest = browse("")
        enter_password(guest, cast.bob)
        assert guest.post("/login/second", {"code": codes[0].upper()}).status_code == expected
    assert len(read(sa.select(RecoveryCode.digest).where(RecoveryCode.used_at.is_not(None)))) == 1
    assert guest.post("/login/second", {"code": codes[1]}).status_code == 303

    newer = re.findall(r"<code[^>]*>([a-z2-9]{5}-[a-z2-9]{5})</code>", guest.post(f"{PAGE}/codes").text)
    assert len(newer) == 10
    assert not set(newer) & set(codes)
    again = browse("")
    enter_password(again, cast.bob)
    assert again.post("/login/second", {"code": codes[2]}).status_code == 422
    assert again.post("/login/second", {"code": newer[0]}).status_code == 303


def test_five_tries_and_ten_minutes(app, cast, browse):
    codes = set_up(app, browse(cast.bob), cast.bob)
    guest, slow = browse(""), browse("")
    enter_password(guest, cast.bob)
    enter_password(slow, cast.bob)
    for _ in range(5):
        assert guest.post("/login/second", {"code": "000000x"}).status_code == 422
    assert guest.post("/login/second", {"code": codes[0]}).status_code == 410
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert slow.post("/login/second", {"code": codes[0]}).status_code == 410
    assert browse("").post("/login/second", {"code": codes[0]}).status_code == 410


def test_whoever_guesses_from_many_browsers_is_stopped(app, cast, browse):
    codes = set_up(app, browse(cast.bob), cast.bob)
    statuses = []
    for _ in range(2):
        guest = browse("")
        enter_password(guest, cast.bob)
        statuses += [guest.post("/login/second", {"code": "000000x"}).status_code for _ in range(5)]
    assert 429 in statuses
    enter_password(guest, cast.bob)
    assert guest.post("/login/second", {"code": codes[0]}).status_code == 429


def test_it_is_turned_off_by_whoever_has_just_proved_it(app, cast, browse):
    bob = browse(cast.bob)
    set_up(app, bob, cast.bob)
    with app.app_context():
        db.session.execute(sa.update(SignIn).values(proved_at=clock.now() - timedelta(minutes=16)))
        db.session.commit()
    assert bob.post(f"{PAGE}/end").headers["Location"] == "/me/security/prove?next=/me/security"
    assert bob.get(PAGE).headers["Location"] == f"/me/security/prove?next={PAGE}"
    assert "Is it you?" in bob.get(f"/me/security/prove?next={PAGE}").text
    assert bob.post("/me/security/prove", {"code": "000000"}).status_code == 422
    right = {"code": code_of(app, cast.bob, later=1), "next": "https://elsewhere.example"}
    assert bob.post("/me/security/prove", right).headers["Location"] == "/me/security"
    assert bob.post(f"{PAGE}/end").status_code == 303
    assert enter_password(browse(""), cast.bob).headers["Location"] == "/me/events"


def test_without_a_second_factor_the_password_proves(app, cast, browse):
    bob = browse(cast.bob)
    with app.app_context():
        db.session.execute(sa.update(Account).values(password_hash=hash_password(PASSWORD)))
        db.session.execute(sa.update(SignIn).values(proved_at=None))
        db.session.commit()
    assert bob.get(PAGE).status_code == 303
    assert bob.post("/me/security/prove", {"password": "another one"}).status_code == 422
    assert bob.post("/me/security/prove", {"password": PASSWORD, "next": PAGE}).headers["Location"] == PAGE
    assert bob.get(PAGE).status_code == 200


@pytest.mark.parametrize("who", ["mona", "sam", "olga"])
def test_who_works_for_others_must_have_one(app, cast, browse, monkeypatch, who):
    monkeypatch.setitem(app.config, "ALUMNI", replace(app.config["ALUMNI"], staff_second_factor=True))
    email = getattr(cast, who)
    staff = browse(email)
    for path in ("/", "/me/security", "/privacy"):
        assert staff.get(path).headers["Location"] == PAGE
    assert staff.get("/api/v1/members").status_code == 403
    assert staff.get(PAGE).status_code == 200
    set_up(app, staff, email)
    assert is_signed_in(staff)
    other = browse(email)
    assert is_signed_in(other)
    assert browse(cast.bob).get("/me/security").status_code == 200


def test_guests_and_others_get_nowhere(app, cast, browse):
    for path in (PAGE, f"{PAGE}.svg", "/me/security/prove"):
        assert browse("").get(path).headers["Location"].startswith("/login")
    set_up(app, browse(cast.bob), cast.bob)
    carol = browse(cast.carol)
    assert carol.post(f"{PAGE}/codes").status_code == 403
    assert carol.post(f"{PAGE}/confirm", {"code": code_of(app, cast.bob, later=1)}).status_code == 422
    assert carol.post(f"{PAGE}/end").status_code == 303
    assert enter_password(browse(""), cast.bob).headers["Location"].startswith("/login/second")
    assert browse(cast.sue).get(PAGE).status_code == 200  # the suspended keep their own account safe


def test_all_other_devices_are_signed_out_at_once(app, cast, browse):
    here, there, carol = browse(cast.bob), browse(cast.bob), browse(cast.carol)
    assert "Sign out everywhere else" in here.get("/me/security").text
    assert here.post("/me/security/sign-ins/end-others").status_code == 303
    assert is_signed_in(here)
    assert is_signed_in(carol)
    assert not is_signed_in(there)
