"""The desk as JSON."""

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from alumni.claims import actions, policy, queries
from alumni.claims.api.claims import bp, claim_json, shown, to_act_on, whole_json
from alumni.claims.forms import DeskForm, EntryForm, ManyForm, RefuseForm, RulesForm, SearchForm, VerifyForm
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import DomainError, NotFound, require
from alumni.core.paging import page
from alumni.core.workdays import working_days
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Programme
from alumni.web import api
from alumni.web.errors import invalid_form, sentence
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me, scope
from alumni.web.openapi import takes
from alumni.web.refusals import log_refusal


@bp.get("/desk")
@scope("roster")
@takes(DeskForm)
def desk() -> Response:
    """What waits, the oldest first; what enough people vouch for before it."""
    require(policy.can_see_desk(me()), "officer")
    form = DeskForm(request.args)
    if not form.validate():
        return invalid_form(form)
    claims = queries.claims_at_desk(me(), form.wanted())
    return api.list_json(page(claims, queries.VOUCHED_THEN_OLDEST, after=api.after(), limit=api.limit()), case_json)


@bp.get("/desk/<key>")
@scope("roster")
def case(key: str) -> Response:
    """One case; the roster's entry and the vouchers to whoever has it in hand."""
    require(policy.can_see_desk(me()), "officer")
    return jsonify(_whole_case(key))


@bp.post("/desk/bulk")
@scope("roster")
@takes(ManyForm)
def verify_many() -> Response:
    """Each is decided by itself; what does not go is named, and the others go on."""
    require(policy.can_see_desk(me()), "officer")
    form = json_form(ManyForm)
    if not form.validate():
        return invalid_form(form)
    done, left = [], []
    for key in form.claims.lines:
        try:
            actions.approve_exact_claim(me(), to_act_on(key))
            db.session.commit()
            done.append(key)
        except DomainError as error:
            db.session.rollback()
            log_refusal(error, f"participation:{key}")
            left.append({"key": key, "type": error.code, "detail": sentence(error)})
    return jsonify(done=done, left=left)


@bp.post("/participations/<key>/take")
@scope("roster")
def take(key: str) -> Response:
    """In hand for half an hour."""
    actions.take_case(me(), to_act_on(key))
    db.session.commit()
    return jsonify(_whole_case(key))


@bp.post("/participations/<key>/release")
@scope("roster")
def release(key: str) -> tuple[str, int]:
    actions.release_case(me(), to_act_on(key))
    db.session.commit()
    return "", 204


@bp.post("/participations/<key>/roster")
@scope("roster")
@takes(SearchForm)
def search_roster(key: str) -> Response:
    """Entries of the same cohort by a name; a look that is written into the log, so it is a POST."""
    participation, form = to_act_on(key), json_form(SearchForm)
    if not form.validate():
        return invalid_form(form)
    found = actions.search_roster(me(), participation, form.name.data)
    db.session.commit()
    return jsonify(items=[entry_json(entry) | {"score": score} for score, entry in found], next=None)


@bp.post("/participations/<key>/entry")
@scope("roster")
@takes(EntryForm)
def choose_entry(key: str) -> Response:
    """Which entry it is; an empty one for none."""
    participation, form = to_act_on(key), json_form(EntryForm)
    if not form.validate():
        return invalid_form(form)
    actions.choose_entry(me(), participation, form.entry.data or "")
    db.session.commit()
    return jsonify(_whole_case(key))


@bp.post("/participations/<key>/dispute")
@scope("roster")
def tell_of_dispute(key: str) -> Response:
    """Tells both that somebody else names the same place."""
    actions.tell_of_dispute(me(), to_act_on(key))
    db.session.commit()
    return shown(key)


@bp.post("/participations/<key>/verify")
@scope("roster")
@takes(VerifyForm)
def verify(key: str) -> Response:
    participation, form = to_act_on(key), json_form(VerifyForm)
    if not form.validate():
        return invalid_form(form)
    actions.approve_claim(me(), participation, reason=form.reason.data or "")
    db.session.commit()
    return shown(key)


