"""How letters and other jobs go, seen by administrators: why they fail, once more, and nothing of what they say."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.core import clock, jobs, mail
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job, JobState
from tests.cast import Cast


@pytest.fixture
def refused(app, postbox, bob):
    postbox.receiver = "550 bob@example.org is unknown here"
    with app.app_context():
        mail.post("posts/hidden", to=bob.id, group="Club", body="a secret", reason="It names a child.")
        db.session.commit()
        assert worker.run_due() == 0
        db.session.remove()
    postbox.receiver = "250 OK"


def test_why_it_failed_and_once_more(app, read, browse, postbox, refused):
    sam = browse(Cast.sam)
    page = sam.get("/admin/mail").text
    assert "posts/hidden" in page
    assert "550" in page
    for secret in ("bob@", "a secret", "child", "Club"):
        assert secret not in page, secret
    [token] = {part.partition("/again")[0] for part in page.split("/admin/mail/")[1:]}
    for email, status in ((Cast.bob, 403), (Cast.mona, 403), (Cast.sue, 403), (Cast.olga, 403), (Cast.guest, 303)):
        assert browse(email).get("/admin/mail").status_code == status, email
        assert browse(email).post(f"/admin/mail/{token}/again").status_code == status, email
    assert sam.post(f"/admin/mail/x{token}/again").status_code == 404
    assert sam.post(f"/admin/mail/{token}/again").status_code == 303
    with app.app_context():
        assert worker.run_due() == 1
    assert [letter["Subject"] for letter in postbox.letters] == ["Your post was hidden: Club"]
    assert read(sa.select(Job.state, Job.payload)) == [(JobState.DONE, {})]
    assert len(read(sa.select(AuditLine.id).where(AuditLine.action == "job.again"))) == 1
    assert "Nothing has failed." in sam.get("/admin/mail").text


def test_what_was_given_up_is_forgotten_after_a_month(app, read, refused):
    for days, left in ((29, 1), (31, 0)):
        with app.app_context():
            jobs.forget_given_up(clock.now() + days * (jobs.KEEP_GIVEN_UP / 30))
            db.session.commit()
        assert len(read(sa.select(Job.id))) == left


def test_a_server_that_is_away_is_seen_as_failing(app, browse, bob, monkeypatch):
    with app.app_context():
        monkeypatch.setitem(app.config, "ALUMNI", replace(app.config["ALUMNI"], mail_url="smtp://127.0.0.1:1"))
        mail.post("accounts/password_changed", to=bob.id)
        db.session.commit()
        worker.run_due()
    page = browse(Cast.sam).get("/admin/mail").text
    assert "Failed, tried again" in page
    assert "ConnectionRefusedError" in page
