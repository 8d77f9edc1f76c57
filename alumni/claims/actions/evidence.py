"""What claimants send to show that they were there: up to four files, for the desk alone, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.claims.actions import cases
from alumni.claims.models import Evidence, Step
from alumni.core import clock, jobs, pictures, storage
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.members import policy as members_policy
from alumni.members.models import Participation

FORGET_EVIDENCE = "forget evidence"  # the kind of the job
FOLDER = "evidence"  # of the store
NAME_LETTERS = 26  # nobody guesses 128 bits
MOST_FILES = 4
MOST_BYTES = 10 * 1024 * 1024
MOST_TRIES = 20  # in a quarter of an hour: decoding costs more than any other request
MOST_AT_A_TIME = 500
A_WHILE = timedelta(days=1)  # a file without a row may belong to a change that is not committed yet
PDF = "application/pdf"


class EvidenceFull(DomainError):
    """There are as many files as we take."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was stored, before any row names it."""

    name: str
    media_type: str
    size: int


def count_evidence(actor: Viewer, participation: Participation) -> None:
    """Counts one try to send a file. Raises TooMany, ClaimDecided, EvidenceFull. The door commits before it goes on."""
    require(members_policy.can_answer(actor, participation), "owner")
    accounts_actions.count_try(f"evidence|{actor.id}", most=MOST_TRIES)
    _hold_with_room(participation)


def keep_evidence(data: bytes) -> File:
    """Stores a picture made anew from its pixels, or a PDF as it is. Touches no row: it takes its time.

    What it is shows in the content alone. Raises Invalid("file") for anything else, and StorageAway.
    """
    if not data:
        raise Invalid("file", "evidence-none")
    if len(data) > MOST_BYTES:
        raise Invalid("file", "evidence-bytes", most=MOST_BYTES // 1024**2)
    media_type = PDF if _is_pdf(data) else pictures.MEDIA_TYPE
    if media_type != PDF:
        data = _picture(data)
    name = new_key(NAME_LETTERS)
    storage.files().put(file_of(name), data)
    return File(name, media_type, len(data))


def _is_pdf(data: bytes) -> bool:
    """From its first byte to its last: what is something else as well is refused."""
    return data.startswith(b"%PDF-") and data.rstrip(b"\0\t\r\n ").endswith(b"%%EOF")


def _picture(data: bytes) -> bytes:
    try:
        return pictures.derive_whole(data)
    except Invalid as error:
        known = {"picture-unreadable": "evidence-unreadable"}
        raise Invalid("file", known.get(error.problem, error.problem), **error.facts) from error


def file_of(name: str) -> str:
    """Where the file of this name lies in the store."""
    return f"{FOLDER}/{name[:2]}/{name}"


def add_evidence(actor: Viewer, participation: Participation, file: File, *, title: str) -> Evidence:
    """The file belongs to the claim from now on. Raises ClaimDecided, EvidenceFull."""
    require(members_policy.can_answer(actor, participation), "owner")
    _hold_with_room(participation)
    row = Evidence(
        participation_id=participation.id,
        file=file.name,
        media_type=file.media_type,
        title=title,
        size=file.size,
    )
    db.session.add(row)
    cases.write_step(participation, Step.EVIDENCE, by=actor)
    return row


def _hold_with_room(participation: Participation) -> None:
    """Two files sent at once come one after the other."""
    cases.hold_claim(participation)
    mine = sa.select(Evidence.id).where(Evidence.participation_id == participation.id).limit(MOST_FILES)
    if len(db.session.scalars(mine).all()) >= MOST_FILES:
        raise EvidenceFull


def remove_evidence(actor: Viewer, participation: Participation, key: str) -> None:
    """Takes one's own file back while the claim waits. Removing what is not there does no harm."""
    require(members_policy.can_answer(actor, participation), "owner")
    cases.hold_claim(participation)
    _forget(Evidence.participation_id == participation.id, Evidence.key == key)


def promise_to_forget(participation: Participation) -> None:
    """All files of a claim go, with the claim."""
    _forget(Evidence.participation_id == participation.id)


def forget_old_evidence(now: datetime) -> int:
    """Thirty days after the decision nobody needs it any more. Returns how many files go."""
    return _forget(Evidence.delete_after <= now)


def _forget(*where: sa.ColumnElement[bool]) -> int:
    """Deletes rows, some hundreds at a time, and promises that their files go once that is committed."""
    found = db.session.execute(sa.select(Evidence.id, Evidence.file).where(*where).limit(MOST_AT_A_TIME)).all()
    db.session.execute(sa.delete(Evidence).where(Evidence.id.in_([row.id for row in found])))
    for row in found:
        jobs.enqueue(FORGET_EVIDENCE, name=row.file)
    return len(found)


def forget_file(name: str) -> None:
    """Deletes a file, unless a claim has it."""
    if name not in _held([name]):
        storage.files().delete(file_of(name))


def sweep_evidence() -> int:
    """Deletes the files that no claim has: what a crash or a closed account left behind. Returns how many."""
    gone = 0
    for files in storage.files().names(beneath=FOLDER, before=clock.now() - A_WHILE):
        held = _held([file.rpartition("/")[2] for file in files])
        for file in files:
            if file.rpartition("/")[2] not in held:
                storage.files().delete(file)
                gone += 1
    return gone


def _held(names: list[str]) -> set[str]:
    return set(db.session.scalars(sa.select(Evidence.file).where(Evidence.file.in_(names))))
