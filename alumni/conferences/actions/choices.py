"""Choosing a session and leaving it. The database counts, so there are never more people than seats.

Locks go in one order: the attendance of whoever chooses, then sessions by their ids.
"""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from alumni.conferences import policy
from alumni.conferences.models import EventSession, SessionChoice
from alumni.core import clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, NotPermitted, require
from alumni.core.viewer import Viewer
from alumni.events.actions import EventCancelled
from alumni.events.models import Attendance, AttendanceState, EventState


class SessionFull(DomainError):
    """All its seats are taken. What one had chosen before is kept."""


class SessionOver(DomainError):
    """It has ended: nobody chooses it any more."""


def choose_session(*, actor: Viewer, event: Any, session: EventSession) -> list[str]:
    """The actor goes to a session; choosing twice is once. What they had chosen at the same time falls.

    The titles of what fell. Raises SessionFull, and then nothing has changed.
    """
    require(policy.can_go(actor, event.id), "going")
    if event.state == EventState.CANCELLED:
        raise EventCancelled
    _hold_attendance(actor.id, event.id)
    others = _chosen_meanwhile(actor.id, session)
    hold([session.id, *(row.id for row in others)])
    db.session.refresh(session)
    if session.ends_at <= clock.now():
        raise SessionOver
    sweep(session.id)
    if not insert_or_ignore(
        SessionChoice, {"session_id": session.id, "account_id": actor.id, "chosen_at": clock.now()}
    ):
        return []
    if not _changed(_take(session.id)):
        raise SessionFull
    for row in others:
        _give_back(actor.id, row.id)
    db.session.refresh(session)
    return [row.title for row in others]


def leave_session(*, actor: Viewer, event: Any, session: EventSession) -> None:
    """The actor goes there no more; leaving twice does no harm."""
    require(policy.can_go(actor, event.id), "going")
    hold([session.id])
    _give_back(actor.id, session.id)
    db.session.refresh(session)


def _hold_attendance(account_id: int, event_id: int) -> None:
    """One choice of a person at a time, while they are going."""
    mine = (Attendance.account_id == account_id, Attendance.event_id == event_id)
    state = db.session.scalar(sa.select(Attendance.state).where(*mine).with_for_update(key_share=True))
    if state != AttendanceState.GOING:
        raise NotPermitted("going")


def _chosen_meanwhile(account_id: int, session: EventSession) -> list[Any]:
    select = (
        sa.select(EventSession.id, EventSession.title)
        .join(SessionChoice, SessionChoice.session_id == EventSession.id)
        .where(
            SessionChoice.account_id == account_id,
            EventSession.event_id == session.event_id,
            EventSession.id != session.id,
            EventSession.starts_at < session.ends_at,
            EventSession.ends_at > session.starts_at,
        )
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return list(db.session.execute(select).all())


def hold(ids: Collection[int]) -> None:
    """Holds these sessions until the end of the transaction."""
    select = sa.select(EventSession.id).where(EventSession.id.in_(ids)).order_by(EventSession.id)
    db.session.execute(select.with_for_update(key_share=True)).all()


def sweep(session_id: int) -> int:
    """Whoever is not going any more has no seat. How many are left. The session is held."""
    chose = (SessionChoice.session_id == session_id, EventSession.id == SessionChoice.session_id)
    stale = sa.delete(SessionChoice).where(
        SessionChoice.session_id == session_id,
        sa.not_(sa.exists().where(*chose, policy.counts()).correlate(SessionChoice)),
    )
    db.session.execute(stale.execution_options(synchronize_session=False))
    count = sa.select(sa.func.count()).select_from(SessionChoice).where(SessionChoice.session_id == session_id)
    left = db.session.scalar(count) or 0
    _changed(sa.update(EventSession).where(EventSession.id == session_id).values(seats_taken=left))
    return left


def _take(session_id: int) -> sa.Update:
    has_room = sa.or_(EventSession.capacity.is_(None), EventSession.seats_taken < EventSession.capacity)
    taken = {"seats_taken": EventSession.seats_taken + 1}
    return sa.update(EventSession).where(EventSession.id == session_id, has_room).values(taken)


def _give_back(account_id: int, session_id: int) -> None:
    """The session is held."""
    mine = (SessionChoice.session_id == session_id, SessionChoice.account_id == account_id)
    gone = db.session.execute(sa.delete(SessionChoice).where(*mine).execution_options(synchronize_session=False))
    if gone.rowcount:  # type: ignore[attr-defined]
        sweep(session_id)


def _changed(statement: sa.Update) -> bool:
    return bool(db.session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def forget_person(account_id: int) -> Iterator[int]:
    """Somebody is erased: their seats in sessions are free. Yields each session."""
    chosen = sa.select(SessionChoice.session_id).where(SessionChoice.account_id == account_id)
    for session_id in db.session.scalars(chosen.order_by(SessionChoice.session_id)).all():
        hold([session_id])
        _give_back(account_id, session_id)
        yield session_id
