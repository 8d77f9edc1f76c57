"""Pages on which resolutions, signatures and follow-ups are entered."""

from typing import Any

import sqlalchemy as sa
from flask import Response, flash
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.groups.models import Group
from alumni.meetings import actions, queries
from alumni.meetings.forms import FollowUpForm, ResolutionForm, SignatureForm
from alumni.meetings.models import Meeting, Resolution, ResolutionState
from alumni.meetings.views.doors import Answer, answer_form, kept_group, shown_meeting
from alumni.meetings.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.route("/groups/<slug>/meetings/<key>/resolutions/new", methods=["GET", "POST"])
def new_resolution(slug: str, key: str) -> Answer:
    group = kept_group(slug)
    row = shown_meeting(group, key)
    form = page_form(ResolutionForm)

    def add() -> Response:
        meeting = db.session.get_one(Meeting, row.id)
        made = actions.add_resolution(actor=me(), meeting=meeting, key=form.key, draft=form.draft())
        db.session.commit()
        flash(_("The resolution is on record. Add who signed it, and for whom."), "done")
        return see_other(".resolution", slug=slug, key=made.slug)

    return answer_form("meetings/edit_resolution.html", form, add, group=group, meeting=row, resolution=None)


@bp.route("/groups/<slug>/resolutions/<key>/edit", methods=["GET", "POST"])
def edit_resolution(slug: str, key: str) -> Answer:
    group, resolution = _kept_resolution(slug, key)
    form = page_form(ResolutionForm, obj=resolution)

    def change() -> Response:
        actions.change_resolution(actor=me(), resolution=resolution, draft=form.draft())
        db.session.commit()
        flash(_("The record is changed."), "done")
        return see_other(".resolution", slug=slug, key=key)

    return answer_form("meetings/edit_resolution.html", form, change, group=group, meeting=None, resolution=resolution)


@bp.route("/groups/<slug>/resolutions/<key>/sign", methods=["GET", "POST"])
def sign(slug: str, key: str) -> Answer:
    """Who signed for whom: those that are entered, and a form for one more."""
    group, resolution = _kept_resolution(slug, key)
    form = page_form(SignatureForm)
    form.offer(queries.list_members(group.id))

    def add() -> Response:
        actions.sign_resolution(
            actor=me(),
            resolution=resolution,
            association=form.association.data,
            signatory=form.signatory.data or "",
            capacity=form.capacity.data or "",
        )
        db.session.commit()
        flash(_("The signature is on record."), "done")
        return see_other(".sign", slug=slug, key=key)

    parts = queries.parts_of_resolution(me(), resolution_id=resolution.id).all()
    signatures = [part for part in parts if part.part == "signature"]
    context: dict[str, Any] = {"group": group, "resolution": resolution, "signatures": signatures}
    return answer_form("meetings/sign.html", form, add, **context)


@bp.post("/groups/<slug>/resolutions/<key>/signatures/<signature>/remove")
def remove_signature(slug: str, key: str, signature: str) -> Response:
    _group, resolution = _kept_resolution(slug, key)
    actions.remove_signature(actor=me(), resolution=resolution, key=signature)
    db.session.commit()
    flash(_("The signature is no longer on record."), "done")
    return see_other(".sign", slug=slug, key=key)


@bp.route("/groups/<slug>/resolutions/<key>/follow-up", methods=["GET", "POST"])
def follow_up(slug: str, key: str) -> Answer:
    group, resolution = _kept_resolution(slug, key)
    form = page_form(FollowUpForm, state=resolution.state.value)
    first = db.session.get_one(Meeting, resolution.meeting_id)
    form.offer(queries.later_meetings(first, group.id))

    def follow() -> Response:
        actions.follow_up(
            actor=me(),
            resolution=resolution,
            meeting=form.meeting.data,
            state=ResolutionState(form.state.data),
            words=form.words.data,
        )
        db.session.commit()
        flash(_("What became of the resolution is on record."), "done")
        return see_other(".resolution", slug=slug, key=key)

    return answer_form("meetings/follow_up.html", form, follow, group=group, resolution=resolution)


def _kept_resolution(slug: str, key: str) -> tuple[Group, Resolution]:
    group = kept_group(slug)
    select = sa.select(Resolution).where(Resolution.slug == key, Resolution.group_id == group.id)
    return group, get_or_404(select)
