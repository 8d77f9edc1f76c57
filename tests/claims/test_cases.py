"""Cases at the desk: whose they are, in whose hand, asked and answered, decided one by one or together."""

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni.accounts.models import Account
from alumni.claims.forms.desk import REASONS
from alumni.claims.models import Case, ClaimRules
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.members.models import Participation
from alumni.programmes.models import Cohort, Programme
from alumni.web.i18n import in_language
from tests import builders
from tests.browser import Browser
from tests.cast import Cast, make_cast
from tests.claims.conftest import NEW


@pytest.fixture
def key(cast, case_of):
    return case_of(Cast.nia).key


@pytest.fixture
def cambodian(app, cast):
    """A claim from Cambodia, of the other cohort."""
    with app.app_context():
        member = builders.make_member("Sok Khmer")
        cohort = db.session.query(Cohort).filter_by(slug=cast.other_cohort).one()
        place = builders.take_part(member, cohort, country="KH", state="claimed")
        db.session.commit()
        return place.key


@pytest.fixture
def outside(app, cast):
    """A claim of another programme, from Laos."""
    with app.app_context():
        cohort = builders.make_cohort(builders.make_programme("other-programme"), title="Another one")
        place = builders.take_part(builders.make_member("Somebody Outside"), cohort, state="claimed")
        db.session.commit()
        return place.key


def at_desk(browse, email, query=""):
    return {item["key"] for item in browse(email).get(f"/api/v1/desk{query}").json["items"]}


def act(browse, email, key, verb, body=None):
    return browse(email).send(f"/api/v1/participations/{key}/{verb}", body)


def letters(read):
    return [row[0] for row in read(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id))]


def test_two_lines_of_authority(cast, browse, key, cambodian, outside):
    assert at_desk(browse, Cast.olga) == {key, cambodian}  # her programme, every country
    assert at_desk(browse, Cast.otto) == {cambodian}  # his country, every programme
    assert at_desk(browse, Cast.sam) == {key, cambodian, outside}
    assert act(browse, Cast.otto, key, "verify").status_code == 404
    assert browse(Cast.otto).get(f"/desk/{key}").status_code == 404
    assert browse(Cast.otto).get(f"/claims/{key}").status_code == 404
    assert act(browse, Cast.olga, outside, "verify").status_code == 404
    assert act(browse, Cast.otto, cambodian, "verify").status_code == 200


def test_an_organiser_decides_where_an_officer_lets_them(app, cast, browse, key, cambodian, roster):
    assert browse(Cast.alice).get("/desk").status_code == 403
    with app.app_context():  # said for the series: it holds for what is below
        series = builders.make_programme("series-above")
        db.session.query(Programme).filter_by(slug=cast.programme).one().parent_id = series.id
        db.session.add(ClaimRules(programme_id=series.id, organisers_decide=True))
        db.session.commit()
    alice = browse(Cast.alice)
    assert at_desk(browse, Cast.alice) == {key}  # her own cohort alone
    assert act(browse, Cast.alice, cambodian, "verify").status_code == 404
    alice.post(f"/desk/{key}/take")
    page = alice.get(f"/desk/{key}").text
    assert "Another entry of the roster" not in page  # she is no officer
    assert alice.post(f"/desk/{key}/search", {"name": "Dewi"}).status_code == 403
    assert alice.get(f"/desk/rules/{cast.programme}").status_code == 403
    assert act(browse, Cast.alice, key, "verify").status_code == 200
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.mona):
        assert browse(email).get("/desk").status_code == 403, email
    with app.app_context():  # a rule of the programme itself comes before
        programme = db.session.query(Programme).filter_by(slug=cast.programme).one()
        db.session.add(ClaimRules(programme_id=programme.id))
        db.session.commit()
    assert browse(Cast.alice).get("/desk").status_code == 403


