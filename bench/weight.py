"""`python -m bench.weight`: bytes and requests of a first visit to every page, as Chromium counts them."""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from alumni.core.db import db
from alumni.programmes.models import Programme
from bench.scene import Scene, find_scene, product
from bench.servers import free_port, serve
from bench.worlds import build

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
HTML_BYTES = 14_000  # compressed, with its headers: the first round trip of a connection
VISIT_BYTES = 30_000
REQUESTS = 4
MEMBERS = 1000
PATIENCE_S = 5
ARGUMENT = re.compile(r"/([a-z-]+)/<[^>]+>")


@dataclass(frozen=True)
class Visit:
    """What came over the wire when a page was opened with an empty cache."""

    path: str
    html: int  # bytes
    total: int  # bytes, of everything
    requests: int

    @property
    def is_within_budget(self) -> bool:
        return self.html <= HTML_BYTES and self.total <= VISIT_BYTES and self.requests <= REQUESTS


def pages(app: Flask, known: dict[str, str], cookie: str = "") -> list[str]:
    """The addresses of the route table that are pages for whoever holds this cookie.

    `known` fills the arguments by the word before them: `{"groups": slug}` for `/groups/<slug>/members`.
    """
    client = app.test_client(use_cookies=False)
    found = []
    for rule in app.url_map.iter_rules():
        path = ARGUMENT.sub(lambda match: f"/{match[1]}/{known.get(match[1], '<>')}", rule.rule)
        if "GET" not in (rule.methods or ()) or "<" in path or path.startswith(("/api/", "/dev/")):
            continue
        path += known.get(path, "")
        answer = client.get(path, headers={"Cookie": cookie} if cookie else {})
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.append(path)
    return sorted(found)


def visit(browser: Browser, base_url: str, path: str, cookie: str = "") -> Visit:
    """Opens a page for the first time and adds up what arrives."""
    context = browser.new_context(service_workers="block")
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": base_url}])
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    documents: set[str] = set()
    waiting: set[str] = set()
    sizes: dict[str, int] = {}

    def begin(event: dict[str, Any]) -> None:
        waiting.add(event["requestId"])
        if event.get("type") == "Document":
            documents.add(event["requestId"])

    def finish(event: dict[str, Any]) -> None:
        waiting.discard(event["requestId"])
        if size := round(event.get("encodedDataLength", 0)):  # nothing crosses the wire for what the cache answers
            sizes[event["requestId"]] = size

    protocol.on("Network.requestWillBeSent", begin)
    protocol.on("Network.loadingFinished", finish)
    protocol.on("Network.loadingFailed", finish)
    page.goto(base_url + path, wait_until="load")
    end = time.monotonic() + PATIENCE_S
    while waiting and time.monotonic() < end:
        page.wait_for_timeout(10)
    context.close()
    html = sum(size for request, size in sizes.items() if request in documents)
    return Visit(path, html, sum(sizes.values()), len(sizes))


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def known_things(app: Flask, scene: Scene) -> dict[str, str]:
    """One of each thing that addresses name, for `pages`."""
    with app.app_context():
        programme = db.session.scalar(sa.select(Programme.slug).order_by(Programme.id).limit(1))
        db.session.remove()
        db.engine.dispose()
    return {
        "groups": scene.group,
        "events": scene.events[0],
        "members": scene.handles[0],
        "programmes": programme or "",
        "/events/new": f"?group={scene.group}",
        "/report": f"?member={scene.handles[0]}",
    }


def draw(title: str, visits: Iterable[Visit]) -> str:
    lines = [f"{title:40} {'HTML':>8} {'all':>8} {'requests':>9}"]
    for seen in visits:
        mark = "" if seen.is_within_budget else "  ▲ over the budget"
        lines.append(f"{seen.path[:40]:40} {seen.html:8,} {seen.total:8,} {seen.requests:9}{mark}")
    return "\n".join(lines)


def main() -> None:
    world = build("sqlite", MEMBERS)
    app = product(world)
    scene = find_scene(app)
    known, member = known_things(app, scene), scene.viewers[0].cookie
    port = free_port()
    with (
        serve(
            "alumni:create_app()", port=port, environment=world.environment(port), log=world.folder / "web.log"
        ) as server,
        chromium() as browser,
    ):
        for title, cookie in (("a guest", ""), ("a member", member)):
            visits = [visit(browser, server.url, path, cookie) for path in pages(app, known, cookie)]
            print(draw(title, visits), end="\n\n")
    print(
        f"Bytes as compressed on the wire, headers included. Budget: HTML {HTML_BYTES:,}, all {VISIT_BYTES:,}", end=""
    )
    print(f" in {REQUESTS} requests.")


if __name__ == "__main__":
    main()
