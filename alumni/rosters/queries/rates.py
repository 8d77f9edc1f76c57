"""How many have come back: of each roster, programme, country and year, in an officer's scope.

A person counts once in each row, however many of the entries there are theirs.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.members.models import Participation, ParticipationState
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryPair, EntryState, Invitation, RosterEntry, Verdict
from alumni.rosters.policy import entry_visible_to, is_asked_for

ACTIVE = timedelta(days=90)  # since the last sign-in
COUNTS = ("people", "reachable", "invited", "claimed", "verified", "active")
MOST_ROWS = 10_000  # of an export


@dataclass(frozen=True, slots=True)
class RatesFilter:
    programme: str = ""  # slug; with what is below it
    country: str = ""
    year: int | None = None


def _people(viewer: Viewer, chosen: RatesFilter, *row: Any) -> sa.Subquery:
    """One line for each person of each row: how many entries, and how far they have come."""
    same = sa.select(sa.func.min(EntryPair.first_id)).where(
        EntryPair.second_id == RosterEntry.id, EntryPair.verdict == Verdict.SAME
    )
    person = sa.func.coalesce(same.correlate(RosterEntry).scalar_subquery(), RosterEntry.id)
    is_verified = Participation.state == ParticipationState.VERIFIED
    is_active = sa.and_(is_verified, Account.signed_in_at > clock.now() - ACTIVE)
    flags = {
        "reachable": sa.and_(RosterEntry.email != "", RosterEntry.mark.is_(None)),
        "invited": Invitation.entry_id.is_not(None),
        "claimed": sa.or_(RosterEntry.state == EntryState.CLAIMED, is_asked_for()),
        "verified": is_verified,
        "active": is_active,
    }
    columns = [sa.func.max(sa.case((clause, 1), else_=0)).label(name) for name, clause in flags.items()]
    select = (
        sa.select(*row, sa.func.count().label("entries"), *columns)
        .select_from(RosterEntry)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .join(Programme, Programme.id == RosterEntry.programme_id)
        .outerjoin(Invitation, Invitation.entry_id == RosterEntry.id)
        .outerjoin(Participation, Participation.id == RosterEntry.participation_id)
        .outerjoin(Account, Account.id == Participation.account_id)
        .where(entry_visible_to(viewer), *_filters(chosen))
        .group_by(*row, person)
    )
    return select.subquery("people")


def _filters(chosen: RatesFilter) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = []
    if chosen.programme:
        named = sa.select(Programme.id).where(Programme.slug == chosen.programme).cte(recursive=True)
        below = sa.select(Programme.id).join(named, Programme.parent_id == named.c.id)
        clauses.append(RosterEntry.programme_id.in_(sa.select(named.union(below).c.id)))
    if chosen.country:
        clauses.append(RosterEntry.country == chosen.country)
    if chosen.year is not None:
        clauses.append(Cohort.year == chosen.year)
    return clauses


def _sums(people: sa.Subquery) -> list[sa.ColumnElement[Any]]:
    def total(name: str) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.coalesce(sa.func.sum(people.c[name]), 0), sa.BigInteger).label(name)

    return [total("entries"), sa.func.count().label("people"), *map(total, COUNTS[1:])]


ROWS: dict[str, tuple[Any, ...]] = {
    "cohort": (
        Cohort.id.label("id"),
        Cohort.year.label("year"),
        Cohort.slug.label("slug"),
        Cohort.title.label("name"),
        Programme.short.label("programme_name"),
    ),
    "programme": (Programme.id.label("id"), Programme.slug.label("slug"), Programme.short.label("name")),
    "country": (RosterEntry.country.label("slug"),),
    "year": (Cohort.year.label("year"),),
}
ORDERS: dict[str, tuple[tuple[str, bool], ...]] = {  # the columns of a row, and whether the highest comes first
    "cohort": (("year", True), ("id", True)),
    "programme": (("id", False),),
    "country": (("slug", False),),
    "year": (("year", True),),
}


def claim_rates(viewer: Viewer, by: str, chosen: RatesFilter) -> tuple[sa.Select[Any], list[Key]]:
    """The figures by cohort, programme, country or year, and the order to page them in."""
    people = _people(viewer, chosen, *ROWS[by])
    row = [people.c[column.name] for column in ROWS[by]]
    select = sa.select(*row, *_sums(people)).group_by(*row)
    return select, [Key(people.c[name], name, descending) for name, descending in ORDERS[by]]


def sum_rates(viewer: Viewer, chosen: RatesFilter) -> Any:
    """The same over everything that was chosen: a person on several rosters counts once."""
    people = _people(viewer, chosen)
    return db.session.execute(sa.select(*_sums(people))).one()
