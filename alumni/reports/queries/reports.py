"""A report and its pictures."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.reports import policy
from alumni.reports.models import EventReport, ReportPicture


def report_of(viewer: Viewer, event_id: int) -> sa.Select[tuple[EventReport]]:
    """The report of an event, if the viewer may read it."""
    return sa.select(EventReport).where(EventReport.event_id == event_id, policy.report_visible_to(viewer))


def find_report(event_id: int) -> EventReport | None:
    """For whoever writes it."""
    return db.session.get(EventReport, event_id)


def find_held_report(event_id: int) -> EventReport | None:
    """The same, held until the end of the transaction."""
    select = sa.select(EventReport).where(EventReport.event_id == event_id).with_for_update()
    return db.session.scalar(select.execution_options(populate_existing=True))


def pictures_of(event_id: int) -> Sequence[ReportPicture]:
    """Of a report that was read under its rule."""
    return db.session.scalars(
        sa.select(ReportPicture).where(ReportPicture.event_id == event_id).order_by(ReportPicture.id)
    ).all()


def pictures_open_to(viewer: Viewer, name: str) -> sa.Select[Any]:
    return sa.select(ReportPicture.id).where(ReportPicture.name == name, policy.picture_visible_to(viewer))


def text_in(report: Any, part: str, language: str) -> tuple[str, str]:
    """The words or the minutes in a language, else in the one in which there are some; and in which that is."""
    own, other = ("ja", "en") if language == "ja" else ("en", "ja")
    text: str = getattr(report, f"{part}_{own}")
    return (text, own) if text else (getattr(report, f"{part}_{other}"), other)
