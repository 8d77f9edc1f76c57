"""A fair: companies, who speaks for one, times, and meetings that are agreed with one person at a time."""

from datetime import UTC, timedelta

import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, EventKind, EventState
from alumni.fairs import actions
from alumni.fairs.models import Company, MeetingRequest, MeetingSlot, RequestState
from alumni.members.models import Block, Member
from tests import builders
from tests.cast import Cast
from tests.conferences.test_programme import go
from tests.events.shapes import make_event, make_many, member_id, wall
from tests.groups.test_race import at_once, make_people

STATES = sa.select(MeetingRequest.state).order_by(MeetingRequest.id)
STANDS = {
    "name": "Hikari Denki", "country": "JP", "sector": "Energy", "looks_for": "Engineers who *like* rain.",
    "languages": "Japanese, English", "stand": "Table 7", "url": "https://hikari.example/",
}  # fmt: skip
ROW = {"starts_at": "2031-05-05T10:00", "ends_at": "2031-05-05T12:00", "minutes": "15"}


@pytest.fixture
def event(app, cast):
    """For everybody; Bob and Carol are going, Alice organises."""
    with app.app_context():
        slug = make_event(
            cast.group, wall_start=wall("2031-05-05T09:00"), wall_end=wall("2031-05-05T18:00"),
            audience=EventAudience.PUBLIC, kind=EventKind.FAIR, place="Hall",
        )  # fmt: skip
        for email in (Cast.bob, Cast.carol):
            go(slug, email)
        return slug


@pytest.fixture
def company(browse, event):
    """Its address, with eight times."""
    page = browse(Cast.alice).post(f"/events/{event}/companies/new", STANDS | {"once": new_key()})
    assert page.status_code == 303
    assert browse(Cast.alice).post(f"{page.location}/slots", ROW).status_code == 303
    return page.location


@pytest.fixture
def times(read, company):
    """The keys of its times, in order."""
    return [key for (key,) in read(sa.select(MeetingSlot.key).order_by(MeetingSlot.starts_at))]


@pytest.fixture
def letters(app, postbox):
    """What has come by mail so far."""

    def come():
        with app.app_context():
            worker.run_due()
            db.session.remove()
        return postbox.letters

    return come


def ask(browse, company, slot, email=Cast.bob, **values):
    return browse(email).send(f"/api/v1{company}/requests", {"slot": slot, "note": "May I?"} | values)


def test_companies_are_entered_and_found(cast, browse, read, event, company):
    alice, guest, page = browse(Cast.alice), browse(""), f"/events/{event}/companies"
    assert company in guest.get(page).text
    assert page in guest.get(f"/events/{event}").text
    for words in ("Hikari Denki", "<em>like</em>", "Japanese, English", "Table 7", "hikari.example"):
        assert words in guest.get(company).text, words
    alice.post(f"{page}/new", STANDS | {"name": "Sora Foods", "sector": "Food", "country": "VN", "looks_for": "Cooks"})
    for query, found in (
        ("q=hikari", ["Hikari Denki"]), ("q=COOKS", ["Sora Foods"]), ("country=VN", ["Sora Foods"]),
        ("sector=Energy", ["Hikari Denki"]), ("q=nothing", []), ("q=%25", []), ("", ["Hikari Denki", "Sora Foods"]),
    ):  # fmt: skip
        assert [one["name"] for one in guest.get(f"/api/v1{page}?{query}").json["items"]] == found, query
    assert "Sora Foods" not in guest.get(f"{page}?sector=Energy").text
    assert "No company fits" in guest.get(f"{page}?q=nothing").text
    assert guest.get(f"{page}?country=Atlantis").status_code == 422
    assert guest.get(f"{page}?q={'x' * 500}").status_code == 422
    assert 'value="Table 7"' in alice.get(f"{company}/edit").text
    assert alice.post(f"{company}/edit", STANDS | {"stand": "Table 8"}).status_code == 303
    assert "Table 8" in guest.get(company).text
    assert alice.post(f"{company}/remove").status_code == 303
    assert read(sa.select(Company.name)) == [("Sora Foods",)]
    assert read(sa.select(MeetingSlot.key)) == []
    assert guest.get(company).status_code == 404


def test_companies_come_to_fairs_and_conferences_alone(cast, browse, app, event):
    alice = browse(Cast.alice)
    for kind, status in ((EventKind.CONFERENCE, 200), (EventKind.REUNION, 404)):
        with app.app_context():
            db.session.query(Event).filter_by(slug=event).one().kind = kind
            db.session.commit()
        assert alice.get(f"/events/{event}/companies").status_code == status
        assert alice.get(f"/events/{event}/companies/new").status_code == status


