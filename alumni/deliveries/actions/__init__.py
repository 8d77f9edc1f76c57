"""Letters on their way: may they go, to whom at once, gathered for whom, which can be read here."""

from alumni.deliveries.actions.digests import enrol, forget_told, gather_due
from alumni.deliveries.actions.keeping import forget_letters, keep_letter, see_all_letters, see_letter
from alumni.deliveries.actions.letters import prepare
from alumni.deliveries.actions.telling import tell_next

__all__ = [
    "enrol",
    "forget_letters",
    "forget_told",
    "gather_due",
    "keep_letter",
    "prepare",
    "see_all_letters",
    "see_letter",
    "tell_next",
]
