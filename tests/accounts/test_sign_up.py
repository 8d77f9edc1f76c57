"""From an address to an account: sign up, the letter, confirm, sign in, sign out, a new password."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account, AccountState, SignIn
from alumni.core import clock
from alumni.core.db import db
from alumni.core.jobs import Job, JobState
from alumni.letters import write_letter
from tests import builders
from tests.browser import Browser

PASSWORD = "four quiet words here"


def letters(app, template):
    """Jobs that promise this letter, through a session of their own."""
    with app.app_context():
        jobs = db.session.scalars(sa.select(Job).where(Job.state == JobState.QUEUED).order_by(Job.id)).all()
        return [job.payload for job in jobs if job.payload.get("template") == template]


def letter_text(app, template):
    with app.app_context():
        payload = letters(app, template)[-1]
        account = db.session.get_one(Account, payload["to"])
        letter = write_letter(account, template, payload["facts"], reference="1.1")
        return letter.get_body(("plain",)).get_content()


def link(text):
    return re.search(r"http://localhost(/\S+)", text).group(1)


def sign_up(browser, email="nia@example.org"):
    return browser.post("/signup", {"email": email, "password": PASSWORD, "terms": "y"})


def test_signing_out_clears_what_the_browser_kept(cast, browse):
    assert browse(cast.bob).post("/logout").headers["Clear-Site-Data"] == '"cache"'


def test_sign_up_confirm_sign_in_sign_out(app, browse, read):
    browser = browse("")
    assert sign_up(browser).headers["Location"] == "/signup/check-mail"
    assert read(sa.select(Account.state)) == [(AccountState.UNCONFIRMED,)]

    # The account cannot be used before its address is proved; another letter is promised.
    answer = browser.post("/login", {"email": "nia@example.org", "password": PASSWORD})
    assert answer.status_code == 403
    assert len(letters(app, "accounts/confirm")) == 2

    path = link(letter_text(app, "accounts/confirm"))
    assert "This is my address" in browser.get(path).text  # a scanner that follows the link confirms nothing
    assert read(sa.select(Account.state)) == [(AccountState.UNCONFIRMED,)]
    assert browser.client.head(path).status_code == 200  # nor does one that only asks for the head
    assert browser.post(path, {"password": "not what I chose"}).status_code == 422
    assert read(sa.select(Account.state)) == [(AccountState.UNCONFIRMED,)]
    assert browser.post(path, {"password": PASSWORD}).headers["Location"] == "/claims/new"
    assert read(sa.select(Account.state)) == [(AccountState.ACTIVE,)]
    browser.post("/logout")

    answer = browser.post("/login", {"email": "NIA@example.org", "password": PASSWORD, "next": "/me/security"})
    assert answer.headers["Location"] == "/me/security"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/me/security").status_code == 200

    secret = browser.client.get_cookie("session").value
    assert browser.post("/logout").status_code == 303
    thief = Browser(app)
    thief.client.set_cookie("session", secret)
    assert thief.get("/me/security").headers["Location"] == "/login?next=/me/security"


def test_whoever_signed_up_first_with_my_address_gets_nothing(app, browse, read):
    thief, owner = browse(""), browse("")
    thief.post("/signup", {"email": "nia@example.org", "password": "the password of a thief", "terms": "y"})
    sign_up(owner)
    path = link(letter_text(app, "accounts/confirm"))
    assert owner.post(path, {"password": PASSWORD}).status_code == 303
    assert thief.post("/login", {"email": "nia@example.org", "password": "the password of a thief"}).status_code == 422


def test_whoever_signs_up_after_me_gets_nothing_either(app, browse, read):
    thief, owner = browse(""), browse("")
    sign_up(owner)
    thief.post("/signup", {"email": "nia@example.org", "password": "the password of a thief", "terms": "y"})
    path = link(letter_text(app, "accounts/confirm"))
    assert owner.post(path, {"password": PASSWORD}).status_code == 422  # says so, and lets nobody in
    assert read(sa.select(Account.state)) == [(AccountState.UNCONFIRMED,)]


def test_a_known_address_is_told_only_to_its_owner(app, browse, read):
    with app.app_context():
        builders.make_account("bob@example.org", password_hash="x")
        db.session.commit()
    known, unknown = sign_up(browse(""), "bob@example.org"), sign_up(browse(""), "new@example.org")
    assert (known.status_code, known.headers["Location"], known.text) == (
        unknown.status_code,
        unknown.headers["Location"],
        unknown.text,
    )
    assert len(letters(app, "accounts/already_here")) == 1
    assert read(sa.select(Account.password_hash).where(Account.email == "bob@example.org")) == [("x",)]

    forgot = [browse("").post("/password/forgot", {"email": e}) for e in ("bob@example.org", "nobody@example.org")]
    assert forgot[0].text == forgot[1].text
    sent = letters(app, "accounts/reset")
    assert [letter["to"] > 0 for letter in sent] == [True, False]  # the same work; the second goes to nobody
    folder = app.config["ALUMNI"].instance / "mail"
    before = set(folder.glob("*.eml"))
    with app.app_context():
        assert worker.run_due() == 4
    assert len(set(folder.glob("*.eml")) - before) == 3


def test_wrong_password_and_unknown_address_say_the_same(app, browse):
    with app.app_context():
        builders.make_account("bob@example.org")
        db.session.commit()
    pages = [
        browse("").post("/login", {"email": email, "password": "not the password at all"})
        for email in ("bob@example.org", "nobody@example.org")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    blank = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    assert blank[0] == blank[1]


def test_a_new_password_kills_every_session(app, browse, read):
    browser = browse("")
    sign_up(browser)
    browser.post(link(letter_text(app, "accounts/confirm")), {"password": PASSWORD})
    browser.post("/login", {"email": "nia@example.org", "password": PASSWORD})
    secret = browser.client.get_cookie("session").value

    visitor = browse("")
    visitor.post("/password/forgot", {"email": "nia@example.org"})
    path = link(letter_text(app, "accounts/reset"))
    assert visitor.post(path, {"password": "another four quiet words"}).headers["Location"] == "/login"
    assert read(sa.select(SignIn.id)) == []
    copy = Browser(app)
    copy.client.set_cookie("session", secret)
    assert copy.get("/me/security").status_code == 303
    assert visitor.post(path, {"password": "and once more the same link"}).status_code == 410
    assert visitor.post("/login", {"email": "nia@example.org", "password": PASSWORD}).status_code == 422


def test_changing_the_password_signs_other_devices_out(app, browse, read):
    one = browse("")
    sign_up(one)
    one.post(link(letter_text(app, "accounts/confirm")), {"password": PASSWORD})
    two = browse("")
    for browser in (one, two):
        browser.post("/login", {"email": "nia@example.org", "password": PASSWORD})
    wrong = one.post("/me/security", {"old": "wrong wrong wrong", "new": "another four quiet words"})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert one.post("/me/security", {"old": PASSWORD, "new": "another four quiet words"}).status_code == 303
    assert one.get("/me/security").status_code == 200
    assert two.get("/me/security").status_code == 303


def test_a_device_is_signed_out_from_another_and_nobody_elses(app, cast, browse, read):
    bob, carol = browse(cast.bob), browse(cast.carol)
    [(key,)] = read(
        sa.select(SignIn.key).join(Account, Account.id == SignIn.account_id).where(Account.email == cast.bob)
    )
    carol.post(f"/me/security/sign-ins/{key}/end")
    assert bob.get("/me/security").status_code == 200
    bob.post(f"/me/security/sign-ins/{key}/end")
    assert bob.get("/me/security").status_code == 303


def test_links_expire_and_are_for_one_purpose(app, browse):
    browser = browse("")
    sign_up(browser)
    path = link(letter_text(app, "accounts/confirm"))
    assert browser.get(path.replace("confirm", "password/reset")).status_code == 410
    for token in ("é", "%00", "x" * 5000, path.rsplit("/", 1)[1][:-2]):
        assert browser.get(f"/confirm/{token}").status_code in (404, 410)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert browser.get(path).status_code == 410


def test_tries_are_limited(app, browse):
    with app.app_context():
        builders.make_account("bob@example.org")
        db.session.commit()
    browser = browse("")
    tries = [browser.post("/login", {"email": "bob@example.org", "password": "x" * 15}) for _ in range(12)]
    assert [t.status_code for t in tries] == [422] * 10 + [429] * 2
    assert int(tries[-1].headers["Retry-After"]) > 0
    # Another address from the same network is not locked out by it.
    assert browser.post("/login", {"email": "carol@example.org", "password": "x" * 15}).status_code == 422
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert browser.post("/login", {"email": "bob@example.org", "password": "x" * 15}).status_code == 422


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil"],
)
def test_next_never_leaves_the_site(app, browse, target):
    browser = browse("")
    sign_up(browser)
    browser.post(link(letter_text(app, "accounts/confirm")), {"password": PASSWORD})
    answer = browser.post("/login", {"email": "nia@example.org", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_the_host_header_never_reaches_a_letter(app, browse):
    browser = browse("")
    browser.post(
        "/signup",
        {"email": "nia@example.org", "password": PASSWORD, "terms": "y"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert "evil" not in letter_text(app, "accounts/confirm")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "not an address", "name@example.org"),
        ("email", "a@b\x00.org", "control characters"),
        ("email", "x" * 100_000, "Shorten it"),
        ("email", "\u202eevil@example.org", "invisible characters"),
        ("password", "short", "at least 15"),
        ("password", "x" * 129, "at most 128"),
        ("terms", "", "Agree to the terms"),
    ],
)
def test_bad_input_names_the_field_keeps_the_rest_and_stores_nothing(app, browse, read, field, value, words):
    form = {"email": "nia@example.org", "password": PASSWORD, "terms": "y"} | {field: value}
    answer = browse("").post("/signup", form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert "<title>Error:" in answer.text
    if field != "email":
        assert 'value="nia@example.org"' in answer.text
    assert PASSWORD not in answer.text
    assert read(sa.select(Account.id)) == []


def test_visitors_get_no_cookie(app, browse):
    for path in ("/signup", "/login", "/password/forgot", "/privacy"):
        assert "Set-Cookie" not in browse("").get(path).headers


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_a_form_from_elsewhere_is_refused(app, cast, browse, headers):
    assert browse(cast.bob).post("/logout", headers=headers).status_code == 400
    assert browse("").post("/login", {"email": "a@b.org", "password": "x" * 15}, headers=headers).status_code == 400


def test_a_form_without_its_token_is_refused(app, cast, browse):
    bob = browse(cast.bob)
    for token in ("", "x.y", "é.é", browse(cast.carol).token()):
        assert bob.client.post("/logout", data={"csrf_token": token}).status_code == 400
    assert bob.get("/me/security").status_code == 200


def test_a_suspended_account_reads_its_own_security_page_only(app, cast, browse):
    sue = browse(cast.sue)
    assert sue.get("/me/security").status_code == 200
    assert sue.post("/logout").status_code == 303


def test_letters_follow_the_language_that_is_chosen(cast, browse, read):
    language = sa.select(Account.language).where(Account.email == cast.bob)
    bob = browse(cast.bob)
    assert bob.post("/language", {"lang": "ja", "next": "/me/profile"}).location == "/me/profile"
    assert read(language) == [("ja",)]
    assert bob.post("/language", {"lang": "tlh"}).location == "/"
    assert read(language) == [("ja",)]
    assert browse(cast.sue).post("/language", {"lang": "ja"}).status_code == 303  # her own letters, suspended or not
    guest = browse("")
    assert guest.post("/language", {"lang": "en"}).headers["Set-Cookie"].startswith("lang=en")
    assert read(language) == [("ja",)]
