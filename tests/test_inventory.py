"""Every route stands with its guards in docs/inventory.md; what is said of headers, hosts and methods holds."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Response

from alumni import create_app
from alumni.core import clock
from alumni.core.db import db
from alumni.web.gate import csrf_token, with_session
from alumni.web.inventory import as_markdown, doors

DOCUMENT = Path(__file__).parents[1] / "docs" / "inventory.md"
BY_ADDRESS = {"mailing.stop"}
# Doors of the API that decide over other people's rosters, claims and reports.
TRUSTED = {"roster": "/api/v1/rosters", "moderate": "/api/v1/reports/"}


def test_the_inventory_is_that_of_the_app(app):
    text = as_markdown(app)
    if os.environ.get("WRITE_INVENTORY"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text, "WRITE_INVENTORY=1 pytest tests/test_inventory.py"


def test_every_unsafe_route_needs_the_token_of_a_form(app):
    """But for one: mail programs stop a kind of letter by the signed address in its header."""
    assert {door.endpoint for door in doors(app) if set(door.methods) - {"GET"} and not door.needs_csrf} == BY_ADDRESS


def test_what_trusted_people_do_asks_for_its_scope(app):
    for scope, path in TRUSTED.items():
        found = [door for door in doors(app) if door.route.startswith(path)]
        assert found
        assert all(scope in door.scope.split() for door in found)


def test_the_command_says_it_too(app):
    said = app.test_cli_runner().invoke(args=["inventory", "--json"])
    routes = {(door["route"], door["endpoint"]) for door in json.loads(said.output)}
    assert routes == {(door.route, door.endpoint) for door in doors(app)}
    assert "| `/login` | GET POST | all | yes |" in app.test_cli_runner().invoke(args=["inventory"]).output


def test_whoever_finds_a_weakness_knows_whom_to_write_to(app, browse, monkeypatch):
    config = replace(app.config["ALUMNI"], security_contact="mailto:safe@example.org")
    monkeypatch.setitem(app.config, "ALUMNI", config)
    answer = browse("").get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.content_type == "text/plain; charset=utf-8"
    assert lines["Contact"] == "mailto:safe@example.org"
    assert lines["Preferred-Languages"] == "en, ja"
    assert lines["Canonical"] == "http://localhost/.well-known/security.txt"
    expires = datetime.strptime(lines["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=365)


def test_figures_are_for_whoever_runs_it(app, browse, monkeypatch):
    guest = browse("")
    answer = guest.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert "alumni_oldest_job_seconds 0" in answer.text
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert guest.get("/metrics", environ_base=away).status_code == 404
    assert guest.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    by_token = {"Authorization": "Bearer the token of whoever watches"}
    assert guest.get("/metrics", environ_base=away, headers=by_token).status_code == 404
    config = replace(app.config["ALUMNI"], metrics_token="the token of whoever watches")
    monkeypatch.setitem(app.config, "ALUMNI", config)
    assert guest.get("/metrics", environ_base=away, headers=by_token).status_code == 200
    assert guest.get("/metrics", environ_base=away, headers={"Authorization": "Bearer é"}).status_code == 404


@pytest.fixture
def in_earnest(app, tmp_path):
    """The same product as it stands behind its front server, with TLS."""
    config = replace(
        app.config["ALUMNI"],
        base_url="https://alumni.example.org",
        is_development=False,
        proxy_count=1,
        instance=tmp_path,
    )
    made = create_app(config)
    yield made.test_client()
    with made.app_context():
        db.engine.dispose()


def ask(client, path="/privacy", **more):
    headers = {"Host": "alumni.example.org", "X-Forwarded-Proto": "https"} | more.pop("headers", {})
    return client.open(path, headers=headers, buffered=True, **more)


def test_only_its_own_name_is_answered(in_earnest):
    assert ask(in_earnest).status_code == 200
    for host in ("evil.example", "alumni.example.org.evil.example", "alumni.example.org@evil.example", ""):
        answer = ask(in_earnest, headers={"Host": host})
        assert answer.status_code == 400, host
        assert "evil" not in answer.text
        assert answer.headers["Content-Security-Policy"]
    assert ask(in_earnest, headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


def test_tls_is_kept_to(in_earnest):
    for path in ("/privacy", "/nothing/here", "/static/css/main.css", "/api/v1/nothing", "/me/profile"):
        assert ask(in_earnest, path).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_are_bound_to_this_host_and_out_of_reach(in_earnest):
    with in_earnest.application.test_request_context(headers={"Host": "alumni.example.org"}):
        signed_in = with_session(Response(), "a secret", lasts=timedelta(days=1)).headers["Set-Cookie"]
        token = csrf_token()
    form = {"lang": "ja", "csrf_token": token}
    chosen = ask(in_earnest, "/language", method="POST", data=form).headers["Set-Cookie"]
    assert signed_in.startswith("__Host-session=")
    assert chosen.startswith("__Host-lang=")
    for cookie in (signed_in, chosen):
        assert "Path=/" in cookie
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie


def test_no_method_hides_behind_another(app, cast, browse):
    bob = browse(cast.bob)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert bob.post("/api/v1/me", headers={name: "PUT"}).status_code == 405
        assert bob.get("/api/v1/me?_method=DELETE", headers={name: "DELETE"}).status_code == 200
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        assert bob.client.open("/privacy", method=method).status_code == 405


def test_an_answer_that_did_not_change_and_one_that_is_too_large_are_guarded_as_well(app, cast, browse):
    bob = browse(cast.bob)
    tag = bob.get("/api/v1/groups").headers["ETag"]
    answers = [
        bob.get("/api/v1/groups", headers={"If-None-Match": tag}),
        bob.post("/me/profile", {"name": "x" * 2_000_000}),
        bob.client.put("/login"),
        bob.get("/static/css/main.css"),
    ]
    assert [answer.status_code for answer in answers] == [304, 413, 405, 200]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
