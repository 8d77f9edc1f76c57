"""Events that repeat: their dates, one answer for all, changes from one date on, and calendars that know the rule."""

from datetime import date, datetime, timedelta

import icalendar
import pytest
import vobject
from dateutil.rrule import rruleset, rrulestr
from sqlalchemy import func, select

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.jobs import Job
from alumni.core.tokens import new_key
from alumni.events.actions.series import MOST_DATES, Repeats, rule_by_weekday, starts_of
from alumni.events.models import Attendance, Event, EventState, Series
from alumni.reminders import queries as reminders_queries
from alumni.reminders.models import ReminderKind
from alumni.worker import run_due
from tests.cast import Cast
from tests.events.shapes import filled, in_days, wall

COUNT = select(func.count()).select_from(Event)
DATES = select(Event).order_by(Event.starts_at)
NOT_INSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona)


def weekly(**values):
    """Four Tuesdays in June 2027."""
    return (
        filled(
            once=new_key(),
            title="Language evening",
            starts_at="2027-06-01T19:00",
            ends_at="2027-06-01T21:00",
            repeats="weekly",
            until="2027-06-22",
        )
        | values
    )


@pytest.fixture
def series(cast, browse, read):
    """The key of a series of four Tuesdays."""
    response = browse(cast.alice).post(f"/events/new?group={cast.group}", weekly())
    assert response.status_code == 303, response.text
    return read(select(Series.key))[0].key


def dates(read):
    return [event for (event,) in read(DATES)]


def letters(read):
    return [job.payload for (job,) in read(select(Job).where(Job.kind == "mail").order_by(Job.id))]


def edited(event, **values):
    """The form of changing an event, as a browser sends it."""
    return weekly(starts_at=f"{event.wall_start:%Y-%m-%dT%H:%M}", ends_at=f"{event.wall_end:%Y-%m-%dT%H:%M}") | values


# What people choose, and the days that come of it.


@pytest.mark.parametrize(
    ("first", "repeats", "days"),
    [
        ("2027-06-01", Repeats("FREQ=WEEKLY", date(2027, 6, 22)), ["06-01", "06-08", "06-15", "06-22"]),
        ("2027-06-01", Repeats("FREQ=WEEKLY;INTERVAL=2", date(2027, 7, 1)), ["06-01", "06-15", "06-29"]),
        ("2027-06-08", Repeats(rule_by_weekday(date(2027, 6, 8), is_last=False), date(2027, 9, 1)),
         ["06-08", "07-13", "08-10"]),
        ("2027-06-25", Repeats(rule_by_weekday(date(2027, 6, 25), is_last=True), date(2027, 9, 1)),
         ["06-25", "07-30", "08-27"]),
        ("2027-06-01", Repeats(days=(date(2027, 7, 4), date(2027, 6, 12))), ["06-01", "06-12", "07-04"]),
        ("2027-06-01", Repeats("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4"), ["06-01", "06-03", "06-08", "06-10"]),
        ("2027-06-01", Repeats("FREQ=DAILY;UNTIL=20270603T170000Z"), ["06-01", "06-02"]),
    ],
)  # fmt: skip
def test_days_of_a_series(first, repeats, days):
    starts = starts_of(wall(f"{first} 19:00"), repeats)
    assert [f"{start:%m-%d}" for start in starts] == days
    assert {start.time() for start in starts} == {wall(f"{first} 19:00").time()}


