"""Where groups stand: moved with all below them, under further ones, never in a circle, found by former addresses."""

import random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups import actions
from alumni.groups.models import FurtherParent, Group, GroupPath
from alumni.settings import actions as settings_actions
from tests import builders
from tests.cast import Cast
from tests.groups.test_race import at_once
from tests.groups.test_terms import member

ADMIN = Viewer(id=0, is_admin=True, is_verified=True)


@pytest.fixture
def tree(app, cast):
    """Umbrella > laos > chapter, and vietnam beside it. Alice organises the umbrella, Bob the chapter."""
    with app.app_context():
        top = builders.make_group("Umbrella", slug="umbrella", kind="umbrella")
        laos = builders.make_group("Laos", slug="laos", kind="association", parent=top)
        builders.make_group("Vietnam", slug="vietnam", kind="association", parent=top)
        chapter = builders.make_group("Chapter", slug="chapter", kind="chapter", parent=laos)
        builders.join(member(Cast.alice), top, organiser=True)
        builders.join(member(Cast.bob), chapter, organiser=True)
        db.session.commit()


def paths(read):
    """For each group those above it, the nearest first, by their slugs."""
    above, below = sa.orm.aliased(Group), sa.orm.aliased(Group)
    select = sa.select(below.slug, above.slug, GroupPath.depth)
    select = select.join(below, below.id == GroupPath.descendant_id).join(above, above.id == GroupPath.ancestor_id)
    found: dict[str, list[str]] = {}
    for slug, over, depth in read(select.order_by(below.slug, GroupPath.depth, above.slug)):
        found.setdefault(slug, []).append(over) if depth else found.setdefault(slug, [])
    return found


def put(browser, slug, **place):
    return browser.send(f"/api/v1/groups/{slug}/place", {"parent": "", "further": []} | place, method="PUT")


def test_a_group_moves_with_all_that_is_below_it(cast, browse, read, tree):
    alice = browse(Cast.alice)
    assert paths(read)["chapter"] == ["laos", "umbrella"]
    answer = put(alice, "laos", parent="vietnam")
    assert answer.status_code == 200, answer.json
    assert answer.json["above"] == ["umbrella", "vietnam"]
    assert paths(read)["chapter"] == ["laos", "vietnam", "umbrella"]
    # Who is in it, what is written there and its address stay.
    assert browse(Cast.bob).get("/api/v1/groups/chapter").json["my_state"] == "active"
    page = browse(Cast.bob).get("/groups/chapter").text.partition("Belongs to:")[2]
    assert page.index(">Umbrella<") < page.index(">Vietnam<") < page.index(">Laos<")
    assert put(alice, "laos", parent="umbrella").status_code == 200
    assert paths(read)["chapter"] == ["laos", "umbrella"]


def test_a_cohort_stands_under_an_association_as_well(cast, browse, read, tree, app):
    alice = browse(Cast.alice)  # organises the cohort's group and, from above, the association
    assert put(alice, cast.group, parent="umbrella", further=["laos"]).status_code == 200
    # Each group above counts once, by the shortest way.
    assert paths(read)[cast.group] == ["laos", "umbrella"]
    page = browse(Cast.bob).get(f"/groups/{cast.group}").text
    assert "And to:" in page
    assert ">Laos<" in page
    assert "JENESYS2016 16th Batch" in browse(Cast.alice).get("/groups/laos").text  # and down again
    form = alice.get(f"/groups/{cast.group}/settings/place").text
    assert form.count("checked") == 1
    assert alice.post(f"/groups/{cast.group}/settings/place", {"parent": "", "further": "laos"}).status_code == 303
    assert paths(read)[cast.group] == ["laos", "umbrella"]
    assert read(sa.select(FurtherParent.group_id)) != []
    assert put(alice, cast.group).status_code == 200
    assert paths(read)[cast.group] == []


def test_a_circle_is_refused_and_nothing_is_changed(cast, browse, read, tree):
    alice, before = browse(Cast.alice), paths(read)
    for place in ({"parent": "chapter"}, {"parent": "laos"}, {"parent": "umbrella", "further": ["chapter"]}):
        answer = put(alice, "laos", **place)
        assert answer.status_code == 422, place
        assert answer.json["fields"]
    assert put(alice, "laos", parent="nowhere").status_code == 422
    page = alice.post("/groups/laos/settings/place", {"parent": "chapter"})
    assert page.status_code == 422
    assert "Choose one from the list" in page.text
    assert paths(read) == before


