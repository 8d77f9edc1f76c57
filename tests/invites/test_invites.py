"""Inviting by letter and by link; what a letter says and to whom none goes; accepting, once; and who may not."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import digest, new_secret
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, GroupKind, JoinPolicy, Membership, MembershipState
from alumni.invites import actions
from alumni.invites.forms import read_addresses
from alumni.invites.models import GroupInvitation, InviteState, NoLetters
from tests import builders
from tests.cast import Cast
from tests.groups.test_race import at_once, make_people
from tests.groups.test_terms import member

NEWCOMER = "newcomer@example.org"
PASSWORD = "a few words in a row"


@pytest.fixture
def circle(app, cast):
    """A group that nobody sees who is not in it or invited. Alice organises it, Bob is in it."""
    with app.app_context():
        group = builders.make_group(
            "Circle", slug="circle", join_policy=JoinPolicy.INVITATION, visibility="own", about="We meet on *Fridays*."
        )
        builders.join(member(Cast.alice), group, organiser=True)
        builders.join(member(Cast.bob), group)
        db.session.commit()
    return "/groups/circle"


def work(app):
    with app.app_context():
        worker.run_due()
        db.session.remove()


def path_in(letter):
    body = letter.get_body(("plain",)).get_content()
    (line,) = [line for line in body.splitlines() if "/invited/" in line]
    return "/invited/" + line.partition("/invited/")[2]


def state_in(read, email):
    of_address = sa.select(GroupInvitation.state).where(GroupInvitation.email == email)
    return read(of_address.order_by(GroupInvitation.id))[-1].state


def is_inside(browse, email):
    return browse(email).get("/api/v1/groups/circle").status_code == 200


def test_somebody_without_an_account_comes_in_by_a_letter(app, cast, browse, read, circle, postbox):
    bob = browse(Cast.bob)
    assert "Invite people" in bob.get(circle).text
    page = bob.post(f"{circle}/invite", {"addresses": f"New Comer <{NEWCOMER.upper()}>", "words": "Do come!"})
    assert page.status_code == 303
    assert state_in(read, NEWCOMER) == InviteState.SENT
    work(app)
    (letter,) = postbox.letters
    assert letter["To"] == NEWCOMER
    assert "Do come!" in letter.get_body(("plain",)).get_content()
    path, guest = path_in(letter), browse("")
    for _ in range(2):  # a scanner
        shown = guest.get(path)
        assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
        assert "<em>Fridays</em>" in shown.text
    assert state_in(read, NEWCOMER) == InviteState.SENT
    assert guest.post(f"{path}/yes").location == f"{path}/join"
    assert state_in(read, NEWCOMER) == InviteState.OPENED
    form = {"email": NEWCOMER, "password": PASSWORD, "terms": "y"}
    assert guest.post(f"{path}/join", form | {"password": "short"}).status_code == 422
    answer = guest.post(f"{path}/join", form)
    assert answer.location.startswith("/me/profile?next=")
    assert guest.post("/me/profile", {"name": "New Comer"}).status_code == 303
    answer = guest.post(f"{path}/yes")
    assert (answer.status_code, answer.location) == (303, circle)
    assert "Circle" in guest.get(circle).text
    assert state_in(read, NEWCOMER) == InviteState.ACCEPTED
    assert guest.post(f"{path}/yes").status_code == 410  # it is used
    assert "Accepted" in bob.get(f"{circle}/invite").text


def test_a_member_is_invited_whoever_they_are_and_muting_keeps_no_invitation_away(app, cast, browse, circle, postbox):
    alice = browse(Cast.alice)
    sent = alice.send(f"/api/v1{circle}/invitations", {"addresses": f"{Cast.carol}\n{Cast.nia}\n{Cast.bob}"})
    assert (sent.status_code, sent.json) == (202, {"letters": 3, "invited_already": 0})
    work(app)
    # Bob is inside: the answer said the same, and no letter went.
    assert sorted(letter["To"] for letter in postbox.letters) == [Cast.carol, Cast.nia]
    carol = browse(Cast.carol)
    assert carol.get(circle).status_code == 200  # whoever is invited sees to what
    path = path_in(next(letter for letter in postbox.letters if letter["To"] == Cast.carol))
    assert carol.post(f"{path}/yes").location == circle
    assert is_inside(browse, Cast.carol)
    nia = browse(Cast.nia)
    path = path_in(next(letter for letter in postbox.letters if letter["To"] == Cast.nia))
    assert nia.get(circle).status_code == 200
    assert nia.post(f"{path}/no").status_code == 303
    assert nia.get(circle).status_code == 404
    assert nia.post(f"{path}/yes").status_code == 410


def test_no_letter_goes_to_who_wants_none(app, cast, browse, read, circle, postbox):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    alice.post(f"{circle}/invite", {"addresses": NEWCOMER})
    work(app)
    assert browse("").post(f"{path_in(postbox.letters.pop())}/no", {"never": "1"}).status_code == 303
    assert read(sa.select(NoLetters.digest)) == [(digest(NEWCOMER),)]
    assert state_in(read, NEWCOMER) == InviteState.DECLINED
    # Said to nobody: whoever writes again sees the same as before.
    assert bob.post(f"{circle}/invite", {"addresses": NEWCOMER}).status_code == 303
    assert state_in(read, NEWCOMER) == InviteState.SENT
    # Bob blocks Mallory: a letter of his does not reach her, and he is told nothing.
    assert bob.post(f"{circle}/invite", {"addresses": Cast.mallory}).status_code == 303
    work(app)
    assert postbox.letters == []


def test_a_letter_sent_again_has_another_link_and_one_taken_back_none(app, cast, browse, read, circle, postbox):
    bob = browse(Cast.bob)
    bob.post(f"{circle}/invite", {"addresses": NEWCOMER})
    work(app)
    first = path_in(postbox.letters.pop())
    ((key,),) = read(sa.select(GroupInvitation.key))
    assert bob.post(f"{circle}/invitations/{key}/again").status_code == 303
    work(app)
    second = path_in(postbox.letters.pop())
    guest = browse("")
    assert (guest.get(first).status_code, guest.get(second).status_code) == (410, 200)
    assert bob.send(f"/api/v1{circle}/invitations/{key}/withdraw").json["state"] == "withdrawn"
    assert guest.get(second).status_code == 410
    assert bob.post(f"{circle}/invitations/{key}/withdraw").status_code == 409
    assert bob.post(f"{circle}/invitations/{key}/again").status_code == 409
    # Thirty days.
    bob.post(f"{circle}/invite", {"addresses": NEWCOMER})
    work(app)
    assert postbox.letters == []  # the group wrote to this address a moment ago
    bob.post(f"{circle}/invite", {"addresses": "another@example.org"})
    work(app)
    path = path_in(postbox.letters.pop())
    assert guest.get(path).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert guest.get(path).status_code == 410
        assert guest.post(f"{path}/yes").status_code == 410
    with app.app_context():
        assert actions.forget_invitations(clock.now() + timedelta(days=500)) == 3
        db.session.rollback()


def test_a_link_for_some_people(app, cast, browse, read, circle):
    alice, carol, nia = browse(Cast.alice), browse(Cast.carol), browse(Cast.nia)
    page = alice.post(f"{circle}/invite/link", {"days": "3", "uses": "1"})
    assert page.headers["Cache-Control"] == "no-store"
    path = "/invited/" + page.text.partition("/invited/")[2].partition("<")[0]
    assert browse("").post(f"{path}/yes").location == f"/login?next={path}"
    assert carol.post(f"{path}/yes").location == circle
    assert carol.post(f"{path}/yes").status_code == 410
    assert nia.post(f"{path}/yes").status_code == 410
    assert read(sa.select(GroupInvitation.used)) == [(1,)]
    bob = browse(Cast.bob)
    assert bob.send(f"/api/v1{circle}/invitations/link", {"days": 3, "uses": 400}).status_code == 422
    for bad in ({"days": 0, "uses": 1}, {"days": 3}, {"days": 40, "uses": 1}, {"days": "x", "uses": 1}):
        assert bob.send(f"/api/v1{circle}/invitations/link", bad | {"uses": bad.get("uses", "")}).status_code == 422, (
            bad
        )
    link = bob.send(f"/api/v1{circle}/invitations/link", {"days": 3, "uses": 2}).json["path"]
    # Who was removed stays out, whatever link they have; who is suspended too.
    with app.app_context():
        group = db.session.query(Group).filter_by(slug="circle").one()
        builders.join(member(Cast.mallory), group, state=MembershipState.REMOVED)
        db.session.commit()
    assert browse(Cast.mallory).post(f"{link}/yes").status_code == 409
    assert browse(Cast.sue).post(f"{link}/yes").status_code == 403
    assert nia.post(f"{link}/yes").location == circle


def test_into_a_cohorts_group_leads_what_is_verified(app, cast, browse):
    link = browse(Cast.alice).send(f"/api/v1/groups/{cast.group}/invitations/link", {"days": 3, "uses": 5}).json["path"]
    page = browse(Cast.nia).post(f"{link}/yes")
    assert page.status_code == 409
    assert "Say where you took part" in page.text


def test_a_letter_to_a_cohorts_group_is_no_way_round_the_desk(app, cast, browse, read):
    browse(Cast.alice).send(f"/api/v1/groups/{cast.group}/invitations", {"addresses": Cast.carol})
    work(app)
    assert [row.state for row in read(sa.select(Membership.state).where(Membership.state == MembershipState.INVITED))]
    assert browse(Cast.carol).send(f"/api/v1/groups/{cast.group}/join").status_code == 403


def test_a_letter_taken_back_or_too_old_shows_no_closed_group(app, cast, browse, read, circle):
    alice, nia = browse(Cast.alice), browse(Cast.nia)
    alice.post(f"{circle}/invite", {"addresses": Cast.nia})
    work(app)
    ((key,),) = read(sa.select(GroupInvitation.key))
    assert nia.get(circle).status_code == 200
    alice.post(f"{circle}/invitations/{key}/withdraw")
    assert nia.get(circle).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        alice.post(f"{circle}/invite", {"addresses": Cast.nia})
        work(app)
        assert nia.get(circle).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=39), tick=False), app.app_context():
        actions.forget_invitations(clock.now())
        db.session.commit()
    assert nia.get(circle).status_code == 404


def test_letters_sent_again_count_as_letters_of_the_day(app, cast, browse, read, circle):
    bob = browse(Cast.bob)
    bob.post(f"{circle}/invite", {"addresses": "\n".join(f"guest{n}@example.org" for n in range(19))})
    keys = [row.key for row in read(sa.select(GroupInvitation.key).order_by(GroupInvitation.id))]
    assert bob.post(f"{circle}/invitations/{keys[0]}/again").status_code == 303
    assert bob.post(f"{circle}/invitations/{keys[1]}/again").status_code == 409


def test_many_pasted_addresses_or_none(app, cast, browse, read, circle):
    alice = browse(Cast.alice)
    many = "\n".join(f"p{n}@example.org" for n in range(10_000))
    broken = many.replace("p17@", "p17").replace("p9000@example.org", "@")
    answer = alice.send(f"/api/v1{circle}/invitations", {"addresses": broken})
    assert answer.status_code == 422
    (problem,) = answer.json["fields"]["addresses"]
    assert problem.startswith("2 of these")
    assert "line 18: p17example.org" in problem
    assert "line 9001: @" in problem
    page = alice.post(f"{circle}/invite", {"addresses": "good@example.org\nbad"})
    assert page.status_code == 422
    assert "good@example.org\nbad" in page.text  # what was typed is there
    assert alice.send(f"/api/v1{circle}/invitations", {"addresses": many}).status_code == 422
    assert read(sa.select(GroupInvitation.id)) == []
    few = "; ".join(f"p{n}@example.org" for n in range(500))
    assert alice.send(f"/api/v1{circle}/invitations", {"addresses": few}).json["letters"] == 500
    assert alice.send(f"/api/v1{circle}/invitations", {"addresses": few}).json == {"letters": 0, "invited_already": 500}
    assert alice.send(f"/api/v1{circle}/invitations", {"addresses": "one@example.org"}).status_code == 422
    # A member has fewer.
    bob = browse(Cast.bob)
    twenty = "\n".join(f"q{n}@example.org" for n in range(20))
    assert bob.send(f"/api/v1{circle}/invitations", {"addresses": twenty + "\nr@example.org"}).status_code == 422
    assert bob.send(f"/api/v1{circle}/invitations", {"addresses": twenty}).json["letters"] == 20
    assert bob.send(f"/api/v1{circle}/invitations", {"addresses": "r@example.org"}).status_code == 422


def test_addresses_as_people_paste_them():
    pasted = "Ann <ANN@Example.org>, bo@example.org\tBo\n\n  carol@example.org ;\nnot an address\nann@example.org"
    assert read_addresses(pasted) == (
        ["ann@example.org", "bo@example.org", "carol@example.org"],
        [(1, "Bo"), (4, "not an address")],
    )


def test_the_last_use_of_a_link_and_taking_it_back_are_settled_by_the_database(alone):
    with alone.app_context():
        ids = make_people(24)
        group = builders.make_group("Many", slug="many", kind=GroupKind.INTEREST, join_policy=JoinPolicy.INVITATION)
        builders.make_tenure(builders.db.session.get_one(builders.Member, ids[0]), group)
        db.session.commit()
        group_id = group.id
        secret = actions.make_link(actor=Viewer(id=ids[0]), group=group, days=3, uses=5)
        key = db.session.scalar(sa.select(GroupInvitation.key))
        db.session.commit()

    def accept(account_id):
        actions.accept(actor=Viewer(id=account_id), secret_digest=digest(secret))
        return "in"

    answers = at_once(alone, accept, ids[1:])
    assert sorted(answers) == ["in"] * 5 + ["invitation-over"] * 18
    with alone.app_context():
        secret = actions.make_link(actor=Viewer(id=ids[0]), group=db.session.get_one(Group, group_id), days=3, uses=100)
        key = db.session.scalar(sa.select(GroupInvitation.key).where(GroupInvitation.digest == digest(secret)))
        db.session.commit()

    def either(account_id):
        if account_id == ids[0]:
            actions.withdraw(actor=Viewer(id=ids[0]), group=db.session.get_one(Group, group_id), key=key)
            return "withdrawn"
        return accept(account_id)

    answers = at_once(alone, either, [*ids[1:12], ids[0], *ids[12:]])
    assert set(answers) <= {"in", "withdrawn", "invitation-over"}
    with alone.app_context():
        inside = sa.select(sa.func.count()).select_from(Membership).where(Membership.group_id == group_id)
        count = db.session.scalar(inside.where(Membership.state == MembershipState.ACTIVE))
        assert count == db.session.scalar(sa.select(Group.members_count).where(Group.id == group_id))
        used = db.session.scalar(sa.select(GroupInvitation.used).where(GroupInvitation.key == key))
        assert count == 5 + used


def test_who_may_not_invite(cast, browse, app, circle):
    for email in (Cast.carol, Cast.mallory, Cast.nia, Cast.otto, Cast.mona, Cast.sue):
        hidden = 403 if email == Cast.sue else 404
        assert browse(email).post(f"{circle}/invite", {"addresses": NEWCOMER}).status_code == hidden, email
        cohort = f"/groups/{cast.group}/invite"
        assert browse(email).post(cohort, {"addresses": NEWCOMER}).status_code == 403, email
    assert browse("").get(f"{circle}/invite").status_code == 303
    # Others see their own alone; organisers see all.
    browse(Cast.alice).send(f"/api/v1{circle}/invitations", {"addresses": NEWCOMER})
    (one,) = browse(Cast.alice).get(f"/api/v1{circle}/invitations").json["items"]
    assert browse(Cast.bob).get(f"/api/v1{circle}/invitations").json["items"] == []
    assert browse(Cast.bob).send(f"/api/v1{circle}/invitations/{one['key']}/withdraw").status_code == 404
    # The group may leave inviting to its organisers.
    with app.app_context():
        db.session.query(Group).filter_by(slug="circle").one().members_invite = False
        db.session.commit()
    assert browse(Cast.bob).get(f"{circle}/invite").status_code == 403
    assert browse(Cast.alice).get(f"{circle}/invite").status_code == 200
    for bad in ("x", "x" * 43, new_secret()):
        assert browse("").get(f"/invited/{bad}").status_code == 410
