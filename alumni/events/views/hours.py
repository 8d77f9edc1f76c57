"""A proposed time, as it is for the people of a group."""

from typing import Any

from flask import render_template, request

from alumni.core.errors import Invalid, require
from alumni.core.walltime import promised
from alumni.events import queries
from alumni.events.forms import HoursForm
from alumni.events.hours import elsewhere
from alumni.events.views.pages import bp
from alumni.groups import queries as groups_queries
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me
from alumni.web.zones import main_zone


@bp.route("/groups/<slug>/hours", methods=["GET", "POST"])
def hours(slug: str) -> str | tuple[str, int]:
    """Sent by a button of the form of an event, into a page of its own: nothing is written."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    form = page_form(HoursForm, data={"zone": main_zone(row.country) or me().zone})
    found: list[Any] = []
    if request.method == "POST" and form.validate() and form.starts_at.data:
        try:
            at = promised(form.starts_at.data, form.zone.data, field="starts_at", is_second=False)
            found = elsewhere(queries.countries_of_members(row.id), at)
        except Invalid as error:
            form.blame(error)
    form.zone.offer(row.country)
    html = render_template("events/hours.html", row=row, form=form, found=found, form_errors=bool(form.errors))
    return html, 422 if form.errors else 200
