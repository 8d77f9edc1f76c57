"""The gate every request passes: who is it, may it write, does it come from one of our own pages.

Everything needs sign-in unless its view is marked `@public`; a suspended account reaches only what is marked
`@for_suspended`, one that is being closed only what is marked `@for_leaving`. No cookie is set for visitors: their
forms are guarded by where the browser says they come from (`Sec-Fetch-Site`, `Origin`), those of the signed-in by a
token bound to the session as well.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, redirect, request, url_for

from alumni.core import clock
from alumni.core.audit import come_from
from alumni.core.db import db, intend
from alumni.core.errors import DomainError, NotFound
from alumni.core.ready import Ready
from alumni.core.tokens import Signer
from alumni.core.viewer import GUEST, Viewer
from alumni.web.extensions import login_manager

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FRESH = timedelta(minutes=15)
ENVELOPE = 64 * 1024  # bytes of a form around its file
View = TypeVar("View", bound=Callable[..., Any])


class SignInNeeded(DomainError):
    status = 401
    challenge = "Bearer"


class TokenRefused(DomainError):
    """A token that is over, was ended, or never was ours."""

    status = 401
    challenge = 'Bearer error="invalid_token"'


class ScopeMissing(DomainError):
    """The account may, its token may not."""

    status = 403

    @property
    def challenge(self) -> str:
        return f'Bearer error="insufficient_scope", scope="{self.facts["scope"]}"'


class AccountSuspended(DomainError):
    status = 403


class AccountClosing(DomainError):
    status = 403


class SecondFactorNeeded(DomainError):
    """Whoever works for others signs in with more than a password."""

    status = 403


class ProofNeeded(DomainError):
    """The password or code was entered too long ago for this."""

    status = 403


class ForeignForm(DomainError):
    """The form did not come from one of our own pages, or its page was open for too long."""

    status = 400


def public(view: View) -> View:
    """Marks a view that needs no sign-in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def for_suspended(view: View) -> View:
    """Marks a view that a suspended account may still use: its own data, signing out."""
    view.is_for_suspended = True  # type: ignore[attr-defined]
    return view


def for_leaving(view: View) -> View:
    """Marks a view that somebody who closes the account may still use: keeping it, signing out."""
    view.is_for_leaving = True  # type: ignore[attr-defined]
    return for_suspended(view)


def without_second_factor(view: View) -> View:
    """Marks a view for whoever must set up a second factor before anything else: setting it up, signing out."""
    view.is_without_second_factor = True  # type: ignore[attr-defined]
    return view


def needs_fresh(view: View) -> View:
    """Marks a view of what opens an account: the password or a code was entered in this session a moment ago."""
    view.needs_fresh = True  # type: ignore[attr-defined]
    return view


def logs_looks(view: View) -> View:
    """Marks a page that shows what is secret: who looked is written down, so it is the one GET that commits."""
    view.logs_looks = True  # type: ignore[attr-defined]
    return view


def by_its_token(view: View) -> View:
    """Marks a view whose POST comes from outside and is held by the signed token in its address alone."""
    view.is_csrf_free = True  # type: ignore[attr-defined]
    return view


def limited(name: str, *, reads: bool = False) -> Callable[[View], View]:
    """Marks a view of which there is a limit (`core/limits.py`): what it writes is counted, or also each look at it."""

    def mark(view: View) -> View:
        view.limit, view.counts_reads = name, reads  # type: ignore[attr-defined]
        return view

    return mark


def scope(name: str) -> Callable[[View], View]:
    """Marks a view of the API for which a token needs this scope besides reading or writing."""

    def mark(view: View) -> View:
        view.scope = name  # type: ignore[attr-defined]
        return view

    return mark


def takes_file(most_bytes: int) -> Callable[[View], View]:
    """Marks a view whose request may hold a file, which is larger than any form."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def most_bytes_of_file() -> int:
    """How large a file this view takes; 0 when it takes none."""
    return int(getattr(current_app.view_functions.get(request.endpoint or ""), "most_bytes", 0))


def me() -> Viewer:
    """Who is looking."""
    known: Viewer | None = vars(g._get_current_object()).get("_login_user")  # where Flask-Login keeps it
    if known is None:
        known = g._login_user = login_manager._request_callback(request) or GUEST  # its own way costs ten times as much
    return known


def bearer() -> str | None:
    """The token of a program. Only the API takes one, and where there is one no cookie is looked at."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if is_api() and kind.lower() == "bearer" else None


def get_or_404(select: sa.Select[Any] | Ready) -> Any:
    """The one row, or entity, of a select that already holds the viewer's rule."""
    row = select.first() if isinstance(select, Ready) else db.session.execute(select).first()
    if row is None:
        raise NotFound
    return row[0] if len(row) == 1 else row


def see_other(endpoint: str, **values: Any) -> Response:
    """The answer to every POST that succeeded: a page that says what happened."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[return-value]


def is_local(target: str | None) -> bool:
    """True for a path of this site. `next=` never leaves it."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    if any(char in target for char in "\\\r\n\t\0"):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def is_api() -> bool:
    return request.path.startswith("/api/")


def csrf_token() -> str:
    """A token for the forms of this session; a fresh salt each time keeps it useless to compression attacks."""
    if "csrf_token" not in g:
        salt = secrets.token_hex(8)
        g.csrf_token = f"{salt}.{_mac(salt)}"
    return str(g.csrf_token)


def signer() -> Signer:
    """Signs the links of letters with the keys of this installation."""
    config = current_app.config["ALUMNI"]
    return Signer([config.secret_key, *config.secret_key_fallbacks])


def session_cookie_name() -> str:
    return "__Host-session" if current_app.config["ALUMNI"].is_https else "session"


def pending_cookie_name() -> str:
    return "__Host-pending" if current_app.config["ALUMNI"].is_https else "pending"


