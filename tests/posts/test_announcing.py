"""Announcing: to all or a chosen part, the number first, once each, in each reader's language; and the public feed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.viewer import Viewer
from alumni.groups.models import Membership, MembershipState, Visibility
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Block
from alumni.posts import actions
from alumni.posts.actions import announcements
from alumni.posts.models import Announcement, Post
from alumni.posts.queries import Part
from tests import builders
from tests.cast import Cast
from tests.groups.test_race import at_once
from tests.posts.conftest import group, member, work

ALL = {"role": "everybody", "country": "", "cohort": ""}
SEND = ALL | {"act": "send"}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def crowd(app, cast, post) -> None:
    """The cohort's group with people in every state."""
    with app.app_context():
        circle = group(cast.group)
        people = {
            name: builders.make_member(name.title(), email=f"{name}@example.org", **values)
            for name, values in {
                "yuki": {"country": "JP", "account": {"language": "ja"}},
                "lam": {"country": "VN"},
                "unsure": {"account": {"state": AccountState.UNCONFIRMED}},
                "gone": {},
                "foe": {},
                "foul": {},
            }.items()
        }
        for name, person in people.items():
            builders.join(person, circle, state=MembershipState.LEFT if name == "gone" else MembershipState.ACTIVE)
        alice = member(Cast.alice).account_id
        db.session.add(Block(blocker_id=people["foe"].account_id, blocked_id=alice))
        db.session.add(Block(blocker_id=alice, blocked_id=people["foul"].account_id))
        db.session.commit()


def receivers(postbox) -> list[str]:
    return sorted(letter["To"] for letter in postbox.letters)


def test_it_is_counted_first_and_sent_once_to_each(browse, app, crowd, postbox, post, read):
    alice, path = browse(Cast.alice), f"/posts/{post}/announce"
    assert path in alice.get(f"/posts/{post}").text
    assert "Send it as a letter" in alice.get(path).text
    counted = alice.post(path, ALL).text
    assert "3 people get it." in counted  # Bob, Yuki, Lam
    assert "Send 3 letters" in counted
    assert read(sa.select(Announcement.id)) == []
    sent = alice.post(path, SEND)
    assert (sent.status_code, sent.location) == (303, f"/posts/{post}")
    for _again in range(3):
        work(app)
    assert receivers(postbox) == ["bob@example.org", "lam@example.org", "yuki@example.org"]
    letters = {letter["To"]: letter.get_body(("plain",)).get_content() for letter in postbox.letters}
    assert "Alice Phommasan writes to “JENESYS2016 16th Batch”:" in letters["bob@example.org"]
    assert "Who has the map?" in letters["yuki@example.org"]
    assert "Alice Phommasan writes" not in letters["yuki@example.org"]  # it is in Japanese
    assert f"/posts/{post}" in letters["lam@example.org"]
    assert read(sa.select(Announcement.sent_count, Announcement.done_at.is_not(None))) == [(3, True)]
    assert read(sa.select(AuditLine.action)) == [("post.announce",)]
    assert "Announced</span>" in browse(Cast.bob).get(f"/posts/{post}").text
    again = alice.post(path, SEND)
    assert (again.status_code, "announced already" in again.text) == (409, True)
    work(app)
    assert len(postbox.letters) == 3


@pytest.mark.parametrize(
    ("part", "who"),
    [
        ({"country": "VN"}, ["lam@example.org"]),
        ({"role": "organisers"}, ["sam@example.org"]),
        ({"cohort": "jenesys2016-batch-16"}, ["bob@example.org"]),
        ({"cohort": "jenesys2016-batch-16", "country": "LA"}, ["bob@example.org"]),
    ],
    ids=["country", "organisers", "cohort", "both"],
)
def test_a_part_of_the_group(browse, app, cast, crowd, postbox, post, part, who):
    with app.app_context():
        builders.join(member(Cast.sam), group(cast.group), organiser=True)
        db.session.commit()
    alice = browse(Cast.alice)
    assert "1 person gets it." in alice.post(f"/posts/{post}/announce", ALL | part).text
    assert alice.post(f"/posts/{post}/announce", SEND | part).status_code == 303
    work(app)
    assert receivers(postbox) == who


