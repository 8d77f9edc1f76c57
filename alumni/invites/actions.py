"""Inviting, taking back, sending again; accepting and declining."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.core import audit, clock, jobs
from alumni.core.db import db, insert_many, insert_or_ignore, take_ids
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.tokens import digest, new_keys, new_secret
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups import policy as groups_policy
from alumni.groups import queries as groups_queries
from alumni.groups.actions import RemovedFromGroup
from alumni.groups.models import Group, Membership, MembershipState
from alumni.invites import policy, queries
from alumni.invites.models import LIFE, GroupInvitation, InviteState, NoLetters
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded

INVITE = "invite to group"  # the kind of the job that writes a letter
DAY = timedelta(days=1)


class InvitationOver(DomainError):
    """It was withdrawn, declined, used up or is too old."""


class ParticipationNeeded(DomainError):
    """Into this group comes who took part: that has to be said and verified first."""


def invite(
    *, actor: Viewer, group: Group, emails: Sequence[str], words: str = "", hides_addresses: bool = False
) -> int:
    """Promises a letter to each of these addresses that has no invitation yet. How many.

    `hides_addresses`: nobody typed them, so nobody is shown them. All of them, or none: raises Invalid("addresses")
    beyond what one may send in a day. Whether an address has an account, is inside, or wants no letters is found out
    when the letter is written, so nothing is told by this.
    """
    organises = _require(actor, group)
    groups_actions.hold(group)  # two who send at once are counted one after the other
    known = queries.already_invited(group.id, emails, by_id=None if organises else actor.id)
    new = [email for email in dict.fromkeys(emails) if email not in known]
    most = policy.MOST_A_DAY[organises]
    if queries.count_since(actor.id, group.id, clock.now() - DAY) + len(new) > most:
        raise Invalid("addresses", "invitations-a-day", most=most)
    if not new:
        return 0
    now = clock.now()
    ids, keys = list(take_ids(GroupInvitation, len(new))), new_keys(len(new))
    facts = {"group_id": group.id, "by_id": actor.id, "words": words, "digest": None, "state": InviteState.SENT}
    facts |= {"times": 1, "used": 0, "most_uses": 1, "created_at": now, "expires_at": now + LIFE, "answered_at": None}
    facts |= {"hides_address": hides_addresses}
    rows = [facts | {"id": id, "key": key, "email": email} for id, key, email in zip(ids, keys, new, strict=True)]
    insert_many(GroupInvitation, rows)
    for id in ids:
        jobs.enqueue(INVITE, invitation=id, times=1)
    audit.record(actor, "group.invite", f"group:{group.slug}", letters=len(new))
    return len(new)


def make_link(*, actor: Viewer, group: Group, days: int, uses: int) -> str:
    """A link for several people. Its secret is told this once. Raises Invalid("uses")."""
    organises = _require(actor, group)
    if uses > policy.MOST_USES[organises]:
        raise Invalid("uses", "link-uses", most=policy.MOST_USES[organises])
    secret = new_secret()
    facts = {"group_id": group.id, "by_id": actor.id, "digest": digest(secret), "most_uses": uses}
    db.session.add(GroupInvitation(**facts, expires_at=clock.now() + timedelta(days=days)))
    db.session.flush()
    audit.record(actor, "group.invite-link", f"group:{group.slug}", uses=uses, days=days)
    return secret


def withdraw(*, actor: Viewer, group: Group, key: str) -> None:
    """The link opens nothing any more. Whoever has accepted stays in. Raises InvitationOver."""
    invitation = _hold(actor, group, key)
    _require_living(invitation)
    invitation.state, invitation.answered_at = InviteState.WITHDRAWN, clock.now()
    db.session.flush()
    _uninvite(Membership.group_id == group.id)


def send_again(*, actor: Viewer, group: Group, key: str) -> None:
    """Another letter with another link; the one before opens nothing any more. Raises InvitationOver."""
    groups_actions.hold(group)
    invitation = _hold(actor, group, key)
    if not invitation.email or invitation.state not in queries.LIVING:
        raise InvitationOver
    most = policy.MOST_A_DAY[groups_policy.can_organise(actor, group.id)]
    if queries.count_since(actor.id, group.id, clock.now() - DAY) >= most or invitation.times >= 3:
        raise InvitationOver
    invitation.times += 1
    invitation.digest, invitation.expires_at, invitation.state = None, clock.now() + LIFE, InviteState.SENT
    jobs.enqueue(INVITE, invitation=invitation.id, times=invitation.times)


def _require(actor: Viewer, group: Group) -> bool:
    """Whether the actor organises the group, who may invite to it."""
    require(policy.can_invite(actor, group.id, members_invite=group.members_invite), "inviter")
    groups_actions.require_open(group)
    return groups_policy.can_organise(actor, group.id)


def _hold(actor: Viewer, group: Group, key: str) -> GroupInvitation:
    """An invitation of the group that the actor may change."""
    organises = _require(actor, group)
    select = sa.select(GroupInvitation).where(
        GroupInvitation.key == key,
        GroupInvitation.group_id == group.id,
        policy.visible_to(actor, organises=organises),
    )
    invitation = db.session.scalar(select.with_for_update().execution_options(populate_existing=True))
    if invitation is None:
        raise NotFound
    return invitation


def _require_living(invitation: GroupInvitation) -> None:
    if invitation.state not in queries.LIVING or invitation.expires_at <= clock.now():
        raise InvitationOver


def begin_letter(invitation_id: int, times: int) -> GroupInvitation | None:
    """The invitation whose letter is to be written, held; None if it is another by now, or nobody is to write."""
    held = sa.select(GroupInvitation).where(GroupInvitation.id == invitation_id).with_for_update()
    invitation = db.session.scalar(held)
    if invitation is None or invitation.times != times or invitation.state not in queries.LIVING:
        return None
    account = queries.find_account(invitation.email)
    if not queries.may_write(invitation, account, digest(invitation.email)):
        return None
    if account is not None and queries.has_profile(account.id):
        asked = {"account_id": account.id, "group_id": invitation.group_id, "state": MembershipState.INVITED}
        insert_or_ignore(Membership, asked | {"asked_at": clock.now()})
    return invitation


def open_invitation(secret_digest: bytes) -> None:
    """Somebody has pressed a button behind the link."""
    opened = sa.update(GroupInvitation).where(
        GroupInvitation.digest == secret_digest,
        GroupInvitation.state == InviteState.SENT,
        GroupInvitation.email != "",
    )
    db.session.execute(opened.values(state=InviteState.OPENED).execution_options(synchronize_session=False))


def accept(*, actor: Viewer, secret_digest: bytes) -> Group:
    """The actor is in the group, at once. The last use of a link goes to one of two who come at once: who was first.

    Raises InvitationOver, RemovedFromGroup, ParticipationNeeded, ProfileNeeded.
    """
    require(groups_policy.can_take_part(actor), "member")
    row = db.session.execute(queries.opened_by(secret_digest)).first()
    if row is None:
        raise InvitationOver
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    group = db.session.get_one(Group, row.group_id)
    groups_actions.hold(group)
    groups_actions.require_open(group)
    membership = groups_queries.find_membership(actor.id, group)
    if membership is not None and membership.state == MembershipState.ACTIVE:
        return group
    if membership is not None and membership.state == MembershipState.REMOVED:
        raise RemovedFromGroup
    if (
        groups_policy.asks_for_participation(group)
        and groups_policy.what_joining_makes(actor, group) != MembershipState.ACTIVE
    ):
        raise ParticipationNeeded
    _use(row.id, is_letter=bool(row.email))
    groups_actions.enter(actor.id, group, membership, MembershipState.ACTIVE)
    return group


def _use(invitation_id: int, *, is_letter: bool) -> None:
    now = clock.now()
    values: dict[str, object] = {"used": GroupInvitation.used + 1}
    if is_letter:
        values |= {"state": InviteState.ACCEPTED, "answered_at": now}
    used = sa.update(GroupInvitation).where(GroupInvitation.id == invitation_id, *queries.living())
    if not db.session.execute(used.values(**values).execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        raise InvitationOver


def decline(*, secret_digest: bytes, never: bool = False) -> None:
    """Whoever holds the link does not come; `never`: nobody is to write such letters to this address again."""
    row = db.session.execute(queries.opened_by(secret_digest)).first()
    if row is None or not row.email:
        return
    declined = sa.update(GroupInvitation).where(GroupInvitation.id == row.id, *queries.living())
    values = {"state": InviteState.DECLINED, "answered_at": clock.now()}
    db.session.execute(declined.values(**values).execution_options(synchronize_session=False))
    _uninvite(Membership.group_id == row.group_id)
    if never:
        insert_or_ignore(NoLetters, {"digest": digest(row.email), "since": clock.now()})


def _uninvite(where: sa.ColumnElement[bool]) -> None:
    """Whoever is invited by no living letter any more does not see a closed group by it."""
    gone = sa.delete(Membership).where(where, queries.waits_no_more())
    db.session.execute(gone.execution_options(synchronize_session=False))


def forget_invitations(now: datetime) -> int:
    """Deletes the addresses of invitations that ended long ago. How many rows went."""
    _uninvite(sa.true())
    gone = sa.delete(GroupInvitation).where(GroupInvitation.expires_at < now - 12 * LIFE)
    return int(db.session.execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
