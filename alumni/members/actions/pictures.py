"""The picture of a member: files in the store under a random name, and the row that holds the name."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from alumni.core import clock, jobs, limits, pictures, storage
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.members.actions.listings import refresh_listings
from alumni.members.actions.profile import own_profile
from alumni.members.models import Member

FORGET_PICTURE = "forget picture"  # the kind of the job
A_WHILE = timedelta(days=1)  # a file without a row may belong to a change that is not committed yet


def count_picture(actor: Viewer) -> None:
    """Counts one try to send a picture. Raises TooMany. The door commits before it goes on."""
    require(actor.is_authenticated, "owner")
    limits.count("picture", account=actor.id)


def keep_picture(data: bytes) -> str:
    """Makes the small pictures, writes them, and returns their name. Touches no row: it takes its time.

    Raises Invalid("picture") for what is no picture, and StorageAway.
    """
    made = pictures.derive(data)
    name = new_key(pictures.NAME_LETTERS)
    for size, file in made.items():
        storage.files().put(pictures.file_of(name, size), file)
    return name


def change_picture(actor: Viewer, name: str) -> Member:
    """The actor's picture is the one of this name from now on, everywhere; the files of the former one go."""
    member = own_profile(actor)
    if member.picture:
        jobs.enqueue(FORGET_PICTURE, name=member.picture)
    member.picture, member.updated_at = name, clock.now()
    refresh_listings(member)
    return member


def remove_picture(actor: Viewer) -> Member:
    """Without a picture. Removing what is not there does no harm."""
    return change_picture(actor, "")


def forget_picture(name: str) -> None:
    """Deletes the files of a picture, unless a member has it."""
    if name not in _held([name]):
        for size in pictures.SIZES:
            storage.files().delete(pictures.file_of(name, size))


def sweep_pictures() -> int:
    """Deletes the files that no member has: what a crash or a closed account left behind. Returns how many."""
    gone = 0
    for files in storage.files().names(beneath=pictures.FOLDER, before=clock.now() - A_WHILE):
        held = _held({pictures.name_of(file) for file in files})
        for file in files:
            if pictures.name_of(file) not in held:
                storage.files().delete(file)
                gone += 1
    return gone


def _held(names: Iterable[str]) -> set[str]:
    return set(db.session.scalars(sa.select(Member.picture).where(Member.picture.in_(names))))
