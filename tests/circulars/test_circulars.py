"""Letters to many at once: to whom, how many, in which language, when, never twice, and what became of them."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from alumni.accounts.models import Account
from alumni.circulars import actions
from alumni.circulars.models import Circular, CircularLetter, CircularState
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.groups.models import Rhythm
from alumni.mailing.models import Bounce, Kind, LetterChoice
from alumni.members.models import Block, Member
from alumni.officers.models import Mandate
from tests.cast import Cast
from tests.deliveries.test_at_once import work
from tests.deliveries.test_digests import id_of, text_of, to

NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)
ENGLISH = {"language": "en", "title": "Reunion in May", "body": "Come to *Vientiane*."}
JAPANESE = {"language": "ja", "title": "5月の同窓会", "body": "ビエンチャンでお会いしましょう。"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def circular(reach, **more):
    return {"reach": reach, "main": "en", "versions": [ENGLISH], "zone": "UTC"} | more


def write(browser, reach, **more):
    answer = browser.send("/api/v1/circulars", circular(reach, **more))
    assert answer.status_code == 201, answer.json
    return answer.json["key"]


def plan(browser, key, **when):
    return browser.send(f"/api/v1/circulars/{key}/plan", {"zone": "UTC"} | when)


def received(postbox):
    return sorted(letter["To"] for letter in postbox.letters if "Reunion" in letter["Subject"])


def test_an_organiser_writes_to_the_group_in_the_browser(app, browse, cast, postbox, read):
    alice = browse(Cast.alice)
    assert "No circulars yet" in alice.get("/circulars").text
    form = {"reach": f"group:{cast.group}", "main": "en", "once": new_key()}
    form |= {f"versions-0-{name}": value for name, value in ENGLISH.items()}
    form |= {f"versions-1-{name}": value for name, value in JAPANESE.items()}
    kept = alice.post("/circulars/new", form)
    assert kept.status_code == 303
    assert alice.post("/circulars/new", form).location == kept.location
    page = alice.get(kept.location).text
    assert "1 person gets it." in page
    assert "Come to <em>Vientiane</em>." in page
    key = kept.location.rpartition("/")[2]
    assert alice.post(f"{kept.location}/test").status_code == 303
    work(app)
    assert [letter["Subject"] for letter in to(postbox, Cast.alice)] == ["Reunion in May", "5月の同窓会"]
    assert to(postbox, Cast.bob) == []
    assert alice.post(f"{kept.location}/plan", {"begins_at": "", "zone": "UTC"}).status_code == 303
    work(app)
    [letter] = to(postbox, Cast.bob)
    assert (letter["Subject"], letter["List-Id"]) == ("Reunion in May", "<announcements.letters.localhost>")
    assert "JENESYS2016" in text_of(letter)
    work(app)
    assert len(to(postbox, Cast.bob)) == 1
    assert "Sent" in alice.get(kept.location).text
    assert browse(Cast.bob).get("/api/v1/me/letters").json["items"][0]["subject"] == "Reunion in May"
    lines = read(sa.select(AuditLine.action).where(AuditLine.subject == f"circular:{key}"))
    assert lines == [("circular.plan",)]


def test_each_reads_their_own_language_and_else_the_main_one(app, browse, cast, postbox):
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.email == Cast.bob).values(language="ja"))
        db.session.commit()
    alice = browse(Cast.alice)
    key = write(alice, f"group:{cast.group}", versions=[ENGLISH, JAPANESE])
    assert plan(alice, key).status_code == 200
    work(app)
    assert [letter["Subject"] for letter in to(postbox, Cast.bob)] == ["5月の同窓会"]


def test_an_officer_reaches_who_took_part_and_no_further(app, browse, cast, postbox):
    for email, readers in ((Cast.olga, {Cast.alice, Cast.bob, Cast.carol, Cast.mallory}), (Cast.otto, {Cast.carol})):
        officer = browse(email)
        key = write(officer, "office")
        shown = officer.get(f"/api/v1/circulars/{key}").json["readers"]
        assert shown == (len(readers) if len(readers) >= 5 else None)
        assert plan(officer, key).status_code == 200
        work(app)
        assert set(received(postbox)) == readers
        postbox.letters.clear()


def test_filters_find_what_people_show_and_nothing_else(app, browse, cast):
    alice = browse(Cast.alice)
    group = f"group:{cast.group}"

    def readers(**filters):
        return alice.get(f"/api/v1/circulars/{write(alice, group, **filters)}").json["readers"]

    assert (readers(country="LA"), readers(country="JP"), readers(programme=cast.programme)) == (1, 0, 0)
    shown = browse(Cast.bob).send("/api/v1/me", {"programmes_audience": "members"}, method="PUT")
    assert shown.status_code == 200, shown.json
    assert (readers(programme=cast.programme), readers(programme=cast.programme, country="JP")) == (1, 0)
    assert plan(alice, key := write(alice, group, country="JP")).status_code == 422
    assert alice.get(f"/api/v1/circulars/{key}").json["state"] == "draft"


@pytest.mark.parametrize("why", ["stopped", "hidden", "blocked", "bounced", "suspended"])
def test_who_is_to_be_left_alone_gets_none(app, browse, cast, why):
    with app.app_context():
        bob, alice = (db.session.scalar(sa.select(id_of(email))) for email in (Cast.bob, Cast.alice))
        rows = {
            "stopped": lambda: db.session.add(
                LetterChoice(account_id=bob, kind=Kind.ANNOUNCEMENTS, rhythm=Rhythm.NONE)
            ),
            "hidden": lambda: db.session.execute(
                sa.update(Member).where(Member.account_id == bob).values(hidden_at=NOON)
            ),
            "blocked": lambda: db.session.add(Block(blocker_id=bob, blocked_id=alice)),
            "bounced": lambda: db.session.add(Bounce(account_id=bob, times=3, last_at=NOON, bounced_at=NOON)),
            "suspended": lambda: db.session.execute(
                sa.update(Account).where(Account.id == bob).values(state="suspended", suspended_until=None)
            ),
        }
        rows[why]()
        db.session.commit()
    key = write(browse(Cast.alice), f"group:{cast.group}")
    assert browse(Cast.alice).get(f"/api/v1/circulars/{key}").json["readers"] == 0


def test_it_waits_for_its_time_in_a_zone_and_can_be_withdrawn(app, browse, cast, postbox):
    alice = browse(Cast.alice)
    key = write(alice, f"group:{cast.group}")
    past, skipped = {"begins_at": "2027-03-02T08:00"}, {"begins_at": "2027-03-28T02:30", "zone": "Europe/Berlin"}
    for wrong in (past, skipped, {"zone": "Mars/Base"}, {"begins_at": "soon"}):
        assert plan(alice, key, **wrong).status_code == 422
    tokyo = {"begins_at": "2027-03-03T09:00", "zone": "Asia/Tokyo"}
    assert plan(alice, key, **tokyo).json["begins_at"] == "2027-03-03T00:00:00+00:00"
    assert plan(alice, key, **tokyo).status_code == 409
    assert alice.send(f"/api/v1/circulars/{key}", circular(f"group:{cast.group}"), method="PUT").status_code == 409
    work(app)
    assert received(postbox) == []
    assert alice.send(f"/api/v1/circulars/{key}/stop", {}).json["state"] == "draft"
    assert alice.send(f"/api/v1/circulars/{key}/stop", {}).status_code == 409
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        work(app)
        assert received(postbox) == []
        assert plan(alice, key).status_code == 200
        work(app)
        assert received(postbox) == [Cast.bob]


def test_stopped_on_its_way_no_further_letter_goes(app, browse, cast, postbox, read, monkeypatch):
    monkeypatch.setattr(actions, "LETTERS_AT_A_TIME", 1)
    olga = browse(Cast.olga)
    key = write(olga, "office")
    plan(olga, key)
    with app.app_context():
        circular_id = db.session.scalar(sa.select(Circular.id).where(Circular.key == key))
        for _ in range(2):
            actions.promise_letters(circular_id)
            db.session.commit()
        db.session.remove()
    assert olga.send(f"/api/v1/circulars/{key}/stop", {}).json["state"] == "stopped"
    work(app)
    assert received(postbox) == []
    assert read(sa.select(Circular.state, Circular.promised)) == [(CircularState.STOPPED, 2)]


def test_nobody_gets_more_than_two_in_a_day_and_their_author_sends_three(app, browse, cast, postbox, read):
    alice = browse(Cast.alice)
    for _ in range(3):
        assert plan(alice, write(alice, f"group:{cast.group}")).status_code == 200
    refused = plan(alice, write(alice, f"group:{cast.group}"))
    assert (refused.status_code, refused.json["type"]) == (429, "too-many")
    work(app)
    assert received(postbox) == [Cast.bob] * 2
    with time_machine.travel(NOON + timedelta(days=1, minutes=1), tick=False):
        work(app)
    assert received(postbox) == [Cast.bob] * 3
    assert len(read(sa.select(CircularLetter.circular_id))) == 3


def test_what_became_of_it(app, browse, cast, postbox):
    alice = browse(Cast.alice)
    key = write(alice, f"group:{cast.group}")
    plan(alice, key)
    work(app)
    [letter] = to(postbox, Cast.bob)
    path = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with app.app_context():
        bob = db.session.scalar(sa.select(id_of(Cast.bob)))
        db.session.add(Bounce(account_id=bob, times=1, last_at=clock.now()))
        db.session.commit()
    result = alice.get(f"/api/v1/circulars/{key}").json["result"]
    assert result == {"promised": 1, "sent": 1, "bounced": 1, "stopped": 1}
    assert plan(alice, write(alice, f"group:{cast.group}")).status_code == 422


def test_whose_term_ends_meanwhile_sends_nothing(app, browse, cast, postbox):
    olga = browse(Cast.olga)
    key = write(olga, "office")
    plan(olga, key, begins_at="2027-03-03T12:00")
    with app.app_context():
        db.session.execute(sa.update(Mandate).values(ended_at=NOON))
        db.session.commit()
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        work(app)
    assert received(postbox) == []


def test_bad_input_names_the_field_and_keeps_what_was_typed(browse, cast):
    alice, group = browse(Cast.alice), f"group:{cast.group}"
    long = ENGLISH | {"body": "x" * 100_000}
    wrong = (
        ({"reach": "everybody"}, "reach"),
        ({"reach": f"group:{cast.other_group}"}, "reach"),
        ({"country": "XX"}, "country"),
        ({"year": "10"}, "year"),
        ({"main": "ja"}, "main"),
        ({"versions": [long]}, "versions-0-body"),
        ({"versions": [ENGLISH | {"language": "xx"}]}, "versions-0-language"),
        ({"versions": [ENGLISH | {"title": ""}]}, "versions-0-title"),
    )
    for change, field in wrong:
        answer = alice.send("/api/v1/circulars", circular(group) | change)
        assert answer.status_code == 422, change
        assert field in answer.json["fields"], (field, answer.json)
    page = alice.post(
        "/circulars/new",
        {
            "reach": group,
            "main": "ja",
            "versions-0-language": "en",
            **{f"versions-0-{name}": value for name, value in ENGLISH.items()},
        },
    )
    assert page.status_code == 422
    assert "Reunion in May" in page.text
    assert alice.get("/api/v1/circulars").json["items"] == []


def test_nobody_else_writes_or_reads_them(app, browse, cast, postbox):
    alice, group = browse(Cast.alice), f"group:{cast.group}"
    key = write(alice, group)
    may_read = {Cast.alice, Cast.sam}
    for email in (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.sue, Cast.mona, Cast.olga, Cast.otto):
        other = browse(email)
        assert other.get(f"/circulars/{key}").status_code in (403, 404), email
        assert plan(other, key).status_code in (403, 404), email
        assert other.send("/api/v1/circulars", circular(group)).status_code in (403, 422), email
        assert other.send(f"/api/v1/circulars/{key}/stop", {}).status_code in (403, 404)
    assert browse(Cast.sam).get(f"/circulars/{key}").status_code == 200
    assert plan(browse(Cast.sam), key).status_code == 403
    assert browse("").get("/circulars").status_code == 303
    assert may_read <= set(Cast.everybody)
    work(app)
    assert received(postbox) == []
