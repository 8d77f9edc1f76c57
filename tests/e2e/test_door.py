"""The door of an event in a browser whose network goes and comes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from alumni.arrivals.models import Arrival
from alumni.core.db import db
from alumni.events.models import Attendance, AttendanceState, Event
from tests.cast import Cast
from tests.events.shapes import make_event, member_id

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

# Chromium on a desktop reads no squares: here it reads what the test holds before its camera.
READER = """
window.BarcodeDetector = class { async detect() { return window.before ? [{rawValue: window.before}] : []; } };
navigator.mediaDevices.getUserMedia = async () => document.createElement('canvas').captureStream();
HTMLMediaElement.prototype.play = async () => {};
"""


@pytest.fixture
def event(site):
    with site.app.app_context():
        slug = make_event("jenesys2016-batch-16", starts_in=timedelta(minutes=-5))
        row = db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        for email in (Cast.bob, Cast.carol):
            db.session.add(
                Attendance(event_id=row.id, account_id=member_id(email), state=AttendanceState.GOING, party=1)
            )
        db.session.commit()
        db.session.remove()
    return slug


def came(site, slug):
    with site.app.app_context():
        rows = db.session.execute(
            sa.select(Arrival.name, Arrival.people).join(Event).where(Event.slug == slug).order_by(Arrival.id)
        ).all()
        db.session.remove()
    return [tuple(row) for row in rows]


def test_what_is_noted_without_a_network_is_sent_later(site, visit, event):
    alice = visit(Cast.alice, width=360)
    alice.goto(f"/events/{event}/check-in")
    alice.context.set_offline(True)
    alice.locator("#q").fill("ບຸນມີ")  # found while one types, marks above and below the letters included
    expect(alice.get_by_role("button", name="Here: Carol Sok")).to_be_hidden()
    alice.get_by_role("button", name="Here: ບຸນມີ ວົງສາ").click()
    expect(alice.locator("#unsent")).to_contain_text("Noted here, not sent yet: 1.")
    alice.locator("#others").get_by_label("Name").fill("A neighbour")
    alice.locator("#others").get_by_role("button", name="Note them").click()
    expect(alice.locator("#unsent")).to_contain_text("Noted here, not sent yet: 2.")
    assert came(site, event) == []
    alice.context.set_offline(False)
    expect(alice.locator("#unsent")).to_be_hidden()
    assert came(site, event) == [("", 1), ("A neighbour", 1)]
    alice.reload()
    expect(alice.get_by_role("main")).to_contain_text("2 people are here")


def test_a_phone_that_ran_out_before_it_found_a_network(site, visit, event):
    alice = visit(Cast.alice, width=360)
    alice.goto(f"/events/{event}/check-in")
    alice.context.set_offline(True)
    alice.get_by_role("button", name="Here: ບຸນມີ ວົງສາ").click()
    expect(alice.locator("#unsent")).to_be_visible()
    again = alice.context.new_page()  # the tab is gone, the browser kept what was noted
    alice.close()
    again.context.set_offline(False)
    again.goto(f"/events/{event}/check-in")
    expect(again.locator("#unsent")).to_be_hidden()
    expect(again.get_by_role("button", name="Here: ບຸນມີ ວົງສາ")).to_have_count(0)
    assert came(site, event) == [("", 1)]


def test_a_page_that_is_opened_again_without_a_network(site, visit, event):
    alice = visit(Cast.alice, width=360)
    alice.goto(f"/events/{event}/check-in")
    alice.evaluate("navigator.serviceWorker.ready.then(() => true)")
    alice.wait_for_function("async () => (await (await caches.open('door')).keys()).length >= 3")
    alice.reload()
    alice.context.set_offline(True)
    alice.reload()
    alice.get_by_role("button", name="Here: ບຸນມີ ວົງສາ").click()
    expect(alice.locator("#unsent")).to_contain_text("Noted here, not sent yet: 1.")
    assert came(site, event) == []
    alice.context.set_offline(False)
    expect(alice.locator("#unsent")).to_be_hidden(timeout=30_000)
    assert came(site, event) == [("", 1)]
    alice.goto("/login")  # still signed in: it leads on, and the page of the door stays
    assert alice.evaluate("caches.has('door')")
    alice.context.clear_cookies()
    alice.goto("/events")
    alice.wait_for_function("async () => !(await caches.has('door'))")


def test_tickets_are_read_by_camera_and_by_hand(site, visit, event):
    bob = visit(Cast.bob, width=360)
    bob.goto(f"/events/{event}/ticket")
    code = bob.get_by_role("main").locator("code").inner_text()
    assert bob.locator("main img").evaluate("image => image.complete && image.naturalWidth > 0")
    alice = visit(Cast.alice, width=360)
    alice.add_init_script(READER)
    alice.goto(f"/events/{event}/check-in")
    assert alice.evaluate("document.featurePolicy.allowsFeature('camera')")
    assert not bob.evaluate("document.featurePolicy.allowsFeature('camera')")
    alice.get_by_role("button", name="Read with the camera").click()
    alice.evaluate("address => { window.before = address; }", f"{site.url}/events/{event}/check-in?code={code}")
    expect(alice.locator(f"[data-code='{code}']")).to_contain_text("✓ Here")
    expect(alice.locator("#unsent")).to_be_hidden()
    assert came(site, event) == [("", 1)]
    # Without scripts, and twice.
    plain = visit(Cast.alice, scripts=False, width=360)
    plain.goto(f"/events/{event}/check-in")
    plain.get_by_label("Code of a ticket").fill(code)
    plain.get_by_role("button", name="Note them").first.click()
    expect(plain.get_by_role("status")).to_contain_text("1 person is noted.")
    assert came(site, event) == [("", 1)]
