"""What is asked about consents."""

from typing import Any

import sqlalchemy as sa

from alumni.consents.models import GIVEN_AT_FIRST, MAIL, Ask, Consent
from alumni.core.db import db
from alumni.core.viewer import Viewer


def consents_of(viewer: Viewer) -> sa.Select[Any]:
    """All that the viewer has given and withdrawn, the newest first."""
    return sa.select(Consent).where(Consent.account_id == viewer.id).order_by(Consent.id.desc())


def find_last(account_id: int, ask: Ask) -> Consent | None:
    """What somebody said last."""
    said = sa.select(Consent).where(
        Consent.account_id == account_id, Consent.purpose == ask.purpose, Consent.recipient == ask.recipient
    )
    return db.session.scalar(said.order_by(Consent.id.desc()).limit(1))


def has_given(account_id: int, ask: Ask) -> bool:
    """Whether somebody agrees today: what they said last, or what holds for those who said nothing."""
    last = find_last(account_id, ask)
    return ask in GIVEN_AT_FIRST if last is None else last.is_given


def wants_letters(account_id: int) -> bool:
    """Whether letters may go to somebody besides those that an account cannot do without."""
    return has_given(account_id, MAIL)
