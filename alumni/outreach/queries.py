"""What is asked of outreach: one's own list, a group's, and the sums."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members.models import Audience, Listing
from alumni.outreach import policy
from alumni.outreach.models import OutreachEntry, OutreachSum
from alumni.programmes.models import Programme

NEWEST = (Key(OutreachEntry.held_on, "held_on", True), Key(OutreachEntry.id, "id", True))
FIGURES = ("entries", "reached", "about", "more_than", "uncounted")
MOST_GROUPS = 100  # to choose from
MOST_YEARS = 60  # of a group's sums
MOST_ROWS = 10_000  # of an export


@dataclass(frozen=True, slots=True)
class SumsFilter:
    programme: str = ""  # slug; with what is below it
    country: str = ""
    year: int | None = None


_GROUP = (Group.id, Group.slug, Group.name, Group.archived_at)


def _rows(*more: Any) -> sa.Select[Any]:
    return sa.select(
        OutreachEntry.id,
        OutreachEntry.key,
        OutreachEntry.kind,
        OutreachEntry.title,
        OutreachEntry.held_on,
        OutreachEntry.year,
        OutreachEntry.country,
        OutreachEntry.place,
        OutreachEntry.link,
        OutreachEntry.reached,
        OutreachEntry.reached_bound,
        OutreachEntry.words,
        OutreachEntry.audience,
        OutreachEntry.is_of_group,
        *more,
    )


@ready()
def my_entries(viewer: Viewer) -> sa.Select[Any]:
    """What the viewer did, with the group that it counts for. Page it by `NEWEST`."""
    group = (Group.slug.label("group_slug"), Group.name.label("group_name"))
    return _rows(*group).outerjoin(Group, Group.id == OutreachEntry.group_id).where(policy.is_own(viewer))


@ready()
def entries_in(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """What a group and its people did, as far as the viewer may read it. Page it by `NEWEST`."""
    as_to_group = sa.and_(
        Listing.account_id == OutreachEntry.account_id,
        Listing.audience == Audience.GROUPS,
        sa.not_(OutreachEntry.is_of_group),
    )
    author = (Listing.handle, Listing.name, Listing.name_romanised)
    select = _rows(policy.is_own(viewer).label("is_mine"), *author).outerjoin(Listing, as_to_group)
    return select.where(OutreachEntry.group_id == group_id, policy.visible_to(viewer))


def visible_entries(viewer: Viewer) -> sa.Select[Any]:
    """The entries that the viewer may read."""
    return sa.select(OutreachEntry).where(policy.visible_to(viewer))


@ready()
def my_groups(viewer: Viewer) -> sa.Select[Any]:
    """The groups that something may count for, the cohort that one came into last first."""
    return (
        sa.select(*_GROUP)
        .join(Membership, Membership.group_id == Group.id)
        .where(
            Membership.account_id == viewer.id,
            Membership.state == MembershipState.ACTIVE,
            Group.archived_at.is_(None),
        )
        .order_by(Group.cohort_id.is_(None), Membership.joined_at.desc(), Group.id)
        .limit(MOST_GROUPS)
    )


def find_group(group_id: int | None) -> Any | None:
    return db.session.execute(sa.select(*_GROUP).where(Group.id == group_id)).first()


# --- sums


def _totals(of: Any) -> list[Any]:
    """The figures added up, 0 for none."""
    sums = [sa.cast(sa.func.coalesce(sa.func.sum(of[name]), 0), sa.BigInteger) for name in FIGURES]
    return [total.label(name) for total, name in zip(sums, FIGURES, strict=True)]


def _sums(*row: Any) -> sa.Select[Any]:
    columns = [getattr(OutreachSum, name) for name in FIGURES]
    select = sa.select(*row, *columns).join(Group, Group.id == OutreachSum.group_id)
    return select.outerjoin(Programme, Programme.id == Group.programme_id).where(OutreachSum.entries > 0)


def _chosen(chosen: SumsFilter) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = []
    if chosen.programme:
        named = sa.select(Programme.id).where(Programme.slug == chosen.programme).cte(recursive=True)
        below = sa.select(Programme.id).join(named, Programme.parent_id == named.c.id)
        clauses.append(Group.programme_id.in_(sa.select(named.union(below).c.id)))
    if chosen.country:
        clauses.append(OutreachSum.country == chosen.country)
    if chosen.year is not None:
        clauses.append(OutreachSum.year == chosen.year)
    return clauses


ROWS: dict[str, tuple[Any, ...]] = {
    "programme": (
        sa.func.coalesce(Programme.slug, "").label("slug"),
        sa.func.coalesce(Programme.short, "").label("name"),
    ),
    "year": (OutreachSum.year.label("year"),),
    "country": (OutreachSum.country.label("slug"),),
    "kind": (OutreachSum.kind.label("slug"),),
}
ORDERS = {"programme": ("slug", False), "year": ("year", True), "country": ("slug", False), "kind": ("slug", False)}


def sums(by: str, chosen: SumsFilter) -> tuple[sa.Select[Any], list[Key]]:
    """What was done, for each programme, fiscal year, country or kind, and the order to page it in. It names nobody."""
    each = _sums(*ROWS[by]).where(*_chosen(chosen)).subquery("each_sum")
    row = [each.c[column.name] for column in ROWS[by]]
    select = sa.select(*row, *_totals(each.c)).group_by(*row)
    name, descending = ORDERS[by]
    return select, [Key(each.c[name], name, descending)]


def sum_up(chosen: SumsFilter) -> Any:
    """The same over everything that was chosen."""
    each = _sums().where(*_chosen(chosen)).subquery("each_sum")
    return db.session.execute(sa.select(*_totals(each.c))).one()


@ready()
def sums_of(_viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """What a group and its people did, year by year."""
    return (
        sa.select(OutreachSum.year, *_totals(OutreachSum.__table__.c))
        .where(OutreachSum.group_id == group_id, OutreachSum.entries > 0)
        .group_by(OutreachSum.year)
        .order_by(OutreachSum.year.desc())
        .limit(MOST_YEARS)
    )


def sums_to_take_along(viewer: Viewer, chosen: SumsFilter) -> sa.Select[Any]:
    """Each sum in an officer's scope, by programme, group, year, country and kind."""
    in_scope = policy.sums_in_scope(viewer, programme_id=Group.programme_id, country=OutreachSum.country)
    names = (Programme.short.label("programme"), Group.name.label("group"))
    place = (OutreachSum.year, OutreachSum.country, OutreachSum.kind)
    select = _sums(*names, *place).where(in_scope, *_chosen(chosen))
    order = (Programme.position, Programme.id, Group.sort_key, Group.id, OutreachSum.year.desc())
    return select.order_by(*order, OutreachSum.country, OutreachSum.kind).limit(MOST_ROWS)
