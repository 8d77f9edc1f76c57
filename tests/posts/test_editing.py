"""Editing with a history, the language of a post, and pins."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.posts import actions
from alumni.posts.models import Post, PostVersion
from tests import builders
from tests.cast import Cast
from tests.groups.test_race import at_once
from tests.posts.conftest import group, member

OUTSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona)
NOW = sa.select(Post.body, Post.edits)


def test_an_edit_says_so_and_keeps_how_it_read_before(browse, cast, post, read):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    assert "Who has the map?" in alice.get(f"/posts/{post}/edit").text
    assert "edited" not in bob.get(f"/posts/{post}").text
    for number, body in enumerate(("Who has the old map?", "Who has the old map, please?")):
        sent = alice.post(f"/posts/{post}/edit", {"body": body, "language": "en", "edits": number})
        assert (sent.status_code, sent.location) == (303, f"/posts/{post}")
    assert read(NOW) == [("Who has the old map, please?", 2)]
    kept = sa.select(PostVersion.body).order_by(PostVersion.number)
    assert read(kept) == [("Who has the map?",), ("Who has the old map?",)]
    assert "edited" in bob.get(f"/posts/{post}").text
    assert f"/posts/{post}/versions" not in bob.get(f"/posts/{post}").text
    history = alice.get(f"/posts/{post}/versions").text
    assert history.index("please") < history.index("Who has the old map?<") < history.index("Who has the map?<")
    assert alice.send(f"/api/v1/posts/{post}", {"body": "Found."}, method="PUT").json["body"] == "Found."
    # The same again is no edit.
    assert alice.send(f"/api/v1/posts/{post}", {"body": "Found."}, method="PUT").status_code == 200
    assert read(NOW) == [("Found.", 3)]


def test_of_two_windows_the_second_is_told(browse, post, read):
    alice = browse(Cast.alice)
    assert alice.post(f"/posts/{post}/edit", {"body": "First.", "language": "en", "edits": "0"}).status_code == 303
    late = alice.post(f"/posts/{post}/edit", {"body": "Second.", "language": "en", "edits": "0"})
    assert late.status_code == 409
    assert "in another window" in late.text
    assert read(NOW) == [("First.", 1)]


def test_who_reads_the_history(browse, app, cast, post):
    browse(Cast.alice).send(f"/api/v1/posts/{post}", {"body": "Else."}, method="PUT")
    path = f"/posts/{post}/versions"
    with app.app_context():
        key = builders.make_post(group(cast.group), member(Cast.bob), "Mine.").key
        db.session.commit()
    assert browse(Cast.bob).get(f"/posts/{key}/versions").status_code == 200
    assert browse(Cast.alice).get(f"/posts/{key}/versions").status_code == 200  # she organises
    for email in (Cast.bob, *OUTSIDE):
        assert browse(email).get(path).status_code == 404, email
    assert browse(Cast.sue).get(path).status_code == 403
    assert browse("").get(path).status_code == 303
    # A moderator reads it once somebody has reported the post.
    browse(Cast.bob).post("/report", {"post": post, "reason": "spam"})
    assert "Who has the map?" in browse(Cast.mona).get(path).text
    assert browse(Cast.carol).get(path).status_code == 404


@pytest.mark.parametrize("body", ["", "  ", "x" * 10_001, "a\0b"])
def test_bad_edits(browse, post, read, body):
    alice = browse(Cast.alice)
    assert alice.post(f"/posts/{post}/edit", {"body": body, "language": "en"}).status_code == 422
    assert alice.send(f"/api/v1/posts/{post}", {"body": body}, method="PUT").status_code == 422
    assert alice.post(f"/posts/{post}/edit", {"body": "Fine.", "language": "klingon"}).status_code == 422
    assert read(NOW) == [("Who has the map?", 0)]


def test_nobody_else_edits(browse, post, read):
    for email in (Cast.bob, Cast.sam):
        assert browse(email).get(f"/posts/{post}/edit").status_code == 403, email
        assert browse(email).post(f"/posts/{post}/edit", {"body": "Mine.", "language": "en"}).status_code == 403
        assert browse(email).send(f"/api/v1/posts/{post}", {"body": "Mine."}, method="PUT").status_code == 403
    for email in OUTSIDE:
        assert browse(email).post(f"/posts/{post}/edit", {"body": "Mine."}).status_code == 404, email
    assert browse(Cast.sue).post(f"/posts/{post}/edit", {"body": "Mine."}).status_code == 403
    assert browse("").send(f"/api/v1/posts/{post}", {"body": "Mine."}, method="PUT").status_code == 401
    assert read(NOW) == [("Who has the map?", 0)]


def test_a_post_says_in_which_language_it_is(browse, cast, read):
    bob = browse(Cast.bob)
    path = f"/groups/{cast.group}/posts"
    assert bob.post(path, {"body": "ສະບາຍດີ", "language": "lo"}).status_code == 303
    html = browse(Cast.alice).get(path).text
    assert '<div class="prose stack" lang="lo" dir="auto">' in html
    assert "Lao" in html
    assert bob.send(f"/api/v1{path}", {"body": "Hello"}).json["language"] == "en"  # the author's own
    assert bob.send(f"/api/v1{path}", {"body": "Hello", "language": "xx"}).status_code == 422
    assert bob.post(path, {"body": "Hello", "language": "xx"}).status_code == 422


def test_three_posts_stand_on_top(browse, app, cast, read):
    with app.app_context():
        keys = [builders.make_post(group(cast.group), member(Cast.bob), f"Post {n}.").key for n in range(5)]
        db.session.commit()
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    for key in keys[:3]:
        for _twice in range(2):
            assert alice.post(f"/posts/{key}/pin").status_code == 303
    html = bob.get(f"/groups/{cast.group}/posts").text
    assert html.index("On top") < html.index("Post 2.") < html.index("Newest posts") < html.index("Post 4.")
    assert html.count("Post 2.") == 1
    full = alice.post(f"/posts/{keys[3]}/pin")
    assert (full.status_code, "Three posts are on top already." in full.text) == (409, True)
    assert alice.send(f"/api/v1/posts/{keys[3]}/pin", method="PUT").json["type"] == "pins-full"
    assert alice.post(f"/posts/{keys[0]}/unpin").status_code == 303
    assert alice.send(f"/api/v1/posts/{keys[3]}/pin", method="PUT").status_code == 204
    assert alice.send(f"/api/v1/posts/{keys[3]}/pin", method="DELETE").status_code == 204
    assert {line.action for line in read(sa.select(AuditLine.action))} == {"post.pin", "post.unpin"}
    answer = alice.send(f"/api/v1/posts/{keys[1]}/answers", {"body": "Yes."}).json["key"]
    assert alice.post(f"/posts/{answer}/pin").status_code == 403  # an answer has no place on top
    for email in (Cast.bob, *OUTSIDE, Cast.sue):
        expected = 403 if email in (Cast.bob, Cast.sue) else 404
        for path in ("pin", "unpin"):
            assert browse(email).post(f"/posts/{keys[1]}/{path}").status_code == expected, email
    assert browse("").send(f"/api/v1/posts/{keys[1]}/pin", method="PUT").status_code == 401


@pytest.mark.alone
def test_of_ten_who_pin_at_once_three_do(alone):

    with alone.app_context():
        circle, alice = builders.make_group("Circle"), builders.make_member("Alice")
        builders.join(alice, circle, organiser=True)
        keys = [builders.make_post(circle, alice, f"Post {n}.").key for n in range(10)]
        db.session.commit()
        actor = Viewer(id=alice.account_id)

    def pin(key: str) -> str:
        actions.pin_post(actor=actor, post=db.session.query(Post).filter_by(key=key).one())
        return "pinned"

    answers = at_once(alone, pin, keys)
    assert sorted(answers) == ["pinned"] * 3 + ["pins-full"] * 7
