"""What each kind of job does."""

from collections.abc import Callable, Iterator

from flask import current_app, render_template

from alumni.accounts import actions as accounts_actions
from alumni.accounts import queries as accounts_queries
from alumni.accounts.models import Account
from alumni.attendance import actions as attendance_actions
from alumni.circulars import actions as circulars_actions
from alumni.circulars import queries as circulars_queries
from alumni.claims import actions as claims_actions
from alumni.core import clock, jobs, mail
from alumni.core.db import db, give_way, reading
from alumni.core.tokens import digest, link_secret
from alumni.deliveries import actions as deliveries_actions
from alumni.elections import actions as elections_actions
from alumni.events import actions as event_actions
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group
from alumni.imports import actions as imports_actions
from alumni.invites import actions as invites_actions
from alumni.invites import queries as invites_queries
from alumni.letters import Reader, compose, reference_of, write_letter
from alumni.mailing import actions as mailing_actions
from alumni.members import actions as members_actions
from alumni.mydata import actions as mydata_actions
from alumni.posts import actions as posts_actions
from alumni.posts import queries as posts_queries
from alumni.reports import actions as reports_actions
from alumni.rosters import actions as rosters_actions
from alumni.rosters import queries as rosters_queries
from alumni.visitors import actions as visitors_actions
from alumni.visitors import queries as visitors_queries
from alumni.web.gate import signer
from alumni.web.i18n import in_language, language_of


def follow_rules(job: jobs.Job) -> None:
    """Whoever lives somewhere else now comes into the groups whose rule that fulfils, and leaves others."""
    groups_actions.follow_rules_of(job.payload["account_id"])


def follow_rule(job: jobs.Job) -> None:
    """Everybody who fulfils the rule of a group comes in, a few hundred at a time."""
    for _ in groups_actions.follow_rule_of(job.payload["group"]):
        jobs.renew(job)
        db.session.commit()
        give_way()


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


def forget_reply_file(job: jobs.Job) -> None:
    """Deletes the file of a reply whose row is gone; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        attendance_actions.forget_reply_file(name)
        db.session.commit()


def forget_post_picture(job: jobs.Job) -> None:
    """Deletes the files of a picture whose post is gone; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        posts_actions.forget_post_picture(name)
        db.session.commit()


def forget_report_picture(job: jobs.Job) -> None:
    """Deletes the files of a picture that a report has no more; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        reports_actions.forget_report_picture(name)
        db.session.commit()


def ask_how_it_was(job: jobs.Job) -> None:
    """Writes to those who came to an event, a few hundred at a time."""
    while reports_actions.ask_next(job.payload["event"]):
        jobs.renew(job)
        db.session.commit()
        give_way()


def look_for_dispute(job: jobs.Job) -> None:
    claims_actions.look_for_dispute(job.payload["participation"], job.payload.get("before"))


def write_terms(job: jobs.Job) -> None:
    for _ in rosters_actions.write_terms_between(**job.payload):
        jobs.renew(job)
        db.session.commit()
        give_way()


def drop_vouches(job: jobs.Job) -> None:
    for _ in claims_actions.drop_vouches(job.payload["participation"]):
        jobs.renew(job)
        db.session.commit()


def deliver(job: jobs.Job) -> None:
    """Writes a letter in its reader's language, from the world as it is now, and hands it to the mail server."""
    account = db.session.get(Account, job.payload["to"])
    if account is not None:
        send(job, account, job.payload["template"], job.payload["facts"])


def send(job: jobs.Job, account: Account, template: str, given: dict[str, object]) -> bool:
    """Sends a letter, if its reader may get it and wants it now. To be read here it is there at once.

    False when it is not to be sent.
    """
    reference = f"{job.id}.{job.created_at:%Y%m%d%H%M%S}"
    if deliveries_actions.keep_letter(account, template, given, reference=reference, now=clock.now()):
        db.session.commit()
    facts = deliveries_actions.prepare(account, template, given, job_id=job.id, now=clock.now())
    if facts is None:
        return False
    account_id = account.id
    letter = write_letter(account, template, facts, reference=reference_of(job, account))
    db.session.commit()  # no transaction stays open while a mail server thinks
    try:
        mail.transport(current_app.config["ALUMNI"].mail_url)(letter)
    except mail.MailRefused as refused:
        mailing_actions.note_bounce(account_id, is_permanent=refused.is_address, status="refused")
        db.session.commit()
        raise
    return True


def tell_voters(job: jobs.Job) -> None:
    elections_actions.tell_voters(job.payload["election"])


def promise_letters(job: jobs.Job) -> None:
    posts_actions.promise_letters(job.payload["announcement"])


def send_announcement(job: jobs.Job) -> None:
    """One letter of an announcement, unless its reader gets none any more."""
    found = posts_queries.find_letter(job.payload["announcement"], to=job.payload["to"])
    if found is None:
        return
    account, facts = found
    send(job, account, "posts/announced", facts)


def promise_circular(job: jobs.Job) -> None:
    circulars_actions.promise_letters(job.payload["circular"])


def send_circular(job: jobs.Job) -> None:
    """One letter of a circular, unless its reader gets none any more; no more than a few in a day."""
    circular, to = job.payload["circular"], job.payload["to"]
    found = circulars_queries.find_letter(circular, to=to)
    if found is None:
        return
    circulars_actions.wait_for_turn(to)
    account, facts = found
    if send(job, account, "circulars/letter", facts):
        circulars_actions.note_sent(circular, to)


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


