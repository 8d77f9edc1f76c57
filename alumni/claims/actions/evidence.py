"""What claimants send to show that they were there: up to four files, for the desk alone, for a while."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from alumni.claims.actions import cases
from alumni.claims.models import Evidence, Step
from alumni.core import jobs, keeping, limits, storage
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.keeping import File
from alumni.core.viewer import Viewer
from alumni.members import policy as members_policy
from alumni.members.models import Participation

FORGET_EVIDENCE = "forget evidence"  # the kind of the job
FOLDER = "evidence"  # of the store
MOST_FILES = 4
MOST_AT_A_TIME = 500


class EvidenceFull(DomainError):
    """There are as many files as we take."""


def count_evidence(actor: Viewer, participation: Participation) -> None:
    """Counts one try to send a file. Raises TooMany, ClaimDecided, EvidenceFull. The door commits before it goes on."""
    require(members_policy.can_answer(actor, participation), "owner")
    limits.count("evidence", account=actor.id)
    _hold_with_room(participation)


def keep_evidence(data: bytes) -> File:
    """Stores a picture or a PDF. Raises Invalid("file") for anything else, and StorageAway."""
    return keeping.keep(FOLDER, data)


def file_of(name: str) -> str:
    """Where the file of this name lies in the store."""
    return keeping.file_of(FOLDER, name)


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
    return keeping.sweep(FOLDER, _held)


def _held(names: Collection[str]) -> set[str]:
    return set(db.session.scalars(sa.select(Evidence.file).where(Evidence.file.in_(names))))
