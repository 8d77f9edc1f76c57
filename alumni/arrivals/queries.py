"""Who is expected at the door, and who has come."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.arrivals.models import Arrival
from alumni.attendance import queries as attendance_queries
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.names import sort_key
from alumni.core.paging import Key
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import COMING, Attendance, AttendanceState, Event, EventState
from alumni.groups.models import Group
from alumni.members.models import Member
from alumni.visitors import queries as visitors_queries
from alumni.visitors.models import Visitor

MOST = 1000  # on the list of a door: it is one page, so that it works without a network
LATEST = (Key(Arrival.arrived_at, "arrived_at", descending=True), Key(Arrival.id, "id", descending=True))


def people_expected(viewer: Viewer, *, event_id: int, words: str = "") -> list[Any]:
    """For who keeps the door: all who are going, by name; whoever waits or said perhaps comes last.

    Named as the list of answers names them. At most `MOST` rows.
    """
    arrived = sa.and_(Arrival.event_id == event_id, Arrival.account_id == Attendance.account_id)
    is_going = Attendance.state == AttendanceState.GOING
    select = (
        attendance_queries.people_named(viewer, event_id=event_id, states=COMING)
        .add_columns(Arrival.key.label("arrival"), Arrival.arrived_at)
        .outerjoin(Arrival, arrived)
        .order_by(sa.not_(is_going), Attendance.answered_at, Attendance.account_id)
        .limit(MOST)
    )
    wanted = fold(words).split()
    found = (row for row in db.session.execute(select) if all(word in words_of(row) for word in wanted))
    return sorted(found, key=lambda row: (row.state != AttendanceState.GOING, _sort_key(row)))


def visitors_expected(viewer: Viewer, *, event_id: int, words: str = "") -> list[Visitor]:
    """For who keeps the door: people without an account who said they come and are not noted, by name."""
    noted = set(db.session.scalars(sa.select(Arrival.once).where(Arrival.event_id == event_id)))
    wanted = fold(words).split()
    return [
        visitor
        for visitor in visitors_queries.visitors_of(viewer, event_id)
        if visitor.key not in noted and all(word in fold(visitor.name) for word in wanted)
    ]


def words_of(row: Any) -> str:
    """By what somebody is found on the list of the door."""
    return fold(f"{row.name or ''} {row.name_romanised or ''} {row.guests}")


def _sort_key(row: Any) -> str:
    """By the Latin form of the name where there is one, so that who looks for a name finds its place."""
    return sort_key(row.name_romanised or row.name or "\uffff")


def others(viewer: Viewer, event_id: int) -> sa.Select[Any]:
    """For who keeps the door: those who came without an answer, the latest first. Page it by `LATEST`."""
    return sa.select(
        *(Arrival.id, Arrival.key, Arrival.name, Arrival.country, Arrival.people, Arrival.arrived_at)
    ).where(
        Arrival.event_id == event_id,
        Arrival.account_id.is_(None),
        there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
    )


_CERTIFIED = (
    *(Arrival.key, Arrival.arrived_at, Member.name, Member.name_romanised),
    *(Event.slug, Event.title, Event.kind, Event.place, Event.country, Event.mode, Event.host),
    *(Event.wall_start, Event.wall_end, Event.zone, Group.name.label("group_name")),
)


def certificates() -> sa.Select[Any]:
    """What a certificate says: a member came to an event that took place. The name is what its owner writes."""
    return (
        sa.select(*_CERTIFIED)
        .join(Member, Member.account_id == Arrival.account_id)
        .join(Event, Event.id == Arrival.event_id)
        .outerjoin(Group, Group.id == Event.group_id)
        .where(Event.ends_at <= clock.now(), Event.state == EventState.PUBLISHED, Event.hidden_at.is_(None))
    )


def certificate_of(viewer: Viewer, slug: str) -> sa.Select[Any]:
    """The viewer's own, of one event."""
    return certificates().where(Arrival.account_id == viewer.id, Event.slug == slug)


def certificate_behind(code: str) -> Any | None:
    """What stands on the certificate with this code, for whoever holds it."""
    return db.session.execute(certificates().where(Arrival.key == "".join(code.lower().split())[:16])).first()


def count_people(event_id: int) -> int:
    """How many came, guests and others included."""
    came = sa.select(sa.func.sum(Arrival.people)).where(Arrival.event_id == event_id)
    return db.session.scalar(came) or 0


def handles_coming(event_id: int) -> Sequence[str]:
    """Whoever could show a ticket."""
    return db.session.scalars(
        sa.select(Account.handle)
        .join(Attendance, Attendance.account_id == Account.id)
        .where(Attendance.event_id == event_id, Attendance.state.in_(COMING))
    ).all()


def find_coming(event_id: int, handle: str) -> Any | None:
    """How somebody stands to an event to which they may come."""
    return db.session.execute(
        sa.select(Attendance.account_id, Attendance.party)
        .join(Account, Account.id == Attendance.account_id)
        .where(Attendance.event_id == event_id, Account.handle == handle, Attendance.state.in_(COMING))
    ).first()


def find_arrival(event_id: int, *, once: str = "", key: str = "", account_id: int | None = None) -> Arrival | None:
    """One that was noted: under this key of a phone, this public key, or of this member."""
    which = Arrival.once == once if once else Arrival.key == key if key else Arrival.account_id == account_id
    return db.session.scalar(sa.select(Arrival).where(Arrival.event_id == event_id, which))
