"""A letter of a template in its reader's language: a text part, an HTML part, and the event that it is about."""

import hmac
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from alumni.accounts.actions import reset_fingerprint
from alumni.accounts.models import Account
from alumni.core.jobs import Job
from alumni.core.tokens import paper_code
from alumni.events import calendars
from alumni.events import queries as events_queries
from alumni.mailing.models import Kind
from alumni.mailing.policy import LETTERS
from alumni.web.gate import signer
from alumni.web.i18n import in_language


def write_letter(account: Account, template: str, facts: dict[str, object], *, reference: str) -> EmailMessage:
    """A letter to an account, whose links only its owner gets."""
    base_url = current_app.config["ALUMNI"].base_url
    chosen = LETTERS[template]
    stop_url = stop_url_of(account, chosen.kind, str(facts.get("group_slug", ""))) if chosen.is_chosen else ""
    letter = compose(_reader(account), template, _links(account, facts) | facts, reference=reference, stop_url=stop_url)
    if stop_url:
        host = urlsplit(base_url).hostname or "localhost"
        letter["List-Id"] = f"<{chosen.kind.value}.letters.{host}>"
        letter["List-Unsubscribe"] = f"<{stop_url}>"  # RFC 8058: one tap in the mail program
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if method := TELLS_CALENDARS.get(template):
        attach_event(letter, account, str(facts["slug"]), method, is_series="series" in facts)
    return letter


def read_letter(account: Account, template: str, facts: dict[str, object]) -> tuple[str, list[list[tuple[str, str]]]]:
    """The same on a page of ours: subject, and paragraphs of lines of (kind, text)."""
    subject, body = _words(_reader(account), template, _links(account, facts) | facts)
    return subject, paragraphs(body, current_app.config["ALUMNI"].base_url)


def _reader(account: Account) -> "Reader":
    return Reader(account.email, account.language, account.zone)


def _links(account: Account, facts: dict[str, Any]) -> dict[str, Any]:
    base_url = current_app.config["ALUMNI"].base_url
    links: dict[str, Any] = {
        "answer_url": lambda: f"{base_url}/answer/{signer().sign('answer', [account.id, facts['slug']])}",
        "check_in_url": lambda: (
            f"{base_url}/plan/{signer().sign('check-in', [account.id, facts['plan'], facts['months']])}"
        ),
        "confirm_url": lambda: f"{base_url}/confirm/{signer().sign('confirm', account.id)}",
        "conversation_url": lambda: (
            f"{base_url}/messages/letter/{signer().sign('message', [account.id, facts['conversation']])}"
        ),
        "reset_url": lambda: (
            f"{base_url}/password/reset/{signer().sign('reset', [account.id, reset_fingerprint(account)])}"
        ),
    }
    return links | {
        "address_url": lambda: f"{base_url}/letters/address/{signer().sign('address', [account.id, account.email])}",
        "profile_url": lambda: f"{base_url}/letters/profile/{signer().sign('profile', account.id)}",
    }


def stop_url_of(account: Account, kind: Kind, group: str) -> str:
    """The address by which the owner of a letter stops those like it: of its kind, or of its group."""
    of_group = group if kind == Kind.NEWS else ""
    token = signer().sign("stop-letters", [account.handle, kind.value, of_group])
    return f"{current_app.config['ALUMNI'].base_url}/letters/stop/{token}"


def reference_of(job: Job, account: Account) -> str:
    """What the Message-ID begins with: always the same for a job. When the letter comes back, it says whose it was."""
    what = f"{job.id}.{job.created_at:%Y%m%d%H%M%S}.{account.handle}"
    return f"{what}.{paper_code(signer().derive('reference', what)[0])}"


def owner_of_reference(reference: str) -> str | None:
    """Whose letter it was; None for a reference that is not ours."""
    what, _, code = reference.rpartition(".")
    codes = [paper_code(derived) for derived in signer().derive("reference", what)]
    return (
        what.rpartition(".")[2] if any(hmac.compare_digest(code.encode(), known.encode()) for known in codes) else None
    )


# Letters that bring the event along, so that a calendar that has it takes the change: RFC 6047.
TELLS_CALENDARS = {
    "events/changed": "REQUEST",
    "events/cancelled": "CANCEL",
    "events/seat": "REQUEST",
    "events/series_changed": "REQUEST",
    "events/series_cancelled": "CANCEL",
}


def attach_event(letter: EmailMessage, account: Account, slug: str, method: str, *, is_series: bool) -> None:
    """The event as it is now, once for mail programs that read it and once as a file for those that do not.

    Of a series those of its dates from this one on to which the reader comes.
    """
    rows = events_queries.events_of_letter(slug, account, is_series=is_series)
    if not rows:
        return
    with in_language(account.language):
        written = calendars.write(rows, method=method, to=account.email)
    letter.add_alternative(written.decode(), subtype="calendar", params={"method": method})
    letter.add_attachment(written, maintype="application", subtype="ics", filename="event.ics")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for, with an account or without."""

    email: str
    language: str
    zone: str = "UTC"


def compose(
    reader: Reader, template: str, facts: dict[str, object], *, reference: str, stop_url: str = ""
) -> EmailMessage:
    """A letter with a text and an HTML part made from one template: its first line is the subject."""
    config = current_app.config["ALUMNI"]
    with in_language(reader.language):
        subject, body = _words(reader, template, facts)
        if stop_url:
            body = f"{body.rstrip()}\n\n{render_template('emails/stop.txt', base_url=config.base_url, url=stop_url)}"
        page = render_template(
            "emails/letter.html",
            subject=subject,
            paragraphs=paragraphs(body, config.base_url),
            language=reader.language,
        )
    letter = EmailMessage()
    letter["Subject"] = subject
    letter["From"] = config.mail_from
    letter["To"] = reader.email
    letter["Date"] = formatdate(usegmt=True)
    # The same job always has the same Message-ID, so a letter sent again after a crash is known as the same.
    letter["Message-ID"] = f"<{reference}@{parseaddr(config.mail_from)[1].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body.strip() + "\n")
    letter.add_alternative(page, subtype="html")
    return letter


def _words(reader: Reader, template: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Subject and text."""
    base_url = current_app.config["ALUMNI"].base_url
    written = render_template(f"emails/{template}.txt", base_url=base_url, zone=reader.zone, **facts)
    subject, _, body = written.strip().partition("\n")
    return " ".join(subject.split()), body


def paragraphs(body: str, base_url: str) -> list[list[tuple[str, str]]]:
    """Paragraphs of lines of (kind, text), a line that is an address of ours being a link."""
    return [
        [("link" if line.startswith(f"{base_url}/") else "text", line) for line in block.splitlines()]
        for block in body.strip().split("\n\n")
    ]
