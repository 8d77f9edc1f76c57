"""Which rosters there are in an officer's scope, and what stands on them. Nobody else is answered."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.paging import Key, order_of
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryMark, EntryState, RosterEntry, RosterImport
from alumni.rosters.policy import entry_visible_to

NEWEST = (Key(Cohort.year, "year", descending=True), Key(Cohort.id, "id", descending=True))
BY_NAME = (Key(RosterEntry.name_printed, "name_printed"), Key(RosterEntry.id, "id"))
# The columns of an export, by names that an import knows again.
TABLE = (
    *("name_printed", "family_name", "given_name", "name_native", "name_reading", "country", "cohort", "role", "part"),
    *("institution", "host_town", "from_on", "to_on", "number", "born_on", "email", "state", "mark"),
)


def rosters(viewer: Viewer) -> sa.Select[Any]:
    """Cohorts that have a roster of which the viewer may see something. Page them by `NEWEST`."""
    return (
        sa.select(
            Cohort.id,
            Cohort.slug,
            Cohort.title,
            Cohort.theme,
            Cohort.year,
            Cohort.batch,
            Programme.slug.label("programme"),
            Programme.short.label("programme_name"),
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(there_is(RosterEntry, RosterEntry.cohort_id == Cohort.id, entry_visible_to(viewer)))
    )


def visible_roster(viewer: Viewer, slug: str) -> sa.Select[Any]:
    """The roster of one cohort."""
    return rosters(viewer).where(Cohort.slug == slug)


def count_entries(viewer: Viewer, cohort_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many entries of each cohort the viewer may see, by state. Asked for the few cohorts of a page."""
    counts = (
        sa.select(RosterEntry.cohort_id, RosterEntry.state, sa.func.count())
        .where(RosterEntry.cohort_id.in_(list(cohort_ids)), entry_visible_to(viewer))
        .group_by(RosterEntry.cohort_id, RosterEntry.state)
    )
    found: dict[int, dict[str, int]] = {}
    for cohort_id, state, count in db.session.execute(counts).tuples():
        by_state = found.setdefault(cohort_id, {"all": 0})
        by_state[state] = count
        by_state["all"] += count
    return found


def visible_entries(viewer: Viewer, *, key: str = "") -> sa.Select[Any]:
    """Entries in the viewer's scope, with all that their list says; or the one with this key."""
    entries = (
        sa.select(
            *[column for column in RosterEntry.__table__.c if column.name != "identity"],
            Cohort.slug.label("cohort"),
            Cohort.title.label("cohort_title"),
            Programme.slug.label("programme"),
            Programme.short.label("programme_name"),
            RosterImport.key.label("import_key"),
            RosterImport.file_name,
        )
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .join(Programme, Programme.id == RosterEntry.programme_id)
        .outerjoin(RosterImport, RosterImport.id == RosterEntry.import_id)
        .where(entry_visible_to(viewer))
    )
    return entries.where(RosterEntry.key == key) if key else entries


def entry_to_keep(viewer: Viewer, key: str) -> sa.Select[Any]:
    """The entry with this key, to act on."""
    return sa.select(RosterEntry).where(RosterEntry.key == key, entry_visible_to(viewer))


def entries_of(viewer: Viewer, cohort_id: int, *, q: str = "", state: str = "", country: str = "") -> sa.Select[Any]:
    """Entries of one cohort: whose name has all the words, in this state or with this mark. Page them by `BY_NAME`."""
    select = visible_entries(viewer).where(RosterEntry.cohort_id == cohort_id)
    for word in fold(q).split():
        # The words of the key are sorted, so each is looked for by itself, from its beginning.
        begins = sa.literal(" ").concat(RosterEntry.name_key).contains(f" {word}", autoescape=True)
        select = select.where(sa.or_(begins, RosterEntry.name_native.contains(word, autoescape=True)))
    if state in set(EntryState):
        select = select.where(RosterEntry.state == state)
    if state in set(EntryMark):
        select = select.where(RosterEntry.mark == state)
    return select.where(RosterEntry.country == country) if country else select


def table_of(viewer: Viewer, cohort_id: int) -> tuple[list[str], list[list[Any]]]:
    """The entries of one cohort as a table to take along, every other column of its lists behind the known ones."""
    entries = db.session.execute(entries_of(viewer, cohort_id).order_by(*order_of(BY_NAME))).all()
    others = list(dict.fromkeys(heading for entry in entries for heading in entry.extra))
    rows = [
        [*(getattr(entry, name) for name in TABLE), *(entry.extra.get(heading, "") for heading in others)]
        for entry in entries
    ]
    return [*TABLE, *others], rows
