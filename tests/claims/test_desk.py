"""The desk: verify, decline, take back; each once, by an admin, in the log, told by mail."""

import threading
from email import message_from_bytes
from email.policy import default

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.groups.models import Group, Membership, Tenure
from alumni.members.models import Participation, ParticipationState
from alumni.worker import run_due
from tests import builders
from tests.browser import Browser
from tests.cast import Cast, make_cast

OTHERS = (Cast.alice, Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.mona)


def claim_of(read, email):
    (row,) = read(
        sa.select(Participation.key, Participation.state, Participation.decision_reason, Account.is_verified)
        .join(Account, Account.id == Participation.account_id)
        .where(Account.email == email)
    )
    return row


def place_of(read, email, slug):
    return read(
        sa.select(Membership.state)
        .join(Group, Group.id == Membership.group_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.email == email, Group.slug == slug)
    )


def letters(read):
    return [row[0]["template"] for row in read(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id))]


def log(read):
    return read(sa.select(AuditLine.action, AuditLine.reason).where(AuditLine.action.startswith("participation.")))


@pytest.fixture
def key(cast, read):
    return claim_of(read, Cast.nia).key


def test_the_desk_shows_what_waits_oldest_first(app, cast, browse, read, key):
    with app.app_context():
        waiting = sa.select(Participation.programme_id, Participation.cohort_id).where(Participation.key == key)
        programme, cohort = db.session.execute(waiting).one()
        for number in range(3):
            member = builders.make_member(f"Later {number}")
            db.session.add(
                Participation(
                    account_id=member.account_id,
                    programme_id=programme,
                    cohort_id=cohort,
                    country="LA",
                    name_as_printed=f"Printed {number}",
                )
            )
            db.session.flush()
        db.session.commit()
    sam = browse(Cast.sam)
    items = sam.get("/api/v1/desk").json["items"]
    assert [item["member"]["name"] for item in items] == ["Nia New", "Later 0", "Later 1", "Later 2"]
    first = sam.get("/api/v1/desk?limit=2").json
    rest = sam.get(f"/api/v1/desk?limit=2&after={first['next']}").json
    assert [item["key"] for item in first["items"] + rest["items"]] == [item["key"] for item in items]
    page = sam.get("/desk").text
    assert [page.index(f"/desk/{item['key']}") for item in items] == sorted(
        page.index(f"/desk/{item['key']}") for item in items
    )
    case = sam.get(f"/desk/{items[1]['key']}").text
    assert "Printed 0" in case
    assert "Differs from the printed name" in case
    assert "21 people" in case


def test_verifying(app, cast, browse, read, key):
    nia = browse(Cast.nia)
    assert nia.get("/api/v1/members").json["items"] == []
    answer = browse(Cast.sam).post(f"/desk/{key}", {"decision": "verify", "reason": "On the list, number 7"})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert claim_of(read, Cast.nia) == (key, "verified", "On the list, number 7", True)
    assert place_of(read, Cast.nia, cast.group) == [("active",)]
    assert log(read) == [("participation.verify", "On the list, number 7")]
    assert "claims/claim_verified" in letters(read)
    assert "Alice Phommasan" in nia.get("/members").text
    assert f"/groups/{cast.group}" in nia.get(f"/claims/{key}").text
    assert browse(Cast.sam).get("/api/v1/desk").json["items"] == []


def test_declining_needs_a_reason(cast, browse, read, key):
    sam = browse(Cast.sam)
    page = sam.post(f"/desk/{key}", {"decision": "decline", "reason": " "})
    assert page.status_code == 422
    assert 'href="#reason"' in page.text
    assert sam.send(f"/api/v1/participations/{key}/decline").status_code == 422
    assert claim_of(read, Cast.nia).state == "claimed"
    assert sam.post(f"/desk/{key}", {"decision": "decline", "reason": "Not on the list."}).status_code == 303
    assert claim_of(read, Cast.nia) == (key, "declined", "Not on the list.", False)
    assert log(read) == [("participation.decline", "Not on the list.")]
    assert "claims/claim_declined" in letters(read)
    assert "Not on the list." in browse(Cast.nia).get(f"/claims/{key}").text
    assert "Alice" not in browse(Cast.nia).get("/members").text


def test_declining_ends_the_waiting_at_the_group(app, cast, browse, read):
    with app.app_context():
        builders.make_member("Dewi Lestari", email="new@example.org")
        db.session.commit()
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, "name_as_printed": "Dewi"}
    key = browse("new@example.org").send("/api/v1/participations", claim).json["key"]
    assert place_of(read, "new@example.org", cast.group) == [("requested",)]
    browse(Cast.sam).send(f"/api/v1/participations/{key}/decline", {"reason": "Unknown"})
    assert place_of(read, "new@example.org", cast.group) == [("left",)]