def test_nobody_to_write_to(browse, app, crowd, postbox, post, read):
    alice, path = browse(Cast.alice), f"/posts/{post}/announce"
    for act in ("", "send"):
        answer = alice.post(path, ALL | {"country": "BR", "act": act})
        assert (answer.status_code, "Nobody in the group fits this." in answer.text) == (422, True)
    for wrong in ({"country": "XX"}, {"role": "kings"}, {"cohort": "no-such-cohort"}):
        assert alice.post(path, SEND | wrong).status_code == 422, wrong
    work(app)
    assert (postbox.letters, read(sa.select(Post.announced_at))) == ([], [(None,)])


def test_the_rules_are_asked_again_when_a_letter_is_sent(browse, app, crowd, postbox, post):
    browse(Cast.alice).post(f"/posts/{post}/announce", SEND)
    with app.app_context():
        (job,) = db.session.scalars(sa.select(Job)).all()
        worker.run(job.id)  # the letters are promised, none is sent
        bob, lam = member("bob@example.org").account_id, member("lam@example.org").account_id
        db.session.get(Account, bob).state = AccountState.SUSPENDED
        left = sa.update(Membership).where(Membership.account_id == lam)
        db.session.execute(left.values(state=MembershipState.LEFT, joined_at=None))
        db.session.commit()
        db.session.remove()
    work(app)
    assert receivers(postbox) == ["yuki@example.org"]


def test_what_is_hidden_before_it_is_sent_is_not_sent(browse, app, crowd, postbox, post):
    browse(Cast.alice).post(f"/posts/{post}/announce", SEND)
    with app.app_context():
        db.session.execute(sa.update(Post).values(hidden_at=clock.now()))
        db.session.commit()
    work(app)
    assert postbox.letters == []


def test_a_large_group_is_written_to_in_steps(browse, app, cast, post, read, monkeypatch):
    monkeypatch.setattr(announcements, "LETTERS_AT_A_TIME", 2)
    with app.app_context(), builders.crowd():
        for number in range(5):
            builders.join(builders.make_member(f"Person {number}"), group(cast.group))
        db.session.commit()
    browse(Cast.alice).post(f"/posts/{post}/announce", SEND)
    with app.app_context():
        announcement = db.session.scalars(sa.select(Announcement)).one()
        for _step in range(8):
            actions.promise_letters(announcement.id)
            db.session.commit()
        promised = db.session.scalars(sa.select(Job.payload).where(Job.kind == actions.SEND_ANNOUNCEMENT)).all()
        assert len({payload["to"] for payload in promised}) == len(promised) == 6  # they and Bob
        assert db.session.scalar(sa.select(Announcement.sent_count)) == 6


@pytest.mark.alone
def test_of_many_who_announce_and_promise_at_once_each_is_done_once(alone):
    with alone.app_context():
        circle, alice = builders.make_group("Circle"), builders.make_member("Alice")
        builders.join(alice, circle, organiser=True)
        with builders.crowd():
            for number in range(20):
                builders.join(builders.make_member(f"Person {number}"), circle)
        post_id = builders.make_post(circle, alice).id
        db.session.commit()
        actor = Viewer(id=alice.account_id)

    def announce(_number: int) -> str:
        actions.announce_post(actor=actor, post=db.session.get(Post, post_id), part=Part(), is_public=False)
        return "announced"

    assert sorted(at_once(alone, announce, list(range(8)))) == ["announced"] + ["announced-already"] * 7

    def promise(_number: int) -> str:
        actions.promise_letters(db.session.scalars(sa.select(Announcement.id)).one())
        return "promised"

    at_once(alone, promise, list(range(8)))
    with alone.app_context():
        promised = db.session.scalars(sa.select(Job.payload).where(Job.kind == actions.SEND_ANNOUNCEMENT)).all()
        assert sorted(payload["to"] for payload in promised) == sorted({payload["to"] for payload in promised})
        assert len(promised) == 20


