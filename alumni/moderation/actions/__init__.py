"""What is done about reports: making, deciding, undoing and appealing; the log that leaves the house."""

from alumni.moderation.actions.appealing import (
    AppealDecided,
    AppealMade,
    AppealTooLate,
    decide_appeal,
    forget_removed,
    make_appeal,
)
from alumni.moderation.actions.climbing import climb_due, hide_person, hold_for_now, show_person
from alumni.moderation.actions.deciding import (
    DecisionDraft,
    NotHidden,
    NotSuspended,
    ReportDecided,
    ReportNotTaken,
    ReportTaken,
    decide_report,
    forget_person,
    lift_suspension,
    restore_thing,
    take_report,
)
from alumni.moderation.actions.log import log_export
from alumni.moderation.actions.reporting import hold_case, make_report

__all__ = [
    "AppealDecided",
    "AppealMade",
    "AppealTooLate",
    "DecisionDraft",
    "NotHidden",
    "NotSuspended",
    "ReportDecided",
    "ReportNotTaken",
    "ReportTaken",
    "climb_due",
    "decide_appeal",
    "decide_report",
    "forget_person",
    "forget_removed",
    "hide_person",
    "hold_case",
    "hold_for_now",
    "lift_suspension",
    "log_export",
    "make_appeal",
    "make_report",
    "restore_thing",
    "show_person",
    "take_report",
]
