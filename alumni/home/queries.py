"""What the first page asks of the rooms below: the families for visitors, "your cohort" for members. Owns no tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account
from alumni.claims import queries as claims_queries
from alumni.core.db import db
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.deliveries import queries as deliveries_queries
from alumni.events import queries as events_queries
from alumni.events.models import Attendance, Event, EventState
from alumni.groups import policy as groups_policy
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group, Membership, MembershipState
from alumni.mailing import policy as mailing_policy
from alumni.members.models import Member, Participation, ParticipationState
from alumni.members.policy import WAITING
from alumni.messages import queries as messages_queries
from alumni.posts import queries as posts_queries
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, Family, Figure, Programme

MOST_COHORTS = 6
MOST_GROUPS = 12
MOST_FACES = 9
MOST_POSTS = 4
MOST_EVENTS = 4


class StepKind(StrEnum):
    """The one thing to do next, the most needed first."""

    PROFILE = "profile"
    CLAIM = "claim"
    TELL_MORE = "tell more"
    WAIT = "wait"
    CLAIM_AGAIN = "claim again"
    JOIN = "join"
    VOUCH = "vouch"
    ANSWER = "answer"
    INVITE = "invite"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Step:
    kind: StepKind
    row: Any = None  # the participation or the event that it is about


@cache
def families() -> sa.Select[Any]:
    """Families in the order of the catalogue, with their years and one published figure each."""
    programme = aliased(Programme)
    # A result before a plan, in the order of the catalogue. Figures are never added up.
    figure_id = (
        sa.select(Figure.id)
        .join(programme, programme.id == Figure.programme_id)
        .where(programme.family_id == Family.id, Figure.unit == "persons")
        .order_by(Figure.is_planned, programme.position, Figure.position, Figure.id)
        .limit(1)
        .correlate(Family)
        .scalar_subquery()
    )
    of_family = Programme.family_id == Family.id
    years = sa.select(sa.func.min(Programme.year_from)).where(of_family).correlate(Family).scalar_subquery()
    counted = aliased(Programme)
    return (
        sa.select(
            Family.slug,
            Family.name,
            years.label("year_from"),
            Figure.value,
            Figure.value_min,
            Figure.value_max,
            Figure.bound,
            Figure.is_exclusive,
            Figure.is_planned,
            Figure.unit,
            Figure.population,
            Figure.period,
            Figure.as_of,
            Figure.source,
            counted.slug.label("programme_slug"),
            counted.short.label("programme_name"),
        )
        .select_from(Family)
        .outerjoin(Figure, Figure.id == figure_id)
        .outerjoin(counted, counted.id == Figure.programme_id)
        .order_by(Family.position, Family.id)
    )


def next_public_events(viewer: Viewer) -> sa.Select[Any]:
    """The next few events that this viewer sees."""
    select = events_queries.events_in_time(viewer, when="upcoming").where(Event.state == EventState.PUBLISHED)
    return select.order_by(Event.starts_at, Event.id).limit(MOST_EVENTS)


ready_public_events = ready()(next_public_events)


@ready()
def my_cohorts(viewer: Viewer) -> sa.Select[Any]:
    """A row for each participation, verified ones first, with its line of programmes and its group.

    One row without a participation says that there is a profile; no row at all, that there is none.
    """
    before, after = aliased(Programme), aliased(Programme)
    successor = (
        sa.select(sa.func.min(Programme.id)).where(Programme.predecessor_id == Participation.programme_id)
    ).scalar_subquery()
    mine = sa.and_(Membership.group_id == Group.id, Membership.account_id == viewer.id)
    this = aliased(Programme)
    return (
        sa.select(
            Participation.key,
            Participation.state,
            Participation.claimed_at,
            Participation.decision_reason,
            this.slug.label("programme_slug"),
            this.short.label("programme_name"),
            before.slug.label("before_slug"),
            before.short.label("before_name"),
            after.slug.label("after_slug"),
            after.short.label("after_name"),
            Cohort.title.label("cohort_title"),
            Cohort.head_count,
            Cohort.head_count_bound,
            Group.id.label("group_id"),
            Group.slug.label("group_slug"),
            Group.members_count,
            Membership.state.label("membership"),
            claims_queries.first_question().label("question"),
            mailing_policy.is_unreachable(Member.account_id).label("is_unreachable"),
            deliveries_queries.new_letters(viewer),
            messages_queries.unread_messages(viewer),
        )
        .select_from(Member)
        .outerjoin(Participation, Participation.account_id == Member.account_id)
        .outerjoin(this, this.id == Participation.programme_id)
        .outerjoin(before, before.id == this.predecessor_id)
        .outerjoin(after, after.id == successor)
        .outerjoin(Cohort, Cohort.id == Participation.cohort_id)
        .outerjoin(Group, Group.cohort_id == Cohort.id)
        .outerjoin(Membership, mine)
        .where(Member.account_id == viewer.id)
        .order_by(sa.case((Participation.state == ParticipationState.VERIFIED, 0), else_=1), Participation.id.desc())
        .limit(MOST_COHORTS)
    )


@ready()
def my_groups(viewer: Viewer) -> sa.Select[Any]:
    """The groups that the viewer joined last, and how many posts there are new to them."""
    mine = sa.and_(Membership.group_id == Group.id, Membership.account_id == viewer.id)
    return (
        sa.select(Group.id, Group.slug, Group.name, posts_queries.unread_column(viewer))
        .join(Membership, mine)
        .where(Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.joined_at.desc(), Group.id)
        .limit(MOST_GROUPS)
    )


@ready()
def all_my_groups(viewer: Viewer) -> sa.Select[Any]:
    """Every group in which the viewer is, asks to be or is invited, by name. Page it by `groups_queries.BY_NAME`."""
    mine = sa.and_(Membership.group_id == Group.id, Membership.account_id == viewer.id)
    unread = sa.case((Membership.state == MembershipState.ACTIVE, posts_queries.unread_column(viewer)), else_=0)
    return (
        sa.select(
            *(Group.id, Group.slug, Group.name, Group.abbr, Group.kind, Group.country, Group.year, Group.sort_key),
            *(Group.members_count, Group.archived_at, Membership.state, Membership.is_muted, Membership.is_by_rule),
            groups_policy.organises(viewer.id, Group.id).label("is_organiser"),
            unread.label("unread"),
        )
        .join(Membership, mine)
        .where(Membership.state.in_((MembershipState.ACTIVE, MembershipState.REQUESTED, MembershipState.INVITED)))
    )


def find_faces(viewer: Viewer, groups: Sequence[Any]) -> dict[int, list[Any]]:
    """By group id: those who joined last, of the people whom the viewer may see there."""
    faces: dict[int, list[Any]] = {group.id: [] for group in groups}
    for row in _faces(viewer, **_ids(groups)).all() if groups else ():
        faces[row.group_id].append(row)
    return faces


@ready()
def _faces(viewer: Viewer, **groups: int) -> Any:
    return _union(
        groups_queries.members_of(viewer, group_id=group_id)
        .add_columns(Membership.group_id)
        .order_by(Membership.joined_at.desc(), Membership.account_id.desc())
        .limit(MOST_FACES)
        for group_id in groups.values()
    )


def find_newest_posts(viewer: Viewer, groups: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The newest posts of these groups, each with its group."""
    found = _newest_posts(viewer, **_ids(groups)).all() if groups else []
    newest = sorted(found, key=lambda post: (post.created_at, post.id), reverse=True)[:MOST_POSTS]
    of = {group.id: group for group in groups}
    return [(post, of[post.group_id]) for post in newest]


