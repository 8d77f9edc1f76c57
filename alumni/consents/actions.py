"""Giving and withdrawing."""

from alumni.consents import queries
from alumni.consents.models import VERSIONS, Ask, Consent
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import Viewer


def note_consent(actor: Viewer, ask: Ask, *, is_given: bool, language: str = "") -> bool:
    """Writes down what the actor says to the words of today. Saying it again writes nothing: true if new."""
    require(actor.is_authenticated, "owner")
    last = queries.find_last(actor.id, ask)
    if last is not None and last.is_given == is_given and last.version == VERSIONS[ask]:
        return False
    if last is None and not is_given and not queries.has_given(actor.id, ask):
        return False
    row = {"account_id": actor.id, "purpose": ask.purpose, "recipient": ask.recipient, "is_given": is_given}
    db.session.add(Consent(**row, version=VERSIONS[ask], language=language or actor.language))
    db.session.flush()
    return True
