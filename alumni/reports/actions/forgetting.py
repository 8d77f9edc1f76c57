"""Somebody is erased: what they said at an event may stay in its report, their name does not."""

from collections.abc import Iterator

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.text import fold
from alumni.events.models import Attendance
from alumni.members.models import Member
from alumni.reports.models import EventReport


def forget_person(account_id: int) -> Iterator[int]:
    """Takes their names from the quotes of events that they answered. Yields each report that changes.

    A quote names whom its writer typed, so it is found by the name alone.
    """
    member = db.session.get(Member, account_id)
    if member is None:
        return
    former = member.former_names.split("\n")
    names = {fold(name) for name in (member.name, member.name_romanised, member.call_me, *former) if name}
    theirs = sa.select(EventReport).join(Attendance, Attendance.event_id == EventReport.event_id)
    for report in db.session.scalars(theirs.where(Attendance.account_id == account_id)).all():
        quotes = [quote | {"by": "" if fold(quote["by"]) in names else quote["by"]} for quote in report.quotes]
        if quotes != report.quotes:
            report.quotes = quotes
            yield report.event_id
