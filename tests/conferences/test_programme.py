"""The programme of days: written, chosen from without ever too many, taken home; and who may not."""

from datetime import UTC, timedelta

import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from alumni.conferences import actions
from alumni.conferences.models import EventSession, SessionChoice
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, EventKind, EventState
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_event, member_id, wall
from tests.groups.test_race import at_once, make_people

HOUR = timedelta(hours=1)
START = wall("2031-05-05T09:00")
TAKEN = sa.select(EventSession.title, EventSession.seats_taken).order_by(EventSession.title)


@pytest.fixture
def event(app, cast):
    """Two days in Vientiane, for everybody; Bob and Carol are going."""
    with app.app_context():
        slug = make_event(
            cast.group, wall_start=START, wall_end=wall("2031-05-06T18:00"), title="Student Conference",
            audience=EventAudience.PUBLIC, kind=EventKind.CONFERENCE, place="Hall",
        )  # fmt: skip
        for email in (Cast.bob, Cast.carol):
            go(slug, email)
        db.session.commit()
        return slug


def go(slug, email, state=AttendanceState.GOING):
    event = db.session.query(Event).filter_by(slug=slug).one()
    ids = {"event_id": event.id, "account_id": member_id(email)}
    db.session.merge(Attendance(**ids, state=state, line_no=None, party=1))
    db.session.commit()


def entered(**values):
    return {
        "title": "Opening", "starts_at": "2031-05-05T09:00", "ends_at": "2031-05-05T10:00", "room": "Hall A",
        "speakers": "Professor Tanaka", "capacity": "", "about": "Why we *meet*.",
    } | values  # fmt: skip


def add(browse, slug, **values):
    answer = browse(Cast.alice).send(f"/api/v1/events/{slug}/sessions", entered(**values))
    assert answer.status_code == 201, answer.json
    return answer.json["key"]


@pytest.fixture
def parallel(browse, event):
    """An opening for everybody, then two sessions at the same time, the first of them with one seat."""
    add(browse, event)
    times = {"starts_at": "2031-05-05T10:30", "ends_at": "2031-05-05T12:00"}
    later = {"starts_at": "2031-05-05T11:30", "ends_at": "2031-05-05T12:30"}
    return add(browse, event, title="Water", capacity="1", **times), add(browse, event, title="Cities", **later)


def test_organisers_write_it_in_the_browser(cast, browse, read, event):
    alice = browse(Cast.alice)
    path = f"/events/{event}/programme"
    assert "No programme yet" in alice.get(path).text
    assert 'value="2031-05-05T09:00"' in alice.get(f"{path}/new").text
    form = entered(once=new_key())
    for _ in range(2):  # sent twice, it is once
        assert alice.post(f"{path}/new", form).status_code == 303
    ((key,),) = read(sa.select(EventSession.key))
    assert 'value="2031-05-05T10:00"' in alice.get(f"{path}/new").text  # the next one begins where it ends
    page = browse("").get(path).text
    for words in ("Monday, 5 May 2031", "09:00–10:00", "Hall A", "Professor Tanaka", "<em>meet</em>", "Vientiane"):
        assert words in page, words
    assert "For you" not in page
    assert alice.post(f"{path}/{key}/edit", entered(title="Welcome", capacity="5")).status_code == 303
    assert read(sa.select(EventSession.title, EventSession.capacity, EventSession.revision)) == [("Welcome", 5, 1)]
    assert 'value="Welcome"' in alice.get(f"{path}/{key}/edit").text
    assert alice.post(f"{path}/{key}/remove").status_code == 303
    assert read(sa.select(EventSession.key)) == []
    assert alice.post(f"{path}/{key}/remove").status_code == 404


def test_the_page_of_an_event_leads_there(cast, browse, app, event):
    with app.app_context():
        other = make_event(cast.group, audience=EventAudience.PUBLIC, kind=EventKind.TRAINING)
    guest = browse("")
    assert f"/events/{event}/programme" in guest.get(f"/events/{event}").text
    assert f"/events/{other}/programme" not in guest.get(f"/events/{other}").text
    with app.app_context():
        builders.make_session(db.session.query(Event).filter_by(slug=other).one())
        db.session.commit()
    assert f"/events/{other}/programme" in guest.get(f"/events/{other}").text


