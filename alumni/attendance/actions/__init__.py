"""What is done about coming to an event: answering, deciding, saying how one answers."""

from alumni.attendance.actions.answers import (
    AnswersClosed,
    AnswersNotOpen,
    AttendanceDeclined,
    LineClosed,
    NoRoomToChange,
    Reply,
    answer_event,
)
from alumni.attendance.actions.deciding import (
    NotComing,
    NotInLine,
    NotPending,
    approve_attendance,
    decline_attendance,
    lapse_offers,
    move_to_front,
)
from alumni.attendance.actions.settings import Rules, invite_to_event, set_rules

__all__ = [
    "AnswersClosed",
    "AnswersNotOpen",
    "AttendanceDeclined",
    "LineClosed",
    "NoRoomToChange",
    "NotComing",
    "NotInLine",
    "NotPending",
    "Reply",
    "Rules",
    "answer_event",
    "approve_attendance",
    "decline_attendance",
    "invite_to_event",
    "lapse_offers",
    "move_to_front",
    "set_rules",
]
