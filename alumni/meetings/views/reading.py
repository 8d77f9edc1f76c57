"""Pages that anybody reads who sees the group: its meetings, its resolutions, its associations, its register."""

from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext as _l

from alumni.core.paging import page
from alumni.groups.models import Role
from alumni.meetings import queries
from alumni.meetings.forms import ResolutionFilterForm, SeriesForm, YearForm
from alumni.meetings.models import ResolutionState
from alumni.meetings.views.doors import shown_group, shown_meeting
from alumni.web import api
from alumni.web.gate import get_or_404, me, public
from alumni.web.templating import Words

bp = Blueprint("meetings", __name__)
STATES = {
    ResolutionState.OPEN: _l("Still open"),
    ResolutionState.DONE: _l("Carried out"),
    ResolutionState.DROPPED: _l("Given up"),
}


OFFICES = {Role.ORGANISER: _l("Organiser"), Role.OFFICER: _l("Officer"), Role.RECORDS: _l("Keeps the records")}


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """What templates call the states of a resolution, and the offices of a group that have no title."""
    state.app.jinja_env.globals.update(resolution_states=Words(STATES), group_offices=Words(OFFICES))


@bp.get("/groups/<slug>/meetings")
@public
def in_group(slug: str) -> str | tuple[str, int]:
    """The meetings of a group and those that it hosted; of one series with `?series=`."""
    row = shown_group(slug)
    form = SeriesForm(request.args)
    is_fine = form.validate()
    series = (form.series.data or "") if is_fine else ""
    meetings = page(queries.meetings_of(me(), group_id=row.id, series=series), queries.BY_DATE, after=api.after())
    html = render_template(
        "meetings/in_group.html",
        row=row,
        group=row,
        meetings=meetings,
        series=queries.series_of(me(), group_id=row.id).all(),
        chosen=series,
    )
    return html if is_fine else (html, 422)


@bp.get("/groups/<slug>/meetings/<key>")
@public
def show(slug: str, key: str) -> str:
    row = shown_group(slug)
    meeting = shown_meeting(row, key)
    parts = by_part(queries.parts_of_meeting(me(), meeting_id=meeting.id).all())
    return render_template("meetings/show.html", row=row, group=row, meeting=meeting, parts=parts)


@bp.get("/groups/<slug>/resolutions")
@public
def resolutions(slug: str) -> str | tuple[str, int]:
    row = shown_group(slug)
    form = ResolutionFilterForm(request.args)
    is_fine = form.validate()
    state = (form.state.data or "") if is_fine else ""
    found = page(queries.resolutions_of(me(), group_id=row.id, state=state), queries.BY_ADOPTION, after=api.after())
    html = render_template("meetings/resolutions.html", row=row, group=row, resolutions=found, state=state)
    return html if is_fine else (html, 422)


@bp.get("/groups/<slug>/resolutions/<key>")
@public
def resolution(slug: str, key: str) -> str:
    row = shown_group(slug)
    found = get_or_404(queries.shown_resolution(me(), group_id=row.id, slug=key))
    parts = by_part(queries.parts_of_resolution(me(), resolution_id=found.id).all())
    return render_template("meetings/resolution.html", row=row, group=row, resolution=found, parts=parts)


@bp.get("/groups/<slug>/associations")
@public
def associations(slug: str) -> str:
    """Who belongs to an umbrella, and who sits in its councils; of an association, the seats that it holds."""
    row = shown_group(slug)
    rows = queries.associations_of(me(), group_id=row.id).all()
    by_group = {group_id: list(several) for group_id, several in groupby(rows, key=lambda one: one.id)}
    return render_template(
        "meetings/associations.html",
        row=row,
        group=row,
        below=[several[0] for group_id, several in by_group.items() if group_id != row.id],
        officers={group_id: [one for one in several if one.role] for group_id, several in by_group.items()},
        seats=queries.seats_around(me(), group_id=row.id).all(),
    )


@bp.get("/groups/<slug>/register")
@public
def register(slug: str) -> str | tuple[str, int]:
    """What a group did in a year; in the last one of which something is known, if none is asked for."""
    row = shown_group(slug)
    form = YearForm(request.args)
    is_fine = form.validate()
    years = [found.year for found in queries.register_years(me(), group_id=row.id).all()]
    year = str(form.year.data) if is_fine and form.year.data else (years[0] if years else "")
    entries: list[Any] = []
    if year:
        asked = queries.register_of(me(), group_id=row.id, year=year, next_year=str(int(year) + 1))
        entries = asked.all()
    html = render_template("meetings/register.html", row=row, group=row, years=years, year=year, entries=entries)
    return html if is_fine else (html, 422)


def by_part(rows: list[Any]) -> dict[str, list[Any]]:
    """The rows of a union by what they are."""
    parts: dict[str, list[Any]] = {"delegation": [], "resolution": [], "follow-up": [], "signature": []}
    for row in rows:
        parts[row.part].append(row)
    return parts
