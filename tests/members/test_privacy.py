"""Who sees which part: one by one, all at once, out of the directory and back."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.members.models import FIELDS, Audience, Listing, Member
from tests.cast import Cast

STARTS = {
    "name": "members",
    **dict.fromkeys(("former_names", "nationality", "contact"), "only_me"),
}


def audiences_of(read, email):
    columns = [getattr(Member, f"{field}_audience") for field in FIELDS]
    [row] = read(sa.select(*columns).join(Account, Account.id == Member.account_id).where(Account.email == email))
    return {field: audience.value for field, audience in zip(FIELDS, row, strict=True)}


def listed_for(read, email):
    select = sa.select(Listing.audience).join(Account, Account.id == Listing.account_id).where(Account.email == email)
    return sorted(row.audience.value for row in read(select))


def test_private_at_first(cast, read):
    assert audiences_of(read, Cast.alice) == {field: STARTS.get(field, "groups") for field in FIELDS}


def test_thirteen_parts_one_by_one(cast, browse, read):
    alice = browse(Cast.alice)
    page = alice.get("/me/privacy").text
    assert all(f'<select id="{field}_audience"' in page for field in FIELDS)
    order = ["only_me", "groups", "members"]
    chosen = {f"{field}_audience": order[n % 3] for n, field in enumerate(FIELDS)} | {"name_audience": "public"}
    assert alice.post("/me/privacy", chosen).status_code == 303
    assert audiences_of(read, Cast.alice) == {field: chosen[f"{field}_audience"] for field in FIELDS}
    assert listed_for(read, Cast.alice) == ["groups", "members", "public"]


@pytest.mark.parametrize("audience", list(Audience))
def test_all_at_once(cast, browse, read, audience):
    assert browse(Cast.alice).post("/me/privacy", {"everything": audience.value}).status_code == 303
    contact = "members" if audience == Audience.PUBLIC else audience.value
    assert audiences_of(read, Cast.alice) == dict.fromkeys(FIELDS, audience.value) | {"contact": contact}


def test_out_of_the_directory_with_one_choice_and_back(cast, browse, read):
    alice, bob, carol = browse(Cast.alice), browse(Cast.bob), browse(Cast.carol)
    handle = alice.get("/api/v1/me").json["handle"]
    before = audiences_of(read, Cast.alice)
    assert "Leave the directory" in alice.get("/me/privacy").text
    assert alice.post("/me/privacy", {"listed": "no"}).status_code == 303
    assert listed_for(read, Cast.alice) == ["groups"]
    assert "Alice Phommasan" not in carol.get("/members").text
    assert carol.get(f"/members/{handle}").status_code == 404
    assert bob.get(f"/members/{handle}").status_code == 200  # of her group
    assert "Return to the directory" in alice.get("/me/privacy").text
    assert "They do not find you" in alice.get("/me/privacy?as=members").text
    # It survives whatever is saved meanwhile, and the choices are there on return.
    alice.post("/me/profile", {"city": "Pakse"})
    alice.send("/api/v1/me", {"place_audience": "members"}, method="PUT")
    assert listed_for(read, Cast.alice) == ["groups"]
    alice.post("/me/privacy", {"listed": "yes"})
    assert listed_for(read, Cast.alice) == ["groups", "members"]
    assert audiences_of(read, Cast.alice) == before | {"place": "members"}
    assert alice.send("/api/v1/me", {"is_listed": False}, method="PUT").json["profile"]["is_listed"] is False
    assert listed_for(read, Cast.alice) == ["groups"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_wrong_audience_names_the_field_and_changes_nothing(cast, browse, read, field):
    alice, before = browse(Cast.alice), audiences_of(read, Cast.alice)
    chosen = {f"{name}_audience": "members" for name in FIELDS}
    wrong = "public" if field == "contact" else "friends"
    page = alice.post("/me/privacy", {**chosen, f"{field}_audience": wrong})
    assert (page.status_code, f'href="#{field}_audience"' in page.text) == (422, True)
    answer = alice.send("/api/v1/me", {f"{field}_audience": wrong}, method="PUT")
    assert (answer.status_code, set(answer.json["fields"])) == (422, {f"{field}_audience"})
    assert audiences_of(read, Cast.alice) == before


def test_refusals(cast, browse, read):
    before = audiences_of(read, Cast.alice)
    alice, guest, sue = browse(Cast.alice), browse(Cast.guest), browse(Cast.sue)
    assert alice.post("/me/privacy", {"listed": "maybe"}).status_code == 422
    assert alice.post("/me/privacy", {"everything": "friends"}).status_code == 422
    for choice in ({"listed": "no"}, {"everything": "public"}):
        assert guest.post("/me/privacy", choice).status_code in (303, 401)
        assert sue.post("/me/privacy", choice).status_code == 403
    assert audiences_of(read, Cast.alice) == before
    assert listed_for(read, Cast.sue) == ["groups", "members"]
