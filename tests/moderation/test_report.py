"""Reporting what one can see."""

import re

import pytest
import sqlalchemy as sa

from alumni.core.tokens import new_key
from alumni.moderation.models import Report, ReportState
from tests.cast import Cast


def count(read) -> int:
    return read(sa.select(sa.func.count(Report.id)))[0][0]


def test_a_member_reports_a_post_by_the_form(cast, browse, read, post, handle):
    alice = browse(cast.alice)
    page = alice.get(f"/report?post={post}")
    assert page.status_code == 200
    assert "Report a post" in page.text
    assert "<em>watches</em>" in page.text
    once = re.search(r'name="once"[^>]*value="(\w+)"', page.text)[1]
    form = {"reason": "spam", "note": "It is the third time.", "once": once}
    sent = alice.post(f"/report?post={post}", form)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/posts/{post}")
    (row,) = read(sa.select(Report))
    report = row.Report
    assert (report.key, report.reason, report.note, report.state) == (once, "spam", "It is the third time.", "open")
    assert report.snapshot == {
        "kind": "post",
        "title": "",
        "body": "Buy my *watches*.",
        "place": "JENESYS2016 16th Batch",
        "author": handle(cast.bob),
        "url": f"/posts/{post}",
        "audience": "",
    }


def test_the_same_thing_reported_twice_is_one_report(cast, browse, read, post):
    alice = browse(cast.alice)
    for key in (new_key(), new_key()):
        assert alice.post(f"/report?post={post}", {"reason": "spam", "once": key}).status_code == 303
    first = alice.send("/api/v1/reports", {"post": post, "reason": "abuse"})
    assert first.status_code == 201
    assert count(read) == 1
    assert first.json["key"] == read(sa.select(Report.key))[0].key
    browse(cast.sam).send("/api/v1/reports", {"post": post, "reason": "abuse"})
    assert count(read) == 2  # somebody else's is another


def test_after_the_decision_it_can_be_reported_again(app, cast, browse, read, event, make_report):
    key = make_report(cast.bob, event=event)
    mona = browse(cast.mona)
    mona.send(f"/api/v1/reports/{key}/take")
    assert mona.send(f"/api/v1/reports/{key}/decide", {"decision": "none", "reason": "Fine."}).status_code == 200
    assert make_report(cast.bob, event=event) != key
    assert count(read) == 2


def test_a_form_sent_again_after_the_decision_makes_nothing_new(cast, browse, read, event):
    bob, once = browse(cast.bob), new_key()
    bob.post(f"/report?event={event}", {"reason": "spam", "once": once})
    mona = browse(cast.mona)
    mona.send(f"/api/v1/reports/{once}/take")
    mona.send(f"/api/v1/reports/{once}/decide", {"decision": "none", "reason": "Fine."})
    bob.post(f"/report?event={event}", {"reason": "spam", "once": once})
    assert read(sa.select(Report.state)) == [(ReportState.DECIDED,)]


def test_a_key_of_somebody_else_is_not_taken_over(cast, browse, read, event, make_report):
    key = make_report(cast.bob, event=event)
    assert browse(cast.carol).post(f"/report?event={event}", {"reason": "spam", "once": key}).status_code == 303
    assert count(read) == 2


def test_events_and_members_can_be_reported(cast, browse, read, event, handle):
    nia = browse(cast.nia)
    assert nia.post(f"/report?event={event}", {"reason": "false"}).headers["Location"] == f"/events/{event}"
    carol, whom = browse(cast.carol), handle(cast.bob)
    assert "Report a profile" in carol.get(f"/report?member={whom}").text
    assert carol.post(f"/report?member={whom}", {"reason": "false"}).headers["Location"] == f"/members/{whom}"
    made = [row.snapshot for row in read(sa.select(Report.snapshot).order_by(Report.id))]
    assert [(snapshot["kind"], snapshot["title"]) for snapshot in made] == [
        ("event", "Fake reunion"),
        ("member", "ບຸນມີ ວົງສາ"),
    ]
    assert made[1]["place"] == ""  # where Bob lives is for his groups, and Carol shares none


@pytest.mark.parametrize("who", ["carol", "mallory", "nia"])
def test_what_one_cannot_see_does_not_exist(cast, browse, read, post, who):
    browser = browse(getattr(Cast, who))
    assert browser.get(f"/report?post={post}").status_code == 404
    assert browser.post(f"/report?post={post}", {"reason": "spam"}).status_code == 404
    assert browser.send("/api/v1/reports", {"post": post, "reason": "spam"}).status_code == 404
    assert count(read) == 0


def test_whom_one_may_not_find_cannot_be_reported(cast, browse, read, handle):
    whom = handle(cast.bob)
    for who in (cast.nia, cast.mallory):  # not verified; blocked by Bob
        assert browse(who).get(f"/report?member={whom}").status_code == 404
        assert browse(who).send("/api/v1/reports", {"member": whom, "reason": "abuse"}).status_code == 404
    assert count(read) == 0


def test_guests_sign_in_and_suspended_people_may_not(cast, browse, read, event):
    guest = browse("")
    asked = guest.get(f"/report?event={event}")
    assert asked.status_code == 303
    assert asked.headers["Location"].startswith("/login?next=")
    assert guest.post(f"/report?event={event}", {"reason": "spam"}).status_code == 303
    assert guest.send("/api/v1/reports", {"event": event, "reason": "spam"}).status_code == 401
    sue = browse(cast.sue)
    assert sue.get(f"/report?event={event}").status_code == 403
    assert sue.send("/api/v1/reports", {"event": event, "reason": "spam"}).status_code == 403
    assert count(read) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", "dislike"),
        ("reason", "open\0"),
        ("note", "x" * 100_000),
        ("note", "a\0b"),
        ("note", "\u202egnp.exe"),
    ],
)
def test_bad_input_is_named_and_kept(cast, browse, read, event, field, value):
    bob = browse(cast.bob)
    form = {"reason": "spam", "note": "Kept words.", field: value}
    page = bob.post(f"/report?event={event}", form)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert f'href="#{field}' in page.text
    if field == "reason":
        assert "Kept words." in page.text
    answer = bob.send("/api/v1/reports", {"event": event, **form})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert count(read) == 0


def test_one_thing_has_to_be_named(cast, browse, read, event, post):
    bob = browse(cast.bob)
    for what in ({}, {"event": event, "post": post}):
        answer = bob.send("/api/v1/reports", {"reason": "spam", **what})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["post"])
    assert bob.get("/report").status_code == 422
    for key in ("\0", ["a", "b"], {"a": 1}, 7, "no-such-event"):
        assert bob.send("/api/v1/reports", {"reason": "spam", "event": key}).status_code == 404
    assert bob.get("/report?event=%00").status_code == 404
    assert bob.send("/api/v1/reports", ["event"]).status_code == 422
    assert count(read) == 0
