"""Asking for a time, saying yes or no, and taking it back. A time goes to one person, and a person to one company.

Locks go in one order: the attendance of whoever asks, then the time.
"""

from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, NotFound, NotPermitted, require
from alumni.core.viewer import Viewer
from alumni.events.actions import EventCancelled
from alumni.events.models import Attendance, AttendanceState, EventState
from alumni.fairs import notices, policy
from alumni.fairs.models import OPEN, Company, MeetingRequest, MeetingSlot, RequestState

MOST_OPEN = 10  # requests of one person at one event that nobody has answered


class SlotTaken(DomainError):
    """Somebody else has this time."""


class SlotOver(DomainError):
    """It has begun."""


class TimeTaken(DomainError):
    """Whoever asked meets another company at this time."""


class RequestsOpen(DomainError):
    """As many of one's requests wait as may."""


class NotAsked(DomainError):
    """This request was decided or taken back already."""


def ask(*, actor: Viewer, event: Any, company: Company, slot: MeetingSlot, note: str, key: str) -> MeetingRequest:
    """The actor asks for a time; asking twice is once. Raises SlotTaken, SlotOver, TimeTaken, RequestsOpen."""
    require(policy.can_ask(actor, event.id), "going")
    if event.state == EventState.CANCELLED:
        raise EventCancelled
    if _hold_attendance(actor.id, event.id) != AttendanceState.GOING:
        raise NotPermitted("going")
    mine = _open_one(actor.id, slot.id)
    if mine is not None:
        return mine
    if slot.starts_at <= clock.now():
        raise SlotOver
    if _holder(company, slot) is not None:
        raise SlotTaken
    if _meets_another(actor.id, event.id, slot):
        raise TimeTaken
    if _count_waiting(actor.id, event.id) >= MOST_OPEN:
        raise RequestsOpen(most=MOST_OPEN)
    facts = {"key": key, "slot_id": slot.id, "account_id": actor.id, "note": note, "state": RequestState.ASKED}
    insert_or_ignore(MeetingRequest, facts | {"reason": "", "asked_at": clock.now()})
    made = _open_one(actor.id, slot.id)
    if made is None:
        raise NotFound  # the key is that of another request
    notices.tell_of_request(event, company, slot)
    return made


def accept(*, actor: Viewer, event: Any, request: MeetingRequest) -> None:
    """The time is theirs, and whoever else asked for it hears so. Raises SlotTaken, TimeTaken, NotAsked."""
    slot, company = _of(request)
    require(policy.can_represent(actor, company.id), "contact")
    if _hold_attendance(request.account_id, event.id) != AttendanceState.GOING:
        raise NotAsked
    _hold_slot(slot.id)
    db.session.refresh(request)
    if request.state == RequestState.ACCEPTED:
        return
    if request.state != RequestState.ASKED:
        raise NotAsked
    if slot.starts_at <= clock.now():
        raise SlotOver
    holder = _holder(company, slot)
    if holder is not None:
        raise SlotTaken
    _let_go_of_stale(slot)
    if _meets_another(request.account_id, event.id, slot):
        raise TimeTaken
    request.state, request.decided_at = RequestState.ACCEPTED, clock.now()
    db.session.flush()
    notices.tell_of_decision(event, company, slot, request, is_accepted=True)
    for other in _others(request):
        other.state, other.reason, other.decided_at = RequestState.DECLINED, "", clock.now()
        notices.tell_of_decision(event, company, slot, other, is_accepted=False)
    db.session.flush()
    audit.record(actor, "meeting-request.accept", f"event:{event.slug}", company=company.key, request=request.key)


def decline(*, actor: Viewer, event: Any, request: MeetingRequest, reason: str) -> None:
    """No, and why; also after a yes. Raises NotAsked."""
    slot, company = _of(request)
    require(policy.can_represent(actor, company.id), "contact")
    _hold_slot(slot.id)
    db.session.refresh(request)
    if request.state not in OPEN:
        raise NotAsked
    request.state, request.reason, request.decided_at = RequestState.DECLINED, reason, clock.now()
    db.session.flush()
    notices.tell_of_decision(event, company, slot, request, is_accepted=False)
    facts = {"company": company.key, "request": request.key}
    audit.record(actor, "meeting-request.decline", f"event:{event.slug}", reason=reason, **facts)


