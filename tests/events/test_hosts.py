"""Events that several groups hold: asked, agreed, seen by both, ended; and who may not."""

import icalendar
import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.events.models import Event, EventAudience, EventHost, HostState
from alumni.groups.models import Group
from alumni.members.models import Member
from alumni.worker import run_due
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_event, member_id

NOT_ORGANISING = ("", Cast.bob, Cast.mallory, Cast.nia, Cast.sue, Cast.olga, Cast.otto)


@pytest.fixture
def event(app, cast):
    """An event for Alice's group; Carol organises the other one."""
    with app.app_context():
        other = db.session.scalars(sa.select(Group).where(Group.slug == cast.other_group)).one()
        builders.make_tenure(db.session.get_one(Member, member_id(Cast.carol)), other)
        return make_event(cast.group, title="Joint reunion", audience=EventAudience.GROUP)


def ask(browse, cast, event):
    return browse(Cast.alice).post(f"/events/{event}/hosts", {"group": f"http://localhost/groups/{cast.other_group}"})


def agree(browse, cast, event, agrees="1"):
    return browse(Cast.carol).post(f"/groups/{cast.other_group}/hosting/{event}", {"agrees": agrees})


def states(read):
    return [row.state for row in read(sa.select(EventHost.state))]


def test_one_asks_the_other_agrees_and_both_hold_it(app, cast, browse, read, event, postbox):
    carol = browse(Cast.carol)
    assert carol.get(f"/events/{event}").status_code == 404
    assert ask(browse, cast, event).status_code == 303
    assert ask(browse, cast, event).status_code == 303
    with app.app_context():
        run_due()
    (letter,) = [each for each in postbox.letters if each["To"] == Cast.carol]
    assert letter["Subject"] == "Will you hold it together? Joint reunion"
    assert carol.get(f"/events/{event}").status_code == 404  # not before they agree
    assert "Joint reunion" in carol.get(f"/groups/{cast.other_group}/hosting").text
    assert agree(browse, cast, event).status_code == 303
    assert states(read) == [HostState.AGREED]
    page = carol.get(f"/events/{event}").text
    assert page.count(f'href="/groups/{cast.other_group}"') == 1
    assert f'href="/groups/{cast.group}"' in page
    for group in (cast.group, cast.other_group):
        assert (
            "Joint reunion"
            in browse(Cast.carol if group == cast.other_group else Cast.bob).get(f"/groups/{group}/events").text
        )
    (found,) = icalendar.Calendar.from_ical(carol.get(f"/groups/{cast.other_group}/events.ics").data).walk("VEVENT")
    assert str(found["summary"]) == "Joint reunion"
    assert carol.send(f"/api/v1/events/{event}/answer", {"answer": "going"}).status_code == 200
    (host,) = carol.get(f"/api/v1/events/{event}").json["hosts"]
    assert (host["slug"], host["state"]) == (cast.other_group, "agreed")
    # Their organiser does not run it.
    assert carol.get(f"/events/{event}/edit").status_code == 403
    with app.app_context():
        run_due()
    (letter,) = [each for each in postbox.letters if each["To"] == Cast.alice]
    assert "holds it together with you: Joint reunion" in letter["Subject"]


def test_who_does_not_agree_does_not_hold_it(app, cast, browse, read, event):
    ask(browse, cast, event)
    assert agree(browse, cast, event, agrees="").status_code == 303
    assert states(read) == [HostState.DECLINED]
    assert agree(browse, cast, event).status_code == 303  # what was said stands
    assert states(read) == [HostState.DECLINED]
    assert browse(Cast.carol).get(f"/events/{event}").status_code == 404


@pytest.mark.parametrize("who", [Cast.alice, Cast.carol])
def test_either_side_ends_it(cast, browse, read, event, who):
    ask(browse, cast, event)
    agree(browse, cast, event)
    path = f"/groups/{cast.other_group}/hosting/{event}/end"
    assert browse(who).post(path).status_code == 303
    assert states(read) == []
    assert read(sa.select(Event.co_hosts)) == [(0,)]
    assert browse(Cast.carol).get(f"/events/{event}").status_code == 404
    assert browse(who).post(path).status_code == 404


def test_by_json(cast, browse, read, event):
    answer = browse(Cast.alice).send(f"/api/v1/events/{event}/hosts", {"group": cast.other_group})
    assert (answer.status_code, answer.json["items"][0]["state"]) == (201, "asked")
    path = f"/api/v1/groups/{cast.other_group}/hosting/{event}"
    assert browse(Cast.bob).send(path, {"agrees": True}).status_code in (403, 404)
    assert browse(Cast.carol).send(path, {"agrees": True}).json == {"slug": event, "agrees": True}
    assert states(read) == [HostState.AGREED]


@pytest.mark.parametrize(
    ("group", "sentence"),
    [("", "Enter the address of a group."), ("nowhere", "There is no such group."), ("x" * 300, "There is a problem")],
)
def test_bad_input(cast, browse, read, event, group, sentence):
    page = browse(Cast.alice).post(f"/events/{event}/hosts", {"group": group})
    assert page.status_code == 422
    assert sentence in page.text
    assert states(read) == []


def test_a_group_does_not_ask_itself(cast, browse, read, event):
    page = browse(Cast.alice).post(f"/events/{event}/hosts", {"group": cast.group})
    assert (page.status_code, states(read)) == (422, [])
    assert "This group holds the event already." in page.text


@pytest.mark.parametrize("who", NOT_ORGANISING)
def test_who_organises_neither_does_nothing(cast, browse, read, event, who):
    ask(browse, cast, event)
    browser = browse(who)
    assert browser.get(f"/events/{event}/hosts").status_code in (303, 403, 404)
    assert browser.post(f"/events/{event}/hosts", {"group": cast.other_group}).status_code in (303, 403, 404)
    assert browser.get(f"/groups/{cast.other_group}/hosting").status_code in (303, 403, 404)
    for path in ("", "/end"):
        answer = browser.post(f"/groups/{cast.other_group}/hosting/{event}{path}", {"agrees": "1"})
        assert answer.status_code in (303, 403, 404)
    assert states(read) == [HostState.ASKED]
