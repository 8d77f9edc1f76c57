"""Answering: the seat, the last seat, giving it back, and who may not."""

from datetime import timedelta

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import select, update

from alumni.accounts.models import Account, AccountState
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.events.actions import TELL_GOING
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, EventState
from alumni.groups.models import Membership, MembershipState
from alumni.worker import run
from tests.cast import Cast
from tests.events.shapes import make_event, member_id

STANDS = select(Event.seats_taken, Event.capacity)


@pytest.fixture
def meet(app, cast):
    """Makes an event of the group and returns its slug."""

    def make(**values):
        with app.app_context():
            return make_event(cast.group, **values)

    return make


def test_going_takes_a_seat_and_not_going_gives_it_back(cast, browse, read, meet):
    path = f"/events/{meet(capacity=2)}"
    bob = browse(cast.bob)
    assert bob.post(f"{path}/answer", {"answer": "going"}).status_code == 303
    assert read(STANDS) == [(1, 2)]
    assert read(select(Attendance.state)) == [(AttendanceState.GOING,)]
    assert "You are going." in bob.get(path).text
    assert bob.post(f"{path}/answer", {"answer": "going"}).status_code == 303  # twice is once
    assert read(STANDS) == [(1, 2)]
    assert bob.send(f"/api/v1{path}/answer", {"answer": "not_going"}).json["answer"] == "not_going"
    assert bob.send(f"/api/v1{path}/answer", {"answer": "not_going"}).status_code == 200
    assert read(STANDS) == [(0, 2)]
    assert read(select(Attendance.state)) == [(AttendanceState.NOT_GOING,)]
    assert bob.send(f"/api/v1{path}/answer", {"answer": "going"}).status_code == 200
    assert read(STANDS) == [(1, 2)]


def test_a_first_no_takes_no_seat(cast, browse, read, meet):
    path = f"/events/{meet(capacity=2)}"
    browse(cast.bob).post(f"{path}/answer", {"answer": "not_going"})
    assert read(STANDS) == [(0, 2)]
    assert "You are not going." in browse(cast.bob).get(path).text


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": EventState.CANCELLED}, "event-cancelled"),
        ({"starts_in": timedelta(days=-2)}, "event-over"),
    ],
)
def test_state_says_no(cast, browse, read, meet, values, code):
    slug = meet(**values)
    for answer in ("going", "not_going"):
        sent = browse(cast.bob).send(f"/api/v1/events/{slug}/answer", {"answer": answer})
        assert (sent.status_code, sent.json["type"]) == (409, code)
    assert read(select(Attendance)) == []


def test_a_proposal_takes_no_answers(app, cast, browse, meet):
    slug = meet(state=EventState.PROPOSED)
    sent = browse(cast.alice).send(f"/api/v1/events/{slug}/answer", {"answer": "going"})
    assert (sent.status_code, sent.json["type"]) == (409, "event-not-published")


@pytest.mark.parametrize("answer", ["", "waiting", "\0", "x" * 100_000])
def test_an_answer_that_is_none(cast, browse, read, meet, answer):
    slug = meet()
    assert browse(cast.bob).post(f"/events/{slug}/answer", {"answer": answer}).status_code == 422
    sent = browse(cast.bob).send(f"/api/v1/events/{slug}/answer", {"answer": answer})
    assert (sent.status_code, [*sent.json["fields"]]) == (422, ["answer"])
    assert read(select(Attendance)) == []


WHO_ANSWERS = {
    EventAudience.GROUP: {
        Cast.alice: 200,
        Cast.bob: 200,
        Cast.sam: 200,
        Cast.carol: 404,
        Cast.mallory: 404,
        Cast.nia: 404,
        Cast.mona: 404,
    },
    EventAudience.MEMBERS: {Cast.bob: 200, Cast.carol: 200, Cast.mallory: 200, Cast.nia: 404, Cast.mona: 404},
    EventAudience.PUBLIC: {Cast.bob: 200, Cast.carol: 200, Cast.mallory: 200, Cast.nia: 403, Cast.mona: 403},
}


@pytest.mark.parametrize("audience", WHO_ANSWERS)
def test_who_answers(cast, browse, read, meet, audience):
    slug = meet(audience=audience)
    for email, status in WHO_ANSWERS[audience].items():
        sent = browse(email).send(f"/api/v1/events/{slug}/answer", {"answer": "going"})
        assert sent.status_code == status, (email, sent.json)
    assert browse("").send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 401
    assert browse(cast.sue).send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 403
    allowed = sum(status == 200 for status in WHO_ANSWERS[audience].values())
    assert read(select(Event.seats_taken)) == [(allowed,)]


