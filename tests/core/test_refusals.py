"""Every refusal stands in the log once, with who, what, where from and why, and nobody fills the disk with them."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.web.refusals import asked_for
from tests.browser import Browser
from tests.cast import Cast, make_cast, viewer_of

REFUSALS = (
    sa.select(AuditLine.actor_id, AuditLine.subject, AuditLine.reason, AuditLine.facts, AuditLine.network)
    .where(AuditLine.action == "access.refuse")
    .order_by(AuditLine.id)
)


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """The clock stands, so that no test runs over the end of a minute."""
    now = clock.now().replace(second=10)
    monkeypatch.setattr(clock, "now", lambda: now)
    return lambda **later: monkeypatch.setattr(clock, "now", lambda: now + timedelta(**later))


def test_who_what_where_from_and_why(app, cast, browse, read):
    bob = browse(Cast.bob)
    answer = bob.get("/moderation/log?actor=secret", environ_base={"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"})
    assert answer.status_code == 403
    [line] = read(REFUSALS)
    with app.app_context():
        assert line.actor_id == viewer_of(Cast.bob).id
    assert (line.subject, line.reason, line.network) == ("path:/moderation/log", "moderator", "2001:db8:1:2")
    assert line.facts == {"endpoint": "moderation.log", "method": "GET"}


def test_once_a_minute_for_each_account_and_endpoint(app, cast, browse, read, one_minute):
    bob = browse(Cast.bob)
    for number in range(3):
        assert bob.get(f"/moderation/log?actor=a{number}").status_code == 403
    assert len(read(REFUSALS)) == 1
    bob.get("/moderation")
    browse(Cast.alice).get("/moderation")
    assert len(read(REFUSALS)) == 3
    one_minute(minutes=1)
    bob.get("/moderation")
    assert len(read(REFUSALS)) == 4


def test_what_was_begun_is_taken_back_and_the_refusal_stays(app, cast, browse, read):
    bob = browse(Cast.bob)
    assert bob.post(f"/groups/{cast.group}/archive", {"reason": "Mine now."}).status_code == 403
    body = {"name": "X", "short": "X", "kind": "programme", "family": "jenesys", "year_from": 2026, "source": "x"}
    assert bob.send("/api/v1/programmes", body).status_code == 403
    lines = read(REFUSALS)
    assert [line.facts["method"] for line in lines] == ["POST", "POST"]
    assert len(read(sa.select(AuditLine.id))) == 2


def test_a_suspended_account_is_refused(app, cast, browse, read):
    assert browse(Cast.sue).get("/claims/new").status_code == 403
    [line] = read(REFUSALS)
    assert (line.subject, line.reason) == ("path:/claims/new", "account-suspended")


def test_what_opens_a_door_is_not_in_the_log(app):
    with app.test_request_context("/invited/somesecret/join?x=1"):
        assert asked_for() == "path:/invited/…/join"


def test_guests_and_what_is_not_there_are_no_refusals(app, cast, browse, read):
    assert browse("").get("/moderation").status_code == 303
    assert browse("").get("/api/v1/reports").status_code == 401
    for email in ("", Cast.bob):
        assert browse(email).get("/events/nothing").status_code == 404
    assert browse(Cast.bob).get("/nowhere").status_code == 404
    assert read(REFUSALS) == []


def test_where_an_act_came_from(app, cast, browse, read):
    alice, where = browse(Cast.alice), {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    answer = alice.send(f"/api/v1/groups/{cast.group}/archive", {"reason": "Done."}, method="PUT", **where)
    assert answer.status_code < 300
    [line] = read(sa.select(AuditLine.network))
    assert line.network == "192.0.2.7"
    with app.app_context():
        audit.record(viewer_of(Cast.sam), "account.admin", "account:x")  # not by a request
        db.session.commit()
    assert [row.network for row in read(sa.select(AuditLine.network).order_by(AuditLine.id))] == ["192.0.2.7", ""]


def test_a_log_that_is_away_still_refuses(app, cast, browse, read):
    bob = browse(Cast.bob)
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE audit_lines RENAME TO gone"))
        db.session.commit()
    answer = bob.get("/moderation/log")
    assert answer.status_code == 403
    assert "moderator" in answer.text


def test_many_at_once_are_one_line(alone):
    with alone.app_context():
        make_cast()
        db.session.remove()
    browsers = [Browser(alone, Cast.bob) for _ in range(4)]
    answers = []
    threads = [threading.Thread(target=lambda b=b: answers.append(b.get("/moderation").status_code)) for b in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [403] * 4
    with alone.app_context():
        assert len(db.session.execute(REFUSALS).all()) == 1


def test_everybody_who_may_not_read_the_log_is_in_it(app, cast, browse, read):
    """And only admins read who was refused."""
    refused = [email for email in Cast.everybody if email not in (Cast.mona, Cast.sam, Cast.guest)]
    for email in refused:
        for path in ("/moderation/log", "/moderation/log.csv"):
            assert browse(email).get(path).status_code == 403, (email, path)
    assert browse(Cast.guest).get("/moderation/log.csv").status_code == 303
    assert len(read(REFUSALS)) == 2 * len(refused)
    of_all = browse(Cast.sam).get("/moderation/log?action=access.refuse").text
    assert of_all.count("<tr>") == 1 + 2 * len(refused)
    assert "127.0.0.1" in of_all
    assert "access.refuse" not in browse(Cast.mona).get("/moderation/log").text.split("</form>")[-1]
