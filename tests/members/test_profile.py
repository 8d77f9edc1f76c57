"""Writing one's own profile and choosing who sees it."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.models import Audience, Listing, Member
from tests import builders
from tests.cast import Cast

ONLY_ME = dict.fromkeys(("name_audience", "place_audience", "work_audience", "contact_audience"), "only_me")


@pytest.fixture
def newcomer(app):
    with app.app_context():
        builders.make_account("new@example.org")
        db.session.commit()
    return "new@example.org"


def profile_of(read, email):
    return read(
        sa.select(Member.name, Member.country, Member.name_audience)
        .join(Account, Account.id == Member.account_id)
        .where(Account.email == email)
    )


def listings_of(read, email):
    return read(
        sa.select(Listing.audience, Listing.name)
        .join(Account, Account.id == Listing.account_id)
        .where(Account.email == email)
        .order_by(Listing.audience)
    )


def test_the_first_visit_makes_a_member(cast, browse, read, newcomer):
    browser = browse(newcomer)
    assert "Who are you" in browser.get("/me/profile").text
    answer = browser.post("/me/profile?next=/claims/new", {"name": "  Dewi   Lestari ", "country": "ID"})
    assert (answer.status_code, answer.location) == (303, "/claims/new")
    assert profile_of(read, newcomer) == [("Dewi Lestari", "ID", Audience.MEMBERS)]
    assert listings_of(read, newcomer) == [("groups", "Dewi Lestari"), ("members", "Dewi Lestari")]


def test_the_way_on_never_leaves_the_site(cast, browse, newcomer):
    answer = browse(newcomer).post("/me/profile?next=//evil.example", {"name": "Dewi"})
    assert answer.location == "/claims/new"


def test_a_change_is_in_every_listing_at_once(cast, browse, read):
    browse(Cast.carol).post("/me/profile", {"name": "Carol Sok-Chan"})
    assert {row.name for row in listings_of(read, Cast.carol)} == {"Carol Sok-Chan"}


def test_as_json(cast, browse, read, newcomer):
    browser = browse(newcomer)
    before = browser.get("/api/v1/me").json
    assert before["profile"] is None
    assert before["email"] == newcomer
    answer = browser.send("/api/v1/me", {"name": "田中 花子", "name_romanised": "Hanako Tanaka"}, method="PUT")
    assert answer.status_code == 200
    assert answer.json["profile"]["contact_audience"] == "only_me"
    # An audience that is not sent stays; a text that is not sent is empty.
    browser.send("/api/v1/me", {"name": "田中 花子", "name_audience": "public"}, method="PUT")
    browser.send("/api/v1/me", {"name": "田中 花子"}, method="PUT")
    assert browser.get("/api/v1/me").json["profile"]["name_audience"] == "public"
    assert browser.get("/api/v1/me").json["profile"]["name_romanised"] == ""
    assert [row.audience for row in listings_of(read, newcomer)] == ["groups", "members", "public"]


def test_one_by_one(cast, browse, read):
    alice = browse(Cast.alice)
    answer = alice.post("/me/privacy", {**ONLY_ME, "name_audience": "groups"})
    assert answer.status_code == 303
    assert [row.audience for row in listings_of(read, Cast.alice)] == ["groups"]


def test_all_at_once_leaves_the_directory(cast, browse, read):
    browse(Cast.alice).post("/me/privacy", {"everything": "only_me"})
    assert listings_of(read, Cast.alice) == []
    assert "Alice" not in browse(Cast.carol).get("/members").text


def test_all_at_once_public_keeps_contact_with_members(cast, browse, read):
    browse(Cast.alice).post("/me/privacy", {"everything": "public"})
    assert read(sa.select(Member.contact_audience).join(Account).where(Account.email == Cast.alice)) == [("members",)]


def test_contact_cannot_be_made_public(cast, browse, read):
    alice = browse(Cast.alice)
    assert alice.post("/me/privacy", {**ONLY_ME, "contact_audience": "public"}).status_code == 422
    answer = alice.send("/api/v1/me", {"name": "Alice", "contact_audience": "public"}, method="PUT")
    assert answer.status_code == 422
    assert "contact_audience" in answer.json["fields"]
    assert profile_of(read, Cast.alice)[0].name == "Alice Phommasan"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 100_000),
        ("name", "Ali\0ce"),
        ("name", "Ali\u202ece"),
        ("name_romanised", "y" * 201),
        ("country", "XX"),
        ("country", "Laos"),
        ("city", "z" * 121),
        ("headline", "a\u2066b"),
        ("contact", "c" * 301),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, field, value):
    alice = browse(Cast.alice)
    before = profile_of(read, Cast.alice)
    page = alice.post("/me/profile", {"name": "Kept Name", "city": "Kept City", field: value})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    if field != "city":
        assert "Kept City" in page.text
    problem = alice.send("/api/v1/me", {"name": "Kept Name", field: value}, method="PUT")
    assert problem.status_code == 422
    assert set(problem.json["fields"]) == {field}
    assert profile_of(read, Cast.alice) == before


def test_bytes_that_are_no_text(cast, browse, read):
    alice = browse(Cast.alice)
    body = f"csrf_token={alice.token()}&name=%ff%fe".encode()
    answer = alice.client.post("/me/profile", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert profile_of(read, Cast.alice)[0].name == "Alice Phommasan"


@pytest.mark.parametrize("body", [[], [{"name": "x"}], "text", 7])
def test_json_that_is_no_object(cast, browse, body):
    assert browse(Cast.alice).send("/api/v1/me", body, method="PUT").status_code == 422


def test_a_nested_value_is_refused(cast, browse):
    answer = browse(Cast.alice).send("/api/v1/me", {"name": {"given": "A"}}, method="PUT")
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"name"})


def test_unknown_audience(cast, browse, read):
    answer = browse(Cast.alice).post("/me/privacy", {**ONLY_ME, "name_audience": "friends"})
    assert answer.status_code == 422
    assert "name_audience" in answer.text
    assert browse(Cast.alice).post("/me/privacy", {"everything": "friends"}).status_code == 422
    assert profile_of(read, Cast.alice)[0].name_audience == "members"


def test_without_a_profile_there_is_nothing_to_open(cast, browse, newcomer):
    browser = browse(newcomer)
    assert browser.get("/me/privacy").location == "/me/profile?next=/me/privacy"
    assert browser.post("/me/privacy", ONLY_ME).status_code == 409


def test_guests_sign_in_first(cast, browse):
    guest = browse(Cast.guest)
    for path in ("/me/profile", "/me/privacy", "/me/participations"):
        assert guest.get(path).location == f"/login?next={path}"
    assert guest.get("/api/v1/me").status_code == 401
    assert guest.send("/api/v1/me", {"name": "x"}, method="PUT").status_code == 401


def test_sue_reads_her_own_and_writes_nothing(cast, browse, read):
    sue = browse(Cast.sue)
    for path in ("/me/profile", "/me/privacy?as=public", "/me/participations", "/api/v1/me", "/api/v1/participations"):
        assert sue.get(path).status_code == 200, path
    assert sue.post("/me/profile", {"name": "New"}).status_code == 403
    assert sue.post("/me/privacy", ONLY_ME).status_code == 403
    assert sue.send("/api/v1/me", {"name": "New"}, method="PUT").status_code == 403
    assert profile_of(read, Cast.sue)[0].name == "Sue Pended"


@pytest.mark.parametrize(
    "name", ["\u200b", "\u2060\u00ad", "\u3164", "\u115f\u1160", "\u2800", "--", "A" + "\u0301\u0316" * 4]
)
def test_a_name_that_cannot_be_read(cast, browse, read, newcomer, name):
    browser = browse(newcomer)
    page = browser.post("/me/profile", {"name": name, "city": "Bogor"})
    assert (page.status_code, 'href="#name"' in page.text, "Bogor" in page.text) == (422, True, True)
    sent = browser.send("/api/v1/me", {"name": name}, method="PUT")
    assert (sent.status_code, [*sent.json["fields"]]) == (422, ["name"])
    romanised = browser.post("/me/profile", {"name": "Dewi", "name_romanised": name})
    assert (romanised.status_code, 'href="#name_romanised"' in romanised.text) == (422, True)
    assert profile_of(read, newcomer) == []


@pytest.mark.parametrize("name", ["ကြော့", "လျှော့", "ស្រីមុំ", "กิ่งแก้ว", "ބުންމީ", "X", "3", "山田 太郎", "Nguyễn"])
def test_names_of_every_script(cast, browse, read, newcomer, name):
    assert browse(newcomer).post("/me/profile", {"name": name}).status_code == 303
    assert len(profile_of(read, newcomer)) == 1
