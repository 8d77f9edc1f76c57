"""Papers as PDF, with names in any script. Lengths are millimetres, sizes of letters points."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from alumni.core.errors import DomainError

DRAWING = Path(__file__).with_name("drawing.py")
LONGEST_S = 60
NO_FONT = 3


class FontsMissing(DomainError):
    """This installation has no font for some of the letters."""

    status = 503


@dataclass(frozen=True, slots=True)
class Text:
    """A line, made smaller until it fits its width. `align`: L, C or R; `grey`: 0 is black, 255 white."""

    text: str
    x: float
    y: float
    width: float
    size: float = 11
    align: str = "C"
    grey: int = 0
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Square:
    """A text as a QR code."""

    text: str
    x: float
    y: float
    width: float
    kind: str = "square"


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle; `size`: how thick its line is, in millimetres."""

    x: float
    y: float
    width: float
    height: float
    size: float = 0.2
    grey: int = 150
    kind: str = "frame"


Item = Text | Square | Frame


@dataclass(frozen=True, slots=True)
class Paper:
    """Pages of A4, upright or wide."""

    title: str
    language: str  # BCP 47
    is_wide: bool = False
    pages: list[list[Item]] = field(default_factory=list)


def as_pdf(paper: Paper, *, fonts: str) -> bytes:
    """The file, with the fonts in this folder and below. Raises FontsMissing with the letters that none of them has."""
    described: dict[str, Any] = asdict(paper)
    run = subprocess.run(  # noqa: S603 - our own file, and no word of anybody on the command line
        [sys.executable, "-I", str(DRAWING), fonts],
        input=json.dumps(described).encode(),
        capture_output=True,
        timeout=LONGEST_S,
        check=False,
    )
    if run.returncode == NO_FONT:
        raise FontsMissing(letters=run.stderr.decode()[:40])
    run.check_returncode()
    return run.stdout
