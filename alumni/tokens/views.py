"""Pages of tokens: which there are, a new one, the end of one."""

from datetime import timedelta

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from alumni.core.db import db
from alumni.tokens import actions, policy, queries
from alumni.tokens.forms import WORDS, TokenForm
from alumni.web.forms import page_form
from alumni.web.gate import limited, me, see_other

bp = Blueprint("tokens", __name__)


@bp.get("/me/security/tokens")
def tokens() -> str:
    rows = db.session.execute(queries.tokens_of(me())).all()
    return render_template("tokens/tokens.html", tokens=rows, words=WORDS)


@bp.route("/me/security/tokens/new", methods=["GET", "POST"])
@limited("token")
def new_token() -> str | Response | tuple[str, int]:
    """A new token. The answer to the form is the page that shows it: it is written nowhere else, and only this once."""
    form = page_form(TokenForm)
    form.scopes.choices = [SelectChoice(scope.value, WORDS[scope]) for scope in policy.scopes_of(me())]
    if request.method != "POST" or not form.validate():
        failed = request.method == "POST"
        return render_template("tokens/new.html", form=form, form_errors=failed), 422 if failed else 200
    secret = actions.make_token(
        me(),
        key=form.key,
        name=form.name.data,
        scopes=form.scopes.data,
        lasts=timedelta(days=int(form.lasts.data)),
    )
    db.session.commit()
    return render_template("tokens/made.html", secret=secret, name=form.name.data)


@bp.post("/me/security/tokens/<key>/end")
def end_token(key: str) -> Response:
    actions.end_token(me(), key)
    db.session.commit()
    flash(_("This token opens nothing any more."), "done")
    return see_other(".tokens")