def test_two_moves_at_once_make_no_circle(alone):
    """Each of them alone is fine; together they would be a ring."""
    with alone.app_context():
        ids = {name: builders.make_group(name, slug=name, kind="association").id for name in "abcdefgh"}
        db.session.commit()

    def move(pair):
        one, other = (db.session.get_one(Group, ids[name]) for name in pair)
        try:
            actions.move_group(actor=ADMIN, group=one, parent=other, further=[])
        except Invalid as error:
            return error.problem
        return "moved"

    for _ in range(3):
        pairs = [(a, b) for a in "abcdefgh" for b in "abcdefgh" if a != b]
        random.shuffle(pairs)
        answers = at_once(alone, move, pairs)
        assert set(answers) <= {"moved", "cycle"}
        assert "cycle" in answers
        with alone.app_context():
            assert_paths_are_right()


def assert_paths_are_right():
    """The table of paths says what the parents say, and nobody is above themselves."""
    parents: dict[int, set[int]] = {
        id: {parent} if parent else set()
        for id, parent in db.session.execute(sa.select(Group.id, Group.parent_id)).tuples()
    }
    for further in db.session.scalars(sa.select(FurtherParent)):
        parents[further.group_id].add(further.parent_id)
    expected = {}
    for start in parents:
        level, depth = {start}, 0
        while level:
            for id in level:
                expected.setdefault((id, start), depth)
            assert not (depth and start in level)
            level, depth = {up for id in level for up in parents[id]}, depth + 1
    rows = db.session.execute(sa.select(GroupPath.ancestor_id, GroupPath.descendant_id, GroupPath.depth))
    assert {(row[0], row[1]): row[2] for row in rows} == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_of_moves_leaves_the_right_paths(model_app, data):
    with model_app.app_context():
        ids = list(db.session.scalars(sa.select(Group.id).order_by(Group.id)))
        for _ in range(12):
            group, parent, *further = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=4, unique=True))
            groups = [db.session.get_one(Group, id) for id in (group, parent, *further)]
            try:
                place = {"parent": groups[1] if data.draw(st.booleans()) else None, "further": groups[2:]}
                actions.move_group(actor=ADMIN, group=groups[0], **place)
                db.session.commit()
            except Invalid:
                db.session.rollback()
        assert_paths_are_right()


@pytest.fixture
def model_app(app):
    with app.app_context():
        for name in "abcdefghij":
            builders.make_group(name, slug=name, kind="association")
        db.session.commit()
    return app


def test_a_former_address_leads_on(cast, browse, read, tree):
    alice = browse(Cast.alice)
    setup = alice.get("/api/v1/groups/laos/settings").json
    assert alice.send("/api/v1/groups/laos/settings", setup | {"slug": "lao-alumni"}, method="PUT").status_code == 200
    answer = alice.get("/groups/laos/about?lang=ja")
    assert (answer.status_code, answer.location) == (308, "/groups/lao-alumni/about?lang=ja")
    assert alice.get("/api/v1/groups/laos").location == "/api/v1/groups/lao-alumni"
    assert browse("").get("/groups/laos").status_code == 308
    # A group never takes an address that leads to another one, and a group may have its own again.
    other = alice.get("/api/v1/groups/vietnam/settings").json
    for slug in ("laos", "lao-alumni", "new", "proposals"):
        answer = alice.send("/api/v1/groups/vietnam/settings", other | {"slug": slug}, method="PUT")
        assert answer.status_code == 422
        assert answer.json["fields"]["slug"]
    assert alice.send("/api/v1/groups/lao-alumni/settings", setup | {"slug": "laos"}, method="PUT").status_code == 200
    assert alice.get("/groups/lao-alumni").location == "/groups/laos"
    assert alice.get("/groups/laos").status_code == 200
    # What is seen by its own alone does not say that it was there.
    hidden = setup | {"slug": "hidden", "visibility": "own"}
    assert alice.send("/api/v1/groups/laos/settings", hidden, method="PUT").status_code == 200
    assert browse("").get("/groups/laos").status_code == 404
    assert browse(Cast.nia).get("/groups/laos").status_code == 404


def test_who_may_not_move_a_group(cast, browse, read, tree):
    before = paths(read)
    expected = {Cast.nia: 403, Cast.carol: 403, Cast.mallory: 403, Cast.otto: 403, Cast.mona: 403, Cast.sue: 403}
    for who, status in expected.items():
        assert put(browse(who), "laos", parent="vietnam").status_code == status, who
        assert browse(who).get("/groups/laos/settings/place").status_code == 403
    assert put(browse(""), "laos", parent="vietnam").status_code == 401
    # Bob organises the chapter, and nothing else: he may neither take it away nor put it elsewhere.
    bob = browse(Cast.bob)
    assert put(bob, "chapter").status_code == 403
    assert put(bob, "chapter", parent="vietnam").status_code == 422  # not among those that he organises
    assert paths(read) == before


