"""Officers mark who has died and who is not to be written to; it holds for each entry of the person."""

import pytest
import sqlalchemy as sa

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.officers.models import Mandate
from alumni.programmes.models import Cohort
from alumni.rosters.models import EntryPair, RosterEntry, Verdict
from tests import builders
from tests.cast import Cast

OVER = {"starts_on": "2020-01-01", "ends_on": "2020-12-31"}


@pytest.fixture
def entries(app, cast):
    """Bounmy of Laos on two rosters, said to be one person, and Sok of Cambodia: their keys."""
    with app.app_context():
        cohorts = {cohort.slug: cohort for cohort in db.session.query(Cohort)}
        rows = [
            builders.make_entry(cohorts[cast.cohort], "VONGSA Bounmy"),
            builders.make_entry(cohorts[cast.other_cohort], "VONGSA Bounmy"),
            builders.make_entry(cohorts[cast.other_cohort], "SOK Dara", country="KH"),
        ]
        db.session.add(EntryPair(first_id=rows[0].id, second_id=rows[1].id, verdict=Verdict.SAME))
        builders.make_officer("late@example.org", country="LA", **OVER)
        db.session.commit()
        return [row.key for row in rows]


def marks(read, keys):
    found = dict(read(sa.select(RosterEntry.key, RosterEntry.mark)))
    return [found[key] for key in keys]


def test_marked_everywhere_and_cleared_again(cast, browse, read, entries):
    olga, path = browse(Cast.olga), f"/rosters/entries/{entries[0]}/mark"
    assert "Has died" in olga.get(path).text
    answer = olga.post(path, {"mark": "do_not_contact", "reason": "Told us by letter"})
    assert answer.location == f"/rosters/entries/{entries[0]}"
    assert marks(read, entries) == ["do_not_contact", "do_not_contact", None]
    assert "Do not contact" in olga.get(f"/rosters/entries/{entries[1]}").text
    assert olga.post(path, {"mark": "do_not_contact", "reason": "again"}).status_code == 409
    assert olga.post(path, {"mark": "none", "reason": "A mistake"}).status_code == 303
    assert marks(read, entries) == [None, None, None]
    assert olga.post(path, {"mark": "none", "reason": "again"}).status_code == 409
    lines = read(sa.select(AuditLine.action, AuditLine.reason).where(AuditLine.action.startswith("entry.")))
    assert lines == [("entry.mark", "Told us by letter"), ("entry.unmark", "A mistake")]


def test_as_json_and_by_whoever_acts_for_the_country(cast, browse, read, entries):
    sent = {"mark": "deceased", "reason": "The family wrote"}
    answer = browse(Cast.otto).send(f"/api/v1/rosters/entries/{entries[2]}/mark", sent)
    assert (answer.status_code, answer.json) == (200, {"key": entries[2], "mark": "deceased"})


@pytest.mark.parametrize(("field", "value"), [("mark", "lost"), ("mark", ""), ("reason", " ")])
def test_bad_input(cast, browse, read, entries, field, value):
    sent = {"mark": "deceased", "reason": "x", field: value}
    page = browse(Cast.olga).post(f"/rosters/entries/{entries[0]}/mark", sent)
    assert (page.status_code, f'href="#{field}' in page.text) == (422, True)
    problem = browse(Cast.olga).send(f"/api/v1/rosters/entries/{entries[0]}/mark", sent)
    assert (problem.status_code, set(problem.json["fields"])) == (422, {field})
    assert marks(read, entries) == [None, None, None]


def test_nobody_else(cast, browse, read, entries):
    sent, paths = {"mark": "deceased", "reason": "x"}, [f"rosters/entries/{key}/mark" for key in entries[:2]]
    assert read(sa.select(sa.func.count()).select_from(Mandate)) == [(3,)]
    expected = dict.fromkeys(Cast.everybody, 403) | {Cast.otto: 404, Cast.guest: 401}
    for email in [*(set(Cast.everybody) - {Cast.olga, Cast.sam}), "late@example.org"]:
        browser, status = browse(email), expected.get(email, 403)
        for path in paths:
            page = 303 if email == Cast.guest else status
            assert browser.get(f"/{path}").status_code == page, email
            assert browser.post(f"/{path}", sent).status_code == page, email
            assert browser.send(f"/api/v1/{path}", sent).status_code == status, email
    assert marks(read, entries) == [None, None, None]
