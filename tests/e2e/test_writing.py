"""Writing in a browser: what was typed is there again, whatever happens between."""

import pytest
from playwright.sync_api import expect

from alumni.core.tokens import new_key
from tests.cast import Cast

POSTS = "/groups/jenesys2016-batch-16/posts"

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


def test_what_was_typed_survives_a_session_that_ended(site, visit):
    words = f"Half a thought {new_key()}"
    bob = visit(Cast.bob)
    bob.goto(POSTS)
    bob.get_by_label("Write to the group").fill(words)
    bob.context.clear_cookies()
    bob.get_by_role("button", name="Post it").click()
    expect(bob.get_by_role("main")).not_to_contain_text(words)  # it was refused
    bob.context.add_cookies([{"name": "session", "value": site.secret_of(Cast.bob), "url": site.url}])
    bob.goto(POSTS)
    expect(bob.get_by_label("Write to the group")).to_have_value(words)
    bob.get_by_role("button", name="Post it").click()
    expect(bob.get_by_role("main")).to_contain_text(words)
    expect(bob.get_by_label("Write to the group")).to_have_value("")


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_draft_is_kept_and_answered_from_a_phone(site, visit, scripts):
    words = f"Who comes along {new_key()}"
    bob = visit(Cast.bob, scripts=scripts, width=360)
    bob.goto(POSTS)
    bob.get_by_label("Write to the group").fill(words)
    bob.get_by_role("button", name="Keep as a draft").click()
    expect(bob.get_by_label("Write to the group")).to_have_value(words)
    bob.get_by_role("button", name="Post it").click()
    alice = visit(Cast.alice, scripts=scripts)
    alice.goto(POSTS)
    alice.locator("li", has_text=words).get_by_role("link", name="Answers to the post").click()
    alice.get_by_label("Your answer").fill("I do.")
    alice.get_by_role("button", name="Answer").click()
    expect(alice.get_by_role("main")).to_contain_text("I do.")
    alice.get_by_text("As an organiser").click()
    alice.get_by_role("button", name="Keep it on top").click()
    bob.goto(POSTS)
    expect(bob.get_by_role("heading", name="On top")).to_be_visible()
    expect(bob.locator("li", has_text=words)).to_contain_text("1 answer")
