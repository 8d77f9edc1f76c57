"""Hiding and showing what was reported, whatever it is."""

from alumni.core.viewer import Viewer
from alumni.events import actions as events_actions
from alumni.events.models import Event
from alumni.members import actions as members_actions
from alumni.members.models import Member
from alumni.posts import actions as posts_actions
from alumni.posts.models import Post


def hide_thing(actor: Viewer, thing: Post | Event | Member, reason: str) -> None:
    if isinstance(thing, Post):
        posts_actions.hide_post(actor=actor, post=thing, reason=reason)
    elif isinstance(thing, Event):
        events_actions.hide_event(actor=actor, event=thing, reason=reason)
    else:
        members_actions.hide_member(actor=actor, account_id=thing.account_id, reason=reason)


def show_thing(actor: Viewer, thing: Post | Event | Member, reason: str) -> None:
    if isinstance(thing, Post):
        posts_actions.restore_post(actor=actor, post=thing, reason=reason)
    elif isinstance(thing, Event):
        events_actions.restore_event(actor=actor, event=thing, reason=reason)
    else:
        members_actions.show_member(actor=actor, account_id=thing.account_id, reason=reason)
