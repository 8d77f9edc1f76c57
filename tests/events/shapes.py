"""What tests of events share: an event's form, filled in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.events.models import Event
from alumni.groups.models import Group
from alumni.members.models import Member
from tests import builders

wall = datetime.fromisoformat  # what a clock shows at a place


def in_days(days: int, at: str = "19:00") -> str:
    return f"{(clock.now() + timedelta(days=days)).date()}T{at}"


def filled(**values: Any) -> dict[str, Any]:
    """A form of an event as a browser sends it."""
    return {
        "title": "Reunion in Vientiane",
        "kind": "reunion",
        "mode": "in_person",
        "place": "That Luang",
        "country": "LA",
        "online_url": "",
        "starts_at": in_days(30),
        "ends_at": in_days(30, "21:00"),
        "zone": "Asia/Vientiane",
        "capacity": "50",
        "audience": "group",
        "description": "Bring **photographs**.",
    } | values


def make_event(group: str, **values: Any) -> str:
    """Commits an event of the group with this slug and returns its own. Needs an app context."""
    row = db.session.scalars(select(Group).where(Group.slug == group)).one()
    event: Event = builders.make_event(row, **values)
    db.session.commit()
    return event.slug


def member_id(email: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.email == email)).one()


def make_many(group: str, count: int) -> list[tuple[str, int]]:
    """(e-mail, id) of fresh verified members of a group."""
    row = db.session.scalars(select(Group).where(Group.slug == group)).one()
    people = []
    with builders.crowd():
        for number in range(count):
            email = f"member{number}@example.org"
            member: Member = builders.make_member(f"Member {number}", email=email, account={"is_verified": True})
            builders.join(member, row)
            people.append((email, member.account_id))
    db.session.commit()
    return people
