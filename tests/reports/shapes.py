"""An event that is over, with those who came, as tests of what comes after it need it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.arrivals.models import Arrival
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from tests.cast import Cast
from tests.events.shapes import make_event, make_many, member_id

OVER = timedelta(days=-3)


def over(group: str, **values: Any) -> str:
    """An event that ended three days ago, open to members. Bob and Carol said that they would come."""
    facts = {"title": "Reunion & walk", "place": "That Luang", "country": "LA", "audience": EventAudience.MEMBERS}
    slug = make_event(group, **{"starts_in": OVER, **facts, **values})
    event = row_of(slug)
    for email in (Cast.bob, Cast.carol):
        db.session.add(Attendance(event_id=event.id, account_id=member_id(email), state=AttendanceState.GOING))
    db.session.commit()
    return slug


def row_of(slug: str) -> Event:
    return db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()


def note(slug: str, email: str = "", **values: Any) -> None:
    """Somebody was noted at the door."""
    who = {"account_id": member_id(email)} if email else {"name": "A school"}
    facts = {"event_id": row_of(slug).id, "once": new_key(), "arrived_at": clock.now() + OVER}
    db.session.add(Arrival(**facts | who | values))
    db.session.commit()


def note_many(slug: str, group: str, count: int) -> list[str]:
    """So many fresh members of the group were noted. Their addresses."""
    people = make_many(group, count)
    event_id, at = row_of(slug).id, clock.now() + OVER
    db.session.add_all(
        Arrival(event_id=event_id, once=new_key(), arrived_at=at, account_id=account_id)
        for _email, account_id in people
    )
    db.session.commit()
    return [email for email, _account_id in people]
