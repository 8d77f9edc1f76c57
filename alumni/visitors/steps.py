"""What the page and the JSON door have in common."""

from typing import Any

from alumni.core import limits
from alumni.core.db import db
from alumni.visitors import actions
from alumni.visitors.actions import Visit
from alumni.web.gate import network


def ask_to_come(event: Any, visit: Visit) -> None:
    """Counts the try, then promises the letter. Raises TooMany."""
    try:
        limits.count("visit", network=network(), address=visit.email)
    finally:
        db.session.commit()
    actions.ask_to_come(event=event, visit=visit)
    db.session.commit()
