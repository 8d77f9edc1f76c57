"""A small map of the world: the outline of the land, and where each country is. `tools/atlas.py` makes the data."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
WIDTH: int = _DATA["width"]
HEIGHT: int = _DATA["height"]
LAND: str = _DATA["land"]  # what the `d` of a path holds
PLACES: dict[str, tuple[int, int]] = {code: (x, y) for code, (x, y) in _DATA["places"].items()}
LEAST, MOST = 2.5, 20.0  # radius


@dataclass(frozen=True, slots=True)
class Circle:
    """A country on the map; its area stands for how many there are."""

    country: str
    n: int
    x: int
    y: int
    r: float


def circles(counts: Mapping[str, int]) -> list[Circle]:
    """One for each country that has a place on the map, the largest first, so that a small one lies on top."""
    most = max(counts.values(), default=1)
    return [
        Circle(code, n, *PLACES[code], round(max(LEAST, MOST * math.sqrt(n / most)), 1))
        for code, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if code in PLACES
    ]
