"""An administrator adds and edits programmes, editions and cohorts in the browser and by JSON. Nobody else does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.groups.models import Group, GroupPath, JoinPolicy
from alumni.programmes.models import Bound, Cohort, CohortCountry, Direction, Family, Programme, ProgrammeKind
from tests import builders

PROGRAMMES = "/admin/catalogue/programmes/new"
COHORTS = "/admin/catalogue/cohorts/new"


@pytest.fixture
def series(app, cast) -> str:
    """A series in the family of the cast's programme."""
    with app.app_context():
        builders.make_programme("jenesys-series", kind=ProgrammeKind.SERIES, short="JENESYS (2015-)")
        builders.add(Family(slug="abe", name="ABE Initiative"))
        db.session.commit()
    return "jenesys-series"


def edition(**changes):
    return {
        "once": new_key(),
        "kind": "edition",
        "family": "jenesys",
        "parent": "jenesys-series",
        "predecessor": "jenesys2016",
        "short": "JENESYS2025",
        "name": "JENESYS2025, Japan's Friendship Ties Programs",
        "aliases": "対日理解促進交流プログラム\nJENESYS 2025",
        "year_from": "2025",
        "year_to": "2026",
        "countries": ["LA", "TL"],
        "direction": "both",
        "agencies": "JICE",
        "source": "https://example.org/jenesys2025",
    } | changes


def cohort(**changes):
    return {
        "once": new_key(),
        "programme": "jenesys2016",
        "title": "JENESYS2016 In-bound Program (20th Batch)",
        "direction": "inbound",
        "from_on": "2017-02-14",
        "to_on": "2017-02-21",
        "batch": "20",
        "theme": "Science and technology",
        "countries": ["LA", "VN"],
        "head_count": "40",
        "head_count_bound": "about",
        "source": "https://example.org/20",
    } | changes


def shape(model):
    return sa.select(sa.func.count()).select_from(model)


# --- programmes


def test_an_edition_is_added_and_open_to_everybody_at_once(series, cast, browse, read):
    answer = browse(cast.sam).post(PROGRAMMES, edition())
    assert (answer.status_code, answer.location) == (303, "/programmes/jenesys2025")
    (made,) = read(sa.select(Programme).where(Programme.slug == "jenesys2025"))[0]
    assert (made.kind, made.year_from, made.year_to) == (ProgrammeKind.EDITION, 2025, 2026)
    assert (made.direction, made.countries, made.agencies) == (Direction.BOTH, ["LA", "TL"], ["JICE"])
    assert made.aliases == ["対日理解促進交流プログラム", "JENESYS 2025"]
    page = browse("").get("/programmes/jenesys2025").text
    assert "対日理解促進交流プログラム" in page
    assert "/programmes/jenesys2016" in page  # what it follows on
    assert "JENESYS2025" in browse("").get("/programmes/jenesys-series").text
    lines = read(sa.select(AuditLine.action, AuditLine.subject, AuditLine.actor_id != 0))
    assert lines == [("programme.add", "programme:jenesys2025", True)]


def test_sent_twice_it_is_one(series, cast, browse, read):
    form, sam = edition(), browse(cast.sam)
    assert sam.post(PROGRAMMES, form).location == sam.post(PROGRAMMES, form).location
    assert read(shape(Programme).where(Programme.short == "JENESYS2025")) == [(1,)]


def test_another_of_the_same_name_gets_an_address_of_its_own(series, cast, browse, read):
    browse(cast.sam).post(PROGRAMMES, edition())
    answer = browse(cast.sam).post(PROGRAMMES, edition(predecessor="", name="Another"))
    assert answer.location.startswith("/programmes/jenesys2025-")
    assert read(shape(Programme).where(Programme.short == "JENESYS2025")) == [(2,)]


def test_a_name_without_latin_letters_has_an_address(series, cast, browse):
    answer = browse(cast.sam).post(PROGRAMMES, edition(short="日系研修", predecessor=""))
    assert answer.status_code == 303
    assert browse("").get(answer.location).status_code == 200


