"""The stations of a career, by page and by JSON."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.members.models import CareerEntry
from tests.cast import Cast

WORK = {
    "kind": "work", "title": "Engineer", "organisation": "Mekong Power", "country": "LA",
    "year_from": "2019", "year_to": "",
}  # fmt: skip
STUDY = {"kind": "study", "title": "Master of law", "organisation": "名古屋大学", "country": "JP",
         "year_from": 2015, "year_to": 2017}  # fmt: skip


def stations(read, email):
    columns = (CareerEntry.title, CareerEntry.year_from, CareerEntry.year_to)
    select = sa.select(*columns).join(Account, Account.id == CareerEntry.account_id).where(Account.email == email)
    return read(select.order_by(CareerEntry.year_from))


def test_a_station_comes_changes_and_goes(cast, browse, read):
    alice = browse(Cast.alice)
    assert "No station yet" in alice.get("/me/career").text
    for _twice in range(2):
        assert alice.post("/me/career/new", {**WORK, "once": "abcdefghjk"}).location == "/me/career"
    assert stations(read, Cast.alice) == [("Engineer", 2019, None)]
    page = alice.get("/me/career").text
    assert "Mekong Power" in page
    assert "since 2019" in page
    assert "Mekong Power" in alice.get("/me/career/abcdefghjk").text
    alice.post("/me/career/abcdefghjk", {**WORK, "title": "Chief engineer", "year_to": "2024"})
    assert stations(read, Cast.alice) == [("Chief engineer", 2019, 2024)]
    assert alice.post("/me/career/abcdefghjk/remove").location == "/me/career"
    assert stations(read, Cast.alice) == []


def test_as_json(cast, browse, read):
    alice = browse(Cast.alice)
    made = alice.send("/api/v1/me/career", STUDY)
    assert made.status_code == 201
    key = made.json["key"]
    assert {name: made.json[name] for name in STUDY} == STUDY
    assert alice.get("/api/v1/me/career").json["items"] == [made.json]
    answer = alice.send(f"/api/v1/me/career/{key}", {**STUDY, "year_to": None}, method="PUT")
    assert (answer.status_code, answer.json["year_to"]) == (200, None)
    assert alice.send(f"/api/v1/me/career/{key}", method="DELETE").status_code == 204
    assert alice.get("/api/v1/me/career").json["items"] == []
    header = {"Idempotency-Key": "one"}
    keys = {alice.send("/api/v1/me/career", STUDY, headers=header).json["key"] for _ in range(2)}
    assert len(keys) == 1


def test_it_is_on_the_page_for_whom_it_is_open(app, cast, browse):
    alice = browse(Cast.alice)
    alice.send("/api/v1/me/career", STUDY)
    handle = alice.get("/api/v1/me").json["handle"]
    assert "Master of law" in browse(Cast.bob).get(f"/members/{handle}").text
    assert "Master of law" not in browse(Cast.carol).get(f"/members/{handle}").text
    alice.send("/api/v1/me", {"career_audience": "members"}, method="PUT")
    assert "Master of law" in browse(Cast.carol).get(f"/members/{handle}").text
    assert browse(Cast.carol).get(f"/api/v1/members/{handle}").json["career"][0]["title"] == "Master of law"


def test_there_is_an_end_to_it(cast, browse):
    alice = browse(Cast.alice)
    for year in range(1950, 1990):
        assert alice.send("/api/v1/me/career", {**STUDY, "year_from": year}).status_code == 201
    assert alice.send("/api/v1/me/career", STUDY).json["type"] == "career-full"
    assert alice.post("/me/career/new", WORK).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "play"),
        ("title", ""),
        ("title", "t" * 201),
        ("title", "a\u202eb"),
        ("organisation", "o" * 201),
        ("country", "XX"),
        ("year_from", ""),
        ("year_from", "1899"),
        ("year_from", "long ago"),
        ("year_from", str(clock.now().year + 11)),
        ("year_to", "2018"),
        ("year_to", "9" * 400),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, field, value):
    alice = browse(Cast.alice)
    page = alice.post("/me/career/new", {**WORK, "title": "Kept", "organisation": "Keptorg", field: value})
    where = "kind-0" if field == "kind" else field
    assert (page.status_code, f'href="#{where}"' in page.text) == (422, True)
    assert ("Kept" in page.text, "Keptorg" in page.text) == (True, field != "organisation")
    problem = alice.send("/api/v1/me/career", {**WORK, field: value})
    assert (problem.status_code, set(problem.json["fields"])) == (422, {field})
    assert stations(read, Cast.alice) == []


def test_refusals(cast, browse, read):
    alice, bob = browse(Cast.alice), browse(Cast.bob)
    key = alice.send("/api/v1/me/career", STUDY).json["key"]
    for path in ("/me/career", "/me/career/new", f"/me/career/{key}"):
        assert browse(Cast.guest).get(path).location == f"/login?next={path}"
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.mona, Cast.sam):
        other = browse(email)
        assert other.get(f"/me/career/{key}").status_code == 404
        assert other.post(f"/me/career/{key}", WORK).status_code == 404
        assert other.post(f"/me/career/{key}/remove").status_code == 404
        assert other.send(f"/api/v1/me/career/{key}", STUDY, method="PUT").status_code == 404
        assert other.send(f"/api/v1/me/career/{key}", method="DELETE").status_code == 404
    assert bob.post("/me/career/new", {**WORK, "once": key}).status_code == 422  # the key of somebody else's
    sue = browse(Cast.sue)
    assert sue.get("/me/career").status_code == 200
    assert sue.post("/me/career/new", WORK).status_code == 403
    assert sue.send("/api/v1/me/career", STUDY).status_code == 403
    assert stations(read, Cast.alice) == [("Master of law", 2015, 2017)]
    assert stations(read, Cast.bob) == []
