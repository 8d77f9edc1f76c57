"""From an event to a group that lasts."""

from typing import Any

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.groups.models import Group
from alumni.reports import queries
from alumni.reports.forms import LastingForm
from alumni.reports.steps import event_begun, found_lasting
from alumni.reports.views.writing import bp
from alumni.web.forms import page_form
from alumni.web.gate import see_other


@bp.get("/events/<slug>/lasting-group")
def lasting(slug: str) -> str:
    event = event_begun(slug)
    words = _("You came to %(event)s. In this group we go on.", event=event.title)
    return _page(event, LastingForm(data={"name": event.title, "words": words}))


@bp.post("/events/<slug>/lasting-group")
def found(slug: str) -> Response | tuple[str, int]:
    event, form = event_begun(slug), page_form(LastingForm)
    if form.validate():
        try:
            group, lasting = found_lasting(event, form)
            db.session.commit()
            flash(
                _("The group exists, and you organise it. Letters are on their way: %(num)s.", num=lasting.invited),
                "done",
            )
            return see_other("groups.show", slug=group.slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _page(event, form, form_errors=True), 422


def _page(event: Any, form: LastingForm, *, form_errors: bool = False) -> str:
    there = queries.find_lasting(event.id)
    return render_template(
        "reports/lasting.html",
        event=event,
        form=form,
        group=db.session.get(Group, there.group_id) if there else None,
        form_errors=form_errors,
    )
