"""Addresses to which letters come back, and that work again."""

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.mailing import notices, policy
from alumni.mailing.models import Bounce

MOST_TIMES = 5  # that a letter may come back for a reason that passes by


def note_bounce(account_id: int, *, is_permanent: bool, status: str = "") -> None:
    """A letter came back. The address counts as not working at once, or after several times."""
    now = clock.now()
    bounce = db.session.scalar(sa.select(Bounce).where(Bounce.account_id == account_id).with_for_update())
    if bounce is None:
        bounce = Bounce(account_id=account_id, times=0)
        db.session.add(bounce)
    bounce.times, bounce.last_at, bounce.status = bounce.times + 1, now, status[:16]
    if bounce.bounced_at is None and (is_permanent or bounce.times >= MOST_TIMES):
        bounce.bounced_at = now
    db.session.flush()


def tell_address(*, actor: Viewer) -> None:
    """A letter to the actor's address, by whose link they say that it works."""
    require(policy.can_choose(actor), "owner")
    notices.ask_whether_it_works(actor.id)


def confirm_works(account: Account) -> None:
    """The letter was read: the address works."""
    gone = db.session.execute(sa.delete(Bounce).where(Bounce.account_id == account.id))
    if gone.rowcount:  # type: ignore[attr-defined]
        audit.record(Viewer(id=account.id), "account.address_works", f"account:{account.handle}")
