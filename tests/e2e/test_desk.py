"""The desk, walked in a browser: by keyboard alone, several claims at once, two people for one place."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.programmes.models import Cohort
from tests import builders
from tests.browser import Browser
from tests.cast import Cast
from tests.e2e.test_journeys import follow, press

COHORT = "jenesys2016-batch-16"
MOST_TABS = 120


@dataclass
class Claimant:
    email: str
    name: str
    key: str


@pytest.fixture
def come(site) -> Callable[..., Claimant]:
    """Somebody of the roster claims it, with these facts; or another person by the same name."""

    def claim(name: str = "", *, listed: bool = True, **facts: str) -> Claimant:
        name = name or f"PERSON {new_key()}"
        email = f"{new_key()}@example.org"
        with site.app.app_context():
            builders.make_member(name, email=email)
            if listed:
                cohort = db.session.query(Cohort).filter_by(slug=COHORT).one()
                builders.make_entry(cohort, name, number=f"E-{new_key()}", born_on="1994-03-02")
            db.session.commit()
            db.session.remove()
        said = {"programme": "jenesys2016", "country": "LA", "cohort": COHORT, "name_as_printed": name, **facts}
        made = Browser(site.app, email).send("/api/v1/participations", said)
        assert made.status_code == 201, made.text
        site.deliver(email)
        return Claimant(email, name, made.json["key"])

    return claim


def tab_to(page: Page, name: str) -> list[str]:
    """Presses Tab until what has this name is in focus; what was in focus on the way, in order."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        label = page.evaluate(
            r"""() => {
              const one = document.activeElement;
              const label = one.getAttribute('aria-label') || (one.labels && one.labels[0] || one).textContent;
              return label.trim().replace(/\s+/g, ' ');
            }"""
        )
        passed.append(label)
        if label.startswith(name):
            assert page.evaluate("document.activeElement.matches(':focus-visible')"), label
            return passed
    raise AssertionError(f"{name} is not to be reached: {passed}")


def in_order(passed: list[str], *wanted: str) -> bool:
    """Whether these come one after the other, whatever stands between them."""
    rest = iter(passed)
    return all(any(label.startswith(name) for label in rest) for name in wanted)


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_case_by_keyboard_alone(visit, come, scripts):
    someone = come(born_on="1994-03-02")
    # Without scripts a page cannot be asked what is in focus, so the keys are pressed blindly in the order found here.
    page = visit(Cast.olga)
    page.goto("/desk")
    passed = tab_to(page, someone.name)
    assert in_order(passed, "Skip to", "Show only some", f"Verify {someone.name}", someone.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(someone.name)
    to_take = len(tab_to(page, "Take this case"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("In your hands")
    passed = tab_to(page, "Verify")
    assert in_order(passed, "Let somebody else take it", "Name on the roster", "Search the roster", "On no roster",
                    "Reason", "In your words", "Verify")  # fmt: skip
    rest = tab_to(page, "Decline")
    assert rest == ["Ask for more", "Decline"]
    if not scripts:
        page = visit(Cast.olga, scripts=False)
        page.goto(f"/desk/{someone.key}")
        for _ in passed:
            page.keyboard.press("Tab")
    else:
        for _ in rest:
            page.keyboard.press("Shift+Tab")
    assert to_take > 1
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Claims to decide")
    expect(page.get_by_role("status")).to_contain_text("Verified. The person has been told.")


def test_several_at_once(site, visit, come):
    several = [come(born_on="1994-03-02") for _ in range(2)]
    other = come(born_on="1990-01-01")  # the day differs: it has to be looked at
    page = visit(Cast.olga, scripts=False, width=360)
    page.goto("/desk?exact=y")
    expect(page.get_by_role("main")).not_to_contain_text(other.name)
    for someone in several:
        page.get_by_label(f"Verify {someone.name}", exact=True).check()
    press(page, "Verify those ticked")
    expect(page.get_by_role("status")).to_contain_text("2 claims are verified.")
    for someone in several:
        mine = visit(someone.email, scripts=False)
        mine.goto(f"/claims/{someone.key}")
        expect(mine.get_by_role("main")).to_contain_text("We found you.")
        assert len(site.deliver(someone.email)) == 1


def test_two_people_for_one_place(site, visit, come):
    first = come(born_on="1994-03-02")
    desk = visit(Cast.olga, scripts=False)
    desk.goto(f"/desk/{first.key}")
    press(desk, "Take this case")
    press(desk, "Verify")
    second = come(first.name, listed=False, born_on="1994-03-02")

    desk.goto("/desk?disputed=y")
    follow(desk, second.name)
    expect(desk.get_by_role("main")).to_contain_text("Two people claim this")
    press(desk, "Take this case")
    press(desk, "Tell both people")
    mine, theirs = visit(first.email, scripts=False), visit(second.email, scripts=False)
    for page, claimant in ((mine, first), (theirs, second)):
        page.goto(f"/claims/{claimant.key}")
        expect(page.get_by_role("main")).to_contain_text("Somebody else names the same place")
    expect(mine.get_by_role("main")).to_contain_text("You are a member of the network.")  # nothing is lost meanwhile

    desk.goto(f"/desk/{second.key}")
    desk.get_by_label("Reason").select_option(label="This place belongs to somebody else with a similar name.")
    press(desk, "Verify, and take it back from the other")
    expect(desk.get_by_role("status")).to_contain_text("Both have been told.")
    mine.reload()
    expect(mine.get_by_role("main")).to_contain_text("This had been confirmed and was taken back.")
    expect(mine.get_by_role("main")).to_contain_text("This place belongs to somebody else")
    theirs.reload()
    expect(theirs.get_by_role("main")).to_contain_text("We found you.")
