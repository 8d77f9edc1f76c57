"""Vouching: people who were there are asked whether somebody was. The system chooses whom, so nobody learns who was."""

from collections.abc import Iterator

import sqlalchemy as sa

from alumni.claims import notices, policy, queries
from alumni.claims.actions import cases, deciding
from alumni.claims.models import VOUCHER_GONE, Basis, Case, ClaimRules, Step, Vouch, VouchState
from alumni.core import audit, clock, limits
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, require
from alumni.core.tokens import new_key
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.members import policy as members_policy
from alumni.members.models import Member, Participation, ParticipationState

MOST_ASKED = 12  # for one claim, over all its time
OF_EACH_NEEDED = 2  # asked at a time: not everybody answers


class VouchersNotAsked(DomainError):
    """Without a cohort there is nobody who was there too."""


class VouchClosed(DomainError):
    """The question is answered, too old, or the claim is decided."""


class VouchesUsedUp(DomainError):
    """A voucher says yes only so often in a month."""


def ask_vouchers(actor: Viewer, participation: Participation) -> None:
    """Asks a few of those who were there, chosen by chance.

    Whether there is anybody to ask, the claimant does not learn: what is written and said is the same. Raises TooMany.
    """
    require(members_policy.can_answer(actor, participation), "owner")
    cases.hold_claim(participation)
    if participation.cohort_id is None:
        raise VouchersNotAsked
    limits.count("vouchers", claim=f"{actor.id}|{participation.cohort_id}")
    rules = queries.find_rules(participation.programme_id)
    asked = queries.count_vouches(participation.id, *VouchState)
    room = min(OF_EACH_NEEDED * rules.vouchers_needed - queries.count_open(participation.id), MOST_ASKED - asked)
    people = db.session.scalars(queries.people_to_ask(participation, rules.vouches_a_month).limit(max(room, 0))).all()
    for account_id in people:
        key = new_key()
        facts = {"key": key, "participation_id": participation.id, "voucher_id": account_id}
        if insert_or_ignore(Vouch, facts | {"state": VouchState.ASKED, "asked_at": clock.now(), "reason": ""}):
            notices.ask_voucher(account_id, key, deciding.title_of(participation))
    cases.write_step(participation, Step.VOUCHER_ASKED, by=actor)


def ask_again(participation: Participation, case: Case) -> None:
    """Who was there by another name, or as something else, nobody has said yet: who said yes is asked once more."""
    said_yes = sa.and_(Vouch.participation_id == participation.id, Vouch.state == VouchState.YES)
    again = {"state": VouchState.ASKED, "asked_at": clock.now(), "answered_at": None}
    db.session.execute(sa.update(Vouch).where(said_yes).values(again))
    case.is_vouched = False


def answer_vouch(actor: Viewer, vouch: Vouch, answer: VouchState) -> None:
    """Yes, no, or not known. Enough who say yes verify the claim where the rules say so; else it moves up at the desk.

    Raises VouchClosed, VouchesUsedUp.
    """
    require(policy.can_vouch(actor, vouch), "voucher")
    participation = db.session.get_one(Participation, vouch.participation_id)
    rules = queries.find_rules(participation.programme_id)
    # Held, so that two answers of one voucher, and two of one claim, are counted one after the other.
    cases.hold_entry(cases.ensure_case(participation).entry_id)
    for account_id in sorted((actor.id, participation.account_id)):
        db.session.get_one(Member, account_id, with_for_update=True)
    db.session.refresh(participation)
    if participation.state not in members_policy.WAITING:
        raise VouchClosed
    said_yes = db.session.scalar(queries.yes_answers(actor.id)) or 0
    if answer == VouchState.YES and said_yes >= rules.vouches_a_month:
        raise VouchesUsedUp
    move = sa.update(Vouch).where(Vouch.id == vouch.id, Vouch.state == VouchState.ASKED, policy.is_recent())
    answered = move.values(state=answer, answered_at=clock.now()).execution_options(synchronize_session=False)
    if not db.session.execute(answered).rowcount:  # type: ignore[attr-defined]
        raise VouchClosed
    db.session.expire(vouch)
    audit.record(actor, "vouch.answer", f"participation:{participation.key}", answer=answer.value)
    if answer == VouchState.YES:
        cases.write_step(participation, Step.VOUCHED)
        _count_in(participation, rules)
    elif answer == VouchState.NO:
        cases.ensure_case(participation).is_vouched = False  # somebody has to look


