"""What is done with groups: joining, asking, admitting, leaving, removing, appointing."""

from alumni.groups.actions.cohorts import (
    admit_to_cohort_group,
    cohort_group_facts,
    dismiss_from_cohort_group,
    ensure_cohort_group,
    follow_cohort,
)
from alumni.groups.actions.memberships import (
    NotWaiting,
    ParticipationNotVerified,
    RemovedFromGroup,
    admit_member,
    decline_member,
    join_group,
    leave_group,
    remove_member,
)
from alumni.groups.actions.organisers import LONGEST_TERM, appoint_organiser
from alumni.groups.actions.passage import LastOrganiser, enter

__all__ = [
    "LONGEST_TERM",
    "LastOrganiser",
    "NotWaiting",
    "ParticipationNotVerified",
    "RemovedFromGroup",
    "admit_member",
    "admit_to_cohort_group",
    "appoint_organiser",
    "cohort_group_facts",
    "decline_member",
    "dismiss_from_cohort_group",
    "ensure_cohort_group",
    "enter",
    "follow_cohort",
    "join_group",
    "leave_group",
    "remove_member",
]
