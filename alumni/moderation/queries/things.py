"""The thing that somebody reports: as its reader sees it, and as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.text import CONTROLS
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Event
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing, Member
from alumni.messages import policy as messages_policy
from alumni.messages import queries as messages_queries
from alumni.messages.models import Conversation, Message
from alumni.moderation.models import Report
from alumni.posts import policy as posts_policy
from alumni.posts.models import Post
from alumni.programmes.models import Programme

COLUMNS = {
    "post": Report.post_id,
    "event": Report.event_id,
    "member": Report.member_id,
    "message": Report.message_id,
    "group": Report.group_id,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be reported, and what it looks like to whoever is looking."""

    kind: str  # a key of COLUMNS
    id: int
    snapshot: dict[str, Any]
    hidden_at: datetime | None


def _posts() -> sa.Select[Any]:
    return (
        sa.select(
            Post.id,
            sa.literal("").label("title"),
            Post.body,
            sa.func.coalesce(Group.name, Programme.short).label("place"),
            sa.func.coalesce(Account.handle, "").label("author"),
            (sa.literal("/posts/") + Post.key).label("url"),
            Post.hidden_at,
            sa.literal("").label("audience"),
        )
        .select_from(Post)
        .outerjoin(Group, Group.id == Post.group_id)
        .outerjoin(Programme, Programme.id == Post.programme_id)
        .outerjoin(Account, Account.id == Post.author_id)
    )


def _events() -> sa.Select[Any]:
    return (
        sa.select(
            Event.id,
            Event.title,
            Event.description.label("body"),
            Event.place,
            sa.func.coalesce(Account.handle, "").label("author"),
            (sa.literal("/events/") + Event.slug).label("url"),
            Event.hidden_at,
            sa.literal("").label("audience"),
        )
        .select_from(Event)
        .outerjoin(Account, Account.id == Event.posted_by_id)
    )


def _listings() -> sa.Select[Any]:
    return sa.select(
        Listing.account_id.label("id"),
        Listing.name.label("title"),
        Listing.headline.label("body"),
        Listing.city.label("place"),
        Listing.handle.label("author"),
        (sa.literal("/members/") + Listing.handle).label("url"),
        sa.null().label("hidden_at"),
        Listing.audience,
    )


def _messages() -> sa.Select[Any]:
    return (
        sa.select(
            Message.id,
            sa.literal("").label("title"),
            Message.body,
            sa.literal("").label("place"),
            sa.func.coalesce(Account.handle, "").label("author"),
            (sa.literal("/messages/") + Conversation.key).label("url"),
            sa.null().label("hidden_at"),
            sa.literal("").label("audience"),
            Message.conversation_id,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Account, Account.id == Message.sender_id)
    )


def _groups() -> sa.Select[Any]:
    return sa.select(
        Group.id,
        Group.name.label("title"),
        Group.about.label("body"),
        sa.literal("").label("place"),
        sa.literal("").label("author"),
        (sa.literal("/groups/") + Group.slug).label("url"),
        sa.null().label("hidden_at"),
        sa.literal("").label("audience"),
    )


def find_named(viewer: Viewer, named: Mapping[str, Any]) -> Thing:
    """The one thing that `named` holds: post, event, member, message or group. Raises Invalid, or NotFound."""
    keys = [(kind, named[kind]) for kind in COLUMNS if named.get(kind)]
    if len(keys) != 1:
        raise Invalid("post", "one-thing")
    kind, key = keys[0]
    if not isinstance(key, str) or CONTROLS.search(key):
        raise NotFound
    thing = find_thing(viewer, kind, key)
    if thing is None:
        raise NotFound
    return thing


def find_thing(viewer: Viewer, kind: str, key: str) -> Thing | None:
    """What the viewer wants to report, if they may see it."""
    if kind == "post":
        select = _posts().where(Post.key == key, posts_policy.visible_to(viewer))
    elif kind == "event":
        select = _events().where(Event.slug == key, events_policy.visible_to(viewer))
    elif kind == "message":
        return _find_message(viewer, key)
    elif kind == "group":
        select = _groups().where(Group.slug == key, groups_policy.visible_to(viewer))
    else:
        closest_first = sa.case((Listing.audience == Audience.GROUPS, 0), else_=1)
        select = _listings().where(Listing.handle == key, members_policy.shown_to(viewer)).order_by(closest_first)
    return _read(kind, select)


def _find_message(viewer: Viewer, key: str) -> Thing | None:
    """A message with those around it: a moderator reads what was reported, and never the conversation."""
    row = db.session.execute(_messages().where(Message.key == key, messages_policy.message_visible_to(viewer))).first()
    return None if row is None else _thing("message", row, around=messages_queries.around(viewer, row))


def find_thing_now(report: Any) -> Thing | None:
    """How what was reported looks now, to the audience that saw it then. None when it is gone."""
    kind = report.snapshot["kind"]
    if kind == "message":  # it is never changed, and what else was written is not for moderators
        return None
    if kind == "post":
        return _read(kind, _posts().where(Post.id == report.post_id))
    if kind == "event":
        return _read(kind, _events().where(Event.id == report.event_id))
    if kind == "group":
        return _read(kind, _groups().where(Group.id == report.group_id))
    hidden_at = db.session.scalar(sa.select(Member.hidden_at).where(Member.account_id == report.member_id))
    if hidden_at is not None:  # there may be no row for that audience any more
        return Thing(kind, report.member_id, dict(report.snapshot), hidden_at)
    audience = Audience(report.snapshot["audience"])
    return _read(kind, _listings().where(Listing.account_id == report.member_id, Listing.audience == audience))


def _read(kind: str, select: sa.Select[Any]) -> Thing | None:
    row = db.session.execute(select).first()
    return None if row is None else _thing(kind, row)


def _thing(kind: str, row: Any, **more: Any) -> Thing:
    snapshot = {name: getattr(row, name) for name in ("title", "body", "place", "author", "url", "audience")}
    return Thing(kind, row.id, {"kind": kind, **snapshot, **more}, row.hidden_at)


def find_hideable(report: Report) -> Post | Event | Member | None:
    """The post, the event or the person at risk, to hide or to show again."""
    if report.post_id is not None:
        return db.session.get(Post, report.post_id)
    if report.event_id is not None:
        return db.session.get(Event, report.event_id)
    return db.session.get(Member, report.member_id) if report.member_id is not None else None


def group_of(thing: Post | Event | Member | None) -> int | None:
    """The group in which it stands, whose organisers look at it first."""
    return thing.group_id if isinstance(thing, Post | Event) else None


def find_author(report: Any) -> Account | None:
    """The account behind what was reported, even when the thing itself is gone."""
    return db.session.get(Account, report.about_id) if report.about_id is not None else None


def find_about(thing: Thing) -> int | None:
    """The id of the account behind a thing."""
    handle = thing.snapshot["author"]
    return db.session.scalar(sa.select(Account.id).where(Account.handle == handle)) if handle else None
