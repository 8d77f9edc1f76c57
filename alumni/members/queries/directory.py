"""Finding people: by name and by facets, in the order of the reader, with counts. Reads terms, postings, listings.

Every list is read along an index in its own order, so a page costs the same among a thousand and a million people.
Counts come from the terms; only a small result is counted one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.paging import Fetch, Key, Page, beyond, order_of, page_both_ways, turned
from alumni.core.search import Wanted, finds, wanted
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.models import Audience, Block, Listing, Offer, Posting, Term
from alumni.members.queries.profiles import card_columns
from alumni.programmes.models import Programme

FACETS = ("programme", "year", "country", "from", "field", "language", "offer", "standing")
BY_LINK = (*FACETS, "cohort", "town")  # also what only a link asks for
MOST_COUNTED = 500  # people who are counted one by one
MOST_VALUES = 8  # of a facet, until all of them are asked for
MOST_WORDS = 8  # of a query
ONE_BY_ONE = 64  # terms of one beginning whose people are read each in their own order


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
class Value:
    """One value of a facet. No count where too many are found to be counted."""

    term: str
    people: int | None
    name: str = ""  # of a programme
    names: dict[str, str] | None = None  # of an offer, by language


@dataclass(frozen=True, slots=True)
class Found:
    """A page of people, how many there are (at least, if `is_more`), and what to narrow by."""

    people: Page
    total: int
    is_more: bool
    facets: dict[str, list[Value]]


@dataclass(frozen=True, slots=True)
class _Part:
    """The people under any of these terms."""

    ids: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search after its words have become terms. No part at all stands for everybody."""

    viewer: Viewer
    audience: Audience
    parts: tuple[_Part, ...]
    blocked: tuple[int, ...]
    stages: tuple[tuple[int, ...], ...] = ()  # terms of one's own cohorts, then of one's own programmes
    earlier: tuple[int, ...] = ()  # terms whose people have been shown


def find_people(
    viewer: Viewer, search: Search, *, after: str | None = None, before: str | None = None, limit: int, all_of: str = ""
) -> Found:
    """A page of the people that the viewer finds so. `all_of` names a facet whose values are wanted to the last.

    Raises Invalid for a cursor of another list.
    """
    asked = _ask(viewer, search)
    people = _page(asked, search, after=after, before=before, limit=limit)
    if asked is None:
        return Found(people, 0, False, {})
    return Found(people, *_count(asked, search, all_of))


def list_people(
    viewer: Viewer, search: Search, *, after: str | None = None, before: str | None = None, limit: int
) -> Page:
    """The same page without the counts."""
    return _page(_ask(viewer, search), search, after=after, before=before, limit=limit)


def filters_to_drop(viewer: Viewer, search: Search) -> list[str]:
    """Of a search that finds nobody: the filters (or `q`) without which it would find somebody."""
    helpful = []
    for name in (*search.filters, *(["q"] if search.q else [])):
        filters = {facet: term for facet, term in search.filters.items() if facet != name}
        fewer = Search(q="" if name == "q" else search.q, filters=filters)
        if list_people(viewer, fewer, limit=1).items:
            helpful.append(name)
    return helpful


# --- what is asked


def _ask(viewer: Viewer, search: Search) -> _Asked | None:
    """Terms for the words and the filters of a search; None when one of them is not there, so nobody is found."""
    audience = policy.audience_of(viewer)
    words = wanted(search.q)[:MOST_WORDS]
    if search.q.strip() and not words:
        return None
    asked: list[tuple[str, str | Wanted]] = [*(("name", word) for word in words), *search.filters.items()]
    stages = _my_terms(viewer) if search.sort == Sort.NEAR and viewer.is_authenticated else ()
    blocked = tuple(db.session.scalars(_BLOCKED, {"viewer_id": viewer.id})) if viewer.is_authenticated else ()
    parts = _find_parts(audience, asked or [("all", "")])
    if any(not part.ids for part in parts):
        return None
    return _Asked(viewer, audience, parts, blocked, stages)


