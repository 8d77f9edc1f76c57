"""A map of counts, not of people."""

import re

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.places import COUNTRIES
from alumni.members.models import Audience, Block
from alumni.web import atlas
from tests import builders
from tests.cast import Cast
from tests.members.test_directory import count_queries


@pytest.fixture
def world(app, cast):
    """Seven Peruvians are seen by everybody, five Tongans by members, four Chileans by everybody."""
    with app.app_context():
        for country, people, audience in (
            ("PE", 7, Audience.PUBLIC),
            ("TO", 5, Audience.MEMBERS),
            ("CL", 4, Audience.PUBLIC),
        ):
            values = {"name_audience": audience, "place_audience": audience, "country": country}
            with builders.crowd():
                for number in range(people):
                    builders.make_member(
                        f"{country} {number}", email=f"{country}{number}@example.org".lower(), **values
                    )
        db.session.commit()


def told(browser):
    """What the map says, and what the table says."""
    page = browser.get("/members/map").text
    circles = re.findall(r'<a href="/members[?]country=(..)" tabindex="-1"><circle [^>]*><title>[^<]*?(\d+) p', page)
    rows = re.findall(r'<td><a href="/members[?]country=(..)">[^<]*</a></td><td class="n">(\d+)<', page)
    return dict(circles), dict(rows)


def test_everybody_counts_what_their_audience_sees(world, browse):
    assert told(browse(Cast.guest)) == ({"PE": "7"}, {"PE": "7"})
    assert told(browse(Cast.nia)) == told(browse(Cast.sue)) == told(browse(Cast.guest))
    assert told(browse(Cast.carol)) == ({"PE": "7", "TO": "5"}, {"PE": "7", "TO": "5"})


def test_fewer_than_five_are_nowhere(world, browse):
    for email in Cast.everybody:
        assert "country=CL" not in browse(email).get("/members/map").text
    assert browse(Cast.carol).get("/members?country=CL").status_code == 200


def test_who_is_blocked_is_not_counted(world, app, browse):
    with app.app_context():
        ids = dict(db.session.execute(sa.select(Account.email, Account.id)).tuples().all())
        for other in ("to0@example.org", "pe0@example.org"):
            db.session.add(Block(blocker_id=ids[other], blocked_id=ids[Cast.carol]))
        db.session.commit()
    assert told(browse(Cast.carol))[1] == {"PE": "6"}


def test_an_empty_world(cast, browse):
    page = browse(Cast.guest).get("/members/map").text
    assert "No country has five people yet" in page
    assert "<svg" not in page


def test_every_country_has_a_place_and_the_page_is_small(world, browse):
    uninhabited = {"AQ", "BV", "CC", "CX", "UM"}
    assert set(COUNTRIES) - set(atlas.PLACES) <= uninhabited
    assert all(0 <= x <= atlas.WIDTH and 0 <= y <= atlas.HEIGHT for x, y in atlas.PLACES.values())
    everywhere = atlas.circles(dict.fromkeys(COUNTRIES, 5))
    assert len(everywhere) == len(atlas.PLACES)
    assert len(atlas.LAND) < 5_000
    assert len(browse(Cast.guest).get("/members/map").data) < 20_000


def test_the_larger_number_has_the_larger_circle_and_lies_below():
    circles = atlas.circles({"JP": 100, "KR": 400, "LA": 1})
    assert [circle.country for circle in circles] == ["KR", "JP", "LA"]
    assert circles[0].r == 2 * circles[1].r
    assert circles[2].r >= atlas.LEAST
    assert atlas.circles({}) == []


@pytest.mark.parametrize(("email", "most"), [(Cast.guest, 3), (Cast.carol, 6)])
def test_it_costs_few_queries(app, world, browse, email, most):
    browser = browse(email)
    assert count_queries(app, lambda: browser.get("/members/map")) <= most
