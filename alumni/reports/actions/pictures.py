"""The pictures of reports: files in the store under random names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core import jobs, keeping, limits, pictures, storage
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.reports import policy, queries
from alumni.reports.actions.writing import hold_report
from alumni.reports.models import ReportPicture

FORGET_REPORT_PICTURE = "forget report picture"  # the kind of the job
FOLDER = "reports"  # of the store
SIZES = (480, 1600)  # px of the longer side: on a page, and to print
MOST_PICTURES = 6
MOST_BYTES = MOST_PICTURES * pictures.MOST_BYTES  # of one form


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was stored, before any row names it."""

    name: str
    width: int
    height: int


def count_pictures(actor: Viewer, event: Any) -> None:
    """Counts one try to send pictures. Raises TooMany. The door commits before it goes on."""
    require(policy.can_write(actor, event.id), "organiser")
    limits.count("picture of a report", account=actor.id)


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


def add_pictures(*, actor: Viewer, event: Any, kept: Sequence[tuple[Kept, str]]) -> None:
    """These pictures stand in the report, each with its caption. Raises Invalid("picture") beyond six."""
    report = hold_report(actor, event)
    if len(queries.pictures_of(event.id)) + len(kept) > MOST_PICTURES:
        raise Invalid("picture", "report-pictures", most=MOST_PICTURES)
    for picture, caption in kept:
        size = {"width": picture.width, "height": picture.height}
        db.session.add(ReportPicture(event_id=report.event_id, name=picture.name, caption=caption, **size))
    db.session.flush()


def change_pictures(*, actor: Viewer, event: Any, captions: Mapping[str, str], remove: Sequence[str]) -> None:
    """Writes captions of the pictures of a report, by their names, or takes some out."""
    hold_report(actor, event)
    for picture in queries.pictures_of(event.id):
        if picture.name in remove:
            jobs.enqueue(FORGET_REPORT_PICTURE, name=picture.name)
            db.session.delete(picture)
        elif captions.get(picture.name):
            picture.caption = captions[picture.name]
    db.session.flush()


def forget_report_picture(name: str) -> None:
    """Deletes the files of a picture, unless a report has it."""
    if name not in _held([name]):
        for size in SIZES:
            storage.files().delete(file_of(name, size))


def sweep_report_pictures() -> int:
    """Deletes the files that no report has. Returns how many."""
    return keeping.sweep(FOLDER, _held, name_of=pictures.name_of)


def _held(names: Collection[str]) -> set[str]:
    return set(db.session.scalars(sa.select(ReportPicture.name).where(ReportPicture.name.in_(names))))
