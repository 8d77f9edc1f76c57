"""The file of a backup: a compressed tar that is written and read as a stream, part by part.

`manifest.json` comes first and says what the file should hold; then rows and files; `end.json` comes last and carries
a digest of everything before it, so a file that was cut or changed is known before anything is done with it.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

FORMAT = 1
FIRST, LAST = "manifest.json", "end.json"
QUICKLY = 1  # pictures are compressed already, and rows shrink well at once
BROKEN = (EOFError, OSError, ValueError, zlib.error, tarfile.TarError)


class ArchiveRefused(Exception):
    """The file cannot be used as a backup. The reason is a sentence for whoever runs the installation."""


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner may read, and that has its name only when it is whole and on the disk."""
    opened, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(opened, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            raise FileExistsError(path)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Writing:
    """Writes the parts of an archive, one after the other."""

    def __init__(self, out: IO[bytes], moment: float) -> None:
        self._moment, self._digest = moment, hashlib.sha256()
        self._zipped = gzip.GzipFile("", "wb", compresslevel=QUICKLY, fileobj=out, mtime=moment)
        self._tar = tarfile.open(fileobj=self._zipped, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115 - `close`

    def add(self, name: str, data: bytes) -> None:
        _digest_part(self._digest, name, data)
        self._put(name, data)

    def close(self, end: dict[str, Any]) -> None:
        """The last part: with it the archive is whole."""
        self._put(LAST, json.dumps(end | {"sha256": self._digest.hexdigest()}, indent=1).encode())
        self._tar.close()
        self._zipped.close()

    def _put(self, name: str, data: bytes) -> None:
        part = tarfile.TarInfo(name)
        part.size, part.mode, part.mtime = len(data), 0o600, self._moment
        self._tar.addfile(part, io.BytesIO(data))
        self._tar.members.clear()  # type: ignore[attr-defined] # it would remember every one


def parts(path: Path, *, read: Callable[[int], None] = lambda _bytes: None) -> Iterator[tuple[str, bytes]]:
    """Name and content of each part in turn. `read` is told how many bytes of the file were read."""
    told = 0
    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as zipped, tarfile.open(fileobj=zipped, mode="r|") as tar:
        while part := tar.next():
            content = tar.extractfile(part)
            yield part.name, content.read() if content else b""
            tar.members.clear()  # type: ignore[attr-defined]
            read(raw.tell() - told)
            told = raw.tell()


def check(path: Path, *, read: Callable[[int], None], each: Callable[[str, bytes], None]) -> dict[str, Any]:
    """Reads a whole archive and returns its last part. Raises ArchiveRefused when it is cut, changed or something else.

    `each` is given every part but the last, to look at.
    """
    digest, end = hashlib.sha256(), None
    try:
        for name, data in parts(path, read=read):
            if end is not None:
                raise ArchiveRefused("It goes on after its end.")
            if name == LAST:
                end = json.loads(data)
                continue
            _digest_part(digest, name, data)
            each(name, data)
    except BROKEN as error:
        raise ArchiveRefused("It is cut, damaged or no backup.") from error
    if end is None:
        raise ArchiveRefused("Its end is missing: it is cut, or no backup.")
    if end.get("sha256") != digest.hexdigest():
        raise ArchiveRefused("Its checksum is wrong: something in it was changed.")
    return dict(end)


def _digest_part(digest: Any, name: str, data: bytes) -> None:
    digest.update(f"{name}\n{len(data)}\n".encode())
    digest.update(data)
