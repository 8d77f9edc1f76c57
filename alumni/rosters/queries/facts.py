"""The entries among which the one of a claimant is looked for."""

from typing import Any

import sqlalchemy as sa

from alumni.rosters.models import EntryMark, RosterEntry


def entries_to_match(cohort_id: int | None, country: str) -> sa.Select[Any]:
    """Whoever a country sent to a cohort, as its roster says; without the dead."""
    is_alive = sa.or_(RosterEntry.mark.is_(None), RosterEntry.mark != EntryMark.DECEASED)
    return entry_facts().where(RosterEntry.cohort_id == cohort_id, RosterEntry.country == country, is_alive)


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
