"""Pages of a claimant: making a claim, where it stands, what helps."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.claims import actions, policy, queries
from alumni.claims.forms import AnswerForm, AppealForm, ClaimForm, CorrectionForm, CountryForm, EvidenceForm
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.members import queries as members_queries
from alumni.members.models import Participation, ParticipationState
from alumni.members.policy import WAITING
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Programme
from alumni.web.forms import page_form
from alumni.web.gate import for_suspended, get_or_404, me, see_other
from alumni.web.templating import country_choices

bp = Blueprint("claims", __name__)
DONE = {
    True: _l("We have found you. Welcome back."),
    False: _l("Thank you. We look at it and write to you."),
}
MOST_IN_A_LIST = 40  # of choices that one can read through; more are cut up or looked up


@bp.get("/claims/new")
def new_claim() -> str | Response | tuple[str, int]:
    """One step a page: family, programme, country, then the claim itself."""
    if not members_queries.has_profile(me()):
        return see_other("members.my_profile", next=request.full_path)
    family, slug = request.args.get("family", ""), request.args.get("programme", "")
    if slug:
        return _choose_country(_known(slug))
    if family:
        return _choose_programme(family)
    return render_template(
        "claims/new_claim.html", step="family", families=db.session.execute(programmes_queries.families()).all()
    )


def _known(slug: str) -> Programme:
    programme = None if "\0" in slug else programmes_queries.find_programme(slug)
    if programme is None:
        raise NotFound
    return programme


def _choose_programme(family: str) -> str:
    found = [] if "\0" in family else db.session.execute(programmes_queries.claimable_programmes(family)).all()
    if not found:
        raise NotFound
    names = {row.id: row.name for row in db.session.execute(programmes_queries.programmes_of_family(family))}
    groups: dict[int | None, list[Any]] = {None: []}
    for row in found:
        groups.setdefault(row.parent_id, []).append(row)
    return render_template(
        "claims/new_claim.html",
        step="programme",
        family=found[0].family_name,
        groups=[(names.get(parent), rows) for parent, rows in groups.items() if rows],
    )


def _choose_country(programme: Programme) -> str | tuple[str, int]:
    """The countries of the programme, or any other; where it has only one, there is nothing to choose."""
    offered = programmes_queries.countries_of(programme)
    is_chosen = "country" in request.args
    if not is_chosen and len(offered) == 1:
        return _claim_page(ClaimForm(programme=programme.slug, country=offered[0]), programme)
    form = CountryForm(request.args)
    if is_chosen and form.validate():
        return _claim_page(ClaimForm(programme=programme.slug, country=form.country.data), programme)
    names = dict(country_choices())
    html = render_template(
        "claims/new_claim.html",
        step="country",
        programme=programme,
        offered=sorted(offered, key=lambda code: names.get(code, code)) if len(offered) <= MOST_IN_A_LIST else [],
        form=form,
        form_errors=is_chosen,
    )
    return html, 422 if is_chosen else 200


def _claim_page(form: ClaimForm, programme: Programme | None, *, form_errors: bool = False) -> str:
    """The claim itself; where very many cohorts match, the year comes first."""
    cohorts = queries.cohorts_to_choose(programme, form.country.data)
    years = sorted({row.year for row in cohorts}, reverse=True)
    year = request.args.get("year", "")
    if len(cohorts) > MOST_IN_A_LIST and not form_errors and year not in map(str, years):
        return render_template(
            "claims/new_claim.html", step="year", programme=programme, country=form.country.data, years=years
        )
    if len(cohorts) > MOST_IN_A_LIST and year in map(str, years):
        cohorts = [row for row in cohorts if str(row.year) == year]
    form.offer(cohorts)
    return render_template(
        "claims/new_claim.html",
        step="claim",
        programme=programme,
        form=form,
        has_cohorts=bool(cohorts),
        form_errors=form_errors,
    )


@bp.post("/claims/new")
def make_claim() -> str | Response | tuple[str, int]:
    form = page_form(ClaimForm)
    try:
        if form.validate():
            participation = actions.claim_place(me(), form.claim(), key=form.key)
            db.session.commit()
            flash(str(DONE[participation.state == ParticipationState.VERIFIED]), "done")
            return see_other(".claim", key=participation.key)
    except Invalid as error:
        form.blame(error)
    programme = None if form.programme.errors else programmes_queries.find_programme(form.programme.data)
    return _claim_page(form, programme, form_errors=True), 422


@bp.get("/claims/<key>")
@for_suspended
def claim(key: str) -> str:
    """Where a claim stands, for the claimant and the desk."""
    return claim_page(key)


def claim_page(key: str, **forms: Any) -> str:
    """With one of its forms, when what was entered has to be corrected."""
    row = get_or_404(queries.visible_claims(me()).where(Participation.key == key))
    shown = {"answer": AnswerForm(), "appeal": AppealForm(), "evidence": EvidenceForm()}
    return render_template(
        "claims/claim.html",
        claim=row,
        place=queries.find_place_in_group(row.account_id, row.cohort_id),
        history=db.session.execute(queries.history_of(row.id)).all(),
        evidence=db.session.execute(queries.evidence_of(me(), row.id)).all(),
        most_files=actions.MOST_FILES,
        is_mine=row.account_id == me().id,
        is_decidable=policy.can_see_desk(me()),
        forms_shown=shown | forms,
        form_errors=bool(forms),
    )


def claim_to_act_on(key: str) -> Participation:
    """One's own, or one that one decides on; which deeds are whose, the actions say."""
    participation: Participation = get_or_404(members_queries.claims_open_to(me()).where(Participation.key == key))
    return participation


