"""Every page in a browser: axe finds nothing, nothing runs over the edge, a first visit stays within its weight."""

import os
import re

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe

from alumni.accounts.queries import find_by_email
from alumni.claims.models import Vouch
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.deliveries.models import KeptLetter
from alumni.visitors.models import Visitor
from alumni.web.gate import signer
from tests.browser import Browser
from tests.cast import Cast
from tests.events.shapes import filled, in_days
from tests.imports.shapes import BATCH_16, commit, find, preview, run_jobs

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
WHO = {
    "bob": Cast.bob,
    "alice": Cast.alice,
    "nia": Cast.nia,
    "mona": Cast.mona,
    "olga": Cast.olga,
    "sam": Cast.sam,
    "guest": "",
}
AXE = int(os.environ.get("AXE", "4"))  # of so many pages it looks at one
HTML_MOST, FIRST_VISIT_MOST, REQUESTS_MOST = 14_000, 30_000, 4

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def pages(site) -> list[tuple[str, str]]:
    """Every page of the product with an address of something that is there, and who sees most of it first."""
    world = site.world
    keys = {
        "programmes": "jenesys2016", "groups": world.group, "events": world.event, "moderation": world.report,
        "claims": world.claim, "desk": world.claim, "cohorts": "jenesys2016-batch-16", "posts": world.post,
        "members": world.bob, "requests": world.nia, "rules": "jenesys2016", "entries": world.entry,
        "meetings": world.meeting, "resolutions": world.resolution, "seats": world.seat,
        "foundings": world.founding, "papers": "plan", "elections": world.election, "candidates": world.candidate,
        "outreach": world.outreach, "messages": world.conversation, "reports": world.taken,
        "to": world.nia, "proposals": world.proposal, "month": "2027-02",
    }  # fmt: skip
    addresses = [
        f"/events/new?group={world.group}", f"/report?post={world.post}", "/claims/new?family=jenesys",
        "/claims/new?programme=jenesys2016", "/claims/new?programme=jenesys2016&country=LA", "/me/privacy?as=members",
        f"/events/{world.open_event}", f"/events/{world.proposed}", f"/events/{world.open_event}/answer",
        f"/events/{world.open_event}/answers", f"/events/{world.open_event}/answers/rules",
        f"/events/{world.open_event}/invitations", f"/events/{world.open_event}/questions",
        f"/events/{world.open_event}/ticket", f"/events/{world.open_event}/check-in",
        *(f"/events/{world.past}/{page}" for page in ("report", "report/edit", "report/pictures", "feedback")),
        *(f"/events/{world.past}{page}" for page in ("", "/report?lang=ja", "/feedback/questions", "/lasting-group")),
        *_conference_addresses(world),
        f"/groups/new?parent={world.group}", f"/groups/{world.group}/members?q=nobody",
        "/events?when=past", "/members?q=nobody",
        f"/groups/{world.group}/meetings/{world.meeting}/minutes/versions?version=1",
        f"/elections/{world.vote}", f"/elections/{world.vote}/vote", f"/elections/{world.counted}",
        f"/elections/{world.counted}/ballots",
        *(f"/foundings/{world.founding}/papers/{paper}" for paper in ("founders", "charter", "funds", "officers")),
    ]  # fmt: skip
    Browser(site.app, Cast.bob).send(f"/api/v1/events/{world.open_event}/answer", {"answer": "going"})
    addresses += [*_office_addresses(site), *_vouch_addresses(site), *_event_addresses(site), *_appeal_addresses(site)]
    addresses += [*_letter_addresses(site), *_circular_addresses(site)]
    for rule in site.app.url_map.iter_rules():
        if (
            "GET" not in rule.methods
            or rule.endpoint == "static"
            or rule.rule.startswith(("/dev/error", "/api/v1", "/metrics"))
        ):
            continue
        if rule.rule.endswith((".csv", ".ics", ".atom", ".txt", ".json", ".svg", ".pdf", ".js", "z")):
            continue
        path = rule.rule
        while "<" in path:
            section = path.split("<")[0].strip("/").split("/")[-1]
            path = re.sub(r"<[^>]+>", keys.get(section, "x"), path, count=1)
        addresses.append(path)
    readers = {who: Browser(site.app, email) for who, email in WHO.items()}
    found = [(address, _reader(readers, address)) for address in sorted(addresses)]
    return [(address, who) for address, who in found if who]


