"""My data: what it is, taking it along, what I agreed to, closing my account."""

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.accounts import queries as accounts_queries
from alumni.accounts.steps import knows_password
from alumni.consents import queries as consents_queries
from alumni.consents.models import VERSIONS, Ask
from alumni.core.db import db, reading
from alumni.core.errors import Invalid, NotFound
from alumni.mydata import actions, queries
from alumni.mydata.forms import TEXTS, CloseForm
from alumni.mydata.steps import ask_for_export, standing_of
from alumni.web.forms import BaseForm, page_form, text_problem
from alumni.web.gate import for_leaving, for_suspended, get_or_404, me, see_other
from alumni.web.i18n import lang

bp = Blueprint("mydata", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/me/data")
@for_suspended
def my_data() -> str:
    exports = db.session.scalars(queries.exports_of(me())).all()
    return render_template(
        "mydata/my_data.html",
        exports=exports,
        is_making=any(export.ready_at is None for export in exports),
        open_for=queries.OPEN_FOR,
        looks=queries.looks_at(me()),
    )


@bp.post("/me/data/exports")
@for_suspended
def ask() -> Response:
    page_form(BaseForm)
    ask_for_export()
    flash(_("We make a copy of your data. You get a letter when it is ready, within minutes."), "done")
    return see_other(".my_data")


@bp.get("/me/data/exports/<key>")
@for_suspended
def fetch(key: str) -> Response:
    if text_problem(key):
        raise NotFound
    export = get_or_404(queries.export_to_fetch(me(), key))
    data = actions.read_export(export)
    if data is None:
        raise NotFound
    response = Response(data, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{export.ready_at:%Y-%m-%d}.zip"'
    return response


@bp.get("/me/data/consents")
@for_suspended
def consents() -> str:
    history = db.session.scalars(consents_queries.consents_of(me())).all()
    return render_template(
        "mydata/consents.html", standing=standing_of(history), history=history, texts=TEXTS, versions=VERSIONS
    )


@bp.post("/me/data/consents/<name>")
@for_suspended
def choose(name: str) -> Response:
    """One at a time: none is given together with another."""
    ask: Ask | None = next((each for each in VERSIONS if each.name == name), None)
    if ask is None:
        raise NotFound
    is_given = request.form.get("is_given") == "1"
    actions.choose(me(), ask, is_given=is_given, language=lang())
    db.session.commit()
    flash(_("Noted. It counts from now on.") if is_given else _("Withdrawn. It counts from now on."), "done")
    return see_other(".consents")


@bp.route("/me/data/close", methods=["GET", "POST"])
@for_suspended
def close() -> Answer:
    form = page_form(CloseForm)
    if request.method != "POST":
        return render_template("mydata/close.html", form=form, grace=actions.GRACE)
    if form.validate() and not knows_password(me().id, form.password.data):
        form.blame(Invalid("password", "password"))
    if form.errors:
        return render_template("mydata/close.html", form=form, grace=actions.GRACE, form_errors=True), 422
    with reading():
        checked = accounts_queries.find_password_hash(me().id)
        db.session.rollback()
    actions.close_account(me(), checked=checked, keeps_posts=form.posts.data == "nameless")
    db.session.commit()
    flash(_("Your account is closed. To keep it after all, sign in within 30 days."), "done")
    return see_other("accounts.login")


@bp.get("/me/data/closing")
@for_leaving
def closing() -> str | Response:
    """The one page that is open to whoever closes the account."""
    found = queries.find_closing(me().id)
    if not me().is_closing or found is None:
        return see_other(".my_data")
    return render_template("mydata/closing.html", closing=found)


@bp.post("/me/data/keep")
@for_leaving
def keep() -> Response:
    page_form(BaseForm)
    actions.keep_account(me())
    db.session.commit()
    flash(_("Your account is open again, as it was."), "done")
    return see_other("home.landing")
