"""The foundings that one has to do with, one of them with its checklist, beginning one, and changing what it is."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.founding import actions, policy, queries
from alumni.founding.forms import FUND_KINDS, FoundingForm
from alumni.founding.models import FounderState, Founding, FoundingState
from alumni.founding.views.doors import Answer, answer_form, shown, written
from alumni.groups.models import Group
from alumni.programmes.models import Programme
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other
from alumni.web.templating import Words

bp = Blueprint("founding", __name__)
STATES = {
    FoundingState.DRAFT: _l("The papers are being written"),
    FoundingState.HANDED_IN: _l("Handed in"),
    FoundingState.APPROVED: _l("Approved"),
    FoundingState.DECLINED: _l("Declined"),
    FoundingState.WITHDRAWN: _l("Given up"),
}
PARTS = {
    "founders": _l("Founding members"),
    "charter": _l("Charter"),
    "plan": _l("Annual plan"),
    "funds": _l("Plan of funds"),
    "officers": _l("First officers"),
}


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """What templates call the states and the papers of a founding."""
    words: dict[str, Any] = {"founding_states": STATES, "founding_parts": PARTS, "fund_kinds": FUND_KINDS}
    state.app.jinja_env.globals.update({name: Words(table) for name, table in words.items()})


@bp.get("/foundings")
def mine() -> str:
    found = page(queries.foundings_of(me()), queries.LATEST, after=api.after())
    return render_template("founding/mine.html", foundings=found, may_start=policy.can_start(me()))


@bp.route("/foundings/new", methods=["GET", "POST"])
def new() -> Answer:
    require(policy.can_start(me()), "member")
    form = page_form(FoundingForm, umbrella=request.args.get("umbrella", ""))
    form.offer(queries.list_programmes(), queries.list_umbrellas(me()))

    def act() -> Response:
        made = actions.start_founding(actor=me(), key=form.key, draft=form.draft())
        db.session.commit()
        flash(_("It is begun. Say first that you found it yourself."), "done")
        return see_other(".confirm", key=made.key)

    return answer_form("founding/edit.html", form, act, founding=None)


@bp.get("/foundings/<key>")
def show(key: str) -> str:
    row = shown(key)
    founders = queries.founders_of(me(), founding_id=row.id).all()
    return render_template(
        "founding/show.html",
        founding=row,
        founders=founders,
        confirmed=sum(founder.state == FounderState.CONFIRMED for founder in founders),
        needed=policy.FOUNDERS_NEEDED,
        missing=queries.find_missing(row),
    )


@bp.route("/foundings/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> Answer:
    founding = written(key)
    form = page_form(FoundingForm, obj=founding, **_slugs_of(founding))
    form.offer(queries.list_programmes(), queries.list_umbrellas(me()))

    def act() -> Response:
        actions.change_founding(actor=me(), founding=founding, draft=form.draft())
        db.session.commit()
        flash(_("Your changes are saved."), "done")
        return see_other(".show", key=key)

    return answer_form("founding/edit.html", form, act, founding=founding)


def _slugs_of(founding: Founding) -> dict[str, str]:
    programme = db.session.get(Programme, founding.programme_id) if founding.programme_id else None
    umbrella = db.session.get(Group, founding.umbrella_id) if founding.umbrella_id else None
    return {"programme": programme.slug if programme else "", "umbrella": umbrella.slug if umbrella else ""}
