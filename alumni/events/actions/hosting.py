"""Holding an event together: one group asks, the other agrees or does not, and either may end it."""

from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.viewer import Viewer
from alumni.events import notices, policy, queries
from alumni.events.actions.posting import EventCancelled, EventOver
from alumni.events.models import Event, EventHost, EventState, HostState
from alumni.groups import actions as groups_actions
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group

MOST_HOSTS = 20


def ask_to_host(*, actor: Viewer, event: Event, group: Group) -> None:
    """Asks another group to hold the event too. Asked once; who organises it gets a letter."""
    require(policy.can_run(actor, event.id), "organiser")
    groups_actions.require_open(group)
    _require_ahead(event)
    if group.id == event.group_id:
        raise Invalid("group", "holds-it-already")
    if len(queries.asked_hosts(event.id)) >= MOST_HOSTS:
        raise Invalid("group", "too-many-hosts", most=MOST_HOSTS)
    row = {"event_id": event.id, "group_id": group.id, "state": HostState.ASKED}
    if insert_or_ignore(EventHost, row | {"asked_by_id": actor.id, "asked_at": clock.now()}):
        notices.tell_organisers_of_hosting(event, group)
        audit.record(actor, "event.ask-host", f"event:{event.slug}", group=group.slug)


def answer_hosting(*, actor: Viewer, group: Group, event_slug: str, agrees: bool) -> Event:
    """The group holds it too from now on, or does not. Whoever asked gets a letter."""
    require(groups_policy.can_organise(actor, group.id), "organiser")
    hosting, event = _found(event_slug, group)
    _require_ahead(event)
    said = HostState.AGREED if agrees else HostState.DECLINED
    if _turn(hosting, HostState.ASKED, said, actor):
        _count(event, int(agrees))
        notices.tell_of_hosting_answer(hosting, event, group)
        audit.record(actor, f"event.host-{said}", f"event:{event.slug}", group=group.slug)
    return event


def end_hosting(*, actor: Viewer, group: Group, event_slug: str) -> Event:
    """One of the two sides ends it, or takes back what it asked."""
    hosting, event = _found(event_slug, group)
    may = policy.can_run(actor, event.id) or groups_policy.can_organise(actor, group.id)
    require(may, "organiser")
    was = HostState(hosting.state)
    gone = sa.delete(EventHost).where(
        EventHost.event_id == event.id, EventHost.group_id == group.id, EventHost.state == was
    )
    result: Any = db.session.execute(gone.execution_options(synchronize_session=False))
    if result.rowcount:
        _count(event, -int(was == HostState.AGREED))
        audit.record(actor, "event.end-host", f"event:{event.slug}", group=group.slug)
    db.session.expire_all()
    return event


def _found(event_slug: str, group: Group) -> tuple[EventHost, Event]:
    found = queries.find_hosting(event_slug, group.id)
    if found is None:
        raise NotFound
    return found


def _require_ahead(event: Event) -> None:
    if event.state == EventState.CANCELLED:
        raise EventCancelled
    if event.ends_at <= clock.now():
        raise EventOver


def _turn(hosting: EventHost, was: HostState, now: HostState, actor: Viewer) -> bool:
    """Two who answer at once: the first counts."""
    turned = (
        sa.update(EventHost)
        .where(EventHost.event_id == hosting.event_id, EventHost.group_id == hosting.group_id, EventHost.state == was)
        .values(state=now, decided_by_id=actor.id, decided_at=clock.now())
    )
    result: Any = db.session.execute(turned.execution_options(synchronize_session=False))
    db.session.refresh(hosting)
    return bool(result.rowcount)


def _count(event: Event, change: int) -> None:
    if change:
        changed = sa.update(Event).where(Event.id == event.id).values(co_hosts=Event.co_hosts + change)
        db.session.execute(changed.execution_options(synchronize_session=False))
