"""Recommendations on their way, topic groups, delegations by country; and who reads and does what."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.conferences.models import DelegationHead, Handover, Recommendation
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.events.models import AttendanceState, Event, EventAudience, EventKind
from alumni.groups.models import Group
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Block, Member
from alumni.programmes.models import Cohort
from alumni.teams.models import Team, TeamMember, TeamRound
from tests import builders
from tests.cast import Cast
from tests.conferences.test_programme import go
from tests.events.shapes import make_event, member_id

STATES = sa.select(Recommendation.number, Recommendation.state).order_by(Recommendation.number)
HANDED = {
    "addressee": "The Minister of Education",
    "handed_on": "2026-05-01",
    "handed_by": "Alice",
    "remark": "In person.",
}


@pytest.fixture
def event(app, cast):
    """For everybody; Bob and Carol are going."""
    with app.app_context():
        slug = make_event(cast.group, audience=EventAudience.PUBLIC, kind=EventKind.CONFERENCE)
        for email in (Cast.bob, Cast.carol):
            go(slug, email)
        return slug


def draft(browse, event, **values):
    form = {"number": "", "text": "Plant a *tree*.", "team": "", "once": new_key()} | values
    return browse(Cast.alice).post(f"/events/{event}/recommendations/new", form)


@pytest.fixture
def one(browse, read, event):
    """A draft: its address."""
    assert draft(browse, event).status_code == 303
    ((key,),) = read(sa.select(Recommendation.key))
    return f"/events/{event}/recommendations/{key}"


def add_team(app, event, *people):
    with app.app_context():
        event_id = db.session.query(Event.id).filter_by(slug=event).scalar()
        facts = {"title": "Topics", "deadline_at": clock.now() + timedelta(days=9), "zone": "UTC"}
        made = builders.add(TeamRound(event_id=event_id, **facts))
        team = builders.add(Team(round_id=made.id, name="Environment", people=len(people)))
        for email in people:
            builders.add(TeamMember(round_id=made.id, team_id=team.id, account_id=member_id(email)))
        db.session.commit()
        return team.key


def test_a_recommendation_goes_its_way(cast, browse, read, event, one):
    alice, page = browse(Cast.alice), f"/events/{event}/recommendations"
    assert "<em>tree</em>" in alice.get(page).text
    assert alice.post(f"{one}/edit", {"number": "1", "text": "Plant two trees.", "team": ""}).status_code == 303
    assert alice.post(f"{one}/hand-over", HANDED).status_code == 409  # first it is adopted
    assert alice.post(f"{one}/answer", {"text": "Yes."}).status_code == 409
    assert alice.post(f"{one}/adopt").status_code == 303
    assert alice.post(f"{one}/adopt").status_code == 409
    # What was adopted stays as it is; by mistake, it goes back while nobody has it.
    assert alice.post(f"{one}/edit", {"number": "1", "text": "Cut them.", "team": ""}).status_code == 409
    assert alice.post(f"{one}/remove").status_code == 409
    assert alice.post(f"{one}/reopen").status_code == 303
    alice.post(f"{one}/adopt")
    once = new_key()
    for _ in range(2):  # sent twice, noted once
        assert alice.post(f"{one}/hand-over", HANDED | {"once": once}).status_code == 303
    assert alice.post(f"{one}/reopen").status_code == 409
    assert read(STATES) == [(1, "handed_over")]
    assert alice.post(f"{one}/answer", {"text": "We *will*."}).status_code == 303
    assert alice.post(f"{one}/hand-over", HANDED | {"addressee": "The press"}).status_code == 303
    assert read(STATES) == [(1, "answered")]
    shown = browse("").get(page).text
    for words in (
        "Plant two trees.",
        "The Minister of Education",
        "1 May 2026",
        "In person.",
        "<em>will</em>",
        "The press",
    ):
        assert words in shown, words
    assert "hand-over" not in shown
    (row,) = browse("").get(f"/api/v1/events/{event}/recommendations").json["items"]
    assert (row["state"], row["answer"], len(row["handovers"])) == ("answered", "We *will*.", 2)
    actions = {action for (action,) in read(sa.select(AuditLine.action))}
    assert {
        "recommendation.add",
        "recommendation.adopt",
        "recommendation.hand-over",
        "recommendation.answer",
    } <= actions


def test_a_handover_by_mistake_is_taken_back(cast, browse, read, event, one):
    alice = browse(Cast.alice)
    alice.post(f"{one}/adopt")
    for _ in range(2):
        alice.post(f"{one}/hand-over", HANDED | {"once": new_key()})
    keys = [key for (key,) in read(sa.select(Handover.key))]
    assert alice.post(f"{one}/handovers/{keys[0]}/remove").status_code == 303
    assert read(STATES) == [(1, "handed_over")]
    assert alice.post(f"{one}/handovers/{keys[1]}/remove").status_code == 303
    assert read(STATES) == [(1, "adopted")]
    assert alice.post(f"{one}/handovers/{keys[1]}/remove").status_code == 409


def test_numbers_are_given_once(cast, browse, read, event, one):
    assert draft(browse, event, text="Another.").status_code == 303
    assert read(STATES) == [(1, "drafted"), (2, "drafted")]
    page = draft(browse, event, text="A third.", number="2")
    assert page.status_code == 422
    assert "This number is given already." in page.text
    assert "A third." in page.text
    page = browse(Cast.alice).post(f"{one}/edit", {"number": "2", "text": "Mine."})
    assert page.status_code == 422
    assert read(STATES) == [(1, "drafted"), (2, "drafted")]
    once = new_key()
    assert {draft(browse, event, once=once).status_code for _ in range(2)} == {303}
    assert len(read(STATES)) == 3
    assert browse(Cast.alice).post(f"{one}/remove").status_code == 303
    assert len(read(STATES)) == 2


def test_a_topic_group_stands_beside_what_it_recommends(cast, browse, read, app, event):
    team = add_team(app, event, Cast.bob, Cast.carol)
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    bob_handle = bob.get("/api/v1/me").json["handle"]
    assert alice.post(f"/teams/{team}/topic", {"topic": "Rivers and trees", "chair": bob_handle}).status_code == 303
    page = bob.get(f"/teams/{team}").text
    assert "Rivers and trees" in page
    assert "Chairs it" in page
    assert bob.get(f"/api/v1/teams/{team}").json["topic"] == "Rivers and trees"
    assert draft(browse, event, team=team).status_code == 303
    assert "Environment" in bob.get(f"/events/{event}/recommendations").text
    assert draft(browse, event, team="nothing").status_code == 422
    assert f"/events/{event}/teams" in bob.get(f"/events/{event}/programme").text
    # Who leaves does not chair it any more; only who runs it says who does, and only somebody of the team can.
    assert bob.post(f"/teams/{team}/leave").status_code == 303
    assert read(sa.select(Team.chair_id, Team.people)) == [(None, 1)]
    assert alice.post(f"/teams/{team}/topic", {"topic": "x", "chair": bob_handle}).status_code == 422
    assert alice.post(f"/teams/{team}/topic", {"topic": "x" * 301}).status_code == 422
    assert browse(Cast.carol).post(f"/teams/{team}/topic", {"topic": "x"}).status_code == 403
    assert browse(Cast.mallory).post(f"/teams/{team}/topic", {"topic": "x"}).status_code == 404


def test_drafts_are_for_those_who_are_going(cast, browse, app, event, one):
    page, api = f"/events/{event}/recommendations", f"/api/v1/events/{event}/recommendations"
    for email in (Cast.alice, Cast.bob, Cast.carol, Cast.sam):
        assert "<em>tree</em>" in browse(email).get(page).text, email
        assert len(browse(email).get(api).json["items"]) == 1
    others = (Cast.mallory, Cast.nia, Cast.olga, Cast.otto, Cast.mona, "")
    for email in others:
        assert "tree" not in browse(email).get(page).text, email
        assert browse(email).get(api).json["items"] == []
    with app.app_context():
        go(event, Cast.carol, AttendanceState.MAYBE)
        go(event, Cast.sue)
    for email in (Cast.carol, Cast.sue):  # perhaps is not yes, and a suspended account goes nowhere
        assert "tree" not in browse(email).get(page).text, email
    browse(Cast.alice).post(f"{one}/adopt")
    for email in (*others, Cast.sue):
        assert "<em>tree</em>" in browse(email).get(page).text, email
    with app.app_context():
        db.session.query(Event).filter_by(slug=event).one().audience = EventAudience.GROUP
        db.session.commit()
    for email in others:
        if email != Cast.sam:
            assert browse(email).get(page).status_code == 404, email


def show_programmes(app, email, audience=Audience.MEMBERS, **values):
    with app.app_context():
        member = db.session.get_one(Member, member_id(email))
        member.programmes_audience = audience
        for name, value in values.items():
            setattr(member, name, value)
        refresh_listings(member)
        db.session.commit()


def test_those_who_are_going_are_counted_by_the_country_that_sent_them(cast, browse, read, app, event):
    """Carol is of another group: to those of the event she shows what she shows to members."""
    page, api = f"/events/{event}/delegations", f"/api/v1/events/{event}/delegations"

    def counts():
        found = {one["country"]: one for one in browse(Cast.alice).get(api).json["items"]}
        return {country: (one["people"], len(one["named"])) for country, one in found.items()}

    show_programmes(app, Cast.carol)
    assert counts() == {"LA": (1, 1), "KH": (1, 1)}
    alice = browse(Cast.alice)
    handle = browse(Cast.bob).get("/api/v1/me").json["handle"]
    assert alice.post(f"{page}/LA/head", {"handle": handle}).status_code == 303
    shown = alice.get(page).text
    assert "Laos" in shown
    assert "Head of the delegation" in shown
    assert [one["head"] for one in browse(Cast.bob).get(api).json["items"] if one["country"] == "LA"] == [handle]
    # Of another country, not going, or nobody: refused.
    not_going = alice.get("/api/v1/me").json["handle"]
    for country, who in (("KH", handle), ("LA", "nobody"), ("ZZ", handle), ("LA", not_going)):
        assert alice.post(f"{page}/{country}/head", {"handle": who}).status_code == 422, (country, who)
    # Whoever is in no list is counted and not named.
    show_programmes(app, Cast.carol, is_listed=False)
    assert counts() == {"LA": (1, 1), "": (1, 0)}
    # Who goes no more leads nobody.
    browse(Cast.bob).post(f"/events/{event}/answer", {"answer": "not_going"})
    assert counts() == {"": (1, 0)}
    assert alice.post(f"{page}/LA/head", {"handle": ""}).status_code == 303
    assert read(sa.select(DelegationHead.country)) == []


def test_no_count_tells_a_country_that_somebody_hides(cast, browse, app, event):
    api = f"/api/v1/events/{event}/delegations"

    def counts():
        return {one["country"]: one["people"] for one in browse(Cast.alice).get(api).json["items"]}

    assert counts() == {"LA": 1, "": 1}  # Carol shows it to her groups alone
    assert "Carol" not in browse(Cast.alice).get(f"/events/{event}/delegations").text
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.other_cohort).one()
        for number in range(4):
            member = builders.make_member(f"Sok {number}", email=f"sok{number}@example.org")
            builders.take_part(member, cohort, country="KH")
            go(event, f"sok{number}@example.org")
    assert counts() == {"LA": 1, "KH": 5}  # five who hide it: it could be any of them
    go_not = {"answer": "not_going"}
    assert browse("sok0@example.org").post(f"/events/{event}/answer", go_not).status_code == 303
    assert counts() == {"LA": 1, "": 4}


def test_delegations_are_for_those_of_the_event(cast, browse, app, event):
    page, api = f"/events/{event}/delegations", f"/api/v1/events/{event}/delegations"
    # Carol is going and not of the group: counts alone, as the list of who is going is closed to her.
    shown = browse(Cast.carol).get(page)
    assert shown.status_code == 200
    assert "Bounmy" not in shown.text
    assert [one["named"] for one in browse(Cast.carol).get(api).json["items"]] == [[], []]
    for email in (Cast.mallory, Cast.nia, Cast.olga, Cast.otto, Cast.mona, Cast.sue):
        assert browse(email).get(page).status_code == 403, email
        assert browse(email).get(api).status_code == 403, email
        assert browse(email).post(f"{page}/LA/head", {"handle": "x"}).status_code == 403, email
    assert browse(Cast.bob).post(f"{page}/LA/head", {"handle": "x"}).status_code == 403
    assert browse("").get(page).status_code == 303
    show_programmes(app, Cast.carol)
    # Of two who have blocked each other neither reads the other's name; the count stays.
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        builders.join(db.session.get_one(Member, member_id(Cast.carol)), group)
        db.session.add(Block(blocker_id=member_id(Cast.carol), blocked_id=member_id(Cast.bob)))
        db.session.commit()
    assert "Bounmy" not in browse(Cast.carol).get(page).text
    assert {one["country"]: one["people"] for one in browse(Cast.carol).get(api).json["items"]} == {"LA": 1, "KH": 1}


def test_bad_input_names_its_field_and_keeps_what_was_typed(cast, browse, read, event, one):
    alice = browse(Cast.alice)
    for bad, field in (
        ({"text": ""}, "text"), ({"text": "x" * 100_000}, "text"), ({"text": "a\0b"}, "text"),
        ({"number": "0"}, "number"), ({"number": "-1"}, "number"), ({"number": str(10**40)}, "number"),
    ):  # fmt: skip
        page = draft(browse, event, **bad)
        assert page.status_code == 422, bad
        assert f'href="#{field}"' in page.text, bad
    alice.post(f"{one}/adopt")
    for bad, field in (
        ({"addressee": ""}, "addressee"), ({"addressee": "x" * 201}, "addressee"), ({"addressee": "\0"}, "addressee"),
        ({"handed_on": ""}, "handed_on"), ({"handed_on": "soon"}, "handed_on"),
        ({"handed_on": "2999-01-01"}, "handed_on"),
        ({"remark": "x" * 100_000}, "remark"),
    ):  # fmt: skip
        page = alice.post(f"{one}/hand-over", HANDED | bad)
        assert page.status_code == 422, bad
        assert f'href="#{field}"' in page.text, bad
        assert "Alice" in page.text
    alice.post(f"{one}/hand-over", HANDED)
    assert alice.post(f"{one}/answer", {"text": ""}).status_code == 422
    assert alice.post(f"{one}/answer", {"text": "x" * 100_000}).status_code == 422
    assert read(STATES) == [(1, "handed_over")]


def test_who_may_not_write_it(cast, browse, event, one):
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.olga, Cast.otto, Cast.mona):
        browser = browse(email)
        for what in ("edit", "hand-over", "answer"):
            assert browser.get(f"{one}/{what}").status_code == 403, (email, what)
        for what in ("edit", "hand-over", "answer", "adopt", "reopen", "remove", "handovers/x/remove"):
            assert browser.post(f"{one}/{what}").status_code == 403, (email, what)
        assert browser.get(f"/events/{event}/recommendations/new").status_code == 403
    assert browse("").post(f"{one}/adopt").status_code == 303
    assert browse(Cast.alice).post(f"/events/{event}/recommendations/nothing/adopt").status_code == 404
