"""Writing a plan, asking how it goes, saying so."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.plans import notices, policy, queries
from alumni.plans.models import MONTHS, CheckIn, Plan, PlanAudience, Progress

CHUNK = 200


@dataclass(frozen=True, slots=True)
class PlanDraft:
    title: str
    what: str = ""
    for_whom: str = ""
    by_when: str = ""
    first_step: str = ""
    audience: PlanAudience = PlanAudience.GROUP


def write_plan(*, actor: Viewer, group: Group, draft: PlanDraft) -> Plan:
    """The actor's plan in their cohort, made or changed. When it is asked after goes by when it was made."""
    membership = groups_queries.find_membership(actor.id, group)
    require(policy.can_plan(actor, group, state=membership.state if membership else None), "insider")
    groups_actions.require_open(group)
    now = clock.now()
    made = {"group_id": group.id, "account_id": actor.id, "key": new_key(), "made_at": now, "updated_at": now}
    insert_or_ignore(Plan, made | asdict(draft))
    plan = db.session.scalars(
        sa.select(Plan).where(Plan.group_id == group.id, policy.is_own(actor)).with_for_update()
    ).one()
    for name, value in asdict(draft).items():
        setattr(plan, name, value)
    plan.updated_at = now
    for months in MONTHS:
        insert_or_ignore(CheckIn, {"plan_id": plan.id, "months": months, "due_at": _later(plan.made_at, months)})
    db.session.flush()
    return plan


def _later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def remove_plan(*, actor: Viewer, key: str) -> None:
    """The actor's plan is gone, with what was said of it."""
    plan = _own(actor, key)
    db.session.delete(plan)
    db.session.flush()


def say_how_it_goes(*, actor: Viewer, key: str, months: int, progress: Progress, words: str) -> Plan:
    """What the actor says of their plan after so many months; said again, the later word counts."""
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    plan = _own(actor, key)
    said = sa.update(CheckIn).where(CheckIn.plan_id == plan.id, CheckIn.months == months)
    values = {"progress": progress, "words": words, "answered_at": clock.now()}
    if not db.session.execute(said.values(**values).execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    return plan


def _own(actor: Viewer, key: str) -> Plan:
    plan = db.session.scalar(sa.select(Plan).where(Plan.key == key, policy.is_own(actor)).with_for_update())
    if plan is None or not actor.is_authenticated:
        raise NotFound
    return plan


def ask_how_it_goes(now: datetime) -> Iterator[int]:
    """Writes to those whose plan is three or twelve months old. Yields account ids; harmless when run again."""
    while found := queries.due(now, CHUNK):
        for check_in, plan in found:
            check_in.asked_at = now
            notices.ask_how_it_goes(plan, check_in.months)
            db.session.flush()
            yield plan.account_id
