"""The door of a personal invitation: "is this you?", for whoever holds the link of a letter or a code on paper.

Reading it changes nothing, so a program that follows links does no harm. What is unknown, too old, used or replaced
has one answer.
"""

from functools import partial
from typing import Any

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _

from alumni.accounts.steps import join_by_letter
from alumni.claims import actions
from alumni.claims.forms import CodeForm, InvitationForm
from alumni.claims.forms.invitations import LATER, NO
from alumni.claims.views.claims import bp
from alumni.core import limits
from alumni.core.db import db
from alumni.core.tokens import digest, is_link_secret
from alumni.members import queries as members_queries
from alumni.members.models import ParticipationState
from alumni.rosters import actions as rosters_actions
from alumni.rosters import queries as rosters_queries
from alumni.web.forms import page_form
from alumni.web.gate import me, network, public, see_other, signer
from alumni.web.templating import day

CODE_LIFE_S = 24 * 3600  # of the address to which a code leads
Answer = Response | tuple[Response, int]


def _digest_of(token: str) -> bytes:
    """What the table keeps of a link's secret, or of the code that led to this address."""
    of_code = signer().read("code", token, max_age_s=CODE_LIFE_S)
    if isinstance(of_code, str):
        return bytes.fromhex(of_code)
    return digest(token if is_link_secret(token) else "")


def _find(token: str) -> Any | None:
    return db.session.execute(rosters_queries.invitation_opened_by(_digest_of(token))).first()


def _page(template: str, status: int = 200, **context: Any) -> Response:
    """Nothing of an invitation is kept by what lies between us and its holder."""
    response = make_response(render_template(template, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _no_invitation() -> Response:
    return _page("claims/no_invitation.html", 410)


@bp.get("/invitation/<token>")
@public
def invitation(token: str) -> Response:
    """The name as printed and the cohort, for whoever decides whether that is them; nothing else."""
    found = _find(token)
    if found is None:
        return _no_invitation()
    return _page("claims/invitation.html", invitation=found, token=token, form=page_form(InvitationForm))


@bp.post("/invitation/<token>")
@public
def answer_invitation(token: str) -> Response:
    found = _find(token)
    if found is None:
        return _no_invitation()
    form = page_form(InvitationForm)
    if not form.validate():
        return _page("claims/invitation.html", 422, invitation=found, token=token, form=form, form_errors=True)
    if form.answer.data == NO:
        rosters_actions.decline_invitation(_digest_of(token))
        db.session.commit()
        flash(_("Thank you. Nobody writes to you about this again."), "done")
        return see_other("home.landing")
    rosters_actions.press_on(_digest_of(token))
    if form.answer.data == LATER:
        db.session.commit()
        flash(_("The link works until %(day)s.", day=day(found.expires_at)))
        return see_other("home.landing")
    return _say_yes(token, form)


def _say_yes(token: str, form: InvitationForm) -> Response:
    """Whoever is not signed in, or has not said a name, does so first and comes back."""
    if not me().is_authenticated:
        db.session.commit()
        return see_other(".join_by_invitation", token=token)
    if not me().is_suspended and not members_queries.has_profile(me()):
        db.session.commit()
        return see_other("members.my_profile", next=f"/invitation/{token}")
    participation = actions.accept_invitation(me(), _digest_of(token), key=form.key)
    db.session.commit()
    if participation.state == ParticipationState.VERIFIED:
        flash(_("Welcome back. You are a member of the network."), "done")
        return see_other("home.landing")
    flash(_("Thank you. We look at it and write to you."), "done")
    return see_other(".claim", key=participation.key)


@bp.route("/invitation/<token>/join", methods=["GET", "POST"])
@public
def join_by_invitation(token: str) -> Response:
    """An account for whoever said yes. The address that the letter went to is proved; another one proves itself."""
    found = _find(token)
    if found is None:
        return _no_invitation()
    if me().is_authenticated:
        return see_other(".invitation", token=token)
    return join_by_letter(
        partial(_page, "claims/join.html", invitation=found, token=token),
        proved=found.email,
        hold=lambda: rosters_actions.hold_invitation(_digest_of(token)),  # it still opens
        back=f"/invitation/{token}",
    )


@bp.route("/invitation", methods=["GET", "POST"])
@public
def enter_code() -> Response:
    """For whoever has a code on paper. Right or wrong, a try counts."""
    form = page_form(CodeForm)
    if request.method != "POST":
        return _page("claims/enter_code.html", form=form)
    if not form.validate():
        return _page("claims/enter_code.html", 422, form=form, form_errors=True)
    try:
        limits.count("code on paper", network=network())
    finally:
        db.session.commit()
    kept = rosters_actions.digest_of_code(form.letters)
    if db.session.execute(rosters_queries.invitation_opened_by(kept)).first() is None:
        form.code.errors = [_("No invitation has this code. Check it letter by letter; it may also be too old.")]
        return _page("claims/enter_code.html", 422, form=form, form_errors=True)
    return see_other(".invitation", token=signer().sign("code", kept.hex()))
