"""Pages on which seats in councils are entered."""

from flask import Response, flash
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.groups.models import Group
from alumni.meetings import actions, queries
from alumni.meetings.forms import SeatForm
from alumni.meetings.views.doors import Answer, answer_form, kept_group
from alumni.meetings.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.route("/groups/<slug>/seats/new", methods=["GET", "POST"])
def new_seat(slug: str) -> Answer:
    group = kept_group(slug)
    form = page_form(SeatForm)
    form.offer(queries.list_members(group.id))

    def give() -> Response:
        actions.give_seat(actor=me(), group=group, key=form.key, draft=form.draft())
        db.session.commit()
        flash(_("The seat is on record."), "done")
        return see_other(".associations", slug=slug)

    return answer_form("meetings/seat.html", form, give, group=group, seat=None)


@bp.route("/groups/<slug>/seats/<key>", methods=["GET", "POST"])
def seat(slug: str, key: str) -> Answer:
    group = kept_group(slug)
    found = get_or_404(queries.seat_of(group.id, key))
    form = page_form(SeatForm, obj=found, association=db.session.get_one(Group, found.association_id).slug)
    form.offer(queries.list_members(group.id))

    def change() -> Response:
        actions.change_seat(actor=me(), group=group, seat=found, draft=form.draft())
        db.session.commit()
        flash(_("The record is changed."), "done")
        return see_other(".associations", slug=slug)

    return answer_form("meetings/seat.html", form, change, group=group, seat=found)


@bp.post("/groups/<slug>/seats/<key>/remove")
def remove_seat(slug: str, key: str) -> Response:
    group = kept_group(slug)
    actions.remove_seat(actor=me(), group=group, seat=get_or_404(queries.seat_of(group.id, key)))
    db.session.commit()
    flash(_("The seat is no longer on record."), "done")
    return see_other(".associations", slug=slug)
