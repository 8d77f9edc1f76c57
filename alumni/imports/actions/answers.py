"""The answers to "which cohort do these rows mean?": one for all rows that say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, jobs
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.groups import actions as groups_actions
from alumni.imports import policy, queries
from alumni.imports.actions.imports import COMPARE, ImportMoved
from alumni.imports.actions.staging import set_previewed
from alumni.imports.models import ImportRow, Outcome
from alumni.imports.queries import CohortWords
from alumni.programmes import actions as programmes_actions
from alumni.programmes.actions import CohortDraft
from alumni.programmes.models import Cohort, Direction, Programme
from alumni.rosters.models import ImportState, RosterImport

CHUNK = 1000
KNOWN = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.ASKS)
LEAVE_OUT, NEW = "-", "+"  # answers beside the slug of a cohort


@dataclass(frozen=True, slots=True)
class Answer:
    """The slug of a cohort, LEAVE_OUT, or NEW with what it is to be."""

    cohort: str
    draft: CohortDraft | None = None


def answer_question(
    actor: Viewer, made: RosterImport, question: str, answer: Answer, *, due_at: datetime | None = None
) -> None:
    """Says which cohort some rows mean. After the last answer a job compares them."""
    require(policy.can_import(actor, programme_id=made.programme_id, country=made.country), "officer")
    # Held, so that of two answers at once neither is lost.
    db.session.refresh(made, with_for_update=True)
    if made.state != ImportState.MAPPED or made.is_running:
        raise ImportMoved
    if question not in made.questions:
        raise NotFound
    if question not in queries.open_questions(made, made.answers):
        raise ImportMoved
    cohort_id = _cohort_id(actor, made, question, answer)
    given = made.answers["cohorts"] | {question: cohort_id}
    made.answers = made.answers | {"cohorts": given}
    if not queries.open_questions(made, made.answers):
        made.is_running, made.line_done = True, 0
        jobs.enqueue(COMPARE, due_at=due_at, roster=made.id)
    db.session.flush()  # the next answer of the same transaction reads the row anew


def _cohort_id(actor: Viewer, made: RosterImport, question: str, answer: Answer) -> int:
    """The id of the cohort that was named, 0 for none."""
    if answer.cohort == LEAVE_OUT:
        return 0
    if answer.cohort == NEW:
        return _add_cohort(actor, made, question, answer.draft).id
    below = queries.programme_ids_below(made.programme_id)
    of_it = sa.or_(Cohort.programme_id.in_(below), Cohort.edition_id.in_(below))
    cohort_id: int | None = db.session.scalar(sa.select(Cohort.id).where(Cohort.slug == answer.cohort, of_it))
    if cohort_id is None:
        raise Invalid("cohort", "unknown")
    return cohort_id


def _add_cohort(actor: Viewer, made: RosterImport, question: str, draft: CohortDraft | None) -> Cohort:
    """A cohort that the list knows and the catalogue does not. The officer asked for it, the installation makes it."""
    if draft is None or not draft.title:
        raise Invalid("title", "title-needed")
    if draft.year is None:
        raise Invalid("year", "year-needed")
    # One for each question, however often the form is sent.
    cohort = programmes_actions.add_cohort(actor=INSTALLATION, key=question, draft=draft)
    groups_actions.ensure_cohort_group(cohort=cohort)
    audit.record(actor, "roster.cohort", f"cohort:{cohort.slug}", file=made.file_name, title=cohort.title)
    return cohort


def draft_of(made: RosterImport, question: str, *, title: str, year: int | None) -> CohortDraft:
    """A new cohort with what the rows say of it."""
    asked = made.questions[question]
    words = CohortWords(*asked["words"])
    programme = db.session.get_one(Programme, made.programme_id)
    is_outbound = asked["countries"] == ["JP"]
    return CohortDraft(
        programme=programme.slug,
        title=title,
        direction=Direction.OUTBOUND if is_outbound else Direction.INBOUND,
        year=year,
        batch=words.batch,
        theme=words.theme,
        countries=tuple(sorted(asked["countries"])),
        source=made.file_name,
    )


def compare_rows(import_id: int) -> Iterator[int]:
    """Matches the rows whose cohort is known by now. Yields how many after each chunk."""
    made = _at_work(import_id)
    if made is None:
        return
    staged = sa.select(
        *(ImportRow.outcome, ImportRow.entry_id, ImportRow.cohort_id, ImportRow.name_key),
        *(ImportRow.country, ImportRow.number, ImportRow.line),
    )
    others = staged.where(ImportRow.import_id == import_id, ImportRow.outcome.in_(KNOWN))
    seen = queries.seen_in(db.session.execute(others.execution_options(yield_per=CHUNK)))
    while (made := _at_work(import_id)) is not None:
        waiting = sa.select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.outcome == Outcome.WAITS)
        rows = list(db.session.scalars(waiting.order_by(ImportRow.line).limit(CHUNK)))
        if not rows:
            made.counts = made.counts | {"waits": 0} | queries.count_outcomes(import_id)
            used = sa.select(ImportRow.cohort_id).where(ImportRow.import_id == import_id).distinct()
            made.cohorts = sorted(filter(None, db.session.scalars(used)))
            made.is_running = False
            set_previewed(made)
            yield 0
            return
        _compare(rows, made.answers["cohorts"], seen)
        made.line_done = rows[-1].line
        yield len(rows)


def _at_work(import_id: int) -> RosterImport | None:
    made = db.session.get(RosterImport, import_id)
    return made if made and made.is_running and made.state == ImportState.MAPPED else None


def _compare(rows: list[ImportRow], answers: dict[str, int], seen: queries.Seen) -> None:
    placed: list[dict[str, Any]] = []
    for row in rows:
        cohort_id = answers.get(row.cohort_words)
        if not cohort_id:
            _reject(row, "left-out", "")
            continue
        said = {column.name: getattr(row, column.name) for column in ImportRow.__table__.c}
        said |= {"cohort_id": cohort_id, "outcome": Outcome.NEW}
        if twice := seen.twice(said, hash((row.import_id, row.line))):
            _reject(row, twice[0], str(twice[1]))
            continue
        placed.append(said)
    queries.match(placed, seen)
    by_line = {row.line: row for row in rows}
    for said in placed:
        row = by_line[said["line"]]
        for name in ("cohort_id", "outcome", "identity", "entry_id", "before"):
            setattr(row, name, said[name])


def _reject(row: ImportRow, reason: str, value: str) -> None:
    row.outcome = Outcome.REJECTED
    row.problems = [*row.problems, {"column": "", "reason": reason, "value": value}]
