"""What is done about circulars: written, tried on oneself, planned, sent some hundreds at a time, stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from alumni.circulars import policy, queries
from alumni.circulars.models import Circular, CircularLetter, CircularState, CircularVersion, Reach
from alumni.core import audit, clock, jobs, limits, mail
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotPermitted, require
from alumni.core.mail import NotNow
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised

SEND, LETTER = "circular", "circular letter"  # kinds of jobs
LETTERS_AT_A_TIME = 200


class CircularBegun(DomainError):
    """It is on its way, or was sent or stopped: nothing of it changes any more."""


class CircularOver(DomainError):
    """There is nothing to stop."""


@dataclass(frozen=True, slots=True)
class CircularDraft:
    """What its author enters. `versions` has title and text by language."""

    reach: Reach
    group: str = ""  # slug
    language: str = ""  # the main one
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)


def write_circular(*, actor: Viewer, key: str, draft: CircularDraft) -> Circular:
    """Keeps a draft. The same key makes one. Raises Invalid("reach" | "main")."""
    facts = _checked(actor, draft)
    insert_or_ignore(
        Circular,
        {"key": key, "author_id": actor.id, "state": CircularState.DRAFT, "created_at": clock.now()}
        | {"zone": "UTC", "last_id": 0, "promised": 0, **facts},
    )
    circular = db.session.scalars(sa.select(Circular).where(Circular.key == key)).one()
    if circular.author_id != actor.id:
        raise NotPermitted
    _write_versions(circular, draft)
    return circular


def edit_circular(*, actor: Viewer, circular: Circular, draft: CircularDraft) -> None:
    """Other words or other people, until it is planned. Raises CircularBegun, Invalid("reach" | "main")."""
    require(policy.can_edit(actor, circular), "author")
    facts = _checked(actor, draft)
    _move(circular, CircularState.DRAFT, error=CircularBegun, **facts)
    _write_versions(circular, draft)


def _checked(actor: Viewer, draft: CircularDraft) -> dict[str, object]:
    if draft.language not in draft.versions:
        raise Invalid("main", "version-missing")
    group = queries.find_group(draft.group) if draft.reach == Reach.GROUP else None
    group_id = group.id if group else None
    if not policy.can_speak(actor, draft.reach, group_id):
        raise Invalid("reach", "not-yours")
    return {"reach": draft.reach, "group_id": group_id, "language": draft.language, "filters": dict(draft.filters)}


def _write_versions(circular: Circular, draft: CircularDraft) -> None:
    db.session.execute(sa.delete(CircularVersion).where(CircularVersion.circular_id == circular.id))
    for language, (title, body) in draft.versions.items():
        db.session.add(CircularVersion(circular_id=circular.id, language=language, title=title, body=body))
    db.session.flush()


def forget_circular(*, actor: Viewer, circular: Circular) -> None:
    """A draft that is not wanted any more is gone. Raises CircularBegun."""
    require(policy.can_edit(actor, circular), "author")
    gone = sa.delete(Circular).where(Circular.id == circular.id, Circular.state == CircularState.DRAFT)
    if not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        raise CircularBegun


def try_circular(*, actor: Viewer, circular: Circular) -> None:
    """Sends each version to its author alone, as its readers would get it."""
    require(policy.can_edit(actor, circular), "author")
    limits.count("circular to oneself", account=actor.id)
    for version in queries.versions_of(circular):
        mail.post("circulars/test", to=actor.id, **queries.facts_of(circular, version.language))


def plan_circular(
    *, actor: Viewer, circular: Circular, wall: datetime | None, zone: str, is_second: bool | None = None
) -> None:
    """It goes out at this time, or now. Of two who say so at once, one does.

    Raises Invalid("begins_at" | "reach"), CircularBegun, TooMany.
    """
    require(policy.can_edit(actor, circular), "author")
    now = clock.now()
    begins_at = now if wall is None else promised(wall, zone, field="begins_at", is_second=is_second)
    if begins_at < now:
        raise Invalid("begins_at", "past")
    if not queries.count_readers(actor, circular):
        raise Invalid("reach", "nobody-to-tell")
    _move(
        circular, CircularState.DRAFT, error=CircularBegun, state=CircularState.PLANNED, begins_at=begins_at, zone=zone
    )
    limits.count("circular", account=actor.id)
    jobs.enqueue(SEND, due_at=begins_at, circular=circular.id)
    audit.record(actor, "circular.plan", f"circular:{circular.key}", begins_at=begins_at.isoformat())


def stop_circular(*, actor: Viewer, circular: Circular) -> None:
    """Before it begins it is a draft again; on its way no further letter goes out. Raises CircularOver."""
    require(circular.author_id == actor.id or policy.can_speak(actor, circular.reach, circular.group_id), "author")
    stops_at = {CircularState.PLANNED: CircularState.DRAFT, CircularState.SENDING: CircularState.STOPPED}
    new = (stops_at | {CircularState.SENT: CircularState.STOPPED}).get(circular.state)
    if new is None:
        raise CircularOver
    _move(circular, circular.state, error=CircularOver, state=new)
    audit.record(actor, "circular.stop", f"circular:{circular.key}", to=new.value)


def _move(circular: Circular, old: CircularState, *, error: type[DomainError], **values: object) -> None:
    """Changes a circular that still stands where it was read."""
    mine = sa.update(Circular).where(Circular.id == circular.id, Circular.state == old)
    moved = db.session.execute(mine.values(**values).execution_options(synchronize_session=False))
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise error
    db.session.refresh(circular)


def promise_letters(circular_id: int) -> None:
    """Promises the next few hundred letters, and itself to go on, in one transaction.

    The row says how far it has come and moves only from where this began: a second worker promises nothing again.
    """
    circular = db.session.get(Circular, circular_id)
    if circular is None or circular.begins_at is None or circular.begins_at > clock.now():
        return
    if circular.state not in (CircularState.PLANNED, CircularState.SENDING):
        return
    author, last = queries.find_author(circular), circular.last_id
    ids = queries.next_readers(author, circular, LETTERS_AT_A_TIME) if author else []
    mine = sa.update(Circular).where(
        Circular.id == circular.id, Circular.last_id == last, Circular.state == circular.state
    )
    reached = (
        {"state": CircularState.SENDING, "last_id": ids[-1], "promised": Circular.promised + len(ids)}
        if ids
        else {"state": CircularState.SENT}
    )
    moved = db.session.execute(mine.values(reached).execution_options(synchronize_session=False))
    if not ids or not moved.rowcount:  # type: ignore[attr-defined]
        return
    for account_id in ids:
        jobs.enqueue(LETTER, circular=circular.id, to=account_id)
    jobs.enqueue(SEND, circular=circular.id)


def wait_for_turn(account_id: int) -> None:
    """Nobody gets more than a few circulars in a day. Raises NotNow."""
    today = queries.letters_today(account_id, clock.now())
    if len(today) >= policy.MOST_A_DAY:
        raise NotNow(today[-policy.MOST_A_DAY] + policy.A_DAY)


def note_sent(circular_id: int, account_id: int) -> None:
    letter = {"circular_id": circular_id, "account_id": account_id, "sent_at": clock.now()}
    insert_or_ignore(CircularLetter, letter)
