"""What may be done only so often: the one table, all workers together, words and a way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock, limits
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.errors import TooMany
from alumni.web import limits as web_limits
from tests.cast import Cast
from tests.groups.test_pages import count_queries


def narrow(monkeypatch, name: str, by: str = "account", **changes) -> None:
    narrowed = tuple(replace(limit, **changes) if limit.by == by else limit for limit in limits.LIMITS[name])
    monkeypatch.setitem(limits.LIMITS, name, narrowed)


def age(app, email: str) -> None:
    """The account is older than its first week."""
    with app.app_context():
        then = clock.now() - limits.NEWCOMER - timedelta(hours=1)
        db.session.execute(sa.update(Account).where(Account.email == email).values(created_at=then))
        db.session.commit()


def test_every_mark_is_in_the_table(app):
    marks = {view.limit for view in app.view_functions.values() if hasattr(view, "limit")}
    assert marks <= set(limits.LIMITS)
    assert {"profile", "directory", "post", "invitation", "report", "export", "token"} <= marks


def test_each_of_a_limit_is_counted_by_itself_until_its_window_ends(app, monkeypatch):
    with app.app_context():
        for _ in range(5):
            limits.count("visit", network="a", address="one@example.org")
        with pytest.raises(TooMany) as refused:
            limits.count("visit", network="a", address="one@example.org")
        assert 0 < refused.value.retry_after_s <= 15 * 60
        limits.count("visit", network="a", address="two@example.org")
        limits.forget("visit", address="one@example.org")
        limits.count("visit", network="a", address="one@example.org")
        later = clock.now() + timedelta(minutes=16)
        monkeypatch.setattr(clock, "now", lambda: later)
        for _ in range(5):
            limits.count("visit", network="a", address="two@example.org")


def test_writing_too_much_gets_words_a_time_and_a_way_on(app, cast, browse, read, monkeypatch):
    narrow(monkeypatch, "post", most=2, newcomers=2)
    bob = browse(cast.bob)
    answers = [bob.post(f"/groups/{cast.group}/posts", {"body": "Hello"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert "Wait" in answers[-1].text
    assert bob.get(f"/groups/{cast.group}").status_code == 200  # reading goes on
    bob.post(f"/groups/{cast.group}/posts", {"body": "Hello"})
    assert read(sa.select(AuditLine.subject).where(AuditLine.action == "access.limit")) == [("limit:post",)]
    refused = bob.send(f"/api/v1/groups/{cast.group}/posts", {"body": "Hello"})
    assert (refused.status_code, refused.json["type"]) == (429, "too-many")


def test_in_the_first_week_it_is_less(app, cast, browse, monkeypatch):
    narrow(monkeypatch, "post", most=3, newcomers=1)
    for email in (cast.bob, cast.alice):
        browser = browse(email)
        if email == cast.alice:
            age(app, email)
        answers = [browser.post(f"/groups/{cast.group}/posts", {"body": "Hello"}).status_code for _ in range(2)]
        assert answers == ([303, 429] if email == cast.bob else [303, 303])


def test_whoever_reads_profile_after_profile_is_stopped(app, cast, browse, monkeypatch):
    narrow(monkeypatch, "profile", most=20, newcomers=20)
    bob, carol = browse(cast.bob), browse(cast.carol)
    handle = bob.get("/api/v1/me").json["handle"]
    answers = [bob.get(f"/api/v1/members/{handle}").status_code for _ in range(31)]
    assert answers == [200] * 20 + [429] * 11
    assert carol.get(f"/members/{handle}").status_code == 200
    refused = bob.get(f"/members/{handle}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_most_reads_cost_nothing_more(app, cast, browse, monkeypatch):
    narrow(monkeypatch, "profile", most=150, newcomers=150)
    bob = browse(cast.bob)
    handle = bob.get("/api/v1/me").json["handle"]
    path = f"/api/v1/members/{handle}"
    bob.get(path)
    counted = [count_queries(app, lambda: bob.get(path)) for _ in range(12)]
    plain = min(counted)
    assert counted.count(plain) == 11
    assert max(counted) <= plain + 4
    monkeypatch.delattr(app.view_functions["members_api.show"], "limit")
    assert count_queries(app, lambda: bob.get(path)) == plain


def test_who_waits_to_be_counted_takes_little_room(app, monkeypatch):
    monkeypatch.setattr(web_limits, "MOST_KEPT", 3)
    kept = web_limits.Waiting()
    for number in range(50):
        kept.add(("profile", str(number)), 10)
        assert len(kept._reads) <= 3


def test_guests_are_counted_by_network_and_a_64_is_one(app, cast, browse, monkeypatch):
    narrow(monkeypatch, "directory", "network", most=10)
    guest = browse("")
    answers = [
        guest.get("/members", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{n:x}"}).status_code for n in range(1, 24)
    ]
    assert answers[-1] == 429
    assert guest.get("/members", environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"}).status_code == answers[0]


def test_what_is_refused_was_not_done(app, cast, browse, read, monkeypatch):
    narrow(monkeypatch, "report", most=0, newcomers=0)
    refused = browse(Cast.bob).send("/api/v1/reports", {"reason": "spam"})
    assert refused.status_code == 429
