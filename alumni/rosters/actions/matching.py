"""Who an entry of a roster belongs to: tied to a verified participation, and let go again."""

from collections.abc import Iterator

import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.members.models import Participation
from alumni.rosters.models import EntryMark, EntryState, Invitation, RosterEntry


def link_entry(entry_id: int, participation_id: int) -> bool:
    """The entry is claimed by this participation; False where another one has it. Linking twice does no harm.

    Asked for by the actions that verify a participation, which have asked who may.
    """
    free = sa.or_(RosterEntry.participation_id.is_(None), RosterEntry.participation_id == participation_id)
    link = sa.update(RosterEntry).where(RosterEntry.id == entry_id, free)
    claimed = {"state": EntryState.CLAIMED, "participation_id": participation_id, "updated_at": clock.now()}
    return bool(db.session.execute(link.values(claimed)).rowcount)  # type: ignore[attr-defined]


def unlink_entry(participation_id: int) -> None:
    """The entry that this participation has, if any, is free again: invited where an invitation stands."""
    invited = there_is(Invitation, Invitation.entry_id == RosterEntry.id)
    state = sa.case((invited, EntryState.INVITED.value), else_=EntryState.UNCLAIMED.value)
    unlink = sa.update(RosterEntry).where(RosterEntry.participation_id == participation_id)
    free = unlink.values(state=sa.cast(state, sa.String), participation_id=None, updated_at=clock.now())
    db.session.execute(free.execution_options(synchronize_session=False))


def forget_person(account_id: int) -> Iterator[int]:
    """Somebody is erased: the official entry stays, cut loose from them, and nobody invites them again."""
    theirs = (
        sa.select(Participation.id)
        .join(RosterEntry, RosterEntry.participation_id == Participation.id)
        .where(Participation.account_id == account_id)
    )
    for participation_id in db.session.scalars(theirs.distinct().order_by(Participation.id)).all():
        its = sa.update(RosterEntry).where(RosterEntry.participation_id == participation_id)
        leave_alone = its.where(RosterEntry.mark.is_(None)).values(mark=EntryMark.DO_NOT_CONTACT)
        db.session.execute(leave_alone.execution_options(synchronize_session=False))
        unlink_entry(participation_id)
        yield participation_id
