"""The drill: whoever was erased after a backup is erased again when it is restored."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock, storage
from alumni.core.db import db
from alumni.members.models import Member
from alumni.mydata import actions
from alumni.mydata.actions.lists import FILE
from alumni.mydata.models import Closing
from alumni.posts.models import Post
from tests.core.places import Place


def erase_somebody(place: Place) -> tuple[str, str]:
    """Somebody who wrote posts closes their account there, and is erased: the handle and the name."""
    with place.app.app_context():
        author = db.session.scalar(sa.select(Post.author_id).where(Post.author_id.is_not(None)).limit(1))
        handle = db.session.get_one(Account, author).handle
        name = db.session.get_one(Member, author).name
        db.session.add(Closing(account_id=author, keeps_posts=False, erase_at=clock.now()))
        for _ in actions.erase_due(clock.now()):
            db.session.commit()
    return handle, name


@pytest.mark.alone
def test_whoever_was_erased_stays_erased(backup: Path, elsewhere, databases, tmp_path: Path) -> None:
    here, there = elsewhere(databases.engine), elsewhere(databases.engine)
    assert here.run("restore", backup).exit_code == 0
    handle, name = erase_somebody(here)
    said = tmp_path / "erasures.jsonl"
    assert here.run("erasures", said).exit_code == 0
    assert handle in said.read_text()
    assert name not in said.read_text()

    # The list lies beside the backup on one machine, and in the store on the other.
    if databases.engine == "sqlite":
        restored = there.run("restore", backup, "--erasures", said)
    else:
        storage.keep_files_in(f"file:{there.folder}/instance/files")
        storage.files().put(FILE, said.read_bytes())
        restored = there.run("restore", backup)
    assert restored.exit_code == 0, restored.output
    assert "erased after this backup: 1." in restored.output
    with there.app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.handle == handle)).one()
        assert account.state == AccountState.CLOSED
        assert db.session.get(Member, account.id) is None
        assert db.session.scalar(sa.select(sa.func.count()).where(Post.author_id == account.id)) == 0
    assert handle in there.run("erasures").output
    assert handle.encode() in there.files()[FILE]


@pytest.mark.alone
def test_a_list_that_cannot_be_read_restores_nothing(backup: Path, elsewhere, databases, tmp_path: Path) -> None:
    said = tmp_path / "erasures.jsonl"
    said.write_text("Bob\n")
    place = elsewhere(databases.engine)
    refused = place.run("restore", backup, "--erasures", said)
    assert refused.exit_code == 1
    assert "Nothing was restored. The list of erasures cannot be read" in refused.output
    with place.app.app_context():
        assert sa.inspect(db.engine).get_table_names() == []
