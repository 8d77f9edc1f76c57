"""What the page and the API share: letters as their reader may read them now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import UndefinedError

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.deliveries import queries
from alumni.letters import read_letter


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter in words."""

    key: str
    written_at: datetime
    is_new: bool
    subject: str
    paragraphs: list[list[tuple[str, str]]]


def open_letters(viewer: Viewer, rows: Iterable[Any]) -> list[Opened]:
    """Each in the words of today. What is about a thing that the reader may not see any more is left out."""
    account = db.session.get_one(Account, viewer.id)
    opened = []
    for row in rows:
        facts = queries.facts_seen_by(account, row.template, row.facts)
        words = None if facts is None else _words(account, row.template, facts)
        if words is not None:
            opened.append(Opened(row.key, row.written_at, row.is_new, *words))
    return opened


def _words(account: Account, template: str, facts: dict[str, Any]) -> Any:
    """None for a letter of an earlier release whose facts are not what its template asks for today."""
    try:
        return read_letter(account, template, facts)
    except UndefinedError:
        return None
