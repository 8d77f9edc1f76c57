"""Mail: what a use case asks to be told, and the transport that carries it.

A use case calls `post` in its own transaction; the worker renders the letter in the reader's language and hands
it to a transport. Nothing is sent inside a request.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from alumni.core.jobs import Job, enqueue

Transport = Callable[[EmailMessage], None]


def post(template: str, *, to: int, due_at: datetime | None = None, **facts: Any) -> Job:
    """Promises the letter `templates/emails/<template>.txt` to the account with id `to`.

    `facts` must be plain JSON values: the letter is written when it is sent, from the world as it is then.
    """
    return enqueue("mail", due_at=due_at, template=template, to=to, facts=facts)


class MailServerAway(Exception):
    """The letter could not be handed over now. Try again."""


class MailRefused(Exception):
    """The server will never take this letter. `is_address`: because there is nobody at the address."""

    def __init__(self, why: str, *, is_address: bool = False) -> None:
        super().__init__(why)
        self.is_address = is_address


class NotNow(Exception):
    """The letter is to wait until a moment that suits its reader."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def transport(url: str) -> Transport:
    """`smtp://user:password@host:port`, `smtps://…`, `console:`, or `file:folder`."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return lambda letter: print(letter.as_string(), flush=True)
    if parts.scheme == "file":
        return lambda letter: _write(Path(parts.path), letter)
    if parts.scheme in ("smtp", "smtps"):
        return lambda letter: _send(letter, parts)
    raise ValueError(f"MAIL_URL: unknown scheme {parts.scheme!r}")


def _write(folder: Path, letter: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = letter["Message-ID"].strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(letter.as_bytes(policy=SMTP))


def _send(letter: EmailMessage, parts: Any) -> None:
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                parts.hostname, port, timeout=30, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(parts.hostname, port, timeout=30)
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(letter)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _is_permanent(error):
            raise MailRefused(str(error), is_address=isinstance(error, smtplib.SMTPRecipientsRefused)) from error
        raise MailServerAway(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        # A sender that is refused, a password that is wrong: our own settings, to be mended. The letter waits.
        raise MailServerAway(f"{type(error).__name__}: {error}") from error
    with suppress(OSError, smtplib.SMTPException):  # the letter is taken, whatever is said to goodbye
        server.quit()


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
