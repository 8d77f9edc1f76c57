"""Who writes the report of an event and who reads it; whom it is asked how it was, until when, and from how many on."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.arrivals.models import Arrival
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event, EventState
from alumni.reports.models import EventReport, ReportPicture

FEEDBACK_STAYS = timedelta(days=30)  # after the end
LEAST_ANSWERS = 3  # fewer are a number and nothing else
LEAST_SHOWN = 5  # people of a country or a programme; fewer are told to organisers alone


def can_write(viewer: Viewer, event_id: int) -> bool:
    """Whoever runs the event."""
    return events_policy.can_run(viewer, event_id)


def has_begun(event: Any, now: datetime) -> bool:
    return bool(event.state == EventState.PUBLISHED and event.starts_at <= now)


def report_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on EventReport: a published one for whoever sees the event, a draft for whoever runs it."""
    seen = there_is(Event, Event.id == EventReport.event_id, events_policy.visible_to(viewer))
    run = there_is(Event, Event.id == EventReport.event_id, events_policy.run_by(viewer))
    return sa.and_(seen, sa.or_(EventReport.is_published, run))


def picture_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on ReportPicture: whoever reads the report."""
    return there_is(EventReport, EventReport.event_id == ReportPicture.event_id, report_visible_to(viewer))


def came(viewer: Viewer, event_id: int) -> sa.ColumnElement[bool]:
    """Clause: the viewer was noted at the door; where nobody was noted, said to be going."""
    at_the_door = there_is(Arrival, Arrival.event_id == event_id, Arrival.account_id == viewer.id)
    anybody = there_is(Arrival, Arrival.event_id == event_id)
    going = there_is(
        Attendance,
        Attendance.event_id == event_id,
        Attendance.account_id == viewer.id,
        Attendance.state == AttendanceState.GOING,
    )
    return sa.or_(at_the_door, sa.and_(sa.not_(anybody), going))


def can_say_how_it_was(viewer: Viewer, event_id: int) -> bool:
    """Whoever came."""
    may = viewer.is_authenticated and not viewer.is_suspended
    return may and bool(db.session.scalar(sa.select(came(viewer, event_id))))


def takes_feedback(event: Any, now: datetime) -> bool:
    """From the end of the event, for thirty days."""
    is_time = bool(event.ends_at <= now < event.ends_at + FEEDBACK_STAYS)
    return is_time and event.state == EventState.PUBLISHED
