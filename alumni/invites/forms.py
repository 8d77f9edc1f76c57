"""Addresses that somebody pastes, and how long a link lives."""

import re
from email.utils import parseaddr
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.accounts.actions import normalise_email
from alumni.core.errors import Invalid
from alumni.web.forms import BaseForm, BlockField, WholeNumberField

MOST_ADDRESSES = 500
MOST_NAMED = 10  # broken ones, in the error
LONGEST_PASTE = 2_000_000  # letters: what is far too long is still counted, and told


class InviteForm(BaseForm):
    addresses = BlockField(
        _l("E-mail addresses"),
        longest=LONGEST_PASTE,
        needed=_l("Enter at least one e-mail address."),
        hint=_l("One a line. A column from a spreadsheet, or addresses with names before them, is fine."),
    )
    words = BlockField(_l("A few words of yours"), longest=500, hint=_l("They stand in the letter."))
    emails: list[str]

    def validate_addresses(self, field: Any) -> None:
        """All that is pasted, or nothing: what is broken is named by its line."""
        self.emails, broken = read_addresses(field.data or "")
        if broken:
            named = ", ".join(
                gettext("line %(line)s: %(text)s", line=line, text=text) for line, text in broken[:MOST_NAMED]
            )
            raise StopValidation(
                gettext(
                    "%(count)s of these are no e-mail addresses: %(named)s. Correct them, and send all at once.",
                    count=len(broken),
                    named=named,
                )
            )
        if len(self.emails) > MOST_ADDRESSES:
            raise StopValidation(
                gettext(
                    "These are %(count)s addresses. Send at most %(most)s at a time.",
                    count=len(self.emails),
                    most=MOST_ADDRESSES,
                )
            )


def read_addresses(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The addresses of a pasted list, each once, in their order; and what is none, with its line."""
    found: dict[str, None] = {}
    broken: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        for piece in filter(None, map(str.strip, re.split(r"[;,\t]", line))):
            try:
                found[normalise_email(parseaddr(piece)[1] if "<" in piece else piece)] = None
            except Invalid:
                broken.append((number, piece[:60]))
    return list(found), broken


class LinkForm(BaseForm):
    days = WholeNumberField(_l("How many days does it work?"), least=1, most=30, default=7)
    uses = WholeNumberField(_l("For how many people?"), least=1, most=500, default=20)

    def validate_days(self, field: Any) -> None:
        _needed(field)

    def validate_uses(self, field: Any) -> None:
        _needed(field)


def _needed(field: Any) -> None:
    if field.data is None:
        raise StopValidation(gettext("Enter a number."))
