"""Which entry of a roster a claimant may be: at most one, with what agrees and what differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz

from alumni.accounts.models import Account
from alumni.claims.models import Basis, Case
from alumni.core.alike import LIKELY, POSSIBLE, name_score, plain
from alumni.core.db import db
from alumni.members.models import Member, Participation
from alumni.programmes.models import Cohort
from alumni.rosters.queries import facts as rosters_facts

SURE = ("email", "number", "born_on")  # facts that few share; an institution or a town, many do
ALIKE = 85  # of 100: two ways to write one institution
LEAST_NUMBER = 4  # letters and digits of a number that nobody guesses, three tries a day
LEAST_PART = 4  # letters of a place or an institution that count when found inside another


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claimant says of themselves that a roster may hold as well.

    `names`: all that they go by, the one on the papers first.
    """

    names: tuple[str, ...]
    email: str = ""  # of the account: confirmed
    role: str = ""
    number: str = ""
    born_on: str = ""
    institution: str = ""
    host_town: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """How an entry and a claim compare. Without an entry: what a claim looks like that nothing was found for."""

    entry: Any = None
    score: int | None = None
    agrees: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)

    @property
    def is_exact(self) -> bool:
        """The name and a fact agree, nothing differs."""
        return "name_printed" in self.agrees and len(self.agrees) > 1 and not self.differs

    @property
    def proof(self) -> Basis | None:
        """By what the claim can be verified at once: something that only the person on the roster has."""
        if not self.is_exact:
            return None
        if "email" in self.agrees:
            return Basis.EMAIL
        is_number = "number" in self.agrees and len(plain(self.entry.number)) >= LEAST_NUMBER
        return Basis.NUMBER if is_number else None


def find_facts(participation: Participation, case: Case) -> Facts:
    """What the claimant has said, in the claim and in the profile."""
    member = db.session.get_one(Member, participation.account_id)
    email = db.session.scalars(sa.select(Account.email).where(Account.id == participation.account_id)).one()
    own = (participation.name_as_printed, member.name, member.name_romanised, member.name_reading)
    return Facts(
        names=tuple(name for name in (*own, *member.former_names.split("\n")) if name),
        email=email,
        role=participation.role.value,
        number=case.number,
        born_on=case.born_on or "",
        institution=case.institution,
        host_town=participation.host_town,
    )


def find_match(participation: Participation, facts: Facts) -> Match:
    """The one entry that fits best; none where two fit equally well. Reads the same whether there is one or not."""
    sought = rosters_facts.Sought(facts.names, facts.number, facts.email)
    entries = rosters_facts.find_entries(
        cohorts_of_claim(participation), sought, rosters_facts.is_alive(), country=participation.country
    )
    return best_of(entries, facts)


def cohorts_of_claim(participation: Participation) -> sa.Select[tuple[int]]:
    """Those in which its claimant can have been: the one that was named, or else any of the programme.

    But for those that the same person claims as well: each is looked at by itself.
    """
    if participation.cohort_id is not None:
        return sa.select(Cohort.id).where(Cohort.id == participation.cohort_id)
    others = sa.select(Participation.cohort_id).where(
        Participation.account_id == participation.account_id, Participation.cohort_id.is_not(None)
    )
    return rosters_facts.cohorts_below(participation.programme_id).where(Cohort.id.not_in(others))


def best_of(entries: Sequence[Any], facts: Facts) -> Match:
    """Of rows of entries, the best. A duplicate, whatever its spelling, stands for the entry that was kept."""
    of_id = {entry.id: entry for entry in entries}
    best: dict[int, tuple[tuple[float, ...], Match]] = {}
    for entry in entries:
        kept = _kept(entry, of_id)
        match = compare(entry, facts)
        if kept is None or not _is_possible(match):
            continue
        rank = _rank(match, facts)
        if kept.id not in best or rank > best[kept.id][0]:
            best[kept.id] = (rank, Match(kept, match.score, match.agrees, match.differs))
    ranked = sorted(best.values(), key=lambda ranked: ranked[0], reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return Match()
    return ranked[0][1]


def compare(entry: Any, facts: Facts) -> Match:
    """An entry beside what a claimant says. What either does not say neither agrees nor differs."""
    forms = (entry.name_printed, entry.name_native, entry.name_reading)
    score = round(100 * max(name_score(form, facts.names) for form in forms if form))
    said = {
        "name_printed": score >= 100 * LIKELY,
        "role": None if not facts.role or entry.role.value == facts.role else False,
        # Addresses change: another one says nothing.
        "email": True if entry.email and entry.email == facts.email else None,
        "number": _is_same(plain(entry.number), plain(facts.number), str.__eq__),
        "born_on": _is_same(entry.born_on, facts.born_on, _same_day),
        "institution": _is_same(entry.institution, facts.institution, _same_place),
        "host_town": _is_same(entry.host_town, facts.host_town, _same_place),
    }
    agrees = [name for name, answer in said.items() if answer]
    return Match(entry, score, agrees, [name for name, answer in said.items() if answer is False])


def _kept(entry: Any, of_id: dict[int, Any]) -> Any | None:
    """The entry that a duplicate stands for, if it is of the same roster."""
    seen = set()
    while entry is not None and entry.duplicate_of_id is not None and entry.id not in seen:
        seen.add(entry.id)
        entry = of_id.get(entry.duplicate_of_id)
    return None if entry is None or entry.id in seen else entry


def _is_possible(match: Match) -> bool:
    is_known = "email" in match.agrees or "number" in match.agrees
    return is_known or (match.score or 0) >= 100 * POSSIBLE


def _rank(match: Match, facts: Facts) -> tuple[float, ...]:
    """What few share comes first, then the names, that on the papers before the others."""
    sure = len(set(SURE) & set(match.agrees)) - len(set(SURE) & set(match.differs))
    as_printed = name_score(match.entry.name_printed, facts.names[:1])
    return sure, match.score or 0, as_printed, len(match.agrees)


def _is_same(kept: str | None, said: str, is_same: Callable[[str, str], bool]) -> bool | None:
    return is_same(kept, said) if kept and said else None


def _same_day(kept: str, said: str) -> bool:
    """As exactly as both are known."""
    return kept.startswith(said) or said.startswith(kept)


def _same_place(kept: str, said: str) -> bool:
    one, other = sorted((plain(kept), plain(said)), key=len)
    if len(one) >= LEAST_PART and one in other:
        return True
    return one == other or fuzz.ratio(one, other) >= ALIKE
