"""Files that people send for a few to read: a picture made anew from its pixels, or a PDF as it is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from alumni.core import clock, pictures, storage
from alumni.core.errors import Invalid
from alumni.core.tokens import new_key

NAME_LETTERS = 26  # nobody guesses 128 bits
MOST_BYTES = 10 * 1024 * 1024
A_WHILE = timedelta(days=1)  # a file without a row may belong to a change that is not committed yet
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was stored, before any row names it."""

    name: str
    media_type: str
    size: int  # bytes


def keep(folder: str, data: bytes) -> File:
    """Stores a file in a folder of the store. Touches no row: it takes its time.

    What it is shows in the content alone. Raises Invalid("file") for anything else, and StorageAway.
    """
    if not data:
        raise Invalid("file", "evidence-none")
    if len(data) > MOST_BYTES:
        raise Invalid("file", "evidence-bytes", most=MOST_BYTES // 1024**2)
    media_type = PDF if _is_pdf(data) else pictures.MEDIA_TYPE
    if media_type != PDF:
        data = _picture(data)
    name = new_key(NAME_LETTERS)
    storage.files().put(file_of(folder, name), data)
    return File(name, media_type, len(data))


def _is_pdf(data: bytes) -> bool:
    """From its first byte to its last: what is something else as well is refused."""
    return data.startswith(b"%PDF-") and data.rstrip(b"\0\t\r\n ").endswith(b"%%EOF")


def _picture(data: bytes) -> bytes:
    try:
        return pictures.derive_whole(data)
    except Invalid as error:
        known = {"picture-unreadable": "evidence-unreadable"}
        raise Invalid("file", known.get(error.problem, error.problem), **error.facts) from error


def file_of(folder: str, name: str) -> str:
    """Where the file of this name lies in the store."""
    return f"{folder}/{name[:2]}/{name}"


def name_of(file: str) -> str:
    """The name by which a row knows a file."""
    return file.rpartition("/")[2]


def sweep(folder: str, held: Callable[[Collection[str]], set[str]], *, name_of: Callable[[str], str] = name_of) -> int:
    """Deletes the files whose names are not `held` by a row: what a crash or a closed account left behind. How many."""
    gone = 0
    for files in storage.files().names(beneath=folder, before=clock.now() - A_WHILE):
        kept = held({name_of(file) for file in files})
        for file in files:
            if name_of(file) not in kept:
                storage.files().delete(file)
                gone += 1
    return gone