def test_who_may_not_announce(browse, cast, post, read):
    path = f"/posts/{post}/announce"
    for email, expected in {
        Cast.bob: 403,
        Cast.sue: 403,
        Cast.carol: 404,
        Cast.mallory: 404,
        Cast.nia: 404,
        Cast.mona: 404,
        "": 303,
    }.items():
        assert browse(email).get(path).status_code == expected, email
        assert browse(email).post(path, SEND).status_code == expected, email
    answer = browse(Cast.bob).send(f"/api/v1/posts/{post}/answers", {"body": "Me."}).json["key"]
    assert browse(Cast.alice).get(f"/posts/{answer}/announce").status_code == 403
    assert read(sa.select(Announcement.id)) == []


def entries(answer) -> list[ET.Element]:
    return ET.fromstring(answer.data).findall(f"{ATOM}entry")


def test_the_public_feed_has_what_was_marked_for_everybody(browse, app, cast, post):
    path, guest = f"/groups/{cast.group}/feed.atom", browse("")
    empty = guest.get(path)
    assert (empty.status_code, empty.mimetype, entries(empty)) == (200, "application/atom+xml", [])
    alice = browse(Cast.alice)
    with app.app_context():
        key = builders.make_post(group(cast.group), member(Cast.alice), "For us alone.").key
        public = builders.make_post(
            group(cast.group), member(Cast.alice), "# We *meet* & eat\n\nAll.", language="fr"
        ).key
        db.session.commit()
    assert alice.post(f"/posts/{key}/announce", SEND).status_code == 303
    assert alice.post(f"/posts/{public}/announce", SEND | {"is_public": "y"}).status_code == 303
    (entry,) = entries(guest.get(path))
    assert entry.findtext(f"{ATOM}title") == "We *meet* & eat"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert "<em>meet</em>" in entry.findtext(f"{ATOM}content")
    assert entry.findtext(f"{ATOM}id").endswith(f"/posts/{public}")
    assert entry.find(f"{ATOM}author") is None  # Alice is not open to the public
    assert "Alice" not in guest.get(path).text
    assert path in guest.get(f"/groups/{cast.group}").text
    tag = guest.get(path).headers["ETag"]
    assert guest.get(path, headers={"If-None-Match": tag}).status_code == 304
    with app.app_context():
        person = member(Cast.alice)
        person.name_audience = Audience.PUBLIC
        refresh_listings(person)
        db.session.commit()
    assert entries(guest.get(path))[0].find(f"{ATOM}author").findtext(f"{ATOM}name") == "Alice Phommasan"
    alice.post(f"/posts/{public}/hide", {"reason": "Not yet."})
    assert entries(guest.get(path)) == []


def test_a_group_that_not_everybody_sees_has_no_feed(browse, app, cast, post):
    with app.app_context():
        group(cast.group).visibility = Visibility.MEMBERS
        db.session.commit()
    for email in (Cast.alice, Cast.sam, ""):
        assert browse(email).get(f"/groups/{cast.group}/feed.atom").status_code == 404, email
    refused = browse(Cast.alice).post(f"/posts/{post}/announce", SEND | {"is_public": "y"})
    assert (refused.status_code, "has no public feed" in refused.text) == (422, True)
    assert browse("").get("/groups/no-such-group/feed.atom").status_code == 404


def test_whoever_muted_the_group_gets_no_letter(browse, app, crowd, postbox, post):
    assert browse(Cast.bob).post("/groups/jenesys2016-batch-16/mute").status_code == 303
    alice, path = browse(Cast.alice), f"/posts/{post}/announce"
    assert "2 people get it." in alice.post(path, ALL).text
    alice.post(path, SEND)
    work(app)
    assert receivers(postbox) == ["lam@example.org", "yuki@example.org"]
