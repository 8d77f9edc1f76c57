"""What is asked to set a group up: what it may be put under, whom it may ask for, what is proposed."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupKind, GroupPath
from alumni.members.models import Audience, Listing
from alumni.programmes.models import Family, Programme
from alumni.settings import policy
from alumni.settings.models import Proposal, ProposalState

MOST_PARENTS = 500  # to choose from
LATEST = (Key(Proposal.created_at, "created_at", True), Key(Proposal.id, "id", True))


def list_possible_parents(viewer: Viewer, group: Group) -> list[tuple[str, str]]:
    """Slug and name of the groups that the viewer organises and that do not lie below this one."""
    below = sa.select(GroupPath.descendant_id).where(GroupPath.ancestor_id == group.id)
    select = sa.select(Group.slug, Group.name).where(
        groups_policy.organised_by(viewer),
        groups_policy.is_open(),
        Group.kind.in_((GroupKind.UMBRELLA, GroupKind.ASSOCIATION, GroupKind.CHAPTER, GroupKind.INTEREST)),
        Group.id.not_in(below),
    )
    rows = db.session.execute(select.order_by(Group.sort_key).limit(MOST_PARENTS))
    return [(row.slug, row.name) for row in rows]


def further_parents_of(group: Group) -> list[Group]:
    """The groups directly above, but for that of the main line."""
    others = _directly_above(group.id).where(Group.id != (group.parent_id or 0))
    return list(db.session.scalars(others.order_by(Group.sort_key)))


def _directly_above(group_id: int) -> sa.Select[tuple[Group]]:
    up = sa.and_(GroupPath.ancestor_id == Group.id, GroupPath.descendant_id == group_id, GroupPath.depth == 1)
    return sa.select(Group).join(GroupPath, up)


def list_programmes() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Families in their order: slug, name, and slug and name of their programmes; editions count with their series."""
    select = (
        sa.select(Family.slug, Family.name, Programme.slug.label("programme"), Programme.short)
        .outerjoin(Programme, sa.and_(Programme.family_id == Family.id, Programme.parent_id.is_(None)))
        .order_by(Family.position, Family.id, Programme.position, Programme.id)
    )
    found: dict[str, tuple[str, str, list[tuple[str, str]]]] = {}
    for row in db.session.execute(select):
        _slug, _name, programmes = found.setdefault(row.slug, (row.slug, row.name, []))
        if row.programme:
            programmes.append((row.programme, row.short))
    return list(found.values())


def family_ids(slugs: list[str]) -> list[int]:
    return list(db.session.scalars(sa.select(Family.id).where(Family.slug.in_(slugs)).order_by(Family.id)))


def programme_ids(slugs: list[str]) -> list[int]:
    return list(db.session.scalars(sa.select(Programme.id).where(Programme.slug.in_(slugs)).order_by(Programme.id)))


def proposals(viewer: Viewer, *, key: str = "", parent_id: int | None = None) -> sa.Select[Any]:
    """What the viewer has proposed or may decide, the latest first. Page it by `LATEST`.

    The name of who proposes is null where they show it to no group.
    """
    above, came = aliased(Group), aliased(Group)
    as_to_groups = sa.and_(Listing.account_id == Proposal.proposed_by_id, Listing.audience == Audience.GROUPS)
    select = (
        sa.select(
            *(Proposal.id, Proposal.key, Proposal.kind, Proposal.name, Proposal.about, Proposal.country),
            *(Proposal.state, Proposal.created_at, Proposal.decided_at, Proposal.reason),
            Listing.name.label("by_name"),
            Listing.handle.label("by_handle"),
            above.slug.label("parent_slug"),
            above.name.label("parent_name"),
            came.slug.label("group_slug"),
            (Proposal.proposed_by_id == viewer.id).label("is_mine"),
            sa.and_(Proposal.state == ProposalState.WAITING, policy.decided_by(viewer)).label("is_for_me"),
        )
        .outerjoin(above, above.id == Proposal.parent_id)
        .outerjoin(came, came.id == Proposal.group_id)
        .outerjoin(Listing, as_to_groups)
        .where(policy.visible_to(viewer))
    )
    if key:
        select = select.where(Proposal.key == key)
    return select if parent_id is None else select.where(Proposal.parent_id == parent_id)


def count_waiting_of(account_id: int) -> int:
    """How many proposals of somebody wait."""
    mine = sa.and_(Proposal.proposed_by_id == account_id, Proposal.state == ProposalState.WAITING)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).where(mine)) or 0
