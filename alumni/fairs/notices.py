"""What people are told about meetings at a fair by mail."""

from typing import Any

from alumni.core import mail


def tell_of_wish(event: Any, company: Any, contact_id: int) -> None:
    """Whoever is going and has the address that an organiser entered: would they speak for the company?"""
    mail.post("fairs/contact", to=contact_id, **_facts(event, company))


def tell_of_request(event: Any, company: Any, slot: Any) -> None:
    """The company's contact: somebody asks for a time."""
    if company.contact_id:
        mail.post("fairs/asked", to=company.contact_id, **_facts(event, company), starts=slot.starts_at.isoformat())


def tell_of_decision(event: Any, company: Any, slot: Any, request: Any, *, is_accepted: bool) -> None:
    facts = {"starts": slot.starts_at.isoformat(), "is_accepted": is_accepted, "reason": request.reason}
    mail.post("fairs/decided", to=request.account_id, **_facts(event, company), **facts, stand=company.stand)


def tell_of_end(event: Any, company: Any, slot: Any, request: Any) -> None:
    """The company does not come, or has this time no more."""
    facts = {"starts": slot.starts_at.isoformat()}
    mail.post("fairs/ended", to=request.account_id, **_facts(event, company), **facts)


def tell_of_withdrawal(event: Any, company: Any, slot: Any) -> None:
    """The company's contact: the meeting at this time does not take place."""
    if company.contact_id:
        mail.post("fairs/withdrawn", to=company.contact_id, **_facts(event, company), starts=slot.starts_at.isoformat())


def _facts(event: Any, company: Any) -> dict[str, Any]:
    return {
        "title": event.title,
        "slug": event.slug,
        "event_zone": event.zone,
        "company": company.name,
        "company_key": company.key,
    }
