"""The door without HTTP: runs the jobs that committed changes promised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, render_template
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from alumni.accounts.actions import reset_fingerprint
from alumni.accounts.models import Account, AccountState
from alumni.attendance import actions as attendance_actions
from alumni.claims import actions as claims_actions
from alumni.core import clock, jobs, mail
from alumni.core.db import db, give_way, intend, reading
from alumni.core.tokens import digest, link_secret
from alumni.events import actions as event_actions
from alumni.imports import actions as imports_actions
from alumni.members import actions as members_actions
from alumni.officers import actions as officers_actions
from alumni.posts import actions as posts_actions
from alumni.posts import queries as posts_queries
from alumni.roles import actions as roles_actions
from alumni.rosters import actions as rosters_actions
from alumni.rosters import queries as rosters_queries
from alumni.web.gate import signer
from alumni.web.i18n import in_language, language_of

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
        officers_actions.leave_office(),
    ):
        for _account_id in each:
            db.session.commit()
            done += 1
    while files := claims_actions.forget_old_evidence(now):
        db.session.commit()
        done += files
    for _ in imports_actions.forget_imports():
        db.session.commit()
    db.session.rollback()
    return done


def rebuild(job: jobs.Job) -> None:
    """A chunk of listings anew, then the promise of the next."""
    for last, _ in members_actions.rebuild_listings(**job.payload):
        jobs.enqueue(members_actions.REBUILD, **job.payload | {"after": last})
        return


def in_steps(work: Callable[[int], Iterator[int]]) -> jobs.Runner:
    """Runs work on an import that commits after each few rows, so that nobody waits for it."""

    def run_steps(job: jobs.Job) -> None:
        for _ in work(job.payload["roster"]):
            jobs.renew(job)
            db.session.commit()
            give_way()

    return run_steps


def forget_roster_file(job: jobs.Job) -> None:
    """Deletes a file that no import needs any more; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        imports_actions.forget_file(name)
        db.session.commit()


def forget_picture(job: jobs.Job) -> None:
    """Deletes the files of a picture that was replaced; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        members_actions.forget_picture(name)
        db.session.commit()


def forget_evidence(job: jobs.Job) -> None:
    """Deletes the file of evidence whose row is gone; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        claims_actions.forget_file(name)
        db.session.commit()


def forget_post_picture(job: jobs.Job) -> None:
    """Deletes the files of a picture whose post is gone; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        posts_actions.forget_post_picture(name)
        db.session.commit()


def look_for_dispute(job: jobs.Job) -> None:
    claims_actions.look_for_dispute(job.payload["participation"], job.payload.get("before"))


def write_terms(job: jobs.Job) -> None:
    rosters_actions.write_all_terms(job.payload["after"])


def drop_vouches(job: jobs.Job) -> None:
    for _ in claims_actions.drop_vouches(job.payload["participation"]):
        jobs.renew(job)
        db.session.commit()


def deliver(job: jobs.Job) -> None:
    """Writes a letter in its reader's language, from the world as it is now, and hands it to the mail server."""
    account = db.session.get(Account, job.payload["to"])
    if account is None or account.state == AccountState.CLOSED:
        return
    letter = write_letter(
        account, job.payload["template"], job.payload["facts"], reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}"
    )
    db.session.commit()  # no transaction stays open while a mail server thinks
    mail.transport(current_app.config["ALUMNI"].mail_url)(letter)


def promise_letters(job: jobs.Job) -> None:
    posts_actions.promise_letters(job.payload["announcement"])


def send_announcement(job: jobs.Job) -> None:
    """One letter of an announcement, unless its reader gets none any more."""
    found = posts_queries.find_letter(job.payload["announcement"], to=job.payload["to"])
    if found is None:
        return
    account, facts = found
    letter = write_letter(account, "posts/announced", facts, reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}")
    db.session.commit()  # no transaction stays open while a mail server thinks
    mail.transport(current_app.config["ALUMNI"].mail_url)(letter)


