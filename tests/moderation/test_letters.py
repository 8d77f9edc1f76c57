"""The letters of moderation say what happened, why, and how to answer."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.letters import write_letter

ABOUT = {
    "post": {"kind": "post", "title": "", "url": "/groups/g/posts"},
    "event": {"kind": "event", "title": "Réunion", "url": "/events/e"},
    "member": {"kind": "member", "title": "ບຸນມີ", "url": "/members/m"},
    "group": {"kind": "group", "title": "A circle", "url": "/groups/c"},
}
WHY = {"reason": "Because.", "rule": "", "appeal": "/appeals/k"}
ANSWER = {"reason": "Because.", "appeal": "/appeals/k"}
OUTCOMES = ("upheld", "reversed")
LETTERS = [
    ("decided", {"decision": "none", "is_hidden": False}, "leave it as it is"),
    ("decided", {"decision": "hidden", "is_hidden": True}, "hid it"),
    ("decided", {"decision": "suspended", "is_hidden": False}, "suspended the account"),
    ("decided", {"decision": "suspended", "is_hidden": True}, "hid it, and suspended"),
    ("decided", {"decision": "warned", "is_hidden": False}, "warned the person"),
    ("decided", {"decision": "removed", "is_hidden": True}, "removed it"),
    *((name, WHY, "Because.") for name in ("hidden", "removed", "warned")),
    *((name, WHY | {"rule": "spam"}, "No advertising") for name in ("hidden", "removed", "warned")),
    ("suspended", {**WHY, "until": "2026-12-24", "is_hidden": True}, "24 December 2026"),
    ("suspended", {**WHY, "until": "2026-12-24", "is_hidden": False}, "http://localhost/appeals/k"),
    *(("answered", {**ANSWER, "outcome": outcome, "is_author": True}, "Because.") for outcome in OUTCOMES),
    *(
        ("answered", {**ANSWER, "outcome": outcome, "is_author": False, "reason": ""}, "once more")
        for outcome in OUTCOMES
    ),
    ("restored", {"reason": "Because.", "is_author": True}, "shown again"),
    ("restored", {"reason": "Because.", "is_author": False}, "You told us"),
    ("held", {}, "hidden for now"),
    ("climbed", {"case": "/moderation/k", "is_hidden": True}, "http://localhost/moderation/k"),
    ("climbed", {"case": "/moderation/k", "is_hidden": False}, "your turn"),
    ("lifted", {"reason": "Because."}, "http://localhost/login"),
]


@pytest.mark.parametrize("kind", ABOUT)
@pytest.mark.parametrize(("name", "facts", "says"), LETTERS)
@pytest.mark.parametrize("language", ["en", "ja", "en-XA"])
def test_each_letter_is_whole(app, cast, kind, name, facts, says, language):
    with app.app_context():
        bob = db.session.scalars(sa.select(Account).where(Account.email == cast.bob)).one()
        bob.language = language
        letter = write_letter(bob, f"moderation/{name}", {**ABOUT[kind], **facts}, reference="1")
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].strip()
    assert not text.startswith("\n\n")
    assert "\n\n\n" not in text
    if language == "en":
        assert says in f"{letter['Subject']}\n{text}"
    if facts.get("reason"):
        assert "Because." in text
    if name not in ("lifted", "climbed"):
        assert f"http://localhost{ABOUT[kind]['url']}\n" in text
    if language == "en-XA":
        for line in filter(None, text.splitlines()):
            assert line.startswith(("⟦", "http://localhost", "Because.")), line
