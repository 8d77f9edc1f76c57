"""What is new for one person, and in whose morning it is time to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account, AccountState
from alumni.claims import queries as claims_queries
from alumni.claims.queries import DeskFilter
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.deliveries.models import Digest, Told
from alumni.events import policy as events_policy
from alumni.events.models import Event, EventState, Series
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState, Rhythm
from alumni.mailing import queries as mailing_queries
from alumni.mailing.models import Kind, LetterChoice
from alumni.members.models import Member, Participation, ParticipationState
from alumni.posts import policy as posts_policy
from alumni.posts.models import Post

MOST_POSTS, MOST_EVENTS, MOST_ANSWERS, MOST_WAITING = 8, 5, 4, 5
LOOKED_AHEAD = timedelta(days=60)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class News:
    """What a gathered letter says."""

    posts: Sequence[Any]
    events: Sequence[Any]
    answers: Sequence[Any]
    requests: Sequence[Any]  # groups that the reader organises, with how many ask to join
    has_claims: bool  # that wait at the desk of the reader

    @property
    def is_anything(self) -> bool:
        return bool(self.posts or self.events or self.answers or self.requests or self.has_claims)


@dataclass(frozen=True, slots=True)
class Span:
    """From one letter to the next: what comes in between is said once."""

    start: datetime
    end: datetime

    def holds(self, at: Any) -> sa.ColumnElement[bool]:
        return sa.and_(at > self.start, at <= self.end)


_Since = dict[Rhythm, Span]


def find_news(viewer: Viewer, *, daily_from: str, weekly_from: str, until: str) -> News:
    """Of each thing a few, since the last letter of its rhythm. An empty time: letters of that rhythm are not due."""
    times, end = {Rhythm.DAILY: daily_from, Rhythm.WEEKLY: weekly_from}, datetime.fromisoformat(until)
    since = {rhythm: Span(datetime.fromisoformat(at), end) for rhythm, at in times.items() if at}
    rhythms = mailing_queries.rhythms_of(viewer.id)
    gathered, answers = since.get(rhythms[Kind.DIGEST]), since.get(rhythms[Kind.ANSWERS])
    return News(
        posts=_posts(viewer, since),
        events=_events(viewer, since, gathered),
        answers=_answers(viewer, answers) if answers else (),
        requests=_requests(viewer) if gathered else (),
        has_claims=bool(gathered) and viewer.holds_office and _has_claims(viewer),
    )


def _in_my_groups(viewer: Viewer, group_id: Any, created_at: Any, since: _Since) -> sa.ColumnElement[bool]:
    """Clause: new in a group of the viewer, as seen from the last letter of the rhythm of that group."""
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                span.holds(created_at),
                there_is(
                    Membership,
                    Membership.group_id == group_id,
                    Membership.account_id == viewer.id,
                    Membership.state == MembershipState.ACTIVE,
                    Membership.rhythm == rhythm,
                ),
            )
            for rhythm, span in since.items()
        ),
    )


def _posts(viewer: Viewer, since: _Since) -> Sequence[Any]:
    mine = sa.select(Membership.group_id).where(
        Membership.account_id == viewer.id,
        Membership.state == MembershipState.ACTIVE,
        Membership.rhythm.in_(list(since)),
    )
    told = there_is(Told, Told.account_id == viewer.id, Told.about == sa.literal("post:") + Post.key)
    select = (
        sa.select(Post.key, Post.body, Group.name.label("group"))
        .join(Group, Group.id == Post.group_id)
        .where(
            Post.group_id.in_(mine),
            Post.parent_id.is_(None),
            Post.created_at > min(span.start for span in since.values()),
            sa.func.coalesce(Post.author_id, 0) != viewer.id,
            _in_my_groups(viewer, Post.group_id, Post.created_at, since),
            posts_policy.visible_to(viewer),
            sa.not_(told),
        )
    )
    return db.session.execute(select.order_by(Post.created_at.desc(), Post.id.desc()).limit(MOST_POSTS)).all()


def _events(viewer: Viewer, since: _Since, gathered: Span | None) -> Sequence[Any]:
    """New ones of my groups; and, where they are gathered, those near me and of my programmes."""
    now = clock.now()
    rules = [_in_my_groups(viewer, Event.group_id, Event.created_at, since)]
    if gathered:
        live = sa.select(Member.country).where(Member.account_id == viewer.id, Member.country != "").scalar_subquery()
        of_my_programme = there_is(
            Group,
            Group.id == Event.group_id,
            there_is(
                Participation,
                Participation.account_id == viewer.id,
                Participation.state == ParticipationState.VERIFIED,
                sa.or_(Participation.programme_id == Group.programme_id, Participation.cohort_id == Group.cohort_id),
            ),
        )
        is_mine = there_is(
            Membership, Membership.group_id == Event.group_id, Membership.account_id == viewer.id
        )  # its rhythm is chosen there, and whoever left wants no more of it
        rules.append(
            sa.and_(gathered.holds(Event.created_at), sa.not_(is_mine), sa.or_(Event.country == live, of_my_programme))
        )
    told = there_is(Told, Told.account_id == viewer.id, Told.about == sa.literal("event:") + Event.slug)
    first_of_series = sa.select(Series.wall_start).where(Series.key == Event.series_key).scalar_subquery()
    select = sa.select(Event.slug, Event.title, Event.starts_at, Event.zone, Event.place).where(
        Event.starts_at > now,
        Event.starts_at <= now + LOOKED_AHEAD,
        Event.state == EventState.PUBLISHED,
        sa.func.coalesce(Event.posted_by_id, 0) != viewer.id,
        sa.or_(*rules),
        sa.or_(Event.series_key.is_(None), Event.series_start == first_of_series),
        events_policy.visible_to(viewer),
        sa.not_(told),
    )
    return db.session.execute(select.order_by(Event.starts_at, Event.id).limit(MOST_EVENTS)).all()


def _answers(viewer: Viewer, span: Span) -> Sequence[Any]:
    asked = aliased(Post)
    select = (
        sa.select(asked.key, Post.body)
        .join(asked, asked.id == Post.parent_id)
        .where(
            asked.author_id == viewer.id,
            span.holds(Post.created_at),
            sa.func.coalesce(Post.author_id, 0) != viewer.id,
            posts_policy.visible_to(viewer),
        )
    )
    return db.session.execute(select.order_by(Post.created_at.desc(), Post.id.desc()).limit(MOST_ANSWERS)).all()


def _requests(viewer: Viewer) -> Sequence[Any]:
    waiting = sa.select(sa.func.count()).where(
        Membership.group_id == Group.id, Membership.state == MembershipState.REQUESTED
    )
    count = waiting.correlate(Group).scalar_subquery()
    select = sa.select(Group.name, Group.slug, count.label("waiting")).where(
        groups_policy.organises(viewer.id, Group.id), count > 0
    )
    return db.session.execute(select.order_by(Group.sort_key, Group.id).limit(MOST_WAITING)).all()


def _has_claims(viewer: Viewer) -> bool:
    first = claims_queries.claims_at_desk(viewer, DeskFilter()).limit(1)
    return db.session.execute(first).first() is not None


def due_digests(now: datetime) -> Sequence[Any]:
    """The next whose morning has come, whether anything comes to them daily, and where they live."""
    daily = sa.or_(
        there_is(
            Membership,
            Membership.account_id == Account.id,
            Membership.state == MembershipState.ACTIVE,
            Membership.rhythm == Rhythm.DAILY,
        ),
        there_is(LetterChoice, LetterChoice.account_id == Account.id, LetterChoice.rhythm == Rhythm.DAILY),
    )
    select = (
        sa.select(
            *(Account.id, Account.zone, Digest.daily_at, Digest.weekly_at, Digest.next_at),
            (Account.state == AccountState.ACTIVE).label("is_active"),
            daily.label("has_daily"),
        )
        .join(Account, Account.id == Digest.account_id)
        .where(Digest.next_at <= now)
    )
    return db.session.execute(select.order_by(Digest.next_at, Account.id).limit(MOST_AT_ONCE)).all()


def newcomers() -> Sequence[Any]:
    """The next accounts that have no morning so far: those made after the last that has one."""
    last = sa.select(sa.func.coalesce(sa.func.max(Digest.account_id), 0)).scalar_subquery()
    select = sa.select(Account.id, Account.zone).where(Account.id > last)
    return db.session.execute(select.order_by(Account.id).limit(MOST_AT_ONCE)).all()
