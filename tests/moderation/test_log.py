"""The append-only log and its page."""

import pytest
import sqlalchemy as sa

from alumni.core import audit
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.viewer import GUEST
from tests.cast import viewer_of


@pytest.fixture
def lines(app, cast):
    """Sixty of Alice's, one of Sam's, one of the installation's."""
    with app.app_context():
        alice, sam = viewer_of(cast.alice), viewer_of(cast.sam)
        for number in range(60):
            audit.record(alice, "event.cancel", f"event:e{number}", reason="Rain.")
            db.session.flush()
        audit.record(sam, "account.admin", "account:abc", reason="Hand-over.", until="2027-01-01")
        db.session.flush()
        audit.record(GUEST, "account.unsuspend", "account:abc", reason="term over")
        db.session.commit()


@pytest.mark.parametrize("statement", ["UPDATE audit_lines SET reason = 'other'", "DELETE FROM audit_lines"])
def test_the_database_refuses_to_change_a_line(app, lines, read, statement):
    with app.app_context():
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            db.session.execute(sa.text(statement))
        db.session.rollback()
    assert len(read(sa.select(AuditLine).where(AuditLine.reason == "Rain."))) == 60


def test_newest_first_page_by_page(app, cast, browse, lines):
    mona = browse(cast.mona)
    page = mona.get("/moderation/log")
    assert page.status_code == 200
    assert page.text.index("account.unsuspend") < page.text.index("account.admin") < page.text.index("event:e59")
    assert "the installation" in page.text
    assert "Alice Phommasan" in page.text
    assert "event:e0<" not in page.text
    following = page.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = mona.get(following)
    assert "event:e0<" in rest.text
    assert "event:e59<" not in rest.text
    assert 'rel="next"' not in rest.text


def test_filters_by_who_what_and_to_what(app, cast, browse, lines):
    with app.app_context():
        alice = viewer_of(cast.alice).handle
    sam = browse(cast.sam)
    assert "account.admin" not in sam.get(f"/moderation/log?actor={alice}").text.split("<tbody>")[1]
    by_action = sam.get("/moderation/log?action=account.admin").text.split("<tbody>")[1]
    assert by_action.count("<tr>") == 1
    by_subject = sam.get("/moderation/log?subject=event:e7").text.split("<tbody>")[1]
    assert by_subject.count("<tr>") == 1
    assert "No entries" in sam.get("/moderation/log?actor=nobody").text
    assert "No entries" in sam.get(f"/moderation/log?actor={alice}&action=account.admin").text


@pytest.mark.parametrize("query", ["actor=a%00", "action=" + "x" * 65, "subject=%E2%80%AE", "after=zzz"])
def test_bad_filters_are_refused(cast, browse, query):
    assert browse(cast.mona).get(f"/moderation/log?{query}").status_code == 422
