"""What administrators write, as JSON: the catalogue, what members offer, who is an officer."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify

from alumni.accounts.policy import can_administer
from alumni.admin.forms import CohortForm, EndMandateForm, MandateForm, OfferForm, ProgrammeForm
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.groups import actions as groups_actions
from alumni.members import actions as members_actions
from alumni.members.models import Offer
from alumni.officers import actions as officers_actions
from alumni.officers import policy as officers_policy
from alumni.officers import queries as officers_queries
from alumni.officers.models import Mandate
from alumni.programmes import actions, queries
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me, scope
from alumni.web.openapi import takes
from alumni.web.templating import href

bp = Blueprint("admin_api", __name__, url_prefix="/api/v1")


@bp.post("/programmes")
@scope("moderate")
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
@scope("moderate")
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
@scope("moderate")
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
@scope("moderate")
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


@bp.get("/officers")
@scope("moderate")
def officers() -> Response:
    """Who is in office, the first to end first."""
    require(officers_policy.can_grant(me()), "admin")
    mandates = page(
        officers_queries.mandates(me()), officers_queries.ENDING_FIRST, after=api.after(), limit=api.limit()
    )
    programmes = officers_queries.find_programmes(row.id for row in mandates.items)
    return api.list_json(mandates, lambda row: officer_json(row, programmes[row.id]))


@bp.post("/officers")
@scope("moderate")
@takes(MandateForm)
def grant_mandate() -> Response | tuple[Response, int]:
    """Makes the holder of an address an officer for a term."""
    require(officers_policy.can_grant(me()), "admin")
    form = json_form(MandateForm)
    form.offer(db.session.execute(queries.in_order(queries.programmes())).all())
    try:
        if form.validate():
            mandate = officers_actions.grant_mandate(me(), form.draft(), key=form.key)
            db.session.commit()
            return _officer(mandate.key), 201
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return invalid_form(form)


@bp.post("/officers/<key>/end")
@scope("moderate")
@takes(EndMandateForm)
def end_mandate(key: str) -> Response:
    """Ends a term before its last day."""
    require(officers_policy.can_grant(me()), "admin")
    mandate: Mandate = get_or_404(sa.select(Mandate).where(Mandate.key == key))
    form = json_form(EndMandateForm)
    if not form.validate():
        return invalid_form(form)
    officers_actions.end_mandate(me(), mandate, reason=form.reason.data)
    db.session.commit()
    return _officer(key)


def _officer(key: str) -> Response:
    row = get_or_404(officers_queries.mandate(me(), key))
    return jsonify(officer_json(row, officers_queries.find_programmes([row.id])[row.id]))


def officer_json(mandate: Any, programmes: Sequence[Any]) -> dict[str, Any]:
    return {
        "key": mandate.key,
        "email": mandate.email,
        "agency": mandate.agency,
        "programmes": [row.slug for row in programmes],
        "country": mandate.country,
        "starts_on": mandate.starts_on,
        "ends_on": mandate.ends_on,
        "ended_at": mandate.ended_at.isoformat() if mandate.ended_at else None,
        "end_reason": mandate.end_reason,
    }
