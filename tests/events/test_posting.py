"""Posting, changing, publishing and calling off an event, by page and by JSON, and who may not."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import func, select, update

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.core.tokens import new_key
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, EventState, Mode
from alumni.groups.models import Membership, MembershipState
from alumni.worker import run_due
from tests.cast import Cast
from tests.events.shapes import filled, in_days, make_event, member_id, wall

COUNT = select(func.count()).select_from(Event)
NOT_INSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona)


def new(cast):
    return f"/events/new?group={cast.group}"


def templates(read):
    """(template, to) of the letters that were promised."""
    return {(job.payload["template"], job.payload["to"]) for (job,) in read(select(Job).where(Job.kind == "mail"))}


def test_organiser_publishes_and_wall_time_and_zone_are_kept(cast, browse, read):
    response = browse(cast.alice).post(
        new(cast), filled(once=new_key(), starts_at="2027-07-01T19:00", ends_at="2027-07-01T21:30")
    )
    assert response.status_code == 303, response.text
    ((event,),) = read(select(Event))
    assert event.state == EventState.PUBLISHED
    assert (event.wall_start, event.zone) == (wall("2027-07-01 19:00"), "Asia/Vientiane")
    assert event.starts_at == datetime(2027, 7, 1, 12, tzinfo=UTC)
    assert event.slug.startswith("reunion-in-vientiane-")
    assert response.location.endswith(f"/events/{event.slug}")
    page = browse(cast.bob).get(f"/events/{event.slug}")
    assert "Thursday, 1 July 2027" in page.text
    assert "19:00–21:30 in Vientiane" in page.text
    assert "<strong>photographs</strong>" in page.text


def test_sending_the_same_form_twice_makes_one_event(cast, browse, read):
    form = filled(once=new_key())
    browser = browse(cast.alice)
    first, second = (browser.post(new(cast), form) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, first.location)
    assert read(COUNT) == [(1,)]


def test_idempotency_key_makes_one_event(cast, browse, read):
    browser = browse(cast.alice)
    body = filled(group=cast.group)
    answers = [browser.send("/api/v1/events", body, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["slug"] == answers[1].json["slug"]
    assert read(COUNT) == [(1,)]


def test_somebody_elses_key_makes_an_event_of_ones_own(cast, browse, read):
    form = filled(once=new_key())
    assert browse(cast.alice).post(new(cast), form).status_code == 303
    assert browse(cast.bob).post(new(cast), form).status_code == 303
    assert read(COUNT) == [(2,)]


def test_title_in_another_script_still_has_an_address(cast, browse, read):
    key = new_key()
    browse(cast.alice).post(new(cast), filled(once=key, title="同窓会"))
    assert read(select(Event.slug, Event.title)) == [(key, "同窓会")]


def test_member_proposes_and_organiser_publishes(cast, browse, read, app):
    browse(cast.bob).post(new(cast), filled(once=new_key()))
    ((event,),) = read(select(Event))
    assert event.state == EventState.PROPOSED
    with app.app_context():
        alice, bob = member_id(cast.alice), member_id(cast.bob)
    assert templates(read) == {("events/proposed", alice)}
    path = f"/events/{event.slug}"
    assert browse(cast.bob).get(path).status_code == browse(cast.alice).get(path).status_code == 200
    for email in (Cast.guest, *NOT_INSIDE):
        assert browse(email).get(path).status_code == 404, email
    assert browse(cast.bob).post(f"{path}/publish").status_code == 403
    assert browse(cast.alice).post(f"{path}/publish").status_code == 303
    assert read(select(Event.state, Event.revision)) == [(EventState.PUBLISHED, 1)]
    assert ("events/published", bob) in templates(read)
    assert read(select(AuditLine.action, AuditLine.actor_id).where(AuditLine.action != "access.refuse")) == [
        ("event.publish", alice)
    ]
    again = browse(cast.alice).send(f"/api/v1{path}/publish")
    assert (again.status_code, again.json["type"]) == (409, "event-already-published")
    # Published, it is no longer his to change.
    assert browse(cast.bob).get(f"{path}/edit").status_code == 403


@pytest.mark.parametrize("email", [*NOT_INSIDE, Cast.sue])
def test_who_is_not_in_the_group_cannot_post(cast, browse, read, email):
    browser = browse(email)
    assert browser.get(new(cast)).status_code == 403
    assert browser.post(new(cast), filled()).status_code == 403
    assert browser.send("/api/v1/events", filled(group=cast.group)).status_code == 403
    assert read(COUNT) == [(0,)]


def test_guest_is_asked_to_sign_in(cast, browse):
    assert "/login" in browse("").get(new(cast)).location
    assert browse("").send("/api/v1/events", filled(group=cast.group)).status_code == 401


def test_without_a_group_one_chooses(cast, browse, app):
    assert browse(cast.bob).get("/events/new").location.endswith(f"group={cast.group}")
    assert "no group yet" in browse(cast.nia).get("/events/new").text
    assert browse(cast.alice).get("/events/new?group=no-such-group").status_code == 404
    missing = browse(cast.alice).send("/api/v1/events", filled(group="no-such-group"))
    assert (missing.status_code, [*missing.json["fields"]]) == (422, ["group"])


BAD = {
    "title-missing": ({"title": ""}, "title"),
    "title-long": ({"title": "x" * 201}, "title"),
    "override": ({"title": "abc\u202edef"}, "title"),
    "nul": ({"title": "abc\0def"}, "title"),
    "kind": ({"kind": "party"}, "kind"),
    "mode": ({"mode": "telepathy"}, "mode"),
    "place-missing": ({"place": ""}, "place"),
    "country": ({"country": "XX"}, "country"),
    "link": ({"online_url": "javascript:alert(1)"}, "online_url"),
    "link-broken": ({"online_url": "https://[::1"}, "online_url"),
    "capacity-negative": ({"capacity": "-1"}, "capacity"),
    "capacity-zero": ({"capacity": "0"}, "capacity"),
    "capacity-huge": ({"capacity": "1" + "0" * 40}, "capacity"),
    "capacity-million": ({"capacity": "1000001"}, "capacity"),
    "capacity-words": ({"capacity": "many"}, "capacity"),
    "start-missing": ({"starts_at": ""}, "starts_at"),
    "start-words": ({"starts_at": "tomorrow"}, "starts_at"),
    "start-day-only": ({"starts_at": "2027-07-01"}, "starts_at"),
    "no-such-day": ({"starts_at": "2027-02-30T10:00"}, "starts_at"),
    "past": ({"starts_at": "2020-01-01T10:00", "ends_at": "2020-01-01T11:00"}, "starts_at"),
    "year-early": ({"starts_at": "1949-12-31T10:00"}, "starts_at"),
    "year-late": ({"starts_at": "2101-01-01T10:00"}, "starts_at"),
    "year-one": ({"starts_at": "0001-01-01T00:00"}, "starts_at"),
    "end-before-start": ({"ends_at": in_days(30, "18:00")}, "ends_at"),
    "end-at-start": ({"ends_at": in_days(30)}, "ends_at"),
    "too-long": ({"ends_at": in_days(91)}, "ends_at"),
    "zone": ({"zone": "Mars/Olympus_Mons"}, "zone"),
    "zone-path": ({"zone": "../../etc/passwd"}, "zone"),
    "audience": ({"audience": "friends"}, "audience"),
    "description": ({"description": "x" * 100_000}, "description"),
    "skipped": ({"zone": "Europe/Berlin", "starts_at": "2027-03-28T02:30", "ends_at": "2027-03-28T05:00"}, "starts_at"),
    "skipped-end": (
        {"zone": "Europe/Berlin", "starts_at": "2027-03-28T01:30", "ends_at": "2027-03-28T02:30"},
        "ends_at",
    ),
    "repeated": (
        {"zone": "Europe/Berlin", "starts_at": "2027-10-31T02:30", "ends_at": "2027-10-31T05:00"},
        "starts_at",
    ),
    "repeated-end": (
        {"zone": "Europe/Berlin", "starts_at": "2027-10-31T01:00", "ends_at": "2027-10-31T02:30"},
        "ends_at",
    ),
    "fold": ({"fold": "third"}, "fold"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_at_its_field_and_stores_nothing(cast, browse, read, name):
    values, field = BAD[name]
    browser = browse(cast.alice)
    response = browser.send("/api/v1/events", filled(group=cast.group, **values))
    assert (response.status_code, [*response.json["fields"]]) == (422, [field]), response.json
    page = browser.post(new(cast), filled(once=new_key(), **values))
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert "<title>Error: " in page.text
    if name not in ("title-missing", "description", "nul"):
        assert "That Luang" in page.text or "place" in values  # what was typed is kept
    assert read(COUNT) == [(0,)]


def test_a_skipped_time_says_which_times_exist_and_a_repeated_one_asks(cast, browse, read):
    browser = browse(cast.alice)
    skipped = filled(zone="Europe/Berlin", starts_at="2027-03-28T02:30", ends_at="2027-03-28T05:00")
    text = browser.post(new(cast), skipped).text
    assert "clocks go forward from 02:00 to 03:00" in text
    assert 'name="fold"' not in text
    twice = filled(zone="Europe/Berlin", starts_at="2027-10-31T02:30", ends_at="2027-10-31T05:00")
    assert 'name="fold"' in browser.post(new(cast), twice).text
    for fold, hour in (("first", 0), ("second", 1)):
        assert browser.post(new(cast), twice | {"fold": fold}).status_code == 303
        assert read(select(Event.starts_at).order_by(Event.id.desc()).limit(1)) == [
            (datetime(2027, 10, 31, hour, 30, tzinfo=UTC),)
        ]
    # An offset says it as well.
    sent = browser.send("/api/v1/events", twice | {"group": cast.group, "starts_at": "2027-10-31T02:30:00+01:00"})
    assert sent.json["starts_at"] == "2027-10-31T02:30:00+01:00"


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_json_that_is_no_object(cast, browse, body):
    browser = browse(cast.alice)
    response = browser.client.post("/api/v1/events", json=body, headers={"X-CSRFToken": browser.token()})
    assert response.status_code in (400, 415, 422)


def test_values_of_the_wrong_shape(cast, browse, read):
    body = filled(group=cast.group, title={"a": 1}, starts_at=[{"b": 2}])
    response = browse(cast.alice).send("/api/v1/events", body)
    assert response.status_code == 422
    assert {"title", "starts_at"} <= set(response.json["fields"])
    assert read(COUNT) == [(0,)]


def test_defaults_come_from_the_group(cast, browse, app):
    from alumni.groups.models import Group

    with app.app_context():
        db.session.scalars(select(Group).where(Group.slug == cast.group)).one().country = "PY"
        db.session.commit()
    page = browse(cast.alice).get(new(cast)).text
    assert '<option selected value="America/Asuncion">' in page
    body = {
        key: value
        for key, value in filled(group=cast.group).items()
        if key in ("group", "title", "place", "starts_at", "ends_at")
    }
    sent = browse(cast.alice).send("/api/v1/events", body)
    assert (sent.status_code, sent.json["zone"], sent.json["audience"]) == (201, "America/Asuncion", "group")


def letters_in(folder):
    """Subject, address and text of each letter, decoded."""
    letters = [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]
    return [f"{letter['Subject']} {letter['To']} {letter.get_body(('plain',)).get_content()}" for letter in letters]


@pytest.fixture
def event(app, cast):
    """A public event of the group in Vientiane, to which Bob is going."""
    with app.app_context():
        slug = make_event(
            cast.group,
            place="That Luang",
            country="LA",
            mode=Mode.HYBRID,
            online_url="https://meet.example.org/secret",
            capacity=2,
            seats_taken=1,
            audience=EventAudience.PUBLIC,
        )
        event_id = db.session.scalars(select(Event.id)).one()
        db.session.add(Attendance(account_id=member_id(cast.bob), event_id=event_id, state=AttendanceState.GOING))
        db.session.commit()
    return slug


def test_moving_an_event_tells_those_who_are_going(app, cast, browse, read, event):
    browser = browse(cast.alice)
    body = filled(
        capacity="10", audience="public", mode="hybrid", starts_at="2027-07-01T20:00", ends_at="2027-07-01T22:00"
    )
    moved = browser.send(f"/api/v1/events/{event}", body, method="PUT")
    assert moved.status_code == 200, moved.json
    assert moved.json["starts_at"] == "2027-07-01T20:00:00+07:00"
    assert moved.json["revision"] == 1
    with app.app_context():
        while run_due():
            pass
        folder = app.config["ALUMNI"].instance / "mail"
    assert read(select(func.count()).select_from(Job).where(Job.kind == "mail", Job.state == "done")) == [(1,)]
    letter = next(text for text in letters_in(folder) if "Changed" in text)
    assert cast.bob in letter
    assert "1 July 2027 20:00 (Vientiane)" in letter
    assert read(select(AuditLine.action)) == [("event.edit",)]


def test_a_change_of_words_tells_nobody(cast, browse, read, event):
    browser = browse(cast.alice)
    body = browser.get(f"/api/v1/events/{event}").json
    sent = {
        name: body[name]
        for name in ("kind", "mode", "place", "country", "zone", "starts_at", "ends_at", "capacity", "audience")
    }
    stored = read(select(Event.online_url))[0][0]
    words = sent | {"title": "Another title", "online_url": stored}
    changed = browser.send(f"/api/v1/events/{event}", words, method="PUT")
    assert (changed.status_code, changed.json["title"]) == (200, "Another title")
    assert changed.json["starts_at"] == body["starts_at"]
    assert read(select(Job)) == []
    assert browser.send(f"/api/v1/events/{event}", words, method="PUT").json["revision"] == 1  # nothing left to change
    # It is found by its new words.
    assert [row["slug"] for row in browser.get("/api/v1/events?q=another").json["items"]] == [event]


def test_fewer_seats_than_people(cast, browse, read, event, app):
    with app.app_context():
        row = db.session.scalars(select(Event)).one()
        row.capacity, row.seats_taken = 5, 3
        db.session.commit()
    browser = browse(cast.alice)
    refused = browser.send(f"/api/v1/events/{event}", filled(capacity=2), method="PUT")
    assert refused.status_code == 422
    assert "3 people are going" in refused.json["fields"]["capacity"][0]
    page = browser.post(f"/events/{event}/edit", filled(capacity="2"))
    assert page.status_code == 422
    assert 'id="capacity-error"' in page.text
    assert read(select(Event.capacity, Event.revision)) == [(5, 0)]
    assert browser.post(f"/events/{event}/edit", filled(capacity="3")).status_code == 303
    assert browser.post(f"/events/{event}/edit", filled(capacity="")).status_code == 303
    assert read(select(Event.capacity)) == [(None,)]


def test_who_goes_back_to_the_line_is_asked(app, cast, browse, read):
    with app.app_context():
        slug = make_event(cast.group, capacity=3, audience=EventAudience.MEMBERS)
    for email in (cast.carol, cast.bob, cast.alice):
        assert browse(email).send(f"/api/v1/events/{slug}/answer", {"answer": "going"}).status_code == 200
    alice, handles = (
        browse(cast.alice),
        [browse(email).get("/api/v1/me").json["handle"] for email in (cast.bob, cast.carol)],
    )
    page = alice.post(f"/events/{slug}/edit", filled(capacity="1", audience="members"))
    assert page.status_code == 422
    assert "Who goes back to the front of the line" in page.text
    assert all(f'value="{handle}"' in page.text for handle in handles)
    # One too few: nothing is half done.
    form = filled(capacity="1", audience="members")
    refused = alice.post(f"/events/{slug}/edit", form | {"back": handles[:1]})
    assert refused.status_code == 422
    assert f'value="{handles[0]}" checked' in refused.text
    assert read(select(Event.capacity, Event.seats_taken, Event.waiting)) == [(3, 3, 0)]
    assert alice.post(f"/events/{slug}/edit", form | {"back": handles}).status_code == 303
    assert read(select(Event.capacity, Event.seats_taken, Event.waiting)) == [(1, 1, 2)]
    # Carol answered before Bob and stands before him; both are told.
    assert [browse(email).get(f"/events/{slug}").text.count("You are number") for email in (cast.carol, cast.bob)] == [
        1,
        1,
    ]
    lines = dict(read(select(Attendance.account_id, Attendance.line_no).where(Attendance.line_no.is_not(None))))
    with app.app_context():
        assert lines[member_id(cast.carol)] < lines[member_id(cast.bob)]
    assert {to for template, to in templates(read) if template == "events/back_in_line"} == set(lines)
    # The next free seat is Carol's.
    alice.send(f"/api/v1/events/{slug}/answer", {"answer": "not_going"})
    assert browse(cast.carol).get(f"/api/v1/events/{slug}").json["my_answer"] == "offered"
    # By JSON, and not by whoever only proposed it.
    body = filled(capacity=1, audience="members") | {"back": handles}
    assert browse(cast.bob).send(f"/api/v1/events/{slug}", body, method="PUT").status_code == 403


def test_two_who_change_an_event_at_once(cast, browse, read, event):
    """The second is shown what the first changed, loses nothing typed, and may save over it."""
    first, second = browse(cast.alice), browse(cast.sam)
    form = {"revision": "0"}
    assert first.post(f"/events/{event}/edit", filled(place="Patuxai", **form)).status_code == 303
    late = second.post(f"/events/{event}/edit", filled(title="Another title", description="Mine", **form))
    assert late.status_code == 412
    assert "Somebody else has changed this event" in late.text
    assert "Patuxai" in late.text
    assert 'value="Another title"' in late.text
    assert read(select(Event.place, Event.revision)) == [("Patuxai", 1)]
    assert 'name="revision" value="1"' in late.text
    again = second.post(f"/events/{event}/edit", filled(title="Another title", revision="1"))
    assert again.status_code == 303
    assert read(select(Event.place, Event.title, Event.revision)) == [("That Luang", "Another title", 2)]


def test_if_match(cast, browse, read, event):
    browser, path = browse(cast.alice), f"/api/v1/events/{event}"
    tag = browser.get(path).headers["ETag"]
    assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304
    changed = browser.send(path, filled(place="Patuxai"), method="PUT", headers={"If-Match": tag})
    assert changed.status_code == 200
    for old in (tag, '"x"', 'W/"1-a"', '"99999999999-a"'):
        refused = browser.send(path, filled(place="Elsewhere"), method="PUT", headers={"If-Match": old})
        assert (refused.status_code, refused.json["type"]) == (412, "changed-meanwhile"), old
    assert read(select(Event.place)) == [("Patuxai",)]
    tag = changed.headers["ETag"]
    for number, fine in enumerate(("{tag}", '"x", {tag}', "*")):
        headers = {"If-Match": fine.format(tag=tag)}
        answer = browser.send(path, filled(place=f"Hall {number}"), method="PUT", headers=headers)
        assert answer.status_code == 200, fine
        tag = answer.headers["ETag"]


def test_the_form_shows_an_event_as_it_is(cast, browse, read):
    """Even the second of two equal times: saving the form as it comes changes nothing."""
    form = filled(
        zone="Europe/Berlin", starts_at="2027-10-31T02:30", ends_at="2027-10-31T05:00", fold="second", place="Köln"
    )
    slug = browse(cast.alice).post(new(cast), form).location.rpartition("/")[2]
    page = browse(cast.alice).get(f"/events/{slug}/edit").text
    for part in (
        '<option selected value="Europe/Berlin">',
        'value="Köln"',
        'value="2027-10-31T02:30"',
        '<input checked id="fold-1" name="fold" type="radio" value="second">',
    ):
        assert part in page, part
    assert browse(cast.alice).post(f"/events/{slug}/edit", form).status_code == 303
    assert read(select(Event.revision)) == [(0,)]


def test_calling_off_keeps_the_answers_and_writes_to_those_going(app, cast, browse, read, event):
    browser = browse(cast.alice)
    assert browser.post(f"/events/{event}/cancel", {"reason": " "}).status_code == 422
    assert read(select(Event.state)) == [(EventState.PUBLISHED,)]
    assert browser.post(f"/events/{event}/cancel", {"reason": "The hall is flooded."}).status_code == 303
    assert read(select(Event.state, Event.cancelled_because, Event.seats_taken, Event.revision)) == [
        (EventState.CANCELLED, "The hall is flooded.", 1, 1)
    ]
    assert read(select(AuditLine.action, AuditLine.reason)) == [("event.cancel", "The hall is flooded.")]
    with app.app_context():
        while run_due():
            pass
        folder = app.config["ALUMNI"].instance / "mail"
    assert "The hall is flooded." in browse("").get(f"/events/{event}").text
    assert any("Called off" in text and "flooded" in text and cast.bob in text for text in letters_in(folder))
    again = browser.send(f"/api/v1/events/{event}/cancel", {"reason": "Twice"})
    assert (again.status_code, again.json["type"]) == (409, "event-cancelled")
    edited = browser.send(f"/api/v1/events/{event}", filled(), method="PUT")
    assert (edited.status_code, edited.json["type"]) == (409, "event-cancelled")


def test_what_is_over_cannot_be_called_off(app, cast, browse):
    with app.app_context():
        slug = make_event(cast.group, starts_in=timedelta(days=-3))
    response = browse(cast.alice).send(f"/api/v1/events/{slug}/cancel", {"reason": "Too late"})
    assert (response.status_code, response.json["type"]) == (409, "event-over")
    # Its words may still be corrected, its time may not be moved into the past.
    moved = browse(cast.alice).send(
        f"/api/v1/events/{slug}", filled(starts_at="2026-01-01T10:00", ends_at="2026-01-01T12:00"), method="PUT"
    )
    assert [*moved.json["fields"]] == ["starts_at"]


def test_proposer_takes_back_and_organiser_declines(app, cast, browse, read):
    with app.app_context():
        bob = member_id(cast.bob)
        slugs = [make_event(cast.group, state=EventState.PROPOSED, posted_by_id=bob) for _ in range(2)]
    assert browse(cast.bob).post(f"/events/{slugs[0]}/cancel", {"reason": "I am ill."}).status_code == 303
    assert templates(read) == set()
    assert browse(cast.alice).post(f"/events/{slugs[1]}/cancel", {"reason": "Another time."}).status_code == 303
    assert templates(read) == {("events/declined", bob)}


@pytest.mark.parametrize("email", [Cast.guest, *NOT_INSIDE, Cast.bob, Cast.sue])
def test_who_does_not_run_the_group_cannot_change_its_events(cast, browse, read, event, email):
    browser = browse(email)
    refused = (401, 403) if email in (Cast.guest, Cast.sue) else (403,)
    assert browser.send(f"/api/v1/events/{event}", filled(), method="PUT").status_code in refused
    assert browser.send(f"/api/v1/events/{event}/cancel", {"reason": "Mischief"}).status_code in refused
    assert browser.send(f"/api/v1/events/{event}/publish").status_code in refused
    for action in ("edit", "cancel", "publish"):
        response = browser.post(f"/events/{event}/{action}", filled(reason="Mischief"))
        assert response.status_code == 403 or "/login" in response.location
    assert read(select(Event.title, Event.state, Event.revision)) == [("Reunion", EventState.PUBLISHED, 0)]


def test_admin_may_change_everything(cast, browse, event):
    assert browse(cast.sam).get(f"/events/{event}/edit").status_code == 200


def test_post_needs_the_token_of_our_own_page(cast, browse, read):
    browser = browse(cast.alice)
    assert browser.client.post(new(cast), data=filled()).status_code == 400
    assert read(COUNT) == [(0,)]


def test_the_same_key_with_another_title_makes_one_event(cast, browse, read):
    browser, once = browse(cast.alice), new_key()
    pages = [browser.post(new(cast), filled(once=once, title=title)) for title in ("First", "Second")]
    assert pages[0].location == pages[1].location
    bodies = [filled(group=cast.group, title=title) for title in ("Third", "Fourth")]
    sent = [browser.send("/api/v1/events", body, headers={"Idempotency-Key": "k"}) for body in bodies]
    assert sent[0].json["slug"] == sent[1].json["slug"]
    assert sorted(title for (title,) in read(select(Event.title))) == ["First", "Third"]


@pytest.mark.parametrize("group", ["\ud800", "\0", "\u202e"])
def test_a_group_that_cannot_be_written(cast, browse, read, group):
    for email in (cast.alice, cast.carol):
        sent = browse(email).send("/api/v1/events", filled(group=group))
        assert (sent.status_code, [*sent.json["fields"]]) == (422, ["group"])
    assert browse(cast.alice).send("/api/v1/events", {}).status_code == 422
    assert read(COUNT) == [(0,)]


@pytest.mark.parametrize("group", ["%00", "%ED%A0%80", "%E2%80%AE"])
def test_a_page_for_a_group_that_cannot_be_written(cast, browse, read, group):
    alice = browse(cast.alice)
    assert alice.get(f"/events/new?group={group}").status_code == 404
    assert alice.post(f"/events/new?group={group}", filled(once=new_key())).status_code == 404
    assert alice.post("/events/new", filled(once=new_key(), group="\0")).status_code == 404
    assert read(COUNT) == [(0,)]


def test_who_was_removed_changes_their_proposal_no_longer(app, cast, browse, read):
    bob = browse(cast.bob)
    bob.post(new(cast), filled(once=new_key()))
    ((slug,),) = read(select(Event.slug))
    assert bob.get(f"/events/{slug}/edit").status_code == 200
    with app.app_context():
        left = update(Membership).where(Membership.account_id == member_id(cast.bob))
        db.session.execute(left.values(state=MembershipState.REMOVED, joined_at=None))
        db.session.commit()
    assert bob.post(f"/events/{slug}/edit", filled(title="Mine")).status_code == 404
    assert bob.send(f"/api/v1/events/{slug}", filled(title="Mine"), method="PUT").status_code == 404
    assert bob.send(f"/api/v1/events/{slug}/cancel", {"reason": "Mine"}).status_code == 404
    assert read(select(Event.title, Event.state)) == [("Reunion in Vientiane", EventState.PROPOSED)]
