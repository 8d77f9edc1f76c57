"""Addresses that people enter: what a link to somewhere else may be."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask_babel import gettext
from wtforms.validators import StopValidation

from alumni.web.forms import LineField

LONGEST = 500


def is_link(text: str) -> bool:
    """An address of the web, with nothing before its host that could be taken for it."""
    try:
        parts = urlsplit(text)
        host, is_plain = parts.hostname or "", parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_plain and "." in host.strip(".") and " " not in text


def whole_link(text: str) -> str:
    """The address with its beginning: one without gets https://."""
    return text if ":" in text or not text else f"https://{text}"


class LinkField(LineField):
    """The address of a page, or nothing."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, longest=LONGEST, **kwargs)

    def process_formdata(self, values: Sequence[str]) -> None:
        super().process_formdata(values)
        self.data = whole_link(self.data or "")

    def pre_validate(self, form: wtforms.Form) -> None:
        super().pre_validate(form)
        if self.data and not is_link(self.data):
            raise StopValidation(gettext("Enter an address like https://example.org/talk."))
