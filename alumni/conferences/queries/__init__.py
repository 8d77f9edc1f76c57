"""What is asked about sessions, recommendations and delegations."""

from alumni.conferences.queries.delegations import Delegation, delegations_of
from alumni.conferences.queries.recommendations import (
    find_recommendation,
    handovers_of,
    next_number,
    recommendations_of,
    topic_groups_of,
)
from alumni.conferences.queries.sessions import (
    MOST_SESSIONS,
    Day,
    find_session,
    has_sessions,
    mine_of,
    sessions_of,
    under_days,
)

__all__ = [
    "MOST_SESSIONS",
    "Day",
    "Delegation",
    "delegations_of",
    "find_recommendation",
    "find_session",
    "handovers_of",
    "has_sessions",
    "mine_of",
    "next_number",
    "recommendations_of",
    "sessions_of",
    "topic_groups_of",
    "under_days",
]
