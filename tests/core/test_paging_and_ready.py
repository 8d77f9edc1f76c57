"""Pages by keyset and selects that are built once: the same answers for everybody, whoever came first."""

import base64
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.paging import Key, page
from alumni.core.ready import from_now, ready
from alumni.core.viewer import GUEST, Viewer
from alumni.posts.models import Post
from tests import builders

BY_TIME = (Key(Post.created_at, "created_at", descending=True), Key(Post.id, "id", descending=True))


@pytest.fixture
def posts(app, cast):
    """Twelve posts, four of them at the same instant."""
    with app.app_context():
        group = builders.make_group("A group")
        author = builders.make_member("Somebody")
        now = clock.now()
        for n in range(12):
            builders.make_post(group, author, f"{n}", created_at=now - timedelta(minutes=n // 4))
        db.session.commit()
        return group.id


def test_pages_hold_every_row_once_in_order(app, posts):
    with app.app_context():
        select = sa.select(Post.id, Post.created_at, Post.body)
        whole = [row.id for row in page(select, BY_TIME, limit=100).items]
        assert len(whole) == 12
        found, after = [], None
        while True:
            part = page(select, BY_TIME, after=after, limit=5)
            found += [row.id for row in part.items]
            after = part.next
            if after is None:
                break
        assert found == whole


def cursor(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "forged",
    ["x", "é", "%00", cursor([1]), cursor([1, 2]), cursor(["a", 1]), cursor([{"t": "2026-01-01"}, 1]), cursor({}),
     cursor([{"t": "2026-01-01T00:00:00+00:00"}, 2**80]),
     cursor([{"t": "2026-01-01T00:00:00+00:00"}, True]),
     cursor([{"t": "0001-01-01T00:00:00+14:00"}, 1]), cursor([{"t": "2026-01-01T00:00:00+00:00"}, 2**40]),
     "A" * 9000],
)  # fmt: skip
def test_a_forged_cursor_is_refused(app, posts, forged):
    with app.app_context(), pytest.raises(Invalid):
        page(sa.select(Post.id, Post.created_at), BY_TIME, after=forged)


def test_a_ready_select_is_built_once_and_answers_each_viewer(app, posts):
    built = []

    @ready(shape=("order",))
    def own_posts(viewer, *, body="", order="new"):
        built.append(viewer)
        select = sa.select(Post.id, Post.created_at, Post.author_id).where(Post.author_id == viewer.id)
        return select.where(Post.body == body) if body else select

    with app.app_context():
        author = db.session.scalar(sa.select(Post.author_id).limit(1))
        assert len(own_posts(Viewer(id=author)).all()) == 12
        assert own_posts(Viewer(id=author + 1)).all() == []
        assert len(own_posts(Viewer(id=author), body="3").all()) == 1
        assert own_posts(Viewer(id=author), body="none").first() is None
        assert own_posts(GUEST).all() == []
        assert len(page(own_posts(Viewer(id=author)), BY_TIME, limit=7).items) == 7
        assert len(page(own_posts(Viewer(id=author + 1)), BY_TIME, limit=7).items) == 0
    assert len(built) == 3  # signed in, signed in with a body, guest


def test_a_moment_is_read_when_the_statement_runs(app, posts):
    select = sa.select(sa.func.count()).select_from(Post).where(Post.created_at > from_now(timedelta(hours=-1)))
    with app.app_context():
        assert db.session.scalar(select) == 12
        with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
            assert db.session.scalar(select) == 0
