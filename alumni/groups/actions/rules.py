"""Who comes into a group by itself: everybody who fulfils what it asks, and nobody whom it was once enough of.

Whoever has left, was removed, or asked and was not let in has a row in the group and is not put back.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db, insert_or_ignore, there_is
from alumni.groups import policy
from alumni.groups.actions.passage import count, hold
from alumni.groups.models import Group, Membership, MembershipState, Tenure
from alumni.members.models import Member

FOLLOW_RULE = "follow rule of group"  # the kind of the job
CHUNK = 500


def follow_rules_of(account_id: int) -> None:
    """Brings somebody whose standing or residence changed into the groups whose rule they fulfil, and out of others."""
    wanted = _open_by_itself().where(policy.fulfils(account_id), sa.not_(_is_known(account_id)))
    for group in db.session.scalars(wanted.order_by(Group.id)).all():
        hold(group)
        _let_in(group, [account_id])
    lost = (
        sa.select(Group)
        .join(Membership, sa.and_(Membership.group_id == Group.id, Membership.account_id == account_id))
        .where(_goes(account_id))
    )
    for group in db.session.scalars(lost.order_by(Group.id)).all():
        hold(group)
        _let_go(group, [account_id])


def follow_rule_of(group_id: int) -> Iterator[int]:
    """The same for everybody, after the rule of a group was made or changed. Yields how many a chunk has moved."""
    for window in _windows():
        group = _held(group_id)
        here = sa.select(Group.id).where(Group.id == group_id, policy.is_open(), Group.admits_by_itself.is_(True))
        new = sa.select(Member.account_id).join(Account, Account.id == Member.account_id)
        new = new.where(
            Member.account_id.between(*window),
            sa.not_(Account.is_suspended),
            sa.not_(there_is(Membership, Membership.group_id == group_id, Membership.account_id == Member.account_id)),
            here.where(policy.fulfils(Member.account_id)).correlate(Member).exists(),
        )
        ids = list(db.session.scalars(new))
        _let_in(group, ids)
        gone = sa.select(Membership.account_id).join(Group, Group.id == Membership.group_id)
        gone = gone.where(Group.id == group_id, Membership.account_id.between(*window), _goes(Membership.account_id))
        out = list(db.session.scalars(gone))
        _let_go(group, out)
        yield len(ids) + len(out)


def _windows() -> Iterator[tuple[int, int]]:
    """The ids of all members, so many at a time: while a chunk is looked at, the group is held."""
    every, last = sa.select(Member.account_id).order_by(Member.account_id).limit(CHUNK), 0
    while ids := db.session.scalars(every.where(Member.account_id > last)).all():
        last = ids[-1]
        yield ids[0], last


def _open_by_itself() -> sa.Select[tuple[Group]]:
    return sa.select(Group).where(policy.is_open(), Group.admits_by_itself.is_(True))


def _is_known(account_id: int) -> sa.ColumnElement[bool]:
    return there_is(Membership, Membership.group_id == Group.id, Membership.account_id == account_id)


def _goes(account_id: object) -> sa.ColumnElement[bool]:
    """Clause on Membership and Group: in by the rule, which is met no more; whoever has a role in the group stays."""
    has_role = there_is(Tenure, Tenure.group_id == Group.id, Tenure.account_id == account_id, Tenure.ended_at.is_(None))
    return sa.and_(
        Membership.is_by_rule.is_(True),
        Membership.state == MembershipState.ACTIVE,
        Group.admits_by_itself.is_(True),
        sa.not_(policy.fulfils(account_id)),
        sa.not_(has_role),
    )


def _held(group_id: int) -> Group:
    group = db.session.get_one(Group, group_id)
    hold(group)
    return group


def _let_in(group: Group, account_ids: list[int]) -> None:
    now = clock.now()
    facts = {
        "group_id": group.id,
        "state": MembershipState.ACTIVE,
        "is_by_rule": True,
        "asked_at": now,
        "joined_at": now,
    }
    count(group, sum(insert_or_ignore(Membership, facts | {"account_id": account_id}) for account_id in account_ids))


def _let_go(group: Group, account_ids: list[int]) -> None:
    mine = sa.and_(Membership.group_id == group.id, Membership.account_id.in_(account_ids))
    gone = sa.delete(Membership).where(mine, Membership.state == MembershipState.ACTIVE)
    count(group, -db.session.execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
