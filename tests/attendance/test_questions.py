"""What organisers ask of those who come: answered with the answer, read by organisers, forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from alumni import worker
from alumni.attendance.models import EventQuestion, EventReply
from alumni.core import clock
from alumni.core.db import db
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from tests.attendance.test_line import REFUSED, say  # noqa: F401 - say is a fixture
from tests.events.shapes import make_event

FOOD = {"label": "What do you eat?", "kind": "choice", "choices": "Everything\nNo meat\nOther", "is_required": "y"}
OTHER = {"label": "What then?", "kind": "text", "is_required": "y"}
REPLIES = select(EventReply.value).order_by(EventReply.question_id)


@pytest.fixture
def meet(app, cast, browse, read):
    """An event that asks what people eat, and the rest only of those who eat something else. Path and keys."""
    with app.app_context():
        path = "/events/" + make_event(cast.group, audience=EventAudience.MEMBERS, capacity=5)
    alice = browse(cast.alice)
    assert alice.post(f"{path}/questions", FOOD).status_code == 303
    ((food,),) = read(select(EventQuestion.key))
    assert alice.post(f"{path}/questions", OTHER | {"only_if": f"{food}:Other"}).status_code == 303
    ((other,),) = read(select(EventQuestion.key).where(EventQuestion.only_if_id.is_not(None)))
    return path, f"q_{food}", f"q_{other}"


def test_asked_with_the_answer(cast, browse, read, meet, say):  # noqa: F811
    path, food, other = meet
    bob = browse(cast.bob)
    assert f'href="{path}/answer"' in bob.get(path).text  # no single tap where something is asked
    assert "What do you eat?" in bob.get(f"{path}/answer").text
    for values, where in (({}, food), ({food: "Other"}, other), ({food: "Stones"}, food)):
        refused = bob.post(f"{path}/answer", {"answer": "going"} | values)
        assert refused.status_code == 422
        assert f'href="#{where}' in refused.text
    assert read(select(Attendance)) == []
    assert bob.post(f"{path}/answer", {"answer": "going", food: "No meat", other: "left over"}).status_code == 303
    assert read(REPLIES) == [("No meat",)]  # what does not apply is not kept
    assert bob.post(f"{path}/answer", {"answer": "going", food: "Other", other: "Only fish ☃"}).status_code == 303
    assert read(REPLIES) == [("Other",), ("Only fish ☃",)]
    assert "Only fish ☃" in bob.get(f"{path}/answer").text
    assert "Only fish ☃" in browse(cast.alice).get(f"{path}/answers?show=going").text
    assert "Only fish" not in browse(cast.carol).get(path).text + browse(cast.carol).get(f"{path}/answer").text
    # Whoever does not come says nothing.
    assert say(cast.bob, path, "not_going") == "not_going"
    assert read(REPLIES) == []


def test_by_json(cast, browse, read, meet):
    path, food, _other = meet
    carol = browse(cast.carol)
    asked = carol.get(f"/api/v1{path}/questions").json["items"]
    assert [question["label"] for question in asked] == ["What do you eat?", "What then?"]
    refused = carol.send(f"/api/v1{path}/answer", {"answer": "going"})
    assert (refused.status_code, [*refused.json["fields"]]) == (422, [food])
    assert carol.send(f"/api/v1{path}/answer", {"answer": "going", food: "Everything"}).json["answer"] == "going"
    assert read(REPLIES) == [("Everything",)]


@pytest.mark.parametrize(
    ("kind", "good", "bad", "kept"),
    [
        ("several", ["Mon", "Wed"], ["Sun"], "Mon\nWed"),
        ("number", "3", "three", "3"),
        ("country", "LA", "XX", "LA"),
        ("text", "ສະບາຍດີ", "x" * 3000, "ສະບາຍດີ"),
    ],
)
def test_each_kind(app, cast, browse, read, kind, good, bad, kept):
    with app.app_context():
        path = "/events/" + make_event(cast.group)
    form = {"label": "Which?", "kind": kind, "choices": "Mon\nTue\nWed"}
    assert browse(cast.alice).post(f"{path}/questions", form).status_code == 303
    ((key,),) = read(select(EventQuestion.key))
    bob = browse(cast.bob)
    assert bob.post(f"{path}/answer", {"answer": "going", f"q_{key}": bad}).status_code == 422
    assert read(select(Attendance)) == []
    assert bob.post(f"{path}/answer", {"answer": "going", f"q_{key}": good}).status_code == 303
    assert read(REPLIES) == [(kept,)]
    assert bob.get(f"{path}/answer").status_code == 200
    assert browse(cast.alice).get(f"{path}/answers?show=going").status_code == 200


def test_frozen_after_the_first_reply(cast, browse, read, meet, say):  # noqa: F811
    path, food, _other = meet
    say(cast.bob, path, **{food: "Everything"})
    alice = browse(cast.alice)
    assert alice.post(f"{path}/questions", OTHER).status_code == 409
    key = food.removeprefix("q_")
    sent = alice.send(f"/api/v1{path}/questions/{key}", {}, method="DELETE")
    assert (sent.status_code, sent.json["type"]) == (409, "questions-frozen")
    assert "stay as they are" in alice.get(f"{path}/questions").text
    assert len(read(select(EventQuestion.id))) == 2


def test_removed_before_with_what_hangs_on_it(cast, browse, read, meet):
    path, food, _other = meet
    assert browse(cast.alice).post(f"{path}/questions/{food.removeprefix('q_')}/remove").status_code == 303
    assert read(select(EventQuestion.id)) == []
    assert read(select(Event.asks)) == [(False,)]


def test_who_waits_and_takes_the_offer_keeps_what_was_said(cast, browse, read, meet, say):  # noqa: F811
    path, food, _other = meet
    browse(cast.alice).post(f"{path}/answers/rules", {"gives_at_once": "", "lets_small_ahead": "1"})
    for email in (cast.alice, cast.bob, cast.carol, cast.mallory, cast.sam):
        assert say(email, path, **{food: "Everything"}) in ("going", "not-permitted")
    taken = read(select(Event.seats_taken))[0][0]
    assert taken == 5
    assert say(cast.mona, path, **{food: "No meat"}) in ("waiting", "not-found")


def test_forgotten_in_time(app, cast, browse, read, meet, say):  # noqa: F811
    path, food, _other = meet
    say(cast.bob, path, **{food: "Everything"})
    alice, far = browse(cast.alice), (clock.now() + timedelta(days=3000)).date().isoformat()
    assert alice.post(f"{path}/questions/keep", {"replies_until": far}).status_code == 422
    soon = (clock.now() + timedelta(days=40)).date().isoformat()
    assert alice.post(f"{path}/questions/keep", {"replies_until": soon}).status_code == 303
    with app.app_context():
        worker.run_daily()
        assert db.session.scalars(REPLIES).all() == ["Everything"]
        yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
        db.session.execute(update(Event).values(replies_until=yesterday))
        db.session.commit()
        worker.run_daily()
    assert read(REPLIES) == []
    assert read(select(Attendance.state)) == [(AttendanceState.GOING,)]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("label", {"label": ""}),
        ("label", {"label": "x" * 301}),
        ("kind", {"kind": "riddle"}),
        ("choices", {"choices": "One"}),
        ("choices", {"choices": "\n".join(str(n) for n in range(500))}),
        ("only_if", {"only_if": "nothing:Other"}),
    ],
)
def test_bad_questions(cast, browse, read, meet, field, values):
    path = meet[0]
    refused = browse(cast.alice).post(f"{path}/questions", FOOD | values)
    assert refused.status_code == 422
    assert f'href="#{field}' in refused.text
    assert len(read(select(EventQuestion.id))) == 2


def test_five_hundred_questions(cast, browse, read, meet):
    alice, path = browse(cast.alice), meet[0]
    for number in range(28):
        assert alice.post(f"{path}/questions", OTHER | {"label": f"Question {number}"}).status_code == 303
    assert alice.post(f"{path}/questions", OTHER).status_code == 422
    assert len(read(select(EventQuestion.id))) == 30


@pytest.mark.parametrize("email", REFUSED)
def test_questions_are_asked_by_who_runs_it(cast, browse, read, meet, email):
    path, food, _other = meet
    visitor, key = browse(email), food.removeprefix("q_")
    assert visitor.send(f"/api/v1{path}/questions", FOOD).status_code == REFUSED[email]
    assert visitor.send(f"/api/v1{path}/questions/{key}", {}, method="DELETE").status_code == REFUSED[email]
    assert len(read(select(EventQuestion.id))) == 2
