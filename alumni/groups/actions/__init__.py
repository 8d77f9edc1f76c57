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
    choose_rhythm,
    decline_member,
    forget_person,
    join_group,
    leave_group,
    remove_member,
)
from alumni.groups.actions.organisers import LONGEST_TERM, Term, appoint, appoint_organiser, archive_group, reopen_group
from alumni.groups.actions.passage import GroupArchived, LastOrganiser, end_tenure, enter, hold, require_open
from alumni.groups.actions.rules import FOLLOW_RULE, follow_rule_of, follow_rules_of
from alumni.groups.actions.tree import GroupNotMade, make_group, move_group, rename_address

__all__ = [
    "FOLLOW_RULE",
    "LONGEST_TERM",
    "GroupArchived",
    "GroupNotMade",
    "LastOrganiser",
    "NotWaiting",
    "ParticipationNotVerified",
    "RemovedFromGroup",
    "Term",
    "admit_member",
    "admit_to_cohort_group",
    "appoint",
    "appoint_organiser",
    "archive_group",
    "choose_rhythm",
    "cohort_group_facts",
    "decline_member",
    "dismiss_from_cohort_group",
    "end_tenure",
    "ensure_cohort_group",
    "enter",
    "follow_cohort",
    "follow_rule_of",
    "follow_rules_of",
    "forget_person",
    "hold",
    "join_group",
    "leave_group",
    "make_group",
    "move_group",
    "remove_member",
    "rename_address",
    "reopen_group",
    "require_open",
]
