"""Letters on their way: may they go, to whom at once, gathered for whom."""

from alumni.deliveries.actions.digests import enrol, forget_told, gather_due
from alumni.deliveries.actions.letters import prepare
from alumni.deliveries.actions.telling import tell_next

__all__ = [
    "enrol",
    "forget_told",
    "gather_due",
    "prepare",
    "tell_next",
]
