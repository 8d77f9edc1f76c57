"""What is on: the same list as page and as JSON, for each by their own rule; past meetings as their source has them."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select, update

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.errors import NotPermitted
from alumni.events import actions
from alumni.events.models import (
    Attendance,
    AttendanceState,
    Event,
    EventAudience,
    EventKind,
    EventState,
    Mode,
    Precision,
)
from alumni.members.models import Audience, Member
from alumni.programmes.models import Bound
from tests import builders
from tests.cast import Cast, viewer_of
from tests.events.shapes import make_event, member_id, wall

READERS = tuple(email for email in Cast.everybody if email != Cast.sue)


def hour(number: int) -> timedelta:
    return timedelta(days=7, hours=number)


@pytest.fixture
def world(app, cast):
    """One event of each kind of audience and state, an hour apart."""
    with app.app_context():
        bob = member_id(cast.bob)
        make_event(
            cast.group,
            slug="for-all",
            title="For all",
            audience=EventAudience.PUBLIC,
            starts_in=hour(1),
            mode=Mode.ONLINE,
        )
        make_event(
            cast.group,
            slug="for-members",
            title="For members",
            audience=EventAudience.MEMBERS,
            starts_in=hour(2),
            country="DE",
        )
        make_event(cast.group, slug="for-group", title="For the group", starts_in=hour(3), place="Chợ Lớn")
        make_event(cast.group, slug="proposed", state=EventState.PROPOSED, posted_by_id=bob, starts_in=hour(4))
        make_event(
            cast.group, slug="cancelled", state=EventState.CANCELLED, audience=EventAudience.PUBLIC, starts_in=hour(5)
        )
        make_event(cast.group, slug="hidden", hidden_at=clock.now(), audience=EventAudience.PUBLIC, starts_in=hour(6))
        make_event(cast.other_group, slug="of-others", starts_in=hour(7))
        make_event(
            cast.group,
            slug="running",
            audience=EventAudience.PUBLIC,
            starts_in=timedelta(days=-1),
            lasts=timedelta(days=3),
        )
        make_event(cast.group, slug="last-week", audience=EventAudience.PUBLIC, starts_in=timedelta(days=-7))
    return cast


OPEN = ["running", "for-all", "cancelled"]
SEEN = {
    Cast.guest: OPEN,
    Cast.nia: OPEN,
    Cast.mona: OPEN,
    Cast.sue: OPEN,
    Cast.mallory: ["running", "for-all", "for-members", "cancelled"],
    Cast.carol: ["running", "for-all", "for-members", "cancelled", "of-others"],
    Cast.bob: ["running", "for-all", "for-members", "for-group", "proposed", "cancelled"],
    Cast.alice: ["running", "for-all", "for-members", "for-group", "proposed", "cancelled"],
    Cast.sam: ["running", "for-all", "for-members", "for-group", "proposed", "cancelled", "hidden", "of-others"],
}


def slugs(browser, query=""):
    return [item["slug"] for item in browser.get(f"/api/v1/events{query}").json["items"]]


def on_page(browser, path="/events"):
    text = browser.get(path).text.split("<h2>All events</h2>")[-1]  # what is near stands before it
    return [part.split('"')[0] for part in text.split('<h3><a href="/events/')[1:]]


@pytest.mark.parametrize("email", SEEN)
def test_each_sees_their_own_list_on_the_page_and_in_json(world, browse, email):
    browser = browse(email)
    assert slugs(browser) == SEEN[email]
    assert on_page(browser) == SEEN[email]
    for slug in ("for-all", "for-members", "for-group", "proposed", "cancelled", "hidden", "of-others"):
        status = 200 if slug in SEEN[email] else 404
        for path in (f"/events/{slug}", f"/api/v1/events/{slug}", f"/events/{slug}.ics"):
            assert browser.get(path).status_code == status, path


def test_a_page_at_a_time_in_both_directions(app, cast, browse):
    with app.app_context():
        for number in range(7):
            # Two at the same instant: the cursor must not lose one.
            make_event(cast.group, audience=EventAudience.PUBLIC, starts_in=timedelta(days=1 + number // 2))
            make_event(cast.group, audience=EventAudience.PUBLIC, starts_in=timedelta(days=-1 - number // 2))
    for when, is_down in (("upcoming", False), ("past", True)):
        whole = [(i["starts_at"], i["slug"]) for i in browse("").get(f"/api/v1/events?when={when}").json["items"]]
        assert len(whole) == 7
        assert [at for at, _ in whole] == sorted((at for at, _ in whole), reverse=is_down)
        seen, after = [], ""
        while after is not None:
            body = browse("").get(f"/api/v1/events?when={when}&limit=2&after={after}").json
            seen += [item["slug"] for item in body["items"]]
            after = body["next"]
        assert seen == [slug for _, slug in whole]


def test_filters(world, browse):
    bob = browse(world.bob)
    assert slugs(bob, "?country=DE") == ["for-members"]
    assert slugs(bob, "?mode=online") == ["for-all"]
    assert slugs(browse(world.sam), f"?group={world.other_group}") == ["of-others"]
    assert slugs(bob, "?q=FOR+group") == ["for-group"]
    assert slugs(bob, "?q=cho+lon") == ["for-group"]  # without its marks
    assert slugs(bob, "?q=%25") == slugs(bob, "?q=zebra") == []
    assert slugs(bob, "?when=past") == on_page(bob, "/events?when=past") == ["last-week"]
    assert on_page(bob, "/events?q=zebra") == []
    # A hidden value is not there to be found.
    assert slugs(browse(""), "?q=group") == slugs(browse(""), "?country=DE") == []


@pytest.mark.parametrize(
    "query", ["when=never", "country=Laos", "country=XX", "mode=x", "after=%00", "after=abc", "limit=0", "limit=1000"]
)
def test_filters_that_are_none(world, browse, query):
    assert browse("").get(f"/api/v1/events?{query}").status_code == 422
    if "limit" not in query:
        assert browse("").get(f"/events?{query}").status_code == 422


def test_of_a_group(world, browse):
    path = f"/groups/{world.group}/events"
    assert on_page(browse(""), path) == OPEN
    assert on_page(browse(world.bob), path) == SEEN[Cast.bob]
    assert on_page(browse(world.bob), f"{path}?when=past") == ["last-week"]
    assert "Post an event" in browse(world.bob).get(path).text
    assert "Post an event" not in browse(world.carol).get(path).text
    assert browse("").get("/groups/no-such/events").status_code == 404


def test_my_events(world, browse):
    bob = browse(world.bob)
    bob.post("/events/for-group/answer", {"answer": "going"})
    bob.post("/events/for-all/answer", {"answer": "not_going"})
    assert on_page(bob, "/me/events") == ["for-group"]
    assert on_page(bob, "/me/events?show=posted") == ["proposed"]
    assert on_page(bob, "/me/events?show=past") == []
    assert on_page(browse(world.alice), "/me/events") == []
    assert "/login" in browse("").get("/me/events").location


def test_past_meetings_say_exactly_what_their_source_says(app, cast, browse):
    with app.app_context():
        values = {
            "audience": EventAudience.PUBLIC,
            "zone": "Asia/Tokyo",
            "country": "JP",
            "host": "AJAFA-21",
            "kind": EventKind.VISIT,
            "source": "White Paper on Development Cooperation 2023",
        }
        builders.make_event(
            None,
            slug="visit",
            title="Commemorative visit",
            precision=Precision.MONTH,
            wall_start=wall("2023-12-01 00:00"),
            wall_end=wall("2023-12-31 23:59"),
            attended=100,
            attended_bound=Bound.MORE_THAN,
            attended_by="members from eight ASEAN countries",
            **values,
        )
        builders.make_event(
            None,
            slug="forum",
            precision=Precision.DAY,
            wall_start=wall("2014-10-25 00:00"),
            wall_end=wall("2014-10-28 00:00"),
            attended=120,
            attended_bound=Bound.ABOUT,
            **values,
        )
        builders.make_event(
            None,
            slug="council",
            precision=Precision.YEAR,
            wall_start=wall("2020-01-01 00:00"),
            wall_end=wall("2020-12-31 00:00"),
            **values,
        )
        db.session.commit()
    listed = browse("").get("/events?when=past").text
    for text in (
        "December 2023",
        "more than 100",
        "members from eight ASEAN countries",
        "25 October 2014 to 27 October 2014",
    ):
        assert text in listed, text
    page = browse("").get("/events/visit").text
    for text in ("December 2023", "more than 100", "White Paper on Development Cooperation 2023", "AJAFA-21"):
        assert text in page, text
    assert "00:00" not in page
    assert "00:00" not in browse("").get("/events/council").text
    sent = browse("").get("/api/v1/events/visit").json
    assert (sent["known_date"], sent["attended_bound"], sent["attended"]) == ("2023-12", "more_than", 100)


def test_mine_stands_beneath_where_the_clocks_differ(app, cast, browse):
    with app.app_context():
        slug = make_event(
            cast.group,
            audience=EventAudience.PUBLIC,
            wall_start=wall("2027-07-01 23:00"),
            wall_end=wall("2027-07-02 01:00"),
        )
    from alumni.accounts.models import Account

    def with_zone(zone):
        with app.app_context():
            db.session.scalars(select(Account).where(Account.email == cast.bob)).one().zone = zone
            db.session.commit()
        return browse(cast.bob).get(f"/events/{slug}").text

    assert "For you: Friday, 2 July 2027, 01:00 in Tokyo" in with_zone("Asia/Tokyo")
    assert "For you" not in with_zone("Asia/Bangkok")  # another zone, the same clock
    assert "For you" not in with_zone("Asia/Vientiane")
    assert "until Friday, 2 July 2027, 01:00 in Vientiane" in with_zone("UTC")
    assert "For you" not in browse("").get(f"/events/{slug}").text


@pytest.fixture
def party(app, cast):
    """Everybody goes to one event for members; the link is for them."""
    with app.app_context():
        slug = make_event(
            cast.group,
            audience=EventAudience.MEMBERS,
            mode=Mode.ONLINE,
            online_url="https://meet.example.org/secret",
            seats_taken=4,
        )
        row = db.session.scalars(select(Event)).one()
        for number, email in enumerate((cast.alice, cast.bob, cast.carol, cast.mallory)):
            at = clock.now() + timedelta(seconds=number)
            db.session.add(
                Attendance(account_id=member_id(email), event_id=row.id, state=AttendanceState.GOING, answered_at=at)
            )
        db.session.commit()
    return slug


def named(browser, slug):
    return [item["name"] for item in browser.get(f"/api/v1/events/{slug}/attendees").json["items"]]


def test_who_is_going_is_for_those_inside(app, cast, browse, party):
    everybody = ["Alice Phommasan", "ບຸນມີ ວົງສາ", "Carol Sok", "Mallory Black"]
    assert named(browse(cast.alice), party) == everybody
    assert named(browse(cast.bob), party) == everybody[:3]  # Bob blocked Mallory
    for email in (cast.carol, cast.mallory):
        browser = browse(email)
        assert browser.get(f"/api/v1/events/{party}/attendees").status_code == 403
        assert browser.get(f"/events/{party}/attendees").status_code == 403
        text = browser.get(f"/events/{party}").text
        assert not any(name in text for name in everybody[:2])
        assert "3 others too." in text
    assert browse(cast.nia).get(f"/events/{party}/attendees").status_code == 404
    assert "/login" in browse("").get(f"/events/{party}/attendees").location
    page = browse(cast.bob).get(f"/events/{party}/attendees").text
    assert "Mallory" not in page
    assert "Carol Sok" in page


def test_a_name_shows_only_as_far_as_its_owner_lets_it(app, cast, browse, party):
    """To people of the group those in the group show what the group may see, others what members may see."""
    from alumni.members.actions import refresh_listings
    from alumni.members.models import Member

    with app.app_context():
        for email in (cast.alice, cast.carol):
            member = db.session.get_one(Member, member_id(email))
            member.name_audience = Audience.GROUPS
            refresh_listings(member)
        db.session.commit()
    assert named(browse(cast.bob), party) == ["Alice Phommasan", "ບຸນມີ ວົງສາ"]


def test_the_link_is_for_those_who_are_going_half_an_hour_before(app, cast, browse, party):
    places = (f"/events/{party}", f"/api/v1/events/{party}", f"/events/{party}.ics")
    for left, is_open in ((timedelta(minutes=31), False), (timedelta(minutes=29), True)):
        with app.app_context():
            db.session.execute(update(Event).where(Event.slug == party).values(starts_at=clock.now() + left))
            db.session.commit()
        for path in places:
            assert ("meet.example.org" in browse(cast.bob).get(path).text) is is_open, path
            assert "meet.example.org" not in browse(cast.sam).get(path).text, path
    browse(cast.bob).post(f"/events/{party}/answer", {"answer": "not_going"})
    for path in places:
        assert "meet.example.org" not in browse(cast.bob).get(path).text, path


def test_hiding_and_restoring(app, cast, browse, read, world):
    for email in (cast.alice, cast.mona, cast.sam):
        with app.app_context():
            row = db.session.scalars(select(Event).where(Event.slug == "for-all")).one()
            actions.hide_event(actor=viewer_of(email), event=row, reason="Not true.")
            db.session.commit()
        assert browse("").get("/events/for-all").status_code == 404
        assert browse(cast.bob).get("/events/for-all").status_code == 404
        assert "for-all" not in slugs(browse(cast.bob))
        assert browse("").get("/events.ics").text.count("for-all") == 0
        with app.app_context():
            row = db.session.scalars(select(Event).where(Event.slug == "for-all")).one()
            actions.restore_event(actor=viewer_of(email), event=row, reason="It is.")
            db.session.commit()
        assert browse("").get("/events/for-all").status_code == 200
    lines = read(select(AuditLine.action, AuditLine.subject, AuditLine.reason).order_by(AuditLine.id).limit(2))
    assert lines == [("event.hide", "event:for-all", "Not true."), ("event.restore", "event:for-all", "It is.")]
    for email in (cast.bob, cast.carol, cast.mallory, cast.nia, cast.sue, cast.guest):
        with app.app_context():
            row = db.session.scalars(select(Event).where(Event.slug == "for-all")).one()
            viewer = viewer_of(email)
            for action in (actions.hide_event, actions.restore_event):
                with pytest.raises(NotPermitted):
                    action(actor=viewer, event=row, reason="No")
            db.session.rollback()


def test_instants_are_utc(world, read):
    for (at,) in read(select(Event.starts_at)):
        assert at.tzinfo is UTC


def test_what_is_near_stands_first(app, cast, browse):
    """In one's country, of one's groups, of one's programmes; whoever is not signed in has no such part."""
    with app.app_context():
        member = db.session.get_one(Member, member_id(Cast.bob))
        member.country = "LA"
        db.session.commit()
        public = {"audience": EventAudience.PUBLIC}
        builders.make_group("Elsewhere", slug="elsewhere")
        make_event("elsewhere", title="Far away", country="BR", **public)
        make_event(cast.other_group, title="In Vientiane", country="LA", **public)
        make_event(cast.group, title="Of my group", country="JP", **public)
    page = browse(Cast.bob).get("/events").text
    first = page.split("Near you and of your programmes")[1].split("All events")[0]
    assert "In Vientiane" in first
    assert "Of my group" in first
    assert "Far away" not in first
    assert "Far away" in page
    assert "Near you" not in browse("").get("/events").text
    assert "Near you" not in browse(Cast.bob).get("/events?country=BR").text


def test_an_outline_says_what_there_is_to_say(cast, browse):
    page = browse(Cast.alice).get(f"/events/new?group={cast.group}&kind=reporting").text
    assert "What we report" in page
    assert '<option selected value="reporting">' in page
    assert browse(Cast.alice).get(f"/events/new?group={cast.group}&kind=nonsense").status_code == 200
