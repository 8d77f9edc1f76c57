"""Posts of a group: reading, writing, taking back, hiding and restoring, by everybody of the cast."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.errors import NotPermitted
from alumni.core.jobs import Job
from alumni.core.tokens import new_key
from alumni.groups.models import Group, GroupPath, Membership, MembershipState
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Member
from alumni.posts import actions, policy
from alumni.posts.models import Post
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_pages import count_queries

INSIDE = (Cast.alice, Cast.bob, Cast.sam)
OUTSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.mona)
BODIES = sa.select(Post.body).order_by(Post.id)


def member(email: str) -> Member:
    return db.session.scalars(
        sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == email)
    ).one()


@pytest.fixture
def posts(app, cast) -> dict[str, str]:
    """One post by each of three people: their keys by address."""
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        keys = {}
        for email in (Cast.alice, Cast.bob, Cast.mallory):
            keys[email] = builders.make_post(group, member(email), f"Words of {email}, *in short*.").key
        db.session.commit()
    return keys


def page(browser, cast) -> str:
    return browser.get(f"/groups/{cast.group}/posts").get_data(as_text=True)


def items(browser, cast) -> list[dict]:
    return browser.get(f"/api/v1/groups/{cast.group}/posts").json["items"]


def test_those_inside_read_the_same_on_the_page_and_in_the_list(browse, cast, posts):
    for email in INSIDE:
        browser = browse(email)
        html, listed = page(browser, cast), [item["key"] for item in items(browser, cast)]
        assert [key in listed for key in posts.values()] == [f'id="post-{key}"' in html for key in posts.values()]
        assert (posts[Cast.mallory] in listed) == (email != Cast.bob)  # Bob has blocked Mallory
        assert "<em>in short</em>" in html
    assert items(browse(Cast.alice), cast)[0]["author"] is not None
    for email in OUTSIDE:
        assert browse(email).get(f"/groups/{cast.group}/posts").status_code == 403, email
        assert browse(email).get(f"/api/v1/groups/{cast.group}/posts").status_code == 403, email
    assert browse("").get(f"/groups/{cast.group}/posts").status_code == 303
    assert browse("").get(f"/api/v1/groups/{cast.group}/posts").status_code == 401
    assert browse(Cast.bob).get("/groups/no-such-group/posts").status_code == 404


def test_an_author_is_named_as_far_as_they_chose(browse, app, cast, posts):
    def author(email: str):
        return next(i["author"] for i in items(browse(Cast.sam), cast) if i["key"] == posts[email])

    assert author(Cast.alice)["name"] == "Alice Phommasan"
    assert author(Cast.mallory)["name"] == "Mallory Black"  # out of the group, but open to members
    with app.app_context():
        for email, audience in ((Cast.alice, Audience.GROUPS), (Cast.mallory, Audience.GROUPS)):
            somebody = member(email)
            somebody.name_audience = audience
            refresh_listings(somebody)
        db.session.commit()
    assert author(Cast.alice)["name"] == "Alice Phommasan"
    assert author(Cast.mallory) is None  # shares no group any more
    with app.app_context():
        db.session.execute(sa.update(Post).where(Post.key == posts[Cast.alice]).values(author_id=None))
        db.session.commit()
    assert author(Cast.alice) is None
    assert page(browse(Cast.sam), cast).count("A former member") == 2
    assert "Alice Phommasan" not in page(browse(Cast.sam), cast)


def test_writing(browse, cast, read):
    bob = browse(Cast.bob)
    once = new_key()
    for _twice in range(2):
        answer = bob.post(
            f"/groups/{cast.group}/posts", {"once": once, "body": "Who kept the map?\r\n\r\nI lost mine."}
        )
        assert answer.status_code == 303
    assert read(BODIES) == [("Who kept the map?\n\nI lost mine.",)]
    answers = [
        bob.send(f"/api/v1/groups/{cast.group}/posts", {"body": "สวัสดี"}, headers={"Idempotency-Key": "a"})
        for _twice in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert answers[0].json["author"]["name"] == "ບຸນມີ ວົງສາ"
    assert answers[0].json["is_mine"] is True
    # The key of somebody else makes a post of one's own.
    assert browse(Cast.alice).post(f"/groups/{cast.group}/posts", {"once": once, "body": "Me too."}).status_code == 303
    assert [body for (body,) in read(BODIES)] == ["Who kept the map?\n\nI lost mine.", "สวัสดี", "Me too."]
    for email in OUTSIDE:
        assert browse(email).post(f"/groups/{cast.group}/posts", {"body": "Let me in."}).status_code == 403, email
        assert browse(email).send(f"/api/v1/groups/{cast.group}/posts", {"body": "Let me in."}).status_code == 403
    assert browse("").send(f"/api/v1/groups/{cast.group}/posts", {"body": "Let me in."}).status_code == 401
    assert len(read(BODIES)) == 3


@pytest.mark.parametrize(
    "body",
    ["", "   ", "x" * 10_001, "x" * 100_000, "a\0b", "\u202eevil", b"\xff\xfe", None],
)
def test_bad_posts(browse, cast, read, body):
    browser = browse(Cast.bob)
    data = {} if body is None else {"body": body}
    answer = browser.post(f"/groups/{cast.group}/posts", data)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'href="#body"' in html
    assert "<title>Error:" in html
    if isinstance(body, str) and len(body) > 10_000:
        assert body in html
    if not isinstance(body, bytes):
        answer = browser.send(f"/api/v1/groups/{cast.group}/posts", data)
        assert answer.status_code == 422
        assert list(answer.json["fields"]) == ["body"]
    assert read(BODIES) == []


def test_bad_json(browse, cast, read):
    browser, path = browse(Cast.bob), f"/api/v1/groups/{cast.group}/posts"
    assert browser.send(path, ["an", "array"]).status_code == 422
    assert list(browser.send(path, {"body": {"an": "object"}}).json["fields"]) == ["body"]
    assert browser.client.post(path, json={"body": "No token."}).status_code == 400
    headers = {"X-CSRFToken": browser.token(), "Content-Type": "application/json"}
    assert browser.client.post(path, data=b"{", headers=headers).status_code == 400
    assert browser.get(f"{path}?limit=0").status_code == 422
    assert browser.get(f"{path}?after=x").status_code == 422
    assert browser.get(f"/groups/{cast.group}/posts?after=x").status_code == 422
    assert read(BODIES) == []


def test_html_in_a_post_is_text(browse, cast):
    browser = browse(Cast.bob)
    browser.post(f"/groups/{cast.group}/posts", {"body": "<script>alert(1)</script> [x](javascript:alert(1))"})
    html = page(browser, cast)
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_taking_back(browse, cast, posts, read):
    key = posts[Cast.bob]
    for email in (Cast.alice, Cast.sam):
        assert browse(email).post(f"/posts/{key}/delete").status_code == 403, email
        assert browse(email).send(f"/api/v1/posts/{key}", method="DELETE").status_code == 403, email
    for email in OUTSIDE:
        expected = 403 if email == Cast.sue else 404
        assert browse(email).post(f"/posts/{key}/delete").status_code == expected, email
        assert browse(email).send(f"/api/v1/posts/{key}", method="DELETE").status_code == expected, email
    assert browse(Cast.mallory).send(f"/api/v1/posts/{posts[Cast.mallory]}", method="DELETE").status_code == 404
    assert len(read(BODIES)) == 3
    assert browse(Cast.bob).post(f"/posts/{key}/delete").status_code == 303
    assert browse(Cast.bob).post(f"/posts/{key}/delete").status_code == 404
    assert browse(Cast.alice).send(f"/api/v1/posts/{posts[Cast.alice]}", method="DELETE").status_code == 204
    assert len(read(BODIES)) == 1


def test_an_organiser_hides_and_the_author_hears_why(browse, cast, posts, read):
    key = posts[Cast.bob]
    assert f"/posts/{key}/hide" in page(browse(Cast.alice), cast)
    assert "/hide" not in page(browse(Cast.bob), cast)
    for email in OUTSIDE:
        expected = 403 if email == Cast.sue else 404
        assert browse(email).post(f"/posts/{key}/hide", {"reason": "No."}).status_code == expected, email
    assert browse(Cast.bob).post(f"/posts/{posts[Cast.alice]}/hide", {"reason": "No."}).status_code == 403
    alice = browse(Cast.alice)
    assert "Words of bob" in alice.get(f"/posts/{key}/hide").get_data(as_text=True)
    for reason in ("", "\u202e", "x" * 100_000):
        assert alice.post(f"/posts/{key}/hide", {"reason": reason}).status_code == 422
    assert alice.post(f"/posts/{key}/hide", {"reason": "It names a child."}).status_code == 303
    for email in INSIDE:
        assert key not in page(browse(email), cast)
        assert key not in [item["key"] for item in items(browse(email), cast)]
    assert alice.post(f"/posts/{key}/hide", {"reason": "Again."}).status_code == 404
    assert read(
        sa.select(AuditLine.action, AuditLine.subject, AuditLine.reason).where(AuditLine.action != "access.refuse")
    ) == [("post.hide", f"post:{key}", "It names a child.")]
    (payload,) = read(sa.select(Job.payload))[0]
    assert (payload["template"], payload["facts"]["reason"]) == ("posts/hidden", "It names a child.")


def test_hiding_and_restoring_by_rank(app, cast, posts, read):
    key = posts[Cast.bob]
    with app.app_context():
        top = builders.make_group("Top")
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        builders.add(GroupPath(ancestor_id=top.id, descendant_id=group.id, depth=1))
        builders.join(member(Cast.carol), top, organiser=True)
        db.session.commit()
        post = db.session.query(Post).filter_by(key=key).one()
        may_hide = {email for email in Cast.everybody if policy.can_hide(viewer_of(email), post)}
        assert may_hide == {Cast.alice, Cast.carol, Cast.mona, Cast.sam}
        with pytest.raises(NotPermitted):
            actions.hide_post(actor=viewer_of(Cast.bob), post=post, reason="Mine.")
        for _twice in range(2):
            actions.hide_post(actor=viewer_of(Cast.mona), post=post, reason="Harm.")
            db.session.commit()
        assert post.hidden_at is not None
        for email in (Cast.alice, Cast.bob, Cast.carol, Cast.sue, Cast.guest):
            with pytest.raises(NotPermitted):
                actions.restore_post(actor=viewer_of(email), post=post, reason="No.")
        for _twice in range(2):
            actions.restore_post(actor=viewer_of(Cast.sam), post=post, reason="It was right.")
            db.session.commit()
        assert post.hidden_at is None
    lines = read(sa.select(AuditLine.action).order_by(AuditLine.id))
    assert [action for (action,) in lines] == ["post.hide", "post.restore"]


def test_the_rule_answers_for_a_viewer_and_for_everybody(app, cast, posts):
    with app.app_context():
        readers = {Cast.alice, Cast.sam}
        rule = sa.select(Account.email).join(Post, Post.key == posts[Cast.mallory]).where(policy.visible_to(Account))
        assert set(db.session.scalars(rule)) == readers
        for email in Cast.everybody:
            one = sa.select(Post.id).where(Post.key == posts[Cast.mallory], policy.visible_to(viewer_of(email)))
            assert bool(db.session.scalar(one)) == (email in readers)


def test_newest_first_page_by_page(browse, app, cast):
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        for number in range(60):
            builders.make_post(group, member(Cast.alice), f"Post {number}")
        db.session.commit()
    browser, seen, after = browse(Cast.bob), [], ""
    while after is not None:
        answer = browser.get(f"/api/v1/groups/{cast.group}/posts?limit=17&after={after}").json
        seen += [item["body"] for item in answer["items"]]
        after = answer["next"]
    assert seen == [f"Post {number}" for number in reversed(range(60))]
    html = page(browser, cast)
    assert "Post 35" in html
    assert "Post 34" not in html
    assert 'rel="next"' in html


def test_whoever_leaves_reads_no_more(browse, app, cast, posts):
    with app.app_context():
        membership = db.session.get(
            Membership, (member(Cast.bob).account_id, db.session.query(Group).filter_by(slug=cast.group).one().id)
        )
        membership.state, membership.joined_at = MembershipState.LEFT, None
        db.session.commit()
    assert browse(Cast.bob).get(f"/groups/{cast.group}/posts").status_code == 403
    assert browse(Cast.bob).post(f"/posts/{posts[Cast.bob]}/delete").status_code == 404


def test_a_page_costs_few_queries(browse, app, cast, posts):
    for email in INSIDE:
        browser = browse(email)
        page(browser, cast)
        assert count_queries(app, lambda browser=browser: page(browser, cast)) <= 6
