"""The store of files, on a disk and on a real S3 server that the test starts."""

import os
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from alumni import create_app
from alumni.core import clock, storage
from alumni.core.storage import StorageAway, open_store
from config import for_tests

LATER = timedelta(hours=1)


@pytest.fixture(scope="module")
def bucket():
    """The address of a bucket, on a server that speaks S3 over HTTP."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="alumni")
        yield f"s3://alumni/some/where?endpoint={endpoint}&region=us-east-1"
    server.stop()


@pytest.fixture(params=["file", "s3"])
def store(request, tmp_path):
    url = request.getfixturevalue("bucket") if request.param == "s3" else f"file:{tmp_path / 'files'}"
    store = open_store(url)
    yield store
    for names in store.names(beneath="", before=clock.now() + LATER):
        for name in names:
            store.delete(name)


def all_names(store, beneath="", before=LATER):
    return sorted(name for names in store.names(beneath=beneath, before=clock.now() + before) for name in names)


def test_what_is_put_is_read(store):
    store.put("pictures/ab/abc-48.webp", b"\0\xff" * 5000)
    assert store.read("pictures/ab/abc-48.webp") == b"\0\xff" * 5000
    store.put("pictures/ab/abc-48.webp", b"")
    assert store.read("pictures/ab/abc-48.webp") == b""


def test_what_is_deleted_is_gone_and_deleting_it_again_does_no_harm(store):
    store.put("a/b", b"x")
    store.delete("a/b")
    assert store.read("a/b") is None
    store.delete("a/b")
    assert store.read("never/there") is None


def test_names_are_listed_by_folder_and_age(store):
    for name in ("pictures/ab/1", "pictures/cd/2", "others/3"):
        store.put(name, b"x")
    assert all_names(store, "pictures") == ["pictures/ab/1", "pictures/cd/2"]
    assert all_names(store) == ["others/3", "pictures/ab/1", "pictures/cd/2"]
    assert all_names(store, before=-LATER) == []


def test_a_thousand_names_come_in_parts(tmp_path):
    store = open_store(f"file:{tmp_path}")
    (tmp_path / "many").mkdir()
    for number in range(1200):
        (tmp_path / "many" / str(number)).write_bytes(b"x")
    parts = list(store.names(beneath="many", before=clock.now() + LATER))
    assert sum(map(len, parts)) == 1200
    assert max(map(len, parts)) <= 500


def test_on_a_disk_it_has_reached_the_disk(tmp_path, monkeypatch):
    """The file, and each folder that leads to it, are synced before `put` returns."""
    store, synced, sync = open_store(f"file:{tmp_path}"), [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda opened: (synced.append(str(Path(f"/proc/self/fd/{opened}").readlink())), sync(opened))
    )
    store.put("a/b/c", b"x")
    assert synced == [str(tmp_path / path) for path in ("a/b/c", "a/b", "a")] + [str(tmp_path)]


@pytest.mark.parametrize("name", ["../outside", "a/../../outside", "/../outside"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    store = open_store(f"file:{tmp_path / 'files'}")
    (tmp_path / "outside").write_bytes(b"secret")
    with pytest.raises(ValueError):
        store.read(name)


def test_a_server_that_is_away_is_said_so():
    store = open_store("s3://alumni?endpoint=http://127.0.0.1:9&region=us-east-1")
    for act in (
        lambda: store.put("a", b"x"),
        lambda: store.read("a"),
        lambda: store.delete("a"),
        lambda: all_names(store),
    ):
        with pytest.raises(StorageAway):
            act()


def test_a_bucket_that_is_not_there_is_said_so(bucket):
    with pytest.raises(StorageAway):
        open_store(bucket.replace("alumni", "nowhere", 1)).put("a", b"x")


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    store = open_store(f"file:{tmp_path}")
    (tmp_path / "a").write_bytes(b"a file where a folder should be")
    with pytest.raises(StorageAway):
        store.put("a/b", b"x")


@pytest.mark.parametrize("url", ["", "ftp://x/y", "s3:///prefix", "s3://b?endpiont=http://x", "s3://b?secret"])
def test_an_address_that_is_not_understood_is_refused(url):
    with pytest.raises(ValueError):
        open_store(url)


def test_the_app_chooses_the_store(tmp_path):
    create_app(for_tests(database_url="sqlite://", instance=tmp_path))
    storage.files().put("a", b"x")
    assert (tmp_path / "files" / "a").read_bytes() == b"x"
