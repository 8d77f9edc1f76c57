"""What is new, told at once to who wants that: once, and never to who may not see it when the letter goes."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.deliveries.models import Told
from alumni.groups.models import Membership, MembershipState, Rhythm
from alumni.members.models import Member, ProfileCheck
from alumni.posts.models import Post
from tests.cast import Cast
from tests.deliveries.test_digests import id_of, set_rhythm, text_of, to

NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(app, cast):
    with time_machine.travel(NOON, tick=False):
        with app.app_context():
            set_rhythm(Cast.bob, Rhythm.AT_ONCE)
            db.session.commit()
        yield


def work(app):
    with app.app_context():
        worker.run_due()
        db.session.remove()


def write(browse, cast, body="The reunion is in May.", by=Cast.alice):
    answer = browse(by).post(f"/groups/{cast.group}/posts", {"body": body, "once": new_key(), "act": "send"})
    assert answer.status_code == 303


def test_a_new_post_and_its_announcement_are_one_letter(app, browse, cast, postbox, read):
    write(browse, cast)
    work(app)
    [letter] = to(postbox, Cast.bob)
    assert letter["Subject"] == "New in JENESYS2016 16th Batch"
    assert letter["List-Id"] == "<news.letters.localhost>"
    assert "The reunion is in May." in text_of(letter)
    assert to(postbox, Cast.alice) == to(postbox, Cast.carol) == to(postbox, Cast.sue) == []
    [(key,)] = read(sa.select(Post.key))
    form = {"role": "everybody", "country": "", "cohort": "", "act": "send"}
    assert browse(Cast.alice).post(f"/posts/{key}/announce", form).status_code == 303
    work(app)
    assert len(to(postbox, Cast.bob)) == 1
    assert len(read(sa.select(Told.about))) == 1
    path = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    mine = sa.select(Membership.rhythm).where(Membership.account_id == id_of(Cast.bob))
    assert read(mine) == [(Rhythm.NONE,)]  # of this group alone


@pytest.mark.parametrize("change", ["left", "muted", "gone"])
def test_what_changed_before_the_letter_went(app, browse, cast, postbox, change):
    write(browse, cast)
    with app.app_context():
        if change == "left":
            gone = {"state": MembershipState.LEFT, "joined_at": None}
            db.session.execute(sa.update(Membership).where(Membership.account_id == id_of(Cast.bob)).values(gone))
        elif change == "muted":
            set_rhythm(Cast.bob, Rhythm.NONE)
        else:
            db.session.execute(sa.delete(Post))
        db.session.commit()
    work(app)
    assert postbox.letters == []


def test_an_answer_is_told_to_who_asked(app, browse, cast, postbox, read):
    write(browse, cast, by=Cast.bob)
    [(key,)] = read(sa.select(Post.key))
    assert browse(Cast.alice).post(f"/posts/{key}/answers", {"body": "I come.", "once": new_key()}).status_code == 303
    work(app)
    [letter] = to(postbox, Cast.bob)
    assert letter["Subject"] == "An answer to what you wrote"
    assert "I come." in text_of(letter)
    assert f"/posts/{key}" in text_of(letter)


def test_a_profile_is_asked_about_after_half_a_year_and_said_to_be_right(app, browse, cast, postbox, read):
    with app.app_context():
        recent = sa.update(Member).where(Member.account_id != id_of(Cast.bob))
        db.session.execute(recent.values(updated_at=NOON - timedelta(days=100)))
        old = sa.update(Member).where(Member.account_id == id_of(Cast.bob))
        db.session.execute(old.values(updated_at=NOON - timedelta(days=190), employer="City of Vientiane"))
        db.session.commit()
        for _ in range(2):
            worker.run_daily()
        db.session.remove()
    work(app)
    [letter] = postbox.letters
    assert (letter["To"], letter["Subject"]) == (Cast.bob, "Is this still right?")
    assert "City of Vientiane" in text_of(letter)
    [path] = [line for line in text_of(letter).split() if "/letters/profile/" in line]
    path = path.removeprefix("http://localhost")
    guest = browse("")
    assert "City of Vientiane" in guest.get(path).text
    assert read(sa.select(ProfileCheck.confirmed_at)) == [(None,)]  # reading says nothing
    assert guest.post(path).status_code == 200
    assert read(sa.select(ProfileCheck.confirmed_at)) == [(NOON,)]
    assert "2 March 2027" in browse(Cast.bob).get("/me/profile").text
    assert guest.post(path.replace("profile/", "profile/x")).status_code == 410
    assert guest.get("/letters/address/" + path.rpartition("/")[2]).status_code == 410
    with app.app_context():
        db.session.execute(sa.update(Account).values(zone="UTC"))
        db.session.commit()
