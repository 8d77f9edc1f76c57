"""Everything that the listings of a member are made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account
from alumni.core.db import among
from alumni.core.ready import Ready
from alumni.members.models import CareerEntry, CareerKind, Member, Participation, ParticipationState
from alumni.programmes.models import Cohort, Programme


@dataclass(frozen=True, slots=True)
class TookPart:
    """A verified participation, as a listing shows it. Slugs, and the names of the catalogue."""

    programme: str
    programme_name: str
    country: str  # sent from
    role: str
    standing: str
    cohort: str = ""
    cohort_title: str = ""
    year: int | None = None
    host_town: str = ""
    name_as_printed: str = ""  # on the papers of the programme
    above: tuple[str, ...] = ()  # slugs of the programmes that this one is a part of


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a career, as a listing shows it."""

    kind: CareerKind
    title: str
    organisation: str
    country: str
    year_from: int
    year_to: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that a listing is made from. `member` is a Member, or whatever has its columns."""

    member: Any
    handle: str
    took_part: Sequence[TookPart] = ()
    career: Sequence[Station] = ()
    is_leaving: bool = False  # closes the account, and is in no list


def whole_of(member: Member) -> Whole:
    """Of a member who is in the session, written already."""
    id = member.account_id
    account = Ready(_account(), {"account_id": id}).all()[0]
    return Whole(member, account.handle, _took_part([id]).get(id, ()), _career([id]).get(id, ()), account.is_leaving)


@cache
def _account() -> sa.Select[Any]:
    return sa.select(Account.handle, Account.is_leaving.label("is_leaving")).where(
        Account.id == sa.bindparam("account_id", type_=sa.Integer())
    )


def read_wholes(account_ids: Sequence[int]) -> list[Whole]:
    """Everything that the listings of these members are made from, in three queries."""
    members = Ready(_members(), {"account_ids": account_ids}).all()
    took_part, career = _took_part(account_ids), _career(account_ids)
    return [
        Whole(
            row,
            row.handle,
            took_part.get(row.account_id, []),
            career.get(row.account_id, []),
            is_leaving=row.is_leaving,
        )
        for row in members
    ]


@cache
def _members() -> sa.Select[Any]:
    return (
        sa.select(*Member.__table__.columns, Account.handle, Account.is_leaving.label("is_leaving"))
        .join(Account, Account.id == Member.account_id)
        .where(among(Member.account_id, "account_ids"))
        .order_by(Member.account_id)
    )


@cache
def _participations() -> sa.Select[Any]:
    return (
        sa.select(
            Participation.account_id,
            Participation.state,
            Programme.id,
            Programme.slug,
            Programme.short,
            Participation.country,
            Participation.role,
            Participation.standing,
            Participation.host_town,
            Participation.name_as_printed,
            Cohort.slug.label("cohort"),
            Cohort.title,
            Cohort.year,
        )
        .join(Programme, Programme.id == Participation.programme_id)
        .outerjoin(Cohort, Cohort.id == Participation.cohort_id)
        .where(among(Participation.account_id, "account_ids"))
        .order_by(sa.func.coalesce(Cohort.year, 0).desc(), Participation.id)
    )


def _took_part(account_ids: Sequence[int]) -> dict[int, list[TookPart]]:
    rows = Ready(_participations(), {"account_ids": account_ids}).all()
    above = programmes_above() if rows else {}
    found: dict[int, list[TookPart]] = {}
    for row in rows:
        # Left out here: a state in the WHERE makes SQLite walk everybody who is verified.
        if row.state != ParticipationState.VERIFIED:
            continue
        part = TookPart(
            programme=row.slug,
            programme_name=row.short,
            country=row.country,
            role=row.role,
            standing=row.standing,
            cohort=row.cohort or "",
            cohort_title=row.title or "",
            year=row.year,
            host_town=row.host_town,
            name_as_printed=row.name_as_printed,
            above=above[row.id],
        )
        found.setdefault(row.account_id, []).append(part)
    return found


@cache
def _parents() -> sa.Select[Any]:
    parent = aliased(Programme)
    return sa.select(Programme.id, Programme.parent_id, parent.slug).outerjoin(parent, parent.id == Programme.parent_id)


def programmes_above() -> dict[int, tuple[str, ...]]:
    """By the id of each programme, the slugs of the programmes that it is a part of."""
    parent_of = {row.id: (row.parent_id, row.slug) for row in Ready(_parents(), {}).all()}

    def climb(programme_id: int) -> Iterator[str]:
        above, slug = parent_of[programme_id]
        while above is not None:
            yield slug
            above, slug = parent_of[above]

    return {programme_id: tuple(climb(programme_id)) for programme_id in parent_of}


@cache
def _stations() -> sa.Select[Any]:
    columns = (
        CareerEntry.kind,
        CareerEntry.title,
        CareerEntry.organisation,
        CareerEntry.country,
        CareerEntry.year_from,
        CareerEntry.year_to,
    )
    latest_first = (sa.func.coalesce(CareerEntry.year_to, 9999).desc(), CareerEntry.year_from.desc(), CareerEntry.id)
    select = sa.select(CareerEntry.account_id, *columns).where(among(CareerEntry.account_id, "account_ids"))
    return select.order_by(*latest_first)


def _career(account_ids: Sequence[int]) -> dict[int, list[Station]]:
    found: dict[int, list[Station]] = {}
    for account_id, *station in Ready(_stations(), {"account_ids": account_ids}).all():
        found.setdefault(account_id, []).append(Station(*station))
    return found
