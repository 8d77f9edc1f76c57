"""What a letter says when it goes, or that it says nothing any more; who is told at once; what is new."""

from alumni.deliveries.queries.digests import due_digests, find_news, newcomers
from alumni.deliveries.queries.letters import facts_of, find_thing, sees_event
from alumni.deliveries.queries.readers import readers_of_event, readers_of_post

__all__ = [
    "due_digests",
    "facts_of",
    "find_news",
    "find_thing",
    "newcomers",
    "readers_of_event",
    "readers_of_post",
    "sees_event",
]
