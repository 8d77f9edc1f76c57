"""Rows of people, read along an index in the order of the reader: a page costs the same however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from alumni.core.paging import Fetch, Key, Page, beyond, order_of, page_both_ways, turned
from alumni.core.search import finds, matching_form
from alumni.members.models import Listing, Posting
from alumni.members.queries.profiles import card_columns
from alumni.members.queries.search import Asked, Part, Search, Sort, run_shaped

ONE_BY_ONE = 64  # terms of one beginning whose people are read each in their own order
LONG_WALK = 2000  # people under a term, of whom few may be under the others
_STAGE = sa.literal_column("stage", sa.Integer())


def page_of(asked: Asked, search: Search, **cursors: Any) -> Page:
    """A page of whom a search finds. Raises Invalid for a cursor of another list."""
    keys = _keys(search.sort, search.is_kana, Posting)
    if search.sort == Sort.NEAR:
        keys = (Key(_STAGE, "stage"), *keys)
    page = page_both_ways(_reader(asked, search), keys, **cursors)
    if asked.inside:
        # Pairs of characters do not say in which order they stand: what was found is read once more.
        kept = [row for row in page.items if finds(asked.inside, *forms_of(row))]
        page = Page(kept, page.next, page.previous)
    return page


def forms_of(row: Any) -> list[str]:
    """The forms of a name by which a row may have been found."""
    return [row.name, row.name_romanised, *row.other_names.split("\n")]


def also_known_as(q: str, rows: Iterable[Any]) -> dict[int, str]:
    """By account id, the form of a name that the query met, where it is neither the name nor how it is romanised."""
    found = {}
    for row in rows if q else ():
        if not row.other_names:
            continue
        forms = forms_of(row)
        place = matching_form(q, forms)
        if place is not None and place > 1:
            found[row.account_id] = forms[place]
    return found


def is_under(term_ids: Any) -> sa.ColumnElement[bool]:
    """Clause on Posting: its person is under one of these terms as well."""
    other = sa.orm.aliased(Posting)
    return sa.exists().where(other.account_id == Posting.account_id, other.term_id.in_(term_ids)).correlate(Posting)


def has_term(account_id: Any, term_ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Clause: somebody is under one of these terms. Give the column of their account."""
    other = sa.orm.aliased(Posting)
    return sa.exists().where(other.account_id == account_id, other.term_id.in_(term_ids)).correlate_except(other)


def _keys(sort: Sort, is_kana: bool, place: Any) -> tuple[Key, ...]:
    """The order of a list, over the columns of `place`."""
    unique = Key(place.account_id, "account_id", descending=sort == Sort.NEWEST)
    if sort == Sort.NEWEST:
        return (unique,)
    return (Key(place.sort_kana, "sort_kana") if is_kana else Key(place.sort_key, "sort_key"), unique)


def _reader(asked: Asked, search: Search) -> Fetch:
    if asked.is_vain:
        return lambda *_: []
    if search.sort == Sort.NEAR:
        return _Staged(asked, search)
    return lambda *where: fetch(asked, search, *where)


class _Shape(NamedTuple):
    """What decides how the statement of a page is built; the rest are parameters."""

    drivers: int  # terms whose people are merged in order
    rest: bool  # more terms than that
    probes: tuple[bool, ...]  # one for each further part: whether it has more than one term
    only: bool  # it is known who they are
    without: bool  # people of earlier stages, or blocked ones, are left out
    sort: Sort
    is_kana: bool
    is_further: bool
    backwards: bool


