"""What organisers see of who comes: who asked, who waits, who is coming."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.attendance.models import EventQuestion, EventReply, ReplyFile
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events import queries as events_queries
from alumni.events.models import Attendance, AttendanceState, Event, EventInvitation, EventState
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
    """For who runs the event: people in one standing.

    Page those `waiting` by `IN_LINE`, the others by `FIRST_TO_ASK`.
    """
    select = people_named(viewer, event_id=event_id, states=SHOWN[show])
    return select.where(Account.handle == handle) if handle else select


def people_named(viewer: Viewer, *, event_id: int, states: Sequence[AttendanceState]) -> sa.Select[Any]:
    """For who runs the event: people in these standings, named as to the group, else as to members, or not at all."""
    return (
        sa.select(
            Attendance.account_id,
            Attendance.state,
            Attendance.is_online,
            Attendance.party,
            Attendance.guests,
            Attendance.line_no,
            Attendance.offered_until,
            Attendance.answered_at,
            (Attendance.asked_again_at > Attendance.answered_at).label("is_asked_again"),
            Account.handle,
            Listing.name,
            Listing.name_romanised,
            Listing.country,
            Listing.headline,
            Listing.picture,
        )
        .join(Account, Account.id == Attendance.account_id)
        .outerjoin(Listing, sa.and_(Listing.account_id == Attendance.account_id, events_queries.named_among(event_id)))
        .where(
            Attendance.event_id == event_id,
            Attendance.state.in_(states),
            there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
        )
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
    """Whether somebody has replied, in words or with a file."""
    theirs = sa.select(EventQuestion.id).where(EventQuestion.event_id == event_id)
    in_words, with_a_file = (there_is(kind, kind.question_id.in_(theirs)) for kind in (EventReply, ReplyFile))
    return sa.select(sa.true()).where(sa.or_(in_words, with_a_file))


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


def my_files(viewer: Viewer, event_id: int) -> dict[str, Any]:
    """The files that the viewer sent, by the keys of the questions."""
    select = (
        sa.select(EventQuestion.key.label("question"), ReplyFile.key, ReplyFile.media_type, ReplyFile.size)
        .join(ReplyFile, ReplyFile.question_id == EventQuestion.id)
        .where(EventQuestion.event_id == event_id, ReplyFile.account_id == viewer.id)
    )
    return {row.question: row for row in db.session.execute(select)}


def files_of(viewer: Viewer, *, event_id: int, people: Sequence[int]) -> sa.Select[Any]:
    """For who runs the event: what these people sent, in the order of the questions."""
    return (
        sa.select(ReplyFile.account_id, EventQuestion.label, ReplyFile.key, ReplyFile.size)
        .join(ReplyFile, ReplyFile.question_id == EventQuestion.id)
        .where(
            EventQuestion.event_id == event_id,
            ReplyFile.account_id.in_(people),
            there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
        )
        .order_by(EventQuestion.position, EventQuestion.id)
    )


def file_open_to(viewer: Viewer, key: str) -> sa.Select[tuple[ReplyFile]]:
    """A file, for whoever sent it and whoever runs its event."""
    runs = there_is(
        EventQuestion,
        EventQuestion.id == ReplyFile.question_id,
        there_is(Event, Event.id == EventQuestion.event_id, events_policy.run_by(viewer)),
    )
    return sa.select(ReplyFile).where(ReplyFile.key == key, sa.or_(ReplyFile.account_id == viewer.id, runs))


def series_to_answer(viewer: Viewer, key: str) -> list[Any]:
    """The dates of a series that are ahead, as answering needs them, in the order of time."""
    ahead = events_queries.dates_of_series(viewer, key).where(
        Event.ends_at > clock.now(), Event.state == EventState.PUBLISHED
    )
    rows = (events_queries.event_to_answer(viewer, slug=row.slug).first() for row in db.session.execute(ahead).all())
    return [row for row in rows if row is not None]
