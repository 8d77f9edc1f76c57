"""Leaving a group with what one wrote there, or without it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.groups.models import Membership
from alumni.posts import actions
from alumni.posts.models import Post
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_pages import count_queries
from tests.posts.conftest import group, member

BODIES = sa.select(Post.body).order_by(Post.id)


@pytest.fixture
def written(app, cast, browse, post) -> str:
    """A post of Bob with an answer of Alice, and an answer of Bob to Alice."""
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    key = bob.send(f"/api/v1/groups/{cast.group}/posts", {"body": "Bob's post."}).json["key"]
    alice.send(f"/api/v1/posts/{key}/answers", {"body": "Alice answers Bob."})
    bob.send(f"/api/v1/posts/{post}/answers", {"body": "Bob answers Alice."})
    alice.send(f"/api/v1/posts/{post}/answers", {"body": "Alice answers herself."})
    with app.app_context():
        builders.make_post(group(cast.other_group), member(Cast.bob), "Elsewhere.")
        db.session.commit()
    return key


def state_of(app, cast, email: str) -> str:
    with app.app_context():
        return db.session.get(Membership, (member(email).account_id, group(cast.group).id)).state


def test_one_is_asked_what_becomes_of_ones_posts(browse, cast, written):
    html = browse(Cast.bob).get(f"/groups/{cast.group}/leave").text
    assert "What you wrote here" in html
    assert f'href="/groups/{cast.group}/leave"' in browse(Cast.bob).get(f"/groups/{cast.group}").text
    away = browse(Cast.carol).get(f"/groups/{cast.group}/leave")
    assert (away.status_code, away.location) == (303, f"/groups/{cast.group}")


@pytest.mark.parametrize("form", [{}, {"posts": "keep"}])
def test_they_stay(browse, app, cast, written, read, form):
    assert browse(Cast.bob).post(f"/groups/{cast.group}/leave", form).status_code == 303
    assert state_of(app, cast, Cast.bob) == "left"
    assert len(read(BODIES)) == 6
    assert "Bob's post." in browse(Cast.alice).get(f"/groups/{cast.group}/posts").text


def test_or_they_go_and_the_counts_are_right(browse, app, cast, post, written, read):
    bob = browse(Cast.bob)
    assert bob.post(f"/groups/{cast.group}/leave", {"posts": "remove"}).status_code == 303
    assert state_of(app, cast, Cast.bob) == "left"
    assert read(BODIES) == [("Who has the map?",), ("Alice answers herself.",), ("Elsewhere.",)]
    assert read(sa.select(Post.answers_count).where(Post.key == post)) == [(1,)]
    assert bob.get(f"/groups/{cast.group}/posts").status_code == 403
    assert bob.post(f"/groups/{cast.group}/leave", {"posts": "remove"}).status_code == 303  # twice does no harm


def test_the_same_as_json(browse, app, cast, written, read):
    bob = browse(Cast.bob)
    assert bob.send(f"/api/v1/groups/{cast.group}/leave", {"posts": "burn"}).status_code == 422
    assert state_of(app, cast, Cast.bob) == "active"
    left = bob.send(f"/api/v1/groups/{cast.group}/leave", {"posts": "remove"})
    assert left.json == {"state": "left", "members_count": 2}
    assert len(read(BODIES)) == 3


def test_thousands_go_in_one_statement(app, cast, post):
    with app.app_context():
        circle, bob, parent = group(cast.group), member(Cast.bob), db.session.query(Post).one()
        db.session.execute(
            sa.insert(Post),
            [
                {"group_id": circle.id, "author_id": bob.account_id, "body": f"{n}", "parent_id": None}
                for n in range(3000)
            ],
        )
        builders.make_post(circle, bob, "An answer.", parent_id=parent.id)
        parent.answers_count = 1
        db.session.commit()
        actor = viewer_of(Cast.bob)
        spent = count_queries(app, lambda: actions.remove_posts(actor=actor, group_id=circle.id))
        assert spent <= 4
        db.session.commit()
        assert db.session.scalars(BODIES).all() == ["Who has the map?"]
        assert db.session.scalars(sa.select(Post.answers_count)).all() == [0]


def test_nothing_goes_when_one_cannot_leave(browse, app, cast, post, read):
    answer = browse(Cast.alice).post(f"/groups/{cast.group}/leave", {"posts": "remove"})
    assert answer.status_code == 409  # the last organiser
    assert read(BODIES) == [("Who has the map?",)]
    assert browse(Cast.bob).post(f"/groups/{cast.group}/leave", {"posts": "burn"}).status_code == 422
    assert state_of(app, cast, Cast.bob) == "active"


def test_who_may_not(browse, cast, read, written):
    path = f"/groups/{cast.group}/leave"
    assert browse("").get(path).status_code == 303
    assert browse("").send(f"/api/v1{path}").status_code == 401
    assert browse(Cast.sue).get(path).status_code == 403
    assert browse(Cast.sue).post(path, {"posts": "remove"}).status_code == 403
    assert browse(Cast.bob).get("/groups/no-such-group/leave").status_code == 404
    assert browse(Cast.bob).post("/groups/no-such-group/leave").status_code == 404
    assert browse(Cast.mallory).post(path, {"posts": "remove"}).status_code == 303  # removed; she wrote nothing
    assert len(read(BODIES)) == 6
