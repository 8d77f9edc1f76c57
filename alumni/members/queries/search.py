"""What somebody asks the directory for: words and filters, and the terms that they are."""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.ready import Ready
from alumni.core.search import Wanted, wanted
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.models import Audience, Block, Offer, Posting, Term
from alumni.programmes.models import Cohort, Programme

FACETS = ("programme", "year", "country", "from", "field", "language", "offer", "standing")
BY_LINK = (*FACETS, "cohort", "town")  # also what only a link asks for
MOST_WORDS = 8  # of a query


class Sort(StrEnum):
    NAME = "name"
    NEWEST = "newest"
    NEAR = "near"  # people of one's own cohorts first, then of one's own programmes


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody asks the directory for. `filters` has one term for each facet."""

    q: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: Sort = Sort.NAME
    is_kana: bool = False  # the reader's collation is that of Japanese


@dataclass(frozen=True, slots=True)
class Part:
    """The people under any of these terms: what one word or one filter asks for."""

    ids: tuple[int, ...]
    people: int  # under all of them, counted twice who is under two
    name: str = ""  # of the filter, or `q`
    least: int = 0  # as many there are at the least: those under the commonest of the terms

    @property
    def is_exact(self) -> bool:
        """Whether `people` is how many they are."""
        return len(self.ids) == 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A search after its words have become terms."""

    audience: Audience
    parts: tuple[Part, ...]  # all of them must hold; "all" alone stands for everybody
    blocked: tuple[int, ...] = ()  # people whom the viewer does not find
    less: Mapping[int, int] = field(default_factory=dict)  # how many of those are under a term
    stages: tuple[tuple[int, ...], ...] = ()  # terms of one's own cohorts, then of one's own programmes
    earlier: tuple[int, ...] = ()  # terms whose people have been shown
    only: tuple[int, ...] = ()  # the people, if it is known who they are
    inside: str = ""  # the query, if its terms alone do not decide whom it finds
    names: Mapping[str, str] = field(default_factory=dict)  # of a programme, a cohort or an offer that is a filter

    @property
    def is_vain(self) -> bool:
        """Whether there is nobody under one of its terms."""
        return any(not part.ids for part in self.parts)


class _What(StrEnum):
    """What a row of the answer says."""

    PART = "part"
    NAME = "name"
    MINE = "mine"
    BLOCKED = "blocked"
    LESS = "less"


class _Shape(NamedTuple):
    """What decides how the question is built; the rest are parameters."""

    parts: tuple[tuple[str, int, int], ...]  # facet, how many terms, how many beginnings
    is_somebody: bool  # who may have blocked others
    is_near: bool


# Facets whose values have a name in the catalogue: slug and name. A value that is not there is no value.
NAMED = {
    "programme": (Programme.slug, Programme.short),
    "cohort": (Cohort.slug, Cohort.title),
    "offer": (Offer.slug, sa.cast(Offer.names, sa.Text)),
}


def ask_in_groups(viewer: Viewer, q: str, country: str) -> Asked:
    """The same inside a group: by what the people of somebody's groups see of them."""
    return ask(viewer, Search(q, {"country": country} if country else {}), audience=Audience.GROUPS)


def ask(viewer: Viewer, search: Search, *, audience: Audience | None = None) -> Asked:
    """The terms of a search and whom the viewer does not find, in one query."""
    audience = audience or policy.audience_of(viewer)
    words = wanted(search.q)[:MOST_WORDS]
    asked: list[tuple[str, str | Wanted]] = [("name", word) for word in words]
    asked += [(facet, search.filters[facet]) for facet in BY_LINK if facet in search.filters]
    is_hollow = bool(search.q.strip()) and not words
    asked = asked or [("all", "")]
    shape, values = _shape_of(asked, viewer, search)
    rows = run_shaped(_asking, shape, values | {"audience": audience}, is_common=len(asked) == 1)
    parts = [_part(n, facet, rows) for n, (facet, _) in enumerate(asked)]
    if is_hollow:
        parts.append(Part((), 0, "q"))
    mine = [tuple(row.id for row in rows if row.what == _What.MINE and row.n == n) for n in range(2)]
    return Asked(
        audience=audience,
        parts=tuple(parts),
        blocked=tuple(row.id for row in rows if row.what == _What.BLOCKED),
        less={row.id: row.people for row in rows if row.what == _What.LESS},
        stages=tuple(terms for terms in mine if terms),
        inside=search.q if any(word.inside for word in words) else "",
        names={asked[row.n][0]: row.name for row in rows if row.what == _What.NAME},
    )


def unknown_filters(asked: Asked, search: Search) -> list[str]:
    """Filters that ask for a programme, a cohort or an offer that does not exist, whoever may be seen."""
    return [facet for facet in search.filters if facet in NAMED and facet not in asked.names]


def names_in_languages(asked: Asked) -> dict[str, dict[str, str]]:
    """Of the filters that have one name for each language: these names."""
    return {facet: json.loads(asked.names[facet]) for facet in ("offer",) if facet in asked.names}