def test_an_organiser_reads_no_roster(app, cast, browse, newcomer, claim, roster, case_of):
    with app.app_context():
        programme = db.session.query(Programme).filter_by(slug=cast.programme).one()
        db.session.add(ClaimRules(programme_id=programme.id, organisers_decide=True))
        db.session.commit()
    browse(newcomer).send("/api/v1/participations", claim | {"born_on": "1994-03-02"})
    key = case_of(newcomer).key
    taken = act(browse, Cast.alice, key, "take").json
    assert (taken["entry"], taken["agrees"]) == (None, ["name_printed", "born_on"])
    page = browse(Cast.alice).get(f"/desk/{key}").text
    assert "Agrees" in page
    assert "A-017" not in page
    assert "Universitas Indonesia" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"nia", "khmer", "outside"}),
        ("?country=KH", {"khmer"}),
        ("?programme=other-programme", {"outside"}),
        ("?state=asked", {"khmer"}),
        ("?state=claimed", {"nia", "outside"}),
        ("?state=verified&country=KH", set()),
        ("?exact=y", {"nia"}),
        ("?disputed=y", {"outside"}),
        ("?exact=y&country=KH", set()),
    ],
)
def test_filters(app, cast, browse, read, key, cambodian, outside, query, found):
    act(browse, Cast.sam, cambodian, "ask", {"template": "send-certificate"})
    with app.app_context():
        ids = dict(db.session.execute(sa.select(Participation.key, Participation.id)).tuples().all())
        db.session.add(Case(participation_id=ids[key], is_exact=True))
        db.session.add(Case(participation_id=ids[outside], is_disputed=True))
        carol = db.session.scalar(sa.select(Account.id).where(Account.email == Cast.carol))
        db.session.execute(sa.delete(Participation).where(Participation.account_id == carol))
        db.session.commit()
    names = {key: "nia", cambodian: "khmer", outside: "outside"}
    assert {names[item] for item in at_desk(browse, Cast.sam, query)} == found
    page = browse(Cast.sam).get(f"/desk{query}").text
    assert {names[item] for item in names if f"/desk/{item}" in page} == found


@pytest.mark.parametrize("query", ["?country=XX", "?state=lost", "?programme=%00", "?after=nonsense"])
def test_filters_that_cannot_be(cast, browse, query):
    assert browse(Cast.sam).get(f"/desk{query}").status_code == 422
    assert browse(Cast.sam).get(f"/api/v1/desk{query}").status_code == 422


def test_age_in_working_days(app, cast, browse, key):
    with app.app_context():
        friday = clock.now().replace(year=2026, month=11, day=20)
        db.session.query(Participation).filter_by(key=key).one().claimed_at = friday
        db.session.commit()
    with time_machine.travel(date(2026, 11, 30)):
        item = browse(Cast.sam).get("/api/v1/desk").json["items"][0]
        assert item["working_days"] == 6
        assert "waits for 6 working days" in browse(Cast.sam).get(f"/desk/{key}").text


def test_a_case_is_in_one_hand(app, cast, browse, read, key):
    olga, sam = browse(Cast.olga), browse(Cast.sam)
    assert olga.post(f"/desk/{key}/take").location == f"/desk/{key}"
    assert "In your hands" in olga.get(f"/desk/{key}").text
    assert "An officer of JICE has this case in hand until" in sam.get(f"/desk/{key}").text
    assert "In the hands of another" in sam.get("/desk").text
    for verb in ("take", "verify", "decline", "ask", "entry", "dispute"):
        refused = sam.send(f"/api/v1/participations/{key}/{verb}", {"reason": "x"})
        assert (refused.status_code, refused.json["type"]) == (409, "case-taken"), verb
    assert sam.post(f"/desk/{key}", {"decision": "verify"}).status_code == 409
    assert sam.send(f"/api/v1/participations/{key}/release").status_code == 204  # not his to lay back
    assert sam.send(f"/api/v1/participations/{key}/verify").status_code == 409
    assert olga.post(f"/desk/{key}/release").location == "/desk"
    assert sam.send(f"/api/v1/participations/{key}/take").json["is_in_my_hand"]
    assert olga.send(f"/api/v1/participations/{key}/verify").status_code == 409
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert browse(Cast.olga).send(f"/api/v1/participations/{key}/verify").status_code == 200
    taken = read(sa.select(AuditLine.subject).where(AuditLine.action == "case.take"))
    assert taken == [(f"participation:{key}",)] * 2


