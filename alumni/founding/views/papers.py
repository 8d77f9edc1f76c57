"""Writing the papers, and printing them."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.places import currency_of
from alumni.founding import actions, queries
from alumni.founding.actions import PaperChanged
from alumni.founding.forms import CharterForm, FundsForm, PlanForm, charter_to_begin_from
from alumni.founding.models import Founding
from alumni.founding.views.doors import Answer, answer_form, shown, written
from alumni.founding.views.reading import PARTS, bp
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other

EMPTY_ROWS = 3


@bp.route("/foundings/<key>/charter", methods=["GET", "POST"])
def charter(key: str) -> Answer:
    founding = written(key)
    start = founding.charter or charter_to_begin_from(founding.name, founding.purpose)
    form = page_form(CharterForm, text=start, edits=founding.charter_edits)

    def save() -> None:
        actions.write_charter(actor=me(), founding=founding, text=form.text.data, edits=form.seen)

    def changed() -> dict[str, Any]:
        return {"differences": queries.differences(founding.charter, form.text.data or "")}

    return _write(founding, form, "charter", save, changed)


@bp.route("/foundings/<key>/plan", methods=["GET", "POST"])
def plan(key: str) -> Answer:
    founding = written(key)
    rows = [row._asdict() for row in queries.activities_of(me(), founding_id=founding.id).all()]
    form = page_form(PlanForm, rows=rows, edits=founding.plan_edits)
    form.rows.leave_room(EMPTY_ROWS)

    def save() -> None:
        actions.write_plan(actor=me(), founding=founding, rows=form.drafts(), edits=form.seen)

    def changed() -> dict[str, Any]:
        return {"saved": queries.activities_of(me(), founding_id=founding.id).all()}

    return _write(founding, form, "plan", save, changed)


@bp.route("/foundings/<key>/funds", methods=["GET", "POST"])
def funds(key: str) -> Answer:
    founding = written(key)
    rows = [row._asdict() for row in queries.funds_of(me(), founding_id=founding.id).all()]
    form = page_form(FundsForm, rows=rows, edits=founding.funds_edits)
    form.rows.leave_room(EMPTY_ROWS)
    for entry in form.rows.entries:
        entry.form.currency.data = entry.form.currency.data or currency_of(founding.country)

    def save() -> None:
        actions.write_funds(actor=me(), founding=founding, rows=form.drafts(), edits=form.seen)

    def changed() -> dict[str, Any]:
        return {"saved": queries.funds_of(me(), founding_id=founding.id).all()}

    return _write(founding, form, "funds", save, changed)


def _write(
    founding: Founding, form: Any, paper: str, save: Callable[[], None], changed: Callable[[], dict[str, Any]]
) -> Answer:
    """One paper: saved; or shown again with what was typed, and with what somebody else has saved meanwhile."""
    template, key = f"founding/{paper}.html", founding.key

    def act() -> Response:
        save()
        db.session.commit()
        flash(_("The paper is saved."), "done")
        return see_other(".show", key=key)

    try:
        return answer_form(template, form, act, founding=founding)
    except PaperChanged:
        db.session.rollback()
        db.session.refresh(founding)
        form.edits.process_data(getattr(founding, f"{paper}_edits"))
        form.edits.raw_data = None
        return render_template(template, form=form, founding=founding, **changed()), 409


@bp.get("/foundings/<key>/papers/<paper>")
def print_paper(key: str, paper: str) -> str:
    """One paper as it is handed in, to print."""
    row = shown(key)
    if paper not in PARTS:
        raise NotFound
    facts: dict[str, Any] = {}
    if paper in ("founders", "officers"):
        facts["founders"] = queries.founders_of(me(), founding_id=row.id).all()
    elif paper == "plan":
        facts["activities"] = queries.activities_of(me(), founding_id=row.id).all()
    elif paper == "funds":
        facts["funds"] = queries.funds_of(me(), founding_id=row.id).all()
        facts["sums"] = queries.sums_of(facts["funds"])
    return render_template("founding/paper.html", founding=row, paper=paper, **facts)
