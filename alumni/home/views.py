"""The first page: what this is for visitors, "your cohort" for members."""

from flask import Blueprint, Response, current_app, render_template

from alumni.core.paging import page
from alumni.core.ready import Ready
from alumni.groups import queries as groups_queries
from alumni.home import queries
from alumni.home.queries import StepKind
from alumni.members.models import ParticipationState
from alumni.web import api
from alumni.web.gate import me, public, see_other

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def landing() -> str | Response:
    if me().is_closing:
        return see_other("mydata.closing")
    if me().is_suspended:
        return render_template("home/suspended.html", suspension=queries.find_suspension(me()))
    if me().is_authenticated:
        return _your_cohort()
    return render_template(
        "home/landing.html",
        families=Ready(queries.families(), {}).all(),
        choices=groups_queries.list_cohort_choices(me()),
        events=queries.ready_public_events(me()).all(),
    )


def _your_cohort() -> str:
    rows = queries.my_cohorts(me()).all()
    groups = queries.my_groups(me()).all()
    cohort_ids = {row.group_id for row in rows if row.group_id}
    events = queries.events_of(me(), groups)
    return render_template(
        "home/your_cohort.html",
        cohorts=[row for row in rows if row.state == ParticipationState.VERIFIED],
        faces=queries.find_faces(me(), [group for group in groups if group.id in cohort_ids]),
        groups=groups,
        events=events,
        posts=queries.find_newest_posts(me(), groups),
        step=queries.next_step(rows, events),
        is_unreachable=any(row.is_unreachable for row in rows),
        waiting=rows[0] if rows else None,
        kinds=StepKind,
        base_url=current_app.config["ALUMNI"].base_url,
    )


@bp.get("/me/groups")
def my_groups() -> str:
    """All one's groups, and what is new in them."""
    groups = page(queries.all_my_groups(me()), groups_queries.BY_NAME, after=api.after())
    return render_template("home/my_groups.html", groups=groups)
