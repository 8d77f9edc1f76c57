"""Personal letters and codes on paper: who gets one, what its holder can do, and what nobody learns."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.tokens import digest
from alumni.members.models import Participation
from alumni.programmes.models import Cohort
from alumni.rosters.actions import invitations as actions
from alumni.rosters.models import EntryMark, EntryState, Invitation, InvitationState, RosterEntry
from tests import builders
from tests.cast import Cast

OVER = {"starts_on": "2020-01-01", "ends_on": "2020-12-31"}
DEWI = "dewi@example.com"
PASSWORD = "three quiet words"
JOIN = {"password": PASSWORD, "terms": "y"}


@pytest.fixture
def roster(app, cast):
    """A roster with everybody whom a letter may not reach, and two whom it may. The keys of the entries by name."""
    with app.app_context():
        cohorts = {cohort.slug: cohort for cohort in db.session.query(Cohort)}
        here, there = cohorts[cast.cohort], cohorts[cast.other_cohort]
        keo = builders.make_entry(here, "PHOMMA Keo", email="keo@example.com")
        builders.make_entry(here, "LESTARI Dewi", email=DEWI, country="JP")
        builders.make_entry(here, "CLAIMED Somebody", email="a@example.com", state=EntryState.CLAIMED)
        builders.make_entry(here, "GONE Somebody", email="b@example.com", mark=EntryMark.DECEASED)
        builders.make_entry(here, "QUIET Somebody", email="c@example.com", mark=EntryMark.DO_NOT_CONTACT)
        builders.make_entry(here, "TWICE Somebody", email="d@example.com", duplicate_of_id=keo.id)
        builders.make_entry(here, "ELSEWHERE Quiet", email="e@example.com")
        builders.make_entry(there, "Quiet Elsewhere", email="e@example.com", mark=EntryMark.DO_NOT_CONTACT)
        builders.make_entry(here, "SCHOOL One", email="school@example.com")
        builders.make_entry(here, "SCHOOL Two", email="school@example.com")
        builders.make_entry(here, "PAPER Somebody")
        builders.make_officer("late@example.org", country="LA", **OVER)
        db.session.commit()
        return {row.name_printed: row.key for row in db.session.query(RosterEntry)}


def invitation(read, name):
    columns = (
        Invitation.state,
        Invitation.times,
        Invitation.opened_at,
        RosterEntry.state.label("entry"),
        RosterEntry.mark,
    )
    rows = read(sa.select(*columns).join(RosterEntry).where(RosterEntry.name_printed == name))
    return rows[0] if rows else None


def send(app, browser, cast, **sent):
    """Presses the button and lets the worker run. The answer."""
    answer = browser.send(f"/api/v1/rosters/cohorts/{cast.cohort}/invitations", sent)
    with app.app_context():
        worker.run_due()
    return answer


def link_in(letter):
    return re.search(r"/invitation/[\w-]{43}", letter.get_body(("plain",)).get_content()).group()


@pytest.fixture
def link(app, cast, browse, roster, postbox):
    """The address in Dewi's letter."""
    assert send(app, browse(Cast.olga), cast).status_code == 200
    return link_in(next(letter for letter in postbox.letters if letter["To"] == DEWI))


def test_the_officer_sees_the_numbers_first(cast, browse, roster, read):
    olga = browse(Cast.olga)
    figures = olga.get(f"/api/v1/rosters/cohorts/{cast.cohort}/invitations").json
    assert figures["ready"] == {
        "new": 2, "claimed": 1, "deceased": 1, "do_not_contact": 2, "duplicate": 1, "shared": 2, "no_address": 1,
    }  # fmt: skip
    page = olga.get(f"/rosters/cohorts/{cast.cohort}/invitations").text
    assert "2 people will get a letter." in page
    assert "3 people are reached by no letter." in page
    assert "with an address that others of the cohort share" in page
    assert "PHOMMA" not in page
    assert read(sa.select(Invitation.entry_id)) == []


