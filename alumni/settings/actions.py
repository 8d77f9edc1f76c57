"""Setting a group up, making new ones, proposing and deciding."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa

from alumni.core import audit, clock, jobs
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.names import sort_key
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups.models import (
    AdmittedProgramme,
    Group,
    GroupKind,
    JoinPolicy,
    Membership,
    MembershipState,
    Role,
    Visibility,
)
from alumni.settings import notices, policy, queries
from alumni.settings.models import Proposal, ProposalState

FIRST_TERM = timedelta(days=730)  # of whoever made a group
MOST_WAITING = 3  # proposals of one person


class ProposalDecided(DomainError):
    """It was decided or taken back meanwhile."""


class ProposalsWaiting(DomainError):
    """Nobody has more than a few proposals waiting."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What organisers say of their group."""

    name: str
    abbr: str
    about: str
    website: str
    slug: str
    visibility: Visibility
    join_policy: JoinPolicy
    join_question: str = ""
    members_invite: bool = True
    families: Sequence[str] = ()  # slugs: what those took part in who join by their participation
    programmes: Sequence[str] = ()
    country: str = ""  # where those live
    by_itself: bool = False  # and they are in without asking


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to be made or proposed."""

    kind: GroupKind
    name: str
    about: str = ""
    country: str = ""


def set_up(*, actor: Viewer, group: Group, setup: Setup) -> None:
    """Writes how a group is set up. Raises Invalid with the field that cannot be so."""
    require(policy.can_set_up(actor, group.id))
    groups_actions.hold(group)
    if group.kind == GroupKind.COHORT:
        if setup.join_policy != JoinPolicy.PARTICIPATION or setup.by_itself:
            raise Invalid("join_policy", "cohort-joins")
    elif (setup.join_policy == JoinPolicy.PARTICIPATION or setup.by_itself) and not _asks_something(setup):
        raise Invalid("programmes", "rule-empty")
    if setup.slug != group.slug:
        groups_actions.rename_address(group, setup.slug)
    group.name, group.sort_key, group.abbr = setup.name, sort_key(setup.name), setup.abbr
    group.about, group.website, group.members_invite = setup.about, setup.website, setup.members_invite
    group.visibility, group.join_policy, group.join_question = setup.visibility, setup.join_policy, setup.join_question
    if group.kind != GroupKind.COHORT and _write_rule(group, setup):
        jobs.enqueue(groups_actions.FOLLOW_RULE, group=group.id)
    db.session.flush()
    audit.record(
        actor, "group.set-up", f"group:{group.slug}", join_policy=setup.join_policy, visibility=setup.visibility
    )


def _asks_something(setup: Setup) -> bool:
    return bool(setup.families or setup.programmes or setup.country)


def _write_rule(group: Group, setup: Setup) -> bool:
    """Whether it is another than before. Who is in stays when a group takes in nobody by itself any more."""
    families, programmes = queries.family_ids(list(setup.families)), queries.programme_ids(list(setup.programmes))
    now: set[tuple[int | None, int | None]] = {(family_id, None) for family_id in families}
    now |= {(None, programme_id) for programme_id in programmes}
    of_group = sa.select(AdmittedProgramme).where(AdmittedProgramme.group_id == group.id)
    there = {(row.family_id, row.programme_id): row for row in db.session.scalars(of_group)}
    is_other = set(there) != now or (group.admits_country, group.admits_by_itself) != (setup.country, setup.by_itself)
    for gone in there.keys() - now:
        db.session.delete(there[gone])
    for family_id, programme_id in sorted(now - there.keys(), key=str):
        db.session.add(AdmittedProgramme(group_id=group.id, family_id=family_id, programme_id=programme_id))
    if group.admits_by_itself and not setup.by_itself:
        by_rule = sa.update(Membership).where(Membership.group_id == group.id, Membership.is_by_rule.is_(True))
        db.session.execute(by_rule.values(is_by_rule=False).execution_options(synchronize_session=False))
    group.admits_country, group.admits_by_itself = setup.country, setup.by_itself
    return is_other and setup.by_itself


def make_group(*, actor: Viewer, key: str, parent: Group | None, new: NewGroup) -> Group:
    """A new group, which whoever makes it organises: proposed and decided at once. The same key makes it once."""
    require(policy.can_make(actor, parent))
    proposal, is_new = _propose(actor, key, parent, new)
    if not is_new and proposal.group_id is not None:
        return db.session.get_one(Group, proposal.group_id)
    _settle(actor, proposal, ProposalState.APPROVED)
    return _make(actor, proposal)


def propose_group(*, actor: Viewer, key: str, parent: Group | None, new: NewGroup) -> Proposal:
    """A member says that there should be a group. The same key proposes it once. Raises ProposalsWaiting."""
    require(policy.can_propose(actor, parent), "insider" if parent else "verified")
    proposal, is_new = _propose(actor, key, parent, new)
    if is_new and queries.count_waiting_of(actor.id) > MOST_WAITING:
        raise ProposalsWaiting
    return proposal


def _propose(actor: Viewer, key: str, parent: Group | None, new: NewGroup) -> tuple[Proposal, bool]:
    if parent is not None:
        groups_actions.require_open(parent)
    facts = asdict(new) | {"parent_id": parent.id if parent else None, "proposed_by_id": actor.id}
    is_new = insert_or_ignore(Proposal, facts | {"key": key})
    found = sa.select(Proposal).where(Proposal.key == key, Proposal.proposed_by_id == actor.id)
    proposal = db.session.scalar(found.with_for_update())
    if proposal is None:
        raise ProposalDecided  # the key is that of somebody else's
    return proposal, is_new


def approve_proposal(*, actor: Viewer, key: str) -> Group:
    """The group exists, whoever proposed it organises it and is told. Raises ProposalDecided."""
    proposal = _hold(key)
    require(policy.can_decide(actor, proposal), "organiser-above")
    _settle(actor, proposal, ProposalState.APPROVED)
    group = _make(actor, proposal)
    notices.tell_of_approval(proposal, group)
    return group


def decline_proposal(*, actor: Viewer, key: str, reason: str) -> None:
    """There will be no such group; whoever proposed it is told why. Raises ProposalDecided."""
    proposal = _hold(key)
    require(policy.can_decide(actor, proposal), "organiser-above")
    _settle(actor, proposal, ProposalState.DECLINED)
    proposal.reason = reason
    audit.record(actor, "group.decline-proposal", f"proposal:{key}", reason=reason)
    notices.tell_of_refusal(proposal)


def withdraw_proposal(*, actor: Viewer, key: str) -> None:
    """Whoever proposed it takes it back. Raises ProposalDecided."""
    proposal = _hold(key)
    require(proposal.proposed_by_id == actor.id and not actor.is_suspended, "owner")
    _settle(actor, proposal, ProposalState.WITHDRAWN)


def _hold(key: str) -> Proposal:
    return db.session.scalars(
        sa.select(Proposal).where(Proposal.key == key).with_for_update().execution_options(populate_existing=True)
    ).one()


def _settle(actor: Viewer, proposal: Proposal, state: ProposalState) -> None:
    if proposal.state != ProposalState.WAITING:
        raise ProposalDecided
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, actor.id, clock.now()


def _make(actor: Viewer, proposal: Proposal) -> Group:
    parent = db.session.get(Group, proposal.parent_id) if proposal.parent_id else None
    if parent is not None:
        groups_actions.require_open(parent)
    group = groups_actions.make_group(
        name=proposal.name,
        parent=parent,
        kind=proposal.kind,
        about=proposal.about,
        country=proposal.country,
        programme_id=parent.programme_id if parent else None,
        visibility=parent.visibility if parent else Visibility.PUBLIC,
        join_policy=JoinPolicy.REQUEST,
    )
    proposal.group_id = group.id
    groups_actions.hold(group)
    groups_actions.enter(proposal.proposed_by_id, group, None, MembershipState.ACTIVE)
    today = clock.now().date()
    term = groups_actions.Term(Role.ORGANISER, today, today + FIRST_TERM)
    groups_actions.appoint(group=group, account_id=proposal.proposed_by_id, term=term, by=actor)
    audit.record(actor, "group.make", f"group:{group.slug}", below=parent.slug if parent else "")
    return group
