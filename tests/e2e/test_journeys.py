"""The main job, walked in a browser: an alumna without scripts on a phone, an organiser, a moderator."""

import io
import re
from datetime import timedelta

import icalendar
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.events.models import EventAudience
from alumni.groups.models import Group
from tests import builders
from tests.cast import Cast
from tests.imports.shapes import HEADINGS, run_jobs

PASSWORD = "four quiet words here"


@pytest.fixture
def an_event(site) -> str:
    """An event of the cohort's group, with one seat left for whoever comes."""
    with site.app.app_context():
        group = db.session.query(Group).filter_by(slug="jenesys2016-batch-16").one()
        event = builders.make_event(group, title=f"Dinner {new_key()}", audience=EventAudience.GROUP, capacity=5)
        slug = event.slug
        db.session.commit()
        db.session.remove()
    return slug


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_an_alumna_comes_back(site, visit, an_event, scripts):
    address = f"kham{new_key()}@example.org"
    page = visit(scripts=scripts, width=360)

    page.goto("/")
    follow(page, "Sign up")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree").check()
    press(page, "Sign up")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")

    [letter] = site.deliver(address)
    page.goto(re.search(r"http://localhost(/confirm/[\w.=-]+)", letter)[1])
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "This is my address")

    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
    page.get_by_label("Name", exact=True).fill("ຄຳຫຼ້າ ພົມມະຈັນ")
    page.get_by_label("Country where you live").select_option("LA")
    press(page, "Save and go on")

    follow(page, "JENESYS")
    follow(page, "JENESYS2016")
    follow(page, "Laos")
    page.get_by_label("Name as printed", exact=False).fill("KHAMLA Phommachanh")
    page.get_by_label("JENESYS2016 16th Batch", exact=False).check()
    press(page, "Send")
    expect(page.get_by_role("main")).to_contain_text("Now the desk compares it")

    desk = visit(Cast.sam)
    desk.goto("/desk")
    follow(desk, "KHAMLA Phommachanh")
    press(desk, "Take this case")
    press(desk, "Verify")
    assert len(site.deliver(address)) == 2

    page.reload()
    follow(page, "Go to your group")
    page.goto("/groups/jenesys2016-batch-16/members")
    expect(page.get_by_role("main")).to_contain_text("Alice Phommasan")
    page.goto(f"/events/{an_event}")
    press(page, "I am going")
    expect(page.locator("#answer")).to_contain_text("You are going.")

    calendar = page.request.get(f"/events/{an_event}.ics").body()
    [event] = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    assert event["DTSTART"].dt.tzinfo is not None
    press(page, "I cannot come after all")
    expect(page.locator("#answer")).to_contain_text("You are not going.")


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_an_organiser_posts_an_event(site, visit, scripts):
    title = f"Reunion {new_key()}"
    page = visit(Cast.alice, scripts=scripts, width=360)
    page.goto("/events/new?group=jenesys2016-batch-16")
    starts = clock.now().replace(tzinfo=None) + timedelta(days=20)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Start").fill(starts.strftime("%Y-%m-%dT19:00"))
    page.get_by_label("End").fill(starts.strftime("%Y-%m-%dT18:00"))
    page.get_by_label("Time zone").select_option("Asia/Vientiane")
    page.get_by_label("Place").fill("Wat Si Muang")
    page.get_by_text("More: what for, how many, for whom").click()
    page.locator("#capacity").fill("1")
    press(page, "Publish it")
    # It ends before it starts: the page says so, and nothing typed is lost.
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_label("Title")).to_have_value(title)
    page.get_by_label("End").fill(starts.strftime("%Y-%m-%dT21:00"))
    press(page, "Publish it")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("main")).to_contain_text("19:00")
    address = page.url

    bob = visit(Cast.bob, scripts=scripts)
    bob.goto(address)
    press(bob, "I am going")
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("All seats are taken.")
    expect(page.get_by_role("main")).to_contain_text("ບຸນມີ ວົງສາ")

    follow(page, "Change")
    page.get_by_label("Start").fill(starts.strftime("%Y-%m-%dT20:00"))
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("20:00")
    assert site.deliver(Cast.bob)

    follow(page, "Call off")
    page.get_by_label("Why").fill("The hall is closed.")
    press(page, "Call it off")
    bob.reload()
    expect(bob.get_by_role("main")).to_contain_text("The hall is closed.")


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_moderator_hides_and_restores(site, visit, scripts):
    words = f"Buy watches {new_key()}"
    bob = visit(Cast.bob, scripts=scripts)
    bob.goto("/groups/jenesys2016-batch-16/posts")
    bob.get_by_role("textbox").last.fill(words)
    press(bob, "Post it")
    alice = visit(Cast.alice, scripts=scripts, width=360)
    alice.goto("/groups/jenesys2016-batch-16/posts")
    alice.locator("li", has_text=words).get_by_role("link", name="Report").click()
    alice.get_by_label("advertis", exact=False).check()
    press(alice, "Send the report")

    mona = visit(Cast.mona, scripts=scripts)
    mona.goto("/moderation")
    mona.get_by_role("main").get_by_role("link", name=re.compile(words)).last.click()
    press(mona, "Take this case")
    mona.get_by_label("Hide it").first.check()
    mona.get_by_label("Why, in your own words?").fill("Advertising.")
    press(mona, "Decide")
    case = mona.url
    bob.goto("/groups/jenesys2016-batch-16/posts")
    expect(bob.get_by_role("main")).not_to_contain_text(words)

    mona.goto(case)
    follow(mona, "Restore it")
    mona.get_by_label("Why?").fill("It was a joke.")
    press(mona, "Restore it")
    bob.reload()
    expect(bob.get_by_role("main")).to_contain_text(words)
    mona.goto("/moderation/log")
    expect(mona.get_by_role("main")).to_contain_text("It was a joke.")


