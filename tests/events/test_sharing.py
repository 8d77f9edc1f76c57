"""Posting another like it, keeping one for later, the short address, and what messengers and search engines read."""

import json
import re
from datetime import timedelta

from sqlalchemy import select

from alumni.core.tokens import new_key
from alumni.events.models import Event, EventAudience, EventState
from tests.cast import Cast
from tests.events.shapes import filled, make_event, wall


def structured(page):
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', page.text, re.DOTALL)
    return json.loads(found.group(1)) if found else None


def test_another_like_it_is_some_weeks_later(app, cast, browse):
    alice = browse(Cast.alice)
    alice.post(
        f"/events/new?group={cast.group}",
        filled(once=new_key(), starts_at="2027-07-01T19:00", ends_at="2027-07-01T21:00"),
    )
    (slug,) = [item["slug"] for item in alice.get("/api/v1/events").json["items"]]
    page = alice.get(f"/events/new?group={cast.group}&like={slug}")
    assert 'value="2027-07-08T19:00"' in page.text
    assert 'value="2027-07-08T21:00"' in page.text
    assert "Bring **photographs**." in page.text
    assert f"like={slug}" in alice.get(f"/events/new?group={cast.group}").text
    # An event of another group, and none.
    with app.app_context():
        other = make_event(cast.other_group, audience=EventAudience.PUBLIC)
    assert alice.get(f"/events/new?group={cast.group}&like={other}").status_code == 404
    assert alice.get(f"/events/new?group={cast.group}&like=none").status_code == 404


def test_an_organiser_keeps_an_event_for_later(cast, browse, read):
    alice = browse(Cast.alice)
    sent = alice.post(f"/events/new?group={cast.group}", filled(once=new_key(), act="keep", audience="public"))
    ((event,),) = read(select(Event))
    assert event.state == EventState.PROPOSED
    assert "You keep it for later" in alice.get(sent.location).text
    for email in (Cast.bob, Cast.carol, Cast.guest):
        assert browse(email).get(sent.location).status_code == 404
    assert alice.post(f"{sent.location}/publish").status_code == 303
    assert browse("").get(sent.location).status_code == 200
    # A member cannot keep one back: theirs is proposed.
    assert "Keep it for later" not in browse(Cast.bob).get(f"/events/new?group={cast.group}").text


def test_a_short_address_leads_to_whoever_may_see_it(app, cast, browse, read):
    alice, key = browse(Cast.alice), new_key()
    event = alice.post(f"/events/new?group={cast.group}", filled(once=key)).location
    assert f"/e/{key}" in alice.get(event).text
    assert browse(Cast.bob).get(f"/e/{key}").location == event
    assert browse(Cast.carol).get(f"/e/{key}").status_code == 404
    assert browse("").get(f"/e/{key}").status_code == 404
    assert browse("").get("/e/%00").status_code == 404


def test_a_public_event_says_what_it_is_to_machines_and_no_other_does(app, cast, browse):
    with app.app_context():
        shown = make_event(
            cast.group,
            title="Fair </script> of “companies”",
            audience=EventAudience.PUBLIC,
            wall_start=wall("2027-07-01 19:00"),
            zone="Asia/Vientiane",
        )
        closed = make_event(cast.group, title="Evening among us")
    page = browse("").get(f"/events/{shown}")
    data = structured(page)
    assert (data["@type"], data["name"]) == ("Event", "Fair </script> of “companies”")
    assert data["startDate"] == "2027-07-01T19:00:00+07:00"
    assert data["eventStatus"].endswith("/EventScheduled")
    assert data["url"].endswith(f"/events/{shown}")
    assert "online_url" not in page.text
    assert 'property="og:title" content="Fair &lt;/script&gt;' in page.text
    own = browse(Cast.bob).get(f"/events/{closed}")
    assert structured(own) is None
    assert "og:title" not in own.text


def test_a_cancelled_one_says_so(app, cast, browse):
    with app.app_context():
        slug = make_event(cast.group, audience=EventAudience.PUBLIC, state=EventState.CANCELLED)
    assert structured(browse("").get(f"/events/{slug}"))["eventStatus"].endswith("/EventCancelled")


def test_a_past_one_is_dated_as_exactly_as_it_is_known(app, cast, browse):
    with app.app_context():
        slug = make_event(
            cast.group, audience=EventAudience.PUBLIC, precision="month", wall_start=wall("2023-12-01 00:00")
        )
    assert structured(browse("").get(f"/events/{slug}"))["startDate"] == "2023-12"


def test_weeks_are_whole(app, cast, browse):
    """However long ago: the same day of the week, in the week to come."""
    with app.app_context():
        slug = make_event(cast.group, wall_start=wall("2020-01-03 18:00"), zone="UTC")
    page = browse(Cast.alice).get(f"/events/new?group={cast.group}&like={slug}")
    (start,) = re.findall(r'name="starts_at"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="starts_at"', page.text)
    begins = wall("".join(start))
    assert (begins - wall("2020-01-03 18:00")) % timedelta(days=7) == timedelta()
