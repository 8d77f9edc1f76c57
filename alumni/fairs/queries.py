"""The companies of a fair, the times of one, and who asked to meet it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events import queries as events_queries
from alumni.events.models import Attendance, AttendanceState, Event
from alumni.fairs import policy
from alumni.fairs.models import OPEN, Company, MeetingRequest, MeetingSlot, RequestState
from alumni.members import policy as members_policy
from alumni.members.models import Listing

BY_NAME = (Key(Company.name, "name"), Key(Company.id, "id"))
MOST_REQUESTS = 500  # of a company, on one page


@dataclass(frozen=True, slots=True)
class Filters:
    """What one looks for. Empty: not asked."""

    q: str = ""
    country: str = ""
    sector: str = ""


def companies(viewer: Viewer, event_id: int, filters: Filters | None = None) -> sa.Select[Any]:
    """Those of an event that the viewer sees; all the words must stand in what it says. Page them by `BY_NAME`."""
    select = sa.select(
        *(Company.id, Company.key, Company.name, Company.country, Company.sector, Company.looks_for),
        *(Company.languages, Company.stand, Company.url),
    ).where(
        Company.event_id == event_id,
        there_is(Event, Event.id == Company.event_id, events_policy.visible_to(viewer)),
    )
    filters = filters or Filters()
    if filters.country:
        select = select.where(Company.country == filters.country)
    if filters.sector:
        select = select.where(Company.sector == filters.sector)
    words = fold(filters.q).split()[:8]
    return select.where(*(Company.search_text.contains(word, autoescape=True) for word in words))


def countries_and_sectors(event_id: int) -> tuple[list[str], list[str]]:
    """What there is to choose from."""
    return _values(Company.country, event_id), _values(Company.sector, event_id)


def _values(column: Any, event_id: int) -> list[str]:
    select = sa.select(column).where(Company.event_id == event_id, column != "").distinct().order_by(column)
    return list(db.session.scalars(select))


def company_page(viewer: Viewer, event_id: int, key: str) -> sa.Select[Any]:
    """One company, how the viewer stands to it, and who speaks for it as far as they show themselves."""
    email = sa.select(Account.email).where(Account.id == viewer.id).scalar_subquery()
    named = sa.and_(
        Listing.account_id == Company.contact_id,
        Listing.account_id == Attendance.account_id,
        events_queries.named_among(event_id),
        sa.not_(members_policy.is_blocked_either_way(viewer.id, Listing.account_id)),
    )
    return (
        companies(viewer, event_id)
        .add_columns(
            *(Company.contact_id, Company.asked_email),
            policy.represented_by(viewer).label("is_represented"),
            sa.func.coalesce(Company.contact_id == viewer.id, sa.false()).label("is_contact"),
            sa.func.coalesce(sa.and_(Company.asked_email != "", Company.asked_email == email), sa.false()).label(
                "am_asked"
            ),
            *(Listing.name.label("contact_name"), Listing.handle.label("contact_handle")),
        )
        .outerjoin(
            Attendance,
            sa.and_(
                Attendance.event_id == Company.event_id,
                Attendance.account_id == Company.contact_id,
                Attendance.state == AttendanceState.GOING,
            ),
        )
        .outerjoin(Listing, named)
        .where(Company.key == key)
    )


def find_company(event_id: int, key: str) -> Company | None:
    return db.session.scalar(sa.select(Company).where(Company.event_id == event_id, Company.key == key))


def find_slot(company_id: int, key: str) -> MeetingSlot | None:
    return db.session.scalar(sa.select(MeetingSlot).where(MeetingSlot.company_id == company_id, MeetingSlot.key == key))


def _is_taken() -> sa.ColumnElement[bool]:
    """Clause on MeetingSlot and Company beside it: somebody who is still going has it."""
    return there_is(
        MeetingRequest,
        MeetingRequest.slot_id == MeetingSlot.id,
        MeetingRequest.state == RequestState.ACCEPTED,
        policy.counts(),
    )


def slots_of(viewer: Viewer, company_id: int) -> list[Any]:
    """The times of a company, in order: whether one is taken, and how the viewer's own request for it stands."""
    mine = sa.select(MeetingRequest.state).where(
        MeetingRequest.slot_id == MeetingSlot.id,
        MeetingRequest.account_id == viewer.id,
        MeetingRequest.state.in_(OPEN),
    )
    select = (
        sa.select(
            *(MeetingSlot.id, MeetingSlot.key, MeetingSlot.starts_at, MeetingSlot.ends_at),
            _is_taken().label("is_taken"),
            mine.correlate(MeetingSlot).scalar_subquery().label("my_state"),
        )
        .join(Company, Company.id == MeetingSlot.company_id)
        .where(MeetingSlot.company_id == company_id)
        .order_by(MeetingSlot.starts_at, MeetingSlot.id)
    )
    return list(db.session.execute(select).all())


