"""The pages and lists of groups, by everybody of the cast."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.groups.models import Group, GroupKind, JoinPolicy, Membership, Visibility
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Member
from alumni.programmes.models import Bound, Cohort
from tests import builders
from tests.cast import Cast

OUTSIDERS = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona)
NAMES = ("Alice Phommasan", "ບຸນມີ ວົງສາ", "Sue Pended")


def words(response) -> str:
    return " ".join(response.get_data(as_text=True).split())


@pytest.fixture
def umbrella(app, cast):
    """AJAFA-21 > an association in Indonesia > a chapter; and groups that not everybody may know of."""
    with app.app_context():
        top = builders.make_group(
            "ASEAN-Japan Friendships Association for the 21st Century",
            kind=GroupKind.UMBRELLA,
            slug="ajafa-21",
            abbr="AJAFA-21",
            founded="1988",
            governance="headed by an Executive Council",
            size_published=2400,
            size_bound=Bound.ABOUT,
            website="https://example.org/ajafa",
            source="White Paper on Development Cooperation 2023",
        )
        below = builders.make_group(
            "Keluarga Alumni", kind=GroupKind.ASSOCIATION, parent=top, slug="kappija-21", country="ID"
        )
        builders.make_group("Pengda Bali", kind=GroupKind.CHAPTER, parent=below, slug="pengda-bali", country="ID")
        for_members = {"slug": "for-members", "visibility": Visibility.MEMBERS}
        builders.make_group("Writers", **for_members)
        builders.make_group("Secret", slug="secret", visibility=Visibility.OWN, join_policy=JoinPolicy.INVITATION)
        builders.join(_member(Cast.bob), db.session.query(Group).filter_by(slug="secret").one())
        db.session.commit()


def _member(email: str) -> Member:
    return db.session.scalars(
        sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == email)
    ).one()


def test_everybody_reads_a_list_and_nobody_outside_a_name(browse, cast, umbrella):
    for email in Cast.everybody:
        browser = browse(email)
        for path in ("/groups", "/cohorts", f"/groups/{cast.group}", f"/groups/{cast.group}/about", "/groups/ajafa-21"):
            response = browser.get(path)
            assert response.status_code == 200, (email, path)
            if email not in (Cast.alice, Cast.bob, Cast.sam):
                assert not any(name in words(response) for name in NAMES), (email, path)


def test_page_and_api_list_the_same(browse, cast, umbrella):
    for email in Cast.everybody:
        browser = browse(email)
        page = words(browser.get("/groups"))
        items = browser.get("/api/v1/groups").json["items"]
        slugs = {item["slug"] for item in items}
        everything = {cast.group, cast.other_group, "ajafa-21", "kappija-21", "pengda-bali", "for-members", "secret"}
        for slug in everything:
            assert (f'href="/groups/{slug}"' in page) == (slug in slugs), (email, slug)
        assert ("for-members" in slugs) == (email in (Cast.alice, Cast.bob, Cast.carol, Cast.mallory, Cast.sam))
        assert ("secret" in slugs) == (email in (Cast.bob, Cast.sam))
        for slug in everything:
            expected = 200 if slug in slugs else 404
            assert browser.get(f"/groups/{slug}").status_code == expected
            assert browser.get(f"/api/v1/groups/{slug}").status_code == expected


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("kind=umbrella", ["ajafa-21"]),
        ("kind=cohort", ["jenesys2016-batch-16", "jenesys2016-peace-2"]),
        ("programme=jenesys2016", ["jenesys2016-batch-16", "jenesys2016-peace-2"]),
        ("country=VN", ["jenesys2016-batch-16"]),
        ("country=ID", ["kappija-21", "pengda-bali"]),
        ("country=ID&kind=chapter", ["pengda-bali"]),
        ("year=2016&country=KH", ["jenesys2016-peace-2"]),
        ("q=AJAFA", ["ajafa-21"]),
        ("q=ÁSEAN friendships", ["ajafa-21"]),
        ("q=peace+BUILDING", ["jenesys2016-peace-2"]),
        ("q=%25", []),
        ("year=1999", []),
    ],
)
def test_filters(browse, cast, umbrella, query, slugs):
    browser = browse("")
    assert [item["slug"] for item in browser.get(f"/api/v1/groups?{query}").json["items"]] == slugs
    page = words(browser.get(f"/groups?{query}"))
    for slug in ("ajafa-21", "kappija-21", "pengda-bali", cast.group, cast.other_group):
        assert (f'href="/groups/{slug}"' in page) == (slug in slugs)


def test_cohorts_are_the_groups_of_kind_cohort(browse, cast, umbrella):
    page = words(browse("").get("/cohorts?kind=umbrella"))
    assert f"/groups/{cast.group}" in page
    assert "ajafa-21" not in page
    assert "/cohorts?country=VN" in page  # a choice that exists
    assert "country=JP" not in page


def test_what_finds_nothing_says_which_filter_to_leave_out(browse, cast, umbrella):
    page = words(browse("").get("/groups?country=ID&year=2016"))
    assert "No group matches all of this" in page
    assert 'href="/groups?year=2016">Country: <bdi>Indonesia' in page
    assert 'href="/groups?country=ID">Year: <bdi>2016' in page
    page = words(browse("").get("/groups?programme=jenesys2016&country=ID"))
    assert "Programme: <bdi>JENESYS2016" in page
    assert "Leaving out just one of them does not help" in words(browse("").get("/groups?country=JP&year=1999&q=zz"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "club"),
        ("programme", "no-such-programme"),
        ("country", "XX"),
        ("year", "-1"),
        ("year", "1" * 40),
        ("q", "a" * 100_000),
        ("q", "a\0b"),
        ("q", "\u202eabc"),
        ("q", b"\xff\xfe"),
        ("kind", "cohort\0"),
        ("programme", "\udcff"),
        ("after", "not-a-cursor"),
        ("after", "bnVsbA"),
    ],
)
def test_bad_filters(browse, cast, field, value):
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    query = {field: text} if not isinstance(value, bytes) and "\udcff" not in text else None
    path = "" if query else f"?{field}=%ff%fe"
    response = browse("").get(f"/api/v1/groups{path}", query_string=query)
    assert response.status_code == 422
    assert list(response.json["fields"]) == [field]
    response = browse("").get(f"/groups{path}", query_string=query)
    assert response.status_code == 422
    assert field == "after" or "There is a problem" in words(response)


def test_pages_of_a_long_list(browse, app, cast):
    with app.app_context():
        for number in range(60):
            builders.make_group(f"Club {number:02}")
        db.session.commit()
    browser, seen, after = browse(""), [], ""
    while after is not None:
        answer = browser.get(f"/api/v1/groups?kind=interest&limit=17&after={after}").json
        seen += [item["name"] for item in answer["items"]]
        after = answer["next"]
    assert seen == [f"Club {number:02}" for number in range(60)]
    page = words(browser.get("/groups?kind=interest"))
    assert "Club 24" in page
    assert "Club 25" not in page
    assert 'rel="next" href="/groups?kind=interest&amp;after=' in page


def test_what_the_page_of_a_group_says(browse, app, cast, umbrella):
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        cohort.head_count, cohort.head_count_bound = 46, Bound.ABOUT
        db.session.commit()
    page = words(browse("").get(f"/groups/{cast.group}"))
    assert "3 of about 46 people are here" in page
    assert 'Laos <span class="num">21</span>' in page
    assert "<bdi>JENESYS2016</bdi>" in page
    page = words(browse("").get("/groups/kappija-21"))
    assert 'href="/groups/ajafa-21"' in page
    assert 'href="/groups/pengda-bali"' in page
    assert "Members, as published: about 2,400 people" in words(browse("").get("/groups?q=ajafa"))
    page = words(browse("").get("/groups/ajafa-21/about"))
    assert "1988" in page
    assert "White Paper on Development Cooperation 2023" in page
    whole = browse("").get("/api/v1/groups/kappija-21").json
    assert (whole["above"], whole["below"], whole["my_state"]) == (["ajafa-21"], ["pengda-bali"], None)


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        (Cast.alice, "You organise this group."),
        (Cast.bob, "You are in this group."),
        (Cast.carol, "This group is for people who were in this cohort."),
        (Cast.mallory, "You are not in this group any more."),
        (Cast.nia, "Your participation is waiting to be verified."),
        (Cast.guest, "Were you there?"),
        (Cast.mona, "This group is for people who were in this cohort."),
    ],
)
def test_where_one_stands_is_said_in_words(browse, cast, email, sentence):
    assert sentence in words(browse(email).get(f"/groups/{cast.group}"))


def test_members_are_seen_by_those_inside_only(browse, cast):
    for email in (Cast.alice, Cast.bob, Cast.sam):
        browser = browse(email)
        page = words(browser.get(f"/groups/{cast.group}/members"))
        items = browser.get(f"/api/v1/groups/{cast.group}/members").json["items"]
        assert [item["name"] for item in items] == ["Sue Pended", "ບຸນມີ ວົງສາ", "Alice Phommasan"]
        assert all(item["name"] in page for item in items)
    for email in OUTSIDERS:
        response = browse(email).get(f"/groups/{cast.group}/members")
        assert response.status_code == 403
        assert "People in the group can do this." in words(response)
        assert browse(email).get(f"/api/v1/groups/{cast.group}/members").status_code == 403
    assert browse("").get(f"/groups/{cast.group}/members").status_code == 303
    assert browse("").get(f"/api/v1/groups/{cast.group}/members").status_code == 401
    assert browse(Cast.sue).get(f"/groups/{cast.group}/members").status_code == 403
    assert not any(name in words(browse(Cast.sue).get(f"/groups/{cast.group}")) for name in NAMES)
    assert browse(Cast.carol).get("/groups/no-such-group/members").status_code == 404


def test_whoever_is_blocked_or_not_listed_is_left_out(browse, app, cast):
    with app.app_context():
        mallory = db.session.get(Membership, (_member(Cast.mallory).account_id, _group_id(cast.group)))
        db.session.delete(mallory)
        db.session.flush()
        builders.join(_member(Cast.mallory), db.session.get_one(Group, _group_id(cast.group)))
        alice = _member(Cast.alice)
        alice.name_audience = Audience.ONLY_ME
        refresh_listings(alice)
        db.session.commit()
    for email, names in ((Cast.bob, {"Sue Pended", "ບຸນມີ ວົງສາ"}), (Cast.mallory, {"Sue Pended", "Mallory Black"})):
        for path in (f"/groups/{cast.group}", f"/groups/{cast.group}/members"):
            page = words(browse(email).get(path))
            assert {name for name in (*NAMES, "Mallory Black") if name in page} == names
        items = browse(email).get(f"/api/v1/groups/{cast.group}/members").json["items"]
        assert {item["name"] for item in items} == names


def _group_id(slug: str) -> int:
    return db.session.scalars(sa.select(Group.id).where(Group.slug == slug)).one()


def test_a_page_costs_few_queries(browse, app, cast, umbrella):
    for email, most in ((Cast.guest, 3), (Cast.alice, 6), (Cast.sam, 6)):
        browser = browse(email)
        paths = ["/groups", "/cohorts?country=JP", f"/groups/{cast.group}", f"/groups/{cast.group}/about"]
        if email:
            paths += [f"/groups/{cast.group}/members"]
        for path in paths:
            browser.get(path)
            assert count_queries(app, lambda path=path, browser=browser: browser.get(path)) <= most, (email, path)


def count_queries(app, run) -> int:
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    with app.app_context():
        engine = db.engines[None]
    sa.event.listen(engine, "before_cursor_execute", note)
    run()
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_lists_do_not_name_internal_numbers(browse, cast):
    text = json.dumps(browse(Cast.bob).get(f"/api/v1/groups/{cast.group}/members").json)
    assert "account_id" not in text
