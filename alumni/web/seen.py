"""A session in use does not end by resting: once an hour it is noted, after the answer, in a transaction of its own.

It is a door without a page: it commits what it notes. Where that cannot be written now, the next request does it.
"""

from collections.abc import Callable

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g

from alumni.core.db import db, intend
from alumni.core.viewer import Viewer

log = structlog.get_logger()


def install(app: Flask, note_seen: Callable[[int], None]) -> None:
    @app.after_request
    def _note(response: Response) -> Response:
        viewer: Viewer | None = g.get("_login_user")
        if viewer is None or not viewer.is_to_be_noted:
            return response
        try:
            db.session.rollback()  # what the view left open was only read
            intend(to_write=True)
            note_seen(viewer.sign_in_id)
            db.session.commit()
        except sa.exc.SQLAlchemyError:
            db.session.rollback()
            log.exception("session not noted as seen")
        return response
