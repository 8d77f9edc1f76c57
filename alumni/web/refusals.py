"""Every refusal is written down once: who, what they asked for, from where, and why not.

It is a transaction of its own, after that of the request was taken back, so this door commits by itself.
"""

import sqlalchemy as sa
import structlog
from flask import request

from alumni.core import audit, clock
from alumni.core.db import db, intend, reading
from alumni.core.errors import DomainError, NotPermitted
from alumni.web.gate import me

REFUSED = "access.refuse"
SECRETS = ("token", "secret", "code")  # parts of an address that open something by themselves

log = structlog.get_logger()


def log_refusal(error: DomainError, subject: str = "") -> None:
    """Writes one line for each account, endpoint and minute: nobody fills the disk by being refused.

    A guest is asked to sign in, and what somebody may not see is not there for them: neither is a refusal. Where the
    line cannot be written the answer is still a refusal.
    """
    viewer = me()
    if error.status != 403 or not viewer.is_authenticated:
        return
    endpoint, now = request.endpoint or "", clock.now()
    once = f"{viewer.id}:{endpoint}:{now:%Y-%m-%dT%H:%M}"[:160]
    why = error.who if isinstance(error, NotPermitted) else error.code
    facts = {"endpoint": endpoint, "method": request.method}
    try:
        with reading():
            is_known = audit.is_recorded(once)
            db.session.rollback()
        if is_known:
            return
        intend(to_write=True)
        audit.record_once(once, viewer, REFUSED, (subject or asked_for())[:160], reason=why, **facts)
        db.session.commit()
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        log.exception("refusal not logged", route=endpoint)


def asked_for() -> str:
    """The path without its query, and without what in it would open a door."""
    path = request.path
    for name in SECRETS:
        if secret := (request.view_args or {}).get(name):
            path = path.replace(str(secret), "…")
    return f"path:{path}"
