"""Pages of minutes: writing a version, reading an earlier one, opening them to everybody."""

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.meetings import actions, queries
from alumni.meetings.forms import MinutesForm, VersionForm
from alumni.meetings.models import Meeting
from alumni.meetings.views.doors import Answer, answer_form, kept_group, shown_group, shown_meeting
from alumni.meetings.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.route("/groups/<slug>/meetings/<key>/minutes", methods=["GET", "POST"])
def write_minutes(slug: str, key: str) -> Answer:
    group = kept_group(slug)
    row = shown_meeting(group, key)
    form = page_form(MinutesForm, body=row.minutes or "", based_on=str(row.minutes_version))

    def write() -> Response:
        meeting = db.session.get_one(Meeting, row.id)
        actions.write_minutes(
            actor=me(), meeting=meeting, based_on=form.version, body=form.body.data, change=form.change.data or ""
        )
        db.session.commit()
        flash(_("The minutes are kept. People in the group read them; publish them for everybody else."), "done")
        return see_other(".show", slug=slug, key=key)

    return answer_form("meetings/minutes.html", form, write, group=group, meeting=row)


@bp.get("/groups/<slug>/meetings/<key>/minutes/versions")
def minutes_versions(slug: str, key: str) -> str:
    """Every version of the minutes; the text of one with `?version=`."""
    row, meeting = _inside(slug, key)
    form = VersionForm(request.args)
    if not form.validate():
        raise NotFound
    if form.version.data:
        found = get_or_404(queries.minutes_of(me(), meeting_id=meeting.id, version=form.version.data))
        return render_template("meetings/version.html", group=row, meeting=meeting, version=found)
    versions = queries.versions_of(me(), meeting_id=meeting.id).all()
    return render_template("meetings/versions.html", group=row, meeting=meeting, versions=versions)


@bp.post("/groups/<slug>/meetings/<key>/minutes/publish")
def publish_minutes(slug: str, key: str) -> Response:
    meeting = _kept_meeting(slug, key)
    actions.publish_minutes(actor=me(), meeting=meeting)
    db.session.commit()
    flash(_("The minutes are open to everybody who sees the group."), "done")
    return see_other(".show", slug=slug, key=key)


@bp.post("/groups/<slug>/meetings/<key>/minutes/withdraw")
def withdraw_minutes(slug: str, key: str) -> Response:
    meeting = _kept_meeting(slug, key)
    actions.withdraw_minutes(actor=me(), meeting=meeting)
    db.session.commit()
    flash(_("Only people in the group read the minutes now."), "done")
    return see_other(".show", slug=slug, key=key)


def _inside(slug: str, key: str) -> tuple[Any, Any]:
    row = shown_group(slug)
    meeting = shown_meeting(row, key)
    require(row.is_inside or row.keeps_records, "insider")
    return row, meeting


def _kept_meeting(slug: str, key: str) -> Meeting:
    row = shown_meeting(kept_group(slug), key)
    return db.session.get_one(Meeting, row.id)
