"""Entries that may be one person, each with the reasons; what officers have said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.alike import POSSIBLE, name_score
from alumni.core.db import db
from alumni.core.paging import PAGE, Key, Page, beyond, read_cursor, write_cursor
from alumni.core.viewer import Viewer
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryPair, RosterEntry, Verdict
from alumni.rosters.policy import entry_visible_to

MOST_ROUNDS = 20  # of reading on where names turn out not to be alike

First, Second = aliased(RosterEntry, name="first_entry"), aliased(RosterEntry, name="second_entry")
IN_ORDER = (Key(First.id, "first_id"), Key(Second.id, "second_id"))
LATEST = (
    Key(EntryPair.decided_at, "decided_at", descending=True),
    Key(EntryPair.first_id, "first_id"),
    Key(EntryPair.second_id, "second_id"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entries, the earlier one first, and why they may be one person."""

    first: Any
    second: Any
    reasons: tuple[str, ...]
    score: int  # 0 to 100: how alike the names are

    @property
    def first_id(self) -> int:
        return int(self.first.id)

    @property
    def second_id(self) -> int:
        return int(self.second.id)


def _same(column: str) -> sa.ColumnElement[bool]:
    return getattr(First, column) == getattr(Second, column)  # type: ignore[no-any-return]


def _reasons() -> dict[str, sa.ColumnElement[bool]]:
    """Each is a join by an index. A date of birth that differs speaks against a name that is the same."""
    no_other_birth = sa.or_(First.born_on.is_(None), Second.born_on.is_(None), _same("born_on"))
    return {
        "email": sa.and_(First.email != "", _same("email")),
        "number": sa.and_(First.number != "", _same("programme_id"), _same("number")),
        "name_and_birth": sa.and_(_same("name_key"), First.born_on.is_not(None), _same("born_on")),
        "name_and_place": sa.and_(_same("name_key"), no_other_birth, sa.or_(_same("cohort_id"), _same("country"))),
        # The same day and country; whether the names are alike is for `name_score` to say.
        "alike": sa.and_(
            First.born_on.is_not(None), _same("born_on"), _same("country"), First.name_key != Second.name_key
        ),
    }


def _candidates(viewer: Viewer, after: Sequence[int] | None, rows: int) -> list[Any]:
    """Pairs in the order of their ids, behind the last one, each with its reasons."""
    said = sa.exists().where(EntryPair.first_id == First.id, EntryPair.second_id == Second.id)
    branches = []
    for reason, clause in _reasons().items():
        select = (
            sa.select(First.id.label("first_id"), Second.id.label("second_id"), sa.literal(reason).label("reason"))
            .join(Second, sa.and_(First.id < Second.id, clause))
            .where(entry_visible_to(viewer, First), entry_visible_to(viewer, Second), ~said)
            .order_by(First.id, Second.id)
            .limit(rows)
        )
        branches.append(sa.select(select.where(beyond(IN_ORDER) if after else sa.true()).subquery()))
    found = sa.union_all(*branches).subquery()
    pairs = (
        sa.select(found.c.first_id, found.c.second_id, sa.func.aggregate_strings(found.c.reason, " ").label("reasons"))
        .group_by(found.c.first_id, found.c.second_id)
        .order_by(found.c.first_id, found.c.second_id)
        .limit(rows)
    )
    values = {f"after_{place}": value for place, value in enumerate(after or ())}
    return list(db.session.execute(pairs, values).all())


def page_of_candidates(viewer: Viewer, *, after: str | None = None, limit: int = PAGE) -> Page:
    """Pairs of the viewer's scope that nobody has decided. Raises Invalid("after")."""
    last: Sequence[int] | None = read_cursor(after, IN_ORDER) if after else None
    found: list[Candidate] = []
    for _ in range(MOST_ROUNDS):
        rows = _candidates(viewer, last, limit + 1)
        found += _weighed(rows)
        if len(found) > limit or len(rows) <= limit:
            break
        last = (rows[-1].first_id, rows[-1].second_id)
    else:  # a great many birthdays, and no names alike: go on from here
        return Page(found, write_cursor(IN_ORDER, rows[-1]))
    items = found[:limit]
    return Page(items, write_cursor(IN_ORDER, items[-1]) if len(found) > limit else None)