def test_making_and_proposing(cast, browse, read, tree):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    new = {
        "kind": "interest",
        "name": "Karaoke of Vientiane",
        "about": "We sing.",
        "country": "LA",
        "once": "karaoke001",
    }
    # Whoever is in the group above proposes; whoever runs it decides.
    assert bob.post("/groups/new?parent=chapter", new | {"name": ""}).status_code == 422
    proposed = browse(Cast.carol).send("/api/v1/groups?parent=chapter", new)
    assert proposed.status_code == 403
    assert alice.send("/api/v1/groups?parent=laos", new).status_code == 201
    made = alice.get("/api/v1/groups/karaoke-of-vientiane").json
    assert (made["above"], made["my_role"], made["join_policy"]) == (["umbrella", "laos"], "organiser", "request")
    assert paths(read)["karaoke-of-vientiane"] == ["laos", "umbrella"]


def test_a_proposal_is_decided_once_and_told(cast, browse, read, app):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    new = {"kind": "chapter", "name": "ວຽງຈັນ", "about": "People of Vientiane.", "country": "LA", "once": new_key()}
    path = f"/groups/new?parent={cast.group}"
    assert "Propose a group" in bob.get(path).text
    assert bob.post(path, new).status_code == bob.post(path, new).status_code == 303  # sent twice, proposed once
    (proposal,) = bob.get("/api/v1/groups/proposals").json["items"]
    assert (proposal["state"], proposal["parent"]) == ("waiting", cast.group)
    key = proposal["key"]
    assert "ວຽງຈັນ" in alice.get("/groups/proposals").text
    # Not one's own, and nobody who does not run the group above.
    assert bob.post(f"/groups/proposals/{key}/approve").status_code == 403
    for who in (Cast.carol, Cast.mallory, Cast.otto, Cast.nia):
        assert browse(who).post(f"/groups/proposals/{key}/approve").status_code == 404, who
    assert browse("").get("/groups/proposals").status_code == 303
    assert alice.post(f"/groups/proposals/{key}/decline", {"reason": ""}).status_code == 422
    answer = alice.post(f"/groups/proposals/{key}/approve")
    assert answer.status_code == 303
    assert alice.post(f"/groups/proposals/{key}/approve").status_code == 409
    assert alice.send(f"/api/v1/groups/proposals/{key}/decline", {"reason": "Late"}).status_code == 409
    group = bob.get(f"/api/v1{answer.location}").json
    assert (group["my_role"], group["above"], group["name"]) == ("organiser", [cast.group], "ວຽງຈັນ")
    # No more than three at once.
    for n in range(3):
        assert bob.post(path, new | {"once": new_key(), "name": f"Another {n}"}).status_code == 303
    assert bob.post(path, new | {"once": new_key(), "name": "One more"}).status_code == 409
    waiting = [one["key"] for one in bob.get("/api/v1/groups/proposals").json["items"] if one["state"] == "waiting"]
    assert bob.post(f"/groups/proposals/{waiting[0]}/withdraw").status_code == 303
    answer = alice.send(f"/api/v1/groups/proposals/{waiting[1]}/decline", {"reason": "There is one already."})
    assert (answer.json["state"], answer.json["reason"]) == ("declined", "There is one already.")
    page = bob.get("/groups/proposals").text
    assert "There is one already." in page
    assert "Taken back" in page


def test_two_organisers_decide_at_once(alone):
    with alone.app_context():
        person = builders.make_member("Prop Oser")
        proposal = settings_actions.propose_group(
            actor=Viewer(id=person.account_id, is_verified=True),
            key="proposal01",
            parent=None,
            new=settings_actions.NewGroup("interest", "Once"),
        )
        key, admin = proposal.key, builders.make_account("admin@example.org").id
        db.session.commit()

    def decide(n):
        settings_actions.approve_proposal(actor=Viewer(id=admin, is_admin=True), key=key)
        return "made"

    answers = at_once(alone, decide, list(range(8)))
    assert sorted(answers) == ["made"] + ["proposal-decided"] * 7
    with alone.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Group).where(Group.name == "Once")) == 1


def test_at_the_top_an_admin_makes_and_the_verified_propose(cast, browse, read):
    new = {"kind": "association", "name": "Alumni of Bhutan", "about": "To be.", "country": "BT"}
    assert browse(Cast.sam).send("/api/v1/groups", new).status_code == 201
    assert browse(Cast.carol).send("/api/v1/groups", new).status_code == 202
    assert browse(Cast.nia).send("/api/v1/groups", new).status_code == 403
    assert browse(Cast.sue).send("/api/v1/groups", new).status_code == 403
    assert browse("").send("/api/v1/groups", new).status_code == 401
    proposal, _own = browse(Cast.sam).get("/api/v1/groups/proposals").json["items"]
    assert browse(Cast.sam).send(f"/api/v1/groups/proposals/{proposal['key']}/approve").status_code == 200
    assert {row.slug for row in read(sa.select(Group.slug).where(Group.name == new["name"]))} > {"alumni-of-bhutan"}
