"""The group of a cohort, and who comes into it by having been there."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import require
from alumni.core.names import sort_key
from alumni.core.viewer import Viewer
from alumni.groups import policy, queries
from alumni.groups.actions.passage import enter, go, hold
from alumni.groups.models import (
    Group,
    GroupKind,
    GroupPath,
    JoinPolicy,
    MembershipState,
)
from alumni.members.models import Participation
from alumni.programmes.models import Cohort, CohortCountry


def admit_to_cohort_group(*, actor: Viewer, participation: Participation) -> Group | None:
    """A verified participation opens the cohort's group, whether or not its holder asked.

    None when it names no cohort. Whoever was removed from the group stays out.
    """
    require(policy.can_admit_to_cohort(actor, participation), "admin")
    if participation.cohort_id is None:
        return None
    group = ensure_cohort_group(cohort=db.session.get_one(Cohort, participation.cohort_id))
    hold(group)
    membership = queries.find_membership(participation.account_id, group)
    if membership is None or membership.state not in (MembershipState.ACTIVE, MembershipState.REMOVED):
        enter(participation.account_id, group, membership, MembershipState.ACTIVE)
    return group


def dismiss_from_cohort_group(*, actor: Viewer, participation: Participation) -> None:
    """Whoever was not there after all is out of the cohort's group, or waits there no longer.

    Not removed for good: should it turn out that they were there, the group is open to them again.
    """
    require(policy.can_dismiss_from_cohort(actor, participation), "admin")
    group = db.session.scalar(sa.select(Group).where(Group.cohort_id == participation.cohort_id))
    if group is None or participation.cohort_id is None:
        return
    hold(group)
    membership = queries.find_membership(participation.account_id, group)
    if membership is not None and membership.state in (MembershipState.ACTIVE, MembershipState.REQUESTED):
        go(membership, group, MembershipState.LEFT, may_be_last=True)


def ensure_cohort_group(*, cohort: Cohort) -> Group:
    """The group of a cohort, made if there is none."""
    group = db.session.scalar(sa.select(Group).where(Group.cohort_id == cohort.id))
    if group is None:
        countries = sa.select(CohortCountry.country).where(CohortCountry.cohort_id == cohort.id)
        facts = cohort_group_facts(cohort, sent_from=db.session.scalars(countries).all())
        # Another group may have taken the slug of the cohort.
        insert_or_ignore(Group, facts) or insert_or_ignore(Group, facts | {"slug": f"cohort-{cohort.slug}"[:80]})
        group = db.session.scalars(sa.select(Group).where(Group.cohort_id == cohort.id)).one()
    insert_or_ignore(GroupPath, {"ancestor_id": group.id, "descendant_id": group.id, "depth": 0})
    return group


def follow_cohort(*, cohort: Cohort, was: str) -> Group:
    """What a group copies of its cohort follows it; the name does while it is still the title that the cohort had."""
    group = ensure_cohort_group(cohort=cohort)
    countries = sa.select(CohortCountry.country).where(CohortCountry.cohort_id == cohort.id)
    facts = cohort_group_facts(cohort, sent_from=db.session.scalars(countries).all())
    names = ("name", "sort_key") if group.name == was else ()
    for name in ("programme_id", "year", "country", "source", *names):
        setattr(group, name, facts[name])
    return group


def cohort_group_facts(cohort: Cohort, *, sent_from: Sequence[str]) -> dict[str, Any]:
    """What the group of a cohort is like before anybody has changed it."""
    return {
        "slug": cohort.slug,
        "kind": GroupKind.COHORT,
        "name": cohort.title,
        "sort_key": sort_key(cohort.title),
        "cohort_id": cohort.id,
        "programme_id": cohort.programme_id,
        "year": cohort.year,
        "country": sent_from[0] if len(sent_from) == 1 else "",
        "join_policy": JoinPolicy.PARTICIPATION,
        "source": cohort.source,
    }
