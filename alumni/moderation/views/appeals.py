"""What was decided about the reader, and their appeal. Also for who is suspended."""

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.moderation import actions, policy, queries
from alumni.moderation.forms import AppealForm
from alumni.moderation.views.cases import bp
from alumni.web.forms import page_form
from alumni.web.gate import for_suspended, get_or_404, me, see_other


@bp.get("/me/decisions")
@for_suspended
def decisions() -> str:
    made = db.session.execute(queries.decisions_about(me())).all()
    return render_template("moderation/decisions.html", decisions=made, is_open=policy.is_open_to_appeals)


@bp.route("/appeals/<key>", methods=["GET", "POST"])
@for_suspended
def appeal(key: str) -> str | Response | tuple[str, int]:
    """One decision, and the one appeal against it."""
    report = get_or_404(queries.find_decided(me(), key))
    form = page_form(AppealForm)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        html = render_template(
            "moderation/appeal.html",
            case=report,
            appeal=queries.find_appeal(report),
            is_open=policy.is_open_to_appeals(report),
            last_day=policy.appeals_end_at(report),
            form=form,
            form_errors=failed,
        )
        return html, 422 if failed else 200
    actions.make_appeal(actor=me(), report=report, words=form.words.data)
    db.session.commit()
    flash(_("Somebody else will look at it. We will write to you."), "done")
    return see_other(".appeal", key=key)