def test_times_are_laid_out_in_the_zone_of_the_event(cast, browse, read, company, times):
    alice = browse(Cast.alice)
    assert len(times) == 8
    first = read(sa.select(MeetingSlot.starts_at, MeetingSlot.ends_at).order_by(MeetingSlot.starts_at))[0]
    assert first.starts_at == wall("2031-05-05T03:00").replace(tzinfo=UTC)
    assert first.ends_at - first.starts_at == timedelta(minutes=15)
    # What overlaps with times that are there is left out; what does not fit whole is no time.
    page = alice.post(f"{company}/slots", ROW | {"ends_at": "2031-05-05T12:40"}, follow_redirects=True)
    assert "2 times are new." in page.text
    assert len(read(sa.select(MeetingSlot.key))) == 10
    assert alice.post(f"{company}/slots/{times[0]}/remove").status_code == 303
    assert alice.post(f"{company}/slots/{times[0]}/remove").status_code == 404
    assert len(read(sa.select(MeetingSlot.key))) == 9


def test_a_company_has_two_hundred_times_at_most(cast, browse, read, app, event, company, times):
    with app.app_context():
        row = db.session.query(Event).filter_by(slug=event).one()
        row.ends_at += timedelta(days=2)
        db.session.commit()
    alice, day = browse(Cast.alice), {"starts_at": "2031-05-05T12:00", "ends_at": "2031-05-06T04:00"}
    assert alice.post(f"{company}/slots", day | {"minutes": "5"}).status_code == 303
    for minutes, hours in (("5", 1), ("15", 3)):
        more = {"starts_at": "2031-05-06T04:00", "ends_at": f"2031-05-06T{4 + hours:02}:00", "minutes": minutes}
        page = alice.post(f"{company}/slots", more)
        assert page.status_code == 422
        assert "A company has 200 times at most." in page.text
    assert len(read(sa.select(MeetingSlot.key))) == 200


def test_a_time_goes_to_one_and_the_others_hear_so(cast, browse, read, event, company, times, letters):
    bob, carol, alice = browse(Cast.bob), browse(Cast.carol), browse(Cast.alice)
    page = bob.post(f"{company}/ask", {"slot": times[0], "note": "About rain", "once": new_key()})
    assert page.location.endswith(f"/events/{event}/meetings")
    assert "Waits for an answer" in bob.get(page.location).text
    assert ask(browse, company, times[0]).status_code == 201  # asked twice, it is once
    assert ask(browse, company, times[0], Cast.carol).status_code == 201
    assert read(STATES) == [("asked",), ("asked",)]
    shown = alice.get(company).text
    assert "About rain" in shown
    assert "ບຸນມີ" in shown
    first, second = (key for (key,) in read(sa.select(MeetingRequest.key).order_by(MeetingRequest.id)))
    assert alice.post(f"/events/{event}/meetings/{first}/accept").status_code == 303
    assert alice.post(f"/events/{event}/meetings/{first}/accept").status_code == 303  # twice is once
    assert alice.post(f"/events/{event}/meetings/{second}/accept").status_code == 409
    assert read(STATES) == [("accepted",), ("declined",)]
    assert "Agreed" in bob.get(f"/events/{event}/meetings").text
    assert "The time went to somebody else." in carol.get(f"/events/{event}/meetings").text
    assert times[0] not in carol.get(company).text
    assert ask(browse, company, times[0], Cast.carol).status_code == 422  # it is none of the choices any more
    letters = {letter["To"]: letter for letter in letters()}
    assert letters[Cast.bob]["Subject"] == "You meet Hikari Denki"
    assert "Table 7" in letters[Cast.bob].get_body().get_content()
    assert "10:00" in letters[Cast.bob].get_body().get_content()
    assert "went to somebody else" in letters[Cast.carol].get_body().get_content()


