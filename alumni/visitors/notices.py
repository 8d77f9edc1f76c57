"""What visitors are told: by letter to the address that they gave, in the language in which they came."""

from typing import Any

from alumni.core.jobs import enqueue
from alumni.visitors.models import Visitor

LETTER = "visitors.letter"


def write(visitor: Visitor, template: str, facts: dict[str, Any]) -> None:
    enqueue(LETTER, visitor=visitor.key, template=template, facts=facts)


def facts_of(event: Any) -> dict[str, Any]:
    """Plain values, put into words when the letter is written."""
    return {
        "title": event.title,
        "slug": event.slug,
        "starts": event.starts_at.isoformat(),
        "event_zone": event.zone,
        "place": event.place,
    }
