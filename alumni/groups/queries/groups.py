"""One group: what its pages say, and what stands around it."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy
from alumni.groups.models import (
    AdmittedProgramme,
    FormerAddress,
    FurtherParent,
    Group,
    GroupPath,
    JoinPolicy,
    Membership,
    Tenure,
)
from alumni.members.models import Member, Participation
from alumni.programmes.models import Cohort, CohortCountry, Family, Programme

MOST_CHILDREN = 200
_child = sa.orm.aliased(Group)
NO_END = "9999-12-31"


def visible_groups(viewer: Viewer) -> sa.Select[Any]:
    """The groups that the viewer may know of."""
    return sa.select(Group).where(policy.visible_to(viewer))


@ready()
def shown_group(viewer: Viewer, *, slug: str) -> sa.Select[Any]:
    """A group with what its pages say about it, and how the viewer stands to it."""
    has_profile = there_is(Member, Member.account_id == viewer.id)
    select = sa.select(
        *(Group.id, Group.slug, Group.kind, Group.name, Group.abbr, Group.about, Group.cohort_id, Group.country),
        *(Group.year, Group.founded, Group.website, Group.governance, Group.is_former, Group.source),
        *(Group.size_published, Group.size_bound, Group.size_of, Group.members_count, Group.parent_id),
        *(Group.join_policy, Group.join_question, Group.admits_country, Group.admits_by_itself, Group.visibility),
        Group.members_invite,
        Programme.slug.label("programme_slug"),
        Programme.short.label("programme_name"),
        Cohort.head_count,
        Cohort.head_count_bound,
        Cohort.head_count_of,
        Cohort.slug.label("cohort_slug"),
        policy.inside(viewer).label("is_inside"),
        policy.organised_by(viewer).label("is_organised"),
        policy.recorded_by(viewer).label("keeps_records"),
        has_profile.label("has_profile"),
        Membership.state,
        Membership.rhythm,
        Membership.is_by_rule,
        _is_fulfilled(viewer).label("is_fulfilled"),
        Group.archived_at,
        _my_term(viewer).label("my_term"),
        _is_run().label("is_run"),
        Participation.state.label("participation"),
    )
    select = select.outerjoin(Programme, Programme.id == Group.programme_id)
    select = select.outerjoin(Cohort, Cohort.id == Group.cohort_id)
    mine = sa.and_(Membership.group_id == Group.id, Membership.account_id == viewer.id)
    took_part = sa.and_(Participation.cohort_id == Group.cohort_id, Participation.account_id == viewer.id)
    return (
        select.outerjoin(Membership, mine)
        .outerjoin(Participation, took_part)
        .where(policy.visible_to(viewer), Group.slug == slug)
    )


def _is_fulfilled(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The viewer could join by what the group asks of participations; not asked where it lets people in otherwise."""
    by_participation = sa.and_(Group.join_policy == JoinPolicy.PARTICIPATION, Group.cohort_id.is_(None))
    return sa.case((by_participation, policy.fulfils(viewer.id)), else_=sa.false())


def _my_term(viewer: Viewer) -> Any:
    """Until when the viewer organises this very group; 9999 without an end, null if they do not."""
    return (
        sa.select(sa.func.max(sa.func.coalesce(Tenure.ends_on, NO_END)))
        .where(Tenure.group_id == Group.id, Tenure.account_id == viewer.id, policy.is_organiser())
        .correlate(Group)
        .scalar_subquery()
    )


def _is_run() -> sa.ColumnElement[bool]:
    """Somebody organises this very group."""
    return there_is(Tenure, Tenure.group_id == Group.id, policy.is_organiser())


@ready()
def groups_around(viewer: Viewer, *, group_id: int) -> sa.CompoundSelect[Any]:
    """The groups above, from the top down (`depth` above 0), then those directly below (`depth` -1), by name."""
    columns = (
        *(Group.id, Group.parent_id, Group.slug, Group.name, Group.kind, Group.country, Group.members_count),
        Group.sort_key,
    )
    above = (
        sa.select(*columns, GroupPath.depth.label("depth"))
        .join(GroupPath, GroupPath.ancestor_id == Group.id)
        .where(GroupPath.descendant_id == group_id, GroupPath.depth > 0, policy.visible_to(viewer))
    )
    below = (
        sa.select(*columns, sa.literal_column("-1").label("depth"))
        .where(
            Group.id.in_(
                sa.union_all(
                    sa.select(_child.id).where(_child.parent_id == group_id),
                    sa.select(FurtherParent.group_id).where(FurtherParent.parent_id == group_id),
                )
            ),
            policy.visible_to(viewer),
        )
        .order_by(Group.sort_key)
        .limit(MOST_CHILDREN)
        .subquery()
    )
    return sa.union_all(above, sa.select(below)).order_by(sa.desc("depth"), "sort_key")


@ready()
def countries_of(_viewer: Viewer, *, cohort_id: int) -> sa.Select[Any]:
    """From where how many were sent; the count may not be known."""
    return (
        sa.select(CohortCountry.country, CohortCountry.head_count)
        .where(CohortCountry.cohort_id == cohort_id)
        .order_by(CohortCountry.country)
    )


def lines_above(above: Sequence[Any], parent_id: int | None) -> list[list[Any]]:
    """The ways up from a group, each from the top down: its own line first, then one for each further parent."""
    by_id = {other.id: other for other in above}
    nearest = sorted((other for other in above if other.depth == 1), key=lambda other: other.id != parent_id)
    return [_line(other, by_id) for other in nearest]


def _line(group: Any, by_id: Mapping[int, Any]) -> list[Any]:
    line = [group]
    while (above := by_id.get(line[0].parent_id)) is not None:
        line.insert(0, above)
    return line


def parents_of(group: Group) -> set[int]:
    """Ids of the groups directly above."""
    further = sa.select(FurtherParent.parent_id).where(FurtherParent.group_id == group.id)
    own = {group.parent_id} if group.parent_id else set()
    return own | set(db.session.scalars(further))


def find_former(slug: str) -> int | None:
    """Id of the group that had this address."""
    return db.session.scalar(sa.select(FormerAddress.group_id).where(FormerAddress.slug == slug))


def where_it_went(viewer: Viewer, *, slug: str) -> sa.Select[tuple[str]]:
    """The address of today of a group that had this one, if the viewer may know of the group."""
    return (
        sa.select(Group.slug)
        .join(FormerAddress, FormerAddress.group_id == Group.id)
        .where(FormerAddress.slug == slug, policy.visible_to(viewer))
    )


def admitted_by(group_id: int) -> sa.Select[Any]:
    """What a verified participation must be in to join: a row with the slug of a family or of a programme each."""
    return (
        sa.select(
            AdmittedProgramme.family_id,
            AdmittedProgramme.programme_id,
            sa.func.coalesce(Programme.slug, Family.slug).label("slug"),
            sa.func.coalesce(Programme.short, Family.name).label("name"),
        )
        .outerjoin(Family, Family.id == AdmittedProgramme.family_id)
        .outerjoin(Programme, Programme.id == AdmittedProgramme.programme_id)
        .where(AdmittedProgramme.group_id == group_id)
        .order_by(AdmittedProgramme.id)
    )