def test_nobody_is_at_two_tables_at_once(cast, browse, read, app, event, company, times):
    alice = browse(Cast.alice)
    other = alice.post(f"/events/{event}/companies/new", STANDS | {"name": "Sora Foods"}).location
    alice.post(f"{other}/slots", ROW | {"minutes": "20"})
    with app.app_context():
        key = other.rpartition("/")[2]
        of_other = db.session.query(MeetingSlot).join(Company).filter(Company.key == key)
        slots = [slot.key for slot in of_other.order_by(MeetingSlot.starts_at)]
    mine = [ask(browse, company, times[0]).json["key"], ask(browse, other, slots[0]).json["key"]]
    assert alice.post(f"/events/{event}/meetings/{mine[0]}/accept").status_code == 303
    assert alice.post(f"/events/{event}/meetings/{mine[1]}/accept").status_code == 409
    assert ask(browse, other, slots[0], Cast.carol).status_code == 201
    assert ask(browse, company, times[1]).status_code == 201  # 10:15, right after
    assert ask(browse, other, slots[1]).status_code == 201
    browse(Cast.bob).send(f"/api/v1/events/{event}/meetings/{mine[1]}/withdraw")
    answer = ask(browse, other, slots[0])  # from 10:00 to 10:20, while he meets the first one
    assert (answer.status_code, answer.json["type"]) == (409, "time-taken")


def test_declined_with_a_reason_and_withdrawn(cast, browse, read, event, company, times, letters):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    one, two = (ask(browse, company, slot).json["key"] for slot in times[:2])
    path = f"/events/{event}/meetings"
    assert alice.get(f"{path}/{one}/decline").status_code == 200
    assert alice.post(f"{path}/{one}/decline", {"reason": ""}).status_code == 422
    assert alice.post(f"{path}/{one}/decline", {"reason": "We look for cooks."}).status_code == 303
    assert alice.post(f"{path}/{one}/decline", {"reason": "Again."}).status_code == 409
    assert alice.post(f"{path}/{one}/accept").status_code == 409
    assert "We look for cooks." in bob.get(path).text
    assert "We look for cooks." in letters()[-1].get_body().get_content()
    alice.post(f"{path}/{two}/accept")
    assert bob.post(f"{path}/{two}/withdraw").status_code == 303
    assert bob.post(f"{path}/{two}/withdraw").status_code == 303  # twice does no harm
    assert read(STATES) == [("declined",), ("withdrawn",)]
    assert ask(browse, company, times[1], Cast.carol).status_code == 201  # free again
    assert ask(browse, company, times[0]).status_code == 201  # one may ask anew


def test_ten_requests_wait_at_most(cast, browse, event, company, times):
    alice = browse(Cast.alice)
    alice.post(f"{company}/slots", ROW | {"starts_at": "2031-05-05T13:00", "ends_at": "2031-05-05T14:00"})
    slots = [one["key"] for one in browse(Cast.bob).get(f"/api/v1{company}/slots").json["items"]]
    assert {ask(browse, company, slot).status_code for slot in slots[:10]} == {201}
    answer = ask(browse, company, slots[10])
    assert (answer.status_code, answer.json["type"]) == (409, "requests-open")
    first = browse(Cast.bob).get(f"/api/v1/events/{event}/meetings").json["items"][0]["key"]
    browse(Cast.bob).send(f"/api/v1/events/{event}/meetings/{first}/withdraw")
    assert ask(browse, company, slots[10]).status_code == 201


def test_whoever_comes_no_more_leaves_the_time(cast, browse, read, event, company, times):
    alice, path = browse(Cast.alice), f"/events/{event}/meetings"
    mine = ask(browse, company, times[0]).json["key"]
    waits = ask(browse, company, times[1]).json["key"]
    alice.post(f"{path}/{mine}/accept")
    browse(Cast.bob).post(f"/events/{event}/answer", {"answer": "not_going"})
    assert "ບຸນມີ" not in alice.get(company).text
    assert alice.post(f"{path}/{waits}/accept").status_code == 409
    other = ask(browse, company, times[0], Cast.carol)
    assert other.status_code == 201
    assert alice.post(f"{path}/{other.json['key']}/accept").status_code == 303
    assert read(STATES) == [("withdrawn",), ("asked",), ("accepted",)]


