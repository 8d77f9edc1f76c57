"""What several doors do with accounts: asking for the password, making one on the way to something else."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _

from alumni.accounts import actions, queries
from alumni.accounts.forms import SignUpForm
from alumni.core import limits
from alumni.core.db import db, reading
from alumni.core.errors import Invalid
from alumni.web.forms import page_form
from alumni.web.gate import device, network, pending_cookie_name, see_other, with_session
from alumni.web.i18n import lang


def knows_password(account_id: int, password: str) -> bool:
    """Checked outside of any writing transaction: it takes its time."""
    try:
        limits.count("password", account=account_id)
    finally:
        db.session.commit()
    with reading():
        stored = queries.find_password_hash(account_id)
        db.session.rollback()
    return actions.check_password(stored, password)


def let_in(there: Response, entry: actions.Entry) -> Response:
    """Leads there with a session; whoever has a second factor comes there by way of its page."""
    if entry.is_whole:
        return with_session(there, entry.secret, lasts=actions.SESSION_LIFE)
    on_the_way = see_other("accounts.second", next=there.location)
    return with_session(on_the_way, entry.secret, lasts=actions.PENDING_LIFE, name=pending_cookie_name())


def count_code(account_id: int) -> None:
    """Counted before it is looked at, so whoever guesses is stopped."""
    try:
        limits.count("second factor", account=account_id)
    finally:
        db.session.commit()


def join_by_letter(page: Callable[..., Response], *, proved: str, hold: Callable[[], Any], back: str) -> Response:
    """The page that makes an account, and what comes of it. The address that the letter went to is proved by its link.

    `page(status, **context)` renders it; `hold` holds what the link opens, in the transaction that believes it; `back`
    is the path of the link.
    """
    form = page_form(SignUpForm, email=proved)
    if request.method != "POST":
        return page(form=form)
    try:
        email = actions.normalise_email(form.email.data) if form.validate() else ""
    except Invalid as error:
        form.blame(error)
    if form.errors:
        return page(422, form=form, form_errors=True)
    try:
        limits.count("sign-up", network=network(), address=email)
    finally:
        db.session.commit()
    return _join(email, form.password.data, is_proved=bool(proved) and email == proved, hold=hold, back=back)


def _join(email: str, password: str, *, is_proved: bool, hold: Callable[[], Any], back: str) -> Response:
    account = {
        "email": email,
        "password_hash": actions.hash_password(password),  # outside any transaction: it takes its time
        "language": lang(),
        "zone": "UTC",
    }
    if not is_proved:
        actions.sign_up(**account)
        db.session.commit()
        flash(_("Then follow the link of your invitation once more, or enter your code again."))
        return see_other("accounts.check_mail")
    hold()
    made = actions.sign_up_proved(**account)
    if made is None:
        db.session.rollback()
        flash(_("This address has an account already. Sign in with it."))
        return see_other("accounts.login", next=back)
    entry = actions.sign_in(made, password=password, device=device())
    db.session.commit()
    flash(_("Your account is ready."), "done")
    return let_in(see_other("members.my_profile", next=back), entry)
