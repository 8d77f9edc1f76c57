"""Addresses to which letters come back: found by the report of a mail server or its refusal, told, and proved anew."""

import re
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account
from alumni.core import mail
from alumni.core.db import db
from alumni.core.reports import read_report
from alumni.mailing.models import Bounce
from tests.cast import Cast
from tests.mailing.test_choices import NOON, ask_for_vouching, run_at

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture(autouse=True)
def daytime():
    with time_machine.travel(NOON, tick=False):
        yield


def report_on(letter, *, action="failed", status="5.1.1", whole=True):
    """What a mail server sends back."""
    original = letter.as_string()
    kept = original if whole else original.partition("\n\n")[0] + "\n\n"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return f"""From: MAILER-DAEMON@mx.example.org
To: network@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=edge="

--=edge=
Content-Type: text/plain

It did not arrive.

--=edge=
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; bob@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such person

--=edge=
Content-Type: {kind}

{kept}
--=edge=--
""".encode()


@pytest.fixture
def letter(app, postbox, bob):
    with app.app_context():
        ask_for_vouching(bob.id)
    run_at(app, NOON)
    return postbox.letters.pop()


def take_in(app, raw):
    return app.test_cli_runner().invoke(args=["mail", "bounced"], input=raw).output.strip()


def bounce_of(read):
    return read(sa.select(Bounce.times, Bounce.bounced_at.is_not(None), Bounce.status))


@pytest.mark.parametrize("whole", [True, False])
def test_an_address_that_is_gone_gets_only_necessary_letters(app, read, postbox, browse, bob, letter, whole):
    assert take_in(app, report_on(letter, whole=whole)) == "noted"
    assert bounce_of(read) == [(1, True, "5.1.1")]
    with app.app_context():
        ask_for_vouching(bob.id)
        mail.post("accounts/password_changed", to=bob.id)
        db.session.commit()
    run_at(app, NOON)
    assert [one["Subject"] for one in postbox.letters] == ["Your password was changed"]
    for page in ("/", "/me/notifications"):
        assert "Letters to your address come back" in browse(Cast.bob).get(page).text, page
        assert "Letters to your address come back" not in browse(Cast.alice).get(page).text, page


def test_it_works_again_when_a_letter_was_read_there(app, read, postbox, browse, bob, letter):
    take_in(app, report_on(letter))
    me = browse(Cast.bob)
    assert me.post("/me/notifications/address").status_code == 303
    run_at(app, NOON)
    [asked] = postbox.letters
    [path] = re.findall(r"http://localhost(/letters/address/\S+)", asked.get_body(("plain",)).get_content())
    guest = browse("")
    assert guest.get(path).status_code == 200
    assert len(bounce_of(read)) == 1  # a scanner followed the link
    assert guest.post(path).status_code == 200
    assert bounce_of(read) == []
    with app.app_context():
        db.session.execute(sa.update(Account).where(Account.id == bob.id).values(email="new@example.org"))
        db.session.commit()
    assert guest.post(path).status_code == 410  # the letter went to another address


def test_what_passes_by_counts_after_several_times(app, read, letter):
    for times in range(1, 6):
        assert take_in(app, report_on(letter, status="5.2.2")) == "noted"
        assert bounce_of(read) == [(times, times == 5, "5.2.2")]


def test_what_is_only_late_or_not_ours_is_not_noted(app, read, letter):
    forged = report_on(letter).replace(letter["Message-ID"].encode(), b"<1.20310304.x2345abcde.abcdefghij@localhost>")
    harmless = [
        report_on(letter, action="delayed", status="4.4.1"),
        forged,
        b"",
        b"\xff\x00 no mail",
        b"Subject: Hi\n\nHi",
    ]
    for raw in harmless:
        assert take_in(app, raw) == "nothing to note", raw
    assert bounce_of(read) == []


def test_a_report_that_is_broken_is_no_report():
    letter = EmailMessage()
    letter["Message-ID"] = "<1@localhost>"
    whole = report_on(letter)
    for end in range(0, len(whole), 40):
        read_report(whole[:end])
    assert read_report(b"Content-Type: multipart/report\n\n") is None


def test_a_folder_of_reports(app, read, letter, tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(report_on(letter))
    (tmp_path / "new" / "2.host").write_bytes(b"Subject: Hi\n\nHi")
    for said in ("1 noted", "0 noted"):
        assert said in app.test_cli_runner().invoke(args=["mail", "bounced", str(tmp_path)]).output
    assert bounce_of(read) == [(1, True, "5.1.1")]


def test_a_server_that_knows_nobody_there(app, read, postbox, bob):
    postbox.receiver = "550 5.1.1 no such person"
    with app.app_context():
        ask_for_vouching(bob.id)
    run_at(app, NOON)
    assert bounce_of(read) == [(1, True, "refused")]


def test_a_server_that_dislikes_a_letter_says_nothing_of_the_address(app, read, postbox, bob):
    postbox.answer = "554 5.7.1 looks like spam"
    with app.app_context():
        ask_for_vouching(bob.id)
    run_at(app, NOON)
    assert bounce_of(read) == [(1, False, "refused")]
    with app.app_context():
        assert worker.run_due() == 0