def test_whoever_is_asked_speaks_for_the_company(cast, browse, read, event, company, times, letters):
    """The page says the same whether or not somebody has the address, and whether or not they are going."""
    alice, carol = browse(Cast.alice), browse(Cast.carol)
    said = []
    for email in ("nobody@example.org", Cast.nia, Cast.carol):
        page = alice.post(f"{company}/contact", {"email": email.upper()}, follow_redirects=True)
        assert page.status_code == 200
        said.append(page.text.replace(email, "").split("<main")[1].split("csrf")[0])
    assert said[0] == said[1] == said[2]
    assert "We asked them." in said[0] or "We asked them." in page.text
    assert [letter["To"] for letter in letters()] == [Cast.carol]
    assert "You are asked whether you speak" in carol.get(f"/events/{event}/companies").text
    assert "You are asked" not in browse(Cast.bob).get(f"/events/{event}/companies").text
    ask(browse, company, times[0])
    assert "ບຸນມີ" not in carol.get(company).text
    # Only whoever was asked can say yes.
    assert browse(Cast.bob).post(f"{company}/contact/answer", {"answer": "yes"}).status_code == 403
    assert carol.post(f"{company}/contact/answer", {"answer": "perhaps"}).status_code == 422
    assert carol.post(f"{company}/contact/answer", {"answer": "yes"}).status_code == 303
    assert read(sa.select(Company.asked_email)) == [("",)]
    assert "Carol Sok" in alice.get(company).text
    assert "Carol Sok" not in browse("").get(company).text
    assert "ບຸນມີ" in carol.get(company).text
    ask(browse, company, times[1])
    assert [letter["To"] for letter in letters()][-1] == Cast.carol
    keys = [row["key"] for row in carol.get(f"/api/v1{company}/requests").json["items"]]
    assert carol.send(f"/api/v1/events/{event}/meetings/{keys[0]}/accept").json["state"] == "accepted"
    assert carol.send(f"/api/v1/events/{event}/meetings/{keys[1]}/decline", {"reason": "No."}).status_code == 200
    assert [row["key"] for row in browse(Cast.bob).get(f"/api/v1{company}/requests").json["items"]] == []
    # She does not any more.
    assert carol.post(f"{company}/contact/end").status_code == 303
    assert "ບຸນມີ" not in carol.get(company).text
    assert carol.post(f"{company}/contact/end").status_code == 403
    alice.post(f"{company}/contact", {"email": Cast.carol})
    assert carol.post(f"{company}/contact/answer", {"answer": "no"}).status_code == 303
    assert read(sa.select(Company.asked_email, Company.contact_id)) == [("", None)]


def test_of_two_who_have_blocked_each_other_neither_reads_the_other(cast, browse, app, company, times):
    with app.app_context():
        row = db.session.query(Company).one()
        row.contact_id = member_id(Cast.carol)
        db.session.add(Block(blocker_id=row.contact_id, blocked_id=member_id(Cast.bob)))
        db.session.commit()
    assert ask(browse, company, times[0]).status_code == 201
    assert "ບຸນມີ" not in browse(Cast.carol).get(company).text
    assert "Carol" not in browse(Cast.bob).get(company).text
    assert "ບຸນມີ" in browse(Cast.alice).get(company).text  # who runs it decides


def test_my_meetings_as_a_calendar(cast, browse, event, company, times):
    path = f"/events/{event}/meetings"
    mine = ask(browse, company, times[2]).json["key"]
    ask(browse, company, times[3])
    bob = browse(Cast.bob)
    assert "meetings.ics" not in bob.get(path).text
    browse(Cast.alice).post(f"{path}/{mine}/accept")
    assert "meetings.ics" in bob.get(path).text
    calendar = icalendar.Calendar.from_ical(bob.get(f"{path}.ics").text)
    (entry,) = calendar.walk("VEVENT")
    assert entry["dtstart"].dt.isoformat() == "2031-05-05T10:30:00+07:00"
    assert (entry["summary"], entry["location"]) == ("Meeting: Hikari Denki", "Table 7, Hall")
    assert str(entry["uid"]).startswith(f"meeting-{mine}@")
    assert icalendar.Calendar.from_ical(browse(Cast.carol).get(f"{path}.ics").text).walk("VEVENT") == []


def test_a_company_that_does_not_come_tells_whom_it_was_to_meet(cast, browse, event, company, times, letters):
    alice = browse(Cast.alice)
    mine = ask(browse, company, times[0]).json["key"]
    alice.post(f"/events/{event}/meetings/{mine}/accept")
    ask(browse, company, times[1], Cast.carol)
    assert alice.post(f"{company}/slots/{times[1]}/remove").status_code == 303
    assert alice.post(f"{company}/remove").status_code == 303
    told = [(letter["To"], letter["Subject"]) for letter in letters()]
    assert told[-2:] == [(Cast.carol, "No meeting with Hikari Denki"), (Cast.bob, "No meeting with Hikari Denki")]