_REQUEST = (
    *(MeetingRequest.id, MeetingRequest.key, MeetingRequest.note, MeetingRequest.state, MeetingRequest.reason),
    *(MeetingRequest.asked_at, MeetingRequest.account_id),
    *(MeetingSlot.key.label("slot"), MeetingSlot.starts_at, MeetingSlot.ends_at),
    *(Company.key.label("company"), Company.name.label("company_name"), Company.stand, Company.id.label("company_id")),
)


def requests_to(viewer: Viewer, event_id: int, company_id: int) -> list[Any]:
    """For who speaks for a company: open requests of those who are going, by their time; named as to the event.

    Those with whom one of them is blocked are left out, but not for who runs it.
    """
    select = (
        sa.select(*_REQUEST, Account.handle, Listing.name, Listing.name_romanised, Listing.headline)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .join(Company, Company.id == MeetingSlot.company_id)
        .join(Account, Account.id == MeetingRequest.account_id)
        .join(
            Attendance,
            sa.and_(Attendance.event_id == event_id, Attendance.account_id == MeetingRequest.account_id),
        )
        .outerjoin(Listing, sa.and_(Listing.account_id == Attendance.account_id, events_queries.named_among(event_id)))
        .where(
            Company.id == company_id,
            policy.represented_by(viewer),
            MeetingRequest.state.in_(OPEN),
            Attendance.state == AttendanceState.GOING,
            sa.or_(
                there_is(Event, Event.id == event_id, events_policy.run_by(viewer)),
                sa.not_(members_policy.is_blocked_either_way(viewer.id, MeetingRequest.account_id)),
            ),
        )
        .order_by(MeetingSlot.starts_at, MeetingRequest.asked_at, MeetingRequest.id)
        .limit(MOST_REQUESTS)
    )
    return list(db.session.execute(select).all())


def my_requests(viewer: Viewer, event_id: int) -> list[Any]:
    """What the viewer asked for at an event, by its time."""
    select = (
        sa.select(*_REQUEST)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .join(Company, Company.id == MeetingSlot.company_id)
        .where(Company.event_id == event_id, MeetingRequest.account_id == viewer.id)
        .order_by(MeetingSlot.starts_at, MeetingRequest.asked_at, MeetingRequest.id)
        .limit(MOST_REQUESTS)
    )
    return list(db.session.execute(select).all())


def my_meetings(viewer: Viewer, event_id: int) -> list[Any]:
    """What was accepted: the viewer's own meetings, and those of the company for which they speak."""
    select = (
        sa.select(*_REQUEST)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .join(Company, Company.id == MeetingSlot.company_id)
        .where(
            Company.event_id == event_id,
            MeetingRequest.state == RequestState.ACCEPTED,
            sa.or_(MeetingRequest.account_id == viewer.id, Company.contact_id == viewer.id),
            policy.counts(),
        )
        .order_by(MeetingSlot.starts_at, MeetingRequest.id)
        .limit(MOST_REQUESTS)
    )
    return list(db.session.execute(select).all())


def find_request(viewer: Viewer, event_id: int, key: str) -> MeetingRequest | None:
    """One's own, or one to a company for which the viewer speaks."""
    return db.session.scalar(
        sa.select(MeetingRequest)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .join(Company, Company.id == MeetingSlot.company_id)
        .where(
            Company.event_id == event_id,
            MeetingRequest.key == key,
            sa.or_(MeetingRequest.account_id == viewer.id, policy.represented_by(viewer)),
        )
    )


def company_of_request(request: MeetingRequest) -> Company:
    of_slot = sa.select(MeetingSlot.company_id).where(MeetingSlot.id == request.slot_id).scalar_subquery()
    return db.session.scalars(sa.select(Company).where(Company.id == of_slot)).one()


def account_going(event_id: int, email: str) -> int | None:
    """Whoever is going and has this address."""
    select = sa.select(Account.id).join(Attendance, Attendance.account_id == Account.id)
    is_going = (Attendance.event_id == event_id, Attendance.state == AttendanceState.GOING)
    return db.session.scalar(select.where(*is_going, Account.email == email))


def address_of(viewer: Viewer) -> str:
    return db.session.scalar(sa.select(Account.email).where(Account.id == viewer.id)) or ""


def companies_of_contact(viewer: Viewer, event_id: int) -> list[Any]:
    """Those for which the viewer speaks, or was asked to."""
    email = address_of(viewer)
    asked = sa.and_(Company.asked_email != "", Company.asked_email == email)
    select = sa.select(Company.key, Company.name, asked.label("am_asked"))
    is_theirs = sa.or_(Company.contact_id == viewer.id, asked)
    return list(db.session.execute(select.where(Company.event_id == event_id, is_theirs).order_by(Company.name)).all())
