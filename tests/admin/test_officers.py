"""An administrator puts officers in office for a term, and ends it. Nobody else does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.tokens import new_key
from alumni.officers.models import Mandate, MandateProgramme
from tests import builders
from tests.cast import Cast


def in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


@pytest.fixture
def term(cast):
    """What puts Carol in office for the programme, in Cambodia, for a year."""
    return {
        "email": "Carol@Example.org",
        "agency": "jica",
        "programmes": [cast.programme],
        "country": "KH",
        "starts_on": in_days(0),
        "ends_on": in_days(365),
    }


def mandates_of(read, email):
    columns = (Mandate.key, Mandate.agency, Mandate.country, Mandate.is_for_all_programmes, Mandate.ended_at)
    return read(sa.select(*columns).join(Account, Account.id == Mandate.account_id).where(Account.email == email))


def is_officer(read, email):
    return read(sa.select(Account.holds_office).where(Account.email == email)) == [(True,)]


def letters(read):
    return [row.payload["template"] for row in read(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id))]


def test_put_in_office_and_ended(cast, browse, read, term):
    sam, carol = browse(Cast.sam), browse(Cast.carol)
    assert carol.get("/desk").status_code == 403
    once = new_key()
    assert sam.post("/admin/officers/new", {**term, "once": once}).location == "/admin/officers"
    assert sam.post("/admin/officers/new", {**term, "once": once}).location == "/admin/officers"  # once
    [mandate] = mandates_of(read, Cast.carol)
    assert (mandate.agency, mandate.country, mandate.is_for_all_programmes) == ("jica", "KH", False)
    assert len(read(sa.select(MandateProgramme).join(Mandate).where(Mandate.key == mandate.key))) == 1
    assert is_officer(read, Cast.carol)
    assert carol.get("/desk").status_code == 200
    page = sam.get("/admin/officers").text
    assert Cast.carol in page
    assert "JENESYS2016" in page
    assert "Cambodia" in carol.get("/me/office").text
    assert [item["country"] for item in carol.get("/api/v1/me/office").json["items"]] == ["KH"]
    path = f"/admin/officers/{mandate.key}/end"
    assert "Give the reason" in sam.post(path, {"reason": " "}).text
    assert sam.post(path, {"reason": "Moved to another post"}).location == "/admin/officers"
    assert sam.post(path, {"reason": "again"}).status_code == 409
    assert not is_officer(read, Cast.carol)
    assert carol.get("/desk").status_code == 403
    assert "Moved to another post" in carol.get("/me/office").text
    assert Cast.carol not in sam.get("/admin/officers").text
    assert Cast.carol in sam.get("/admin/officers?state=over").text
    assert letters(read) == ["officers/granted", "officers/ended"]
    acts = sa.select(AuditLine.action, AuditLine.reason, AuditLine.facts).where(AuditLine.action != "access.refuse")
    lines = read(acts.order_by(AuditLine.id))
    assert [(line.action, line.reason) for line in lines] == [
        ("officer.grant", ""), ("officer.end", "Moved to another post"),
    ]  # fmt: skip
    assert lines[0].facts["programmes"] == "JENESYS2016"


def test_one_of_two_terms_ends_and_the_other_goes_on(cast, browse, read, term):
    sam = browse(Cast.sam)
    for change in ({}, {"programmes": []}):
        sam.post("/admin/officers/new", {**term, **change})
    first, second = mandates_of(read, Cast.carol)
    sam.post(f"/admin/officers/{first.key}/end", {"reason": "x"})
    assert is_officer(read, Cast.carol)
    sam.post(f"/admin/officers/{second.key}/end", {"reason": "x"})
    assert not is_officer(read, Cast.carol)


def test_as_json(cast, browse, read, term):
    sam = browse(Cast.sam)
    headers = {"Idempotency-Key": "once"}
    made = sam.send("/api/v1/officers", term, headers=headers)
    assert sam.send("/api/v1/officers", term, headers=headers).json == made.json
    assert made.status_code == 201
    assert {name: made.json[name] for name in ("email", "agency", "programmes", "country", "ends_on")} == {
        "email": Cast.carol, "agency": "jica", "programmes": [cast.programme], "country": "KH",
        "ends_on": term["ends_on"],
    }  # fmt: skip
    listed = sam.get("/api/v1/officers").json["items"]
    assert made.json in listed
    assert {item["email"] for item in listed} == {Cast.carol, Cast.olga, Cast.otto}
    ended = sam.send(f"/api/v1/officers/{made.json['key']}/end", {"reason": "moved"})
    assert (ended.status_code, ended.json["end_reason"]) == (200, "moved")
    assert sam.send(f"/api/v1/officers/{made.json['key']}/end", {"reason": "moved"}).status_code == 409
    assert sam.send("/api/v1/officers/nothing/end", {"reason": "moved"}).status_code == 404


def test_lists_go_on_by_cursor(app, cast, browse):
    with app.app_context():
        for number in range(30):
            builders.make_officer(f"officer{number}@example.org", country="LA")
        db.session.commit()
    sam, seen, path = browse(Cast.sam), [], "/api/v1/officers?limit=10"
    while path:
        answer = sam.get(path).json
        seen += [item["email"] for item in answer["items"]]
        path = answer["next"] and f"/api/v1/officers?limit=10&after={answer['next']}"
    assert len(seen) == len(set(seen)) == 32


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "nobody"),
        ("email", "nobody@example.org"),
        ("email", Cast.sue),
        ("agency", "cia"),
        ("programmes", ["nothing"]),
        ("country", "ZZ"),
        ("starts_on", "today"),
        ("ends_on", ""),
        ("ends_on", "yesterday"),
        ("ends_on", -1),
        ("ends_on", 3 * 366 + 2),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, term, field, value):
    sam = browse(Cast.sam)
    sent = {**term, field: in_days(value) if isinstance(value, int) else value}
    page = sam.post("/admin/officers/new", sent)
    assert (page.status_code, f'href="#{field}"' in page.text) == (422, True)
    problem = sam.send("/api/v1/officers", sent)
    assert (problem.status_code, set(problem.json["fields"])) == (422, {field})
    assert mandates_of(read, Cast.carol) == []
    assert letters(read) == []


def test_a_scope_is_needed_and_an_account_that_is_active(app, cast, browse, read, term):
    sam = browse(Cast.sam)
    page = sam.post("/admin/officers/new", {**term, "programmes": [], "country": ""})
    assert (page.status_code, "Choose programmes, a country, or both." in page.text) == (422, True)
    with app.app_context():
        builders.make_account("late@example.org", state=AccountState.UNCONFIRMED)
        db.session.commit()
    page = sam.post("/admin/officers/new", {**term, "email": "late@example.org"})
    assert (page.status_code, "not active" in page.text) == (422, True)


def test_a_term_that_runs_out_is_said_once_and_then_it_is_over(app, cast, browse, read, term):
    sam, start = browse(Cast.sam), clock.now()
    sam.post("/admin/officers/new", {**term, "ends_on": in_days(100)})
    carol = browse(Cast.carol)
    with app.app_context():
        worker.run_daily()
    assert letters(read) == ["officers/granted"]
    for days in (45, 46):
        with time_machine.travel(start + timedelta(days=days), tick=False), app.app_context():
            worker.run_daily()
    assert letters(read) == ["officers/granted", "officers/running_out"]
    with time_machine.travel(start + timedelta(days=101), tick=False):
        assert carol.get("/desk").status_code == 403  # before anything is tidied up
        assert "Over" in carol.get("/me/office").text
        [mandate] = mandates_of(read, Cast.carol)
        assert sam.post(f"/admin/officers/{mandate.key}/end", {"reason": "late"}).status_code == 409
        with app.app_context():
            worker.run_daily()
        assert not is_officer(read, Cast.carol)
        assert is_officer(read, Cast.olga)


def test_nobody_else(cast, browse, read, term):
    before = mandates_of(read, Cast.olga)
    [olgas] = before
    for email in Cast.everybody:
        if email == Cast.sam:
            continue
        browser = browse(email)
        for path in ("/admin/officers", "/admin/officers/new", f"/admin/officers/{olgas.key}/end"):
            assert browser.get(path).status_code == (303 if email == Cast.guest else 403), (email, path)
            assert browser.post(path, {**term, "reason": "x"}).status_code in (303, 403, 405), (email, path)
        assert browser.get("/api/v1/officers").status_code in (401, 403)
        assert browser.send("/api/v1/officers", term).status_code in (401, 403)
        assert browser.send(f"/api/v1/officers/{olgas.key}/end", {"reason": "x"}).status_code in (401, 403)
    assert mandates_of(read, Cast.olga) == before
    assert mandates_of(read, Cast.carol) == []


def test_everybody_sees_their_own_office_and_no_other(cast, browse):
    seen = {}
    for email in Cast.everybody:
        answer = browse(email).get("/api/v1/me/office")
        seen[email] = answer.status_code if answer.status_code != 200 else len(answer.json["items"])
    assert seen == dict.fromkeys(Cast.everybody, 0) | {Cast.guest: 401, Cast.olga: 1, Cast.otto: 1}