def _part(n: int, facet: str, rows: Sequence[Any]) -> Part:
    people = {row.id: row.people for row in rows if row.what == _What.PART and row.n == n}
    ids = sorted(people, key=lambda id: (-people[id], id))
    least = max(people.values(), default=0)
    return Part(tuple(ids), sum(people.values()), "q" if facet == "name" else facet, least)


def _shape_of(
    asked: Sequence[tuple[str, str | Wanted]], viewer: Viewer, search: Search
) -> tuple[_Shape, dict[str, Any]]:
    parts: list[tuple[str, int, int]] = []
    values: dict[str, Any] = {"viewer_id": viewer.id}
    for n, (facet, term) in enumerate(asked):
        word = term if isinstance(term, Wanted) else Wanted((term,), ())
        room = 1 << (len(word.terms) - 1).bit_length() if word.terms else 0  # few shapes, so few are built
        parts.append((facet, room, len(word.beginnings)))
        values |= {f"term_{n}_{k}": word.terms[min(k, len(word.terms) - 1)] for k in range(room)}
        for k, start in enumerate(word.beginnings):
            values |= {f"from_{n}_{k}": start, f"below_{n}_{k}": f"{start}\U0010fffd"}
    is_somebody = viewer.is_authenticated
    return _Shape(tuple(parts), is_somebody, is_somebody and search.sort == Sort.NEAR), values


def _asking(shape: _Shape) -> Any:
    selects = []
    for n, (facet, terms, beginnings) in enumerate(shape.parts):
        here = _row(_What.PART, n, Term.id, Term.people).where(_AUDIENCE, Term.facet == facet, Term.people > 0)
        if terms:
            selects.append(here.where(Term.term.in_([_text(f"term_{n}_{k}") for k in range(terms)])))
        selects += [
            here.where(Term.term >= _text(f"from_{n}_{k}"), Term.term < _text(f"below_{n}_{k}"))
            for k in range(beginnings)
        ]
        if facet in NAMED:
            slug, name = NAMED[facet]
            selects.append(_row(_What.NAME, n, name=name).where(slug == _text(f"term_{n}_0")))
    if shape.is_near:
        selects += [my_terms(facet, n) for n, facet in enumerate(("cohort", "programme"))]
    if shape.is_somebody:
        selects += whom_to_leave_out()
    return sa.union_all(*selects) if len(selects) > 1 else selects[0]


_AUDIENCE = Term.audience == sa.bindparam("audience", type_=Term.audience.type)
_VIEWER = sa.bindparam("viewer_id", type_=sa.Integer())


def _text(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=Term.term.type)


def _row(what: _What, n: int, id: Any = None, people: Any = None, name: Any = None) -> sa.Select[Any]:
    nothing = sa.literal_column("0", sa.Integer())
    return sa.select(
        sa.literal_column(f"'{what}'", sa.String()).label("what"),
        sa.literal_column(str(n), sa.Integer()).label("n"),
        (nothing if id is None else id).label("id"),
        (nothing if people is None else people).label("people"),
        (sa.literal_column("''", sa.Text()) if name is None else name).label("name"),
    )


def my_terms(facet: str, n: int) -> sa.Select[Any]:
    """The terms of a facet under which the viewer's own audience finds the viewer: only what they show to it."""
    return (
        _row(_What.MINE, n, Term.id)
        .join(Posting, Posting.term_id == Term.id)
        .where(Posting.account_id == _VIEWER, _AUDIENCE, Term.facet == facet)
    )


def whom_to_leave_out() -> list[sa.Select[Any]]:
    """Those whom the viewer has blocked, or was blocked by, and how many of them are under each term."""
    one_way = _row(_What.BLOCKED, 0, Block.blocked_id).where(Block.blocker_id == _VIEWER)
    other_way = _row(_What.BLOCKED, 0, Block.blocker_id).where(Block.blocked_id == _VIEWER)
    blocked = sa.union(
        sa.select(Block.blocked_id).where(Block.blocker_id == _VIEWER),
        sa.select(Block.blocker_id).where(Block.blocked_id == _VIEWER),
    )
    less = _row(_What.LESS, 0, Posting.term_id, sa.func.count())
    return [one_way, other_way, less.where(Posting.account_id.in_(blocked)).group_by(Posting.term_id)]


def run_shaped(build: Callable[[Any], Any], shape: Hashable, values: dict[str, Any], *, is_common: bool) -> list[Any]:
    """All rows of the statement of a shape. The common ones are few and are kept for good."""
    if is_common:
        return Ready(_kept(build, shape), values).all()
    return list(db.session.connection().execute(_recent(build, shape), values).all())


@cache
def _kept(build: Callable[[Any], Any], shape: Hashable) -> Any:
    return build(shape)


@lru_cache(maxsize=256)
def _recent(build: Callable[[Any], Any], shape: Hashable) -> Any:
    return build(shape)
