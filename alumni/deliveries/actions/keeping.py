"""Letters that can be read here as well, for a month; so whom they name is named no longer than they can be erased."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.deliveries import queries
from alumni.deliveries.models import KeptLetter
from alumni.deliveries.queries.letters import Facts
from alumni.mailing import policy

KEPT_FOR = timedelta(days=30)  # no longer than the way back of who closes their account


def keep_letter(account: Account, template: str, given: Facts, *, reference: str, now: datetime) -> bool:
    """Whatever becomes of the mail, its reader finds the letter here. True when it was not there before."""
    is_reader = account.state in (AccountState.ACTIVE, AccountState.SUSPENDED)
    if not is_reader or not policy.is_kept(template) or not queries.wants_at_all(account.id, template, given):
        return False
    letter = {"account_id": account.id, "reference": reference, "template": template, "facts": given}
    return insert_or_ignore(KeptLetter, letter | {"key": new_key(), "written_at": now})


def see_letter(*, actor: Viewer, key: str) -> None:
    """The actor has read one. Twice does no harm."""
    _see(actor, KeptLetter.key == key)


def see_all_letters(*, actor: Viewer) -> None:
    _see(actor)


def _see(actor: Viewer, *which: sa.ColumnElement[bool]) -> None:
    mine = sa.update(KeptLetter).where(KeptLetter.account_id == actor.id, KeptLetter.seen_at.is_(None), *which)
    db.session.execute(mine.values(seen_at=clock.now()).execution_options(synchronize_session=False))


def forget_letters(now: datetime) -> int:
    """What was written a month ago is gone."""
    old = sa.delete(KeptLetter).where(KeptLetter.written_at <= now - KEPT_FOR)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]
