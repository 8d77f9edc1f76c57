"""Those who are going by the country that sent them, and who leads them."""

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.conferences import actions, policy, queries
from alumni.conferences.forms import HeadForm
from alumni.conferences.steps import event_of, event_to_run
from alumni.conferences.views.programme import Answer, bp
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other


@bp.get("/events/<slug>/delegations")
def delegations(slug: str) -> str:
    return _page(slug)


@bp.post("/events/<slug>/delegations/<country>/head")
def name_head(slug: str, country: str) -> Answer | Response:
    event, form = event_to_run(slug), page_form(HeadForm)
    if form.validate():
        try:
            actions.name_head(actor=me(), event=event, country=country, handle=form.handle.data or "")
            db.session.commit()
            flash(_("Saved."), "done")
            return see_other(".delegations", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _page(slug, form), 422


def _page(slug: str, form: HeadForm | None = None) -> str:
    event = event_of(slug)
    require(policy.can_see_delegations(me(), event.id), "insider")
    found = queries.delegations_of(me(), event.id)
    return render_template(
        "conferences/delegations.html",
        event=event,
        delegations=[one for one in found if one.country],
        others=next((one for one in found if not one.country), None),
        going=sum(one.people for one in found),
        form=form or HeadForm(),
        form_errors=form is not None,
    )