def test_sessions_stand_under_their_days_and_beside_each_other(cast, browse, app, event, parallel):
    add(browse, event, title="Second day", starts_at="2031-05-06T09:00", ends_at="2031-05-06T10:00")
    with app.app_context():
        db.session.query(builders.Account).filter_by(email=Cast.bob).one().zone = "Asia/Tokyo"
        db.session.commit()
    page = browse(Cast.bob).get(f"/events/{event}/programme").text
    assert page.index("Opening") < page.index("At the same time") < page.rindex("Tuesday, 6 May 2031")
    assert page.count("At the same time") == 1
    assert "11:00–12:00 in Tokyo" in page
    assert [row["title"] for row in browse("").get(f"/api/v1/events/{event}/sessions").json["items"]] == [
        "Opening", "Water", "Cities", "Second day",
    ]  # fmt: skip


def test_one_of_what_is_at_the_same_time_is_chosen(cast, browse, read, event, parallel):
    water, cities = parallel
    bob, carol = browse(Cast.bob), browse(Cast.carol)
    path = f"/events/{event}/programme"
    assert bob.get(path).text.count(">Choose this<") == 2  # what is for everybody is not chosen
    page = bob.post(f"{path}/{water}/choose", follow_redirects=True).text
    assert "You have chosen: Water." in page
    assert "All 1 seats" not in page
    assert "The only seat is taken" in page
    assert bob.post(f"{path}/{water}/choose").status_code == 303  # twice is once
    assert carol.post(f"{path}/{water}/choose").status_code == 409
    assert read(TAKEN) == [("Cities", 0), ("Opening", 0), ("Water", 1)]
    # Another choice at the same time takes its place, and says so.
    page = bob.post(f"{path}/{cities}/choose", follow_redirects=True).text
    assert "It takes the place of: Water." in page
    assert read(TAKEN) == [("Cities", 1), ("Opening", 0), ("Water", 0)]
    # What is full takes nothing away.
    assert carol.send(f"/api/v1/events/{event}/sessions/{water}/choose").json == {"chosen": water, "instead_of": []}
    assert bob.post(f"{path}/{water}/choose").status_code == 409
    assert read(TAKEN) == [("Cities", 1), ("Opening", 0), ("Water", 1)]
    mine = bob.get(f"{path}?mine=1").text
    assert ("Opening" in mine, "Cities" in mine, "Water" in mine) == (True, True, False)
    assert bob.post(f"{path}/{cities}/leave").status_code == 303
    assert carol.send(f"/api/v1/events/{event}/sessions/{water}/leave").status_code == 204
    assert carol.send(f"/api/v1/events/{event}/sessions/{water}/leave").status_code == 204  # twice does no harm
    assert read(TAKEN) == [("Cities", 0), ("Opening", 0), ("Water", 0)]


def test_who_does_not_come_any_more_has_no_seat(cast, browse, read, app, event, parallel):
    water, _ = parallel
    bob, carol = browse(Cast.bob), browse(Cast.carol)
    bob.post(f"/events/{event}/programme/{water}/choose")
    assert bob.post(f"/events/{event}/answer", {"answer": "not_going"}).status_code == 303
    (row,) = [row for row in carol.get(f"/api/v1/events/{event}/sessions").json["items"] if row["key"] == water]
    assert (row["chosen"], row["is_mine"]) == (0, False)
    assert bob.post(f"/events/{event}/programme/{water}/choose").status_code == 403
    assert carol.post(f"/events/{event}/programme/{water}/choose").status_code == 303
    assert read(sa.select(SessionChoice.account_id)) == [
        (read(sa.select(builders.Account.id).where(builders.Account.email == Cast.carol))[0][0],)
    ]
    assert dict(read(TAKEN))["Water"] == 1
    # Bob comes again: the seat is not his any more.
    bob.post(f"/events/{event}/answer", {"answer": "going"})
    assert bob.post(f"/events/{event}/programme/{water}/choose").status_code == 409


def test_whose_account_is_gone_leaves_a_seat(cast, browse, read, app, event, parallel):
    water, _ = parallel
    browse(Cast.bob).post(f"/events/{event}/programme/{water}/choose")
    with app.app_context():
        db.session.execute(sa.delete(SessionChoice))  # as the database does with the member
        db.session.commit()
    assert browse(Cast.carol).post(f"/events/{event}/programme/{water}/choose").status_code == 303


