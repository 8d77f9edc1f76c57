"""Minutes in versions, open or not; resolutions, who signed for whom, and what became of them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.groups.models import Group
from alumni.meetings import policy
from alumni.meetings.models import FollowUp, Meeting, Minutes, Resolution, ResolutionState, Signature
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_pages import words

INSIDE = (Cast.alice, Cast.bob, Cast.sam)
OUTSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona, Cast.olga, Cast.otto, Cast.guest)
STATE = sa.select(Resolution.state)


def test_minutes_are_for_those_inside_until_they_are_published(browse, records):
    alice = browse(Cast.alice)
    for email in INSIDE:
        assert "Version 2." in words(browse(email).get(records.page))
        assert browse(email).get(f"/api/v1{records.page}/minutes").json["version"] == 2
        assert browse(email).get(f"{records.page}/minutes/versions?version=1").status_code == 200
    for email in OUTSIDE:
        page = words(browse(email).get(records.page))
        assert "Version 1." in page
        assert "Version 2." not in page
        assert browse(email).get(f"/api/v1{records.page}/minutes").json["version"] == 1
    assert alice.post(f"{records.page}/minutes/withdraw").status_code == 303
    assert alice.post(f"{records.page}/minutes/withdraw").status_code == 409
    for email in OUTSIDE:
        page = words(browse(email).get(records.page))
        assert "The minutes are for people in the group." in page
        assert "Version 1." not in page
        assert browse(email).get(f"/api/v1{records.page}/minutes").status_code == 403
        status = 403 if email else 303
        assert browse(email).get(f"{records.page}/minutes/versions").status_code == status
        assert browse(email).get(f"{records.page}/minutes/versions?version=2").status_code == status
    assert alice.send(f"/api/v1{records.page}/minutes/publish").json["is_published"]
    assert "Version 2." in words(browse("").get(records.page))


def test_each_save_is_a_version_and_none_is_written_over(browse, records, read):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    body = {"body": "# Closed\r\n\r\nVersion 3.", "based_on": "2", "change": "Names corrected"}
    assert alice.post(f"{records.page}/minutes", body).status_code == 303
    late = alice.post(f"{records.page}/minutes", body)  # begun from the same version
    assert late.status_code == 409
    assert "Somebody has saved another version" in words(late)
    for based_on in ("", "-1", "99", "three", "9" * 50):
        assert alice.post(f"{records.page}/minutes", body | {"based_on": based_on}).status_code == 409
    assert read(sa.select(Minutes.version).order_by(Minutes.version)) == [(1,), (2,), (3,)]
    assert "Names corrected" in words(bob.get(f"{records.page}/minutes/versions"))
    assert "Version 1." in words(bob.get(f"{records.page}/minutes/versions?version=1"))
    for version in ("9", "99999999999999999999"):
        assert bob.get(f"{records.page}/minutes/versions?version={version}").status_code == 404
    assert "Version 3." not in words(browse("").get(records.page))
    for text in ("", "  ", "x" * 200_001, "a\0b"):
        assert alice.post(f"{records.page}/minutes", {"body": text, "based_on": "3"}).status_code == 422
        answer = alice.send(f"/api/v1{records.page}/minutes", {"body": text, "based_on": 3})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["body"])
    html = {"body": "<script>alert(1)</script>", "based_on": 3}
    assert alice.send(f"/api/v1{records.page}/minutes", html).json["version"] == 4
    assert "<script>alert" not in bob.get(records.page).text
    lines = read(sa.select(AuditLine.action, AuditLine.subject, AuditLine.reason).order_by(AuditLine.id))
    assert lines[0] == ("minutes.write", f"meeting:{records.meeting}", "Names corrected")
    assert len(lines) == 2


def test_there_is_nothing_to_publish_without_minutes(app, browse, records):
    with app.app_context():
        umbrella = db.session.query(Group).filter_by(slug="ajafa-21").one()
        builders.make_meeting(umbrella, "Without", slug="without")
        db.session.commit()
    alice, path = browse(Cast.alice), "/groups/ajafa-21/meetings/without"
    assert "No minutes are on record." in words(alice.get(path))
    assert alice.post(f"{path}/minutes/publish").status_code == 409
    assert browse("").get(f"/api/v1{path}/minutes").json == {
        "version": None,
        "body": None,
        "is_published": False,
        "written_at": None,
    }


def test_resolutions(browse, records, read):
    alice = browse(Cast.alice)
    body = {"number": "2", "title": "A fund", "text": "Each member gives *once*."}
    assert alice.post(f"{records.page}/resolutions/new", body).status_code == 303
    made = alice.send(
        f"/api/v1{records.page}/resolutions", {"number": 3, "title": "A site", "adopted_on": "2025-12-06"}
    )
    assert (made.status_code, made.json["adopted_on"], made.json["state"]) == (201, "2025-12-06", "open")
    assert "A fund" in words(browse("").get(records.page))
    assert "A fund" in words(browse("").get(f"{records.group}/resolutions"))
    path = f"/api/v1{records.group}/resolutions/{made.json['key']}"
    assert alice.send(path, {"number": 4, "title": "A site"}, method="PUT").json["adopted_on"] == "2025-12-04"
    for field, change in (
        ("number", {"number": "1"}),
        ("number", {"number": ""}),
        ("number", {"number": "-2"}),
        ("title", {"title": ""}),
        ("text", {"text": "x" * 20_001}),
        ("adopted_on", {"adopted_on": "2025-12-03"}),
        ("adopted_on", {"adopted_on": "2025-13"}),
    ):
        wrong = body | {"number": "9"} | change
        assert alice.post(f"{records.page}/resolutions/new", wrong).status_code == 422
        for method, at in (("POST", f"/api/v1{records.page}/resolutions"), ("PUT", path)):
            answer = alice.send(at, wrong, method=method)
            assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert len(read(STATE)) == 3
    assert [item["number"] for item in browse("").get(f"/api/v1{records.group}/resolutions?state=open").json["items"]]
    assert browse("").get(f"/api/v1{records.group}/resolutions?state=done").json["items"] == []


def test_who_signed_for_whom(browse, records, read):
    alice, path = browse(Cast.alice), f"{records.resolved}/sign"
    body = {"association": "kappija-21", "signatory": "Dewi Lestari", "capacity": "Chair of the board"}
    assert alice.post(path, body).status_code == 303
    for email in INSIDE:
        assert "Dewi Lestari" in words(browse(email).get(records.resolved))
    for email in (*OUTSIDE, Cast.sue):
        page = words(browse(email).get(records.resolved))
        assert "Keluarga Alumni" in page
        assert "Chair of the board" in page
        assert "Dewi Lestari" not in page
        signatures = browse(email).get(f"/api/v1{records.resolved}").json["signatures"]
        assert {(s["association"], s["signatory"]) for s in signatures} == {("ajafa-21", ""), ("kappija-21", "")}
    for wrong in ("stranger", "no-such-group", "", "kappija-21"):  # no member, nobody, signed already
        answer = alice.post(path, body | {"association": wrong})
        assert answer.status_code == 422, wrong
        answer = alice.send(f"/api/v1{records.resolved}/signatures", body | {"association": wrong})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["association"])
    assert len(read(sa.select(Signature.id))) == 2
    key = read(sa.select(Signature.key).where(Signature.signatory == "Dewi Lestari"))[0][0]
    assert alice.post(f"{records.resolved}/signatures/{key}/remove").status_code == 303
    assert alice.send(f"/api/v1{records.resolved}/signatures/{key}", method="DELETE").status_code == 404
    actions = [action for (action,) in read(sa.select(AuditLine.action).order_by(AuditLine.id))]
    assert actions == ["resolution.sign", "resolution.unsign"]


@pytest.fixture
def later(app, records) -> dict[str, str]:
    """Keys of meetings: the one of the next year, one after that, and one before."""
    with app.app_context():
        umbrella = db.session.query(Group).filter_by(slug="ajafa-21").one()
        next_one = db.session.query(Meeting).filter_by(title="30th Regional Leaders Forum").one().slug
        after = builders.make_meeting(umbrella, "31st Regional Leaders Forum", starts_on="2027").slug
        before = builders.make_meeting(umbrella, "28th Regional Leaders Forum", starts_on="2024").slug
        db.session.commit()
    return {"next": next_one, "after": after, "before": before, "secret": "secret"}


def test_what_became_of_a_resolution(browse, records, read, later):
    alice, path = browse(Cast.alice), f"{records.resolved}/follow-up"
    body = {"meeting": later["after"], "state": "done", "words": "The fund *stands*."}
    assert alice.post(path, body).status_code == 303
    assert read(STATE) == [(ResolutionState.DONE,)]
    # What the meeting before it found does not undo what the later one did.
    assert alice.post(path, {"meeting": later["next"], "state": "open", "words": "Not yet."}).status_code == 303
    assert read(STATE) == [(ResolutionState.DONE,)]
    answer = alice.send(f"/api/v1{records.resolved}/follow-ups", body | {"state": "dropped", "words": "No."})
    assert (answer.status_code, answer.json["state"]) == (201, "dropped")
    assert [f["state"] for f in answer.json["follow_ups"]] == ["open", "dropped"]
    page = words(browse("").get(f"{records.group}/meetings/{later['after']}"))
    assert "What became of earlier resolutions" in page
    assert "Not yet." in words(browse("").get(records.resolved))
    for field, change in (
        ("meeting", {"meeting": later["before"]}),
        ("meeting", {"meeting": records.meeting}),
        ("meeting", {"meeting": later["secret"]}),
        ("meeting", {"meeting": ""}),
        ("state", {"state": "lost"}),
        ("words", {"words": ""}),
        ("words", {"words": "x" * 20_001}),
    ):
        assert alice.post(path, body | change).status_code == 422
        answer = alice.send(f"/api/v1{records.resolved}/follow-ups", body | change)
        assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert len(read(sa.select(FollowUp.words))) == 2


def test_the_rules_answer_for_a_viewer_and_for_everybody(app, records):
    with app.app_context():
        secret = Meeting.slug == "secret"
        everybody = set(
            db.session.scalars(sa.select(Account.email).join(Meeting, secret).where(policy.visible_to(Account)))
        )
        assert everybody == {Cast.sam}
        for email in Cast.everybody:
            viewer = viewer_of(email)
            seen = set(db.session.scalars(sa.select(Meeting.slug).where(policy.visible_to(viewer))))
            assert ("secret" in seen) == (email == Cast.sam)
            assert records.meeting in seen
            group = db.session.query(Group).filter_by(slug="ajafa-21").one()
            assert policy.can_keep(viewer, group.id) == (email in (Cast.alice, Cast.sam))
