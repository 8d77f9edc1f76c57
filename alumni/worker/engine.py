"""When jobs run: at once after a change, by a sweep each minute, once a day."""

from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from alumni.accounts import actions as accounts_actions
from alumni.attendance import actions as attendance_actions
from alumni.claims import actions as claims_actions
from alumni.core import clock, jobs, mail, seals
from alumni.core.db import db, intend, reading
from alumni.deliveries import actions as deliveries_actions
from alumni.elections import actions as elections_actions
from alumni.imports import actions as imports_actions
from alumni.invites import actions as invites_actions
from alumni.mailing import actions as mailing_actions
from alumni.members import actions as members_actions
from alumni.messages import actions as messages_actions
from alumni.moderation import actions as moderation_actions
from alumni.mydata import actions as mydata_actions
from alumni.officers import actions as officers_actions
from alumni.plans import actions as plans_actions
from alumni.posts import actions as posts_actions
from alumni.reminders import actions as reminders_actions
from alumni.reports import actions as reports_actions
from alumni.roles import actions as roles_actions
from alumni.visitors import actions as visitors_actions
from alumni.worker.runners import RUNNERS

log = structlog.get_logger()


def queue(url: str) -> Huey:
    """The engine that runs jobs: `sqlite:///file`, `postgresql://…`, `redis://…`, or `memory:` for one process."""
    scheme = urlsplit(url).scheme
    if scheme == "memory":
        return MemoryHuey("alumni", results=False)
    if scheme == "sqlite":
        return SqliteHuey("alumni", filename=url.removeprefix("sqlite:///"), results=False, store_none=False)
    if scheme.startswith("postgresql"):
        return PostgresHuey("alumni", dsn=url.replace("+psycopg", ""), results=False)
    return RedisHuey("alumni", url=url, results=False)


def run(job_id: int) -> bool:
    """Runs one job if it is due and free. True when it was done."""
    intend(to_write=True)
    job = jobs.take(job_id)
    db.session.commit()
    if job is None:
        return False
    try:
        RUNNERS[job.kind](job)
    except mail.MailServerAway as away:
        db.session.rollback()
        jobs.put_back(job, str(away))
        db.session.commit()
        return False
    except mail.NotNow as not_now:
        db.session.rollback()
        jobs.wait(job, not_now.until)
        db.session.commit()
        return False
    except mail.MailRefused as refused:
        db.session.rollback()
        jobs.give_up(job, str(refused))
        db.session.commit()
        return False
    except Exception as crash:  # a job must not take the worker down; it is put back and tried again
        db.session.rollback()
        log.exception("job failed", job=job.id, kind=job.kind)
        jobs.put_back(job, type(crash).__name__)
        db.session.commit()
        return False
    jobs.finish(job)
    db.session.commit()
    return True


def run_due() -> int:
    """Runs what is due now, and what that makes due, and returns how many were done."""
    done = 0
    while True:
        due = jobs.due_ids()
        db.session.commit()
        now_done = sum(run(job_id) for job_id in due)
        done += now_done
        if not now_done:
            return done


def run_each_minute() -> int:
    """What becomes due by the clock alone. Returns how often something was done."""
    intend(to_write=True)
    done = 0
    for _event in attendance_actions.lapse_offers(clock.now()):
        db.session.commit()
        done += 1
    for written in reminders_actions.remind_in_time(clock.now()):
        db.session.commit()
        done += written
    for written in visitors_actions.remind_visitors(clock.now()):
        db.session.commit()
        done += written
    for each in (deliveries_actions.enrol(clock.now()), deliveries_actions.gather_due(clock.now())):
        for _looked_at in each:
            db.session.commit()
    for each in (
        elections_actions.open_due(clock.now()),
        elections_actions.count_due(clock.now()),
        moderation_actions.climb_due(clock.now()),
    ):
        for _id in each:
            db.session.commit()
            done += 1
    for _lines in seals.seal_lines():
        db.session.commit()
    db.session.rollback()
    return done


def run_daily() -> int:
    """What has to be done once a day, whoever saves anything or not. Returns how often something was done."""
    intend(to_write=True)
    done, now = 0, clock.now()
    for each in (
        members_actions.come_of_age(now),
        officers_actions.warn_of_endings(now),
        roles_actions.warn_of_endings(now),
        attendance_actions.forget_replies(now),
        plans_actions.ask_how_it_goes(now),
        mailing_actions.ask_about_profiles(now),
        officers_actions.leave_office(),
        moderation_actions.forget_removed(now),
    ):
        for _account_id in each:
            db.session.commit()
            done += 1
    while files := claims_actions.forget_old_evidence(now):
        db.session.commit()
        done += files
    for _account_id in mydata_actions.erase_due(now):
        db.session.commit()
        done += 1
    done += mydata_actions.forget_exports(now)
    done += invites_actions.forget_invitations(now)
    done += visitors_actions.forget_visitors(now)
    done += deliveries_actions.forget_told(now)
    done += accounts_actions.forget_address_changes()
    done += deliveries_actions.forget_letters(now)
    done += jobs.forget_given_up(now)
    done += messages_actions.sweep_conversations()
    db.session.commit()
    for _ in imports_actions.forget_imports():
        db.session.commit()
    for _lines in seals.seal_lines(everything=True):
        db.session.commit()
    db.session.rollback()
    with reading():
        mydata_actions.keep_list()
        db.session.rollback()
    return done


def install(app: Flask) -> None:
    """Gives the app its queue, which runs what is handed over and sweeps the outbox every minute."""
    huey = queue(app.config["ALUMNI"].queue_url)

    @huey.task()
    def run_job(job_id: int) -> None:
        with app.app_context():
            run(job_id)

    @huey.periodic_task(crontab(minute="*"))
    def sweep() -> None:
        with app.app_context():
            intend(to_write=False)
            due = jobs.due_ids()
            db.session.rollback()
        for job_id in due:
            run_job(job_id)

    @huey.periodic_task(crontab(minute="*"))
    def each_minute() -> None:
        with app.app_context():
            run_each_minute()

    @huey.periodic_task(crontab(hour="3", minute="17"))
    def sweep_files() -> None:
        with app.app_context():
            intend(to_write=False)
            members_actions.sweep_pictures()
            posts_actions.sweep_post_pictures()
            reports_actions.sweep_report_pictures()
            claims_actions.sweep_evidence()
            attendance_actions.sweep_reply_files()
            imports_actions.sweep_files()
            mydata_actions.sweep_exports()
            db.session.rollback()

    @huey.periodic_task(crontab(hour="0", minute="7"))
    def daily() -> None:
        with app.app_context():
            run_daily()

    app.extensions["huey"] = huey
    app.extensions["run_job"] = run_job


def hand_over(job_id: int) -> None:
    """The queue may be away; the row is there, and the sweep will find it."""
    try:
        current_app.extensions["run_job"](job_id)
    except Exception:
        log.warning("not handed over", job=job_id)


jobs.hand_over_after_commit(hand_over)


def work(app: Flask, *, threads: int = 2) -> None:
    """Runs jobs until told to stop."""
    huey = app.extensions["huey"]
    consumer = huey.create_consumer(workers=threads, periodic=True, initial_delay=0.1, max_delay=1.0)
    consumer.run()