@bp.post("/participations/<key>/decline")
@scope("roster")
@takes(RefuseForm)
def decline(key: str) -> Response:
    return _with_reason(key, actions.decline_claim)


@bp.post("/participations/<key>/revoke")
@scope("roster")
@takes(RefuseForm)
def revoke(key: str) -> Response:
    return _with_reason(key, actions.revoke_claim)


@bp.post("/participations/<key>/replace")
@scope("roster")
@takes(RefuseForm)
def replace(key: str) -> Response:
    """Verifies this claim, and takes the place back from who has it."""
    return _with_reason(key, actions.replace_holder)


@bp.post("/participations/<key>/ask")
@scope("roster")
@takes(RefuseForm)
def ask(key: str) -> Response:
    """Asks the claimant for more."""
    return _with_reason(key, actions.ask_claimant, name="question")


def _with_reason(key: str, act: Callable[..., None], *, name: str = "reason") -> Response:
    """With a reason in the claimant's language."""
    participation, form = to_act_on(key), json_form(RefuseForm)
    if not form.validate():
        return invalid_form(form)
    act(me(), participation, **{name: form.words(queries.find_language(participation.account_id))})
    db.session.commit()
    return shown(key)


@bp.get("/programmes/<slug>/claim-rules")
@scope("roster")
def rules(slug: str) -> Response:
    """How claims of a programme are decided."""
    return _rules(_programme(slug))


@bp.put("/programmes/<slug>/claim-rules")
@scope("roster")
@takes(RulesForm)
def set_rules(slug: str) -> Response:
    programme, form = _programme(slug), json_form(RulesForm)
    if not form.validate():
        return invalid_form(form)
    actions.set_rules(me(), programme, form.draft(queries.find_rules(programme.id)))
    db.session.commit()
    return _rules(programme)


def _programme(slug: str) -> Programme:
    require(policy.can_see_desk(me()), "officer")
    programme = programmes_queries.find_programme(slug)
    if programme is None:
        raise NotFound
    require(policy.can_set_rules(me(), programme.id), "officer")
    return programme


def _rules(programme: Programme) -> Response:
    rules = queries.find_rules(programme.id)
    return jsonify(
        vouchers_needed=rules.vouchers_needed,
        vouches_a_month=rules.vouches_a_month,
        vouchers_suffice=rules.vouchers_suffice,
        organisers_decide=rules.organisers_decide,
    )


def case_json(claim: Any) -> dict[str, Any]:
    """A claim as the desk reads it, with the names of the profile."""
    return claim_json(claim) | {
        "member": {"handle": claim.handle, "name": claim.name, "name_romanised": claim.name_romanised},
        "working_days": working_days(claim.claimed_at.date(), clock.now().date()),
        "score": claim.score,
        "agrees": claim.agrees or [],
        "differs": claim.differs or [],
        "is_exact": claim.is_exact,
        "is_disputed": claim.is_disputed,
        "is_vouched": claim.is_vouched,
        "basis": claim.basis,
        "is_in_hand": policy.is_in_hand(claim),
        "is_in_my_hand": policy.has_in_hand(me(), claim),
    }


def _whole_case(key: str) -> dict[str, Any]:
    row = get_or_404(queries.case_to_decide(me(), key))
    has_it = policy.has_in_hand(me(), row)
    entry = db.session.execute(queries.entry_seen_by(me(), row.entry_id)).first() if has_it else None
    vouches = db.session.execute(queries.vouches_of(row.id)).all() if has_it else []
    return (
        whole_json(row)
        | case_json(row)
        | {
            "entry": entry_json(entry) if entry else None,
            "vouches": [{"key": vouch.key, "name": vouch.name, "state": vouch.state} for vouch in vouches],
        }
    )


def entry_json(entry: Any) -> dict[str, Any]:
    """An entry of the roster, for whoever may read it."""
    names = ("key", "name_printed", "name_native", "number", "born_on", "institution", "host_town", "country", "role")
    return {name: getattr(entry, name) for name in names} | {"is_claimed": entry.participation_id is not None}
