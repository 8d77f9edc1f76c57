"""A month as a table of its days, for whoever looks."""

import re

import pytest

from alumni.events.models import EventAudience, Precision
from tests.cast import Cast
from tests.events.shapes import make_event, wall


@pytest.fixture
def events(app, cast):
    """On the first evening of April in Tokyo it is the last of March in UTC, and the other way round in Honolulu."""
    with app.app_context():
        facts = {"audience": EventAudience.PUBLIC}
        make_event(cast.group, title="In Tokyo", zone="Asia/Tokyo", wall_start=wall("2027-04-01 01:00"), **facts)
        make_event(
            cast.group, title="In Honolulu", zone="Pacific/Honolulu", wall_start=wall("2027-03-31 23:00"), **facts
        )
        make_event(cast.group, title="Among us", zone="Asia/Tokyo", wall_start=wall("2027-04-01 19:00"))
        month = {"precision": Precision.MONTH, "wall_start": wall("2027-04-01 00:00")}
        make_event(cast.group, title="Some day in April", **month, **facts)


def test_each_event_stands_on_the_day_of_its_place(cast, browse, events):
    april = browse("").get("/events/month/2027-04")
    assert "<h1><bdi>April 2027</bdi></h1>" in april.text
    assert "In Tokyo" in april.text
    assert "In Honolulu" not in april.text
    assert "Some day in April" not in april.text  # nobody knows which
    assert 'href="#2027-04-01" aria-label="Thursday, 1 April 2027: 1 event"' in april.text
    assert 'id="2027-04-01"' in april.text
    march = browse("").get("/events/month/2027-03")
    assert 'aria-label="Wednesday, 31 March 2027: 1 event"' in march.text
    # Months before and after, and the days of a whole month once each.
    assert "/events/month/2027-02" in march.text
    assert "/events/month/2027-04" in march.text
    days = re.findall(r"<td>(?:<a[^>]*>)?(\d+)", march.text)
    assert days == [str(day) for day in range(1, 32)]


def test_a_month_shows_what_one_may_see(cast, browse, events):
    assert "Among us" in browse(Cast.bob).get("/events/month/2027-04").text
    for email in (Cast.carol, Cast.mallory, Cast.guest):
        assert "Among us" not in browse(email).get("/events/month/2027-04").text
    assert "No event that you can see" in browse("").get("/events/month/2027-06").text


@pytest.mark.parametrize("month", ["2027-13", "2027-4", "x", "0000-01", "9999-12", "2027-04-01", "%00"])
def test_no_month(browse, cast, month):
    assert browse("").get(f"/events/month/{month}").status_code == 404


def test_finding_by_kind(app, cast, browse):
    with app.app_context():
        make_event(cast.group, title="Badminton", kind="sports", audience=EventAudience.PUBLIC)
        make_event(cast.group, title="Concert", kind="culture", audience=EventAudience.PUBLIC)
    guest = browse("")
    assert [row["title"] for row in guest.get("/api/v1/events?kind=sports").json["items"]] == ["Badminton"]
    page = guest.get("/events?kind=culture")
    assert "Concert" in page.text
    assert "Badminton" not in page.text
    assert guest.get("/events?kind=dancing").status_code == 422
    assert guest.get("/api/v1/events?kind=dancing").status_code == 422
