"""Letters that can be read here: whatever becomes of the mail, by nobody else, and only what may still be seen."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.deliveries.models import KeptLetter
from alumni.groups.models import Rhythm
from alumni.mailing.models import Bounce, Kind, LetterChoice
from alumni.posts.models import Post
from tests.cast import Cast
from tests.deliveries.test_at_once import work
from tests.deliveries.test_digests import id_of, to

NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)
ANSWER = "An answer to what you wrote"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def answer(app, browse, cast, read):
    """Alice answers what Bob has written; the key of her answer."""
    browse(Cast.bob).post(f"/groups/{cast.group}/posts", {"body": "Who comes?", "once": new_key(), "act": "send"})
    [(post,)] = read(sa.select(Post.key))
    browse(Cast.alice).post(f"/posts/{post}/answers", {"body": "I do.", "once": new_key()})
    work(app)
    return read(sa.select(Post.key).where(Post.parent_id.is_not(None)))[0][0]


def keys_of(browser):
    return [item["key"] for item in browser.get("/api/v1/me/letters").json["items"]]


def test_a_letter_is_found_here_read_and_seen(app, browse, cast, read, postbox):
    answer(app, browse, cast, read)
    [letter] = to(postbox, Cast.bob)
    assert letter["Subject"] == ANSWER
    bob = browse(Cast.bob)
    assert "1 new letter" in bob.get("/").text
    page = bob.get("/me/letters").text
    assert ANSWER in page
    assert "New" in page
    [key] = keys_of(bob)
    assert "I do." in bob.get(f"/api/v1/me/letters/{key}").json["text"]
    opened = bob.post(f"/me/letters/{key}")
    assert opened.status_code == 303
    assert "I do." in bob.get(opened.location).text
    assert not bob.get("/api/v1/me/letters").json["items"][0]["is_new"]
    assert "new letter" not in bob.get("/").text
    work(app)
    assert len(keys_of(bob)) == 1


def test_all_are_seen_at_once(app, browse, cast, read):
    answer(app, browse, cast, read)
    bob = browse(Cast.bob)
    assert bob.post("/me/letters").status_code == 303
    assert "new letter" not in bob.get("/").text
    assert bob.send("/api/v1/me/letters/seen", {}).status_code == 204


def test_it_is_there_where_the_mail_does_not_arrive(app, browse, cast, read, postbox):
    with app.app_context():
        account = db.session.scalar(sa.select(id_of(Cast.bob)))
        db.session.add(Bounce(account_id=account, times=3, last_at=NOON, bounced_at=NOON))
        db.session.commit()
    answer(app, browse, cast, read)
    assert to(postbox, Cast.bob) == []
    assert len(keys_of(browse(Cast.bob))) == 1


def test_what_was_stopped_is_not_kept_either(app, browse, cast, read):
    with app.app_context():
        account = db.session.scalar(sa.select(id_of(Cast.bob)))
        db.session.add(LetterChoice(account_id=account, kind=Kind.ANSWERS, rhythm=Rhythm.NONE))
        db.session.commit()
    answer(app, browse, cast, read)
    assert keys_of(browse(Cast.bob)) == []


def test_what_may_not_be_seen_any_more_is_gone(app, browse, cast, read):
    key = answer(app, browse, cast, read)
    bob = browse(Cast.bob)
    [letter] = keys_of(bob)
    with app.app_context():
        db.session.execute(sa.update(Post).where(Post.key == key).values(hidden_at=clock.now()))
        db.session.commit()
    assert keys_of(bob) == []
    assert ANSWER not in bob.get("/me/letters").text
    assert bob.get(f"/me/letters/{letter}").status_code == 404
    assert bob.get(f"/api/v1/me/letters/{letter}").status_code == 404


def test_one_of_an_earlier_release_does_no_harm(app, browse, cast, read):
    answer(app, browse, cast, read)
    with app.app_context():
        account, kept = db.session.scalar(sa.select(id_of(Cast.bob))), {"facts": {}, "written_at": NOON}
        for number, template in enumerate(("groups/admitted", "groups/no_more")):
            letter = KeptLetter(account_id=account, template=template, reference=f"old.{number}", **kept)
            db.session.add(letter)
        db.session.commit()
    assert len(keys_of(browse(Cast.bob))) == 1


def test_after_a_month_it_is_deleted(app, browse, cast, read):
    answer(app, browse, cast, read)
    for days, left in ((29, 1), (30, 0)):
        with time_machine.travel(NOON + timedelta(days=days), tick=False), app.app_context():
            worker.run_daily()
            db.session.remove()
        assert len(read(sa.select(KeptLetter.id))) == left


def test_nobody_else_reads_it(app, browse, cast, read):
    answer(app, browse, cast, read)
    [letter] = keys_of(browse(Cast.bob))
    for email in set(Cast.everybody) - {Cast.bob, Cast.guest}:
        other = browse(email)
        assert keys_of(other) == [], email
        assert other.get(f"/me/letters/{letter}").status_code == 404
        assert other.post(f"/me/letters/{letter}").status_code == 404
    assert browse("").get("/me/letters").status_code == 303
    assert browse("").get(f"/api/v1/me/letters/{letter}").status_code == 401
    assert read(sa.select(KeptLetter.seen_at)) == [(None,)]