def _conference_addresses(world) -> list[str]:
    """Its programme, recommendations, delegations and companies."""
    event = f"/events/{world.open_event}"
    session, company = f"{event}/programme/{world.session}", f"{event}/companies/{world.company}"
    recommendation = f"{event}/recommendations/{world.recommendation}"
    return [
        f"{event}/programme", f"{event}/programme?mine=1", f"{event}/programme/new", f"{session}/edit",
        f"{event}/recommendations", f"{event}/recommendations/new", f"{recommendation}/edit",
        f"{recommendation}/hand-over", f"{recommendation}/answer", f"{event}/delegations", f"{event}/companies",
        f"{event}/companies?q=nothing", f"{event}/companies/new", company, f"{company}/edit", f"{event}/meetings",
        f"{event}/meetings/{world.request}/decline",
    ]  # fmt: skip


def _office_addresses(site) -> list[str]:
    """An import at each of its steps, and an invitation."""
    world, olga = site.world, Browser(site.app, Cast.olga)
    roster = f"/rosters/cohorts/{world.group}"
    keys = [preview(olga, BATCH_16) for _ in range(3)]
    asked = next(iter(find(site.app, keys[0]).questions))
    for key in keys[1:]:
        olga.post(f"/rosters/imports/{key}/cohorts/{asked}", {"cohort": world.group})
        run_jobs(site.app)
    commit(olga, keys[2])
    olga.post(f"{roster}/codes")
    code = re.search(r"<code dir=\"ltr\">([^<]+)", olga.get(f"{roster}/codes").text)[1]
    invitation = Browser(site.app).post("/invitation", {"code": code}).location
    steps = [f"/rosters/imports/{key}" for key in keys]
    return [
        *steps, f"{steps[0]}/cohorts/{asked}", f"{steps[1]}/rows", f"{roster}?q=nobody", "/rosters/rates?by=country",
        f"/rosters/duplicates/{world.entry}/{world.other_entry}", invitation, f"{invitation}/join",
    ]  # fmt: skip


def _appeal_addresses(site) -> list[str]:
    """A decision about Bob, before he appeals and after."""
    bob, mona = Browser(site.app, Cast.bob), Browser(site.app, Cast.mona)
    keys = []
    for reporter in (Cast.alice, Cast.carol):
        what = {"member": site.world.bob, "reason": "false"}
        key = Browser(site.app, reporter).send("/api/v1/reports", what).json["key"]
        mona.send(f"/api/v1/reports/{key}/take")
        mona.send(f"/api/v1/reports/{key}/decide", {"decision": "warned", "rule": "false", "reason": "Not your name."})
        keys.append(key)
    bob.send(f"/api/v1/appeals/{keys[1]}", {"words": "It is my name."})
    return [*(f"/appeals/{key}" for key in keys), f"/moderation/{keys[1]}", "/moderation?state=appealed"]


def _vouch_addresses(site) -> list[str]:
    """What Nia's claim asks of those who were there."""
    Browser(site.app, Cast.nia).post(f"/claims/{site.world.claim}/vouchers")
    run_jobs(site.app)
    with site.app.app_context():
        keys = db.session.scalars(sa.select(Vouch.key)).all()
        db.session.remove()
    return [f"/vouch/{key}" for key in keys]


def _event_addresses(site) -> list[str]:
    """A series, and the pages of somebody without an account who comes to an open event."""
    world, alice = site.world, Browser(site.app, Cast.alice)
    weekly = filled(once=new_key(), repeats="weekly", until=in_days(50)[:10])
    slug = alice.post(f"/events/new?group={world.group}", weekly).location.rpartition("/")[2]
    series = alice.get(f"/api/v1/events/{slug}").json["series"]
    alice.post(f"/events/{world.open_event}/answers/rules", {"takes_visitors": "y", "lets_small_ahead": "1"})
    guest = {"name": "Nang Htwe", "email": "visitor@example.org"}
    Browser(site.app).post(f"/events/{world.open_event}/visit", guest)
    with site.app.app_context():
        token = signer().sign("visit", db.session.scalars(sa.select(Visitor.key)).one())
        db.session.remove()
    return [f"/events/series/{series}", f"/events/{slug}/edit", f"/events/{world.open_event}/visit", f"/visit/{token}"]