def test_letters_go_to_those_two_and_say_little(app, cast, browse, roster, read, postbox):
    answer = send(app, browse(Cast.olga), cast)
    assert (answer.json["letters"], answer.json["left"]) == (2, 0)
    assert sorted(letter["To"] for letter in postbox.letters) == [DEWI, "keo@example.com"]
    for letter in postbox.letters:
        text = letter.get_body(("plain",)).get_content() + letter.get_body(("html",)).get_content()
        assert "JENESYS2016" in text
        for told in ("Keo", "PHOMMA", "Dewi", "LESTARI", "16th Batch"):
            assert told not in text
        assert link_in(letter) in letter.get_body(("html",)).get_content()
    assert {row.state for row in read(sa.select(Invitation.state))} == {"sent"}
    assert invitation(read, "PHOMMA Keo").entry == "invited"
    with app.app_context():
        assert worker.run_due() == 0
        worker.run_daily()
    assert send(app, browse(Cast.olga), cast, again=True).json["letters"] == 0  # not twice in a week
    assert len(postbox.letters) == 2
    [line] = read(sa.select(AuditLine.subject, AuditLine.facts).where(AuditLine.action == "roster.invite"))
    assert (line.subject, line.facts["rows"]) == (f"cohort:{cast.cohort}", 2)


def test_the_language_is_that_of_the_country(link, postbox):
    languages = {
        letter["To"]: '<html lang="ja">' in letter.get_body(("html",)).get_content() for letter in postbox.letters
    }
    assert languages == {DEWI: True, "keo@example.com": False}


def test_no_secret_lies_in_the_database(app, link, read):
    secret = link.rpartition("/")[2]
    kept = [str(row) for table in (Job.payload, Invitation.digest, AuditLine.facts) for row in read(sa.select(table))]
    assert not any(secret in text for text in kept)
    assert read(sa.select(Invitation.digest).where(Invitation.digest == digest(secret))) != []


def test_following_the_link_shows_what_is_needed_and_changes_nothing(link, browse, read):
    guest = browse("")
    for _ in range(2):
        page = guest.get(link)
        assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "LESTARI Dewi" in page.text
    assert "JENESYS2016 16th Batch" in page.text
    assert DEWI not in page.text
    assert invitation(read, "LESTARI Dewi")[:3] == ("sent", 1, None)


def test_yes_with_the_invited_address_is_an_account_at_once_and_a_verified_member(app, link, browse, read, cast):
    guest = browse("")
    assert guest.post(link, {"answer": "yes"}).location == f"{link}/join"
    assert invitation(read, "LESTARI Dewi").state == "opened"
    assert DEWI in guest.get(f"{link}/join").text
    joined = guest.post(f"{link}/join", {**JOIN, "email": "Dewi@Example.com"})
    assert joined.location == f"/me/profile?next={link}"
    columns = (Account.state, Account.confirmed_at, Account.signed_in_at)
    [(state, confirmed, signed_in)] = read(sa.select(*columns).where(Account.email == DEWI))
    assert (state, confirmed is not None, signed_in is not None) == (AccountState.ACTIVE, True, True)
    assert guest.post(link, {"answer": "yes"}).location.startswith("/me/profile")  # a name first
    guest.post("/me/profile", {"name": "Dewi Lestari", "country": "JP"})
    answer = guest.post(link, {"answer": "yes"})
    assert answer.location == "/"
    home = guest.get("/").text
    assert "Your cohort" in home
    assert "You are a member of the network." in home
    row = invitation(read, "LESTARI Dewi")
    assert (row.state, row.entry) == ("claimed", "claimed")
    assert "Alice Phommasan" in guest.get("/members").text
    assert guest.get(link).status_code == 410


def test_another_address_confirms_itself_first(app, link, browse, read, postbox):
    guest = browse("")
    answer = guest.post(f"{link}/join", {**JOIN, "email": "new@example.com"})
    assert answer.location == "/signup/check-mail"
    assert read(sa.select(Account.state).where(Account.email == "new@example.com")) == [("unconfirmed",)]
    assert guest.get("/me/profile").status_code == 303  # nobody is signed in
    with app.app_context():
        worker.run_due()
    assert postbox.letters[-1]["Subject"] == "Confirm your address"
    assert guest.get(link).status_code == 200  # it is still theirs


