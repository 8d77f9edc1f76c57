"""Who has looked at what: a line in the log for each page and each export that shows entries."""

from alumni.core import audit
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.rosters import policy


def log_look(actor: Viewer, subject: str, *, rows: int) -> None:
    """Some rows of a roster, or of a file on its way in, were shown."""
    require(policy.can_see_rosters(actor), "officer")
    audit.record(actor, "roster.look", subject, rows=rows)


def log_export(actor: Viewer, subject: str, *, rows: int, form: str) -> None:
    """Some rows went out as a file."""
    require(policy.can_see_rosters(actor), "officer")
    audit.record(actor, "roster.export", subject, rows=rows, form=form)
