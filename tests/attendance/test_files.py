"""Files as replies: sent one by one, read by the organisers and whoever sent them, forgotten with the other replies."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from alumni.attendance import actions
from alumni.attendance.models import EventQuestion, QuestionKind, ReplyFile
from alumni.core import clock, storage
from alumni.core.db import db
from alumni.events.models import Event, EventAudience
from alumni.worker import run_due
from tests.cast import Cast
from tests.events.shapes import make_event

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OTHERS = ("", Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.olga, Cast.otto)


def picture():
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "navy").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def event(app, cast):
    """It asks for the photograph for the badge."""
    with app.app_context():
        slug = make_event(cast.group, audience=EventAudience.GROUP)
        row = db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        row.asks = True
        kind = QuestionKind.FILE
        db.session.add(EventQuestion(event_id=row.id, position=1, kind=kind, label="Badge", is_required=True))
        db.session.commit()
    return slug


@pytest.fixture
def question(read, event):
    return read(sa.select(EventQuestion.key))[0].key


def send(browser, event, question, data, name="badge.png"):
    file = {f"{question}-file": (io.BytesIO(data), name)}
    return browser.post(f"/events/{event}/answer/files/{question}", file)


def files(read):
    return [row for (row,) in read(sa.select(ReplyFile))]


def test_a_file_is_sent_then_the_answer(cast, browse, read, event, question):
    bob = browse(Cast.bob)
    first = bob.post(f"/events/{event}/answer", {"answer": "going"})
    assert first.status_code == 422
    assert "Send this file first." in first.text
    by_json = bob.send(f"/api/v1/events/{event}/answer", {"answer": "going"})
    assert (by_json.status_code, list(by_json.json["fields"])) == (422, [f"q_{question}"])
    assert send(bob, event, question, picture()).status_code == 303
    assert "Sent" in bob.get(f"/events/{event}/answer").text
    assert bob.post(f"/events/{event}/answer", {"answer": "going"}).status_code == 303
    assert bob.get(f"/api/v1/events/{event}").json["my_answer"] == "going"
    path = f"/replies/{files(read)[0].key}"
    answer = bob.get(path)
    assert answer.mimetype == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert path in browse(Cast.alice).get(f"/events/{event}/answers").text
    assert browse(Cast.alice).get(path).status_code == 200


def test_a_pdf_is_saved_and_another_takes_its_place(app, cast, browse, read, event, question):
    bob = browse(Cast.bob)
    send(bob, event, question, picture())
    before = files(read)[0]
    send(bob, event, question, PDF, "paper.pdf")
    (after,) = files(read)
    assert (after.media_type, after.size) == ("application/pdf", len(PDF))
    answer = bob.get(f"/replies/{after.key}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with app.app_context():
        run_due()
        assert storage.files().read(actions.file_of(before.file)) is None
        assert storage.files().read(actions.file_of(after.file)) == PDF


def test_whoever_comes_no_more_leaves_no_file(app, cast, browse, read, event, question):
    bob = browse(Cast.bob)
    send(bob, event, question, PDF)
    bob.post(f"/events/{event}/answer", {"answer": "going"})
    bob.post(f"/events/{event}/answer", {"answer": "not_going"})
    assert files(read) == []
    send(bob, event, question, PDF)
    assert bob.post(f"/events/{event}/answer/files/{question}/remove").status_code == 303
    assert files(read) == []


def test_files_are_forgotten_with_the_replies(app, cast, browse, read, event, question):
    send(browse(Cast.bob), event, question, PDF)
    with app.app_context():
        db.session.execute(sa.update(Event).values(replies_until=clock.now().date().isoformat()))
        for days, left in ((0, 1), (1, 0)):
            for _ in actions.forget_replies(clock.now() + timedelta(days=days)):
                db.session.commit()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(ReplyFile)) == left


def test_questions_stay_once_a_file_is_there(cast, browse, read, event, question):
    send(browse(Cast.bob), event, question, PDF)
    answer = browse(Cast.alice).post(f"/events/{event}/questions/{question}/remove")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90", b"%PDF-1.7 and no end"],
    ids=["nothing", "svg", "program", "half a PDF"],
)
def test_bad_files_are_refused(cast, browse, read, event, question, data):
    page = send(browse(Cast.bob), event, question, data)
    assert page.status_code in (413, 422)
    assert files(read) == []


def test_only_where_a_file_is_asked_for(app, cast, browse, read, event, question):
    assert send(browse(Cast.bob), event, "x2345abcde", PDF).status_code == 404
    with app.app_context():
        other = make_event(cast.group)
    assert send(browse(Cast.bob), other, question, PDF).status_code == 404
    assert files(read) == []


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reads_it_or_sends_one(cast, browse, read, event, question, who):
    send(browse(Cast.bob), event, question, PDF)
    key = files(read)[0].key
    assert browse(who).get(f"/replies/{key}").status_code in (303, 403, 404)
    assert send(browse(who), event, question, PDF).status_code in (303, 403, 404)
    assert browse(who).post(f"/events/{event}/answer/files/{question}/remove").status_code in (303, 403, 404)
    assert [row.key for row in files(read)] == [key]
