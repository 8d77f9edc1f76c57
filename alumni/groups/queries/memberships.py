"""Who is in a group, who waits, who runs it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.paging import PAGE, Key, Page, page
from alumni.core.ready import ready
from alumni.core.search import finds
from alumni.core.viewer import Viewer
from alumni.groups import policy
from alumni.groups.models import Group, Membership, MembershipState, Tenure
from alumni.members import policy as members_policy
from alumni.members import queries as members_queries
from alumni.members.models import Audience, Listing, Posting

MOST_BY_ID = 1000
NEWEST = (Key(Membership.joined_at, "joined_at", True), Key(Membership.account_id, "account_id", True))
OLDEST = (Key(Membership.asked_at, "asked_at"), Key(Membership.account_id, "account_id"))


def members_of(viewer: Viewer, *, group_id: int, handle: str = "") -> sa.Select[Any]:
    """Who is in a group, or the one with a handle, for those inside. Page it by `NEWEST`."""
    is_organiser = policy.organises(Membership.account_id, group_id)
    select = (
        sa.select(
            *members_queries.listing_columns(),
            Membership.joined_at,
            is_organiser.label("is_organiser"),
        )
        .join(Membership, Membership.account_id == Listing.account_id)
        .where(
            Listing.audience == Audience.GROUPS,
            *_in_state(viewer, group_id, MembershipState.ACTIVE, policy.inside(viewer)),
        )
    )
    return select.where(Listing.handle == handle) if handle else select


ready_members = ready()(members_of)


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom somebody looks for inside a group: by any form of a name, by where they live."""

    q: str = ""
    country: str = ""


def find_members(
    viewer: Viewer, group_id: int, sought: Sought | None, *, after: str | None = None, limit: int = PAGE
) -> Page:
    """A page of the people in a group, the newest first; who is sought, among those whose name meets what is asked.

    By what the people of their groups see of them. What it costs goes by the rarest word that is asked for, not by
    the size of the group: few are read by their ids; where there are many, the newest are met soon.
    """
    if sought is None:
        return page(ready_members(viewer, group_id=group_id), NEWEST, after=after, limit=limit)
    asked = members_queries.ask_in_groups(viewer, sought.q, sought.country)
    if asked.is_vain:
        return Page([], None)
    rarest, *others = sorted(asked.parts, key=lambda part: part.people)
    in_group = sa.and_(Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE)
    few = sa.select(Posting.account_id).join(Membership, sa.and_(Membership.account_id == Posting.account_id, in_group))
    few = few.where(Posting.term_id.in_(rarest.ids)).limit(MOST_BY_ID + 1)
    for part in others:
        few = few.where(members_queries.has_term(Posting.account_id, part.ids))
    ids = list(db.session.scalars(few))
    select = members_of(viewer, group_id=group_id).add_columns(Listing.other_names)
    if len(ids) <= MOST_BY_ID:
        select = select.where(Membership.account_id.in_(ids))
    else:
        for part in asked.parts:
            select = select.where(members_queries.has_term(Membership.account_id, part.ids))
    found = page(select, NEWEST, after=after, limit=limit)
    if not asked.inside:
        return found
    # Pairs of characters do not say in which order they stand: what was found is read once more.
    kept = [row for row in found.items if finds(asked.inside, *members_queries.forms_of(row))]
    return Page(kept, found.next)


def requests_of(viewer: Viewer, *, group_id: int, handle: str = "") -> sa.Select[Any]:
    """Who asked to be let in, for organisers; somebody may show their name to nobody. Page it by `OLDEST`."""
    as_to_group = sa.and_(Listing.account_id == Membership.account_id, Listing.audience == Audience.GROUPS)
    columns = (Listing.name, Listing.name_romanised, Listing.country, Listing.headline)
    select = (
        sa.select(Membership.account_id, Membership.asked_at, Membership.answer, Account.handle, *columns)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Listing, as_to_group)
        .where(*_in_state(viewer, group_id, MembershipState.REQUESTED, policy.organised_by(viewer)))
    )
    return select.where(Account.handle == handle) if handle else select


def _in_state(
    viewer: Viewer, group_id: int, state: MembershipState, rule: sa.ColumnElement[bool]
) -> tuple[sa.ColumnElement[bool], ...]:
    """Memberships of a group in one state, for a viewer under a rule; whoever is blocked either way left out."""
    return (
        Membership.group_id == group_id,
        Membership.state == state,
        there_is(Group, Group.id == group_id, rule),
        sa.not_(members_policy.is_blocked_either_way(viewer.id, Membership.account_id)),
    )


def find_membership(account_id: int, group: Group) -> Membership | None:
    """As it is now, whatever this session read before."""
    return db.session.get(Membership, (account_id, group.id), populate_existing=True)


def find_account_id(handle: str) -> int | None:
    return db.session.scalar(sa.select(Account.id).where(Account.handle == handle))


def other_organisers_of(group: Group, account_id: int) -> sa.Select[Any]:
    """Organisers of the group itself whose term runs and who are not suspended, one person left out."""
    return (
        sa.select(Tenure.account_id)
        .join(Account, Account.id == Tenure.account_id)
        .where(
            Tenure.group_id == group.id,
            Tenure.account_id != account_id,
            policy.is_organiser(),
            sa.not_(Account.is_suspended),
        )
    )


def organises(account_id: int, group: Group) -> bool:
    """Whether somebody organises this very group today."""
    return bool(db.session.scalar(sa.select(policy.organises(account_id, group.id))))


def running_tenures(account_id: int, group: Group) -> sa.Select[tuple[Tenure]]:
    """What somebody does for a group now or from a later day on."""
    return sa.select(Tenure).where(
        Tenure.group_id == group.id,
        Tenure.account_id == account_id,
        Tenure.ended_at.is_(None),
        sa.or_(Tenure.ends_on.is_(None), Tenure.ends_on >= clock.now().date().isoformat()),
    )