def test_an_address_with_an_account_signs_in(app, link, browse, read):
    with app.app_context():
        builders.make_member("Dewi Lestari", email=DEWI, account={"password_hash": "theirs"})
        db.session.commit()
    answer = browse("").post(f"{link}/join", {**JOIN, "email": DEWI})
    assert answer.location.startswith("/login?next=")
    assert read(sa.select(Account.password_hash).where(Account.email == DEWI)) == [("theirs",)]
    signed_in = browse(DEWI)
    assert signed_in.get(f"{link}/join").location == link
    assert signed_in.post(link, {"answer": "yes"}).location == "/"
    assert invitation(read, "LESTARI Dewi").state == "claimed"


def test_not_me_ends_it_for_good(app, link, browse, cast, read, postbox):
    answer = browse("").post(link, {"answer": "no"})
    assert answer.location == "/"
    row = invitation(read, "LESTARI Dewi")
    assert (row.state, row.mark) == ("declined", "do_not_contact")
    assert browse("").get(link).status_code == 410
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        send(app, browse(Cast.olga), cast, again=True)
    assert [letter["To"] for letter in postbox.letters].count(DEWI) == 1
    [line] = read(sa.select(AuditLine.actor_id).where(AuditLine.action == "invitation.decline"))
    assert line.actor_id == 0


def test_later_leaves_it_open(link, browse, read):
    assert browse("").post(link, {"answer": "later"}).location == "/"
    assert invitation(read, "LESTARI Dewi").state == "opened"
    assert browse("").get(link).status_code == 200
    page = browse("").post(link, {"answer": "maybe"})
    assert (page.status_code, "Press one of the buttons" in page.text) == (422, True)


def test_whoever_has_the_entry_already_keeps_it(app, link, cast, browse, read, roster):
    with app.app_context():
        entry = db.session.query(RosterEntry).filter_by(name_printed="LESTARI Dewi").one()
        bob = db.session.query(Participation).join(Account, Account.id == Participation.account_id)
        entry.participation_id = bob.filter(Account.email == Cast.bob).one().id
        builders.make_member("Dewi Lestari", email=DEWI)
        db.session.commit()
    dewi = browse(DEWI)
    answer = dewi.post(link, {"answer": "yes"})
    assert "Waiting for an answer" in dewi.get(answer.location).text


def test_a_newer_letter_kills_the_older(app, link, cast, browse, roster, read, postbox):
    olga = browse(Cast.olga)
    path = f"/rosters/entries/{roster['LESTARI Dewi']}"
    assert "Write again" not in olga.get(path).text
    assert olga.post(f"{path}/invite").status_code == 409  # not within a week
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert "Write again" in olga.get(path).text
        assert olga.post(f"{path}/invite").location == path
        assert browse("").get(link).status_code == 410  # from the moment on which the new one is promised
        with app.app_context():
            worker.run_due()
        newer = link_in(postbox.letters[-1])
        assert newer != link
        assert browse("").get(newer).status_code == 200
        assert invitation(read, "LESTARI Dewi")[:2] == ("sent", 2)


def test_it_expires(link, browse):
    with time_machine.travel(clock.now() + timedelta(days=61), tick=False):
        assert browse("").get(link).status_code == 410
        assert browse("").post(link, {"answer": "yes"}).status_code == 410
        assert browse("").post(f"{link}/join", {**JOIN, "email": DEWI}).status_code == 410


def test_unknown_old_used_and_replaced_have_one_answer(app, link, browse, read):
    answers = []
    secret = link.rpartition("/")[2]
    for token in ("x" * 43, "é" * 43, "short", "on paper abc", secret[:-1], f"{secret}a"):
        answers.append(browse("").get(f"/invitation/{token}"))
    browse("").post(link, {"answer": "no"})
    answers.append(browse("").get(link))
    with time_machine.travel(clock.now() + timedelta(days=61), tick=False):
        answers.append(browse("").get(link))
    pages = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {410}
    assert len(pages) == 1
    assert "Find my programme" in pages.pop()


