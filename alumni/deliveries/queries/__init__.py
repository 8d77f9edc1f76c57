"""What a letter says when it goes, or that it says nothing any more; who is told at once; what is new."""

from alumni.deliveries.queries.digests import due_digests, find_news, newcomers
from alumni.deliveries.queries.kept import LATEST, kept_letter, kept_letters, new_letters
from alumni.deliveries.queries.letters import facts_of, facts_seen_by, find_thing, sees_event, wants_at_all
from alumni.deliveries.queries.readers import readers_of_event, readers_of_post

__all__ = [
    "LATEST",
    "due_digests",
    "facts_of",
    "facts_seen_by",
    "find_news",
    "find_thing",
    "kept_letter",
    "kept_letters",
    "new_letters",
    "newcomers",
    "readers_of_event",
    "readers_of_post",
    "sees_event",
    "wants_at_all",
]
