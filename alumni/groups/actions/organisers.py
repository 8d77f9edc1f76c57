"""Who runs a group, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta

from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups import notices, policy, queries
from alumni.groups.actions.passage import end_tenure, hold, membership_of, require_open
from alumni.groups.models import Group, MembershipState, Role, Tenure

LONGEST_TERM = timedelta(days=3660)  # ten years


@dataclass(frozen=True, slots=True)
class Term:
    """A role, from a day to a day, both counted."""

    role: Role
    starts_on: date
    ends_on: date
    title: str = ""


def appoint(*, group: Group, account_id: int, term: Term, by: Viewer) -> Tenure:
    """Gives somebody a role for a term; one and the same that they have already lasts until then. The group is held."""
    same = queries.running_tenures(account_id, group).where(Tenure.role == term.role, Tenure.title == term.title)
    for tenure in db.session.scalars(same):
        _make_way(tenure, term.starts_on)
    tenure = Tenure(
        group_id=group.id,
        account_id=account_id,
        role=term.role,
        title=term.title,
        starts_on=term.starts_on.isoformat(),
        ends_on=term.ends_on.isoformat(),
        appointed_by_id=by.id or None,
    )
    db.session.add(tenure)
    db.session.flush()
    return tenure


def _make_way(tenure: Tenure, starts_on: date) -> None:
    """A term that runs lasts until the day before the next one begins, so nobody is without their role between."""
    eve = (starts_on - timedelta(days=1)).isoformat()
    if starts_on <= clock.now().date() or eve < tenure.starts_on:
        end_tenure(tenure, reason="")
    elif tenure.ends_on is None or eve < tenure.ends_on:
        tenure.ends_on = eve


def appoint_organiser(*, actor: Viewer, group: Group, handle: str, term_ends_on: date) -> None:
    """Makes a member of the group its organiser until the end of a day. Raises Invalid("term_ends_on")."""
    require(policy.can_appoint(actor, group.id), "organiser-above")
    today = clock.now().date()
    if not today <= term_ends_on <= today + LONGEST_TERM:
        raise Invalid("term_ends_on", "term")
    hold(group)
    require_open(group)
    membership = membership_of(handle, group, MembershipState.ACTIVE)
    term = Term(Role.ORGANISER, today, term_ends_on)
    appoint(group=group, account_id=membership.account_id, term=term, by=actor)
    audit.record(actor, "group.appoint", f"group:{group.slug}", member=handle, term_ends_on=term_ends_on.isoformat())
    notices.tell_organiser_of_appointment(membership.account_id, group, term_ends_on.isoformat())


def archive_group(*, actor: Viewer, group: Group, reason: str) -> None:
    """Closes a group: it is read and found, and nothing new happens there. Archiving twice is archiving once."""
    require(policy.can_archive(actor, group.id))
    hold(group)
    db.session.refresh(group, ["archived_at"])
    if group.archived_at is None:
        group.archived_at = clock.now()
        audit.record(actor, "group.archive", f"group:{group.slug}", reason=reason)
        db.session.flush()


def reopen_group(*, actor: Viewer, group: Group, reason: str) -> None:
    """Opens an archived group again."""
    require(policy.can_archive(actor, group.id))
    hold(group)
    db.session.refresh(group, ["archived_at"])
    if group.archived_at is not None:
        group.archived_at = None
        audit.record(actor, "group.reopen", f"group:{group.slug}", reason=reason)
        db.session.flush()
