"""Figures for whoever watches an installation, in the text format of Prometheus.

They come from the database, so they are those of all workers together. Only who runs it reads them: from the machine
itself, or with METRICS_TOKEN. For anybody else there is no such page.
"""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, current_app, request

from alumni.core import clock, jobs
from alumni.core.errors import NotFound
from alumni.web.gate import public

bp = Blueprint("metrics", __name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Jobs that wait, and since when."""
    if not (_has_token() or _is_from_this_machine()):
        raise NotFound
    oldest = jobs.oldest_waiting()
    waits = (clock.now() - oldest).total_seconds() if oldest else 0
    lines = [
        "# HELP alumni_up The app answers and reads its database.",
        "# TYPE alumni_up gauge",
        "alumni_up 1",
        "# HELP alumni_oldest_job_seconds How long the oldest job that is due waits.",
        "# TYPE alumni_oldest_job_seconds gauge",
        f"alumni_oldest_job_seconds {max(waits, 0):.0f}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _has_token() -> bool:
    token = current_app.config["ALUMNI"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode())


def _is_from_this_machine() -> bool:
    """True without a proxy in between: one that is on this machine speaks for anybody."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def install(app: Flask) -> None:
    app.register_blueprint(bp)
