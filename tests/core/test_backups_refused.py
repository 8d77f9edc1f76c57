"""What a backup is as a file, and what is refused as one."""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
from collections.abc import Callable

import pytest
from flask_migrate import downgrade, upgrade

from alumni.core import backups, storage
from alumni.core.db import Base, db
from alumni.programmes.models import Family
from tests.conftest import ENGINES
from tests.core.places import drift, engine_of, packed, parts_of, refused_with, untouched


def test_it_is_for_its_owner_alone_and_says_what_it_holds(source, backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]
    contents = backups.look_through(backup, read=lambda _bytes: None)
    assert contents.files == len(source.files())
    names = {table.name for table in contents.tables}
    assert names == set(Base.metadata.tables) - {"sign_ins", "pending_sign_ins", "tries"}
    manifest = json.loads(parts_of(backup)["manifest.json"])
    assert sorted(manifest["left_out"]) == ["pending_sign_ins", "sign_ins", "tries"]
    assert manifest["engine"] in ENGINES


def test_an_existing_file_is_kept(source, tmp_path):
    file = tmp_path / "there"
    file.write_bytes(b"mine")
    refused = source.run("backup", file)
    assert (refused.exit_code, "left as it is" in refused.output) == (1, True)
    assert file.read_bytes() == b"mine"


def test_a_backup_that_fails_leaves_nothing(source, tmp_path, monkeypatch):
    def away(_store, _name):
        raise storage.StorageAway

    monkeypatch.setattr(storage.Store, "read", away)
    refused = source.run("backup", tmp_path / "all")
    assert (refused.exit_code, refused.output.splitlines()[-1]) == (
        1,
        "Error: The store does not answer. No backup was written.",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_goes_meanwhile_is_counted(source, tmp_path, monkeypatch):
    read = storage.Store.read
    monkeypatch.setattr(
        storage.Store, "read", lambda store, name: None if name.startswith("posts/cd") else read(store, name)
    )
    done = source.run("backup", tmp_path / "all")
    assert "(1 were deleted meanwhile)" in done.output
    contents = backups.look_through(tmp_path / "all", read=lambda _bytes: None)
    assert contents.files == len(source.files()) - 1


def test_a_database_that_is_not_empty_is_refused(source, backup, elsewhere):
    there = elsewhere(engine_of(source))
    with there.app.app_context():
        upgrade()
        db.session.add(Family(slug="mine", name="Mine", position=1))
        db.session.commit()
        db.session.remove()
    refused = there.run("restore", backup)
    assert "Nothing was restored. The database is not empty: there are rows in families." in refused.output
    rows = there.rows()
    assert [row[1] for row in rows["families"]] == ["mine"]
    assert rows["offers"]
    assert rows["accounts"] == []
    assert there.files() == {}
    assert there.run("restore", backup).exit_code == 1  # and the next time as well


def test_a_migrated_empty_database_is_filled(source, backup, elsewhere):
    there = elsewhere(engine_of(source))
    with there.app.app_context():
        upgrade()
    assert there.run("restore", backup).exit_code == 0
    assert there.run("restore", backup).exit_code == 1
    with there.app.app_context():
        assert drift() == set()


def test_a_store_that_fails_leaves_an_empty_database(source, backup, elsewhere, monkeypatch):
    def full(_store, _name, _data):
        raise storage.StorageAway

    there = elsewhere(engine_of(source))
    with monkeypatch.context() as patch:
        patch.setattr(storage.Store, "put", full)
        refused = there.run("restore", backup)
    assert "Nothing was restored. The store does not answer, or is full." in refused.output
    assert there.rows()["accounts"] == []
    with there.app.app_context():
        assert drift() == set()
    assert there.run("restore", backup).exit_code == 0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_is_refused(source, backup, elsewhere, tmp_path, share):
    whole = backup.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * share)])
    there = elsewhere("sqlite")
    refused = there.run("restore", tmp_path / "cut")
    assert refused.exit_code == 1
    assert re.search(r"Nothing was restored\. (It is cut|Its end is missing)", refused.output)
    untouched(there)