def test_fewer_seats_than_people_are_refused(cast, browse, event, parallel):
    _, cities = parallel
    for email in (Cast.bob, Cast.carol):
        browse(email).post(f"/events/{event}/programme/{cities}/choose")
    times = {"starts_at": "2031-05-05T11:30", "ends_at": "2031-05-05T12:30"}
    page = browse(Cast.alice).post(f"/events/{event}/programme/{cities}/edit", entered(capacity="1", **times))
    assert page.status_code == 422
    assert "2 people have chosen it" in page.text
    assert (
        browse(Cast.alice).post(f"/events/{event}/programme/{cities}/edit", entered(capacity="2", **times)).status_code
        == 303
    )


def test_what_is_over_or_called_off_is_not_chosen(cast, browse, app, event, parallel):
    water, cities = parallel
    with time_machine.travel(wall("2031-05-05T12:10").replace(tzinfo=UTC) - 7 * HOUR, tick=False):
        bob = browse(Cast.bob)
        assert bob.post(f"/events/{event}/programme/{water}/choose").status_code == 409
        assert bob.post(f"/events/{event}/programme/{cities}/choose").status_code == 303
        assert ">Choose this<" not in bob.get(f"/events/{event}/programme").text
    with app.app_context():
        db.session.query(Event).filter_by(slug=event).one().state = EventState.CANCELLED
        db.session.commit()
    bob = browse(Cast.bob)
    assert bob.post(f"/events/{event}/programme/{water}/choose").status_code == 409
    assert ">Choose this<" not in bob.get(f"/events/{event}/programme").text


def test_an_event_that_moved_leaves_sessions_outside(cast, browse, app, event, parallel):
    with app.app_context():
        row = db.session.query(Event).filter_by(slug=event).one()
        row.starts_at += 2 * HOUR
        db.session.commit()
    assert browse(Cast.alice).get(f"/events/{event}/programme").text.count("Outside the time of the event") == 2
    assert "Outside the time" not in browse(Cast.bob).get(f"/events/{event}/programme").text


def test_taken_home_as_a_calendar(cast, browse, event, parallel):
    water, _ = parallel
    bob, path = browse(Cast.bob), f"/events/{event}/programme.ics"

    def titles(text):
        calendar = icalendar.Calendar.from_ical(text)
        return {str(part["summary"]): part for part in calendar.walk("VEVENT")}

    assert set(titles(browse("").get(path).text)) == {"Opening", "Water", "Cities"}
    assert set(titles(bob.get(path).text)) == {"Opening", "Water", "Cities"}
    bob.post(f"/events/{event}/programme/{water}/choose")
    mine = titles(bob.get(path).text)
    assert set(mine) == {"Opening", "Water"}
    assert set(titles(bob.get(f"{path}?all=1").text)) == {"Opening", "Water", "Cities"}
    entry = mine["Water"]
    assert entry["dtstart"].dt.isoformat() == "2031-05-05T10:30:00+07:00"
    assert entry["dtend"].dt.isoformat() == "2031-05-05T12:00:00+07:00"
    assert entry["location"] == "Hall A, Hall"
    assert "Professor Tanaka" in entry["description"]
    assert len({str(part["uid"]) for part in mine.values()}) == 2
    assert str(mine["Water"]["uid"]).startswith(f"session-{water}@")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 100_000}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"about": "x" * 100_000}, "about"),
        ({"speakers": "a\0b"}, "speakers"),
        ({"room": "x" * 201}, "room"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"starts_at": "2031-05-05T08:59"}, "starts_at"),
        ({"starts_at": "2031-05-06T18:00", "ends_at": "2031-05-06T19:00"}, "starts_at"),
        ({"ends_at": "2031-05-06T18:01"}, "ends_at"),
        ({"ends_at": "2031-05-05T09:00"}, "ends_at"),
        ({"ends_at": "2031-05-05T08:00"}, "ends_at"),
        ({"ends_at": "0000-00-00T00:00"}, "ends_at"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": str(10**40)}, "capacity"),
        ({"capacity": "1.5"}, "capacity"),
    ],
)
def test_bad_input_names_its_field_and_keeps_what_was_typed(cast, browse, read, event, bad, field):
    alice = browse(Cast.alice)
    answer = alice.send(f"/api/v1/events/{event}/sessions", entered(**bad))
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field]), answer.json
    page = alice.post(f"/events/{event}/programme/new", entered(**bad))
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert "Professor Tanaka" in page.text or field == "speakers"
    assert read(sa.select(EventSession.key)) == []


