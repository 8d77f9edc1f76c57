"""Who joins how: a question, a participation, a place; who comes in without asking, and is not put back."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.claims.actions import deciding
from alumni.claims.models import Basis
from alumni.core.db import db
from alumni.groups import actions
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members.actions import ProfileDraft, choose_audiences, save_profile
from alumni.members.models import Audience, Participation
from alumni.worker import run_due
from tests import builders
from tests.cast import Cast, viewer_of
from tests.groups.test_terms import member

SETUP = {
    "name": "JENESYS in Laos", "abbr": "", "about": "", "website": "", "slug": "in-laos", "visibility": "public",
    "join_policy": "participation", "join_question": "", "programmes": ["family:jenesys"], "country": "LA",
    "by_itself": False,
}  # fmt: skip


@pytest.fixture
def group(app, cast):
    with app.app_context():
        group = builders.make_group("JENESYS in Laos", slug="in-laos", kind="association")
        builders.join(member(Cast.carol), group, organiser=True)
        db.session.commit()
    return "/api/v1/groups/in-laos"


def set_up(browse, **changes):
    return browse(Cast.carol).send("/api/v1/groups/in-laos/settings", SETUP | changes, method="PUT")


def work(app):
    with app.app_context():
        run_due()
        db.session.remove()


def state_of(browse, who):
    return browse(who).get("/api/v1/groups/in-laos").json["my_state"]


def inside(read):
    rows = read(
        sa.select(Membership.account_id, Membership.is_by_rule)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.slug == "in-laos", Membership.state == MembershipState.ACTIVE)
    )
    ((count,),) = read(sa.select(Group.members_count).where(Group.slug == "in-laos"))
    assert count == len(rows)
    return rows


def test_whoever_took_part_and_lives_there_joins(cast, browse, read, group):
    assert set_up(browse).status_code == 200
    bob = browse(Cast.bob)  # of JENESYS, living in Laos
    assert "JENESYS family" in bob.get("/groups/in-laos").text
    assert bob.send(f"{group}/join").json["state"] == "active"
    # Mallory lives in Viet Nam; Nia's participation waits.
    assert browse(Cast.mallory).send(f"{group}/join").status_code == 403
    assert browse(Cast.nia).send(f"{group}/join").status_code == 403
    page = browse(Cast.nia).get("/groups/in-laos").text
    assert "taken part in" in page
    assert "Join the group" not in page
    assert "Laos" in browse("").get("/groups/in-laos/about").text


def test_whoever_hides_where_they_live_is_not_found_by_it(cast, browse, read, group, app):
    assert set_up(browse, by_itself=True).status_code == 200
    work(app)
    assert state_of(browse, Cast.bob) == "active"
    with app.app_context():
        choose_audiences(viewer_of(Cast.bob), {"place": Audience.ONLY_ME})
        db.session.commit()
    work(app)
    assert state_of(browse, Cast.bob) is None
    assert browse(Cast.bob).send(f"{group}/join").status_code == 403


def test_who_fulfils_the_rule_is_in_and_who_left_is_not_put_back(cast, browse, read, group, app):
    assert set_up(browse, by_itself=True).status_code == 200
    work(app)
    by_rule = [row for row in inside(read) if row.is_by_rule]
    # Alice and Bob live in Laos. Sue does too, and is suspended; Nia is not verified.
    assert len(by_rule) == 2
    bob = browse(Cast.bob)
    assert bob.get(group).json["is_by_rule"] is True
    assert "You came in by yourself" in bob.get("/groups/in-laos").text
    assert bob.send(f"{group}/mute", method="PUT").status_code == 200
    assert bob.post("/groups/in-laos/leave", {"posts": "keep"}).status_code in (303, 404)
    with app.app_context():
        actions.leave_group(actor=viewer_of(Cast.bob), group=db.session.query(Group).filter_by(slug="in-laos").one())
        db.session.commit()
    # Neither by the rule anew nor by anything that he saves.
    assert set_up(browse, by_itself=True, programmes=["jenesys2016"]).status_code == 200
    work(app)
    bob.post("/me/profile", {"country": "LA"})
    work(app)
    assert state_of(browse, Cast.bob) == "left"
    assert state_of(browse, Cast.alice) == "active"


def test_verified_and_moved_and_revoked(cast, browse, read, group, app):
    assert set_up(browse, by_itself=True).status_code == 200
    work(app)
    assert state_of(browse, Cast.nia) is None
    # Verified: in, in the same moment.
    ((claim,),) = read(claim_of(Cast.nia))
    with app.app_context():
        participation = db.session.query(Participation).filter_by(key=claim).one()
        deciding.verify(viewer_of(Cast.olga), participation, basis=Basis.DESK)
        db.session.commit()
    assert state_of(browse, Cast.nia) == "active"
    # She moves: out, by the job that saving promised. Back again: in.
    for country, state in (("KE", None), ("LA", "active")):
        move(app, Cast.nia, country)
        work(app)
        assert state_of(browse, Cast.nia) == state, country
    # It was wrong after all: out, at once.
    with app.app_context():
        participation = db.session.query(Participation).filter_by(key=claim).one()
        deciding.revoke_claim(viewer_of(Cast.olga), participation, reason="It was somebody else.")
        db.session.commit()
    assert state_of(browse, Cast.nia) is None


def claim_of(email):

    return (
        sa.select(Participation.key).join(Account, Account.id == Participation.account_id).where(Account.email == email)
    )


def move(app, who, country):

    with app.app_context():
        save_profile(viewer_of(who), ProfileDraft(country=country))
        db.session.commit()


def test_another_rule_lets_those_go_who_do_not_fulfil_it_and_no_rule_lets_all_stay(cast, browse, read, group, app):
    assert set_up(browse, by_itself=True).status_code == 200
    work(app)
    assert set_up(browse, by_itself=True, country="KH").status_code == 200
    work(app)
    # Carol, who lives in Cambodia, organises the group: she was in it and stays.
    assert [row.is_by_rule for row in inside(read)] == [False]
    assert set_up(browse, by_itself=True).status_code == 200
    work(app)
    assert set_up(browse, by_itself=False).status_code == 200
    work(app)
    assert [row.is_by_rule for row in inside(read)] == [False] * 3


def test_a_question_to_those_who_ask(cast, browse, read, group):
    question = "In which year did you come home?"
    assert set_up(browse, join_policy="request", join_question=question, programmes=[], country="").status_code == 200
    bob, carol = browse(Cast.bob), browse(Cast.carol)
    assert "/groups/in-laos/ask" in bob.get("/groups/in-laos").text
    assert question in bob.get("/groups/in-laos/ask").text
    assert bob.send(f"{group}/join").status_code == 422
    page = bob.post("/groups/in-laos/join", {"answer": ""})
    assert page.status_code == 422
    assert "Answer the question" in page.text
    assert bob.post("/groups/in-laos/join", {"answer": "x" * 3000}).status_code == 422
    assert bob.post("/groups/in-laos/join", {"answer": "In 2017, in March."}).status_code == 303
    assert "In 2017, in March." in carol.get("/groups/in-laos/members").text
    handle = bob.get("/api/v1/me").json["handle"]
    assert carol.post(f"/groups/in-laos/requests/{handle}/admit").status_code == 303
    assert read(sa.select(Membership.answer).where(Membership.answer != "")) == []


def test_what_cannot_be_is_refused_with_its_field(cast, browse, group):
    for changes, field in (
        ({"name": ""}, "name"), ({"join_policy": "magic"}, "join_policy"), ({"slug": "Ä B"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"programmes": [], "country": ""}, "programmes"), ({"programmes": ["nothing"]}, "programmes"),
        ({"programmes": [], "country": "", "join_policy": "open", "by_itself": True}, "programmes"),
        ({"country": "XX"}, "country"), ({"visibility": "all"}, "visibility"), ({"website": "javascript:1"}, "website"),
        ({"join_question": "?" * 400}, "join_question"), ({"about": "x" * 30_000}, "about"),
    ):  # fmt: skip
        answer = set_up(browse, **changes)
        assert answer.status_code == 422
        assert field in answer.json["fields"]
    # The group of a cohort is opened by having been there, and by nothing else.
    alice = browse(Cast.alice)
    path = f"/api/v1/groups/{cast.group}/settings"
    setup = alice.get(path).json
    assert alice.send(path, setup | {"join_policy": "open"}, method="PUT").status_code == 422
    told = setup | {"about": "We *were* there."}
    assert alice.send(path, told, method="PUT").status_code == 200
    assert "<em>were</em>" in browse(Cast.bob).get("/groups/jenesys2016-batch-16").text
    page = alice.post("/groups/jenesys2016-batch-16/settings", setup | {"name": ""})
    assert page.status_code == 422
    assert "We *were* there." not in page.text.replace(setup["about"], "")


def test_who_may_not_set_a_group_up(cast, browse, group):
    expected = {Cast.bob: 403, Cast.nia: 403, Cast.mallory: 403, Cast.otto: 403, Cast.mona: 403, Cast.sue: 403}
    for who, status in expected.items():
        assert browse(who).send(f"{group}/settings", SETUP, method="PUT").status_code == status, who
        assert browse(who).get("/groups/in-laos/settings").status_code == status
    assert browse("").send(f"{group}/settings", SETUP, method="PUT").status_code == 401
    assert browse(Cast.sam).send(f"{group}/settings", SETUP, method="PUT").status_code == 200
    assert browse(Cast.carol).send(f"{group}/settings", SETUP | {"visibility": "own"}, method="PUT").status_code == 200
    assert browse(Cast.bob).get("/groups/in-laos/settings").status_code == 404


def test_people_are_found_inside_a_group_by_what_it_sees(cast, browse, app):
    alice = browse(Cast.alice)
    path = f"/api/v1/groups/{cast.group}/members"
    found = lambda who, query: [item["name"] for item in browse(who).get(f"{path}?{query}").json["items"]]  # noqa: E731
    assert found(Cast.alice, "q=boun") == ["ບຸນມີ ວົງສາ"]
    assert found(Cast.alice, "q=ບຸນມີ") == ["ບຸນມີ ວົງສາ"]
    assert found(Cast.alice, "q=Vongsa+Bounmy&country=LA") == ["ບຸນມີ ວົງສາ"]
    assert found(Cast.alice, "q=Carol") == found(Cast.alice, "q=boun&country=KH") == found(Cast.alice, "q=%21%21") == []
    assert "Nobody here is found so" in alice.get(f"/groups/{cast.group}/members?q=zzz").text
    assert "Bounmy" in alice.get(f"/groups/{cast.group}/members?q=bounmy").text
    assert browse(Cast.alice).get(f"{path}?country=XX").status_code == 422
    with app.app_context():
        bob = member(Cast.bob)
        bob.name_audience = Audience.ONLY_ME
        builders.refresh_listings(bob)
        db.session.commit()
    assert found(Cast.alice, "q=boun") == []
    assert browse(Cast.carol).get(f"{path}?q=boun").status_code == 403
    assert browse("").get(f"{path}?q=boun").status_code == 401


def test_lists_count_what_each_choice_would_show(cast, browse):
    page = browse(Cast.bob).get("/groups?kind=cohort").text
    assert "Cambodia" in page
    assert "Laos" in page
    rows = browse(Cast.bob).get("/me/groups").text
    assert "JENESYS2016 16th Batch" in rows
    (mine,) = browse(Cast.bob).get("/api/v1/me/groups").json["items"]
    assert (mine["slug"], mine["state"], mine["unread"]) == (cast.group, "active", 0)
    assert browse("").get("/me/groups").status_code == 303
    assert browse(Cast.nia).get("/api/v1/me/groups").json["items"] == []
