"""What has happened to the claims of a demonstration: one was corrected, two name one place."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alumni.claims.models import Case, CaseStep, Step
from alumni.claims.queries import matching
from alumni.core.db import db
from alumni.members.models import Participation
from alumni.rosters.models import RosterEntry


def fill_desk(waiting: Sequence[Participation], now: datetime) -> None:
    """Claims that wait, each with its case; where there are few of them, less has happened."""
    for participation in waiting:
        _step(participation, Step.CLAIMED, participation.claimed_at)
    if waiting:
        _step(waiting[0], Step.CORRECTED, now - timedelta(hours=20))
    if len(waiting) > 1:
        _dispute(waiting[0], waiting[1])
    db.session.flush()


def _step(participation: Participation, step: Step, at: datetime) -> None:
    db.session.add(CaseStep(participation_id=participation.id, step=step, at=at))


def _dispute(first: Participation, second: Participation) -> None:
    """The second says the name of the first."""
    known, other = (db.session.get_one(Case, participation.id) for participation in (first, second))
    entry = db.session.get_one(RosterEntry, known.entry_id)
    second.name_as_printed, second.country = first.name_as_printed, first.country
    match = matching.compare(entry, matching.find_facts(second, other))
    other.entry_id, other.score, other.is_exact = entry.id, match.score, match.is_exact
    other.agrees, other.differs = match.agrees, match.differs
    known.is_disputed = other.is_disputed = True
