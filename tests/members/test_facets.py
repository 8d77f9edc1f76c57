"""What the directory is narrowed by: each filter and several at once, their counts, and what is refused."""

import re

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Block, Member, Offer, Participation, Standing, WorkField
from alumni.members.queries import FACETS
from alumni.programmes.models import Cohort
from tests import builders
from tests.cast import Cast

SEEN_BY_ALL = dict.fromkeys(
    (f"{field}_audience" for field in ("place", "work", "languages", "offers", "programmes")), Audience.PUBLIC
)
PEOPLE = {
    "Ana": {"country": "PE", "work_field": WorkField.LAW, "languages": [["ja", "N2"], ["es", "native"]]},
    "Ben": {"country": "PE", "work_field": WorkField.LAW, "offers": ["mentoring"]},
    "Cam": {"country": "PE", "work_field": WorkField.IT, "offers": ["mentoring", "hosting"]},
    "Dao": {"country": "VN", "work_field": WorkField.LAW, "languages": [["ja", "N1"]]},
    "Eve": {"country": "VN"},
}


@pytest.fixture
def people(app, cast):
    """Five who show everything to everybody; Dao and Eve took part."""
    with app.app_context():
        for slug, names in (("mentoring", {"en": "Mentoring", "ja": "メンタリング"}), ("hosting", {"en": "Hosting"})):
            db.session.merge(Offer(slug=slug, names=names))
        cohort = db.session.scalar(sa.select(Cohort).where(Cohort.slug == cast.cohort))
        for name, values in PEOPLE.items():
            email = f"{name.lower()}@example.org"
            member = builders.make_member(name, email=email, name_audience=Audience.PUBLIC, **SEEN_BY_ALL, **values)
            if name in ("Dao", "Eve"):
                part = builders.take_part(member, cohort, country="TH")
                part.host_town, part.standing = "Ōita Beppu", Standing.COMPANY if name == "Eve" else Standing.GRADUATE
                refresh_listings(member)
        db.session.commit()


def ask(browser, query=""):
    return browser.get(f"/api/v1/members?{query}").json


def names(browser, query=""):
    return [item["name"] for item in ask(browser, query)["items"]]


def counts(browser, facet, query=""):
    return {value["term"]: value["people"] for value in ask(browser, query)["facets"].get(facet, [])}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=PE", ["Ana", "Ben", "Cam"]),
        ("field=law", ["Ana", "Ben", "Dao"]),
        ("language=ja", ["Ana", "Dao"]),
        ("offer=mentoring", ["Ben", "Cam"]),
        ("programme=jenesys2016", ["Dao", "Eve"]),
        ("year=2016", ["Dao", "Eve"]),
        ("from=TH", ["Dao", "Eve"]),
        ("standing=company", ["Eve"]),
        ("cohort=jenesys2016-batch-16", ["Dao", "Eve"]),
        ("town=oita+beppu", ["Dao", "Eve"]),
        ("town=%EF%BC%AF%C3%8Dta++BEPPU", ["Dao", "Eve"]),
        ("country=PE&field=law", ["Ana", "Ben"]),
        ("country=PE&field=law&offer=mentoring", ["Ben"]),
        ("q=c&country=PE&offer=hosting", ["Cam"]),
        ("language=ja&from=TH&year=2016&field=law&standing=graduate", ["Dao"]),
        ("country=VN&offer=mentoring", []),
        ("country=AQ", []),
        ("year=1999", []),
    ],
)
def test_filters(people, browse, query, found):
    guest = browse(Cast.guest)
    answer = ask(guest, query)
    assert [item["name"] for item in answer["items"]] == found
    assert (answer["total"], answer["is_more"], answer["next"]) == (len(found), False, None)
    page = guest.get(f"/members?{query}")
    assert page.status_code == 200
    assert re.findall(r'<p class="name"><a href="[^"]*"><bdi>(\w+)', page.text) == found


def test_counts_are_those_of_the_people_found(people, browse):
    guest = browse(Cast.guest)
    assert counts(guest, "country") == {"PE": 3, "VN": 2}
    assert counts(guest, "country", "field=law") == {"PE": 2, "VN": 1}
    assert counts(guest, "language", "country=PE") == {"ja": 1, "es": 1}
    assert counts(guest, "standing", "from=TH") == {"company": 1, "graduate": 1}
    # Every count keeps what it promises.
    for facet, values in ask(guest)["facets"].items():
        for value in values:
            assert ask(guest, f"{facet}={value['term']}")["total"] == value["people"], (facet, value)


