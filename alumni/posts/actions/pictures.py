"""The pictures of posts: files in the store under random names."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from alumni.core import keeping, limits, pictures, storage
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.posts.models import PostPicture

FORGET_POST_PICTURE = "forget post picture"  # the kind of the job
FOLDER = "posts"  # of the store
SIZES = (480, 1600)  # px of the longer side: in a feed, and to look at
MOST_PICTURES = 4
MOST_BYTES = MOST_PICTURES * pictures.MOST_BYTES  # of one form


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was stored, before any row names it."""

    name: str
    width: int
    height: int


def count_pictures(actor: Viewer) -> None:
    """Counts one try to send pictures. Raises TooMany. The door commits before it goes on."""
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    limits.count("picture of a post", account=actor.id)


def keep_picture(data: bytes) -> Kept:
    """Makes the picture anew in two sizes and stores it. Touches no row: it takes its time.

    Raises Invalid("picture") for what is no picture, and StorageAway.
    """
    views = pictures.derive_views(data, *SIZES)
    name = new_key(pictures.NAME_LETTERS)
    for size, view in zip(SIZES, views, strict=True):
        storage.files().put(file_of(name, size), view.file)
    return Kept(name, views[-1].width, views[-1].height)


def file_of(name: str, size: int) -> str:
    """Where the picture of this name lies in one of its sizes."""
    return f"{FOLDER}/{name[:2]}/{name}-{size}.webp"


def forget_post_picture(name: str) -> None:
    """Deletes the files of a picture, unless a post or a draft has it."""
    if name not in _held([name]):
        for size in SIZES:
            storage.files().delete(file_of(name, size))


def sweep_post_pictures() -> int:
    """Deletes the files that no post has: what a crash, or somebody who left, left behind. Returns how many."""
    return keeping.sweep(FOLDER, _held, name_of=pictures.name_of)


def _held(names: Collection[str]) -> set[str]:
    return set(db.session.scalars(sa.select(PostPicture.name).where(PostPicture.name.in_(names))))
