"""Roles end with their term; a group is muted, or archived."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.groups import policy
from alumni.groups.models import Group, Membership, Role, Tenure
from alumni.members.models import Member
from tests import builders
from tests.cast import Cast, viewer_of
from tests.events.shapes import filled, member_id


def member(email):
    return db.session.get_one(Member, member_id(email))


def day(days):
    return (clock.now() + timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize(
    ("values", "is_running"),
    [
        ({}, True),
        ({"ends_on": day(0)}, True),  # the last day counts
        ({"ends_on": day(-1)}, False),
        ({"starts_on": day(0)}, True),
        ({"starts_on": day(2)}, False),
        ({"role": Role.RECORDS}, False),
        ({"role": Role.OFFICER, "title": "Treasurer"}, False),
    ],
)
def test_an_organiser_is_one_while_the_term_runs(app, cast, values, is_running):
    with app.app_context():
        group = builders.make_group("Club", slug="club")
        builders.join(member(Cast.bob), group)
        builders.make_tenure(member(Cast.bob), group, **{"starts_on": day(-5)} | values)
        assert policy.can_organise(viewer_of(Cast.bob), group.id) is is_running


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ORGANISER, (True, True, True)),
        (Role.MODERATOR, (False, True, False)),
        (Role.RECORDS, (False, False, True)),
        (Role.OFFICER, (False, False, False)),
        (Role.OBSERVER, (False, False, False)),
    ],
)
def test_what_each_role_may(app, cast, role, may):
    with app.app_context():
        top = builders.make_group("Top", slug="top")
        below = builders.make_group("Below", slug="below", parent=top)
        builders.make_tenure(member(Cast.bob), top, role=role)
        bob = viewer_of(Cast.bob)
        for group in (top, below):
            rules = (policy.can_organise, policy.can_moderate, policy.can_keep_records)
            assert tuple(rule(bob, group.id) for rule in rules) == may
        for email in (Cast.carol, Cast.mallory, Cast.sue, Cast.olga, Cast.otto):
            assert not policy.can_organise(viewer_of(email), below.id)


def test_leaving_ends_every_term(app, cast, browse, read):
    with app.app_context():
        group = builders.make_group("Club", slug="club")
        for email in (Cast.bob, Cast.carol):
            builders.join(member(email), group, organiser=True)
        builders.make_tenure(member(Cast.bob), group, role=Role.OFFICER, title="Treasurer")
        db.session.commit()
        bob = member_id(Cast.bob)
    assert browse(Cast.bob).post("/groups/club/leave").status_code == 303
    ended = sa.select(Tenure.role, Tenure.ended_at.is_not(None)).where(Tenure.account_id == bob)
    assert all(is_ended for _, is_ended in read(ended))
    assert len(read(ended)) == 2  # they stay, as history
    assert browse(Cast.bob).post("/groups/club/archive", {"reason": "x"}).status_code == 403


def test_a_group_is_muted_and_heard_again(cast, browse, read):
    muted = sa.select(sa.func.count()).where(Membership.is_muted)
    bob = browse(Cast.bob)
    assert "No letters from this group" in bob.get(f"/groups/{cast.group}").text
    for _ in range(2):
        assert bob.post(f"/groups/{cast.group}/mute").status_code == 303
        assert read(muted) == [(1,)]
    assert "You get no letters about what is new here." in bob.get(f"/groups/{cast.group}").text
    assert bob.get(f"/api/v1/groups/{cast.group}").json["is_muted"] is True
    assert bob.send(f"/api/v1/groups/{cast.group}/mute", {}, method="DELETE").json["is_muted"] is False
    assert bob.send(f"/api/v1/groups/{cast.group}/mute", {}, method="PUT").json["is_muted"] is True
    assert bob.post(f"/groups/{cast.group}/leave").status_code == 303
    assert read(muted) == [(0,)]
    for email, status in ((Cast.carol, 403), (Cast.mallory, 403), (Cast.nia, 403), (Cast.sue, 403), (Cast.olga, 403)):
        assert browse(email).post(f"/groups/{cast.group}/mute").status_code == status, email
    assert browse(Cast.guest).send(f"/api/v1/groups/{cast.group}/mute", {}, method="PUT").status_code == 401


def test_an_archived_group_is_read_and_closed(app, cast, browse, read):
    path, alice = f"/groups/{cast.group}", browse(Cast.alice)
    assert alice.post(f"{path}/archive", {"reason": ""}).status_code == 422
    assert alice.post(f"{path}/archive", {"reason": "Merged with the association."}).status_code == 303
    assert ("group.archive", "Merged with the association.") in read(sa.select(AuditLine.action, AuditLine.reason))
    page = browse(Cast.bob).get(path)
    assert "This group is archived." in page.text or "Archived" in page.text
    assert browse(Cast.bob).get(f"{path}/posts").status_code == 200
    assert "Archived" in browse("").get(path).text
    for visitor, where, form in (
        (browse(Cast.bob), f"{path}/posts", {"body": "Is anybody here?"}),
        (alice, "/events/new", filled(group=cast.group)),
    ):
        refused = visitor.post(where, form)
        assert refused.status_code == 409, where
        assert "archived" in refused.text
    assert browse(Cast.bob).send(f"/api/v1{path}/posts", {"body": "x"}).json["type"] == "group-archived"
    assert alice.post(f"{path}/archive", {"reason": "It was a mistake."}).status_code == 303
    assert read(sa.select(Group.archived_at).where(Group.slug == cast.group)) == [(None,)]
    assert browse(Cast.bob).post(f"{path}/posts", {"body": "Is anybody here?"}).status_code == 303


def test_nobody_joins_an_archived_group(app, cast, browse, read):
    with app.app_context():
        group = builders.make_group("Club", slug="club", archived_at=clock.now(), join_policy="open")
        builders.join(member(Cast.alice), group, organiser=True)
        db.session.commit()
    sent = browse(Cast.bob).send("/api/v1/groups/club/join", {})
    assert (sent.status_code, sent.json["type"]) == (409, "group-archived")
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.mona, Cast.olga, Cast.otto):
        assert browse(email).post("/groups/club/archive", {"reason": "x"}).status_code == 403, email
