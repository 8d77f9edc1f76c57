"""Names as data: in every script, whole, as their owners write them."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.members.models import Listing, Member
from tests.cast import Cast

NAMES = {
    "name": "ດາວເຮືອງ ວົງສາ",
    "name_romanised": "Daoheuang Vongsa",
    "name_reading": "ダオフアン ヴォンサー",
    "family_name": "Vongsa",
    "call_me": "Dao",
    "former_names": "Dao Phommachanh\nDao P.",
}
COLUMNS = [getattr(Member, name) for name in NAMES]


def names_of(read, email):
    [row] = read(sa.select(*COLUMNS).join(Account, Account.id == Member.account_id).where(Account.email == email))
    return dict(zip(NAMES, row, strict=True))


def test_all_of_them_are_kept(cast, browse, read):
    alice = browse(Cast.alice)
    assert alice.post("/me/names", NAMES).status_code == 303
    assert names_of(read, Cast.alice) == NAMES
    page = alice.get("/me/names").text
    assert all(value.split("\n")[0] in page for value in NAMES.values())


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Suharto", ""),
        ("Suharto", "Suharto"),
        ("García Márquez Gabriel", "García Márquez"),
        ("Maria da Silva e Souza", "da Silva e Souza"),
        ("田中 花子", "田中"),
        ("Nguyễn Thị Minh Anh", "Nguyễn"),
    ],
)
def test_one_name_or_many_words(cast, browse, read, name, family):
    alice = browse(Cast.alice)
    assert alice.post("/me/names", {"name": name, "family_name": family}).status_code == 303
    assert names_of(read, Cast.alice)["family_name"] == family


def test_a_family_name_of_the_romanised_form(cast, browse):
    sent = {"name": "田中 花子", "name_romanised": "Hanako Tanaka", "family_name": "Tanaka"}
    assert browse(Cast.alice).post("/me/names", sent).status_code == 303


def test_a_reading_is_kana_of_any_width(cast, browse, read):
    alice = browse(Cast.alice)
    for typed, kept in (
        ("たなか はなこ", "たなか はなこ"),
        ("ﾀﾅｶ　ﾊﾅｺ", "タナカ ハナコ"),
        ("ジョン・スミス", "ジョン・スミス"),
    ):
        assert alice.post("/me/names", {"name": "Alice", "name_reading": typed}).status_code == 303, typed
        assert names_of(read, Cast.alice)["name_reading"] == kept


def test_names_that_are_shown_with_the_name_are_found_by_it(cast, browse):
    alice, carol = browse(Cast.alice), browse(Cast.carol)
    alice.post("/me/names", NAMES)
    assert [p["name"] for p in carol.get("/api/v1/members?q=dao").json["items"]] == [NAMES["name"]]
    assert carol.get("/api/v1/members?q=phommachanh").json["items"] == []  # former names: only me
    alice.send("/api/v1/me", {"former_names_audience": "members"}, method="PUT")
    assert [p["name"] for p in carol.get("/api/v1/members?q=phommachanh").json["items"]] == [NAMES["name"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 100_000),
        ("name", "Ali\0ce"),
        ("name", "Ali\u202ece"),
        ("name", "\u200b"),
        ("name_romanised", "y" * 201),
        ("name_romanised", "--"),
        ("name_reading", "Tanaka"),
        ("name_reading", "田中"),
        ("name_reading", "たなか1"),
        ("name_reading", "あ" * 201),
        ("family_name", "Tanaka"),
        ("family_name", "z" * 201),
        ("call_me", "m" * 81),
        ("call_me", "\u3164"),
        ("former_names", "\n".join(f"Name {n}" for n in range(11))),
        ("former_names", "x" * 201),
        ("former_names", "Fine\n--"),
        ("former_names", "a\u2066b"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, field, value):
    alice = browse(Cast.alice)
    before = names_of(read, Cast.alice)
    page = alice.post("/me/names", {"name": "Kept Name", "call_me": "Keptcall", field: value})
    assert (page.status_code, f'href="#{field}"' in page.text) == (422, True)
    assert ("Kept Name" in page.text, "Keptcall" in page.text) == (field != "name", field != "call_me")
    sent = {"name": "Kept Name", field: value.split("\n") if field == "former_names" else value}
    problem = alice.send("/api/v1/me", sent, method="PUT")
    assert (problem.status_code, set(problem.json["fields"])) == (422, {field})
    assert names_of(read, Cast.alice) == before


def test_nobody_else_writes_them(cast, browse, read):
    before = names_of(read, Cast.alice)
    assert browse(Cast.guest).get("/me/names").location == "/login?next=/me/names"
    assert browse(Cast.guest).post("/me/names", NAMES).status_code in (303, 401)
    assert browse(Cast.sue).post("/me/names", NAMES).status_code == 403
    browse(Cast.mallory).post("/me/names", NAMES)
    assert names_of(read, Cast.alice) == before
    assert read(sa.select(Listing.name).where(Listing.name == NAMES["name"]).distinct()) == [(NAMES["name"],)]
