"""Answers in one level: writing, counting, reading page by page, and what becomes of them with their post."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import NotPermitted
from alumni.core.tokens import new_keys
from alumni.core.viewer import Viewer
from alumni.members.models import Block
from alumni.moderation.models import Report
from alumni.posts import actions
from alumni.posts.models import Post
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_pages import count_queries
from tests.groups.test_race import at_once
from tests.posts.conftest import group, member

OUTSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona)
COUNTS = sa.select(Post.answers_count).where(Post.parent_id.is_(None))


def answer(browser, key, body="I have it.") -> str:
    made = browser.send(f"/api/v1/posts/{key}/answers", {"body": body})
    assert made.status_code == 201, made.text
    return made.json["key"]


def bodies(browser, key) -> list[str]:
    return [item["body"] for item in browser.get(f"/api/v1/posts/{key}/answers").json["items"]]


def test_an_answer_stands_under_its_post_and_not_in_the_feed(browse, cast, post, read):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    assert "Nobody has answered yet." in bob.get(f"/posts/{post}").text
    once = {"once": "2345abcdef", "body": "I have the *map*."}
    for _twice in range(2):
        sent = bob.post(f"/posts/{post}/answers", once)
        assert (sent.status_code, sent.location) == (303, f"/posts/{post}")
    assert read(COUNTS) == [(1,)]
    html = alice.get(f"/posts/{post}").text
    assert "I have the <em>map</em>." in html
    assert "Your answer is there." in bob.get(f"/posts/{post}").text
    feed = alice.get(f"/groups/{cast.group}/posts").text
    assert "1 answer<" in feed
    assert "I have the" not in feed
    listed = alice.get(f"/api/v1/groups/{cast.group}/posts").json["items"]
    assert [(item["body"], item["answers_count"]) for item in listed] == [("Who has the map?", 1)]
    assert "I have the" not in alice.get("/").text


def test_an_answer_to_an_answer_belongs_to_the_same_post(browse, post, read):
    key = answer(browse(Cast.bob), post)
    second = answer(browse(Cast.alice), key, "Bring it along.")
    page = browse(Cast.bob).get(f"/posts/{second}")
    assert (page.status_code, page.location) == (303, f"/posts/{post}#post-{second}")
    assert bodies(browse(Cast.bob), post) == ["I have it.", "Bring it along."]
    assert browse(Cast.alice).post(f"/posts/{key}/answers", {"body": "On Sunday."}).location == f"/posts/{post}"
    assert read(COUNTS) == [(3,)]
    parent = read(sa.select(Post.id).where(Post.key == post))[0].id
    assert read(sa.select(Post.parent_id).where(Post.key != post).distinct()) == [(parent,)]


def test_counts_follow_what_is_taken_back_hidden_and_shown_again(browse, app, post, read):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    first, second = answer(bob, post), answer(bob, post, "Two.")
    back = bob.post(f"/posts/{first}/delete")
    assert (back.status_code, back.location) == (303, f"/posts/{post}")
    assert read(COUNTS) == [(1,)]
    hidden = alice.post(f"/posts/{second}/hide", {"reason": "It names a child."})
    assert (hidden.status_code, hidden.location) == (303, f"/posts/{post}")
    assert read(COUNTS) == [(0,)]
    assert bodies(bob, post) == []
    with app.app_context():
        row = db.session.query(Post).filter_by(key=second).one()
        for _twice in range(2):
            actions.restore_post(actor=viewer_of(Cast.mona), post=row, reason="It was right.")
        db.session.commit()
    assert read(COUNTS) == [(1,)]
    assert bodies(bob, post) == ["Two."]
    assert alice.post(f"/posts/{post}/delete").status_code == 303  # the answers go with it
    assert read(sa.select(Post.id)) == []


def test_nobody_answers_what_is_hidden_or_gone(browse, post, read):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    key = answer(bob, post)
    assert alice.post(f"/posts/{post}/hide", {"reason": "Wrong place."}).status_code == 303
    for path in (post, key):
        assert bob.get(f"/posts/{path}").status_code == 404
        assert bob.get(f"/api/v1/posts/{path}/answers").status_code == 404
        assert bob.post(f"/posts/{path}/answers", {"body": "Too late."}).status_code == 404
        assert bob.send(f"/api/v1/posts/{path}/answers", {"body": "Too late."}).status_code == 404
    assert bob.send("/api/v1/posts/nosuchpost/answers", {"body": "Nobody."}).status_code == 404
    assert read(sa.select(sa.func.count()).select_from(Post)) == [(2,)]


def test_an_answer_that_comes_while_its_post_is_hidden_is_refused(app, cast, post):
    """The row that was read is old by then; the database has the last word."""
    with app.app_context():
        row = db.session.query(Post).filter_by(key=post).one()
        db.session.execute(
            sa.update(Post)
            .where(Post.id == row.id)
            .values(hidden_at=row.created_at)
            .execution_options(synchronize_session=False)
        )
        with pytest.raises(NotPermitted):
            actions.write_answer(actor=viewer_of(Cast.bob), post=row, key="2345abcdef", body="Now?")


@pytest.mark.alone
def test_answers_that_come_at_once_are_all_counted(alone):
    with alone.app_context():
        circle, alice = builders.make_group("Circle"), builders.make_member("Alice")
        builders.join(alice, circle)
        post_id = builders.make_post(circle, alice).id
        db.session.commit()
        actor = Viewer(id=alice.account_id)

    def write(key: str) -> str:
        actions.write_answer(actor=actor, post=db.session.get(Post, post_id), key=key, body="Me too.")
        return "written"

    keys = new_keys(40)
    assert at_once(alone, write, [*keys, *keys[:10]]) == ["written"] * 50
    with alone.app_context():
        assert db.session.scalars(COUNTS).all() == [40]


def test_who_has_blocked_whom_is_not_read(browse, app, cast, post):
    key = answer(browse(Cast.bob), post)
    with app.app_context():
        sam = member(Cast.sam)
        db.session.add(Block(blocker_id=member(Cast.bob).account_id, blocked_id=sam.account_id))
        db.session.commit()
    assert bodies(browse(Cast.sam), post) == []
    assert browse(Cast.sam).get(f"/posts/{key}").status_code == 404
    assert bodies(browse(Cast.alice), post) == ["I have it."]


def test_a_report_of_an_answer_keeps_what_it_said(browse, cast, post, read):
    key = answer(browse(Cast.bob), post, "Something rude.")
    alice = browse(Cast.alice)
    assert alice.get(f"/report?post={key}").status_code == 200
    assert alice.post("/report", {"post": key, "reason": "spam"}).status_code == 303
    snapshot = read(sa.select(Report.snapshot))[0].snapshot
    assert (snapshot["kind"], snapshot["body"], snapshot["url"]) == ("post", "Something rude.", f"/posts/{key}")
    assert snapshot["place"]
    for email in OUTSIDE:
        assert browse(email).post("/report", {"post": key, "reason": "spam"}).status_code == 404, email


def test_a_thread_is_read_page_by_page_at_the_same_price(browse, app, cast, post):
    with app.app_context():
        parent = db.session.query(Post).filter_by(key=post).one()
        for number in range(60):
            builders.make_post(group(cast.group), member(Cast.alice), f"Answer {number}.", parent_id=parent.id)
        parent.answers_count = 60
        db.session.commit()
    browser, seen, after = browse(Cast.bob), [], ""
    while after is not None:
        found = browser.get(f"/api/v1/posts/{post}/answers?limit=17&after={after}").json
        seen += [item["body"] for item in found["items"]]
        after = found["next"]
    assert seen == [f"Answer {number}." for number in range(60)]
    html = browser.get(f"/posts/{post}").text
    assert "Answer 24." in html
    assert "Answer 25." not in html
    assert 'rel="next"' in html
    assert count_queries(app, lambda: browser.get(f"/posts/{post}")) <= 6


@pytest.mark.parametrize("body", ["", "x" * 10_001, "a\0b", "\u202eevil"])
def test_bad_answers(browse, post, read, body):
    bob = browse(Cast.bob)
    page = bob.post(f"/posts/{post}/answers", {"body": body})
    assert page.status_code == 422
    assert 'href="#body"' in page.text
    assert list(bob.send(f"/api/v1/posts/{post}/answers", {"body": body}).json["fields"]) == ["body"]
    assert read(COUNTS) == [(0,)]


def test_those_outside_neither_read_nor_answer(browse, post, read):
    for email in OUTSIDE:
        browser = browse(email)
        assert browser.get(f"/posts/{post}").status_code == 404, email
        assert browser.post(f"/posts/{post}/answers", {"body": "Hello."}).status_code == 404, email
        assert browser.send(f"/api/v1/posts/{post}/answers", {"body": "Hello."}).status_code == 404, email
    assert browse(Cast.sue).get(f"/posts/{post}").status_code == 403
    assert browse(Cast.sue).post(f"/posts/{post}/answers", {"body": "Hello."}).status_code == 403
    assert browse("").get(f"/posts/{post}").status_code == 303
    assert browse("").send(f"/api/v1/posts/{post}/answers", {"body": "Hello."}).status_code == 401
    assert read(COUNTS) == [(0,)]
