"""Calendars, read back with a calendar library: wall times across changes of the clocks, states, who gets what."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from alumni.core import clock, walltime
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.events.models import EventAudience, EventState, Precision
from tests import builders
from tests.events.shapes import filled, make_event, member_id, wall


def read_back(response):
    """(calendar, its events by summary)"""
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.data)
    return calendar, {str(event["summary"]): event for event in calendar.walk("VEVENT")}


# Before and after the clocks change; where they never do; in a country that has just given it up; a half hour.
TIMES = [
    ("Europe/Berlin", "2027-03-27T19:00", "2027-03-28T19:00", [1, 2]),
    ("Europe/Berlin", "2027-10-30T19:00", "2027-10-31T19:00", [2, 1]),
    ("America/New_York", "2027-03-13T19:00", "2027-03-14T19:00", [-5, -4]),
    ("Australia/Lord_Howe", "2027-04-03T19:00", "2027-04-04T19:00", [11, 10.5]),
    ("America/Asuncion", "2027-03-20T19:00", "2027-10-03T19:00", [-3, -3]),
    ("Asia/Tokyo", "2027-03-27T19:00", "2027-03-28T19:00", [9, 9]),
    ("Asia/Vientiane", "2027-03-27T19:00", "2027-03-28T19:00", [7, 7]),
]


@pytest.mark.parametrize(("zone", "first", "second", "hours"), TIMES)
def test_the_wall_time_holds_across_a_change_of_the_clocks(cast, browse, zone, first, second, hours):
    alice = browse(cast.alice)
    for title, start in (("First", first), ("Second", second)):
        form = filled(once=new_key(), title=title, zone=zone, starts_at=start, ends_at=start.replace("19:00", "21:00"))
        assert alice.post(f"/events/new?group={cast.group}", form).status_code == 303
    calendar, events = read_back(alice.get(f"/groups/{cast.group}/events.ics"))
    (rules,) = calendar.walk("VTIMEZONE")
    assert str(rules["tzid"]) == zone
    for title, start, ahead in (("First", first, hours[0]), ("Second", second, hours[1])):
        start_at = events[title]["dtstart"]
        assert start_at.params["tzid"] == zone
        assert start_at.dt.replace(tzinfo=None) == wall(start)
        assert start_at.dt.utcoffset() == timedelta(hours=ahead)
        # A program that knows no zones by name reads the rules in the file, and comes to the same instant.
        by_rules = wall(start).replace(tzinfo=rules.to_tz())
        assert by_rules.utcoffset() == timedelta(hours=ahead)
        assert events[title]["dtend"].dt - start_at.dt == timedelta(hours=2)


@pytest.mark.parametrize(("zone", "first", "second", "hours"), TIMES)
def test_a_second_program_reads_the_same_instants(cast, browse, zone, first, second, hours):
    """vobject knows no zones by name: what it comes to, it comes to by the rules in the file."""
    alice = browse(cast.alice)
    for title, start in (("First, with a comma", first), ("第二部", second)):
        form = filled(once=new_key(), title=title, zone=zone, starts_at=start, ends_at=start.replace("19:00", "21:00"))
        slug = alice.post(f"/events/new?group={cast.group}", form).location.rpartition("/")[2]
    alice.post(f"/events/{slug}/cancel", {"reason": "The hall is closed."})
    calendar = vobject.readOne(alice.get(f"/groups/{cast.group}/events.ics").text)
    found = {event.summary.value: event for event in calendar.vevent_list}
    assert set(found) == {"First, with a comma", "第二部"}
    for title, start, ahead in (("First, with a comma", first, hours[0]), ("第二部", second, hours[1])):
        begins = found[title].dtstart.value
        assert begins.replace(tzinfo=None) == wall(start)
        assert begins.utcoffset() == timedelta(hours=ahead)
        assert found[title].dtend.value - begins == timedelta(hours=2)
    assert found["First, with a comma"].status.value == "CONFIRMED"
    assert found["第二部"].status.value == "CANCELLED"
    assert int(found["第二部"].sequence.value) == 1


def test_the_rules_say_when_clocks_change(cast, browse):
    """The onset stands in the time that holds before it: 02:00 winter time, 03:00 summer time."""
    form = filled(once=new_key(), zone="Europe/Berlin", starts_at="2027-05-01T19:00", ends_at="2027-05-01T21:00")
    slug = browse(cast.alice).post(f"/events/new?group={cast.group}", form).location.rpartition("/")[2]
    calendar, _ = read_back(browse(cast.alice).get(f"/events/{slug}.ics"))
    (rules,) = calendar.walk("VTIMEZONE")
    onsets = {(part.name, part["dtstart"].dt.isoformat(), str(part["tzname"])) for part in rules.subcomponents}
    assert ("DAYLIGHT", "2027-03-28T02:00:00", "CEST") in onsets
    assert ("STANDARD", "2027-10-31T03:00:00", "CET") in onsets


def test_the_second_of_two_equal_times(cast, browse):
    form = filled(zone="Europe/Berlin", starts_at="2027-10-31T02:30", ends_at="2027-10-31T05:00")
    for fold, hour in (("first", 0), ("second", 1)):
        new = form | {"once": new_key(), "fold": fold}
        slug = browse(cast.alice).post(f"/events/new?group={cast.group}", new).location.rpartition("/")[2]
        _, events = read_back(browse(cast.alice).get(f"/events/{slug}.ics"))
        start = events["Reunion in Vientiane"]["dtstart"].dt
        assert start.astimezone(UTC).isoformat() == f"2027-10-31T0{hour}:30:00+00:00"


def test_what_one_event_says(app, cast, browse):
    with app.app_context():
        slug = make_event(
            cast.group,
            title="Reunion; with, commas",
            place="That Luang",
            country="LA",
            description="Bring photographs.\n\nພົບກັນທີ່ປະຕູເໜືອ.",
            audience=EventAudience.PUBLIC,
            revision=3,
        )
    response = browse("").get(f"/events/{slug}.ics")
    _, events = read_back(response)
    event = events["Reunion; with, commas"]
    assert str(event["uid"]) == f"{slug}@localhost"
    assert int(event["sequence"]) == 3
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["location"]) == "That Luang, Laos"
    assert str(event["url"]) == f"http://localhost/events/{slug}"
    assert "ພົບກັນ" in str(event["description"])
    assert f'filename="{slug}.ics"' in response.headers["Content-Disposition"]
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))


def test_uid_stays_and_sequence_grows(cast, browse):
    alice = browse(cast.alice)
    form = filled(once=new_key(), audience="public")
    slug = alice.post(f"/events/new?group={cast.group}", form).location.rpartition("/")[2]
    (before,) = read_back(browse("").get(f"/events/{slug}.ics"))[1].values()
    alice.post(
        f"/events/{slug}/edit",
        form | {"title": "Another", "starts_at": "2027-07-01T18:00", "ends_at": "2027-07-01T20:00"},
    )
    (moved,) = read_back(browse("").get(f"/events/{slug}.ics"))[1].values()
    alice.post(f"/events/{slug}/cancel", {"reason": "The hall is flooded."})
    (off,) = read_back(browse("").get(f"/events/{slug}.ics"))[1].values()
    assert before["uid"] == moved["uid"] == off["uid"]
    assert [int(event["sequence"]) for event in (before, moved, off)] == [0, 1, 2]
    assert moved["dtstart"].dt.hour == 18
    assert str(off["status"]) == "CANCELLED"
    assert "The hall is flooded." in str(off["description"])
    # Whoever subscribed learns of it.
    assert str(read_back(browse("").get("/events.ics"))[1]["Another"]["status"]) == "CANCELLED"


def test_days_are_days(app, cast, browse):
    with app.app_context():
        builders.make_event(
            None,
            slug="forum",
            title="Forum",
            audience=EventAudience.PUBLIC,
            precision=Precision.DAY,
            wall_start=wall("2027-10-25"),
            wall_end=wall("2027-10-27 23:59"),
        )
        db.session.commit()
    calendar, events = read_back(browse("").get("/events/forum.ics"))
    assert events["Forum"]["dtstart"].dt == date(2027, 10, 25)
    assert events["Forum"]["dtend"].dt == date(2027, 10, 28)  # the day after the last
    assert list(calendar.walk("VTIMEZONE")) == []


def test_who_gets_what(app, cast, browse):
    with app.app_context():
        make_event(cast.group, title="open", audience=EventAudience.PUBLIC)
        make_event(cast.group, title="members", audience=EventAudience.MEMBERS)
        make_event(cast.group, title="closed")
        make_event(cast.group, title="proposed", state=EventState.PROPOSED, posted_by_id=member_id(cast.bob))
        make_event(cast.group, title="hidden", audience=EventAudience.PUBLIC, hidden_at=clock.now())
    seen = {
        cast.guest: {"open"},
        cast.nia: {"open"},
        cast.sue: {"open"},
        cast.carol: {"open", "members"},
        cast.mallory: {"open", "members"},
        cast.bob: {"open", "members", "closed"},
        cast.alice: {"open", "members", "closed"},
    }
    for email, titles in seen.items():
        assert set(read_back(browse(email).get(f"/groups/{cast.group}/events.ics"))[1]) == titles, email
        assert set(read_back(browse(email).get("/events.ics"))[1]) == {"open"}
    assert browse("").get("/groups/no-such/events.ics").status_code == 404


def test_a_calendar_that_has_not_changed_is_not_sent_again(app, cast, browse):
    with app.app_context():
        make_event(cast.group, audience=EventAudience.PUBLIC)
    first = browse("").get("/events.ics")
    again = browse("").get("/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_empty_calendar_is_a_calendar(cast, browse):
    assert read_back(browse("").get("/events.ics"))[1] == {}


def test_wall_times():
    assert walltime.instants(wall("2027-03-28 02:30"), "Europe/Berlin") == []
    twice = wall("2027-10-31 02:30")
    first, second = walltime.instants(twice, "Europe/Berlin")
    assert walltime.is_second(twice, "Europe/Berlin", second)
    assert not walltime.is_second(twice, "Europe/Berlin", first)
    whole_day = walltime.skip_around(wall("2011-12-30 12:00"), "Pacific/Apia")
    assert (whole_day.wall_before, whole_day.wall_after) == (wall("2011-12-30"), wall("2011-12-31"))
    with pytest.raises(LookupError):
        walltime.skip_around(wall("2027-03-28 03:30"), "Europe/Berlin")
    at = walltime.instants(wall("2027-07-01 19:00"), "Asia/Tokyo")[0]
    assert at.astimezone(ZoneInfo("UTC")).hour == 10
    assert walltime.wall_of(at, "Asia/Tokyo") == wall("2027-07-01 19:00")
