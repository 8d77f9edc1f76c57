"""Who sees an event, who posts, changes, publishes and cancels one, who answers, who sees the others who go."""

import sqlalchemy as sa

from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events.models import Event, EventAudience, EventHost, EventInvitation, EventState, HostState
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Published and cancelled ones by their audience; proposed ones for who posted and who decides; all for admins."""
    by_audience = sa.or_(
        Event.audience == EventAudience.PUBLIC,
        sa.and_(Event.is_by_invitation, in_good_standing(viewer), is_invited(viewer)),
        sa.and_(Event.audience == EventAudience.MEMBERS, holds(viewer.is_verified), in_good_standing(viewer)),
        inside(viewer),
    )
    return sa.or_(
        sa.and_(holds(viewer.is_admin), in_good_standing(viewer)),
        sa.and_(
            Event.hidden_at.is_(None),
            sa.or_(
                sa.and_(Event.state.in_((EventState.PUBLISHED, EventState.CANCELLED)), by_audience),
                sa.and_(Event.state == EventState.PROPOSED, editable_by(viewer)),
            ),
        ),
    )


def inside(viewer: Who) -> sa.ColumnElement[bool]:
    """Belongs to the event's group, or to one that holds it too, and so sees who is going."""
    of_another_host = there_is(
        EventHost,
        EventHost.event_id == Event.id,
        EventHost.state == HostState.AGREED,
        there_is(Group, Group.id == EventHost.group_id, groups_policy.inside(viewer)),
    )
    return sa.or_(
        there_is(Group, Group.id == Event.group_id, groups_policy.inside(viewer)),
        sa.and_(Event.co_hosts > 0, of_another_host),
    )


def run_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Organises the event's group or one above it; admins everywhere, past meetings of no group included."""
    return sa.or_(
        sa.and_(holds(viewer.is_admin), in_good_standing(viewer)),
        there_is(Group, Group.id == Event.group_id, groups_policy.organised_by(viewer)),
    )


def editable_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Organisers; whoever posted it, while they are inside and it is only proposed. The same people may call it off."""
    own_proposal = sa.and_(Event.state == EventState.PROPOSED, Event.posted_by_id == viewer.id, inside(viewer))
    return sa.or_(own_proposal, run_by(viewer))


def answerable_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Those inside the group and, where the event is open to more, members with a verified participation.

    If it is by invitation: those invited, and who runs it.
    """
    open_to_members = Event.audience.in_((EventAudience.MEMBERS, EventAudience.PUBLIC))
    anybody = sa.or_(
        sa.and_(open_to_members, holds(viewer.is_verified), in_good_standing(viewer)),
        inside(viewer),
    )
    asked = sa.or_(sa.and_(in_good_standing(viewer), is_invited(viewer)), run_by(viewer))
    return sa.or_(sa.and_(sa.not_(Event.is_by_invitation), anybody), sa.and_(Event.is_by_invitation, asked))


def is_invited(viewer: Who) -> sa.ColumnElement[bool]:
    return there_is(EventInvitation, EventInvitation.event_id == Event.id, EventInvitation.account_id == viewer.id)


def postable_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause on Group: its active members propose an event, its organisers publish one."""
    is_member = there_is(
        Membership,
        Membership.group_id == Group.id,
        Membership.account_id == viewer.id,
        Membership.state == MembershipState.ACTIVE,
    )
    return sa.or_(sa.and_(in_good_standing(viewer), is_member), groups_policy.organised_by(viewer))


def can_post(viewer: Viewer, group_id: int) -> bool:
    return bool(
        db.session.scalar(sa.select(sa.true()).where(there_is(Group, Group.id == group_id, postable_by(viewer))))
    )


def can_publish(viewer: Viewer, group_id: int) -> bool:
    """What organisers post is published at once; what members post waits for them."""
    return groups_policy.can_organise(viewer, group_id)


def can_edit(viewer: Viewer, event: Event) -> bool:
    return _holds(editable_by(viewer), event)


def can_cancel(viewer: Viewer, event: Event) -> bool:
    return can_edit(viewer, event)


def can_decide(viewer: Viewer, event: Event) -> bool:
    """Publish what was proposed."""
    return _holds(run_by(viewer), event)


def can_run(viewer: Viewer, event_id: int) -> bool:
    """Decide who comes, and how one answers."""
    return bool(db.session.scalar(sa.select(sa.true()).where(there_is(Event, Event.id == event_id, run_by(viewer)))))


def can_hide(viewer: Viewer, event: Event) -> bool:
    """Moderators, and organisers of the tree until a moderator looks at it."""
    return (viewer.is_moderator and not viewer.is_suspended) or _holds(run_by(viewer), event)


def _holds(clause: sa.ColumnElement[bool], event: Event) -> bool:
    return bool(db.session.scalar(sa.select(sa.true()).where(there_is(Event, Event.id == event.id, clause))))