@ready()
def _newest_posts(viewer: Viewer, **groups: int) -> Any:
    return _union(
        posts_queries.posts_in(viewer, group_id=group_id)
        .add_columns(Post.group_id)
        .order_by(*(key.column.desc() for key in posts_queries.NEWEST))
        .limit(MOST_POSTS)
        for group_id in groups.values()
    )


def _union(selects: Iterable[sa.Select[Any]]) -> Any:
    """The rows of several limited selects in one query: each reads a few rows of its own index."""
    return sa.union_all(*(sa.select(select.subquery()) for select in selects))


def _ids(groups: Sequence[Any]) -> dict[str, int]:
    return {f"group_{place}": group.id for place, group in enumerate(groups)}


def events_of(viewer: Viewer, groups: Sequence[Any]) -> list[Any]:
    """What is on in these groups, and what the viewer answered."""
    return _events_of(viewer, **_ids(groups)).all() if groups else []


@ready()
def _events_of(viewer: Viewer, **groups: int) -> sa.Select[Any]:
    mine = sa.and_(Attendance.event_id == Event.id, Attendance.account_id == viewer.id)
    return (
        next_public_events(viewer)
        .add_columns(Attendance.state.label("my_state"))
        .outerjoin(Attendance, mine)
        .where(Event.group_id.in_(groups.values()))
    )


def next_step(cohorts: Sequence[Any], events: Sequence[Any]) -> Step:
    """The one thing to do next, from the rows of `my_cohorts` and `events_of`."""
    if not cohorts:
        return Step(StepKind.PROFILE)
    claims = [row for row in cohorts if row.key is not None]
    verified = [row for row in claims if row.state == ParticipationState.VERIFIED]
    if not verified:
        return _step_of_newcomer(claims)
    for row in verified:
        if row.group_slug and row.membership in (None, MembershipState.LEFT, MembershipState.INVITED):
            return Step(StepKind.JOIN, row)
    if verified[0].question is not None:
        return Step(StepKind.VOUCH, verified[0])
    for event in events:
        if event.my_state is None:
            return Step(StepKind.ANSWER, event)
    for row in verified:
        if row.membership == MembershipState.ACTIVE and row.members_count == 1:
            return Step(StepKind.INVITE, row)
    return Step(StepKind.NOTHING)


def _step_of_newcomer(claims: Sequence[Any]) -> Step:
    if not claims:
        return Step(StepKind.CLAIM)
    for row in claims:
        if row.state == ParticipationState.ASKED:
            return Step(StepKind.TELL_MORE, row)
    for row in claims:
        if row.state in WAITING:
            return Step(StepKind.WAIT, row)
    return Step(StepKind.CLAIM_AGAIN, claims[0])


def find_suspension(viewer: Viewer) -> Any:
    """Until when, and why."""
    mine = Account.id == viewer.id
    return db.session.execute(sa.select(Account.suspended_until, Account.suspension_reason).where(mine)).one()
