"""The report of an event: written in two languages, counted from the door, frozen, printed; and who may not."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from alumni.core import storage
from alumni.core.db import db
from alumni.events.models import Event, EventAudience, EventState
from alumni.members.models import Participation
from alumni.reports import actions
from alumni.reports.models import EventReport, ReportPicture
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_event, member_id
from tests.imports.shapes import run_jobs
from tests.reports.shapes import note, note_many, over

REPORT = sa.select(EventReport.is_published, EventReport.numbers, EventReport.edits)


@pytest.fixture
def event(app, cast):
    """Bob came with a guest, and a school of nine from Laos; Carol said she would and was not noted."""
    with app.app_context():
        slug = over(cast.group)
        note(slug, Cast.bob, people=2)
        note(slug, country="LA", people=9)
    return slug


def written(**values):
    return {
        "words_en": "We walked to *That Luang*.",
        "minutes_en": "Opened at nine.",
        "handed_to": "Embassy of Japan in Laos",
        "handed_on": "2026-11-20",
        "act": "publish",
    } | values


def edit_of(slug):
    return f"/events/{slug}/report/edit"


def photograph():
    file = BytesIO()
    Image.new("RGB", (640, 400), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def test_a_report_is_written_published_and_read(cast, browse, read, event):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    report = f"/events/{event}/report"
    assert alice.get(report).location.endswith("/report/edit")
    assert bob.get(report).status_code == 404
    assert "What happened, in Japanese" in alice.get(edit_of(event)).text
    assert alice.post(edit_of(event), written(act="draft")).status_code == 303
    assert "Only those who run the event see it" not in bob.get(f"/events/{event}").text
    assert "Read the report" not in bob.get(f"/events/{event}").text
    assert "Draft: only those who run the event see it" in alice.get(report).text
    assert bob.get(report).status_code == 404

    assert alice.post(edit_of(event), written()).status_code == 303
    page = bob.get(report).text
    for words in (
        *("Reunion &amp; walk", "That Luang", "in Vientiane", "Embassy of Japan in Laos", "20 November 2026"),
        *("<em>That Luang</em>", "Opened at nine.", "11 people came", "Counted on"),
        "Graduates and other members: 1. Their guests: 1. Others who came without an answer: 9.",
        "2 people had said that they would come",
    ):
        assert words in page, words
    assert "Read the report" in bob.get(f"/events/{event}").text
    ((is_published, numbers, edits),) = read(REPORT)
    assert (is_published, edits) == (True, 2)
    assert numbers["countries"] == [["LA", 10], ["", 1]]
    assert numbers["programmes"] == [["jenesys2016", "JENESYS2016", 1], ["", "", 10]]


def test_numbers_stay_as_they_were_until_it_is_published_again(app, cast, browse, event):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    alice.post(edit_of(event), written())
    with app.app_context():
        note(event, Cast.carol)
    assert "11 people came" in bob.get(f"/events/{event}/report").text
    alice.post(edit_of(event), written(act="save", words_en="Corrected."))
    page = bob.get(f"/events/{event}/report").text
    assert "11 people came" in page
    assert "Corrected." in page
    alice.post(edit_of(event), written())
    assert "12 people came" in bob.get(f"/events/{event}/report").text
    alice.post(edit_of(event), written(act="draft"))
    assert bob.get(f"/events/{event}/report").status_code == 404


def test_few_of_a_country_are_told_to_organisers_alone(app, cast, browse, event):
    with app.app_context():
        note(event, Cast.carol)
        note(event, country="JP", people=3)
        note(event, country="VN", people=5)
        note_many(event, cast.group, 2)
    browse(Cast.alice).post(edit_of(event), written())
    seen = browse(Cast.bob).get(f"/api/v1/events/{event}/report").json["numbers"]
    assert seen["countries"] == [["LA", 10], ["VN", 5], ["others", 7]]
    assert seen["programmes"] == [["", "", 20], ["others", "", 2]]
    page = browse(Cast.bob).get(f"/events/{event}/report").text
    assert "Cambodia" not in page
    assert "Where fewer than five came" in page
    mine = browse(Cast.alice).get(f"/api/v1/events/{event}/report").json["numbers"]
    assert mine["countries"] == [["LA", 10], ["VN", 5], ["JP", 3], ["KH", 1], ["", 3]]
    alice = browse(Cast.alice)
    page = alice.get(f"/events/{event}/report").text
    assert "Cambodia" in page
    assert f"/events/{event}/report?as=readers" in page
    handed_over = alice.get(f"/events/{event}/report?as=readers").text
    assert "Cambodia" not in handed_over
    assert "lang=ja&amp;as=readers" in handed_over


def test_a_person_of_two_programmes_counts_once_with_the_one_of_the_event(app, cast, browse):
    with app.app_context():
        slug = over(cast.group)
        other = builders.make_programme("abe")
        place = {"country": "VN", "state": "verified", "account_id": member_id(Cast.bob), "programme_id": other.id}
        builders.add(Participation(**place))
        own = db.session.scalars(sa.select(Participation).where(Participation.account_id == member_id(Cast.bob)))
        first = min(own, key=lambda each: each.id)
        first.id += 1000  # said later than the other
        db.session.commit()
        note(slug, Cast.bob)
    browse(Cast.alice).post(edit_of(slug), written())
    numbers = browse(Cast.alice).get(f"/api/v1/events/{slug}/report").json["numbers"]
    assert numbers["countries"] == [["LA", 1]]
    assert numbers["programmes"] == [["jenesys2016", "JENESYS2016", 1]]


def test_where_nobody_was_noted_it_says_so(app, cast, browse):
    with app.app_context():
        slug = over(cast.group)
    browse(Cast.alice).post(edit_of(slug), written())
    page = browse(Cast.bob).get(f"/events/{slug}/report").text
    assert "2 people said that they would come" in page
    assert "Nobody was noted at the door" in page


def test_in_the_language_that_the_address_names(cast, browse, event):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    alice.post(edit_of(event), written(words_ja="タートルアンまで歩きました。"))
    japanese = bob.get(f"/events/{event}/report?lang=ja").text
    assert '<html lang="ja"' in japanese
    assert "タートルアンまで歩きました。" in japanese
    assert "We walked" not in japanese
    # The minutes are in English alone, and it says so.
    assert '<div class="prose measure" lang="en" dir="auto"><p>Opened at nine.' in japanese
    assert "ラオス" in japanese
    english = bob.get(f"/events/{event}/report?lang=en", headers={"Accept-Language": "ja"}).text
    assert "We walked" in english
    assert "タートル" not in english
    alice.post(edit_of(event), written(words_en="", words_ja="歩きました。"))
    assert "There is no English text, so this is the Japanese one." in bob.get(f"/events/{event}/report").text


def test_nobody_is_quoted_who_has_not_agreed(cast, browse, read, event):
    alice = browse(Cast.alice)
    quote = {"quotes-0-words": "I shall come again.", "quotes-0-by": "A student"}
    refused = alice.post(edit_of(event), written(**quote))
    assert refused.status_code == 422
    assert "Quote only who has agreed" in refused.text
    assert "I shall come again." in refused.text
    assert read(sa.select(sa.func.count()).select_from(EventReport)) == [(0,)]
    half = alice.post(edit_of(event), written(**{"quotes-0-words": "Good.", "quotes-0-agreed": "y"}))
    assert "Say who said it." in half.text
    assert alice.post(edit_of(event), written(**quote, **{"quotes-0-agreed": "y"})).status_code == 303
    page = browse(Cast.bob).get(f"/events/{event}/report").text
    assert "I shall come again." in page
    assert "A student" in page
    rows = [{"words": f"{number}", "by": "X", "agreed": True} for number in range(3)]
    too_many = alice.send(f"/api/v1/events/{event}/report", {"quotes": rows}, method="PUT")
    assert too_many.status_code == 422
    refused = alice.send(f"/api/v1/events/{event}/report", {"quotes": [{"words": "x", "by": "y"}]}, method="PUT")
    assert "quotes-0-agreed" in refused.json["fields"]


def test_two_who_write_at_once_lose_nothing(cast, browse, read, event):
    alice, sam = browse(Cast.alice), browse(Cast.sam)
    assert alice.post(edit_of(event), written(edits="0", act="draft")).status_code == 303
    late = sam.post(edit_of(event), written(edits="0", words_en="Sam's words."))
    assert late.status_code == 412
    assert "Somebody else has saved this report" in late.text
    assert "Sam&#39;s words." in late.text
    assert 'name="edits" type="hidden" value="1"' in late.text
    assert sam.post(edit_of(event), written(edits="1")).status_code == 303
    assert read(sa.select(EventReport.edits)) == [(2,)]


def test_pictures_are_made_anew_and_shown_to_whoever_reads_it(app, cast, browse, read, event):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    path = f"/events/{event}/report/pictures"
    assert "Picture 6" in alice.get(path).text
    sent = {"picture": [(photograph(), "a.jpg")], "caption": ["On the way"]}
    assert alice.post(path, sent, content_type="multipart/form-data").status_code == 303
    ((name,),) = read(sa.select(ReportPicture.name))
    assert bob.get(f"/reports/pictures/{name}/480").status_code == 404
    alice.post(edit_of(event), written())
    answer = bob.get(f"/reports/pictures/{name}/480")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert (
        bob.get(f"/reports/pictures/{name}/480", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )
    assert bob.get(f"/reports/pictures/{name}/999").status_code == 404
    assert "On the way" in bob.get(f"/events/{event}/report").text
    assert browse("").get(f"/reports/pictures/{name}/480").status_code == 404

    unnamed = alice.post(path, {"picture": [(photograph(), "a.jpg")]}, content_type="multipart/form-data")
    assert "Say of each picture what is in it." in unnamed.text
    broken = {"picture": [(BytesIO(b"no picture"), "a.jpg")], "caption": ["X"], f"caption-{name}": "On the way home"}
    refused = alice.post(path, broken, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "That is not a picture we can read." in refused.text
    assert read(sa.select(ReportPicture.caption)) == [("On the way home",)]
    many = {"picture": [(photograph(), f"{n}.jpg") for n in range(6)], "caption": ["X"] * 6}
    assert "at most 6 pictures" in alice.post(path, many, content_type="multipart/form-data").text

    assert alice.post(path, {"remove": name}).status_code == 303
    run_jobs(app)
    with app.app_context():
        assert storage.files().read(actions.file_of(name, 480)) is None
    assert bob.get(f"/reports/pictures/{name}/480").status_code == 404


def test_before_it_begins_and_when_it_was_called_off_there_is_nothing_to_tell(app, cast, browse, event):
    alice = browse(Cast.alice)
    with app.app_context():
        ahead = make_event(cast.group)
        db.session.execute(sa.update(Event).where(Event.slug == event).values(state=EventState.CANCELLED))
        db.session.commit()
    for slug in (ahead, event):
        assert alice.get(edit_of(slug)).status_code == 409
        assert alice.post(edit_of(slug), written()).status_code == 409
        assert alice.get(f"/events/{slug}/lasting-group").status_code == 409
    assert "Write the report" not in alice.get(f"/events/{ahead}").text


def test_as_json(cast, browse, event):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    path = f"/api/v1/events/{event}/report"
    body = written(quotes=[{"words": "Good.", "by": "A student", "agreed": True}])
    saved = alice.send(path, body, method="PUT")
    assert saved.status_code == 200
    said = bob.get(path).json
    assert said["state"] == "published"
    assert said["words"] == {"en": "We walked to *That Luang*.", "ja": ""}
    assert said["quotes"] == [{"words": "Good.", "by": "A student"}]
    assert (said["handed_to"], said["handed_on"]) == ("Embassy of Japan in Laos", "2026-11-20")
    assert "feedback" not in said["numbers"]
    assert alice.send(path, body | {"handed_on": "soon"}, method="PUT").status_code == 422


def test_the_report_of_a_public_event_is_public(app, cast, browse):
    with app.app_context():
        slug = over(cast.group, audience=EventAudience.PUBLIC)
        note(slug, Cast.bob)
    browse(Cast.alice).post(edit_of(slug), written())
    for email in ("", Cast.nia, Cast.mallory, Cast.otto):
        page = browse(email).get(f"/events/{slug}/report")
        assert page.status_code == 200
        assert "JENESYS2016" not in page.text.partition("<main")[2].partition("Numbers")[2]
    with app.app_context():
        db.session.execute(sa.update(Event).where(Event.slug == slug).values(audience=EventAudience.GROUP))
        db.session.commit()
    assert browse("").get(f"/events/{slug}/report").status_code == 404


def test_others_neither_write_nor_read_it(app, cast, browse, event):
    alice = browse(Cast.alice)
    alice.post(edit_of(event), written())
    for email, status in (
        *((Cast.bob, 403), (Cast.carol, 403), (Cast.mallory, 403), (Cast.nia, 404)),
        *((Cast.sue, 403), (Cast.otto, 404), ("", 303)),
    ):
        browser = browse(email)
        assert browser.get(edit_of(event)).status_code == status, email
        assert browser.post(edit_of(event), written(words_en="X")).status_code == status, email
        assert browser.get(f"/events/{event}/report/pictures").status_code == status, email
        sent = browser.send(f"/api/v1/events/{event}/report", written(words_en="X"), method="PUT")
        assert sent.status_code == (401 if not email else status), email
    for email in (Cast.nia, Cast.otto, Cast.sue, ""):
        assert browse(email).get(f"/events/{event}/report").status_code == 404, email
        assert browse(email).get(f"/api/v1/events/{event}/report").status_code == 404, email
    assert "We walked" in browse(Cast.bob).get(f"/events/{event}/report").text
