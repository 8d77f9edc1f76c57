"""The queue, a case, and the moves a report can make."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account, SignIn, StaffRole
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.moderation.models import Report
from tests import builders
from tests.cast import Cast

WHY = {"reason": "It sells watches."}


@pytest.fixture
def second(app, cast) -> str:
    """Another moderator."""
    with app.app_context():
        builders.make_member("Max Moderator", email="max@example.org", account={"staff_role": StaffRole.MODERATOR})
        db.session.commit()
    return "max@example.org"


@pytest.fixture
def taken(cast, browse, post, make_report) -> str:
    """Alice's report of Bob's post, in Mona's hand."""
    key = make_report(cast.alice, post=post)
    assert browse(cast.mona).post(f"/moderation/{key}/take").status_code == 303
    return key


def decide(browser, key, **draft):
    return browser.post(f"/moderation/{key}/decide", {**WHY, **draft})


def test_the_queue_is_oldest_first_and_pages(app, cast, browse, event, post, handle, make_report):
    keys = [make_report(cast.alice, post=post), make_report(cast.bob, event=event)]
    keys.append(make_report(cast.carol, member=handle(cast.alice)))
    mona = browse(cast.mona)
    page = mona.get("/moderation")
    assert page.status_code == 200
    places = [page.text.index(f"/moderation/{key}") for key in keys]
    assert places == sorted(places)
    assert "insults or threatens" in page.text
    listed, after = [], ""
    while True:
        answer = mona.get(f"/api/v1/reports?limit=2{after}").json
        assert "items" in answer, answer
        listed += [item["key"] for item in answer["items"]]
        if not answer["next"]:
            break
        after = f"&after={answer['next']}"
    assert listed == keys
    assert "Nothing decided yet" in mona.get("/moderation?state=decided").text
    assert mona.get("/moderation?after=xyz").status_code == 422


def test_the_case_shows_then_beside_now(app, cast, browse, event, make_report):
    key = make_report(cast.bob, event=event)
    mona = browse(cast.mona)
    assert "Unchanged" in mona.get(f"/moderation/{key}").text
    with app.app_context():
        db.session.execute(sa.text("UPDATE events SET title = 'Honest reunion'"))
        db.session.commit()
    page = mona.get(f"/moderation/{key}")
    assert "Fake reunion" in page.text
    assert "Honest reunion" in page.text
    assert "Changed since" in page.text
    case = mona.get(f"/api/v1/reports/{key}").json
    assert (case["about"]["title"], case["now"]["title"]) == ("Fake reunion", "Honest reunion")
    assert case["note"] == "Look at this."
    with app.app_context():
        db.session.execute(sa.text("DELETE FROM events"))
        db.session.commit()
    page = mona.get(f"/moderation/{key}")
    assert page.status_code == 200
    assert "Gone" in page.text
    assert mona.get(f"/api/v1/reports/{key}").json["now"] is None


def test_one_moderator_has_a_case_at_a_time(cast, browse, event, second, stands, make_report):
    key = make_report(cast.bob, event=event)
    mona, max_ = browse(cast.mona), browse(second)
    assert "Take this case" in mona.get(f"/moderation/{key}").text
    assert mona.post(f"/moderation/{key}/take").status_code == 303
    assert mona.post(f"/moderation/{key}/take").status_code == 303  # the button pressed twice
    assert max_.post(f"/moderation/{key}/take").status_code == 409
    assert max_.send(f"/api/v1/reports/{key}/take").json["type"] == "report-taken"
    assert decide(max_, key, decision="none").status_code == 409
    assert "Mona Moderator has this case in hand" in max_.get(f"/moderation/{key}").text
    report = stands(key)
    assert (report.state, report.decision) == ("in hand", None)


def test_only_the_moves_that_exist(cast, browse, event, stands, make_report):
    key = make_report(cast.bob, event=event)
    mona = browse(cast.mona)
    answer = mona.send(f"/api/v1/reports/{key}/decide", {**WHY, "decision": "none"})
    assert (answer.status_code, answer.json["type"]) == (409, "report-not-taken")
    for undo in ("restore", "lift"):
        assert mona.post(f"/moderation/{key}/{undo}", WHY).status_code == 409
    mona.post(f"/moderation/{key}/take")
    assert decide(mona, key, decision="none").status_code == 303
    for again in ("take", "decide"):
        answer = mona.send(f"/api/v1/reports/{key}/{again}", {**WHY, "decision": "hidden"})
        assert (answer.status_code, answer.json["type"]) == (409, "report-decided")
    assert stands(key).decision == "none"


