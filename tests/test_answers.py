"""What every answer carries, whatever it says: headers, language, errors with words, no trace of the inside."""

import gzip
import json

import pytest

from alumni.web.security import HEADERS

PAGES = [
    "/",
    "/login",
    "/programmes",
    "/events",
    "/nothing/here",
    "/static/css/main.css",
    "/api/v1/nothing",
    "/healthz",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_headers(app, browse, path):
    answer = browse("").get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (path, name)
    assert answer.headers["X-Request-ID"]


def test_errors_and_redirects_have_them_too(app, cast, browse):
    guest = browse("")
    answers = [
        guest.get("/me/profile"),
        guest.post("/nothing/here"),
        guest.client.post("/login", data={"csrf_token": "x"}),
        guest.client.open("/login", method="TRACE"),
        guest.client.put("/login"),
        browse(cast.bob).post("/logout"),
    ]
    assert [answer.status_code for answer in answers] == [303, 404, 400, 405, 405, 303]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_pages_of_the_signed_in_are_not_stored_and_visitors_get_no_cookie(app, cast, browse):
    assert browse(cast.bob).get("/").headers["Cache-Control"] == "no-store"
    guest = browse("").get("/")
    assert guest.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in guest.headers


def test_files_are_kept_for_a_year_and_named_by_content(app, browse):
    page = browse("").get("/").text
    assert "/static/css/main.css?v=" in page
    assert "max-age=31536000" in browse("").get("/static/css/main.css").headers["Cache-Control"]


def test_pages_are_compressed_for_those_who_ask(app, browse):
    plain = browse("").get("/")
    packed = browse("").get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    assert b"</html>" in gzip.decompress(packed.data)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_that_is_not_there_says_so_in_words(app, browse, language):
    answer = browse("").get(f"/nothing/here?lang={language}")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert ("見つかりません" in answer.text) == (language == "ja")


def test_an_api_problem_is_rfc_9457(app, browse):
    answer = browse("").get("/api/v1/nothing")
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) >= {"type", "title", "status", "detail", "instance"}


def test_a_crash_shows_nothing_of_the_inside(app, browse, monkeypatch, capsys):
    def crash(*args, **kwargs):
        raise RuntimeError("a secret of somebody")

    monkeypatch.setitem(app.view_functions, "web.privacy", crash)
    crash.is_public = True
    answer = browse("").get("/privacy")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"null"])
def test_json_that_is_no_object_is_refused(app, cast, browse, body):
    bob = browse(cast.bob)
    headers = {"X-CSRFToken": bob.token(), "Content-Type": "application/json"}
    answer = bob.client.put("/api/v1/me", data=body, headers=headers)
    assert answer.status_code == 422
    assert answer.get_json()["type"] == "not-an-object"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b""])
def test_json_that_cannot_be_read_is_refused(app, cast, browse, body):
    bob = browse(cast.bob)
    headers = {"X-CSRFToken": bob.token(), "Content-Type": "application/json"}
    assert bob.client.put("/api/v1/me", data=body, headers=headers).status_code == 400


def test_more_than_a_megabyte_is_refused(app, cast, browse):
    answer = browse(cast.bob).post("/me/profile", {"name": "x" * 2_000_000})
    assert answer.status_code == 413


def test_a_read_of_the_api_that_did_not_change_is_not_sent_again(app, cast, browse):
    bob = browse(cast.bob)
    first = bob.get("/api/v1/groups")
    assert first.status_code == 200
    again = bob.get("/api/v1/groups", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_language_by_address_cookie_account_and_browser(app, cast, browse):
    guest = browse("")
    assert '<html lang="ja"' in guest.get("/login", headers={"Accept-Language": "ja,en;q=0.5"}).text
    assert '<html lang="en"' in guest.get("/login", headers={"Accept-Language": "sw"}).text
    answer = guest.post("/language", {"lang": "ja", "next": "/login"})
    assert answer.headers["Location"] == "/login"
    assert '<html lang="ja"' in guest.get("/login").text
    assert '<html lang="en"' in guest.get("/login?lang=en").text
    assert guest.post("/language", {"lang": "ja", "next": "https://evil.example"}).headers["Location"] == "/"


def test_health(app, browse):
    guest = browse("")
    assert guest.get("/healthz").get_json() == {"status": "ok"}
    ready = guest.get("/readyz")
    assert ready.status_code == 200, ready.text
    assert set(ready.get_json()["checks"]) == {"database", "migrations", "disk", "jobs"}


def test_logs_name_the_route_and_nothing_personal(app, cast, browse, capfd):
    app.config["LOG_REQUESTS"] = True
    try:
        browse(cast.bob).get("/events?q=somebody@example.org")
        browse("").get("/confirm/a-secret-token")
    finally:
        app.config["LOG_REQUESTS"] = False
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
    routes = [line["route"] for line in lines if line["event"] == "request"]
    assert routes == ["events.upcoming", "accounts.confirm"]
    assert not any("somebody" in str(line) or "a-secret-token" in str(line) for line in lines)