def test_a_letter_is_tried_again_with_the_same_link(app, cast, browse, roster, read, postbox):
    postbox.answer = "451 come back later"
    send(app, browse(Cast.olga), cast)
    assert {row.state for row in read(sa.select(Invitation.state))} == {"promised"}
    digests = read(sa.select(Invitation.digest).order_by(Invitation.entry_id))
    postbox.answer = "250 OK"
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False), app.app_context():
        worker.run_due()
    assert read(sa.select(Invitation.digest).order_by(Invitation.entry_id)) == digests
    assert len(postbox.letters) == 2


def test_what_changed_meanwhile_sends_no_letter(app, cast, browse, roster, read, postbox):
    olga = browse(Cast.olga)
    olga.send(f"/api/v1/rosters/cohorts/{cast.cohort}/invitations", {})
    key = roster["LESTARI Dewi"]
    olga.send(f"/api/v1/rosters/entries/{key}/mark", {"mark": "deceased", "reason": "The family wrote"})
    with app.app_context():
        worker.run_due()
    assert [letter["To"] for letter in postbox.letters] == ["keo@example.com"]


def test_an_address_that_is_refused_has_bounced(app, cast, browse, roster, read, postbox):
    postbox.answer = "550 no such person"
    send(app, browse(Cast.olga), cast)
    assert invitation(read, "LESTARI Dewi").state == "bounced"
    figures = browse(Cast.olga).get(f"/api/v1/rosters/cohorts/{cast.cohort}/invitations").json
    assert figures["ready"]["bounced"] == 2
    assert figures["states"] == {"bounced": 2}


def test_a_letter_that_came_back_is_noted_and_not_sent_again(app, link, cast, browse, roster, read, postbox):
    olga, path = browse(Cast.olga), f"/rosters/entries/{roster['LESTARI Dewi']}"
    assert "Write down that the letter came back" in olga.get(path).text
    assert olga.post(f"{path}/bounced").location == path
    assert olga.post(f"{path}/bounced").status_code == 409
    assert "Came back" in olga.get(path).text
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        assert olga.post(f"{path}/invite").status_code == 409
        with app.app_context():  # a new list brings another address
            db.session.query(RosterEntry).filter_by(name_printed="LESTARI Dewi").one().email = "dewi@example.net"
            db.session.commit()
        assert olga.post(f"{path}/invite").status_code == 303
        with app.app_context():
            worker.run_due()
    assert postbox.letters[-1]["To"] == "dewi@example.net"


def test_so_many_a_day_and_the_rest_tomorrow(app, cast, browse, read, postbox, roster, monkeypatch):
    monkeypatch.setattr(actions, "LETTERS_A_DAY", 1)
    olga = browse(Cast.olga)
    first = send(app, olga, cast)
    assert (first.json["letters"], first.json["left"]) == (1, 1)
    assert send(app, olga, cast).status_code == 409
    assert send(app, browse(Cast.sam), cast).json["letters"] == 1  # somebody else's day is their own


def test_so_many_a_day_of_all_officers_together(app, cast, browse, postbox, roster, monkeypatch):
    monkeypatch.setattr(actions, "LETTERS_A_DAY_OF_ALL", 1)
    assert send(app, browse(Cast.olga), cast).json["letters"] == 1
    assert send(app, browse(Cast.sam), cast).status_code == 409
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert send(app, browse(Cast.sam), cast).json["letters"] == 1


def codes_on(page):
    return dict(re.findall(r"<h2><bdi>([^<]+)</bdi>.*?<code dir=\"ltr\">([^<]+)</code>", page, re.DOTALL))


