"""How many people a search finds, and what to narrow it by.

Counts of everybody stand with the terms; only a small result is counted one by one.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.core.ready import Ready
from alumni.core.search import finds
from alumni.core.viewer import Viewer
from alumni.members.models import Listing, Offer, Posting, Term
from alumni.members.queries.people import forms_of, is_under
from alumni.members.queries.search import FACETS, NAMED, Asked, Search, ask, run_shaped
from alumni.programmes.models import Programme

MOST_COUNTED = 200  # people who are counted one by one
MOST_VALUES = 8  # of a facet, until all of them are asked for
# Postings that are read to count people: one person may be under several of the terms of one word.
MOST_REACHED = 4 * MOST_COUNTED
WHOLE = ("offer",)  # facets of which all values are given: a short list
FEWEST_ON_A_MAP = 5  # people of a country
PARTS, LINES = "\x1f", "\x1e"  # part what stands in one text; no text of ours holds them
_AUDIENCE = Term.audience == sa.bindparam("audience", type_=Term.audience.type)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet. No count where too many are found to be counted."""

    term: str
    people: int | None
    name: str = ""  # of a programme
    names: dict[str, str] | None = None  # of an offer, by language


@dataclass(frozen=True, eq=False)
class Facet:
    """The values of a facet that most people have; whether there are more. The same one serves many requests."""

    values: Sequence[Value]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people are found (more than that, if `is_more`), and what to narrow by."""

    total: int
    is_more: bool
    facets: dict[str, Facet]
    ids: tuple[int, ...] = ()  # who they are, where they were counted one by one


def count(asked: Asked, search: Search, all_of: str) -> Counts:
    """Counts of a search; `all_of` names the facet whose values are wanted to the last."""
    if asked.is_vain:
        return Counts(0, False, {})
    first = asked.parts[0]
    is_everybody = not search.filters and not search.q
    if len(asked.parts) == 1 and first.is_exact and not asked.inside:
        known = first.people - asked.less.get(first.ids[0], 0)
        if known > MOST_COUNTED or is_everybody:
            return Counts(known, False, _of_everybody(asked, all_of, is_counted=is_everybody))
    is_many = len(asked.parts) == 1 and not asked.inside and first.least - len(asked.blocked) > MOST_COUNTED
    few = None if is_many else _count_few(asked, all_of)
    return few or Counts(MOST_COUNTED, True, _of_everybody(asked, all_of, is_counted=False))


def find_country_counts(viewer: Viewer) -> dict[str, int]:
    """By country of residence, how many people the viewer finds there: only where they are five or more."""
    asked = ask(viewer, Search())
    if asked.is_vain:
        return {}
    found = _of_everybody(asked, "country", is_counted=True).get("country", Facet(()))
    people = {value.term: value.people or 0 for value in found.values}
    return {country: n for country, n in people.items() if n >= FEWEST_ON_A_MAP}


def _cut(values: Iterable[tuple[str, Value]], all_of: str, *, is_counted: bool) -> dict[str, Facet]:
    """By facet, the values that most people have, most first."""
    by_facet: dict[str, list[Value]] = {}
    for facet, value in values:
        by_facet.setdefault(facet, []).append(value)
    facets = {}
    for facet in FACETS:
        found = sorted(by_facet.get(facet, ()), key=lambda value: (-(value.people or 0), value.term))
        if not is_counted:
            found = [Value(value.term, None, value.name, value.names) for value in found]
        is_whole = facet == all_of or facet in WHOLE
        if found:
            facets[facet] = Facet(found if is_whole else found[:MOST_VALUES], not is_whole and len(found) > MOST_VALUES)
    return facets


def _of_everybody(asked: Asked, all_of: str, *, is_counted: bool) -> dict[str, Facet]:
    """The values that most people have, of everybody whom the viewer finds."""
    # As many more as may fall behind when those whom the viewer does not find are taken off.
    most = MOST_VALUES + 1 + len(asked.less)
    text = Ready(_top_values(all_of), {"audience": asked.audience, "most": most}).scalar() or ""
    return _facets_of(text, tuple(asked.less.items()), all_of, is_counted=is_counted)


def _line(facet: Any, term: Any, people: Any, name: Any) -> Any:
    """A value of a facet as text: to hand out a row for each would cost more than to find them."""
    parts = (facet, sa.cast(term.id, sa.Text), sa.cast(people, sa.Text), term.term, sa.func.coalesce(*name, ""))
    return reduce(lambda text, part: text + PARTS + part, parts)


@lru_cache(maxsize=256)
def _facets_of(text: str, less: tuple[tuple[int, int], ...], all_of: str, *, is_counted: bool) -> dict[str, Facet]:
    """The facets that such lines hold. Few texts come, and each of them often: it is read once."""
    fewer, values = dict(less), []
    for line in text.split(LINES) if text else ():
        facet, term_id, held, term, name = line.split(PARTS)
        people = int(held) - fewer.get(int(term_id), 0)
        if people > 0:
            names = json.loads(name) if facet == "offer" and name else None
            values.append((facet, Value(term, people, "" if names else name, names)))
    return _cut(values, all_of, is_counted=is_counted)


@cache
def _top_values(all_of: str) -> Any:
    lines = []
    for facet in FACETS:
        select = sa.select(Term.id, Term.term, Term.people).where(_AUDIENCE, Term.facet == facet, Term.people > 0)
        if facet != all_of and facet not in WHOLE:
            select = select.order_by(Term.people.desc(), Term.term).limit(sa.bindparam("most", type_=sa.Integer()))
        top = select.subquery()
        slug, *name = NAMED.get(facet, (None, ""))
        line = sa.select(_line(sa.literal(facet), top.c, top.c.people, name).label("line"))
        lines.append(line.outerjoin_from(top, slug.class_, slug == top.c.term) if slug is not None else line)
    return sa.select(sa.func.aggregate_strings(sa.union_all(*lines).subquery().c.line, LINES))


class _Shape(NamedTuple):
    """What decides how people are counted; the rest are parameters."""

    driver: bool  # whether the rarest part has more than one term
    probes: tuple[bool, ...]  # one for each further part: the same
    without: bool  # blocked people are left out
    is_read: bool  # the ids of the people are known, because their names were read


def _count_few(asked: Asked, all_of: str) -> Counts | None:
    """How many there are, and every value they have, counted one by one. None: too many for that."""
    shape, values = _shape_of(asked)
    if asked.inside:
        kept = _those_with(asked, shape, values)
        if kept is None:
            return None
        shape, values = _Shape(False, (), False, is_read=True), {"audience": asked.audience, "kept": kept}
    has_lists = shape.driver or any(shape.probes) or shape.without or shape.is_read
    [row] = run_shaped(_counting, shape, values, is_common=not has_lists and len(shape.probes) <= 2)
    if row.reached > MOST_REACHED:
        return None
    ids = tuple(map(int, row.ids.split(LINES))) if row.ids else ()
    if len(ids) > MOST_COUNTED:
        return None
    return Counts(len(ids), False, _facets_of(row.text or "", (), all_of, is_counted=True), ids)


def _shape_of(asked: Asked) -> tuple[_Shape, dict[str, Any]]:
    parts = sorted(asked.parts, key=lambda part: part.people)
    are_lists = [not part.is_exact for part in parts]
    values: dict[str, Any] = {"audience": asked.audience}
    values |= {f"part_{n}": list(part.ids) if not part.is_exact else part.ids[0] for n, part in enumerate(parts)}
    if asked.blocked:
        values["blocked"] = list(asked.blocked)
    return _Shape(are_lists[0], tuple(are_lists[1:]), bool(asked.blocked), is_read=False), values


def _counting(shape: _Shape) -> sa.Select[Any]:
    how_many: Any = sa.literal_column("0", sa.Integer())
    if shape.is_read:
        ids = Posting.account_id.in_(sa.bindparam("kept", expanding=True))
        few = sa.select(Posting.account_id).where(ids).distinct().cte("few")
    else:
        reached = _reach(shape)
        few = sa.select(reached.c.account_id).distinct().limit(MOST_COUNTED + 1).cte("few")
        how_many = sa.select(sa.func.count()).select_from(reached).scalar_subquery()
    counted = (
        sa.select(Posting.term_id, sa.func.count().label("people"))
        .join(few, few.c.account_id == Posting.account_id)
        .group_by(Posting.term_id)
        .subquery()
    )
    who = sa.select(sa.func.aggregate_strings(sa.cast(few.c.account_id, sa.Text), LINES)).scalar_subquery()
    line = _line(Term.facet, Term, counted.c.people, (Programme.short, sa.cast(Offer.names, sa.Text)))
    return (
        sa.select(sa.func.aggregate_strings(line, LINES).label("text"), who.label("ids"), how_many.label("reached"))
        .select_from(Term)
        .join(counted, counted.c.term_id == Term.id)
        .outerjoin(Programme, sa.and_(Term.facet == "programme", Programme.slug == Term.term))
        .outerjoin(Offer, sa.and_(Term.facet == "offer", Offer.slug == Term.term))
        .where(_AUDIENCE, Term.facet.in_(FACETS))
    )


def _reach(shape: _Shape) -> Any:
    """The people of the rarest part who are under all the others as well, up to `MOST_REACHED`."""
    people = sa.select(Posting.account_id).where(Posting.term_id.in_(_ids("part_0", is_list=shape.driver)))
    for n, is_list in enumerate(shape.probes, 1):
        people = people.where(is_under(_ids(f"part_{n}", is_list=is_list)))
    if shape.without:
        people = people.where(Posting.account_id.not_in(sa.bindparam("blocked", expanding=True)))
    return people.limit(MOST_REACHED + 1).cte("reached")


def _ids(name: str, *, is_list: bool) -> Any:
    return sa.bindparam(name, expanding=True) if is_list else [sa.bindparam(name, type_=sa.Integer())]


def _those_with(asked: Asked, shape: _Shape, values: dict[str, Any]) -> list[int] | None:
    """Of those who were reached, the ones whom the words really find."""
    rows = run_shaped(_naming, shape, values, is_common=False)
    if len(rows) > MOST_COUNTED:
        return None
    return [row.account_id for row in rows if finds(asked.inside, *forms_of(row))]


def _naming(shape: _Shape) -> sa.Select[Any]:
    people = sa.select(_reach(shape).c.account_id)
    audience = Listing.audience == sa.bindparam("audience", type_=Listing.audience.type)
    select = sa.select(Listing.account_id, Listing.name, Listing.name_romanised, Listing.other_names)
    return select.where(audience, Listing.account_id.in_(people)).limit(MOST_COUNTED + 1)