def test_two_reach_for_one_case(alone):
    with alone.app_context():
        make_cast()
        key = db.session.scalar(
            sa.select(Participation.key)
            .join(Account, Account.id == Participation.account_id)
            .where(Account.email == Cast.nia)
        )
        db.session.remove()
    answers, barrier = [], threading.Barrier(2)

    def take(email):
        browser = Browser(alone, email)
        token = browser.token()
        barrier.wait()
        path = f"/api/v1/participations/{key}/take"
        answers.append(browser.client.post(path, json={}, headers={"X-CSRFToken": token}).status_code)

    threads = [threading.Thread(target=take, args=(email,)) for email in (Cast.olga, Cast.sam)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]


def test_two_accounts_claim_one_entry_in_one_moment(alone):
    with alone.app_context():
        cast = make_cast()
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        builders.make_entry(cohort, "LESTARI Dewi", number="A-017")
        for email in ("one@example.org", "two@example.org"):
            builders.make_member("Dewi Lestari", email=email)
        db.session.commit()
        db.session.remove()
    claim = {"programme": cast.programme, "country": "LA", "cohort": cast.cohort, "name_as_printed": "Dewi Lestari"}
    answers, barrier = [], threading.Barrier(2)

    def make(email):
        browser = Browser(alone, email)
        token = browser.token()
        barrier.wait()
        made = browser.client.post(
            "/api/v1/participations", json=claim | {"number": "A-017"}, headers={"X-CSRFToken": token}
        )
        answers.append((made.status_code, made.json["state"]))

    threads = [threading.Thread(target=make, args=(email,)) for email in ("one@example.org", "two@example.org")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(201, "claimed"), (201, "verified")]


def test_the_roster_beside_the_claim(cast, browse, read, newcomer, claim, roster, case_of):
    browse(newcomer).send(
        "/api/v1/participations", claim | {"born_on": "1990-01-01", "institution": "universitas indonesia"}
    )
    key, olga = case_of(newcomer).key, browse(Cast.olga)
    before = olga.get(f"/desk/{key}").text
    assert "A-017" not in before  # not before it is taken, so that every look is in the log
    assert olga.get(f"/api/v1/desk/{key}").json["entry"] is None
    olga.post(f"/desk/{key}/take")
    page = olga.get(f"/desk/{key}").text
    for text in ("LESTARI Dewi", "A-017", "Universitas Indonesia", "100 of 100", "Agrees", "Differs", "Not compared"):
        assert text in page, text
    assert olga.get(f"/api/v1/desk/{key}").json["entry"]["number"] == "A-017"
    looks = read(sa.select(AuditLine.subject, AuditLine.facts).where(AuditLine.action == "roster.look"))
    assert looks == [(f"participation:{key}", {"rows": 1})]


def test_another_entry_or_none(cast, browse, newcomer, claim, roster, case_of, read, entry_of):
    browse(newcomer).send("/api/v1/participations", claim | {"name_as_printed": "Somchai Phommasan"})
    key, olga = case_of(newcomer).key, browse(Cast.olga)
    assert case_of(newcomer).entry_id == roster.somchai
    olga.post(f"/desk/{key}/take")
    found = olga.post(f"/desk/{key}/search", {"name": "Dewi Lestari"})
    assert found.status_code == 200
    assert "LESTARI Dewi" in found.text
    assert "PHOMMASAN" not in found.text.split("Another entry of the roster")[1]
    assert olga.post(f"/desk/{key}/search", {"name": ""}).status_code == 422
    looks = read(sa.select(AuditLine.facts).where(AuditLine.action == "roster.look"))
    assert looks == [({"rows": 1},), ({"rows": 1},)]
    (item,) = olga.send(f"/api/v1/participations/{key}/roster", {"name": "LESTARI"}).json["items"]
    assert olga.post(f"/desk/{key}/entry", {"entry": item["key"]}).status_code == 303
    assert (case_of(newcomer).entry_id, case_of(newcomer).score) == (roster.dewi, 100)
    assert olga.post(f"/desk/{key}/entry", {"entry": "nosuchkey2"}).status_code == 404
    assert olga.post(f"/desk/{key}/entry", {"entry": ""}).status_code == 303
    assert (case_of(newcomer).entry_id, case_of(newcomer).score) == (None, None)
    assert act(browse, Cast.olga, key, "verify").status_code == 200  # on no roster, and there all the same
    assert (case_of(newcomer).state, case_of(newcomer).basis) == ("verified", "desk")
    assert entry_of(roster.dewi) == ("unclaimed", None)


