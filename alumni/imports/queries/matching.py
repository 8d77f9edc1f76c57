"""Which entry of a roster a row of a list speaks of, and what it says anew.

Within its cohort a row is known by its number, where both have one, else by name and country. Of several namesakes
the date of birth decides, then the institution, then their order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.text import fold
from alumni.imports.models import Outcome
from alumni.rosters.models import IDENTITY, EntryState, RosterEntry

Row = dict[str, Any]

# What a file may say anew of an entry. What it leaves empty stays.
TEXTS = (
    *("name_printed", "name_key", "family_name", "given_name", "name_native", "name_reading", "number", "role"),
    *("part", "institution", "host_town", "from_on", "to_on", "born_on", "email"),
)
COLUMNS = (*TEXTS, "extra")
_ENTRY = tuple(getattr(RosterEntry, name) for name in ("id", "cohort_id", "country", "state", *COLUMNS))


@dataclass(slots=True)
class Seen:
    """What the rows of one file have taken so far: a few numbers for each of them."""

    rows: dict[int, int] = field(default_factory=dict)  # digest of what a row says: its line
    numbers: dict[int, int] = field(default_factory=dict)  # the same of cohort, number and country
    entries: set[int] = field(default_factory=set)  # each entry is one row's
    namesakes: Counter[int] = field(default_factory=Counter)
    empty: dict[int, bool] = field(default_factory=dict)  # cohorts, and whether their roster is empty

    def twice(self, row: Row, digest: int) -> tuple[str, int] | None:
        """Why a row cannot stand beside one above it, and the line of that."""
        line = self.rows.setdefault(digest, row["line"])
        if line != row["line"]:
            return "row-twice", line
        if row["number"] and row["cohort_id"]:
            line = self.numbers.setdefault(hash((row["cohort_id"], number_identity(row))), row["line"])
            if line != row["line"]:
                return "number-twice", line
        return None


def number_identity(row: Mapping[str, Any]) -> str:
    return _number_identity(row["number"], row["country"])


@lru_cache(maxsize=8192)  # asked several times of each row of a chunk
def _number_identity(number: str, country: str) -> str:
    return f"n:{fold(number)}|{country}"


def name_identity(row: Mapping[str, Any], count: int) -> str:
    base = f"p:{row['name_key']}|{row['country']}"
    return base if count == 1 else f"{base}|{count}"


def differences(row: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a row would change, with what they are now."""
    found = {name: entry[name] for name in TEXTS if row[name] and row[name] != entry[name]}
    if row["extra"] and entry["extra"] | row["extra"] != entry["extra"]:
        found["extra"] = entry["extra"]
    return found


def is_touching_identity(before: Mapping[str, Any]) -> bool:
    return not before.keys().isdisjoint(IDENTITY)


def match(rows: Sequence[Row], seen: Seen) -> None:
    """Gives each row its outcome, its identity, and its entry where there is one."""
    entries = _entries_for(rows, seen)
    if entries:
        _pair(rows, entries, seen)
    new = [row for row in rows if row["outcome"] is Outcome.NEW]
    for row in new:
        row["identity"] = _identity(row, seen)
    _stay_apart([row for row in new if not seen.empty[row["cohort_id"]]], seen)


def _identity(row: Row, seen: Seen) -> str:
    if row["number"]:
        return number_identity(row)
    place = hash((row["cohort_id"], row["name_key"], row["country"]))
    seen.namesakes[place] += 1
    return name_identity(row, seen.namesakes[place])


def _stay_apart(rows: list[Row], seen: Seen) -> None:
    """Counts on where an entry that is somebody else's has the identity already."""
    while rows:
        wanted = RosterEntry.identity.in_([row["identity"] for row in rows])
        there = sa.select(RosterEntry.cohort_id, RosterEntry.identity).where(_cohorts(rows), wanted)
        taken = set(db.session.execute(there).tuples())
        rows = [row for row in rows if (row["cohort_id"], row["identity"]) in taken]
        for row in rows:
            row["identity"] = _identity(row | {"number": ""}, seen)