def test_an_audience_counts_what_it_sees(people, app, browse):
    with app.app_context():
        hidden = {"place_audience": Audience.GROUPS, "work_audience": Audience.MEMBERS}
        builders.make_member("Fay", country="PE", work_field=WorkField.LAW, name_audience=Audience.PUBLIC, **hidden)
        db.session.commit()
    guest, carol = browse(Cast.guest), browse(Cast.carol)
    assert counts(guest, "country") == counts(carol, "country") == {"PE": 3, "VN": 2}
    assert counts(guest, "field")["law"] == 3
    assert counts(carol, "field")["law"] == 4
    assert counts(browse(Cast.nia), "field")["law"] == 3


@pytest.mark.parametrize("query", ["", "country=PE", "field=law", "q=a", "q=an", "country=PE&offer=mentoring"])
def test_a_blocked_person_is_counted_like_one_who_does_not_exist(people, app, browse, query):
    def change(account_id, **values):
        with app.app_context():
            member = db.session.get_one(Member, account_id)
            for name, value in values.items():
                setattr(member, name, value)
            refresh_listings(member)
            db.session.commit()

    with app.app_context():
        ids = dict(db.session.execute(sa.select(Account.email, Account.id)).tuples().all())
        db.session.add(Block(blocker_id=ids["ben@example.org"], blocked_id=ids[Cast.carol]))
        db.session.commit()
    carol = browse(Cast.carol)

    def answers():
        pages = [carol.get(path).text for path in (f"/api/v1/members?{query}", f"/members?{query}", "/members/map")]
        return [re.sub(r'name="csrf_token" value="[^"]*"', "", page) for page in pages]

    blocked = answers()
    change(ids["ben@example.org"], name_audience=Audience.ONLY_ME)
    assert answers() == blocked


def test_long_facets_are_cut_and_shown_whole(app, cast, browse):
    with app.app_context():
        for country in ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY", "VE"):
            values = {"country": country, "name_audience": Audience.PUBLIC, "place_audience": Audience.PUBLIC}
            builders.make_member(f"One of {country}", **values)
        db.session.commit()
    guest = browse(Cast.guest)
    assert list(counts(guest, "country")) == ["AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY"]
    assert len(counts(guest, "country", "all=country")) == len(counts(guest, "country", "all=country&q=one")) == 10
    assert "all=country" in guest.get("/members?q=one").text
    assert "all=country" not in guest.get("/members?all=country").text.split("<main")[1]
    assert "country=VE" in guest.get("/members?all=country").text


def test_links_of_a_page_keep_what_was_asked(people, browse):
    page = browse(Cast.guest).get("/members?q=&country=PE&field=&sort=newest&language=").text
    assert 'href="/members?country=PE&amp;sort=newest&amp;offer=mentoring"' in page
    assert 'href="/members?sort=newest"' in page  # without the filter
    assert 'href="/members?country=PE"' in page  # in the order of names
    assert '<input type="hidden" name="country" value="PE">' in page
    assert "field=&" not in page.split("<main")[1]
    assert "sort=near" not in page  # a guest is near to nobody


def test_values_have_names_in_the_language_of_the_reader(people, browse):
    guest = browse(Cast.guest)
    english, japanese = guest.get("/members").text, guest.get("/members?lang=ja").text
    for word in ("Peru", "Law", "Spanish", "Mentoring", "JENESYS2016", "Graduate"):
        assert word in english
    for word in ("ペルー", "法律", "スペイン語", "メンタリング", "JENESYS2016", "修了者", "5人"):
        assert word in japanese


def test_an_empty_answer_says_what_to_leave_out(people, browse):
    guest = browse(Cast.guest)
    page = guest.get("/members?country=VN&offer=mentoring").text
    assert 'href="/members?offer=mentoring"' in page.split('class="empty"')[1]
    assert 'href="/members?country=VN"' in page.split('class="empty"')[1]
    page = guest.get("/members?country=AQ&offer=mentoring").text.split('class="empty"')[1]
    assert 'href="/members?offer=mentoring"' in page
    assert 'href="/members?country=AQ"' not in page
    assert "does not help" in guest.get("/members?country=AQ&offer=mentoring&q=zzz").text
    assert "another spelling" in guest.get("/members?q=zzz").text
    # Whom one does not find helps nobody: Dao is hidden from Mallory, Ana is not.
    assert "Nobody you can see here" in guest.get("/members?year=1999").text