def invite(job: jobs.Job) -> None:
    """Writes to somebody on a roster who has no account. Tried again, the letter has the same link."""
    times = job.payload["times"]
    begun = rosters_actions.begin_letter(job.payload["entry"], times)
    if begun is None:
        return
    entry, invitation = begun
    secret = link_secret(signer().derive("invitation", f"{entry.key}|{times}")[0])
    invitation.digest = digest(secret)
    letter = compose(
        Reader(invitation.email, language_of(entry.country)),
        "rosters/invitation",
        {"secret": secret, **rosters_queries.facts_of_letter(entry.id)},
        reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}",
    )
    db.session.commit()  # the link opens before the letter is there
    try:
        mail.transport(current_app.config["ALUMNI"].mail_url)(letter)
    except mail.MailRefused:
        rosters_actions.note_letter(entry.id, times, came_back=True)
        db.session.commit()
        raise
    rosters_actions.note_letter(entry.id, times)


def write_letter(account: Account, template: str, facts: dict[str, object], *, reference: str) -> EmailMessage:
    """A letter to an account, whose links only its owner gets."""
    base_url = current_app.config["ALUMNI"].base_url
    links = {
        "confirm_url": lambda: f"{base_url}/confirm/{signer().sign('confirm', account.id)}",
        "reset_url": lambda: (
            f"{base_url}/password/reset/{signer().sign('reset', [account.id, reset_fingerprint(account)])}"
        ),
    }
    reader = Reader(account.email, account.language, account.zone)
    return compose(reader, template, links | facts, reference=reference)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for, with an account or without."""

    email: str
    language: str
    zone: str = "UTC"


def compose(reader: Reader, template: str, facts: dict[str, object], *, reference: str) -> EmailMessage:
    """A letter with a text and an HTML part made from one template: its first line is the subject."""
    config = current_app.config["ALUMNI"]
    with in_language(reader.language):
        written = render_template(f"emails/{template}.txt", base_url=config.base_url, zone=reader.zone, **facts)
        subject, _, body = written.strip().partition("\n")
        page = render_template(
            "emails/letter.html",
            subject=subject,
            paragraphs=paragraphs(body, config.base_url),
            language=reader.language,
        )
    letter = EmailMessage()
    letter["Subject"] = " ".join(subject.split())
    letter["From"] = config.mail_from
    letter["To"] = reader.email
    letter["Date"] = formatdate(usegmt=True)
    # The same job always has the same Message-ID, so a letter sent again after a crash is known as the same.
    letter["Message-ID"] = f"<{reference}@{parseaddr(config.mail_from)[1].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body.strip() + "\n")
    letter.add_alternative(page, subtype="html")
    return letter


def paragraphs(body: str, base_url: str) -> list[list[tuple[str, str]]]:
    """Paragraphs of lines of (kind, text), a line that is an address of ours being a link."""
    return [
        [("link" if line.startswith(f"{base_url}/") else "text", line) for line in block.splitlines()]
        for block in body.strip().split("\n\n")
    ]


RUNNERS = {
    "mail": deliver,
    rosters_actions.INVITE: invite,
    rosters_actions.WRITE_TERMS: write_terms,
    members_actions.REBUILD: rebuild,
    members_actions.FORGET_PICTURE: forget_picture,
    claims_actions.FORGET_EVIDENCE: forget_evidence,
    claims_actions.LOOK_FOR_DISPUTE: look_for_dispute,
    posts_actions.FORGET_POST_PICTURE: forget_post_picture,
    posts_actions.ANNOUNCE: promise_letters,
    posts_actions.SEND_ANNOUNCEMENT: send_announcement,
    claims_actions.DROP_VOUCHES: drop_vouches,
    event_actions.TELL_GOING: event_actions.tell_going,
    imports_actions.PREVIEW: in_steps(imports_actions.preview_import),
    imports_actions.COMPARE: in_steps(imports_actions.compare_rows),
    imports_actions.COMMIT: in_steps(imports_actions.commit_rows),
    imports_actions.UNDO: in_steps(imports_actions.undo_rows),
    imports_actions.FORGET_FILE: forget_roster_file,
}


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
            claims_actions.sweep_evidence()
            imports_actions.sweep_files()
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
