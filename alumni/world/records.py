"""What the umbrella of the demo keeps on record, beside what the catalogue knows of it: two invented meetings."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.groups.models import Group
from alumni.meetings.models import (
    Delegation,
    FollowUp,
    Meeting,
    Minutes,
    Resolution,
    ResolutionState,
    Seat,
    Series,
    Signature,
)
from alumni.world.cohorts import SOURCE
from alumni.world.keys import key_of

UMBRELLA = "ajafa-21"
CAME = {"ID": (9, 2), "LA": (4, 0), "MY": (6, 1), "PH": (5, 3), "TH": (8, 0), "VN": (7, 2)}
MINUTES = """**Opened**

The chair opened the meeting at nine and thanked the hosts.

**Exchange of students**

- Each association names a contact for visits.
- Families who would host are asked before the next meeting.

**Closed**

The next meeting is in a year."""
SIGNED = (
    ("kappija-21", "ID", "Dewi Lestari", "President"),
    ("pamaja", "MY", "Aminah binti Yusof", "Secretary"),
    ("fyaa", "TH", "Somchai Rattana", "Vice-president"),
)
SEATS = (
    ("kappija-21", "Chair", 1, None),
    ("fyaa", "Chair", 3, 1),
    ("pamaja", "Secretary", 2, None),
    ("jaam", "Treasurer", 2, None),
)


def keep_records(now: datetime) -> None:
    """Puts them on record, once; nothing where the umbrella is not in the catalogue."""
    groups = dict(db.session.execute(sa.select(Group.slug, Group.id)).tuples().all())
    there = sa.select(Series.id).where(Series.slug == f"{UMBRELLA}-demo")
    if UMBRELLA not in groups or db.session.scalar(there) is not None:
        return
    umbrella = groups[UMBRELLA]
    series = Series(slug=f"{UMBRELLA}-demo", group_id=umbrella, name="Working meeting (invented)")
    db.session.add(series)
    db.session.flush()
    fyaa, kappija = groups.get("fyaa"), groups.get("kappija-21")
    first = _meeting(series, 1, now - timedelta(days=380), host_id=fyaa, country="TH", place="Chiang Mai")
    second = _meeting(series, 2, now - timedelta(days=15), host_id=kappija, country="ID", place="Yogyakarta")
    second.next_host_id, second.next_country = groups.get("pamaja"), "MY"
    _resolutions(first, second, groups)
    for slug, name, since, until in SEATS:
        if slug in groups:
            db.session.add(
                Seat(
                    slug=key_of("seat", slug, name),
                    group_id=umbrella,
                    association_id=groups[slug],
                    council="Executive Council",
                    name=name,
                    from_on=str(now.year - since),
                    to_on=str(now.year - until) if until else "",
                    source=SOURCE,
                )
            )
    db.session.flush()


def _meeting(series: Series, number: int, at: datetime, **where: Any) -> Meeting:
    ordinal = {1: "First", 2: "Second"}[number]
    meeting = Meeting(
        slug=key_of("meeting", str(number)),
        group_id=series.group_id,
        series_id=series.id,
        number=number,
        title=f"{ordinal} working meeting",
        starts_on=at.date().isoformat(),
        ends_on=(at + timedelta(days=2)).date().isoformat(),
        theme="Visits between schools",
        attended=sum(delegates + observers for delegates, observers in CAME.values()),
        attended_by="delegates and observers",
        source=SOURCE,
        minutes_version=number,
        published_version=1,
        created_at=at,
        **where,
    )
    db.session.add(meeting)
    db.session.flush()
    for sent_from, (delegates, observers) in CAME.items():
        db.session.add(
            Delegation(meeting_id=meeting.id, country=sent_from, head_count=delegates, observers=observers or None)
        )
    for version in range(1, number + 1):
        change = "The list of contacts" if version > 1 else ""
        body = MINUTES if version == 1 else f"{MINUTES}\n\n**Contacts**\n\nThey are listed in the annex."
        written_at = at + timedelta(days=version)
        db.session.add(Minutes(meeting_id=meeting.id, version=version, body=body, change=change, written_at=written_at))
    return meeting


def _resolutions(first: Meeting, second: Meeting, groups: dict[str, int]) -> None:
    """One that the second meeting found carried out, one that is open still."""
    contacts = _resolution(first, 1, "Each association names a contact for visits", ResolutionState.DONE)
    _resolution(second, 1, "Families who would host are asked", ResolutionState.OPEN)
    for slug, country, signatory, capacity in SIGNED:
        db.session.add(
            Signature(
                key=key_of("signature", slug),
                resolution_id=contacts.id,
                association_id=groups.get(slug),
                country=country,
                signatory=signatory,
                capacity=capacity,
            )
        )
    words = "All six have named one; the list goes round with the minutes."
    facts = {"resolution_id": contacts.id, "meeting_id": second.id, "state": ResolutionState.DONE}
    db.session.add(FollowUp(words=words, **facts))


def _resolution(meeting: Meeting, number: int, title: str, state: ResolutionState) -> Resolution:
    resolution = Resolution(
        slug=key_of("resolution", meeting.slug, str(number)),
        meeting_id=meeting.id,
        group_id=meeting.group_id,
        number=number,
        title=title,
        text=f"{title}, before the next meeting.",
        adopted_on=meeting.ends_on,
        state=state,
        source=SOURCE,
    )
    db.session.add(resolution)
    db.session.flush()
    return resolution