def test_codes_on_paper(app, cast, browse, roster, read):
    olga, guest = browse(Cast.olga), browse("")
    path = f"/rosters/cohorts/{cast.cohort}/codes"
    assert "No codes yet" in olga.get(path).text
    assert olga.post(path).location == path
    codes = codes_on(olga.get(path).text)
    assert set(codes) == {"PAPER Somebody", "SCHOOL One", "SCHOOL Two"}
    olga.post(path)
    assert codes_on(olga.get(path).text) == codes  # those that are printed stay good
    assert invitation(read, "PAPER Somebody")[:2] == ("printed", 1)
    code = codes["PAPER Somebody"]
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code)
    assert guest.get(f"/invitation/{code.replace('-', '')}").status_code == 410  # only where tries are counted
    answer = guest.post("/invitation", {"code": f" {code.upper()} "})
    assert answer.status_code == 303
    assert code.replace("-", "") not in answer.location
    assert "PAPER Somebody" in guest.get(answer.location).text
    joined = guest.post(f"{answer.location}/join", {**JOIN, "email": "paper@example.com"})
    assert joined.location == "/signup/check-mail"  # a code proves no address
    assert browse(Cast.carol).post(answer.location, {"answer": "yes"}).location == "/"
    assert invitation(read, "PAPER Somebody").state == "claimed"
    lines = {row.action for row in read(sa.select(AuditLine.action))}
    assert {"roster.print-codes", "roster.look"} <= lines


def test_tries_of_codes_are_limited(app, cast, browse, roster):
    browse(Cast.olga).post(f"/rosters/cohorts/{cast.cohort}/codes")
    guest = browse("")
    page = guest.post("/invitation", {"code": "aaaaa-aaaaa"})
    assert (page.status_code, "No invitation has this code" in page.text) == (422, True)
    statuses = [guest.post("/invitation", {"code": "bbbbbbbbbb"}).status_code for _ in range(20)]
    assert statuses == [422] * 19 + [429]
    code = next(iter(codes_on(browse(Cast.olga).get(f"/rosters/cohorts/{cast.cohort}/codes").text).values()))
    assert guest.post("/invitation", {"code": code}).status_code == 429  # also the right one


def test_bad_passwords_and_addresses_are_said_at_their_fields(link, browse, read):
    guest = browse("")
    for field, value in (("email", "dewi"), ("email", ""), ("password", "short"), ("terms", "")):
        page = guest.post(f"{link}/join", {**JOIN, "email": DEWI, field: value})
        assert (page.status_code, f'href="#{field}"' in page.text) == (422, True)
    assert read(sa.select(Account.id).where(Account.email == DEWI)) == []


def test_the_suspended_read_and_take_nothing(link, browse, read):
    sue = browse(Cast.sue)
    assert sue.post(link, {"answer": "yes"}).status_code == 403
    assert invitation(read, "LESTARI Dewi").state == "sent"


def test_nobody_else(app, cast, browse, roster, read):
    paths = [
        ("GET", f"/rosters/cohorts/{cast.cohort}/invitations"),
        ("POST", f"/rosters/cohorts/{cast.cohort}/invitations"),
        ("GET", f"/rosters/cohorts/{cast.cohort}/codes"),
        ("POST", f"/rosters/cohorts/{cast.cohort}/codes"),
        ("POST", f"/rosters/entries/{roster['PHOMMA Keo']}/invite"),
        ("POST", f"/rosters/entries/{roster['PHOMMA Keo']}/bounced"),
    ]
    for email in [*(set(Cast.everybody) - {Cast.olga, Cast.sam}), "late@example.org"]:
        browser, refused = browse(email), {Cast.guest: 401, Cast.otto: 404}.get(email, 403)
        for method, path in paths:
            answer = browser.get(path) if method == "GET" else browser.post(path)
            assert answer.status_code == {401: 303}.get(refused, refused), (email, path)
            if "codes" not in path:
                answer = browser.get(f"/api/v1{path}") if method == "GET" else browser.send(f"/api/v1{path}")
                assert answer.status_code == refused, (email, path)
    assert read(sa.select(Invitation.entry_id)) == []
    assert InvitationState.PROMISED not in {row.state for row in read(sa.select(RosterEntry.state))}


def test_a_mission_invites_its_own_country_alone(app, cast, browse, roster, read, postbox):
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        builders.make_entry(cohort, "SOK Dara", country="KH", email="sok@example.com")
        db.session.commit()
    assert send(app, browse(Cast.otto), cast).json["letters"] == 1
    assert [letter["To"] for letter in postbox.letters] == ["sok@example.com"]
