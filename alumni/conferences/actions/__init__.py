"""Writing the programme, choosing from it, recommendations on their way, heads of delegations."""

from alumni.conferences.actions.choices import SessionFull, SessionOver, choose_session, forget_person, leave_session
from alumni.conferences.actions.delegations import name_head
from alumni.conferences.actions.recommendations import (
    HandoverDraft,
    RecommendationDraft,
    RecommendationMoved,
    add_recommendation,
    adopt,
    answer,
    change_recommendation,
    hand_over,
    remove_recommendation,
    reopen,
    take_back_handover,
)
from alumni.conferences.actions.sessions import SessionDraft, add_session, change_session, remove_session

__all__ = [
    "HandoverDraft",
    "RecommendationDraft",
    "RecommendationMoved",
    "SessionDraft",
    "SessionFull",
    "SessionOver",
    "add_recommendation",
    "add_session",
    "adopt",
    "answer",
    "change_recommendation",
    "change_session",
    "choose_session",
    "forget_person",
    "hand_over",
    "leave_session",
    "name_head",
    "remove_recommendation",
    "remove_session",
    "reopen",
    "take_back_handover",
]
