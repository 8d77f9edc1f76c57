"""Reminders in the reader's own evening, answers from a letter, and whether one still comes."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.tokens import Signer
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from alumni.reminders import actions
from alumni.reminders.models import Reminder
from tests.cast import Cast
from tests.events.shapes import filled, make_event, member_id

ZONES = {Cast.alice: "Asia/Vientiane", Cast.bob: "America/Sao_Paulo", Cast.carol: "UTC"}
DAY = timedelta(days=1)


@pytest.fixture
def event(app, cast, browse):
    """Thirty days from now at three in the afternoon in Vientiane; Alice, Bob and Carol come."""
    with app.app_context():
        start = (clock.now() + 30 * DAY).astimezone(ZoneInfo("Asia/Vientiane"))
        start = start.replace(hour=15, minute=0, second=0, microsecond=0, tzinfo=None)
        facts = {"place": "That Luang", "country": "LA", "mode": "in_person", "audience": EventAudience.MEMBERS}
        slug = make_event(cast.group, wall_start=start, capacity=3, **facts)
        for email, zone in ZONES.items():
            db.session.execute(sa.update(Account).where(Account.email == email).values(zone=zone))
        db.session.commit()
    for email in ZONES:
        assert browse(email).send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 200
    return slug


def start_of(read, slug):
    ((at,),) = read(sa.select(Event.starts_at).where(Event.slug == slug))
    return at


def sweep(app, at):
    with time_machine.travel(at, tick=False), app.app_context():
        for _ in actions.remind_in_time(clock.now()):
            db.session.commit()
        db.session.remove()


def reminded(read):
    """(e-mail, kind) of the letters that were promised, in their order."""
    jobs = read(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id))
    emails = dict(read(sa.select(Account.id, Account.email)))
    found = [job for (job,) in jobs if job["template"] == "reminders/soon"]
    return [(emails[job["to"]], job["facts"]["kind"]) for job in found]


def test_each_in_their_own_evening_and_once(app, cast, read, event):
    start = start_of(read, event)
    every_hour = [start - 9 * DAY + timedelta(hours=n) for n in range(9 * 24)]
    seen: dict[tuple[str, str], datetime] = {}
    for at in every_hour:
        sweep(app, at)
        sweep(app, at)  # again: nobody twice
        for who in reminded(read):
            seen.setdefault(who, at)
    assert sorted(reminded(read)) == sorted((email, kind) for email in ZONES for kind in ("week", "day"))
    for (email, kind), at in seen.items():
        zone = ZoneInfo(ZONES[email])
        days = (start.astimezone(zone).date() - at.astimezone(zone).date()).days
        assert at.astimezone(zone).hour == 18, (email, kind)
        assert days == {"week": 7, "day": 1}[kind], (email, kind)


def test_whoever_does_not_come_is_not_reminded_and_a_moved_event_reminds_anew(app, cast, browse, read, event):
    start = start_of(read, event)
    browse(Cast.carol).send(f"/api/v1/events/{event}/answer", {"answer": "not_going"})
    with app.app_context():
        sue = sa.update(Account).where(Account.email == Cast.bob).values(state="suspended", suspended_until=None)
        db.session.execute(sue)
        db.session.commit()
    evening = (start.astimezone(ZoneInfo("Asia/Vientiane")) - DAY).replace(hour=19)
    for zone in ZONES.values():
        sweep(app, evening.replace(tzinfo=ZoneInfo(zone)))
    assert reminded(read) == [(Cast.alice, "day")]
    with app.app_context():
        row = db.session.query(Event).filter_by(slug=event).one()
        row.starts_at += 2 * DAY
        row.ends_at += 2 * DAY
        db.session.commit()
    sweep(app, evening)
    sweep(app, evening + 2 * DAY)
    assert reminded(read) == [(Cast.alice, "day")] * 2
    with app.app_context():
        db.session.query(Event).filter_by(slug=event).one().state = "cancelled"
        db.session.execute(sa.delete(Reminder))
        db.session.commit()
    sweep(app, evening + 2 * DAY)
    assert len(reminded(read)) == 2


def link_of(letter):
    body = letter.get_body(("plain",)).get_content()
    (line,) = [line for line in body.splitlines() if "/answer/" in line]
    return "/answer/" + line.partition("/answer/")[2]


def state_of(read, email):
    ((state,),) = read(
        sa.select(Attendance.state).join(Account, Account.id == Attendance.account_id).where(Account.email == email)
    )
    return state


def test_an_answer_from_the_letter_needs_no_sign_in_and_no_scanner_gives_it(app, cast, browse, read, event, postbox):
    start = start_of(read, event)
    evening = (start.astimezone(ZoneInfo("Asia/Vientiane")) - DAY).replace(hour=19)
    sweep(app, evening)
    with time_machine.travel(evening, tick=False):
        with app.app_context():
            worker.run_due()
        answer_from(postbox, app, browse, read, event)
    with time_machine.travel(evening + 61 * DAY, tick=False):
        assert browse("").get(link_of(postbox.letters[0])).status_code == 404


def answer_from(postbox, app, browse, read, event):
    (letter,) = postbox.letters
    assert (letter["To"], letter["Subject"]) == (Cast.alice, "Tomorrow: Reunion")
    path, guest = link_of(letter), browse("")
    for _ in range(3):  # whatever follows links
        page = guest.get(path)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
    assert guest.get(f"{path}/no").status_code == 405
    assert state_of(read, Cast.alice) == AttendanceState.GOING
    assert guest.post(f"{path}/no").status_code == 200
    assert state_of(read, Cast.alice) == AttendanceState.NOT_GOING
    assert guest.post(f"{path}/no").status_code == 200  # twice is once
    # Forged, of another purpose, of somebody without an answer: nothing is there.
    secret = app.config["ALUMNI"].secret_key
    with app.app_context():
        nobody = Signer([secret]).sign("answer", [member_id(Cast.mallory), event])
        foreign = Signer([secret]).sign("reset", [member_id(Cast.bob), event])
    for token in (nobody, foreign, path.rpartition("/")[2][:-2] + "xx", "x"):
        assert guest.post(f"/answer/{token}/yes").status_code in (403, 404), token
        assert guest.post(f"/answer/{token}/no").status_code in (403, 404), token


def test_a_moved_event_asks_whether_one_still_comes(app, cast, browse, read, event, postbox):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    form = alice.get(f"/api/v1/events/{event}").json
    change = filled(title=form["title"], audience="members", capacity="3", description=form["description"] or "")
    change |= {"mode": form["mode"], "place": form["place"] or "", "country": form["country"] or ""}
    start = start_of(read, event).astimezone(ZoneInfo("Asia/Vientiane"))

    def move(minutes):
        at = start + timedelta(minutes=minutes)
        times = {"starts_at": at.strftime("%Y-%m-%dT%H:%M"), "ends_at": (at + DAY / 12).strftime("%Y-%m-%dT%H:%M")}
        answer = alice.post(f"/events/{event}/edit", change | times)
        assert answer.status_code == 303, re.findall('class="error[^<]*<[^<]*', answer.text)
        with app.app_context():
            worker.run_due()
        found, postbox.letters[:] = list(postbox.letters), []
        return found

    assert "still come" not in bob.get(f"/events/{event}").text
    # A quarter of an hour is told, and nothing is asked.
    letters = move(15)
    assert len(letters) == 3
    assert not any("/answer/" in letter.get_body(("plain",)).get_content() for letter in letters)
    assert "Do you still come?" not in bob.get(f"/events/{event}").text
    # More is asked: on the page, in the letter, and the organisers see who has not said.
    letters = move(120)
    (letter,) = [letter for letter in letters if letter["To"] == Cast.bob]
    assert "Do you still come?" in bob.get(f"/events/{event}").text
    assert alice.get(f"/events/{event}/answers").text.count("Has not said yet") == 3
    assert bob.post(f"/events/{event}/confirm").status_code == 303
    assert browse("").post(f"{link_of(letter)}/yes").status_code == 200
    assert "Do you still come?" not in bob.get(f"/events/{event}").text
    assert alice.get(f"/events/{event}/answers").text.count("Has not said yet") == 2
    # Seats are as before, whoever has answered what.
    assert read(sa.select(Event.seats_taken).where(Event.slug == event)) == [(3,)]
    # Who may not: the guest, who is not coming, who is suspended.
    assert browse("").post(f"/events/{event}/confirm").status_code == 303
    for who in (Cast.mallory, Cast.nia, Cast.sue, Cast.otto):
        assert browse(who).post(f"/events/{event}/confirm").status_code in (403, 404), who


def calendar_in(letter):
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return icalendar.Calendar.from_ical(parts[0].get_content()), parts[0]


def test_letters_bring_the_change_to_the_calendar(app, cast, browse, read, event, postbox):
    alice = browse(Cast.alice)
    own = icalendar.Calendar.from_ical(browse(Cast.bob).get(f"/events/{event}.ics").data).walk("VEVENT")[0]
    form = filled(title="Reunion", audience="members", capacity="3", starts_at=f"{clock.now().year + 1}-06-01T10:00")
    form |= {"ends_at": f"{clock.now().year + 1}-06-01T12:00"}
    assert alice.post(f"/events/{event}/edit", form).status_code == 303
    with app.app_context():
        worker.run_due()
    (letter,) = [letter for letter in postbox.letters if letter["To"] == Cast.bob]
    calendar, part = calendar_in(letter)
    told = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], part.get_param("method")) == ("REQUEST", "REQUEST")
    assert told["UID"] == own["UID"]
    assert told["SEQUENCE"] > own["SEQUENCE"]
    assert str(told["ATTENDEE"]) == f"mailto:{Cast.bob}"
    assert told["DTSTART"].dt.strftime("%m-%d %H:%M") == "06-01 10:00"
    assert [part.get_filename() for part in letter.iter_attachments()] == ["event.ics"]
    postbox.letters.clear()
    assert alice.post(f"/events/{event}/cancel", {"reason": "A storm."}).status_code == 303
    with app.app_context():
        worker.run_due()
    calendar, part = calendar_in(next(letter for letter in postbox.letters if letter["To"] == Cast.bob))
    gone = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], gone["STATUS"], gone["UID"]) == ("CANCEL", "CANCELLED", own["UID"])
    assert gone["SEQUENCE"] > told["SEQUENCE"]


def test_a_secret_address_holds_ones_own_events_until_it_is_replaced(app, cast, browse, read, event):
    bob, guest = browse(Cast.bob), browse("")
    assert "Make my address" in bob.get("/me/calendar").text
    page = bob.post("/me/calendar")
    assert page.headers["Cache-Control"] == "no-store"
    path = "/me/calendar/" + page.text.partition("/me/calendar/")[2].partition(".ics")[0] + ".ics"
    found = guest.get(path)
    assert (found.status_code, found.mimetype) == (200, "text/calendar")
    (one,) = icalendar.Calendar.from_ical(found.data).walk("VEVENT")
    assert one["SUMMARY"] == "Reunion"
    assert guest.get(path, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
    assert path not in bob.get("/me/calendar").text  # it is shown once
    # What Bob comes to no more is in it no more.
    bob.send(f"/api/v1/events/{event}/answer", {"answer": "not_going"})
    assert icalendar.Calendar.from_ical(guest.get(path).data).walk("VEVENT") == []
    assert bob.post("/me/calendar").status_code == 200
    assert guest.get(path).status_code == 404
    assert bob.post("/me/calendar/end").status_code == 303
    assert "Make my address" in bob.get("/me/calendar").text
    # Suspended: nothing is found, and none is made.
    carol = browse(Cast.carol)
    page = carol.post("/me/calendar")
    path = "/me/calendar/" + page.text.partition("/me/calendar/")[2].partition(".ics")[0] + ".ics"
    assert guest.get(path).status_code == 200
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.email == Cast.carol).values(state="suspended"))
        db.session.commit()
    assert guest.get(path).status_code == 404
    assert carol.post("/me/calendar").status_code == 403
    assert browse(Cast.sue).post("/me/calendar").status_code == 403
    for email in ("", Cast.mallory):
        assert browse(email).get("/me/calendar/" + "x" * 43 + ".ics").status_code == 404
    assert guest.post("/me/calendar").status_code == 303


def test_a_calendar_of_one_country(cast, browse, app):
    with app.app_context():
        make_event(cast.group, title="Here", country="LA", audience=EventAudience.PUBLIC)
        make_event(cast.group, title="There", country="KH", audience=EventAudience.PUBLIC)
    guest = browse("")
    titles = [
        str(one["SUMMARY"])
        for one in icalendar.Calendar.from_ical(guest.get("/events.ics?country=KH").data).walk("VEVENT")
    ]
    assert titles == ["There"]
    assert len(icalendar.Calendar.from_ical(guest.get("/events.ics").data).walk("VEVENT")) == 2
    assert guest.get("/events.ics?country=XX").status_code == 422
