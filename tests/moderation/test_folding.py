"""Several reports of one thing are one case, and enough of them hide it until somebody looks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.moderation.models import Decision, Report, ReportReason, ReportState
from tests.cast import Cast

THREE = (Cast.bob, Cast.carol, Cast.nia)


@pytest.fixture
def settled(app, cast):
    """Everybody's account is older than a week."""
    with app.app_context():
        db.session.execute(sa.update(Account).values(created_at=clock.now() - timedelta(days=30)))
        db.session.commit()


def test_several_reports_are_one_case(cast, browse, read, event, make_report, letters, stands):
    keys = [make_report(who, event=event) for who in THREE]
    mona = browse(cast.mona)
    queue = mona.get("/moderation").text
    assert "and 2 more people" in queue
    assert [item["key"] for item in mona.get("/api/v1/reports").json["items"]] == keys[:1]
    assert mona.get("/api/v1/reports").json["items"][0]["reporters"] == 3
    assert mona.get(f"/moderation/{keys[2]}").text.count("Look at this.") == 3
    assert mona.send(f"/api/v1/reports/{keys[1]}/take").json["key"] == keys[0]
    mona.send(f"/api/v1/reports/{keys[1]}/decide", {"decision": "warned", "reason": "Fake."})
    assert [stands(key).state for key in keys] == ["decided"] * 3
    told = [(name, to) for name, to, _facts in letters()]
    assert told == [("warned", cast.alice), *(("decided", who) for who in THREE)]
    assert len(mona.get("/api/v1/reports?state=decided").json["items"]) == 1
    assert make_report(cast.bob, event=event) not in keys  # a new case
    assert read(sa.select(sa.func.count()).where(Report.first_id.is_(None))) == [(2,)]


def test_whoever_reported_it_too_does_not_decide(cast, browse, event, make_report):
    key = make_report(cast.bob, event=event)
    make_report(cast.mona, event=event)
    assert browse(cast.mona).post(f"/moderation/{key}/take").status_code == 403


def test_three_independent_reports_hide_it_until_somebody_looks(
    cast, browse, read, settled, event, make_report, hidden, letters
):
    keys = [make_report(who, event=event) for who in THREE[:2]]
    assert not hidden(event)
    make_report(THREE[2], event=event)
    assert hidden(event)
    mona = browse(cast.mona)
    assert "Hidden meanwhile" in mona.get("/moderation").text
    assert "Hidden meanwhile" in mona.get(f"/moderation/{keys[0]}").text
    mona.post(f"/moderation/{keys[0]}/take")
    mona.post(f"/moderation/{keys[0]}/decide", {"decision": "none", "days": "7", "reason": "It is true."})
    assert not hidden(event)
    told = [(name, to) for name, to, _facts in letters()]
    assert told == [
        ("held", cast.alice),
        ("climbed", cast.mona),
        ("restored", cast.alice),
        *(("decided", who) for who in THREE),
    ]
    acts = [row.action for row in read(sa.select(AuditLine.action).order_by(AuditLine.id))]
    assert acts == ["event.hide", "report.hold", "report.take", "report.decide", "event.restore"]


def test_young_accounts_hide_nothing(cast, event, make_report, hidden):
    for who in THREE:
        make_report(who, event=event)
    assert not hidden(event)


def test_those_whose_reports_are_refused_again_and_again_hide_nothing(app, cast, settled, event, make_report, hidden):
    with app.app_context():
        bob = db.session.scalar(sa.select(Account.id).where(Account.email == cast.bob))
        facts = {"reporter_id": bob, "reason": ReportReason.SPAM, "snapshot": {"kind": "post", "author": ""}}
        closed = {"state": ReportState.DECIDED, "decision": Decision.NONE, "decided_at": clock.now()}
        db.session.add_all([Report(**facts, **closed) for _ in range(3)])
        db.session.commit()
    for who in THREE:
        make_report(who, event=event)
    assert not hidden(event)
    make_report(cast.otto, event=event)
    assert hidden(event)


def test_people_and_groups_are_not_hidden_by_numbers(cast, browse, read, settled, handle, make_report):
    for who in (cast.alice, cast.carol, cast.mona):
        make_report(who, member=handle(cast.bob))
        make_report(who, group=cast.group)
    assert read(sa.select(Report.id).where(Report.held_at.is_not(None))) == []
    assert browse(cast.carol).get(f"/members/{handle(cast.bob)}").status_code == 200


def test_a_group_is_reported_and_left_as_it_is(cast, browse, make_report, letters):
    carol = browse(cast.carol)
    assert "Report a group" in carol.get(f"/report?group={cast.group}").text
    assert f"/report?group={cast.group}" in carol.get(f"/groups/{cast.group}").text
    key = make_report(cast.carol, group=cast.group)
    mona = browse(cast.mona)
    mona.post(f"/moderation/{key}/take")
    page = mona.get(f"/moderation/{key}").text
    assert "Report of a group" in page
    assert 'value="none"' in page
    assert 'value="hidden"' not in page
    hide = {"decision": "hidden", "reason": "x"}
    assert mona.send(f"/api/v1/reports/{key}/decide", hide).status_code == 422
    assert mona.send(f"/api/v1/reports/{key}/decide", hide | {"decision": "none"}).status_code == 200
    assert [(name, to) for name, to, _facts in letters()] == [("decided", cast.carol)]


def test_of_several_who_report_at_once_one_begins_the_case(alone):
    """Real connections, each in its own thread."""
    from concurrent.futures import ThreadPoolExecutor

    from tests.browser import Browser
    from tests.cast import make_cast

    with alone.app_context():
        cast = make_cast()
        db.session.execute(sa.update(Account).values(created_at=clock.now() - timedelta(days=30)))
        db.session.commit()
        db.session.remove()
    who = (cast.alice, cast.bob, cast.nia, cast.mona)
    browsers = [Browser(alone, email) for email in who]
    tokens = [browser.token() for browser in browsers]

    def report(browser, token):
        headers, body = {"X-CSRFToken": token}, {"group": cast.group, "reason": "spam"}
        return browser.client.post("/api/v1/reports", json=body, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(report, browsers, tokens)) == [201] * 4
    with alone.app_context():
        firsts = db.session.scalars(sa.select(Report.first_id)).all()
    assert len(firsts) == 4
    assert [first for first in firsts if first is None] == [None]
