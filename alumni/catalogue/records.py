"""Meetings of associations and umbrellas as their records: series, host, who was there, what was signed.

Each is an event as well (`meetings.py`); the records have what an event has no place for.
"""

from typing import Any

import sqlalchemy as sa

from alumni.catalogue.checks import Catalogue
from alumni.catalogue.ledger import Ledger
from alumni.catalogue.meetings import COUNTED, KINDS, title_of
from alumni.catalogue.shapes import MeetingEntry
from alumni.catalogue.words import countries, sentence
from alumni.core.db import db, upsert
from alumni.groups.models import Group
from alumni.meetings.models import Delegation, Meeting, Presence, Resolution, ResolutionState, Series, Signature
from alumni.programmes.models import Bound


def load(catalogue: Catalogue, ledger: Ledger) -> None:
    """The meetings of a programme without an association have nobody who keeps their records: they stay events."""
    entries = [entry for entry in catalogue.associations.meetings if entry.association]
    named = {key for entry in entries for key in (entry.association, entry.host) if key}
    groups = {slug: row.id for slug, row in ledger.rows(Group, named).items()}
    series = _series(ledger, entries, groups)
    there = ledger.rows(Meeting, [entry.id for entry in entries])
    for entry in entries:
        values = _values(catalogue, entry, groups) | {"series_id": series.get(series_slug(entry))}
        also = {"absent": entry.absent, "signatories": entry.signatories, "output": entry.output}
        row, is_fresh = ledger.settle("record", Meeting, entry.id, there.get(entry.id), values, **also)
        if is_fresh:
            db.session.flush()
            _delegations(row, entry)
            _statement(row, entry, catalogue)
    ledger.keep("record")
    db.session.flush()


def series_slug(entry: MeetingEntry) -> str:
    """The series of a meeting that is counted; empty for any other."""
    return f"{entry.association}-{entry.kind.lower()}" if entry.kind in COUNTED else ""


def _series(ledger: Ledger, entries: list[MeetingEntry], groups: dict[str, int]) -> dict[str, int]:
    counted = {series_slug(entry): entry for entry in entries if series_slug(entry)}
    there = ledger.rows(Series, counted)
    rows = {}
    for slug, entry in counted.items():
        values = {"group_id": groups[str(entry.association)], "name": KINDS[entry.kind][0]}
        rows[slug], _is_fresh = ledger.settle("series", Series, slug, there.get(slug), values)
    ledger.keep("series")
    db.session.flush()
    return {slug: row.id for slug, row in rows.items()}


def _values(catalogue: Catalogue, entry: MeetingEntry, groups: dict[str, int]) -> dict[str, Any]:
    attendance, resolutions = entry.attendance, entry.resolutions
    return {
        "group_id": groups[str(entry.association)],
        "number": entry.number,
        "title": title_of(catalogue, entry),
        "starts_on": entry.from_ or str(entry.year),
        "ends_on": entry.to or "",
        "host_id": groups[entry.host] if entry.host else None,
        "host": (entry.organiser or "")[:200] if not entry.host else "",
        "country": entry.host_country or "",
        "place": entry.place or "",
        "theme": entry.theme or "; ".join(entry.themes),
        "note": _note(entry),
        "is_planned": entry.planned,
        "attended": attendance.value if attendance else None,
        "attended_bound": attendance.read_as if attendance else None,
        "attended_by": (attendance.population or "") if attendance else "",
        "resolved": resolutions.value if resolutions else None,
        "resolved_bound": resolutions.read_as if resolutions else None,
        "source": catalogue.cite(entry.source),
        "event_slug": entry.id,
    }


def _note(entry: MeetingEntry) -> str:
    paragraphs = [
        "Announced by the source; whether it took place is not stated there." if entry.planned else "",
        sentence(entry.audience, "For"),
        sentence(countries(entry.countries), "Countries"),
        "" if entry.signatories else sentence(entry.output),
        sentence(entry.note),
    ]
    return "\n\n".join(filter(None, paragraphs))


def _delegations(meeting: Meeting, entry: MeetingEntry) -> None:
    """Who signed was there, and who is said to have been absent was not. How many came, the sources do not say."""
    presence = dict.fromkeys(entry.signatories, Presence.PRESENT) | dict.fromkeys(entry.absent, Presence.ABSENT)
    rows = [
        {
            "meeting_id": meeting.id,
            "country": country,
            "presence": came,
            "head_count": None,
            "head_count_bound": Bound.EXACT,
            "observers": None,
        }
        for country, came in presence.items()
    ]
    upsert(Delegation, rows, key=("meeting_id", "country"))


def _statement(meeting: Meeting, entry: MeetingEntry, catalogue: Catalogue) -> None:
    """What was signed at a meeting is a resolution of it, signed for countries: the sources name no more."""
    if not entry.signatories:
        return
    slug = f"{entry.id}-statement"
    statement = db.session.scalar(sa.select(Resolution).where(Resolution.slug == slug))
    if statement is None:
        statement = Resolution(slug=slug, meeting_id=meeting.id, number=1, state=ResolutionState.OPEN)
        db.session.add(statement)
    statement.group_id = meeting.group_id
    statement.title = sentence(entry.output or "Statement").rstrip(".")[:200]
    statement.adopted_on = entry.to or meeting.starts_on
    statement.source = catalogue.cite(entry.source)
    db.session.flush()
    signed = set(db.session.scalars(sa.select(Signature.country).where(Signature.resolution_id == statement.id)))
    for country in entry.signatories:
        if country not in signed:
            db.session.add(Signature(resolution_id=statement.id, country=country))
