"""Founding an association: begun, founded along, written, handed in, decided."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.founding.models import Activity, Founder, FounderState, Founding, FoundingState, Fund
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupKind, GroupPath, Membership, Tenure
from tests.cast import Cast, viewer_of
from tests.founding.conftest import URSULA, handle_of, member

START = {
    "name": "Alumni of Laos", "country": "LA", "purpose": "To **meet**.", "programme": "", "umbrella": "",
    "once": "abcdefghjk",
}  # fmt: skip


def letters(read) -> list[str]:
    return [job.payload["template"] for (job,) in read(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))]


def test_a_member_begins_and_sending_it_twice_makes_one(app, cast, browse, read):
    bob = browse(cast.bob)
    answers = [bob.post("/foundings/new", START) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert read(sa.select(Founding.name, Founding.state)) == [("Alumni of Laos", FoundingState.DRAFT)]
    page = bob.get("/foundings/abcdefghjk").text
    assert "Found it along" in page
    assert bob.get("/foundings/abcdefghjk/charter").status_code == 403  # who has not confirmed does not write
    assert bob.post("/foundings/abcdefghjk/confirm", {"name": "Bounmy"}).status_code == 422
    form = {"name": "Bounmy V.", "address": "1 River Road", "agrees": "y"}
    assert bob.post("/foundings/abcdefghjk/confirm", form).status_code == 303
    page = bob.get("/foundings/abcdefghjk").text
    assert "1 of 25 has confirmed." in page
    assert "Alumni of Laos" in bob.get("/foundings").text
    charter = bob.get("/foundings/abcdefghjk/charter").text
    assert "The association is called Alumni of Laos." in charter
    assert "## Article 8" in charter


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"purpose": ""}, "purpose"),
        ({"programme": "no-such"}, "programme"),
        ({"umbrella": "no-such"}, "umbrella"),
        ({"umbrella": "jenesys2016-batch-16"}, "umbrella"),  # a group, but no umbrella
        ({"name": "x" * 201}, "name"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(app, cast, browse, read, values, field):
    answer = browse(cast.bob).send("/api/v1/foundings", START | values)
    assert answer.status_code == 422
    assert field in answer.get_json()["fields"]
    assert read(sa.select(Founding.id)) == []


def test_each_founds_along_by_themselves(app, cast, browse, founding, read):
    bob = browse(cast.bob)
    handles = f"http://localhost/members/{handle_of(app, Cast.alice)}\n{handle_of(app, Cast.carol)}/\n"
    assert bob.post(f"/foundings/{founding}/invite", {"handles": handles}).status_code == 303
    assert bob.post(f"/foundings/{founding}/invite", {"handles": handles}).status_code == 303
    assert letters(read) == ["founding/invited"] * 2  # once each
    alice = browse(cast.alice)
    assert alice.get(f"/foundings/{founding}").status_code == 200
    assert alice.get(f"/foundings/{founding}/edit").status_code == 403
    form = {"name": "Alice P.", "address": "2 River Road", "agrees": "y"}
    assert alice.post(f"/foundings/{founding}/confirm", form).status_code == 303
    assert alice.get(f"/foundings/{founding}/edit").status_code == 200
    assert browse(cast.carol).post(f"/foundings/{founding}/leave").status_code == 303
    assert browse(cast.carol).get(f"/foundings/{founding}").status_code == 404
    assert dict(read(sa.select(Founder.name, Founder.state))) == {
        "ບຸນມີ ວົງສາ": FounderState.CONFIRMED, "Alice P.": FounderState.CONFIRMED, "": FounderState.LEFT,
    }  # fmt: skip
    assert alice.post(f"/foundings/{founding}/leave").status_code == 303
    assert read(sa.select(Founder.address).where(Founder.address == "2 River Road")) == []


def test_nobody_is_invited_who_is_no_member_that_one_sees(app, cast, browse, founding, read):
    bob = browse(cast.bob)
    for wrong in ("nobody", handle_of(app, Cast.mallory), handle_of(app, Cast.nia), ""):
        handles = f"{handle_of(app, Cast.alice)}\n{wrong}" if wrong else ""
        answer = bob.post(f"/foundings/{founding}/invite", {"handles": handles})
        assert answer.status_code == 422, wrong
    many = "\n".join(f"member{number}" for number in range(101))
    assert bob.post(f"/foundings/{founding}/invite", {"handles": many}).status_code == 422
    assert read(sa.select(sa.func.count()).select_from(Founder)) == [(1,)]  # all or nobody


def test_addresses_are_for_the_founders_alone(app, cast, browse, complete):
    path = f"/foundings/{complete}/papers/founders"
    assert "1 River Road" in browse(cast.bob).get(path).text
    assert browse(cast.bob).post(f"/foundings/{complete}/hand-in").status_code == 303
    for who in (cast.sam, URSULA):
        page = browse(who).get(path).text
        assert "Founder 3" in page
        assert "River Road" not in page
        assert "Hill Street" not in page
        assert "Street" not in browse(who).get(f"/api/v1/foundings/{complete}").text


def test_the_plans_are_rows_and_the_server_adds_up(app, cast, browse, founding, read):
    bob = browse(cast.bob)
    plan = {
        "edits": "0",
        "rows-0-month": "2027-09", "rows-0-activity": "A reunion", "rows-0-place": "Vientiane", "rows-0-people": "40",
        "rows-1-month": "2027-05", "rows-1-activity": "A walk",
        "rows-2-month": "", "rows-2-activity": "",
    }  # fmt: skip
    assert bob.post(f"/foundings/{founding}/plan", plan).status_code == 303
    assert read(sa.select(Activity.month).order_by(Activity.month)) == [("2027-05",), ("2027-09",)]
    rows = [
        {"kind": "income", "what": "Fees", "amount": 9_999_999_999_999, "currency": "jpy"},
        {"kind": "income", "what": "A gift", "amount": 1, "currency": "JPY"},
        {"kind": "expense", "what": "Rooms", "amount": 4_000, "currency": "JPY"},
        {"kind": "expense", "what": "Tea", "amount": 70, "currency": "LAK"},
    ]
    answer = bob.send(f"/api/v1/foundings/{founding}/funds", {"edits": 0, "rows": rows}, method="PUT")
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["sums"] == [
        {"currency": "JPY", "income": 10**13, "expense": 4_000, "balance": 10**13 - 4_000},
        {"currency": "LAK", "income": 0, "expense": 70, "balance": -70},
    ]
    page = bob.get(f"/foundings/{founding}/papers/funds").text
    assert "Left over" in page
    assert "May 2027" in bob.get(f"/foundings/{founding}/papers/plan").text
    assert bob.post(f"/foundings/{founding}/plan", {"edits": "1", "rows-0-month": ""}).status_code == 303
    assert read(sa.select(Activity.month)) == []


@pytest.mark.parametrize(
    ("paper", "row"),
    [
        ("plan", {"month": "2027-13", "activity": "A walk"}),
        ("plan", {"month": "May", "activity": "A walk"}),
        ("plan", {"month": "2027-05", "activity": ""}),
        ("plan", {"month": "2027-05", "activity": "A walk", "people": "-4"}),
        ("funds", {"kind": "income", "what": "Fees", "amount": "", "currency": "JPY"}),
        ("funds", {"kind": "income", "what": "Fees", "amount": "-1", "currency": "JPY"}),
        ("funds", {"kind": "income", "what": "Fees", "amount": "1.5", "currency": "JPY"}),
        ("funds", {"kind": "income", "what": "Fees", "amount": "1", "currency": "XXQ"}),
        ("funds", {"kind": "loan", "what": "Fees", "amount": "1", "currency": "JPY"}),
        ("funds", {"kind": "income", "what": "", "amount": "1", "currency": "JPY"}),
    ],
)
def test_a_row_that_cannot_be_changes_nothing(app, cast, browse, founding, read, paper, row):
    path = f"/api/v1/foundings/{founding}/{paper}"
    answer = browse(cast.bob).send(path, {"edits": 0, "rows": [row]}, method="PUT")
    assert answer.status_code == 422, answer.text
    assert read(sa.select(Activity.month)) == []
    assert read(sa.select(Fund.what)) == []


def test_of_two_who_write_the_charter_the_second_is_shown_what_changed(app, cast, browse, complete, read):
    bob = browse(cast.bob)
    path = f"/foundings/{complete}/charter"
    assert bob.post(path, {"edits": "0", "text": "## Article 1: Our name\n\nOurs."}).status_code == 303
    answer = bob.post(path, {"edits": "0", "text": "## Article 1: Name\n\nMine."})
    assert answer.status_code == 409
    assert "Somebody else has saved this paper" in answer.text
    assert re.search(r"Only in theirs:\s*<bdi>Ours\.</bdi>", answer.text)
    assert "Mine.</textarea>" in answer.text  # nothing typed is lost
    assert 'name="edits" type="hidden" value="1"' in answer.text  # and saving again goes through
    assert read(sa.select(Founding.charter)) == [("## Article 1: Our name\n\nOurs.",)]
    stale = bob.send(f"/api/v1/foundings/{complete}/charter", {"edits": 0, "text": "Mine."}, method="PUT")
    assert (stale.status_code, stale.get_json()["type"]) == (409, "paper-changed")
    assert bob.post(path, {"edits": "1", "text": "## Article 1: Name\n\nMine and ours."}).status_code == 303
    plan = {"edits": "7", "rows-0-month": "2027-05", "rows-0-activity": "A swim"}
    answer = bob.post(f"/foundings/{complete}/plan", plan)
    assert answer.status_code == 409
    assert "A walk" in answer.text
    assert 'value="A swim"' in answer.text


def test_nothing_is_handed_in_while_something_is_missing(app, cast, browse, founding, read):
    bob = browse(cast.bob)
    shown = bob.get(f"/api/v1/foundings/{founding}").get_json()
    assert shown["missing"] == ["founders", "charter", "plan", "funds", "officers"]
    answer = bob.send(f"/api/v1/foundings/{founding}/hand-in")
    assert (answer.status_code, answer.get_json()["type"]) == (409, "papers-missing")
    assert read(sa.select(Founding.state)) == [(FoundingState.DRAFT,)]


def test_one_founder_too_few_is_too_few(app, cast, browse, complete):
    with app.app_context():
        someone = db.session.query(Founder).filter_by(name="Founder 3").one()
        someone.state = FounderState.LEFT
        db.session.commit()
        db.session.remove()
    assert browse(cast.bob).get(f"/api/v1/foundings/{complete}").get_json()["missing"] == ["founders"]
    assert browse(cast.bob).post(f"/foundings/{complete}/hand-in").status_code == 409


def test_officers_are_founders(app, cast, browse, complete):
    bob = browse(cast.bob)
    path = f"/foundings/{complete}/officers"
    with app.app_context():
        key = db.session.query(Founder).filter_by(name="Founder 3").one().key
        db.session.remove()
    last = f"{clock.now().year + 2}-03-31"
    form = {"rows-0-founder": key, "rows-0-title": "President", "organiser": key, "term_ends_on": last}
    assert "President" in bob.get(path).text
    assert bob.post(path, form | {"organiser": "unknown"}).status_code == 422
    assert bob.post(path, form | {"rows-0-title": ""}).status_code == 422
    assert bob.post(path, form | {"term_ends_on": "2020-01-01"}).status_code == 422
    assert bob.post(path, form).status_code == 303
    assert "Founder 3" in bob.get(f"/foundings/{complete}/papers/officers").text


def test_approved_it_is_a_group_with_the_founders_in_it(app, cast, browse, complete, read):
    bob, ursula = browse(cast.bob), browse(URSULA)
    assert ursula.get(f"/foundings/{complete}").status_code == 404  # not before it is handed in
    assert bob.post(f"/foundings/{complete}/hand-in").status_code == 303
    assert bob.post(f"/foundings/{complete}/hand-in").status_code == 409
    for paper in ("charter", "plan", "funds", "edit", "officers"):
        assert bob.get(f"/foundings/{complete}/{paper}").status_code == 200
    assert bob.post(f"/foundings/{complete}/charter", {"edits": "0", "text": "Late."}).status_code == 409
    assert letters(read) == ["founding/handed_in"] * 2  # to Ursula and to the admin
    answer = ursula.post(f"/foundings/{complete}/decide", {"verdict": "approve"})
    assert answer.status_code == 303
    [(group,)] = read(sa.select(Group).where(Group.kind == GroupKind.ASSOCIATION))
    assert (group.name, group.country, group.members_count) == ("JENESYS Alumni of Laos", "LA", 25)
    assert read(sa.select(sa.func.count()).select_from(Membership).where(Membership.group_id == group.id)) == [(25,)]
    paths = read(sa.select(GroupPath.depth).where(GroupPath.descendant_id == group.id).order_by(GroupPath.depth))
    assert [depth for (depth,) in paths] == [0, 1]
    tenures = read(sa.select(Tenure.role, Tenure.title).where(Tenure.group_id == group.id))
    assert sorted(tenures) == [("officer", "President"), ("organiser", "")]
    with app.app_context():
        assert groups_policy.can_organise(viewer_of(Cast.bob), group.id)
        assert groups_policy.can_organise(viewer_of(URSULA), group.id)
        db.session.remove()
    assert letters(read).count("founding/approved") == 25
    page = bob.get(f"/foundings/{complete}").text
    assert f"/groups/{group.slug}" in page
    assert ursula.post(f"/foundings/{complete}/decide", {"verdict": "approve"}).status_code == 409
    assert bob.post(f"/foundings/{complete}/leave").status_code == 409
    deeds = {action for (action,) in read(sa.select(AuditLine.action))}
    assert {"founding.hand_in", "founding.approve", "group.appoint"} <= deeds


def test_more_is_asked_for_or_it_is_declined_with_a_reason(app, cast, browse, complete, read):
    bob, sam = browse(cast.bob), browse(cast.sam)
    bob.post(f"/foundings/{complete}/hand-in")
    path = f"/foundings/{complete}/decide"
    for wrong in ({"verdict": "ask"}, {"verdict": "decline", "reason": " "}, {"verdict": "burn"}, {}):
        assert sam.post(path, wrong).status_code == 422, wrong
    assert sam.post(path, {"verdict": "ask", "reason": "Who keeps the money?"}).status_code == 303
    assert "Who keeps the money?" in bob.get(f"/foundings/{complete}").text
    assert bob.post(f"/foundings/{complete}/hand-in").status_code == 303
    assert sam.post(path, {"verdict": "decline", "reason": "There is one already."}).status_code == 303
    assert read(sa.select(Founding.state)) == [(FoundingState.DECLINED,)]
    assert "There is one already." in bob.get(f"/foundings/{complete}").text
    assert bob.post(f"/foundings/{complete}/hand-in").status_code == 409
    assert read(sa.select(Group).where(Group.kind == GroupKind.ASSOCIATION)) == []


def test_founders_who_leave_take_the_ground_away(app, cast, browse, complete, read):
    browse(cast.bob).post(f"/foundings/{complete}/hand-in")
    assert browse(cast.bob).post(f"/foundings/{complete}/leave").status_code == 303
    answer = browse(cast.sam).post(f"/foundings/{complete}/decide", {"verdict": "approve"})
    assert answer.status_code == 409
    assert read(sa.select(Founding.state)) == [(FoundingState.HANDED_IN,)]  # nothing half done
    assert read(sa.select(Group).where(Group.kind == GroupKind.ASSOCIATION)) == []


def test_nobody_decides_about_their_own(app, cast, browse, complete):
    with app.app_context():
        made = db.session.query(Founding).filter_by(key=complete).one()
        db.session.add(
            Founder(founding_id=made.id, account_id=member(URSULA).account_id, state=FounderState.CONFIRMED, name="U")
        )
        db.session.commit()
        db.session.remove()
    browse(cast.bob).post(f"/foundings/{complete}/hand-in")
    assert browse(URSULA).get(f"/foundings/{complete}/decide").status_code == 403
    assert browse(cast.sam).get(f"/foundings/{complete}/decide").status_code == 200


def test_given_up(app, cast, browse, founding, read):
    assert browse(cast.bob).post(f"/foundings/{founding}/withdraw").status_code == 303
    assert read(sa.select(Founding.state)) == [(FoundingState.WITHDRAWN,)]
    assert browse(cast.bob).post(f"/foundings/{founding}/withdraw").status_code == 409


def test_who_is_refused(app, cast, browse, founding):
    page = f"/foundings/{founding}"
    assert browse("").get(page).status_code == 303
    for who in (cast.alice, cast.carol, cast.mallory, cast.otto, cast.mona, cast.nia, cast.sam, URSULA):
        assert browse(who).get(page).status_code == 404, who
        assert browse(who).get(f"{page}/papers/founders").status_code == 404, who
        assert browse(who).post(f"{page}/confirm", {"name": "X", "agrees": "y"}).status_code == 404, who
        assert browse(who).post(f"{page}/charter", {"text": "X", "edits": "0"}).status_code == 404, who
        assert browse(who).post(f"{page}/decide", {"verdict": "approve"}).status_code == 404, who
    assert browse(cast.sue).get(page).status_code == 403
    for who in (cast.nia, cast.otto):  # no verified participation
        assert browse(who).get("/foundings/new").status_code == 403
        assert browse(who).send("/api/v1/foundings", START).status_code == 403
    assert browse(cast.bob).get(f"{page}/decide").status_code == 403


def test_few_statements(app, cast, browse, complete):
    seen: list[str] = []

    def note(*args):
        seen.append(args[2])

    bob = browse(cast.bob)
    with app.app_context():
        engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        for path in (f"/foundings/{complete}", "/foundings", f"/foundings/{complete}/papers/funds"):
            bob.get(path)
            seen.clear()
            assert bob.get(path).status_code == 200
            assert len([s for s in seen if s.upper().startswith("SELECT")]) <= 6, (path, seen)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
