"""Files as replies to questions of an event: for whoever runs it, as long as replies are kept."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from alumni.attendance.models import EventQuestion, QuestionKind, ReplyFile
from alumni.core import clock, jobs, keeping, limits, storage
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import NotFound, require
from alumni.core.keeping import File
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer

FORGET_REPLY_FILE = "forget reply file"  # the kind of the job
FOLDER = "replies"  # of the store


def count_file(actor: Viewer, event: Any) -> None:
    """Counts one try to send a file. Raises TooMany. The door commits before it goes on."""
    require(event.may_answer, "invited" if event.is_by_invitation else "member")
    limits.count("file of a reply", account=actor.id)


def keep_file(data: bytes) -> File:
    """Stores a picture or a PDF. Raises Invalid("file") for anything else, and StorageAway."""
    return keeping.keep(FOLDER, data)


def file_of(name: str) -> str:
    """Where the file of this name lies in the store."""
    return keeping.file_of(FOLDER, name)


def add_file(actor: Viewer, event: Any, key: str, file: File) -> None:
    """The file is the reply from now on, in place of one that was there. Raises NotFound."""
    require(event.may_answer, "invited" if event.is_by_invitation else "member")
    question = db.session.scalar(
        sa.select(EventQuestion).where(
            EventQuestion.event_id == event.id, EventQuestion.key == key, EventQuestion.kind == QuestionKind.FILE
        )
    )
    if question is None:
        raise NotFound
    _forget(ReplyFile.question_id == question.id, ReplyFile.account_id == actor.id)
    facts = {"file": file.name, "media_type": file.media_type, "size": file.size}
    whose = {"question_id": question.id, "account_id": actor.id}
    insert_or_ignore(ReplyFile, facts | whose | {"key": new_key(), "sent_at": clock.now()})


def remove_file(actor: Viewer, event_id: int, key: str) -> None:
    """Takes one's own file back. Removing what is not there does no harm."""
    this = sa.select(EventQuestion.id).where(EventQuestion.event_id == event_id, EventQuestion.key == key)
    _forget(ReplyFile.question_id.in_(this), ReplyFile.account_id == actor.id)


def forget_files_of(event_id: int, person: int | None = None) -> None:
    """All files of an event, or of one person who comes no more."""
    theirs = sa.select(EventQuestion.id).where(EventQuestion.event_id == event_id)
    _forget(ReplyFile.question_id.in_(theirs), *([ReplyFile.account_id == person] if person else []))


def _forget(*where: sa.ColumnElement[bool]) -> None:
    """Deletes rows, and promises that their files go once that is committed."""
    found = db.session.execute(sa.select(ReplyFile.id, ReplyFile.file).where(*where)).all()
    gone = sa.delete(ReplyFile).where(ReplyFile.id.in_([row.id for row in found]))
    db.session.execute(gone.execution_options(synchronize_session=False))
    for row in found:
        jobs.enqueue(FORGET_REPLY_FILE, name=row.file)


def forget_reply_file(name: str) -> None:
    """Deletes a file, unless a reply has it."""
    if name not in _held([name]):
        storage.files().delete(file_of(name))


def sweep_reply_files() -> int:
    """Deletes the files that no reply has. Returns how many."""
    return keeping.sweep(FOLDER, _held)


def _held(names: Collection[str]) -> set[str]:
    return set(db.session.scalars(sa.select(ReplyFile.file).where(ReplyFile.file.in_(names))))