def test_a_file_that_is_something_else_is_refused(elsewhere, tmp_path):
    there = elsewhere("sqlite")
    (tmp_path / "photograph").write_bytes(os.urandom(5000))
    assert "It is cut, damaged or no backup." in there.run("restore", tmp_path / "photograph").output
    (tmp_path / "other.gz").write_bytes(gzip.compress(os.urandom(5000)))
    assert "It is cut, damaged or no backup." in there.run("restore", tmp_path / "other.gz").output
    packed(tmp_path / "other.tar.gz", {"notes.txt": b"a tar of somebody else"})
    assert "it does not begin with a manifest" in there.run("restore", tmp_path / "other.tar.gz").output
    untouched(there)


def test_what_was_changed_is_refused(source, backup, elsewhere, tmp_path):
    there = elsewhere("sqlite")

    def refusal(name: str, change: Callable[[bytes], bytes], *, is_signed: bool = True) -> str:
        parts = parts_of(backup)
        parts[name] = change(parts.get(name, b""))
        return refused_with(there, packed(tmp_path / "changed", parts, sign=is_signed))

    rows = "rows/families/000001.tsv"
    assert "Its checksum is wrong" in refusal(rows, lambda data: data.replace(b"a", b"b", 1), is_signed=False)
    assert "does not hold the" in refusal(rows, lambda data: data + data)
    assert "something that no backup has: files/../x" in refusal("files/../x", lambda _: b"x")
    assert "something that no backup has: notes" in refusal("notes", lambda _: b"x")
    assert "does not hold what it says" in refusal("files/new", lambda _: b"x")
    newer = refusal("manifest.json", lambda data: data.replace(b'"format": 1', b'"format": 2'))
    assert "It has the format 2, and this release reads 1." in newer
    untouched(there)


def test_a_backup_of_a_newer_release_is_refused(source, backup, elsewhere, tmp_path):
    there, parts = elsewhere("sqlite"), parts_of(backup)
    parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | {"revision": "feedfeedfeed"}).encode()
    refused = refused_with(there, packed(tmp_path / "newer", parts, sign=True))
    assert "It comes from a newer release: this one does not know its migration feedfeedfeed." in refused
    untouched(there)


def test_rows_that_do_not_hold_together_are_refused(source, backup, elsewhere, tmp_path):
    """A file that says it is whole and has an account too few."""
    there, parts = elsewhere(engine_of(source)), parts_of(backup)
    accounts = parts["rows/accounts/000001.tsv"].split(b"\n", 1)[1]
    manifest = json.loads(parts["manifest.json"])
    for table in manifest["tables"]:
        table["rows"] -= table["name"] == "accounts"
    parts |= {"manifest.json": json.dumps(manifest).encode(), "rows/accounts/000001.tsv": accounts}
    refused = refused_with(there, packed(tmp_path / "short", parts, sign=True))
    assert "Its rows do not hold together" in refused
    assert there.rows()["accounts"] == []
    with there.app.app_context():
        assert drift() == set()


def test_a_backup_of_an_older_release_is_migrated(source, elsewhere, tmp_path):
    """Also one that was made after the new release came and before its migrations ran."""
    old, there, file = elsewhere(engine_of(source)), elsewhere("sqlite"), tmp_path / "old"
    with old.app.app_context():
        upgrade()
        db.session.add(Family(slug="old", name="Old", position=1))
        db.session.commit()
        db.session.remove()
        downgrade(revision="91c4e6d07a2b")
    assert old.run("backup", file).exit_code == 0
    newer = elsewhere("sqlite")
    with newer.app.app_context():
        upgrade()
    assert "Restore into a database without tables" in newer.run("restore", file).output
    done = there.run("restore", file)
    assert done.exit_code == 0, done.output
    assert "old" in [row[1] for row in there.rows()["families"]]


def test_a_database_without_the_product_is_not_backed_up(elsewhere, tmp_path):
    refused = elsewhere("sqlite").run("backup", tmp_path / "nothing")
    assert (refused.exit_code, "No backup was written." in refused.output) == (1, True)
    assert not (tmp_path / "nothing").exists()
