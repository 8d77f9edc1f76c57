"""Meetings, resolutions, seats and the register of a group as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.meetings import queries
from alumni.meetings.forms import ResolutionFilterForm, SeriesForm, YearForm
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.gate import get_or_404, me, public
from alumni.web.openapi import takes

bp = Blueprint("meetings_api", __name__, url_prefix="/api/v1")


def shown_group(slug: str) -> Any:
    return get_or_404(groups_queries.shown_group(me(), slug=slug))


@bp.get("/groups/<slug>/meetings")
@public
@takes(SeriesForm)
def in_group(slug: str) -> Response:
    row = shown_group(slug)
    form = SeriesForm(request.args)
    if not form.validate():
        return invalid_form(form)
    asked = queries.meetings_of(me(), group_id=row.id, series=form.series.data or "")
    return api.list_json(page(asked, queries.BY_DATE, after=api.after(), limit=api.limit()), meeting_json)


@bp.get("/groups/<slug>/meetings/<key>")
@public
def show(slug: str, key: str) -> Response:
    row = shown_group(slug)
    return jsonify(whole_meeting_json(row.id, key))


@bp.get("/groups/<slug>/meetings/<key>/minutes")
@public
def minutes(slug: str, key: str) -> Response:
    """The minutes as far as the reader may read them: the last version inside, the published one outside."""
    meeting = get_or_404(queries.shown_meeting(me(), group_id=shown_group(slug).id, slug=key))
    if meeting.minutes_version:
        require(meeting.minutes_shown is not None, "insider")
    return jsonify(minutes_json(meeting))


@bp.get("/groups/<slug>/resolutions")
@public
@takes(ResolutionFilterForm)
def resolutions(slug: str) -> Response:
    row = shown_group(slug)
    form = ResolutionFilterForm(request.args)
    if not form.validate():
        return invalid_form(form)
    asked = queries.resolutions_of(me(), group_id=row.id, state=form.state.data or "")
    return api.list_json(page(asked, queries.BY_ADOPTION, after=api.after(), limit=api.limit()), resolution_json)


@bp.get("/groups/<slug>/resolutions/<key>")
@public
def resolution(slug: str, key: str) -> Response:
    return jsonify(whole_resolution_json(shown_group(slug).id, key))


@bp.get("/groups/<slug>/seats")
@public
def seats(slug: str) -> Response:
    """The seats in the councils of a group, and those that it holds itself."""
    row = shown_group(slug)
    return jsonify(items=[seat_json(seat) for seat in queries.seats_around(me(), group_id=row.id).all()], next=None)


@bp.get("/groups/<slug>/register")
@public
@takes(YearForm)
def register(slug: str) -> Response:
    """What a group did in a year, with the years of which something is known."""
    row = shown_group(slug)
    form = YearForm(request.args)
    if not form.validate():
        return invalid_form(form)
    years = [found.year for found in queries.register_years(me(), group_id=row.id).all()]
    year = str(form.year.data or (years[0] if years else ""))
    if not year:
        return jsonify(year=None, years=[], items=[])
    asked = queries.register_of(me(), group_id=row.id, year=year, next_year=str(int(year) + 1))
    return jsonify(year=int(year), years=[int(one) for one in years], items=[_entry_json(e) for e in asked.all()])


def meeting_json(m: Any) -> dict[str, Any]:
    return {
        "key": m.slug,
        "group": m.group_slug,
        "title": m.title,
        "series": m.series_slug,
        "number": m.number,
        "starts_on": m.starts_on,
        "ends_on": m.ends_on or None,
        "host": m.host_slug,
        "host_name": m.host_name or m.host or None,
        "country": m.country or None,
        "place": m.place,
        "is_planned": bool(m.is_planned),
        "attended": m.attended,
        "attended_bound": m.attended_bound,
        "attended_by": m.attended_by,
    }


def whole_meeting_json(group_id: int, key: str) -> dict[str, Any]:
    meeting = get_or_404(queries.shown_meeting(me(), group_id=group_id, slug=key))
    parts = queries.parts_of_meeting(me(), meeting_id=meeting.id).all()
    return meeting_json(meeting) | {
        "theme": meeting.theme,
        "note": meeting.note,
        "resolved": meeting.resolved,
        "resolved_bound": meeting.resolved_bound,
        "next_host": meeting.next_slug,
        "next_country": meeting.next_country or None,
        "event": meeting.event_slug,
        "source": meeting.source,
        "minutes_version": meeting.minutes_shown,
        "delegations": [_delegation_json(part) for part in parts if part.part == "delegation"],
        "resolutions": [
            {"key": part.key, "number": part.place, "title": part.title, "state": part.state}
            for part in parts
            if part.part == "resolution"
        ],
    }


def _delegation_json(part: Any) -> dict[str, Any]:
    return {
        "country": part.key,
        "presence": part.state,
        "head_count": part.count,
        "head_count_bound": part.bound if part.count is not None else None,
        "observers": part.observers,
    }


def minutes_json(meeting: Any) -> dict[str, Any]:
    return {
        "version": meeting.minutes_shown,
        "body": meeting.minutes,
        "is_published": meeting.minutes_shown is not None and meeting.minutes_shown == meeting.published_version,
        "written_at": meeting.minutes_written_at.isoformat() if meeting.minutes_written_at else None,
    }


def resolution_json(r: Any) -> dict[str, Any]:
    return {
        "key": r.slug,
        "meeting": r.meeting_slug,
        "number": r.number,
        "title": r.title,
        "adopted_on": r.adopted_on,
        "state": r.state,
    }


def whole_resolution_json(group_id: int, key: str) -> dict[str, Any]:
    """Names of those who signed are empty outside the group."""
    found = get_or_404(queries.shown_resolution(me(), group_id=group_id, slug=key))
    parts = queries.parts_of_resolution(me(), resolution_id=found.id).all()
    signatures = [
        {
            "key": s.key,
            "association": s.slug,
            "country": s.country or None,
            "signatory": s.signatory,
            "capacity": s.words,
        }
        for s in parts
        if s.part == "signature"
    ]
    follow_ups = [{"meeting": f.slug, "state": f.state, "words": f.words} for f in parts if f.part == "follow-up"]
    texts = {"text": found.text, "source": found.source}
    return resolution_json(found) | texts | {"signatures": signatures, "follow_ups": follow_ups}


def seat_json(s: Any) -> dict[str, Any]:
    return {
        "key": s.slug,
        "group": s.group_slug,
        "council": s.council,
        "name": s.name,
        "association": s.association_slug,
        "from_on": s.from_on,
        "to_on": s.to_on or None,
        "is_running": bool(s.is_running),
        "source": s.source,
    }


def _entry_json(e: Any) -> dict[str, Any]:
    """A meeting, a resolution or a seat: `part` says which, and its own address tells the rest."""
    about = {"part": e.part, "on": e.on, "until": e.until or None, "key": e.slug, "group": e.group_slug}
    if e.part == "meeting":
        counted = {"attended": e.count, "attended_bound": e.bound, "attended_by": e.counted}
        return about | {"title": e.title, "host": e.name_slug, "country": e.country or None} | counted
    if e.part == "resolution":
        return about | {"title": e.title, "number": e.count, "state": e.state}
    return about | {"title": e.title, "council": e.words, "association": e.name_slug}