def _find_parts(audience: Audience, asked: Sequence[tuple[str, str | Wanted]]) -> tuple[_Part, ...]:
    selects = [
        _terms_of(audience, facet, term).add_columns(sa.literal(n).label("n")) for n, (facet, term) in enumerate(asked)
    ]
    rows = db.session.connection().execute(sa.union_all(*selects) if len(selects) > 1 else selects[0]).all()
    found: list[list[Any]] = [[] for _ in asked]
    for row in sorted(rows, key=lambda row: -row.people):
        found[row.n].append(row)
    return tuple(_Part(tuple(row.id for row in rows), sum(row.people for row in rows)) for rows in found)


def _terms_of(audience: Audience, facet: str, term: str | Wanted) -> sa.Select[Any]:
    select = sa.select(Term.id, Term.people).where(Term.audience == audience, Term.facet == facet, Term.people > 0)
    if isinstance(term, str):
        return select.where(Term.term == term)
    ranges = [sa.and_(Term.term >= start, Term.term < f"{start}\U0010fffd") for start in term.beginnings]
    return select.where(sa.or_(*([Term.term.in_(term.terms)] if term.terms else []), *ranges))


def _my_terms(viewer: Viewer) -> tuple[tuple[int, ...], ...]:
    """The cohorts and the programmes that the viewer shows to other members."""
    mine = (
        sa.select(Term.facet, Term.id)
        .join(Posting, Posting.term_id == Term.id)
        .where(
            Posting.account_id == viewer.id,
            Term.audience == policy.audience_of(viewer),
            Term.facet.in_(("cohort", "programme")),
        )
    )
    rows = db.session.execute(mine).all()
    kinds = [tuple(row.id for row in rows if row.facet == facet) for facet in ("cohort", "programme")]
    return tuple(kind for kind in kinds if kind)


_BLOCKED = sa.union(
    sa.select(Block.blocked_id).where(Block.blocker_id == sa.bindparam("viewer_id")),
    sa.select(Block.blocker_id).where(Block.blocked_id == sa.bindparam("viewer_id")),
)


# --- a page


_STAGE = sa.literal_column("stage", sa.Integer())


def _keys(search: Search, place: Any) -> tuple[Key, ...]:
    """The order of a list, over the columns of `place`."""
    unique = Key(place.account_id, "account_id", descending=search.sort == Sort.NEWEST)
    if search.sort == Sort.NEWEST:
        return (unique,)
    return (_key_of(place, search.is_kana), unique)


def _key_of(place: Any, is_kana: bool) -> Key:
    return Key(place.sort_kana, "sort_kana") if is_kana else Key(place.sort_key, "sort_key")


def _page(asked: _Asked | None, search: Search, **cursors: Any) -> Page:
    keys = _keys(search, Posting)
    if search.sort == Sort.NEAR:
        keys = (Key(_STAGE, "stage"), *keys)
    page = page_both_ways(_reader(asked, search), keys, **cursors)
    if any(word.inside for word in wanted(search.q)):
        # Pairs of characters do not say in which order they stand: what was found is read once more.
        kept = [row for row in page.items if finds(search.q, *forms_of(row))]
        page = Page(kept, page.next, page.previous)
    return page


def _reader(asked: _Asked | None, search: Search) -> Fetch:
    if asked is None:
        return lambda *_: []
    if search.sort == Sort.NEAR:
        return _Staged(asked, search)
    return lambda *where: _fetch(asked, search, *where)