def test_taking_back(cast, browse, read):
    key = claim_of(read, Cast.bob).key
    sam = browse(Cast.sam)
    assert sam.post(f"/desk/{key}", {"decision": "revoke", "reason": ""}).status_code == 422
    assert sam.post(f"/desk/{key}", {"decision": "revoke", "reason": "Another Bounmy"}).status_code == 303
    assert claim_of(read, Cast.bob) == (key, "revoked", "Another Bounmy", False)
    assert place_of(read, Cast.bob, cast.group) != [("active",)]
    assert "Alice" not in browse(Cast.bob).get("/members").text
    assert "claims/claim_revoked" in letters(read)


def test_a_second_participation_keeps_a_member_verified(app, cast, browse, read):
    with app.app_context():
        member = db.session.scalar(sa.select(Account.id).where(Account.email == Cast.bob))
        programme = builders.make_programme("jenesys2015")
        cohort = builders.make_cohort(programme)
        db.session.add(
            Participation(
                account_id=member,
                programme_id=programme.id,
                cohort_id=cohort.id,
                country="LA",
                state=ParticipationState.VERIFIED,
            )
        )
        db.session.commit()
    key = read(
        sa.select(Participation.key)
        .join(Account, Account.id == Participation.account_id)
        .where(Account.email == Cast.bob)
        .order_by(Participation.id)
    )[0][0]
    browse(Cast.sam).send(f"/api/v1/participations/{key}/revoke", {"reason": "Wrong year"})
    assert read(sa.select(Account.is_verified).where(Account.email == Cast.bob)) == [(True,)]


@pytest.mark.parametrize("first", ["verify", "decline"])
@pytest.mark.parametrize("second", ["verify", "decline", "revoke"])
def test_only_the_listed_moves_exist(cast, browse, read, key, first, second):
    sam = browse(Cast.sam)
    assert sam.send(f"/api/v1/participations/{key}/{first}", {"reason": "First"}).status_code == 200
    after = claim_of(read, Cast.nia)
    answer = sam.send(f"/api/v1/participations/{key}/{second}", {"reason": "Second"})
    if (first, second) == ("verify", "revoke"):
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json["type"]) == (409, "claim-decided")
    assert sam.post(f"/desk/{key}", {"decision": second, "reason": "Second"}).status_code == 409
    assert claim_of(read, Cast.nia) == after


def test_a_waiting_claim_is_not_taken_back(cast, browse, key):
    assert browse(Cast.sam).send(f"/api/v1/participations/{key}/revoke", {"reason": "No"}).status_code == 409


def test_two_reviewers_at_once(alone):
    with alone.app_context():
        make_cast()
        key = db.session.scalar(
            sa.select(Participation.key)
            .join(Account, Account.id == Participation.account_id)
            .where(Account.email == Cast.nia)
        )
        db.session.remove()
    answers, barrier = [], threading.Barrier(2)

    def decide(verb):
        browser = Browser(alone, Cast.sam)
        token = browser.token()
        barrier.wait()
        path = f"/api/v1/participations/{key}/{verb}"
        answers.append(browser.client.post(path, json={"reason": verb}, headers={"X-CSRFToken": token}).status_code)

    threads = [threading.Thread(target=decide, args=(verb,)) for verb in ("verify", "decline")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    with alone.app_context():
        lines = db.session.scalars(
            sa.select(AuditLine.action).where(AuditLine.action.startswith("participation."))
        ).all()
        assert len(lines) == 1


def test_the_letters_are_in_the_language_of_the_claimant(app, cast, browse, read, key):
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.email == Cast.nia).values(language="en-XA"))
        db.session.commit()
    browse(Cast.sam).post(f"/desk/{key}", {"decision": "verify"})
    folder = app.config["ALUMNI"].instance / "mail"
    before = set(folder.glob("*.eml"))
    with app.app_context():
        run_due()
    (file,) = set(folder.glob("*.eml")) - before
    letter = message_from_bytes(file.read_bytes(), policy=default)
    text = letter.get_body(("plain",)).get_content()
    assert letter["To"] == Cast.nia
    assert letter["Subject"].startswith("⟦")
    assert f"http://localhost/groups/{cast.group}" in text
    assert all(line.startswith(("⟦", "http")) for line in text.splitlines() if line)


@pytest.mark.parametrize("email", OTHERS)
def test_who_stands_not_at_the_desk(cast, browse, read, key, email):
    browser = browse(email)
    assert browser.get("/desk").status_code == 403
    assert browser.get(f"/desk/{key}").status_code == 403
    assert browser.get("/api/v1/desk").status_code == 403
    assert browser.post(f"/desk/{key}", {"decision": "verify"}).status_code == 403
    expected = 403 if email == Cast.nia else 404
    for verb in ("verify", "decline", "revoke"):
        assert browser.send(f"/api/v1/participations/{key}/{verb}", {"reason": "x"}).status_code == expected
    assert claim_of(read, Cast.nia) == (key, "claimed", "", False)


