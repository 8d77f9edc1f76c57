"""What is done about roles: giving, ending, handing over; and saying in time that a term runs out."""

from collections.abc import Iterator
from datetime import date, datetime

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups import queries as groups_queries
from alumni.groups.actions import LONGEST_TERM, LastOrganiser, Term
from alumni.groups.models import Group, MembershipState, Role, Tenure
from alumni.roles import notices, policy, queries


class TenureOver(DomainError):
    """The term is over, or somebody has ended it or handed it over."""


def give_role(*, actor: Viewer, group: Group, handle: str, term: Term) -> Tenure:
    """Gives a member of the group a role. Raises Invalid("handle" | "ends_on")."""
    require(policy.can_give(actor, group.id, term.role), _who(term.role))
    _check(term)
    groups_actions.hold(group)
    groups_actions.require_open(group)
    tenure = groups_actions.appoint(group=group, account_id=_member(handle, group), term=term, by=actor)
    _record(actor, "role.give", group, tenure, handle)
    notices.tell_holder_of_role(tenure, group)
    return tenure


def end_role(*, actor: Viewer, group: Group, key: str, reason: str) -> None:
    """Ends a term before its last day. Raises TenureOver, LastOrganiser."""
    tenure = _held(group, key)
    require(policy.can_hand_over(actor, tenure), _who(tenure.role))
    if tenure.role == Role.ORGANISER and _is_last(group, tenure):
        raise LastOrganiser
    groups_actions.end_tenure(tenure, reason=reason)
    _record(actor, "role.end", group, tenure, _handle(tenure), reason=reason)
    if tenure.account_id != actor.id:
        notices.tell_holder_of_end(tenure, group, reason)
    db.session.flush()


def hand_over(*, actor: Viewer, group: Group, key: str, handle: str, ends_on: date) -> Tenure:
    """Today's holder goes and the successor comes, in one act. Of two who do it at once one finds TenureOver.

    Raises Invalid("handle" | "ends_on").
    """
    tenure = _held(group, key)
    require(policy.can_hand_over(actor, tenure), _who(tenure.role))
    # A term that is yet to begin begins for the successor on its own day, not before.
    first = max(clock.now().date(), date.fromisoformat(tenure.starts_on))
    term = Term(Role(tenure.role), first, ends_on, tenure.title)
    _check(term)
    groups_actions.require_open(group)
    successor = _member(handle, group)
    if successor == tenure.account_id:
        raise Invalid("handle", "successor")
    groups_actions.end_tenure(tenure, reason="")
    new = groups_actions.appoint(group=group, account_id=successor, term=term, by=actor)
    _record(actor, "role.hand-over", group, new, handle)
    notices.tell_holder_of_role(new, group)
    return new


def warn_of_endings(now: datetime) -> Iterator[int]:
    """Says once that a term ends within sixty days, to its holder and those above. Commit after each."""
    for tenure in db.session.scalars(queries.running_out(now)).all():
        once = sa.update(Tenure).where(Tenure.id == tenure.id, Tenure.warned_at.is_(None)).values(warned_at=now)
        if not db.session.execute(once).rowcount:  # type: ignore[attr-defined]
            continue
        group = db.session.get_one(Group, tenure.group_id)
        told = {tenure.account_id}
        if tenure.role == Role.ORGANISER:
            told |= set(db.session.scalars(queries.ids_of_those_above(group.id)))
        for account_id in sorted(told):
            notices.tell_that_term_runs_out(tenure, group, account_id)
        yield tenure.account_id


def _check(term: Term) -> None:
    today = clock.now().date()
    if term.ends_on < term.starts_on:
        raise Invalid("ends_on", "ends-before-start")
    if term.ends_on < today or term.ends_on > max(term.starts_on, today) + LONGEST_TERM:
        raise Invalid("ends_on", "term")


def _held(group: Group, key: str) -> Tenure:
    """The term that runs, with the group held. Raises NotFound, TenureOver."""
    groups_actions.hold(group)
    tenure = queries.find_tenure(group.id, key)
    if tenure is None:
        raise NotFound
    if tenure.ended_at is not None or (tenure.ends_on and tenure.ends_on < clock.now().date().isoformat()):
        raise TenureOver
    return tenure


def _member(handle: str, group: Group) -> int:
    account_id = groups_queries.find_account_id(handle)
    membership = groups_queries.find_membership(account_id, group) if account_id else None
    if membership is None or membership.state != MembershipState.ACTIVE or _is_suspended(membership.account_id):
        raise Invalid("handle", "not-inside")
    return membership.account_id


def _is_suspended(account_id: int) -> bool:
    """Who is suspended does nothing for a group, so handing over to them would leave it alone."""
    return bool(db.session.scalar(sa.select(Account.is_suspended).where(Account.id == account_id)))


def _is_last(group: Group, tenure: Tenure) -> bool:
    is_organiser = groups_queries.organises(tenure.account_id, group)
    others = groups_queries.other_organisers_of(group, tenure.account_id)
    return is_organiser and db.session.scalar(others.limit(1)) is None


def _handle(tenure: Tenure) -> str:
    return db.session.scalar(sa.select(Account.handle).where(Account.id == tenure.account_id)) or ""


def _who(role: Role) -> str:
    return "organiser-above" if role == Role.ORGANISER else "organiser"


def _record(actor: Viewer, act: str, group: Group, tenure: Tenure, handle: str, *, reason: str = "") -> None:
    facts = {"member": handle, "role": tenure.role.value, "title": tenure.title, "ends_on": tenure.ends_on}
    audit.record(actor, act, f"group:{group.slug}", reason=reason, **facts)