@bp.get("/claims/<key>/correct")
def correct_claim(key: str) -> str | Response:
    """What was said, to be said otherwise. What is decided is looked at on its own page."""
    row = get_or_404(queries.visible_claims(me()).where(Participation.key == key))
    if row.account_id != me().id or row.state not in WAITING:
        return see_other(".claim", key=key)
    return _correction_page(row, CorrectionForm(obj=row))


@bp.post("/claims/<key>/correct")
def save_correction(key: str) -> Response | tuple[str, int]:
    form, participation = page_form(CorrectionForm), claim_to_act_on(key)
    if not form.validate():
        row = get_or_404(queries.visible_claims(me()).where(Participation.key == key))
        return _correction_page(row, form, form_errors=True), 422
    actions.correct_claim(me(), participation, form.correction())
    db.session.commit()
    is_found = participation.state == ParticipationState.VERIFIED
    flash(str(DONE[True]) if is_found else _("Your claim is corrected, and compared anew."), "done")
    return see_other(".claim", key=key)


def _correction_page(row: Any, form: CorrectionForm, *, form_errors: bool = False) -> str:
    return render_template("claims/correct_claim.html", claim=row, form=form, form_errors=form_errors)


@bp.post("/claims/<key>/withdraw")
def withdraw_claim(key: str) -> Response:
    actions.withdraw_claim(me(), claim_to_act_on(key))
    db.session.commit()
    flash(_("Your claim is taken back."), "done")
    return see_other("members.my_participations")


@bp.post("/claims/<key>/answer")
def answer(key: str) -> Response | tuple[str, int]:
    form, participation = page_form(AnswerForm), claim_to_act_on(key)
    if not form.validate():
        return claim_page(key, answer=form), 422
    actions.answer_question(me(), participation, answer=form.words.data)
    db.session.commit()
    flash(_("Thank you. It goes on with your answer."), "done")
    return see_other(".claim", key=key)


@bp.post("/claims/<key>/appeal")
def appeal(key: str) -> Response | tuple[str, int]:
    form, participation = page_form(AppealForm), claim_to_act_on(key)
    if not form.validate():
        return claim_page(key, appeal=form), 422
    actions.appeal(me(), participation, words=form.words.data)
    db.session.commit()
    flash(_("Somebody else looks at it now."), "done")
    return see_other(".claim", key=key)


@bp.post("/claims/<key>/vouchers")
def ask_vouchers(key: str) -> Response:
    """The words are the same whether there was anybody to ask or not."""
    actions.ask_vouchers(me(), claim_to_act_on(key))
    db.session.commit()
    flash(_("We ask people who were there, if there are any whom we can ask. You see here what comes of it."), "done")
    return see_other(".claim", key=key)