def test_guests_and_the_suspended(cast, browse, key):
    assert browse(Cast.guest).get("/desk").location == "/login?next=/desk"
    assert browse(Cast.guest).get("/api/v1/desk").status_code == 401
    assert browse(Cast.sue).get("/desk").status_code == 403
    assert browse(Cast.sue).send(f"/api/v1/participations/{key}/verify").status_code == 403


def test_unknown_claims_and_decisions(cast, browse, read, key):
    sam = browse(Cast.sam)
    assert sam.get("/desk/unknown234").status_code == 404
    assert sam.post("/desk/unknown234", {"decision": "verify"}).status_code == 404
    assert sam.post(f"/desk/{key}", {"decision": "hang", "reason": "x"}).status_code == 422
    for reason in ("a\0b", "r" * 1001, "a\u202eb"):
        assert sam.post(f"/desk/{key}", {"decision": "decline", "reason": reason}).status_code == 422
        problem = sam.send(f"/api/v1/participations/{key}/decline", {"reason": reason})
        assert set(problem.json["fields"]) == {"reason"}
    assert claim_of(read, Cast.nia).state == "claimed"


def test_a_declined_claim_is_made_again(cast, browse, read, key):
    sam, nia = browse(Cast.sam), browse(Cast.nia)
    sam.send(f"/api/v1/participations/{key}/decline", {"reason": "No such name"})
    assert f"/claims/new?programme={cast.programme}" in nia.get(f"/claims/{key}").text
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, "name_as_printed": "Nia Old"}
    answer = nia.post("/claims/new", claim)
    assert (answer.status_code, answer.location) == (303, f"/claims/{key}")
    assert claim_of(read, Cast.nia) == (key, "claimed", "", False)
    assert place_of(read, Cast.nia, cast.group) == [("requested",)]
    again = sam.get("/api/v1/desk").json["items"][0]
    assert (again["key"], again["name_as_printed"], again["decided_at"]) == (key, "Nia Old", None)
    assert [line.action for line in log(read)] == ["participation.decline", "participation.claim-again"]
    waiting = nia.send("/api/v1/participations", claim)
    assert (waiting.status_code, waiting.json["type"]) == (409, "already-claimed")
    assert sam.send(f"/api/v1/participations/{key}/verify").status_code == 200


def test_a_revoked_claim_is_not_made_again(cast, browse, read):
    key = claim_of(read, Cast.bob).key
    browse(Cast.sam).send(f"/api/v1/participations/{key}/revoke", {"reason": "Another Bounmy"})
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, "name_as_printed": "Bounmy"}
    assert browse(Cast.bob).send("/api/v1/participations", claim).status_code == 409
    assert claim_of(read, Cast.bob).state == "revoked"


def test_the_participation_of_the_last_organiser_is_taken_back(cast, browse, read):
    key = claim_of(read, Cast.alice).key
    answer = browse(Cast.sam).post(f"/desk/{key}", {"decision": "revoke", "reason": "Was not there"})
    assert answer.status_code == 303
    assert claim_of(read, Cast.alice) == (key, "revoked", "Was not there", False)
    assert place_of(read, Cast.alice, cast.group) == [("left",)]
    organisers = sa.select(Tenure.account_id).where(Tenure.ended_at.is_(None))
    assert read(organisers) == []


def test_nobody_decides_on_their_own_claim(cast, browse, read):
    sam = browse(Cast.sam)
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, "name_as_printed": "Sam"}
    key = sam.send("/api/v1/participations", claim).json["key"]
    assert sam.get(f"/desk/{key}").status_code == 404
    for verb in ("verify", "decline"):
        assert sam.post(f"/desk/{key}", {"decision": verb, "reason": "Me"}).status_code == 403
        sent = sam.send(f"/api/v1/participations/{key}/{verb}", {"reason": "Me"})
        assert (sent.status_code, sent.json["detail"]) == (
            403,
            "Somebody else decides this: it is your own claim.",
        )
    assert claim_of(read, Cast.sam) == (key, "claimed", "", False)


@pytest.mark.parametrize("verb", ["decline", "revoke"])
def test_an_appeal_is_not_taken_back_to_claim_anew(cast, browse, read, key, verb):
    """A new claim would have forgotten who decided, and what was taken back would be proved by a number again."""
    who, key = (Cast.nia, key) if verb == "decline" else (Cast.bob, claim_of(read, Cast.bob).key)
    browse(Cast.olga).send(f"/api/v1/participations/{key}/{verb}", {"reason": "Another one"})
    browser = browse(who)
    assert browser.send(f"/api/v1/participations/{key}/appeal", {"words": "It is me."}).status_code == 200
    assert "Take the claim back" not in browser.get(f"/claims/{key}").text
    assert browser.post(f"/claims/{key}/withdraw").status_code == 409
    assert browser.send(f"/api/v1/participations/{key}", method="DELETE").status_code == 409
    assert claim_of(read, who).state == "claimed"
    assert browse(Cast.olga).send(f"/api/v1/participations/{key}/verify").status_code == 403
