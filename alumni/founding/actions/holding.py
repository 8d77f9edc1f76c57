"""Holding the row of a founding: papers change only while it is a draft, and it moves only from where it is."""

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.founding.models import Founding, FoundingState


class FoundingMoved(DomainError):
    """It is handed in, decided or withdrawn by now."""


def hold(founding: Founding, *states: FoundingState) -> None:
    """Raises FoundingMoved if it is in none of the states by now."""
    row = sa.select(Founding).where(Founding.id == founding.id).with_for_update()
    now = db.session.scalars(row.execution_options(populate_existing=True)).one()
    if now.state not in states:
        raise FoundingMoved