def forms_of(row: Any) -> list[str]:
    """The forms of a name by which a row may have been found."""
    return [row.name, row.name_romanised, *row.other_names.split("\n")]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What decides how the statement of a page is built; the rest are parameters."""

    drivers: int  # terms whose people are merged in order
    rest: bool  # more terms than that
    probes: int
    without: bool  # people of earlier stages, or blocked ones, are left out
    sort: Sort
    is_kana: bool
    is_further: bool
    backwards: bool


def _fetch(
    asked: _Asked,
    search: Search,
    beyond_row: Sequence[Any] | None,
    backwards: bool,
    rows: int,
) -> list[Any]:
    """The next rows in order: along the postings of the rarest part, asking of each whether the others hold."""
    driver, *probes = sorted(asked.parts, key=lambda part: part.people)
    singles, rest = driver.ids[:ONE_BY_ONE], driver.ids[ONE_BY_ONE:]
    count = 1 << (len(singles) - 1).bit_length()  # few shapes, so that few statements are built
    shape = _Shape(
        count,
        bool(rest),
        len(probes),
        bool(asked.blocked or asked.earlier),
        search.sort,
        search.is_kana,
        beyond_row is not None,
        backwards,
    )
    values: dict[str, Any] = {"rows": rows, "audience": asked.audience}
    values |= {f"driver_{n}": singles[n] if n < len(singles) else 0 for n in range(count)}
    values |= {f"probe_{n}": list(probe.ids) for n, probe in enumerate(probes)}
    values |= {f"after_{n}": value for n, value in enumerate(beyond_row or ())}
    if rest:
        values["rest"] = list(rest)
    if shape.without:
        values |= {"blocked": list(asked.blocked), "earlier": list(asked.earlier)}
    return list(db.session.connection().execute(_statement(shape), values).all())


@lru_cache(maxsize=512)
def _statement(shape: _Shape) -> sa.Select[Any]:
    search = Search(sort=shape.sort, is_kana=shape.is_kana)
    if shape.drivers == 1 and not shape.rest:
        along = _along(shape, search, Posting.term_id == sa.bindparam("driver_0"))
        return _with_listings(along.subquery(), shape, search)
    ways = [Posting.term_id == sa.bindparam(f"driver_{n}") for n in range(shape.drivers)]
    if shape.rest:
        ways.append(Posting.term_id.in_(sa.bindparam("rest", expanding=True)))
    each = [sa.select(_along(shape, search, way).subquery()) for way in ways]
    return _with_listings(sa.union(*each).subquery(), shape, search)


def _along(shape: _Shape, search: Search, way: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The first people under a term who are under all the others as well."""
    keys = _keys(search, Posting)
    keys = tuple(turned(keys)) if shape.backwards else keys
    select = sa.select(Posting.account_id, Posting.sort_key, Posting.sort_kana).where(way)
    for n in range(shape.probes):
        select = select.where(_is_under(sa.bindparam(f"probe_{n}", expanding=True)))
    if shape.without:
        select = select.where(Posting.account_id.not_in(sa.bindparam("blocked", expanding=True)))
        select = select.where(sa.not_(_is_under(sa.bindparam("earlier", expanding=True))))
    if shape.is_further:
        select = select.where(beyond(keys))
    return select.order_by(*order_of(keys)).limit(sa.bindparam("rows", type_=sa.Integer()))


def _is_under(term_ids: Any) -> sa.ColumnElement[bool]:
    other = sa.orm.aliased(Posting)
    return sa.exists().where(other.account_id == Posting.account_id, other.term_id.in_(term_ids)).correlate(Posting)


def _with_listings(places: Any, shape: _Shape, search: Search) -> sa.Select[Any]:
    keys = _keys(search, places.c)
    keys = tuple(turned(keys)) if shape.backwards else keys
    audience = sa.bindparam("audience", type_=Listing.audience.type)
    row = sa.and_(Listing.account_id == places.c.account_id, Listing.audience == audience)
    return (
        sa.select(*card_columns(), places.c.sort_key, places.c.sort_kana)
        .select_from(places)
        .join(Listing, row)
        .order_by(*order_of(keys))
        .limit(sa.bindparam("rows", type_=sa.Integer()))
    )


