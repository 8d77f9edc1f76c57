"""What the files said before, so that loading twice changes nothing and a change shows as one."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from alumni.core.db import Base, db
from alumni.programmes.models import CatalogueEntry

RowT = TypeVar("RowT", bound=Base)


@dataclass
class Report:
    """What a load did, by kind: how many are new, changed, unchanged; and what the files no longer hold."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)  # "programme jenesys2016"; they stay in the database

    def note(self, kind: str, what: str) -> None:
        self.counts.setdefault(kind, Counter())[what] += 1

    @property
    def is_quiet(self) -> bool:
        """Nothing was written."""
        return not any(counter["new"] or counter["changed"] or counter["removed"] for counter in self.counts.values())

    def as_facts(self) -> dict[str, dict[str, int]]:
        return {kind.replace(" ", "_"): dict(counter) for kind, counter in self.counts.items()}

    def lines(self) -> list[str]:
        """One line a kind, for people."""
        said = []
        for kind, counter in self.counts.items():
            words = [f"{counter[word]} {word}" for word in ("new", "changed", "unchanged", "removed") if counter[word]]
            said.append(f"{kind}: {', '.join(words)}")
        said += [f"no longer in the files, kept: {name}" for name in self.gone]
        return said


class Ledger:
    """Settles entries against rows; knows by a digest what the files said of each when they were last loaded."""

    def __init__(self) -> None:
        self.report = Report()
        self._entries = {(entry.kind, entry.slug): entry for entry in db.session.scalars(sa.select(CatalogueEntry))}
        self._seen: set[tuple[str, str]] = set()

    def rows(self, model: type[RowT], slugs: Iterable[str]) -> dict[str, RowT]:
        """The rows that are there already, by slug."""
        column = model.__table__.c.slug
        return {row.slug: row for row in db.session.scalars(sa.select(model).where(column.in_(list(slugs))))}  # type: ignore[attr-defined]

    def settle(
        self, kind: str, model: type[RowT], slug: str, row: RowT | None, values: dict[str, Any], **also: Any
    ) -> tuple[RowT, bool]:
        """Makes the row, or gives it what the file says anew. `also` is what belongs to the entry outside the row.

        Returns the row and whether the entry is to be written; an entry that is as it was leaves its row alone.
        """
        digest = hashlib.sha256(json.dumps([values, also], sort_keys=True, default=str).encode()).hexdigest()
        entry = self._entries.get((kind, slug))
        self._seen.add((kind, slug))
        if row is not None and entry is not None and entry.digest == digest:
            self.report.note(kind, "unchanged")
            return row, False
        if entry is None:
            entry = self._entries[kind, slug] = CatalogueEntry(kind=kind, slug=slug, digest=digest)
            db.session.add(entry)
        entry.digest = digest
        self.report.note(kind, "new" if row is None else "changed")
        if row is None:
            row = model(slug=slug, **values)
            db.session.add(row)
        else:
            for name, value in values.items():
                setattr(row, name, value)
        return row, True

    def vanished(self, kind: str) -> list[str]:
        """Slugs of a kind that the files held before and hold no longer."""
        return sorted(slug for known, slug in self._entries if known == kind and (known, slug) not in self._seen)

    def keep(self, kind: str) -> None:
        """People may refer to what has gone from the files: it stays, and is named."""
        self.report.gone += [f"{kind} {slug}" for slug in self.vanished(kind)]

    def remove(self, kind: str, model: type[Base]) -> None:
        """Nobody refers to these: what has gone from the files goes from the database."""
        for slug in self.vanished(kind):
            db.session.execute(sa.delete(model).where(model.__table__.c.slug == slug))
            db.session.delete(self._entries.pop((kind, slug)))
            self.report.note(kind, "removed")
