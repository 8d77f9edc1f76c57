"""The directory, a person's page, and blocks."""

import base64
import html
import re

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.names import collation_key
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Block, Member
from alumni.members.queries import people
from alumni.programmes.models import Cohort
from tests import builders
from tests.cast import Cast

READERS = tuple(email for email in Cast.everybody if email != Cast.sue)


@pytest.fixture
def handles(app, cast):
    with app.app_context():
        return dict(db.session.execute(sa.select(Account.email, Account.handle)).all())


def names(browser, query=""):
    return [item["name"] for item in browser.get(f"/api/v1/members{query}").json["items"]]


def test_members_see_members_and_strangers_see_the_public(app, cast, browse):
    with app.app_context():
        builders.make_member("Open Olga", name_audience=Audience.PUBLIC)
        db.session.commit()
    everybody = {"Alice Phommasan", "ບຸນມີ ວົງສາ", "Carol Sok", "Mallory Black", "Open Olga"}
    assert everybody <= set(names(browse(Cast.carol)))
    assert set(names(browse(Cast.nia))) == {"Open Olga"}
    assert set(names(browse(Cast.guest))) == {"Open Olga"}
    assert everybody <= set(names(browse(Cast.mona)))


@pytest.mark.parametrize("email", READERS)
def test_page_and_json_show_the_same_people(cast, browse, email):
    browser = browse(email)
    listed = browser.get("/api/v1/members?limit=25").json["items"]
    page = browser.get("/members").text
    links = [part.split('"')[0] for part in page.split('<p class="name"><a href="/members/')[1:]]
    assert links == [item["handle"] for item in listed]


def test_search_by_the_beginning_of_any_part_of_the_name(cast, browse):
    carol = browse(Cast.carol)
    for query in ("bounmy", "VONG", "bounmy v", "ບຸນ"):
        assert names(carol, f"?q={query}") == ["ບຸນມີ ວົງສາ"], query
    for query in ("ounmy", "%25", "_", "%00x"[3:] + "zz"):
        assert names(carol, f"?q={query}") == [], query


def test_country(app, cast, browse, handles):
    with app.app_context():
        builders.make_member("Tika Thapa", country="NP", place_audience=Audience.MEMBERS)
        db.session.commit()
    assert names(browse(Cast.carol), "?country=NP") == ["Tika Thapa"]
    assert "Tika Thapa" in browse(Cast.carol).get("/members?country=NP").text


def test_pages_follow_one_another_without_gap_or_repeat(app, cast, browse):
    with app.app_context():
        for number in range(30):
            builders.make_member(f"Same Name {number % 3}", name_audience=Audience.PUBLIC)
        db.session.commit()
    guest, seen, after = browse(Cast.guest), [], ""
    while after is not None:
        answer = guest.get(f"/api/v1/members?limit=7&after={after}").json
        seen += [item["handle"] for item in answer["items"]]
        after = answer["next"]
    assert len(seen) == len(set(seen)) == 30
    page = guest.get("/members?q=same").text
    assert "after=" in page
    assert "q=same" in page


@pytest.mark.parametrize(
    ("query", "field"),
    [("country=XX", "country"), ("q=%00", "q"), ("q=%ff", "q"), ("q=" + "x" * 101, "q"), ("q=%E2%80%AEabc", "q")],
)
def test_bad_filters(cast, browse, query, field):
    guest = browse(Cast.guest)
    page = guest.get(f"/members?{query}")
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    answer = guest.get(f"/api/v1/members?{query}")
    assert (answer.status_code, set(answer.json["fields"])) == (422, {field})


@pytest.mark.parametrize("query", ["after=garbage", "after=WzFd", "limit=0", "limit=101", "limit=x"])
def test_bad_cursors_and_limits(cast, browse, query):
    assert browse(Cast.guest).get(f"/api/v1/members?{query}").status_code == 422


