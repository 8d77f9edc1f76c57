"""Tokens for programs: made and shown once, good for what they were made for, ended by everything that should."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts.queries import find_by_email
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.tokens import digest
from alumni.tokens import actions
from alumni.tokens.models import ApiToken
from tests.cast import viewer_of
from tests.groups.test_pages import count_queries

FORM = {"name": "My script", "scopes": ["read", "write"], "lasts": "30"}


def make(browser, **changes) -> str:
    page = browser.post("/me/security/tokens/new", FORM | changes)
    assert page.status_code == 200, page.text
    return re.search(r'<code dir="ltr">([^<]+)', page.text)[1]


def by(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_it_is_shown_once_and_only_its_digest_is_kept(app, cast, browse, read):
    bob = browse(cast.bob)
    once = {"once": "2345abcdef"}
    secret = make(bob, **once)
    page = bob.get("/me/security/tokens")
    assert "My script" in page.text
    assert secret not in page.text
    assert bob.post("/me/security/tokens/new", FORM | once).status_code == 409
    [(stored, scopes, expires_at)] = read(sa.select(ApiToken.digest, ApiToken.scopes, ApiToken.expires_at))
    assert (stored, scopes) == (digest(secret), "read write")
    assert timedelta(days=29) < expires_at - clock.now() <= timedelta(days=30)
    assert read(sa.select(AuditLine.action).where(AuditLine.action == "token.make")) == [("token.make",)]


def test_it_opens_the_api_as_its_owner_and_nothing_else(app, cast, browse, read):
    secret, guest = make(browse(cast.bob)), browse("")
    assert guest.get("/api/v1/me", headers=by(secret)).json["handle"]
    assert guest.get("/me/profile", headers=by(secret)).status_code == 303
    assert guest.client.put("/api/v1/me", json={"name": "ບຸນມີ"}, headers=by(secret)).status_code == 200  # no CSRF token
    assert read(sa.select(ApiToken.used_on)) == [(clock.now().date().isoformat(),)]
    bob = browse(cast.bob)
    by_cookie = count_queries(app, lambda: bob.get("/api/v1/me"))
    assert count_queries(app, lambda: guest.get("/api/v1/me", headers=by(secret))) == by_cookie


def test_a_refused_token_says_so_and_no_cookie_stands_in(app, cast, browse):
    bob = browse(cast.bob)
    for bad in ("nothing", "é", "", "x" * 5000):
        answer = bob.get("/api/v1/me", headers={"Authorization": f"Bearer {bad}".encode().decode("latin-1")})
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.json["type"] == "token-refused"
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert browse("").get("/api/v1/me").headers["WWW-Authenticate"] == "Bearer"
    assert bob.get("/api/v1/me", headers={"Authorization": "Basic eDp5"}).status_code == 200


@pytest.mark.parametrize(
    ("scopes", "method", "path", "missing"),
    [
        (["write"], "GET", "/api/v1/me", "read"),
        (["read"], "PUT", "/api/v1/me", "write"),
        (["read", "write"], "GET", "/api/v1/reports", "moderate"),
        (["read", "write"], "GET", "/api/v1/desk", "roster"),
    ],
)
def test_it_does_what_it_was_made_for(app, cast, browse, scopes, method, path, missing):
    sam = browse(cast.sam)
    plain = browse("").client.open(path, method=method, json={}, headers=by(make(sam, scopes=scopes)))
    assert (plain.status_code, plain.json["type"]) == (403, "scope-missing")
    assert f'scope="{missing}"' in plain.headers["WWW-Authenticate"]
    full = browse("").client.open(path, method=method, json={}, headers=by(make(sam, scopes=[*scopes, missing])))
    assert full.status_code in (200, 422)


def test_scopes_give_nothing_that_the_account_has_not(app, cast, browse):
    bob = browse(cast.bob)
    assert bob.post("/me/security/tokens/new", FORM | {"scopes": ["moderate"]}).status_code == 422
    assert bob.post("/me/security/tokens/new", FORM | {"scopes": []}).status_code == 422
    assert browse("").get("/api/v1/reports", headers=by(make(bob))).status_code == 403


@pytest.mark.parametrize("how", ["ended", "expired", "suspended", "closed", "new password"])
def test_it_ends(app, cast, browse, read, how):
    bob = browse(cast.bob)
    secret = make(bob)
    assert browse("").get("/api/v1/me", headers=by(secret)).status_code == 200
    if how == "ended":
        [(key,)] = read(sa.select(ApiToken.key))
        assert browse(cast.alice).post(f"/me/security/tokens/{key}/end").status_code == 404
        assert bob.post(f"/me/security/tokens/{key}/end").status_code == 303
    with app.app_context():
        account = find_by_email(cast.bob)
        if how == "expired":
            db.session.execute(sa.update(ApiToken).values(expires_at=clock.now()))
        elif how == "suspended":
            accounts_actions.suspend(viewer_of(cast.mona), account, until=clock.now(), reason="spam")
        elif how == "closed":
            account.state = "closed"
        elif how == "new password":
            viewer = viewer_of(cast.bob)
            accounts_actions.change_password(viewer, checked=account.password_hash, new_hash="another")
        db.session.commit()
    assert browse("").get("/api/v1/me", headers=by(secret)).status_code == 401


def test_there_is_an_end_to_how_many(app, cast, browse, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    bob = browse(cast.bob)
    make(bob)
    assert bob.post("/me/security/tokens/new", FORM).status_code == 409


def test_guests_and_the_suspended_have_none(app, cast, browse):
    for path in ("/me/security/tokens", "/me/security/tokens/new"):
        assert browse("").get(path).status_code == 303
        assert browse(cast.sue).get(path).status_code == 403
    assert browse(cast.sue).post("/me/security/tokens/new", FORM).status_code == 403