@dataclass(frozen=True, slots=True)
class _Staged:
    """Reads the people of one stage after the other: those near the viewer, then everybody else."""

    asked: _Asked
    search: Search

    def __call__(self, beyond_row: Sequence[Any] | None, backwards: bool, rows: int) -> list[Any]:
        stages = [*self.asked.stages, ()]
        start = len(stages) - 1 if backwards else 0
        if beyond_row is not None:
            start, beyond_row = min(max(beyond_row[0], 0), len(stages) - 1), beyond_row[1:]
        found: list[Any] = []
        for number in range(start, -1, -1) if backwards else range(start, len(stages)):
            # The stage drives: its people are the fewest.
            near = (_Part(stages[number], 0),) if stages[number] else ()
            earlier = tuple(id for stage in stages[:number] for id in stage)
            asked = replace(self.asked, parts=(*near, *self.asked.parts), earlier=earlier)
            more = _fetch(asked, self.search, beyond_row, backwards, rows - len(found))
            found += [_AtStage(row, number) for row in more]
            beyond_row = None
            if len(found) >= rows:
                break
        return found


class _AtStage:
    """A row that knows how near its person is."""

    __slots__ = ("_row", "stage")

    def __init__(self, row: Any, stage: int) -> None:
        self._row, self.stage = row, stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


# --- counts


def _count(asked: _Asked, search: Search, all_of: str) -> tuple[int, bool, dict[str, list[Value]]]:
    """How many are found, whether they are more than that, and the values of each facet."""
    known = None
    if len(asked.parts) == 1 and len(asked.parts[0].ids) == 1:
        known = asked.parts[0].people - (_blocked_under(asked) if asked.blocked else 0)
    is_everybody = not search.filters and not search.q
    if known is not None and (known > MOST_COUNTED or is_everybody):
        return known, False, _facets(asked, all_of, is_counted=is_everybody)
    counts = _counts_of_few(asked)
    total = counts.pop(("all", ""), (0,))[0]
    if total > MOST_COUNTED:
        return MOST_COUNTED, True, _facets(asked, all_of, is_counted=False)
    facets: dict[str, list[Value]] = {}
    for (facet, term), (people, name, names) in counts.items():
        facets.setdefault(facet, []).append(Value(term, people, name or "", names))
    for facet, values in facets.items():
        values.sort(key=lambda value: (-(value.people or 0), value.term))
        facets[facet] = values if facet == all_of else values[:MOST_VALUES]
    return total, False, facets


def _blocked_under(asked: _Asked) -> int:
    mine = sa.and_(Posting.account_id.in_(asked.blocked), Posting.term_id == asked.parts[0].ids[0])
    return db.session.scalar(sa.select(sa.func.count()).select_from(Posting).where(mine)) or 0


def _facets(asked: _Asked, all_of: str, *, is_counted: bool) -> dict[str, list[Value]]:
    """The values that most people have, of everybody whom the viewer finds."""
    less = _blocked_by_term(asked) if asked.blocked and is_counted else {}
    rows = db.session.connection().execute(_top_values(all_of), {"audience": asked.audience, "most": MOST_VALUES}).all()
    facets: dict[str, list[Value]] = {}
    for row in rows:
        people = row.people - less.get(row.id, 0)
        if people > 0:
            facets.setdefault(row.facet, []).append(
                Value(row.term, people if is_counted else None, row.name or "", row.names)
            )
    return facets


def _blocked_by_term(asked: _Asked) -> dict[int, int]:
    counts = sa.select(Posting.term_id, sa.func.count()).where(Posting.account_id.in_(asked.blocked))
    return dict(db.session.execute(counts.group_by(Posting.term_id)).tuples().all())


