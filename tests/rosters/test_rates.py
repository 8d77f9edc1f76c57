"""How many have come back: of each roster, programme, country and year; a person counts once."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.claims.models import Case
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.members.models import Participation
from alumni.programmes.models import Cohort
from alumni.rosters.models import EntryMark, EntryPair, EntryState, Invitation, InvitationState, RosterEntry, Verdict
from tests import builders
from tests.cast import Cast

FIGURES = ("entries", "people", "reachable", "invited", "claimed", "verified", "active")
OVER = {"starts_on": "2020-01-01", "ends_on": "2020-12-31"}


@pytest.fixture
def rosters(app, cast):
    """Six entries of five people on two rosters of a programme, and one of another programme."""
    with app.app_context():
        cohorts = {cohort.slug: cohort for cohort in db.session.query(Cohort)}
        here, there = cohorts[cast.cohort], cohorts[cast.other_cohort]
        there.year = 2017
        places = {
            account.email: participation
            for account, participation in db.session.execute(
                sa.select(Account, Participation).join(Participation, Participation.account_id == Account.id)
            )
        }
        db.session.query(Account).filter_by(email=Cast.bob).one().signed_in_at = clock.now() - timedelta(days=89)
        db.session.query(Account).filter_by(email=Cast.alice).one().signed_in_at = clock.now() - timedelta(days=91)
        claimed = {"state": EntryState.CLAIMED}
        alice = builders.make_entry(here, "PHOMMASAN Alice", participation_id=places[Cast.alice].id, **claimed)
        builders.make_entry(here, "VONGSA Bounmy", participation_id=places[Cast.bob].id, email="b@x.example", **claimed)
        nia = builders.make_entry(here, "NEW Nia", email="nia@x.example")
        builders.add(Case(participation_id=places[Cast.nia].id, entry_id=nia.id))
        builders.make_entry(here, "GONE Somebody", email="gone@x.example", mark=EntryMark.DECEASED)
        again = builders.make_entry(there, "PHOMMASAN Alice", email="a@x.example")
        db.session.add(EntryPair(first_id=alice.id, second_id=again.id, verdict=Verdict.SAME))
        sok = builders.make_entry(there, "SOK Dara", country="KH", email="sok@x.example", state=EntryState.INVITED)
        now = clock.now()
        db.session.add(
            Invitation(entry_id=sok.id, digest=b"d" * 32, state=InvitationState.SENT, sent_at=now, expires_at=now)
        )
        abroad = builders.make_cohort(builders.make_programme("abe", name="ABE"), title="ABE 3", year=2016)
        builders.make_entry(abroad, "OTHER Person", country="KE")
        builders.make_officer("late@example.org", country="LA", **OVER)
        db.session.commit()


def figures(browser, asked=""):
    items = browser.get(f"/api/v1/rosters/rates?{asked}").json["items"]
    return [tuple(item[name] for name in FIGURES) for item in items]


def test_by_roster_programme_country_and_year(rosters, cast, browse):
    olga = browse(Cast.olga)
    here, there = (4, 4, 2, 0, 3, 2, 1), (2, 2, 2, 1, 0, 0, 0)
    assert figures(olga) == [there, here]  # the latest year first
    assert figures(olga, "by=year") == [there, here]
    assert figures(olga, "by=programme") == [(6, 5, 4, 1, 3, 2, 1)]  # Alice stands on both and counts once
    assert figures(olga, "by=country") == [(1, 1, 1, 1, 0, 0, 0), (5, 4, 3, 0, 3, 2, 1)]
    assert [item["slug"] for item in olga.get("/api/v1/rosters/rates?by=country").json["items"]] == ["KH", "LA"]


def test_chosen(rosters, cast, browse):
    olga, sam = browse(Cast.olga), browse(Cast.sam)
    assert figures(olga, "by=year&country=KH") == [(1, 1, 1, 1, 0, 0, 0)]
    assert figures(olga, "by=country&year=2016") == [(4, 4, 2, 0, 3, 2, 1)]
    assert figures(sam, "by=programme&programme=abe") == [(1, 1, 0, 0, 0, 0, 0)]
    assert len(figures(sam)) == 3
    assert figures(browse(Cast.otto), "by=programme") == [(1, 1, 1, 1, 0, 0, 0)]  # a mission sees its own country
    for wrong in ("by=hour", "year=x", "country=ZZ", "programme=nothing"):
        assert olga.get(f"/api/v1/rosters/rates?{wrong}").status_code == 422
        assert olga.get(f"/rosters/rates?{wrong}").status_code == 422
        assert olga.get(f"/rosters/rates.csv?{wrong}").status_code == 422


def test_pages_go_on_by_cursor(rosters, cast, browse):
    first = browse(Cast.sam).get("/api/v1/rosters/rates?limit=2").json
    assert len(first["items"]) == 2
    rest = browse(Cast.sam).get(f"/api/v1/rosters/rates?limit=2&after={first['next']}").json
    assert (len(rest["items"]), rest["next"]) == (1, None)


def test_the_page_and_the_file(rosters, cast, browse, read):
    olga = browse(Cast.olga)
    page = olga.get("/rosters/rates").text
    assert "JENESYS2016 16th Batch" in page
    assert "All of them together" in page
    assert "75%" in page  # three of four
    assert [item["claim_rate"] for item in olga.get("/api/v1/rosters/rates").json["items"]] == [0, 0.75]
    answer = olga.get("/rosters/rates.csv?by=country")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == [
        "Country",
        "Entries",
        "People",
        "Reachable",
        "Invited",
        "Claimed",
        "Verified",
        "Active",
        "Claim rate",
    ]
    assert rows[1] == ["Cambodia", "1", "1", "1", "1", "0", "0", "0", "0%"]
    [line] = read(sa.select(AuditLine.action, AuditLine.subject, AuditLine.facts))
    assert (line.action, line.subject, line.facts["rows"]) == ("roster.export", "rates", 2)
    assert "No roster" in olga.get("/rosters/rates?year=1999").text


def test_it_is_two_statements(rosters, app, cast, browse):
    """However many rosters there are."""
    olga, statements = browse(Cast.olga), []
    olga.get("/rosters/rates")

    def note(_connection, _cursor, statement, *_rest):
        if "roster_entries" in statement:
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        olga.get("/rosters/rates")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert engine is not None
    assert len(statements) == 2


def test_nobody_else(rosters, cast, browse, read):
    for email in [*(set(Cast.everybody) - {Cast.olga, Cast.otto, Cast.sam}), "late@example.org"]:
        status = 401 if email == Cast.guest else 403
        assert browse(email).get("/api/v1/rosters/rates").status_code == status, email
        for path in ("/rosters/rates", "/rosters/rates.csv"):
            assert browse(email).get(path).status_code == {401: 303}.get(status, status), email
    assert {row.action for row in read(sa.select(AuditLine.action))} == {"access.refuse"}
    assert read(sa.select(sa.func.count()).select_from(RosterEntry)) == [(7,)]
