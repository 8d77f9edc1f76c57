"""Reminding in time, and saying from a letter whether one still comes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.attendance import actions as attendance_actions
from alumni.attendance.actions import Reply
from alumni.core import clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.events.models import Answer, Attendance, AttendanceState
from alumni.reminders import notices, queries
from alumni.reminders.models import Reminder, ReminderKind


def remind_in_time(now: datetime) -> Iterator[int]:
    """Writes to those in whose evening it is time. Yields how many, after each few hundred; harmless when run again."""
    for zone in queries.zones_in_the_evening(now):
        for kind in ReminderKind:
            while found := queries.to_remind(zone, kind, now):
                for row in found:
                    facts = {"event_id": row.id, "account_id": row.account_id, "kind": kind}
                    if insert_or_ignore(Reminder, facts | {"starts_at": row.starts_at, "written_at": clock.now()}):
                        notices.remind(row, kind)
                yield len(found)


def still_comes(*, actor: Viewer, event: Any) -> AttendanceState:
    """The actor comes also to the time and place of now; a seat that is offered is taken.

    `event` is a row of `events.queries.event_to_answer(actor)`.
    """
    require(event.my_state is not None, "invited")
    if event.my_state != AttendanceState.GOING:
        guests = tuple(filter(None, (event.my_guests or "").split("\n")))
        reply = Reply(Answer.GOING, is_online=bool(event.my_is_online), guests=guests)
        return attendance_actions.answer_event(actor=actor, event=event, reply=reply)
    require(event.may_answer, "member")
    mine = sa.and_(Attendance.account_id == actor.id, Attendance.event_id == event.id)
    confirmed = sa.update(Attendance).where(mine, Attendance.state == AttendanceState.GOING)
    db.session.execute(confirmed.values(asked_again_at=None).execution_options(synchronize_session=False))
    return AttendanceState.GOING


def comes_not(*, actor: Viewer, event: Any) -> AttendanceState:
    """The actor gives back what they held, and whoever waits moves up."""
    require(event.my_state is not None, "invited")
    return attendance_actions.answer_event(actor=actor, event=event, reply=Reply(Answer.NOT_GOING))
