"""What is asked about vouching: the rules that hold, whom to ask, and what one was asked."""

from typing import Any

import sqlalchemy as sa

from alumni.claims import policy
from alumni.claims.models import ClaimRules, Vouch, VouchState
from alumni.core.db import db
from alumni.core.ready import from_now
from alumni.core.viewer import Viewer
from alumni.members import policy as members_policy
from alumni.members.models import Listing, Member, Participation
from alumni.programmes.models import Cohort, Programme

MOST_OPEN = 50  # questions


def find_rules(programme_id: int) -> ClaimRules:
    """The rules of a programme: its own, those of the nearest above it, or what holds where nobody set any."""
    covered = policy.covered_by_rules()
    holds = sa.select(ClaimRules).join(covered, covered.c.rules_of == ClaimRules.programme_id)
    rules = db.session.scalar(holds.where(covered.c.programme_id == programme_id))
    return rules or ClaimRules(
        programme_id=programme_id,
        vouchers_needed=2,
        vouches_a_month=10,
        vouchers_suffice=False,
        organisers_decide=False,
    )


def people_to_ask(participation: Participation, most_a_month: int) -> sa.Select[tuple[int]]:
    """Account ids of those who could say whether somebody was there and have not been asked, in no order.

    Without those who have said yes as often as one may: their yes would not count.
    """
    asked = sa.exists().where(Vouch.participation_id == participation.id, Vouch.voucher_id == Member.account_id)
    said_yes = yes_answers(Member.account_id).correlate(Member).scalar_subquery()
    return (
        sa.select(Member.account_id)
        .select_from(Member)
        .join(Participation, Participation.id == participation.id)
        .where(policy.can_be_asked(), policy.can_be_asked_about(Participation.account_id))
        .where(sa.not_(asked.correlate(Member)), said_yes < most_a_month)
        .order_by(sa.func.random())
    )


def yes_answers(voucher_id: Any) -> sa.Select[tuple[int]]:
    """How often somebody has said yes in the last thirty days, to what was taken back as well."""
    said_yes = Vouch.state.in_([VouchState.YES, VouchState.REVOKED])
    return sa.select(sa.func.count()).where(
        Vouch.voucher_id == voucher_id, said_yes, Vouch.answered_at > from_now(-policy.ASKED_FOR)
    )


def count_vouches(participation_id: int, *states: VouchState) -> int:
    """How many answers of these kinds a claim has."""
    counted = sa.select(sa.func.count()).where(Vouch.participation_id == participation_id, Vouch.state.in_(states))
    return db.session.scalar(counted) or 0


def count_open(participation_id: int) -> int:
    """How many have been asked and may still answer."""
    is_open = sa.and_(Vouch.state == VouchState.ASKED, policy.is_recent())
    counted = sa.select(sa.func.count()).where(Vouch.participation_id == participation_id, is_open)
    return db.session.scalar(counted) or 0


def questions_to(viewer: Viewer) -> sa.Select[Any]:
    """What the viewer was asked and has not answered, the oldest first; no more than one sees at a time."""
    is_open = sa.and_(Vouch.state == VouchState.ASKED, policy.is_recent())
    waiting = _questions(viewer).where(is_open, Participation.state.in_(members_policy.WAITING))
    return waiting.order_by(Vouch.id).limit(MOST_OPEN)


def question_to(viewer: Viewer, key: str) -> sa.Select[Any]:
    """One of them, whether answered or not."""
    return _questions(viewer).where(Vouch.key == key)


def _questions(viewer: Viewer) -> sa.Select[Any]:
    """Name as printed, programme and cohort; a picture only where the listing that the viewer reads has one."""
    shown = sa.and_(Listing.account_id == Participation.account_id, members_policy.visible_to(viewer))
    return (
        sa.select(
            Vouch.key,
            Vouch.state,
            Vouch.asked_at,
            Participation.state.label("claim_state"),
            Participation.name_as_printed,
            Participation.country,
            Participation.role,
            Programme.name.label("programme_name"),
            Cohort.title.label("cohort_title"),
            Cohort.year,
            Cohort.from_on,
            sa.func.coalesce(Listing.picture, "").label("picture"),
            policy.is_recent().label("is_recent"),
        )
        .join(Participation, Participation.id == Vouch.participation_id)
        .join(Programme, Programme.id == Participation.programme_id)
        .join(Cohort, Cohort.id == Participation.cohort_id)
        .outerjoin(Listing, shown)
        .where(policy.vouch_visible_to(viewer))
    )


def vouch_to_answer(viewer: Viewer, key: str) -> sa.Select[tuple[Vouch]]:
    """The same as an entity, to act on."""
    return (
        sa.select(Vouch)
        .join(Participation, Participation.id == Vouch.participation_id)
        .where(Vouch.key == key, policy.vouch_visible_to(viewer))
    )


def vouch_to_revoke(viewer: Viewer, key: str) -> sa.Select[tuple[Vouch]]:
    """An answer on a claim that the viewer decides on."""
    return (
        sa.select(Vouch)
        .join(Participation, Participation.id == Vouch.participation_id)
        .where(Vouch.key == key, members_policy.decidable_by(viewer))
    )


def first_question() -> sa.ScalarSelect[str]:
    """Of the member of the row outside: the key of the oldest open question, for "what to do next"."""
    is_open = sa.and_(Vouch.state == VouchState.ASKED, policy.is_recent())
    claim = sa.orm.aliased(Participation)
    return (
        sa.select(Vouch.key)
        .join(claim, claim.id == Vouch.participation_id)
        .where(Vouch.voucher_id == Member.account_id, is_open, claim.state.in_(members_policy.WAITING))
        .where(policy.can_be_asked_about(claim.account_id))
        .order_by(Vouch.id)
        .limit(1)
        .correlate(Member)
        .scalar_subquery()
    )
