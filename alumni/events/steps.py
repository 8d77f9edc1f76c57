"""What pages and JSON doors have in common."""

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.events import actions
from alumni.events.forms import HostForm, NewEventForm
from alumni.events.models import Event
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web.gate import me


def post(form: NewEventForm, group: Group, *, is_kept_back: bool = False) -> Event:
    """The event of a valid form, or the first of a series."""
    draft, series = form.draft(), form.series()
    if series is None:
        return actions.post_event(actor=me(), group=group, draft=draft, key=form.key, is_kept_back=is_kept_back)
    return actions.post_series(
        actor=me(), group=group, draft=draft, repeats=series, key=form.key, is_kept_back=is_kept_back
    )


def group_to_ask(form: HostForm) -> Group:
    """The group of a valid form, by its address or the last part of it. Raises Invalid("group")."""
    slug = form.group.data.rstrip("/").rpartition("/")[2]
    group: Group | None = db.session.scalar(groups_queries.visible_groups(me()).where(Group.slug == slug))
    if group is None:
        raise Invalid("group", "unknown-group")
    return group