def test_a_hidden_event_takes_no_answer(app, cast, browse, read, meet):
    from alumni.core import clock

    slug = meet(hidden_at=clock.now())
    assert browse(cast.bob).send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 404
    assert browse(cast.sam).send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 404
    assert read(select(Attendance)) == []


def test_answering_costs_four_statements_and_a_page_three(app, cast, browse, meet):
    path = f"/events/{meet(capacity=5, audience=EventAudience.PUBLIC)}"
    bob = browse(cast.bob)
    token = {"csrf_token": bob.token()}
    with app.app_context():
        engine = db.engine
        member_id(cast.bob)
    seen = []

    def count(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    sa_event.listen(engine, "before_cursor_execute", count)
    try:
        for call, most in (
            (lambda: bob.client.post(f"{path}/answer", data=token | {"answer": "going"}), 4),
            (lambda: bob.client.get(path), 3),
            (lambda: bob.client.get("/events"), 3),  # who asks, what is near them, what is on
            (lambda: browse("").get("/events"), 1),
            (lambda: browse("").get(path), 1),
            (lambda: bob.client.get(f"/groups/{cast.group}/events"), 5),
            (lambda: bob.client.get("/api/v1/events"), 2),
        ):
            seen.clear()
            assert call().status_code < 400
            assert len(seen) <= most, "\n\n".join(seen)
    finally:
        sa_event.remove(engine, "before_cursor_execute", count)


def stand(app, email, state):
    """Removes somebody from the cohort's group, or suspends them."""
    with app.app_context():
        account = db.session.get_one(Account, member_id(email))
        if state == "removed":
            left = update(Membership).where(Membership.account_id == account.id)
            db.session.execute(left.values(state=MembershipState.REMOVED, joined_at=None))
        else:
            account.state = AccountState.SUSPENDED
        db.session.commit()


@pytest.mark.parametrize("state", ["removed", "suspended"])
def test_who_sees_it_no_longer_gets_no_letter_and_is_not_named(app, cast, browse, read, meet, state):
    slug = meet()
    for email in (cast.alice, cast.bob):
        assert browse(email).send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 200
    stand(app, cast.bob, state)
    alice = browse(cast.alice)
    names = [person["name"] for person in alice.get(f"/api/v1/events/{slug}/attendees").json["items"]]
    assert names == ["Alice Phommasan"]
    assert "Bounmy" not in alice.get(f"/events/{slug}/attendees").text + alice.get(f"/events/{slug}").text
    assert alice.post(f"/events/{slug}/cancel", {"reason": "Rain"}).status_code == 303
    ((job_id,),) = read(select(Job.id).where(Job.kind == TELL_GOING))
    with app.app_context():
        assert run(job_id)
        going = member_id(cast.alice)
    told = read(select(Job.payload).where(Job.kind == "mail", Job.done_at.is_(None)))
    assert [job["to"] for (job,) in told if job["template"] == "events/cancelled"] == [going]


def test_who_sees_it_no_longer_gives_the_seat_back(app, cast, browse, read, meet):
    path = f"/events/{meet(capacity=1)}"
    bob = browse(cast.bob)
    bob.post(f"{path}/answer", {"answer": "going"})
    stand(app, cast.bob, "removed")
    assert bob.get(path).status_code == 404
    assert bob.send(f"/api/v1{path}/answer", {"answer": "going"}).status_code == 404
    assert read(STANDS) == [(1, 1)]
    given = bob.post(f"{path}/answer", {"answer": "not_going"})
    assert (given.status_code, given.location) == (303, "/me/events")
    assert read(STANDS) == [(0, 1)]
    for answer in ("going", "not_going"):
        assert bob.send(f"/api/v1{path}/answer", {"answer": answer}).status_code == 404
        assert browse(cast.mallory).send(f"/api/v1{path}/answer", {"answer": answer}).status_code == 404
    assert read(STANDS) == [(0, 1)]


def test_a_seat_is_given_back_by_json(app, cast, browse, read, meet):
    path = f"/events/{meet(capacity=1)}"
    browse(cast.bob).post(f"{path}/answer", {"answer": "going"})
    stand(app, cast.bob, "removed")
    assert browse(cast.bob).send(f"/api/v1{path}/answer", {"answer": "not_going"}).status_code == 200
    assert read(STANDS) == [(0, 1)]
