"""What looks like advertising waits, its author sees that, and somebody who looks after the place decides."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.posts.models import HeldWord, Post
from tests.cast import Cast

LINK = "Look at https://watches.example now"


def write(browser, group, body):
    return browser.send(f"/api/v1/groups/{group}/posts", {"body": body})


@pytest.fixture
def waits(cast, browse) -> str:
    """A link that Bob posted, whose account is new."""
    answer = write(browse(cast.bob), cast.group, LINK)
    assert answer.status_code == 201
    return answer.json["key"]


def test_a_link_of_a_new_account_waits_and_its_author_sees_that(cast, browse, read, waits):
    bob, alice = browse(cast.bob), browse(cast.alice)
    assert "only you see it" in bob.get(f"/groups/{cast.group}/posts").text
    assert "watches" not in alice.get(f"/groups/{cast.group}/posts").text
    assert alice.get(f"/posts/{waits}").status_code == 404
    assert "watches" in alice.get("/posts/waiting").text
    assert "watches" in browse(cast.mona).get("/posts/waiting").text
    assert alice.post(f"/posts/{waits}/let-through").status_code == 303
    assert "watches" in browse(cast.bob).get(f"/groups/{cast.group}/posts").text
    assert alice.get(f"/posts/{waits}").status_code == 200
    assert alice.post(f"/posts/{waits}/let-through").status_code == 404
    assert read(sa.select(AuditLine.action)) == [("post.pass",)]


def test_what_is_refused_stays_hidden_and_its_author_is_told(cast, browse, read, waits):
    assert browse(cast.mona).post(f"/posts/{waits}/refuse").status_code == 303
    assert browse(cast.bob).get(f"/posts/{waits}").status_code == 404
    assert "posts/refused" in [row.payload.get("template") for row in read(sa.select(Job.payload))]


def test_its_author_takes_it_back(cast, browse, read, waits):
    assert browse(cast.bob).post(f"/posts/{waits}/delete").status_code == 303
    assert read(sa.select(Post.id)) == []


def test_older_accounts_and_organisers_do_not_wait(app, cast, browse, read):
    write(browse(cast.alice), cast.group, LINK)
    with app.app_context():
        db.session.execute(sa.update(Account).values(created_at=clock.now() - timedelta(days=8)))
        db.session.commit()
    write(browse(cast.bob), cast.group, f"{LINK}!")
    assert read(sa.select(Post.id).where(Post.waits_at.is_not(None))) == []


def test_an_answer_counts_when_it_is_let_through(cast, browse, read):
    alice, bob = browse(cast.alice), browse(cast.bob)
    first = write(alice, cast.group, "Who has been to Nara?").json["key"]
    answer = bob.send(f"/api/v1/posts/{first}/answers", {"body": LINK}).json["key"]
    count = sa.select(Post.answers_count).where(Post.key == first)
    assert read(count) == [(0,)]
    alice.post(f"/posts/{answer}/let-through")
    assert read(count) == [(1,)]
    bob.send(f"/api/v1/posts/{answer}", {"body": f"{LINK}!", "language": "en"}, method="PUT")
    assert read(count) == [(0,)]  # edited, it waits again


def test_words_that_admins_name_make_a_post_wait(cast, browse, read):
    sam, bob = browse(cast.sam), browse(cast.bob)
    assert sam.post("/admin/words", {"word": ""}).status_code == 422
    for word in ("Casino", "casino", "pills.example"):
        assert sam.post("/admin/words", {"word": word}).status_code == 303
    assert read(sa.select(HeldWord.word).order_by(HeldWord.word)) == [("casino",), ("pills.example",)]
    for body in ("A CASINO night", "See pills.example", "The casinos of Macau"):
        write(bob, cast.group, body)
    assert read(sa.select(Post.body).where(Post.waits_at.is_not(None)).order_by(Post.id)) == [
        ("A CASINO night",),
        ("See pills.example",),
    ]
    key = read(sa.select(HeldWord.key).where(HeldWord.word == "casino"))[0].key
    assert sam.post(f"/admin/words/{key}/remove").status_code == 303
    assert "casino" not in sam.get("/admin/words").text
    for who in (cast.bob, cast.alice, cast.mona):
        assert browse(who).get("/admin/words").status_code == 403
        assert browse(who).post("/admin/words", {"word": "x"}).status_code == 403


def test_the_same_in_several_groups_is_refused_kindly(cast, browse, read, monkeypatch):
    sam, words = browse(cast.sam), "Come to the fair."
    assert write(sam, cast.group, words).status_code == 201
    again = sam.post(f"/groups/{cast.other_group}/posts", {"body": "Come  to the FAIR.", "language": "en"})
    assert again.status_code == 422
    assert "You have written the same in another place" in again.text
    assert "to the FAIR." in again.text
    assert write(sam, cast.group, words).status_code == 201  # in the same group it is no advertising
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert write(sam, cast.other_group, words).status_code == 201


@pytest.mark.parametrize("who", ["bob", "carol", "mallory", "nia", "sue", "olga", "otto", "guest"])
def test_nobody_else_lets_it_through(cast, browse, read, waits, who):
    browser = browse(getattr(Cast, who))
    expected = {"guest": 303, "sue": 403}.get(who, 404)
    for act in ("let-through", "refuse"):
        assert browser.post(f"/posts/{waits}/{act}").status_code == expected
    if who not in ("guest", "sue"):
        assert "watches" not in browser.get("/posts/waiting").text
    assert len(read(sa.select(Post.id).where(Post.waits_at.is_not(None)))) == 1
