"""Which events take people without an account, and who reads their names."""

import sqlalchemy as sa

from alumni.events.models import Event, EventAudience, EventState


def open_to_visitors() -> sa.ColumnElement[bool]:
    """Clause on Event: its organisers said so, and it is open to everybody."""
    return sa.and_(
        Event.takes_visitors,
        Event.audience == EventAudience.PUBLIC,
        Event.state == EventState.PUBLISHED,
        Event.hidden_at.is_(None),
        sa.not_(Event.is_by_invitation),
        sa.not_(Event.needs_approval),
    )
