"""Pages on which meetings and their delegations are entered."""

from typing import Any

from flask import Response, flash
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.groups.models import Group
from alumni.meetings import actions, queries
from alumni.meetings.forms import CountryDelegationForm, MeetingForm
from alumni.meetings.models import Meeting
from alumni.meetings.views.doors import Answer, answer_form, kept_group, shown_meeting
from alumni.meetings.views.reading import bp, by_part
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other


@bp.route("/groups/<slug>/meetings/new", methods=["GET", "POST"])
def new(slug: str) -> Answer:
    group = kept_group(slug)
    form = _meeting_form(group)

    def add() -> Response:
        meeting = actions.add_meeting(actor=me(), group=group, key=form.key, draft=form.draft())
        db.session.commit()
        flash(_("The meeting is on record. Add who came, the minutes and what was resolved."), "done")
        return see_other(".show", slug=slug, key=meeting.slug)

    return answer_form("meetings/edit.html", form, add, group=group, meeting=None)


@bp.route("/groups/<slug>/meetings/<key>/edit", methods=["GET", "POST"])
def edit(slug: str, key: str) -> Answer:
    group = kept_group(slug)
    row = shown_meeting(group, key)
    meeting = db.session.get_one(Meeting, row.id)
    form = _meeting_form(group, obj=meeting, **_choices_of(row))

    def change() -> Response:
        actions.change_meeting(actor=me(), group=group, meeting=meeting, draft=form.draft())
        db.session.commit()
        flash(_("The record is changed."), "done")
        return see_other(".show", slug=slug, key=key)

    return answer_form("meetings/edit.html", form, change, group=group, meeting=row)


def _meeting_form(group: Group, **start: Any) -> MeetingForm:
    form = page_form(MeetingForm, **start)
    form.offer(queries.list_series(group.id), queries.list_members(group.id))
    return form


def _choices_of(row: Any) -> dict[str, Any]:
    """What the form holds before anybody chose."""
    return {"series": row.series_slug or "", "host_group": row.host_slug or "", "next_host": row.next_slug or ""}


@bp.route("/groups/<slug>/meetings/<key>/delegations", methods=["GET", "POST"])
def delegations(slug: str, key: str) -> Answer:
    """Who came: the countries that are entered, and a form for one more."""
    group = kept_group(slug)
    row = shown_meeting(group, key)
    form = page_form(CountryDelegationForm)

    def add() -> Response:
        meeting = db.session.get_one(Meeting, row.id)
        actions.set_delegation(actor=me(), meeting=meeting, draft=form.draft(form.country.data))
        db.session.commit()
        flash(_("The delegation is on record."), "done")
        return see_other(".delegations", slug=slug, key=key)

    parts = by_part(queries.parts_of_meeting(me(), meeting_id=row.id).all())
    return answer_form("meetings/delegations.html", form, add, group=group, meeting=row, parts=parts)


@bp.post("/groups/<slug>/meetings/<key>/delegations/<country>/remove")
def remove_delegation(slug: str, key: str, country: str) -> Response:
    row = shown_meeting(kept_group(slug), key)
    actions.remove_delegation(actor=me(), meeting=db.session.get_one(Meeting, row.id), country=country)
    db.session.commit()
    flash(_("The delegation is no longer on record."), "done")
    return see_other(".delegations", slug=slug, key=key)
