"""Pages of an import that show its rows, and take an officer's answers about them."""

from collections import Counter
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.exports import CSV, MEDIA_TYPES, write_table
from alumni.core.paging import page
from alumni.imports import actions, queries
from alumni.imports.forms import OUTCOMES, CohortForm, RowForm, RowsForm
from alumni.imports.queries import CohortWords
from alumni.imports.views.imports import bp, import_to_do
from alumni.imports.views.words import column_words, reason_words
from alumni.programmes.models import Programme
from alumni.rosters import actions as rosters_actions
from alumni.rosters.models import ImportState, RosterImport
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import logs_looks, me, see_other


@bp.get("/rosters/imports/<key>/rows")
@logs_looks
def rows(key: str) -> str:
    """What the file says, row by row, and what committing does with it."""
    made = import_to_do(key)
    form = RowsForm(request.args)
    outcome = form.outcome.data if form.validate() else ""
    found = page(queries.rows_of_import(made, outcome), queries.BY_LINE, after=api.after())
    rosters_actions.log_look(me(), f"import:{key}", rows=len(found.items))
    db.session.commit()
    return render_template(
        "imports/rows.html",
        made=made,
        outcome=outcome,
        outcomes=OUTCOMES,
        counts=Counter(made.counts),
        rows=found,
        reason_words=reason_words,
        column_words=column_words,
        may_answer=made.state == ImportState.PREVIEWED,
    )


@bp.post("/rosters/imports/<key>/rows/<row>")
def accept_row(key: str, row: str) -> Response:
    """Yes or no to a row that would change who a claimed entry is."""
    made = import_to_do(key)
    staged = queries.find_row(made, row)
    form = page_form(RowForm)
    if staged is None:
        raise NotFound
    if not form.validate():
        raise Invalid("accept", "unknown")
    actions.accept_row(me(), made, staged, is_accepted=form.accept.data == "yes")
    db.session.commit()
    return see_other(".rows", key=key, outcome="asks")


@bp.get("/rosters/imports/<key>/problems.csv")
@logs_looks
def problems(key: str) -> Response:
    """Every row of which something could not be taken, to be corrected and sent again."""
    made = import_to_do(key)
    found = db.session.execute(queries.rows_with_problems(made).order_by(*[k.column for k in queries.BY_LINE])).all()
    rosters_actions.log_export(me(), f"import:{key}", rows=len(found), form=CSV)
    db.session.commit()
    headings = [_("Line"), _("Name as printed"), _("Outcome"), _("Column"), _("Value"), _("Reason")]
    table = [_problem_cells(row, problem) for row in found for problem in row.problems]
    response = Response(write_table(CSV, headings, table), mimetype=MEDIA_TYPES[CSV])
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-problems.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem_cells(row: Any, problem: dict[str, str]) -> list[Any]:
    outcome, column = dict(OUTCOMES)[row.outcome], column_words(problem["column"])
    return [row.line, row.name_printed, outcome, column, problem["value"], reason_words(problem)]


@bp.get("/rosters/imports/<key>/cohorts/<question>")
def ask_cohort(key: str, question: str) -> str:
    """Which cohort some rows mean that all say the same of it."""
    made, form = import_to_do(key), CohortForm()
    return _cohort_page(made, question, form)


@bp.post("/rosters/imports/<key>/cohorts/<question>")
def answer_cohort(key: str, question: str) -> str | Response | tuple[str, int]:
    made, form = import_to_do(key), page_form(CohortForm)
    _offer(made, question, form)
    try:
        if form.validate():
            draft = actions.draft_of(made, question, title=form.title.data, year=form.year.data)
            actions.answer_question(me(), made, question, actions.Answer(form.cohort.data, draft))
            still = queries.open_questions(made, made.answers)
            db.session.commit()
            if still:
                return see_other(".ask_cohort", key=key, question=still[0])
            return see_other(".show_import", key=key)
    except Invalid as error:
        form.blame(error)
    return _cohort_page(made, question, form, form_errors=True), 422


def _offer(made: RosterImport, question: str, form: CohortForm) -> dict[str, Any]:
    asked: dict[str, Any] | None = made.questions.get(question)
    if asked is None:
        raise NotFound
    programme = db.session.get_one(Programme, made.programme_id)
    cohorts = queries.cohorts_to_answer(made.programme_id, asked["choices"])
    form.offer(cohorts, CohortWords(*asked["words"]), programme.short)
    return asked


def _cohort_page(made: RosterImport, question: str, form: CohortForm, *, form_errors: bool = False) -> str:
    asked = _offer(made, question, form)
    return render_template(
        "imports/cohort_question.html",
        made=made,
        question=question,
        asked=asked,
        words_said=CohortWords(*asked["words"]),
        form=form,
        form_errors=form_errors,
    )
