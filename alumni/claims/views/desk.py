"""Pages of the desk: what waits, several at once, the rules of a programme."""

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from alumni.claims import actions, policy, queries
from alumni.claims.forms import DeskForm, ManyForm, RulesForm
from alumni.claims.views.claims import bp, claim_to_act_on
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import DomainError, NotFound, require
from alumni.core.paging import page
from alumni.core.workdays import working_days
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Programme
from alumni.web import api
from alumni.web.errors import sentence
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other
from alumni.web.refusals import log_refusal


@bp.get("/desk")
def desk() -> str | tuple[str, int]:
    """What waits, the oldest first; what enough people vouch for before it."""
    require(policy.can_see_desk(me()), "officer")
    form = DeskForm(request.args)
    return _desk_page(form) if form.validate() else (_desk_page(form, is_wrong=True), 422)


def _desk_page(form: DeskForm, *, is_wrong: bool = False, many: ManyForm | None = None) -> str:
    wanted = queries.DeskFilter() if is_wrong else form.wanted()
    claims = page(queries.claims_at_desk(me(), wanted), queries.VOUCHED_THEN_OLDEST, after=api.after())
    programmes, countries = queries.find_choices(me())
    kept = {name: request.args[name] for name in form.data if request.args.get(name)}
    return render_template(
        "claims/desk.html",
        claims=claims,
        form=form,
        many=many or ManyForm(),
        programmes=programmes,
        countries=countries,
        kept=kept,
        days_of=waiting_days,
        is_in_hand=policy.is_in_hand,
        form_errors=is_wrong or many is not None,
    )


def waiting_days(claim: Any) -> int:
    """How long a claim has waited, in working days."""
    return working_days(claim.claimed_at.date(), clock.now().date())


@bp.post("/desk/bulk")
def verify_many() -> Response | tuple[str, int]:
    """Each is decided by itself; what does not go is named, and the others go on."""
    require(policy.can_see_desk(me()), "officer")
    form = page_form(ManyForm)
    if not form.validate():
        return _desk_page(DeskForm(), many=form), 422
    done = 0
    for key in form.claims.lines:
        try:
            actions.approve_exact_claim(me(), claim_to_act_on(key))
            db.session.commit()
            done += 1
        except DomainError as error:
            db.session.rollback()
            log_refusal(error, f"participation:{key}")
            flash(_("Not verified: %(claim)s. %(why)s", claim=_name_of(key), why=sentence(error)), "error")
    if done:
        flash(ngettext("%(num)s claim is verified.", "%(num)s claims are verified.", done), "done")
    return see_other(".desk")


def _name_of(key: str) -> str:
    row = db.session.execute(queries.case_to_decide(me(), key)).first()
    return str(row.name_as_printed or row.name) if row else key


@bp.get("/desk/rules/<slug>")
def rules(slug: str) -> str:
    programme = _programme(slug)
    return _rules_page(programme, RulesForm(obj=queries.find_rules(programme.id)))


@bp.post("/desk/rules/<slug>")
def set_rules(slug: str) -> Response | tuple[str, int]:
    programme, form = _programme(slug), page_form(RulesForm)
    if not form.validate():
        return _rules_page(programme, form, form_errors=True), 422
    actions.set_rules(me(), programme, form.draft(queries.find_rules(programme.id)))
    db.session.commit()
    flash(_("The rules are saved. They hold for what is decided from now on."), "done")
    return see_other(".rules", slug=slug)


def _programme(slug: str) -> Programme:
    require(policy.can_see_desk(me()), "officer")
    programme = programmes_queries.find_programme(slug)
    if programme is None:
        raise NotFound
    require(policy.can_set_rules(me(), programme.id), "officer")
    return programme


def _rules_page(programme: Programme, form: RulesForm, *, form_errors: bool = False) -> str:
    return render_template("claims/rules.html", programme=programme, form=form, form_errors=form_errors)
