"""The secret address of one's own calendar."""

import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db, upsert
from alumni.core.errors import require
from alumni.core.tokens import digest, new_secret
from alumni.core.viewer import Viewer
from alumni.events.models import CalendarFeed


def make_feed(actor: Viewer) -> str:
    """A new secret, which is told this once. The one before opens nothing any more."""
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    secret = new_secret()
    upsert(
        CalendarFeed,
        [{"account_id": actor.id, "digest": digest(secret), "made_at": clock.now()}],
        key=("account_id",),
    )
    return secret


def end_feed(actor: Viewer) -> None:
    """The address opens nothing any more. Ending it twice does no harm."""
    require(actor.is_authenticated, "owner")
    db.session.execute(sa.delete(CalendarFeed).where(CalendarFeed.account_id == actor.id))
