"""What organisers see of who comes: who asked, who waits, who is coming."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.attendance.models import EventQuestion, EventReply
from alumni.core.db import there_is
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event, EventInvitation
from alumni.groups.models import Membership, MembershipState
from alumni.members.models import Audience, Listing

FIRST_TO_ASK = (Key(Attendance.answered_at, "answered_at"), Key(Attendance.account_id, "account_id"))
IN_LINE = (Key(Attendance.line_no, "line_no"), Key(Attendance.account_id, "account_id"))
SHOWN = {
    "pending": (AttendanceState.PENDING,),
    "waiting": (AttendanceState.WAITING,),
    "going": (AttendanceState.GOING, AttendanceState.OFFERED),
    "maybe": (AttendanceState.MAYBE,),
}


def people_who_come(viewer: Viewer, *, event_id: int, show: str, handle: str = "") -> sa.Select[Any]:
    """For who runs the event: people in one standing, named as to the group, or else as to members, or not at all.

    Page those `waiting` by `IN_LINE`, the others by `FIRST_TO_ASK`.
    """
    select = (
        sa.select(
            Attendance.account_id,
            Attendance.state,
            Attendance.is_online,
            Attendance.party,
            Attendance.guests,
            Attendance.line_no,
            Attendance.offered_until,
            Attendance.answered_at,
            Account.handle,
            Listing.name,
            Listing.name_romanised,
            Listing.country,
            Listing.headline,
            Listing.picture,
        )
        .join(Account, Account.id == Attendance.account_id)
        .outerjoin(Listing, sa.and_(Listing.account_id == Attendance.account_id, _is_listed(event_id)))
        .where(
            Attendance.event_id == event_id,
            Attendance.state.in_(SHOWN[show]),
            there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
        )
    )
    return select.where(Account.handle == handle) if handle else select


def _is_listed(event_id: int) -> sa.ColumnElement[bool]:
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


def order(show: str) -> tuple[Key, Key]:
    return IN_LINE if show == "waiting" else FIRST_TO_ASK


def count_standings(viewer: Viewer, event_id: int) -> sa.Select[Any]:
    """For who runs the event: how many people are in each standing. It reads the answers of one event."""
    return (
        sa.select(Attendance.state, sa.func.count().label("people"), sa.func.sum(Attendance.party).label("seats"))
        .where(Attendance.event_id == event_id, there_is(Event, Event.id == event_id, events_policy.run_by(viewer)))
        .group_by(Attendance.state)
    )


def people_invited(viewer: Viewer, *, event_id: int) -> sa.Select[Any]:
    """For who runs the event: who may answer it by invitation, newest first."""
    return (
        sa.select(EventInvitation.invited_at, Account.handle, Listing.name, Listing.name_romanised, Attendance.state)
        .join(Account, Account.id == EventInvitation.account_id)
        .outerjoin(
            Listing, sa.and_(Listing.account_id == EventInvitation.account_id, Listing.audience == Audience.MEMBERS)
        )
        .outerjoin(
            Attendance,
            sa.and_(Attendance.event_id == event_id, Attendance.account_id == EventInvitation.account_id),
        )
        .where(
            EventInvitation.event_id == event_id,
            there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
        )
        .order_by(EventInvitation.invited_at.desc(), EventInvitation.account_id.desc())
        .limit(500)
    )


def questions_of(event_id: int) -> sa.Select[tuple[EventQuestion]]:
    """What is asked of those who come, in order."""
    return (
        sa.select(EventQuestion)
        .where(EventQuestion.event_id == event_id)
        .order_by(EventQuestion.position, EventQuestion.id)
    )


def any_reply(event_id: int) -> sa.Select[tuple[bool]]:
    """Whether somebody has replied."""
    return sa.select(sa.true()).where(
        there_is(
            EventReply,
            EventReply.question_id.in_(sa.select(EventQuestion.id).where(EventQuestion.event_id == event_id)),
        )
    )


def my_replies(viewer: Viewer, event_id: int) -> sa.Select[Any]:
    """What the viewer said: the key of each question, and the value."""
    return (
        sa.select(EventQuestion.key, EventReply.value)
        .join(EventReply, EventReply.question_id == EventQuestion.id)
        .where(EventQuestion.event_id == event_id, EventReply.account_id == viewer.id)
    )


def replies_of(viewer: Viewer, *, event_id: int, people: Sequence[int]) -> sa.Select[Any]:
    """For who runs the event: what these people said, in the order of the questions."""
    return (
        sa.select(EventReply.account_id, EventQuestion.key, EventQuestion.label, EventQuestion.kind, EventReply.value)
        .join(EventReply, EventReply.question_id == EventQuestion.id)
        .where(
            EventQuestion.event_id == event_id,
            EventReply.account_id.in_(people),
            there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
        )
        .order_by(EventQuestion.position, EventQuestion.id)
    )
