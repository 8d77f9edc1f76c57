"""How one answers an event: until when, with whom, by whose leave."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.attendance import notices
from alumni.core import audit
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.actions import seats
from alumni.events.models import Event, EventAudience, EventInvitation
from alumni.members.models import Member


@dataclass(frozen=True, slots=True)
class Rules:
    """How one answers. Moments are instants."""

    most_guests: int
    needs_approval: bool
    is_by_invitation: bool
    takes_visitors: bool
    gives_at_once: bool
    lets_small_ahead: bool
    answers_from: datetime | None
    answers_until: datetime | None


def set_rules(*, actor: Viewer, event: Event, rules: Rules) -> None:
    """Says how one answers. What people hold already stays theirs.

    Raises Invalid("answers_until" | "takes_visitors").
    """
    require(events_policy.can_run(actor, event.id), "organiser")
    if rules.answers_until is not None:
        if rules.answers_from is not None and rules.answers_until <= rules.answers_from:
            raise Invalid("answers_until", "ends-before-start")
        if rules.answers_until > event.ends_at:
            raise Invalid("answers_until", "after-event")
    if rules.takes_visitors and (
        event.audience != EventAudience.PUBLIC or rules.needs_approval or rules.is_by_invitation
    ):
        raise Invalid("takes_visitors", "not-for-visitors")
    seats.hold(event.id)
    values: dict[str, Any] = asdict(rules)
    db.session.execute(
        sa.update(Event).where(Event.id == event.id).values(**values).execution_options(synchronize_session=False)
    )
    db.session.refresh(event)
    if event.posted_by_id != actor.id:
        audit.record(actor, "event.rules", f"event:{event.slug}")
    for is_online in (False, True):
        seats.fill(event.id, is_online=is_online)


def invite_to_event(*, actor: Viewer, event: Event, handles: tuple[str, ...]) -> int:
    """These members may answer an event that is by invitation, and get a letter. How many are new.

    Raises Invalid("handles") that names the first who is nobody; then nobody is invited.
    """
    require(events_policy.can_run(actor, event.id), "organiser")
    members = sa.select(Account).join(Member, Member.account_id == Account.id).where(Account.handle.in_(handles))
    known = {account.handle: account.id for account in db.session.scalars(members)}
    unknown = next((handle for handle in handles if handle not in known), None)
    if unknown is not None:
        raise Invalid("handles", "no-member", handle=unknown)
    new = [
        person
        for person in known.values()
        if insert_or_ignore(EventInvitation, {"event_id": event.id, "account_id": person})
    ]
    for person in new:
        notices.tell_of_invitation(event, person)
    if new:
        audit.record(actor, "event.invite", f"event:{event.slug}", count=len(new))
    return len(new)
