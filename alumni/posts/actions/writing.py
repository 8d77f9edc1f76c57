"""Writing, answering, editing, taking back."""

from typing import Any

import sqlalchemy as sa

from alumni.core import clock, jobs
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.posts import notices, policy
from alumni.posts.actions.counting import count_answers
from alumni.posts.actions.drafts import Place, use_draft
from alumni.posts.actions.pictures import FORGET_POST_PICTURE
from alumni.posts.actions.visits import note_visit
from alumni.posts.actions.waiting import has_to_wait, hold_back, require_new_words
from alumni.posts.models import Post, PostPicture, PostVersion

TELL_OF_POST = notices.TELL_OF_POST


class PostChanged(DomainError):
    """It was edited meanwhile, in another window."""


def write_post(
    *, actor: Viewer, group: Any, key: str, body: str, language: str = "en", has_draft: bool = False
) -> Post:
    """Says something to a group, with the pictures of the draft if it was written there.

    The same key of the same author makes one post, however often it is sent. Whoever writes has seen what is there.
    """
    require(policy.can_write(actor, group.id), "insider")
    groups_actions.require_open(group)
    facts = {"key": key, "body": body, "language": language, "group_id": group.id}
    post = _write(actor, facts, Place(group_id=group.id) if has_draft else None)
    note_visit(actor, group.id)
    return post


def write_to_programme(
    *, actor: Viewer, programme: Any, key: str, body: str, language: str = "en", has_draft: bool = False
) -> Post:
    """Says something to everybody with a verified participation in a programme or its editions."""
    require(policy.can_write_to_programme(actor, programme.id), "graduate")
    facts = {"key": key, "body": body, "language": language, "programme_id": programme.id}
    return _write(actor, facts, Place(programme_id=programme.id) if has_draft else None)


def write_answer(
    *, actor: Viewer, post: Post, key: str, body: str, language: str = "en", has_draft: bool = False
) -> Post:
    """Answers a post. An answer to an answer belongs to the same post. Raises NotFound if that is gone by now."""
    require(policy.can_answer(actor, post), "insider")
    if post.group_id is not None:
        groups_actions.require_open(db.session.get_one(Group, post.group_id))
    parent_id = post.parent_id or post.id
    facts = {"key": key, "body": body, "language": language, "parent_id": parent_id}
    place = {"group_id": post.group_id, "programme_id": post.programme_id}
    return _write(actor, facts | place, Place(post_id=parent_id) if has_draft else None)


def _write(actor: Viewer, facts: dict[str, Any], draft: Place | None) -> Post:
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    facts = facts | {"author_id": actor.id}
    if "parent_id" not in facts:
        require_new_words(actor, facts["body"], key=facts["key"], group_id=facts.get("group_id"))
    if has_to_wait(actor, facts["body"], facts.get("group_id")):
        facts |= {"hidden_at": clock.now(), "waits_at": clock.now()}
    is_new = insert_or_ignore(Post, facts)
    where = [getattr(Post, name) == facts.get(name) for name in ("key", "author_id", "group_id", "parent_id")]
    post = db.session.scalar(sa.select(Post).where(*where))
    if post is None:  # the key is somebody else's
        is_new, post = True, Post(**facts | {"key": new_key()})
        db.session.add(post)
        db.session.flush()
    if is_new and post.parent_id is not None and post.waits_at is None and not count_answers(post.parent_id, 1):
        raise NotFound
    if draft is not None:
        use_draft(actor, draft, post)
    if is_new and post.parent_id is not None:
        author = sa.select(Post.author_id).where(Post.id == post.parent_id)
        notices.tell_author_of_answer(post, db.session.scalar(author))
    elif is_new and post.group_id is not None:
        notices.tell_of_post(post)
    return post


def edit_post(*, actor: Viewer, post: Post, body: str, language: str, edits: int | None = None) -> None:
    """The author writes it anew; how it read before is kept. Raises PostChanged if it is not as it was seen."""
    require(policy.can_edit(actor, post), "owner")
    if (body, language) == (post.body, post.language):
        return
    seen, now = post.edits if edits is None else edits, clock.now()
    before = {
        "post_id": post.id,
        "number": post.edits,
        "language": post.language,
        "body": post.body,
        "written_at": post.edited_at or post.created_at,
    }
    change = sa.update(Post).where(Post.id == post.id, Post.edits == seen)
    values = {"body": body, "language": language, "edited_at": now, "edits": Post.edits + 1}
    result = db.session.execute(change.values(values).execution_options(synchronize_session=False))
    if not result.rowcount or before["number"] != seen:  # type: ignore[attr-defined]
        raise PostChanged
    db.session.add(PostVersion(**before))
    db.session.flush()
    db.session.refresh(post)
    if has_to_wait(actor, body, post.group_id):
        hold_back(post)


def delete_post(*, actor: Viewer, post: Post) -> None:
    """Takes back what the actor wrote, for good, with its answers and pictures."""
    require(policy.can_delete(actor, post), "owner")
    _forget_pictures(post)
    parent_id, waits = post.parent_id, post.waits_at is not None
    is_there = sa.or_(Post.hidden_at.is_(None), Post.waits_at.is_not(None))
    gone = db.session.execute(sa.delete(Post).where(Post.id == post.id, is_there))
    if gone.rowcount and parent_id is not None and not waits:  # type: ignore[attr-defined]
        count_answers(parent_id, -1)


def delete_removed(post: Post) -> None:
    """What moderators removed is gone for good once nobody can appeal any more; it is hidden, so no count changes."""
    _forget_pictures(post)
    db.session.execute(sa.delete(Post).where(Post.id == post.id, Post.hidden_at.is_not(None)))


def _forget_pictures(post: Post) -> None:
    for name in db.session.scalars(sa.select(PostPicture.name).where(PostPicture.post_id == post.id)):
        jobs.enqueue(FORGET_POST_PICTURE, name=name)