def test_hiding_and_restoring_a_post(cast, browse, read, post, taken, letters, hidden, stands):
    mona, alice = browse(cast.mona), browse(cast.alice)
    assert "It sells" not in alice.get("/").text
    assert decide(mona, taken, decision="hidden").status_code == 303
    assert hidden(post)
    assert alice.get(f"/report?post={post}").status_code == 404
    report = stands(taken)
    assert (report.state, report.decision, report.decision_reason) == ("decided", "hidden", "It sells watches.")
    assert report.decided_at is not None
    (author, reporter) = letters()
    assert author[:2] == ("hidden", cast.bob)
    assert author[2]["reason"] == "It sells watches."
    assert reporter[:2] == ("decided", cast.alice)
    assert "reason" not in reporter[2]

    assert mona.get(f"/moderation/{taken}/restore").status_code == 200
    assert mona.post(f"/moderation/{taken}/restore", {"reason": ""}).status_code == 422
    assert hidden(post)
    assert mona.post(f"/moderation/{taken}/restore", {"reason": "They were his own."}).status_code == 303
    assert not hidden(post)
    assert [(letter[0], letter[1]) for letter in letters()[2:]] == [("restored", cast.bob), ("restored", cast.alice)]
    assert mona.send(f"/api/v1/reports/{taken}/restore", WHY).json["type"] == "not-hidden"
    actions = [row.action for row in read(sa.select(AuditLine.action).order_by(AuditLine.id))]
    assert actions == ["report.take", "report.decide", "post.hide", "post.restore"]


def test_hiding_an_event_by_json(cast, browse, event, letters, hidden, make_report):
    key = make_report(cast.bob, event=event)
    mona = browse(cast.mona)
    mona.send(f"/api/v1/reports/{key}/take")
    case = mona.send(f"/api/v1/reports/{key}/decide", {**WHY, "decision": "hidden"}).json
    assert (case["state"], case["decision"], case["now"]["is_hidden"]) == ("decided", "hidden", True)
    assert hidden(event)
    assert [(letter[0], letter[1]) for letter in letters()] == [("hidden", cast.alice), ("decided", cast.bob)]
    assert mona.send(f"/api/v1/reports/{key}/restore", WHY).json["now"]["is_hidden"] is False
    assert not hidden(event)


def test_leaving_it_as_it_is_tells_the_reporter_only(cast, browse, post, taken, letters, hidden):
    assert decide(browse(cast.mona), taken, decision="none").status_code == 303
    assert not hidden(post)
    assert [(letter[0], letter[1]) for letter in letters()] == [("decided", cast.alice)]


def test_suspending_ends_every_session_at_once(app, cast, browse, read, taken, post, letters, hidden, handle):
    """The whole walk: Bob is signed in, is suspended, comes back to his own profile only, and is let in again."""
    bob = browse(cast.bob)
    copied = browse(cast.bob)
    assert bob.get("/me/profile").status_code == 200
    mona = browse(cast.mona)
    before = datetime.now(UTC)
    assert decide(mona, taken, decision="suspended", days="7", also_hide="y").status_code == 303
    assert hidden(post)
    account = read(sa.select(Account).where(Account.email == cast.bob))[0].Account
    assert account.state == "suspended"
    assert timedelta(days=7) <= account.suspended_until - before < timedelta(days=7, minutes=1)
    assert read(sa.select(SignIn.id).where(SignIn.account_id == account.id)) == []
    for cookie in (bob, copied):
        assert cookie.get("/me/profile").status_code == 303  # signed out
        assert cookie.get("/api/v1/me").status_code == 401
    (author, reporter) = letters()
    assert author[:2] == ("suspended", cast.bob)
    assert author[2]["is_hidden"] is True
    assert author[2]["until"] == account.suspended_until.date().isoformat()
    assert reporter[:2] == ("decided", cast.alice)

    bob.sign_in(cast.bob)
    assert bob.get("/me/profile").status_code == 200
    first = bob.get("/")
    assert "Your account is suspended" in first.text
    assert "It sells watches." in first.text
    for path in (f"/groups/{cast.group}/posts", f"/report?member={handle(cast.carol)}", "/claims/new", "/moderation"):
        assert bob.get(path).status_code in (403, 404), path
    assert bob.post("/me/profile", {"name": "Somebody Else"}).status_code == 403

    assert "Lift the suspension" in mona.get(f"/moderation/{taken}").text
    assert mona.post(f"/moderation/{taken}/lift", {"reason": "He has said sorry."}).status_code == 303
    assert bob.get(f"/report?member={handle(cast.carol)}").status_code == 200
    assert letters()[-1][:2] == ("lifted", cast.bob)
    assert mona.send(f"/api/v1/reports/{taken}/lift", WHY).json["type"] == "not-suspended"
    acts = sa.select(AuditLine.action).where(AuditLine.action != "access.refuse").order_by(AuditLine.id)
    lines = [row.action for row in read(acts)]
    assert lines == ["report.take", "report.decide", "post.hide", "account.suspend", "account.unsuspend"]


