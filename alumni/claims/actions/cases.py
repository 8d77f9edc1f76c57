"""A claim as the desk has it: its case, its history, the entry it may be, and who has it in hand."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.claims import policy, queries
from alumni.claims.models import Case, CaseStep, Evidence, Step
from alumni.claims.queries import matching
from alumni.claims.queries.matching import Match
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, NotFound, require
from alumni.core.viewer import Viewer
from alumni.members import policy as members_policy
from alumni.members.actions import ClaimDecided
from alumni.members.models import Member, Participation
from alumni.members.policy import WAITING
from alumni.rosters import actions as rosters_actions
from alumni.rosters.models import RosterEntry

LEASE = timedelta(minutes=30)  # nobody holds a case longer without doing anything
KEPT = timedelta(days=30)  # evidence, after the decision


class CaseTaken(DomainError):
    """Another reviewer has the case in hand."""


def ensure_case(participation: Participation) -> Case:
    """The case of a participation, also of one that was never claimed here."""
    case = db.session.get(Case, participation.id)
    if case is None:
        insert_or_ignore(Case, NEW | {"participation_id": participation.id})
        case = db.session.get_one(Case, participation.id)
    return case


NEW: dict[str, Any] = {
    "number": "", "institution": "", "agrees": [], "differs": [], "question": "",
    "is_exact": False, "is_disputed": False, "is_vouched": False,
}  # fmt: skip


def write_step(participation: Participation, step: Step, *, by: Viewer | None = None, words: str = "") -> None:
    """A line of the history that the claimant reads."""
    by_id = by.id or None if by else None
    db.session.add(CaseStep(participation_id=participation.id, step=step, by_id=by_id, words=words))


def attach(case: Case, match: Match) -> None:
    """Writes the entry that a claim may be, and how they compare; the same statement where there is none."""
    found = {
        "entry_id": match.entry.id if match.entry else None,
        "score": match.score,
        "agrees": match.agrees,
        "differs": match.differs,
        "is_exact": match.is_exact,
    }
    db.session.execute(sa.update(Case).where(Case.participation_id == case.participation_id).values(found))


def hold_claim(participation: Participation) -> None:
    """Nobody else decides it before this transaction ends. Raises ClaimDecided where somebody has."""
    db.session.get_one(Member, participation.account_id, with_for_update=True)
    db.session.refresh(participation)
    if participation.state not in WAITING:
        raise ClaimDecided


def take_case(actor: Viewer, participation: Participation) -> None:
    """The actor has the case in hand for half an hour, and sees its entry and its evidence. Raises CaseTaken."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = hold_case(actor, participation)
    audit.record(actor, "case.take", f"participation:{participation.key}")
    if case.entry_id is not None and policy.can_search_roster(actor, participation):
        rosters_actions.log_look(actor, f"participation:{participation.key}", rows=1)


def hold_case(actor: Viewer, participation: Participation) -> Case:
    """Of two who reach for a case, one gets it. Whoever holds it and does something holds it anew."""
    case = ensure_case(participation)
    hold_entry(case.entry_id)
    now = clock.now()
    is_free = sa.or_(Case.taken_by_id.is_(None), Case.taken_by_id == actor.id, Case.taken_until <= now)
    take = sa.update(Case).where(Case.participation_id == participation.id, is_free)
    if not db.session.execute(take.values(taken_by_id=actor.id, taken_until=now + LEASE)).rowcount:  # type: ignore[attr-defined]
        raise CaseTaken
    db.session.refresh(case)  # what it says since its entry is held
    return case


def hold_entry(entry_id: int | None) -> None:
    """One decision about an entry at a time. Held before cases, members and groups: nobody waits in a circle."""
    if entry_id is not None:
        db.session.execute(sa.select(RosterEntry.id).where(RosterEntry.id == entry_id).with_for_update())


def release_case(actor: Viewer, participation: Participation) -> None:
    """Lays a case back for others. One that somebody else has stays theirs."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    mine = sa.update(Case).where(Case.participation_id == participation.id, Case.taken_by_id == actor.id)
    db.session.execute(mine.values(taken_by_id=None, taken_until=None))


def choose_entry(actor: Viewer, participation: Participation, entry_key: str) -> None:
    """The reviewer says which entry it is, or with an empty key that it is on no roster. Raises CaseTaken."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = hold_case(actor, participation)
    hold_claim(participation)
    before, match = case.entry_id, Match()
    if entry_key:
        entry = db.session.execute(queries.entry_to_choose(actor, participation, entry_key)).first()
        if entry is None:
            raise NotFound
        match = matching.compare(entry, matching.find_facts(participation, case))
    attach(case, match)
    settle_dispute(before)
    settle_dispute(case.entry_id)
    audit.record(actor, "case.attach", f"participation:{participation.key}", entry=entry_key)


def search_roster(actor: Viewer, participation: Participation, name: str) -> list[Any]:
    """Entries of the same cohort by a name, the likeliest first. Each look is in the log."""
    require(policy.can_search_roster(actor, participation), "officer")
    found = queries.search_entries(actor, participation, name)
    rosters_actions.log_look(actor, f"participation:{participation.key}", rows=len(found))
    return found


def settle_dispute(entry_id: int | None) -> None:
    """An entry is disputed while two wait for it, or one waits for what another has; both know it as one does."""
    if entry_id is None:
        return
    rivals = db.session.scalars(queries.rivals(entry_id)).all()
    of_them = Case.participation_id.in_(rivals)
    db.session.execute(sa.update(Case).where(of_them).values(is_disputed=len(rivals) > 1))
    others = sa.update(Case).where(Case.entry_id == entry_id, Case.is_disputed, sa.not_(of_them))
    db.session.execute(others.values(is_disputed=False))


def close_case(participation: Participation) -> Case:
    """What is decided lies on nobody's desk; its evidence goes in thirty days."""
    case = ensure_case(participation)
    case.taken_by_id = case.taken_until = None
    case.question, case.is_vouched = "", False
    delete_evidence_after(participation, clock.now() + KEPT)
    return case


def delete_evidence_after(participation: Participation, moment: Any) -> None:
    """None: it is kept while the case is open."""
    mine = sa.update(Evidence).where(Evidence.participation_id == participation.id)
    db.session.execute(mine.values(delete_after=moment))


def entry_of(participation: Participation) -> RosterEntry | None:
    """The entry that a participation has."""
    return db.session.scalar(sa.select(RosterEntry).where(RosterEntry.participation_id == participation.id))
