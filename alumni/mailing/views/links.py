"""What the links of letters open, without signing in. Reading changes nothing: mail scanners follow every link."""

from typing import Any

from flask import Response, make_response, render_template, request

from alumni.accounts.actions import LinkNotValid
from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.mailing import actions, queries
from alumni.mailing.models import Kind
from alumni.mailing.views.choices import bp
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import ForeignForm, by_its_token, public, signer

STOP_LIFE_S = 3 * 366 * 24 * 3600  # letters are kept for years, and their links are used
PROFILE_LIFE_S = 90 * 24 * 3600
ADDRESS_LIFE_S = 7 * 24 * 3600


@bp.get("/letters/stop/<token>")
@public
def ask_to_stop(token: str) -> Response:
    _account, kind, group = _whose(token)
    return _page("mailing/stop.html", token=token, kind=kind, group=_name_of(group))


@bp.post("/letters/stop/<token>")
@public
@by_its_token
def stop(token: str) -> Response:
    """By a button of our page, or by that of a mail program (RFC 8058), which brings no cookie and asks nothing."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        raise ForeignForm
    account, kind, group = _whose(token)
    actions.stop_letters(account=account, kind=kind, group=group)
    db.session.commit()
    return _page("mailing/stopped.html", token=token, kind=kind, group=_name_of(group))


@bp.post("/letters/resume/<token>")
@public
def resume(token: str) -> Response:
    account, kind, group = _whose(token)
    page_form(BaseForm)
    actions.resume_letters(account=account, kind=kind, group=group)
    db.session.commit()
    return _page("mailing/resumed.html", kind=kind, group=_name_of(group))


@bp.get("/letters/address/<token>")
@public
def address(token: str) -> Response:
    _at_address(token)
    return _page("mailing/address.html", token=token)


@bp.post("/letters/address/<token>")
@public
def address_works(token: str) -> Response:
    actions.confirm_works(_at_address(token))
    db.session.commit()
    return _page("mailing/address.html", token="")


@bp.get("/letters/profile/<token>")
@public
def profile(token: str) -> Response:
    return _page("mailing/profile.html", token=token, profile=_profile(token))


@bp.post("/letters/profile/<token>")
@public
def profile_is_right(token: str) -> Response:
    actions.confirm_profile(_profile(token).account_id)
    db.session.commit()
    return _page("mailing/profile.html", token="", profile=None)


def _whose(token: str) -> tuple[Account, Kind, str]:
    """Whose letters, of which kind or group. Raises LinkNotValid for what is forged or too old."""
    facts = signer().read("stop-letters", token, max_age_s=STOP_LIFE_S)
    account = queries.find_account(facts[0]) if isinstance(facts, list) and len(facts) == 3 else None
    if facts is None or account is None:
        raise LinkNotValid
    return account, Kind(facts[1]), facts[2]


def _name_of(slug: str) -> str:
    return queries.find_group_name(slug) if slug else ""


def _at_address(token: str) -> Account:
    """The account whose address is still the one that the letter went to."""
    facts = signer().read("address", token, max_age_s=ADDRESS_LIFE_S)
    account = db.session.get(Account, facts[0]) if isinstance(facts, list) and len(facts) == 2 else None
    if facts is None or account is None or account.email != facts[1]:
        raise LinkNotValid
    return account


def _profile(token: str) -> Any:
    facts = signer().read("profile", token, max_age_s=PROFILE_LIFE_S)
    row = queries.find_profile(facts) if isinstance(facts, int) else None
    if row is None:
        raise LinkNotValid
    return row


def _page(template: str, **context: Any) -> Response:
    """Nothing of it is kept by what lies between us and the reader."""
    response = make_response(render_template(template, **context))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