def test_asking_and_answering(cast, browse, key, case_of, read):
    olga, nia = browse(Cast.olga), browse(Cast.nia)
    assert olga.post(f"/desk/{key}", {"decision": "ask", "reason": ""}).status_code == 422
    asked = olga.post(f"/desk/{key}", {"decision": "ask", "template": "say-when", "reason": "And with **whom**?"})
    assert asked.status_code == 303
    assert case_of(Cast.nia).state == "asked"
    assert letters(read)[-1]["template"] == "claims/claim_asked"
    page = nia.get(f"/claims/{key}").text
    assert "who led your group" in page
    assert "<strong>whom</strong>" in page
    assert "You: the desk waits for your answer" in page
    assert "One more question about your claim" in nia.get("/").text
    empty = nia.post(f"/claims/{key}/answer", {"words": " "})
    assert empty.status_code == 422
    assert 'href="#words"' in empty.text
    long = nia.post(f"/claims/{key}/answer", {"words": "w" * 2001})
    assert long.status_code == 422
    assert "w" * 2001 in long.text  # what was typed is kept
    assert nia.post(f"/claims/{key}/answer", {"words": "In May, with Alice."}).status_code == 303
    assert (case_of(Cast.nia).state, case_of(Cast.nia).question) == ("claimed", "")
    assert "In May, with Alice." in olga.get(f"/desk/{key}").text
    assert nia.post(f"/claims/{key}/answer", {"words": "Once more"}).status_code == 409
    for email in (Cast.bob, Cast.otto, Cast.mona):
        assert act(browse, email, key, "answer", {"words": "x"}).status_code == 404, email
        assert act(browse, email, key, "appeal", {"words": "x"}).status_code == 404, email
    assert act(browse, Cast.olga, key, "answer", {"words": "x"}).status_code == 403
    assert act(browse, Cast.olga, key, "appeal", {"words": "x"}).status_code == 403


MOVES = {
    "claimed": {"verify", "decline", "ask"},
    "asked": {"verify", "decline", "ask", "answer"},
    "verified": {"revoke"},
    "declined": {"appeal"},
    "revoked": {"appeal"},
}


@pytest.mark.parametrize("state", list(MOVES))
@pytest.mark.parametrize("verb", ["verify", "decline", "ask", "answer", "revoke", "appeal"])
def test_only_the_listed_moves_exist(app, cast, browse, key, case_of, read, state, verb):
    with app.app_context():
        db.session.execute(sa.update(Participation).where(Participation.key == key).values(state=state))
        db.session.commit()
    who = Cast.nia if verb in ("answer", "appeal") else Cast.olga
    done = act(browse, who, key, verb, {"reason": "Because", "words": "Because"})
    if verb in MOVES[state]:
        assert done.status_code == 200
        return
    assert (done.status_code, done.json["type"]) == (409, "claim-decided")
    assert case_of(Cast.nia).state == state
    assert read(sa.select(AuditLine.id).where(AuditLine.action.startswith("participation."))) == []
    assert letters(read) == []


@pytest.mark.parametrize("language", ["ja", "en-XA"])
def test_reasons_are_in_the_language_of_the_applicant(app, cast, browse, key, case_of, language):
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.email == Cast.nia).values(language=language))
        db.session.commit()
        with app.test_request_context(), in_language(language):
            sentence = str(REASONS["not-on-list"])
    if language == "en-XA":
        assert sentence.startswith("⟦")
    body = {"decision": "decline", "template": "not-on-list", "reason": "See page 4."}
    assert browse(Cast.olga).post(f"/desk/{key}", body).status_code == 303
    assert case_of(Cast.nia).decision_reason == f"{sentence}\n\nSee page 4."
    assert browse(Cast.olga).post(f"/desk/{key}", body | {"template": "no-such"}).status_code == 422


@pytest.fixture
def three(app, cast, browse, roster, claim, case_of):
    """An exact claim, one where something differs, and a disputed one."""
    facts = {"a": {"born_on": "1994-03-02"}, "b": {"name_as_printed": "Nia New", "number": "X"}}
    with app.app_context():
        for word in ("a", "b"):
            builders.make_member("Dewi L", email=f"{word}@example.org")
        db.session.commit()
    for word, said in facts.items():
        browse(f"{word}@example.org").send("/api/v1/participations", claim | said)
    return {word: case_of(f"{word}@example.org").key for word in facts}