def _weighed(rows: Sequence[Any]) -> list[Candidate]:
    """The pairs with their entries, but for those who only share a birthday."""
    ids = {row.first_id for row in rows} | {row.second_id for row in rows}
    entries = {row.id: row for row in db.session.execute(_entries().where(RosterEntry.id.in_(ids)))}
    found = []
    for row in rows:
        first, second = entries[row.first_id], entries[row.second_id]
        reasons = tuple(sorted(row.reasons.split()))
        score = score_of(first, second)
        if reasons != ("alike",) or score >= 100 * POSSIBLE:
            found.append(Candidate(first, second, reasons, score))
    return found


def score_of(first: Any, second: Any) -> int:
    """How alike the names of two entries are in whichever of their forms, from 0 to 100."""
    forms = [name for name in (second.name_printed, second.name_native, second.name_reading) if name]
    names = [name for name in (first.name_printed, first.name_native, first.name_reading) if name]
    return round(100 * max(name_score(name, forms) for name in names))


def _entries() -> sa.Select[Any]:
    return (
        sa.select(
            RosterEntry.id,
            RosterEntry.key,
            RosterEntry.name_printed,
            RosterEntry.name_key,
            RosterEntry.name_native,
            RosterEntry.name_reading,
            RosterEntry.country,
            RosterEntry.born_on,
            RosterEntry.number,
            RosterEntry.institution,
            RosterEntry.email,
            RosterEntry.state,
            RosterEntry.mark,
            RosterEntry.duplicate_of_id,
            Cohort.slug.label("cohort"),
            Cohort.title.label("cohort_title"),
            Programme.short.label("programme_name"),
        )
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .join(Programme, Programme.id == RosterEntry.programme_id)
    )


def two_entries(viewer: Viewer, first: str, second: str) -> list[Any]:
    """Two entries by their keys, the earlier one first; fewer where one is out of scope."""
    both = _entries().where(RosterEntry.key.in_([first, second]), entry_visible_to(viewer)).order_by(RosterEntry.id)
    return list(db.session.execute(both).all())


@dataclass(frozen=True, slots=True)
class Decided:
    """What an officer has said of two entries."""

    first: Any
    second: Any
    verdict: Verdict
    reason: str
    decided_at: Any


def decided_pairs(viewer: Viewer) -> sa.Select[Any]:
    """Pairs of the viewer's scope that somebody has decided. Page them by `LATEST`."""
    return (
        sa.select(EntryPair.first_id, EntryPair.second_id, EntryPair.verdict, EntryPair.reason, EntryPair.decided_at)
        .join(First, First.id == EntryPair.first_id)
        .join(Second, Second.id == EntryPair.second_id)
        .where(entry_visible_to(viewer, First), entry_visible_to(viewer, Second))
    )


def with_entries(rows: Sequence[Any]) -> list[Decided]:
    """The rows of `decided_pairs` with their entries."""
    ids = {row.first_id for row in rows} | {row.second_id for row in rows}
    entries = {row.id: row for row in db.session.execute(_entries().where(RosterEntry.id.in_(ids)))}
    return [
        Decided(entries[row.first_id], entries[row.second_id], row.verdict, row.reason, row.decided_at) for row in rows
    ]


def find_same_people(entry_id: int) -> list[int]:
    """The entries that are the same person as this one, itself among them."""
    first, second = EntryPair.first_id, EntryPair.second_id
    pairs = sa.select(first, second).where(
        EntryPair.verdict == Verdict.SAME, sa.or_(first == entry_id, second == entry_id)
    )
    return sorted({entry_id, *(each for pair in db.session.execute(pairs).tuples() for each in pair)})


def is_anybody_kept_apart(some: Sequence[int], others: Sequence[int]) -> bool:
    """Whether an officer has said of one of these and one of those that they are two people."""
    first, second = EntryPair.first_id, EntryPair.second_id
    between = sa.or_(sa.and_(first.in_(some), second.in_(others)), sa.and_(first.in_(others), second.in_(some)))
    return bool(db.session.scalar(sa.select(sa.exists().where(EntryPair.verdict == Verdict.APART, between))))


def is_decided(one: int, other: int) -> bool:
    pair = sa.exists().where(EntryPair.first_id == min(one, other), EntryPair.second_id == max(one, other))
    return bool(db.session.scalar(sa.select(pair)))


def find_pair(one: int, other: int) -> EntryPair | None:
    """What was said of two entries."""
    return db.session.get(EntryPair, (min(one, other), max(one, other)))
