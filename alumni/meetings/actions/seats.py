"""Seats in councils: given, corrected, ended, taken out."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db, insert_or_ignore
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.meetings.actions.choosing import member_of, require_keeper, require_order, values_of
from alumni.meetings.models import Seat


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """Which association sits where, from when to when; no end while it goes on."""

    council: str
    name: str
    association: str
    from_on: str
    to_on: str = ""
    source: str = ""


def give_seat(*, actor: Viewer, group: Group, key: str, draft: SeatDraft) -> Seat:
    """Puts a seat on record. The same key makes one. Raises Invalid at the field that is wrong."""
    require_keeper(actor, group.id)
    made = db.session.scalar(sa.select(Seat).where(Seat.slug == key))
    if made is not None and made.group_id == group.id:
        return made
    slug = new_key() if made else key
    insert_or_ignore(Seat, {"slug": slug, "group_id": group.id} | _values(group.id, draft))
    audit.record(actor, "seat.give", f"group:{group.slug}", seat=draft.name, association=draft.association)
    return db.session.scalars(sa.select(Seat).where(Seat.slug == slug)).one()


def change_seat(*, actor: Viewer, group: Group, seat: Seat, draft: SeatDraft) -> None:
    """Corrects or ends it. Raises Invalid at the field that is wrong."""
    require_keeper(actor, seat.group_id)
    values = _values(group.id, draft)
    changed = sorted(name for name, value in values.items() if getattr(seat, name) != value)
    for name in changed:
        setattr(seat, name, values[name])
    if changed:
        db.session.flush()
        facts = {"seat": draft.name, "association": draft.association, "changed": ", ".join(changed)}
        audit.record(actor, "seat.change", f"group:{group.slug}", **facts)


def remove_seat(*, actor: Viewer, group: Group, seat: Seat) -> None:
    """Takes out what was entered by mistake."""
    require_keeper(actor, seat.group_id)
    db.session.delete(seat)
    db.session.flush()
    audit.record(actor, "seat.remove", f"group:{group.slug}", seat=seat.name, council=seat.council)


def _values(group_id: int, draft: SeatDraft) -> dict[str, Any]:
    require_order(draft.from_on, draft.to_on, "to_on")
    association = member_of(group_id, draft.association, "association")
    return values_of(draft, "association") | {"association_id": association.id}
