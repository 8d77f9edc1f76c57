"""Minutes: every version stays, and one of them may be open to everybody."""

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.core.viewer import Viewer
from alumni.meetings.actions.choosing import require_keeper
from alumni.meetings.models import Meeting, Minutes


class MinutesMoved(DomainError):
    """Somebody else wrote a version since this one was begun."""


class MinutesMissing(DomainError):
    """There are no minutes to publish, or none that are published."""


def write_minutes(*, actor: Viewer, meeting: Meeting, based_on: int, body: str, change: str = "") -> int:
    """Adds a version, and returns its number. Raises MinutesMoved unless `based_on` is still the last one."""
    require_keeper(actor, meeting.group_id)
    version = based_on + 1
    if not _move(meeting, Meeting.minutes_version == based_on, minutes_version=version):
        raise MinutesMoved
    db.session.add(Minutes(meeting_id=meeting.id, version=version, body=body, change=change, written_by_id=actor.id))
    db.session.flush()
    audit.record(actor, "minutes.write", f"meeting:{meeting.slug}", reason=change, version=version)
    return version


def publish_minutes(*, actor: Viewer, meeting: Meeting) -> None:
    """Everybody who sees the group reads the last version; later ones stay inside until they are published too."""
    require_keeper(actor, meeting.group_id)
    last = meeting.minutes_version
    if last == 0:
        raise MinutesMissing
    if not _move(meeting, Meeting.minutes_version == last, published_version=last):
        raise MinutesMoved
    audit.record(actor, "minutes.publish", f"meeting:{meeting.slug}", version=last)


def withdraw_minutes(*, actor: Viewer, meeting: Meeting) -> None:
    """Only those inside read the minutes again."""
    require_keeper(actor, meeting.group_id)
    if not _move(meeting, Meeting.published_version.is_not(None), published_version=None):
        raise MinutesMissing
    audit.record(actor, "minutes.withdraw", f"meeting:{meeting.slug}")


def _move(meeting: Meeting, only_if: sa.ColumnElement[bool], **values: int | None) -> bool:
    """Of two who do it at once, one does it."""
    change = sa.update(Meeting).where(Meeting.id == meeting.id, only_if).values(values)
    result = db.session.execute(change.execution_options(synchronize_session=False))
    db.session.refresh(meeting)
    return bool(result.rowcount)  # type: ignore[attr-defined]