def test_a_page_that_is_not_open_does_not_exist(cast, browse, handles):
    for path in ("/members/", "/api/v1/members/"):
        assert browse(Cast.carol).get(path + handles[Cast.alice]).status_code == 200
        for email in (Cast.nia, Cast.guest):
            assert browse(email).get(path + handles[Cast.alice]).status_code == 404
        for strange in ("nobody", "%00", "%ff", "x" * 3000):
            assert browse(Cast.carol).get(path + strange).status_code == 404, strange


def test_one_s_own_page(cast, browse, handles):
    page = browse(Cast.alice).get(f"/members/{handles[Cast.alice]}").text
    assert "/me/profile" in page
    assert "/block" not in page
    # Nia is not open to strangers, and stands among them as long as her claim waits.
    assert browse(Cast.nia).get(f"/members/{handles[Cast.nia]}").location == "/me/profile"


@pytest.mark.parametrize(("one", "other"), [(Cast.bob, Cast.mallory), (Cast.mallory, Cast.bob)])
def test_a_block_works_in_both_directions(cast, browse, handles, one, other):
    browser = browse(one)
    blocked, unknown = browser.get(f"/members/{handles[other]}"), browser.get("/members/unknown234")
    assert blocked.status_code == unknown.status_code == 404
    assert "Mallory" not in browse(Cast.bob).get("/members").text
    assert handles[other] not in browser.get("/members").text
    assert handles[other] not in [i["handle"] for i in browser.get("/api/v1/members").json["items"]]
    assert browser.post(f"/members/{handles[other]}/block").status_code == 404


def test_block_and_unblock(cast, browse, read, handles):
    carol, alice = browse(Cast.carol), browse(Cast.alice)
    assert carol.post(f"/members/{handles[Cast.alice]}/block").location == "/members"
    assert carol.get(f"/members/{handles[Cast.alice]}").status_code == 404
    assert alice.get(f"/members/{handles[Cast.carol]}").status_code == 404
    assert "Alice Phommasan" in carol.get("/me/privacy").text
    # She who was blocked cannot take the block back, nor learn of it.
    assert alice.post(f"/members/{handles[Cast.carol]}/unblock").status_code == 404
    assert "Carol" not in alice.get("/me/privacy").text
    assert carol.post(f"/members/{handles[Cast.alice]}/unblock").status_code == 303
    assert alice.get(f"/members/{handles[Cast.carol]}").status_code == 200
    assert len(read(sa.select(Block.blocker_id))) == 1


def test_block_as_json(cast, browse, handles):
    carol = browse(Cast.carol)
    path = f"/api/v1/members/{handles[Cast.alice]}/block"
    assert carol.send(path, method="PUT").status_code == 204
    assert carol.get(f"/api/v1/members/{handles[Cast.alice]}").status_code == 404
    assert carol.send(path, method="PUT").status_code == 404
    assert carol.send(path, method="DELETE").status_code == 204
    assert carol.get(f"/api/v1/members/{handles[Cast.alice]}").status_code == 200


def test_who_may_not_block(app, cast, browse, read, handles):
    with app.app_context():
        builders.make_member("Open Olga", email="open@example.org", name_audience=Audience.PUBLIC)
        builders.make_account("new@example.org")
        olga = db.session.scalar(sa.select(Account.handle).where(Account.email == "open@example.org"))
        db.session.commit()
    path = f"/members/{olga}/block"
    assert browse(Cast.guest).post(path).status_code == 303
    assert browse(Cast.sue).post(path).status_code == 403
    assert browse("open@example.org").post(path).status_code == 403
    assert browse("new@example.org").post(path).status_code == 409
    assert browse(Cast.alice).client.post(path).status_code == 400
    assert len(read(sa.select(Block.blocker_id))) == 1


