"""Pages of accounts."""

from datetime import timedelta
from io import BytesIO
from typing import Any, cast

import pyotp
import segno
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from alumni.accounts import actions, queries
from alumni.accounts.forms import (
    ChangePasswordForm,
    CodeForm,
    ConfirmForm,
    FirstCodeForm,
    ForgotForm,
    ProveForm,
    ResetForm,
    SignInForm,
    SignUpForm,
)
from alumni.accounts.steps import count_code, knows_password, let_in
from alumni.core import limits
from alumni.core.db import db, reading
from alumni.core.errors import Invalid, NotFound
from alumni.web.forms import page_form
from alumni.web.gate import (
    device,
    for_leaving,
    for_suspended,
    is_local,
    me,
    needs_fresh,
    network,
    pending_cookie_name,
    public,
    see_other,
    session_cookie_name,
    signer,
    with_session,
    without_second_factor,
)
from alumni.web.i18n import cookie_name, lang, languages

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
    response.set_cookie(cookie_name(), wanted, max_age=A_YEAR, httponly=True, samesite="Lax", secure=is_https)
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
        entry = actions.sign_in(account, password=form.password.data, device=device())
        db.session.commit()
        flash(_("Your address is confirmed."), "done")
        return let_in(see_other("claims.new_claim"), entry)
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
        entry = _sign_in(form)
        if entry:
            return let_in(cast(Response, redirect(target or "/", 303)), entry)
        form.form_errors.append(_("The address and the password do not match. Check both, or choose a new password."))
    return render_template("accounts/login.html", form=form, next=target, form_errors=True), 422


def _sign_in(form: SignInForm) -> actions.Entry | None:
    """What a right password opens, or None; the same work for known and unknown addresses."""
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
    is_right = actions.check_password(stored, form.password.data)
    if account is not None:
        db.session.refresh(account)
    if not is_right or account is None or account.password_hash != stored:
        actions.note_refused(account, "password")
        db.session.commit()
        return None
    try:
        return actions.sign_in(account, password=form.password.data, device=device())
    finally:
        db.session.commit()


@bp.route("/login/second", methods=["GET", "POST"])
@public
def second() -> str | Response | tuple[str, int]:
    """The code after the password. The cookie binds it to the browser in which the password was entered."""
    target = request.values.get("next", "")
    target = target if is_local(target) else ""
    form = page_form(CodeForm)
    if request.method == "POST" and form.validate():
        waiting = request.cookies.get(pending_cookie_name(), "")
        account_id = actions.try_pending(waiting)
        db.session.commit()
        count_code(account_id)
        secret = actions.sign_in_by_code(waiting, account_id, form.code.data, device=device())
        if secret is None:
            actions.note_refused(queries.find_account(account_id), "code")
        db.session.commit()
        if secret:
            response = with_session(cast(Response, redirect(target or "/", 303)), secret, lasts=actions.SESSION_LIFE)
            response.delete_cookie(pending_cookie_name(), path="/", secure=current_app.config["ALUMNI"].is_https)
            return response
        form.blame(Invalid("code", "code"))
    failed = request.method == "POST"
    page = render_template("accounts/second.html", form=form, next=target, form_errors=failed)
    return page, 422 if failed else 200


@bp.post("/logout")
@without_second_factor
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
    owner = queries.find_account(facts[0]) if isinstance(facts[0], int) else None
    form.has_second_factor = owner is not None and owner.has_second_factor
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
    form.own_email, form.has_second_factor = queries.email_of(me()), queries.has_second_factor(me())
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


@bp.route("/me/security/prove", methods=["GET", "POST"])
@without_second_factor
@for_leaving
def prove() -> str | Response | tuple[str, int]:
    """Asks once more who holds this session, before what opens the account is changed."""
    target = request.values.get("next", "")
    target = target if is_local(target) else url_for(".security")
    has_app = queries.has_second_factor(me())
    form = page_form(CodeForm if has_app else ProveForm)
    if request.method == "POST" and form.validate():
        if _is_me(form, has_app):
            actions.prove(me())
            db.session.commit()
            return cast(Response, redirect(target, 303))
        form.blame(Invalid("code", "code") if has_app else Invalid("password", "password"))
    failed = request.method == "POST"
    page = render_template("accounts/prove.html", form=form, next=target, has_app=has_app, form_errors=failed)
    return page, 422 if failed else 200


def _is_me(form: Any, has_app: bool) -> bool:
    if not has_app:
        return knows_password(me().id, form.password.data)
    count_code(me().id)
    return actions.use_code(me().id, form.code.data)


@bp.get("/me/security/second-factor")
@without_second_factor
@for_suspended
@needs_fresh
def second_factor() -> str:
    return _second_factor_page(page_form(FirstCodeForm))


def _second_factor_page(form: FirstCodeForm, **context: Any) -> str:
    factor = queries.find_second_factor(me())
    left = queries.count_recovery_codes(me())
    return render_template("accounts/second_factor.html", form=form, factor=factor, left=left, **context)


@bp.get("/me/security/second-factor.svg")
@without_second_factor
@for_suspended
@needs_fresh
def second_factor_square() -> Response:
    """The secret as a square for the camera of the app, until the first code was right."""
    factor = queries.find_second_factor(me())
    if factor is None or factor.confirmed_at is not None:
        raise NotFound
    host = current_app.config["ALUMNI"].host
    address = pyotp.TOTP(factor.secret).provisioning_uri(name=queries.email_of(me()), issuer_name=host)
    picture = BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="svg", scale=5, border=4, light="white")
    response = Response(picture.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/me/security/second-factor/begin")
@without_second_factor
@for_suspended
@needs_fresh
def begin_second_factor() -> Response:
    actions.begin_second_factor(me())
    db.session.commit()
    return see_other(".second_factor")


@bp.post("/me/security/second-factor/confirm")
@without_second_factor
@for_suspended
@needs_fresh
def confirm_second_factor() -> str | tuple[str, int]:
    """The answer is the page with the codes on paper: they are kept nowhere, and shown this once."""
    form = page_form(FirstCodeForm)
    if form.validate():
        count_code(me().id)
        try:
            codes = actions.confirm_second_factor(me(), form.code.data)
            db.session.commit()
            return render_template("accounts/paper_codes.html", codes=codes)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _second_factor_page(form, form_errors=True), 422


@bp.post("/me/security/second-factor/codes")
@for_suspended
@needs_fresh
def renew_paper_codes() -> str:
    codes = actions.renew_paper_codes(me())
    db.session.commit()
    return render_template("accounts/paper_codes.html", codes=codes)


@bp.post("/me/security/second-factor/end")
@for_suspended
@needs_fresh
def end_second_factor() -> Response:
    actions.end_second_factor(me())
    db.session.commit()
    flash(_("Signing in asks for the password alone again."), "done")
    return see_other(".security")


@bp.post("/me/security/sign-ins/end-others")
@for_suspended
def end_other_sessions() -> Response:
    actions.end_other_sessions(me())
    db.session.commit()
    flash(_("All other devices are signed out."), "done")
    return see_other(".security")
