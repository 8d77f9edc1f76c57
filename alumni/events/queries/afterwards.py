"""What came of an event: only a higher room knows, and the assembler says whom to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alumni.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What the page of an event leads to once it has begun, as one viewer may see it."""

    has_report: bool = False
    asks: bool = False  # the viewer how it was
    group_slug: str = ""  # of the group in which its people go on
    group_name: str = ""


def _nothing(_viewer: Viewer, _event: Any) -> Afterwards:
    return Afterwards()


_find: Callable[[Viewer, Any], Afterwards] = _nothing


def ask_what_came_of_events(find: Callable[[Viewer, Any], Afterwards]) -> None:
    """The assembler says how one finds out: a higher room knows."""
    global _find
    _find = find


def what_came_of(viewer: Viewer, event: Any) -> Afterwards:
    return _find(viewer, event)
