"""The entries among which the one of a claimant is looked for: all of a short roster, the likely ones of a long one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core.alike import name_words, plain
from alumni.core.db import db
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryMark, EntryTerm, RosterEntry

MOST_READ = 1000  # entries that are compared one by one
MOST_LIKELY = 200  # that are, of more
MOST_WORDS = 40
LONGEST_TERM = 100
BEGINNING = 4  # letters: whoever is written otherwise is so further back, or has another word that is the same


@dataclass(frozen=True, slots=True)
class Sought:
    """By what an entry may be found. `names`: all that somebody goes by."""

    names: Sequence[str]
    number: str = ""
    email: str = ""


def terms_of(entry: Any) -> set[str]:
    """What an entry is found by: the words of its names, and its number."""
    words = {word for name in (entry.name_printed, entry.name_native, entry.name_reading) for word in name_words(name)}
    number = plain(entry.number)
    return {term[:LONGEST_TERM] for term in (*words, *([f"#{number}"] if number else []))}


def cohorts_below(programme_id: int) -> sa.Select[tuple[int]]:
    """The cohorts of a programme, of its editions and of what is below it."""
    below = sa.select(Programme.id).where(Programme.id == programme_id).cte("below", recursive=True)
    below = below.union(sa.select(Programme.id).join(below, Programme.parent_id == below.c.id))
    ids = sa.select(below.c.id)
    return sa.select(Cohort.id).where(sa.or_(Cohort.programme_id.in_(ids), Cohort.edition_id.in_(ids)))


def find_entries(
    cohorts: sa.Select[tuple[int]],
    sought: Sought,
    *where: sa.ColumnElement[bool],
    country: str = "",
    begins: bool = False,
) -> Sequence[Any]:
    """Entries of these cohorts that may be who is sought. Of a short roster all, so that no way to write it is missed.

    With `begins`, a short word finds the names that begin with it.
    """
    among = sa.and_(RosterEntry.cohort_id.in_(cohorts), *where)
    if country:
        among = sa.and_(among, RosterEntry.country == country)
    entries = db.session.execute(entry_facts().where(among).limit(MOST_READ + 1)).all()
    if len(entries) <= MOST_READ:
        return entries
    ids = _likely(cohorts, sought, country, begins=begins)
    # And what was kept of two that are one person.
    kept = sa.select(RosterEntry.duplicate_of_id).where(RosterEntry.id.in_(ids))
    likely = sa.or_(RosterEntry.id.in_(ids), RosterEntry.id.in_(kept))
    return db.session.execute(entry_facts().where(likely, among)).all()


def _likely(cohorts: sa.Select[tuple[int]], sought: Sought, country: str, *, begins: bool) -> list[int]:
    """Ids of those who share the rarest words with who is sought; and of who has the address."""
    words = list(dict.fromkeys(word[:LONGEST_TERM] for name in sought.names for word in name_words(name)))[:MOST_WORDS]
    number = plain(sought.number)
    clauses = [EntryTerm.term == term for term in (*words, *([f"#{number}"[:LONGEST_TERM]] if number else []))]
    clauses += [_begins_with(word[:BEGINNING]) for word in words if begins or len(word) > BEGINNING]
    if not clauses:
        return []
    among = [EntryTerm.cohort_id.in_(cohorts), sa.or_(*clauses)]
    if country:
        among.append(EntryTerm.country == country)
    kind = sa.case(*((clause, place) for place, clause in enumerate(clauses))).label("kind")
    counted = sa.select(kind, sa.func.count()).where(*among).group_by(kind)
    count_of = dict(db.session.execute(counted).tuples().all())
    worth = sa.func.sum(sa.case(*((clause, 1 / count_of.get(place, 1)) for place, clause in enumerate(clauses))))
    found = sa.select(EntryTerm.entry_id).where(*among).group_by(EntryTerm.entry_id)
    ids = list(db.session.scalars(found.order_by(worth.desc(), EntryTerm.entry_id).limit(MOST_LIKELY)))
    if sought.email:
        has_it = sa.and_(RosterEntry.email == sought.email, RosterEntry.cohort_id.in_(cohorts))
        ids += db.session.scalars(sa.select(RosterEntry.id).where(has_it).limit(MOST_LIKELY)).all()
    return ids


def _begins_with(letters: str) -> sa.ColumnElement[bool]:
    return sa.and_(EntryTerm.term >= letters, EntryTerm.term < f"{letters}\U0010ffff")


def is_alive() -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: nobody claims to be somebody who has died."""
    return sa.or_(RosterEntry.mark.is_(None), RosterEntry.mark != EntryMark.DECEASED)


def entry_facts() -> sa.Select[Any]:
    """What an entry says by which somebody can be recognised, and who has it."""
    return sa.select(
        RosterEntry.id,
        RosterEntry.key,
        RosterEntry.cohort_id,
        RosterEntry.country,
        RosterEntry.name_printed,
        RosterEntry.name_native,
        RosterEntry.name_reading,
        RosterEntry.number,
        RosterEntry.role,
        RosterEntry.part,
        RosterEntry.institution,
        RosterEntry.host_town,
        RosterEntry.from_on,
        RosterEntry.to_on,
        RosterEntry.born_on,
        RosterEntry.email,
        RosterEntry.mark,
        RosterEntry.duplicate_of_id,
        RosterEntry.participation_id,
    )
