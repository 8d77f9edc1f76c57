"""Holding an event together with other groups: who asks, and who is asked."""

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.events import actions, queries
from alumni.events.forms import HostForm, HostingForm
from alumni.events.models import Event, EventState
from alumni.events.steps import group_to_ask
from alumni.events.views.pages import bp
from alumni.groups import policy as groups_policy
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web.forms import page_form, text_problem
from alumni.web.gate import get_or_404, me, see_other


@bp.route("/events/<slug>/hosts", methods=["GET", "POST"])
def hosts(slug: str) -> str | Response | tuple[str, int]:
    """Who holds the event besides its own group, for its organisers."""
    row = get_or_404(queries.event_page(me(), slug=slug))
    require(row.may_decide, "organiser")
    form = page_form(HostForm)
    if request.method == "POST" and form.validate():
        try:
            event = db.session.get_one(Event, row.id)
            actions.ask_to_host(actor=me(), event=event, group=group_to_ask(form))
            db.session.commit()
            flash(_("The group is asked. Its organisers get a letter."), "done")
            return see_other(".hosts", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    failed = request.method == "POST"
    html = render_template(
        "events/hosts.html",
        event=row,
        hosts=queries.asked_hosts(row.id),
        form=form,
        is_open=row.state != EventState.CANCELLED,
        form_errors=failed,
    )
    return html, 422 if failed else 200


@bp.get("/groups/<slug>/hosting")
def hosting(slug: str) -> str:
    """What other groups ask this one to hold with them, for its organisers."""
    group = _group(slug)
    require(groups_policy.can_organise(me(), group.id), "organiser")
    return render_template("events/hosting.html", group=group, asked=queries.hosting_asked(me(), group.id))


@bp.post("/groups/<slug>/hosting/<event>")
def answer_hosting(slug: str, event: str) -> Response:
    agrees = bool(page_form(HostingForm).agrees.data)
    actions.answer_hosting(actor=me(), group=_group(slug), event_slug=_named(event), agrees=agrees)
    db.session.commit()
    flash(_("You hold it together.") if agrees else _("You do not hold it. Whoever asked gets a letter."), "done")
    return see_other(".hosting", slug=slug)


@bp.post("/groups/<slug>/hosting/<event>/end")
def end_hosting(slug: str, event: str) -> Response:
    group = _group(slug)
    actions.end_hosting(actor=me(), group=group, event_slug=_named(event))
    db.session.commit()
    flash(_("The group does not hold this event any more."), "done")
    if groups_policy.can_organise(me(), group.id):
        return see_other(".hosting", slug=slug)
    return see_other(".hosts", slug=event)


def _group(slug: str) -> Any:
    return get_or_404(groups_queries.visible_groups(me()).where(Group.slug == _named(slug)))


def _named(slug: str) -> str:
    if text_problem(slug):
        raise NotFound
    return slug