def test_a_second_suspension_never_shortens_the_first(app, cast, browse, read, handle, make_report):
    with app.app_context():
        db.session.execute(sa.text("UPDATE accounts SET state = 'active' WHERE email = 'sue@example.org'"))
        db.session.commit()
    mona = browse(cast.mona)
    for who, days in ((cast.alice, 90), (cast.carol, 1)):
        key = make_report(who, member=handle(cast.sue))
        mona.send(f"/api/v1/reports/{key}/take")
        answer = mona.send(f"/api/v1/reports/{key}/decide", {**WHY, "decision": "suspended", "days": days})
        assert answer.status_code == 200
    until = read(sa.select(Account.suspended_until).where(Account.email == cast.sue))[0][0]
    assert until - datetime.now(UTC) > timedelta(days=89)


def test_nobody_decides_about_themselves_or_their_own_report(app, cast, browse, stands, handle, make_report, event):
    about_mona = make_report(cast.alice, member=handle(cast.mona))
    by_mona = make_report(cast.mona, event=event)
    mona = browse(cast.mona)
    assert mona.get(f"/moderation/{about_mona}").status_code == 403  # it says who reported
    assert mona.get(f"/api/v1/reports/{about_mona}").status_code == 403
    assert "About you" in mona.get("/moderation").text
    assert "another moderator decides" in mona.get(f"/moderation/{by_mona}").text
    for key in (about_mona, by_mona):
        for act in ("take", "decide", "restore", "lift"):
            assert mona.post(f"/moderation/{key}/{act}", {**WHY, "decision": "none"}).status_code == 403
            assert mona.send(f"/api/v1/reports/{key}/{act}", {**WHY, "decision": "none"}).status_code == 403
        assert stands(key).state == "open"
    sam = browse(cast.sam)
    for key in (about_mona, by_mona):
        assert sam.post(f"/moderation/{key}/take").status_code == 303
        assert decide(sam, key, decision="none").status_code == 303


def test_a_moderator_does_not_suspend_staff(app, cast, browse, read, second, handle, make_report, stands):
    key = make_report(cast.alice, member=handle(second))
    mona = browse(cast.mona)
    mona.post(f"/moderation/{key}/take")
    assert 'value="suspended"' not in mona.get(f"/moderation/{key}").text
    assert decide(mona, key, decision="suspended", days="7").status_code == 403
    answer = mona.send(f"/api/v1/reports/{key}/decide", {**WHY, "decision": "suspended"})
    assert (answer.status_code, answer.json["detail"]) == (403, "An administrator can do this.")
    assert stands(key).state == "in hand"
    assert read(sa.select(Account.state).where(Account.email == second))[0][0] == "active"


@pytest.mark.parametrize("who", ["alice", "bob", "carol", "mallory", "nia", "sue", "guest"])
def test_for_everybody_else_there_is_no_moderation(cast, browse, taken, stands, who):
    browser = browse(getattr(Cast, who))
    pages = 303 if who == "guest" else 403
    case = {"guest": 303, "sue": 403}.get(who, 404)
    api, api_case = (401, 401) if who == "guest" else (403, 403 if who == "sue" else 404)
    assert browser.get("/moderation").status_code == pages
    assert browser.get("/moderation/log").status_code == pages
    assert browser.get("/api/v1/reports").status_code == api
    assert browser.get(f"/moderation/{taken}").status_code == case
    assert browser.get(f"/api/v1/reports/{taken}").status_code == api_case
    for act in ("take", "decide", "restore", "lift"):
        assert browser.post(f"/moderation/{taken}/{act}", {**WHY, "decision": "none"}).status_code == case
        assert browser.send(f"/api/v1/reports/{taken}/{act}", {**WHY, "decision": "none"}).status_code == api_case
    assert stands(taken).state == "in hand"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decision", ""),
        ("decision", "deleted"),
        ("days", "0"),
        ("days", "3650"),
        ("days", "-1"),
        ("reason", ""),
        ("reason", "x" * 100_000),
        ("reason", "a\0b"),
    ],
)
def test_bad_input_is_named_and_decides_nothing(cast, browse, taken, stands, field, value):
    mona = browse(cast.mona)
    draft = {"decision": "suspended", "days": "7", "reason": "Kept words.", field: value}
    page = mona.post(f"/moderation/{taken}/decide", draft)
    assert page.status_code == 422
    assert f'href="#{field}' in page.text
    if field != "reason":
        assert "Kept words." in page.text
    answer = mona.send(f"/api/v1/reports/{taken}/decide", draft)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert stands(taken).state == "in hand"


