"""How one answers: guests, approval, invitation, the window; and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from alumni.core import clock
from alumni.core.db import db
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from tests.attendance.test_line import handle_of, letters, member_of, say, states  # noqa: F401 - say is a fixture
from tests.events.shapes import make_event

RULES = {
    "answers_from": "",
    "answers_until": "",
    "most_guests": "2",
    "gives_at_once": "",
    "lets_small_ahead": "1",
}


@pytest.fixture
def meet(app, cast):
    def make(**values):
        with app.app_context():
            return "/events/" + make_event(cast.group, **{"audience": EventAudience.MEMBERS} | values)

    return make


def test_guests_take_seats_and_have_names(cast, browse, read, meet, say):  # noqa: F811
    path = meet(capacity=4, most_guests=2)
    assert say(cast.bob, path, guests=["ນ້ອຍ", "Keo"]) == "going"
    assert read(select(Event.seats_taken)) == [(3,)]
    assert "ນ້ອຍ" in browse(cast.bob).get(path).text
    assert "ນ້ອຍ" in browse(cast.alice).get(f"{path}/answers?show=going").text
    assert "ນ້ອຍ" not in browse(cast.carol).get(path).text
    # One fewer gives a seat back; two more than there are is refused, and what was held is kept.
    assert say(cast.bob, path, guests=["Keo"]) == "going"
    assert read(select(Event.seats_taken)) == [(2,)]
    assert say(cast.alice, path, guests=["Dao"]) == "going"
    assert say(cast.bob, path, guests=["Keo", "Noi"]) == "no-room-to-change"
    assert read(select(Event.seats_taken)) == [(4,)]
    assert say(cast.carol, path, guests=["a", "b", "c"]) == "invalid"
    page = browse(cast.carol).post(f"{path}/answer", {"answer": "going", "guests": "a\nb\nc"})
    assert page.status_code == 422
    assert "You can bring 2 guests." in page.text
    assert "a\nb\nc" in page.text.replace("\r", "")  # what was typed is kept


def test_two_thousand_guests(cast, browse, read, meet):
    path = meet(capacity=4, most_guests=9)
    names = [f"Guest {n}" for n in range(2000)]
    sent = browse(cast.bob).send(f"/api/v1{path}/answer", {"answer": "going", "guests": names})
    assert (sent.status_code, [*sent.json["fields"]]) == (422, ["guests"])
    assert read(select(Attendance)) == []


def test_an_organiser_decides(app, cast, browse, read, meet, say):  # noqa: F811
    path = meet(capacity=1, needs_approval=True)
    for email in (cast.bob, cast.carol):
        assert say(email, path) == "pending"
    assert read(select(Event.seats_taken)) == [(0,)]
    assert "You have asked to come." in browse(cast.bob).get(path).text
    alice, bob, carol = browse(cast.alice), handle_of(browse, cast.bob), handle_of(browse, cast.carol)
    assert "Carol Sok" in alice.get(f"{path}/answers").text
    assert alice.post(f"{path}/answers/{bob}/approve").status_code == 303
    assert alice.send(f"/api/v1{path}/answers/{carol}/approve", {}).json["answer"] == "waiting"
    again = alice.send(f"/api/v1{path}/answers/{carol}/approve", {})
    assert (again.status_code, again.json["type"]) == (409, "not-pending")
    assert letters(read, "attendance/approved") == [member_of(app, cast.bob), member_of(app, cast.carol)]
    assert say(cast.bob, path, "not_going") == "not_going"
    assert states(read)[member_of(app, cast.carol)] == AttendanceState.OFFERED
    assert say(cast.carol, path) == "going"
    assert say(cast.bob, path) == "pending"  # it begins anew


def test_by_invitation(app, cast, browse, read, meet, say):  # noqa: F811
    path = meet(is_by_invitation=True, audience=EventAudience.GROUP)
    carol = handle_of(browse, cast.carol)
    assert say(cast.bob, path) == "not-permitted"
    assert "By invitation" in browse(cast.bob).get(path).text
    assert browse(cast.carol).get(path).status_code == 404
    alice = browse(cast.alice)
    assert alice.post(f"{path}/invitations", {"handles": f"https://x.example/members/{carol}/\n"}).status_code == 303
    assert alice.post(f"{path}/invitations", {"handles": carol}).status_code == 303
    assert letters(read, "attendance/invited") == [member_of(app, cast.carol)]  # once
    assert browse(cast.carol).get(path).status_code == 200
    assert say(cast.carol, path) == "going"
    assert "Carol Sok" in alice.get(f"{path}/invitations").text
    unknown = alice.post(f"{path}/invitations", {"handles": f"{carol}\nnobody-at-all"})
    assert unknown.status_code == 422
    assert "nobody-at-all" in unknown.text


def test_the_window(app, cast, browse, read, meet, say):  # noqa: F811
    path = meet(capacity=5)
    now = clock.now()

    def window(opens, closes):
        with app.app_context():
            db.session.execute(update(Event).values(answers_from=opens, answers_until=closes))
            db.session.commit()

    window(now + timedelta(days=1), None)
    assert say(cast.bob, path) == "answers-not-open"
    assert "Not yet" in browse(cast.bob).get(path).text
    window(None, now + timedelta(days=1))
    assert say(cast.bob, path) == "going"
    window(None, now - timedelta(minutes=1))
    assert say(cast.carol, path) == "answers-closed"
    assert "Answers are closed." in browse(cast.carol).get(path).text
    assert say(cast.bob, path, "not_going") == "not_going"  # a seat can always be given back


def test_rules_are_set_on_their_page(cast, browse, read, meet):
    path = meet(capacity=5)
    alice = browse(cast.alice)
    assert alice.get(f"{path}/answers/rules").status_code == 200
    assert alice.post(f"{path}/answers/rules", RULES | {"needs_approval": "y"}).status_code == 303
    assert read(select(Event.most_guests, Event.needs_approval, Event.gives_at_once)) == [(2, True, False)]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("most_guests", {"most_guests": "2000"}),
        ("answers_until", {"answers_until": "2999-01-01T10:00"}),
        ("answers_until", {"answers_from": "2026-12-01T10:00", "answers_until": "2026-12-01T09:00"}),
        ("answers_from", {"answers_from": "yesterday"}),
        ("gives_at_once", {"gives_at_once": "perhaps"}),
    ],
)
def test_bad_rules(cast, browse, read, meet, field, values):
    path = meet(capacity=5)
    before = read(select(Event.most_guests, Event.answers_from, Event.answers_until))
    refused = browse(cast.alice).post(f"{path}/answers/rules", RULES | values)
    assert refused.status_code == 422
    assert f'href="#{field}' in refused.text
    assert read(select(Event.most_guests, Event.answers_from, Event.answers_until)) == before
