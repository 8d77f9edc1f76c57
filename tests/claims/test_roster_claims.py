"""A claim meets the roster: verified at once, or it waits; and a stranger learns nothing from the difference."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni.accounts.models import Account
from alumni.claims.models import CaseStep
from alumni.core import clock
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.tokens import digest
from alumni.members.models import Member
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryMark, Invitation, InvitationState, RosterEntry
from tests import builders
from tests.cast import Cast
from tests.claims.conftest import NEW, ON_ROSTER


def steps(read, participation_id):
    rows = read(sa.select(CaseStep.step).where(CaseStep.participation_id == participation_id).order_by(CaseStep.id))
    return [row[0] for row in rows]


def letters(read):
    return [
        (row[0]["template"], row[0]["to"])
        for row in read(sa.select(Job.payload).where(Job.kind == "mail", Job.state == "queued").order_by(Job.id))
    ]


def make_person(app, name, email):
    with app.app_context():
        member = builders.make_member(name, email=email)
        db.session.commit()
        return member.account_id


def test_a_number_verifies_at_once(cast, browse, newcomer, claim, roster, case_of, entry_of, read):
    browser = browse(newcomer)
    answer = browser.post("/claims/new", {**claim, "number": "a 017"})
    case = case_of(newcomer)
    assert (case.state, case.basis, case.is_verified, case.entry_id) == ("verified", "number", True, roster.dewi)
    assert entry_of(roster.dewi) == ("claimed", case.id)
    assert steps(read, case.id) == ["claimed", "verified"]
    page = browser.get(answer.location).text
    assert "We have found you. Welcome back." in page
    assert "Go to your group" in page
    # What being verified brings: the group, the listings of others, the page of the cohort.
    assert browser.get(f"/groups/{cast.group}/members").status_code == 200
    assert "Alice Phommasan" in browser.get("/members").text
    assert "JENESYS2016 16th Batch" in browser.get("/").text
    assert [template for template, _ in letters(read)] == ["claims/claim_verified"]


def test_the_confirmed_address_verifies_at_once(app, cast, browse, claim, roster, case_of):
    make_person(app, "Dewi Lestari", ON_ROSTER)
    made = browse(ON_ROSTER).send("/api/v1/participations", claim)
    assert (made.status_code, made.json["state"]) == (201, "verified")
    assert case_of(ON_ROSTER).basis == "email"


@pytest.mark.parametrize(
    ("said", "agrees", "differs", "is_exact"),
    [
        ({}, ["name_printed"], [], False),
        ({"born_on": "1994-03-02"}, ["name_printed", "born_on"], [], True),
        ({"number": "A-999"}, ["name_printed"], ["number"], False),
        ({"number": "A-017", "born_on": "1990-01-01"}, ["name_printed", "number"], ["born_on"], False),
        ({"number": "A-017", "role": "leader"}, ["name_printed", "number"], ["role"], False),
        ({"institution": "universitas indonesia"}, ["name_printed", "institution"], [], True),
    ],
)
def test_otherwise_it_waits_with_what_was_found(
    cast, browse, newcomer, claim, roster, case_of, entry_of, said, agrees, differs, is_exact
):
    made = browse(newcomer).send("/api/v1/participations", claim | said).json
    case = case_of(newcomer)
    assert (made["state"], case.entry_id, case.score) == ("claimed", roster.dewi, 100)
    assert (case.agrees, case.differs, case.is_exact) == (agrees, differs, is_exact)
    assert entry_of(roster.dewi) == ("unclaimed", None)


def test_a_former_name_of_the_profile_is_found(app, cast, browse, claim, roster, case_of):
    with app.app_context():
        builders.make_member("Dewi Hartono", email=NEW, former_names="Dewi Lestari\nDewi L.")
        db.session.commit()
    browse(NEW).send("/api/v1/participations", claim | {"name_as_printed": "Dewi Hartono"})
    assert (case_of(NEW).entry_id, case_of(NEW).score) == (roster.dewi, 100)


@pytest.mark.parametrize("mark", [EntryMark.DECEASED, EntryMark.DO_NOT_CONTACT])
def test_marks(app, cast, browse, newcomer, claim, roster, case_of, mark):
    with app.app_context():
        db.session.get_one(RosterEntry, roster.dewi).mark = mark
        db.session.commit()
    browse(newcomer).send("/api/v1/participations", claim | {"number": "A-017"})
    expected = ("claimed", None) if mark == EntryMark.DECEASED else ("verified", roster.dewi)
    assert (case_of(newcomer).state, case_of(newcomer).entry_id) == expected


# What a stranger who knows a name can try, and where the person stands whose name it is.
NOBODY, LISTED, TAKEN = "Totally Unknown", "LESTARI Dewi", "PHOMMASAN Somchai"
SAID = [{}, {"born_on": "1990-05-05"}, {"number": "X-999"}, {"institution": "Some School"}]


@pytest.mark.parametrize("said", SAID, ids=lambda said: "".join(said) or "nothing")
def test_a_stranger_learns_nothing(app, cast, browse, claim, roster, work, said):
    with app.app_context():  # the entry of Somchai is claimed already
        bob = db.session.scalar(sa.select(Member.account_id).where(Member.name_romanised == "Bounmy Vongsa"))
        bobs = db.session.scalar(sa.text("SELECT id FROM participations WHERE account_id = :id").bindparams(id=bob))
        db.session.get_one(RosterEntry, roster.somchai).participation_id = bobs
        db.session.commit()
    seen = {}
    for number, name in enumerate((NOBODY, LISTED, TAKEN)):
        email = f"stranger-{number}@example.org"
        make_person(app, "A Stranger", email)
        browser = browse(email)
        with counted(app) as statements:
            form = browser.post("/claims/new", claim | said | {"name_as_printed": name})
        work()
        with counted(app) as looking:
            page = browser.get(form.location)
        made = browser.get(f"/api/v1/participations/{form.location.rpartition('/')[2]}")
        headers = sorted(header for header, _ in page.headers)
        words = re.sub(r"[2-9a-z]{10}", "KEY", without_tokens(page.text.replace(name, "NAME")))
        told = {key: value for key, value in made.json.items() if key not in ("key", "name_as_printed", "claimed_at")}
        told["history"] = [step["step"] for step in told["history"]]
        seen[name] = (form.status_code, statements, looking, page.status_code, headers, words, told)
    assert seen[LISTED] == seen[NOBODY]
    assert seen[TAKEN] == seen[NOBODY]


def without_tokens(text):
    return re.sub(r'name="csrf_token" value="[^"]*"|request_id="[^"]*"', "", text)


class counted:
    """The statements of a request, without their values."""

    def __init__(self, app):
        with app.app_context():
            self.engine = db.engine

    def __enter__(self):
        self.statements = []
        sa.event.listen(self.engine, "before_cursor_execute", self.note)
        return self.statements

    def note(self, _connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement:
            self.statements.append(re.sub(r"_\d+", "", statement))

    def __exit__(self, *_error):
        sa.event.remove(self.engine, "before_cursor_execute", self.note)


def test_three_wrong_tries_pause_for_a_day(app, cast, browse, newcomer, claim, roster, case_of):
    browser = browse(newcomer)

    def try_number(number):
        made = browser.send("/api/v1/participations", claim | {"number": number})
        if made.status_code == 201 and made.json["state"] == "claimed":
            browser.send(f"/api/v1/participations/{made.json['key']}", method="DELETE")
        return made

    assert [try_number(f"A-{n}").status_code for n in range(3)] == [201, 201, 201]
    paused = try_number("A-017")  # the right one comes too late
    assert (paused.status_code, paused.json["type"]) == (429, "claims-paused")
    assert 86_000 < int(paused.headers["Retry-After"]) <= 86_400
    assert case_of(newcomer) is None
    # Without a fact there is nothing to guess.
    plain = browser.send("/api/v1/participations", claim)
    assert plain.status_code == 201
    browser.send(f"/api/v1/participations/{plain.json['key']}", method="DELETE")
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        assert try_number("A-017").json["state"] == "verified"


def test_the_same_form_twice_is_one_try(cast, browse, newcomer, claim, roster):
    browser = browse(newcomer)
    for _ in range(5):
        sent = browser.send(
            "/api/v1/participations", claim | {"number": "A-1"}, headers={"Idempotency-Key": "the same"}
        )
        assert sent.status_code == 201


@pytest.fixture
def dispute(app, cast, browse, claim, roster, newcomer, work):
    """Dewi has her entry; somebody else claims it too."""
    make_person(app, "Dewi Lestari", ON_ROSTER)
    browse(ON_ROSTER).send("/api/v1/participations", claim)
    browse(newcomer).send("/api/v1/participations", claim | {"number": "A-017"})
    return newcomer


def test_a_second_claim_is_for_a_human(cast, browse, roster, dispute, case_of, entry_of, read, work):
    assert not case_of(dispute).is_disputed  # nothing in the answer comes from it
    before = letters(read)
    work()
    first, second = case_of(ON_ROSTER), case_of(dispute)
    assert (first.state, first.is_verified, first.is_disputed) == ("verified", True, True)
    assert (second.state, second.is_disputed) == ("claimed", True)
    assert entry_of(roster.dewi) == ("claimed", first.id)
    assert "disputed" in steps(read, first.id)
    assert steps(read, second.id) == ["claimed"]
    assert "Alice Phommasan" in browse(ON_ROSTER).get("/members").text  # nobody loses anything
    assert before
    assert "Somebody else names the same place" in browse(ON_ROSTER).get(f"/claims/{first.key}").text
    page = browse(Cast.olga).get("/desk?disputed=y").text
    assert f"/desk/{second.key}" in page
    # The desk has looked, and lets the other know as well; once.
    olga = browse(Cast.olga)
    for _ in range(2):
        assert olga.send(f"/api/v1/participations/{second.key}/dispute").status_code == 200
    assert steps(read, second.id) == ["claimed", "disputed"]
    assert steps(read, first.id).count("disputed") == 1
    assert ("claims/claim_disputed", second.id) not in letters(read)
    assert "Somebody else names the same place" in browse(dispute).get(f"/claims/{second.key}").text


def test_the_first_loses_it_only_by_an_explicit_decision(cast, browse, roster, dispute, case_of, entry_of, work):
    work()
    olga, second = browse(Cast.olga), case_of(dispute)
    refused = olga.send(f"/api/v1/participations/{second.key}/verify")
    assert (refused.status_code, refused.json["type"]) == (409, "entry-claimed")
    assert case_of(ON_ROSTER).state == "verified"
    assert case_of(dispute).state == "claimed"
    assert olga.send(f"/api/v1/participations/{second.key}/replace", {"template": "somebody-else"}).status_code == 200
    first, second = case_of(ON_ROSTER), case_of(dispute)
    assert (first.state, first.is_verified, first.is_disputed) == ("revoked", False, False)
    assert (second.state, second.is_verified, second.is_disputed) == ("verified", True, False)
    assert entry_of(roster.dewi) == ("claimed", second.id)


def test_the_second_may_be_declined_and_all_is_quiet(cast, browse, roster, dispute, case_of, work):
    work()
    second = case_of(dispute)
    browse(Cast.olga).send(f"/api/v1/participations/{second.key}/decline", {"template": "somebody-else"})
    assert (case_of(ON_ROSTER).state, case_of(ON_ROSTER).is_disputed) == ("verified", False)
    quiet = browse(Cast.olga).send(f"/api/v1/participations/{second.key}/dispute")
    assert (quiet.status_code, quiet.json["type"]) == (409, "not-disputed")


def test_two_who_wait_dispute_it_too(app, cast, browse, claim, roster, newcomer, case_of, work):
    make_person(app, "Dewi L", "other@example.org")
    for email in (newcomer, "other@example.org"):
        browse(email).send("/api/v1/participations", claim)
        work()
    assert case_of(newcomer).is_disputed
    assert case_of("other@example.org").is_disputed
    key = case_of("other@example.org").key
    browse("other@example.org").send(f"/api/v1/participations/{key}", method="DELETE")
    work()
    assert not case_of(newcomer).is_disputed


def test_taking_back_tells_a_stranger_nothing(app, cast, browse, claim, roster, work):
    seen = {}
    for number, name in enumerate((NOBODY, LISTED)):
        email = f"stranger-{number}@example.org"
        make_person(app, "A Stranger", email)
        browser = browse(email)
        key = browser.send("/api/v1/participations", claim | {"name_as_printed": name}).json["key"]
        work()
        body = {"csrf_token": browser.token()}
        with counted(app) as statements:
            answer = browser.client.post(f"/claims/{key}/withdraw", data=body)
        seen[name] = (answer.status_code, answer.location, statements)
    assert seen[NOBODY][0] == 303
    assert seen[LISTED] == seen[NOBODY]


def test_an_appeal_is_a_rival_again(app, cast, browse, dispute, case_of, work):
    work()
    key = case_of(dispute).key
    browse(Cast.olga).send(f"/api/v1/participations/{key}/decline", {"template": "somebody-else"})
    assert not case_of(ON_ROSTER).is_disputed
    browse(dispute).post(f"/claims/{key}/appeal", {"words": "It is me all the same."})
    work()
    assert case_of(ON_ROSTER).is_disputed
    assert case_of(dispute).is_disputed


def test_revoking_is_the_reverse_at_once(cast, browse, newcomer, claim, roster, case_of, entry_of, read):
    browser = browse(newcomer)
    browser.send("/api/v1/participations", claim | {"number": "A-017"})
    key = case_of(newcomer).key
    browse(Cast.olga).send(f"/api/v1/participations/{key}/revoke", {"reason": "Another Dewi"})
    case = case_of(newcomer)
    assert (case.state, case.is_verified, case.basis) == ("revoked", False, None)
    assert entry_of(roster.dewi) == ("unclaimed", None)
    assert "Alice" not in browser.get("/members").text
    assert browser.get(f"/groups/{cast.group}/members").status_code != 200
    page = browser.get(f"/claims/{key}").text
    assert "Another Dewi" in page
    assert "Ask for another look" in page
    # Another look, by somebody else; then everything is open again.
    assert browser.post(f"/claims/{key}/appeal", {"words": "Here is my certificate."}).status_code == 303
    assert case_of(newcomer).state == "claimed"
    olga = browse(Cast.olga)
    refused = olga.send(f"/api/v1/participations/{key}/verify")
    assert (refused.status_code, refused.json["detail"]) == (
        403,
        "Somebody else decides this: you have decided it before.",
    )
    assert olga.send(f"/api/v1/participations/{key}/take").status_code == 403
    assert f"/desk/{key}" not in olga.get("/desk").text
    assert browse(Cast.sam).send(f"/api/v1/participations/{key}/verify").status_code == 200
    assert entry_of(roster.dewi) == ("claimed", case.id)
    assert browser.get(f"/groups/{cast.group}/members").status_code == 200
    assert steps(read, case.id) == ["claimed", "verified", "revoked", "appealed", "verified"]


def test_whoever_was_invited_is_invited_again_after_a_revocation(
    app, cast, browse, newcomer, claim, roster, case_of, entry_of
):
    with app.app_context():
        invitation = Invitation(
            entry_id=roster.dewi, digest=digest("x"), state=InvitationState.SENT, expires_at=clock.now()
        )
        db.session.add(invitation)
        db.session.commit()
    browse(newcomer).send("/api/v1/participations", claim | {"number": "A-017"})
    browse(Cast.olga).send(f"/api/v1/participations/{case_of(newcomer).key}/revoke", {"template": "by-mistake"})
    assert entry_of(roster.dewi) == ("invited", None)


def test_the_roster_shows_to_nobody_who_claims(cast, browse, newcomer, claim, roster, case_of):
    browser = browse(newcomer)
    browser.send("/api/v1/participations", claim | {"born_on": "1994-03-02"})
    key = case_of(newcomer).key
    for path in (
        f"/claims/{key}",
        f"/api/v1/participations/{key}",
        "/api/v1/participations",
        "/me/participations",
        "/",
    ):
        text = browser.get(path).text
        for secret in ("A-017", "Universitas Indonesia", "嬉野市", ON_ROSTER, "Somchai"):
            assert secret not in text, path


@pytest.mark.parametrize("term", ["runs", "over", "admin"])
@pytest.mark.parametrize("fact", ["email", "number"])
def test_whoever_keeps_the_roster_proves_nothing_by_it(app, cast, browse, claim, case_of, term, fact):
    """Officers write entries and read their numbers; so somebody else looks at their own claims."""
    who = Cast.sam if term == "admin" else "keeper@example.org"
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        builders.make_entry(cohort, "KEEPER Somebody", email=who, number="A-777")
        if term != "admin":
            over = {"starts_on": "2020-01-01", "ends_on": "2020-12-31"} if term == "over" else {}
            account = builders.make_officer(who, db.session.get_one(Programme, cohort.programme_id), **over)
            builders.add(Member(account_id=account.id, name="Somebody Keeper"))
        db.session.commit()
    number = {"number": "A-777"} if fact == "number" else {}
    made = browse(who).send("/api/v1/participations", claim | number | {"name_as_printed": "KEEPER Somebody"})
    assert (made.status_code, made.json["state"]) == (201, "claimed")
    assert case_of(who).is_exact
    decider = Cast.olga if term == "admin" else Cast.sam
    answer = browse(decider).send(f"/api/v1/participations/{made.json['key']}/verify")
    assert (answer.status_code, answer.json["state"]) == (200, "verified")


def test_an_officer_of_something_else_is_found_like_everybody(app, cast, browse, claim, roster, case_of):
    with app.app_context():
        account = db.session.query(Account).filter_by(email=Cast.otto).one()  # of Cambodia
        builders.add(Member(account_id=account.id, name="Dewi Lestari"))
        db.session.commit()
    made = browse(Cast.otto).send("/api/v1/participations", claim | {"number": "A-017"})
    assert made.json["state"] == "verified"
