"""Which claims wait for an entry: asked by the figures of rosters, which know nothing of claims."""

from typing import Any

import sqlalchemy as sa

from alumni.claims.models import Case
from alumni.core.db import there_is
from alumni.members.models import Participation
from alumni.members.policy import WAITING


def claim_waits(entry_id: Any) -> sa.ColumnElement[bool]:
    """Clause: somebody says that they are who this entry names, and nobody has decided. Give a column."""
    waits = there_is(Participation, Participation.id == Case.participation_id, Participation.state.in_(WAITING))
    return there_is(Case, Case.entry_id == entry_id, waits)
