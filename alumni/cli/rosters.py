"""`flask --app alumni roster import FILE`: the same import as in the browser, by the same steps."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from alumni.core import clock, jobs
from alumni.core.db import db, give_way, intend
from alumni.core.errors import DomainError, Invalid
from alumni.core.paging import order_of
from alumni.core.sheets import SheetRefused
from alumni.core.tokens import new_key
from alumni.core.viewer import INSTALLATION
from alumni.imports import actions as imports_actions
from alumni.imports import queries as imports_queries
from alumni.imports.models import Outcome
from alumni.imports.queries import CohortWords, Column, DateOrder
from alumni.rosters.models import ImportState, RosterImport
from alumni.web.errors import problem_text, sentence

ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}
MOST_LINES = 1000  # that are printed


@click.group("roster")
def roster() -> None:
    """The official lists of cohorts."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", required=True, help="The slug of the programme whose list it is.")
@click.option("--country", default="", help="Where everybody was sent from (ISO 3166), if the list does not say it.")
@click.option("--encoding", default="", help="Of a CSV file, if it is guessed wrongly.")
@click.option("--dates", type=click.Choice(sorted(ORDERS)), help="What comes first in 03/04/2017, where nothing tells.")
@click.option("--cohort", default="", help="The slug of the cohort of rows of which the catalogue does not tell it.")
@click.option("--leave-out", is_flag=True, help="Leave those rows out instead.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@with_appcontext
def import_roster(
    file: Path, *, programme: str, country: str, encoding: str, dates: str | None, dry_run: bool, **answer: Any
) -> None:
    """Import FILE (CSV or XLSX) into the rosters. Importing it twice changes nothing."""
    intend(to_write=True)
    key = new_key()
    try:
        made = _start(file, imports_actions.Upload(programme, country, file.name), key, encoding=encoding, order=dates)
        _run("Reading", made, lambda import_id: imports_actions.stage(import_id, file))
        _answer(made, imports_actions.LEAVE_OUT if answer["leave_out"] else answer["cohort"])
        _say_what_would_change(made)
        if not dry_run:
            imports_actions.commit_import(INSTALLATION, made, due_at=_later())
            db.session.commit()
            _run("Writing", made, imports_actions.commit_rows)
            click.echo(f"{made.counts['added']:,} entries added, {made.counts['updated']:,} changed.")
    except SheetRefused as refused:
        _refuse(problem_text(Invalid("file", refused.reason, **refused.facts)))
    except DomainError as error:
        _refuse(sentence(error))
    finally:
        db.session.rollback()
        _discard(key)


def _start(file: Path, upload: imports_actions.Upload, key: str, *, encoding: str, order: str | None) -> RosterImport:
    """The import with the columns as they are guessed."""
    programme_id = imports_actions.check_upload(INSTALLATION, upload).id
    db.session.commit()
    table = imports_actions.read_table(file, programme_id=programme_id, encoding=encoding)
    made = imports_actions.start_import(INSTALLATION, upload, table, file="", key=key)
    columns = [Column(made.columns[str(at)]) for at in range(len(made.headings))]
    for heading, column in zip(made.headings, columns, strict=True):
        click.echo(f"  {heading or '–'}: {column.value.replace('_', ' ')}")
    if same := imports_queries.unclear_columns(made.headings, dict(enumerate(columns))):
        places = ", ".join(str(at + 1) for at in sorted(same))
        _refuse(f"Columns {places} share a heading. Name them apart, or import the list in the browser and say which.")
    imports_actions.map_columns(INSTALLATION, made, columns, order=ORDERS.get(order or ""), due_at=_later())
    db.session.commit()
    return made


def _later() -> datetime:
    """When a worker goes on with a step, if it is stopped here."""
    return clock.now() + jobs.LEASE


def _run(label: str, made: RosterImport, work: Callable[[int], Iterator[int]]) -> None:
    """One step to its end, a few rows at a time; the site goes on meanwhile."""
    import_id, rows = made.id, made.rows
    db.session.commit()
    with click.progressbar(length=rows, label=label) as bar:
        for done in work(import_id):
            db.session.commit()
            give_way()
            bar.update(done)
    if made.problem == "cohorts-many":
        _refuse("It names more than 200 cohorts that the catalogue does not know: a column is guessed wrongly.")
    if made.problem:
        _refuse(problem_text(Invalid("file", "order-needed" if made.problem == "date-order" else made.problem)))


def _answer(made: RosterImport, answer: str) -> None:
    """Answers the questions by the options, or prints them and ends."""
    still = imports_queries.open_questions(made, made.answers)
    if still and not answer:
        click.echo("The catalogue does not tell which cohorts these are:")
        for key in still:
            asked = made.questions[key]
            words = CohortWords(*asked["words"])._asdict()
            said = ", ".join(f"{name} {value}" for name, value in words.items() if value) or "nothing"
            click.echo(f"  {asked['rows']} rows from line {asked['line']} on say {said}")
        _refuse("Answer with --cohort SLUG or --leave-out, or import the list in the browser.")
    for key in still:
        imports_actions.answer_question(INSTALLATION, made, key, imports_actions.Answer(answer), due_at=_later())
    db.session.commit()
    if made.is_running:
        _run("Comparing", made, imports_actions.compare_rows)


def _say_what_would_change(made: RosterImport) -> None:
    for outcome in Outcome:
        if count := made.counts.get(outcome.value):
            click.echo(f"{outcome.value}: {count:,}")
    rows = imports_queries.rows_with_problems(made).order_by(*order_of(imports_queries.BY_LINE)).limit(MOST_LINES)
    for row in db.session.execute(rows):
        for problem in row.problems:
            what = " ".join(filter(None, (problem["column"], problem["reason"], problem["value"])))
            click.echo(f"  line {row.line} {row.outcome.value}: {row.name_printed or '–'}: {what}")
    db.session.commit()


def _discard(key: str) -> None:
    """What was not committed leaves nothing behind."""
    gone = sa.delete(RosterImport).where(RosterImport.key == key)
    is_open = RosterImport.state.in_([ImportState.UPLOADED, ImportState.MAPPED, ImportState.PREVIEWED])
    db.session.execute(gone.where(is_open))
    db.session.commit()


def _refuse(words: str | None) -> NoReturn:
    raise click.ClickException(words or "The list was not imported.")
