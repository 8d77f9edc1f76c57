"""What is asked about claims and at the desk."""

from alumni.claims.queries.claims import (
    cohort_facts,
    cohorts_to_choose,
    find_group,
    find_place_in_group,
    is_active_in,
    is_waiting_in,
    names_agree,
    other_claims,
    was_removed,
)
from alumni.claims.queries.waiting import claim_waits

__all__ = [
    "claim_waits",
    "cohort_facts",
    "cohorts_to_choose",
    "find_group",
    "find_place_in_group",
    "is_active_in",
    "is_waiting_in",
    "names_agree",
    "other_claims",
    "was_removed",
]