def _entries_for(rows: Sequence[Row], seen: Seen) -> list[Row]:
    """The entries with the names or the numbers of these rows."""
    for cohort_id in {row["cohort_id"] for row in rows}:
        if cohort_id not in seen.empty:
            there = sa.select(RosterEntry.id).where(RosterEntry.cohort_id == cohort_id).limit(1)
            seen.empty[cohort_id] = db.session.scalar(there) is None
    rows = [row for row in rows if not seen.empty[row["cohort_id"]]]
    if not rows:
        return []
    entries = sa.select(*_ENTRY).where(_cohorts(rows)).order_by(RosterEntry.id)
    found: dict[int, Row] = {}
    by_number = {number_identity(row): row for row in rows if row["number"]}
    if by_number:
        numbered = db.session.execute(entries.where(RosterEntry.identity.in_(by_number)))
        found |= {row.id: row._asdict() for row in numbered}
    known = {(entry["cohort_id"], number_identity(entry)) for entry in found.values()}
    names = {row["name_key"] for row in rows if (row["cohort_id"], number_identity(row)) not in known}
    if names:
        found |= {row.id: row._asdict() for row in db.session.execute(entries.where(RosterEntry.name_key.in_(names)))}
    return [found[entry_id] for entry_id in sorted(found)]


def _cohorts(rows: Iterable[Row]) -> sa.ColumnElement[bool]:
    return RosterEntry.cohort_id.in_({row["cohort_id"] for row in rows})


def _pair(rows: Sequence[Row], entries: Iterable[Row], seen: Seen) -> None:
    by_number: dict[tuple[int, str], Row] = {}
    by_name: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for entry in entries:
        by_name[entry["cohort_id"], entry["name_key"], entry["country"]].append(entry)
        if entry["number"]:
            by_number[entry["cohort_id"], number_identity(entry)] = entry
    namesakes: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        numbered = by_number.get((row["cohort_id"], number_identity(row))) if row["number"] else None
        if numbered and numbered["id"] not in seen.entries:
            _take(row, numbered, seen, is_sure=_is_plausible(row, numbered))
        else:
            namesakes[row["cohort_id"], row["name_key"], row["country"]].append(row)
    for key, of_name in namesakes.items():
        if key in by_name:
            _pair_namesakes(of_name, by_name[key], seen)


def _is_plausible(row: Row, entry: Row) -> bool:
    """The same number with a name that has nothing in common may be another list's count: an officer is asked."""
    if row["born_on"] and row["born_on"] == entry["born_on"]:
        return True
    return not set(row["name_key"].split()).isdisjoint(entry["name_key"].split())


def _pair_namesakes(rows: list[Row], entries: list[Row], seen: Seen) -> None:
    is_only = len(rows) == 1 and len(entries) == 1
    for name in ("born_on", "institution", ""):
        for row in rows:
            if row["entry_id"] is not None:
                continue
            for entry in entries:
                if entry["id"] in seen.entries or (row["number"] and entry["number"]):
                    continue
                is_same = row[name] and row[name] == entry[name] if name else is_only or not _born_apart(row, entry)
                if is_same:
                    _take(row, entry, seen)
                    break


def _born_apart(row: Row, entry: Row) -> bool:
    return bool(row["born_on"] and entry["born_on"] and row["born_on"] != entry["born_on"])


def _take(row: Row, entry: Row, seen: Seen, *, is_sure: bool = True) -> None:
    """This row speaks of this entry."""
    seen.entries.add(entry["id"])
    row["entry_id"], row["before"] = entry["id"], differences(row, entry)
    row["outcome"] = Outcome.CHANGED if row["before"] else Outcome.UNCHANGED
    is_claimed = entry["state"] == EntryState.CLAIMED
    if row["before"] and (not is_sure or (is_claimed and is_touching_identity(row["before"]))):
        row["outcome"] = Outcome.ASKS


def seen_in(rows: Iterable[Any]) -> Seen:
    """What rows that were staged before have taken."""
    seen = Seen()
    for row in rows:
        if row.entry_id is not None:
            seen.entries.add(row.entry_id)
        elif row.outcome == Outcome.NEW and not row.number:
            seen.namesakes[hash((row.cohort_id, row.name_key, row.country))] += 1
        if row.number and row.cohort_id:
            seen.numbers[hash((row.cohort_id, number_identity(row._mapping)))] = row.line
    return seen
