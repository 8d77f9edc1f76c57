"""What members write about themselves, and who sees it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.consents.actions import note_consent
from alumni.consents.models import DIRECTORY
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.actions.listings import refresh_listings
from alumni.members.models import (
    FIELDS,
    Audience,
    CareerEntry,
    CareerKind,
    Member,
    Segment,
    WorkField,
)

MOST_CAREER = 40
DAYS_LOOKED_BACK = 14  # for birthdays, in case nothing ran for a while


class ProfileNeeded(DomainError):
    """An account without a name cannot take part yet."""


class CareerFull(DomainError):
    """More stations than a life has."""


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What a member writes about themselves. What is None stays as it was."""

    name: str | None = None
    name_romanised: str | None = None
    name_reading: str | None = None
    family_name: str | None = None
    call_me: str | None = None
    former_names: str | None = None
    country: str | None = None
    city: str | None = None
    nationality: str | None = None
    community: str | None = None
    headline: str | None = None
    segment: Segment | str | None = None  # "" for none of them
    work_field: WorkField | str | None = None
    employer: str | None = None
    bio: str | None = None
    links: list[str] | None = None
    languages: list[list[str]] | None = None  # [["ja", "N2"]]
    offers: list[str] | None = None
    looks_for: list[str] | None = None
    contact: str | None = None
    born_on: str | None = None  # ISO 8601, "" for unsaid


@dataclass(frozen=True, slots=True)
class CareerDraft:
    """One station of work or studies."""

    kind: CareerKind
    title: str
    organisation: str
    country: str
    year_from: int
    year_to: int | None  # None: to this day


def save_profile(actor: Viewer, draft: ProfileDraft) -> Member:
    """Writes the actor's own profile; the first time, it makes a member of the account."""
    require(actor.is_authenticated, "owner")
    values: dict[str, Any] = {field.name: getattr(draft, field.name) for field in fields(draft)}
    values = {name: value for name, value in values.items() if value is not None}
    for name in ("segment", "work_field", "born_on"):
        if values.get(name) == "":
            values[name] = None
    if draft.name is not None:
        insert_or_ignore(Member, {"account_id": actor.id, "name": draft.name, "updated_at": clock.now()})
    member = own_profile(actor)
    for name, value in values.items():
        setattr(member, name, value)
    if member.family_name and member.family_name not in f"{member.name} {member.name_romanised}":
        raise Invalid("family_name", "not-in-name")
    member.updated_at = clock.now()
    refresh_listings(member)
    return member


def choose_audiences(actor: Viewer, chosen: Mapping[str, Audience]) -> Member:
    """Opens or closes parts of the actor's own profile. Contact data is never public."""
    member = own_profile(actor)
    if chosen.get("contact") == Audience.PUBLIC:
        raise Invalid("contact_audience", "contact-public")
    for field in FIELDS:
        if field in chosen:
            setattr(member, f"{field}_audience", chosen[field])
    member.updated_at = clock.now()
    refresh_listings(member)
    return member


def leave_directory(actor: Viewer) -> Member:
    """Out of every list but those of one's own groups, whatever the parts of the profile say."""
    return _list(actor, is_listed=False)


def return_to_directory(actor: Viewer) -> Member:
    return _list(actor, is_listed=True)


def _list(actor: Viewer, *, is_listed: bool) -> Member:
    member = own_profile(actor)
    note_consent(actor, DIRECTORY, is_given=is_listed)
    member.is_listed, member.updated_at = is_listed, clock.now()
    refresh_listings(member)
    return member


def hide_member(*, actor: Viewer, account_id: int, reason: str) -> None:
    """Takes a person at risk out of every list but those of their groups, until a moderator takes it back."""
    _hide(actor, account_id, reason, is_hidden=True)


def show_member(*, actor: Viewer, account_id: int, reason: str) -> None:
    """What was hidden is open again to whom the member had chosen."""
    _hide(actor, account_id, reason, is_hidden=False)


def _hide(actor: Viewer, account_id: int, reason: str, *, is_hidden: bool) -> None:
    require(policy.can_hide(actor), "moderator")
    member = db.session.get_one(Member, account_id, with_for_update=True)
    member.hidden_at = clock.now() if is_hidden else None
    refresh_listings(member)
    handle = db.session.scalar(sa.select(Account.handle).where(Account.id == account_id))
    audit.record(actor, f"member.{'hide' if is_hidden else 'show'}", f"account:{handle}", reason=reason)


def come_of_age(now: datetime) -> Iterator[int]:
    """Opens to their audiences whoever has come of age within the last days. Harmless when run again.

    Yields the account after each person, so that the caller can commit.
    """
    first, last = (policy.born_before_coming_of_age(now - timedelta(days=days)) for days in (DAYS_LOOKED_BACK, 0))
    turned = sa.select(Member.account_id).where(Member.born_on > first, Member.born_on <= last)
    for account_id in db.session.scalars(turned.order_by(Member.account_id)).all():
        refresh_listings(db.session.get_one(Member, account_id, with_for_update=True))
        yield account_id


def save_career_entry(actor: Viewer, draft: CareerDraft, *, key: str) -> CareerEntry:
    """Adds a station, or changes the one of this key. The same key of the same member makes one."""
    member = own_profile(actor)
    entries = db.session.query(CareerEntry)
    entry = entries.filter(CareerEntry.key == key).one_or_none()
    if entry is not None and entry.account_id != actor.id:
        raise Invalid("once", "taken")
    if entry is None:
        if entries.filter(CareerEntry.account_id == actor.id).count() >= MOST_CAREER:
            raise CareerFull
        entry = CareerEntry(key=key or new_key(), account_id=actor.id)
        db.session.add(entry)
    for field in fields(draft):
        setattr(entry, field.name, getattr(draft, field.name))
    refresh_listings(member)
    return entry


def remove_career_entry(actor: Viewer, entry: CareerEntry) -> None:
    require(entry.account_id == actor.id, "owner")
    member = own_profile(actor)
    db.session.delete(entry)
    refresh_listings(member)


def own_profile(actor: Viewer) -> Member:
    """The actor's own profile, held until the end of the transaction."""
    require(actor.is_authenticated, "owner")
    member = db.session.get(Member, actor.id, with_for_update=True)
    if member is None:
        raise ProfileNeeded
    return member