@pytest.mark.parametrize(
    "query",
    [
        *("country=XX", "country=pe", "from=XX", "field=magic", "language=zz", "standing=king"),
        *("year=now", "year=99999", "year=-1", "sort=random", "all=name", "all=x", "offer=nothing", "programme=nope"),
        *("cohort=nope", "town=%00", "programme=%ff", "q=%E2%80%AEabc"),
        *(f"{name}={'x' * 100_000}" for name in ("q", "town", "country", "cohort", "sort", "all", "year")),
    ],
)
def test_what_does_not_exist_is_refused_at_its_field(people, browse, query):
    guest, field = browse(Cast.guest), query.split("=")[0]
    page = guest.get(f"/members?{query}&offer=" if field != "offer" else f"/members?{query}")
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text
    answer = guest.get(f"/api/v1/members?{query}")
    assert (answer.status_code, set(answer.json["fields"])) == (422, {field})


def test_a_refused_form_keeps_the_rest(people, browse):
    page = browse(Cast.guest).get("/members?q=an&country=XX&field=law").text
    for kept in ('value="an"', 'value="XX"', 'value="law"'):
        assert kept in page


def test_a_programme_exists_whoever_is_seen_in_it(people, app, browse):
    """Nobody learns from an answer whether hidden people are in a programme: it exists, and nobody is found."""
    with app.app_context():
        programme = builders.make_programme("hidden-ones")
        cohort = builders.make_cohort(programme, slug="hidden-cohort")
        member = builders.make_member("Hidden", programmes_audience=Audience.ONLY_ME)
        builders.take_part(member, cohort)
        refresh_listings(member)
        builders.make_programme("empty-one")
        db.session.commit()
    carol = browse(Cast.carol)
    one, other = (ask(carol, f"programme={slug}") for slug in ("hidden-ones", "empty-one"))
    assert one == other == {"items": [], "next": None, "previous": None, "total": 0, "is_more": False, "facets": {}}
    assert ask(carol, "cohort=hidden-cohort") == one


@pytest.mark.parametrize("email", [email for email in Cast.everybody if email != Cast.sue])
@pytest.mark.parametrize("query", ["", "country=PE", "q=a&field=law", "country=PE&sort=near", "sort=newest"])
def test_page_and_json_say_the_same(people, browse, email, query):
    browser = browse(email)
    answer, page = ask(browser, query), browser.get(f"/members?{query}").text
    links = re.findall(r'<p class="name"><a href="/members/([^"]+)"', page)
    assert links == [item["handle"] for item in answer["items"]]
    assert f">{answer['total']} people<" in page or f">{answer['total']} person<" in page or answer["total"] == 0
    for facet, values in answer["facets"].items():
        shown = re.findall(rf'[?;]{facet}=([^"&]+)"><bdi>[^<]*</bdi></a> <span class="meta">(\d+)<', page)
        told = [(value["term"], str(value["people"])) for value in values]
        is_shown = f"{facet}=" not in query and (len(told) > 1 or values[0]["people"] != answer["total"])
        assert sorted(shown) == (sorted(told) if is_shown else []), facet


def test_facets_are_named_alike(people, browse):
    assert set(ask(browse(Cast.guest))["facets"]) <= set(FACETS)


def test_strangers_and_the_suspended_are_told_of_the_public_alone(people, browse):
    for email in (Cast.guest, Cast.nia, Cast.sue):
        assert names(browse(email)) == ["Ana", "Ben", "Cam", "Dao", "Eve"]
        assert ask(browse(email))["total"] == 5
    assert ask(browse(Cast.carol))["total"] > 5


def test_no_participation_is_counted_before_it_is_verified(people, app, browse):
    with app.app_context():
        cohort = db.session.scalar(sa.select(Cohort).where(Cohort.slug == "jenesys2016-peace-2"))
        member = db.session.scalar(sa.select(Member).join(Account).where(Account.email == "ana@example.org"))
        part = builders.take_part(member, cohort, state="claimed")
        refresh_listings(member)
        db.session.commit()
        assert db.session.get(Participation, part.id).state == "claimed"
    assert ask(browse(Cast.guest), "cohort=jenesys2016-peace-2")["total"] == 0
