"""The letters that somebody can read here."""

from typing import Any

import sqlalchemy as sa

from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.deliveries.models import KeptLetter
from alumni.mailing.policy import LETTERS

LATEST = (Key(KeptLetter.id, "id", descending=True),)
MOST_COUNTED = 100


def kept_letters(viewer: Viewer) -> sa.Select[Any]:
    """The viewer's own of the last month. Page them by `LATEST`."""
    columns = (KeptLetter.id, KeptLetter.key, KeptLetter.template, KeptLetter.facts, KeptLetter.written_at)
    select = sa.select(*columns, KeptLetter.seen_at.is_(None).label("is_new"))
    return select.where(KeptLetter.account_id == viewer.id, KeptLetter.template.in_(LETTERS))


def kept_letter(viewer: Viewer, key: str) -> sa.Select[Any]:
    """One of them."""
    return kept_letters(viewer).where(KeptLetter.key == key)


def new_letters(viewer: Viewer) -> sa.Label[int]:
    """Column: how many the viewer has not read, at most `MOST_COUNTED`."""
    mine = sa.select(KeptLetter.id).where(KeptLetter.account_id == viewer.id, KeptLetter.seen_at.is_(None))
    few = mine.limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(few).scalar_subquery().label("new_letters")
