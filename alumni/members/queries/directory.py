"""Finding people: by name and by facets, in the order of the reader, with counts. Reads terms, postings, listings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.paging import Page
from alumni.core.viewer import Viewer
from alumni.members.models import Posting, Term
from alumni.members.queries.counts import Facet, count
from alumni.members.queries.people import is_under, page_of
from alumni.members.queries.search import Asked, Part, Search, ask, names_in_languages, unknown_filters


@dataclass(frozen=True, slots=True)
class Found:
    """A page of people, how many there are (more than that, if `is_more`), and what to narrow by."""

    people: Page
    total: int = 0
    is_more: bool = False
    facets: dict[str, Facet] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # of the programme and the cohort that are asked for
    names_of_offer: Mapping[str, str] = field(default_factory=dict)  # of the offer that is asked for, by language
    to_drop: tuple[str, ...] = ()  # if nobody is found: filters (or `q`) without which somebody is


def find_people(
    viewer: Viewer, search: Search, *, after: str | None = None, before: str | None = None, limit: int, all_of: str = ""
) -> Found:
    """A page of the people that the viewer finds so. `all_of` names a facet whose values are wanted to the last.

    Raises Invalid for a cursor of another list, and for a programme, cohort or offer that does not exist.
    """
    asked = _ask(viewer, search)
    counts = count(asked, search, all_of)
    return Found(
        page_of(
            replace(asked, only=counts.ids) if counts.total else _nobody(asked),
            search,
            after=after,
            before=before,
            limit=limit,
        ),
        counts.total,
        counts.is_more,
        counts.facets,
        {facet: name for facet, name in asked.names.items() if facet != "offer"},
        names_in_languages(asked).get("offer", {}),
        () if counts.total else _filters_to_drop(asked),
    )


def list_people(
    viewer: Viewer, search: Search, *, after: str | None = None, before: str | None = None, limit: int
) -> Page:
    """The same page without the counts."""
    return page_of(_ask(viewer, search), search, after=after, before=before, limit=limit)


def _ask(viewer: Viewer, search: Search) -> Asked:
    asked = ask(viewer, search)
    for facet in unknown_filters(asked, search):
        raise Invalid(facet, "unknown")
    return asked


def _nobody(asked: Asked) -> Asked:
    return Asked(asked.audience, (Part((), 0),))


def _filters_to_drop(asked: Asked) -> tuple[str, ...]:
    """The filters (or `q`) of a search that finds nobody, without which it finds somebody: in one query."""
    names = dict.fromkeys(part.name for part in asked.parts if part.name != "all")
    selects = []
    for place, name in enumerate(names):
        others = sorted((part for part in asked.parts if part.name != name), key=lambda part: part.people)
        if all(part.ids for part in others):
            selects.append(sa.select(_somebody(asked, others, place).subquery()))
    if not selects:
        return ()
    rows = db.session.connection().execute(sa.union_all(*selects) if len(selects) > 1 else selects[0])
    places = {row.place for row in rows}
    return tuple(name for place, name in enumerate(names) if place in places)


def _somebody(asked: Asked, parts: list[Part], place: int) -> sa.Select[Any]:
    select = sa.select(sa.literal(place).label("place"), Posting.account_id)
    if parts:
        select = select.where(Posting.term_id.in_(parts[0].ids))
    else:
        everybody = sa.select(Term.id).where(Term.audience == asked.audience, Term.facet == "all")
        select = select.where(Posting.term_id.in_(everybody))
    for part in parts[1:]:
        select = select.where(is_under(part.ids))
    if asked.blocked:
        select = select.where(Posting.account_id.not_in(asked.blocked))
    return select.limit(1)
