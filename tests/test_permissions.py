"""`docs/permissions.md` is true: each deed, tried by each of the cast, on both engines."""

import os

import pytest

from alumni.core.db import db
from tests.permissions import DEEDS, DOCUMENT, SIGNS, WHO, document, make_world, try_deed

answers: dict[str, dict[str, str]] = {}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
def test_the_document_says_what_happens(app, deed):
    with app.app_context():
        world = make_world()
    row = {}
    for who in WHO:
        # Each tries it in a world where nobody has done it yet.
        with app.app_context():
            savepoint = db.engine.begin_nested()
        row[who] = try_deed(app, deed, who, world)
        with app.app_context():
            db.session.remove()
        savepoint.rollback()
    assert "yes" in row.values(), f"nobody may {deed.words}: {row}"
    if os.environ.get("WRITE_PERMISSIONS"):
        answers[deed.words] = row
        if len(answers) == len(DEEDS):
            DOCUMENT.write_text(document(answers))
        return
    line = f"| {deed.words} | {' | '.join(SIGNS.get(a, a) for a in row.values())} |"
    assert line in DOCUMENT.read_text(), line
