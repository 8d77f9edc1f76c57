"""Which cohort a row of a list means. One answer is taken, none or several are asked about, nothing is guessed."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.text import fold
from alumni.imports.queries.cells import AwardFacts
from alumni.imports.queries.headings import heading_key
from alumni.programmes.models import Cohort, CohortCountry, Direction, Programme, fiscal_year

MOST_CHOICES = 200

_WORD = re.compile(r"\w+")


class CohortWords(NamedTuple):
    """What a row says of its cohort. The country is among it only where it decides."""

    programme: str = ""
    edition: str = ""
    year: int | None = None
    batch: int | None = None
    theme: str = ""
    country: str = ""

    @property
    def key(self) -> str:
        """The same for all rows that say the same: by this they are asked about together."""
        return sha256(json.dumps(self).encode()).hexdigest()[:16]


class Found(NamedTuple):
    """The cohort, or the words to ask about with those that come closest."""

    cohort_id: int | None
    words: CohortWords
    choices: tuple[int, ...] = ()


class _Known(NamedTuple):
    id: int
    programme_ids: frozenset[int]
    batch: int | None
    year: int
    words: frozenset[str]
    countries: frozenset[str]
    is_outbound: bool


def cohorts_below(programme_id: int) -> sa.Select[Any]:
    """The cohorts of a programme and of all below it, newest first."""
    ids = programme_ids_below(programme_id)
    of_it = sa.or_(Cohort.programme_id.in_(ids), Cohort.edition_id.in_(ids))
    columns = (Cohort.id, Cohort.slug, Cohort.title, Cohort.theme, Cohort.year, Cohort.from_on, Cohort.batch)
    return (
        sa.select(*columns, Cohort.programme_id, Cohort.edition_id, Cohort.direction)
        .where(of_it)
        .order_by(Cohort.year.desc(), Cohort.id.desc())
    )


def programme_ids_below(programme_id: int) -> list[int]:
    """The programme itself, its editions, their batches …"""
    below = sa.select(Programme.id).where(Programme.id == programme_id).cte("below", recursive=True)
    below = below.union(sa.select(Programme.id).join(below, Programme.parent_id == below.c.id))
    return list(db.session.scalars(sa.select(below.c.id)))


class Cohorts:
    """The cohorts of a programme and of what is below it, read once for a file."""

    def __init__(self, programme_id: int) -> None:
        self._below = frozenset(programme_ids_below(programme_id))
        rows = db.session.execute(cohorts_below(programme_id)).all()
        countries: dict[int, set[str]] = {}
        sent = sa.select(CohortCountry.cohort_id, CohortCountry.country)
        for cohort_id, country in db.session.execute(sent.where(CohortCountry.cohort_id.in_([row.id for row in rows]))):
            countries.setdefault(cohort_id, set()).add(country)
        self._known = [
            _Known(
                row.id,
                frozenset(filter(None, (row.programme_id, row.edition_id))),
                row.batch,
                row.year,
                _words(f"{row.theme} {row.title}"),
                frozenset(countries.get(row.id, ())),
                row.direction == Direction.OUTBOUND,
            )
            for row in rows
        ]
        self._named = self._names(programme_id)
        self._found: dict[tuple[CohortWords, str], Found] = {}

    def find(self, facts: AwardFacts, country: str) -> Found:
        """The only cohort that agrees with all that a row says."""
        year = facts.year
        if year is None and len(facts.from_on) > 4:  # a bare year says nothing of a fiscal one
            year = fiscal_year(facts.from_on)
        words = CohortWords(facts.programme, facts.edition, year, facts.batch, facts.theme)
        found = self._found.get((words, country))
        if found is None:
            found = self._found[words, country] = self._search(words, country)
        return found

    def _search(self, words: CohortWords, country: str) -> Found:
        agreeing = [cohort for cohort in self._known if self._agrees(cohort, words)]
        if not agreeing:
            near = sorted(self._known, key=lambda cohort: -_likeness(cohort, words))[:MOST_CHOICES]
            return Found(None, words, tuple(cohort.id for cohort in near if _likeness(cohort, words)))
        # Of several, only the country can decide, and only where it is known whom each of them took.
        possible = [cohort for cohort in agreeing if _takes(cohort, country)]
        says_which = len(agreeing) == 1 or words.batch is not None or bool(words.theme)
        if len(possible) == 1 and says_which:
            return Found(possible[0].id, words)
        choices = tuple(cohort.id for cohort in possible or agreeing)
        return Found(None, words._replace(country=country), choices)

    def _agrees(self, cohort: _Known, words: CohortWords) -> bool:
        if words.batch is not None and cohort.batch != words.batch:
            return False
        if words.year is not None and cohort.year != words.year:
            return False
        if words.theme and not _words(words.theme) <= cohort.words:
            return False
        return all(self._is_of(cohort, text) for text in (words.programme, words.edition) if text)

    def _is_of(self, cohort: _Known, text: str) -> bool:
        meant = self._named.get(heading_key(text))
        return meant is not None and not meant.isdisjoint(cohort.programme_ids)

    def _names(self, programme_id: int) -> dict[str, frozenset[int]]:
        """By each name of a programme, the ids of it and of all below; what stands above the chosen one means all."""
        family = sa.select(Programme.family_id).where(Programme.id == programme_id).scalar_subquery()
        columns = (Programme.id, Programme.parent_id, Programme.slug, Programme.name, Programme.short)
        rows = db.session.execute(sa.select(*columns, Programme.aliases).where(Programme.family_id == family)).all()
        parent_of = {row.id: row.parent_id for row in rows}
        members: dict[int, set[int]] = {}
        for row in rows:
            above: int | None = row.id
            while above is not None:
                members.setdefault(above, set()).add(row.id)
                above = parent_of.get(above)
        named: dict[str, set[int]] = {}
        for row in rows:
            for name in (row.slug, row.name, row.short, *row.aliases):
                named.setdefault(heading_key(name), set()).update(members[row.id])
        return {name: frozenset(ids) for name, ids in named.items()}


def _takes(cohort: _Known, country: str) -> bool:
    """Whether somebody sent from this country can have been in it."""
    return cohort.is_outbound or not cohort.countries or country in cohort.countries


def _likeness(cohort: _Known, words: CohortWords) -> int:
    """How much of what a row says agrees."""
    of_theme = len(_words(words.theme) & cohort.words) if words.theme else 0
    is_batch = words.batch is not None and cohort.batch == words.batch
    return 3 * is_batch + 2 * bool(of_theme) + (words.year is not None and cohort.year == words.year)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))


def cohorts_to_answer(programme_id: int, first: Iterable[int]) -> list[Any]:
    """Cohorts to choose from, those that come closest first."""
    place = {cohort_id: at for at, cohort_id in enumerate(first)}
    rows = db.session.execute(cohorts_below(programme_id).limit(MOST_CHOICES)).all()
    return sorted(rows, key=lambda row: place.get(row.id, len(place)))