def withdraw(*, actor: Viewer, event: Any, request: MeetingRequest) -> None:
    """Whoever asked does not want it any more; a company that said yes is told. Twice is once."""
    require(request.account_id == actor.id, "owner")
    slot, company = _of(request)
    _hold_slot(slot.id)
    db.session.refresh(request)
    if request.state not in OPEN:
        return
    was_agreed = request.state == RequestState.ACCEPTED
    request.state, request.decided_at = RequestState.WITHDRAWN, clock.now()
    db.session.flush()
    if was_agreed:
        notices.tell_of_withdrawal(event, company, slot)


def _of(request: MeetingRequest) -> tuple[MeetingSlot, Company]:
    slot = db.session.get_one(MeetingSlot, request.slot_id)
    return slot, db.session.get_one(Company, slot.company_id)


def _hold_attendance(account_id: int, event_id: int) -> AttendanceState | None:
    """One request of a person at a time."""
    mine = (Attendance.account_id == account_id, Attendance.event_id == event_id)
    return db.session.scalar(sa.select(Attendance.state).where(*mine).with_for_update(key_share=True))


def _hold_slot(slot_id: int) -> None:
    db.session.execute(sa.select(MeetingSlot.id).where(MeetingSlot.id == slot_id).with_for_update(key_share=True)).all()


def _open_one(account_id: int, slot_id: int) -> MeetingRequest | None:
    mine = (MeetingRequest.account_id == account_id, MeetingRequest.slot_id == slot_id)
    return db.session.scalar(sa.select(MeetingRequest).where(*mine, MeetingRequest.state.in_(OPEN)))


def _holder(company: Company, slot: MeetingSlot) -> int | None:
    """Whoever has the time and is still going."""
    select = sa.select(MeetingRequest.account_id).join(Company, Company.id == company.id)
    has_it = (MeetingRequest.slot_id == slot.id, MeetingRequest.state == RequestState.ACCEPTED)
    return db.session.scalar(select.where(*has_it, policy.counts()))


def _let_go_of_stale(slot: MeetingSlot) -> None:
    """Whoever had the time is not going any more."""
    had_it = (MeetingRequest.slot_id == slot.id, MeetingRequest.state == RequestState.ACCEPTED)
    gone = sa.update(MeetingRequest).where(*had_it).values(state=RequestState.WITHDRAWN, decided_at=clock.now())
    db.session.execute(gone.execution_options(synchronize_session=False))


def _meets_another(account_id: int, event_id: int, slot: MeetingSlot) -> bool:
    """Whether somebody has an agreed meeting that overlaps with this time."""
    select = (
        sa.select(MeetingRequest.id)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .join(Company, Company.id == MeetingSlot.company_id)
        .where(
            Company.event_id == event_id,
            MeetingRequest.account_id == account_id,
            MeetingRequest.state == RequestState.ACCEPTED,
            MeetingSlot.starts_at < slot.ends_at,
            MeetingSlot.ends_at > slot.starts_at,
        )
    )
    return db.session.scalar(select.limit(1)) is not None


def _count_waiting(account_id: int, event_id: int) -> int:
    select = (
        sa.select(sa.func.count())
        .select_from(MeetingRequest)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .join(Company, Company.id == MeetingSlot.company_id)
        .where(
            Company.event_id == event_id,
            MeetingRequest.account_id == account_id,
            MeetingRequest.state == RequestState.ASKED,
            MeetingSlot.ends_at > clock.now(),
        )
    )
    return db.session.scalar(select) or 0


def _others(request: MeetingRequest) -> list[MeetingRequest]:
    asked = (MeetingRequest.slot_id == request.slot_id, MeetingRequest.state == RequestState.ASKED)
    return list(db.session.scalars(sa.select(MeetingRequest).where(*asked, MeetingRequest.id != request.id)))
