"""How a program that sends a token becomes a viewer."""

from alumni.accounts.queries import viewer_of
from alumni.core import clock
from alumni.core.db import db, intend
from alumni.core.viewer import Viewer
from alumni.tokens import actions, queries


def find_bearer(secret: str) -> tuple[Viewer, frozenset[str]] | None:
    """Whose token it is and what it is for. Its first use on a day is written down; all others read one row."""
    row = queries.find_holder(secret)
    if row is None:
        return None
    today = clock.now().date().isoformat()
    if row.used_on != today:
        intend(to_write=True)
        actions.note_use(row.token_id, today)
        db.session.commit()
    return viewer_of(row), frozenset(row.scopes.split())
