"""The log leaves the house."""

from typing import Any

from alumni.core import audit
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.moderation import policy


def log_export(actor: Viewer, *, rows: int, wanted: dict[str, str]) -> None:
    """Writes down that a part of the log leaves the house, and which."""
    require(policy.can_moderate(actor), "moderator")
    narrowed = {name: value for name, value in wanted.items() if value}
    facts: dict[str, Any] = {"rows": rows} | ({"narrowed": narrowed} if narrowed else {})
    audit.record(actor, "log.export", "log", **facts)