def _letter_addresses(site) -> list[str]:
    """What the links of letters to Bob open, and one that he reads here."""
    with site.app.app_context():
        bob = find_by_email(Cast.bob)
        facts = {"group": "JENESYS2016", "slug": site.world.group}
        kept = {"template": "groups/admitted", "facts": facts, "reference": "1.1", "written_at": clock.now()}
        db.session.add(KeptLetter(account_id=bob.id, key="kept", **kept))
        db.session.commit()
        token = signer().sign
        pages = [
            f"stop/{token('stop-letters', [bob.handle, 'news', site.world.group])}",
            f"address/{token('address', [bob.id, bob.email])}",
            f"profile/{token('profile', bob.id)}",
        ]
        addresses = [f"/address/{token('new-address', 1)}", f"/address/back/{token('old-address', 1)}"]
        db.session.remove()
    return ["/me/letters/kept", *addresses, *(f"/letters/{page}" for page in pages)]


def _circular_addresses(site) -> list[str]:
    """A draft of Alice's, and one that went out."""
    alice, keys = Browser(site.app, Cast.alice), []
    for number in range(2):
        words = {"language": "en", "title": f"Reunion {number}", "body": "Come to *Vientiane*."}
        written = {"reach": f"group:{site.world.group}", "main": "en", "versions": [words]}
        keys.append(alice.send("/api/v1/circulars", written).json["key"])
    alice.send(f"/api/v1/circulars/{keys[1]}/plan", {"zone": "UTC"})
    return [f"/circulars/{keys[0]}", f"/circulars/{keys[0]}/edit", f"/circulars/{keys[1]}"]


def _reader(readers: dict[str, Browser], address: str) -> str:
    """Who opens it: the first of the cast who does, a member before a guest."""
    return next((who for who, reader in readers.items() if reader.get(address).status_code == 200), "")


def test_nearly_every_page_is_opened(pages):
    assert len(pages) > 80
    assert {who for _address, who in pages} == set(WHO)


@pytest.mark.timeout(600)  # every page there is
@pytest.mark.parametrize(("turn", "width", "language", "scheme"), [(0, 360, "en", "light"), (1, 1280, "ja", "dark")])
def test_every_page_is_light_and_axe_finds_nothing(visit, pages, turn, width, language, scheme):
    """Every page is opened small; axe, which takes its time, looks at a quarter of them small and at an eighth wide.

    `AXE=1 pytest tests/e2e/test_pages.py` lets it look at every page.
    """
    axe, found, tabs = Axe(), [], {}
    for number, (address, who) in enumerate(pages):
        is_looked_at = number % (2 * AXE) == 1 % (2 * AXE) if turn else number % AXE == 0
        if turn and not is_looked_at:
            continue
        if who not in tabs:
            page = visit(WHO[who], width=width, color_scheme=scheme, locale=language)
            tabs[who] = page, sizes_of_requests(page)
        page, sizes = tabs[who]
        page.goto("about:blank")
        sizes.clear()
        page.goto(address, wait_until="load")
        is_heavy = sum(sizes) > FIRST_VISIT_MOST or len(sizes) > REQUESTS_MOST or max(sizes) > HTML_MOST
        if is_heavy and not address.startswith("/dev"):
            found.append(f"{address}: {sizes} bytes")
        if is_looked_at:
            result = axe.run(page, options=OPTIONS)
            found += [f"{address}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in result.response["violations"]]
        if page.locator("h1").count() != 1:
            found.append(f"{address} has not one h1")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{address}: {over} px over the edge at {width}")
    assert found == []


def sizes_of_requests(page) -> list[int]:
    """The compressed bytes of whatever the page fetches from now on, each time as on a first visit."""
    sizes: list[int] = []

    def weigh(event) -> None:
        if event["encodedDataLength"]:  # an image that stands inside the style sheet is no request
            sizes.append(int(event["encodedDataLength"]))

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", weigh)
    return sizes


def test_a_form_with_errors_and_an_empty_page_are_fine_too(visit):
    page = visit(width=320)
    page.goto("/signup")
    page.get_by_role("button", name="Sign up").last.click()
    assert page.title().startswith("Error:")
    result = Axe().run(page, options=OPTIONS)
    assert [v["id"] for v in result.response["violations"]] == []
    assert page.evaluate("document.activeElement.closest('[role=alert]') !== null")


def test_right_to_left_and_printed(visit):
    page = visit(Cast.bob, width=360)
    page.goto("/groups/jenesys2016-batch-16")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(media="print")
    assert not page.locator("header nav").first.is_visible()
