"""The vote, the box, the count."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.elections.models import Ballot, Election, ElectionState, Outcome, RollEntry, Voted
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState
from tests import builders
from tests.cast import Cast, viewer_of
from tests.elections.conftest import DAN, EVE, FLO, begin, change, end, keys_of_candidates, member

RECEIPT = re.compile(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}")


def vote(browser, key, choice):
    return browser.send(f"/api/v1/elections/{key}/vote", {"choice": choice})


def test_the_roll_is_fixed_when_voting_begins(app, cast, browse, election, read):
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        late = builders.make_member("Late Comer", email="late@example.org")
        builders.join(late, group)
        tomorrow = clock.now() + timedelta(days=3)
        db.session.execute(
            sa.update(Membership).where(Membership.account_id == late.account_id).values(joined_at=tomorrow)
        )
        db.session.commit()
    assert vote(browse(FLO), election, "blank").status_code == 409  # not begun
    begin(app, election)
    [(count, state)] = read(sa.select(Election.roll_count, Election.state))
    assert (count, state) == (6, ElectionState.OPEN)  # Alice, Bob, Sue, Dan, Eve, Flo
    assert vote(browse("late@example.org"), election, "blank").status_code == 403
    templates = Counter(job.payload.get("template") for (job,) in read(sa.select(Job).where(Job.kind == "mail")))
    assert sum(templates.values()) == 5, templates  # everybody but Sue, who is suspended


def test_a_vote_a_receipt_a_count(app, cast, browse, election, read):
    begin(app, election)
    keys = keys_of_candidates(app, election)
    flo = browse(FLO)
    page = flo.get(f"/elections/{election}/vote").text
    assert "Dan Diaz" in page
    assert "A blank ballot" in page
    answer = flo.post(f"/elections/{election}/vote", {"choice": keys["dan"]})
    assert answer.status_code == 303
    page = flo.get(answer.location).text
    receipt = RECEIPT.search(page).group()
    assert "You have voted." in page
    assert receipt not in flo.get(f"/elections/{election}").text  # this once
    assert vote(browse(cast.alice), election, keys["dan"]).status_code == 201
    assert vote(browse(DAN), election, keys["eve"]).status_code == 201
    assert vote(browse(EVE), election, "blank").status_code == 201
    assert flo.get(f"/api/v1/elections/{election}/ballots").get_json()["items"] == []  # nothing before the count
    assert [c["votes"] for c in flo.get(f"/api/v1/elections/{election}").get_json()["candidates"]] == [None, None]

    end(app, election)
    shown = flo.get(f"/api/v1/elections/{election}").get_json()
    assert (shown["outcome"], shown["cast_count"], shown["blank_count"], shown["roll_count"]) == ("elected", 4, 1, 6)
    assert {c["name"]: (c["votes"], c["is_elected"]) for c in shown["candidates"]} == {
        "Dan Diaz": (2, True), "Eve Ezra": (1, False),
    }  # fmt: skip
    ballots = flo.get(f"/api/v1/elections/{election}/ballots").get_json()["items"]
    assert Counter(ballot["candidate"] for ballot in ballots) == {keys["dan"]: 2, keys["eve"]: 1, None: 1}
    digest = hashlib.sha256(f"{election}:{receipt.replace('-', '')}".encode()).hexdigest()
    assert {"receipt": digest, "candidate": keys["dan"]} in ballots
    found = flo.post(f"/elections/{election}/ballots", {"receipt": receipt.upper()})
    assert found.status_code == 200
    assert "Your ballot is in the count: <bdi>Dan Diaz</bdi>" in " ".join(found.text.split())
    assert flo.post(f"/elections/{election}/ballots", {"receipt": "abcd-abcd-abcd-abcd"}).status_code == 422
    table = flo.get(f"/elections/{election}/ballots.csv").text
    assert table.count("Dan Diaz") == 2
    assert "2 votes" in flo.get(f"/elections/{election}").text


def test_the_box_ties_no_ballot_to_a_voter(app, cast, browse, election, read):
    """Nothing stored about a ballot says who cast it, when, or after whom; and no log speaks of a vote."""
    begin(app, election)
    before = read(sa.select(sa.func.count()).select_from(AuditLine))
    receipts = [vote(browse(who), election, "blank").get_json()["receipt"] for who in (FLO, DAN, EVE, Cast.alice)]
    assert read(sa.select(sa.func.count()).select_from(AuditLine)) == before
    assert set(Ballot.__table__.columns.keys()) == {"id", "election_id", "candidate_id", "receipt"}
    assert set(Voted.__table__.columns.keys()) == {"election_id", "account_id"}
    stored = str(read(sa.select(*Ballot.__table__.columns)))
    assert not any(receipt in stored or receipt.replace("-", "") in stored for receipt in receipts)
    first = dict(read(sa.select(Ballot.receipt, Ballot.id)))
    end(app, election)
    after = dict(read(sa.select(Ballot.receipt, Ballot.id)))
    assert first.keys() == after.keys()
    assert not set(first.values()) & set(after.values())  # written anew
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        where = read(sa.text("SELECT receipt FROM election_ballots ORDER BY ctid").columns(receipt=sa.String))
        assert [row.receipt for row in where] == sorted(after)


def test_once_each_only_candidates_only_in_time(app, cast, browse, election, read):
    begin(app, election)
    keys, flo = keys_of_candidates(app, election), browse(FLO)
    for wrong in ("", "unknown", "x" * 10_000, cast.group, 7, None, {"a": 1}):
        assert vote(flo, election, wrong).status_code == 422, wrong
    assert flo.post(f"/elections/{election}/vote", {"choice": "unknown"}).status_code == 422
    assert flo.post(f"/elections/{election}/vote", {}).status_code == 422
    assert read(sa.select(Voted.account_id)) == []
    assert vote(flo, election, keys["dan"]).status_code == 201
    again = vote(flo, election, keys["eve"])
    assert (again.status_code, again.get_json()["type"]) == (409, "voted-already")
    change(app, election, closes_at=clock.now() - timedelta(seconds=1))  # before the worker has counted
    late = vote(browse(DAN), election, keys["eve"])
    assert (late.status_code, late.get_json()["type"]) == (409, "voting-closed")
    end(app, election)
    assert vote(browse(DAN), election, keys["eve"]).status_code == 409
    assert read(sa.select(sa.func.count()).select_from(Ballot)) == [(1,)]


def test_whoever_is_taken_out_meanwhile_still_votes(app, cast, browse, election):
    begin(app, election)
    with app.app_context():
        db.session.execute(
            sa.update(Membership)
            .where(Membership.account_id == member(FLO).account_id)
            .values(state=MembershipState.REMOVED, joined_at=None)
        )
        db.session.commit()
        db.session.remove()
    flo = browse(FLO)
    assert flo.get(f"/groups/{cast.group}/elections").status_code == 403
    assert flo.get(f"/elections/{election}").status_code == 200
    assert vote(flo, election, "blank").status_code == 201


@pytest.mark.parametrize(
    ("quorum", "votes", "outcome"),
    [
        (0, {}, Outcome.NO_VOTES),
        (0, {FLO: "blank"}, Outcome.NO_VOTES),
        (50, {FLO: "dan"}, Outcome.NO_QUORUM),
        (50, {FLO: "dan", DAN: "dan", EVE: "blank"}, Outcome.ELECTED),
        (0, {FLO: "dan", DAN: "eve"}, Outcome.TIED),
    ],
)
def test_every_end_is_said(app, cast, browse, election, read, quorum, votes, outcome):
    change(app, election, quorum=quorum)
    begin(app, election)
    keys = keys_of_candidates(app, election) | {"blank": "blank"}
    for who, choice in votes.items():
        assert vote(browse(who), election, keys[choice]).status_code == 201
    end(app, election)
    assert read(sa.select(Election.outcome)) == [(outcome,)]
    assert browse(FLO).get(f"/elections/{election}").status_code == 200


def test_without_candidates_there_is_no_vote(app, cast, browse, election, read):
    for who in (DAN, EVE):
        browse(who).post(f"/elections/{election}/withdraw")
    begin(app, election)
    assert read(sa.select(Election.outcome, Election.state)) == [(Outcome.NO_CANDIDATES, ElectionState.COUNTED)]
    assert "Nobody stood" in browse(FLO).get(f"/elections/{election}").text
    assert read(sa.select(RollEntry.account_id)) == []


def test_a_tie_is_decided_with_a_reason_or_held_again(app, cast, browse, election, read):
    begin(app, election)
    keys, alice = keys_of_candidates(app, election), browse(cast.alice)
    vote(browse(FLO), election, keys["dan"])
    vote(browse(DAN), election, keys["eve"])
    assert alice.post(f"/elections/{election}/decide", {"choice": keys["dan"], "reason": "Lot"}).status_code == 422
    end(app, election)
    page = f"/elections/{election}/decide"
    assert alice.post(page, {"choice": keys["dan"], "reason": ""}).status_code == 422
    assert alice.post(page, {"choice": "unknown", "reason": "By lot."}).status_code == 422
    assert browse(cast.bob).post(page, {"choice": keys["dan"], "reason": "By lot."}).status_code == 403
    assert alice.post(page, {"choice": keys["dan"], "reason": "By lot, before two witnesses."}).status_code == 303
    assert "By lot, before two witnesses." in browse(FLO).get(f"/elections/{election}").text
    assert alice.post(page, {"choice": keys["eve"], "reason": "Otherwise."}).status_code == 409
    again = alice.get(f"/groups/{cast.group}/elections/new?again={election}").text
    assert 'value="President"' in again


def test_the_result_becomes_an_appointment_once(app, cast, browse, election):
    begin(app, election)
    keys = keys_of_candidates(app, election)
    sam, alice = browse(cast.sam), browse(cast.alice)
    vote(browse(FLO), election, keys["dan"])
    assert sam.post(f"/elections/{election}/appoint").status_code == 409  # not counted
    end(app, election)
    assert alice.post(f"/elections/{election}/appoint").status_code == 403  # those above make organisers
    assert "Make them organiser for the term" in sam.get(f"/elections/{election}").text
    assert sam.post(f"/elections/{election}/appoint").status_code == 303
    assert sam.post(f"/elections/{election}/appoint").status_code == 409
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        assert groups_policy.can_organise(viewer_of(DAN), group.id)


def test_called_off_the_box_is_destroyed(app, cast, browse, election, read):
    begin(app, election)
    vote(browse(FLO), election, "blank")
    assert browse(cast.bob).post(f"/elections/{election}/cancel", {"reason": "A wrong list."}).status_code == 303
    assert read(sa.select(Ballot.id)) == []
    late = vote(browse(DAN), election, "blank")
    assert (late.status_code, late.get_json()["type"]) == (409, "voting-closed")
    end(app, election)
    assert read(sa.select(Election.state)) == [(ElectionState.CANCELLED,)]


def test_who_may_not_vote(app, cast, browse, election):
    begin(app, election)
    for who, status in (("", 401), (cast.carol, 404), (cast.mallory, 404), (cast.nia, 404), (cast.otto, 404)):
        assert vote(browse(who), election, "blank").status_code == status, who
    assert vote(browse(cast.sam), election, "blank").status_code == 403  # sees it, is not on the roll
    assert vote(browse(cast.sue), election, "blank").status_code == 403  # suspended
    assert vote(browse(cast.bob), election, "blank").status_code == 201  # who conducts it votes as anybody


def test_few_statements(app, cast, browse, election):
    seen: list[str] = []

    def note(*args):
        seen.append(args[2])

    begin(app, election)
    flo = browse(FLO)
    with app.app_context():
        engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        for path in (f"/elections/{election}", f"/groups/{cast.group}/elections", f"/elections/{election}/ballots"):
            flo.get(path)
            seen.clear()
            assert flo.get(path).status_code == 200
            assert len([s for s in seen if s.upper().startswith("SELECT")]) <= 6, (path, seen)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
