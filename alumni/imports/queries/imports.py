"""What is asked about files on their way in."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.imports.models import ImportRow, KnownHeading, Outcome
from alumni.imports.policy import import_visible_to, importable_by
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryPair, EntryState, ImportState, RosterEntry, RosterImport
from alumni.rosters.policy import is_asked_for

NEWEST_IMPORTS = (
    Key(RosterImport.created_at, "created_at", descending=True),
    Key(RosterImport.id, "id", descending=True),
)
BY_LINE = (Key(ImportRow.line, "line"),)


def imports(viewer: Viewer) -> sa.Select[Any]:
    """Files that came in, for those who may import such. Page them by `NEWEST_IMPORTS`."""
    return (
        sa.select(
            *[column for column in RosterImport.__table__.c if column.name not in ("file", "digest", "answers")],
            Programme.slug.label("programme"),
            Programme.short.label("programme_name"),
        )
        .join(Programme, Programme.id == RosterImport.programme_id)
        .where(import_visible_to(viewer))
    )


def import_to_do(viewer: Viewer, key: str) -> sa.Select[Any]:
    """The import itself, to act on."""
    return sa.select(RosterImport).where(RosterImport.key == key, import_visible_to(viewer))


def rows_of_import(made: Any, outcome: str = "") -> sa.Select[Any]:
    """What a file says, row by row, with the entry as it is. Page them by `BY_LINE`."""
    select = (
        sa.select(
            *ImportRow.__table__.c,
            Cohort.slug.label("cohort"),
            Cohort.title.label("cohort_title"),
            RosterEntry.key.label("entry"),
        )
        .outerjoin(Cohort, Cohort.id == ImportRow.cohort_id)
        .outerjoin(RosterEntry, RosterEntry.id == ImportRow.entry_id)
        .where(ImportRow.import_id == made.id)
    )
    return select.where(ImportRow.outcome == outcome) if outcome else select


def rows_with_problems(made: Any) -> sa.Select[Any]:
    """Rows that were rejected, and those of which something could not be read."""
    has_problems = sa.cast(ImportRow.problems, sa.Text) != "[]"
    return rows_of_import(made).where(sa.or_(ImportRow.outcome == Outcome.REJECTED, has_problems))


def find_row(made: RosterImport, key: str) -> ImportRow | None:
    return db.session.scalar(sa.select(ImportRow).where(ImportRow.import_id == made.id, ImportRow.key == key))


def count_outcomes(import_id: int) -> dict[str, int]:
    """How many rows of a file have each outcome."""
    counts = sa.select(ImportRow.outcome, sa.func.count()).where(ImportRow.import_id == import_id)
    return {outcome.value: count for outcome, count in db.session.execute(counts.group_by(ImportRow.outcome)).tuples()}


def open_questions(made: Any, answers: dict[str, Any]) -> list[str]:
    """Keys of the questions that nobody has answered yet, those about most rows first."""
    still = [key for key in made.questions if key not in answers.get("cohorts", {})]
    return sorted(still, key=lambda key: (-made.questions[key]["rows"], key))


def next_line(import_id: int, after: int, rows: int) -> int | None:
    """The line of the last of so many rows behind a line; None where there are none."""
    lines = sa.select(ImportRow.line).where(ImportRow.import_id == import_id, ImportRow.line > after)
    some = lines.order_by(ImportRow.line).limit(rows).subquery()
    last: int | None = db.session.scalar(sa.select(sa.func.max(some.c.line)))
    return last


def remembered_headings(programme_id: int) -> dict[str, str]:
    """What officers said that headings mean, in this programme or else in its family."""
    family = sa.select(Programme.family_id).where(Programme.id == programme_id).scalar_subquery()
    said = (
        sa.select(KnownHeading.heading, KnownHeading.column)
        .join(Programme, Programme.id == KnownHeading.programme_id)
        .where(Programme.family_id == family)
        .order_by(KnownHeading.programme_id == programme_id)  # said last, it holds
    )
    return dict(db.session.execute(said).tuples().all())


def is_overtaken(made: RosterImport) -> bool:
    """Whether another import has changed a roster of this one since it was compared."""
    since = sa.or_(RosterImport.committed_at >= made.previewed_at, RosterImport.undone_at >= made.previewed_at)
    others = sa.select(RosterImport.cohorts).where(RosterImport.id != made.id, since)
    mine = set(made.cohorts)
    return any(not mine.isdisjoint(cohorts) for cohorts in db.session.scalars(others))


def can_go(import_id: int) -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: undoing the import that made it may take it away.

    What people have claimed or claim now stays, and so does what an officer has said of it or another list also names.
    """
    other = sa.and_(ImportRow.entry_id == RosterEntry.id, ImportRow.import_id != import_id)
    was_committed = there_is(
        RosterImport, RosterImport.id == ImportRow.import_id, RosterImport.state == ImportState.COMMITTED
    )
    judged = sa.or_(EntryPair.first_id == RosterEntry.id, EntryPair.second_id == RosterEntry.id)
    return sa.and_(
        RosterEntry.import_id == import_id,
        RosterEntry.state != EntryState.CLAIMED,
        RosterEntry.participation_id.is_(None),
        RosterEntry.mark.is_(None),
        RosterEntry.duplicate_of_id.is_(None),
        sa.not_(there_is(EntryPair, judged)),
        sa.not_(there_is(ImportRow, other, was_committed)),
        sa.not_(is_asked_for()),
    )


def programmes_to_import(viewer: Viewer) -> Sequence[Any]:
    """Programmes for which somebody may import, in the order of the catalogue."""
    select = sa.select(Programme.slug, Programme.short, Programme.name).where(importable_by(viewer))
    return db.session.execute(select.order_by(Programme.family_id, Programme.position, Programme.id)).all()
