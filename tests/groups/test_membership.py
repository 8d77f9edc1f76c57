"""Joining, asking, admitting, leaving, removing, appointing: what comes of it, and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.core.jobs import Job
from alumni.core.viewer import GUEST
from alumni.groups import actions, policy
from alumni.groups.models import (
    Group,
    GroupKind,
    GroupPath,
    JoinPolicy,
    Membership,
    MembershipState,
    Role,
    Tenure,
    Visibility,
)
from alumni.members.models import Member, Participation, ParticipationState
from alumni.programmes.models import Cohort
from tests import builders
from tests.cast import Cast, viewer_of

STATE = sa.select(Membership.state).join(Account, Account.id == Membership.account_id).join(Group)


@pytest.fixture
def standing(read):
    """`standing(email, slug)`: (state or None, members_count, rows that count), as committed."""

    def run(email: str, slug: str):
        state = read(STATE.where(Account.email == email, Group.slug == slug))
        count = read(sa.select(Group.members_count).where(Group.slug == slug))[0][0]
        active = sa.select(sa.func.count()).select_from(Membership).join(Group)
        rows = read(active.where(Group.slug == slug, Membership.state == MembershipState.ACTIVE))[0][0]
        assert count == rows
        return (state[0][0] if state else None), count

    return run


@pytest.fixture
def club(app, cast):
    """`club(join_policy)` makes a group and returns its slug."""

    def make(join_policy: JoinPolicy, **values) -> str:
        with app.app_context():
            slug = builders.make_group("Club", slug="club", join_policy=join_policy, **values).slug
            db.session.commit()
        return slug

    return make


def member(email: str) -> Member:
    return db.session.scalars(
        sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == email)
    ).one()


def handle(email: str) -> str:
    return db.session.scalars(sa.select(Account.handle).where(Account.email == email)).one()


def group(slug: str) -> Group:
    return db.session.scalars(sa.select(Group).where(Group.slug == slug)).one()


def letters(read) -> list[str]:
    return [payload["template"] for (payload,) in read(sa.select(Job.payload).order_by(Job.id))]


@pytest.mark.parametrize(
    ("join_policy", "email", "state", "status"),
    [
        (JoinPolicy.OPEN, Cast.bob, "active", 200),
        (JoinPolicy.OPEN, Cast.nia, None, 403),
        (JoinPolicy.OPEN, Cast.mona, None, 403),
        (JoinPolicy.REQUEST, Cast.bob, "requested", 200),
        (JoinPolicy.REQUEST, Cast.nia, "requested", 200),
        (JoinPolicy.INVITATION, Cast.bob, None, 403),
        (JoinPolicy.INVITATION, Cast.sam, None, 403),
        (JoinPolicy.OPEN, Cast.sue, None, 403),
        (JoinPolicy.OPEN, Cast.guest, None, 401),
    ],
)
def test_joining_by_policy(browse, club, standing, join_policy, email, state, status):
    slug = club(join_policy)
    answer = browse(email).send(f"/api/v1/groups/{slug}/join")
    assert answer.status_code == status
    if status == 200:
        assert answer.json["state"] == state
        assert browse(email).send(f"/api/v1/groups/{slug}/join").json == answer.json
    assert standing(email, slug) == (state, 1 if state == "active" else 0)


@pytest.mark.parametrize(
    ("participation", "state"),
    [
        ("verified", "active"),
        ("claimed", "requested"),
        ("asked", "requested"),
        ("declined", None),
        ("revoked", None),
        (None, None),
    ],
)
def test_joining_a_cohort(browse, app, cast, standing, participation, state):
    with app.app_context():
        if participation:
            cohort = db.session.query(Cohort).filter_by(slug=cast.other_cohort).one()
            builders.take_part(member(Cast.bob), cohort, state=ParticipationState(participation))
        db.session.commit()
    answer = browse(Cast.bob).post(f"/groups/{cast.other_group}/join")
    assert answer.status_code == (303 if state else 403)
    assert standing(Cast.bob, cast.other_group) == (state, 2 if state == "active" else 1)


def test_an_account_without_a_name_is_asked_for_one(browse, app, club):
    slug = club(JoinPolicy.REQUEST)
    with app.app_context():
        builders.make_account("new@example.org")
        db.session.commit()
    answer = browse("new@example.org").send(f"/api/v1/groups/{slug}/join")
    assert (answer.status_code, answer.json["type"]) == (409, "profile-needed")
    assert "Enter your name first." in browse("new@example.org").get(f"/groups/{slug}").get_data(as_text=True)


def test_whoever_was_removed_stays_out(browse, app, cast, club, standing):
    answer = browse(Cast.mallory).send(f"/api/v1/groups/{cast.group}/join")
    assert (answer.status_code, answer.json["type"]) == (409, "removed-from-group")
    assert browse(Cast.mallory).post(f"/groups/{cast.group}/join").status_code == 409
    assert browse(Cast.mallory).post(f"/groups/{cast.group}/leave").status_code == 303
    assert standing(Cast.mallory, cast.group) == ("removed", 3)
    with app.app_context():
        participation = db.session.query(Participation).filter_by(account_id=member(Cast.mallory).account_id).one()
        actions.admit_to_cohort_group(actor=viewer_of(Cast.sam), participation=participation)
        db.session.commit()
    assert standing(Cast.mallory, cast.group) == ("removed", 3)


def test_joining_and_leaving_and_joining_again(browse, club, standing):
    slug = club(JoinPolicy.OPEN)
    browser = browse(Cast.bob)
    for path, state, count in (
        ("join", "active", 1),
        ("leave", "left", 0),
        ("leave", "left", 0),
        ("join", "active", 1),
        ("join", "active", 1),
    ):
        assert browser.send(f"/api/v1/groups/{slug}/{path}").json == {"state": state, "members_count": count}
        assert standing(Cast.bob, slug) == (state, count)
    page = browser.post(f"/groups/{slug}/leave")
    assert page.headers["Location"] == f"/groups/{slug}"
    assert standing(Cast.bob, slug) == ("left", 0)
    assert browse("").post(f"/groups/{slug}/leave").status_code == 303
    assert browse(Cast.sue).post(f"/groups/{slug}/leave").status_code == 403


def test_an_invited_person_may_come_in(browse, app, club, standing):
    slug = club(JoinPolicy.INVITATION, visibility=Visibility.OWN)
    with app.app_context():
        builders.join(member(Cast.carol), group(slug), state=MembershipState.INVITED)
        db.session.commit()
    assert browse(Cast.bob).post(f"/groups/{slug}/join").status_code == 404
    assert browse(Cast.carol).post(f"/groups/{slug}/join").status_code == 303
    assert standing(Cast.carol, slug) == ("active", 1)
    assert browse(Cast.carol).post(f"/groups/{slug}/leave").headers["Location"] == "/groups"


def test_the_last_organiser_stays(browse, app, cast, standing):
    answer = browse(Cast.alice).send(f"/api/v1/groups/{cast.group}/leave")
    assert (answer.status_code, answer.json["type"]) == (409, "last-organiser")
    assert standing(Cast.alice, cast.group) == ("active", 3)
    with app.app_context():
        names = {email: handle(email) for email in (Cast.alice, Cast.bob)}
    reason = {"reason": "It is time for others."}
    path = f"/groups/{cast.group}/members/{names[Cast.alice]}/remove"
    assert browse(Cast.sam).post(path, reason).status_code == 409
    term = {"term_ends_on": (clock.now() + timedelta(days=365)).date().isoformat()}
    assert browse(Cast.sam).post(f"/groups/{cast.group}/members/{names[Cast.bob]}/organiser", term).status_code == 303
    assert browse(Cast.alice).post(f"/groups/{cast.group}/leave").status_code == 303
    assert standing(Cast.alice, cast.group) == ("left", 2)


def test_a_verified_participation_opens_the_group(app, cast, standing, read):
    with app.app_context():
        participation = db.session.query(Participation).filter_by(account_id=member(Cast.nia).account_id).one()
        with pytest.raises(DomainError):
            actions.admit_to_cohort_group(actor=viewer_of(Cast.sam), participation=participation)
        participation.state = ParticipationState.VERIFIED
        for _twice in range(2):
            admitted = actions.admit_to_cohort_group(actor=viewer_of(Cast.sam), participation=participation)
            assert admitted.slug == cast.group
            db.session.commit()
        no_cohort = Participation(state=ParticipationState.VERIFIED, account_id=participation.account_id)
        assert actions.admit_to_cohort_group(actor=viewer_of(Cast.sam), participation=no_cohort) is None
    assert standing(Cast.nia, cast.group) == ("active", 4)


def test_a_cohort_has_one_group(app, cast, read):
    with app.app_context():
        programme = builders.make_programme("kakehashi")
        cohort = builders.make_cohort(programme, slug="kakehashi-2019", title="KAKEHASHI 2019", countries={"US": 10})
        builders.make_group("In the way", slug="kakehashi-2019")
        first = actions.ensure_cohort_group(cohort=cohort)
        assert actions.ensure_cohort_group(cohort=cohort).id == first.id
        assert (first.kind, first.country, first.year) == (GroupKind.COHORT, "US", 2016)
        assert (first.slug, first.join_policy) == ("cohort-kakehashi-2019", JoinPolicy.PARTICIPATION)
        db.session.commit()
    paths = read(
        sa.select(GroupPath.depth)
        .join(Group, Group.id == GroupPath.descendant_id)
        .where(Group.slug == "cohort-kakehashi-2019")
    )
    assert [tuple(path) for path in paths] == [(0,)]


@pytest.fixture
def asked(app, browse, cast, club):
    """A group that Alice organises, in which Carol waits."""
    slug = club(JoinPolicy.REQUEST)
    with app.app_context():
        builders.join(member(Cast.alice), group(slug), organiser=True)
        db.session.commit()
        carol = handle(Cast.carol)
    assert browse(Cast.carol).post(f"/groups/{slug}/join").status_code == 303
    return slug, carol


def test_an_organiser_lets_in(browse, asked, standing, read):
    slug, carol = asked
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.mona):
        assert browse(email).post(f"/groups/{slug}/requests/{carol}/admit").status_code == 403, email
    assert browse("").post(f"/groups/{slug}/requests/{carol}/admit").status_code == 303
    assert standing(Cast.carol, slug) == ("requested", 1)
    page = browse(Cast.alice).get(f"/groups/{slug}/members").get_data(as_text=True)
    assert "Carol Sok" in page
    assert f"/groups/{slug}/requests/{carol}/admit" in page
    assert browse(Cast.alice).post(f"/groups/{slug}/requests/{carol}/admit").status_code == 303
    assert browse(Cast.alice).post(f"/groups/{slug}/requests/nobody/admit").status_code == 404
    assert standing(Cast.carol, slug) == ("active", 2)
    assert letters(read) == ["groups/admitted"]
    assert read(sa.select(AuditLine.action, AuditLine.subject).where(AuditLine.action != "access.refuse")) == [
        ("group.admit", f"group:{slug}")
    ]
    page = browse(Cast.carol).get(f"/groups/{slug}/members").get_data(as_text=True)
    assert "Asking to join" not in page


def test_an_organiser_declines_with_a_reason(browse, asked, standing, read):
    slug, carol = asked
    path = f"/groups/{slug}/requests/{carol}/decline"
    for email in (Cast.bob, Cast.carol, Cast.mona):
        assert browse(email).get(path).status_code == 403
        assert browse(email).post(path, {"reason": "No."}).status_code == 403
    alice = browse(Cast.alice)
    assert "Carol Sok" in alice.get(path).get_data(as_text=True)
    for reason in ("", " ", "\u202eabc", "a\0b", "x" * 100_000):
        answer = alice.post(path, {"reason": reason})
        assert answer.status_code == 422
        assert 'href="#reason"' in answer.get_data(as_text=True)
    assert standing(Cast.carol, slug) == ("requested", 1)
    assert alice.post(path, {"reason": "We do not know you yet."}).status_code == 303
    assert standing(Cast.carol, slug) == ("left", 1)
    assert alice.post(path, {"reason": "Again."}).status_code == 409
    assert alice.post(f"/groups/{slug}/requests/{carol}/admit").status_code == 409
    assert read(sa.select(AuditLine.action, AuditLine.reason).where(AuditLine.action != "access.refuse")) == [
        ("group.decline", "We do not know you yet.")
    ]
    assert letters(read) == ["groups/declined"]
    assert browse(Cast.carol).post(f"/groups/{slug}/join").status_code == 303
    assert standing(Cast.carol, slug) == ("requested", 1)


def test_into_a_cohort_comes_who_is_verified(browse, app, cast, standing):
    assert browse(Cast.nia).post(f"/groups/{cast.group}/join").status_code == 303
    with app.app_context():
        nia = handle(Cast.nia)
    page = browse(Cast.alice).get(f"/groups/{cast.group}/members").get_data(as_text=True)
    assert "Nia New" in page
    assert "admit" not in page
    assert browse(Cast.alice).post(f"/groups/{cast.group}/requests/{nia}/admit").status_code == 409
    assert standing(Cast.nia, cast.group) == ("requested", 3)
    assert browse(Cast.nia).get(f"/groups/{cast.group}/members").status_code == 403


def test_an_organiser_removes_with_a_reason(browse, app, cast, standing, read):
    with app.app_context():
        bob = handle(Cast.bob)
    path = f"/groups/{cast.group}/members/{bob}/remove"
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.mona):
        assert browse(email).post(path, {"reason": "No."}).status_code == 403, email
    alice = browse(Cast.alice)
    assert alice.get(path).status_code == 200
    answer = alice.post(path, {"reason": ""})
    assert answer.status_code == 422
    assert "Say why. The person concerned reads it." in answer.get_data(as_text=True)
    assert standing(Cast.bob, cast.group) == ("active", 3)
    assert alice.post(path, {"reason": "Insults."}).status_code == 303
    assert standing(Cast.bob, cast.group) == ("removed", 2)
    assert alice.post(path, {"reason": "Insults."}).status_code == 404
    assert read(sa.select(AuditLine.action, AuditLine.reason).where(AuditLine.action != "access.refuse")) == [
        ("group.remove", "Insults.")
    ]
    assert letters(read) == ["groups/removed"]
    assert browse(Cast.bob).get(f"/groups/{cast.group}/members").status_code == 403
    assert browse(Cast.bob).post(f"/groups/{cast.group}/join").status_code == 409


def test_organisers_are_made_by_those_above(browse, app, cast, read):
    with app.app_context():
        top = builders.make_group("Top", slug="top")
        below = builders.make_group("Below", slug="below", parent=top)
        builders.join(member(Cast.carol), top, organiser=True)
        builders.join(member(Cast.alice), below, organiser=True)
        builders.join(member(Cast.bob), below)
        db.session.commit()
        bob, alice = handle(Cast.bob), handle(Cast.alice)
    path, term = f"/groups/below/members/{bob}/organiser", {"term_ends_on": "2999-01-01"}
    for email in (Cast.alice, Cast.bob, Cast.mallory, Cast.nia, Cast.sue, Cast.mona):
        assert browse(email).post(path, term).status_code == 403, email
    carol = browse(Cast.carol)  # organises the group above
    assert carol.get(path).status_code == 200
    for value in ("", "2020-01-01", "2999-01-01", "31.12.2027", "2027-02-30", "x" * 100_000, "20\u06612-01-01"):
        answer = carol.post(path, {"term_ends_on": value})
        assert answer.status_code == 422, value
        assert 'href="#term_ends_on"' in answer.get_data(as_text=True)
    day = (clock.now() + timedelta(days=700)).date().isoformat()
    assert carol.post(path, {"term_ends_on": day}).status_code == 303
    assert (Role.ORGANISER, day) in read(sa.select(Tenure.role, Tenure.ends_on))
    assert read(sa.select(AuditLine.action, AuditLine.subject).where(AuditLine.action != "access.refuse")) == [
        ("group.appoint", "group:below")
    ]
    assert letters(read) == ["groups/appointed"]
    # One of equal rank does not remove the other; whoever is above does.
    reason = {"reason": "The term is over."}
    assert browse(Cast.bob).post(f"/groups/below/members/{alice}/remove", reason).status_code == 403
    assert carol.post(f"/groups/below/members/{alice}/remove", reason).status_code == 303
    outsider = browse(Cast.carol).post(
        f"/groups/below/members/{handle_of(app, Cast.nia)}/organiser", {"term_ends_on": day}
    )
    assert outsider.status_code == 404


def handle_of(app, email: str) -> str:
    with app.app_context():
        return handle(email)


def test_letters_are_written(app, browse, asked):
    slug, carol = asked
    browse(Cast.alice).post(f"/groups/{slug}/requests/{carol}/admit")
    from alumni.letters import write_letter

    with app.app_context():
        account = db.session.query(Account).filter_by(email=Cast.carol).one()
        for template, facts in (
            ("groups/admitted", {}),
            ("groups/declined", {"reason": "Because."}),
            ("groups/removed", {"reason": "Because."}),
            ("groups/appointed", {"term_ends_on": "2028-03-31"}),
            ("posts/hidden", {"reason": "Because.", "body": "What I wrote."}),
        ):
            letter = write_letter(account, template, {"group": "Club", "slug": slug, **facts}, reference="1")
            assert "Club" in letter["Subject"]
            assert "Because." in letter.get_body(("plain",)).get_content() or "reason" not in facts


# Who sees what, asked of the clauses themselves.


def test_rules_answer_for_a_viewer_and_for_everybody(app, cast):
    with app.app_context():
        top = builders.make_group("Top", slug="top")
        below = builders.make_group("Below", slug="below", parent=top, visibility=Visibility.OWN)
        hidden = builders.make_group("Hidden", slug="hidden", visibility=Visibility.MEMBERS)
        builders.join(member(Cast.carol), top, organiser=True)
        builders.join(member(Cast.bob), below)
        builders.join(member(Cast.alice), below)
        yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
        builders.make_tenure(member(Cast.alice), below, ends_on=yesterday)
        builders.join(member(Cast.sue), hidden, organiser=True)
        db.session.flush()
        expected = {
            (policy.visible_to, "top"): {*Cast.everybody} - {Cast.guest},
            (policy.visible_to, "below"): {Cast.alice, Cast.bob, Cast.carol, Cast.sam},
            (policy.visible_to, "hidden"): {Cast.alice, Cast.bob, Cast.carol, Cast.mallory, Cast.sam},
            (policy.inside, "below"): {Cast.alice, Cast.bob, Cast.carol, Cast.sam},
            (policy.inside, "top"): {Cast.carol, Cast.sam},
            (policy.inside, "hidden"): {Cast.sam},
            (policy.organised_by, "below"): {Cast.carol, Cast.sam},
            (policy.organised_by, "top"): {Cast.carol, Cast.sam},
            (policy.inside, cast.group): {Cast.alice, Cast.bob, Cast.sam},
            (policy.organised_by, cast.group): {Cast.alice, Cast.sam},
        }
        for (rule, slug), emails in expected.items():
            who = sa.select(Account.email).join(Group, Group.slug == slug).where(rule(Account))
            assert set(db.session.scalars(who)) == emails, (rule, slug)
            for email in Cast.everybody[:-1]:
                one = sa.select(Group.id).where(Group.slug == slug, rule(viewer_of(email)))
                assert bool(db.session.scalar(one)) == (email in emails), (rule, slug, email)
            is_open = rule is policy.visible_to and slug == "top"
            assert bool(db.session.scalar(sa.select(Group.id).where(Group.slug == slug, rule(GUEST)))) == is_open
        assert policy.can_appoint(viewer_of(Cast.carol), below.id)
        assert not policy.can_appoint(viewer_of(Cast.carol), top.id)
        assert policy.can_appoint(viewer_of(Cast.sam), top.id)
        assert not policy.can_organise(viewer_of(Cast.alice), below.id)
        assert policy.can_join(viewer_of(Cast.bob), top)
        assert not policy.can_join(viewer_of(Cast.nia), top)
        account = db.session.query(Account).filter_by(email=Cast.sam).one()
        account.state = AccountState.SUSPENDED
        db.session.flush()
        assert not policy.can_organise(viewer_of(Cast.sam), top.id)


def test_a_suspended_organiser_is_no_other_organiser(app, cast, browse, standing):
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        builders.make_tenure(member(Cast.sue), group)
        db.session.commit()
    left = browse(Cast.alice).send(f"/api/v1/groups/{cast.group}/leave")
    assert (left.status_code, left.json["type"]) == (409, "last-organiser")
    assert browse(Cast.alice).post(f"/groups/{cast.group}/leave").status_code == 409
    assert standing(Cast.alice, cast.group)[0] == MembershipState.ACTIVE