def test_a_programme_is_edited_and_keeps_its_address(series, cast, browse, read):
    sam = browse(cast.sam)
    sam.post(PROGRAMMES, edition())
    page = sam.get("/admin/catalogue/programmes/jenesys2025/edit").text
    assert 'value="2025"' in page
    assert "対日理解促進交流プログラム" in page
    answer = sam.post("/admin/catalogue/programmes/jenesys2025/edit", edition(short="J25", theme="Peace"))
    assert answer.location == "/programmes/jenesys2025"
    assert read(sa.select(Programme.short, Programme.theme).where(Programme.slug == "jenesys2025")) == [
        ("J25", "Peace")
    ]
    facts = read(sa.select(AuditLine.facts).where(AuditLine.action == "programme.edit"))
    assert facts == [({"changed": ["short", "theme"]},)]


BAD_PROGRAMMES = [
    ({"family": "nobody"}, "family"),
    ({"family": ""}, "family"),
    ({"family": "abe"}, "parent"),  # its series is of another family
    ({"parent": "nowhere"}, "parent"),
    ({"parent": ""}, "parent"),
    ({"parent": "jenesys2016"}, "parent"),  # no series
    ({"kind": "course"}, "kind"),
    ({"predecessor": "nowhere"}, "predecessor"),
    ({"year_from": "2026", "year_to": "2025"}, "year_to"),
    ({"year_from": "-1"}, "year_from"),
    ({"year_from": "1" + "0" * 40}, "year_from"),
    ({"year_to": "soon"}, "year_to"),
    ({"short": ""}, "short"),
    ({"short": "J" * 100_000}, "short"),
    ({"name": "J" * 100_000}, "name"),
    ({"name": "JENESYS\u202e2025"}, "name"),
    ({"name": "JENESYS\x002025"}, "name"),
    ({"aliases": "x" * 301}, "aliases"),
    ({"aliases": "\n".join(map(str, range(40)))}, "aliases"),
    ({"countries": ["LA", "XX"]}, "countries"),
    ({"direction": "sideways"}, "direction"),
    ({"source": ""}, "source"),
]