def network() -> str:
    """Who tries, for the limits: an IPv6 host owns its whole /64."""
    address = request.remote_addr or ""
    return ":".join(address.split(":")[:4]) if ":" in address else address


def device() -> str:
    """The browser and system in two words, not the whole header."""
    agent = request.user_agent.string
    browser = next((b for b in ("Firefox", "Edg", "OPR", "Chrome", "Safari") if b in agent), "")
    system = next((s for s in ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux") if s in agent), "")
    return f"{browser} {system}".strip()


def with_session(response: Response, secret: str, *, lasts: timedelta, name: str = "") -> Response:
    """The answer that signs somebody in, or takes them a step further on the way."""
    response.set_cookie(
        name or session_cookie_name(),
        secret,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["ALUMNI"].is_https,
        path="/",
    )
    return response


def _mac(salt: str) -> str:
    config = current_app.config["ALUMNI"]
    bound_to = request.cookies.get(session_cookie_name(), "") if me().is_authenticated else ""
    message = f"{salt}|{bound_to}".encode("utf-8", "surrogatepass")
    return hmac.digest(config.secret_key.encode(), message, "sha256").hex()[:40]


def _comes_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return False
    given = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
    salt, _, mac = given.partition(".")
    return hmac.compare_digest(mac.encode("utf-8", "surrogatepass"), _mac(salt).encode())


def _check() -> Response | None:
    is_writing = request.method not in SAFE
    # The body is read before the first query, so a slow client never holds a transaction open.
    if is_writing:
        if (most := most_bytes_of_file()) and request.mimetype != "application/x-www-form-urlencoded":
            request.max_content_length = most + ENVELOPE
        request.get_data(cache=True, parse_form_data=True)
    view = current_app.view_functions.get(request.endpoint or "")
    intend(to_write=is_writing or getattr(view, "logs_looks", False))
    come_from(network())
    if view is None:
        return None  # no such page: Flask's own 404 or 405
    if "\0" in request.path:
        raise NotFound  # no name holds it, and PostgreSQL takes no such text
    if bearer() is not None:
        _check_scopes(view, is_writing)
    elif is_writing and not getattr(view, "is_csrf_free", False) and not _comes_from_us():
        raise ForeignForm
    if _owes_second_factor() and not getattr(view, "is_without_second_factor", False):
        return _lead_to_second_factor()
    if getattr(view, "is_public", False):
        return None
    viewer = me()
    if not viewer.is_authenticated:
        return _ask_to_sign_in()
    if viewer.is_closing and not getattr(view, "is_for_leaving", False):
        return _lead_to_closing()
    if viewer.is_suspended and not getattr(view, "is_for_suspended", False):
        raise AccountSuspended
    if getattr(view, "needs_fresh", False) and not is_fresh(viewer):
        return _ask_to_prove()
    return None


def _check_scopes(view: Any, is_writing: bool) -> None:
    """A token may do what it was made for: reading or writing, and what the view asks besides."""
    me()
    intend(to_write=is_writing or getattr(view, "logs_looks", False))
    for needed in ("write" if is_writing else "read", getattr(view, "scope", None)):
        if needed and needed not in g.scopes:
            raise ScopeMissing(scope=needed)


def _forget(_error: BaseException | None) -> None:
    """What this request meant to do, and for whom, says nothing of what its thread does next."""
    intend(to_write=True)
    come_from("")


def _ask_to_sign_in() -> Response:
    if is_api():
        raise SignInNeeded
    if request.method not in SAFE:
        return see_other("accounts.login")
    target = request.full_path if request.query_string else request.path
    return see_other("accounts.login", next=target)


def _lead_to_closing() -> Response:
    """Whoever closes the account meets one page, on which they keep it or go."""
    if is_api():
        raise AccountClosing
    return see_other("mydata.closing")


def _owes_second_factor() -> bool:
    """Open pages count as well: to whoever works for others they show more."""
    is_asked = current_app.config["ALUMNI"].staff_second_factor and request.endpoint != "static"
    return is_asked and me().owes_second_factor


def _lead_to_second_factor() -> Response:
    if is_api():
        raise SecondFactorNeeded
    return see_other("accounts.second_factor")


def is_fresh(viewer: Viewer) -> bool:
    """Whether this session was proved a moment ago. A token never is."""
    return viewer.proved_at is not None and viewer.proved_at > clock.now() - FRESH


def _ask_to_prove() -> Response:
    """Leads back to the page; to a form that has none, to the one with everything about signing in."""
    if is_api():
        raise ProofNeeded
    rule = request.url_rule
    has_page = rule is not None and "GET" in (rule.methods or ())
    return see_other("accounts.prove", next=request.path if has_page else url_for("accounts.security"))


Bearer = Callable[[str], tuple[Viewer, frozenset[str]] | None]


def install(app: Flask, find_viewer: Callable[[str], Viewer | None], find_bearer: Bearer) -> None:
    """`find_viewer` turns the secret of a session cookie into a viewer, `find_bearer` a token into one and its scopes.

    Either says None when it is not valid.
    """
    login_manager.init_app(app, add_context_processor=False)
    login_manager.anonymous_user = lambda: GUEST
    login_manager.session_protection = None

    @login_manager.request_loader
    def _load(_request: object) -> Viewer | None:
        if (token := bearer()) is not None:
            return _load_bearer(token)
        secret = request.cookies.get(session_cookie_name())
        return find_viewer(secret) if secret else None

    def _load_bearer(token: str) -> Viewer:
        found = find_bearer(token)
        if found is None:
            g._login_user = GUEST  # who reads the refusal
            raise TokenRefused
        g.scopes = found[1]
        return found[0]

    app.before_request(_check)
    app.teardown_request(_forget)
