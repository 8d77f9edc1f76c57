"""The catalogue's writing doors as JSON, for administrators."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify

from alumni.accounts.policy import can_administer
from alumni.admin.forms import CohortForm, OfferForm, ProgrammeForm
from alumni.core.db import db
from alumni.core.errors import require
from alumni.groups import actions as groups_actions
from alumni.members import actions as members_actions
from alumni.members.models import Offer
from alumni.programmes import actions, queries
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes
from alumni.web.templating import href

bp = Blueprint("admin_api", __name__, url_prefix="/api/v1")


@bp.post("/programmes")
@takes(ProgrammeForm)
def add_programme() -> Response | tuple[Response, int]:
    require(can_administer(me()), "admin")
    form = json_form(ProgrammeForm)
    programmes = db.session.execute(queries.in_order(queries.programmes())).all()
    form.offer(db.session.execute(queries.families()).all(), programmes)
    if not form.validate():
        return invalid_form(form)
    programme = actions.add_programme(actor=me(), key=form.key, draft=form.draft())
    db.session.commit()
    return jsonify(slug=programme.slug, url=href("programmes.show", slug=programme.slug)), 201


@bp.post("/cohorts")
@takes(CohortForm)
def add_cohort() -> Response | tuple[Response, int]:
    require(can_administer(me()), "admin")
    form = json_form(CohortForm)
    form.offer(db.session.execute(queries.in_order(queries.programmes())).all())
    if not form.validate():
        return invalid_form(form)
    cohort = actions.add_cohort(actor=me(), key=form.key, draft=form.draft())
    group = groups_actions.ensure_cohort_group(cohort=cohort)
    db.session.commit()
    return jsonify(slug=cohort.slug, url=href("groups.show", slug=group.slug)), 201


@bp.post("/offers")
@takes(OfferForm)
def add_offer() -> Response | tuple[Response, int]:
    """Adds something that members can offer and look for."""
    require(can_administer(me()), "admin")
    form = json_form(OfferForm)
    if not form.validate():
        return invalid_form(form)
    offer = members_actions.add_offer(actor=me(), draft=form.draft())
    db.session.commit()
    return jsonify(offer_json(offer)), 201


@bp.put("/offers/<slug>")
@takes(OfferForm)
def edit_offer(slug: str) -> Response:
    """Renames, moves or retires it."""
    require(can_administer(me()), "admin")
    offer: Offer = get_or_404(sa.select(Offer).where(Offer.slug == slug))
    form = json_form(OfferForm)
    if not form.validate():
        return invalid_form(form)
    members_actions.edit_offer(actor=me(), offer=offer, draft=form.draft())
    db.session.commit()
    return jsonify(offer_json(offer))


def offer_json(offer: Offer) -> dict[str, Any]:
    return {"slug": offer.slug, "names": offer.names, "position": offer.position, "is_retired": offer.is_retired}
