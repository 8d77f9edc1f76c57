"""A real server on a real port, and a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from alumni import create_app, worker
from alumni.core.db import db
from tests.browser import Browser
from tests.conftest import Databases, config_for
from tests.permissions import World, make_world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync".split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What scripts do does not depend on the database: with both, a journey is gone once with scripts and once without.
    items[:] = [item for item in items if "[postgresql-without scripts" not in item.nodeid]
    for item in items:
        if "e2e" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.browser)
            # One browser and one server for each engine: its tests stay on one worker.
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


@dataclass
class Site:
    """The product, running, with the cast in it and the catalogue behind it."""

    url: str
    app: Flask
    world: World

    def secret_of(self, email: str) -> str:
        return Browser(self.app).sign_in(email)

    def deliver(self, address: str) -> list[str]:
        """Runs the worker; the texts of the letters to this address, newest last."""
        with self.app.app_context():
            worker.run_due()
            db.session.remove()
        folder = self.app.config["ALUMNI"].instance / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda f: f.stat().st_mtime_ns)
        letters = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [letter.get_body(("plain",)).get_content() for letter in letters if address in letter["To"]]


@pytest.fixture(scope="session")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app = create_app(config_for(databases.fresh(), tmp_path_factory.mktemp("site")))
    with app.app_context():
        db.session.configure(join_transaction_mode="conditional_savepoint")
        world = make_world()
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app, world)
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Site, chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """`visit("alice@example.org", scripts=False, width=360)` is a page in which Alice is signed in."""
    contexts: list[BrowserContext] = []

    def open_page(email: str = "", *, scripts: bool = True, width: int = 1280, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=site.url, java_script_enabled=scripts, viewport={"width": width, "height": 800}, **options
        )
        contexts.append(context)
        context.set_default_timeout(8_000)
        if email:
            context.add_cookies([{"name": "session", "value": site.secret_of(email), "url": site.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
