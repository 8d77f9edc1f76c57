"""A claim that waits is corrected by whoever made it, and compared with the roster anew."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.claims.models import Case, CaseStep, ClaimRules, Vouch
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.members.models import Member, Participation
from alumni.programmes.models import Programme
from alumni.rosters.models import RosterEntry
from tests import builders
from tests.cast import Cast
from tests.claims.conftest import NEW
from tests.claims.test_roster_claims import counted, make_person, steps, without_tokens

SAID = {"role": "participant", "standing": "graduate", "name_as_printed": "LESTARI Dewi", "note": "Host town: Saga"}


@pytest.fixture
def made(cast, browse, newcomer, claim, roster):
    """A claim with a number that is misread."""
    return browse(newcomer).send("/api/v1/participations", claim | {"number": "A-071"}).json["key"]


def correct(browse, email, key, **said):
    return browse(email).send(f"/api/v1/participations/{key}", SAID | said, method="PUT")


def test_the_right_number_verifies_at_once(cast, browse, made, roster, case_of, entry_of, read):
    browser = browse(NEW)
    assert case_of(NEW).differs == ["number"]
    assert f'href="/claims/{made}/correct"' in browser.get(f"/claims/{made}").text
    page = browser.get(f"/claims/{made}/correct").text
    for kept in ('value="A-071"', 'value="LESTARI Dewi"', "Host town: Saga"):
        assert kept in page
    wrong = browser.post(f"/claims/{made}/correct", SAID | {"number": "A-017", "born_on": "2 March"})
    assert wrong.status_code == 422
    assert 'href="#born_on' in wrong.text
    assert 'value="A-017"' in wrong.text  # what was typed is kept
    saved = browser.post(f"/claims/{made}/correct", SAID | {"number": "A-017", "born_on": "1994-03-02"})
    assert (saved.status_code, saved.location) == (303, f"/claims/{made}")
    assert "We have found you. Welcome back." in browser.get(f"/claims/{made}").text
    case = case_of(NEW)
    assert (case.state, case.basis, case.is_verified) == ("verified", "number", True)
    assert entry_of(roster.dewi) == ("claimed", case.id)
    assert steps(read, case.id) == ["claimed", "corrected", "verified"]
    assert read(sa.select(AuditLine.id).where(AuditLine.action == "participation.correct"))
    assert browser.get(f"/groups/{cast.group}/members").status_code == 200


def test_another_name_is_another_entry_and_a_dispute_ends(app, cast, browse, made, claim, roster, case_of, work):
    make_person(app, "Dewi L", "other@example.org")
    browse("other@example.org").send("/api/v1/participations", claim)
    work()
    assert case_of(NEW).is_disputed
    changed = correct(browse, NEW, made, name_as_printed="NEW Nia", institution="Somewhere", standing="host")
    assert (changed.status_code, changed.json["state"], changed.json["standing"]) == (200, "claimed", "host")
    assert changed.json["number"] == ""  # what is left out is not said any more
    work()
    assert (case_of(NEW).entry_id, case_of(NEW).is_disputed) == (roster.nia, False)
    assert not case_of("other@example.org").is_disputed


def test_words_alone_are_no_try(cast, browse, made, case_of):
    for number in range(4):
        assert correct(browse, NEW, made, number="A-071", note=f"Note {number}").status_code == 200
    for number in range(2):
        assert correct(browse, NEW, made, number=f"A-{number}").status_code == 200
    paused = correct(browse, NEW, made, number="A-017")
    assert (paused.status_code, paused.json["type"]) == (429, "claims-paused")
    assert case_of(NEW).state == "claimed"


def test_not_while_somebody_looks_at_it(cast, browse, made, roster, case_of):
    olga = browse(Cast.olga)
    olga.post(f"/desk/{made}/take")
    refused = correct(browse, NEW, made, name_as_printed="NEW Nia")
    assert (refused.status_code, refused.json["type"]) == (409, "case-in-hand")
    assert case_of(NEW).entry_id == roster.dewi
    olga.post(f"/desk/{made}/release")
    assert correct(browse, NEW, made, name_as_printed="NEW Nia").status_code == 200
    assert case_of(NEW).entry_id == roster.nia
    olga.post(f"/desk/{made}/take")
    assert "Corrected, and compared anew" in olga.get(f"/desk/{made}").text


def test_whoever_vouched_for_another_name_is_asked_once_more(app, cast, browse, made, case_of, read):
    with app.app_context():
        programme = db.session.query(Programme).filter_by(slug=cast.programme).one()
        db.session.add(ClaimRules(programme_id=programme.id, vouchers_needed=2, vouchers_suffice=True))
        db.session.commit()
    browser = browse(NEW)
    browser.post(f"/claims/{made}/vouchers")
    votes = sa.select(Account.email, Vouch.key, Vouch.state).join(Account, Account.id == Vouch.voucher_id)
    keys = {row.email: row.key for row in read(votes)}

    def say(email, answer):
        assert browse(email).send(f"/api/v1/vouches/{keys[email]}/answer", {"answer": answer}).status_code == 200

    say(Cast.alice, "yes")
    say(Cast.mallory, "unsure")
    correct(browse, NEW, made, note="Only the note")
    assert {row.email: row.state for row in read(votes)}[Cast.alice] == "yes"
    correct(browse, NEW, made, name_as_printed="LESTARI Dewi Ayu")
    states = {row.email: row.state for row in read(votes)}
    assert (states[Cast.alice], states[Cast.mallory]) == ("asked", "unsure")
    assert "LESTARI Dewi Ayu" in browse(Cast.alice).get(f"/vouch/{keys[Cast.alice]}").text
    say(Cast.bob, "yes")
    assert case_of(NEW).state == "claimed"
    say(Cast.alice, "yes")
    assert case_of(NEW).state == "verified"


def test_an_appeal_is_for_somebody_to_decide(cast, browse, made, roster, case_of):
    browse(Cast.olga).send(f"/api/v1/participations/{made}/decline", {"template": "facts-differ"})
    decided = correct(browse, NEW, made, number="A-017")
    assert (decided.status_code, decided.json["type"]) == (409, "claim-decided")
    assert browse(NEW).get(f"/claims/{made}/correct").location == f"/claims/{made}"
    browse(NEW).post(f"/claims/{made}/appeal", {"words": "I misread it."})
    assert correct(browse, NEW, made, number="A-017").json["state"] == "claimed"
    assert (case_of(NEW).entry_id, case_of(NEW).is_exact) == (roster.dewi, True)


def test_a_correction_tells_a_stranger_nothing(app, cast, browse, claim, roster, work):
    """Neither what it was compared with before, nor what with now, shows in words or statements."""
    seen = {}
    turns = [("Totally Unknown", "Also Unknown"), ("LESTARI Dewi", "NEW Nia"), ("Totally Unknown", "NEW Nia"),
             ("PHOMMASAN Somchai", "Also Unknown")]  # fmt: skip
    for number, (first, second) in enumerate(turns):
        email = f"stranger-{number}@example.org"
        make_person(app, "A Stranger", email)
        browser = browse(email)
        key = browser.send("/api/v1/participations", claim | {"name_as_printed": first}).json["key"]
        work()
        body = {"csrf_token": browser.token(), **SAID, "name_as_printed": second, "born_on": "1990-05-05"}
        with counted(app) as statements:
            form = browser.client.post(f"/claims/{key}/correct", data=body)
        work()
        page = without_tokens(browser.get(f"/claims/{key}").text.replace(second, "NAME").replace(key, "KEY"))
        seen[number] = (form.status_code, statements, page)
    assert seen[0][0] == 303
    assert seen[1] == seen[2] == seen[3] == seen[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name_as_printed", ""), ("name_as_printed", "n" * 201), ("note", "a\0b"), ("number", "n" * 65),
     ("born_on", "2999-01-01"), ("role", "king"), ("standing", "king"), ("host_town", "a\u202eb")],
)  # fmt: skip
def test_bad_input_changes_nothing(cast, browse, made, case_of, read, field, value):
    assert browse(NEW).post(f"/claims/{made}/correct", SAID | {field: value}).status_code == 422
    problem = correct(browse, NEW, made, **{field: value})
    assert (problem.status_code, set(problem.json["fields"])) == (422, {field})
    assert steps(read, case_of(NEW).id) == ["claimed"]


def test_who_may_not(cast, browse, made, case_of, read):
    for email in (Cast.alice, Cast.bob, Cast.carol, Cast.nia, Cast.mona, Cast.mallory, Cast.otto):
        assert correct(browse, email, made).status_code == 404, email
        assert browse(email).get(f"/claims/{made}/correct").status_code == 404, email
    for email in (Cast.olga, Cast.sam):  # the desk reads it, and changes nothing of it
        assert correct(browse, email, made).status_code == 403, email
        assert browse(email).get(f"/claims/{made}/correct").location == f"/claims/{made}"
    assert correct(browse, Cast.guest, made).status_code == 401
    assert browse(Cast.guest).get(f"/claims/{made}/correct").status_code == 303
    sue = read(sa.select(CaseStep.participation_id).limit(1)) and case_of(Cast.sue).key
    assert correct(browse, Cast.sue, sue).status_code == 403
    assert steps(read, case_of(NEW).id) == ["claimed"]


# A claim without a group


@pytest.fixture
def unlisted(claim):
    return claim | {"cohort": ""}


def test_without_a_group_the_programme_is_looked_through(cast, browse, newcomer, unlisted, roster, case_of, entry_of):
    made = browse(newcomer).send("/api/v1/participations", unlisted | {"number": "A-017"}).json
    assert (made["state"], made["cohort"]) == ("verified", cast.cohort)  # where the entry is
    assert entry_of(roster.dewi) == ("claimed", case_of(newcomer).id)
    assert browse(newcomer).get(f"/groups/{cast.group}/members").status_code == 200


def test_the_desk_finds_the_group(app, cast, browse, newcomer, unlisted, roster, case_of, entry_of, read):
    made = browse(newcomer).send("/api/v1/participations", unlisted | {"born_on": "1994-03-02"}).json
    assert (made["state"], made["cohort"]) == ("claimed", None)
    assert case_of(newcomer).entry_id == roster.dewi
    olga, key = browse(Cast.olga), made["key"]
    assert "16th Batch" not in browse(newcomer).get(f"/claims/{key}").text  # that is for the desk to say
    olga.post(f"/desk/{key}/take")
    page = olga.get(f"/desk/{key}").text
    assert "LESTARI Dewi" in page
    assert "JENESYS2016 16th Batch" in page
    found = olga.post(f"/desk/{key}/search", {"name": "Somchai"})
    assert "PHOMMASAN Somchai" in found.text
    assert "JENESYS2016 16th Batch" in found.text.split("PHOMMASAN Somchai")[1]
    somchai = read(sa.select(RosterEntry.key).where(RosterEntry.id == roster.somchai))[0][0]
    assert olga.post(f"/desk/{key}/entry", {"entry": somchai}).status_code == 303
    assert olga.post(f"/desk/{key}", {"decision": "verify"}).status_code == 303
    assert browse(newcomer).get(f"/api/v1/participations/{key}").json["cohort"] == cast.cohort
    assert entry_of(roster.somchai) == ("claimed", case_of(newcomer).id)


def test_not_in_another_programme_or_country(app, cast, browse, newcomer, unlisted, case_of):
    with app.app_context():
        elsewhere = builders.make_cohort(builders.make_programme("other-programme"), title="Another one")
        builders.make_entry(elsewhere, "LESTARI Dewi", number="A-017")
        here = db.session.query(builders.Cohort).filter_by(slug=cast.cohort).one()
        builders.make_entry(here, "LESTARI Dewi", number="A-017", country="KH")
        db.session.commit()
    made = browse(newcomer).send("/api/v1/participations", unlisted | {"number": "A-017"}).json
    assert (made["state"], case_of(newcomer).entry_id) == ("claimed", None)


def test_two_claims_of_one_person_for_one_group(cast, browse, newcomer, claim, unlisted, roster, case_of, read):
    """The one without a group is not led to where the same person claims already."""
    key = browse(newcomer).send("/api/v1/participations", unlisted).json["key"]
    assert case_of(newcomer).entry_id == roster.dewi
    browse(newcomer).send("/api/v1/participations", claim)
    refused = browse(Cast.olga).send(f"/api/v1/participations/{key}/verify")
    assert (refused.status_code, refused.json["type"]) == (409, "cohort-claimed")
    assert correct(browse, newcomer, key, note="Again").json["state"] == "claimed"
    case = sa.select(Case.entry_id).join(Participation, Participation.id == Case.participation_id)
    assert read(case.where(Participation.key == key)) == [(None,)]


def test_a_minor_detail_of_the_profile_counts(app, cast, browse, newcomer, claim, roster, case_of):
    """A former name that was added since is compared as well."""
    made = browse(newcomer).send("/api/v1/participations", claim | {"name_as_printed": "Zarah Abdullah"}).json["key"]
    assert case_of(newcomer).entry_id == roster.dewi  # by the name of the profile
    with app.app_context():
        member = db.session.scalar(
            sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == newcomer)
        )
        member.name, member.former_names = "Zarah Abdullah", "Somchai Phommasan"
        db.session.commit()
    correct(browse, newcomer, made, name_as_printed="Zarah Abdullah")
    assert case_of(newcomer).entry_id == roster.somchai
