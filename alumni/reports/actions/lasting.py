"""The people of an event become a group that lasts: whoever wants to, by an invitation."""

from dataclasses import dataclass
from typing import Any

from alumni.core import audit
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.events.actions import seats
from alumni.groups.models import Group, GroupKind
from alumni.invites import actions as invites_actions
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.reports import policy, queries
from alumni.reports.actions.writing import require_begun
from alumni.reports.models import LastingGroup
from alumni.settings import actions as settings_actions
from alumni.settings.actions import NewGroup


@dataclass(frozen=True, slots=True)
class LastingDraft:
    """`words`: what stands in the letters."""

    name: str
    about: str
    words: str = ""


def make_lasting_group(*, actor: Viewer, event: Any, draft: LastingDraft, key: str) -> tuple[Group, LastingGroup]:
    """A new group below that of the event, which the actor organises; those who came are invited, once.

    Nobody is put in. An event has one such group: asked again, it is the one that there is. Raises EventNotBegun.
    """
    require(policy.can_write(actor, event.id), "organiser")
    require_begun(event)
    seats.hold(event.id)  # of two who press at once, the second finds the group of the first
    there = queries.find_lasting(event.id)
    if there is not None:
        return db.session.get_one(Group, there.group_id), there
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    parent = db.session.query(Group).filter_by(slug=event.group_slug).one() if event.group_slug else None
    new = NewGroup(GroupKind.INTEREST, draft.name, draft.about, event.country or "")
    group = settings_actions.make_group(actor=actor, key=key, parent=parent, new=new)
    emails = queries.addresses_to_invite(actor, event.id)
    invited = invites_actions.invite(actor=actor, group=group, emails=emails, words=draft.words, hides_addresses=True)
    lasting = LastingGroup(event_id=event.id, group_id=group.id, invited=invited)
    db.session.add(lasting)
    db.session.flush()
    audit.record(actor, "event.lasting-group", f"event:{event.slug}", group=group.slug, letters=invited)
    return group, lasting
