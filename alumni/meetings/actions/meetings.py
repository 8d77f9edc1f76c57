"""Meetings and their delegations, as those who keep the records enter them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db, insert_or_ignore, upsert
from alumni.core.errors import Invalid, NotFound
from alumni.core.text import slugify
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.meetings.actions.choosing import member_id, require_keeper, require_order, values_of
from alumni.meetings.models import Delegation, Meeting, Presence, Series
from alumni.programmes.models import Bound


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """What is entered for a meeting. Groups are named by their slugs, a new series by its name."""

    title: str
    starts_on: str
    ends_on: str = ""
    series: str = ""
    new_series: str = ""
    number: int | None = None
    host_group: str = ""
    host: str = ""
    country: str = ""
    place: str = ""
    theme: str = ""
    note: str = ""
    is_planned: bool = False
    attended: int | None = None
    attended_bound: Bound | None = None
    attended_by: str = ""
    next_host: str = ""
    next_country: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class DelegationDraft:
    """Who came from a country; None where the number is not known."""

    country: str
    presence: Presence = Presence.PRESENT
    head_count: int | None = None
    head_count_bound: Bound = Bound.EXACT
    observers: int | None = None


def add_meeting(*, actor: Viewer, group: Group, key: str, draft: MeetingDraft) -> Meeting:
    """Puts a meeting on record. The same key makes one meeting. Raises Invalid at the field that is wrong."""
    require_keeper(actor, group.id)
    made = db.session.scalar(sa.select(Meeting).where(Meeting.slug == key))
    if made is not None and made.group_id == group.id:
        return made
    values = _values(group, draft)
    slug = new_key() if made else key
    if not insert_or_ignore(Meeting, values | {"slug": slug, "group_id": group.id}):
        raise Invalid("number", "number-taken")
    audit.record(actor, "meeting.add", f"meeting:{slug}", group=group.slug, title=draft.title)
    return db.session.scalars(sa.select(Meeting).where(Meeting.slug == slug)).one()


def change_meeting(*, actor: Viewer, group: Group, meeting: Meeting, draft: MeetingDraft) -> None:
    """Corrects what is on record. Raises Invalid at the field that is wrong."""
    require_keeper(actor, meeting.group_id)
    values = _values(group, draft)
    changed = sorted(name for name, value in values.items() if getattr(meeting, name) != value)
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(meeting, name, values[name])
            db.session.flush()
    except sa.exc.IntegrityError as error:
        raise Invalid("number", "number-taken") from error
    if changed:
        audit.record(actor, "meeting.change", f"meeting:{meeting.slug}", changed=", ".join(changed))


def _values(group: Group, draft: MeetingDraft) -> dict[str, Any]:
    require_order(draft.starts_on, draft.ends_on, "ends_on")
    if draft.host_group and draft.host:
        raise Invalid("host", "one-host")
    series_id = _series(group, draft)
    if draft.number is not None and series_id is None:
        raise Invalid("number", "series-of-number")
    values = values_of(draft, "series", "new_series", "host_group", "next_host")
    return values | {
        "attended_bound": (draft.attended_bound or Bound.EXACT) if draft.attended is not None else None,
        "series_id": series_id,
        "host_id": member_id(group.id, draft.host_group, "host_group"),
        "next_host_id": member_id(group.id, draft.next_host, "next_host"),
    }


def _series(group: Group, draft: MeetingDraft) -> int | None:
    if draft.new_series:
        facts = {
            "group_id": group.id,
            "name": draft.new_series,
            "slug": f"{group.slug}-{slugify(draft.new_series, longest=24) or new_key()}"[:109] + f"-{new_key(6)}",
        }
        insert_or_ignore(Series, facts)
        named = sa.select(Series.id).where(Series.group_id == group.id, Series.name == draft.new_series)
        return db.session.scalars(named).one()
    if not draft.series:
        return None
    found = db.session.scalar(sa.select(Series.id).where(Series.group_id == group.id, Series.slug == draft.series))
    if found is None:
        raise Invalid("series", "unknown")
    return found


def set_delegation(*, actor: Viewer, meeting: Meeting, draft: DelegationDraft) -> None:
    """Says who came from a country, or that nobody did. What was said of the country before gives way."""
    require_keeper(actor, meeting.group_id)
    said = values_of(draft)
    if draft.presence == Presence.ABSENT:
        if draft.head_count or draft.observers:
            raise Invalid("head_count", "absent-with-people")
        said |= {"head_count": None, "observers": None}
    upsert(Delegation, [{"meeting_id": meeting.id} | said], key=("meeting_id", "country"))
    audit.record(actor, "meeting.delegation", f"meeting:{meeting.slug}", **said)


def remove_delegation(*, actor: Viewer, meeting: Meeting, country: str) -> None:
    """Says nothing of a country any more. Raises NotFound where nothing was said."""
    require_keeper(actor, meeting.group_id)
    delegation = db.session.get(Delegation, (meeting.id, country))
    if delegation is None:
        raise NotFound
    db.session.delete(delegation)
    db.session.flush()
    audit.record(actor, "meeting.no_delegation", f"meeting:{meeting.slug}", country=country)
