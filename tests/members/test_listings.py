"""What each audience may see of a member stands in its listing, and nothing else is read by anything."""

import itertools

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.models import Audience, Listing, Member
from tests.cast import Cast

ORDER = [Audience.ONLY_ME, Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC]
WORDS = {
    "name": "Quillname",
    "name_romanised": "Quillroman",
    "city": "Quillcity",
    "headline": "Quillhead",
    "contact": "Quillcontact",
}
AUDIENCE_OF = {
    "name": "name_audience",
    "name_romanised": "name_audience",
    "city": "place_audience",
    "headline": "work_audience",
    "contact": "contact_audience",
}
SURFACES = (
    "/members",
    "/members?q=quill",
    "/members?country=NR",
    "/api/v1/members",
    "/api/v1/members?q=quill",
    "/api/v1/members?country=NR",
    "/members/{handle}",
    "/api/v1/members/{handle}",
    "/me/privacy",
    "/desk",
    "/api/v1/desk",
    "/me/participations",
    "/api/v1/participations",
    "/api/v1/me",
)


def plant(app, **audiences):
    """Alice with a unique word in each field. Returns her handle."""
    with app.app_context():
        from alumni.members.actions import refresh_listings

        member = db.session.scalar(sa.select(Member).join(Account).where(Account.email == Cast.alice))
        for field, word in WORDS.items():
            setattr(member, field, word)
        member.country = "NR"
        for field, audience in audiences.items():
            setattr(member, field, audience)
        refresh_listings(member)
        handle = db.session.scalar(sa.select(Account.handle).where(Account.email == Cast.alice))
        db.session.commit()
        return handle


# Where each of the cast stands towards Alice. Bob is in her group; Mallory was removed from it, Sue is suspended.
CIRCLES = {
    Cast.bob: Audience.GROUPS,
    Cast.carol: Audience.MEMBERS,
    Cast.mallory: Audience.MEMBERS,
    Cast.mona: Audience.MEMBERS,
    Cast.sam: Audience.MEMBERS,
    Cast.nia: Audience.PUBLIC,
    Cast.guest: Audience.PUBLIC,
}


@pytest.mark.parametrize("reader", [Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC])
def test_a_listing_holds_what_is_open_to_its_audience(app, cast, read, reader):
    for audiences in itertools.product(ORDER, ORDER[:-1]):
        field, contact = audiences
        plant(app, name_audience=field, place_audience=field, work_audience=field, contact_audience=contact)
        rows = read(
            sa.select(
                Listing.name, Listing.name_romanised, Listing.country, Listing.city, Listing.headline, Listing.contact
            )
            .join(Account, Account.id == Listing.account_id)
            .where(Listing.audience == reader, Account.email == Cast.alice)
        )
        if ORDER.index(field) < ORDER.index(reader):
            assert rows == []
            continue
        shown_contact = "Quillcontact" if ORDER.index(contact) >= ORDER.index(reader) else ""
        assert rows == [("Quillname", "Quillroman", "NR", "Quillcity", "Quillhead", shown_contact)]


@pytest.mark.parametrize(
    ("hidden", "audience"),
    [
        *itertools.product(("name_audience", "place_audience", "work_audience"), ORDER),
        *itertools.product(("contact_audience",), ORDER[:-1]),
    ],
)
def test_no_surface_shows_a_hidden_word(app, cast, browse, hidden, audience):
    open_fields = {
        "name_audience": Audience.PUBLIC,
        "place_audience": Audience.PUBLIC,
        "work_audience": Audience.PUBLIC,
        "contact_audience": Audience.MEMBERS,
    }
    handle = plant(app, **{**open_fields, hidden: audience})
    audiences = {**open_fields, hidden: audience}
    for email, circle in CIRCLES.items():
        browser = browse(email)
        answers = "".join(browser.get(path.format(handle=handle)).text for path in SURFACES).casefold()
        knows_name = ORDER.index(audiences["name_audience"]) >= ORDER.index(circle)
        for field, word in WORDS.items():
            may = knows_name and ORDER.index(audiences[AUDIENCE_OF[field]]) >= ORDER.index(circle)
            assert (word.casefold() in answers) == may, (email, field)


def test_the_suspended_see_nobody(app, cast, browse):
    handle = plant(app, name_audience=Audience.MEMBERS)
    answers = "".join(browse(Cast.sue).get(path.format(handle=handle)).text for path in SURFACES)
    assert "Quill" not in answers


def test_contact_is_never_public(app, cast):
    with app.app_context(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Member).values(contact_audience=Audience.PUBLIC))


def test_a_hidden_country_is_not_found_by_filtering(app, cast, browse):
    plant(app, place_audience=Audience.GROUPS)
    for email in Cast.everybody:
        if email == Cast.sue:
            continue
        assert browse(email).get("/api/v1/members?country=NR").json["items"] == []


def test_see_as_shows_the_row_itself(app, cast, browse):
    plant(
        app,
        place_audience=Audience.MEMBERS,
        contact_audience=Audience.GROUPS,
        work_audience=Audience.PUBLIC,
        name_audience=Audience.PUBLIC,
    )
    alice = browse(Cast.alice)

    def preview(circle):
        page = alice.get(f"/me/privacy?as={circle}").text
        return {word for word in WORDS.values() if word in page}

    assert preview("public") == {"Quillname", "Quillroman", "Quillhead"}
    assert preview("members") == {"Quillname", "Quillroman", "Quillhead", "Quillcity"}
    assert preview("groups") == set(WORDS.values())


def test_order_is_that_of_the_names_on_both_engines(app, cast, browse):
    carol = browse(Cast.carol)
    names = [item["name"] for item in carol.get("/api/v1/members").json["items"]]
    assert names == [
        "Alice Phommasan",
        "ບຸນມີ ວົງສາ",  # Bounmy Vongsa
        "Carol Sok",
        "Mallory Black",
        "Mona Moderator",
        "Nia New",
        "Sam Admin",
        "Sue Pended",
    ]