def test_what_is_impossible_is_said_at_its_field(app, cast, browse, stands, handle, make_report, event):
    gone = make_report(cast.bob, event=event)
    with app.app_context():
        db.session.execute(sa.text("DELETE FROM events"))
        db.session.execute(sa.update(Report).where(Report.key == gone).values(about_id=None))
        db.session.commit()
    mona = browse(cast.mona)
    for key, decision in ((gone, "hidden"), (gone, "suspended")):
        mona.post(f"/moderation/{key}/take")
        assert decide(mona, key, decision=decision).status_code == 422
        answer = mona.send(f"/api/v1/reports/{key}/decide", {**WHY, "decision": decision})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["decision"])
        assert stands(key).state == "in hand"


def test_a_person_at_risk_is_hidden_and_shown_again_and_nobody_is_told(
    cast, browse, read, handle, make_report, letters, stands
):
    whom = handle(cast.bob)
    key = make_report(cast.alice, member=whom)
    mona, carol = browse(cast.mona), browse(cast.carol)
    mona.post(f"/moderation/{key}/take")
    assert "They are at risk" in mona.get(f"/moderation/{key}").text
    assert carol.get(f"/members/{whom}").status_code == 200
    assert decide(mona, key, decision="hidden").status_code == 303
    assert stands(key).decision == "hidden"
    assert carol.get(f"/members/{whom}").status_code == 404
    # Alice, who reported, hears that something was done, and not what. Bob hears nothing.
    assert [(name, to, facts["is_hidden"]) for name, to, facts in letters()] == [("decided", cast.alice, False)]
    page = mona.get(f"/moderation/{key}").text
    assert "they are in no list but those of their groups" in page
    assert mona.get(f"/api/v1/reports/{key}").json["now"]["is_hidden"] is True
    for email in (cast.alice, cast.bob, cast.carol, cast.sue):
        assert browse(email).post(f"/moderation/{key}/restore", WHY).status_code in (403, 404), email
    assert "Show them again" in mona.get(f"/moderation/{key}/restore").text
    assert mona.post(f"/moderation/{key}/restore").status_code == 422  # no reason
    assert mona.post(f"/moderation/{key}/restore", WHY).status_code == 303
    assert carol.get(f"/members/{whom}").status_code == 200
    assert mona.post(f"/moderation/{key}/restore", WHY).status_code == 409
    assert len(letters()) == 1
    lines = read(sa.select(AuditLine.action, AuditLine.reason).where(AuditLine.subject == f"account:{whom}"))
    assert sorted(line.action for line in lines) == ["member.hide", "member.show"]
    assert {line.reason for line in lines} == {WHY["reason"]}


def test_whoever_is_suspended_and_at_risk_is_told_only_of_the_suspension(cast, browse, handle, make_report, letters):
    key = make_report(cast.alice, member=handle(cast.bob))
    mona = browse(cast.mona)
    mona.post(f"/moderation/{key}/take")
    draft = {**WHY, "decision": "suspended", "days": "7", "also_hide": True}
    assert mona.send(f"/api/v1/reports/{key}/decide", draft).status_code == 200
    assert browse(cast.carol).get(f"/members/{handle(cast.bob)}").status_code == 404
    assert {(name, facts["is_hidden"]) for name, _to, facts in letters()} == {("suspended", False), ("decided", False)}


def test_of_two_who_take_at_once_one_gets_it(alone):
    """Real connections, each in its own thread."""
    from concurrent.futures import ThreadPoolExecutor

    from tests.browser import Browser
    from tests.cast import make_cast

    with alone.app_context():
        cast = make_cast()
        emails = []
        for number in range(4):
            email = f"mod{number}@example.org"
            builders.make_member(f"Mod {number}", email=email, account={"staff_role": StaffRole.MODERATOR})
            emails.append(email)
        handle = db.session.scalars(sa.select(Account.handle).where(Account.email == cast.bob)).one()
        db.session.commit()
        db.session.remove()
    key = Browser(alone, cast.carol).send("/api/v1/reports", {"member": handle, "reason": "abuse"}).json["key"]
    browsers = [Browser(alone, email) for email in emails]
    tokens = [browser.token() for browser in browsers]

    def take(browser, token):
        return browser.client.post(f"/moderation/{key}/take", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(take, browsers, tokens))
    assert answers == [303, 409, 409, 409]
    with alone.app_context():
        lines = db.session.scalars(sa.select(AuditLine.action).where(AuditLine.subject == f"report:{key}")).all()
    assert lines == ["report.take"]
