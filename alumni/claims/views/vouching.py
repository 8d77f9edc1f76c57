"""Pages of a voucher: what one was asked, and one's answer."""

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.claims import actions, queries
from alumni.claims.forms import VouchForm
from alumni.claims.models import VouchState
from alumni.claims.views.claims import bp
from alumni.core.db import db
from alumni.members.policy import WAITING
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.get("/vouch")
def questions() -> str:
    """Everything that one was asked and has not answered."""
    asked = db.session.execute(queries.questions_to(me())).all()
    return render_template("claims/questions.html", questions=asked)


@bp.get("/vouch/<key>")
def question(key: str) -> str:
    return _question_page(key, VouchForm())


@bp.post("/vouch/<key>")
def answer_question(key: str) -> Response | tuple[str, int]:
    form, vouch = page_form(VouchForm), get_or_404(queries.vouch_to_answer(me(), key))
    if not form.validate():
        return _question_page(key, form, form_errors=True), 422
    actions.answer_vouch(me(), vouch, VouchState(form.answer.data))
    db.session.commit()
    flash(_("Thank you for your answer."), "done")
    return see_other(".questions")


def _question_page(key: str, form: VouchForm, *, form_errors: bool = False) -> str:
    asked = get_or_404(queries.question_to(me(), key))
    is_open = asked.state == VouchState.ASKED and asked.is_recent and asked.claim_state in WAITING
    return render_template("claims/question.html", question=asked, is_open=is_open, form=form, form_errors=form_errors)
