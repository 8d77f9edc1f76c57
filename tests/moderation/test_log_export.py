"""The log as a file: what the reader may read of it, and a line that says who took it along."""

import csv
import io
import json

import pytest
import sqlalchemy as sa

from alumni.core.audit import AuditLine, come_from, record
from alumni.core.db import db
from alumni.core.viewer import INSTALLATION
from alumni.moderation import queries
from tests.cast import Cast, viewer_of


@pytest.fixture
def lines(app, cast):
    with app.app_context():
        come_from("192.0.2.0")
        record(viewer_of(Cast.alice), "event.cancel", "event:one", reason="=HYPERLINK(1)", people=3)
        come_from("")
        db.session.flush()
        record(INSTALLATION, "roster.look", "cohort:one", reason="Of the desk")
        db.session.commit()


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_an_admin_takes_all_of_it_along(app, cast, browse, lines, read):
    headings, desk, cancelled = table(browse(Cast.sam).get("/moderation/log.csv"))
    assert headings == ["ID", "When", "Who", "Action", "To what", "Why", "Details", "From where"]
    with app.app_context():
        alice = viewer_of(Cast.alice).handle
    assert cancelled[2:] == [alice, "event.cancel", "event:one", "'=HYPERLINK(1)", '{"people": 3}', "192.0.2.0"]
    assert cancelled[1].endswith("+00:00")
    assert desk[2:4] == ["installation", "roster.look"]
    [line] = read(sa.select(AuditLine).where(AuditLine.action == "log.export"))
    assert line.AuditLine.facts == {"rows": 2}


def test_a_moderator_takes_along_what_moderators_read(cast, browse, lines, read):
    mona = browse(Cast.mona)
    [_headings, cancelled] = table(mona.get("/moderation/log.csv?action=event.cancel"))
    assert (cancelled[3], cancelled[7]) == ("event.cancel", "")  # where somebody was is for admins
    assert "192.0.2.0" not in mona.get("/moderation/log").text
    assert "192.0.2.0" in browse(Cast.sam).get("/moderation/log").text
    [(facts,)] = read(sa.select(AuditLine.facts).where(AuditLine.action == "log.export"))
    assert json.loads(json.dumps(facts)) == {"rows": 1, "narrowed": {"action": "event.cancel"}}
    assert [row[3] for row in table(mona.get("/moderation/log.csv"))[1:]] == ["log.export", "event.cancel"]


def test_a_long_log_is_taken_along_in_parts(cast, browse, lines, monkeypatch):
    sam = browse(Cast.sam)
    page = sam.get("/moderation/log").text
    assert 'href="/moderation/log.csv"' in page
    monkeypatch.setattr(queries, "MOST_LINES", 1)
    assert len(table(sam.get("/moderation/log.csv"))) == 2


def test_bad_filters_and_everybody_else(cast, browse, lines, read):
    assert browse(Cast.sam).get("/moderation/log.csv?action=" + "x" * 65).status_code == 422
    for email in set(Cast.everybody) - {Cast.mona, Cast.sam}:
        status = browse(email).get("/moderation/log.csv").status_code
        assert status == (403 if email else 303), email
    assert read(sa.select(AuditLine.id).where(AuditLine.action == "log.export")) == []
