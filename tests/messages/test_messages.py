"""Messages: asking first, accepting or declining, writing, by letter too, leaving, reporting, and who may not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.members.models import Block, Member, Participation
from alumni.messages import actions, queries
from alumni.messages.models import Conversation, ConversationState, InLetters, MayWrite, Message, MessageChoice, Side
from alumni.moderation.models import Report
from alumni.programmes.models import Cohort
from alumni.rosters.models import EntryMark, RosterEntry
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_pages import count_queries, words
from tests.groups.test_race import at_once
from tests.posts.conftest import member

HELLO = {"body": "We sat beside each other on the bus to Hakone."}
API = "/api/v1/messages"


def page_of(app, email: str) -> str:
    with app.app_context():
        return f"/members/{db.session.scalar(sa.select(Account.handle).where(Account.email == email))}"


def to(app, email: str) -> str:
    return page_of(app, email).replace("/members/", "/messages/to/")


def allow(app, email: str, may_write: MayWrite, in_letters: InLetters = InLetters.BEGINNING) -> None:
    with app.app_context():
        row = MessageChoice(account_id=member(email).account_id, may_write=may_write, in_letters=in_letters)
        db.session.merge(row)
        db.session.commit()


def settle(app, email: str) -> None:
    """An account that is a month old."""
    with app.app_context():
        account = db.session.query(Account).filter_by(email=email).one()
        account.created_at = clock.now() - timedelta(days=30)
        db.session.commit()


def asked(app, browse, sender=Cast.alice, reader=Cast.bob, **changes) -> str:
    """The key of the conversation that a note began."""
    sent = browse(sender).post(to(app, reader), HELLO | changes)
    assert sent.status_code == 303, sent.text
    return sent.location.rpartition("/")[2]


def alike(response) -> str:
    """A page without what is drawn by lot each time."""
    return re.sub(r'value="[^"]*"', "", response.text)


def unread(browser) -> int:
    return browser.get(API).json["unread"]


def test_a_note_is_accepted_and_the_two_write_to_each_other(app, browse, cast, read):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    assert to(app, Cast.bob) in alice.get(page_of(app, Cast.bob)).text
    form = alice.get(to(app, Cast.bob))
    assert "You share a group" in words(form)
    once = HELLO | {"once": "2345abcdef"}
    places = {alice.post(to(app, Cast.bob), once).location for _twice in range(2)}
    assert len(places) == 1
    (place,) = places
    assert read(sa.select(sa.func.count(Message.id))) == [(1,)]
    assert "Waiting for an answer" in words(alice.get("/messages"))
    assert alice.post(place, {"body": "And another thing."}).status_code == 409  # not before it is accepted
    seen = words(bob.get("/messages"))
    assert "Would like to write to you" in seen
    assert "Alice Phommasan" in seen
    assert unread(bob) == 1
    assert bob.post(f"{place}/accept").status_code == 303
    assert unread(bob) == 0
    for _twice in range(2):
        assert bob.post(place, {"body": "You had the <window>.\nI remember.", "once": "3456abcdef"}).status_code == 303
    assert unread(alice) == 1
    page = alice.get(place)
    assert "You had the &lt;window&gt;.<br>I remember." in page.text
    assert page.text.index("bus to Hakone") < page.text.index("window")
    assert alice.post(f"{place}/read").status_code == 303
    assert unread(alice) == 0
    assert bob.post(place, {"body": " "}).status_code == 422
    assert browse(Cast.carol).get(place).status_code == 404


def test_who_is_declined_sees_what_everybody_sees_who_waits(app, browse, cast):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    key = asked(app, browse)
    pages = (f"{API}/{key}", "/messages", f"/messages/{key}")
    waiting = [alike(alice.get(path)) for path in pages]
    assert bob.post(f"/messages/{key}/decline").status_code == 303
    assert [alike(alice.get(path)) for path in pages] == waiting
    assert alice.post(to(app, Cast.bob), HELLO).location == f"/messages/{key}"
    assert alice.send(f"{API}/{key}/leave").status_code == 409  # else one could ask again and again
    assert "request-waits" in alice.send(f"{API}/{key}", {"body": "Hello?"}).json["type"]
    assert bob.get("/messages").text.count(key) == 0
    assert bob.get(f"/messages/{key}").status_code == 404
    assert bob.post(f"/messages/{key}/accept").status_code == 404
    # Bob thinks again, and writes first: that accepts.
    assert bob.post(to(app, Cast.alice), {"body": "I was busy."}).location == f"/messages/{key}"
    assert alice.get(f"{API}/{key}").json["state"] == "open"


def test_two_who_ask_each_other_have_one_conversation(app, browse, cast, read):
    key = asked(app, browse)
    assert browse(Cast.bob).get(to(app, Cast.alice)).location == f"/messages/{key}"
    with app.app_context():
        alice = viewer_of(Cast.alice)
        bob = viewer_of(Cast.bob)
        again = actions.write_first(actor=bob, account_id=alice.id, note="Me too.", key="2345abcdeg")
        db.session.commit()
        assert (again.key, again.state) == (key, ConversationState.OPEN)
    assert read(sa.select(sa.func.count(Conversation.id))) == [(1,)]
    assert read(sa.select(sa.func.count(Message.id))) == [(2,)]


@pytest.mark.alone
def test_both_ask_in_the_same_moment(alone):
    with alone.app_context():
        group = builders.make_group("Tea", slug="tea")
        people = [builders.make_member(f"Person {n}", account={"is_verified": True}) for n in (1, 2)]
        for person in people:
            builders.join(person, group)
        ids = [person.account_id for person in people]
        db.session.commit()

    def ask(job: tuple[int, int, str]) -> str:
        actor = Viewer(id=job[0], is_verified=True)
        return actions.write_first(actor=actor, account_id=job[1], note=f"Hello from {job[0]}", key=job[2]).key

    jobs = [(ids[0], ids[1], "2345abcdef"), (ids[1], ids[0], "2345abcdeg")] * 3
    assert len(set(at_once(alone, ask, jobs))) == 1
    with alone.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 2
        assert db.session.scalar(sa.select(Conversation.state)) == ConversationState.OPEN


def test_a_letter_leads_to_the_conversation_and_shows_no_address(app, browse, cast, postbox):
    settle(app, Cast.alice)
    long = "There was snow. " * 30 + "The very end."
    key = asked(app, browse, body=long)
    with app.app_context():
        worker.run_due()
    (letter,) = postbox.letters
    text = letter.get_body(("plain",)).get_content()
    assert letter["To"] == Cast.bob
    assert Cast.alice not in letter.as_string()
    assert letter["Reply-To"] is None
    assert "Alice Phommasan would like to write to you" in letter["Subject"]
    assert "There was snow." in text
    assert "The very end." not in text
    link = re.search(r"/messages/letter/\S+", text)[0]
    assert browse(Cast.bob).get(link).location == f"/messages/{key}"
    assert browse(Cast.carol).get(link).status_code == 404
    assert browse("").get(link).location.startswith("/login?next=")
    assert browse(Cast.bob).get(link + "x").status_code == 410
    browse(Cast.bob).post(f"/messages/{key}/accept")
    for n, (how_much, there) in enumerate([(InLetters.NOTHING, False), (InLetters.ALL, True)]):
        allow(app, Cast.bob, MayWrite.GROUPS, how_much)
        browse(Cast.bob).post(f"/messages/{key}/read")
        browse(Cast.alice).post(f"/messages/{key}", {"body": f"{long} {n}"})
        browse(Cast.alice).post(f"/messages/{key}", {"body": "Another, at once."})
        with app.app_context():
            worker.run_due()
        assert len(postbox.letters) == n + 2  # the second one of the same minute waits in the list
        assert ("The very end." in postbox.letters[-1].get_body(("plain",)).get_content()) == there


def mark(email, mark):
    """The entry on a roster that somebody has claimed says that nobody is to contact them."""
    account_id = member(email).account_id
    part = db.session.scalars(sa.select(Participation).where(Participation.account_id == account_id)).first()
    cohort = db.session.get_one(Cohort, part.cohort_id)
    entry = builders.make_entry(cohort, "SOK Carol", participation_id=part.id, mark=mark)
    db.session.commit()
    return entry.id


def test_strangers_write_to_whom_lets_them(app, browse, cast):
    settle(app, Cast.alice)
    alice = browse(Cast.alice)
    way = to(app, Cast.carol)
    assert way not in alice.get(page_of(app, Cast.carol)).text  # her groups alone, until she says otherwise
    assert alice.post(way, HELLO).status_code == 403
    carol = browse(Cast.carol)
    assert carol.post("/messages/choices", {"may_write": "members", "in_letters": "nothing"}).status_code == 303
    assert carol.get("/api/v1/me/messages/choices").json == {"may_write": "members", "in_letters": "nothing"}
    assert way in alice.get(page_of(app, Cast.carol)).text
    assert "You do not share a group" in words(alice.get(way))
    for change in ({"hidden_at": clock.now()}, {"born_on": "2015-01-01"}, {"is_listed": False}):
        with app.app_context():
            person = member(Cast.carol)
            before = {name: getattr(person, name) for name in change}
            db.session.execute(sa.update(Member).where(Member.account_id == person.account_id).values(change))
            db.session.commit()
        assert alice.post(way, HELLO).status_code in (403, 404), change
        with app.app_context():
            carols = sa.update(Member).where(Member.account_id == member(Cast.carol).account_id)
            db.session.execute(carols.values(before))
            db.session.commit()
    with app.app_context():
        entry = mark(Cast.carol, EntryMark.DO_NOT_CONTACT)
    assert alice.post(way, HELLO).status_code == 403
    assert way not in alice.get(page_of(app, Cast.carol)).text
    with app.app_context():
        db.session.execute(sa.update(RosterEntry).where(RosterEntry.id == entry).values(mark=None))
        db.session.commit()
    for state in (AccountState.SUSPENDED, AccountState.CLOSING, AccountState.ACTIVE):
        with app.app_context():
            db.session.query(Account).filter_by(email=Cast.carol).one().state = state
            db.session.commit()
        assert alice.post(way, HELLO).status_code == (303 if state == AccountState.ACTIVE else 403), state
    assert carol.send("/api/v1/me/messages/choices", {"may_write": "all"}, method="PUT").status_code == 422
    assert carol.post(to(app, Cast.alice), HELLO).status_code == 303  # she was asked, so she may answer
    allow(app, Cast.bob, MayWrite.NOBODY)
    assert alice.post(to(app, Cast.bob), HELLO).status_code == 403


def test_the_young_and_those_at_risk_hear_from_their_groups(app, browse, cast):
    with app.app_context():
        bob = sa.update(Member).where(Member.account_id == member(Cast.bob).account_id)
        db.session.execute(bob.values(hidden_at=clock.now(), born_on="2015-01-01"))
        db.session.commit()
    assert asked(app, browse)


def test_new_accounts_write_a_little_and_nobody_writes_the_same_to_many(app, browse, cast):
    people = []
    with app.app_context():
        group = builders.make_group("Everybody", slug="everybody")
        builders.join(member(Cast.alice), group)
        for n in range(5):
            people.append(f"person{n}@example.org")
            builders.join(builders.make_member(f"Person {n}", email=people[-1]), group)
        db.session.commit()
    alice = browse(Cast.alice)
    refused = alice.post(to(app, people[0]), {"body": "Look at example.com/offer"})
    assert refused.status_code == 422
    assert "In your first week a note has no links in it." in words(refused)
    for person in people[1:3]:
        assert alice.post(to(app, person), {"body": f"Hello, {person[:7]}."}).status_code == 303
    late = alice.post(to(app, people[3]), HELLO)
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 3600
    bob = browse(Cast.bob)
    settle(app, Cast.bob)
    with app.app_context():
        builders.join(member(Cast.bob), db.session.query(Group).filter_by(slug="everybody").one())
        db.session.commit()
    for person in people[:3]:
        assert bob.post(to(app, person), {"body": "Join  my club! www.example.com"}).status_code == 303
    same = bob.post(to(app, people[3]), {"body": "join my club, www.example.com"})
    assert same.status_code == 422
    assert "these very words" in words(same)
    assert bob.post(to(app, people[3]), {"body": "We met in Nara."}).status_code == 303
    assert bob.post(to(app, people[4]), {"body": "x" * 601}).status_code == 422


def test_what_one_deletes_or_leaves(app, browse, cast, read):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    key = asked(app, browse)
    bob.post(f"/messages/{key}/accept")
    assert bob.send(f"{API}/{key}", method="DELETE").status_code == 204
    assert bob.get(API).json["items"] == []
    assert len(alice.get(f"{API}/{key}").json["messages"]) == 1
    alice.send(f"{API}/{key}", {"body": "Are you there?"})
    back = bob.get(f"{API}/{key}").json
    assert [message["body"] for message in back["messages"]] == ["Are you there?"]
    assert alice.post(f"/messages/{key}/leave").status_code == 303
    assert alice.get(f"/messages/{key}").status_code == 404
    assert "has left this conversation" in words(bob.get(f"/messages/{key}"))
    assert "conversation-over" in bob.send(f"{API}/{key}", {"body": "Hello?"}).json["type"]
    # A new note begins it anew, with nothing of before for who left.
    assert bob.post(to(app, Cast.alice), {"body": "Let us try again."}).location == f"/messages/{key}"
    assert [message["body"] for message in alice.get(f"{API}/{key}").json["messages"]] == ["Let us try again."]
    alice.post(f"/messages/{key}/accept")
    bob.send(f"{API}/{key}/leave")
    alice.send(f"{API}/{key}/leave")
    assert read(sa.select(Conversation.id)) == read(sa.select(Message.id)) == []


def test_who_is_erased_has_no_name_and_the_last_takes_it_along(app, browse, cast, read):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    key = asked(app, browse)
    bob.post(f"/messages/{key}/accept")
    with app.app_context():
        db.session.execute(sa.delete(Account).where(Account.email == Cast.alice))
        db.session.commit()
    seen = words(bob.get(f"/messages/{key}"))
    assert "A former member" in seen
    assert "bus to Hakone" in seen
    assert bob.post(f"/messages/{key}", {"body": "Hello?"}).status_code == 403
    assert bob.get("/messages").status_code == 200
    with app.app_context():
        assert actions.sweep_conversations() == 0
        db.session.execute(sa.delete(Account).where(Account.email == Cast.bob))
        assert actions.sweep_conversations() == 1
        db.session.commit()
    assert read(sa.select(Side.account_id)) == []
    assert alice.get("/messages").status_code == 303


def test_who_is_blocked_sees_nothing_of_the_other(app, browse, cast):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    key = asked(app, browse)
    assert bob.post(f"/messages/{key}/block").status_code == 303
    for browser, other in ((alice, Cast.bob), (bob, Cast.alice)):
        assert browser.get(f"/messages/{key}").status_code == 404
        assert browser.post(f"/messages/{key}", HELLO).status_code == 404
        assert browser.get(API).json == {"items": [], "next": None, "unread": 0}
        assert browser.get(to(app, other)).status_code == 404
        assert browser.send(API, HELLO | {"to": to(app, other).rpartition("/")[2]}).status_code == 404
    with app.app_context():
        db.session.execute(sa.delete(Block).where(Block.blocked_id == member(Cast.alice).account_id))
        db.session.commit()
    assert alice.get(f"/messages/{key}").status_code == 200


def test_a_report_keeps_the_message_with_those_around_it(app, browse, cast, read):
    settle(app, Cast.alice)
    alice, bob, mona = browse(Cast.alice), browse(Cast.bob), browse(Cast.mona)
    key = asked(app, browse)
    bob.post(f"/messages/{key}/accept")
    keys = [alice.send(f"{API}/{key}", {"body": f"Line {n}"}).json["key"] for n in range(9)]
    form = bob.get(f"/report?message={keys[4]}")
    assert "Line 4" in form.text
    assert browse(Cast.carol).get(f"/report?message={keys[4]}").status_code == 404
    assert mona.get(f"/report?message={keys[4]}").status_code == 404
    sent = bob.post(f"/report?message={keys[4]}", {"reason": "abuse", "note": "It goes on and on."})
    assert sent.location == f"/messages/{key}"
    ((snapshot, case),) = read(sa.select(Report.snapshot, Report.key))
    assert [line["body"] for line in snapshot["around"]] == [f"Line {n}" for n in (1, 2, 3, 5, 6, 7)]
    page = words(mona.get(f"/moderation/{case}"))
    for n in range(9):
        assert (f"Line {n}" in page) == (1 <= n <= 7)
    assert mona.get(f"/messages/{key}").status_code == 404
    assert mona.get(f"/api/v1/reports/{case}").status_code == 200
    mona.post(f"/moderation/{case}/take")
    decision = {"decision": "suspended", "days": "7", "reason": "Leave him alone."}
    assert mona.post(f"/moderation/{case}/decide", decision | {"decision": "hidden"}).status_code == 422
    assert mona.post(f"/moderation/{case}/decide", decision).status_code == 303
    assert "do not reach this person" in words(bob.get(f"/messages/{key}"))
    assert bob.post(f"/messages/{key}", HELLO).status_code == 403


def test_pages_cost_the_same_however_much_is_written(app, browse, cast):
    alice = browse(Cast.alice)
    key = asked(app, browse)
    browse(Cast.bob).post(f"/messages/{key}/accept")
    with app.app_context():
        conversation = db.session.query(Conversation).one()
        bob_id = member(Cast.bob).account_id
        db.session.add_all(
            Message(conversation_id=conversation.id, sender_id=bob_id, body=f"Number {n:02}") for n in range(40)
        )
        db.session.commit()
    for path in ("/messages", f"/messages/{key}", to(app, Cast.carol), page_of(app, Cast.bob)):
        assert count_queries(app, lambda path=path: alice.get(path)) <= 6, path
    first = alice.get(f"/messages/{key}")
    assert "Number 39" in first.text
    assert "Number 14" not in first.text
    earlier = re.search(rf'/messages/{key}\?after=[^"]+', first.text)[0]
    assert "Number 14" in alice.get(earlier).text


def test_refusals(app, browse, cast, read):
    key = asked(app, browse)
    with app.app_context():
        before = db.session.scalar(sa.select(sa.func.count(Job.id)))
    paths = [f"/messages/{key}", *(f"/messages/{key}/{deed}" for deed in ("accept", "decline", "read", "leave"))]
    answers = {Cast.guest: 303, Cast.sue: 403, Cast.carol: 404, Cast.mallory: 404, Cast.otto: 404, Cast.sam: 404}
    for who, status in answers.items():
        for path in paths:
            assert browse(who).post(path, HELLO).status_code == status, (who, path)
    for who, status in (answers | {Cast.carol: 403, Cast.otto: 404, Cast.sam: 403}).items():
        assert browse(who).post(to(app, Cast.bob), HELLO).status_code == status, who
    assert browse(Cast.alice).post(f"/messages/{key}/accept").status_code == 403  # it is not hers to accept
    assert browse(Cast.bob).get(to(app, Cast.bob)).status_code == 404
    assert browse(Cast.olga).post("/messages/choices", {"may_write": "nobody", "in_letters": "all"}).status_code == 409
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Job.id))) == before
        assert queries.count_unread(viewer_of(Cast.bob)) == 1
