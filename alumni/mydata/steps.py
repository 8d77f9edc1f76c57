"""What the page and the API do alike."""

from collections.abc import Sequence

from alumni.consents.models import DIRECTORY, GIVEN_AT_FIRST, VERSIONS, Ask, Consent
from alumni.core.db import db
from alumni.members import queries as members_queries
from alumni.mydata import actions
from alumni.web.gate import me
from alumni.web.i18n import lang


def ask_for_export() -> str:
    """A copy is promised. A try that is refused counts as well."""
    try:
        actions.count_export(me())
    finally:
        db.session.commit()
    key = actions.ask_for_export(me(), language=lang())
    db.session.commit()
    return key


def standing_of(history: Sequence[Consent]) -> dict[Ask, tuple[bool, Consent | None]]:
    """For each ask whether it is given today, and when that was said; `history` begins with the newest."""
    last: dict[Ask, Consent] = {}
    for consent in history:
        last.setdefault(consent.ask, consent)
    standing = {}
    for ask in VERSIONS:
        said = last.get(ask)
        standing[ask] = (said.is_given if said else ask in GIVEN_AT_FIRST, said)
    member = members_queries.find_member(me())
    if member is not None:  # what the profile says is what counts
        standing[DIRECTORY] = (member.is_listed, standing[DIRECTORY][1])
    return standing
