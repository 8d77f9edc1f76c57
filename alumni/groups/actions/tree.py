"""Where groups stand: below a group, below further ones, at the top. One change of the tree at a time."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db, insert_or_ignore, insert_selected, one_at_a_time
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.names import sort_key
from alumni.core.text import slugify
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups import policy, queries
from alumni.groups.models import FormerAddress, FurtherParent, Group, GroupPath

LONGEST_SLUG = 60
RESERVED = ("new", "proposals")  # addresses of pages


class GroupNotMade(DomainError):
    """Its address was taken in the same moment."""


def make_group(*, name: str, parent: Group | None = None, **facts: Any) -> Group:
    """A new group below another, or at the top, its address made of its name. Who may make it is the caller's rule."""
    hold_tree()
    slug = slugify(name, longest=LONGEST_SLUG)
    facts |= {"name": name, "sort_key": sort_key(name), "parent_id": parent.id if parent else None}
    for address in (slug, f"{slug}-{new_key()[:4]}".strip("-"), new_key()):
        is_free = address and address not in RESERVED and queries.find_former(address) is None
        if is_free and insert_or_ignore(Group, facts | {"slug": address}):
            group = db.session.scalars(sa.select(Group).where(Group.slug == address)).one()
            _write_paths(group.id)
            return group
    raise GroupNotMade


def move_group(*, actor: Viewer, group: Group, parent: Group | None, further: Sequence[Group]) -> None:
    """Puts a group, and all below it, under another one and under further ones. Members, posts and addresses stay.

    Raises Invalid("parent") or Invalid("further") for a group that is itself below this one.
    """
    hold_tree()
    db.session.refresh(group, ["parent_id"])
    others = [other for other in further if other is not parent]
    wanted = {"parent": {parent.id} if parent else set(), "further": {other.id for other in others}}
    come_or_go = queries.parents_of(group) ^ (wanted["parent"] | wanted["further"])
    require(policy.can_move(actor, group.id, come_or_go), "organiser-above")
    below = set(db.session.scalars(sa.select(GroupPath.descendant_id).where(GroupPath.ancestor_id == group.id)))
    for field, ids in wanted.items():
        if ids & below:
            raise Invalid(field, "cycle")
    group.parent_id = parent.id if parent else None
    db.session.execute(sa.delete(FurtherParent).where(FurtherParent.group_id == group.id))
    db.session.add_all(FurtherParent(group_id=group.id, parent_id=other) for other in wanted["further"])
    db.session.flush()
    _write_paths(group.id)
    names = [other.slug for other in (*([parent] if parent else []), *others)]
    audit.record(actor, "group.move", f"group:{group.slug}", below=names)


def rename_address(group: Group, slug: str) -> None:
    """Another address; the one that it had leads on. Raises Invalid("slug")."""
    former = queries.find_former(slug)
    if slug in RESERVED or former not in (None, group.id):
        raise Invalid("slug", "slug-taken")
    if db.session.scalar(sa.select(Group.id).where(Group.slug == slug, Group.id != group.id)):
        raise Invalid("slug", "slug-taken")
    db.session.execute(sa.delete(FormerAddress).where(FormerAddress.slug == slug))
    db.session.add(FormerAddress(slug=group.slug, group_id=group.id))
    group.slug = slug
    try:
        db.session.flush()
    except sa.exc.IntegrityError:
        raise Invalid("slug", "slug-taken") from None


def hold_tree() -> None:
    """Two moves at once could make a circle that neither of them is."""
    one_at_a_time("groups.tree")


def _write_paths(group_id: int) -> None:
    """The ways up of a group and of all below it, anew: each group above counts once, by the shortest way."""
    edges = sa.union_all(
        sa.select(Group.id.label("child"), Group.parent_id.label("parent")).where(Group.parent_id.is_not(None)),
        sa.select(FurtherParent.group_id, FurtherParent.parent_id),
    ).cte("edges")
    below = sa.select(sa.literal(group_id).label("id")).cte("below", recursive=True)
    below = below.union(sa.select(edges.c.child).join(below, edges.c.parent == below.c.id))
    stale = sa.delete(GroupPath).where(GroupPath.descendant_id.in_(sa.select(below.c.id)))
    db.session.execute(stale.execution_options(synchronize_session=False))
    start = sa.select(below.c.id.label("ancestor"), below.c.id.label("descendant"), sa.literal(0).label("depth"))
    up = start.cte("up", recursive=True)
    up = up.union(sa.select(edges.c.parent, up.c.descendant, up.c.depth + 1).join(up, edges.c.child == up.c.ancestor))
    ways = sa.select(up.c.ancestor, up.c.descendant, sa.func.min(up.c.depth)).group_by(up.c.ancestor, up.c.descendant)
    insert_selected(GroupPath, ("ancestor_id", "descendant_id", "depth"), ways)
