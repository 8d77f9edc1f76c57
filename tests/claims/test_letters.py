"""Letters of the room: each is written in the language of its reader, with a way on and no name of an officer."""

from pathlib import Path

import pytest

from alumni.accounts.queries import find_by_email
from alumni.letters import write_letter
from tests.cast import Cast

FOLDER = Path(__file__).parents[2] / "templates" / "emails" / "claims"
FACTS = {
    "key": "abcdefgh23",
    "programme": "JENESYS2016 16th Batch",
    "reason": "⟦why⟧",
    "question": "⟦what⟧",
    "group": "",
}


@pytest.mark.parametrize("has_it", [True, False])
@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_every_letter(app, cast, name, has_it):
    with app.app_context():
        account = find_by_email(Cast.nia)
        account.language = "en-XA"
        letter = write_letter(account, f"claims/{name}", FACTS | {"has_it": has_it}, reference="1")
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].startswith("⟦")
    assert "http://localhost/" in text
    assert all(line.startswith(("⟦", "http")) for line in text.splitlines() if line)
