"""The facts of a letter from the world as it is when it goes. None: its reader gets it no more."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account
from alumni.accounts.queries import viewer_of
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.deliveries.queries.digests import find_news
from alumni.events import policy as events_policy
from alumni.events.models import Event, EventState
from alumni.groups.models import Group, Rhythm
from alumni.mailing import queries as mailing_queries
from alumni.mailing.models import Kind
from alumni.mailing.policy import LETTERS, RHYTHMS
from alumni.members.models import Audience, Listing
from alumni.messages import queries as messages_queries
from alumni.messages.models import Conversation
from alumni.posts import policy as posts_policy
from alumni.posts.models import Post

Facts = dict[str, Any]


def facts_of(account: Account, template: str, given: Facts) -> Facts | None:
    """What the letter says; None when its reader may not see the thing, or wants no such letter."""
    facts, letter = facts_seen_by(account, template, given), LETTERS[template]
    if facts is None or (letter.is_chosen and not _wants(account, letter.kind, facts)):
        return None
    return facts


def facts_seen_by(account: Account, template: str, given: Facts) -> Facts | None:
    """What the letter says; None when its reader may not see the thing."""
    viewer, letter = viewer_of(account), LETTERS[template]
    if letter.of_event and "slug" in given and not sees_event(viewer, given["slug"]):
        return None
    more = _MORE.get(template)
    facts = given | more(viewer, given) if more else given
    return None if "nothing" in facts else facts


def wants_at_all(account_id: int, template: str, given: Facts) -> bool:
    """Whether somebody has not stopped letters of this kind, or those of this group."""
    kind = LETTERS[template].kind
    if kind not in RHYTHMS:
        return True
    is_muted = _is_muted(account_id, kind, given)
    return not is_muted and mailing_queries.chosen_rhythm(account_id, kind) != Rhythm.NONE


def _wants(account: Account, kind: Kind, facts: Facts) -> bool:
    if kind == Kind.DIGEST:
        return mailing_queries.chosen_rhythm(account.id, kind) != Rhythm.NONE
    group = facts.get("group_slug", "")
    if kind == Kind.NEWS:
        return mailing_queries.rhythm_in_group(account.id, group) == Rhythm.AT_ONCE
    is_muted = _is_muted(account.id, kind, facts)
    return not is_muted and mailing_queries.chosen_rhythm(account.id, kind) == Rhythm.AT_ONCE


def _is_muted(account_id: int, kind: Kind, facts: Facts) -> bool:
    """An announcement of a group of which its reader wants nothing."""
    group = facts.get("group_slug", "")
    return bool(
        kind == Kind.ANNOUNCEMENTS and group and mailing_queries.rhythm_in_group(account_id, group) == Rhythm.NONE
    )


def sees_event(viewer: Viewer, slug: str) -> bool:
    return bool(db.session.scalar(sa.select(there_is(Event, Event.slug == slug, events_policy.visible_to(viewer)))))


def find_thing(template: str, facts: Facts) -> str:
    """What the letter is about, where two ways lead to a letter about the same; empty elsewhere."""
    if template in ("posts/new", "posts/announced"):
        return f"post:{facts['key']}"
    return f"event:{facts['slug']}" if template == "events/new" else ""


NOTHING: Mapping[str, Any] = {"nothing": True}


def _post(viewer: Viewer, given: Facts) -> Facts:
    shown = sa.and_(Listing.account_id == Post.author_id, Listing.audience == Audience.GROUPS)
    parent = aliased(Post)
    row = db.session.execute(
        sa.select(
            *(Post.key, Post.body, Group.name.label("group"), Group.slug.label("group_slug")),
            sa.func.coalesce(Listing.name, "").label("author"),
            sa.func.coalesce(parent.key, Post.key).label("thread"),
        )
        .outerjoin(Group, Group.id == Post.group_id)
        .outerjoin(parent, parent.id == Post.parent_id)
        .outerjoin(Listing, shown)
        .where(Post.key == given["key"], posts_policy.visible_to(viewer))
    ).first()
    return dict(row._mapping) if row else dict(NOTHING)


def _event(viewer: Viewer, given: Facts) -> Facts:
    row = db.session.execute(
        sa.select(
            *(Event.title, Event.starts_at, Event.zone.label("event_zone"), Event.place),
            *(Group.name.label("group"), Group.slug.label("group_slug")),
        )
        .join(Group, Group.id == Event.group_id)
        .where(Event.slug == given["slug"], Event.state == EventState.PUBLISHED)
    ).first()
    return dict(row._mapping) | {"starts": row.starts_at.isoformat()} if row else dict(NOTHING)


def _conversation(viewer: Viewer, given: Facts) -> Facts:
    """Blocked or left meanwhile, it is not there."""
    one = messages_queries.visible_conversations(viewer).where(Conversation.key == given["conversation"])
    return {} if db.session.execute(one).first() else dict(NOTHING)


def _digest(viewer: Viewer, given: Facts) -> Facts:
    news = find_news(viewer, **given)
    return {"news": news} if news.is_anything else dict(NOTHING)


def _profile(viewer: Viewer, given: Facts) -> Facts:
    row = mailing_queries.find_profile(viewer.id)
    return dict(row._mapping) if row else dict(NOTHING)


_MORE = {
    "posts/new": _post,
    "posts/answered": _post,
    "events/new": _event,
    "messages/asked": _conversation,
    "messages/written": _conversation,
    "digests/digest": _digest,
    "mailing/still_right": _profile,
}
