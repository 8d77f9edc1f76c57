"""Organisers look first, what nobody looks at climbs, people at risk, the log of a tree, and the numbers."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.moderation.models import Appeal, AppealState, Decision, Report, ReportReason, ReportState
from tests.cast import Cast

WHY = {"reason": "It sells watches."}


def reports_of(cast):
    return f"/groups/{cast.group}/reports"


def test_organisers_see_what_is_reported_and_not_by_whom(cast, browse, post, make_report):
    key = make_report(cast.carol, group=cast.group), make_report(cast.alice, post=post)
    alice = browse(cast.alice)
    page = alice.get(reports_of(cast))
    assert page.status_code == 200
    assert f"{reports_of(cast)}/{key[1]}/hide" in page.text
    assert key[0] not in page.text  # a report of the group itself is not theirs
    assert "Look at this." not in page.text
    assert alice.get(f"/moderation/{key[1]}").status_code == 404
    assert reports_of(cast) in alice.get(f"/groups/{cast.group}").text


def test_an_organiser_hides_until_a_moderator_looks(cast, browse, post, make_report, hidden, letters, stands):
    key = make_report(cast.sam, post=post)
    alice, mona = browse(cast.alice), browse(cast.mona)
    path = f"{reports_of(cast)}/{key}/hide"
    assert alice.get(path).status_code == 200
    assert alice.post(path, {"reason": ""}).status_code == 422
    assert not hidden(post)
    assert alice.post(path, WHY).status_code == 303
    assert hidden(post)
    assert stands(key).rung == "moderators"
    assert [(name, to) for name, to, _facts in letters()] == [("held", cast.bob), ("climbed", cast.mona)]
    assert "Hidden meanwhile" in alice.get(reports_of(cast)).text
    mona.post(f"/moderation/{key}/take")
    assert alice.post(path, WHY).status_code == 409
    for act in ("take", "decide", "restore", "lift"):
        assert alice.post(f"/moderation/{key}/{act}", {**WHY, "decision": "none"}).status_code == 404
    mona.send(f"/api/v1/reports/{key}/decide", {**WHY, "decision": "none"})
    assert not hidden(post)
    assert alice.get(path).status_code == 404


def test_nobody_looks_at_what_is_about_themselves(cast, browse, event, make_report, stands):
    key = make_report(cast.bob, event=event)  # Alice posted it, and nobody else organises the group
    assert stands(key).rung == "moderators"
    alice = browse(cast.alice)
    assert key not in alice.get(reports_of(cast)).text
    assert alice.post(f"{reports_of(cast)}/{key}/hide", WHY).status_code == 404


def test_what_nobody_looks_at_climbs(app, cast, browse, read, post, make_report, letters, stands, monkeypatch):
    key, start = make_report(cast.alice, post=post), clock.now()
    assert stands(key).rung == "organisers"

    def after(hours):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=hours, minutes=1))
        with app.app_context():
            worker.run_each_minute()
        return stands(key).rung

    assert after(47) == "organisers"
    assert after(48) == "moderators"
    assert after(49) == "moderators"
    assert "late since" not in browse(cast.mona).get("/moderation").text
    assert after(97) == "admins"
    assert after(200) == "admins"
    assert "late since" in browse(cast.sam).get("/moderation").text
    assert [(name, to) for name, to, _facts in letters()] == [("climbed", cast.mona), ("climbed", cast.sam)]
    lines = read(sa.select(AuditLine.actor_id, AuditLine.facts).where(AuditLine.action == "report.climb"))
    assert [(line.actor_id, line.facts["to"]) for line in lines] == [(0, "moderators"), (0, "admins")]


def test_what_somebody_has_in_hand_does_not_climb(app, cast, browse, post, make_report, stands, monkeypatch):
    key, start = make_report(cast.alice, post=post), clock.now()
    browse(cast.mona).post(f"/moderation/{key}/take")
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=9))
    with app.app_context():
        worker.run_each_minute()
    assert stands(key).rung == "organisers"


def test_a_person_in_danger_is_hidden_with_one_act(cast, browse, read, handle, letters):
    whom, mona, carol = handle(cast.bob), browse(cast.mona), browse(cast.carol)
    assert "hide them now" in mona.get(f"/members/{whom}").text
    assert "hide them now" not in carol.get(f"/members/{whom}").text
    assert mona.post("/moderation/people", {"handle": ""}).status_code == 422
    assert mona.post("/moderation/people", {"handle": "nobody"}).status_code == 404
    assert mona.post("/moderation/people", {"handle": whom}).status_code == 303
    assert carol.get(f"/members/{whom}").status_code == 404
    assert "Bounmy" in mona.get("/moderation/people").text or "ບຸນມີ" in mona.get("/moderation/people").text
    assert mona.post(f"/moderation/people/{whom}/show").status_code == 303
    assert carol.get(f"/members/{whom}").status_code == 200
    assert letters() == []
    lines = read(sa.select(AuditLine.action).where(AuditLine.subject == f"account:{whom}").order_by(AuditLine.id))
    assert [line.action for line in lines] == ["member.hide", "member.show"]


def test_the_log_of_a_group_holds_its_tree_and_nothing_else(cast, browse, post, event, make_report):
    alice = browse(cast.alice)
    path = f"/groups/{cast.group}/log"
    assert "No entries" in alice.get(path).text
    key = make_report(cast.sam, post=post)
    alice.post(f"{reports_of(cast)}/{key}/hide", WHY)
    page = alice.get(path).text
    assert "post.hide" in page
    assert f"post:{post}" in page
    assert "report.hold" not in page  # the case belongs to moderators
    assert f"post:{post}" not in browse(cast.sam).get(f"/groups/{cast.other_group}/log").text


@pytest.mark.parametrize("who", ["bob", "carol", "mallory", "nia", "sue", "olga", "otto", "mona", "guest"])
def test_for_everybody_else_it_is_refused(cast, browse, post, make_report, handle, hidden, who):
    key, browser = make_report(cast.alice, post=post), browse(getattr(Cast, who))
    expected = 303 if who == "guest" else 403
    assert browser.get(reports_of(cast)).status_code == expected
    assert browser.get(f"/groups/{cast.group}/log").status_code == expected
    assert browser.post(f"{reports_of(cast)}/{key}/hide", WHY).status_code == expected
    assert not hidden(post)
    if who != "mona":
        assert browser.get("/moderation/people").status_code == expected
        assert browser.post("/moderation/people", {"handle": handle(Cast.alice)}).status_code == expected
        assert browser.post(f"/moderation/people/{handle(Cast.alice)}/show").status_code == expected


def test_everybody_reads_the_numbers_of_a_quarter_that_is_over(app, cast, browse):
    then = datetime(2026, 5, 4, tzinfo=UTC)
    with app.app_context():
        facts = {"reason": ReportReason.SPAM, "snapshot": {"kind": "post", "author": ""}, "created_at": then}
        closed = {"state": ReportState.DECIDED, "decided_at": then}
        made = [Report(**facts, **closed, decision=Decision.NONE) for _ in range(6)]
        made += [Report(**facts, **closed, decision=Decision.HIDDEN) for _ in range(4)]
        db.session.add_all(made)
        db.session.add(Report(**facts | {"created_at": clock.now()}))
        db.session.flush()
        appeal = {"words": "No.", "state": AppealState.REVERSED, "created_at": then, "decided_at": then}
        db.session.add_all([Appeal(report_id=report.id, **appeal) for report in made[:5]])
        db.session.commit()
    page = browse("").get("/moderation/figures")
    assert page.status_code == 200
    [row] = page.text.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert "Quarter 2 of 2026" in row
    cells = [cell.split("</td>")[0].split(">")[1] for cell in row.split("<td")[1:]]
    assert cells == ["10", "6", "under 5", "under 5", "under 5", "under 5", "5", "5"]
