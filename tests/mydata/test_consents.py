"""Giving and withdrawing, each by itself, and what follows at once."""

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account
from alumni.consents import queries
from alumni.consents.models import VERSIONS, Ask, Consent, Purpose, Recipient
from alumni.core import mail
from alumni.core.db import db
from alumni.members.models import Member
from alumni.mydata.forms import TEXTS, ConsentsForm
from tests.cast import Cast, viewer_of

MISSION = Ask(Purpose.SHARING, Recipient.MISSION)


def said(read):
    rows = read(sa.select(Consent).order_by(Consent.id))
    return [(row.purpose, row.recipient, row.is_given, row.version, row.language) for (row,) in rows]


def test_every_ask_has_its_words_and_its_field():
    assert set(TEXTS) == set(VERSIONS)
    assert {field.name for field in ConsentsForm()} == {ask.name for ask in VERSIONS}


def test_each_is_a_row_with_day_version_and_language(app, cast, browse, read):
    bob = browse(Cast.bob)
    for is_given in ("1", "1", "0"):
        assert bob.post("/me/data/consents/share_with_mission?lang=ja", {"is_given": is_given}).status_code == 303
    version = VERSIONS[MISSION]
    assert said(read) == [
        ("sharing", "mission", True, version, "ja"),
        ("sharing", "mission", False, version, "ja"),
    ]
    page = bob.get("/me/data/consents").text
    assert "Share with a mission of Japan: yes" in page
    with app.app_context():
        assert not queries.has_given(viewer_of(Cast.bob).id, MISSION)


def test_withdrawing_the_directory_leaves_it_and_the_other_way_round(app, cast, browse, read):
    bob, carol = browse(Cast.bob), browse(Cast.carol)
    with app.app_context():
        handle = viewer_of(Cast.bob).handle
    assert carol.get(f"/members/{handle}").status_code == 200
    bob.post("/me/data/consents/directory", {"is_given": "0"})
    assert carol.get(f"/members/{handle}").status_code == 404
    assert bob.get("/api/v1/me/consents").json["directory"]["is_given"] is False
    name = read(sa.select(Member.name).join(Account).where(Account.email == Cast.bob))[0].name
    assert bob.send("/api/v1/me", {"name": name, "is_listed": True}, method="PUT").status_code == 200
    assert carol.get(f"/members/{handle}").status_code == 200
    assert bob.get("/api/v1/me/consents").json["directory"]["is_given"] is True
    assert [(row[0], row[2]) for row in said(read)] == [("directory", False), ("directory", True)]


def test_without_letters_only_the_necessary_ones_come(app, cast, browse, postbox):
    answer = browse(Cast.bob).send("/api/v1/me/consents", {"mail": False}, method="PUT")
    assert (answer.status_code, answer.json["mail"]["is_given"]) == (200, False)
    with app.app_context():
        for email in (Cast.bob, Cast.alice):
            mail.post("claims/vouch_asked", to=viewer_of(email).id, key="x2345abcde", programme="JENESYS2016")
        mail.post("accounts/password_changed", to=viewer_of(Cast.bob).id)
        db.session.commit()
        worker.run_due()
    assert sorted(letter["To"] for letter in postbox.letters) == [Cast.alice, Cast.bob]
    assert "password" in next(letter["Subject"] for letter in postbox.letters if letter["To"] == Cast.bob)


# What is refused.


def test_what_is_not_asked_is_not_there(cast, browse):
    assert browse(Cast.bob).post("/me/data/consents/everything", {"is_given": "1"}).status_code == 404


def test_what_is_left_out_stays_and_nonsense_is_refused(cast, browse, read):
    bob = browse(Cast.bob)
    assert bob.send("/api/v1/me/consents", {"share_with_agency": True}, method="PUT").status_code == 200
    assert [row[1] for row in said(read)] == ["agency"]
    assert bob.send("/api/v1/me/consents", {"mail": "perhaps"}, method="PUT").status_code == 422


@pytest.mark.parametrize("who", [Cast.guest])
def test_guests_sign_in_first(cast, browse, who):
    assert browse(who).get("/me/data/consents").status_code == 303
    assert browse(who).get("/api/v1/me/consents").status_code == 401


def test_the_suspended_withdraw_as_well(cast, browse, read):
    assert browse(Cast.sue).post("/me/data/consents/mail", {"is_given": "0"}).status_code == 303
    assert said(read)[0][2] is False
