"""Every page in a browser: axe finds nothing, nothing runs over the edge, a first visit stays within its weight."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import Cast

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHO = {"a guest": "", "bob": Cast.bob, "alice": Cast.alice, "mona": Cast.mona, "sam": Cast.sam, "nia": Cast.nia}
HTML_MOST, FIRST_VISIT_MOST, REQUESTS_MOST = 14_000, 30_000, 4

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def addresses(site) -> list[str]:
    """Every GET address of the product, with keys of things that are there."""
    world = site.world
    keys = {
        "programmes": "jenesys2016", "groups": world.group, "events": world.open_event, "moderation": world.report,
        "claims": world.claim, "desk": world.claim, "cohorts": "jenesys2016-batch-16", "posts": world.post,
    }  # fmt: skip
    found = []
    for rule in site.app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or rule.rule.startswith("/dev/error"):
            continue
        if rule.rule.endswith((".ics", ".txt", ".json", "z")) or rule.rule.startswith("/api/v1"):
            continue
        path = rule.rule
        for name in rule.arguments:
            section = path.split("<")[0].strip("/").split("/")[-1]
            key = world.nia if "requests" in path else world.bob if name == "handle" else keys.get(section, "x")
            path = re.sub(r"<[^>]+>", key, path, count=1)
        found.append(path)
    return [
        *sorted(found), f"/events/new?group={world.group}", f"/report?post={world.post}", "/claims/new?family=jenesys",
        "/claims/new?programme=jenesys2016", "/claims/new?programme=jenesys2016&country=LA", "/me/privacy?as=members",
        f"/events/{world.event}", f"/events/{world.proposed}",
    ]  # fmt: skip


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("width", "language", "scheme"), [(360, "en", "light"), (1280, "ja", "dark")])
def test_axe_finds_nothing(visit, addresses, who, width, language, scheme):
    page = visit(WHO[who], width=width, color_scheme=scheme, locale=language)
    found, opened = [], 0
    for address in addresses:
        answer = page.goto(address)
        assert answer.status < 500, address
        if answer.status >= 400 or answer.url.split("?")[0].endswith("/login"):
            continue
        opened += 1
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        found += [f"{address}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in result.response["violations"]]
        assert len(page.locator("h1").all()) == 1, f"{address} has not one h1"
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{address}: {over} px over the edge at {width}")
    assert found == []
    assert opened > 10


def test_a_form_with_errors_and_an_empty_page_are_fine_too(visit):
    page = visit(width=320)
    page.goto("/signup")
    page.get_by_role("button", name="Sign up").last.click()
    assert page.title().startswith("Error:")
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [v["id"] for v in result.response["violations"]] == []
    assert page.evaluate("document.activeElement.closest('[role=alert]') !== null")


@pytest.mark.parametrize("who", WHO)
def test_a_first_visit_is_light(visit, addresses, who):
    heavy = []
    for address in addresses:
        page = visit(WHO[who])
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: dict[str, float] = {}
        session.on(
            "Network.loadingFinished", lambda e, sizes=sizes: sizes.update({e["requestId"]: e["encodedDataLength"]})
        )
        page.goto(address, wait_until="networkidle")
        html = max(sizes.values(), default=0)
        if sum(sizes.values()) > FIRST_VISIT_MOST or len(sizes) > REQUESTS_MOST or html > HTML_MOST:
            heavy.append((address, len(sizes), int(html), int(sum(sizes.values()))))
        page.context.close()
    assert heavy == []


def test_right_to_left_and_printed(visit):
    page = visit(Cast.bob, width=360)
    page.goto("/groups/jenesys2016-batch-16")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(media="print")
    assert not page.locator("header nav").first.is_visible()
