"""Companies of a fair, who speaks for one, and the times that it has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_missing, insert_or_ignore
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised
from alumni.fairs import notices, policy, queries
from alumni.fairs.models import Company, MeetingRequest, MeetingSlot, RequestState, searchable

MOST_COMPANIES = 500  # of an event
MOST_SLOTS = 200  # of a company


@dataclass(frozen=True, slots=True)
class CompanyDraft:
    name: str
    country: str = ""
    sector: str = ""
    looks_for: str = ""
    languages: str = ""
    stand: str = ""
    url: str = ""

    def values(self) -> dict[str, str]:
        return {
            "name": self.name,
            "country": self.country,
            "sector": self.sector,
            "looks_for": self.looks_for,
            "languages": self.languages,
            "stand": self.stand,
            "url": self.url,
            "search_text": searchable(self.name, self.sector, self.looks_for, self.languages),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """Times in a row: from, to, and the minutes of each. Wall times in the zone of the event."""

    start: datetime
    end: datetime
    minutes: int
    start_is_second: bool | None = None
    end_is_second: bool | None = None


def add_company(*, actor: Viewer, event: Any, draft: CompanyDraft, key: str) -> Company:
    """The same key makes one."""
    require(policy.can_run(actor, event.id))
    count = sa.select(sa.func.count()).select_from(Company).where(Company.event_id == event.id)
    if (db.session.scalar(count) or 0) >= MOST_COMPANIES:
        raise Invalid("name", "companies-many", most=MOST_COMPANIES)
    facts = {"key": key, "event_id": event.id, "asked_email": "", "made_at": clock.now()}
    if insert_or_ignore(Company, facts | draft.values()):
        audit.record(actor, "company.add", f"event:{event.slug}", company=key)
    made = queries.find_company(event.id, key)
    if made is None:
        raise NotFound  # the key is that of another event
    return made


def change_company(*, actor: Viewer, event: Any, company: Company, draft: CompanyDraft) -> None:
    require(policy.can_run(actor, event.id))
    changed = sorted(name for name, value in draft.values().items() if getattr(company, name) != value)
    for name in changed:
        setattr(company, name, draft.values()[name])
    if changed:
        audit.record(actor, "company.change", f"event:{event.slug}", company=company.key, fields=changed)
    db.session.flush()


def remove_company(*, actor: Viewer, event: Any, company: Company) -> None:
    """It does not come. Its times and all requests go with it; whose meeting was agreed is told."""
    require(policy.can_run(actor, event.id))
    agreed = (
        sa.select(MeetingRequest, MeetingSlot)
        .join(MeetingSlot, MeetingSlot.id == MeetingRequest.slot_id)
        .where(
            MeetingSlot.company_id == company.id,
            MeetingRequest.state == RequestState.ACCEPTED,
            MeetingSlot.ends_at > clock.now(),
        )
    )
    for request, slot in db.session.execute(agreed).all():
        notices.tell_of_end(event, company, slot, request)
    db.session.delete(company)
    audit.record(actor, "company.remove", f"event:{event.slug}", company=company.key, name=company.name)
    db.session.flush()


def ask_contact(*, actor: Viewer, event: Any, company: Company, email: str) -> None:
    """Whoever has this address and is going is asked to speak for the company.

    What is kept and what is said are the same whether or not there is such a person.
    """
    require(policy.can_run(actor, event.id))
    company.asked_email = email
    db.session.flush()
    audit.record(actor, "company.ask-contact", f"event:{event.slug}", company=company.key)
    account_id = queries.account_going(event.id, email)
    if account_id is not None:
        notices.tell_of_wish(event, company, account_id)


def answer_wish(*, actor: Viewer, event: Any, company: Company, is_yes: bool) -> None:
    """Whoever was asked speaks for the company, or does not."""
    is_asked = bool(company.asked_email) and company.asked_email == queries.address_of(actor)
    require(is_asked and policy.can_ask(actor, event.id), "asked")
    company.asked_email = ""
    if is_yes:
        company.contact_id = actor.id
    audit.record(actor, "company.contact", f"event:{event.slug}", company=company.key, is_yes=is_yes)
    db.session.flush()


def dismiss_contact(*, actor: Viewer, event: Any, company: Company) -> None:
    """Nobody speaks for the company any more: an organiser says so, or whoever did."""
    require(policy.can_represent(actor, company.id))
    company.contact_id, company.asked_email = None, ""
    audit.record(actor, "company.no-contact", f"event:{event.slug}", company=company.key)
    db.session.flush()


def lay_out(*, actor: Viewer, event: Any, company: Company, row: Row) -> int:
    """Times one after the other, as many as fit. Those that overlap with times that are there are left out.

    How many are new. Raises Invalid at the field that is wrong.
    """
    require(policy.can_run(actor, event.id))
    start = promised(row.start, event.zone, field="starts_at", is_second=row.start_is_second)
    end = promised(row.end, event.zone, field="ends_at", is_second=row.end_is_second)
    if end <= start:
        raise Invalid("ends_at", "ends-before-start")
    if not event.starts_at <= start < event.ends_at:
        raise Invalid("starts_at", "outside-event")
    if end > event.ends_at:
        raise Invalid("ends_at", "outside-event")
    length = timedelta(minutes=row.minutes)
    count = (end - start) // length
    if count == 0:
        raise Invalid("minutes", "slot-too-long")
    if count > MOST_SLOTS:
        raise Invalid("minutes", "slots-many", most=MOST_SLOTS)
    hold_company(company.id)
    there = queries.slots_of(actor, company.id)
    times = [(start + number * length, start + (number + 1) * length) for number in range(count)]
    new = [
        {"key": new_key(), "company_id": company.id, "starts_at": begins, "ends_at": ends}
        for begins, ends in times
        if not any(slot.starts_at < ends and slot.ends_at > begins for slot in there)
    ]
    if len(new) + len(there) > MOST_SLOTS:
        raise Invalid("minutes", "slots-many", most=MOST_SLOTS)
    if new:
        insert_missing(MeetingSlot, new)
        audit.record(actor, "company.slots", f"event:{event.slug}", company=company.key, count=len(new))
    return len(new)


def hold_company(company_id: int) -> None:
    """One who lays out times at a time."""
    db.session.execute(sa.select(Company.id).where(Company.id == company_id).with_for_update(key_share=True)).all()


def remove_slot(*, actor: Viewer, event: Any, company: Company, slot: MeetingSlot) -> None:
    """The company has this time no more. Whoever had it, or asked for it, is told."""
    require(policy.can_run(actor, event.id))
    open_ones = sa.select(MeetingRequest).where(
        MeetingRequest.slot_id == slot.id, MeetingRequest.state.in_((RequestState.ASKED, RequestState.ACCEPTED))
    )
    for request in db.session.scalars(open_ones).all():
        notices.tell_of_end(event, company, slot, request)
    db.session.delete(slot)
    audit.record(actor, "company.slot-remove", f"event:{event.slug}", company=company.key)
    db.session.flush()
