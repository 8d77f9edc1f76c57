"""Naming who leads those of a country."""

from typing import Any

import sqlalchemy as sa

from alumni.conferences import policy, queries
from alumni.conferences.models import DelegationHead
from alumni.core import audit
from alumni.core.db import db, upsert
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer


def name_head(*, actor: Viewer, event: Any, country: str, handle: str) -> None:
    """Somebody of that country who is going leads it; without a handle nobody does. Raises Invalid("handle")."""
    require(policy.can_run(actor, event.id))
    if not handle:
        mine = (DelegationHead.event_id == event.id, DelegationHead.country == country)
        db.session.execute(sa.delete(DelegationHead).where(*mine).execution_options(synchronize_session=False))
        return
    found = (one for one in queries.delegations_of(actor, event.id) if one.country == country)
    people = {person.handle: person.account_id for one in found for person in one.named}
    if not country or handle not in people:
        raise Invalid("handle", "not-of-delegation")
    row = {"event_id": event.id, "country": country, "account_id": people[handle]}
    upsert(DelegationHead, [row], key=("event_id", "country"))
    audit.record(actor, "delegation.head", f"event:{event.slug}", country=country, member=handle)
