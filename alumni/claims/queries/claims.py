"""What the desk asks: the facts around a claim."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.places import COUNTRIES
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.members.models import Participation
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Cohort, CohortCountry, Programme

MOST_OTHERS = 20


def cohorts_to_choose(programme: Programme | None, country: str) -> Sequence[Any]:
    """The cohorts that a claimant can have been in."""
    if programme is None or country not in COUNTRIES:
        return []
    return db.session.execute(programmes_queries.matching_cohorts(programme.id, country)).all()


def find_group(cohort_id: int | None) -> Group | None:
    """The group of a cohort."""
    return db.session.scalar(sa.select(Group).where(Group.cohort_id == cohort_id)) if cohort_id else None


def find_place_in_group(account_id: int, cohort_id: int | None) -> Any | None:
    """How a person stands in the group of a cohort: its slug and name, and the state of the membership."""
    select = (
        sa.select(Group.slug, Group.name, Membership.state)
        .outerjoin(Membership, sa.and_(Membership.group_id == Group.id, Membership.account_id == account_id))
        .where(Group.cohort_id == cohort_id)
    )
    return db.session.execute(select).first() if cohort_id else None


def is_waiting_in(group: Group, account_id: int) -> bool:
    return _stands(group, account_id, MembershipState.REQUESTED)


def was_removed(group: Group, account_id: int) -> bool:
    return _stands(group, account_id, MembershipState.REMOVED)


def _stands(group: Group, account_id: int, state: MembershipState) -> bool:
    there = sa.exists().where(
        Membership.group_id == group.id, Membership.account_id == account_id, Membership.state == state
    )
    return bool(db.session.scalar(sa.select(there)))


def cohort_facts(cohort_id: int, country: str) -> sa.Select[Any]:
    """What is published of a cohort, and how many of it came from a country."""
    sent = sa.and_(CohortCountry.cohort_id == Cohort.id, CohortCountry.country == country)
    return (
        sa.select(
            Cohort.slug,
            Cohort.title,
            Cohort.theme,
            Cohort.year,
            Cohort.from_on,
            Cohort.to_on,
            Cohort.head_count,
            Cohort.head_count_bound,
            Cohort.source,
            CohortCountry.country.label("sent_from"),
            CohortCountry.head_count.label("sent"),
        )
        .outerjoin(CohortCountry, sent)
        .where(Cohort.id == cohort_id)
    )


def other_claims(viewer: Viewer, claim: Any) -> sa.Select[Any]:
    """What else the same person has claimed that the viewer decides on, newest first."""
    return (
        sa.select(Participation.key, Participation.state, Programme.name.label("programme_name"), Cohort.title)
        .join(Programme, Programme.id == Participation.programme_id)
        .outerjoin(Cohort, Cohort.id == Participation.cohort_id)
        .where(Participation.account_id == claim.account_id, Participation.id != claim.id)
        .where(members_policy.participation_visible_to(viewer))
        .order_by(Participation.claimed_at.desc(), Participation.id.desc())
        .limit(MOST_OTHERS)
    )


def names_agree(printed: str, *names: str) -> bool:
    """Whether the name on the papers has the same words as one of the names, in whatever order, case and width."""
    words = sorted(fold(printed).split())
    return any(sorted(fold(name).split()) == words for name in names if name)
