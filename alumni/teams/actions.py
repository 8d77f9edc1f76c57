"""Opening a round, coming into a team and going, writing, handing in, commenting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.accounts.queries import viewer_of
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised
from alumni.events import policy as events_policy
from alumni.events.models import Event
from alumni.groups import actions as groups_actions
from alumni.groups import policy as groups_policy
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.teams import policy, queries
from alumni.teams.models import Mentor, Team, TeamComment, TeamMember, TeamRound, TeamVersion

MOST_TEAMS = 200  # of a round
MOST_VERSIONS = 50


class TeamFull(DomainError):
    """All its places are taken."""


class InATeam(DomainError):
    """Each person is in one team of a round."""


class DeadlineOver(DomainError):
    """What was handed in stays as it is."""


class IdeaChanged(DomainError):
    """Somebody else of the team has saved it since it was opened."""


@dataclass(frozen=True, slots=True)
class RoundDraft:
    title: str
    task: str
    deadline: datetime  # a wall time in `zone`
    zone: str
    size: int
    forms_itself: bool
    opens_after: bool
    is_second: bool | None = None  # which of two where clocks go back


def open_round(*, actor: Viewer, place: Group | Event, draft: RoundDraft, key: str) -> TeamRound:
    """A task for teams. The same key makes one. Raises Invalid("deadline")."""
    if isinstance(place, Group):
        require(groups_policy.can_organise(actor, place.id))
        groups_actions.require_open(place)
        ids = {"group_id": place.id}
    else:
        runs = sa.select(sa.true()).where(Event.id == place.id, events_policy.run_by(actor))
        require(bool(db.session.scalar(runs)))
        ids = {"event_id": place.id}
    deadline = promised(draft.deadline, draft.zone, field="deadline", is_second=draft.is_second)
    if deadline <= clock.now():
        raise Invalid("deadline", "past")
    facts = {"title": draft.title, "task": draft.task, "deadline_at": deadline, "zone": draft.zone, "size": draft.size}
    facts |= {"forms_itself": draft.forms_itself, "opens_after": draft.opens_after, "made_by_id": actor.id}
    if insert_or_ignore(TeamRound, facts | ids | {"key": key}):
        audit.record(actor, "teams.open", f"round:{key}")
    made = db.session.scalar(sa.select(TeamRound).where(TeamRound.key == key, TeamRound.made_by_id == actor.id))
    if made is None:
        raise NotFound  # the key is that of somebody else's
    return made


def name_mentor(*, actor: Viewer, team_round: TeamRound, handle: str) -> None:
    """Somebody who reads and comments on all teams of the round. Raises Invalid("handle")."""
    require(policy.can_run(actor, team_round.id))
    account_id = _member(handle).id
    if insert_or_ignore(Mentor, {"round_id": team_round.id, "account_id": account_id}):
        audit.record(actor, "teams.mentor", f"round:{team_round.key}", member=handle)


def dismiss_mentor(*, actor: Viewer, team_round: TeamRound, handle: str) -> None:
    require(policy.can_run(actor, team_round.id))
    mine = sa.and_(Mentor.round_id == team_round.id, Mentor.account_id == groups_queries.find_account_id(handle))
    db.session.execute(sa.delete(Mentor).where(mine).execution_options(synchronize_session=False))


def found_team(*, actor: Viewer, team_round: TeamRound, name: str) -> Team:
    """A new team. Whoever takes part founds one and is in it; organisers found one for others.

    Raises Invalid("name"), InATeam, DeadlineOver.
    """
    runs = policy.can_run(actor, team_round.id)
    require(runs or (team_round.forms_itself and policy.can_take_part(actor, team_round.id)), "insider")
    _require_open(team_round)
    count = sa.select(sa.func.count()).select_from(Team).where(Team.round_id == team_round.id)
    if (db.session.scalar(count) or 0) >= MOST_TEAMS:
        raise Invalid("name", "teams-many", most=MOST_TEAMS)
    facts = {"round_id": team_round.id, "name": name, "people": 0, "topic": "", "title": "", "idea": "", "edits": 0}
    if not insert_or_ignore(Team, facts | {"made_at": clock.now()}):
        raise Invalid("name", "team-name-taken")
    team = db.session.scalars(sa.select(Team).where(Team.round_id == team_round.id, Team.name == name)).one()
    if not runs:
        _come(actor.id, team, team_round)
    return team


def join_team(*, actor: Viewer, team: Team) -> None:
    """The actor is in the team; joining twice is once. The last place goes to one of two. Raises TeamFull, InATeam."""
    team_round = _round_of(team)
    require(team_round.forms_itself and policy.can_take_part(actor, team_round.id), "insider")
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    _require_open(team_round)
    _come(actor.id, team, team_round)


def place_member(*, actor: Viewer, team: Team, handle: str) -> None:
    """An organiser puts somebody into a team, or from another one into this. Raises Invalid("handle"), TeamFull."""
    team_round = _round_of(team)
    require(policy.can_run(actor, team_round.id))
    person = _member(handle)
    if not policy.can_take_part(person, team_round.id):
        raise Invalid("handle", "takes-no-part")
    account_id = person.id
    _go(account_id, team_round.id)
    _come(account_id, team, team_round)


def set_topic(*, actor: Viewer, team: Team, topic: str, chair: str) -> None:
    """What a topic group is about, and who of its people chairs it. Raises Invalid("chair")."""
    require(policy.can_run(actor, team.round_id))
    chair_id = None
    if chair:
        of_team = sa.select(TeamMember.account_id).join(Account, Account.id == TeamMember.account_id)
        chair_id = db.session.scalar(of_team.where(TeamMember.team_id == team.id, Account.handle == chair))
        if chair_id is None:
            raise Invalid("chair", "not-in-team")
    _changed(sa.update(Team).where(Team.id == team.id).values(topic=topic, chair_id=chair_id))
    audit.record(actor, "teams.topic", f"team:{team.key}", chair=chair)


def leave_team(*, actor: Viewer, team: Team) -> None:
    """The actor is out; leaving twice does no harm. What the team has written stays with it. Raises DeadlineOver."""
    team_round = _round_of(team)
    require(groups_policy.can_take_part(actor), "insider")
    _require_open(team_round)
    _go(actor.id, team_round.id, team_id=team.id)


def _member(handle: str) -> Viewer:
    """Whoever shows themselves to the people of their groups at this address."""
    account = queries.find_person(handle)
    if account is None:
        raise Invalid("handle", "no-member", handle=handle)
    return viewer_of(account)


def _come(account_id: int, team: Team, team_round: TeamRound) -> None:
    row = {"round_id": team_round.id, "account_id": account_id, "team_id": team.id}
    if not insert_or_ignore(TeamMember, row):
        here = sa.select(TeamMember.team_id).where(
            TeamMember.round_id == team_round.id, TeamMember.account_id == account_id
        )
        if db.session.scalar(here) == team.id:
            return
        raise InATeam
    has_place = sa.update(Team).where(Team.id == team.id, Team.people < team_round.size).values(people=Team.people + 1)
    if not _changed(has_place):
        raise TeamFull


def _go(account_id: int, round_id: int, *, team_id: int | None = None) -> None:
    mine = sa.and_(TeamMember.round_id == round_id, TeamMember.account_id == account_id)
    if team_id is not None:
        mine = sa.and_(mine, TeamMember.team_id == team_id)
    gone = db.session.execute(sa.delete(TeamMember).where(mine).returning(TeamMember.team_id)).first()
    if gone is not None:
        chair = sa.case((Team.chair_id == account_id, None), else_=Team.chair_id)
        _changed(sa.update(Team).where(Team.id == gone.team_id).values(people=Team.people - 1, chair_id=chair))


def forget_person(account_id: int) -> Iterator[int]:
    """Somebody is erased: their teams have one less. Yields each round."""
    rounds = sa.select(TeamMember.round_id).where(TeamMember.account_id == account_id).order_by(TeamMember.round_id)
    for round_id in db.session.scalars(rounds).all():
        _go(account_id, round_id)
        yield round_id


def write_idea(*, actor: Viewer, team: Team, title: str, idea: str, edits: int, hand_in: bool) -> None:
    """Saves what a team writes, and hands it in; until the deadline it can be handed in again, each time a version.

    `edits` says which one was changed. Raises IdeaChanged, DeadlineOver.
    """
    team_round = _round_of(team)
    is_mine = sa.select(sa.true()).where(Team.id == team.id, policy.is_member(actor))
    require(bool(db.session.scalar(is_mine)), "team-member")
    _require_open(team_round)
    written = sa.update(Team).where(Team.id == team.id, Team.edits == edits)
    values: dict[str, object] = {"title": title, "idea": idea, "edits": Team.edits + 1}
    if hand_in:
        values["handed_in_at"] = clock.now()
    if not _changed(written.values(**values)):
        raise IdeaChanged
    if hand_in:
        number = sa.select(sa.func.coalesce(sa.func.max(TeamVersion.number), 0) + 1).where(
            TeamVersion.team_id == team.id
        )
        version = {"team_id": team.id, "number": db.session.scalar(number), "title": title, "idea": idea}
        insert_or_ignore(TeamVersion, version | {"by_id": actor.id, "handed_in_at": clock.now()})


def comment(*, actor: Viewer, team: Team, body: str, key: str) -> None:
    """The team, its mentors and the organisers talk about it. The same key says it once."""
    may = sa.select(sa.true()).where(Team.id == team.id, TeamRound.id == Team.round_id, policy.commented_by(actor))
    require(bool(db.session.scalar(may)), "team-member")
    said = {"team_id": team.id, "author_id": actor.id, "body": body, "key": key, "made_at": clock.now()}
    insert_or_ignore(TeamComment, said)


def _round_of(team: Team) -> TeamRound:
    return db.session.get_one(TeamRound, team.round_id)


def _require_open(team_round: TeamRound) -> None:
    if team_round.deadline_at <= clock.now():
        raise DeadlineOver


def _changed(statement: sa.Update) -> bool:
    return bool(db.session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