@lru_cache(maxsize=16)
def _top_values(all_of: str) -> Any:
    of_audience = Term.audience == sa.bindparam("audience", type_=Term.audience.type)
    most_first = (Term.people.desc(), Term.term)
    selects = []
    for facet in FACETS:
        select = sa.select(Term).where(of_audience, Term.facet == facet, Term.people > 0).order_by(*most_first)
        selects.append(select if facet == all_of else select.limit(sa.bindparam("most", type_=sa.Integer())))
    top = sa.union_all(*(sa.select(select.subquery()) for select in selects)).subquery()
    return (
        sa.select(top.c.id, top.c.facet, top.c.term, top.c.people, Programme.short.label("name"), Offer.names)
        .select_from(top)
        .outerjoin(Programme, sa.and_(top.c.facet == "programme", Programme.slug == top.c.term))
        .outerjoin(Offer, sa.and_(top.c.facet == "offer", Offer.slug == top.c.term))
        .order_by(top.c.people.desc(), top.c.term)
    )


def _counts_of_few(asked: _Asked) -> dict[tuple[str, str], tuple[int, str | None, dict[str, str] | None]]:
    """Counted one by one, by facet and term; "all" has how many they are. One more than `MOST_COUNTED` at most."""
    driver, *probes = sorted(asked.parts, key=lambda part: part.people)
    people = sa.select(Posting.account_id).where(Posting.term_id.in_(driver.ids)).distinct()
    for probe in probes:
        people = people.where(_is_under(probe.ids))
    if asked.blocked:
        people = people.where(Posting.account_id.not_in(asked.blocked))
    few = people.limit(MOST_COUNTED + 1).subquery()
    counted = (
        sa.select(Posting.term_id, sa.func.count().label("people"))
        .join(few, few.c.account_id == Posting.account_id)
        .group_by(Posting.term_id)
        .subquery()
    )
    rows = db.session.connection().execute(
        sa.select(Term.facet, Term.term, counted.c.people, Programme.short, Offer.names)
        .join(counted, counted.c.term_id == Term.id)
        .outerjoin(Programme, sa.and_(Term.facet == "programme", Programme.slug == Term.term))
        .outerjoin(Offer, sa.and_(Term.facet == "offer", Offer.slug == Term.term))
        .where(Term.audience == asked.audience, Term.facet.in_((*FACETS, "all")))
    )
    return {(row.facet, row.term): (row.people, row.short, row.names) for row in rows}


# --- suggestions


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
    """Of the same cohort, the same host town, the same field and country; newest first, each once, with the reason."""
    audience = policy.audience_of(viewer)
    mine = (
        sa.select(Term.facet, Term.id)
        .join(Posting, Posting.term_id == Term.id)
        .where(Posting.account_id == viewer.id, Term.audience == audience)
        .where(Term.facet.in_(("cohort", "town", "field", "country")))
    )
    ids: dict[str, list[int]] = {}
    for facet, id in db.session.execute(mine):
        ids.setdefault(facet, []).append(id)
    blocked = (*db.session.scalars(_BLOCKED, {"viewer_id": viewer.id}), viewer.id)
    found: dict[int, Suggestion] = {}
    for reason, parts in _reasons(ids):
        asked = _Asked(viewer, audience, parts, (*blocked, *found))
        for row in _fetch(asked, Search(sort=Sort.NEWEST), None, False, most - len(found)) if len(found) < most else ():
            found[row.account_id] = Suggestion(row, reason)
    return list(found.values())


def _reasons(ids: Mapping[str, list[int]]) -> Iterable[tuple[Reason, tuple[_Part, ...]]]:
    for reason in (Reason.COHORT, Reason.TOWN):
        if reason in ids:
            yield reason, (_Part(tuple(ids[reason]), 0),)
    if "field" in ids and "country" in ids:
        yield Reason.WORK, (_Part(tuple(ids["field"]), 0), _Part(tuple(ids["country"]), 1))


def find_country_counts(viewer: Viewer) -> dict[str, int]:
    """By country of residence, how many people the viewer finds there."""
    asked = _ask(viewer, Search())
    if asked is None:
        return {}
    return {value.term: value.people or 0 for value in _facets(asked, "country", is_counted=True).get("country", [])}
