"""A thousand people answer at once for fifty seats: fifty go, 950 hear that it is full, nobody hears nothing."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.core.viewer import Viewer
from alumni.events import actions, queries
from alumni.events.models import Answer, Attendance, Event
from tests.browser import Browser
from tests.cast import make_cast
from tests.events.shapes import make_event, make_many

PEOPLE, SEATS, THREADS = 1000, 50, 16
GOING = select(func.count()).select_from(Attendance).where(Attendance.answer == Answer.GOING)


def stands(app):
    with app.app_context():
        return db.session.scalar(GOING), db.session.scalar(select(Event.seats_taken))


def answer_once(app, account_id, slug, answer=Answer.GOING):
    """What one person hears, in a transaction of their own."""
    with app.app_context():
        viewer = Viewer(id=account_id, is_verified=True)
        try:
            row = queries.event_to_answer(viewer, slug=slug).first()
            actions.answer_event(actor=viewer, event=row, answer=answer)
            db.session.commit()
            return answer.value
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
    assert heard == {"going": SEATS, "event-full": PEOPLE - SEATS}
    assert stands(alone) == (SEATS, SEATS)


@pytest.mark.alone
def test_one_person_many_times_takes_one_seat(alone):
    with alone.app_context():
        group = make_cast().group
        slug = make_event(group, capacity=SEATS)
        ((_, account_id),) = make_many(group, 1)
    answers = [Answer.GOING, Answer.NOT_GOING] * 60
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda answer: answer_once(alone, account_id, slug, answer), answers))
    going, taken = stands(alone)
    assert going == taken <= 1


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
    assert heard == {303: seats, 409: count - seats}
    assert stands(alone) == (seats, seats)
