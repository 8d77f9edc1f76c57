"""What is new since somebody said that they had seen all."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db
from alumni.groups.models import Membership
from alumni.posts import queries
from alumni.posts.models import Visit
from alumni.posts.queries.unread import MOST_COUNTED
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_pages import count_queries
from tests.posts.conftest import group, member


@pytest.fixture
def joined(app, cast):
    """Everybody came into their groups an hour ago."""
    with app.app_context():
        change = sa.update(Membership).where(Membership.joined_at.is_not(None))
        db.session.execute(change.values(joined_at=clock.now() - timedelta(hours=1)))
        db.session.commit()


def unread(browser) -> dict[str, int]:
    return browser.get("/api/v1/me/unread").json["groups"]


def test_new_posts_are_marked_until_they_are_seen(browse, app, cast, joined, post):
    bob, path = browse(Cast.bob), f"/groups/{cast.group}/posts"
    with app.app_context():
        hour = timedelta(hours=2)
        builders.make_post(group(cast.group), member(Cast.alice), "Of old.", created_at=clock.now() - hour)
        db.session.commit()
    assert unread(bob) == {cast.group: 1}
    assert [(i["body"], i["is_new"]) for i in bob.get(f"/api/v1{path}").json["items"]] == [
        ("Who has the map?", True),
        ("Of old.", False),
    ]
    html = bob.get(path).text
    assert "I have seen all of them" in html
    assert "New</span>" in html
    bob.get(path)  # to look is not to say so
    assert unread(bob) == {cast.group: 1}
    assert bob.post(f"{path}/seen").status_code == 303
    assert unread(bob) == {}
    assert "I have seen all of them" not in bob.get(path).text
    assert unread(browse(Cast.alice)) == {}  # one's own post is never new


def test_the_first_page_says_where_something_is_new(browse, app, cast, joined, post):
    bob = browse(Cast.bob)
    assert f'/groups/{cast.group}/posts"><bdi>JENESYS2016 16th Batch</bdi></a>: 1 new post<' in bob.get("/").text
    assert count_queries(app, lambda: bob.get("/")) <= 6
    bob.post(f"/groups/{cast.group}/posts/seen")
    assert "new post" not in bob.get("/").text


def test_whoever_writes_has_seen_what_is_there(browse, cast, joined, post):
    bob = browse(Cast.bob)
    assert bob.send(f"/api/v1/groups/{cast.group}/posts", {"body": "I have it."}).status_code == 201
    assert unread(bob) == {}
    assert unread(browse(Cast.alice)) == {cast.group: 1}
    assert browse(Cast.alice).send(f"/api/v1/groups/{cast.group}/posts/seen").status_code == 204
    assert unread(browse(Cast.alice)) == {}


def test_the_count_ends_and_costs_one_read(browse, app, cast, joined):
    with app.app_context():
        for number in range(MOST_COUNTED + 20):
            builders.make_post(group(cast.group), member(Cast.alice), f"Post {number}.")
        builders.make_post(group(cast.group), member(Cast.alice), "Hidden.", hidden_at=clock.now())
        db.session.commit()
        viewer, group_id = viewer_of(Cast.bob), group(cast.group).id
    assert unread(browse(Cast.bob)) == {cast.group: MOST_COUNTED}

    def ask() -> None:
        with app.app_context():
            assert queries.unread_counts(viewer) == {group_id: MOST_COUNTED}

    assert count_queries(app, ask) == 1


def test_who_may_not(browse, cast, joined, read):
    path = f"/groups/{cast.group}/posts/seen"
    for email in (Cast.carol, Cast.mallory, Cast.nia, Cast.mona, Cast.sue):
        assert browse(email).post(path).status_code == 403, email
        assert browse(email).send(f"/api/v1{path}").status_code == 403, email
    assert browse("").send(f"/api/v1{path}").status_code == 401
    assert browse("").get("/api/v1/me/unread").status_code == 401
    assert browse(Cast.bob).post("/groups/no-such-group/posts/seen").status_code == 404
    assert read(sa.select(Visit.account_id)) == []
