"""What is asked about the people of an event: who comes, under which name, and who is told."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.events import policy
from alumni.events.models import COMING, HOLDS_SEATS, Attendance, AttendanceState, Event
from alumni.groups import policy as groups_policy
from alumni.groups.models import Membership, MembershipState, Tenure
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing

MOST_COUNTRIES = 20  # where the hour is shown

FIRST_TO_ANSWER = (Key(Attendance.answered_at, "answered_at"), Key(Attendance.account_id, "account_id"))


@ready()
def attendees(viewer: Viewer, *, event_id: int) -> sa.Select[Any]:
    """Who is going, for those inside: by the listing for the group if they are in it, else for members.

    Whoever has no such listing holds a seat and is not named, nor is who sees the event no longer. Those blocked are
    left out, but not for who runs it.
    """
    return (
        sa.select(
            Attendance.account_id,
            Attendance.answered_at,
            Listing.handle,
            Listing.name,
            Listing.name_romanised,
            Listing.picture,
            Listing.country,
            Listing.headline,
        )
        .join(Listing, sa.and_(Listing.account_id == Attendance.account_id, named_among(event_id)))
        .join(Account, Account.id == Attendance.account_id)
        .where(
            Attendance.event_id == event_id,
            Attendance.state == AttendanceState.GOING,
            there_is(Event, Event.id == event_id, policy.visible_to(Account)),
            there_is(Event, Event.id == event_id, policy.inside(viewer)),
            sa.or_(
                there_is(Event, Event.id == event_id, policy.run_by(viewer)),
                sa.not_(members_policy.is_blocked_either_way(viewer.id, Attendance.account_id)),
            ),
        )
    )


def holders_of_seats(viewer: Viewer, event_id: int) -> sa.Select[Any]:
    """For who runs the event: whose seats could go, the last to answer first, named as on the list of answers."""
    return (
        sa.select(
            *(Attendance.account_id, Attendance.party, Attendance.is_online, Attendance.answered_at),
            *(Account.handle, Listing.name),
        )
        .join(Account, Account.id == Attendance.account_id)
        .outerjoin(Listing, sa.and_(Listing.account_id == Attendance.account_id, named_among(event_id)))
        .where(
            Attendance.event_id == event_id,
            Attendance.state.in_(HOLDS_SEATS),
            there_is(Event, Event.id == event_id, policy.run_by(viewer)),
        )
        .order_by(Attendance.answered_at.desc(), Attendance.account_id.desc())
        .limit(500)
    )


def named_among(event_id: int) -> sa.ColumnElement[bool]:
    """Clause on Attendance and Listing: by the listing for the event's group, for who is in it; else for members."""
    in_the_group = (
        sa.exists()
        .where(
            Membership.group_id == sa.select(Event.group_id).where(Event.id == event_id).scalar_subquery(),
            Membership.account_id == Attendance.account_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(Attendance)
    )
    return sa.or_(
        sa.and_(Listing.audience == Audience.GROUPS, in_the_group),
        sa.and_(Listing.audience == Audience.MEMBERS, sa.not_(in_the_group)),
    )


def countries_of_members(group_id: int) -> list[str]:
    """Where the people of a group live, as far as the group may see it; where most of them live first."""
    people = sa.func.count()
    select = (
        sa.select(Listing.country)
        .join(Membership, Membership.account_id == Listing.account_id)
        .where(
            Membership.group_id == group_id,
            Membership.state == MembershipState.ACTIVE,
            Listing.audience == Audience.GROUPS,
            Listing.country != "",
        )
        .group_by(Listing.country)
        .order_by(people.desc(), Listing.country)
        .limit(MOST_COUNTRIES)
    )
    return list(db.session.scalars(select))


def ids_of_coming(event_ids: Sequence[int]) -> sa.Select[tuple[int]]:
    """Who is going, waits or may come to any of these events, and still sees it. Each of them once."""
    return (
        sa.select(Attendance.account_id)
        .join(Event, Event.id == Attendance.event_id)
        .join(Account, Account.id == Attendance.account_id)
        .where(Event.id.in_(event_ids), Attendance.state.in_(COMING), policy.visible_to(Account))
        .distinct()
    )


def ids_of_organisers(group_id: int) -> sa.Select[tuple[int]]:
    """Organisers of the group itself whose term runs."""
    return sa.select(Tenure.account_id).where(Tenure.group_id == group_id, groups_policy.is_organiser()).distinct()


@ready()
def place_in_line(_viewer: Viewer, *, event_id: int, is_online: bool, line_no: int) -> sa.Select[Any]:
    """How many stand in this line up to this number."""
    return sa.select(sa.func.count()).where(
        Attendance.event_id == event_id, Attendance.is_online == is_online, Attendance.line_no <= line_no
    )