def test_many_at_once(app, cast, browse, three, key, case_of, entry_of, roster):
    olga = browse(Cast.olga)
    page = olga.get("/desk").text
    assert f'value="{three["a"]}"' in page
    assert f'value="{three["b"]}"' not in page
    done = olga.send("/api/v1/desk/bulk", {"claims": [three["a"], three["b"], key, "unknown234"]}).json
    assert done["done"] == [three["a"]]
    assert [(item["key"], item["type"]) for item in done["left"]] == [
        (three["b"], "not-exact"),
        (key, "not-exact"),
        ("unknown234", "not-found"),
    ]
    assert case_of("a@example.org").state == "verified"
    assert case_of("b@example.org").state == "claimed"
    assert entry_of(roster.dewi) == ("claimed", case_of("a@example.org").id)
    again = olga.send("/api/v1/desk/bulk", {"claims": [three["a"]]}).json
    assert again["left"][0]["type"] == "claim-decided"


def test_many_at_once_on_the_page(cast, browse, three, case_of):
    olga = browse(Cast.olga)
    nothing = olga.post("/desk/bulk", {})
    assert nothing.status_code == 422
    assert "Tick at least one claim." in nothing.text
    assert olga.post("/desk/bulk", {"claims": [three["a"], three["b"]]}).location == "/desk"
    page = olga.get("/desk").text
    assert "1 claim is verified." in page
    assert "Not verified: Nia New." in page
    for email in (Cast.bob, Cast.nia, Cast.mona, Cast.sue):
        assert browse(email).post("/desk/bulk", {"claims": three["b"]}).status_code == 403, email
    other = browse(Cast.otto).send("/api/v1/desk/bulk", {"claims": [three["b"]]}).json
    assert other["left"][0]["type"] == "not-found"


def test_what_another_has_in_hand_stays_there(cast, browse, three, case_of):
    act(browse, Cast.sam, three["a"], "take")
    left = browse(Cast.olga).send("/api/v1/desk/bulk", {"claims": [three["a"]]}).json["left"]
    assert left[0]["type"] == "case-taken"
    assert case_of("a@example.org").state == "claimed"


def test_the_whole_way_without_scripts(cast, browse, claim, newcomer, roster, case_of):
    """Claimed with a mistake, corrected, asked, answered, looked at, verified."""
    browser, olga = browse(newcomer), browse(Cast.olga)
    form = browser.get(f"/claims/new?programme={cast.programme}&country=LA").text
    assert "One of these helps us to find you at once" in form
    wrong = browser.post("/claims/new", claim | {"born_on": "3 March", "number": "A-0171"})
    assert wrong.status_code == 422
    assert 'value="3 March"' in wrong.text
    assert 'value="A-0171"' in wrong.text
    where = browser.post("/claims/new", claim | {"born_on": "1994-03-02", "number": "A-0171"}).location
    key = where.rpartition("/")[2]
    page = browser.get(where).text
    assert "The desk of JENESYS2016" in page
    for officer in ("olga", "Olga", "JICE"):
        assert officer not in page
    olga.post(f"/desk/{key}/take")
    olga.post(f"/desk/{key}", {"decision": "ask", "template": "send-certificate"})
    browser.post(f"{where}/answer", {"words": "The number is A-017, I cannot read it well."})
    olga.post(f"/desk/{key}/take")
    assert "I cannot read it well" in olga.get(f"/desk/{key}").text
    assert olga.post(f"/desk/{key}", {"decision": "verify"}).status_code == 303
    page = browser.get(where).text
    for text in ("Verified", "The desk asked for more", "Answered", "Go to your group"):
        assert text in page
    assert case_of(NEW).taken_by_id is None
    assert f"/desk/{key}" in olga.get("/desk?state=verified").text


def test_another_cohorts_entry_is_not_attached(app, cast, browse, newcomer, claim, roster, case_of):
    with app.app_context():
        other = db.session.query(Cohort).filter_by(slug=cast.other_cohort).one()
        elsewhere = builders.make_entry(other, "LESTARI Dewi", country="KH").key
        db.session.commit()
    browse(newcomer).send("/api/v1/participations", claim)
    key = case_of(newcomer).key
    assert act(browse, Cast.olga, key, "entry", {"entry": elsewhere}).status_code == 404
    assert case_of(newcomer).entry_id == roster.dewi