@pytest.fixture
def crowd(app, cast):
    """Forty people, some of the same name, half of Alice's programme and a few of her cohort."""
    with app.app_context():
        cohorts = [
            db.session.scalar(sa.select(Cohort).where(Cohort.slug == slug)) for slug in (cast.cohort, cast.other_cohort)
        ]
        with builders.crowd():
            for number in range(40):
                member = builders.make_member(
                    f"{'Söm Sam Sombat Somchai Somsak'.split()[number % 5]} Same {number % 7:02}",
                    name_reading="" if number % 3 else f"か{number % 4}",
                    name_audience=Audience.PUBLIC,
                    programmes_audience=Audience.PUBLIC,
                )
                if number % 2:
                    builders.take_part(member, cohorts[number % 8 == 1])
        for email in (Cast.alice, Cast.carol):
            member = db.session.scalar(sa.select(Member).join(Account).where(Account.email == email))
            member.programmes_audience = Audience.MEMBERS
            refresh_listings(member)
        db.session.commit()


def walk(browser, query, way, cursor=None):
    """Pages one after the other, as lists of handles."""
    pages = []
    while True:
        answer = browser.get(f"/api/v1/members?limit=7&{query}" + (f"&{way}={cursor}" if cursor else "")).json
        pages.append([item["handle"] for item in answer["items"]])
        following = answer["next" if way == "after" else "previous"]
        if following is None:
            return pages, cursor
        cursor = following


@pytest.mark.parametrize(
    "query",
    [
        *("sort=name", "sort=newest", "sort=near", "lang=ja", "q=som", "q=so", "q=s&sort=newest", "q=same&sort=near"),
        *("programme=jenesys2016", "programme=jenesys2016&sort=near&q=same", "q=s&lang=ja", "q=sombat+0"),
    ],
)
@pytest.mark.parametrize("email", [Cast.alice, Cast.bob, Cast.guest])
def test_pages_back_are_the_pages_there(crowd, browse, email, query):
    browser = browse(email)
    there, last = walk(browser, query, "after")
    everybody = [handle for page in there for handle in page]
    total = browser.get(f"/api/v1/members?{query}").json["total"]
    assert len(everybody) == len(set(everybody)) == total
    assert all(len(page) == 7 for page in there[:-1])
    if last is None:
        assert total <= 7
        return
    answer = browser.get(f"/api/v1/members?limit=7&{query}&after={last}").json
    back, _ = walk(browser, query, "before", answer["previous"])
    assert list(reversed(back)) + there[-1:] == there


def test_orders(crowd, browse, handles):
    carol = browse(Cast.carol)

    def every(query):
        return [item["name"] for item in carol.get(f"/api/v1/members?limit=100&{query}").json["items"]]

    assert every("sort=newest")[0] == "Somsak Same 04"
    assert every("sort=newest")[-1] == "Alice Phommasan"
    assert [name for name in every("") if name.startswith("S")] == sorted(
        (name for name in every("") if name.startswith("S")), key=collation_key
    )
    assert every("lang=ja") != every("")
    near = carol.get("/api/v1/members?limit=100&sort=near").json["items"]
    cohort = {
        item["handle"] for item in carol.get("/api/v1/members?limit=100&cohort=jenesys2016-peace-2").json["items"]
    }
    programme = {item["handle"] for item in carol.get("/api/v1/members?limit=100&programme=jenesys2016").json["items"]}
    stages = [0 if item["handle"] in cohort else 1 if item["handle"] in programme else 2 for item in near]
    assert stages == sorted(stages)
    assert set(stages) == {0, 1, 2}


def test_pages_of_the_page(crowd, browse):
    guest = browse(Cast.guest)
    first = guest.get("/members?q=same").text
    assert ("Next" in first, "Previous" in first) == (True, False)
    link = html.unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])
    second = guest.get(link).text
    assert ("Next" in second.split("<main")[1], "Previous" in second) == (False, True)
    back = html.unescape(re.search(r'rel="prev" href="([^"]+)"', second)[1])
    people = re.compile(r'<p class="name"><a href="/members/([^"]+)"')
    assert people.findall(guest.get(back).text) == people.findall(first)


