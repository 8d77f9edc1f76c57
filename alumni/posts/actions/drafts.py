"""Drafts: what somebody began to write in a place, with its pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from alumni.core import clock, jobs
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.posts.actions.pictures import FORGET_POST_PICTURE, MOST_PICTURES, Kept
from alumni.posts.models import Post, PostDraft, PostPicture
from alumni.posts.queries.drafts import find_pictures_of_draft


@dataclass(frozen=True, slots=True)
class Place:
    """Where one writes: to a group, to a programme, or in answer to a post."""

    group_id: int | None = None
    programme_id: int | None = None
    post_id: int | None = None

    @property
    def name(self) -> str:
        if self.post_id:
            return f"post {self.post_id}"
        return f"group {self.group_id}" if self.group_id else f"programme {self.programme_id}"


def save_draft(*, actor: Viewer, place: Place, body: str, language: str) -> PostDraft:
    """Keeps what was typed until it is posted. There is one draft for each place."""
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    where = {"group_id": place.group_id, "programme_id": place.programme_id, "post_id": place.post_id}
    said = {"body": body, "language": language, "saved_at": clock.now()}
    mine = sa.and_(PostDraft.account_id == actor.id, PostDraft.place == place.name)
    if not insert_or_ignore(PostDraft, {"account_id": actor.id, "place": place.name} | where | said):
        change = sa.update(PostDraft).where(mine).values(said)
        db.session.execute(change.execution_options(synchronize_session=False))
    return db.session.scalars(sa.select(PostDraft).where(mine).execution_options(populate_existing=True)).one()


def add_pictures(draft: PostDraft, kept: Sequence[tuple[Kept, str]]) -> None:
    """These pictures belong to the draft, each with what is in it. Raises Invalid("picture") beyond four."""
    if len(find_pictures_of_draft(draft.id)) + len(kept) > MOST_PICTURES:
        raise Invalid("picture", "pictures-many", most=MOST_PICTURES)
    for picture, alt in kept:
        db.session.add(
            PostPicture(draft_id=draft.id, name=picture.name, alt=alt, width=picture.width, height=picture.height)
        )
    db.session.flush()


def change_draft_pictures(draft: PostDraft, alts: Mapping[str, str], remove: Sequence[str]) -> None:
    """Says what is in the pictures of a draft, by their names, or takes some out."""
    for picture in find_pictures_of_draft(draft.id):
        if picture.name in remove:
            jobs.enqueue(FORGET_POST_PICTURE, name=picture.name)
            db.session.delete(picture)
        elif picture.name in alts:
            picture.alt = alts[picture.name]
    db.session.flush()


def use_draft(actor: Viewer, place: Place, post: Post) -> None:
    """What was drafted is posted: its pictures go over to the post."""
    mine = sa.select(PostDraft.id).where(PostDraft.account_id == actor.id, PostDraft.place == place.name)
    draft_id = db.session.scalar(mine)
    if draft_id is None:
        return
    pictures = sa.update(PostPicture).where(PostPicture.draft_id == draft_id)
    moved = pictures.values(post_id=post.id, draft_id=None)
    db.session.execute(moved.execution_options(synchronize_session=False))
    gone = sa.delete(PostDraft).where(PostDraft.id == draft_id)
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire_all()
