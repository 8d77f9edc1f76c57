"""A proposed time as it is for the others: their hour, night, weekend, holiday."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.events.hours import elsewhere
from alumni.members.models import Audience, Listing
from tests.cast import Cast
from tests.events.shapes import filled, wall

MIDDAY = datetime(2027, 1, 1, 12, tzinfo=UTC)  # a Friday, the first of the year


def test_the_hour_elsewhere():
    tokyo, cairo, vientiane = elsewhere(["JP", "EG", "LA"], MIDDAY)
    assert (tokyo.wall, tokyo.is_night) == (wall("2027-01-01 21:00"), False)
    assert (tokyo.is_holiday, tokyo.is_weekend) == (True, False)
    assert (cairo.wall.hour, cairo.is_night, cairo.is_weekend) == (14, False, True)
    assert (vientiane.wall.hour, vientiane.is_holiday) == (19, True)
    (night,) = elsewhere(["JP"], datetime(2027, 1, 1, 13, tzinfo=UTC))
    assert (night.wall.hour, night.is_night) == (22, True)


def test_a_wide_country_shows_the_hours_it_has():
    brazil = elsewhere(["BR"], MIDDAY)
    assert 1 < len(brazil) <= 3
    assert len({there.wall for there in brazil}) == len(brazil)


def test_a_country_without_known_holidays_and_no_country():
    assert elsewhere(["XK", "ZZ"], MIDDAY)[:1] == elsewhere(["XK"], MIDDAY)
    assert elsewhere([], MIDDAY) == []


def hours_of(cast):
    return f"/groups/{cast.group}/hours"


def test_the_form_of_an_event_asks_for_them(cast, browse):
    alice = browse(Cast.alice)
    assert f'formaction="{hours_of(cast)}"' in alice.get(f"/events/new?group={cast.group}").text
    # The whole form is sent, as the button sends it; nothing is made.
    page = alice.post(hours_of(cast), filled(title="", starts_at="2027-01-01T23:30", zone="Asia/Vientiane"))
    assert page.status_code == 200
    for words in ("Laos", "23:30", "Night", "Public holiday"):
        assert words in page.text
    assert alice.get("/api/v1/events").json["items"] == []
    sent = alice.send(f"/api/v1{hours_of(cast)}", {"starts_at": "2027-01-01T12:00", "zone": "UTC"})
    assert {row["country"]: row["wall"] for row in sent.json["items"]}["LA"] == "2027-01-01T19:00:00"


def test_who_does_not_say_where_they_live_is_not_counted(app, cast, browse):
    alice, asked = browse(Cast.alice), {"starts_at": "2027-01-01T12:00", "zone": "UTC"}
    with app.app_context():
        db.session.execute(sa.update(Listing).where(Listing.audience == Audience.GROUPS).values(country=""))
        db.session.commit()
    assert alice.send(f"/api/v1{hours_of(cast)}", asked).json["items"] == []


@pytest.mark.parametrize(
    ("body", "field"), [({}, "starts_at"), ({"starts_at": "x"}, "starts_at"), ({"zone": "Mars"}, "zone")]
)
def test_what_is_no_time(cast, browse, body, field):
    asked = {"starts_at": "2027-01-01T12:00", "zone": "UTC"} | body if field == "zone" else {"zone": "UTC"} | body
    alice = browse(Cast.alice)
    refused = alice.send(f"/api/v1{hours_of(cast)}", asked)
    assert (refused.status_code, list(refused.json["fields"])) == (422, [field])
    assert alice.post(hours_of(cast), asked).status_code == 422


def test_who_may_not_ask(cast, browse):
    asked = {"starts_at": "2027-01-01T12:00", "zone": "UTC"}
    for email in (Cast.carol, Cast.mallory, Cast.nia, Cast.sue):
        assert browse(email).send(f"/api/v1{hours_of(cast)}", asked).status_code == 403
        assert browse(email).get(hours_of(cast)).status_code == 403
    assert browse("").send(f"/api/v1{hours_of(cast)}", asked).status_code == 401
