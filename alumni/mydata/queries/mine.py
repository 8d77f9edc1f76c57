"""What somebody reads on the page of their own data."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.events.models import Event, EventState
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.members.models import Participation, ParticipationState
from alumni.mydata.models import Closing, DataExport
from alumni.officers.models import Agency, Mandate
from alumni.programmes.models import Cohort
from alumni.rosters.models import RosterEntry

OPEN_FOR = timedelta(days=7)  # a copy of one's data, once it is ready
MOST_LOOKS = 50
LOOKS = ("roster.look", "roster.export")


def exports_of(viewer: Viewer) -> sa.Select[Any]:
    """What the viewer asked for and can still fetch, or waits for; the newest first."""
    is_open = sa.or_(DataExport.ready_at.is_(None), DataExport.ready_at > clock.now() - OPEN_FOR)
    return (
        sa.select(DataExport)
        .where(DataExport.account_id == viewer.id, is_open)
        .order_by(DataExport.asked_at.desc(), DataExport.id.desc())
    )


def export_to_fetch(viewer: Viewer, key: str) -> sa.Select[Any]:
    return exports_of(viewer).where(DataExport.key == key, DataExport.file != "")


def find_closing(account_id: int) -> Closing | None:
    return db.session.get(Closing, account_id)


class Look(NamedTuple):
    """Somebody who keeps rosters has seen an entry: when, for which agency and country, in which way."""

    at: datetime
    agency: Agency | None  # None: an administrator
    country: str
    way: str  # entry, cohort, claim, export


class Looks(NamedTuple):
    has_entry: bool
    lines: Sequence[Look]


def looks_at(viewer: Viewer) -> Looks:
    """Who has looked at the entries that the viewer holds by a verified participation. Nobody learns of others."""
    mine = (
        sa.select(RosterEntry.key, RosterEntry.created_at, Participation.key.label("claim"), Cohort.slug)
        .join(Participation, Participation.id == RosterEntry.participation_id)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .where(Participation.account_id == viewer.id, Participation.state == ParticipationState.VERIFIED)
    )
    entries = db.session.execute(mine).all()
    if not entries:
        return Looks(False, [])
    seen = sa.or_(
        *(
            sa.and_(
                AuditLine.subject.in_([f"entry:{row.key}", f"cohort:{row.slug}", f"participation:{row.claim}"]),
                AuditLine.at >= row.created_at,
            )
            for row in entries
        )
    )
    lines = (
        sa.select(AuditLine.at, AuditLine.actor_id, AuditLine.action, AuditLine.subject, *_office())
        .where(AuditLine.action.in_(LOOKS), AuditLine.actor_id != viewer.id, seen)
        .order_by(AuditLine.id.desc())
        .limit(MOST_LOOKS)
    )
    return Looks(True, [_look(row) for row in db.session.execute(lines)])


def _office() -> list[Any]:
    """For whom somebody acts: their latest mandate."""
    of_actor = Mandate.account_id == AuditLine.actor_id
    return [
        sa.select(column).where(of_actor).order_by(Mandate.id.desc()).limit(1).correlate(AuditLine).scalar_subquery()
        for column in (Mandate.agency.label("agency"), Mandate.country.label("country"))
    ]


def _look(row: Any) -> Look:
    kind = row.subject.partition(":")[0]
    way = "export" if row.action == "roster.export" else {"participation": "claim"}.get(kind, kind)
    return Look(row.at, row[4], row[5] or "", way)


def groups_to_hand_over(account_id: int) -> list[Group]:
    """Groups that somebody organises, in the order in which they are held."""
    organised = sa.select(Group).where(groups_policy.organises(account_id, Group.id), Group.archived_at.is_(None))
    return list(db.session.scalars(organised.order_by(Group.id)))


def events_to_hand_over(account_id: int) -> list[Event]:
    """What is to come that nobody else runs: events without a group that somebody posted."""
    alone = (Event.posted_by_id == account_id, Event.group_id.is_(None), Event.state == EventState.PUBLISHED)
    return list(db.session.scalars(sa.select(Event).where(*alone, Event.ends_at > clock.now()).order_by(Event.id)))


def due_exports(now: datetime) -> sa.Select[Any]:
    """Copies that nobody can fetch any more."""
    return sa.select(DataExport).where(DataExport.ready_at <= now - OPEN_FOR).order_by(DataExport.id)


class Erased(NamedTuple):
    """Enough to forget somebody once more, and no more."""

    handle: str
    keeps_posts: bool
    erased_at: datetime


def erasures() -> list[Erased]:
    """Everybody who was erased, the first one first."""
    select = (
        sa.select(Account.handle, Closing.keeps_posts, Closing.erased_at)
        .join(Account, Account.id == Closing.account_id)
        .where(Closing.erased_at.is_not(None))
        .order_by(Closing.erased_at, Account.handle)
    )
    return [Erased(*row) for row in db.session.execute(select)]