@pytest.mark.parametrize(
    ("repeats", "field", "problem"),
    [
        (Repeats("FREQ=WEEKLY"), "until", "series-endless"),
        (Repeats("FREQ=WEEKLY", date(2027, 6, 2)), "until", "series-of-one"),
        (Repeats("FREQ=DAILY", date(2028, 6, 2)), "until", "series-too-many"),
        (Repeats("FREQ=WEEKLY;COUNT=9999"), "until", "series-too-many"),
        (Repeats("FREQ=YEARLY", date(2090, 6, 2)), "until", "series-too-long"),
        (Repeats("FREQ=MONTHLY;BYDAY=1WE;COUNT=3"), "rrule", "series-start"),
        (Repeats("FREQ=SECONDLY;COUNT=3"), "rrule", "rule"),
        (Repeats("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"), "rrule", "rule"),
        (Repeats("FREQ=MONTHLY;BYDAY=99MO;COUNT=3"), "rrule", "rule"),
        (Repeats("nonsense"), "rrule", "rule"),
        (Repeats("FREQ=WEEKLY;UNTIL=20271399"), "rrule", "rule"),
        (Repeats(days=(date(2027, 5, 1),)), "days", "series-start"),
    ],
)
def test_what_is_no_series(repeats, field, problem):
    with pytest.raises(Invalid) as error:
        starts_of(wall("2027-06-01 19:00"), repeats)
    assert (error.value.field, error.value.problem) == (field, problem)


def test_each_date_is_an_event_of_its_own_and_wall_times_hold(cast, browse, read):
    form = weekly(zone="Europe/Berlin", starts_at="2027-10-19T19:00", ends_at="2027-10-19T21:00", until="2027-11-02")
    browser = browse(cast.alice)
    first, second = (browser.post(f"/events/new?group={cast.group}", form) for _ in range(2))
    assert first.location == second.location  # sent twice, it makes one series
    events = dates(read)
    assert [event.wall_start for event in events] == [wall(f"2027-{day} 19:00") for day in ("10-19", "10-26", "11-02")]
    assert [event.starts_at.hour for event in events] == [17, 17, 18]
    assert {event.state for event in events} == {EventState.PUBLISHED}
    assert read(select(Series.rule)) == [("FREQ=WEEKLY;COUNT=3",)]
    assert first.location.endswith(events[0].slug)
    assert "One of several dates" in browser.get(first.location).text


def test_a_list_shows_the_next_date_alone_and_the_series_shows_all(cast, browse, read, series):
    bob = browse(cast.bob)
    listed = bob.get(f"/groups/{cast.group}/events").text
    assert listed.count("Language evening") == 1
    assert "Tuesday, 1 June 2027" in listed
    assert f'href="/events/series/{series}"' in listed
    assert [item["slug"] for item in bob.get("/api/v1/events").json["items"]] == [dates(read)[0].slug]
    page = bob.get(f"/events/series/{series}").text
    for day in (1, 8, 15, 22):
        assert f"Tuesday, {day} June 2027" in page
    items = bob.get(f"/api/v1/events/series/{series}").json["items"]
    assert [item["series"] for item in items] == [series] * 4
    assert bob.get("/events/month/2027-06").text.count("Language evening") == 4


def test_one_answer_for_all_with_exceptions(cast, browse, read, series):
    bob = browse(cast.bob)
    third = dates(read)[2]
    bob.post(f"/events/{third.slug}/answer", {"answer": "not_going"})
    page = bob.post(f"/events/series/{series}/answer", {"answer": "going"}, follow_redirects=True)
    assert "You are going to 3 dates." in page.text
    assert "You are not going to 1 date." in page.text
    mine = select(Attendance.state).join(Event).where(Attendance.account_id == _id(read, cast.bob))
    states = [row.state for row in read(mine.order_by(Event.starts_at))]
    assert states == ["going", "going", "not_going", "going"]
    assert [event.seats_taken for event in dates(read)] == [1, 1, 0, 1]
    assert browse(cast.bob).get("/me/events").text.count("Language evening") == 3
    answer = bob.send(f"/api/v1/events/series/{series}/answer", {"answer": "not_going"})
    assert answer.json["dates"] == {"not_going": 4}
    assert [event.seats_taken for event in dates(read)] == [0, 0, 0, 0]


def _id(read, email):
    from alumni.accounts.models import Account

    return read(select(Account.id).where(Account.email == email))[0].id


