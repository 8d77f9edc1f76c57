"""Writing one's own profile and choosing who sees it."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.models import Audience, Listing, Member, Offer
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
    browse(Cast.carol).post("/me/names", {"name": "Carol Sok-Chan"})
    assert {row.name for row in listings_of(read, Cast.carol)} == {"Carol Sok-Chan"}


def test_as_json(cast, browse, read, newcomer):
    browser = browse(newcomer)
    before = browser.get("/api/v1/me").json
    assert before["profile"] is None
    assert before["email"] == newcomer
    answer = browser.send("/api/v1/me", {"name": "田中 花子", "name_romanised": "Hanako Tanaka"}, method="PUT")
    assert answer.status_code == 200
    assert answer.json["profile"]["contact_audience"] == "only_me"
    # What is not sent stays, and what is sent empty becomes empty.
    browser.send("/api/v1/me", {"name_audience": "public", "city": "Kobe"}, method="PUT")
    browser.send("/api/v1/me", {"city": ""}, method="PUT")
    profile = browser.get("/api/v1/me").json["profile"]
    assert (profile["name"], profile["name_romanised"]) == ("田中 花子", "Hanako Tanaka")
    assert (profile["name_audience"], profile["city"]) == ("public", "")
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
        ("country", "XX"),
        ("country", "Laos"),
        ("city", "z" * 121),
        ("nationality", "XX"),
        ("community", "c" * 201),
        ("headline", "a\u2066b"),
        ("segment", "king"),
        ("work_field", "magic"),
        ("employer", "Ali\0ce"),
        ("bio", "b" * 5001),
        ("bio", "b" * 100_000),
        ("links", "javascript:alert(1)"),
        ("links", "data:text/html,x"),
        ("links", "https://good.example@evil.example/"),
        ("links", "https://[::1"),
        ("links", "https://"),
        ("links", "not a link"),
        ("links", "\n".join(f"https://example.org/{n}" for n in range(6))),
        ("links", "https://example.org/" + "x" * 300),
        ("contact", "c" * 301),
        ("born_on", "31.12.1999"),
        ("born_on", "1999-02-30"),
        ("born_on", "2999-01-01"),
        ("born_on", "1066-01-01"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, field, value):
    alice = browse(Cast.alice)
    before = profile_of(read, Cast.alice)
    page = alice.post("/me/profile", {"city": "Kept City", "bio": "Kept bio", field: value})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert ("Kept City" in page.text, "Kept bio" in page.text) == (field != "city", field != "bio")
    problem = alice.send("/api/v1/me", {"city": "Kept City", field: value}, method="PUT")
    assert problem.status_code == 422
    assert set(problem.json["fields"]) == {field}
    assert profile_of(read, Cast.alice) == before


def test_bytes_that_are_no_text(cast, browse, read):
    alice = browse(Cast.alice)
    body = f"csrf_token={alice.token()}&name=%ff%fe".encode()
    answer = alice.client.post("/me/names", data=body, content_type="application/x-www-form-urlencoded")
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


WHOLE = {
    "country": "LA",
    "city": "Vientiane",
    "nationality": "LA",
    "community": "Colonia Tovar",
    "headline": "Teacher",
    "segment": "teacher",
    "work_field": "education",
    "employer": "Lycée",
    "bio": "I *teach*.",
    "contact": "alice@example.org",
    "born_on": "1990-05-31",
}


def test_everything_is_kept(cast, browse):
    alice = browse(Cast.alice)
    links = "https://example.org/me\r\n\r\nexample.org/blog"
    assert alice.post("/me/profile", {**WHOLE, "links": links}).status_code == 303
    profile = alice.get("/api/v1/me").json["profile"]
    assert {name: profile[name] for name in WHOLE} == WHOLE
    assert profile["links"] == ["https://example.org/me", "https://example.org/blog"]
    page = alice.get("/me/profile").text
    assert all(value in page for value in ("Colonia Tovar", "I *teach*.", "1990-05-31", "https://example.org/blog"))
    # A choice can be taken back.
    alice.post("/me/profile", {**WHOLE, "segment": "", "born_on": ""})
    profile = alice.get("/api/v1/me").json["profile"]
    assert (profile["segment"], profile["born_on"], profile["links"]) == ("", "", [])


def test_everything_at_once_as_json(cast, browse):
    alice = browse(Cast.alice)
    lists = {
        "links": ["https://example.org/me"],
        "former_names": ["Alice One", "Alice Two"],
        "languages": [{"language": "ja", "level": "N2"}, {"language": "lo", "level": "native"}],
        "offers": ["mentoring"],
        "looks_for": ["job", "partner"],
    }
    sent = {
        **WHOLE,
        **lists,
        "name_reading": "アリス",
        "call_me": "Ali",
        "is_listed": False,
        "about_audience": "public",
    }
    answer = alice.send("/api/v1/me", sent, method="PUT")
    assert {name: answer.json["profile"][name] for name in sent} == sent
    # Nothing sent, nothing changed.
    answer = alice.send("/api/v1/me", {}, method="PUT")
    assert {name: answer.json["profile"][name] for name in sent} == sent
    empty = {name: [] for name in lists}
    answer = alice.send("/api/v1/me", empty, method="PUT")
    assert {name: answer.json["profile"][name] for name in empty} == empty


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"languages": "ja"}, "languages"),
        ({"languages": ["ja"]}, "languages"),
        ({"languages": [["ja", "N2"]]}, "languages"),
        ({"languages": [{"language": {"code": "ja"}}]}, "languages"),
        ({"languages": [{"language": "ja", "level": "fluent"}]}, "languages-0-level"),
        ({"languages": [{"language": "en", "level": "native"}, {"language": "th"}]}, "languages-1-level"),
        ({"languages": [{"language": "xx", "level": "good"}]}, "languages-0-language"),
        ({"languages": [{"language": "en", "level": "good"}] * 2}, "languages"),
        ({"languages": [{"language": "en", "level": "good"}] * 5000}, "languages"),
        ({"offers": ["flying"]}, "offers"),
        ({"offers": [{"slug": "mentoring"}]}, "offers"),
        ({"looks_for": ["x" * 10_000]}, "looks_for"),
        ({"links": [["https://example.org"]]}, "links"),
        ({"links": [{"url": "https://example.org"}]}, "links"),
        ({"former_names": ["A", "x" * 201]}, "former_names"),
    ],
)
def test_json_of_a_wrong_shape(cast, browse, body, field):
    alice = browse(Cast.alice)
    before = alice.get("/api/v1/me").json["profile"]
    answer = alice.send("/api/v1/me", body, method="PUT")
    assert (answer.status_code, set(answer.json["fields"])) == (422, {field})
    assert alice.get("/api/v1/me").json["profile"] == before


def test_ten_megabytes_are_refused_whole(cast, browse, read):
    answer = browse(Cast.alice).post("/me/profile", {"bio": "b" * 10_000_000})
    assert answer.status_code in (413, 422)
    assert read(sa.select(Member.bio).join(Account).where(Account.email == Cast.alice)) == [("",)]


def test_languages_and_offers(cast, browse):
    alice = browse(Cast.alice)
    sent = {
        "languages-0-language": "ja", "languages-0-level": "N1",
        "languages-1-language": "", "languages-1-level": "",
        "languages-2-language": "lo", "languages-2-level": "native",
        "offers": ["mentoring", "hosting"], "looks_for": "job",
    }  # fmt: skip
    assert alice.post("/me/languages", sent).status_code == 303
    profile = alice.get("/api/v1/me").json["profile"]
    assert profile["languages"] == [{"language": "ja", "level": "N1"}, {"language": "lo", "level": "native"}]
    assert (profile["offers"], profile["looks_for"]) == (["mentoring", "hosting"], ["job"])
    page = alice.get("/me/languages").text
    assert '<option selected value="ja">' in page
    assert '<input checked id="offers-1" name="offers" type="checkbox" value="mentoring">' in page


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"languages-0-language": "ja", "languages-0-level": "good"}, "languages-0-level"),
        ({"languages-0-language": "en", "languages-0-level": "N1"}, "languages-0-level"),
        ({"languages-0-language": "en"}, "languages-0-level"),
        ({"languages-0-level": "good"}, "languages-0-language"),
        ({"languages-0-language": "klingon", "languages-0-level": "good"}, "languages-0-language"),
        ({"offers": "flying"}, "offers-0"),
    ],
)
def test_a_wrong_language_is_shown_where_it_is(cast, browse, sent, where):
    alice = browse(Cast.alice)
    kept = {"languages-1-language": "th", "languages-1-level": "basic"}
    page = alice.post("/me/languages", {**kept, **sent})
    assert (page.status_code, f'href="#{where}"' in page.text) == (422, True)
    assert '<option selected value="th">' in page.text
    assert alice.get("/api/v1/me").json["profile"]["languages"] == []


def test_what_is_not_offered_any_more_stays_with_who_had_chosen_it(app, cast, browse):
    alice, carol = browse(Cast.alice), browse(Cast.carol)
    alice.send("/api/v1/me", {"offers": ["job"]}, method="PUT")
    with app.app_context():
        db.session.execute(sa.update(Offer).where(Offer.slug == "job").values(is_retired=True))
        db.session.commit()
    assert "Jobs and internships" in alice.get("/me/languages").text
    assert "Jobs and internships" not in carol.get("/me/languages").text
    assert alice.send("/api/v1/me", {"offers": ["job", "hosting"]}, method="PUT").status_code == 200
    assert carol.send("/api/v1/me", {"offers": ["job"]}, method="PUT").status_code == 422


def test_own_pages_are_for_who_is_signed_in_and_has_a_name(cast, browse, newcomer):
    guest, new, sue = browse(Cast.guest), browse(newcomer), browse(Cast.sue)
    for path in ("/me/names", "/me/languages", "/me/career", "/me/career/new"):
        assert guest.get(path).location == f"/login?next={path}"
        assert new.get(path).location == f"/me/profile?next={path}"
        assert sue.get(path).status_code == (403 if path.endswith("new") else 200), path
    assert new.post("/me/languages", {"offers": "job"}).status_code == 409
    for path in ("/me/names", "/me/languages", "/me/career/new"):
        assert guest.post(path, {"name": "x"}).status_code in (303, 401), path
        assert sue.post(path, {"name": "x"}).status_code == 403, path
