"""Another address: asked for by its owner, proved by the new one, taken back by the old one.

Scanners of mail follow links, so a link opens a page and only its button changes anything.
"""

from datetime import timedelta

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.accounts import actions, queries
from alumni.accounts.forms import AddressForm
from alumni.accounts.views.entering import bp
from alumni.core import limits
from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.web.forms import page_form
from alumni.web.gate import me, needs_fresh, public, see_other, signer


@bp.route("/me/security/address", methods=["GET", "POST"])
@needs_fresh
def address() -> str | Response | tuple[str, int]:
    form = page_form(AddressForm)
    if request.method != "POST":
        return _page(form)
    if form.validate():
        try:
            email = actions.normalise_email(form.email.data or "")
            _count(email)
            actions.ask_for_address(me(), email)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
        else:
            db.session.commit()
            flash(_("We have written to that address. Follow the link of the letter; until then the old one counts."))
            return see_other(".security")
    return _page(form, form_errors=True), 422


def _count(email: str) -> None:
    try:
        limits.count("another address", account=me().id, address=email)
    finally:
        db.session.commit()


def _page(form: AddressForm, *, form_errors: bool = False) -> str:
    return render_template("accounts/address.html", form=form, email=queries.email_of(me()), form_errors=form_errors)


def _change_of(purpose: str, token: str, within: timedelta) -> int:
    change_id = signer().read(purpose, token, max_age_s=int(within.total_seconds()))
    if not isinstance(change_id, int):
        raise actions.LinkNotValid
    return change_id


@bp.route("/address/<token>", methods=["GET", "POST"])
@public
def confirm_new_address(token: str) -> str | Response:
    change_id = _change_of("new-address", token, actions.CONFIRM_WITHIN)
    if request.method != "POST":
        return render_template("accounts/new_address.html", token=token)
    account = actions.confirm_address_change(change_id, but=me().sign_in_id)
    db.session.commit()
    flash(_("Your new address counts from now on."), "done")
    return see_other(".security" if me().id == account.id else ".login")


@bp.route("/address/back/<token>", methods=["GET", "POST"])
@public
def undo_new_address(token: str) -> str | Response:
    change_id = _change_of("old-address", token, actions.UNDO_WITHIN)
    if request.method != "POST":
        return render_template("accounts/old_address.html", token=token)
    actions.undo_address_change(change_id)
    db.session.commit()
    flash(_("This address counts again, and nobody is signed in. Choose a new password by the letter we have written."))
    return see_other(".login")
