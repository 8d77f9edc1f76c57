"""Calling an election, standing, naming, conducting: and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.jobs import Job
from alumni.elections.models import Candidate, CandidateState, Election, ElectionState
from tests.cast import Cast
from tests.elections.conftest import DAN, EVE, FLO, begin, change, handle_of, keys_of_candidates


def sheet(app, **values) -> dict[str, str]:
    """A form that is filled in."""
    today = clock.now().date()
    return {
        "title": "Treasurer",
        "role": "Keeps the *money*.",
        "term_from": today.isoformat(),
        "term_to": (today + timedelta(days=300)).isoformat(),
        "officer": f"http://localhost/members/{handle_of(app, Cast.bob)}",
        "opens_at": (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT12:00"),
        "closes_at": (clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT12:00"),
        "zone": "Asia/Vientiane",
        "joined_by": today.isoformat(),
        "quorum": "25",
        "once": "abcdefghjk",
    } | values


def test_an_organiser_calls_one_and_sending_it_twice_makes_one(app, cast, browse, read):
    alice, path = browse(cast.alice), f"/groups/{cast.group}/elections/new"
    assert "Election officer" in alice.get(path).text
    answers = [alice.post(path, sheet(app)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    [(made,)] = read(sa.select(Election))
    assert (made.title, made.quorum, made.state) == ("Treasurer", 25, ElectionState.ANNOUNCED)
    assert made.wall_opens.hour == 12
    assert made.opens_at.hour == 5  # Vientiane is seven hours ahead
    page = alice.get(answers[0].location).text
    assert "Treasurer" in page
    assert "<em>money</em>" in page
    assert "12:00 (Vientiane)" in page
    assert "Treasurer" in browse(cast.bob).get(f"/groups/{cast.group}/elections").text
    letters = [job.payload for (job,) in read(sa.select(Job).where(Job.kind == "mail"))]
    assert [letter["template"] for letter in letters] == ["elections/officer"]
    assert read(sa.select(AuditLine.action).where(AuditLine.action == "election.call")) == [("election.call",)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"officer": "nobody-here"}, "officer"),
        ({"term_from": "2027-05-01", "term_to": "2027-04-01"}, "term_to"),
        ({"term_from": "2020-01-01", "term_to": "2020-12-31"}, "term_to"),
        ({"term_to": "not a day"}, "term_to"),
        ({"opens_at": "2020-01-01T12:00"}, "opens_at"),
        ({"opens_at": "2031-02-30T12:00"}, "opens_at"),
        ({"opens_at": "2031-03-30T02:30", "closes_at": "2031-04-02T12:00", "zone": "Europe/Berlin"}, "opens_at"),
        ({"opens_at": "2031-05-02T12:00", "closes_at": "2031-05-01T12:00"}, "closes_at"),
        ({"opens_at": "2031-05-02T12:00", "closes_at": "2031-05-02T12:10"}, "closes_at"),
        ({"opens_at": "2031-05-02T12:00", "closes_at": "2031-12-02T12:00"}, "closes_at"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"quorum": "101"}, "quorum"),
        ({"quorum": "-1"}, "quorum"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(app, cast, browse, read, values, field):
    answer = browse(cast.alice).send(f"/api/v1/groups/{cast.group}/elections", sheet(app, **values))
    assert answer.status_code == 422, answer.text
    fields = answer.get_json().get("fields", {})
    assert field in fields
    assert read(sa.select(Election.id)) == []


def test_a_day_of_the_roll_after_the_opening_is_refused(app, cast, browse):
    late = (clock.now().date() + timedelta(days=30)).isoformat()
    answer = browse(cast.alice).post(f"/groups/{cast.group}/elections/new", sheet(app, joined_by=late))
    assert answer.status_code == 422
    assert "Choose a day before voting begins." in answer.text


def test_where_clocks_go_back_the_page_asks_which_is_meant(app, cast, browse, read):
    autumn = {"opens_at": "2031-10-26T02:30", "closes_at": "2031-10-29T12:00", "zone": "Europe/Berlin"}
    alice, path = browse(cast.alice), f"/groups/{cast.group}/elections/new"
    answer = alice.post(path, sheet(app, **autumn))
    assert answer.status_code == 422
    assert 'name="fold"' in answer.text
    assert alice.post(path, sheet(app, **autumn, fold="second")).status_code == 303
    [(opens_at,)] = read(sa.select(Election.opens_at))
    assert opens_at.hour == 1


def test_members_stand_and_name_others_who_say_yes_or_no(app, cast, browse, election, read):
    flo, dan = browse(FLO), browse(DAN)
    assert flo.post(f"/elections/{election}/name", {"handle": handle_of(app, Cast.alice)}).status_code == 303
    assert "Has not answered yet" in flo.get(f"/elections/{election}").text
    assert "Has not answered yet" not in dan.get(f"/elections/{election}").text
    alice = browse(cast.alice)
    assert "somebody would like you to stand" in alice.get(f"/elections/{election}").text
    form = {"name": "Alice P.", "statement": "I **listen**."}
    assert alice.post(f"/elections/{election}/stand", form).status_code == 303
    page = dan.get(f"/elections/{election}").text
    assert "Alice P." in page
    assert "<strong>listen</strong>" in page
    assert dan.post(f"/elections/{election}/withdraw").status_code == 303
    assert "Dan Diaz" not in flo.get(f"/elections/{election}").text
    states = dict(read(sa.select(Candidate.name, Candidate.state)))
    assert states == {
        "Dan Diaz": CandidateState.WITHDRAWN, "Eve Ezra": CandidateState.STANDING, "Alice P.": CandidateState.STANDING,
    }  # fmt: skip


@pytest.mark.parametrize("handle", ["nobody", "", "x" * 199])
def test_nobody_is_named_who_is_not_there(app, cast, browse, election, handle):
    answer = browse(FLO).send(f"/api/v1/elections/{election}/name", {"handle": handle})
    assert answer.status_code == 422
    assert "handle" in answer.get_json()["fields"]


def test_outsiders_and_the_officer_cannot_be_named(app, cast, browse, election, read):
    for email in (Cast.carol, Cast.mallory, Cast.bob):
        answer = browse(FLO).send(f"/api/v1/elections/{election}/name", {"handle": handle_of(app, email)})
        assert answer.status_code == 422, email
    assert len(read(sa.select(Candidate.id))) == 2


def test_whoever_conducts_it_does_not_stand(app, cast, browse, election):
    bob = browse(cast.bob)
    assert bob.post(f"/elections/{election}/stand", {"name": "Bob"}).status_code == 403
    assert bob.send(f"/api/v1/elections/{election}/name", {"handle": handle_of(app, FLO)}).status_code == 403
    answer = browse(cast.alice).post(f"/elections/{election}/officer", {"officer": handle_of(app, DAN)})
    assert answer.status_code == 422
    another = {"officer": handle_of(app, FLO)}
    assert browse(cast.alice).post(f"/elections/{election}/officer", another).status_code == 303
    assert browse(FLO).get(f"/elections/{election}/cancel").status_code == 200
    assert bob.get(f"/elections/{election}/cancel").status_code == 403


def test_the_officer_strikes_moves_and_calls_off_with_a_reason(app, cast, browse, election, read):
    bob, eve = browse(cast.bob), browse(EVE)
    key = keys_of_candidates(app, election)["eve"]
    path = f"/elections/{election}/candidates/{key}/strike"
    assert bob.post(path, {"reason": ""}).status_code == 422
    assert bob.post(path, {"reason": "Joined too late."}).status_code == 303
    assert "Joined too late." in eve.get(f"/elections/{election}").text
    assert eve.post(f"/elections/{election}/stand", {"name": "Eve"}).status_code == 409
    moments = {"opens_at": "2031-05-02T12:00", "closes_at": "2031-05-09T12:00", "zone": "Asia/Tokyo"}
    assert bob.post(f"/elections/{election}/move", moments).status_code == 303
    [(zone, opens_at)] = read(sa.select(Election.zone, Election.opens_at))
    assert (zone, opens_at.hour) == ("Asia/Tokyo", 3)
    assert bob.post(f"/elections/{election}/cancel", {"reason": "The charter changes first."}).status_code == 303
    assert "The charter changes first." in browse(FLO).get(f"/elections/{election}").text
    assert bob.post(f"/elections/{election}/cancel", {"reason": "Again."}).status_code == 409
    deeds = {action for (action,) in read(sa.select(AuditLine.action))}
    assert {"election.strike", "election.move", "election.cancel"} <= deeds


def test_nobody_stands_once_voting_begins(app, cast, browse, election):
    change(app, election, opens_at=clock.now() - timedelta(seconds=1))  # before the worker has looked
    assert browse(FLO).post(f"/elections/{election}/stand", {"name": "Flo"}).status_code == 409
    begin(app, election)
    assert browse(FLO).post(f"/elections/{election}/stand", {"name": "Flo"}).status_code == 409
    assert browse(DAN).post(f"/elections/{election}/withdraw").status_code == 409


def test_who_is_refused(app, cast, browse, election):
    call, page = f"/groups/{cast.group}/elections/new", f"/elections/{election}"
    assert browse("").get(page).status_code == 303
    for who in (cast.carol, cast.nia, cast.mallory, cast.otto, cast.mona):
        assert browse(who).get(page).status_code == 404, who
        assert browse(who).get(f"{page}/vote").status_code == 404, who
        assert browse(who).get(f"/groups/{cast.group}/elections").status_code == 403, who
        assert browse(who).get(call).status_code == 403, who
        assert browse(who).post(f"{page}/stand", {"name": "X"}).status_code == 404, who
    assert browse(cast.sue).get(page).status_code == 403
    for who in (cast.bob, FLO):
        assert browse(who).get(call).status_code == 403
        assert browse(who).post(f"{page}/appoint").status_code == 403
        assert browse(who).get(f"{page}/decide").status_code == 403
    assert browse(FLO).get(f"{page}/cancel").status_code == 403
    assert browse(cast.alice).get(f"{page}/cancel").status_code == 403  # who organises does not conduct
    assert browse(cast.alice).get(f"{page}/move").status_code == 403
    assert browse(FLO).post(f"{page}/withdraw").status_code == 404  # has no place on the list
