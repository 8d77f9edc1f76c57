"""The group that came of an event, whom it invites, and what the page of the event says afterwards."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events.models import Event
from alumni.events.queries import Afterwards
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.reports import policy
from alumni.reports.models import EventReport, FeedbackSheet, LastingGroup
from alumni.reports.queries.feedback import ids_who_came

MOST_INVITED = 500  # in one go: as many as an organiser may invite in a day


def find_lasting(event_id: int) -> LastingGroup | None:
    return db.session.get(LastingGroup, event_id)


def addresses_to_invite(viewer: Viewer, event_id: int) -> list[str]:
    """Of those who came, but for the viewer. For letters only: nobody is shown them."""
    select = sa.select(Account.email).where(
        Account.id.in_(ids_who_came(event_id)), Account.id != viewer.id, Account.state == AccountState.ACTIVE
    )
    return list(db.session.scalars(select.order_by(Account.id).limit(MOST_INVITED)))


def what_came_of(viewer: Viewer, event: Any) -> Afterwards:
    """Whether there is a report to read, whether the viewer is asked how it was, and the group that they may see."""
    seen = sa.and_(Group.id == LastingGroup.group_id, groups_policy.visible_to(viewer))
    row = db.session.execute(
        sa.select(
            there_is(EventReport, EventReport.event_id == Event.id, policy.report_visible_to(viewer)).label(
                "has_report"
            ),
            there_is(FeedbackSheet, FeedbackSheet.event_id == Event.id).label("asks"),
            Group.slug,
            Group.name,
        )
        .outerjoin_from(Event, LastingGroup, LastingGroup.event_id == Event.id)
        .outerjoin(Group, seen)
        .where(Event.id == event.id)
    ).one()
    is_asked = row.asks and policy.takes_feedback(event, clock.now())
    return Afterwards(
        has_report=row.has_report,
        asks=is_asked and policy.can_say_how_it_was(viewer, event.id),
        group_slug=row.slug or "",
        group_name=row.name or "",
    )
