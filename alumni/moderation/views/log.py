"""The log, to read and to take along."""

import json
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.exports import CSV, MEDIA_TYPES, write_table
from alumni.core.paging import Page, page
from alumni.moderation import actions, policy, queries
from alumni.moderation.forms import LogForm
from alumni.moderation.views.cases import bp
from alumni.web import api
from alumni.web.gate import limited, logs_looks, me


@bp.get("/moderation/log")
def log() -> str | tuple[str, int]:
    require(policy.can_moderate(me()), "moderator")
    form = LogForm(request.args)
    if not form.validate():
        return render_template("moderation/log.html", form=form, lines=Page([], None), form_errors=True), 422
    lines = page(queries.log_lines(me(), **_wanted(form)), queries.NEWEST_LINE, after=api.after(), limit=50)
    after = request.args.get("after", "")
    return render_template("moderation/log.html", form=form, lines=lines, after=after, form_errors=False)


@bp.get("/moderation/log.csv")
@logs_looks
@limited("export", reads=True)
def export_log() -> Response | tuple[str, int]:
    """The same as a file, from where the reader is. The log leaves the house, so that is written down in it."""
    require(policy.can_moderate(me()), "moderator")
    form = LogForm(request.args)
    if not form.validate():
        return render_template("moderation/log.html", form=form, lines=Page([], None), form_errors=True), 422
    wanted = _wanted(form)
    rows = page(queries.log_lines(me(), **wanted), queries.NEWEST_LINE, after=api.after(), limit=queries.MOST_LINES)
    actions.log_export(me(), rows=len(rows.items), wanted=wanted)
    db.session.commit()
    headings = (_("When"), _("Who"), _("Action"), _("To what"), _("Why"), _("Details"), _("From where"))
    table = write_table(CSV, ["ID", *headings], map(_cells, rows.items))
    response = Response(table, mimetype=MEDIA_TYPES[CSV])
    response.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _wanted(form: LogForm) -> dict[str, str]:
    return {name: value or "" for name, value in form.data.items()}


def _cells(line: Any) -> list[Any]:
    """A line as it stands, in UTC: who compares two files finds the same words in both."""
    who = line.actor or (f"account {line.actor_id}" if line.actor_id else "installation")
    facts = json.dumps(line.facts, ensure_ascii=False, sort_keys=True) if line.facts else ""
    return [line.id, line.at.isoformat(), who, line.action, line.subject, line.reason, facts, line.network]
