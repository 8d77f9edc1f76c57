"""One's own groups as JSON."""

from typing import Any

from flask import Blueprint, Response

from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.home import queries
from alumni.web import api
from alumni.web.gate import me

bp = Blueprint("home_api", __name__, url_prefix="/api/v1")


@bp.get("/me/groups")
def my_groups() -> Response:
    groups = page(queries.all_my_groups(me()), groups_queries.BY_NAME, after=api.after(), limit=api.limit())
    return api.list_json(groups, _group_json)


def _group_json(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "state": row.state,
        "is_organiser": row.is_organiser,
        "is_muted": row.is_muted,
        "is_by_rule": row.is_by_rule,
        "is_archived": row.archived_at is not None,
        "members_count": row.members_count,
        "unread": row.unread,
    }
