"""What mail servers say of letters that did not arrive: RFC 3464, read by the standard library alone."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import default

MOST_BYTES = 1024 * 1024
_GONE = re.compile(
    r"5\.(1\.\d+|2\.1|4\.4)"
)  # no such mailbox or domain, a mailbox that is closed; not one that is full
_REFERENCE = re.compile(r"<([^<>@\s]{1,200})@[^<>@\s]+>")
_STATUS = re.compile(r"\d\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class CameBack:
    """A letter that did not arrive: the first part of its Message-ID, and why."""

    reference: str
    status: str  # 5.1.1

    @property
    def is_permanent(self) -> bool:
        return _GONE.fullmatch(self.status) is not None


def read_report(raw: bytes) -> CameBack | None:
    """None for anything else than a report of a failure that names one of our letters."""
    try:
        report = email.message_from_bytes(raw[:MOST_BYTES], policy=default)
        if report.get_content_type() != "multipart/report":
            return None
        status, reference = "", ""
        for part in report.walk():
            kind = part.get_content_type()
            if kind == "message/delivery-status":
                status = status or _status_of(part)
            elif kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
                reference = reference or _reference_in(part)
    except (LookupError, ValueError, TypeError, AttributeError):  # of mail that nobody's program should have written
        return None
    return CameBack(reference, status) if status and reference else None


def _status_of(part: Message | EmailMessage) -> str:
    """Of the first receiver whose letter failed for good; nothing of one that is only late."""
    for fields in part.get_payload() or ():
        if isinstance(fields, Message) and str(fields.get("Action", "")).strip().lower() == "failed":
            found = _STATUS.search(str(fields.get("Status", "")))
            return found.group() if found else "5.0.0"
    return ""


def _reference_in(part: Message | EmailMessage) -> str:
    payload = part.get_payload()
    first = payload[0] if isinstance(payload, list) and payload else None
    letter = first if isinstance(first, Message) else email.message_from_string(str(payload))
    found = _REFERENCE.search(str(letter.get("Message-ID", "")))
    return found.group(1) if found else ""
