"""Teams: a task with a deadline, places that are given once, ideas in versions, comments, and who reads what when."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events.models import EventAudience
from alumni.groups.models import Group
from alumni.teams import actions
from alumni.teams.models import Team, TeamMember, TeamRound, TeamVersion
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_event, make_many
from tests.groups.test_race import at_once, make_people

DAY = timedelta(days=1)
IDEA = {"title": "Rain barrels", "idea": "We *collect* rain.", "edits": "0", "hand_in": False}


def task(**values):
    deadline = f"{(clock.now() + 30 * DAY).date()}T18:00"
    return {
        "title": "A plan for the city", "task": "Two pages.", "deadline": deadline, "zone": "Asia/Vientiane", "size": 3,
        "forms_itself": True, "opens_after": True,
    } | values  # fmt: skip


def open_round(browse, cast, **values):
    answer = browse(Cast.alice).send(f"/api/v1/groups/{cast.group}/teams", task(**values))
    assert answer.status_code == 201, answer.json
    return answer.json["key"]


def handle_of(browse, email):
    return browse(email).get("/api/v1/me").json["handle"]


@pytest.fixture
def others(app, cast):
    """Six more people of the group, by their addresses."""
    with app.app_context():
        return [email for email, _id in make_many(cast.group, 6)]


@pytest.fixture
def team(cast, browse):
    key = open_round(browse, cast)
    return browse(Cast.bob).send(f"/api/v1/teams/rounds/{key}/teams", {"name": "Mekong"}).json["key"]


def round_of(read):
    ((key,),) = read(sa.select(TeamRound.key))
    return key


def test_a_task_is_set_and_a_team_founded_and_joined_and_left(cast, browse, read, others):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    page = alice.post(f"/groups/{cast.group}/teams/new", task(once=new_key()))
    assert page.status_code == 303
    assert "Two pages." in bob.get(page.location).text
    key = page.location.rpartition("/")[2]
    assert "A plan for the city" in bob.get(f"/groups/{cast.group}/teams").text
    page = bob.post(f"/teams/rounds/{key}/teams", {"name": "Mekong"})
    assert page.status_code == 303
    team = page.location.rpartition("/")[2]
    assert bob.post(f"/teams/rounds/{key}/teams", {"name": "Another"}).status_code == 409  # one team each
    assert alice.post(f"/teams/rounds/{key}/teams", {"name": "Mekong"}).status_code == 422  # the name is taken
    first = browse(others[0])
    assert first.post(f"/teams/{team}/join").status_code == 303
    assert first.post(f"/teams/{team}/join").status_code == 303  # twice is once
    assert browse(others[1]).send(f"/api/v1/teams/{team}/join").status_code == 200
    assert browse(others[2]).send(f"/api/v1/teams/{team}/join").status_code == 409  # full
    assert first.post(f"/teams/{team}/leave").status_code == 303
    assert browse(others[2]).send(f"/api/v1/teams/{team}/join").status_code == 200
    assert read(sa.select(Team.people, sa.select(sa.func.count()).select_from(TeamMember).scalar_subquery())) == [
        (3, 3)
    ]


def test_an_idea_is_written_together_and_handed_in_until_the_deadline(cast, browse, read, others, team):
    bob, friend = browse(Cast.bob), browse(others[0])
    friend.send(f"/api/v1/teams/{team}/join")
    assert bob.send(f"/api/v1/teams/{team}/idea", IDEA, method="PUT").json["edits"] == 1
    assert read(sa.select(TeamVersion.number)) == []
    # The second of two who write is shown what the first has saved, and loses nothing.
    page = friend.post(f"/teams/{team}/idea", {"title": "Mine", "idea": "Another way.", "edits": "0"})
    assert page.status_code == 409
    assert "Another way." in page.text
    assert "Rain barrels" in page.text
    assert friend.send(f"/api/v1/teams/{team}/idea", IDEA, method="PUT").status_code == 409
    for edits in ("1", "2"):
        body = {"title": f"Version {edits}", "idea": "Rain.", "edits": edits, "hand_in": "y"}
        assert friend.post(f"/teams/{team}/idea", body).status_code == 303
    assert read(sa.select(TeamVersion.number, TeamVersion.title)) == [(1, "Version 1"), (2, "Version 2")]
    assert "Version 1" in bob.get(f"/teams/{team}").text
    for bad in ({"title": ""}, {"idea": ""}, {"idea": "x" * 60_000}):
        assert bob.send(f"/api/v1/teams/{team}/idea", IDEA | bad, method="PUT").status_code == 422
    with time_machine.travel(clock.now() + 40 * DAY, tick=False):
        bob = browse(Cast.bob)
        assert bob.send(f"/api/v1/teams/{team}/idea", IDEA | {"edits": "3"}, method="PUT").status_code == 409
        assert bob.post(f"/teams/{team}/leave").status_code == 409
        assert browse(others[2]).send(f"/api/v1/teams/{team}/join").status_code == 409
        assert "Write and hand in" not in bob.get(f"/teams/{team}").text


def test_who_reads_what_a_team_writes_and_when(cast, browse, read, others, team, app):
    bob, other, alice = browse(Cast.bob), browse(others[0]), browse(Cast.alice)
    bob.send(f"/api/v1/teams/{team}/idea", IDEA, method="PUT")
    key = round_of(read)
    assert other.get(f"/teams/{team}").status_code == 404
    (one,) = other.get(f"/api/v1/teams/rounds/{key}").json["items"]
    assert (one["name"], one["title"]) == ("Mekong", None)
    assert alice.get(f"/teams/{team}").status_code == 200  # runs the group
    # A mentor reads and comments, whether or not they are in the group; the others do not.
    carol = browse(Cast.carol)
    assert carol.get(f"/teams/{team}").status_code == 404
    assert alice.post(f"/teams/rounds/{key}/mentors", {"handle": "nobody"}).status_code == 422
    assert alice.post(f"/teams/rounds/{key}/mentors", {"handle": handle_of(browse, Cast.carol)}).status_code == 303
    assert carol.post(f"/teams/{team}/comments", {"body": "How *much* rain?"}).status_code == 303
    assert "<em>much</em>" in bob.get(f"/teams/{team}").text
    said = {"body": "A lot."}
    twice = [bob.send(f"/api/v1/teams/{team}/comments", said, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert {answer.status_code for answer in twice} == {201}
    assert [one["body"] for one in bob.get(f"/api/v1/teams/{team}").json["comments"]] == ["How *much* rain?", "A lot."]
    assert carol.send(f"/api/v1/teams/{team}/idea", IDEA, method="PUT").status_code == 403
    assert other.post(f"/teams/{team}/comments", {"body": "Me too"}).status_code == 404
    with time_machine.travel(clock.now() + 40 * DAY, tick=False):
        other = browse(others[0])
        assert "collect" in other.get(f"/teams/{team}").text  # after the deadline all inside read it
        assert "Comment" not in other.get(f"/teams/{team}").text
        assert other.post(f"/teams/{team}/comments", {"body": "Now me"}).status_code == 403
        with app.app_context():
            db.session.query(TeamRound).one().opens_after = False
            db.session.commit()
        assert other.get(f"/teams/{team}").status_code == 404
    handle = handle_of(browse, Cast.carol)
    assert alice.post(f"/teams/rounds/{key}/mentors/{handle}/dismiss").status_code == 303
    assert carol.get(f"/teams/{team}").status_code == 404


def test_organisers_form_the_teams(cast, browse, read, others):
    key = open_round(browse, cast, forms_itself=False, size=2)
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    assert bob.send(f"/api/v1/teams/rounds/{key}/teams", {"name": "Ours"}).status_code == 403
    one, two = (alice.send(f"/api/v1/teams/rounds/{key}/teams", {"name": name}).json["key"] for name in ("One", "Two"))
    assert bob.send(f"/api/v1/teams/{one}/join").status_code == 403
    handles = [handle_of(browse, email) for email in (Cast.bob, *others[:2])]
    for handle in handles[:2]:
        assert alice.post(f"/teams/{one}/people", {"handle": f"/members/{handle}"}).status_code == 303
    assert alice.post(f"/teams/{one}/people", {"handle": handles[2]}).status_code == 409  # full
    assert alice.post(f"/teams/{two}/people", {"handle": handles[0]}).status_code == 303  # moved
    assert read(sa.select(Team.name, Team.people).order_by(Team.name)) == [("One", 1), ("Two", 1)]
    # Nobody from elsewhere, and nobody by those who do not run it.
    assert alice.post(f"/teams/{one}/people", {"handle": handle_of(browse, Cast.carol)}).status_code == 422
    assert bob.post(f"/teams/{two}/people", {"handle": handles[2]}).status_code == 403


def test_teams_of_an_event(cast, browse, app):
    with app.app_context():
        event = make_event(cast.group, audience=EventAudience.MEMBERS)
    alice, carol = browse(Cast.alice), browse(Cast.carol)
    page = alice.post(f"/events/{event}/teams/new", task(once=new_key()))
    assert page.status_code == 303
    assert carol.get(page.location).status_code == 404  # she is not going
    carol.send(f"/api/v1/events/{event}/answer", {"answer": "going"})
    assert carol.get(page.location).status_code == 200
    assert "A plan for the city" in carol.get(f"/events/{event}/teams").text
    assert carol.post(f"{page.location}/teams", {"name": "Angkor"}).status_code == 303
    assert browse(Cast.mallory).get(page.location).status_code == 404


def test_the_last_place_goes_to_one(alone):
    with alone.app_context():
        ids = make_people(30)
        group = builders.make_group("Many", slug="many")
        for id in ids:
            builders.join(db.session.get_one(builders.Member, id), group)
        facts = {"group_id": group.id, "title": "Task", "zone": "UTC", "size": 5}
        made = builders.add(TeamRound(**facts, deadline_at=clock.now() + DAY))
        teams = [builders.add(Team(round_id=made.id, name=name)).id for name in ("A", "B")]
        db.session.commit()

    def join(job):
        account_id, team_id = job
        viewer = Viewer(id=account_id, is_verified=True)
        actions.join_team(actor=viewer, team=db.session.get_one(Team, team_id))
        return "in"

    answers = at_once(alone, join, [(id, team_id) for id in ids for team_id in teams])
    assert answers.count("in") == 10
    assert set(answers) == {"in", "team-full", "in-a-team"}
    with alone.app_context():
        rows = db.session.execute(sa.select(TeamMember.team_id, sa.func.count()).group_by(TeamMember.team_id))
        assert dict(rows.tuples().all()) == dict.fromkeys(teams, 5)
        assert list(db.session.scalars(sa.select(Team.people))) == [5, 5]


def test_bad_input_and_who_may_not(cast, browse, app, team, read):
    alice = browse(Cast.alice)
    path = f"/api/v1/groups/{cast.group}/teams"
    for bad, field in (
        ({"title": ""}, "title"), ({"deadline": "soon"}, "deadline"), ({"deadline": "2020-01-01T10:00"}, "deadline"),
        ({"zone": "Mars/Olympus"}, "zone"), ({"size": 1}, "size"), ({"size": 500}, "size"), ({"size": "x"}, "size"),
    ):  # fmt: skip
        answer = alice.send(path, task(**bad))
        assert answer.status_code == 422, bad
        assert field in answer.json["fields"], (bad, answer.json)
    key = round_of(read)
    for who in (Cast.carol, Cast.mallory, Cast.nia, Cast.otto, Cast.mona):
        browser = browse(who)
        assert browser.send(path, task()).status_code == 403, who
        for address in (f"/teams/rounds/{key}", f"/teams/{team}", f"/teams/{team}/idea"):
            assert browser.get(address).status_code == 404, (who, address)
        assert browser.post(f"/teams/{team}/join").status_code == 404, who
    assert browse(Cast.sue).post(f"/teams/{team}/join").status_code == 403
    assert browse("").get(f"/teams/{team}").status_code == 303
    assert browse(Cast.bob).send(path, task()).status_code == 403
    with app.app_context():
        db.session.query(Group).filter_by(slug=cast.group).one().archived_at = clock.now()
        db.session.commit()
    assert alice.send(path, task()).status_code == 409
