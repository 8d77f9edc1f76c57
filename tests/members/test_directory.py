"""The directory, a person's page, and blocks."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.models import Audience, Block
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
        builders.make_member("Open Olga", email="olga@example.org", name_audience=Audience.PUBLIC)
        builders.make_account("new@example.org")
        olga = db.session.scalar(sa.select(Account.handle).where(Account.email == "olga@example.org"))
        db.session.commit()
    path = f"/members/{olga}/block"
    assert browse(Cast.guest).post(path).status_code == 303
    assert browse(Cast.sue).post(path).status_code == 403
    assert browse("olga@example.org").post(path).status_code == 403
    assert browse("new@example.org").post(path).status_code == 409
    assert browse(Cast.alice).client.post(path).status_code == 400
    assert len(read(sa.select(Block.blocker_id))) == 1


@pytest.mark.parametrize(("email", "most"), [(Cast.guest, 3), (Cast.carol, 6)])
@pytest.mark.parametrize("path", ["/members", "/api/v1/members"])
def test_a_list_costs_few_queries(app, cast, browse, path, email, most):
    browser, statements = browse(email), []
    with app.app_context():
        engine = db.session.get_bind().engine
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        assert browser.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)
    queries = [text for text in statements if text.lstrip().upper().startswith("SELECT")]
    assert 0 < len(queries) <= most
