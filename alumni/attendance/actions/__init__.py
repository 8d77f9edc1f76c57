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
from alumni.attendance.actions.questions import (
    MOST_QUESTIONS,
    WITH_CHOICES,
    QuestionDraft,
    QuestionsFrozen,
    add_question,
    forget_replies,
    keep_replies_until,
    remove_question,
)
from alumni.attendance.actions.settings import Rules, invite_to_event, set_rules

__all__ = [
    "MOST_QUESTIONS",
    "WITH_CHOICES",
    "AnswersClosed",
    "AnswersNotOpen",
    "AttendanceDeclined",
    "LineClosed",
    "NoRoomToChange",
    "NotComing",
    "NotInLine",
    "NotPending",
    "QuestionDraft",
    "QuestionsFrozen",
    "Reply",
    "Rules",
    "add_question",
    "answer_event",
    "approve_attendance",
    "decline_attendance",
    "forget_replies",
    "invite_to_event",
    "keep_replies_until",
    "lapse_offers",
    "move_to_front",
    "remove_question",
    "set_rules",
]
