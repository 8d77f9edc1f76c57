"""What the pages of records share: finding the group, and a form that comes back with what is wrong."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.meetings import policy, queries
from alumni.web.gate import get_or_404, me

Answer = str | Response | tuple[str, int]


def shown_group(slug: str) -> Any:
    """The row of a group's pages, or 404."""
    return get_or_404(groups_queries.shown_group(me(), slug=slug))


def kept_group(slug: str) -> Group:
    """The group whose records the viewer keeps: 404 where it may not be seen, 403 where others keep them."""
    group: Group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    require(policy.can_keep(me(), group.id), "keeper")
    return group


def shown_meeting(row: Any, key: str) -> Any:
    return get_or_404(queries.shown_meeting(me(), group_id=row.id, slug=key))


def answer_form(template: str, form: Any, act: Callable[[], Response], **context: Any) -> Answer:
    """The form; or, sent and in order, what `act` answers."""
    if request.method != "POST":
        return render_template(template, form=form, **context)
    try:
        if form.validate():
            return act()
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return render_template(template, form=form, form_errors=True, **context), 422
