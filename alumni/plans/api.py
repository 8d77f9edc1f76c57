"""Plans as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.plans import actions, policy, queries
from alumni.plans.forms import CheckInForm, PlanForm
from alumni.plans.models import Progress
from alumni.programmes.models import Programme
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("plans_api", __name__, url_prefix="/api/v1")


@bp.get("/groups/<slug>/plans")
def in_group(slug: str) -> Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside or policy.can_sum(me(), row.id), "insider")
    plans = page(queries.plans_of(me(), group_id=row.id), queries.NEWEST, after=api.after(), limit=api.limit())
    return api.list_json(plans, plan_json)


@bp.put("/groups/<slug>/plans/mine")
@takes(PlanForm)
def write(slug: str) -> Response:
    row, form = get_or_404(groups_queries.shown_group(me(), slug=slug)), json_form(PlanForm)
    require(policy.can_plan(me(), row, state=row.state), "insider")
    if not form.validate():
        return invalid_form(form)
    plan = actions.write_plan(actor=me(), group=db.session.get_one(Group, row.id), draft=form.draft())
    db.session.commit()
    return _one(plan.key)


@bp.get("/plans/<key>")
def show(key: str) -> Response:
    return _one(key)


@bp.delete("/plans/<key>")
def remove(key: str) -> tuple[str, int]:
    get_or_404(queries.plans_of(me(), key=key))
    actions.remove_plan(actor=me(), key=key)
    db.session.commit()
    return "", 204


@bp.put("/plans/<key>/check-ins/<after>")
@takes(CheckInForm)
def check_in(key: str, after: str) -> Response:
    plan, form = get_or_404(queries.plans_of(me(), key=key)), json_form(CheckInForm)
    require(plan.is_mine, "owner")
    months = queries.months_of(after)
    if not form.validate():
        return invalid_form(form)
    said = Progress(form.progress.data)
    actions.say_how_it_goes(actor=me(), key=key, months=months, progress=said, words=form.words.data or "")
    db.session.commit()
    return _one(key)


@bp.get("/programmes/<slug>/plans")
def of_programme(slug: str) -> Response:
    """Sums by cohort, for those who act for the programme. Null: fewer than five, who could be recognised."""
    programme = get_or_404(db.select(Programme).where(Programme.slug == slug))
    sums = queries.sums(me(), queries.of_programme(programme.id))
    require(bool(sums) or policy.acts_for_somebody(me()), "officer")
    return jsonify(items=[sum_json(each) for each in sums], next=None)


def _one(key: str) -> Response:
    plan = get_or_404(queries.plans_of(me(), key=key))
    said = [
        {"months": one.months, "progress": one.progress, "words": one.words}
        for one in queries.check_ins_of(plan.id)
        if one.answered_at
    ]
    return jsonify(plan_json(plan) | {"what": plan.what, "check_ins": said})


def plan_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "for_whom": row.for_whom,
        "by_when": row.by_when or None,
        "first_step": row.first_step,
        "audience": row.audience,
        "by": row.handle,
        "group": row.group_slug,
        "is_mine": row.is_mine,
        "made_at": row.made_at.isoformat(),
    }


def sum_json(each: queries.Sum) -> dict[str, Any]:
    return {"group": each.slug, "name": each.name, "plans": each.plans, "progress": each.progress}
