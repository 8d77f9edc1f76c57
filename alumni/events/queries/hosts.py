"""Which groups hold an event together, and what a group is asked."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.events.models import Event, EventHost, EventState, HostState
from alumni.events.queries.events import ROW
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group


@ready()
def hosts_of(viewer: Viewer, *, event_id: int) -> sa.Select[Any]:
    """The groups that hold an event besides its own, as far as the viewer may know of them."""
    select = (
        sa.select(Group.slug, Group.name, EventHost.state)
        .join(EventHost, EventHost.group_id == Group.id)
        .where(EventHost.event_id == event_id, EventHost.state == HostState.AGREED, groups_policy.visible_to(viewer))
    )
    return select.order_by(Group.sort_key, Group.id)


def asked_hosts(event_id: int) -> Sequence[Any]:
    """For who runs the event: every group that was asked, and what it said."""
    select = sa.select(Group.slug, Group.name, EventHost.state).join(EventHost, EventHost.group_id == Group.id)
    return db.session.execute(select.where(EventHost.event_id == event_id).order_by(Group.sort_key, Group.id)).all()


def hosting_asked(viewer: Viewer, group_id: int) -> Sequence[Any]:
    """For who organises a group: the events ahead that it is asked to hold, or holds, with another."""
    select = (
        sa.select(*ROW, EventHost.state.label("host_state"))
        .join_from(Event, EventHost, EventHost.event_id == Event.id)
        .outerjoin(Group, Group.id == Event.group_id)
        .where(
            EventHost.group_id == group_id,
            EventHost.state != HostState.DECLINED,
            Event.state != EventState.CANCELLED,
            Event.hidden_at.is_(None),
            there_is(Group, Group.id == group_id, groups_policy.organised_by(viewer)),
        )
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(100)
    )
    return db.session.execute(select).all()


def find_hosting(event_slug: str, group_id: int) -> tuple[EventHost, Event] | None:
    """What a group was asked about an event, and the event."""
    select = sa.select(EventHost, Event).join(Event, Event.id == EventHost.event_id)
    row = db.session.execute(select.where(Event.slug == event_slug, EventHost.group_id == group_id)).first()
    return (row[0], row[1]) if row else None
