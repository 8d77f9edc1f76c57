"""What HTTP asks of every answer: compression, entity tags of the API, request ids, health, the access log."""

import gzip
import secrets
import shutil
import time
from datetime import timedelta

import sqlalchemy as sa
import structlog
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Request, Response, current_app, g, jsonify, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from alumni.core import clock, jobs
from alumni.core.db import db
from alumni.web.gate import is_api, public

log = structlog.get_logger()
bp = Blueprint("health", __name__)

COMPRESSIBLE = ("text/", "application/json", "application/problem+json", "image/svg+xml", "application/javascript")
SMALLEST = 700  # bytes: below this a packet is a packet
SLOWEST_JOB = timedelta(minutes=15)
LEAST_DISK = 50 * 1024 * 1024  # bytes


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Everything a request needs is there: database, migrations, disk, and jobs that do not pile up."""
    checks = {"database": _database(), "disk": _disk()}
    checks["migrations"] = checks["database"] and _migrations()
    checks["jobs"] = checks["database"] and _jobs()
    is_ready = all(checks.values())
    words = {name: "ok" if good else "failing" for name, good in checks.items()}
    return jsonify(status="ok" if is_ready else "failing", checks=words), 200 if is_ready else 503


def _database() -> bool:
    try:
        return bool(db.session.scalar(sa.text("SELECT 1")) == 1)
    except sa.exc.SQLAlchemyError:
        return False


def _migrations() -> bool:
    config = AlembicConfig()
    config.set_main_option("script_location", str(current_app.config["MIGRATIONS"]))
    head = ScriptDirectory.from_config(config).get_current_head()
    try:
        return bool(db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) == head)
    except sa.exc.SQLAlchemyError:
        return False


def _disk() -> bool:
    folder = current_app.config["ALUMNI"].instance
    return folder.is_dir() and shutil.disk_usage(folder).free > LEAST_DISK


def _jobs() -> bool:
    oldest = jobs.oldest_waiting()
    return oldest is None or clock.now() - oldest < SLOWEST_JOB


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = secrets.token_hex(8)


def _finish(response: Response) -> Response:
    """The log names the route, never the address: an address may hold a token or a name."""
    response.headers["X-Request-ID"] = g.request_id
    if is_api() and request.method == "GET" and response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    _compress(response)
    if current_app.config["LOG_REQUESTS"]:
        log.info(
            "request",
            id=g.request_id,
            method=request.method,
            route=request.endpoint,
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
        )
    return response


def _compress(response: Response) -> None:
    if "gzip" not in request.headers.get("Accept-Encoding", "") or response.status_code != 200:
        return
    if not (response.mimetype or "").startswith(COMPRESSIBLE) or "Content-Encoding" in response.headers:
        return
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST:
        return
    response.set_data(gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")


class NoticeSessions(SecureCookieSessionInterface):
    """Flask's cookie holds flashed notices only: without it there is nothing to verify."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return SecureCookieSession()
        return super().open_session(app, request)


def install(app: Flask) -> None:
    app.session_interface = NoticeSessions()
    app.register_blueprint(bp)
    app.before_request(_begin)
    app.after_request(_finish)
