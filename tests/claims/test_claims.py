"""Saying where one was: three choices, a claim, its page, and taking it back."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.groups.models import Group, Membership
from alumni.members.models import Audience, Participation
from tests import builders
from tests.cast import Cast


def claims_of(read, email):
    return read(
        sa.select(Participation.key, Participation.state, Participation.cohort_id, Participation.country)
        .join(Account, Account.id == Participation.account_id)
        .where(Account.email == email)
    )


def place_in_group(read, email, slug):
    return read(
        sa.select(Membership.state)
        .join(Group, Group.id == Membership.group_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.email == email, Group.slug == slug)
    )


def test_three_choices_lead_to_the_claim(cast, browse, newcomer):
    browser = browse(newcomer)
    assert 'href="/claims/new?family=jenesys"' in browser.get("/claims/new").text
    assert f'href="/claims/new?programme={cast.programme}"' in browser.get("/claims/new?family=jenesys").text
    step = browser.get(f"/claims/new?programme={cast.programme}").text
    assert 'name="country"' in step
    page = browser.get(f"/claims/new?programme={cast.programme}&country=LA").text
    assert "JENESYS2016 16th Batch" in page
    assert "Peace Building" not in page
    assert (
        "checked"
        in page.split(f'value="{cast.cohort}"')[0].rsplit("<input", 1)[1]
        + page.split(f'value="{cast.cohort}"')[1].split(">", 1)[0]
    )


def test_no_step_is_longer_than_one_can_read(app, cast, browse, newcomer):
    with app.app_context():
        programme = builders.make_programme("crowded", countries=["LA"])
        for number in range(45):
            builders.make_cohort(programme, title=f"Crowded {number:02}", year=2000 + number % 3)
        db.session.commit()
    browser = browse(newcomer)
    years = browser.get("/claims/new?programme=crowded&country=LA").text
    assert "Crowded 00" not in years
    assert "year=2001" in years
    page = browser.get("/claims/new?programme=crowded&country=LA&year=2001").text
    assert page.count('type="radio" value="cohort-') + page.count('name="cohort" type="radio"') >= 15
    assert "Crowded 00" not in page


def test_claiming_waits_and_asks_to_join(cast, browse, read, newcomer, claim):
    browser = browse(newcomer)
    answer = browser.post("/claims/new", claim)
    assert answer.status_code == 303
    ((key, state, _cohort, country),) = claims_of(read, newcomer)
    assert (state, country) == ("claimed", "LA")
    assert answer.location == f"/claims/{key}"
    assert place_in_group(read, newcomer, cast.group) == [("requested",)]
    page = browser.get(f"/claims/{key}").text
    assert "Waiting for an answer" in page
    assert "LESTARI Dewi" in page
    assert "Waiting for an answer" in browser.get("/me/participations").text
    assert [item["key"] for item in browser.get("/api/v1/participations").json["items"]] == [key]


def test_sending_twice_makes_one(cast, browse, read, newcomer, claim):
    browser, once = browse(newcomer), new_key()
    first = browser.post("/claims/new", {**claim, "once": once})
    second = browser.post("/claims/new", {**claim, "once": once})
    assert first.location == second.location
    assert len(claims_of(read, newcomer)) == 1
    # A new form for the same cohort is a second claim of the same thing.
    assert browser.post("/claims/new", claim).status_code == 409
    assert len(claims_of(read, newcomer)) == 1
    # Nobody makes a claim with the key of somebody else's.
    assert browse(Cast.carol).post("/claims/new", {**claim, "once": once}).status_code == 422


def test_a_group_that_is_not_listed(cast, browse, read, newcomer, claim):
    assert browse(newcomer).post("/claims/new", {**claim, "cohort": ""}).status_code == 303
    assert claims_of(read, newcomer)[0].cohort_id is None


def test_as_json(cast, browse, read, newcomer, claim):
    browser, headers = browse(newcomer), {"Idempotency-Key": "once"}
    first = browser.send("/api/v1/participations", claim, headers=headers)
    again = browser.send("/api/v1/participations", claim, headers=headers)
    assert (first.status_code, first.json["state"], first.json["cohort"]) == (201, "claimed", cast.cohort)
    assert again.json["key"] == first.json["key"]
    assert browser.get(f"/api/v1/participations/{first.json['key']}").json == first.json
    assert browser.send(f"/api/v1/participations/{first.json['key']}", method="DELETE").status_code == 204
    assert claims_of(read, newcomer) == []


def test_taking_a_claim_back(cast, browse, read, newcomer, claim):
    browser = browse(newcomer)
    path = browser.post("/claims/new", claim).location
    for email in (Cast.carol, Cast.nia, Cast.mona):
        assert browse(email).post(f"{path}/withdraw").status_code == 404
    assert browse(Cast.sam).post(f"{path}/withdraw").status_code == 403
    assert browser.post(f"{path}/withdraw").status_code == 303
    assert claims_of(read, newcomer) == []
    assert place_in_group(read, newcomer, cast.group) == [("left",)]
    assert browser.get(path).status_code == 404


def test_a_decided_claim_stays(cast, browse, read):
    (key, *_rest) = claims_of(read, Cast.bob)[0]
    assert browse(Cast.bob).post(f"/claims/{key}/withdraw").status_code == 409
    assert claims_of(read, Cast.bob)[0].state == "verified"


def test_who_reads_a_claim(cast, browse, read):
    key = claims_of(read, Cast.nia)[0].key
    for prefix in ("/claims/", "/api/v1/participations/"):
        assert browse(Cast.nia).get(prefix + key).status_code == 200
        assert browse(Cast.sam).get(prefix + key).status_code == 200
        for email in (Cast.alice, Cast.bob, Cast.carol, Cast.mallory, Cast.mona):
            assert browse(email).get(prefix + key).status_code == 404, email
            assert browse(email).get(prefix + "unknown234").status_code == 404
    assert browse(Cast.guest).get(f"/claims/{key}").location == f"/login?next=/claims/{key}"
    assert browse(Cast.guest).get(f"/api/v1/participations/{key}").status_code == 401
    sue = claims_of(read, Cast.sue)[0].key
    assert browse(Cast.sue).get(f"/claims/{sue}").status_code == 200


def test_somebody_removed_from_the_group_may_still_claim(app, cast, browse, read, claim):
    with app.app_context():
        db.session.execute(
            sa.delete(Participation).where(
                Participation.account_id == sa.select(Account.id).where(Account.email == Cast.mallory).scalar_subquery()
            )
        )
        db.session.commit()
    assert browse(Cast.mallory).post("/claims/new", claim).status_code == 303
    assert place_in_group(read, Cast.mallory, cast.group) == [("removed",)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("programme", "no-such-programme"),
        ("programme", ""),
        ("programme", "jene\0sys"),
        ("programme", "j" * 100_000),
        ("country", "XX"),
        ("country", "Lao"),
        ("cohort", "no-such-cohort"),
        ("cohort", "jenesys2016-peace-2"),
        ("cohort", "\0"),
        ("role", "king"),
        ("standing", "king"),
        ("host_town", "t" * 121),
        ("host_town", "a\u202eb"),
        ("name_as_printed", ""),
        ("name_as_printed", "n" * 201),
        ("name_as_printed", "a\u202eb"),
        ("note", "n" * 100_000),
        ("note", "a\0b"),
        ("number", "n" * 65),
        ("born_on", "yesterday"),
        ("born_on", "2999-01-01"),
        ("institution", "a\u202eb"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, newcomer, claim, field, value):
    browser = browse(newcomer)
    page = browser.post("/claims/new", {**claim, "name_as_printed": "Kept Name", field: value})
    assert page.status_code == 422
    assert f'href="#{field}' in page.text
    if field != "name_as_printed":
        assert "Kept Name" in page.text
    problem = browser.send("/api/v1/participations", {**claim, field: value})
    assert problem.status_code == 422
    assert set(problem.json["fields"]) == {field}
    assert claims_of(read, newcomer) == []


@pytest.mark.parametrize("body", [[], [{}], "x", 1])
def test_json_that_is_no_object(cast, browse, newcomer, body):
    assert browse(newcomer).send("/api/v1/participations", body).status_code == 422


@pytest.mark.parametrize("query", ["family=nope", "programme=nope", "programme=%00", "family=%00", "programme=%ff"])
def test_unknown_steps(cast, browse, newcomer, query):
    assert browse(newcomer).get(f"/claims/new?{query}").status_code == 404


@pytest.mark.parametrize("country", ["XX", "%00", "%ff", "lao"])
def test_unknown_country(cast, browse, newcomer, country):
    answer = browse(newcomer).get(f"/claims/new?programme={cast.programme}&country={country}")
    assert answer.status_code == 422


def test_standing_and_host_town_are_kept_and_shown(cast, browse, newcomer, claim):
    browser = browse(newcomer)
    plain = browser.send("/api/v1/participations", claim).json
    assert (plain["standing"], plain["host_town"]) == ("graduate", "")
    browser.send(f"/api/v1/participations/{plain['key']}", method="DELETE")
    where = browser.post("/claims/new", {**claim, "standing": "host", "host_town": "嬉野市"}).location
    page = browser.get(where).text
    assert "Host family or teacher" in page
    assert "嬉野市" in page
    desk = browse(Cast.sam).get(f"/desk/{where.rsplit('/', 1)[1]}").text
    assert "Host family or teacher" in desk
    assert "嬉野市" in desk


def test_who_may_not_claim(app, cast, browse, read, claim):
    with app.app_context():
        builders.make_account("bare@example.org")
        db.session.commit()
    bare = browse("bare@example.org")
    assert bare.get("/claims/new?family=jenesys").location == "/me/profile?next=/claims/new?family%3Djenesys"
    assert bare.post("/claims/new", claim).status_code == 409
    assert bare.send("/api/v1/participations", claim).json["type"] == "profile-needed"
    assert browse(Cast.guest).post("/claims/new", claim).status_code == 303
    assert browse(Cast.guest).send("/api/v1/participations", claim).status_code == 401
    assert browse(Cast.sue).post("/claims/new", claim).status_code == 403
    assert claims_of(read, "bare@example.org") == []


def test_a_claim_shows_in_no_list_of_people(app, cast, browse, newcomer, claim):
    browse(newcomer).post("/claims/new", {**claim, "name_as_printed": "Quillprinted", "note": "Quillnote"})
    with app.app_context():
        handle = db.session.scalar(sa.select(Account.handle).where(Account.email == newcomer))
    paths = ("/members", f"/members/{handle}", "/api/v1/members", f"/api/v1/members/{handle}", "/members?q=quill")
    group = (f"/groups/{cast.group}", f"/groups/{cast.group}/members", f"/api/v1/groups/{cast.group}/members")
    for email in Cast.everybody:
        answers = "".join(browse(email).get(path).text for path in (*paths, *group))
        assert "Quillprinted" not in answers, email
        assert "Quillnote" not in answers, email


def test_audience_is_not_widened_by_claiming(cast, browse, read, newcomer, claim):
    browse(newcomer).post("/claims/new", claim)
    assert Audience.PUBLIC not in [row.audience for row in read(_listings(newcomer))]


def _listings(email):
    from alumni.members.models import Listing

    return sa.select(Listing.audience).join(Account, Account.id == Listing.account_id).where(Account.email == email)
