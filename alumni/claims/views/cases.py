"""One case at the desk: the claim beside the roster, taking it in hand, deciding it."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.claims import actions, policy, queries
from alumni.claims.forms import DecisionForm, EntryForm, RevokeVouchForm, SearchForm
from alumni.claims.models import VouchState
from alumni.claims.views.claims import bp, claim_to_act_on
from alumni.claims.views.desk import waiting_days
from alumni.core.db import db
from alumni.core.errors import require
from alumni.members.models import Participation
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import get_or_404, me, see_other

COMPARED = ("name_printed", "email", "number", "born_on", "role", "institution", "host_town")


@bp.get("/desk/<key>")
def case(key: str) -> str:
    require(policy.can_see_desk(me()), "officer")
    return _case_page(key)


@bp.post("/desk/<key>")
def decide(key: str) -> Response | tuple[str, int]:
    require(policy.can_see_desk(me()), "officer")
    form = page_form(DecisionForm)
    participation = claim_to_act_on(key)
    if not form.validate():
        return _case_page(key, form=form), 422
    decide_it, done = DECISIONS[form.decision.data]
    decide_it(participation, form.words(queries.find_language(participation.account_id)))
    db.session.commit()
    flash(str(done), "done")
    return see_other(".desk")


@bp.post("/desk/<key>/take")
def take(key: str) -> Response:
    """The roster and the evidence are open to whoever has the case in hand; the log says who that was."""
    require(policy.can_see_desk(me()), "officer")
    actions.take_case(me(), claim_to_act_on(key))
    db.session.commit()
    return see_other(".case", key=key)


@bp.post("/desk/<key>/release")
def release(key: str) -> Response:
    require(policy.can_see_desk(me()), "officer")
    actions.release_case(me(), claim_to_act_on(key))
    db.session.commit()
    flash(_("The case is free for others again."), "done")
    return see_other(".desk")


@bp.post("/desk/<key>/search")
def search_roster(key: str) -> str | tuple[str, int]:
    """A look at the roster is written into the log, so it is sent as a form."""
    require(policy.can_see_desk(me()), "officer")
    form, participation = page_form(SearchForm), claim_to_act_on(key)
    if not form.validate():
        return _case_page(key, search=form), 422
    found = actions.search_roster(me(), participation, form.name.data)
    db.session.commit()
    return _case_page(key, found=found, search=form)


@bp.post("/desk/<key>/entry")
def choose_entry(key: str) -> Response | tuple[str, int]:
    require(policy.can_see_desk(me()), "officer")
    form, participation = page_form(EntryForm), claim_to_act_on(key)
    if not form.validate():
        return _case_page(key), 422
    actions.choose_entry(me(), participation, form.entry.data or "")
    db.session.commit()
    flash(_("The entry is chosen.") if form.entry.data else _("Noted: on no roster."), "done")
    return see_other(".case", key=key)


@bp.post("/desk/<key>/dispute")
def tell_of_dispute(key: str) -> Response:
    require(policy.can_see_desk(me()), "officer")
    actions.tell_of_dispute(me(), claim_to_act_on(key))
    db.session.commit()
    flash(_("Both have been told that somebody else names the same place."), "done")
    return see_other(".case", key=key)


@bp.get("/desk/vouches/<key>")
def vouch(key: str) -> str:
    return _vouch_page(key, RevokeVouchForm())


@bp.post("/desk/vouches/<key>")
def revoke_vouch(key: str) -> Response | tuple[str, int]:
    form, row = page_form(RevokeVouchForm), get_or_404(queries.vouch_to_revoke(me(), key))
    if not form.validate():
        return _vouch_page(key, form, form_errors=True), 422
    actions.revoke_vouch(me(), row, reason=form.reason.data)
    db.session.commit()
    flash(_("The answer does not count any more."), "done")
    return see_other(".case", key=db.session.get_one(Participation, row.participation_id).key)


def _vouch_page(key: str, form: RevokeVouchForm, *, form_errors: bool = False) -> str:
    row = get_or_404(queries.vouch_to_revoke(me(), key))
    claim = db.session.get_one(Participation, row.participation_id)
    return render_template(
        "claims/revoke_vouch.html", vouch=row, claim=claim, states=VouchState, form=form, form_errors=form_errors
    )


def _case_page(key: str, *, found: list[Any] | None = None, **forms: BaseForm) -> str:
    """The claim, what is known of the cohort, the roster beside what was said, and who says that it is true."""
    row = get_or_404(queries.case_to_decide(me(), key))
    has_it = policy.has_in_hand(me(), row)
    entry = db.session.execute(queries.entry_seen_by(me(), row.entry_id)).first() if has_it and row.entry_id else None
    cohort_id = row.cohort_id or (entry.cohort_id if entry else None)
    rivals = queries.rival_claims(me(), row) if row.is_disputed and row.entry_id else None
    return render_template(
        "claims/case.html",
        form=forms.get("form") or DecisionForm(),
        search=forms.get("search") or SearchForm(),
        claim=row,
        has_it=has_it,
        reviewer=queries.find_reviewer(row) if policy.is_in_hand(row) and not has_it else None,
        days=waiting_days(row),
        entry=entry,
        compared=_compared(row, entry),
        found=found,
        titles=queries.find_titles(entry for _score, entry in found or ()),
        can_search=has_it and policy.can_search_roster(me(), claim_to_act_on(key)),
        evidence=db.session.execute(queries.evidence_of(me(), row.id)).all(),
        vouches=db.session.execute(queries.vouches_of(row.id)).all() if has_it else [],
        rules=queries.find_rules(claim_to_act_on(key).programme_id),
        rivals=db.session.execute(rivals).all() if rivals is not None else [],
        history=db.session.execute(queries.history_of(row.id)).all(),
        cohort=db.session.execute(queries.cohort_facts(cohort_id, row.country)).first() if cohort_id else None,
        others=db.session.execute(queries.other_claims(me(), row)).all(),
        names_agree=queries.names_agree(row.name_as_printed, row.name, row.name_romanised),
        form_errors=bool(forms) and found is None,
    )


def _compared(claim: Any, entry: Any | None) -> list[tuple[str, Any, Any, str]]:
    """Fact by fact: what was said, what the roster has, and whether they agree, differ, or cannot be compared."""
    if claim.entry_id is None:
        return []
    said = {name: getattr(claim, name, "") for name in COMPARED} | {"name_printed": claim.name_as_printed}
    signs = dict.fromkeys(claim.agrees or (), "agrees") | dict.fromkeys(claim.differs or (), "differs")
    signs.setdefault("role", "agrees")  # the same role is no proof, so no case counts it
    kept = {name: getattr(entry, name) if entry else None for name in COMPARED}
    rows = [(name, said[name], kept[name], signs.get(name, "")) for name in COMPARED]
    return [row for row in rows if row[1] or row[2] or row[3]]


def _say(action: Callable[..., None], name: str = "reason") -> Callable[[Participation, str], None]:
    """The words of the form, by the name that the action has for them."""
    return lambda participation, words: action(me(), participation, **{name: words})


DECISIONS: dict[str, tuple[Callable[[Participation, str], None], Any]] = {
    "verify": (_say(actions.approve_claim), _l("Verified. The person has been told.")),
    "replace": (_say(actions.replace_holder), _l("Verified, and taken back from the other. Both have been told.")),
    "ask": (_say(actions.ask_claimant, "question"), _l("Asked. The person has been told.")),
    "decline": (_say(actions.decline_claim), _l("Declined. The person has been told why.")),
    "revoke": (_say(actions.revoke_claim), _l("Taken back. The person has been told why.")),
}
