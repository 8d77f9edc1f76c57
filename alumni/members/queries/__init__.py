"""What is asked about members: always through the listing of the viewer's audience."""

from alumni.members.queries.counts import Facet, Value, find_country_counts
from alumni.members.queries.directory import Found, find_people, list_people
from alumni.members.queries.people import also_known_as, forms_of
from alumni.members.queries.profiles import (
    NEWEST_FIRST,
    blocked,
    blocked_by,
    career_of,
    claims_open_to,
    decidable_participations,
    find_email,
    find_member,
    find_offers,
    find_profile,
    has_profile,
    listing_columns,
    offers,
    own_listing,
    own_participation_in,
    participations_of,
    pictures_open_to,
    visible_participations,
)
from alumni.members.queries.search import BY_LINK, FACETS, Search, Sort
from alumni.members.queries.suggestions import Reason, Suggestion, people_you_may_know

__all__ = [
    "BY_LINK",
    "FACETS",
    "NEWEST_FIRST",
    "Facet",
    "Found",
    "Reason",
    "Search",
    "Sort",
    "Suggestion",
    "Value",
    "also_known_as",
    "blocked",
    "blocked_by",
    "career_of",
    "claims_open_to",
    "decidable_participations",
    "find_country_counts",
    "find_email",
    "find_member",
    "find_offers",
    "find_people",
    "find_profile",
    "forms_of",
    "has_profile",
    "list_people",
    "listing_columns",
    "offers",
    "own_listing",
    "own_participation_in",
    "participations_of",
    "people_you_may_know",
    "pictures_open_to",
    "visible_participations",
]
