"""What each audience may see of a member, and the terms under which it finds them.

Written in the transaction that changed the profile. What an audience may not see is in none of its rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account
from alumni.core.db import db, insert_missing, upsert
from alumni.core.names import collation_key
from alumni.core.ready import Ready
from alumni.core.search import name_terms
from alumni.core.text import fold
from alumni.members import policy
from alumni.members.models import (
    Audience,
    CareerEntry,
    CareerKind,
    Listing,
    Member,
    Participation,
    ParticipationState,
    Posting,
    Term,
)
from alumni.programmes.models import Cohort, Programme

READERS = (Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC)
FOUND_BY = (Audience.MEMBERS, Audience.PUBLIC)  # who looks for people in the directory; groups have lists of their own
MOST_LISTED = 12  # participations on a page, and stations of a career

# What a term is: the audience that finds by it, its facet, the value.
TermKey = tuple[Audience, str, str]


@dataclass(frozen=True, slots=True)
class TookPart:
    """A verified participation, as a listing shows it. Slugs, and the names of the catalogue."""

    programme: str
    programme_name: str
    country: str  # sent from
    role: str
    standing: str
    cohort: str = ""
    cohort_title: str = ""
    year: int | None = None
    host_town: str = ""
    name_as_printed: str = ""  # on the papers of the programme
    above: tuple[str, ...] = ()  # slugs of the programmes that this one is a part of


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a career, as a listing shows it."""

    kind: CareerKind
    title: str
    organisation: str
    country: str
    year_from: int
    year_to: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that a listing is made from. `member` is a Member, or whatever has its columns."""

    member: Any
    handle: str
    took_part: Sequence[TookPart] = ()
    career: Sequence[Station] = ()


def refresh_listings(member: Member) -> None:
    """Rewrites what each audience may see of a member. The caller holds the row of the member."""
    db.session.flush()
    [whole] = read_wholes([member.account_id])
    rows = listing_rows(whole)
    upsert(Listing, rows, key=("account_id", "audience"))
    kept = [row["audience"] for row in rows]
    gone = sa.delete(Listing).where(Listing.account_id == member.account_id, Listing.audience.not_in(kept))
    db.session.execute(gone.execution_options(synchronize_session=False))
    _write_postings(member.account_id, set(term_keys(whole, rows)), *sort_keys(member))


def listing_rows(whole: Whole) -> list[dict[str, Any]]:
    """Rows for `listings`: one for each audience that may see the name."""
    member = whole.member
    open_to = [reader for reader in READERS if policy.is_listed(member, reader)]
    return [_row(whole, reader) for reader in open_to if policy.includes(member.name_audience, reader)]


def _row(whole: Whole, reader: Audience) -> dict[str, Any]:
    member = whole.member

    def shown(field: str, value: Any, nothing: Any = "") -> Any:
        return value if policy.includes(getattr(member, f"{field}_audience"), reader) else nothing

    took_part = whole.took_part[:MOST_LISTED]
    former_names = shown("former_names", _former_names(whole), [])
    other_names = (member.name_reading, member.call_me, *former_names)
    details = {
        "name_reading": member.name_reading,
        "family_name": member.family_name,
        "call_me": member.call_me,
        "former_names": former_names,
        "nationality": shown("nationality", member.nationality),
        "community": shown("community", member.community),
        "segment": shown("work", member.segment),
        "work_field": shown("work", member.work_field),
        "employer": shown("work", member.employer),
        "bio": shown("about", member.bio),
        "links": shown("about", member.links),
        "languages": shown("languages", member.languages),
        "looks_for": shown("offers", member.looks_for),
        "career": shown("career", [asdict(station) for station in whole.career[:MOST_LISTED]]),
    }
    return {
        "account_id": member.account_id,
        "audience": reader,
        "handle": whole.handle,
        "name": member.name,
        "name_romanised": member.name_romanised,
        "picture": shown("picture", member.picture),
        "country": shown("place", member.country),
        "city": shown("place", member.city),
        "headline": shown("work", member.headline),
        "programme_line": shown("programmes", took_part[0].cohort_title or took_part[0].programme_name)
        if took_part
        else "",
        "offers": shown("offers", " ".join(member.offers)),
        "other_names": "\n".join(name for name in other_names if name),
        "programmes": shown("programmes", [_shown_part(part) for part in took_part], []),
        "contact": shown("contact", member.contact) if reader != Audience.PUBLIC else "",
        "details": {name: value for name, value in details.items() if value},
    }


def _former_names(whole: Whole) -> list[str]:
    """Those that the member gave, and those on the papers of a programme where they are not the name of today."""
    member = whole.member
    known = {fold(name) for name in (member.name, member.name_romanised, member.name_reading, member.call_me)}
    printed = (part.name_as_printed for part in whole.took_part)
    names = dict.fromkeys((*member.former_names.split("\n"), *printed))
    return [name for name in names if name and fold(name) not in known]


SHOWN_OF_PART = ("programme", "programme_name", "country", "role", "standing", "cohort", "cohort_title", "year")


def _shown_part(part: TookPart) -> dict[str, Any]:
    return {name: value for name in SHOWN_OF_PART if (value := getattr(part, name))}


def term_keys(whole: Whole, rows: Iterable[dict[str, Any]]) -> Iterator[TermKey]:
    """The terms under which a member is found by those who read these rows. A term may come twice."""
    for row in rows:
        if row["audience"] in FOUND_BY:
            for facet, term in _terms(whole, row):
                yield row["audience"], facet, term


def _terms(whole: Whole, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """From the row of an audience alone; only what belongs to the programmes it shows is looked up beside it."""
    details = row["details"]
    yield "all", ""
    for term in name_terms(row["name"], row["name_romanised"], *row["other_names"].split("\n")):
        yield "name", term[:100]
    if row["country"]:
        yield "country", row["country"]
    if "work_field" in details:
        yield "field", details["work_field"]
    for language, _ in details.get("languages", ()):
        yield "language", language
    for offer in row["offers"].split():
        yield "offer", offer
    for part in whole.took_part if row["programmes"] else ():
        yield from _terms_of_part(part)


def _terms_of_part(part: TookPart) -> Iterator[tuple[str, str]]:
    for programme in (part.programme, *part.above):
        yield "programme", programme
    yield "from", part.country
    yield "standing", part.standing
    if part.year:
        yield "year", str(part.year)
    if part.cohort:
        yield "cohort", part.cohort
    if town := fold(part.host_town):
        yield "town", town[:100]


def sort_keys(member: Any) -> tuple[bytes, bytes]:
    """Where a name stands among others: by its Latin form, and by its reading in kana."""
    latin = _family_first(member.name_romanised or member.name, member.family_name)
    written = member.name_reading or _family_first(member.name, member.family_name)
    return _sort_key(latin), _sort_key(written)


def _family_first(name: str, family: str) -> str:
    """A list is in the order of family names where their owners say which part that is."""
    if not family or family not in name:
        return name
    before, after = name.split(family, 1)
    return f"{family} {before} {after}"


@lru_cache(maxsize=4096)
def _sort_key(name: str) -> bytes:
    return collation_key(" ".join(name.split()))


def read_wholes(account_ids: Sequence[int]) -> list[Whole]:
    """Everything that the listings of these members are made from, in three queries."""
    members = _rows_of(_members(), account_ids)
    took_part, career = _took_part(account_ids), _career(account_ids)
    return [
        Whole(row, row.handle, took_part.get(row.account_id, []), career.get(row.account_id, [])) for row in members
    ]


_THESE: sa.BindParameter[Any] = sa.bindparam("account_ids", expanding=True)


def _rows_of(select: sa.Select[Any], account_ids: Sequence[int]) -> Sequence[Any]:
    """The rows of a select that is built once."""
    return db.session.connection().execute(select, {"account_ids": account_ids}).all()


@cache
def _members() -> sa.Select[Any]:
    return (
        sa.select(*Member.__table__.columns, Account.handle)
        .join(Account, Account.id == Member.account_id)
        .where(Member.account_id.in_(_THESE))
        .order_by(Member.account_id)
    )


@cache
def _participations() -> sa.Select[Any]:
    return (
        sa.select(
            Participation.account_id,
            Participation.state,
            Programme.id,
            Programme.slug,
            Programme.short,
            Participation.country,
            Participation.role,
            Participation.standing,
            Participation.host_town,
            Participation.name_as_printed,
            Cohort.slug.label("cohort"),
            Cohort.title,
            Cohort.year,
        )
        .join(Programme, Programme.id == Participation.programme_id)
        .outerjoin(Cohort, Cohort.id == Participation.cohort_id)
        .where(Participation.account_id.in_(_THESE))
        .order_by(sa.func.coalesce(Cohort.year, 0).desc(), Participation.id)
    )


def _took_part(account_ids: Sequence[int]) -> dict[int, list[TookPart]]:
    rows = _rows_of(_participations(), account_ids)
    above = programmes_above() if rows else {}
    found: dict[int, list[TookPart]] = {}
    for row in rows:
        # Left out here: a state in the WHERE makes SQLite walk everybody who is verified.
        if row.state != ParticipationState.VERIFIED:
            continue
        part = TookPart(
            programme=row.slug,
            programme_name=row.short,
            country=row.country,
            role=row.role,
            standing=row.standing,
            cohort=row.cohort or "",
            cohort_title=row.title or "",
            year=row.year,
            host_town=row.host_town,
            name_as_printed=row.name_as_printed,
            above=above[row.id],
        )
        found.setdefault(row.account_id, []).append(part)
    return found


@cache
def _parents() -> sa.Select[Any]:
    parent = aliased(Programme)
    return sa.select(Programme.id, Programme.parent_id, parent.slug).outerjoin(parent, parent.id == Programme.parent_id)


def programmes_above() -> dict[int, tuple[str, ...]]:
    """By the id of each programme, the slugs of the programmes that it is a part of."""
    parent_of = {row.id: (row.parent_id, row.slug) for row in Ready(_parents(), {}).all()}

    def climb(programme_id: int) -> Iterator[str]:
        above, slug = parent_of[programme_id]
        while above is not None:
            yield slug
            above, slug = parent_of[above]

    return {programme_id: tuple(climb(programme_id)) for programme_id in parent_of}


@cache
def _stations() -> sa.Select[Any]:
    columns = (
        CareerEntry.kind,
        CareerEntry.title,
        CareerEntry.organisation,
        CareerEntry.country,
        CareerEntry.year_from,
        CareerEntry.year_to,
    )
    latest_first = (sa.func.coalesce(CareerEntry.year_to, 9999).desc(), CareerEntry.year_from.desc(), CareerEntry.id)
    select = sa.select(CareerEntry.account_id, *columns).where(CareerEntry.account_id.in_(_THESE))
    return select.order_by(*latest_first)


def _career(account_ids: Sequence[int]) -> dict[int, list[Station]]:
    found: dict[int, list[Station]] = {}
    for account_id, *station in _rows_of(_stations(), account_ids):
        found.setdefault(account_id, []).append(Station(*station))
    return found


def _write_postings(account_id: int, wanted: set[TermKey], sort_key: bytes, sort_kana: bytes) -> None:
    """Brings the postings of one member to what is wanted, and the counts of the terms with them."""
    mine = Posting.account_id == account_id
    now = db.session.execute(sa.select(Posting.term_id, Posting.sort_key, Posting.sort_kana).where(mine)).all()
    # Asked for by their ids: a join is read the wrong way round where the planner knows nothing of the tables yet.
    terms = sa.select(Term.audience, Term.facet, Term.term, Term.id).where(Term.id.in_([row.term_id for row in now]))
    there = {(row.audience, row.facet, row.term): row.id for row in db.session.execute(terms)} if now else {}
    added = list(ids_of_terms(sorted(wanted - there.keys())).values())
    gone = [there[key] for key in there.keys() - wanted]
    _count(added, 1)
    _count(gone, -1)
    if gone:
        _run(sa.delete(Posting).where(mine, Posting.term_id.in_(gone)))
    if any((row.sort_key, row.sort_kana) != (sort_key, sort_kana) for row in now):
        _run(sa.update(Posting).where(mine).values(sort_key=sort_key, sort_kana=sort_kana))
    if added:
        row = {"account_id": account_id, "sort_key": sort_key, "sort_kana": sort_kana}
        db.session.connection().execute(sa.insert(Posting), [{"term_id": id, **row} for id in added])


def ids_of_terms(keys: list[TermKey]) -> dict[TermKey, int]:
    """The ids of these terms, made where they are new."""
    if not keys:
        return {}
    ids = _find_terms(keys)
    if missing := [key for key in keys if key not in ids]:
        insert_missing(
            Term, [{"audience": audience, "facet": facet, "term": term} for audience, facet, term in missing]
        )
        ids |= _find_terms(missing)
    return ids


def _find_terms(keys: list[TermKey]) -> dict[TermKey, int]:
    """Facet by facet, so that each is a range of the index whatever the planner knows of the table."""
    wanted: dict[tuple[Audience, str], list[str]] = {}
    for audience, facet, term in keys:
        wanted.setdefault((audience, facet), []).append(term)
    found: dict[TermKey, int] = {}
    select = sa.select(Term.audience, Term.facet, Term.term, Term.id)
    ranges = [
        sa.and_(Term.audience == audience, Term.facet == facet, Term.term.in_(terms))
        for (audience, facet), terms in wanted.items()
    ]
    for audience, facet, term, id in db.session.execute(select.where(sa.or_(*ranges))):
        found[audience, facet, term] = id
    return found


def _count(term_ids: list[int], by: int) -> None:
    """Counts are locked in the order of their ids, so that two who save at once never wait for each other in a ring."""
    if not term_ids:
        return
    db.session.execute(sa.select(Term.id).where(Term.id.in_(term_ids)).order_by(Term.id).with_for_update())
    _run(sa.update(Term).where(Term.id.in_(term_ids)).values(people=Term.people + by))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
