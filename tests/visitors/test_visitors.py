"""Coming to a public event without an account: two letters, a seat, the door; and what a stranger does not learn."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.core import clock
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.events.models import Event, EventAudience, EventState
from alumni.visitors import actions
from alumni.visitors.models import Visitor, VisitorState
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_event
from tests.groups.test_race import at_once

VISITOR = "visitor@example.org"
NOT_RUNNING = ("", Cast.nia, Cast.carol, Cast.bob, Cast.mallory, Cast.sue, Cast.olga, Cast.otto)
FORM = {"name": "Nang Htwe", "email": VISITOR, "country": "MM"}


@pytest.fixture
def event(app, cast):
    with app.app_context():
        return make_event(
            cast.group, title="Open evening", audience=EventAudience.PUBLIC, capacity=2, takes_visitors=True
        )


def work(app):
    with app.app_context():
        worker.run_due()


def asked(app, browse, event, **values):
    """What the page answers to somebody who asks to come, once the letter is there."""
    answer = browse("").post(f"/events/{event}/visit", FORM | values)
    work(app)
    return answer


def link_in(letter):
    return re.search(r"/visit/\S+", letter.get_body(("plain",)).get_content()).group(0)


def visitors(read):
    return [visitor for (visitor,) in read(sa.select(Visitor).order_by(Visitor.id))]


def taken(read):
    return read(sa.select(Event.seats_taken))[0].seats_taken


def test_two_letters_and_a_seat(app, cast, browse, read, event, postbox):
    guest = browse("")
    assert "Come without an account" in guest.get(f"/events/{event}").text
    assert asked(app, browse, event).status_code == 303
    (letter,) = postbox.letters
    assert letter["To"] == VISITOR
    assert letter["Subject"] == "Confirm that you come: Open evening"
    path = link_in(letter)
    # A mail scanner that follows the link takes no seat.
    assert "Nang Htwe" in guest.get(path).text
    assert (visitors(read)[0].state, taken(read)) == (VisitorState.ASKED, 0)
    assert guest.post(f"{path}/yes").status_code == 303
    assert guest.post(f"{path}/yes").status_code == 303
    assert (visitors(read)[0].state, taken(read)) == (VisitorState.GOING, 1)
    assert "You are going." in guest.get(path).text
    assert guest.get(path).headers["Cache-Control"] == "no-store"
    assert guest.post(f"{path}/no").status_code == 303
    assert guest.post(f"{path}/no").status_code == 303
    assert (visitors(read)[0].state, taken(read)) == (VisitorState.CANCELLED, 0)


def test_nobody_learns_who_comes(app, cast, browse, read, event, postbox):
    """A second ask with an address that comes already says the same, changes nothing, and sends the same letter."""
    first = asked(app, browse, event)
    browse("").post(f"{link_in(postbox.letters[0])}/yes")
    second = asked(app, browse, event, name="Somebody else")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert visitors(read)[0].name == "Nang Htwe"
    assert [letter["Subject"] for letter in postbox.letters] == ["Confirm that you come: Open evening"] * 2


def test_when_all_seats_are_taken(app, cast, browse, read, event, postbox):
    for email in (cast.alice, cast.bob):
        browse(email).post(f"/events/{event}/answer", {"answer": "going"})
    asked(app, browse, event)
    refused = browse("").post(f"{link_in(postbox.letters[-1])}/yes")
    assert refused.status_code == 409
    assert "All seats are taken." in refused.text
    assert (taken(read), visitors(read)[0].state) == (2, VisitorState.ASKED)


def test_a_seat_that_a_visitor_gives_back_goes_to_the_line(app, cast, browse, read, event, postbox):
    asked(app, browse, event)
    path = link_in(postbox.letters[-1])
    browse("").post(f"{path}/yes")
    browse(cast.alice).post(f"/events/{event}/answer", {"answer": "going"})
    browse(cast.bob).post(f"/events/{event}/answer", {"answer": "going"})
    assert browse(cast.bob).get(f"/api/v1/events/{event}").json["my_answer"] == "waiting"
    browse("").post(f"{path}/no")
    assert browse(cast.bob).get(f"/api/v1/events/{event}").json["my_answer"] == "offered"


def test_never_more_visitors_than_seats(alone):
    with alone.app_context():
        group = builders.make_group("Many", slug="many")
        event = builders.make_event(group, audience=EventAudience.PUBLIC, capacity=2, takes_visitors=True)
        people = [
            Visitor(event_id=event.id, email=f"v{n}@example.org", name=f"V {n}", language="en") for n in range(12)
        ]
        db.session.add_all(people)
        db.session.commit()
        ids = [visitor.id for visitor in people]

    def come(visitor_id):
        visitor = db.session.get_one(Visitor, visitor_id)
        actions.confirm(visitor=visitor, event=db.session.get_one(Event, visitor.event_id))
        return "going"

    assert sorted(at_once(alone, come, ids)) == ["going"] * 2 + ["no-seat-left"] * 10
    with alone.app_context():
        assert db.session.scalar(sa.select(Event.seats_taken)) == 2


def test_they_are_told_of_a_change_and_reminded_once(app, cast, browse, read, event, postbox):
    asked(app, browse, event)
    path = link_in(postbox.letters[-1])
    browse("").post(f"{path}/yes")
    postbox.letters.clear()
    browse(cast.alice).post(f"/events/{event}/cancel", {"reason": "The hall is closed."})
    work(app)
    work(app)
    (letter,) = [each for each in postbox.letters if each["To"] == VISITOR]
    assert letter["Subject"] == "Called off: Open evening"
    assert "This event was called off." in browse("").get(path).text
    with app.app_context():
        db.session.execute(sa.update(Event).values(state=EventState.PUBLISHED, cancelled_because=""))
        row = db.session.scalars(sa.select(Event)).one()
        evening = (row.wall_start - timedelta(days=1)).replace(hour=19, minute=0)
        offset = row.wall_start - row.starts_at.replace(tzinfo=None)
        db.session.commit()
    with time_machine.travel((evening - offset).isoformat() + "+00:00", tick=False), app.app_context():
        assert [sum(actions.remind_visitors(clock.now())) for _ in range(2)] == [1, 0]
        db.session.commit()
    reminders = [job for (job,) in read(sa.select(Job.payload)) if job.get("template") == "visitors/tomorrow"]
    assert len(reminders) == 1


def test_the_link_to_take_part_comes_half_an_hour_before(app, cast, browse, postbox):
    with app.app_context():
        slug = make_event(
            cast.group,
            audience=EventAudience.PUBLIC,
            takes_visitors=True,
            mode="online",
            online_url="https://meet.example/room",
        )
        start = db.session.scalars(sa.select(Event.starts_at).where(Event.slug == slug)).one()
    asked(app, browse, slug)
    path = link_in(postbox.letters[-1])
    browse("").post(f"{path}/yes")
    assert "meet.example" not in browse("").get(path).text
    with time_machine.travel(start - timedelta(minutes=29), tick=False):
        assert "https://meet.example/room" in browse("").get(path).text


def test_organisers_read_names_and_take_somebody_off(app, cast, browse, read, event, postbox):
    asked(app, browse, event)
    browse("").post(f"{link_in(postbox.letters[-1])}/yes")
    alice = browse(cast.alice)
    page = alice.get(f"/events/{event}/visitors").text
    assert "Nang Htwe" in page
    assert VISITOR not in page
    (item,) = alice.get(f"/api/v1/events/{event}/visitors").json["items"]
    assert (item["name"], item["country"]) == ("Nang Htwe", "MM")
    assert alice.post(f"/events/{event}/visitors/{item['key']}/remove").status_code == 303
    assert taken(read) == 0
    work(app)
    assert postbox.letters[-1]["Subject"] == "You are not on the list: Open evening"


def test_at_the_door_a_visitor_is_noted_once(app, cast, browse, read, event, postbox):
    asked(app, browse, event)
    browse("").post(f"{link_in(postbox.letters[-1])}/yes")
    key = visitors(read)[0].key
    with app.app_context():
        start = db.session.scalars(sa.select(Event.starts_at)).one()
    with time_machine.travel(start, tick=False):
        alice = browse(cast.alice)
        door = alice.get(f"/events/{event}/check-in").text
        assert f'value="{key}"' in door
        for _ in range(2):
            alice.post(f"/events/{event}/check-in", {"name": "Nang Htwe", "country": "MM", "once": key})
        door = alice.get(f"/events/{event}/check-in").text
    assert "1 person is here" in door
    assert f'value="{key}"' not in door


def test_they_are_forgotten(app, cast, browse, read, event, postbox):
    asked(app, browse, event)
    browse("").post(f"{link_in(postbox.letters[-1])}/yes")
    asked(app, browse, event, email="other@example.org")
    with app.app_context():
        now = clock.now()
        assert actions.forget_visitors(now) == 0
        assert actions.forget_visitors(now + timedelta(days=4)) == 1  # never confirmed
        ends = db.session.scalars(sa.select(Event.ends_at)).one()
        assert actions.forget_visitors(ends + timedelta(days=29)) == 0
        assert actions.forget_visitors(ends + timedelta(days=31)) == 1
        db.session.commit()
    assert visitors(read) == []


# What is refused.


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 100_000}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"country": "XX"}, "country"),
        ({"is_online": "1"}, "is_online"),
    ],
)
def test_bad_input_writes_nothing(cast, browse, read, event, values, field):
    guest = browse("")
    page = guest.post(f"/events/{event}/visit", FORM | values)
    assert page.status_code == 422
    assert "There is a problem" in page.text
    answer = guest.send(f"/api/v1/events/{event}/visitors", FORM | values)
    assert answer.status_code == 422
    assert field in answer.json["fields"]
    assert visitors(read) == []


@pytest.mark.parametrize(
    "values",
    [
        {"takes_visitors": False},
        {"audience": EventAudience.MEMBERS},
        {"is_by_invitation": True},
        {"needs_approval": True},
        {"state": EventState.CANCELLED},
    ],
)
def test_an_event_that_takes_no_visitors(app, cast, browse, read, values):
    with app.app_context():
        slug = make_event(cast.group, **{"audience": EventAudience.PUBLIC, "takes_visitors": True} | values)
    guest = browse("")
    assert guest.get(f"/events/{slug}/visit").status_code in (303, 404)
    assert guest.send(f"/api/v1/events/{slug}/visitors", FORM).status_code in (404, 409)
    assert visitors(read) == []


def test_only_what_is_open_to_everybody_takes_visitors(app, cast, browse, read, event):
    rules = {"most_guests": "0", "gives_at_once": "", "lets_small_ahead": "1", "takes_visitors": "y"}
    alice = browse(cast.alice)
    assert alice.post(f"/events/{event}/answers/rules", rules).status_code == 303
    assert alice.post(f"/events/{event}/answers/rules", rules | {"needs_approval": "y"}).status_code == 422
    with app.app_context():
        closed = make_event(cast.group, audience=EventAudience.GROUP)
    page = alice.post(f"/events/{closed}/answers/rules", rules)
    assert page.status_code == 422
    assert "Visitors can come only if the event is open to everybody" in page.text


def test_too_many_tries_are_stopped(app, cast, browse, read, event):
    guest = browse("")
    answers = [guest.post(f"/events/{event}/visit", FORM).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize("who", NOT_RUNNING)
def test_who_does_not_run_it_reads_no_names(app, cast, browse, read, event, who):
    assert browse(who).get(f"/events/{event}/visitors").status_code in (303, 403, 404)
    assert browse(who).get(f"/api/v1/events/{event}/visitors").status_code in (401, 403, 404)
    assert browse(who).post(f"/events/{event}/visitors/nokey/remove").status_code in (303, 403, 404)


def test_a_forged_link_finds_nothing(cast, browse):
    assert browse("").get("/visit/nonsense").status_code == 404
    assert browse("").post("/visit/nonsense/yes").status_code == 404
