"""Pages of files on their way in: sending one, its columns, its questions, the preview, committing and undoing."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.paging import page
from alumni.core.sheets import MOST_BYTES, SheetRefused
from alumni.imports import actions, queries
from alumni.imports.forms import MappingForm, OrderForm, ReadForm, UploadForm, start_mapping
from alumni.imports.views.words import stop_words
from alumni.rosters import actions as rosters_actions
from alumni.rosters import policy as rosters_policy
from alumni.rosters.models import ImportState, RosterImport
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, logs_looks, me, see_other, takes_file

bp = Blueprint("imports", __name__)
LOOK_AGAIN_S = 3  # while a job is at work, the page comes back by itself


@bp.get("/rosters/imports")
def imports() -> str:
    """Files that came in, the newest first."""
    require(rosters_policy.can_see_rosters(me()), "officer")
    found = page(queries.imports(me()), queries.NEWEST_IMPORTS, after=api.after())
    return render_template("imports/imports.html", imports=found)


@bp.get("/rosters/import")
def new_import() -> str:
    require(rosters_policy.can_see_rosters(me()), "officer")
    return _upload_page(UploadForm(programme=request.args.get("programme", "")))


@bp.post("/rosters/import")
@takes_file(MOST_BYTES)
def send_file() -> str | Response | tuple[str, int]:
    """The file is read at once, so that one that is no list is refused where it was chosen."""
    require(rosters_policy.can_see_rosters(me()), "officer")
    form = page_form(UploadForm)
    form.offer(queries.programmes_to_import(me()))
    try:
        if form.validate():
            made = _take_in(form)
            db.session.commit()
            return see_other(".show_import", key=made.key)
    except Invalid as error:
        form.blame(error)
    except SheetRefused as refused:
        form.blame(Invalid("file", refused.reason, **refused.facts))
    return _upload_page(form, form_errors=True), 422


def _take_in(form: UploadForm) -> RosterImport:
    upload, data = form.upload(), form.file.read(MOST_BYTES)
    try:
        programme = actions.count_upload(me(), upload)
        programme_id = programme.id
    finally:
        db.session.commit()  # nobody waits for a lock while a file is read and stored
    table = _read(data, programme_id)
    return actions.start_import(me(), upload, table, file=actions.keep_file(data), key=form.key)


def _read(data: bytes, programme_id: int, *, encoding: str = "", sheet_name: str = "") -> actions.Table:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "file"
        source.write_bytes(data)
        return actions.read_table(
            source, programme_id=programme_id, encoding=encoding, sheet_name=sheet_name, language=me().language
        )


def _upload_page(form: UploadForm, *, form_errors: bool = False) -> str:
    if form.programme.choices is None:
        form.offer(queries.programmes_to_import(me()))
    return render_template("imports/new_import.html", form=form, form_errors=form_errors)


def import_to_do(key: str) -> RosterImport:
    """The import to act on. Not in scope is not there."""
    require(rosters_policy.can_see_rosters(me()), "officer")
    made: RosterImport = get_or_404(queries.import_to_do(me(), key))
    return made


@bp.get("/rosters/imports/<key>")
@logs_looks
def show_import(key: str) -> str | Response:
    """Where an import stands, and the next thing to do. Some rows stand beside the columns that are asked about."""
    made = import_to_do(key)
    answer = import_page(made)
    if made.state == ImportState.UPLOADED:
        rosters_actions.log_look(me(), f"import:{key}", rows=len(made.answers["samples"]))
    db.session.commit()
    return answer


@bp.get("/rosters/<key>")
def find_import(key: str) -> Response:
    """The short address of an import."""
    return see_other(".show_import", key=import_to_do(key).key)


def import_page(made: RosterImport, **forms: Any) -> str | Response:
    """The page of an import; while a job is at work on it, it comes back by itself."""
    is_unmapped = made.state == ImportState.UPLOADED
    shown: dict[str, Any] = {"mapping": None, "reading": None, "dating": None, "form": None}
    if is_unmapped:
        shown["mapping"] = MappingForm(data=start_mapping(made))
        shown["mapping"].ask(is_unclear=made.answers["is_unclear"], same=_same_headings(made))
        shown["reading"] = ReadForm()
        shown["reading"].offer(made, made.answers)
    elif made.problem == "date-order":
        shown["dating"] = OrderForm()
    shown |= forms
    html = render_template(
        "imports/show_import.html",
        made=made,
        row=get_or_404(queries.imports(me()).where(RosterImport.id == made.id)),
        counts=Counter(made.counts),
        cohort_words=queries.CohortWords,
        questions=queries.open_questions(made, made.answers) if made.state == ImportState.MAPPED else [],
        twice=queries.headings_twice([made.headings[at] for at in _same_headings(made)]) if is_unmapped else [],
        stop=stop_words(made.problem) if made.problem and made.problem != "date-order" else "",
        form_errors=shown["form"] is not None,
        **shown,
    )
    if not made.is_running:
        return html
    return Response(html, headers={"Refresh": str(LOOK_AGAIN_S), "Cache-Control": "no-store"})


def _same_headings(made: RosterImport) -> list[int]:
    """Columns of which the officer has to say which is which, and has not yet."""
    if "order" in made.answers:  # compared before with what was said
        return []
    guessed = {int(at): queries.Column(column) for at, column in made.columns.items()}
    return sorted(queries.unclear_columns(made.headings, guessed))


@bp.post("/rosters/imports/<key>/read")
def read_again(key: str) -> str | Response | tuple[Any, int]:
    """Another encoding, or another sheet."""
    made = import_to_do(key)
    form = page_form(ReadForm)
    form.offer(made, made.answers)
    if not form.validate():
        return import_page(made, reading=form, form=form), 422
    file, programme_id = made.file, made.programme_id
    db.session.commit()  # nobody waits for a lock while a file is read
    with actions.fetched(file) as source:
        if source is None:
            raise NotFound
        try:
            table = actions.read_table(
                source, programme_id=programme_id, encoding=form.encoding.data, sheet_name=form.sheet.data
            )
        except (SheetRefused, Invalid) as error:
            reason = error.reason if isinstance(error, SheetRefused) else error.problem
            form.blame(Invalid("encoding" if form.encoding.data else "sheet", reason, **error.facts))
            return import_page(import_to_do(key), reading=form, form=form), 422
    actions.read_again(me(), import_to_do(key), table)
    db.session.commit()
    return see_other(".show_import", key=key)


@bp.post("/rosters/imports/<key>/columns")
def map_columns(key: str) -> str | Response | tuple[Any, int]:
    """What each column is."""
    made = import_to_do(key)
    form = page_form(MappingForm)
    form.ask(is_unclear=bool(made.answers.get("is_unclear")), same=_same_headings(made))
    try:
        if form.validate():
            actions.map_columns(me(), made, form.said, order=form.date_order)
            db.session.commit()
            return see_other(".show_import", key=key)
    except Invalid as error:
        form.blame(error)
    if len(form.columns.entries) != len(made.headings):  # not of this file: it is shown as it was
        return import_page(made, form=form), 422
    return import_page(made, mapping=form, form=form), 422


@bp.post("/rosters/imports/<key>/dates")
def say_dates(key: str) -> str | Response | tuple[Any, int]:
    """How the dates are meant, where nothing in the file tells."""
    made = import_to_do(key)
    form = page_form(OrderForm)
    if not form.validate():
        return import_page(made, dating=form, form=form), 422
    actions.answer_order(me(), made, queries.DateOrder(form.order.data))
    db.session.commit()
    return see_other(".show_import", key=key)


@bp.post("/rosters/imports/<key>/commit")
def commit_import(key: str) -> Response:
    actions.commit_import(me(), import_to_do(key))
    db.session.commit()
    return see_other(".show_import", key=key)


@bp.post("/rosters/imports/<key>/undo")
def undo_import(key: str) -> Response:
    actions.undo_import(me(), import_to_do(key))
    db.session.commit()
    return see_other(".show_import", key=key)


@bp.post("/rosters/imports/<key>/again")
def compare_again(key: str) -> Response:
    """The same file from its beginning: other columns, or rosters that have changed meanwhile."""
    made = actions.compare_again(me(), import_to_do(key))
    again = made.key
    db.session.commit()
    return see_other(".show_import", key=again)


@bp.post("/rosters/imports/<key>/discard")
def discard_import(key: str) -> Response:
    actions.discard_import(me(), import_to_do(key))
    db.session.commit()
    flash(_("The file is thrown away. Nothing was changed."), "done")
    return see_other(".imports")
