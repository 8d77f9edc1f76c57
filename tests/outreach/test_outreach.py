"""Outreach: noting it, who reads it, what it adds up to, and what leaves the house."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.tokens import new_keys
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.members.models import Audience
from alumni.outreach import actions
from alumni.outreach.actions import OutreachDraft
from alumni.outreach.models import OutreachEntry, OutreachKind, OutreachSum
from tests import builders
from tests.cast import Cast
from tests.groups.test_pages import count_queries, words
from tests.groups.test_race import at_once
from tests.posts.conftest import group, member

TALK = {
    "kind": "talk", "title": "Winter in Hokkaido", "held_on": "2026-03-31", "country": "LA", "place": "Vientiane",
    "link": "example.org/talk", "reached": "40", "reached_bound": "about", "words": "They asked about *snow*.",
}  # fmt: skip
SUMS = sa.select(
    OutreachSum.year,
    OutreachSum.country,
    OutreachSum.kind,
    OutreachSum.entries,
    OutreachSum.reached,
    OutreachSum.about,
    OutreachSum.more_than,
    OutreachSum.uncounted,
).order_by(OutreachSum.year, OutreachSum.country, OutreachSum.kind)


def note(browser, cast, **changes) -> str:
    made = browser.send("/api/v1/me/outreach", TALK | {"group": cast.group} | changes)
    assert made.status_code == 201, made.text
    return made.json["key"]


def titles(browser, slug: str) -> list[str]:
    return [item["title"] for item in browser.get(f"/api/v1/groups/{slug}/outreach").json["items"]]


def test_what_somebody_told_is_in_their_list_in_the_group_and_in_the_sums(browse, cast, read):
    bob = browse(Cast.bob)
    form = bob.get("/me/outreach/new")
    assert form.status_code == 200
    assert f'<option selected value="{cast.group}">' in form.text  # the cohort is meant until one says otherwise
    once = TALK | {"once": "2345abcdef", "group": cast.group, "audience": "groups"}
    for _twice in range(2):
        sent = bob.post("/me/outreach/new", once)
        assert (sent.status_code, sent.location) == (303, "/me/outreach")
    assert read(SUMS) == [(2025, "LA", "talk", 1, 40, 1, 0, 0)]  # the last day of March is in the year before
    mine = words(bob.get("/me/outreach"))
    assert "Winter in Hokkaido" in mine
    assert "about 40 people" in mine
    assert 'href="https://example.org/talk"' in mine
    assert "<em>snow</em>" in mine
    seen = words(browse(Cast.alice).get(f"/groups/{cast.group}/outreach"))
    assert "Winter in Hokkaido" in seen
    assert "ບຸນມີ ວົງສາ" in seen
    assert "fiscal year 2025 (April 2025 to March 2026)" in seen
    everybody = words(browse("").get("/outreach"))
    assert "JENESYS2016" in everybody
    assert "about 40 people" in everybody
    for private in ("Winter in Hokkaido", "ບຸນມີ", "Bounmy"):
        assert private not in everybody
        assert private not in words(browse("").get(f"/groups/{cast.group}/outreach"))


def test_who_keeps_it_to_themselves_counts_without_a_name(browse, cast, read):
    bob = browse(Cast.bob)
    note(bob, cast, audience="only_me", title="My own evening")
    assert titles(browse(Cast.alice), cast.group) == []
    assert "My own evening" not in browse(Cast.alice).get(f"/groups/{cast.group}/outreach").text
    assert titles(bob, cast.group) == ["My own evening"]
    assert read(SUMS) == [(2025, "LA", "talk", 1, 40, 1, 0, 0)]


def test_what_counts_for_no_group_is_in_no_sum(browse, cast, read):
    note(browse(Cast.bob), cast, group="", title="For myself")
    assert read(SUMS) == []
    assert read(sa.select(OutreachEntry.audience)) == [(Audience.ONLY_ME,)]
    assert titles(browse(Cast.alice), cast.group) == []
    assert "It stands in your own list alone." in browse(Cast.bob).get("/me/outreach").text


def test_an_organiser_notes_for_the_group_and_corrects_it(browse, cast, read):
    alice = browse(Cast.alice)
    sent = alice.post(f"/groups/{cast.group}/outreach/new", TALK | {"title": "Our exhibition", "kind": "exhibition"})
    assert (sent.status_code, sent.location) == (303, f"/groups/{cast.group}/outreach")
    page = words(browse(Cast.bob).get(f"/groups/{cast.group}/outreach"))
    assert "Our exhibition" in page
    assert "By the group" in page
    assert "Alice Phommasan" not in page
    key = read(sa.select(OutreachEntry.key))[0].key
    assert "Our exhibition" in alice.get(f"/outreach/{key}/edit").text
    assert browse(Cast.bob).get(f"/outreach/{key}/edit").status_code == 403
    assert browse(Cast.bob).post(f"/outreach/{key}/remove").status_code == 403
    changed = {"title": "Our exhibition", "kind": "exhibition", "reached": "1200", "reached_bound": "more_than"}
    assert alice.post(f"/outreach/{key}/edit", TALK | changed).status_code == 303
    assert read(SUMS) == [(2025, "LA", "exhibition", 1, 1200, 0, 1, 0)]
    assert "more than 1,200 people" in words(browse("").get(f"/groups/{cast.group}/outreach"))
    assert alice.post(f"/outreach/{key}/remove").location == f"/groups/{cast.group}/outreach"
    assert read(SUMS) == [(2025, "LA", "exhibition", 0, 0, 0, 0, 0)]
    log = read(sa.select(AuditLine.action).where(AuditLine.subject == f"outreach:{key}").order_by(AuditLine.id))
    assert [line.action for line in log] == ["outreach.change", "outreach.remove"]
    assert "All of them together" not in browse("").get("/outreach").text  # a sum of nothing is not shown


def test_sums_follow_what_is_moved_and_taken_back(browse, cast, read):
    bob = browse(Cast.bob)
    key = note(bob, cast)
    note(bob, cast, title="An article", kind="article", reached="", held_on="2026-04-01", country="")
    moved = bob.send(f"/api/v1/outreach/{key}", {"held_on": "2026-04-01", "country": "JP"}, method="PUT")
    assert (moved.status_code, moved.json["fiscal_year"], moved.json["title"]) == (200, 2026, "Winter in Hokkaido")
    kept = [row for row in read(SUMS) if row.entries]
    assert kept == [(2026, "", "article", 1, 0, 0, 0, 1), (2026, "JP", "talk", 1, 40, 1, 0, 0)]
    by = browse("").get("/api/v1/outreach/sums?by=country").json["items"]
    assert [(row["slug"], row["entries"], row["reached"], row["uncounted"]) for row in by] == [
        ("", 1, 0, 1),
        ("JP", 1, 40, 0),
    ]
    assert bob.send(f"/api/v1/outreach/{key}", {"group": ""}, method="PUT").status_code == 200
    assert [row for row in read(SUMS) if row.entries] == kept[:1]
    assert bob.send(f"/api/v1/outreach/{key}", method="DELETE").status_code == 204
    assert bob.send(f"/api/v1/outreach/{key}", method="DELETE").status_code == 404
    assert len(read(sa.select(OutreachEntry.id))) == 1


def test_sums_are_narrowed_by_programme_with_what_is_below_it(browse, app, cast):
    note(browse(Cast.bob), cast)
    with app.app_context():
        series = builders.make_programme("jenesys", year_from=2007)
        builders.make_programme("abe", year_from=2014)
        edition = group(cast.group).programme_id
        db.session.execute(sa.text("UPDATE programmes SET parent_id = :above WHERE id = :id"),
                           {"above": series.id, "id": edition})  # fmt: skip
        db.session.commit()
    guest = browse("")
    assert len(guest.get("/api/v1/outreach/sums?programme=jenesys").json["items"]) == 1
    assert guest.get("/api/v1/outreach/sums?programme=abe").json["items"] == []
    assert guest.get("/api/v1/outreach/sums?year=2024").json["items"] == []
    assert [row["year"] for row in guest.get("/api/v1/outreach/sums?by=year&country=LA").json["items"]] == [2025]
    assert "Nothing noted yet" in guest.get("/outreach?year=2024").text


def test_officers_take_the_sums_of_their_scope_along(browse, app, cast, read):
    note(browse(Cast.bob), cast, title="=cmd()")
    note(browse(Cast.carol), cast, group=cast.other_group, country="KH", held_on="2026-05-01", reached_bound="exact")
    olga, otto = browse(Cast.olga).get("/outreach/sums.csv"), browse(Cast.otto).get("/outreach/sums.csv")
    rows = list(csv.reader(io.StringIO(olga.get_data().decode("utf-8-sig"))))
    assert [row[2:] for row in rows[1:]] == [
        ["2025", "Laos", "Talk", "1", "40", "1", "0", "0"],
        ["2026", "Cambodia", "Talk", "1", "40", "0", "0", "0"],
    ]
    assert "Laos" not in otto.text  # a mission reads what was told in its own country
    assert "Cambodia" in otto.text
    assert "cmd" not in olga.text
    assert [row.action for row in read(sa.select(AuditLine.action))].count("outreach.export") == 2
    assert browse(Cast.sam).get("/outreach/sums.csv").status_code == 200
    for who in (Cast.alice, Cast.bob, Cast.mona):
        assert browse(who).get("/outreach/sums.csv").status_code == 403
    assert browse("").get("/outreach/sums.csv").status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "speech"), ("title", ""), ("title", "x" * 301), ("title", "a\u202eb"), ("held_on", ""),
        ("held_on", "2026-02-30"), ("held_on", "2999-01-01"), ("held_on", "1949-12-31"), ("country", "XX"),
        ("link", "javascript:alert(1)"), ("link", "https://user@example.org"), ("link", "nowhere"), ("reached", "-1"),
        ("reached", "many"), ("reached", "100000001"), ("reached_bound", "perhaps"), ("group", "jenesys2016-peace-2"),
        ("audience", "public"), ("words", "x" * 5001),
    ],
)  # fmt: skip
def test_bad_input_is_refused_at_its_field(browse, cast, read, field, value):
    bob = browse(Cast.bob)
    answer = bob.send("/api/v1/me/outreach", TALK | {"group": cast.group, field: value})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    page = bob.post("/me/outreach/new", TALK | {"group": cast.group, "audience": "groups", field: value})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert read(sa.select(OutreachEntry.id)) == []


def test_nothing_is_noted_for_an_archived_group_and_what_is_there_stays(browse, app, cast, read):
    bob = browse(Cast.bob)
    key = note(bob, cast)
    with app.app_context():
        group(cast.group).archived_at = clock.now()
        db.session.commit()
    assert browse(Cast.alice).post(f"/groups/{cast.group}/outreach/new", TALK).status_code == 409
    assert bob.send("/api/v1/me/outreach", TALK | {"group": cast.group}).status_code == 422
    corrected = bob.post(f"/outreach/{key}/edit", TALK | {"title": "Snow", "group": cast.group, "audience": "groups"})
    assert corrected.status_code == 303
    assert read(sa.select(OutreachEntry.title)) == [("Snow",)]


def test_who_left_the_group_or_is_blocked_is_not_read_there(browse, app, cast):
    note(browse(Cast.bob), cast)
    with app.app_context():
        builders.join(member(Cast.mona), group(cast.group))
        db.session.execute(sa.text("UPDATE blocks SET blocked_id = :id"), {"id": member(Cast.mona).account_id})
        db.session.commit()
    assert titles(browse(Cast.mona), cast.group) == []
    assert titles(browse(Cast.alice), cast.group) == ["Winter in Hokkaido"]
    assert browse(Cast.bob).post(f"/groups/{cast.group}/leave", {"posts": "keep"}).status_code == 303
    assert titles(browse(Cast.alice), cast.group) == []
    assert "Winter in Hokkaido" in browse(Cast.bob).get("/me/outreach").text


def test_those_who_may_not_are_refused(browse, app, cast, read):
    key = note(browse(Cast.bob), cast)
    edit, remove = f"/outreach/{key}/edit", f"/outreach/{key}/remove"
    for who in (Cast.carol, Cast.mallory, Cast.nia, Cast.mona, Cast.olga, Cast.otto):
        assert browse(who).get(edit).status_code == 404
        assert browse(who).post(remove).status_code == 404
        assert browse(who).get(f"/api/v1/groups/{cast.group}/outreach").status_code == 403
        assert browse(who).post(f"/groups/{cast.group}/outreach/new", TALK).status_code == 403
        assert "Winter in Hokkaido" not in browse(who).get(f"/groups/{cast.group}/outreach").text
    assert browse(Cast.alice).get(edit).status_code == 403  # read, but it is Bob's
    assert browse(Cast.alice).send(f"/api/v1/outreach/{key}", method="DELETE").status_code == 403
    assert browse(Cast.olga).send("/api/v1/me/outreach", TALK | {"group": ""}).status_code == 409  # has no profile
    sue = browse(Cast.sue)
    assert sue.get("/me/outreach").status_code == 200
    assert sue.send("/api/v1/me/outreach", TALK | {"group": ""}).status_code == 403
    guest = browse("")
    for path in ("/me/outreach", "/me/outreach/new", edit, f"/groups/{cast.group}/outreach/new"):
        assert guest.get(path).status_code == 303
    with app.app_context():
        group(cast.group).visibility = "own"
        db.session.commit()
    assert guest.get(f"/groups/{cast.group}/outreach").status_code == 404
    assert browse(Cast.carol).get(f"/groups/{cast.group}/outreach").status_code == 404
    assert browse(Cast.carol).post(f"/groups/{cast.group}/outreach/new", TALK).status_code == 404
    assert len(read(sa.select(OutreachEntry.id))) == 1


def test_pages_are_few_statements(browse, app, cast):
    for number in range(30):
        note(browse(Cast.bob), cast, title=f"Talk {number}")
    for who, path, most in (
        (Cast.bob, "/me/outreach", 6),
        (Cast.alice, f"/groups/{cast.group}/outreach", 6),
        (Cast.alice, "/outreach", 6),
        ("", f"/groups/{cast.group}/outreach", 3),
        ("", "/outreach", 3),
    ):
        reader = browse(who)
        reader.get(path)
        assert count_queries(app, lambda path=path, reader=reader: reader.get(path)) <= most, path
    first = browse(Cast.alice).get(f"/api/v1/groups/{cast.group}/outreach").json
    rest = browse(Cast.alice).get(f"/api/v1/groups/{cast.group}/outreach?after={first['next']}").json
    assert len({item["key"] for item in first["items"] + rest["items"]}) == 30


@pytest.mark.alone
def test_what_is_noted_and_taken_back_at_once_is_all_counted(alone):
    with alone.app_context():
        circle, alice = builders.make_group("Circle"), builders.make_member("Alice")
        builders.join(alice, circle)
        group_id = circle.id
        db.session.commit()
        actor = Viewer(id=alice.account_id)
    draft = OutreachDraft(OutreachKind.TALK, "Snow", "2026-05-01", reached=10)

    def add(key: str) -> str:
        actions.note_own(actor=actor, draft=draft, key=key, group=db.session.get(Group, group_id))
        return "noted"

    def take_back(key: str) -> str:
        entry = db.session.query(OutreachEntry).filter_by(key=key).one_or_none()
        if entry is None:
            raise NotFound
        actions.remove_entry(actor=actor, entry=entry)
        return "gone"

    keys = new_keys(20)
    assert at_once(alone, add, keys * 2) == ["noted"] * 40
    outcome = at_once(alone, take_back, keys[:5] * 2)
    assert outcome.count("gone") == 5
    with alone.app_context():
        assert db.session.execute(sa.select(OutreachSum.entries, OutreachSum.reached)).all() == [(15, 150)]
