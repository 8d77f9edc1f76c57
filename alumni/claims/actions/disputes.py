"""Two who say that they are one person of a roster: a human decides, nobody loses access meanwhile.

Looked for by a job, a moment after a claim: the answer to the claim itself is the same whether there is a dispute or
not. Whoever has the entry hears of it at once. Whoever waits hears of it from the desk, because before somebody has
looked, hearing it would tell a stranger that this person is on the roster.
"""

import sqlalchemy as sa

from alumni.claims import notices, queries
from alumni.claims.actions import cases, deciding
from alumni.claims.models import Case, CaseStep, Step
from alumni.core import audit, jobs
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.members import policy as members_policy
from alumni.members.models import Participation, ParticipationState

LOOK_FOR_DISPUTE = "look for dispute"  # the kind of the job


class NotDisputed(DomainError):
    """Nobody else says that this place is theirs."""


def promise_to_look(participation: Participation, *, before: int | None = None) -> None:
    """For every claim that waits, whatever was found for it; `before` is the entry that it was compared with."""
    jobs.enqueue(LOOK_FOR_DISPUTE, participation=participation.id, before=before)


def look_for_dispute(participation_id: int, before: int | None = None) -> None:
    """Opens a dispute where somebody else claims, or has, the entry of this claim; whoever has it is told."""
    cases.settle_dispute(before)
    case = db.session.get(Case, participation_id)
    if case is None or case.entry_id is None:
        return
    entry_id = case.entry_id
    holder = db.session.scalar(queries.holder_of(entry_id))
    if holder is not None:
        cases.ensure_case(holder)
    cases.settle_dispute(entry_id)
    if not db.session.get_one(Case, participation_id).is_disputed:
        return
    participation = db.session.get_one(Participation, participation_id)
    audit.record(INSTALLATION, "case.dispute", f"participation:{participation.key}")
    if holder is not None:
        _tell(holder)


def tell_of_dispute(actor: Viewer, participation: Participation) -> None:
    """The reviewer has looked, and lets everybody concerned know that another says the same."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = cases.hold_case(actor, participation)
    if not case.is_disputed or case.entry_id is None:
        raise NotDisputed
    concerned = sa.select(Participation).where(Participation.id.in_(queries.rivals(case.entry_id)))
    for rival in db.session.scalars(concerned).all():
        _tell(rival)
    audit.record(actor, "case.tell-dispute", f"participation:{participation.key}")


def _tell(participation: Participation) -> None:
    """Once for each dispute."""
    latest = sa.select(CaseStep.step).where(
        CaseStep.participation_id == participation.id,
        CaseStep.step.in_([Step.DISPUTED, Step.VERIFIED, Step.APPEALED, Step.REOPENED]),
    )
    if db.session.scalar(latest.order_by(CaseStep.id.desc()).limit(1)) == Step.DISPUTED:
        return
    cases.write_step(participation, Step.DISPUTED)
    has_it = participation.state == ParticipationState.VERIFIED
    notices.tell_of_dispute(participation, deciding.title_of(participation), has_it=has_it)
