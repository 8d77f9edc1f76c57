"""Founding along, inviting others, leaving, and who does what first."""

from typing import Any

from flask import Response, flash
from flask_babel import gettext as _
from flask_babel import ngettext

from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.founding import actions, queries
from alumni.founding.forms import ConfirmForm, InviteForm, OfficersForm
from alumni.founding.models import FounderState
from alumni.founding.views.doors import Answer, answer_form, entity, shown, written
from alumni.founding.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other


@bp.route("/foundings/<key>/confirm", methods=["GET", "POST"])
def confirm(key: str) -> Answer:
    row, founding = shown(key), entity(key)
    founder = queries.find_founder(me().id, founding.id)
    if founder is None or founder.state == FounderState.LEFT:
        raise NotFound
    is_confirmed = founder.state == FounderState.CONFIRMED
    form = page_form(ConfirmForm, name=founder.name, address=founder.address, agrees=is_confirmed)

    def act() -> Response:
        actions.confirm_founder(actor=me(), founding=founding, name=form.name.data, address=form.address.data or "")
        db.session.commit()
        flash(_("You found this association along with the others."), "done")
        return see_other(".show", key=key)

    return answer_form("founding/confirm.html", form, act, founding=row)


@bp.post("/foundings/<key>/leave")
def leave(key: str) -> Response:
    actions.leave_founding(actor=me(), founding=entity(key))
    db.session.commit()
    flash(_("You do not found it. Your name and address are gone from the papers."), "done")
    return see_other(".mine")


@bp.route("/foundings/<key>/invite", methods=["GET", "POST"])
def invite(key: str) -> Answer:
    founding = written(key)
    form = page_form(InviteForm)

    def act() -> Response:
        asked = actions.invite_founders(actor=me(), founding=founding, handles=form.wanted())
        db.session.commit()
        flash(ngettext("%(num)s member is asked by a letter.", "%(num)s members are asked by a letter.", asked), "done")
        return see_other(".show", key=key)

    return answer_form("founding/invite.html", form, act, founding=founding)


@bp.route("/foundings/<key>/officers", methods=["GET", "POST"])
def officers(key: str) -> Answer:
    founding = written(key)
    founders = queries.founders_of(me(), founding_id=founding.id).all()
    form = page_form(OfficersForm, **_chosen(founders, founding.term_ends_on))
    form.rows.leave_room(3)
    form.offer(founders)

    def act() -> Response:
        actions.choose_officers(actor=me(), founding=founding, officers=form.officers())
        db.session.commit()
        flash(_("The first officers are on the papers."), "done")
        return see_other(".show", key=key)

    return answer_form("founding/officers.html", form, act, founding=founding)


def _chosen(founders: Any, term_ends_on: str) -> dict[str, Any]:
    rows = [{"founder": row.key, "title": row.office} for row in founders if row.office]
    organiser = next((row.key for row in founders if row.is_organiser), "")
    return {"rows": rows, "organiser": organiser, "term_ends_on": term_ends_on}