def invite_to_group(job: jobs.Job) -> None:
    """Writes an invitation to a group, unless nobody is to write to that address. Tried again, the link is the same."""
    invitation = invites_actions.begin_letter(job.payload["invitation"], job.payload["times"])
    if invitation is None:
        return
    secret = link_secret(signer().derive("group-invitation", f"{invitation.key}|{invitation.times}")[0])
    invitation.digest = digest(secret)
    reader = invites_queries.find_account(invitation.email)
    inviter = db.session.get_one(Account, invitation.by_id)
    group = db.session.get_one(Group, invitation.group_id)
    facts: dict[str, object] = {
        "secret": secret,
        "group": group.name,
        "by_name": invites_queries.name_of(inviter.id),
        "words": invitation.words,
        "expires_on": invitation.expires_at.date().isoformat(),
    }
    letter = compose(
        Reader(invitation.email, (reader or inviter).language),
        "invites/invitation",
        facts,
        reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}",
    )
    db.session.commit()  # the link opens before the letter is there
    mail.transport(current_app.config["ALUMNI"].mail_url)(letter)


def export_data(job: jobs.Job) -> None:
    """A copy of everything about somebody; no writer waits while it is packed."""
    key = job.payload["export"]
    db.session.commit()
    with reading():
        export = mydata_actions.find_export(key)
        contents = mydata_actions.collect(export) if export is not None else None
        language = export.language if export is not None else ""
        db.session.rollback()
    if contents is None:
        return
    with in_language(language):
        readme = render_template("mydata/readme.txt", contents=contents, at=clock.now())
    file = mydata_actions.write_export(contents, readme=readme)
    mydata_actions.finish_export(key, file)


def forget_export(job: jobs.Job) -> None:
    """Deletes a copy that nobody can fetch any more; no writer waits for the store."""
    name = job.payload["name"]
    db.session.commit()
    with reading():
        mydata_actions.forget_export_file(name)
        db.session.commit()


def tell_going(job: jobs.Job) -> None:
    """Each who comes to an event, with an account or without: letters and the end of the job are one transaction."""
    event_actions.tell_going(job)
    visitors_actions.tell_visitors(job)


def write_to_visitor(job: jobs.Job) -> None:
    """A letter to somebody without an account, unless they were forgotten meanwhile."""
    visitor = visitors_queries.find_visitor(key=job.payload["visitor"])
    if visitor is None:
        return
    base_url = current_app.config["ALUMNI"].base_url
    links = {"answer_url": lambda: f"{base_url}/visit/{signer().sign('visit', visitor.key)}"}
    letter = compose(
        Reader(visitor.email, visitor.language),
        job.payload["template"],
        links | job.payload["facts"],
        reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}",
    )
    mail.transport(current_app.config["ALUMNI"].mail_url)(letter)


def write_to_address(job: jobs.Job) -> None:
    """A letter of a change of address: to the new one, not proved yet, or to the old one, which counts no more.

    Nothing goes to one that was asked for and given up meanwhile.
    """
    change = accounts_queries.find_change(job.payload["change"])
    account = db.session.get(Account, change.account_id) if change is not None else None
    if change is None or account is None or change.undone_at is not None:
        return
    is_new = job.payload["is_new"]
    purpose, path = ("new-address", "address") if is_new else ("old-address", "address/back")
    base_url = current_app.config["ALUMNI"].base_url
    letter = compose(
        Reader(change.new_email if is_new else change.old_email, account.language, account.zone),
        "accounts/new_address" if is_new else "accounts/old_address",
        {"url": f"{base_url}/{path}/{signer().sign(purpose, change.id)}"},
        reference=f"{job.id}.{job.created_at:%Y%m%d%H%M%S}",
    )
    db.session.commit()  # no transaction stays open while a mail server thinks
    mail.transport(current_app.config["ALUMNI"].mail_url)(letter)


RUNNERS = {
    "mail": deliver,
    accounts_actions.TO_ADDRESS: write_to_address,
    rosters_actions.INVITE: invite,
    invites_actions.INVITE: invite_to_group,
    rosters_actions.WRITE_TERMS: write_terms,
    members_actions.REBUILD: rebuild,
    members_actions.RESIDENCE_CHANGED: follow_rules,
    groups_actions.FOLLOW_RULE: follow_rule,
    members_actions.FORGET_PICTURE: forget_picture,
    claims_actions.FORGET_EVIDENCE: forget_evidence,
    attendance_actions.FORGET_REPLY_FILE: forget_reply_file,
    claims_actions.LOOK_FOR_DISPUTE: look_for_dispute,
    posts_actions.FORGET_POST_PICTURE: forget_post_picture,
    reports_actions.FORGET_REPORT_PICTURE: forget_report_picture,
    reports_actions.ASK: ask_how_it_was,
    posts_actions.ANNOUNCE: promise_letters,
    elections_actions.TELL_VOTERS: tell_voters,
    posts_actions.SEND_ANNOUNCEMENT: send_announcement,
    circulars_actions.SEND: promise_circular,
    circulars_actions.LETTER: send_circular,
    claims_actions.DROP_VOUCHES: drop_vouches,
    posts_actions.TELL_OF_POST: deliveries_actions.tell_next,
    event_actions.TELL_OF_EVENT: deliveries_actions.tell_next,
    event_actions.TELL_GOING: tell_going,
    visitors_actions.LETTER: write_to_visitor,
    mydata_actions.EXPORT: export_data,
    mydata_actions.FORGET_EXPORT: forget_export,
    imports_actions.PREVIEW: in_steps(imports_actions.preview_import),
    imports_actions.COMPARE: in_steps(imports_actions.compare_rows),
    imports_actions.COMMIT: in_steps(imports_actions.commit_rows),
    imports_actions.UNDO: in_steps(imports_actions.undo_rows),
    imports_actions.FORGET_FILE: forget_roster_file,
}
