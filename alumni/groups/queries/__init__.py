"""What is asked about groups: which there are, where one stands, who is inside, who waits."""

from alumni.groups.queries.browsing import (
    BY_NAME,
    Choice,
    Filters,
    browse_groups,
    find_programme_name,
    find_what_to_drop,
    list_choices,
    list_cohort_choices,
)
from alumni.groups.queries.groups import NO_END, countries_of, groups_around, shown_group, visible_groups
from alumni.groups.queries.memberships import (
    NEWEST,
    OLDEST,
    find_account_id,
    find_membership,
    members_of,
    organises,
    other_organisers_of,
    ready_members,
    requests_of,
    running_tenures,
)

__all__ = [
    "BY_NAME",
    "NEWEST",
    "NO_END",
    "OLDEST",
    "Choice",
    "Filters",
    "browse_groups",
    "countries_of",
    "find_account_id",
    "find_membership",
    "find_programme_name",
    "find_what_to_drop",
    "groups_around",
    "list_choices",
    "list_cohort_choices",
    "members_of",
    "organises",
    "other_organisers_of",
    "ready_members",
    "requests_of",
    "running_tenures",
    "shown_group",
    "visible_groups",
]
