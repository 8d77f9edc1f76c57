"""From an event to a group that lasts: one group, invitations and no more, nobody's address shown; and who may not."""

import re

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.events import queries as events_queries
from alumni.groups.models import Group, Membership, MembershipState, Role, Tenure
from alumni.invites.models import GroupInvitation
from alumni.reports import actions
from alumni.reports.actions import LastingDraft
from alumni.reports.models import LastingGroup
from tests.cast import Cast, make_cast, viewer_of
from tests.events.shapes import member_id
from tests.groups.test_race import at_once
from tests.imports.shapes import run_jobs
from tests.reports.shapes import note, over, row_of

NEW = {"name": "Walkers of Vientiane", "about": "We walk on.", "words": "Come along."}
MADE = sa.select(sa.func.count()).select_from(Group).where(Group.name == "Walkers of Vientiane")


@pytest.fixture
def event(app, cast):
    """It is over; Alice, Bob, Carol and Mallory were noted, and a school."""
    with app.app_context():
        slug = over(cast.group)
        for email in (Cast.alice, Cast.bob, Cast.carol, Cast.mallory):
            note(slug, email)
        note(slug, people=30)
    return slug


def lasting_of(slug):
    return f"/events/{slug}/lasting-group"


def states(read):
    """How people stand to the group, by address."""
    names = (Cast.alice, Cast.bob, Cast.carol, Cast.mallory)
    select = sa.select(Membership.account_id, Membership.state).join(Group, Group.id == Membership.group_id)
    found = dict(read(select.where(Group.name == NEW["name"])))
    return [found.get(member_id(email)) for email in names]


def test_those_who_came_are_invited_and_nobody_is_put_in(app, cast, browse, read, event, postbox):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    assert "Make this a lasting group" in alice.get(f"/events/{event}").text
    assert 'value="Reunion &amp; walk"' in alice.get(lasting_of(event)).text
    made = alice.post(lasting_of(event), NEW)
    assert made.status_code == 303
    run_jobs(app)
    to = sorted(letter["To"] for letter in postbox.letters)
    assert to == ["bob@example.org", "carol@example.org", "mallory@example.org"]
    assert "Come along." in postbox.letters[0].get_body(("plain",)).get_content()
    with app.app_context():
        active, invited = MembershipState.ACTIVE, MembershipState.INVITED
        assert states(read) == [active, invited, invited, invited]
    runs = sa.select(Tenure.role).join(Group, Group.id == Tenure.group_id).where(Group.name == NEW["name"])
    assert read(runs) == [(Role.ORGANISER,)]
    page = bob.get(f"/events/{event}").text
    assert "The people of this event go on in" in page
    assert "Walkers of Vientiane" in page
    assert "Walkers of Vientiane" not in browse("").get(f"/events/{event}").text
    # Who accepts is in.
    letter = next(each for each in postbox.letters if each["To"] == Cast.bob).get_body(("plain",)).get_content()
    link = re.search(r"/invited/[\w-]+", letter)[0]
    assert bob.post(f"{link}/yes").status_code == 303
    with app.app_context():
        assert states(read)[1] == MembershipState.ACTIVE


def test_the_addresses_of_those_who_came_are_shown_to_nobody(app, cast, browse, event):
    alice = browse(Cast.alice)
    slug = alice.post(lasting_of(event), NEW).location.rsplit("/", 1)[1]
    run_jobs(app)
    page = alice.get(f"/groups/{slug}/invite").text
    assert "Somebody who came to an event" in page
    listed = alice.get(f"/api/v1/groups/{slug}/invitations")
    assert len(listed.json["items"]) == 3
    for text in (page, listed.text):
        assert "bob@example.org" not in text
        assert "carol@example.org" not in text
    # Nor is it found out by trying an address.
    tried = alice.send(f"/api/v1/groups/{slug}/invitations", {"addresses": "bob@example.org"})
    assert tried.json == {"letters": 1, "invited_already": 0}


def test_pressing_twice_makes_one_group(app, cast, browse, read, event, postbox):
    alice = browse(Cast.alice)
    first = alice.post(lasting_of(event), NEW)
    second = browse(Cast.sam).post(lasting_of(event), NEW | {"about": "Another."})
    assert first.location == second.location
    assert read(MADE) == [(1,)]
    run_jobs(app)
    assert len(postbox.letters) == 3
    assert "go on in" in alice.get(lasting_of(event)).text
    again = alice.send(f"/api/v1/events/{event}/lasting-group", NEW)
    assert (again.status_code, again.json["slug"]) == (201, first.location.rsplit("/", 1)[1])
    assert read(sa.select(LastingGroup.invited)) == [(3,)]
    refused = alice.post(lasting_of(event), {"name": "", "about": ""})
    assert "Enter the name of the group." in refused.text


@pytest.mark.alone
def test_of_many_who_press_at_once_all_find_the_same_group(alone):
    with alone.app_context():
        slug = over(make_cast().group)
        note(slug, Cast.bob)
        alice = viewer_of(Cast.alice)
        db.session.remove()

    def press(number):
        event = events_queries.event_page(alice, slug=slug).first()
        draft = LastingDraft(NEW["name"], NEW["about"])
        group, _ = actions.make_lasting_group(actor=alice, event=event, draft=draft, key=new_key())
        return group.slug

    found = at_once(alone, press, list(range(8)))
    with alone.app_context():
        assert len(set(found)) == 1
        assert db.session.scalars(sa.select(Group.slug).where(Group.name == NEW["name"])).all() == [found[0]]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(GroupInvitation)) == 1


def test_it_stands_below_the_group_of_the_event(app, cast, browse, read, event):
    browse(Cast.alice).post(lasting_of(event), NEW)
    parent = sa.select(Group.id).where(Group.slug == cast.group).scalar_subquery()
    assert read(sa.select(Group.kind, Group.country).where(Group.parent_id == parent)) == [("interest", "LA")]
    with app.app_context():
        assert row_of(event).country == "LA"


def test_an_officer_makes_none(app, cast, browse, read, event):
    refused = browse(Cast.olga).post(lasting_of(event), NEW)
    assert refused.status_code == 404
    assert read(MADE) == [(0,)]


def test_others_do_not_make_it(cast, browse, read, event):
    for email, status in (
        *((Cast.bob, 403), (Cast.carol, 403), (Cast.mallory, 403), (Cast.nia, 404)),
        *((Cast.sue, 403), (Cast.otto, 404), ("", 303)),
    ):
        browser = browse(email)
        assert browser.get(lasting_of(event)).status_code == status, email
        assert browser.post(lasting_of(event), NEW).status_code == status, email
        sent = browser.send(f"/api/v1/events/{event}/lasting-group", NEW)
        assert sent.status_code == (status if email else 401), email
    assert read(MADE) == [(0,)]
    assert read(sa.select(sa.func.count()).select_from(GroupInvitation)) == [(0,)]
