"""/me/notifications: which letters come, how often, and when they wait."""

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.paging import page
from alumni.groups import actions as groups_actions
from alumni.groups.models import Rhythm
from alumni.mailing import actions, queries
from alumni.mailing.forms import GroupForm, LettersForm
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other

bp = Blueprint("mailing", __name__)


@bp.route("/me/notifications", methods=["GET", "POST"])
def notifications() -> str | Response | tuple[str, int]:
    start: dict[str, str] = {kind.value: rhythm.value for kind, rhythm in queries.rhythms_of(me().id).items()}
    starts, ends = queries.quiet_hours_of(me().id)
    form = page_form(LettersForm, data=start | {"starts": str(starts), "ends": str(ends)})
    if request.method == "POST" and form.validate():
        for kind, rhythm in form.chosen().items():
            actions.choose(actor=me(), kind=kind, rhythm=rhythm)
        actions.choose_quiet_hours(actor=me(), starts=int(form.starts.data), ends=int(form.ends.data))
        db.session.commit()
        flash(_("Saved."), "done")
        return see_other(".notifications")
    failed = request.method == "POST"
    html = render_template(
        "mailing/notifications.html",
        form=form,
        form_errors=failed,
        groups=page(queries.groups_of(me()), queries.BY_NAME, after=api.after()),
        group_form=GroupForm(),
        is_unreachable=queries.is_unreachable(me().id),
    )
    return (html, 422) if failed else html


@bp.post("/me/notifications/groups/<slug>")
def of_group(slug: str) -> Response:
    group = get_or_404(queries.group_of(me().id, slug))
    form = page_form(GroupForm)
    if form.validate():
        groups_actions.choose_rhythm(actor=me(), group=group, rhythm=Rhythm(form.letters.data))
        db.session.commit()
        flash(_("Saved."), "done")
    else:
        flash(_("Choose one from the list."), "error")
    return see_other(".notifications")


@bp.post("/me/notifications/address")
def check_address() -> Response:
    actions.tell_address(actor=me())
    db.session.commit()
    flash(_("We have written to your address. Follow the link of the letter."), "done")
    return see_other(".notifications")
