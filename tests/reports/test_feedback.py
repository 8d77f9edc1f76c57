"""How it was: questions, one letter each, answers without names; and who neither says nor reads it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.events.models import Event
from alumni.members.models import Member
from alumni.reports.models import FeedbackAnswer, FeedbackLetter, FeedbackSheet
from tests.cast import Cast
from tests.events.shapes import make_event, member_id
from tests.imports.shapes import run_jobs
from tests.reports.shapes import note, note_many, over

COUNT = sa.select(sa.func.count()).select_from(FeedbackAnswer)
ASKED = {
    "questions-0-label": "How was the event as a whole?",
    "questions-0-kind": "scale",
    "questions-1-label": "Was the food good?",
    "questions-1-kind": "scale",
    "questions-2-label": "Anything else?",
    "questions-2-kind": "words",
    "questions-3-label": "",
    "questions-3-kind": "scale",
}


@pytest.fixture
def event(app, cast, browse):
    """It is over, Bob was noted and Carol was not; three things are asked."""
    with app.app_context():
        slug = over(cast.group)
        note(slug, Cast.bob)
    browse(Cast.alice).post(f"/events/{slug}/feedback/questions", ASKED)
    return slug


def feedback_of(slug):
    return f"/events/{slug}/feedback"


def test_three_questions_are_offered_and_stand_in_the_readers_language(app, cast, browse, read):
    with app.app_context():
        slug = over(cast.group)
        note(slug, Cast.bob)
    alice = browse(Cast.alice)
    page = alice.get(f"{feedback_of(slug)}/questions").text
    offered = ("How was the event as a whole?", "How much did you take home that you can use?")
    for label in (*offered, "What should be done differently next time?"):
        assert f'value="{label}"' in page
    assert "Save the questions first" in page
    assert alice.post(f"{feedback_of(slug)}/questions", ASKED).status_code == 303
    ((questions,),) = read(sa.select(FeedbackSheet.questions))
    assert [each["offered"] for each in questions] == ["overall", "", ""]
    japanese = browse(Cast.bob).get(f"{feedback_of(slug)}?lang=ja").text
    assert "How was the event as a whole?" not in japanese
    assert "Was the food good?" in japanese
    six = {f"questions-{n}-{name}": value for n in range(6) for name, value in (("label", "X"), ("kind", "scale"))}
    assert alice.post(f"{feedback_of(slug)}/questions", six).status_code == 422
    assert alice.post(f"{feedback_of(slug)}/questions", ASKED | {"questions-0-kind": "x"}).status_code == 422


def test_each_who_came_gets_one_letter(app, cast, browse, read, event, postbox):
    with app.app_context():
        note_many(event, cast.group, 2)
    alice = browse(Cast.alice)
    for _ in range(2):
        assert alice.post(f"{feedback_of(event)}/ask").status_code == 303
        run_jobs(app)
    assert sorted(letter["To"] for letter in postbox.letters) == [
        *("bob@example.org", "member0@example.org", "member1@example.org")
    ]
    text = postbox.letters[0].get_body(("plain",)).get_content()
    assert f"/events/{event}/feedback" in text
    assert postbox.letters[0]["Subject"] == "How was it: Reunion & walk"
    with app.app_context():
        note(event, Cast.carol)
    alice.post(f"{feedback_of(event)}/ask")
    run_jobs(app)
    assert [letter["To"] for letter in postbox.letters[3:]] == ["carol@example.org"]
    assert read(sa.select(sa.func.count()).select_from(FeedbackLetter)) == [(4,)]


def test_it_is_answered_once_and_changed_until_the_end(app, cast, browse, read, event):
    bob = browse(Cast.bob)
    assert "How was it?" in bob.get(f"/events/{event}").text
    page = bob.get(feedback_of(event)).text
    assert "Was the food good?" in page
    assert bob.post(feedback_of(event), {"q1": "5", "q2": "", "q3": "Fine."}).status_code == 303
    assert bob.post(feedback_of(event), {"q1": "4", "q2": "3", "q3": "Fine."}).status_code == 303
    assert read(sa.select(FeedbackAnswer.replies)) == [({"q1": 4, "q2": 3, "q3": "Fine."},)]
    page = bob.get(feedback_of(event)).text
    assert "Change what I said" in page
    assert 'checked id="q1-4"' in page
    assert bob.post(feedback_of(event), {"q1": "6"}).status_code == 422
    # From the first answer on the questions stay as they are.
    assert browse(Cast.alice).post(f"{feedback_of(event)}/questions", ASKED).status_code == 409
    move(app, event, timedelta(days=-28))
    assert bob.post(feedback_of(event), {"q1": "1"}).status_code == 409
    assert "until 30 days later" in bob.get(feedback_of(event)).text
    assert "How was it?" not in bob.get(f"/events/{event}").text
    assert browse(Cast.alice).post(f"{feedback_of(event)}/ask").status_code == 409
    assert read(sa.select(FeedbackAnswer.replies)) == [({"q1": 4, "q2": 3, "q3": "Fine."},)]


def move(app, slug, by):
    with app.app_context():
        event = db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        event.starts_at, event.ends_at = event.starts_at + by, event.ends_at + by
        db.session.commit()


def test_organisers_read_it_from_three_upward_and_without_names(app, cast, browse, event):
    with app.app_context():
        people = note_many(event, cast.group, 3)
    alice = browse(Cast.alice)
    path = f"/api/v1/events/{event}/feedback"
    said = [{"q1": 5, "q3": "Zebras."}, {"q1": 4, "q2": 2, "q3": "apples"}, {"q1": 3, "q3": "More tea."}]
    for email, body in zip(people, said, strict=True):
        page = alice.get(f"{feedback_of(event)}/questions").text
        assert "Zebras." not in page
        assert "once three people have answered" in page
        assert browse(email).send(path, body, method="PUT").status_code == 200
    page = alice.get(f"{feedback_of(event)}/questions").text
    assert "3 people have answered." in page
    assert "4 of 5, from 3 answers" in page
    assert page.index("apples") < page.index("More tea.") < page.index("Zebras.")
    assert "Fewer than three have answered this." in page
    assert "Member 0" not in page
    seen = alice.get(path).json
    assert seen["answers"] == 3
    assert seen["results"][0]["spread"] == [0, 0, 1, 1, 1]
    assert seen["results"][1] | {"average": None, "spread": []} == seen["results"][1]
    mine = browse(people[0]).get(path).json
    assert mine["mine"] == said[0]
    assert "results" not in mine


def test_the_published_report_shows_averages_where_organisers_say_so(app, cast, browse, event):
    with app.app_context():
        people = note_many(event, cast.group, 3)
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    for email in people[:2]:
        browse(email).post(feedback_of(event), {"q1": "5", "q3": "A secret."})
    alice.post(f"/events/{event}/report/edit", {"shows_feedback": "y", "act": "publish"})
    assert "of 5, from" not in bob.get(f"/events/{event}/report").text
    browse(people[2]).post(feedback_of(event), {"q1": "4"})
    alice.post(f"/events/{event}/report/edit", {"shows_feedback": "y", "act": "publish"})
    page = bob.get(f"/events/{event}/report").text
    assert "4.7 of 5, from 3 answers" in page
    assert "A secret." not in page
    alice.post(f"/events/{event}/report/edit", {"act": "save"})
    assert "of 5, from" not in bob.get(f"/events/{event}/report").text
    assert "feedback" not in bob.get(f"/api/v1/events/{event}/report").json["numbers"]


def test_whoever_goes_takes_their_answer_along(app, cast, browse, read, event):
    browse(Cast.bob).post(feedback_of(event), {"q1": "5"})
    with app.app_context():
        bob = member_id(Cast.bob)
        db.session.execute(sa.delete(Member).where(Member.account_id == bob))
        db.session.execute(sa.delete(Account).where(Account.id == bob))
        db.session.commit()
    assert read(COUNT) == [(0,)]


def test_where_nobody_was_noted_those_who_were_going_are_asked(app, cast, browse, event):
    with app.app_context():
        slug = over(cast.group)
    browse(Cast.alice).post(f"{feedback_of(slug)}/questions", ASKED)
    assert browse(Cast.carol).post(feedback_of(slug), {"q1": "5"}).status_code == 303
    assert browse(Cast.carol).get(feedback_of(event)).status_code == 403


def test_before_the_end_nobody_is_asked(app, cast, browse):
    with app.app_context():
        slug = make_event(cast.group, starts_in=timedelta(minutes=-5), title="Now")
        note(slug, Cast.bob, arrived_at=clock.now())
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    assert alice.post(f"{feedback_of(slug)}/questions", ASKED).status_code == 303
    assert alice.post(f"{feedback_of(slug)}/ask").status_code == 409
    assert bob.post(feedback_of(slug), {"q1": "5"}).status_code == 409
    assert "Once the event is over" in alice.get(f"{feedback_of(slug)}/questions").text


def test_where_nothing_is_asked_nothing_is_answered(app, cast, browse):
    with app.app_context():
        slug = over(cast.group)
    assert "Nothing is asked" in browse(Cast.bob).get(feedback_of(slug)).text
    assert browse(Cast.bob).post(feedback_of(slug), {}).status_code == 409
    assert browse(Cast.alice).post(f"{feedback_of(slug)}/ask").status_code == 409


def test_others_neither_say_nor_read_it(cast, browse, read, event):
    for email, status in (
        *((Cast.carol, 403), (Cast.alice, 403), (Cast.mallory, 403), (Cast.nia, 404)),
        *((Cast.sue, 403), (Cast.otto, 404), ("", 303)),
    ):
        browser = browse(email)
        assert browser.get(feedback_of(event)).status_code == status, email
        assert browser.post(feedback_of(event), {"q1": "1"}).status_code == status, email
        sent = browser.send(f"/api/v1/events/{event}/feedback", {"q1": 1}, method="PUT")
        assert sent.status_code == (status if email else 401), email
    for email, status in ((Cast.bob, 403), (Cast.mallory, 403), (Cast.nia, 404), (Cast.sue, 403), (Cast.otto, 404)):
        browser = browse(email)
        assert browser.get(f"{feedback_of(event)}/questions").status_code == status, email
        assert browser.post(f"{feedback_of(event)}/questions", ASKED).status_code == status, email
        assert browser.post(f"{feedback_of(event)}/ask").status_code == status, email
    assert browse("").get(f"{feedback_of(event)}/questions").status_code == 303
    assert read(COUNT) == [(0,)]