def test_forty_at_once_for_five_seats(alone):
    """No seat is given twice, no one sits in two rooms, and who has gone leaves a seat."""
    with alone.app_context():
        ids = make_people(44)
        group = builders.make_group("Many", slug="many")
        event = builders.make_event(group, audience=EventAudience.MEMBERS, lasts=5 * HOUR)
        small, large = (builders.make_session(event, capacity=size, title=f"For {size}") for size in (5, 40))
        for number, id in enumerate(ids):
            # The first four chose, and do not come any more.
            state = AttendanceState.NOT_GOING if number < 4 else AttendanceState.GOING
            db.session.add(Attendance(event_id=event.id, account_id=id, state=state))
            if number < 4:
                db.session.add(SessionChoice(session_id=small.id, account_id=id))
        small.seats_taken = 4
        db.session.commit()
        event_id, session_ids = event.id, (small.id, large.id)

    def choose(job):
        account_id, session_id = job
        event, session = db.session.get_one(Event, event_id), db.session.get_one(EventSession, session_id)
        actions.choose_session(actor=Viewer(id=account_id, is_verified=True), event=event, session=session)
        return "chosen"

    answers = at_once(alone, choose, [(id, session_ids[0]) for id in ids[4:]])
    assert (answers.count("chosen"), answers.count("session-full")) == (5, 35)
    answers = at_once(alone, choose, [(id, session_id) for id in ids[4:] for session_id in session_ids[::-1]])
    assert set(answers) <= {"chosen", "session-full"}
    with alone.app_context():
        taken = dict(db.session.execute(sa.select(EventSession.id, EventSession.seats_taken)).tuples().all())
        rows = db.session.execute(
            sa.select(SessionChoice.session_id, sa.func.count()).group_by(SessionChoice.session_id)
        )
        assert dict(rows.tuples().all()) == taken
        assert taken[session_ids[0]] <= 5
        assert sum(taken.values()) == 40  # each of them in one


def test_who_may_not(cast, browse, app, event, parallel):
    water, _ = parallel
    path = f"/events/{event}/programme"
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.olga, Cast.otto, Cast.mona):
        browser = browse(email)
        assert browser.get(path).status_code == 200, email
        for address in (f"{path}/new", f"{path}/{water}/edit"):
            assert browser.get(address).status_code == 403, email
        assert browser.post(f"{path}/new", entered()).status_code == 403, email
        assert browser.post(f"{path}/{water}/remove").status_code == 403, email
        assert browser.send(f"/api/v1/events/{event}/sessions", entered()).status_code == 403, email
    # To choose is for those who are going.
    for email in (Cast.alice, Cast.mallory, Cast.nia, Cast.olga, Cast.otto, Cast.mona):
        browser = browse(email)
        assert browser.post(f"{path}/{water}/choose").status_code == 403, email
        assert browser.send(f"/api/v1/events/{event}/sessions/{water}/leave").status_code == 403, email
        assert ">Choose this<" not in browser.get(path).text
    with app.app_context():
        go(event, Cast.sue)
    assert browse(Cast.sue).post(f"{path}/{water}/choose").status_code == 403
    guest = browse("")
    assert guest.post(f"{path}/{water}/choose").status_code == 303
    assert guest.send(f"/api/v1/events/{event}/sessions/{water}/choose").status_code == 401
    assert ">Choose this<" not in guest.get(path).text


def test_an_event_that_one_does_not_see_has_no_programme(cast, browse, app):
    with app.app_context():
        slug = make_event(cast.group, lasts=8 * HOUR)
        session = builders.make_session(db.session.query(Event).filter_by(slug=slug).one(), capacity=1)
        db.session.commit()
        key = session.key
    for email in (Cast.carol, Cast.mallory, Cast.nia, Cast.otto):
        browser = browse(email)
        for address in ("programme", "programme.ics", "recommendations", "delegations"):
            assert browser.get(f"/events/{slug}/{address}").status_code == 404, (email, address)
        for address in ("sessions", "recommendations", "delegations"):
            assert browser.get(f"/api/v1/events/{slug}/{address}").status_code == 404, (email, address)
        assert browser.post(f"/events/{slug}/programme/{key}/choose").status_code == 404, email
    assert browse("").get(f"/events/{slug}/programme").status_code == 404
    assert browse(Cast.bob).get(f"/events/{slug}/programme").status_code == 200
    # A session of another event is not there, nor is a key that nobody gave.
    with app.app_context():
        other = make_event(cast.group)
    assert browse(Cast.alice).get(f"/events/{other}/programme/{key}/edit").status_code == 404
    assert browse(Cast.alice).get(f"/events/{other}/programme/%00/edit").status_code == 404
