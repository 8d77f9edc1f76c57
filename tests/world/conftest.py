"""A world read from the example file, and one made from the catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parent.parent / "data" / "world_small.json"


@pytest.fixture
def described() -> dict[str, Any]:
    """The example as plain data, to be changed by a test."""
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))