def test_a_full_date_is_a_line_and_the_others_are_seats(cast, browse, read):
    browse(cast.alice).post(f"/events/new?group={cast.group}", weekly(capacity="1"))
    series = read(select(Series.key))[0].key
    second = dates(read)[1]
    browse(cast.alice).post(f"/events/{second.slug}/answer", {"answer": "going"})
    answer = browse(cast.bob).send(f"/api/v1/events/series/{series}/answer", {"answer": "going"})
    assert answer.json["dates"] == {"going": 3, "waiting": 1}


def test_a_change_of_one_date_leaves_the_others(cast, browse, read, series):
    second = dates(read)[1]
    form = edited(second, place="Wat Si Saket")
    assert browse(cast.alice).post(f"/events/{second.slug}/edit", form).status_code == 303
    assert [event.place for event in dates(read)] == ["That Luang", "Wat Si Saket", "That Luang", "That Luang"]


def test_a_change_from_one_date_on_is_one_letter(app, cast, browse, read, series, postbox):
    browse(cast.bob).post(f"/events/series/{series}/answer", {"answer": "going"})
    with app.app_context():
        run_due()
        postbox.letters.clear()
    _, second, third, _ = dates(read)
    browse(cast.alice).post(f"/events/{third.slug}/edit", edited(third, place="Wat Si Saket"))
    with app.app_context():
        run_due()
        postbox.letters.clear()
    form = edited(second, starts_at="2027-06-08T18:00", ends_at="2027-06-08T20:30", following="1", title="Evening")
    assert browse(cast.alice).post(f"/events/{second.slug}/edit", form).status_code == 303
    events = dates(read)
    assert [event.wall_start.hour for event in events] == [19, 18, 18, 18]
    assert [event.title for event in events] == ["Language evening", "Evening", "Evening", "Evening"]
    assert [event.wall_end.minute for event in events] == [0, 30, 30, 30]
    assert events[2].place == "Wat Si Saket"  # what one date has of its own stays
    with app.app_context():
        run_due()
    (letter,) = [each for each in postbox.letters if each["To"] == cast.bob]
    assert letter["Subject"] == "Changed: Evening"
    assert f"/events/series/{series}" in letter.get_body(("plain",)).get_content()
    (calendar,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    told = icalendar.Calendar.from_ical(calendar.get_content())
    assert str(told["method"]) == "REQUEST"
    assert {str(each["recurrence-id"].dt)[:10] for each in told.walk("VEVENT")} == {
        "2027-06-08", "2027-06-15", "2027-06-22"
    }  # fmt: skip
    # They are asked whether they still come, and one tap says so for all.
    asked = select(func.count()).select_from(Attendance).where(Attendance.asked_again_at.is_not(None))
    assert read(asked) == [(3,)]
    browse(cast.bob).post(f"/events/series/{series}/answer", {"answer": "going"})
    assert read(asked) == [(0,)]


def test_what_does_not_fit_on_a_later_day_changes_nothing(cast, browse, read, series):
    first, _, third, _ = dates(read)
    for email in (cast.bob, cast.alice):
        browse(email).post(f"/events/{third.slug}/answer", {"answer": "going"})
    answer = browse(cast.alice).post(f"/events/{first.slug}/edit", edited(first, capacity="1", following="1"))
    assert answer.status_code == 422
    assert "This is not possible on Tuesday, 15 June 2027." in answer.text
    assert {event.capacity for event in dates(read)} == {50}


def test_two_organisers_at_once(cast, browse, read, series):
    second = dates(read)[1]
    alice = browse(cast.alice)
    alice.post(f"/events/{second.slug}/edit", edited(second, place="Elsewhere"))
    late = alice.post(f"/events/{second.slug}/edit", edited(second, title="Mine", following="1", revision="0"))
    assert late.status_code == 412
    assert {event.title for event in dates(read)} == {"Language evening"}


def test_calling_off_from_one_date_on_is_one_letter(app, cast, browse, read, series, postbox):
    browse(cast.bob).post(f"/events/series/{series}/answer", {"answer": "going"})
    third = dates(read)[2]
    form = {"reason": "The room is closed.", "following": "1"}
    assert browse(cast.alice).post(f"/events/{third.slug}/cancel", form).status_code == 303
    assert [event.state for event in dates(read)] == ["published", "published", "cancelled", "cancelled"]
    with app.app_context():
        run_due()
    (letter,) = [each for each in postbox.letters if each["To"] == cast.bob]
    assert letter["Subject"] == "Called off: Language evening"
    (calendar,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    told = icalendar.Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert [str(each["status"]) for each in told] == ["CANCELLED", "CANCELLED"]


def test_a_proposal_is_published_as_a_whole(app, cast, browse, read, postbox):
    browse(cast.bob).post(f"/events/new?group={cast.group}", weekly())
    first = dates(read)[0]
    assert {event.state for event in dates(read)} == {EventState.PROPOSED}
    assert browse(cast.alice).post(f"/events/{first.slug}/publish").status_code == 303
    assert {event.state for event in dates(read)} == {EventState.PUBLISHED}
    with app.app_context():
        run_due()
    assert sorted(letter["To"] for letter in postbox.letters) == [cast.alice, cast.bob]  # one for each, not four


def test_the_letter_a_week_before_comes_once(app, cast, browse, read):
    start = in_days(7)
    until = (clock.now() + timedelta(days=28)).date().isoformat()
    form = weekly(starts_at=start, ends_at=start.replace("19:00", "21:00"), until=until)
    assert browse(cast.alice).post(f"/events/new?group={cast.group}", form).status_code == 303
    series = read(select(Series.key))[0].key
    browse(cast.bob).post(f"/events/series/{series}/answer", {"answer": "going"})
    with app.app_context():
        zone = db.session.scalars(select(Account.zone).where(Account.email == cast.bob)).one()
        evening = datetime.fromisoformat(f"{clock.now().date()}T12:00+00:00")
        for weeks, expected in ((0, 1), (1, 0)):
            due = reminders_queries.to_remind(zone, ReminderKind.WEEK, evening + timedelta(weeks=weeks))
            assert len(due) == expected
        assert len(reminders_queries.to_remind(zone, ReminderKind.DAY, evening + timedelta(days=13))) == 1


# Calendars.


def occurrences(text):
    """When the events of a calendar start, as a program that follows rules comes to it."""
    calendar = icalendar.Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    (rule,) = [event for event in events if "recurrence-id" not in event]
    starts = rruleset()
    first = rule["dtstart"].dt
    starts.rrule(rrulestr(rule["rrule"].to_ical().decode(), dtstart=first))
    found = {start: str(rule["summary"]) for start in starts}
    for event in events:
        if "recurrence-id" in event:
            del found[event["recurrence-id"].dt]
            if str(event["status"]) != "CANCELLED":
                found[event["dtstart"].dt] = str(event["summary"])
    return found


def test_the_file_of_a_series_has_its_rule(cast, browse, read, series):
    alice, (_, second, third, _) = browse(cast.alice), dates(read)
    text = alice.get(f"/events/series/{series}.ics").text
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY;COUNT=4"
    assert str(event["url"]) == f"http://localhost/events/series/{series}"
    alice.post(f"/events/{second.slug}/edit", edited(second, starts_at="2027-06-08T18:00"))
    alice.post(f"/events/{third.slug}/cancel", {"reason": "The room is closed."})
    for path in (f"/events/series/{series}.ics", f"/groups/{cast.group}/events.ics"):
        found = occurrences(alice.get(path).text)
        assert [f"{start:%m-%d %H:%M}" for start in sorted(found)] == ["06-01 19:00", "06-08 18:00", "06-22 19:00"]
    # A second program counts the same dates by the rule.
    (rule, *others) = vobject.readOne(alice.get(f"/events/series/{series}.ics").text).vevent_list
    assert [f"{start:%m-%d}" for start in rule.getrruleset(addRDate=True)] == ["06-01", "06-08", "06-15", "06-22"]
    assert {other.status.value for other in others} == {"CONFIRMED", "CANCELLED"}
    assert {other.uid.value for other in others} == {rule.uid.value}


def test_days_of_ones_own_are_listed(cast, browse, read):
    days = "2027-06-11\n2027-07-02"
    browse(cast.alice).post(f"/events/new?group={cast.group}", weekly(repeats="days", until="", days=days))
    series = read(select(Series.key))[0].key
    (event,) = icalendar.Calendar.from_ical(browse(cast.alice).get(f"/events/series/{series}.ics").text).walk("VEVENT")
    assert [f"{each.dt:%m-%d %H:%M}" for each in event["rdate"].dts] == ["06-11 19:00", "07-02 19:00"]


def test_a_date_by_itself_says_which_one_it_is(cast, browse, read, series):
    second = dates(read)[1]
    browse(cast.bob).post(f"/events/{second.slug}/answer", {"answer": "going"})
    text = browse(cast.bob).get(f"/events/{second.slug}.ics").text
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(event["uid"]) == f"{series}@localhost"
    assert event["recurrence-id"].dt.replace(tzinfo=None) == wall("2027-06-08 19:00")
    assert "rrule" not in event


# What is refused.


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"until": ""}, "until", "Say until which day it repeats."),
        ({"until": "2027-06-03"}, "until", "It takes place only once like this."),
        ({"until": "2031-06-03"}, "until", f"These are more than {MOST_DATES} dates."),
        ({"repeats": "hourly"}, "repeats", "Choose one from the list."),
        ({"repeats": "days", "days": "tomorrow"}, "days", "Enter each day like 2027-05-31"),
        ({"repeats": "days"}, "days", "Enter the other days."),
        ({"rrule": "FREQ=WEEKLY", "until": ""}, "until", "Say until which day it repeats."),
        ({"rrule": "FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2;COUNT=9"}, "rrule", "This is no rule that can be followed."),
    ],
)
def test_bad_input_stores_nothing_and_keeps_what_was_typed(cast, browse, read, values, field, sentence):
    form = weekly(**values)
    page = browse(cast.alice).post(f"/events/new?group={cast.group}", form)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Language evening" in page.text
    body = {name: value for name, value in form.items() if name != "once"} | {"group": cast.group}
    answer = browse(cast.alice).send("/api/v1/events", body)
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert read(COUNT) == [(0,)]