def fetch(asked: Asked, search: Search, beyond_row: Sequence[Any] | None, backwards: bool, rows: int) -> list[Any]:
    """The next rows in order: along the postings of the rarest part, asking of each whether the others hold.

    Where it is known who they are, there is nothing to ask: a long walk may meet only few of them.
    """
    driver, *probes = sorted(asked.parts, key=lambda part: part.people)
    is_known = bool(asked.only and probes) and probes[-1].people > LONG_WALK
    if is_known:
        probes = []
    singles, rest = driver.ids[:ONE_BY_ONE], driver.ids[ONE_BY_ONE:]
    count = 1 << (len(singles) - 1).bit_length()  # few shapes, so that few statements are built
    shape = _Shape(
        count,
        bool(rest),
        tuple(not probe.is_exact for probe in probes),
        is_known,
        bool(asked.blocked or asked.earlier),
        search.sort,
        search.is_kana,
        beyond_row is not None,
        backwards,
    )
    values: dict[str, Any] = {"rows": rows, "audience": asked.audience}
    values |= {f"driver_{n}": singles[n] if n < len(singles) else 0 for n in range(count)}
    values |= {f"probe_{n}": probe.ids[0] if probe.is_exact else list(probe.ids) for n, probe in enumerate(probes)}
    values |= {f"after_{n}": value for n, value in enumerate(beyond_row or ())}
    if rest:
        values["rest"] = list(rest)
    if shape.only:
        values["only"] = list(asked.only)
    if shape.without:
        values |= {"blocked": list(asked.blocked), "earlier": list(asked.earlier)}
    has_lists = shape.rest or shape.only or shape.without or any(shape.probes)
    is_common = not has_lists and count == 1 and len(probes) <= 2
    return run_shaped(_statement, shape, values, is_common=is_common)


def _statement(shape: _Shape) -> sa.Select[Any]:
    if shape.drivers == 1 and not shape.rest:
        return _with_listings(_along(shape, Posting.term_id == _number("driver_0")).subquery(), shape)
    ways = [Posting.term_id == _number(f"driver_{n}") for n in range(shape.drivers)]
    if shape.rest:
        ways.append(Posting.term_id.in_(sa.bindparam("rest", expanding=True)))
    each = [sa.select(_along(shape, way).subquery()) for way in ways]
    return _with_listings(sa.union(*each).subquery(), shape)


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.Integer())


def _along(shape: _Shape, way: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The first people under a term who are under all the others as well."""
    keys = _ordered(shape, Posting)
    select = sa.select(Posting.account_id, Posting.sort_key, Posting.sort_kana).where(way)
    for n, is_list in enumerate(shape.probes):
        select = select.where(
            is_under(sa.bindparam(f"probe_{n}", expanding=True) if is_list else [_number(f"probe_{n}")])
        )
    if shape.only:
        select = select.where(Posting.account_id.in_(sa.bindparam("only", expanding=True)))
    if shape.without:
        select = select.where(Posting.account_id.not_in(sa.bindparam("blocked", expanding=True)))
        select = select.where(sa.not_(is_under(sa.bindparam("earlier", expanding=True))))
    if shape.is_further:
        select = select.where(beyond(keys))
    return select.order_by(*order_of(keys)).limit(_number("rows"))


def _ordered(shape: _Shape, place: Any) -> Sequence[Key]:
    keys = _keys(shape.sort, shape.is_kana, place)
    return turned(keys) if shape.backwards else keys


def _with_listings(places: Any, shape: _Shape) -> sa.Select[Any]:
    audience = sa.bindparam("audience", type_=Listing.audience.type)
    row = sa.and_(Listing.account_id == places.c.account_id, Listing.audience == audience)
    return (
        sa.select(*card_columns(), places.c.sort_key, places.c.sort_kana)
        .select_from(places)
        .join(Listing, row)
        .order_by(*order_of(_ordered(shape, places.c)))
        .limit(_number("rows"))
    )


@dataclass(frozen=True, slots=True)
class _Staged:
    """Reads the people of one stage after the other: those near the viewer, then everybody else."""

    asked: Asked
    search: Search

    def __call__(self, beyond_row: Sequence[Any] | None, backwards: bool, rows: int) -> list[Any]:
        stages = [*self.asked.stages, ()]
        start = len(stages) - 1 if backwards else 0
        if beyond_row is not None:
            start, beyond_row = min(max(beyond_row[0], 0), len(stages) - 1), beyond_row[1:]
        found: list[Any] = []
        for number in range(start, -1, -1) if backwards else range(start, len(stages)):
            # The stage drives: its people are the fewest.
            near = (Part(stages[number], 0),) if stages[number] else ()
            earlier = tuple(id for stage in stages[:number] for id in stage)
            asked = replace(self.asked, parts=(*near, *self.asked.parts), earlier=earlier)
            more = fetch(asked, self.search, beyond_row, backwards, rows - len(found))
            found += [_AtStage(row, number) for row in more]
            beyond_row = None
            if len(found) >= rows:
                break
        return found


@dataclass(frozen=True, slots=True)
class _AtStage:
    """A row that knows how near its person is. Like the row itself, it is equal by what it holds."""

    row: Any
    stage: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)
