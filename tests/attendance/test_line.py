"""The line for seats: places, offers and their end, parties, parts, and who decides out of turn."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from alumni import worker
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, Mode
from tests.cast import Cast
from tests.events.shapes import filled, make_event, make_many, member_id

COUNTS = select(Event.seats_taken, Event.waiting)
ONLINE = select(Event.online_taken, Event.online_waiting)


@pytest.fixture
def meet(app, cast):
    """Makes an event that all members may answer and returns its path."""

    def make(**values):
        with app.app_context():
            return "/events/" + make_event(cast.group, **{"audience": EventAudience.MEMBERS} | values)

    return make


@pytest.fixture
def say(browse):
    """Answers by JSON and returns what came of it."""

    def answer(email, path, answer="going", **more):
        sent = browse(email).send(f"/api/v1{path}/answer", {"answer": answer, **more})
        return sent.json["answer"] if sent.status_code == 200 else sent.json["type"]

    return answer


def states(read):
    return dict(read(select(Attendance.account_id, Attendance.state)))


def letters(read, template):
    jobs = read(select(Job.payload).where(Job.kind == "mail").order_by(Job.id))
    return [job["to"] for (job,) in jobs if job["template"] == template]


def handle_of(browse, email):
    return browse(email).get("/api/v1/me").json["handle"]


def test_the_line_and_the_offer(app, cast, browse, read, meet, say):
    path = meet(capacity=1)
    assert say(cast.alice, path) == "going"
    assert say(cast.bob, path) == "waiting"
    assert say(cast.carol, path) == "waiting"
    assert say(cast.bob, path) == "waiting"  # twice is once
    assert read(COUNTS) == [(1, 2)]
    assert "number 1 in line" in browse(cast.bob).get(path).text
    assert "number 2 in line" in browse(cast.carol).get(path).text
    assert browse(cast.carol).send(f"/api/v1{path}/answer", {"answer": "going"}).json["place"] == 2
    # The seat that comes back is kept for the first in line, and nobody overtakes.
    assert say(cast.alice, path, "not_going") == "not_going"
    assert read(COUNTS) == [(1, 1)]
    bob = member_of(app, cast.bob)
    assert letters(read, "events/offered") == [bob]
    assert "A seat is kept for you." in browse(cast.bob).get(path).text
    assert say(cast.alice, path) == "waiting"
    assert say(cast.bob, path) == "going"
    assert read(COUNTS) == [(1, 2)]
    assert states(read)[bob] == AttendanceState.GOING


def member_of(app, email):
    with app.app_context():
        return member_id(email)


def test_an_offer_that_runs_out_goes_to_the_next(app, cast, browse, read, meet, say):
    path = meet(capacity=1)
    for email in (cast.alice, cast.bob, cast.carol):
        say(email, path)
    say(cast.alice, path, "not_going")
    with app.app_context():
        assert worker.run_each_minute() == 0  # the offer holds
        late = update(Attendance).where(Attendance.state == AttendanceState.OFFERED)
        db.session.execute(late.values(offered_until=clock.now() - timedelta(seconds=1)))
        db.session.commit()
        assert worker.run_each_minute() == 1
        assert worker.run_each_minute() == 0
        bob, carol = member_id(cast.bob), member_id(cast.carol)
    assert states(read)[bob] == AttendanceState.NOT_GOING
    assert states(read)[carol] == AttendanceState.OFFERED
    assert letters(read, "attendance/lapsed") == [bob]
    assert letters(read, "events/offered") == [bob, carol]
    assert read(COUNTS) == [(1, 0)]
    assert say(cast.bob, path) == "waiting"  # again, at the end


@pytest.mark.parametrize(
    ("starts_in", "lasts"),
    [
        (timedelta(days=20), timedelta(hours=48)),
        (timedelta(days=5), timedelta(hours=24)),
        (timedelta(days=2), timedelta(hours=6)),
        (timedelta(hours=8), timedelta(hours=2)),
        (timedelta(hours=2), timedelta(minutes=30)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_the_nearer_the_shorter(app, cast, read, meet, say, starts_in, lasts):
    path = meet(capacity=1)
    with app.app_context():
        starts_at = clock.now() + starts_in
        db.session.execute(update(Event).values(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)))
        db.session.commit()
    say(cast.alice, path)
    say(cast.bob, path)
    say(cast.alice, path, "not_going")
    ((until,),) = read(select(Attendance.offered_until).where(Attendance.offered_until.is_not(None)))
    assert lasts - timedelta(minutes=1) < until - clock.now() <= lasts


def test_given_at_once_where_the_organiser_says_so(app, cast, read, meet, say):
    path = meet(capacity=1, gives_at_once=True)
    say(cast.alice, path)
    say(cast.bob, path)
    say(cast.alice, path, "not_going")
    bob = member_of(app, cast.bob)
    assert states(read)[bob] == AttendanceState.GOING
    assert letters(read, "events/seat") == [bob]


@pytest.mark.parametrize(("lets_small_ahead", "after"), [(True, "offered"), (False, "waiting")])
def test_a_party_of_three_waits_for_three(app, cast, read, meet, say, lets_small_ahead, after):
    path = meet(capacity=3, most_guests=2, lets_small_ahead=lets_small_ahead)
    with app.app_context():
        first, second = (email for email, _ in make_many(cast.group, 2))
    assert say(cast.alice, path, guests=["Noi"]) == "going"
    assert say(first, path) == "going"
    assert say(cast.bob, path, guests=["Keo", "Dao"]) == "waiting"
    assert say(cast.carol, path) == "waiting"
    assert say(first, path, "not_going") == "not_going"  # one seat: too few for three
    bob, carol = member_of(app, cast.bob), member_of(app, cast.carol)
    assert states(read)[carol] == after
    assert states(read)[bob] == AttendanceState.WAITING
    assert say(second, path) == "waiting"  # whoever comes now overtakes nobody
    say(cast.alice, path, "not_going")
    if not lets_small_ahead:
        assert states(read)[bob] == AttendanceState.OFFERED
    assert read(select(Event.seats_taken))[0][0] <= 3


def test_more_seats_go_to_the_line(app, cast, browse, read, meet, say):
    path = meet(capacity=1)
    for email in (cast.alice, cast.bob, cast.carol):
        say(email, path)
    slug = path.rpartition("/")[2]
    changed = browse(cast.alice).post(f"{path}/edit", filled(capacity="2", audience="members"))
    assert changed.status_code == 303
    assert read(COUNTS) == [(2, 1)]
    assert letters(read, "events/offered") == [member_of(app, cast.bob)]
    # Fewer than are promised: who is to go is for the organiser to say.
    refused = browse(cast.alice).post(f"{path}/edit", filled(capacity="1", audience="members"))
    assert refused.status_code == 422
    assert f"/events/{slug}/answers" in refused.text


def test_room_and_online_have_a_line_each(app, cast, read, browse, meet, say):
    path = meet(mode=Mode.HYBRID, capacity=1, online_capacity=1, online_url="https://meet.example.org")
    assert say(cast.alice, path) == "going"
    assert say(cast.bob, path, is_online=True) == "going"
    assert say(cast.carol, path) == "waiting"
    assert read(COUNTS) == [(1, 1)]
    assert read(ONLINE) == [(1, 0)]
    # Changing over needs a seat there; without one the old is kept.
    assert say(cast.alice, path, is_online=True) == "no-room-to-change"
    assert states(read)[member_of(app, cast.alice)] == AttendanceState.GOING
    assert say(cast.bob, path, "not_going") == "not_going"
    assert say(cast.alice, path, is_online=True) == "going"
    assert read(ONLINE) == [(1, 0)]
    assert states(read)[member_of(app, cast.carol)] == AttendanceState.OFFERED  # of the room that Alice left
    with app.app_context():
        db.session.execute(update(Event).values(starts_at=clock.now() + timedelta(minutes=10)))
        db.session.commit()
    assert say(cast.carol, path) == "going"
    assert "meet.example.org" in browse(cast.alice).get(path).text
    assert "meet.example.org" not in browse(cast.carol).get(path).text
    refused = browse(cast.alice).post(f"{path}/edit", filled(mode="in_person", audience="members"))
    assert refused.status_code == 422
    assert 'href="#mode' in refused.text


def test_there_is_one_part_only(cast, read, meet, say):
    path = meet(capacity=5)
    assert say(cast.bob, path, is_online=True) == "invalid"
    assert read(select(Attendance)) == []


def test_the_line_closes_at_the_start(app, cast, browse, read, meet, say):
    path = meet(capacity=1)
    say(cast.alice, path)
    say(cast.bob, path)
    with app.app_context():
        begun = clock.now() - timedelta(minutes=5)
        db.session.execute(update(Event).values(starts_at=begun, ends_at=begun + timedelta(hours=2)))
        db.session.commit()
    assert say(cast.carol, path) == "line-closed"
    assert say(cast.alice, path, "not_going") == "not_going"
    assert read(COUNTS) == [(0, 1)]  # nobody moves up any more
    assert "nobody moves up" in browse(cast.bob).get(path).text
    assert letters(read, "events/offered") == []


def test_out_of_turn_with_a_reason(app, cast, browse, read, meet, say):
    path = meet(capacity=1)
    for email in (cast.alice, cast.bob, cast.carol):
        say(email, path)
    carol = handle_of(browse, cast.carol)
    alice = browse(cast.alice)
    assert "Carol Sok" in alice.get(f"{path}/answers?show=waiting").text
    assert alice.post(f"{path}/answers/{carol}/front", {"reason": ""}).status_code == 422
    assert alice.post(f"{path}/answers/{carol}/front", {"reason": "She speaks."}).status_code == 303
    assert "number 1 in line" in browse(cast.carol).get(path).text
    assert "number 2 in line" in browse(cast.bob).get(path).text
    assert ("She speaks.",) in read(select(AuditLine.reason).where(AuditLine.action == "attendance.front"))
    say(cast.alice, path, "not_going")
    assert states(read)[member_of(app, cast.carol)] == AttendanceState.OFFERED
    sent = alice.send(f"/api/v1{path}/answers/{carol}/front", {"reason": "Again"})
    assert (sent.status_code, sent.json["type"]) == (409, "not-in-line")


def test_taken_off_the_list(app, cast, browse, read, meet, say):
    path = meet(capacity=1)
    for email in (cast.alice, cast.bob, cast.carol):
        say(email, path)
    bob, carol, alice = handle_of(browse, cast.bob), member_of(app, cast.carol), browse(cast.alice)
    assert alice.post(f"{path}/answers/{bob}/decline", {"reason": "Only one of your office."}).status_code == 303
    assert read(COUNTS) == [(1, 1)]
    assert say(cast.bob, path) == "attendance-declined"
    assert say(cast.bob, path, "not_going") == "attendance-declined"
    assert letters(read, "attendance/declined") == [member_of(app, cast.bob)]
    assert states(read)[carol] == AttendanceState.WAITING
    again = alice.send(f"/api/v1{path}/answers/{bob}/decline", {"reason": "Again"})
    assert (again.status_code, again.json["type"]) == (409, "not-coming")


REFUSED = {
    Cast.guest: 401,
    Cast.bob: 403,
    Cast.carol: 403,
    Cast.mallory: 403,
    Cast.nia: 404,
    Cast.sue: 403,
    Cast.olga: 404,
    Cast.otto: 404,
}


@pytest.mark.parametrize("email", REFUSED)
def test_the_list_is_for_who_runs_it(app, cast, browse, read, meet, say, email):
    path = meet(capacity=1)
    say(cast.alice, path)
    say(cast.bob, path)
    before = read(select(Attendance.account_id, Attendance.state, Attendance.line_no))
    handle, visitor = handle_of(browse, cast.bob), browse(email)
    for where, value in (
        ("answers", None),
        (f"answers/{handle}/approve", {}),
        (f"answers/{handle}/decline", {"reason": "x"}),
        (f"answers/{handle}/front", {"reason": "x"}),
        ("invitations", {"handles": [handle]}),
    ):
        url = f"/api/v1{path}/{where}"
        sent = visitor.get(url) if value is None else visitor.send(url, value)
        assert sent.status_code == REFUSED[email], (where, sent.json)
    assert visitor.send(f"/api/v1{path}/answers/rules", {}, method="PUT").status_code == REFUSED[email]
    assert read(select(Attendance.account_id, Attendance.state, Attendance.line_no)) == before
