"""Who of a roster can be invited, and who cannot for which reason; how the invitations stand."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.programmes.models import Cohort, Programme
from alumni.rosters import policy
from alumni.rosters.models import EntryMark, EntryState, Invitation, InvitationState, RosterEntry
from alumni.rosters.policy import entry_visible_to

PAUSE = timedelta(days=7)  # between two letters to the same person
LETTERS = ("new", "again")  # what `readiness` says of those who can get a letter
ON_PAPER = ("no_address", "shared", "bounced")  # and of those who can get a code instead
BY_NAME = (Key(RosterEntry.name_printed, "name_printed"), Key(RosterEntry.id, "id"))

_other = aliased(RosterEntry)


def readiness() -> sa.ColumnElement[str]:
    """What an invitation to an entry would be, or why there is none. Invitation is joined from outside."""
    now = clock.now()
    has_code = sa.and_(Invitation.email == "", Invitation.state.in_(policy.OPEN), Invitation.expires_at > now)
    came_back = sa.and_(Invitation.state == InvitationState.BOUNCED, Invitation.email == RosterEntry.email)
    same_address = sa.and_(_other.email == RosterEntry.email, _other.id != RosterEntry.id)
    is_shared = sa.and_(same_address, _other.cohort_id == RosterEntry.cohort_id, _other.duplicate_of_id.is_(None))
    return sa.case(
        (RosterEntry.state == EntryState.CLAIMED, "claimed"),
        (RosterEntry.duplicate_of_id.is_not(None), "duplicate"),
        (RosterEntry.mark == EntryMark.DECEASED, "deceased"),
        (RosterEntry.mark == EntryMark.DO_NOT_CONTACT, "do_not_contact"),
        (sa.and_(RosterEntry.email != "", there_is(_other, same_address, _other.mark.is_not(None))), "do_not_contact"),
        (has_code, "printed"),
        (RosterEntry.email == "", "no_address"),
        (there_is(_other, is_shared), "shared"),
        (came_back, "bounced"),
        (sa.and_(Invitation.sent_at > now - PAUSE, Invitation.email == RosterEntry.email), "lately"),
        (Invitation.entry_id.is_not(None), "again"),
        else_="new",
    )


def _of_cohort(viewer: Viewer, cohort_id: int, *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(RosterEntry)
        .outerjoin(Invitation, Invitation.entry_id == RosterEntry.id)
        .where(RosterEntry.cohort_id == cohort_id, entry_visible_to(viewer))
    )


def count_ready(viewer: Viewer, cohort_id: int) -> dict[str, int]:
    """How many entries of a cohort would get a letter, and how many would not, by reason."""
    kinds = _of_cohort(viewer, cohort_id, readiness().label("kind")).subquery()
    rows = db.session.execute(sa.select(kinds.c.kind, sa.func.count()).group_by(kinds.c.kind))
    return dict(rows.tuples().all())


def count_invitations(viewer: Viewer, cohort_id: int) -> dict[str, int]:
    """How the invitations of a cohort stand."""
    counts = _of_cohort(viewer, cohort_id, Invitation.state, sa.func.count())
    rows = db.session.execute(counts.where(Invitation.entry_id.is_not(None)).group_by(Invitation.state))
    return {state.value: count for state, count in rows.tuples()}


def entries_to_invite(viewer: Viewer, cohort_id: int, kinds: Sequence[str]) -> sa.Select[Any]:
    """Entries and their earlier invitations, the oldest entry first."""
    entries = _of_cohort(viewer, cohort_id, RosterEntry, Invitation).where(readiness().in_(kinds))
    return entries.order_by(RosterEntry.id)


def find_readiness(entry_id: int) -> str:
    """The same of one entry."""
    kind = sa.select(readiness()).outerjoin(Invitation, Invitation.entry_id == RosterEntry.id)
    return db.session.scalars(kind.where(RosterEntry.id == entry_id)).one()


def count_letters(*, by: int | None = None) -> int:
    """Letters of the last day, all or those that one account had sent."""
    day_ago = clock.now() - timedelta(days=1)
    letters = sa.select(sa.func.count()).where(Invitation.sent_at > day_ago, Invitation.email != "")
    return db.session.scalar(letters.where(Invitation.invited_by_id == by) if by else letters) or 0


def codes_of(viewer: Viewer, cohort_id: int) -> sa.Select[Any]:
    """Entries of a cohort that have a code on paper which still opens. Page them by `BY_NAME`."""
    columns = (RosterEntry.id, RosterEntry.key, RosterEntry.name_printed, RosterEntry.name_native)
    codes = _of_cohort(viewer, cohort_id, *columns, Invitation.times, Invitation.digest, Invitation.expires_at)
    return codes.where(Invitation.email == "", Invitation.state.in_(policy.OPEN), Invitation.expires_at > clock.now())


def find_invitation(entry_id: int) -> Any | None:
    """How the invitation of an entry stands."""
    columns = (Invitation.state, Invitation.email, Invitation.times, Invitation.sent_at, Invitation.expires_at)
    return db.session.execute(sa.select(*columns).where(Invitation.entry_id == entry_id)).first()


def invitation_opened_by(digest: bytes) -> sa.Select[Any]:
    """What the holder of a secret reads to say "that is me", and nothing else of the entry."""
    return (
        sa.select(
            RosterEntry.name_printed,
            Programme.name.label("programme_name"),
            Cohort.title.label("cohort_title"),
            Cohort.year,
            Invitation.email,
            Invitation.expires_at,
        )
        .join(RosterEntry, RosterEntry.id == Invitation.entry_id)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .join(Programme, Programme.id == RosterEntry.programme_id)
        .where(policy.opened_by(digest))
    )


def facts_of_letter(entry_id: int) -> dict[str, Any]:
    """What a letter says to whoever opens it, the right person or not: the programme, and until when the link works."""
    select = (
        sa.select(Programme.name, Invitation.expires_at)
        .join(RosterEntry, RosterEntry.programme_id == Programme.id)
        .join(Invitation, Invitation.entry_id == RosterEntry.id)
        .where(RosterEntry.id == entry_id)
    )
    name, expires_at = db.session.execute(select).one()
    return {"programme": name, "expires_on": expires_at.date().isoformat()}
