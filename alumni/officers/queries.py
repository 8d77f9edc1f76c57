"""What is asked of mandates."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.ready import today
from alumni.core.viewer import Viewer
from alumni.officers import policy
from alumni.officers.models import Mandate, MandateProgramme
from alumni.programmes.models import Programme

ENDING_FIRST = (Key(Mandate.ends_on, "ends_on"), Key(Mandate.id, "id"))
ENDED_LAST = (Key(Mandate.ends_on, "ends_on", descending=True), Key(Mandate.id, "id", descending=True))
WARNING = timedelta(days=60)  # before the last day


def _mandates() -> sa.Select[Any]:
    return sa.select(
        Mandate.id,
        Mandate.key,
        Mandate.agency,
        Mandate.country,
        Mandate.starts_on,
        Mandate.ends_on,
        Mandate.ended_at,
        Mandate.end_reason,
        policy.runs().label("is_running"),
        sa.and_(policy.not_over(), Mandate.starts_on > today()).label("is_to_come"),
        Account.email,
        Account.handle,
    ).join(Account, Account.id == Mandate.account_id)


def mandates(viewer: Viewer, *, are_over: bool = False) -> sa.Select[Any]:
    """Mandates that run or will, or those that are over, for whoever grants them."""
    if not policy.can_grant(viewer):
        return _mandates().where(sa.false())
    return _mandates().where(sa.not_(policy.not_over()) if are_over else policy.not_over())


def mandate(viewer: Viewer, key: str) -> sa.Select[Any]:
    """One of them, over or not."""
    return _mandates().where(Mandate.key == key, sa.true() if policy.can_grant(viewer) else sa.false())


def mandates_of(viewer: Viewer) -> sa.Select[Any]:
    """The viewer's own, the last to end first."""
    return _mandates().where(Mandate.account_id == viewer.id)


def find_programmes(mandate_ids: Iterable[int]) -> dict[int, list[Any]]:
    """The programmes that each of these mandates names: slug and short name. None for one that is for all."""
    rows = db.session.execute(
        sa.select(MandateProgramme.mandate_id, Programme.slug, Programme.short)
        .join(Programme, Programme.id == MandateProgramme.programme_id)
        .where(MandateProgramme.mandate_id.in_(list(mandate_ids)))
        .order_by(Programme.short, Programme.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.mandate_id].append(row)
    return found


def has_another(mandate: Mandate) -> bool:
    """Whether the same officer holds a further mandate that runs, or will."""
    other = sa.exists().where(Mandate.account_id == mandate.account_id, Mandate.id != mandate.id, policy.not_over())
    return bool(db.session.scalar(sa.select(other)))


def running_out(now: datetime) -> sa.Select[Any]:
    """Mandates that end within sixty days and whose officers have not been told so."""
    until = (now + WARNING).date().isoformat()
    return sa.select(Mandate).where(policy.runs(), Mandate.ends_on <= until, Mandate.warned_at.is_(None))


def out_of_office() -> sa.Select[Any]:
    """Ids of accounts that still count as officers and have no term that runs, or will."""
    holds = sa.exists().where(Mandate.account_id == Account.id, policy.not_over())
    return sa.select(Account.id).where(Account.holds_office, ~holds)
