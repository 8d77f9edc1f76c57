"""Tickets, the list of the door, phones without a network, those who had not answered; and who may not."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.arrivals import actions
from alumni.arrivals.actions import Note
from alumni.arrivals.models import Arrival
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from alumni.members.models import Member
from tests import builders
from tests.cast import Cast
from tests.events.shapes import make_event, member_id
from tests.groups.test_race import at_once, make_people

COUNT = sa.select(sa.func.count()).select_from(Arrival)


@pytest.fixture
def event(app, cast):
    """It began a few minutes ago; Bob comes with one guest, Carol said perhaps."""
    with app.app_context():
        slug = make_event(cast.group, starts_in=timedelta(minutes=-5), audience=EventAudience.MEMBERS)
        row = db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        coming(row, Cast.bob, party=2, guests="Somchai")
        coming(row, Cast.carol, state=AttendanceState.MAYBE)
        db.session.commit()
    return slug


def coming(event, email, **values):
    db.session.add(
        Attendance(event_id=event.id, account_id=member_id(email), **{"state": AttendanceState.GOING} | values)
    )


def door_of(slug):
    return f"/events/{slug}/check-in"


def bob_id(app):
    with app.app_context():
        return member_id(Cast.bob)


def code_of(page):
    return re.search(r"<code[^>]*>([a-z2-9]{10})</code>", page.text).group(1)


def test_a_ticket_is_shown_and_read_at_the_door(app, cast, browse, read, event):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    ticket = bob.get(f"/events/{event}/ticket")
    code = code_of(ticket)
    assert "For you and 1 guest." in ticket.text
    square = bob.get(f"/events/{event}/ticket.svg")
    assert square.mimetype == "image/svg+xml"
    assert square.headers["Cache-Control"] == "no-store"
    # What a phone's own camera opens: the door, with the code in its field.
    assert f'value="{code}"' in alice.get(f"{door_of(event)}?code={code}").text
    spaced = f" {code[:5].upper()} {code[5:]} "
    assert alice.post(door_of(event), {"code": spaced, "once": new_key()}).status_code == 303
    ((arrival,),) = read(sa.select(Arrival))
    assert (arrival.account_id, arrival.people, arrival.name) == (bob_id(app), 2, "")
    page = alice.get(door_of(event))
    assert "2 people are here" in page.text
    assert "Here since" in page.text
    # Scanned again: once.
    assert alice.post(door_of(event), {"code": code, "once": new_key()}).status_code == 303
    assert read(COUNT) == [(1,)]


def test_by_name_and_taken_back(cast, browse, read, event):
    alice = browse(Cast.alice)
    handle = browse(Cast.bob).get("/api/v1/me").json["handle"]
    page = alice.get(f"{door_of(event)}?q=vongsa")
    assert "ບຸນມີ ວົງສາ" in page.text
    assert "Carol" not in page.text
    assert "Somchai" in alice.get(f"{door_of(event)}?q=somchai").text
    assert "Nobody on the list has such a name." in alice.get(f"{door_of(event)}?q=zzz").text
    assert alice.post(door_of(event), {"who": handle, "once": new_key()}).status_code == 303
    ((key,),) = read(sa.select(Arrival.key))
    assert alice.post(f"{door_of(event)}/{key}/remove").status_code == 303
    assert read(COUNT) == [(0,)]
    assert alice.post(f"{door_of(event)}/{key}/remove").status_code == 404


def test_others_come_by_name_or_by_number(cast, browse, read, event):
    alice = browse(Cast.alice)
    alice.post(door_of(event), {"name": "Vientiane High School", "people": "30", "country": "LA", "once": new_key()})
    alice.post(door_of(event), {"people": "2", "once": new_key()})
    page = alice.get(door_of(event))
    assert "32 people are here" in page.text
    assert "Vientiane High School" in page.text
    assert alice.get(f"/api/v1{door_of(event)}").json["came"] == 32


def test_what_a_phone_noted_without_a_network_comes_in_once(cast, browse, read, event):
    alice = browse(Cast.alice)
    (bob,) = [one for one in alice.get(f"/api/v1{door_of(event)}").json["items"] if one["party"] == 2]
    early, late = ((clock.now() - timedelta(minutes=minutes)).isoformat() for minutes in (4, 1))
    key = new_key()
    for _ in range(2):  # the answer was lost on the way
        sent = alice.send(
            f"/api/v1{door_of(event)}", {"who": bob["handle"], "at": late}, headers={"Idempotency-Key": key}
        )
        assert (sent.status_code, sent.json["people"]) == (201, 2)
    # Another phone at another door saw Bob earlier.
    alice.send(f"/api/v1{door_of(event)}", {"code": bob["code"], "at": early}, headers={"Idempotency-Key": new_key()})
    ((arrival,),) = read(sa.select(Arrival))
    assert arrival.arrived_at.isoformat() == early
    # The clock of a phone that is years off says nothing about when.
    far = {"name": "A guest", "at": "2099-01-01T00:00:00+00:00"}
    assert alice.send(f"/api/v1{door_of(event)}", far).status_code == 201
    assert max(row.arrived_at for row in read(sa.select(Arrival.arrived_at))) <= clock.now()


def test_what_cannot_be(cast, browse, read, event):
    alice = browse(Cast.alice)
    for body, field in (
        ({"code": "aaaaaaaaaa"}, "code"),
        ({"who": "nobody"}, "who"),
        ({"who": browse(Cast.nia).get("/api/v1/me").json["handle"]}, "who"),
        ({}, "code"),
        ({"name": "A", "people": "1000"}, "people"),
        ({"name": "A", "country": "ZZ"}, "country"),
        ({"name": "A", "at": "yesterday"}, "at"),
        ({"name": "A", "at": "2027-04-02T19:00:00"}, "at"),
    ):
        refused = alice.send(f"/api/v1{door_of(event)}", body)
        assert (refused.status_code, list(refused.json["fields"])) == (422, [field]), body
    page = alice.post(door_of(event), {"code": "aaaaaaaaaa", "once": new_key()})
    assert page.status_code == 422
    assert 'value="aaaaaaaaaa"' in page.text
    assert read(COUNT) == [(0,)]


def test_the_door_opens_a_day_before_and_closes_in_the_end(app, cast, browse):
    with app.app_context():
        early = make_event(cast.group, starts_in=timedelta(hours=30))
        old = make_event(cast.group, starts_in=timedelta(days=-100))
        soon = make_event(cast.group, starts_in=timedelta(hours=20))
    alice = browse(Cast.alice)
    for slug, status in ((early, 409), (old, 409), (soon, 201)):
        assert alice.send(f"/api/v1{door_of(slug)}", {"name": "A guest"}).status_code == status
        assert alice.get(door_of(slug)).status_code == 200


def test_two_at_two_doors_note_one_person_once(alone):
    with alone.app_context():
        ids = make_people(2)
        group = builders.make_group("Many", slug="many")
        builders.make_tenure(db.session.get_one(Member, ids[0]), group)
        event = builders.make_event(group, starts_in=timedelta(minutes=-5))
        db.session.add(Attendance(event_id=event.id, account_id=ids[1], state=AttendanceState.GOING))
        db.session.commit()
        event_id, handle = event.id, db.session.get_one(Account, ids[1]).handle

    def note(once):
        event = db.session.get_one(Event, event_id)
        return actions.note_arrival(actor=Viewer(id=ids[0]), event=event, note=Note(handle), once=once).key

    assert len(set(at_once(alone, note, [new_key() for _ in range(16)]))) == 1
    with alone.app_context():
        assert db.session.scalar(COUNT) == 1


def test_who_may_not_stand_at_the_door(cast, browse, event):
    for email in (Cast.bob, Cast.carol):
        assert browse(email).get(door_of(event)).status_code == 403
        assert browse(email).send(f"/api/v1{door_of(event)}", {"name": "A"}).status_code == 403
    for email in (Cast.mallory, Cast.sue):
        assert browse(email).get(door_of(event)).status_code in (403, 404)
    assert browse("").get(door_of(event)).status_code == 303
    # A ticket is for whoever is going.
    assert browse(Cast.carol).get(f"/events/{event}/ticket").status_code == 403
    assert browse(Cast.alice).get(f"/events/{event}/ticket.svg").status_code == 403
    assert browse("").get(f"/events/{event}/ticket").status_code == 303
