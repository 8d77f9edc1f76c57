"""What the desk asks: what waits, whose entry it may be, who else says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account
from alumni.claims import policy
from alumni.claims.models import Case, CaseStep, Evidence, Vouch, VouchState
from alumni.claims.queries.matching import cohorts_of_claim
from alumni.core.alike import name_score
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.members import policy as members_policy
from alumni.members import queries as members_queries
from alumni.members.models import Member, Participation, ParticipationState
from alumni.officers.models import Mandate
from alumni.programmes.models import Cohort, Programme
from alumni.rosters import policy as rosters_policy
from alumni.rosters.models import RosterEntry
from alumni.rosters.queries import facts as rosters_facts

LEAST_ALIKE = 0.4  # of names that a search of the roster shows
MOST_FOUND = 12
MOST_CHOICES = 60
_is_vouched = sa.func.coalesce(Case.is_vouched, sa.false())
VOUCHED_THEN_OLDEST = (
    Key(_is_vouched, "is_vouched", descending=True),
    Key(Participation.claimed_at, "claimed_at"),
    Key(Participation.id, "id"),
)


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What of the desk is looked at. Empty: everything that waits."""

    programme: str = ""
    country: str = ""
    state: ParticipationState | None = None
    only_exact: bool = False
    only_disputed: bool = False


def visible_claims(viewer: Viewer) -> sa.Select[Any]:
    """One's own claims, and those that one decides on, with what their cases say."""
    return _with_case(members_queries.visible_participations(viewer))


def claims_of(viewer: Viewer) -> sa.Select[Any]:
    """One's own, newest first. Page it as `participations_of`."""
    return _with_case(members_queries.participations_of(viewer))


def claims_at_desk(viewer: Viewer, wanted: DeskFilter) -> sa.Select[Any]:
    """What the viewer decides on. Page it by `VOUCHED_THEN_OLDEST`."""
    states = members_policy.WAITING if wanted.state is None else (wanted.state,)
    select = _with_case(members_queries.decidable_participations(viewer)).where(Participation.state.in_(states))
    if wanted.programme:
        select = select.where(Programme.slug == wanted.programme)
    if wanted.country:
        select = select.where(Participation.country == wanted.country)
    if wanted.only_exact:
        select = select.where(Case.is_exact.is_(True))
    if wanted.only_disputed:
        select = select.where(Case.is_disputed.is_(True))
    return select


def _with_case(select: sa.Select[Any]) -> sa.Select[Any]:
    return select.outerjoin(Case, Case.participation_id == Participation.id).add_columns(
        sa.func.coalesce(Case.number, "").label("number"),
        Case.born_on,
        sa.func.coalesce(Case.institution, "").label("institution"),
        Case.score,
        sa.func.coalesce(Case.is_exact, sa.false()).label("is_exact"),
        sa.func.coalesce(Case.is_disputed, sa.false()).label("is_disputed"),
        _is_vouched.label("is_vouched"),
        sa.func.coalesce(Case.question, "").label("question"),
        Case.basis,
        Case.taken_by_id,
        Case.taken_until,
        Case.entry_id,
        Case.agrees,
        Case.differs,
        Participation.decided_by_id,
    )


def find_choices(viewer: Viewer) -> tuple[list[Any], list[str]]:
    """The programmes and the countries of what waits for this viewer."""
    waiting = sa.and_(members_policy.decidable_by(viewer), Participation.state.in_(members_policy.WAITING))
    programmes = sa.select(Programme.slug, Programme.short).join(
        Participation, Participation.programme_id == Programme.id
    )
    countries = sa.select(Participation.country).where(waiting).distinct().limit(MOST_CHOICES)
    rows = db.session.execute(programmes.where(waiting).distinct().order_by(Programme.short).limit(MOST_CHOICES))
    return list(rows.all()), sorted(db.session.scalars(countries).all())


def find_reviewer(claim: Any) -> Any | None:
    """Who has a case in hand: their name if they have a profile, and the agency they act for."""
    if claim.taken_by_id is None:
        return None
    select = (
        sa.select(Account.id, Account.zone, Member.name, Mandate.agency)
        .outerjoin(Member, Member.account_id == Account.id)
        .outerjoin(Mandate, Mandate.account_id == Account.id)
        .where(Account.id == claim.taken_by_id)
        .order_by(Mandate.ends_on.desc())
    )
    return db.session.execute(select.limit(1)).first()


def find_language(account_id: int) -> str:
    """In which the person reads."""
    return db.session.scalars(sa.select(Account.language).where(Account.id == account_id)).one()


def entry_seen_by(viewer: Viewer, entry_id: int | None) -> sa.Select[Any]:
    """The entry beside a claim, for whoever may read the roster."""
    return rosters_facts.entry_facts().where(RosterEntry.id == entry_id, rosters_policy.entry_visible_to(viewer))