@pytest.mark.parametrize(("changes", "field"), BAD_PROGRAMMES)
def test_a_bad_programme_is_refused_at_its_field_and_nothing_is_stored(series, cast, browse, read, changes, field):
    before = read(shape(Programme))
    answer = browse(cast.sam).post(PROGRAMMES, edition(theme="typed already", **changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "typed already" in answer.text
    assert "<title>Error:" in answer.text
    body = {name: value for name, value in edition(**changes).items() if name != "once"}
    by_json = browse(cast.sam).send("/api/v1/programmes", body)
    assert by_json.status_code == 422
    assert field in by_json.get_json()["fields"]
    assert read(shape(Programme)) == before
    assert read(shape(AuditLine)) == [(0,)]


def test_bytes_that_are_not_utf8_are_refused(series, cast, browse, read):
    sam = browse(cast.sam)
    raw = f"csrf_token={sam.token()}&short=%FF%FE&name=x&family=jenesys&kind=programme&source=s"
    answer = sam.client.post(PROGRAMMES, data=raw, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert 'id="short-error"' in answer.text


def test_a_line_never_forks_and_never_goes_in_circles(series, cast, browse, read):
    sam = browse(cast.sam)
    sam.post(PROGRAMMES, edition())
    fork = sam.post(PROGRAMMES, edition(short="JENESYS2026"))
    assert fork.status_code == 422
    assert "Another programme follows it already: JENESYS2025" in fork.text
    circle = {"kind": "programme", "parent": "", "predecessor": "jenesys2025", "short": "J16", "name": "J16"}
    answer = sam.post("/admin/catalogue/programmes/jenesys2016/edit", edition(**circle))
    assert answer.status_code == 422
    assert 'id="predecessor-error"' in answer.text
    below = edition(kind="series", parent="jenesys2025", predecessor="")
    answer = sam.post("/admin/catalogue/programmes/jenesys-series/edit", below)
    assert answer.status_code == 422
    assert 'id="parent-error"' in answer.text


# --- cohorts


def test_a_cohort_is_added_with_its_group(cast, browse, read):
    answer = browse(cast.sam).post(COHORTS, cohort())
    slug = "jenesys2016-in-bound-program-20th-batch"
    assert (answer.status_code, answer.location) == (303, f"/groups/{slug}")
    (made,) = read(sa.select(Cohort).where(Cohort.slug == slug))[0]
    assert (made.year, made.batch, made.head_count, made.head_count_bound) == (2016, 20, 40, Bound.ABOUT)
    countries = sa.select(CohortCountry.country).where(CohortCountry.cohort_id == made.id)
    assert sorted(read(countries)) == [("LA",), ("VN",)]
    (group,) = read(sa.select(Group).where(Group.cohort_id == made.id))[0]
    assert (group.join_policy, group.year, group.name) == (JoinPolicy.PARTICIPATION, 2016, made.title)
    assert read(sa.select(GroupPath.depth).where(GroupPath.descendant_id == group.id)) == [(0,)]
    assert "cohort.add" in {row.action for row in read(sa.select(AuditLine.action))}
    page = browse("").get("/programmes/jenesys2016").text
    assert "about 40 people" in page
    assert browse("").get(answer.location).status_code == 200


def test_a_cohort_sent_twice_is_one(cast, browse, read):
    form, sam = cohort(), browse(cast.sam)
    assert sam.post(COHORTS, form).location == sam.post(COHORTS, form).location
    assert read(shape(Cohort).where(Cohort.batch == 20)) == [(1,)]


def test_a_year_is_enough_where_no_day_is_known(cast, browse, read):
    browse(cast.sam).post(COHORTS, cohort(from_on="", to_on="", year="2016", countries=[]))
    assert read(sa.select(Cohort.year, Cohort.from_on).where(Cohort.batch == 20)) == [(2016, None)]


def test_an_edited_cohort_keeps_its_head_counts_and_its_group_follows(cast, browse, read):
    sam = browse(cast.sam)
    page = sam.get(f"/admin/catalogue/cohorts/{cast.cohort}/edit").text
    assert '<option selected value="LA">' in page
    form = cohort(title="The sixteenth", countries=["LA", "TH"], from_on="2017-05-01", to_on="2017-05-08")
    assert sam.post(f"/admin/catalogue/cohorts/{cast.cohort}/edit", form).location == f"/groups/{cast.group}"
    sent = sa.select(CohortCountry.country, CohortCountry.head_count).join(Cohort).where(Cohort.slug == cast.cohort)
    assert dict(read(sent)) == {"LA": 21, "TH": None}
    group = read(sa.select(Group.name, Group.year).where(Group.slug == cast.group))
    assert group == [("The sixteenth", 2017)]


def test_a_group_that_was_renamed_keeps_its_name(app, cast, browse, read):
    with app.app_context():
        db.session.execute(sa.update(Group).where(Group.slug == cast.group).values(name="Our own name"))
        db.session.commit()
    browse(cast.sam).post(f"/admin/catalogue/cohorts/{cast.cohort}/edit", cohort(title="The sixteenth"))
    assert read(sa.select(Group.name).where(Group.slug == cast.group)) == [("Our own name",)]


BAD_COHORTS = [
    ({"programme": "nowhere"}, "programme"),
    ({"edition": "nowhere"}, "edition"),
    ({"title": ""}, "title"),
    ({"title": "C" * 100_000}, "title"),
    ({"title": "a\u2066b"}, "title"),
    ({"title": "a\x00b"}, "title"),
    ({"direction": "both"}, "direction"),
    ({"from_on": "2017-02-31"}, "from_on"),
    ({"from_on": "14 February"}, "from_on"),
    ({"from_on": "２０１７-02-14"}, "from_on"),
    ({"from_on": "2017-02-22"}, "to_on"),
    ({"from_on": ""}, "to_on"),
    ({"from_on": "", "to_on": "", "year": ""}, "year"),
    ({"year": "2017"}, "year"),  # 14 February 2017 is fiscal 2016
    ({"countries": ["ZZ"]}, "countries"),
    ({"destination": "ZZ"}, "destination"),
    ({"head_count": "-1"}, "head_count"),
    ({"head_count": "9" * 41}, "head_count"),
    ({"head_count_bound": "roughly"}, "head_count_bound"),
    ({"source": ""}, "source"),
]


@pytest.mark.parametrize(("changes", "field"), BAD_COHORTS)
def test_a_bad_cohort_is_refused_at_its_field_and_nothing_is_stored(cast, browse, read, changes, field):
    before = read(shape(Cohort)), read(shape(Group))
    answer = browse(cast.sam).post(COHORTS, cohort(place="typed already", **changes))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "typed already" in answer.text
    body = {name: value for name, value in cohort(**changes).items() if name != "once"}
    by_json = browse(cast.sam).send("/api/v1/cohorts", body)
    assert by_json.status_code == 422
    assert field in by_json.get_json()["fields"]
    assert (read(shape(Cohort)), read(shape(Group))) == before


# --- JSON


def test_the_same_by_json(series, cast, browse, read):
    sam = browse(cast.sam)
    body = {name: value for name, value in edition(aliases=["One", "Two"]).items() if name != "once"}
    made = sam.send("/api/v1/programmes", body, headers={"Idempotency-Key": "k1"})
    again = sam.send("/api/v1/programmes", body, headers={"Idempotency-Key": "k1"})
    assert made.status_code == 201
    assert made.get_json() == again.get_json() == {"slug": "jenesys2025", "url": "/programmes/jenesys2025"}
    assert read(sa.select(Programme.aliases).where(Programme.slug == "jenesys2025")) == [(["One", "Two"],)]
    body = {name: value for name, value in cohort(programme="jenesys2025").items() if name != "once"}
    made = sam.send("/api/v1/cohorts", body)
    assert made.status_code == 201
    found = browse("").get("/api/v1/programmes/jenesys2025").get_json()
    assert [row["slug"] for row in found["cohorts"]] == [made.get_json()["slug"]]


@pytest.mark.parametrize("path", ["/api/v1/programmes", "/api/v1/cohorts"])
@pytest.mark.parametrize("body", [[], "text", 3])
def test_json_that_is_no_object(cast, browse, path, body):
    sam = browse(cast.sam)
    answer = sam.client.post(path, json=body, headers={"X-CSRFToken": sam.token()})
    assert answer.status_code == 422
    assert answer.get_json()["type"] == "not-an-object"


def test_json_of_a_wrong_shape_names_the_field(series, cast, browse, read):
    body = {name: value for name, value in edition(short={"a": 1}).items() if name != "once"}
    answer = browse(cast.sam).send("/api/v1/programmes", body)
    assert answer.status_code == 422
    assert "short" in answer.get_json()["fields"]


# --- who may not


def test_nobody_else(series, cast, browse, read):
    before = read(shape(Programme)), read(shape(Cohort))
    pages = (
        "/admin/catalogue",
        PROGRAMMES,
        COHORTS,
        "/admin/catalogue/programmes/jenesys2016/edit",
        f"/admin/catalogue/cohorts/{cast.cohort}/edit",
    )
    for email in cast.everybody:
        if email == cast.sam:
            continue
        browser = browse(email)
        for path in pages:
            assert browser.get(path).status_code == (403 if email else 303), (email, path)
        for path in pages[1:]:
            form = edition() if "programmes" in path else cohort()
            assert browser.post(path, form).status_code == (403 if email else 303), (email, path)
        for path, form in (("/api/v1/programmes", edition()), ("/api/v1/cohorts", cohort())):
            assert browser.send(path, form).status_code == (403 if email else 401), (email, path)
        assert "/admin/" not in browser.get("/programmes/jenesys2016").text
    assert (read(shape(Programme)), read(shape(Cohort))) == before
    assert browse(cast.sam).get("/admin/catalogue").status_code == 200
    assert "/admin/catalogue/programmes/jenesys2016/edit" in browse(cast.sam).get("/programmes/jenesys2016").text


def test_what_is_not_there_cannot_be_edited(cast, browse):
    for path in ("/admin/catalogue/programmes/nothing/edit", "/admin/catalogue/cohorts/nothing/edit"):
        assert browse(cast.sam).get(path).status_code == 404
        assert browse(cast.sam).post(path, edition()).status_code == 404


def test_a_form_from_elsewhere_is_refused(series, cast, browse, read):
    sam = browse(cast.sam)
    assert sam.client.post(PROGRAMMES, data=edition()).status_code == 400
    assert read(shape(Programme).where(Programme.short == "JENESYS2025")) == [(0,)]


def test_the_lists_offer_the_start_that_was_asked_for(series, cast, browse):
    page = browse(cast.sam).get(f"{PROGRAMMES}?family=jenesys&parent=jenesys-series&kind=edition").text
    assert '<option selected value="edition">' in page
    assert '<option selected value="jenesys-series">' in page
    assert (
        f'<option selected value="{cast.programme}">'
        in browse(cast.sam).get(f"{COHORTS}?programme={cast.programme}").text
    )
