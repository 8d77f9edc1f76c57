"""From an error of the domain to an answer: a page with words, or an RFC 9457 problem."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from alumni.core.db import db, intend
from alumni.core.errors import DomainError, Invalid, NotFound, NotPermitted, TooMany
from alumni.core.viewer import GUEST
from alumni.web.gate import SAFE, is_api, most_bytes_of_file
from alumni.web.refusals import log_refusal
from alumni.web.sentences import PROBLEMS, SENTENCES, TEXTS, TITLES, WHO
from alumni.web.templating import day

log = structlog.get_logger()


def sentence(error: DomainError) -> str:
    """What to tell the reader about an error of the domain."""
    if isinstance(error, NotPermitted):
        return str(WHO[error.who])
    if isinstance(error, Invalid):
        return problem_text(error)
    return str(SENTENCES.get(error.code, TITLES.get(error.status, ""))) % error.facts


def problem_text(error: Invalid) -> str:
    facts = {name: day(fact) if isinstance(fact, date) else fact for name, fact in error.facts.items()}
    return str(PROBLEMS[error.problem]) % facts


def problem(status: int, code: str, detail: str, fields: dict[str, Any] | None = None) -> Response:
    """An RFC 9457 answer; `type` is a stable code."""
    body: dict[str, Any] = {
        "type": code,
        "title": str(TITLES.get(status, "")),
        "status": status,
        "detail": detail,
        "instance": g.get("request_id", ""),
    }
    if fields:
        body["fields"] = fields
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def invalid_form(form: Any) -> Response:
    """422 of the API for a form that did not validate."""
    fields = {name: texts for field, errors in form.errors.items() if field for name, texts in _texts(field, errors)}
    return problem(422, "invalid", str(SENTENCES["invalid"]), fields)


def _texts(name: str, errors: Any) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with a field; with the rows of a field, each by the name that it has on the page."""
    if isinstance(errors, dict):
        for inner, of_inner in errors.items():
            yield from _texts(f"{name}-{inner}", of_inner)
    elif any(isinstance(error, dict) for error in errors):
        for row, of_row in enumerate(errors):
            yield from _texts(f"{name}-{row}", of_row)
    elif errors:
        yield name, [str(text) for text in errors]


def _page(status: int, text: str, detail: str | None = None) -> Response:
    page = render_template(
        "errors/error.html",
        status=status,
        title=str(TITLES.get(status, TITLES[500])),
        text=text,
        detail=detail,
        request_id=g.get("request_id", ""),
    )
    return Response(page, status, mimetype="text/html")


Moved = Callable[[Mapping[str, Any], str], str | None]


def moved_pages(extensions: dict[str, Any]) -> list[Moved]:
    """What is asked about an address where nothing is: the path that it has now, of the names in it and the path."""
    found: list[Moved] = extensions.setdefault("moved_pages", [])
    return found


def _moved() -> Any:
    """A redirect that keeps the method and the query, or None."""
    for ask in moved_pages(current_app.extensions) if request.view_args and "\0" not in request.path else ():
        path = ask(request.view_args or {}, request.path)
        if path:
            query = request.query_string.decode("latin-1")
            return redirect(f"{path}?{query}" if query else path, 308)
    return None


def _domain(error: DomainError) -> Any:
    db.session.rollback()
    if isinstance(error, NotFound) and (moved := _moved()) is not None:
        return moved
    if error.status == 403:
        log_refusal(error)
        intend(to_write=request.method not in SAFE)
    text = sentence(error)
    if is_api():
        fields = {error.field: [text]} if isinstance(error, Invalid) else None
        response = problem(error.status, error.code, text, fields)
    else:
        response = _page(error.status, text)
    if is_api() and (challenge := getattr(error, "challenge", "")):
        response.headers["WWW-Authenticate"] = challenge
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    db.session.rollback()
    text = str(TEXTS.get(status, TEXTS[400]))
    if status == 413 and (request.content_length or 0) > (most := most_bytes_of_file()) > 0:
        text = gettext(
            "This file is larger than %(most)s MB. Choose a smaller one. Nothing was stored.", most=most >> 20
        )
    response = problem(status, f"http-{status}", text) if is_api() else _page(status, text)
    if allow := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allow))
    return response


def _crash(error: Exception) -> Response:
    """Text of an exception is never shown: it may hold anybody's data."""
    is_away = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)
    if not is_away:
        db.session.rollback()
    if is_away or g.get("_login_user") is None:
        g._login_user = GUEST  # the page needs a viewer, and must not fail on finding out who it is
    log.exception("crash", id=g.get("request_id", ""), route=request.endpoint)
    status = 503 if is_away else 500
    text = str(TEXTS[status])
    return problem(status, f"http-{status}", text) if is_api() else _page(status, text)


def install(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)
