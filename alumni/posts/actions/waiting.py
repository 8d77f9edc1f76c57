"""What looks like advertising waits for an organiser or a moderator; its author sees that it does."""

import re
from datetime import timedelta

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.posts import notices, policy, queries
from alumni.posts.actions.counting import count_answers
from alumni.posts.models import HeldWord, Post

YOUNG = timedelta(days=7)  # an account of that age does not post links unseen
REPEATED_WITHIN = timedelta(days=1)
LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


class PostNotWaiting(DomainError):
    """Somebody else has looked at it, or its author has taken it back."""


def has_to_wait(actor: Viewer, body: str, group_id: int | None) -> bool:
    """A link from a young account, or a word that admins have named. Who lets others through does not wait."""
    is_young = bool(LINK.search(body)) and queries.is_younger(actor, YOUNG, clock.now())
    return (is_young or _holds_a_word(body)) and not policy.writes_freely(actor, group_id)


def _holds_a_word(body: str) -> bool:
    text = body.lower()
    words = [row.word for row in db.session.execute(queries.held_words())]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def require_new_words(actor: Viewer, body: str, *, key: str, group_id: int | None) -> None:
    """The same to several groups within a day is an announcement, and there is a way to make one."""
    since = clock.now() - REPEATED_WITHIN
    mine = " ".join(body.lower().split())
    if any(" ".join(other.lower().split()) == mine for other in queries.written_elsewhere(actor, key, group_id, since)):
        raise Invalid("body", "post-repeated")


def hold_back(post: Post) -> None:
    """What was edited so that it has to wait is hidden from the others until somebody has looked."""
    now = clock.now()
    if post.hidden_at is None:
        post.hidden_at, post.waits_at = now, now
        if post.parent_id is not None:
            count_answers(post.parent_id, -1)
        db.session.flush()


def let_through(*, actor: Viewer, post: Post) -> None:
    """Everybody reads it from now on. Of two who look at once, one decides."""
    require(policy.can_let_through(actor, post), "organiser")
    _settle(post, is_shown=True)
    if post.parent_id is not None:
        more = sa.update(Post).where(Post.id == post.parent_id).values(answers_count=Post.answers_count + 1)
        db.session.execute(more.execution_options(synchronize_session=False))
    audit.record(actor, "post.pass", f"post:{post.key}")


def refuse_post(*, actor: Viewer, post: Post) -> None:
    """It stays hidden, and its author is told."""
    require(policy.can_let_through(actor, post), "organiser")
    _settle(post, is_shown=False)
    audit.record(actor, "post.refuse", f"post:{post.key}")
    notices.tell_author_of_refusal(post)


def _settle(post: Post, *, is_shown: bool) -> None:
    values = {"waits_at": None} | ({"hidden_at": None} if is_shown else {})
    move = sa.update(Post).where(Post.id == post.id, Post.waits_at.is_not(None)).values(values)
    if not db.session.execute(move.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        raise PostNotWaiting
    db.session.refresh(post)


def add_word(*, actor: Viewer, word: str) -> None:
    """A post that holds it waits from now on. Adding it twice is adding it once."""
    require(policy.can_edit_words(actor), "admin")
    if insert_or_ignore(HeldWord, {"word": word.lower()}):
        audit.record(actor, "word.add", "words", word=word.lower())


def remove_word(*, actor: Viewer, word: HeldWord) -> None:
    require(policy.can_edit_words(actor), "admin")
    audit.record(actor, "word.remove", "words", word=word.word)
    db.session.delete(word)
    db.session.flush()
