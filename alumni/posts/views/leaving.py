"""Leaving a group, with what one wrote there or without it."""

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group, MembershipState
from alumni.posts import actions, queries
from alumni.posts.forms import LeaveForm
from alumni.posts.views.groups import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.get("/groups/<slug>/leave")
def leave(slug: str) -> str | Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    if row.state != MembershipState.ACTIVE:
        return see_other("groups.show", slug=slug)
    has_posts = db.session.scalar(queries.my_posts_in(me(), row.id).limit(1)) is not None
    return render_template("posts/leave.html", group=row, form=page_form(LeaveForm), has_posts=has_posts)


@bp.post("/groups/<slug>/leave")
def leave_now(slug: str) -> Response | tuple[str, int]:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    form = page_form(LeaveForm)
    if "posts" in request.form and not form.validate():
        html = render_template("posts/leave.html", group=row, form=form, has_posts=True, form_errors=True)
        return html, 422
    group = db.session.get_one(Group, row.id)
    actions.leave_with_posts(actor=me(), group=group, keeps_posts=form.posts.data != "remove")
    db.session.commit()
    flash(_("You are not in the group any more. Nobody is told."), "done")
    is_still_seen = db.session.execute(groups_queries.visible_groups(me()).where(Group.slug == slug)).first()
    return see_other("groups.show", slug=slug) if is_still_seen else see_other("groups.browse")