def test_a_time_that_no_clock_shows_names_its_day(cast, browse, read):
    form = weekly(zone="Europe/Berlin", starts_at="2027-03-21T02:30", ends_at="2027-03-21T04:00", until="2027-04-04")
    page = browse(cast.alice).post(f"/events/new?group={cast.group}", form)
    assert page.status_code == 422
    assert "This is not possible on Sunday, 28 March 2027." in page.text
    assert read(COUNT) == [(0,)]


@pytest.mark.parametrize("who", ["", *NOT_INSIDE, Cast.sue])
def test_who_may_not_see_it_finds_no_series(cast, browse, read, series, who):
    browser = browse(who)
    for path in (f"/events/series/{series}", f"/api/v1/events/series/{series}", f"/events/series/{series}.ics"):
        assert browser.get(path).status_code == 404
    refused = browser.post(f"/events/series/{series}/answer", {"answer": "going"}).status_code
    assert refused in (303, 403, 404)
    assert [event.seats_taken for event in dates(read)] == [0] * 4


def test_who_runs_nothing_changes_nothing(cast, browse, read, series):
    second = dates(read)[1]
    bob = browse(cast.bob)
    assert bob.post(f"/events/{second.slug}/edit", edited(second, title="Mine", following="1")).status_code == 403
    assert bob.post(f"/events/{second.slug}/cancel", {"reason": "No.", "following": "1"}).status_code == 403
    assert browse("").get("/events/series/%00").status_code == 404
    assert bob.post(f"/events/series/{series}/answer", {"answer": "maybe"}).status_code == 404
    assert {event.title for event in dates(read)} == {"Language evening"}
