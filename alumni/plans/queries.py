"""Plans of a cohort, one of them with how it went, and the sums."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.accounts.queries import viewer_of
from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, GroupKind, Membership, MembershipState
from alumni.members.models import Audience, Listing
from alumni.plans import policy
from alumni.plans.models import MONTHS, CheckIn, Plan, Progress
from alumni.programmes.models import Programme

NEWEST = (Key(Plan.made_at, "made_at", True), Key(Plan.id, "id", True))
LEAST_SHOWN = 5  # fewer than that could be recognised
MOST_GROUPS = 500


def plans_of(viewer: Viewer, *, group_id: int | None = None, key: str = "") -> sa.Select[Any]:
    """Those that the viewer may read, with the name of who made them. Page it by `NEWEST`."""
    as_to_group = sa.and_(Listing.account_id == Plan.account_id, Listing.audience == Audience.GROUPS)
    select = (
        sa.select(
            *(Plan.id, Plan.key, Plan.title, Plan.what, Plan.for_whom, Plan.by_when, Plan.first_step, Plan.audience),
            *(Plan.made_at, Plan.updated_at, Listing.name, Listing.handle),
            *(Group.slug.label("group_slug"), Group.name.label("group_name")),
            policy.is_own(viewer).label("is_mine"),
        )
        .join(Group, Group.id == Plan.group_id)
        .outerjoin(Listing, as_to_group)
        .where(policy.visible_to(viewer))
    )
    if group_id is not None:
        select = select.where(Plan.group_id == group_id)
    return select.where(Plan.key == key) if key else select


def my_plan(viewer: Viewer, group_id: int) -> Plan | None:
    return db.session.scalar(sa.select(Plan).where(Plan.group_id == group_id, policy.is_own(viewer)))


def check_ins_of(plan_id: int) -> Sequence[CheckIn]:
    return db.session.scalars(sa.select(CheckIn).where(CheckIn.plan_id == plan_id).order_by(CheckIn.months)).all()


def months_of(text: str) -> int:
    """After how many months, as an address says it. Raises NotFound if nobody asks then."""
    if text not in {str(months) for months in MONTHS}:
        raise NotFound
    return int(text)


def due(now: datetime, limit: int) -> Sequence[tuple[CheckIn, Plan]]:
    """What is to be asked now, of people who are in their cohort's group still."""
    is_there = sa.and_(Membership.account_id == Plan.account_id, Membership.group_id == Plan.group_id)
    select = (
        sa.select(CheckIn, Plan)
        .join(Plan, Plan.id == CheckIn.plan_id)
        .join(Account, Account.id == Plan.account_id)
        .join(Membership, is_there)
        .where(
            CheckIn.asked_at.is_(None),
            CheckIn.answered_at.is_(None),
            CheckIn.due_at <= now,
            Account.state == AccountState.ACTIVE,
            Membership.state == MembershipState.ACTIVE,
        )
    )
    return [tuple(row) for row in db.session.execute(select.order_by(CheckIn.due_at).limit(limit))]


def holder_of(account_id: int) -> Viewer | None:
    """Who answers by the link of a letter: the account that it was written to, while it is active."""
    account = db.session.get(Account, account_id)
    return viewer_of(account) if account is not None and account.state == AccountState.ACTIVE else None


@dataclass(slots=True)
class Sum:
    """How many plans a cohort has, and how they went after so many months. None: too few to tell."""

    slug: str
    name: str
    plans: int | None
    progress: dict[int, dict[Progress, int] | None] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)


def sums(viewer: Viewer, *where: sa.ColumnElement[bool]) -> list[Sum]:
    """A sum for each cohort whose sums the viewer may see, by name; what few have said is left out."""
    plans = (
        sa.select(Group.id, Group.slug, Group.name, sa.func.count(Plan.id).label("plans"))
        .join(Plan, Plan.group_id == Group.id)
        .where(policy.summed_by(viewer), Group.kind == GroupKind.COHORT, *where)
        .group_by(Group.id)
        .order_by(Group.sort_key)
        .limit(MOST_GROUPS)
    )
    found = {row.id: Sum(row.slug, row.name, row.plans) for row in db.session.execute(plans)}
    said = (
        sa.select(Plan.group_id, CheckIn.months, CheckIn.progress, sa.func.count().label("people"))
        .join(Plan, Plan.id == CheckIn.plan_id)
        .where(Plan.group_id.in_(list(found)), CheckIn.progress.is_not(None))
        .group_by(Plan.group_id, CheckIn.months, CheckIn.progress)
    )
    counts: dict[tuple[int, int], dict[Progress, int]] = {}
    for row in db.session.execute(said) if found else ():
        counts.setdefault((row.group_id, row.months), {})[row.progress] = row.people
    for id, each in found.items():
        for months in MONTHS:
            said_so = counts.get((id, months), {})
            each.asked[months] = sum(said_so.values())
            each.progress[months] = said_so if sum(said_so.values()) >= LEAST_SHOWN else None
        each.plans = each.plans if (each.plans or 0) >= LEAST_SHOWN else None
    return list(found.values())


def of_programme(programme_id: int) -> sa.ColumnElement[bool]:
    """Clause on Group: a cohort of the programme, or of an edition of it."""
    editions = sa.select(Programme.id).where(Programme.parent_id == programme_id)
    return sa.or_(Group.programme_id == programme_id, Group.programme_id.in_(editions))
