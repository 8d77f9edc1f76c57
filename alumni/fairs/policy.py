"""Who runs a fair, who speaks for a company, who asks to meet one."""

import sqlalchemy as sa

from alumni.accounts.policy import in_good_standing
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Attendance, AttendanceState, Event, EventKind
from alumni.fairs.models import Company, MeetingRequest

KINDS = (EventKind.FAIR, EventKind.CONFERENCE, EventKind.SEMINAR)  # to which companies come


def can_run(viewer: Viewer, event_id: int) -> bool:
    """Enter companies and their times: whoever runs the event."""
    return events_policy.can_run(viewer, event_id)


def goes_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Event: the viewer is going."""
    is_going = there_is(
        Attendance,
        Attendance.event_id == Event.id,
        Attendance.account_id == viewer.id,
        Attendance.state == AttendanceState.GOING,
    )
    return sa.and_(in_good_standing(viewer), events_policy.visible_to(viewer), is_going)


def can_ask(viewer: Viewer, event_id: int) -> bool:
    """Ask to meet a company: whoever is going."""
    return _holds(there_is(Event, Event.id == event_id, goes_to(viewer)))


def represented_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Company: the viewer speaks for it, or runs the event. They decide whom it meets."""
    speaks = sa.and_(
        in_good_standing(viewer),
        Company.contact_id == viewer.id,
        there_is(Event, Event.id == Company.event_id, events_policy.visible_to(viewer)),
    )
    return sa.or_(speaks, there_is(Event, Event.id == Company.event_id, events_policy.run_by(viewer)))


def can_represent(viewer: Viewer, company_id: int) -> bool:
    return _holds(there_is(Company, Company.id == company_id, represented_by(viewer)))


def counts() -> sa.ColumnElement[bool]:
    """Clause on MeetingRequest and Company beside it: whoever asked is still going."""
    return there_is(
        Attendance,
        Attendance.event_id == Company.event_id,
        Attendance.account_id == MeetingRequest.account_id,
        Attendance.state == AttendanceState.GOING,
    )


def _holds(clause: sa.ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(sa.select(sa.true()).where(clause)))