def test_what_has_passed_or_is_called_off_is_not_asked_for(cast, browse, app, event, company, times):
    with time_machine.travel(wall("2031-05-05T10:20").replace(tzinfo=UTC) - timedelta(hours=7), tick=False):
        assert ask(browse, company, times[1]).status_code == 422  # it began
        mine = ask(browse, company, times[2]).json["key"]
    with time_machine.travel(wall("2031-05-05T10:40").replace(tzinfo=UTC) - timedelta(hours=7), tick=False):
        assert browse(Cast.alice).post(f"/events/{event}/meetings/{mine}/accept").status_code == 409
    with app.app_context():
        db.session.query(Event).filter_by(slug=event).one().state = EventState.CANCELLED
        db.session.commit()
    assert ask(browse, company, times[3]).status_code == 409
    assert "Ask for a meeting" not in browse(Cast.bob).get(company).text


@pytest.mark.parametrize(
    ("path", "form", "bad", "field"),
    [
        ("/edit", STANDS, {"name": ""}, "name"),
        ("/edit", STANDS, {"name": "x" * 100_000}, "name"),
        ("/edit", STANDS, {"name": "a\0b"}, "name"),
        ("/edit", STANDS, {"country": "ZZ"}, "country"),
        ("/edit", STANDS, {"looks_for": "x" * 100_000}, "looks_for"),
        ("/edit", STANDS, {"url": "javascript:alert(1)"}, "url"),
        ("/slots", ROW, {"minutes": "0"}, "minutes"),
        ("/slots", ROW, {"minutes": ""}, "minutes"),
        ("/slots", ROW, {"minutes": "-1"}, "minutes"),
        ("/slots", ROW, {"minutes": str(10**40)}, "minutes"),
        ("/slots", ROW, {"minutes": "200"}, "minutes"),
        ("/slots", ROW, {"ends_at": "2031-05-05T10:00"}, "ends_at"),
        ("/slots", ROW, {"ends_at": "2031-05-05T18:01"}, "ends_at"),
        ("/slots", ROW, {"starts_at": "2031-05-05T08:00"}, "starts_at"),
        ("/slots", ROW, {"starts_at": "\0"}, "starts_at"),
        ("/contact", {}, {"email": ""}, "email"),
        ("/contact", {}, {"email": "not an address"}, "email"),
        ("/contact", {}, {"email": "a\0@example.org"}, "email"),
        ("/contact", {}, {"email": "x" * 100_000}, "email"),
        ("/ask", {"note": "Hello there"}, {"slot": "nothing"}, "slot"),
        ("/ask", {"note": "Hello there"}, {"slot": "a\0b"}, "slot"),
        ("/ask", {"note": "Hello there"}, {}, "slot"),
    ],
)
def test_bad_input_names_its_field_and_keeps_what_was_typed(cast, browse, read, event, company, path, form, bad, field):
    browser = browse(Cast.bob if path == "/ask" else Cast.alice)
    before = read(sa.select(Company.name, sa.func.count(MeetingSlot.id)).join(MeetingSlot).group_by(Company.name))
    page = browser.post(f"{company}{path}", form | bad)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    kept = next((value for name, value in form.items() if name not in bad), "")
    assert kept in page.text
    assert before == read(
        sa.select(Company.name, sa.func.count(MeetingSlot.id)).join(MeetingSlot).group_by(Company.name)
    )


def test_a_note_is_short(cast, browse, read, company, times):
    for note in ("x" * 501, "x" * 100_000, "a\0b"):
        answer = ask(browse, company, times[0], note=note)
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["note"])
    page = browse(Cast.bob).post(f"{company}/ask", {"slot": times[0], "note": "y" * 501})
    assert page.status_code == 422
    assert "y" * 501 in page.text
    assert read(STATES) == []


