"""The log of rosters and claims is for admins, and nobody reads there what was said of the own claim."""

import pytest

from alumni.core.audit import record
from alumni.core.db import db
from tests import builders
from tests.cast import Cast, viewer_of

ACTIONS = ("roster.look", "entry.mark", "invitation.decline", "case.attach", "vouch.answer", "participation.decline")


@pytest.fixture
def lines(app, cast):
    with app.app_context():
        for action in ACTIONS:
            record(viewer_of(Cast.bob), action, "participation:somebodys", reason=f"Why {action}")
        record(viewer_of(Cast.bob), "group.remove", "group:one", reason="Why removed")
        db.session.commit()


def test_moderators_read_what_they_moderate(cast, browse, lines):
    page, of_all = browse(Cast.mona).get("/moderation/log").text, browse(Cast.sam).get("/moderation/log").text
    assert "Why removed" in page
    for action in ACTIONS:
        assert f"Why {action}" in of_all
        assert f"Why {action}" not in page
        assert f"Why {action}" not in browse(Cast.mona).get(f"/moderation/log?action={action}").text
    for email in (Cast.bob, Cast.olga, Cast.alice):
        assert browse(email).get("/moderation/log").status_code == 403


def test_nobody_reads_there_who_spoke_of_the_own_claim(app, cast, browse):
    sam = browse(Cast.sam)
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, "name_as_printed": "Sam"}
    key = sam.send("/api/v1/participations", claim).json["key"]
    sam.post(f"/claims/{key}/vouchers")
    question = browse(Cast.bob).get("/api/v1/vouches").json["items"][0]["key"]
    browse(Cast.bob).send(f"/api/v1/vouches/{question}/answer", {"answer": "no"})
    with app.app_context():
        admin = {"staff_role": "admin"}
        builders.make_member("Other Admin", email="other-admin@example.org", account=admin)
        db.session.commit()
    query = f"/moderation/log?subject=participation:{key}"
    assert "vouch.answer" in browse("other-admin@example.org").get(query).text
    page = sam.get(query).text
    assert "Bounmy" not in page
    assert "vouch.answer" not in page
