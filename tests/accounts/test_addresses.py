"""Another address: proved before it counts, taken back for a week, and nobody learns whose an address is."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account, AddressChange, SignIn
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from tests.cast import Cast

NEW = "bounmy@example.com"
ASKED = "/me/security/address"


def work(app):
    with app.app_context():
        worker.run_due()
        db.session.remove()


def link(letter):
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"http://localhost(/address/\S+)", text)[1]


def letters_to(postbox, address):
    return [letter for letter in postbox.letters if letter["To"] == address]


def address_of(read, account_id):
    return read(sa.select(Account.email).where(Account.id == account_id))[0][0]


@pytest.fixture
def bob_id(app, cast):
    with app.app_context():
        return db.session.scalar(sa.select(Account.id).where(Account.email == Cast.bob))


def ask(app, bob, email=NEW):
    answer = bob.post(ASKED, {"email": email})
    work(app)
    return answer


def test_it_counts_once_its_letter_is_answered_and_other_devices_are_signed_out(app, browse, read, postbox, bob_id):
    bob, elsewhere = browse(Cast.bob), browse(Cast.bob)
    assert "Another e-mail address" in bob.get("/me/security").text
    assert Cast.bob in bob.get(ASKED).text
    assert ask(app, bob, f" {NEW.upper()} ").location == "/me/security"
    [letter] = letters_to(postbox, NEW)
    path = link(letter)
    assert address_of(read, bob_id) == Cast.bob
    assert bob.get(path).status_code == 200
    assert address_of(read, bob_id) == Cast.bob  # a scanner has followed the link
    assert bob.post(path).location == "/me/security"
    assert address_of(read, bob_id) == NEW
    assert bob.get("/me/security").status_code == 200
    assert elsewhere.get("/me/security").status_code == 303
    assert bob.post(path).status_code == 410
    work(app)
    assert [one["Subject"] for one in letters_to(postbox, Cast.bob)] == ["Your account has another address now"]
    actions = sa.select(AuditLine.action).where(AuditLine.action.startswith("account.address"))
    assert read(actions) == [("account.address",)]


def test_whoever_has_the_old_one_takes_it_back_for_a_week(app, browse, read, postbox, bob_id):
    bob = browse(Cast.bob)
    ask(app, bob)
    bob.post(link(letters_to(postbox, NEW)[0]))
    work(app)
    path = link(letters_to(postbox, Cast.bob)[0])
    owner = browse("")
    assert owner.get(path).status_code == 200
    assert owner.post(path).location == "/login"
    assert address_of(read, bob_id) == Cast.bob
    assert read(sa.select(SignIn.id).where(SignIn.account_id == bob_id)) == []
    assert read(sa.select(Account.password_hash).where(Account.id == bob_id)) == [("",)]
    assert bob.get("/me/security").status_code == 303
    work(app)
    assert letters_to(postbox, Cast.bob)[-1]["Subject"] == "Choose a new password"
    assert owner.post(path).status_code == 410


@pytest.mark.parametrize(("days", "status"), [(6, 303), (8, 410)])
def test_the_way_back_ends_after_a_week(app, browse, postbox, bob_id, days, status):
    bob = browse(Cast.bob)
    ask(app, bob)
    bob.post(link(letters_to(postbox, NEW)[0]))
    work(app)
    with app.app_context():
        db.session.execute(sa.update(AddressChange).values(confirmed_at=clock.now() - timedelta(days=days)))
        db.session.commit()
    assert browse("").post(link(letters_to(postbox, Cast.bob)[0])).status_code == status


def test_a_taken_address_gets_the_same_answer_and_its_owner_alone_learns_of_it(app, browse, read, postbox, bob_id):
    bob = browse(Cast.bob)
    answers = [ask(app, bob, email) for email in (NEW, Cast.carol)]
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1
    assert [one["Subject"] for one in letters_to(postbox, Cast.carol)] == ["Somebody asked for your address"]
    assert len(read(sa.select(AddressChange.id))) == 1  # the last one asked for
    assert bob.post(link(letters_to(postbox, NEW)[0])).status_code == 410  # that of before


def test_of_two_who_take_one_address_one_has_it(app, browse, read, postbox, bob_id):
    bob, carol = browse(Cast.bob), browse(Cast.carol)
    ask(app, bob)
    ask(app, carol)
    paths = [link(letter) for letter in letters_to(postbox, NEW)]
    assert [one.post(path).status_code for one, path in zip((bob, carol), paths, strict=True)] == [303, 410]
    assert address_of(read, bob_id) == NEW


def test_bad_input_and_who_may_not(app, browse, read, bob_id):
    bob = browse(Cast.bob)
    for wrong in ("", "nobody", Cast.bob, "a" * 400 + "@example.org"):
        assert bob.post(ASKED, {"email": wrong}).status_code == 422, wrong
    for token in ("x", "é", "x" * 500):
        assert bob.get(f"/address/{token}").status_code == 410
        assert bob.post(f"/address/back/{token}").status_code == 410
    assert browse("").get(ASKED).status_code == 303
    assert browse(Cast.sue).post(ASKED, {"email": NEW}).status_code == 403
    with app.app_context():
        db.session.execute(sa.update(SignIn).values(proved_at=clock.now() - timedelta(hours=1)))
        db.session.commit()
    assert bob.post(ASKED, {"email": NEW}).location.startswith("/me/security/prove")
    assert read(sa.select(AddressChange.id)) == []