def entry_to_choose(viewer: Viewer, participation: Participation, key: str) -> sa.Select[Any]:
    """One of those among which the entry of a claim is, for whoever may read the roster."""
    return rosters_facts.entry_facts().where(
        RosterEntry.key == key,
        RosterEntry.cohort_id.in_(cohorts_of_claim(participation)),
        rosters_policy.entry_visible_to(viewer),
    )


def search_entries(viewer: Viewer, participation: Participation, name: str) -> list[Any]:
    """Entries of the same cohort whose names are like this one, each with its score, the likeliest first.

    Where no cohort was claimed, of the programme; what is not in the viewer's scope is not there.
    """
    entries = rosters_facts.find_entries(
        cohorts_of_claim(participation),
        rosters_facts.Sought([name]),
        rosters_policy.entry_visible_to(viewer),
        begins=True,
    )
    scored = ((_likeness(entry, name), entry) for entry in entries)
    likely = sorted((pair for pair in scored if pair[0] >= LEAST_ALIKE), key=lambda pair: (-pair[0], pair[1].id))
    return [(round(100 * score), entry) for score, entry in likely[:MOST_FOUND]]


def _likeness(entry: Any, name: str) -> float:
    """Of a name to whichever form of an entry's; a part of the name is enough for a search."""
    forms = [form for form in (entry.name_printed, entry.name_native, entry.name_reading) if form]
    return max(name_score(form, [name]) for form in forms)


def find_titles(entries: Iterable[Any]) -> dict[int, str]:
    """The titles of the cohorts of some entries, by their ids."""
    ids = {entry.cohort_id for entry in entries}
    return dict(db.session.execute(sa.select(Cohort.id, Cohort.title).where(Cohort.id.in_(ids))).tuples().all())


def holder_of(entry_id: int | None) -> sa.Select[tuple[Participation]]:
    """The participation that has an entry, to act on."""
    return (
        sa.select(Participation)
        .join(RosterEntry, RosterEntry.participation_id == Participation.id)
        .where(RosterEntry.id == entry_id)
    )


def rivals(entry_id: int) -> sa.Select[tuple[int]]:
    """Ids of the participations that wait for an entry, and of the one that has it."""
    has_it = sa.select(RosterEntry.participation_id).where(RosterEntry.id == entry_id)
    waits_for_it = sa.and_(Case.entry_id == entry_id, Participation.state.in_(members_policy.WAITING))
    return (
        sa.select(Participation.id)
        .outerjoin(Case, Case.participation_id == Participation.id)
        .where(sa.or_(waits_for_it, Participation.id.in_(has_it)))
        .order_by(Participation.id)
    )


def rival_claims(viewer: Viewer, claim: Any) -> sa.Select[Any]:
    """The other claims of a disputed case, for whoever decides on them."""
    others = rivals(claim.entry_id).where(Participation.id != claim.id)
    return members_queries.decidable_participations(viewer).where(Participation.id.in_(others))


def case_to_decide(viewer: Viewer, key: str) -> sa.Select[Any]:
    """One claim at the desk: the viewer's to decide, or decided by them, to look at.

    Never their own: what the roster has, and who said what, is kept from every claimant.
    """
    return visible_claims(viewer).where(Participation.key == key, Participation.account_id != viewer.id)


def history_of(participation_id: int) -> sa.Select[Any]:
    """What happened to a claim, the first thing first; never who at the desk did it."""
    return (
        sa.select(CaseStep.step, CaseStep.words, CaseStep.at)
        .where(CaseStep.participation_id == participation_id)
        .order_by(CaseStep.id)
        .limit(200)
    )


def evidence_of(viewer: Viewer, participation_id: int) -> sa.Select[Any]:
    """What was sent with a claim, for the claimant and for whoever has it in hand."""
    return (
        sa.select(Evidence.key, Evidence.media_type, Evidence.title, Evidence.size, Evidence.sent_at)
        .join(Participation, Participation.id == Evidence.participation_id)
        .where(Participation.id == participation_id, policy.evidence_visible_to(viewer))
        .order_by(Evidence.id)
    )


def evidence_open_to(viewer: Viewer, key: str) -> sa.Select[Any]:
    """One file of it."""
    return (
        sa.select(Evidence.file, Evidence.media_type, Evidence.title, Evidence.key)
        .join(Participation, Participation.id == Evidence.participation_id)
        .where(Evidence.key == key, policy.evidence_visible_to(viewer))
    )


def vouches_of(participation_id: int) -> sa.Select[Any]:
    """Who was asked about a claim, and what they said."""
    voucher = aliased(Member)
    return (
        sa.select(Vouch.key, Vouch.state, Vouch.asked_at, Vouch.answered_at, Vouch.reason, voucher.name, Account.handle)
        .join(voucher, voucher.account_id == Vouch.voucher_id)
        .join(Account, Account.id == Vouch.voucher_id)
        .where(Vouch.participation_id == participation_id)
        .order_by(sa.case((Vouch.state == VouchState.ASKED, 1), else_=0), Vouch.id)
    )