def test_the_form_that_was_met_is_told(app, cast, browse):
    with app.app_context():
        values = {"name_reading": "たなか はなこ", "former_names": "Suzuki Hanako", "call_me": "Hana-chan"}
        values |= {"name_romanised": "Tanaka Hanako", "former_names_audience": Audience.MEMBERS}
        builders.make_member("田中 花子", name_audience=Audience.PUBLIC, **values)
        db.session.commit()
    carol, guest = browse(Cast.carol), browse(Cast.guest)
    assert "<mark><bdi>Suzuki Hanako</bdi></mark>" in carol.get("/members?q=suzuki").text
    assert "<mark><bdi>たなか はなこ</bdi></mark>" in carol.get("/members?q=たなか").text
    for query in ("田中", "tanaka", "hanako"):
        page = carol.get(f"/members?q={query}").text
        assert "田中 花子" in page
        assert "<mark>" not in page, query
    assert "花子" not in guest.get("/members?q=suzuki").text


def test_only_runs_that_stand_there_are_counted(app, cast, browse):
    """All pairs of the query are in the first name, but not in this order."""
    with app.app_context():
        for name in ("山田太山田中", "山田中"):
            builders.make_member(name, name_audience=Audience.PUBLIC)
        db.session.commit()
    answer = browse(Cast.guest).get("/api/v1/members?q=山田中").json
    assert len(answer["items"]) == answer["total"]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("query", ["", "&sort=newest", "&sort=near", "&q=zzzz"])
def test_tampered_cursors(crowd, browse, name, query):
    carol = browse(Cast.carol)
    real = carol.get(f"/api/v1/members?limit=3{query}").json["next"] or "WzEsIDJd"
    forged = [real[3:], "x" + real, "e30", "WzEsMiwzLDRd", "%00", "é", "x" * 100_000]
    forged += [base64.urlsafe_b64encode(text).decode() for text in (b'["a",{"b":"YQ=="},1]', b"[1e999]", b"[[],[]]")]
    for cursor in forged:
        for path in ("/members", "/api/v1/members"):
            assert carol.get(f"{path}?{name}={cursor}{query}").status_code == 422, cursor


@pytest.mark.parametrize(("email", "most"), [(Cast.guest, 3), (Cast.carol, 6), (Cast.bob, 6)])
@pytest.mark.parametrize(
    "query",
    ["", "?q=so", "?q=somchai+same&sort=near", "?sort=near", "?programme=jenesys2016&sort=newest", "?q=zz&country=LA"],
)
@pytest.mark.parametrize("path", ["/members", "/api/v1/members"])
def test_a_list_costs_few_queries(app, crowd, browse, path, query, email, most):
    browser = browse(email)
    assert 0 < count_queries(app, lambda: browser.get(path + query)) <= most


def count_queries(app, run):
    """How many selects it takes."""
    statements = []
    with app.app_context():
        engine = db.session.get_bind().engine
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        assert run().status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)
    return len([text for text in statements if text.lstrip().upper().startswith(("SELECT", "WITH"))])


@pytest.mark.parametrize("sort", ["name", "newest", "near"])
def test_few_among_many_are_the_same_people(crowd, browse, monkeypatch, sort):
    """Where a long walk would meet only few, they are read by who they are."""
    carol, query = browse(Cast.carol), f"/api/v1/members?q=somchai&programme=jenesys2016&limit=2&sort={sort}"

    def pages() -> list[list[str]]:
        found, after = [], ""
        while after is not None:
            answer = carol.get(f"{query}{after and f'&after={after}'}").json
            found.append([item["handle"] for item in answer["items"]])
            after = answer["next"]
        return found

    walked = pages()
    monkeypatch.setattr(people, "LONG_WALK", 0)
    assert pages() == walked
    assert walked[0]
