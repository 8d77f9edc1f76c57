"""What a transaction promised is done after it, once, however often things break. Mail goes through real SMTP."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm.attributes import set_committed_value

from alumni import letters, worker
from alumni.accounts import notices
from alumni.core import clock, jobs, mail
from alumni.core.db import db
from alumni.core.jobs import Job, JobState
from tests import builders


def newcomer(language="en"):
    account = builders.make_account("nia@example.org", language=language)
    notices.tell_newcomer_to_confirm(account)
    return account


def state():
    return db.session.scalars(sa.select(Job).execution_options(populate_existing=True)).one()


def test_a_letter_arrives_with_a_text_and_a_page(app, postbox):
    with app.app_context():
        newcomer()
        db.session.commit()
        assert worker.run_due() == 1
        assert state().payload == {}  # what named a person is wiped
    [letter] = postbox.letters
    assert letter["To"] == "nia@example.org"
    assert letter["Subject"] == "Confirm your address"
    text = letter.get_body(("plain",)).get_content()
    page = letter.get_body(("html",)).get_content()
    assert "http://localhost/confirm/" in text
    assert '<a href="http://localhost/confirm/' in page
    assert "<img" not in page


def test_a_letter_is_written_in_the_readers_language(app, postbox):
    with app.app_context():
        newcomer("ja")
        db.session.commit()
        worker.run_due()
    [letter] = postbox.letters
    assert letter["Subject"] == "メールアドレスの確認"
    assert '<html lang="ja">' in letter.get_body(("html",)).get_content()


def test_what_is_rolled_back_is_never_sent(app, postbox):
    with app.app_context():
        newcomer()
        db.session.rollback()
        assert worker.run_due() == 0
    assert postbox.letters == []


def test_the_queue_hears_of_a_job_after_its_commit_only(app):
    with app.app_context():
        huey = app.extensions["huey"]
        before = len(huey.pending())
        newcomer()
        db.session.flush()
        assert len(huey.pending()) == before
        db.session.commit()
        assert len(huey.pending()) == before + 1
        huey.flush()


def test_a_mail_server_away_for_three_days_loses_and_doubles_nothing(app, postbox):
    with app.app_context():
        newcomer()
        db.session.commit()
        postbox.answer = "451 come back later"
        start = clock.now()
        for hours in (0, 1, 7, 24, 48, 72):
            with time_machine.travel(start + timedelta(hours=hours, minutes=5), tick=False):
                assert worker.run_due() == 0
                assert state().state == JobState.QUEUED
                assert "451" in state().problem
        postbox.answer = "250 OK"
        with time_machine.travel(start + timedelta(hours=74), tick=False):
            assert worker.run_due() == 1
            assert worker.run_due() == 0
    assert len(postbox.letters) == 1


def test_no_server_at_all_is_tried_again_later(app, postbox):
    with app.app_context():
        app.config["ALUMNI"] = replace(app.config["ALUMNI"], mail_url="smtp://127.0.0.1:1")
        newcomer()
        db.session.commit()
        assert worker.run_due() == 0
        assert state().due_at > clock.now()


def test_after_four_days_it_is_given_up_and_says_why(app, postbox):
    with app.app_context():
        newcomer()
        db.session.commit()
        postbox.answer = "451 never"
        with time_machine.travel(clock.now() + timedelta(days=4, minutes=1), tick=False):
            worker.run_due()
        assert state().state == JobState.GIVEN_UP
        assert "451" in state().problem


def test_a_refused_address_is_not_tried_again(app, postbox):
    with app.app_context():
        newcomer()
        db.session.commit()
        postbox.answer = "550 no such person"
        assert worker.run_due() == 0
        assert (state().state, state().problem[:6]) == (JobState.GIVEN_UP, "(550, ")


def test_a_sender_that_is_refused_loses_no_letter(app, postbox, monkeypatch):
    """A wrong MAIL_FROM is ours to mend."""
    with app.app_context():
        newcomer()
        db.session.commit()
        refuse = smtplib.SMTPSenderRefused(550, b"not permitted", "network@localhost")

        def send(self, letter):
            raise refuse

        with monkeypatch.context() as patch:
            patch.setattr(smtplib.SMTP, "send_message", send)
            assert worker.run_due() == 0
        assert state().state == JobState.QUEUED
        with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
            assert worker.run_due() == 1
    assert len(postbox.letters) == 1


def test_a_server_that_takes_the_letter_and_then_falls_over_doubles_nothing(app, postbox, monkeypatch):
    def fall_over(self):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", fall_over)
    with app.app_context():
        newcomer()
        db.session.commit()
        assert worker.run_due() == 1
    assert len(postbox.letters) == 1


def test_a_letter_says_names_as_they_are(app, postbox):
    with app.app_context():
        account = builders.make_account("nia@example.org")
        facts = {
            "title": "Men's Q&A <b>",
            "slug": "x",
            "starts": clock.now().isoformat(),
            "event_zone": "Asia/Tokyo",
            "place": "https://evil.example/login",
        }
        letter = letters.write_letter(account, "events/proposed", facts, reference="1.1")
    assert "Men's Q&A <b>" in letter["Subject"]
    page = letter.get_body(("html",)).get_content()
    assert "<b>" not in page
    assert "&amp;amp;" not in page
    assert 'href="https://evil' not in page


def test_waiting_mail_is_seen_by_whoever_looks_after_it(app, postbox, browse):
    with app.app_context():
        newcomer()
        db.session.commit()
        postbox.answer = "451 later"
        worker.run_due()
    assert browse("").get("/readyz").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert browse("").get("/readyz").get_json()["checks"]["jobs"] == "failing"


def test_a_worker_whose_lease_ran_out_leaves_the_job_to_the_other(app, postbox):
    with app.app_context():
        newcomer()
        db.session.commit()
        jobs.take(state().id)
        db.session.commit()  # and here its worker falls asleep
        with time_machine.travel(clock.now() + jobs.LEASE + timedelta(seconds=1), tick=False):
            assert worker.run_due() == 1
        asleep = state()
        set_committed_value(asleep, "attempts", 1)  # what the first worker still believes
        jobs.put_back(asleep, "too late")
        db.session.commit()
        assert state().state == JobState.DONE


def test_a_worker_that_dies_leaves_its_job_to_another(app, postbox):
    with app.app_context():
        newcomer()
        db.session.commit()
        job = jobs.take(state().id)
        db.session.commit()  # and here its process is killed
        assert job is not None
        assert worker.run_due() == 0
        with time_machine.travel(clock.now() + jobs.LEASE + timedelta(seconds=1), tick=False):
            assert worker.run_due() == 1
    assert len(postbox.letters) == 1


def test_a_letter_sent_twice_is_known_as_the_same(app, postbox):
    with app.app_context():
        account = newcomer()
        db.session.commit()
        job = state()
        written = [
            letters.write_letter(account, "accounts/confirm", {}, reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}")
            for _ in range(2)
        ]
    assert written[0]["Message-ID"] == written[1]["Message-ID"]


def test_headers_cannot_be_injected(app, postbox):
    with app.app_context():
        account = builders.make_account("nia@example.org")
        db.session.commit()
        letter = letters.write_letter(account, "accounts/confirm", {}, reference="1.1")
        with pytest.raises(ValueError, match="linefeed"):
            letter["X-Test"] = "a\nBcc: everybody@example.org"


def test_many_workers_do_each_job_once(alone, monkeypatch):
    with alone.app_context():
        for n in range(40):
            jobs.enqueue("count", n=n)
        db.session.commit()
        ids = jobs.due_ids()
        db.session.rollback()
    done = []
    monkeypatch.setitem(worker.RUNNERS, "count", lambda job: done.append(job.payload["n"]))

    def run(job_id: int) -> None:
        with alone.app_context():
            worker.run(job_id)
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, ids * 4))
    assert sorted(done) == list(range(40))


def test_a_job_that_fails_is_put_back_and_does_not_stop_the_others(app, monkeypatch):
    def crash(job: Job) -> None:
        raise RuntimeError("somebody's secret")

    monkeypatch.setitem(worker.RUNNERS, "crash", crash)
    with app.app_context():
        jobs.enqueue("crash")
        newcomer()
        db.session.commit()
        assert worker.run_due() == 1
        crashed = db.session.scalars(sa.select(Job).where(Job.kind == "crash")).one()
        assert (crashed.state, crashed.problem) == (JobState.QUEUED, "RuntimeError")


def test_the_command_runs_what_is_due_and_ends(app):
    with app.app_context():
        newcomer()
        db.session.commit()
    assert "1 done" in app.test_cli_runner().invoke(args=["work", "--once"]).output


@pytest.mark.parametrize("url", ["ftp://x", "nonsense"])
def test_an_unknown_transport_is_refused(url):
    with pytest.raises(ValueError, match="MAIL_URL"):
        mail.transport(url)
