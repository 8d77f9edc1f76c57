"""Outreach as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.outreach import actions, policy, queries
from alumni.outreach.forms import MyOutreachForm, OutreachForm, SumsForm, start_of
from alumni.outreach.models import OutreachEntry
from alumni.programmes import queries as programmes_queries
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me, public
from alumni.web.openapi import takes

bp = Blueprint("outreach_api", __name__, url_prefix="/api/v1")


@bp.get("/me/outreach")
def mine() -> Response:
    return api.list_json(
        page(queries.my_entries(me()), queries.NEWEST, after=api.after(), limit=api.limit()),
        lambda row: entry_json(row) | {"group": row.group_slug, "audience": row.audience},
    )


@bp.post("/me/outreach")
@takes(MyOutreachForm)
def note() -> Response | tuple[Response, int]:
    """Notes what one did oneself; `group` is empty where it counts for none."""
    form = json_form(MyOutreachForm)
    form.offer(queries.my_groups(me()).all())
    if not form.validate():
        return invalid_form(form)
    entry = actions.note_own(actor=me(), draft=form.draft(), key=form.key, **form.counts_for())
    db.session.commit()
    return jsonify(entry_json(entry)), 201


@bp.get("/groups/<slug>/outreach")
def in_group(slug: str) -> Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    entries = page(queries.entries_in(me(), group_id=row.id), queries.NEWEST, after=api.after(), limit=api.limit())
    return api.list_json(entries, lambda entry: entry_json(entry) | {"author": _author_json(entry)})


@bp.post("/groups/<slug>/outreach")
@takes(OutreachForm)
def note_for_group(slug: str) -> Response | tuple[Response, int]:
    """Notes what the group did."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    form = json_form(OutreachForm)
    if not form.validate():
        return invalid_form(form)
    entry = actions.note_for_group(actor=me(), group=row, draft=form.draft(), key=form.key)
    db.session.commit()
    return jsonify(entry_json(entry)), 201


@bp.put("/outreach/<key>")
@takes(MyOutreachForm)
def edit(key: str) -> Response:
    """Corrects an entry; what is not sent stays as it is."""
    entry = get_or_404(queries.visible_entries(me()).where(OutreachEntry.key == key))
    require(policy.can_edit(me(), entry), "owner")
    group = queries.find_group(entry.group_id)
    form: Any = json_form(OutreachForm if entry.is_of_group else MyOutreachForm)
    for name, value in start_of(entry, group).items():
        if name not in form.sent and name in form._fields:
            form[name].data = value
    if not entry.is_of_group:
        form.offer(queries.my_groups(me()).all(), group)
    if not form.validate():
        return invalid_form(form)
    place = {} if entry.is_of_group else form.counts_for()
    actions.change_entry(actor=me(), entry=entry, draft=form.draft(), **place)
    db.session.commit()
    return jsonify(entry_json(entry))


@bp.delete("/outreach/<key>")
def remove(key: str) -> tuple[str, int]:
    entry = get_or_404(queries.visible_entries(me()).where(OutreachEntry.key == key))
    actions.remove_entry(actor=me(), entry=entry)
    db.session.commit()
    return "", 204


@bp.get("/outreach/sums")
@public
@takes(SumsForm)
def sums() -> Response:
    """What was done, for each programme, fiscal year, country or kind."""
    form = SumsForm(request.args)
    form.offer(db.session.execute(programmes_queries.in_order(programmes_queries.programmes())).all())
    if not form.validate():
        return invalid_form(form)
    select, order = queries.sums(form.by.data, form.chosen())
    return api.list_json(page(select, order, after=api.after(), limit=api.limit()), lambda row: dict(row._mapping))


def entry_json(entry: Any) -> dict[str, Any]:
    names = ("key", "kind", "title", "held_on", "place", "link", "reached", "reached_bound", "words", "is_of_group")
    return {name: getattr(entry, name) for name in names} | {
        "fiscal_year": entry.year,
        "country": entry.country or None,
    }


def _author_json(entry: Any) -> dict[str, Any] | None:
    """Null for what the group did itself."""
    if not entry.handle:
        return None
    return {"handle": entry.handle, "name": entry.name, "name_romanised": entry.name_romanised}
