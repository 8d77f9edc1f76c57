"""What officers write on an entry: that somebody has died, or is not to be contacted. It outlives every import."""

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.viewer import Viewer
from alumni.rosters import policy, queries
from alumni.rosters.models import EntryMark, RosterEntry


class MarkedAlready(DomainError):
    """The entry has this mark, or there is none to take away."""


def mark_entry(actor: Viewer, entry: RosterEntry, mark: EntryMark, *, reason: str) -> None:
    """Nobody writes to this person from now on, by whichever roster of theirs. Raises MarkedAlready."""
    require(policy.can_keep(actor, entry), "officer")
    if entry.mark == mark:
        raise MarkedAlready
    mark_same_people(entry, mark)
    audit.record(actor, "entry.mark", f"entry:{entry.key}", reason=reason, mark=mark.value)


def clear_mark(actor: Viewer, entry: RosterEntry, *, reason: str) -> None:
    """The mark was a mistake, or holds no longer. Raises MarkedAlready."""
    require(policy.can_keep(actor, entry), "officer")
    if entry.mark is None:
        raise MarkedAlready
    was = entry.mark
    mark_same_people(entry, None)
    audit.record(actor, "entry.unmark", f"entry:{entry.key}", reason=reason, mark=was.value)


def mark_same_people(entry: RosterEntry, mark: EntryMark | None) -> None:
    """Every entry that was said to be the same person has the same mark."""
    same = sa.update(RosterEntry).where(RosterEntry.id.in_(queries.find_same_people(entry.id)))
    db.session.execute(same.values(mark=mark).execution_options(synchronize_session=False))
    db.session.expire(entry, ["mark"])