def _count_in(participation: Participation, rules: ClaimRules) -> None:
    """Who says no is believed as well: then a human decides, as in a dispute, and as after a human's own decision."""
    case = cases.ensure_case(participation)
    if not _is_vouched(participation, rules):
        return
    if rules.vouchers_suffice and participation.decided_by_id is None and _can_verify(case):
        deciding.verify(INSTALLATION, participation, basis=Basis.VOUCHERS)
    else:
        case.is_vouched = True


def _is_vouched(participation: Participation, rules: ClaimRules) -> bool:
    said_yes = queries.count_vouches(participation.id, VouchState.YES)
    return said_yes >= rules.vouchers_needed and not queries.count_vouches(participation.id, VouchState.NO)


def _can_verify(case: Case) -> bool:
    """Vouchers say that somebody was there; which entry is theirs they do not know: what differs is looked at."""
    holder = db.session.scalar(queries.holder_of(case.entry_id)) if case.entry_id else None
    return not case.is_disputed and not case.differs and holder is None


def drop_vouches(participation_id: int) -> Iterator[int]:
    """Whoever turns out not to have been there could not say who was: what hung on their word is open again.

    One claim after the other, and by other jobs for those whose places fall with it. Yields after each.
    """
    gone = db.session.get(Participation, participation_id)
    if gone is None or gone.cohort_id is None or gone.state == ParticipationState.VERIFIED:
        return
    theirs = sa.select(Vouch.id).join(Participation, Participation.id == Vouch.participation_id)
    said_yes = sa.and_(Vouch.voucher_id == gone.account_id, Vouch.state == VouchState.YES)
    for vouch_id in db.session.scalars(theirs.where(said_yes, Participation.cohort_id == gone.cohort_id)).all():
        vouch = db.session.get_one(Vouch, vouch_id)
        participation = db.session.get_one(Participation, vouch.participation_id)
        case = cases.ensure_case(participation)
        cases.hold_entry(case.entry_id)
        _take_back(INSTALLATION, vouch, participation, case, reason=VOUCHER_GONE)
        yield vouch_id


def revoke_vouch(actor: Viewer, vouch: Vouch, *, reason: str) -> None:
    """A yes that was not true. What hung on it is open again, and its member hears why.

    Raises CaseTaken, VouchClosed.
    """
    participation = db.session.get_one(Participation, vouch.participation_id)
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = cases.hold_case(actor, participation)
    if not _take_back(actor, vouch, participation, case, reason=reason):
        raise VouchClosed


def _take_back(actor: Viewer, vouch: Vouch, participation: Participation, case: Case, *, reason: str) -> bool:
    """The entry of the case is held. False where the answer was no yes any more."""
    db.session.get_one(Member, participation.account_id, with_for_update=True)
    db.session.refresh(participation)
    move = sa.update(Vouch).where(Vouch.id == vouch.id, Vouch.state == VouchState.YES)
    if not db.session.execute(move.values(state=VouchState.REVOKED, reason=reason)).rowcount:  # type: ignore[attr-defined]
        return False
    audit.record(actor, "vouch.revoke", f"participation:{participation.key}", reason=reason, vouch=vouch.key)
    cases.write_step(participation, Step.VOUCH_REVOKED, by=actor)
    if not _is_vouched(participation, queries.find_rules(participation.programme_id)):
        case.is_vouched = False
        if participation.state == ParticipationState.VERIFIED and case.basis == Basis.VOUCHERS:
            deciding.reopen_claim(participation, reason=reason)
    return True
