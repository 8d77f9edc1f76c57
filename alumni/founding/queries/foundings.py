"""Foundings that the viewer knows of, and who founds them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account, AccountState
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.founding import policy
from alumni.founding.models import Founder, FounderState, Founding
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupKind
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing
from alumni.programmes.models import Programme

LATEST = (Key(Founding.created_at, "created_at", True), Key(Founding.id, "id", True))
MOST_CHOICES = 300


def visible_foundings(viewer: Viewer) -> sa.Select[Any]:
    return sa.select(Founding).where(policy.visible_to(viewer))


@ready()
def foundings_of(viewer: Viewer) -> sa.Select[Any]:
    """Those that the viewer founds, is invited to or decides about. Page them by `LATEST`."""
    return sa.select(
        Founding.id,
        Founding.key,
        Founding.name,
        Founding.country,
        Founding.state,
        Founding.created_at,
        Founding.handed_in_at,
    ).where(policy.visible_to(viewer))


@ready()
def founding_page(viewer: Viewer, *, key: str) -> sa.Select[Any]:
    """One with its place, how the viewer stands to it, and how many found it."""
    umbrella, made = aliased(Group), aliased(Group)
    mine = sa.and_(Founder.founding_id == Founding.id, Founder.account_id == viewer.id)
    return (
        sa.select(
            *Founding.__table__.columns,
            umbrella.name.label("umbrella_name"),
            umbrella.slug.label("umbrella_slug"),
            made.slug.label("group_slug"),
            Programme.short.label("programme_name"),
            Programme.slug.label("programme_slug"),
            Founder.state.label("my_state"),
            policy.decided_by(viewer).label("is_decided"),
        )
        .outerjoin(umbrella, umbrella.id == Founding.umbrella_id)
        .outerjoin(made, made.id == Founding.group_id)
        .outerjoin(Programme, Programme.id == Founding.programme_id)
        .outerjoin(Founder, mine)
        .where(policy.visible_to(viewer), Founding.key == key)
    )


@ready()
def founders_of(viewer: Viewer, *, founding_id: int) -> sa.Select[Any]:
    """Who founds it, by name. The line with the address is for those who have confirmed, and for nobody else.

    Whoever is only invited is shown by what their profile shows to members.
    """
    as_to_members = sa.and_(Listing.account_id == Founder.account_id, Listing.audience == Audience.MEMBERS)
    shown = there_is(Founding, Founding.id == founding_id, policy.visible_to(viewer))
    confirmed = there_is(Founding, Founding.id == founding_id, policy.confirmed_by(viewer))
    return (
        sa.select(
            Founder.key,
            sa.func.coalesce(sa.func.nullif(Founder.name, ""), Listing.name, "").label("name"),
            Founder.state,
            Founder.office,
            Founder.confirmed_at,
            sa.case((confirmed, Founder.address), else_="").label("address"),
            there_is(Founding, Founding.id == founding_id, Founding.organiser_id == Founder.account_id).label(
                "is_organiser"
            ),
        )
        .outerjoin(Listing, as_to_members)
        .where(Founder.founding_id == founding_id, Founder.state.in_(policy.FOUNDS), shown)
        .order_by(Founder.state, "name", Founder.id)
    )


def find_founder(account_id: int, founding_id: int) -> Founder | None:
    mine = sa.select(Founder).where(Founder.founding_id == founding_id, Founder.account_id == account_id)
    return db.session.scalar(mine.execution_options(populate_existing=True))


def find_member(viewer: Viewer, handle: str) -> int | None:
    """A verified member who shows themselves to members, and with whom the viewer is not at odds."""
    found = (
        sa.select(Listing.account_id)
        .join(Account, Account.id == Listing.account_id)
        .where(
            Listing.handle == handle,
            Listing.audience == Audience.MEMBERS,
            Account.is_verified,
            Account.state == AccountState.ACTIVE,
            sa.not_(members_policy.is_blocked_either_way(viewer.id, Listing.account_id)),
        )
    )
    return db.session.scalar(found)


def members_to_be(founding_id: int) -> list[tuple[int, str, str]]:
    """Account, handle and office of each founder whose account is active."""
    select = (
        sa.select(Account.id, Account.handle, Founder.office)
        .join(Founder, Founder.account_id == Account.id)
        .where(
            Founder.founding_id == founding_id,
            Founder.state == FounderState.CONFIRMED,
            Account.state == AccountState.ACTIVE,
        )
    )
    return [(row.id, row.handle, row.office) for row in db.session.execute(select.order_by(Founder.id))]


def deciders_of(umbrella_id: int | None) -> list[int]:
    """Accounts that decide about papers for an umbrella, or for none."""
    deciders = sa.select(Account.id).where(policy.decides_about(umbrella_id), Account.state == AccountState.ACTIVE)
    return list(db.session.scalars(deciders.order_by(Account.id).limit(50)))


def list_umbrellas(viewer: Viewer) -> list[tuple[str, str]]:
    """Slug and name of the umbrellas that the viewer sees."""
    select = sa.select(Group.slug, Group.name).where(
        Group.kind == GroupKind.UMBRELLA, Group.archived_at.is_(None), groups_policy.visible_to(viewer)
    )
    return [(row.slug, row.name) for row in db.session.execute(select.order_by(Group.sort_key).limit(MOST_CHOICES))]


def list_programmes() -> list[tuple[str, str]]:
    """Slug and name of the programmes that stand for themselves, editions left out."""
    select = sa.select(Programme.slug, Programme.name).where(Programme.parent_id.is_(None))
    return [(row.slug, row.name) for row in db.session.execute(select.order_by(Programme.name).limit(MOST_CHOICES))]
