"""What the graduates of a programme write to each other, and what was written in the groups of their cohorts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db
from alumni.members.models import ParticipationState
from alumni.moderation.models import Report
from alumni.posts.models import Post
from alumni.programmes.models import Programme, ProgrammeKind
from tests import builders
from tests.cast import Cast
from tests.groups.test_pages import count_queries
from tests.posts.conftest import group, member

READERS = (Cast.alice, Cast.bob, Cast.carol, Cast.sam)
OTHERS = (Cast.nia, Cast.mona, Cast.sue, Cast.olga)
PATH = "/programmes/jenesys2016/posts"


def bodies(browser, path=PATH) -> list[str]:
    return [item["body"] for item in browser.get(f"/api/v1{path}").json["items"]]


def test_everybody_who_was_there_reads_it(browse, cast, post, read):
    carol = browse(Cast.carol)
    assert PATH in carol.get("/programmes/jenesys2016").text
    assert carol.post(PATH, {"body": "Who is in *Tokyo*?"}).status_code == 303
    assert "Everybody who was there can read it now." in carol.get(PATH).text
    for email in READERS:
        assert "Who is in <em>Tokyo</em>?" in browse(email).get(PATH).text, email
    # Those in the cohort's group read its posts here too, the others do not.
    assert bodies(browse(Cast.bob)) == ["Who is in *Tokyo*?", "Who has the map?"]
    assert bodies(carol) == ["Who is in *Tokyo*?"]
    assert f"/groups/{cast.group}/posts" in browse(Cast.bob).get(PATH).text
    assert "Tokyo" not in browse(Cast.bob).get(f"/groups/{cast.group}/posts").text
    assert carol.send(f"/api/v1{PATH}", {"body": "And in Osaka?"}).status_code == 201
    assert read(sa.select(Post.group_id).where(Post.body.like("%Osaka%"))) == [(None,)]


def test_such_a_post_is_answered_reported_hidden_and_taken_back(browse, cast, read):
    carol, bob = browse(Cast.carol), browse(Cast.bob)
    key = carol.send(f"/api/v1{PATH}", {"body": "Who is in Tokyo?"}).json["key"]
    assert "JENESYS2016" in bob.get(f"/posts/{key}").text
    assert bob.post(f"/posts/{key}/answers", {"body": "I am."}).location == f"/posts/{key}"
    assert carol.get(f"/api/v1/posts/{key}/answers").json["items"][0]["body"] == "I am."
    assert bob.post("/report", {"post": key, "reason": "spam"}).status_code == 303
    assert read(sa.select(Report.snapshot))[0].snapshot["place"] == "JENESYS2016"
    for email in (Cast.alice, Cast.bob):
        assert browse(email).post(f"/posts/{key}/pin").status_code == 403
        assert browse(email).get(f"/posts/{key}/announce").status_code == 403
        assert browse(email).post(f"/posts/{key}/hide", {"reason": "No."}).status_code == 403
    assert browse(Cast.sam).post(f"/posts/{key}/hide", {"reason": "Wrong place."}).location == PATH
    assert bob.get(f"/posts/{key}").status_code == 404
    second = carol.send(f"/api/v1{PATH}", {"body": "Again."}).json["key"]
    assert carol.post(f"/posts/{second}/delete").location == PATH
    assert bodies(carol) == []


def test_those_of_an_edition_belong_to_its_series(browse, app, cast):
    with app.app_context():
        series = builders.make_programme("jenesys", kind=ProgrammeKind.SERIES)
        db.session.execute(sa.update(Programme).where(Programme.slug == "jenesys2016").values(parent_id=series.id))
        db.session.commit()
    path = "/programmes/jenesys/posts"
    assert browse(Cast.bob).post(path, {"body": "To all editions."}).status_code == 303
    assert bodies(browse(Cast.carol), path) == ["To all editions."]
    assert bodies(browse(Cast.carol)) == []
    assert browse(Cast.nia).get(path).status_code == 403


def test_newest_first_page_by_page_over_several_groups(browse, app, cast):
    with app.app_context():
        builders.join(member(Cast.bob), group(cast.other_group))
        programme = db.session.query(Programme).filter_by(slug="jenesys2016").one()
        alice, now = member(Cast.alice), clock.now()
        for number in range(60):
            place = number % 3
            where = {"programme_id": programme.id, "group_id": None} if place == 2 else {}
            at = now + timedelta(minutes=number)
            circle = group(cast.group if place else cast.other_group)
            if where:
                builders.add(Post(author_id=alice.account_id, body=f"Post {number}", created_at=at, **where))
            else:
                builders.make_post(circle, alice, f"Post {number}", created_at=at)
        db.session.commit()
    browser, seen, after = browse(Cast.bob), [], ""
    while after is not None:
        found = browser.get(f"/api/v1{PATH}?limit=17&after={after}").json
        seen += [item["body"] for item in found["items"]]
        after = found["next"]
    assert seen == [f"Post {number}" for number in reversed(range(60))]
    assert 'rel="next"' in browser.get(PATH).text
    assert count_queries(app, lambda: browser.get(PATH)) <= 6
    assert browser.get(f"/api/v1{PATH}?after=x").status_code == 422
    assert browser.get(f"{PATH}?after=x").status_code == 422


@pytest.mark.parametrize("email", OTHERS)
def test_who_was_not_there_neither_reads_nor_writes(browse, cast, email, read):
    browser = browse(email)
    assert browser.get(PATH).status_code == 403
    assert browser.post(PATH, {"body": "Hello."}).status_code == 403
    assert browser.get(f"/api/v1{PATH}").status_code == 403
    assert browser.send(f"/api/v1{PATH}", {"body": "Hello."}).status_code == 403
    assert read(sa.select(Post.id)) == []


def test_other_refusals(browse, app, cast, read):
    assert browse("").get(PATH).status_code == 303
    assert browse("").send(f"/api/v1{PATH}", {"body": "Hello."}).status_code == 401
    assert browse(Cast.bob).get("/programmes/no-such-thing/posts").status_code == 404
    assert browse(Cast.bob).post(PATH, {"body": ""}).status_code == 422
    key = browse(Cast.alice).send(f"/api/v1{PATH}", {"body": "Mine."}).json["key"]
    assert browse(Cast.nia).get(f"/posts/{key}").status_code == 404
    assert browse(Cast.mallory).get(f"/posts/{key}").status_code == 200  # out of the group, but was there
    mine = browse(Cast.bob).send(f"/api/v1{PATH}", {"body": "Mine too."}).json["key"]
    assert browse(Cast.mallory).get(f"/posts/{mine}").status_code == 404  # he has blocked her
    with app.app_context():
        builders.take_part(
            member(Cast.nia), builders.make_cohort(db.session.query(Programme).one()), state=ParticipationState.DECLINED
        )
        db.session.commit()
    assert browse(Cast.nia).get(PATH).status_code == 403
