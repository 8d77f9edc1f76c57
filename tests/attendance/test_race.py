"""A thousand people answer at once for fifty seats: fifty go, 950 stand in line, each at a place of their own."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from alumni.attendance import actions
from alumni.attendance.actions import Reply
from alumni.core.db import db, intend
from alumni.core.errors import DomainError
from alumni.core.viewer import Viewer
from alumni.events import queries
from alumni.events.models import Answer, Attendance, AttendanceState, Event
from tests.browser import Browser
from tests.cast import make_cast
from tests.events.shapes import make_event, make_many

PEOPLE, SEATS, THREADS = 1000, 50, 16


def stands(app):
    """How many there are in each standing, and what the event counts: seats taken, people in line."""
    with app.app_context():
        rows = db.session.execute(select(Attendance.state, func.count()).group_by(Attendance.state)).all()
        return {state.value: n for state, n in rows}, tuple(
            db.session.execute(select(Event.seats_taken, Event.waiting)).one()
        )


def answer_once(app, account_id, slug, answer=Answer.GOING):
    """What one person hears, in a transaction of their own."""
    with app.app_context():
        intend(to_write=True)
        viewer = Viewer(id=account_id, is_verified=True)
        try:
            row = queries.event_to_answer(viewer, slug=slug).first()
            state = actions.answer_event(actor=viewer, event=row, reply=Reply(answer))
            db.session.commit()
            return state.value
        except DomainError as error:
            db.session.rollback()
            return error.code
        finally:
            db.session.remove()


@pytest.mark.alone
def test_a_thousand_answers_on_fifty_seats(alone):
    with alone.app_context():
        group = make_cast().group
        slug = make_event(group, capacity=SEATS)
        people = make_many(group, PEOPLE)
    with ThreadPoolExecutor(THREADS) as pool:
        heard = Counter(pool.map(lambda person: answer_once(alone, person[1], slug), people))
    assert heard == {"going": SEATS, "waiting": PEOPLE - SEATS}
    assert stands(alone) == ({"going": SEATS, "waiting": PEOPLE - SEATS}, (SEATS, PEOPLE - SEATS))
    with alone.app_context():
        numbers = select(Attendance.line_no).where(Attendance.state == AttendanceState.WAITING)
        assert sorted(db.session.scalars(numbers)) == list(range(1, PEOPLE - SEATS + 1))


@pytest.mark.alone
def test_seats_come_back_while_others_join_the_line(alone):
    """Half of those who go give their seat back while a crowd answers: no seat is lost, none is taken twice."""
    seats, crowd = 20, 120
    with alone.app_context():
        group = make_cast().group
        slug = make_event(group, capacity=seats)
        people = [account_id for _, account_id in make_many(group, seats + crowd)]
    first, others = people[:seats], people[seats:]
    assert {answer_once(alone, person, slug) for person in first} == {"going"}
    leavers = [(person, Answer.NOT_GOING) for person in first[: seats // 2]]
    comers = [(person, Answer.GOING) for person in others]
    mixed = [one for pair in zip(comers, leavers * (crowd // len(leavers)), strict=False) for one in pair]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda one: answer_once(alone, one[0], slug, one[1]), mixed))
    states, (taken, waiting) = stands(alone)
    assert taken == seats == states["going"] + states.get("offered", 0)
    assert waiting == states["waiting"] == crowd - seats // 2
    assert states["not_going"] == seats // 2


@pytest.mark.alone
def test_one_person_many_times_takes_one_seat(alone):
    with alone.app_context():
        group = make_cast().group
        slug = make_event(group, capacity=SEATS)
        ((_, account_id),) = make_many(group, 1)
    answers = [Answer.GOING, Answer.NOT_GOING, Answer.MAYBE] * 40
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda answer: answer_once(alone, account_id, slug, answer), answers))
    states, (taken, waiting) = stands(alone)
    assert (states.get("going", 0), waiting) == (taken, 0)
    assert taken <= 1


@pytest.mark.alone
def test_through_the_door(alone):
    count, seats = 96, 8
    with alone.app_context():
        group = make_cast().group
        slug = make_event(group, capacity=seats)
        people = make_many(group, count)
    browsers = [Browser(alone, email) for email, _ in people]
    tokens = [browser.token() for browser in browsers]

    def answer(number):
        form = {"csrf_token": tokens[number], "answer": "going"}
        return browsers[number].client.post(f"/events/{slug}/answer", data=form).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        heard = Counter(pool.map(answer, range(count)))
    assert heard == {303: count}
    assert stands(alone) == ({"going": seats, "waiting": count - seats}, (seats, count - seats))
