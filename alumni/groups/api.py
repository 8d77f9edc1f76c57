"""Groups as JSON: the list, one group, its members, joining and leaving."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.groups import actions, policy, queries
from alumni.groups.forms import AnswerForm, FilterForm, LogReasonForm, SoughtForm
from alumni.groups.models import Group, MembershipState, Rhythm
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me, public
from alumni.web.openapi import takes

bp = Blueprint("groups_api", __name__, url_prefix="/api/v1")


@bp.get("/groups")
@public
@takes(FilterForm)
def browse() -> Response:
    form = FilterForm(request.args)
    if not form.validate():
        return invalid_form(form)
    filters = form.filters()
    groups = page(queries.browse_groups(me(), filters), queries.BY_NAME, after=api.after(), limit=api.limit())
    if filters.programme and not groups.items and queries.find_programme_name(filters.programme) is None:
        raise Invalid("programme", "unknown")
    return api.list_json(groups, group_json)


@bp.get("/groups/<slug>")
@public
def show(slug: str) -> Response:
    row = get_or_404(queries.shown_group(me(), slug=slug))
    around = queries.groups_around(me(), group_id=row.id).all()
    countries = queries.countries_of(me(), cohort_id=row.cohort_id).all() if row.cohort_id else []
    return jsonify(whole_group_json(row, around, countries))


@bp.get("/groups/<slug>/members")
@takes(SoughtForm)
def members(slug: str) -> Response:
    row = get_or_404(queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    form = SoughtForm(request.args)
    if not form.validate():
        return invalid_form(form)
    people = queries.find_members(me(), row.id, form.sought(), after=api.after(), limit=api.limit())
    return api.list_json(people, member_json)


@bp.post("/groups/<slug>/join")
@takes(AnswerForm)
def join(slug: str) -> Response:
    group, form = get_or_404(queries.visible_groups(me()).where(Group.slug == slug)), _answer_form()
    if not form.validate():
        return invalid_form(form)
    state = actions.join_group(actor=me(), group=group, answer=form.answer.data or "", rhythm=form.rhythm())
    db.session.commit()
    return jsonify(state=state, members_count=group.members_count)


def _answer_form() -> AnswerForm:
    """What was sent, or nothing: most groups ask nothing."""
    return json_form(AnswerForm) if request.content_length else AnswerForm(data={})


@bp.put("/groups/<slug>/mute")
def mute(slug: str) -> Response:
    return _set_muted(slug, is_muted=True)


@bp.delete("/groups/<slug>/mute")
def unmute(slug: str) -> Response:
    return _set_muted(slug, is_muted=False)


def _set_muted(slug: str, *, is_muted: bool) -> Response:
    group = get_or_404(queries.visible_groups(me()).where(Group.slug == slug))
    actions.choose_rhythm(actor=me(), group=group, rhythm=Rhythm.NONE if is_muted else Rhythm.WEEKLY)
    db.session.commit()
    return jsonify(slug=slug, is_muted=is_muted)


@bp.put("/groups/<slug>/archive")
@takes(LogReasonForm)
def archive(slug: str) -> Response:
    return _set_archived(slug, is_archived=True)


@bp.delete("/groups/<slug>/archive")
@takes(LogReasonForm)
def reopen(slug: str) -> Response:
    return _set_archived(slug, is_archived=False)


def _set_archived(slug: str, *, is_archived: bool) -> Response:
    group = get_or_404(queries.visible_groups(me()).where(Group.slug == slug))
    require(policy.can_archive(me(), group.id))
    form = json_form(LogReasonForm)
    if not form.validate():
        return invalid_form(form)
    do = actions.archive_group if is_archived else actions.reopen_group
    do(actor=me(), group=group, reason=form.reason.data)
    db.session.commit()
    return jsonify(slug=slug, is_archived=is_archived)


def group_json(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "kind": row.kind,
        "name": row.name,
        "abbr": row.abbr,
        "programme": row.programme_slug,
        "year": row.year,
        "country": row.country or None,
        "is_former": row.is_former,
        "members_count": row.members_count,
        "size_published": row.size_published,
        "size_bound": row.size_bound,
        "head_count": row.head_count,
        "head_count_bound": row.head_count_bound,
    }


def whole_group_json(row: Any, around: Any, countries: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "kind": row.kind,
        "name": row.name,
        "abbr": row.abbr,
        "about": row.about,
        "programme": row.programme_slug,
        "cohort": row.cohort_slug,
        "year": row.year,
        "country": row.country or None,
        "countries": [{"country": sent.country, "head_count": sent.head_count} for sent in countries],
        "above": [other.slug for other in around if other.depth > 0],
        "below": [other.slug for other in around if other.depth < 0],
        "is_former": row.is_former,
        "founded": row.founded or None,
        "governance": row.governance,
        "website": row.website,
        "source": row.source,
        "members_count": row.members_count,
        "size_published": row.size_published,
        "size_bound": row.size_bound,
        "size_of": row.size_of,
        "head_count": row.head_count,
        "head_count_bound": row.head_count_bound,
        "head_count_of": row.head_count_of,
        "join_policy": row.join_policy,
        "join_question": row.join_question,
        "admits_country": row.admits_country or None,
        "admits_by_itself": row.admits_by_itself,
        "visibility": row.visibility,
        "my_state": row.state,
        "my_role": ("organiser" if row.my_term else "member") if row.state == MembershipState.ACTIVE else None,
        "letters": row.rhythm,
        "is_muted": row.rhythm == Rhythm.NONE,
        "is_by_rule": bool(row.is_by_rule),
        "is_archived": row.archived_at is not None,
        "is_inside": row.is_inside,
    }


def member_json(person: Any) -> dict[str, Any]:
    return {
        "handle": person.handle,
        "name": person.name,
        "name_romanised": person.name_romanised,
        "country": person.country,
        "city": person.city,
        "headline": person.headline,
        "role": "organiser" if person.is_organiser else "member",
        "joined_at": person.joined_at.isoformat(),
    }
