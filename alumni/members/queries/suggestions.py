"""People whom one may know: of the same cohort, the same host town, the same work in the same country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from alumni.core.ready import Ready
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.queries.people import fetch
from alumni.members.queries.search import Asked, Part, Search, Sort, my_terms, whom_to_leave_out

_MINE = ("cohort", "town", "field", "country")


class Reason(StrEnum):
    """Why somebody may be known to the viewer."""

    COHORT = "cohort"
    TOWN = "town"
    WORK = "work"  # the same field, in the same country


@dataclass(frozen=True, slots=True)
class Suggestion:
    person: Any
    reason: Reason


def people_you_may_know(viewer: Viewer, *, most: int = 12) -> list[Suggestion]:
    """Each once and with one reason, newest first: from what the viewer shows to others and they to the viewer."""
    audience = policy.audience_of(viewer)
    rows = Ready(_mine(), {"viewer_id": viewer.id, "audience": audience}).all()
    blocked = tuple(row.id for row in rows if row.what == "blocked")
    ids: dict[str, tuple[int, ...]] = {}
    for row in rows:
        if row.what == "mine":
            ids[_MINE[row.n]] = (*ids.get(_MINE[row.n], ()), row.id)
    found: dict[int, Suggestion] = {}
    for reason, parts in _reasons(ids):
        if len(found) >= most:
            break
        asked = Asked(audience, parts, (viewer.id, *blocked, *found))
        for row in fetch(asked, Search(sort=Sort.NEWEST), None, False, most - len(found)):
            found[row.account_id] = Suggestion(row, reason)
    return list(found.values())


@cache
def _mine() -> Any:
    return sa.union_all(*(my_terms(facet, n) for n, facet in enumerate(_MINE)), *whom_to_leave_out()[:2])


def _reasons(ids: Mapping[str, tuple[int, ...]]) -> Iterable[tuple[Reason, tuple[Part, ...]]]:
    if "cohort" in ids:
        yield Reason.COHORT, (Part(ids["cohort"], 0),)
    if "town" in ids:
        yield Reason.TOWN, (Part(ids["town"], 0),)
    if "field" in ids and "country" in ids:
        yield Reason.WORK, (Part(ids["field"], 0), Part(ids["country"], 1))
