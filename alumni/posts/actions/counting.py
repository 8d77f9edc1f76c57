"""How many answers a post has, kept in the transaction of each answer."""

import sqlalchemy as sa

from alumni.core.db import db
from alumni.posts.models import Post


def count_answers(parent_id: int, change: int) -> bool:
    """False when there is nothing to answer any more: it was hidden or deleted meanwhile."""
    update = (
        sa.update(Post)
        .where(Post.id == parent_id, *([Post.hidden_at.is_(None)] if change > 0 else []))
        .values(answers_count=Post.answers_count + change)
    )
    result = db.session.execute(update.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]
