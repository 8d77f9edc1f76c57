"""Pages of accounts."""

from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _

from alumni.accounts import actions, queries
from alumni.accounts.forms import ChangePasswordForm, ConfirmForm, ForgotForm, ResetForm, SignInForm, SignUpForm
from alumni.accounts.steps import knows_password
from alumni.core import limits
from alumni.core.db import db, reading
from alumni.core.errors import Invalid
from alumni.web.forms import page_form
from alumni.web.gate import (
    device,
    for_leaving,
    for_suspended,
    is_local,
    me,
    network,
    public,
    see_other,
    session_cookie_name,
    signer,
    with_session,
)
from alumni.web.i18n import COOKIE, lang, languages

bp = Blueprint("accounts", __name__)
CONFIRM_LIFE_S = 7 * 24 * 3600
RESET_LIFE_S = 3600
A_YEAR = timedelta(days=365)


@bp.post("/language")
@public
@for_leaving
def set_language() -> Response:
    """Pages follow the cookie, letters the account: whoever is signed in chooses for both."""
    wanted, target = request.form.get("lang", ""), request.form.get("next")
    response = cast(Response, redirect(target if target and is_local(target) else "/", 303))
    if wanted not in languages():
        return response
    if me().is_authenticated:
        actions.choose_language(me(), wanted)
        db.session.commit()
    is_https = current_app.config["ALUMNI"].is_https
    response.set_cookie(COOKIE, wanted, max_age=A_YEAR, httponly=True, samesite="Lax", secure=is_https)
    return response


@bp.route("/signup", methods=["GET", "POST"])
@public
def signup() -> str | Response | tuple[str, int]:
    if me().is_authenticated:
        return see_other("home.landing")
    form = page_form(SignUpForm)
    if request.method != "POST":
        return render_template("accounts/signup.html", form=form)
    try:
        email = actions.normalise_email(form.email.data) if form.validate() else ""
    except Invalid as error:
        form.blame(error)
    if form.errors:
        return render_template("accounts/signup.html", form=form, form_errors=True), 422
    try:
        limits.count("sign-up", network=network(), address=email)
    finally:
        db.session.commit()
    password_hash = actions.hash_password(form.password.data)  # outside any transaction: it takes its time
    actions.sign_up(email=email, password_hash=password_hash, language=lang(), zone="UTC")
    db.session.commit()
    return see_other(".check_mail")


@bp.get("/signup/check-mail")
@public
def check_mail() -> str:
    return render_template("accounts/check_mail.html")


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> str | Response | tuple[str, int]:
    """The letter and the password together: neither a scanner that follows links nor whoever else signed up gets in."""
    account_id = signer().read("confirm", token, max_age_s=CONFIRM_LIFE_S)
    if not isinstance(account_id, int):
        raise actions.LinkNotValid
    form = page_form(ConfirmForm)
    if request.method != "POST":
        return render_template("accounts/confirm.html", form=form, token=token)
    if form.validate() and knows_password(account_id, form.password.data):
        account = actions.confirm_address(account_id)
        secret = actions.sign_in(account, password=form.password.data, device=device())
        db.session.commit()
        flash(_("Your address is confirmed."), "done")
        return with_session(see_other("claims.new_claim"), secret, lasts=actions.SESSION_LIFE)
    if not form.errors:
        form.password.errors = [_("This is not the password you signed up with. Sign up again to choose another.")]
    return render_template("accounts/confirm.html", form=form, token=token, form_errors=True), 422


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> str | Response | tuple[str, int]:
    target = request.values.get("next", "")
    target = target if is_local(target) else ""
    if me().is_authenticated:
        return redirect(target or "/", 303)  # type: ignore[return-value]
    form = page_form(SignInForm)
    if request.method != "POST":
        return render_template("accounts/login.html", form=form, next=target)
    if form.validate():
        secret = _sign_in(form)
        if secret:
            response: Response = redirect(target or "/", 303)  # type: ignore[assignment]
            return with_session(response, secret, lasts=actions.SESSION_LIFE)
        form.form_errors.append(_("The address and the password do not match. Check both, or choose a new password."))
    return render_template("accounts/login.html", form=form, next=target, form_errors=True), 422


def _sign_in(form: SignInForm) -> str | None:
    """The secret of a new session, or None; the same work for known and unknown addresses."""
    try:
        email = actions.normalise_email(form.email.data)
    except Invalid:
        email = ""
    try:
        limits.count("sign-in", network=network())
        if email:
            limits.count("sign-in", address=email, address_and_network=f"{email}|{network()}")
    finally:
        db.session.commit()
    with reading():
        account = queries.find_by_email(email)
        stored = account.password_hash if account else ""
        db.session.rollback()
    if not actions.check_password(stored, form.password.data) or account is None:
        return None
    db.session.refresh(account)
    if account.password_hash != stored:
        return None
    try:
        return actions.sign_in(account, password=form.password.data, device=device())
    finally:
        db.session.commit()


@bp.post("/logout")
@for_leaving
def logout() -> Response:
    actions.sign_out(me())
    db.session.commit()
    flash(_("You are signed out."), "done")
    response = see_other("home.landing")
    response.delete_cookie(session_cookie_name(), path="/", secure=current_app.config["ALUMNI"].is_https)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.route("/password/forgot", methods=["GET", "POST"])
@public
def forgot() -> str | Response | tuple[str, int]:
    form = page_form(ForgotForm)
    if request.method != "POST":
        return render_template("accounts/forgot.html", form=form)
    try:
        email = actions.normalise_email(form.email.data) if form.validate() else ""
    except Invalid as error:
        form.blame(error)
    if form.errors:
        return render_template("accounts/forgot.html", form=form, form_errors=True), 422
    try:
        limits.count("forgotten password", network=network(), address=email)
        actions.ask_for_reset(email)
    finally:
        db.session.commit()
    return see_other(".check_mail")


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> str | Response | tuple[str, int]:
    facts = signer().read("reset", token, max_age_s=RESET_LIFE_S)
    if not isinstance(facts, list) or len(facts) != 2:
        raise actions.LinkNotValid
    form = page_form(ResetForm)
    if request.method != "POST" or not form.validate():
        failed = request.method == "POST"
        return render_template(
            "accounts/reset.html", form=form, token=token, form_errors=failed
        ), 422 if failed else 200
    password_hash = actions.hash_password(form.password.data)
    actions.reset_password(facts[0], facts[1], password_hash=password_hash)
    db.session.commit()
    flash(_("Your new password is set. Sign in with it."), "done")
    return see_other(".login")


@bp.route("/me/security", methods=["GET", "POST"])
@for_suspended
def security() -> str | Response | tuple[str, int]:
    form = page_form(ChangePasswordForm)
    if request.method == "POST" and form.validate():
        if knows_password(me().id, form.old.data):
            with reading():
                checked = queries.find_password_hash(me().id)
                db.session.rollback()
            new_hash = actions.hash_password(form.new.data)
            actions.change_password(me(), checked=checked, new_hash=new_hash)
            db.session.commit()
            flash(_("Your new password is set. Other devices are signed out."), "done")
            return see_other(".security")
        form.blame(Invalid("old", "password"))
    sign_ins = db.session.execute(queries.sign_ins_of(me())).all()
    failed = request.method == "POST"
    page = render_template("accounts/security.html", form=form, sign_ins=sign_ins, form_errors=failed)
    return page, 422 if failed else 200


@bp.post("/me/security/sign-ins/<key>/end")
@for_suspended
def end_session(key: str) -> Response:
    actions.end_session(me(), key)
    db.session.commit()
    flash(_("That device is signed out."), "done")
    return see_other(".security")
