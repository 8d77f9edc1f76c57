"""Rounds of a group or an event, the teams of one, and the page of a team."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.events.models import Event
from alumni.groups.models import Group
from alumni.members import policy as members_policy
from alumni.members import queries as members_queries
from alumni.members.models import Audience, Listing
from alumni.teams import policy
from alumni.teams.models import Mentor, Team, TeamComment, TeamMember, TeamRound, TeamVersion

LATEST = (Key(TeamRound.deadline_at, "deadline_at", True), Key(TeamRound.id, "id", True))
BY_NAME = (Key(Team.name, "name"), Key(Team.id, "id"))
OLDEST = (Key(TeamComment.made_at, "made_at"), Key(TeamComment.id, "id"))


def rounds(
    viewer: Viewer, *, group_id: int | None = None, event_id: int | None = None, key: str = ""
) -> sa.Select[Any]:
    """Rounds that the viewer may know of. Page them by `LATEST`."""
    mine = sa.select(Team.key).join(TeamMember, TeamMember.team_id == Team.id)
    mine = mine.where(TeamMember.round_id == TeamRound.id, TeamMember.account_id == viewer.id)
    select = (
        sa.select(
            *(TeamRound.id, TeamRound.key, TeamRound.title, TeamRound.task, TeamRound.deadline_at, TeamRound.zone),
            *(TeamRound.size, TeamRound.forms_itself, TeamRound.opens_after),
            *(Group.slug.label("group_slug"), Group.name.label("group_name")),
            *(Event.slug.label("event_slug"), Event.title.label("event_title")),
            mine.correlate(TeamRound).scalar_subquery().label("my_team"),
            policy.run_by(viewer).label("is_run"),
            policy.is_mentor(viewer).label("is_mentor"),
            policy.takes_part(viewer).label("takes_part"),
        )
        .outerjoin(Group, Group.id == TeamRound.group_id)
        .outerjoin(Event, Event.id == TeamRound.event_id)
        .where(policy.visible_to(viewer))
    )
    if group_id is not None:
        select = select.where(TeamRound.group_id == group_id)
    if event_id is not None:
        select = select.where(TeamRound.event_id == event_id)
    return select.where(TeamRound.key == key) if key else select


def teams_of(viewer: Viewer, round_id: int) -> sa.Select[Any]:
    """The teams of a round that the viewer sees, with whether they may read what one has written. Page by `BY_NAME`."""
    return (
        sa.select(
            *(Team.id, Team.key, Team.name, Team.topic, Team.people, Team.title, Team.handed_in_at),
            policy.is_member(viewer).label("is_mine"),
            policy.readable_by(viewer).label("is_readable"),
        )
        .join(TeamRound, TeamRound.id == Team.round_id)
        .where(Team.round_id == round_id, policy.visible_to(viewer))
    )


def team(viewer: Viewer, *, key: str) -> sa.Select[Any]:
    """The page of a team, for those who may read it."""
    return (
        sa.select(
            *(Team.id, Team.key, Team.name, Team.topic, Team.chair_id, Team.people, Team.title, Team.idea, Team.edits),
            Team.handed_in_at,
            *(TeamRound.id.label("round_id"), TeamRound.key.label("round_key"), TeamRound.title.label("round_title")),
            *(TeamRound.deadline_at, TeamRound.zone, TeamRound.size, TeamRound.forms_itself),
            policy.is_member(viewer).label("is_mine"),
            policy.commented_by(viewer).label("may_comment"),
            policy.run_by(viewer).label("is_run"),
        )
        .join(TeamRound, TeamRound.id == Team.round_id)
        .where(policy.readable_by(viewer), Team.key == key)
    )


def people_of(viewer: Viewer, team_id: int) -> list[Any]:
    """Who is in a team, as they show themselves to the people of their groups; blocked ones left out."""
    select = (
        sa.select(*members_queries.listing_columns())
        .join(TeamMember, TeamMember.account_id == Listing.account_id)
        .where(
            Listing.audience == Audience.GROUPS,
            TeamMember.team_id == team_id,
            sa.not_(members_policy.is_blocked_either_way(viewer.id, TeamMember.account_id)),
        )
    )
    return list(db.session.execute(select.order_by(Listing.name)))


def find_person(handle: str) -> Account | None:
    """Whoever shows themselves to the people of their groups at this address."""
    listed = sa.and_(Listing.account_id == Account.id, Listing.audience == Audience.GROUPS)
    return db.session.scalar(sa.select(Account).join(Listing, listed).where(Account.handle == handle))


def mentors_of(round_id: int) -> list[Any]:
    select = (
        sa.select(Listing.name, Listing.handle)
        .join(Mentor, Mentor.account_id == Listing.account_id)
        .where(Listing.audience == Audience.GROUPS, Mentor.round_id == round_id)
    )
    return list(db.session.execute(select.order_by(Listing.name)))


def comments_of(viewer: Viewer, team_id: int) -> sa.Select[Any]:
    """What was said of it, the oldest first. Page it by `OLDEST`."""
    as_to_groups = sa.and_(Listing.account_id == TeamComment.author_id, Listing.audience == Audience.GROUPS)
    return (
        sa.select(TeamComment.id, TeamComment.key, TeamComment.body, TeamComment.made_at, Listing.name, Listing.handle)
        .outerjoin(Listing, as_to_groups)
        .where(
            TeamComment.team_id == team_id,
            sa.not_(members_policy.is_blocked_either_way(viewer.id, TeamComment.author_id)),
        )
    )


def versions_of(team_id: int) -> list[Any]:
    select = sa.select(TeamVersion.number, TeamVersion.title, TeamVersion.idea, TeamVersion.handed_in_at)
    return list(db.session.execute(select.where(TeamVersion.team_id == team_id).order_by(TeamVersion.number.desc())))


def known_team(viewer: Viewer, *, key: str) -> sa.Select[tuple[Team]]:
    """A team of a round that the viewer may know of, whether or not they may read what it writes."""
    known = sa.select(Team).join(TeamRound, TeamRound.id == Team.round_id)
    return known.where(policy.visible_to(viewer), Team.key == key)