def test_forty_at_once_for_one_time(alone):
    """The database gives each time once, and nobody two that overlap."""
    with alone.app_context():
        ids = make_people(41)
        group = builders.make_group("Many", slug="many")
        builders.make_tenure(db.session.get_one(Member, ids[0]), group)
        event = builders.make_event(group, audience=EventAudience.MEMBERS, kind=EventKind.FAIR)
        companies = [builders.make_company(event, name=name) for name in ("One", "Two")]
        slots = [builders.make_slot(company, event) for company in companies]
        for id in ids[1:]:
            db.session.add(Attendance(event_id=event.id, account_id=id, state=AttendanceState.GOING))
        db.session.flush()
        asked = [builders.make_request(slot, id).id for id in ids[1:] for slot in slots]
        db.session.commit()
        event_id, runner = event.id, Viewer(id=ids[0], is_verified=True)

    def accept(id):
        event, request = db.session.get_one(Event, event_id), db.session.get_one(MeetingRequest, id)
        actions.accept(actor=runner, event=event, request=request)
        return "agreed"

    answers = at_once(alone, accept, asked)
    assert answers.count("agreed") == 2
    assert set(answers) <= {"agreed", "not-asked", "slot-taken", "time-taken"}
    with alone.app_context():
        agreed = db.session.query(MeetingRequest).filter_by(state=RequestState.ACCEPTED).all()
        assert len({one.slot_id for one in agreed}) == len({one.account_id for one in agreed}) == 2


def test_asked_many_times_at_once_it_is_once(alone):
    with alone.app_context():
        (person,) = make_people(1)
        group = builders.make_group("Many", slug="many")
        event = builders.make_event(group, audience=EventAudience.MEMBERS, kind=EventKind.FAIR)
        company = builders.make_company(event)
        slots = [builders.make_slot(company, event, after=timedelta(minutes=15 * n)).id for n in range(14)]
        db.session.add(Attendance(event_id=event.id, account_id=person, state=AttendanceState.GOING))
        db.session.commit()
        event_id, company_id = event.id, company.id

    def send(slot_id):
        event, company = db.session.get_one(Event, event_id), db.session.get_one(Company, company_id)
        slot, actor = db.session.get_one(MeetingSlot, slot_id), Viewer(id=person, is_verified=True)
        actions.ask(actor=actor, event=event, company=company, slot=slot, note="", key=new_key())
        return "asked"

    answers = at_once(alone, send, slots * 4)
    assert set(answers) == {"asked", "requests-open"}
    with alone.app_context():
        assert db.session.query(MeetingRequest).count() == 10


def test_who_may_not(cast, browse, app, event, company, times):
    with app.app_context():
        people = [email for email, _id in make_many(cast.group, 1)]
        go(event, Cast.sue)
    mine = ask(browse, company, times[0]).json["key"]
    meeting = f"/events/{event}/meetings/{mine}"
    for email in (Cast.carol, Cast.mallory, Cast.nia, Cast.olga, Cast.otto, Cast.mona, *people):
        browser = browse(email)
        assert browser.get(company).status_code == 200, email
        assert "ບຸນມີ" not in browser.get(company).text, email
        assert browser.get(f"/api/v1{company}/requests").json["items"] == [], email
        for path in ("edit", "remove", "contact", "slots", f"slots/{times[0]}/remove", "contact/answer"):
            form = {"email": "x@example.org", "answer": "yes"}
            assert browser.post(f"{company}/{path}", form).status_code == 403, (email, path)
        assert browser.get(f"/events/{event}/companies/new").status_code == 403, email
        for path in ("accept", "decline", "withdraw"):  # whose request it is stays with the two sides
            assert browser.post(f"{meeting}/{path}", {"reason": "x"}).status_code == 404, (email, path)
    # One does not say yes to oneself, nor withdraw for others.
    for path in ("accept", "decline"):
        assert browse(Cast.bob).post(f"{meeting}/{path}", {"reason": "x"}).status_code == 403
        assert browse(Cast.bob).send(f"/api/v1{meeting}/{path}", {"reason": "x"}).status_code == 403
    assert browse(Cast.alice).post(f"{meeting}/withdraw").status_code == 403
    # Who is not going does not ask.
    for email in (Cast.alice, Cast.mallory, Cast.nia, Cast.sue, Cast.olga, Cast.otto, Cast.mona, *people):
        assert ask(browse, company, times[1], email).status_code == 403, email
    guest = browse("")
    assert guest.post(f"{company}/ask", {"slot": times[1]}).status_code == 303
    assert guest.get(f"/events/{event}/meetings").status_code == 303
    assert ask(browse, company, times[1], "").status_code == 401
    # What one does not see is not there.
    with app.app_context():
        db.session.query(Event).filter_by(slug=event).one().audience = EventAudience.GROUP
        db.session.commit()
    for email in (Cast.carol, Cast.mallory, Cast.nia, Cast.otto):
        assert browse(email).get(company).status_code == 404, email
        assert browse(email).get(f"/api/v1/events/{event}/companies").status_code == 404
        assert ask(browse, company, times[1], email).status_code == 404
    assert guest.get(company).status_code == 404
