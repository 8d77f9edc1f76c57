"""Meetings on record: who reads them, who keeps them, and what is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.groups.models import Group, Role
from alumni.meetings.models import Delegation, Meeting, Presence, Seat, Series
from tests import builders
from tests.cast import Cast
from tests.groups.test_pages import count_queries, words
from tests.meetings.conftest import member

KEEPERS = (Cast.alice, Cast.sam)
READERS = (Cast.bob, Cast.carol, Cast.mallory, Cast.nia, Cast.mona, Cast.olga, Cast.otto)
NEW = {
    "title": "31st Regional Leaders Forum", "number": "31", "starts_on": "2027-03-04", "ends_on": "2027-03-06",
    "host_group": "kappija-21", "country": "ID", "place": "Bandung", "attended": "100", "attended_bound": "more_than",
    "attended_by": "members from eight countries", "next_country": "MY", "source": "Minutes https://example.org/31",
}  # fmt: skip
TITLES = sa.select(Meeting.title).order_by(Meeting.id)


def series_of(read) -> str:
    return read(sa.select(Series.slug))[0][0]


def test_everybody_who_sees_the_group_reads_its_records(browse, records):
    for email in (*KEEPERS, *READERS, Cast.guest):
        browser = browse(email)
        for part in ("meetings", "resolutions", "associations", "register"):
            assert browser.get(f"{records.group}/{part}").status_code == 200, (email, part)
        assert "29th Regional Leaders Forum" in words(browser.get(f"{records.group}/meetings"))
        assert "12 people, 3 observers" in words(browser.get(records.page))
        listed = browser.get(f"/api/v1{records.group}/meetings").json["items"]
        assert [item["title"] for item in listed] == ["30th Regional Leaders Forum", "29th Regional Leaders Forum"]
    assert browse(Cast.sue).get(f"{records.group}/meetings").status_code == 200
    for email in (Cast.bob, Cast.guest):
        for path in ("/groups/circle/meetings", "/groups/circle/meetings/secret", "/groups/circle/register"):
            assert browse(email).get(path).status_code == 404
            assert browse(email).get(f"/api/v1{path}").status_code == 404
    # A meeting is found under its own group alone.
    assert browse(Cast.sam).get("/groups/ajafa-21/meetings/secret").status_code == 404


def test_a_page_costs_few_statements(app, browse, records):
    for path in (
        f"{records.group}/meetings", records.page, f"{records.group}/resolutions", records.resolved,
        f"{records.group}/associations", f"{records.group}/register",
    ):  # fmt: skip
        for email, most in ((Cast.guest, 3), (Cast.bob, 6), (Cast.alice, 6)):
            browser = browse(email)
            browser.get(path)
            assert count_queries(app, lambda browser=browser, path=path: browser.get(path)) <= most, (path, email)


def test_putting_a_meeting_on_record(browse, records, read):
    alice, once = browse(Cast.alice), new_key()
    assert "Keluarga Alumni" in alice.get(f"{records.group}/meetings/new").text
    body = NEW | {"once": once, "series": series_of(read)}
    answers = [alice.post(f"{records.group}/meetings/new", body) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = words(browse("").get(answers[0].location))
    for text in ("4 March 2027", "Bandung", "Keluarga Alumni", "more than 100 people", "no. 31", "Malaysia"):
        assert text in page
    assert len(read(TITLES)) == 4
    # The association that hosted it has it too.
    assert "31st Regional Leaders Forum" in words(browse("").get("/groups/kappija-21/meetings"))
    # The next host is said in the list of the umbrella.
    assert "Next host:" in words(browse("").get(f"{records.group}/meetings"))
    item = alice.send(
        f"/api/v1{records.group}/meetings", {"title": "A meeting", "starts_on": "2019", "new_series": "ECM"}
    )
    assert item.status_code == 201
    assert item.json["starts_on"] == "2019"
    assert item.json["series"] in alice.get(f"{records.group}/meetings").text
    lines = read(sa.select(AuditLine.action).where(AuditLine.action == "meeting.add"))
    assert len(lines) == 2


def test_correcting_one(browse, records, read):
    alice, path = browse(Cast.alice), f"/api/v1{records.page}"
    form = alice.get(f"{records.page}/edit").text
    assert 'value="29"' in form
    assert "selected" in form
    answer = alice.post(f"{records.page}/edit", NEW | {"series": series_of(read), "number": "29"})
    assert answer.status_code == 303
    assert read(sa.select(Meeting.place).where(Meeting.slug == records.meeting)) == [("Bandung",)]
    changed = alice.send(path, {"title": "Renamed", "starts_on": "2025-12"}, method="PUT").json
    assert (changed["title"], changed["number"], changed["host"], changed["attended"]) == ("Renamed", None, None, None)
    actions = [action for (action,) in read(sa.select(AuditLine.action))]
    assert actions == ["meeting.change", "meeting.change"]


BAD = [
    ("title", {"title": ""}),
    ("title", {"title": "x" * 201}),
    ("title", {"title": "a\0b"}),
    ("starts_on", {"starts_on": ""}),
    ("starts_on", {"starts_on": "2023-02-30"}),
    ("starts_on", {"starts_on": "yesterday"}),
    ("starts_on", {"starts_on": "0001-01-01"}),
    ("ends_on", {"ends_on": "2027-03-03"}),
    ("ends_on", {"ends_on": "2027-02"}),
    ("ends_on", {"ends_on": "2026"}),
    ("number", {"number": "29"}),  # taken
    ("number", {"number": "0"}),
    ("number", {"number": "9" * 30}),
    ("number", {"series": ""}),
    ("series", {"series": "nothing"}),
    ("series", {"new_series": "Another"}),
    ("host_group", {"host_group": "stranger"}),
    ("host_group", {"host_group": "no-such-group"}),
    ("host_group", {"host_group": ["kappija-21", "ajafa-21"]}),  # a second host
    ("host", {"host": "JICA"}),  # a second host
    ("country", {"country": "XX"}),
    ("attended", {"attended": "-1"}),
    ("attended", {"attended": "100001"}),
    ("attended", {"attended": "many"}),
    ("attended_bound", {"attended_bound": "roughly"}),
    ("next_host", {"next_host": "stranger"}),
    ("note", {"note": "\u202eevil"}),
    ("source", {"source": "x" * 2001}),
]


@pytest.mark.parametrize(("field", "change"), BAD, ids=lambda value: str(value)[:40])
def test_bad_meetings(browse, records, read, field, change):
    alice, body = browse(Cast.alice), NEW | {"series": series_of(read)} | change
    answer = alice.post(f"{records.group}/meetings/new", body)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    for method, path in (("POST", f"{records.group}/meetings"), ("PUT", records.page)):
        if change != {"number": "29"} or method == "POST":  # its own number stays its own
            answer = alice.send(f"/api/v1{path}", body, method=method)
            assert (answer.status_code, list(answer.json["fields"])) == (422, [field]), answer.text
    assert len(read(TITLES)) == 3
    assert read(sa.select(AuditLine.id).where(AuditLine.action != "access.refuse")) == []


def test_a_number_of_another_meeting_is_not_given_twice(app, browse, records, read):
    with app.app_context():
        umbrella = db.session.query(Group).filter_by(slug="ajafa-21").one()
        series = db.session.scalars(sa.select(Series.id)).one()
        other = builders.make_meeting(umbrella, "28th", series_id=series, number=28, starts_on="2024").slug
        db.session.commit()
    body = NEW | {"series": series_of(read), "number": "28"}
    answer = browse(Cast.alice).post(f"{records.page}/edit", body)
    assert answer.status_code == 422
    assert 'href="#number"' in answer.text
    assert read(sa.select(Meeting.title).where(Meeting.number == 28)) == [("28th",)]
    assert browse(Cast.alice).post(f"{records.group}/meetings/{other}/edit", body).status_code == 303


def test_delegations(browse, records, read):
    alice, path = browse(Cast.alice), f"{records.page}/delegations"
    assert alice.post(path, {"country": "VN", "presence": "present", "head_count_bound": "about", "head_count": "20"})
    assert alice.post(path, {"country": "SG", "presence": "absent", "head_count_bound": "exact"}).status_code == 303
    assert alice.post(path, {"country": "LA", "presence": "present", "head_count_bound": "exact"}).status_code == 303
    page = words(browse("").get(records.page))
    for text in ("about 20 people", "Nobody came", "Came; how many is not known"):
        assert text in page
    answer = alice.send(f"/api/v1{path}/TH", {"head_count": 7, "observers": 0}, method="PUT")
    assert {"country": "TH", "presence": "present", "head_count": 7, "head_count_bound": "exact", "observers": 0} in (
        answer.json["delegations"]
    )
    assert alice.post(f"{path}/TH/remove").status_code == 303
    assert alice.post(f"{path}/TH/remove").status_code == 404
    assert alice.send(f"/api/v1{path}/VN", method="DELETE").status_code == 204
    rows = read(sa.select(Delegation.country, Delegation.presence, Delegation.head_count).order_by(Delegation.country))
    assert rows == [("LA", Presence.PRESENT, None), ("SG", Presence.ABSENT, None)]
    said = read(sa.select(AuditLine.action))
    assert len(said) == 6


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("head_count", {"head_count": "-1"}),
        ("head_count", {"head_count": "100001"}),
        ("head_count", {"head_count": "1" * 40}),
        ("head_count", {"presence": "absent"}),
        ("observers", {"observers": "-5"}),
        ("presence", {"presence": "perhaps"}),
        ("head_count_bound", {"head_count_bound": "some"}),
    ],
)
def test_bad_delegations(browse, records, read, field, change):
    body = {"country": "VN", "presence": "present", "head_count": "5", "head_count_bound": "exact"} | change
    alice = browse(Cast.alice)
    assert alice.post(f"{records.page}/delegations", body).status_code == 422
    answer = alice.send(f"/api/v1{records.page}/delegations/VN", body, method="PUT")
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert alice.post(f"{records.page}/delegations", body | {"country": "XX"}).status_code == 422
    assert alice.send(f"/api/v1{records.page}/delegations/XX", {}, method="PUT").status_code == 404
    assert read(sa.select(Delegation.country)) == [("LA",)]


def test_seats(browse, records, read):
    alice = browse(Cast.alice)
    body = {"association": "kappija-21", "council": "Executive Council", "name": "Secretary", "from_on": "2019"}
    assert alice.post(f"{records.group}/seats/new", body | {"to_on": "2021-03"}).status_code == 303
    page = words(browse("").get(f"{records.group}/associations"))
    assert "Secretary" in page
    assert "2019 to March 2021" in page
    assert "Seats that it holds" in words(browse("").get("/groups/kappija-21/associations"))
    made = alice.send(f"/api/v1{records.group}/seats", body | {"name": "Treasurer"}).json
    assert made["is_running"]
    ended = alice.send(f"/api/v1{records.group}/seats/{made['key']}", body | {"to_on": "2020"}, method="PUT").json
    assert (ended["to_on"], ended["is_running"], ended["name"]) == ("2020", False, "Secretary")
    assert alice.post(f"{records.group}/seats/{records.seat}", body | {"name": "Chair"}).status_code == 303
    assert alice.post(f"{records.group}/seats/{made['key']}/remove").status_code == 303
    assert len(browse("").get(f"/api/v1{records.group}/seats").json["items"]) == 2
    for field, change in (
        ("association", {"association": "stranger"}),
        ("association", {"association": ""}),
        ("from_on", {"from_on": ""}),
        ("to_on", {"to_on": "2018"}),
        ("to_on", {"to_on": "never"}),
        ("council", {"council": ""}),
        ("name", {"name": "x" * 121}),
    ):
        assert alice.post(f"{records.group}/seats/new", body | change).status_code == 422
        answer = alice.send(f"/api/v1{records.group}/seats", body | change)
        assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert len(read(sa.select(Seat.id))) == 2
    actions = [action for (action,) in read(sa.select(AuditLine.action).order_by(AuditLine.id))]
    assert actions == ["seat.give", "seat.give", "seat.change", "seat.change", "seat.remove"]


def test_the_register_goes_by_year(browse, records):
    guest, path = browse(""), f"{records.group}/register"
    page = words(guest.get(f"{path}?year=2025"))
    assert "29th Regional Leaders Forum" in page
    assert "Resolution no. 1" in page
    assert "30th" not in page
    assert "Chair" in words(guest.get(f"{path}?year=2024"))
    assert "Nothing is on record for this year" in words(guest.get(f"{path}?year=1999"))
    item = guest.get(f"/api/v1{path}").json
    assert (item["year"], item["years"]) == (2026, [2026, 2025, 2024])
    parts = [entry["part"] for entry in guest.get(f"/api/v1{path}?year=2025").json["items"]]
    assert parts == ["meeting", "resolution"]
    assert guest.get(f"/api/v1{path}?year=0").status_code == 422
    assert guest.get(f"{path}?year=soon").status_code == 422
    assert "Nothing is on record yet" in words(guest.get("/groups/stranger/register"))
    assert guest.get("/api/v1/groups/stranger/register").json == {"year": None, "years": [], "items": []}
    assert guest.get(f"{records.group}/meetings?after=x").status_code == 422
    assert guest.get(f"{records.group}/resolutions?state=lost").status_code == 422


def writing(records) -> list[tuple[str, dict[str, str]]]:
    """Every page that writes."""
    return [
        (f"{records.group}/meetings/new", NEW),
        (f"{records.page}/edit", NEW),
        (f"{records.page}/delegations", {"country": "VN", "presence": "present", "head_count_bound": "exact"}),
        (f"{records.page}/delegations/LA/remove", {}),
        (f"{records.page}/minutes", {"body": "Mine.", "based_on": "2"}),
        (f"{records.page}/minutes/publish", {}),
        (f"{records.page}/minutes/withdraw", {}),
        (f"{records.page}/resolutions/new", {"number": "2", "title": "Mine"}),
        (f"{records.resolved}/edit", {"number": "1", "title": "Mine"}),
        (f"{records.resolved}/sign", {"association": "kappija-21"}),
        (f"{records.resolved}/follow-up", {"state": "done", "words": "Done."}),
        (f"{records.group}/seats/new", {"name": "Mine"}),
        (f"{records.group}/seats/{records.seat}", {"name": "Mine"}),
        (f"{records.group}/seats/{records.seat}/remove", {}),
    ]


def api_writing(records) -> list[tuple[str, str]]:
    return [
        ("POST", f"{records.group}/meetings"),
        ("PUT", records.page),
        ("PUT", f"{records.page}/delegations/VN"),
        ("DELETE", f"{records.page}/delegations/LA"),
        ("POST", f"{records.page}/minutes"),
        ("POST", f"{records.page}/minutes/publish"),
        ("POST", f"{records.page}/minutes/withdraw"),
        ("POST", f"{records.page}/resolutions"),
        ("PUT", records.resolved),
        ("POST", f"{records.resolved}/signatures"),
        ("DELETE", f"{records.resolved}/signatures/x"),
        ("POST", f"{records.resolved}/follow-ups"),
        ("POST", f"{records.group}/seats"),
        ("PUT", f"{records.group}/seats/{records.seat}"),
        ("DELETE", f"{records.group}/seats/{records.seat}"),
    ]


def test_nobody_else_writes(browse, records, read):
    for email in (*READERS, Cast.sue, Cast.guest):
        browser = browse(email)
        for path, body in writing(records):
            assert browser.post(path, body).status_code == (403 if email else 303), (email, path)
        for method, path in api_writing(records):
            answer = browser.send(f"/api/v1{path}", {}, method=method)
            assert answer.status_code == (403 if email else 401), (email, path)
        for path, _body in writing(records):
            if not path.endswith(("remove", "publish", "withdraw")):
                assert browser.get(path).status_code == (403 if email else 303), (email, path)
        assert "/meetings/new" not in browser.get(f"{records.group}/meetings").text
    alice = browse(Cast.alice)
    for method, path in api_writing(records):  # organises another group
        there = path.replace("ajafa-21", "circle")
        assert alice.send(f"/api/v1{there}", {}, method=method).status_code == 404
    # Records of one group are not kept from another.
    sam = browse(Cast.sam)
    assert sam.post(f"/groups/stranger/meetings/{records.meeting}/minutes/publish").status_code == 404
    assert sam.post(f"/groups/stranger/seats/{records.seat}/remove").status_code == 404
    assert sam.get(f"/groups/stranger/resolutions/{records.resolution}/edit").status_code == 404
    assert read(sa.select(AuditLine.id).where(AuditLine.action != "access.refuse")) == []


def test_whoever_keeps_the_records_writes_and_no_more(app, browse, records):
    with app.app_context():
        umbrella = db.session.query(Group).filter_by(slug="ajafa-21").one()
        builders.make_tenure(member(Cast.carol), umbrella, role=Role.RECORDS)
        builders.make_tenure(member(Cast.mallory), umbrella, role=Role.OBSERVER)
        builders.make_tenure(
            member(Cast.nia), umbrella, role=Role.RECORDS, starts_on="2020-01-01", ends_on="2021-01-01"
        )
        db.session.commit()
    carol = browse(Cast.carol)
    assert "/meetings/new" in carol.get(f"{records.group}/meetings").text
    assert "Version 2." in words(carol.get(records.page))  # a draft
    assert "Somphone Keo" in words(carol.get(records.resolved))
    assert carol.get(f"{records.page}/minutes/versions").status_code == 200
    assert carol.post(f"{records.page}/minutes/publish").status_code == 303
    assert carol.post("/groups/kappija-21/meetings/new", {"title": "Yearly", "starts_on": "2026"}).status_code == 303
    assert carol.get(f"{records.group}/members").status_code == 403
    for email in (Cast.mallory, Cast.nia):
        assert browse(email).post(f"{records.page}/minutes/publish").status_code == 403


def test_nothing_is_written_in_an_archived_group(app, browse, records):
    with app.app_context():
        db.session.query(Group).filter_by(slug="ajafa-21").one().archived_at = clock.now()
        db.session.commit()
    sam = browse(Cast.sam)
    assert "29th Regional Leaders Forum" in words(sam.get(f"{records.group}/meetings"))
    answer = sam.post(f"{records.page}/minutes/publish")
    assert answer.status_code == 409
    assert "archived" in words(answer)
    assert sam.post(f"{records.group}/meetings/new", {"title": "Late", "starts_on": "2027"}).status_code == 409
    assert sam.send(f"/api/v1{records.group}/seats/{records.seat}", method="DELETE").status_code == 409
    assert "/meetings/new" not in sam.get(f"{records.group}/meetings").text


def test_who_runs_an_association_is_named_as_far_as_they_chose(app, browse, records):
    with app.app_context():
        association = db.session.query(Group).filter_by(slug="kappija-21").one()
        runs = {"role": Role.OFFICER, "title": "Treasurer", "starts_on": "2024-01-01", "ends_on": "2099-03-31"}
        over = {"role": Role.OFFICER, "title": "Former", "starts_on": "2020-01-01", "ends_on": "2021-03-31"}
        builders.make_tenure(member(Cast.carol), association, **runs)
        builders.make_tenure(member(Cast.mallory), association, **over)
        builders.make_tenure(member(Cast.bob), association, role=Role.ORGANISER, starts_on="2024-01-01")
        db.session.commit()
    path = f"{records.group}/associations"
    for email in (Cast.alice, Cast.sam):
        page = words(browse(email).get(path))
        for text in ("Treasurer", "Carol Sok", "until 31 March 2099", "Organiser"):
            assert text in page
        assert "Former" not in page
    for email in (Cast.guest, Cast.nia):  # see public listings alone
        page = words(browse(email).get(path))
        assert "Treasurer" in page
        assert "Carol Sok" not in page
    assert "ບຸນມີ" not in words(browse(Cast.mallory).get(path))  # Bob has blocked them
    assert "Who runs it" in words(browse(Cast.sam).get("/groups/kappija-21/associations"))


def test_an_organiser_of_what_is_above_keeps_them_too(app, browse, records):
    with app.app_context():
        association = db.session.query(Group).filter_by(slug="kappija-21").one()
        builders.make_meeting(association, "Yearly meeting", slug="yearly")
        db.session.commit()
    assert browse(Cast.alice).get("/groups/kappija-21/meetings/yearly/edit").status_code == 200
    assert browse(Cast.bob).get("/groups/kappija-21/meetings/yearly/edit").status_code == 403
