"""Which letters come, in which hours they wait, and how they are stopped by their own link."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from alumni import letters, worker
from alumni.accounts.models import Account, AccountState
from alumni.core import mail
from alumni.core.db import db
from alumni.core.jobs import Job, JobState
from alumni.groups.models import Membership, Rhythm
from alumni.mailing.models import Kind, LetterChoice, QuietHours
from alumni.mailing.policy import LETTERS, quiet_until
from tests.cast import Cast

TEMPLATES = Path(__file__).parents[2] / "templates" / "emails"
PARTS = {"events/when", "stop"}  # of other letters
NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_every_letter_has_a_kind():
    files = {str(path.relative_to(TEMPLATES).with_suffix("")) for path in TEMPLATES.rglob("*.txt")}
    assert files - PARTS == set(LETTERS)


def rhythm_of(read, email):
    return read(sa.select(Membership.rhythm).join(Account, Account.id == Membership.account_id).filter_by(email=email))


def ask_for_vouching(account_id):
    """A letter that can be chosen."""
    job = mail.post("claims/vouch_asked", to=account_id, key="x2345abcde", programme="JENESYS2016")
    db.session.commit()
    return job.id


def run_at(app, at):
    with time_machine.travel(at, tick=False), app.app_context():
        worker.run_due()
        db.session.remove()


@pytest.mark.parametrize(
    ("hour", "starts", "ends", "until"),
    [
        (12, 22, 7, None),
        (21, 22, 7, None),
        (22, 22, 7, 33),
        (23, 22, 7, 31),
        (3, 22, 7, 7),
        (7, 22, 7, None),
        (13, 12, 14, 14),
        (14, 12, 14, None),
        (3, 5, 5, None),
    ],
)
def test_quiet_hours(hour, starts, ends, until):
    day = datetime(2031, 3, 4, tzinfo=UTC)
    expected = {None: None, 33: day + timedelta(hours=31)}.get(until, day + timedelta(hours=until or 0))
    assert quiet_until(day + timedelta(hours=hour), "UTC", starts, ends) == expected


def test_quiet_hours_are_those_of_the_readers_clock(app, postbox, bob):
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.id == bob.id).values(zone="Asia/Tokyo"))
        db.session.execute(sa.delete(QuietHours))
        job_id = ask_for_vouching(bob.id)
        mail.post("accounts/password_changed", to=bob.id)
        db.session.commit()
    night = datetime(2031, 3, 4, 15, tzinfo=UTC)  # midnight in Tokyo
    run_at(app, night)
    assert [letter["Subject"] for letter in postbox.letters] == ["Your password was changed"]
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        assert (job.state, job.attempts, job.due_at) == (JobState.QUEUED, 0, datetime(2031, 3, 4, 22, tzinfo=UTC))
    run_at(app, datetime(2031, 3, 4, 22, tzinfo=UTC))
    assert len(postbox.letters) == 2


def test_the_page_saves_kinds_and_hours(browse, cast, read, bob):
    page = browse(Cast.bob)
    assert "Letters" in page.get("/me/notifications").text
    form = {"digest": "daily", "announcements": "none", "answers": "weekly", "reminders": "at once", "messages": "none"}
    rest = {"questions": "none", "elections": "at once", "profile": "at once", "starts": "20", "ends": "9"}
    assert page.post("/me/notifications", form | rest).status_code == 303
    chosen = dict(read(sa.select(LetterChoice.kind, LetterChoice.rhythm).where(LetterChoice.account_id == bob.id)))
    assert chosen[Kind.DIGEST] == Rhythm.DAILY
    assert chosen[Kind.ANNOUNCEMENTS] == Rhythm.NONE
    hours = sa.select(QuietHours.starts, QuietHours.ends).where(QuietHours.account_id == bob.id)
    assert read(hours) == [(20, 9)]
    refused = page.post("/me/notifications", form | rest | {"reminders": "weekly", "starts": "24"})
    assert refused.status_code == 422
    assert 'href="#reminders"' in refused.text
    assert 'href="#starts"' in refused.text


def test_the_rhythm_of_a_group(browse, cast, read):
    bob = browse(Cast.bob)
    assert bob.post(f"/me/notifications/groups/{cast.group}", {"letters": "at once"}).status_code == 303
    assert rhythm_of(read, Cast.bob) == [(Rhythm.AT_ONCE,)]
    assert bob.post(f"/me/notifications/groups/{cast.group}", {"letters": "yearly"}).status_code == 303
    assert rhythm_of(read, Cast.bob) == [(Rhythm.AT_ONCE,)]
    assert bob.get(f"/api/v1/groups/{cast.group}").json["letters"] == "at once"
    for email, status in ((Cast.carol, 404), (Cast.mallory, 404), (Cast.sue, 403), (Cast.guest, 303)):
        answer = browse(email).post(f"/me/notifications/groups/{cast.group}", {"letters": "daily"})
        assert answer.status_code == status, email


def test_whoever_joins_says_how_often(app, browse, cast, read):
    carol = browse(Cast.carol)
    assert 'name="letters"' in carol.get(f"/groups/{cast.group}/ask").text
    with app.app_context():
        db.session.execute(sa.text("UPDATE groups SET join_policy = 'open'"))
        db.session.commit()
    assert 'selected value="weekly"' in carol.get(f"/groups/{cast.group}").text
    assert carol.post(f"/groups/{cast.group}/join", {"letters": "daily"}).status_code == 303
    assert (Rhythm.DAILY,) in rhythm_of(read, Cast.carol)


@time_machine.travel(NOON, tick=False)
def test_what_was_stopped_meanwhile_is_not_sent(app, postbox, bob, browse):
    with app.app_context():
        ask_for_vouching(bob.id)
        ask_for_vouching(bob.id)
    run_at(app, NOON)
    assert len(postbox.letters) == 2
    letter = postbox.letters[0]
    assert letter["List-Id"] == "<questions.letters.localhost>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert path in letter.get_body(("plain",)).get_content()

    scanner = browse("").client  # no cookie, no token, from another site
    foreign = {"Origin": "https://mail.example.org", "Sec-Fetch-Site": "cross-site"}
    assert scanner.get(path, headers=foreign).status_code == 200
    assert scanner.post(path, headers=foreign).status_code == 400
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(LetterChoice)) == 0
    for _ in range(2):
        assert scanner.post(path, data=ONE_CLICK, headers=foreign).status_code == 200
    with app.app_context():
        ask_for_vouching(bob.id)
    run_at(app, NOON)
    assert len(postbox.letters) == 2
    resume = path.replace("/stop/", "/resume/")
    assert scanner.post(resume, headers=foreign).status_code == 400  # only stopping is open to mail programs
    assert browse("").post(resume).status_code == 200
    with app.app_context():
        ask_for_vouching(bob.id)
    run_at(app, NOON)
    assert len(postbox.letters) == 3
    assert scanner.post(path[:-1] + ("a" if path[-1] != "a" else "b"), data=ONE_CLICK).status_code == 410
    assert scanner.post(path.replace("/stop/", "/address/"), data=ONE_CLICK).status_code in (400, 410)


def test_necessary_letters_cannot_be_stopped(app, postbox, bob):
    with app.app_context():
        letter = letters.write_letter(bob, "accounts/password_changed", {}, reference="1")
        assert letter["List-Unsubscribe"] is None
        with app.test_request_context():
            token = letters.signer().sign("stop-letters", [bob.handle, Kind.NECESSARY.value, ""])
    assert app.test_client().post(f"/letters/stop/{token}", data=ONE_CLICK).status_code == 403


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.CLOSED, AccountState.CLOSING])
def test_who_is_suspended_or_goes_gets_nothing_that_can_be_chosen(app, postbox, bob, state):
    with app.app_context():
        ask_for_vouching(bob.id)
        db.session.execute(sa.update(Account).where(Account.id == bob.id).values(state=state))
        db.session.commit()
    run_at(app, NOON)
    assert postbox.letters == []


def test_the_guest_and_the_suspended(browse, cast):
    assert browse(Cast.guest).get("/me/notifications").status_code == 303
    assert browse(Cast.sue).get("/me/notifications").status_code == 403
    assert browse(Cast.otto).get("/me/notifications").status_code == 200  # without a profile, letters come as well