def test_an_officer_imports_and_invites_and_somebody_comes_back(site, visit):
    address = f"dewi{new_key()}@example.org"
    rows = f"{HEADINGS}\nLESTARI,Dewi,Indonesia,16,Universitas Indonesia,1995-06-07,{address}\n"
    officer = visit(Cast.olga, scripts=False, width=360)
    officer.goto("/rosters")
    follow(officer, "Import a list")
    officer.get_by_label("Programme").select_option("jenesys2016")
    officer.get_by_label("File").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    press(officer, "Read the list")
    press(officer, "Compare with the rosters")
    run_jobs(site.app)
    follow(officer, "Look again")
    follow(officer, "Answer the first")
    officer.get_by_label("JENESYS2016 16th Batch", exact=False).check()
    press(officer, "Go on")
    run_jobs(site.app)
    follow(officer, "Look again")
    press(officer, "Put it on the rosters")
    run_jobs(site.app)
    follow(officer, "Look again")
    expect(officer.get_by_role("main")).to_contain_text("Added: 1.")
    follow(officer, "See the rosters")
    follow(officer, "JENESYS2016 16th Batch")
    follow(officer, "Invite")
    press(officer, "Send the letters")
    expect(officer.get_by_role("main")).to_contain_text("Everybody whom a letter reaches has had one.")

    [letter] = site.deliver(address)
    page = visit(scripts=False, width=360)
    page.goto(re.search(r"http://localhost(/invitation/[\w-]+)", letter)[1])
    expect(page.get_by_role("main")).to_contain_text("LESTARI Dewi")
    press(page, "Yes, this is me")
    expect(page.get_by_label("E-mail address")).to_have_value(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree").check()
    press(page, "Go on")
    page.get_by_label("Name", exact=True).fill("Dewi Lestari")
    press(page, "Save and go on")
    press(page, "Yes, this is me")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cohort")
    expect(page.get_by_text("You are a member of the network.")).to_be_visible()
    follow(page, "Who is here")
    expect(page.get_by_role("main")).to_contain_text("Alice Phommasan")


def test_a_japanese_reader_chooses_the_language(visit):
    page = visit(scripts=False, width=360)
    page.goto("/login")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("button", name="日本語").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")


def test_the_keyboard_reaches_everything(visit):
    page = visit(Cast.bob)
    page.goto("/groups/jenesys2016-batch-16")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    seen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen.add(here)
        box = page.locator(":focus").bounding_box()
        assert box is not None, f"focus is not visible: {here}"
    links = page.evaluate(
        "[...document.querySelectorAll('main a, main button')].filter(e => e.checkVisibility()).length"
    )
    assert len(seen) >= links > 3


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_member_has_a_face(site, visit, scripts):
    photograph = io.BytesIO()
    Image.new("RGB", (1200, 900), (40, 90, 150)).save(photograph, "JPEG")
    sent = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photograph.getvalue()}
    page = visit(Cast.bob, scripts=scripts, width=360)
    page.goto("/me/picture")
    page.get_by_label("Picture", exact=True).set_input_files(sent | {"buffer": b"no picture at all"})
    press(page, "Save the picture")
    expect(page.get_by_role("alert")).to_contain_text("That is not a picture we can read.")
    page.get_by_label("Picture", exact=True).set_input_files(sent)
    press(page, "Save the picture")
    expect(page.get_by_role("status")).to_have_text("✓ Your picture is saved.")
    expect(page.locator("img.portrait")).to_be_visible()
    assert widths(page, "img.portrait") == [128]

    other = visit(Cast.alice, scripts=scripts)
    other.goto("/groups/jenesys2016-batch-16/members")
    expect(other.locator("img.face")).to_have_count(1)
    assert widths(other, "img.face") == [48]
    spared = visit(Cast.alice, scripts=scripts, extra_http_headers={"Save-Data": "on"})
    spared.goto("/groups/jenesys2016-batch-16/members")
    expect(spared.locator("main img")).to_have_count(0)

    press(page, "Remove the picture")
    expect(page.get_by_role("status")).to_have_text("✓ Your picture is removed.")
    expect(page.locator("main img")).to_have_count(0)


def widths(page: Page, selector: str) -> list[int]:
    """How wide the files of these pictures are that the browser has read."""
    page.wait_for_load_state("networkidle")
    return page.locator(selector).evaluate_all("found => found.map(image => image.naturalWidth)")
