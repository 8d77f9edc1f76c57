"""An officer's word on two entries: one person, or two. It stands until it is taken back, whatever is imported.

"The same" holds for all whom the two were said to be before: each of a person's entries stands in a pair with each
other one, so a person is counted once in every figure.
"""

from collections.abc import Sequence
from itertools import product

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, require
from alumni.core.viewer import Viewer
from alumni.rosters import policy, queries
from alumni.rosters.actions.entries import mark_same_people
from alumni.rosters.models import EntryPair, EntryState, RosterEntry, Verdict


class PairDecided(DomainError):
    """Somebody has decided these two already."""


class PairOpen(DomainError):
    """Nobody has decided these two, or it was taken back."""


class KeptApart(DomainError):
    """One of them was said to be somebody else than a further entry of the other."""


def join_entries(actor: Viewer, first: RosterEntry, second: RosterEntry, *, reason: str) -> None:
    """The two are one person. Within a cohort one of them becomes the other's duplicate; claims stay where they are.

    Raises PairDecided and KeptApart.
    """
    require(policy.can_keep(actor, first) and policy.can_keep(actor, second), "officer")
    _hold(first, second)
    some, others = queries.find_same_people(first.id), queries.find_same_people(second.id)
    if first.id in others or queries.is_decided(first.id, second.id):
        raise PairDecided
    if queries.is_anybody_kept_apart(some, others):
        raise KeptApart
    now = clock.now()
    for one, other in product(some, others):
        values = {"verdict": Verdict.SAME, "reason": reason, "decided_by_id": actor.id, "decided_at": now}
        insert_or_ignore(EntryPair, {"first_id": min(one, other), "second_id": max(one, other)} | values)
    db.session.flush()
    _name_duplicates([*some, *others])
    if mark := first.mark or second.mark:
        mark_same_people(first, mark)
        db.session.expire(second, ["mark"])
    _record(actor, "entry.join", first, second, reason)


def keep_apart(actor: Viewer, first: RosterEntry, second: RosterEntry, *, reason: str) -> None:
    """The two are two people, however alike they look. Raises PairDecided."""
    require(policy.can_keep(actor, first) and policy.can_keep(actor, second), "officer")
    values = {"first_id": min(first.id, second.id), "second_id": max(first.id, second.id), "reason": reason}
    decided = {"verdict": Verdict.APART, "decided_by_id": actor.id, "decided_at": clock.now()}
    if not insert_or_ignore(EntryPair, values | decided):
        raise PairDecided
    _record(actor, "entry.keep-apart", first, second, reason)


def undo_pair(actor: Viewer, first: RosterEntry, second: RosterEntry, *, reason: str) -> None:
    """Takes the word on two entries back, with what it meant for others at that moment. Raises PairOpen."""
    require(policy.can_keep(actor, first) and policy.can_keep(actor, second), "officer")
    _hold(first, second)
    pair = db.session.get(EntryPair, (min(first.id, second.id), max(first.id, second.id)), populate_existing=True)
    if pair is None:
        raise PairOpen
    people = queries.find_same_people(first.id)
    at_once = sa.delete(EntryPair).where(
        EntryPair.decided_at == pair.decided_at,
        EntryPair.verdict == pair.verdict,
        EntryPair.first_id.in_([pair.first_id, *people]),
        EntryPair.second_id.in_([pair.second_id, *people]),
    )
    was = pair.verdict
    db.session.expunge(pair)
    db.session.execute(at_once.execution_options(synchronize_session=False))
    for each in people:
        _name_duplicates(queries.find_same_people(each))
    _record(actor, "entry.undo-pair", first, second, reason, was=was.value)


def _hold(*entries: RosterEntry) -> None:
    """One word at a time on the same entries."""
    ids = [entry.id for entry in entries]
    rows = sa.select(RosterEntry.id).where(RosterEntry.id.in_(ids)).order_by(RosterEntry.id)
    db.session.execute(rows.with_for_update(key_share=True))


def _name_duplicates(people: Sequence[int]) -> None:
    """Of a person's entries in one cohort, the claimed one is kept, else the first; the others are its duplicates."""
    rows = db.session.scalars(sa.select(RosterEntry).where(RosterEntry.id.in_(people))).all()
    for cohort_id in {entry.cohort_id for entry in rows}:
        here = [entry for entry in rows if entry.cohort_id == cohort_id]
        here.sort(key=lambda entry: (entry.state != EntryState.CLAIMED, entry.id))
        for entry in here:
            entry.duplicate_of_id = None if entry is here[0] else here[0].id
    db.session.flush()


def _record(actor: Viewer, action: str, first: RosterEntry, second: RosterEntry, reason: str, **facts: str) -> None:
    audit.record(actor, action, f"entry:{first.key}", reason=reason, other=second.key, **facts)
