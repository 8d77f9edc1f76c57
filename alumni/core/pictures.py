"""From what somebody uploads to pictures made anew, without a trace of where they come from.

A picture is decoded in a process of its own (`squares.py`), with little memory, little time, no file to write and
no secret to read: a hostile one costs itself. What comes out is made anew from pixels: no EXIF, no place, no
comment, no thumbnail, nothing that stood behind the image.
"""

import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from alumni.core.errors import Invalid

SIZES = (48, 128, 384)  # px: in a list, on a page, twice as dense
FOLDER = "pictures"  # of the store
NAME_LETTERS = 26  # nobody guesses 128 bits
MEDIA_TYPE = "image/webp"  # every browser since 2020 reads it, and it is a third smaller than JPEG
MOST_BYTES = 8 * 1024 * 1024
LEAST_SIDE = 48  # px
LONGEST_SIDE = 2000  # px, of a whole one
MOST_SECONDS = 20  # of the clock on the wall, where the machine is busy; its own time is limited by squares.py
PROBLEMS = frozenset({"picture-unreadable", "picture-pixels", "picture-small"})


@dataclass(frozen=True, slots=True)
class View:
    """A picture made anew, whole."""

    file: bytes
    width: int
    height: int


_one_at_a_time = threading.BoundedSemaphore()
_PROGRAM = Path(__file__).with_name("squares.py")


def file_of(name: str, size: int) -> str:
    """Where the picture of this name lies in one of its sizes."""
    return f"{FOLDER}/{name[:2]}/{name}-{size}.webp"


def name_of(file: str) -> str:
    """The name of the picture to which a file belongs."""
    return file.rpartition("/")[2].partition("-")[0]


def derive(data: bytes) -> dict[int, bytes]:
    """A square picture in each size. Raises Invalid("picture") for what is too large or no picture that we read."""
    if not data:
        raise Invalid("picture", "picture-none")
    if len(data) > MOST_BYTES:
        raise Invalid("picture", "picture-bytes", most=MOST_BYTES // 1024**2)
    return dict(zip(SIZES, _decode(data, "squares", *map(str, SIZES)), strict=True))


def derive_views(data: bytes, *longest: int) -> list[View]:
    """All of a picture, its longer side at most so long, one for each. Raises Invalid("picture")."""
    if not data:
        raise Invalid("picture", "picture-none")
    if len(data) > MOST_BYTES:
        raise Invalid("picture", "picture-bytes", most=MOST_BYTES // 1024**2)
    return [View(file, *_size(file)) for file in _decode(data, "views", *map(str, longest))]


def _size(webp: bytes) -> tuple[int, int]:
    """Width and height from the header of a WebP that `squares.py` made: lossy, without transparency."""
    width, height = struct.unpack_from("<HH", webp, 26)
    return width & 0x3FFF, height & 0x3FFF


def derive_whole(data: bytes) -> bytes:
    """All of a picture, large enough to read a page by. Raises Invalid("picture") for no picture that we read."""
    return _decode(data, "whole", str(LONGEST_SIDE))[0]


def _decode(data: bytes, *wanted: str) -> list[bytes]:
    command = [sys.executable, "-I", str(_PROGRAM), *wanted]
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, and no word of it comes from outside
                command, input=data, capture_output=True, env={}, timeout=MOST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Invalid("picture", "picture-unreadable") from error
    if done.returncode == 1:  # neither a refusal nor the end that a limit makes: the program itself is broken
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    if done.returncode:
        told = done.stdout.decode("ascii", "replace")
        raise Invalid("picture", told if told in PROBLEMS else "picture-unreadable", least=LEAST_SIDE)
    return _parts(done.stdout)


def _parts(packed: bytes) -> list[bytes]:
    """What `squares.py` writes: each file after its length."""
    parts, at = [], 0
    while at < len(packed):
        (length,) = struct.unpack_from(">I", packed, at)
        parts.append(packed[at + 4 : at + 4 + length])
        at += 4 + length
    return parts
