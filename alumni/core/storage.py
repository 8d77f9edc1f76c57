"""The store of files: a folder of this machine, or a bucket of S3 or of what speaks like it. The same calls for both.

Files are written before the row that names them and deleted after the commit that forgets them: a file without
a row is harmless, a row without its file is not. What was put is there after a loss of power.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from alumni.core.errors import DomainError

PATIENCE = timedelta(seconds=10)  # a request waits for the store no longer than this, tries again included
AWAY = (BaseError, OSError)


class StorageAway(DomainError):
    """The store does not answer, or is full. Nothing was changed; try again."""

    status = 503


class Store:
    """Files by name. Names are made by us of letters, digits, `-`, `.` and `/`."""

    def __init__(self, files: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._files, self._folder = files, folder

    def put(self, name: str, data: bytes) -> None:
        """Writes a file. When this returns, it is on the disk or in the bucket."""
        try:
            obstore.put(self._files, name, data)
            if self._folder is not None:
                _reach_the_disk(self._folder / name, self._folder)
        except AWAY as error:
            raise StorageAway from error

    def read(self, name: str) -> bytes | None:
        """The file, or None when there is none."""
        try:
            return bytes(obstore.get(self._files, name).bytes())
        except FileNotFoundError:
            return None
        except AWAY as error:
            raise StorageAway from error

    def delete(self, name: str) -> None:
        """Deletes a file. One that is gone already does no harm."""
        try:
            obstore.delete(self._files, name)
        except FileNotFoundError:
            return
        except AWAY as error:
            raise StorageAway from error

    def names(self, *, beneath: str, before: datetime) -> Iterator[list[str]]:
        """Names of the files of a folder that were last written before an instant, some hundreds at a time."""
        try:
            for files in obstore.list(self._files, prefix=beneath, chunk_size=500):
                yield [file["path"] for file in files if file["last_modified"] < before]
        except AWAY as error:
            raise StorageAway from error


def open_store(url: str) -> Store:
    """`file:folder`, or `s3://bucket/prefix?endpoint=…&region=…` with its keys in AWS_ACCESS_KEY_ID and the like."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path)).resolve()
        return Store(LocalStore(folder, mkdir=True, automatic_cleanup=False), folder)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("STORAGE_URL: file:folder or s3://bucket/prefix")
    wanted: dict[str, Any] = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    if unknown := set(wanted) - {"endpoint", "region"}:
        raise ValueError(f"STORAGE_URL: unknown {', '.join(sorted(unknown))}")
    is_plain = wanted.get("endpoint", "").startswith("http://")
    files = S3Store(
        parts.netloc,
        prefix=unquote(parts.path).strip("/") or None,
        client_options={"allow_http": is_plain, "timeout": PATIENCE / 2, "connect_timeout": PATIENCE / 4},
        retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
        **wanted,
    )
    return Store(files)


def _reach_the_disk(file: Path, root: Path) -> None:
    """The content, and the entries of the folders that lead to it, survive the power."""
    for path in (file, *(folder for folder in file.parents if folder.is_relative_to(root))):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


_store: Store | None = None


def keep_files_in(url: str) -> Store | None:
    """Chooses the store of this process, and says which it was before."""
    global _store
    before, _store = _store, open_store(url)
    return before


def files() -> Store:
    """The store of this installation."""
    if _store is None:
        raise RuntimeError("the app chooses the store: keep_files_in")
    return _store
