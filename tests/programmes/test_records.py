"""The meetings of associations as the catalogue has them: counted against the file itself, and a handful walked."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from alumni import catalogue
from alumni.core.db import db
from alumni.events.models import Event
from alumni.groups.models import Group
from alumni.meetings.models import Delegation, Meeting, Presence, Resolution, Series, Signature
from alumni.programmes.models import Bound
from tests.groups.test_pages import words

FILE = Path(__file__).parents[2] / "catalogue" / "associations.yaml"


@pytest.fixture(scope="module")
def raw() -> dict:
    """The file as any YAML reader has it, without what the catalogue makes of it."""
    return yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_every_association_stands_with_umbrella_country_facts_and_source(loaded, read, raw):
    above = sa.orm.aliased(Group)
    select = sa.select(Group.slug, Group.name, Group.country, Group.founded, Group.source, above.slug.label("above"))
    rows = {row.slug: row for row in read(select.outerjoin(above, above.id == Group.parent_id))}
    assert len(raw["associations"]) == 47
    for entry in raw["associations"]:
        row = rows[entry["id"]]
        assert (row.name, row.country, row.founded) == (
            entry["name"],
            entry.get("country", ""),
            entry.get("founded", ""),
        )
        assert row.source
        if "umbrella" in entry:
            assert row.above == entry["umbrella"]


def test_every_meeting_stands_with_its_facts(loaded, read, raw):
    events = {row.slug: row for row in read(sa.select(Event.slug, Event.country, Event.source, Event.attended))}
    assert len(raw["meetings"]) == 31
    assert set(events) == {entry["id"] for entry in raw["meetings"]}
    assert all(event.source for event in events.values())
    host, own = sa.orm.aliased(Group), sa.orm.aliased(Group)
    select = sa.select(Meeting, own.slug.label("own"), host.slug.label("hosted_by"))
    select = select.join(own, own.id == Meeting.group_id).outerjoin(host, host.id == Meeting.host_id)
    rows = {row.Meeting.slug: row for row in read(select)}
    of_associations = [entry for entry in raw["meetings"] if "association" in entry]
    assert set(rows) == {entry["id"] for entry in of_associations}
    for entry in of_associations:
        row, meeting = rows[entry["id"]], rows[entry["id"]].Meeting
        assert row.own == entry["association"]
        assert row.hosted_by == entry.get("host")
        assert (meeting.number or 0) == int(entry.get("number", 0))
        assert meeting.starts_on == entry.get("from", entry["year"])
        assert meeting.ends_on == entry.get("to", "")
        assert (meeting.country, meeting.place) == (entry.get("host_country", ""), entry.get("place", ""))
        attendance = entry.get("attendance", {})
        assert (meeting.attended or 0) == int(attendance.get("value", 0))
        bound = "about" if attendance.get("about") == "true" else attendance.get("bound", "exact")
        assert (meeting.attended_bound or Bound.EXACT) == bound
        assert meeting.attended_by == attendance.get("population", "")
        assert meeting.is_planned == (entry.get("planned") == "true")
        assert meeting.source
        assert meeting.event_slug == entry["id"]


def test_series_delegations_and_what_was_signed(loaded, read):
    assert set(read(sa.select(Series.slug, Series.name))) == {
        ("ajafa-21-rlf", "Regional Leaders Forum"),
        ("ajafa-21-ecm", "Executive Council Meeting"),
        ("sseayp-international-siga", "SSEAYP International General Assembly (SIGA)"),
        ("apn-copani", "Convención Panamericana Nikkei (COPANI)"),
    }
    came = sa.select(Delegation.country, Delegation.presence).join(Meeting)
    assert dict(read(came.where(Meeting.slug == "rlf-24"))) == dict.fromkeys(("SG", "BN", "TL"), Presence.ABSENT)
    assert len(read(came.where(Meeting.slug == "rlf-29", Delegation.presence == Presence.PRESENT))) == 10
    signed = sa.select(Signature.country).join(Resolution).where(Resolution.slug == "rlf-29-statement")
    assert len(read(signed)) == 10
    (resolved,) = read(sa.select(Meeting.resolved, Meeting.resolved_bound).where(Meeting.slug == "ecm-31"))
    assert resolved == (5, Bound.EXACT)


def test_the_visit_of_december_2023_as_its_source_has_it(loaded, browse):
    page = words(browse("").get("/groups/ajafa-21/meetings/ajafa21-japan-2023-12"))
    assert "December 2023" in page
    assert "more than 100 people" in page
    assert "members from eight ASEAN countries" in page
    assert "White Paper on Development Cooperation 2023" in page
    item = browse("").get("/api/v1/groups/ajafa-21/meetings/ajafa21-japan-2023-12").json
    assert (item["starts_on"], item["attended"], item["attended_bound"]) == ("2023-12", 100, "more_than")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/groups/ajafa-21/meetings",
            ["29th Regional Leaders Forum", "4 December 2025 to 7 December 2025", "Announced"],
        ),
        (
            "/groups/ajafa-21/meetings/rlf-25",
            ["about 160 people", "Kuta, Bali, Indonesia", "no. 25", "Keluarga Alumni"],
        ),
        ("/groups/ajafa-21/meetings/ecm-31", ["Makati, Philippines", "Resolutions 5"]),
        ("/groups/ajafa-21/meetings/rlf-24", ["Green Tourism", "Singapore", "Nobody came"]),
        ("/groups/ajafa-21/resolutions", ["Joint Statement signed by representatives of ten countries", "Still open"]),
        ("/groups/ajafa-21/resolutions/rlf-29-statement", ["Timor-Leste", "Malaysia", "29th Regional"]),
        (
            "/groups/ajafa-21/associations",
            ["Friendship Youth Alumni Association of Thailand", "18 March 1985", "4 December 2025"],
        ),
        ("/groups/ajafa-21/register?year=2019", ["31st Executive Council Meeting", "25th Regional Leaders Forum"]),
        ("/groups/ajafa-21/register", ["2025", "29th Regional Leaders Forum"]),
        ("/groups/kappija-21/meetings", ["25th Regional Leaders Forum", "A meeting of", "AJAFA-21"]),
        ("/groups/kappija-21/register?year=2023", ["35th Executive Council Meeting", "more than 20 people"]),
        ("/groups/apn/meetings", ["21st Convención Panamericana Nikkei (COPANI)", "Asunción, Paraguay"]),
    ],
)
def test_a_walk_through_the_records(loaded, browse, path, said):
    page = re.sub(r"</?(bdi|a)\b[^>]*>", "", words(browse("").get(path)))
    page = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for text in said:
        assert text in page, text


def test_loading_again_changes_nothing_and_edited_facts_stay(loaded, app, files, read):
    assert loaded.counts["record"] == {"new": 15}
    assert loaded.counts["series"] == {"new": 4}
    with app.app_context():
        db.session.execute(sa.update(Meeting).where(Meeting.slug == "rlf-25").values(place="Kuta"))
        db.session.execute(sa.delete(Delegation).where(Delegation.country == "SG"))
        db.session.commit()
        again = catalogue.write(files)
        db.session.commit()
    assert again.is_quiet
    assert read(sa.select(Meeting.place).where(Meeting.slug == "rlf-25")) == [("Kuta",)]
    assert read(sa.select(Delegation.country).where(Delegation.country == "SG")) == []


def test_what_the_file_says_anew_is_taken_over(loaded, app, files, read):
    said = [
        entry.model_copy(update={"place": "Bagan", "signatories": ["MM"]} if entry.id == "rlf-29" else {})
        for entry in files.associations.meetings
    ]
    new = dataclasses.replace(files, associations=files.associations.model_copy(update={"meetings": said}))
    with app.app_context():
        report = catalogue.write(new)
        db.session.commit()
    assert report.counts["record"] == {"changed": 1, "unchanged": 14}
    assert read(sa.select(Meeting.place).where(Meeting.slug == "rlf-29")) == [("Bagan",)]
    assert len(read(sa.select(Signature.id).join(Resolution).where(Resolution.slug == "rlf-29-statement"))) == 10
