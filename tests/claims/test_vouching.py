"""Members of the same cohort say whether somebody was there; the claimant does not learn who they are."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni.accounts.models import Account, AccountState
from alumni.claims.models import CaseStep, ClaimRules, Vouch, VouchState
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.members.models import Block, Member, Participation
from alumni.programmes.models import Programme
from tests import builders
from tests.cast import Cast


@pytest.fixture
def set_rules(app, cast):
    def set_them(slug=None, **values):
        with app.app_context():
            programme = db.session.query(Programme).filter_by(slug=slug or cast.programme).one()
            db.session.merge(ClaimRules(programme_id=programme.id, **values))
            db.session.commit()

    return set_them


@pytest.fixture
def asked(read):
    """Who was asked about whom, by address."""

    def find():
        select = sa.select(Account.email, Vouch.key, Vouch.state).join(Account, Account.id == Vouch.voucher_id)
        return {row.email: row for row in read(select.order_by(Vouch.id))}

    return find


@pytest.fixture
def nia(cast, browse, case_of):
    return browse(Cast.nia), case_of(Cast.nia).key


def ask(nia):
    browser, key = nia
    return browser.post(f"/claims/{key}/vouchers")


def answer(browse, row, said):
    return browse(row.email).send(f"/api/v1/vouches/{row.key}/answer", {"answer": said})


def history(read):
    return [row[0] for row in read(sa.select(CaseStep.step).order_by(CaseStep.id))]


def test_people_who_were_there_are_asked(cast, browse, nia, asked, read):
    browser, key = nia
    assert ask(nia).status_code == 303
    # Not the suspended, nor whoever was in another cohort.
    assert set(asked()) == {Cast.alice, Cast.bob, Cast.mallory}
    templates = [row[0]["template"] for row in read(sa.select(Job.payload).where(Job.kind == "mail"))]
    assert templates == ["claims/vouch_asked"] * 3
    page = browser.get(f"/claims/{key}").text + browser.get(f"/api/v1/participations/{key}").text
    for name in ("Alice", "Bounmy", "Mallory"):
        assert name not in page
    bob = browse(Cast.bob)
    question = asked()[Cast.bob]
    assert f'href="/vouch/{question.key}"' in bob.get("/").text
    assert question.key in bob.get("/vouch").text
    assert bob.get("/api/v1/vouches").json["items"][0]["key"] == question.key


def test_what_a_voucher_sees(app, cast, browse, claim, asked, case_of):
    with app.app_context():
        builders.make_member("Private Name", email="private@example.org", contact="secret", country="LA")
        db.session.commit()
    facts = {"number": "SECRET-1", "born_on": "1990-01-01", "institution": "Secret School", "note": "Secret note"}
    browser = browse("private@example.org")
    key = browser.send("/api/v1/participations", claim | facts | {"name_as_printed": "As Printed"}).json["key"]
    browser.post(f"/claims/{key}/vouchers")
    row = asked()[Cast.bob]
    page = browse(Cast.bob).get(f"/vouch/{row.key}").text
    assert "As Printed" in page
    assert "JENESYS2016 16th Batch" in page
    for hidden in ("Private Name", "SECRET", "Secret", "1990", "private@example.org"):
        assert hidden not in page


def test_the_same_words_where_nobody_can_be_asked(app, cast, browse, nia, asked, read):
    with app.app_context():
        db.session.execute(sa.update(Member).values(hidden_at=clock.now()))
        db.session.commit()
    browser, key = nia
    assert ask(nia).status_code == 303
    assert "We ask people who were there, if there are any" in browser.get(f"/claims/{key}").text
    assert asked() == {}
    assert history(read) == ["voucher_asked"]


@pytest.mark.parametrize("why", ["minor", "hidden", "blocks", "blocked", "closed"])
def test_who_is_not_asked(app, cast, browse, nia, asked, why):
    with app.app_context():
        id_of = {row.email: row.id for row in db.session.execute(sa.select(Account.email, Account.id))}
        bob = db.session.get_one(Member, id_of[Cast.bob])
        if why == "minor":
            bob.born_on = (clock.now() - timedelta(days=17 * 365)).date().isoformat()
        elif why == "hidden":
            bob.hidden_at = clock.now()
        elif why == "blocks":
            db.session.add(Block(blocker_id=bob.account_id, blocked_id=id_of[Cast.nia]))
        elif why == "blocked":
            db.session.add(Block(blocker_id=id_of[Cast.nia], blocked_id=bob.account_id))
        else:
            db.session.get_one(Account, bob.account_id).state = AccountState.CLOSED
        db.session.commit()
    ask(nia)
    assert Cast.bob not in asked()
    assert Cast.alice in asked()


def test_no_more_than_are_needed_twice_over(cast, browse, nia, asked, join_in, set_rules):
    join_in(9)
    set_rules(vouchers_needed=1)
    ask(nia)
    assert len(asked()) == 2
    ask(nia)
    assert len(asked()) == 2  # two may still answer
    for row in list(asked().values()):
        answer(browse, row, "unsure")
    ask(nia)
    assert len(asked()) == 4


def test_a_claim_without_a_group_has_nobody_to_ask(cast, browse, newcomer, claim):
    browser = browse(newcomer)
    key = browser.send("/api/v1/participations", claim | {"cohort": ""}).json["key"]
    assert "Ask people who were there" not in browser.get(f"/claims/{key}").text
    refused = browser.send(f"/api/v1/participations/{key}/vouchers")
    assert (refused.status_code, refused.json["type"]) == (409, "vouchers-not-asked")


def test_enough_who_say_yes_verify_where_the_rules_say_so(cast, browse, nia, asked, case_of, set_rules, read):
    set_rules(vouchers_needed=2, vouchers_suffice=True)
    ask(nia)
    assert answer(browse, asked()[Cast.alice], "yes").json["answer"] == "yes"
    assert case_of(Cast.nia).state == "claimed"
    answer(browse, asked()[Cast.bob], "yes")
    case = case_of(Cast.nia)
    assert (case.state, case.basis, case.is_verified) == ("verified", "vouchers", True)
    late = answer(browse, asked()[Cast.mallory], "no")
    assert (late.status_code, late.json["type"]) == (409, "vouch-closed")
    assert "vouch.answer" in [row[0] for row in read(sa.select(AuditLine.action))]


def test_without_such_rules_the_claim_moves_up(app, cast, browse, nia, asked, case_of):
    with app.app_context():
        member = builders.make_member("Earlier One", email="earlier@example.org")
        cohort = db.session.query(builders.Cohort).filter_by(slug=cast.cohort).one()
        earlier = builders.take_part(member, cohort, state="claimed")
        earlier.claimed_at = clock.now() - timedelta(days=9)
        db.session.commit()
        first = earlier.key
    olga, key = browse(Cast.olga), nia[1]
    assert [item["key"] for item in olga.get("/api/v1/desk").json["items"]] == [first, key]
    ask(nia)
    for email in (Cast.alice, Cast.bob):
        answer(browse, asked()[email], "yes")
    assert (case_of(Cast.nia).state, case_of(Cast.nia).is_vouched) == ("claimed", True)
    assert [item["key"] for item in olga.get("/api/v1/desk").json["items"]] == [key, first]
    one = olga.get("/api/v1/desk?limit=1").json
    assert [item["key"] for item in olga.get(f"/api/v1/desk?after={one['next']}").json["items"]] == [first]
    olga.post(f"/desk/{key}/take")
    page = olga.get(f"/desk/{key}").text
    assert "Alice Phommasan" in page
    assert "ບຸນມີ ວົງສາ" in page
    assert "Vouched for" in olga.get("/desk").text


def test_who_does_not_know_counts_against_nobody(cast, browse, nia, asked, case_of, set_rules, join_in):
    join_in(3)
    set_rules(vouchers_needed=3, vouchers_suffice=True)
    ask(nia)
    rows = list(asked().values())
    for row, said in zip(rows, ["unsure", "yes", "unsure", "yes", "yes"], strict=False):
        answer(browse, row, said)
    assert case_of(Cast.nia).state == "verified"


def test_a_no_is_for_a_human(cast, browse, nia, asked, case_of, set_rules):
    set_rules(vouchers_needed=2, vouchers_suffice=True)
    ask(nia)
    for email, said in ((Cast.mallory, "no"), (Cast.alice, "yes"), (Cast.bob, "yes")):
        answer(browse, asked()[email], said)
    assert (case_of(Cast.nia).state, case_of(Cast.nia).is_vouched) == ("claimed", False)
    assert "no" not in [step["step"] for step in nia[0].get(f"/api/v1/participations/{nia[1]}").json["history"]]


def test_only_so_many_a_month(app, cast, browse, nia, asked, set_rules):
    set_rules(vouchers_needed=3, vouches_a_month=1)
    ask(nia)
    bobs = asked()[Cast.bob]
    with app.app_context():
        other = builders.make_member("Other One")
        cohort = db.session.query(builders.Cohort).filter_by(slug=cast.cohort).one()
        place = builders.take_part(other, cohort, state="claimed")
        bob = db.session.scalar(sa.select(Account.id).where(Account.email == Cast.bob))
        db.session.add(Vouch(participation_id=place.id, voucher_id=bob, state=VouchState.YES, answered_at=clock.now()))
        db.session.commit()
    used_up = answer(browse, bobs, "yes")
    assert (used_up.status_code, used_up.json["type"]) == (409, "vouches-used-up")
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert answer(browse, bobs, "yes").json["type"] == "vouch-closed"  # asked too long ago
    assert answer(browse, bobs, "no").status_code == 200


def test_a_question_goes_away(cast, browse, nia, asked):
    ask(nia)
    row = asked()[Cast.bob]
    with time_machine.travel(clock.now() + timedelta(days=31)):
        bob = browse(Cast.bob)
        assert row.key not in bob.get("/vouch").text
        assert row.key not in bob.get("/").text
        assert "asked too long ago" in bob.get(f"/vouch/{row.key}").text
        assert bob.post(f"/vouch/{row.key}", {"answer": "yes"}).status_code == 409


def test_a_false_yes_reopens_what_hung_on_it(cast, browse, nia, asked, case_of, set_rules, read):
    set_rules(vouchers_needed=2, vouchers_suffice=True)
    ask(nia)
    for email in (Cast.alice, Cast.bob):
        answer(browse, asked()[email], "yes")
    assert case_of(Cast.nia).state == "verified"
    olga, bad = browse(Cast.olga), asked()[Cast.bob]
    assert olga.get(f"/desk/vouches/{bad.key}").status_code == 200
    assert olga.post(f"/desk/vouches/{bad.key}", {"reason": " "}).status_code == 422
    assert case_of(Cast.nia).state == "verified"
    gone = olga.post(f"/desk/vouches/{bad.key}", {"reason": "They have never met"})
    assert gone.location == f"/desk/{nia[1]}"
    case = case_of(Cast.nia)
    assert (case.state, case.is_verified, case.basis) == ("claimed", False, None)
    assert asked()[Cast.bob].state == "revoked"
    page = nia[0].get(f"/claims/{nia[1]}").text
    assert "It waits again" in page
    assert "They have never met" in page
    assert "Alice" not in nia[0].get("/members").text
    templates = [row[0].get("template") for row in read(sa.select(Job.payload).where(Job.kind == "mail"))]
    assert "claims/claim_reopened" in templates
    again = olga.send(f"/api/v1/vouches/{bad.key}/revoke", {"reason": "Again"})
    assert (again.status_code, again.json["type"]) == (409, "vouch-closed")


def test_who_was_not_there_vouched_for_nobody(app, cast, browse, claim, nia, asked, case_of, set_rules, work, read):
    """The word of somebody whose own place falls counts no longer, nor does that of whoever it had let in."""
    set_rules(vouchers_needed=2, vouchers_suffice=True)
    ask(nia)
    for email in (Cast.alice, Cast.bob):
        answer(browse, asked()[email], "yes")
    with app.app_context():
        builders.make_member("Later One", email="later@example.org")
        db.session.commit()
    later = browse("later@example.org")
    where = later.post("/claims/new", claim | {"name_as_printed": "Later One"}).location
    later.post(f"{where}/vouchers")
    theirs = {row.voucher: row for row in read(votes_about(where.rpartition("/")[2]))}
    for email in (Cast.alice, Cast.nia):
        assert browse(email).send(f"/api/v1/vouches/{theirs[email].key}/answer", {"answer": "yes"}).status_code == 200
    assert case_of("later@example.org").state == "verified"

    browse(Cast.sam).send(f"/api/v1/participations/{case_of(Cast.bob).key}/revoke", {"template": "not-true"})
    assert case_of(Cast.nia).state == "verified"  # a moment later, so that nobody waits for it
    work()
    for email in (Cast.nia, "later@example.org"):
        case = case_of(email)
        assert (case.state, case.is_verified, case.basis) == ("claimed", False, None), email
    assert case_of(Cast.alice).state == "verified"
    states = {row.voucher: row.state for row in read(votes_about(nia[1]))}
    assert (states[Cast.bob], states[Cast.alice]) == ("revoked", "yes")
    said = "Somebody who said that you were there turned out not to have been there."
    assert said in nia[0].get(f"/claims/{nia[1]}").text
    assert said in nia[0].get("/me/participations").text
    assert history(read).count("reopened") == 2
    sam = browse(Cast.sam)
    sam.post(f"/desk/{nia[1]}/take")
    assert "Was not there after all" in sam.get(f"/desk/{nia[1]}").text
    # Verified again by somebody, it stays so: the job that comes twice finds nothing.
    sam.post(f"/desk/{nia[1]}", {"decision": "verify"})
    work()
    assert case_of(Cast.nia).state == "verified"


def votes_about(key):
    return (
        sa.select(Account.email.label("voucher"), Vouch.key, Vouch.state)
        .join(Account, Account.id == Vouch.voucher_id)
        .join(Participation, Participation.id == Vouch.participation_id)
        .where(Participation.key == key)
    )


def test_what_a_human_has_decided_no_voucher_turns(cast, browse, nia, asked, case_of, set_rules):
    set_rules(vouchers_needed=2, vouchers_suffice=True)
    ask(nia)
    browse(Cast.olga).send(f"/api/v1/participations/{nia[1]}/decline", {"reason": "Not there"})
    nia[0].post(f"/claims/{nia[1]}/appeal", {"words": "I was."})
    for email in (Cast.alice, Cast.bob):
        assert answer(browse, asked()[email], "yes").status_code == 200
    assert (case_of(Cast.nia).state, case_of(Cast.nia).is_vouched) == ("claimed", True)


def test_what_the_desk_verified_stays(cast, browse, nia, asked, case_of):
    ask(nia)
    for email in (Cast.alice, Cast.bob):
        answer(browse, asked()[email], "yes")
    olga = browse(Cast.olga)
    olga.send(f"/api/v1/participations/{nia[1]}/verify")
    olga.send(f"/api/v1/vouches/{asked()[Cast.bob].key}/revoke", {"reason": "Not true"})
    assert case_of(Cast.nia).state == "verified"


def test_answering_once(cast, browse, nia, asked):
    ask(nia)
    row, bob = asked()[Cast.bob], browse(Cast.bob)
    assert bob.post(f"/vouch/{row.key}", {}).status_code == 422
    assert bob.post(f"/vouch/{row.key}", {"answer": "perhaps"}).status_code == 422
    assert bob.post(f"/vouch/{row.key}", {"answer": "asked"}).status_code == 422
    assert bob.post(f"/vouch/{row.key}", {"answer": "no"}).location == "/vouch"
    assert bob.post(f"/vouch/{row.key}", {"answer": "yes"}).status_code == 409
    assert "You have answered this" in bob.get(f"/vouch/{row.key}").text
    assert asked()[Cast.bob].state == "no"


def test_who_may_not(cast, browse, nia, asked):
    ask(nia)
    row = asked()[Cast.bob]
    for email in (Cast.alice, Cast.carol, Cast.nia, Cast.mona, Cast.sam, Cast.olga, Cast.otto):
        assert browse(email).get(f"/vouch/{row.key}").status_code == 404, email
        assert browse(email).send(f"/api/v1/vouches/{row.key}/answer", {"answer": "yes"}).status_code == 404, email
    for email in (Cast.alice, Cast.bob, Cast.carol, Cast.nia, Cast.mona, Cast.otto):
        assert browse(email).get(f"/desk/vouches/{row.key}").status_code == 404, email
        revoke = browse(email).send(f"/api/v1/vouches/{row.key}/revoke", {"reason": "x"})
        assert revoke.status_code == 404, email
    assert browse(Cast.sue).get(f"/vouch/{row.key}").status_code == 403
    assert browse(Cast.guest).get(f"/vouch/{row.key}").status_code == 303
    for email in (Cast.bob, Cast.sam, Cast.olga):  # nobody asks in the claimant's place
        assert browse(email).send(f"/api/v1/participations/{nia[1]}/vouchers").status_code in (403, 404), email


def test_whoever_blocks_the_claimant_is_not_bothered_any_more(app, cast, browse, nia, asked):
    ask(nia)
    row = asked()[Cast.bob]
    with app.app_context():
        ids = dict(db.session.execute(sa.select(Account.email, Account.id)).tuples().all())
        db.session.add(Block(blocker_id=ids[Cast.bob], blocked_id=ids[Cast.nia]))
        db.session.commit()
    assert browse(Cast.bob).get(f"/vouch/{row.key}").status_code == 404
    assert row.key not in browse(Cast.bob).get("/vouch").text


def test_rules_of_a_programme(app, cast, browse, read, set_rules):
    with app.app_context():
        series = builders.make_programme("jenesys-series")
        db.session.query(Programme).filter_by(slug=cast.programme).one().parent_id = series.id
        db.session.commit()
    olga, sam = browse(Cast.olga), browse(Cast.sam)
    path = f"/api/v1/programmes/{cast.programme}/claim-rules"
    assert olga.get(path).json["vouchers_needed"] == 2
    set_rules("jenesys-series", vouchers_needed=5)
    assert olga.get(path).json["vouchers_needed"] == 5  # from above
    page = olga.get(f"/desk/rules/{cast.programme}").text
    assert 'value="5"' in page
    form = {"vouchers_needed": "3", "vouches_a_month": "4", "vouchers_suffice": "y"}
    assert olga.post(f"/desk/rules/{cast.programme}", form).status_code == 303
    assert olga.get(path).json == {
        "vouchers_needed": 3, "vouches_a_month": 4, "vouchers_suffice": True, "organisers_decide": False,
    }  # fmt: skip
    bad = olga.post(f"/desk/rules/{cast.programme}", form | {"vouchers_needed": "12"})
    assert bad.status_code == 422
    assert 'value="12"' in bad.text
    assert set(olga.send(path, {"vouchers_needed": 0}, method="PUT").json["fields"]) == {"vouchers_needed"}
    assert sam.send(path, {"vouchers_needed": 1}, method="PUT").json["vouchers_needed"] == 1
    lines = read(sa.select(AuditLine.subject).where(AuditLine.action == "claims.rules"))
    assert lines == [(f"programme:{cast.programme}",)] * 2
    # Otto's mandate is for a country, not for the programme.
    assert olga.get("/desk/rules/jenesys-series").status_code == 403
    for email in (Cast.otto, Cast.alice, Cast.bob, Cast.nia, Cast.mona):
        assert browse(email).get(path).status_code == 403, email
        assert browse(email).send(path, {"vouchers_needed": 1}, method="PUT").status_code == 403, email
        assert browse(email).get(f"/desk/rules/{cast.programme}").status_code == 403, email
    assert sam.get("/desk/rules/no-such").status_code == 404


@pytest.mark.parametrize("why", ["minor", "hidden"])
def test_of_the_young_and_of_people_at_risk_nobody_is_asked(app, cast, browse, nia, asked, why):
    """That somebody is here at all is not told to people who were there. The words are the same."""
    hide = {"hidden_at": clock.now()}
    if why == "minor":
        hide = {"born_on": (clock.now() - timedelta(days=17 * 365)).date().isoformat()}
    browser, key = nia
    ask(nia)
    question = asked()[Cast.bob].key
    with app.app_context():
        account_id = db.session.query(Account).filter_by(email=Cast.nia).one().id
        db.session.execute(sa.delete(Vouch).where(Vouch.key != question))
        db.session.execute(sa.update(Member).where(Member.account_id == account_id).values(**hide))
        db.session.commit()
    assert ask(nia).status_code == 303
    assert "We ask people who were there, if there are any" in browser.get(f"/claims/{key}").text
    assert set(asked()) == {Cast.bob}
    bob = browse(Cast.bob)
    assert bob.get(f"/vouch/{question}").status_code == 404
    assert answer(browse, asked()[Cast.bob], "yes").status_code == 404
    assert question not in bob.get("/").text
    assert question not in bob.get("/vouch").text


def test_claiming_anew_asks_no_other_people_without_end(cast, browse, newcomer, claim, join_in):
    """Else one asks until friends are among those whom chance has chosen."""
    join_in(9)
    browser = browse(newcomer)
    answers = []
    for _ in range(7):
        key = browser.send("/api/v1/participations", claim).json["key"]
        answers.append(browser.post(f"/claims/{key}/vouchers").status_code)
        browser.post(f"/claims/{key}/withdraw")
    assert answers == [303] * 5 + [429] * 2
