"""Whatever is sent, the answer is one of ours: never a crash, never a trace of the inside.

`WEAR=200000 pytest tests/wear` sends so many requests to each engine; `SEED=…` sends others.
"""

from __future__ import annotations

import os
import random

import pytest

from alumni import create_app
from alumni.core.db import db
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import config_for, forgetting
from tests.permissions import make_world
from tests.wear.requests import Wear

MANY = int(os.environ.get("WEAR", "250"))
SEED = int(os.environ.get("SEED", "20261127"))
INSIDE = (b"Traceback (most", b"sqlalchemy.", b"psycopg.", b"jinja2.", b"werkzeug.")


@pytest.fixture(scope="module")
def worn(databases):
    """An app with everything in it, its database forgetting, and whoever signs in there."""
    made = create_app(config_for(databases.fresh(), databases.folder))
    with made.app_context():
        db.session.configure(join_transaction_mode="conditional_savepoint")
        world = make_world()
        db.session.remove()
    with forgetting(made):
        readers = {who: Browser(made, who) for who in Cast.everybody}
        yield made, Wear(made, world, random.Random(SEED)), readers
    with made.app_context():
        db.engine.dispose()


def told_apart(app, browser: Browser) -> dict[str, str]:
    """The headers that say who sends it: no answer changes them, not even that to signing out."""
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.client._cookies.values())
    return {"X-CSRFToken": browser.token()} | ({"Cookie": cookies} if cookies else {})


@pytest.mark.timeout(0 if MANY > 1000 else 120)
def test_no_request_makes_it_crash(worn):
    app, wear, readers = worn
    if MANY > 1000:
        wear.learn({who: readers[who] for who in (Cast.alice, Cast.olga, Cast.sam, Cast.bob, Cast.nia, Cast.mona)})
    senders = {who: told_apart(app, browser) for who, browser in readers.items()}
    client = app.test_client(use_cookies=False)
    with app.app_context():
        connection = db.engines[None]
    pairs = [(rule, method) for rule in wear.rules for method in sorted(rule.methods - {"OPTIONS", "HEAD"})]
    found = []
    for _ in range(MANY):
        rule, method = wear.chance.choice(pairs)
        who, path, more = wear.request(rule, method)
        more["headers"] = senders[who] | more["headers"]
        before = connection.begin_nested()
        answer = client.open(path, method=method, buffered=True, **more)
        if before.is_active:
            before.rollback()  # what one did away with is there for the next
        is_broken = answer.status_code >= 500 and rule.endpoint != "health.readyz"
        if is_broken or any(text in answer.data for text in INSIDE):
            found.append((answer.status_code, who, method, path[:200], str(more)[:600]))
    assert found == []


@pytest.mark.parametrize("path", ["/groups/a%00b", "/api/v1/groups/a%00b/posts", "/e/%00", "/members/%00"])
def test_an_address_with_a_nul_is_not_there(app, cast, browse, path):
    assert browse(cast.sam).get(path).status_code == 404


def test_a_picture_without_a_profile_is_not_taken(app, cast, browse):
    olga = browse(cast.olga)
    assert olga.post("/me/picture").status_code == 409
    assert olga.post("/me/picture", {"remove": "y"}).status_code == 409
