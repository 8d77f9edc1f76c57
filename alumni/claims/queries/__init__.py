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

__all__ = [
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
