"""What each audience may see of a member, and the terms under which it finds them.

Written in the transaction that changed the profile. What an audience may not see is in none of its rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from alumni.core import jobs
from alumni.core.db import among, db, insert_missing, upserting
from alumni.core.names import collation_key
from alumni.core.ready import Ready, change
from alumni.core.search import name_terms
from alumni.core.text import fold
from alumni.members import policy
from alumni.members.actions.wholes import TookPart, Whole, whole_of
from alumni.members.models import Audience, Listing, Member, Posting, Term

READERS = (Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC)
# By what each audience finds people: the directory by everything, inside a group one looks by name and country.
IN_GROUPS = ("name", "country")
RESIDENCE_CHANGED = "residence changed"  # the kind of the job
MOST_LISTED = 12  # participations on a page, and stations of a career

# What a term is: the audience that finds by it, its facet, the value.
TermKey = tuple[Audience, str, str]


def refresh_listings(member: Member) -> None:
    """Brings what each audience may see of a member, and what finds it, up to date. The caller holds their row."""
    db.session.flush()
    whole = whole_of(member)
    rows = listing_rows(whole)
    _write_listings(member.account_id, rows, whole)
    _write_postings(member.account_id, set(term_keys(whole, rows)), *sort_keys(member))


def _write_listings(account_id: int, rows: list[dict[str, Any]], whole: Whole) -> None:
    """Writes what is not there already: most changes are not for every audience.

    Groups that take in whoever lives somewhere are told by a job when their audience sees another country.
    """
    there = {row.audience: row._asdict() for row in Ready(_listings(), {"account_id": account_id}).all()}
    if whole.took_part and _country_shown(there.values()) != _country_shown(rows):
        jobs.enqueue(RESIDENCE_CHANGED, account_id=account_id)
    write = upserting(db.engine.dialect.name, Listing, ("account_id", "audience"))
    for row in rows:
        if there.pop(row["audience"], None) != row:
            change(write, **row)
    for audience in there:
        change(_hide_listing(), account_id=account_id, audience=audience)


def _country_shown(rows: Iterable[dict[str, Any]]) -> str:
    """Where somebody lives, for the people of their groups."""
    return next((row["country"] for row in rows if row["audience"] == Audience.GROUPS), "")


def listing_rows(whole: Whole) -> list[dict[str, Any]]:
    """Rows for `listings`: one for each audience that may see the name."""
    member = whole.member
    if whole.is_leaving:
        return []
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
        for facet, term in _terms(whole, row):
            if row["audience"] != Audience.GROUPS or facet in IN_GROUPS:
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


_ACCOUNT: sa.BindParameter[Any] = sa.bindparam("account_id", type_=sa.Integer())


@cache
def _listings() -> sa.Select[Any]:
    return sa.select(*Listing.__table__.columns).where(Listing.account_id == _ACCOUNT)


@cache
def _hide_listing() -> sa.Delete:
    audience = sa.bindparam("audience", type_=Listing.audience.type)
    return sa.delete(Listing).where(Listing.account_id == _ACCOUNT, Listing.audience == audience)


def _write_postings(account_id: int, wanted: set[TermKey], sort_key: bytes, sort_kana: bytes) -> None:
    """Brings the postings of one member to what is wanted, and the counts of the terms with them."""
    mine = {"account_id": account_id, "sort_key": sort_key, "sort_kana": sort_kana}
    now = Ready(_postings(), mine).all()
    # Asked for by their ids: a join is read the wrong way round where the planner knows nothing of the tables yet.
    terms = Ready(_terms_by_id(), {"ids": [row.term_id for row in now]}).all() if now else ()
    there = {(row.audience, row.facet, row.term): row.id for row in terms}
    added = list(ids_of_terms(sorted(wanted - there.keys())).values())
    gone = [there[key] for key in there.keys() - wanted]
    if added or gone:
        # Locked in the order of their ids, so that two who save at once never wait for each other in a ring.
        Ready(_hold_terms(), {"ids": added + gone}).all()
        change(_count_terms(), ids=added + gone, added=added)
    if gone:
        change(_take_postings(), ids=gone, **mine)
    if any((row.sort_key, row.sort_kana) != (sort_key, sort_kana) for row in now):
        change(_sort_postings(), **mine)
    if added:
        change(_add_postings(), ids=added, **mine)


_SORT_KEYS: dict[str, sa.BindParameter[Any]] = {
    name: sa.bindparam(name, type_=sa.LargeBinary()) for name in ("sort_key", "sort_kana")
}


@cache
def _postings() -> sa.Select[Any]:
    return sa.select(Posting.term_id, Posting.sort_key, Posting.sort_kana).where(Posting.account_id == _ACCOUNT)


@cache
def _take_postings() -> sa.Delete:
    return sa.delete(Posting).where(Posting.account_id == _ACCOUNT, among(Posting.term_id, "ids"))


@cache
def _sort_postings() -> sa.Update:
    return sa.update(Posting).where(Posting.account_id == _ACCOUNT).values(_SORT_KEYS)


@cache
def _add_postings() -> sa.Insert:
    rows = sa.select(Term.id, _ACCOUNT, *_SORT_KEYS.values()).where(among(Term.id, "ids"))
    return sa.insert(Posting).from_select(["term_id", "account_id", *_SORT_KEYS], rows)


@cache
def _terms_by_id() -> sa.Select[Any]:
    return sa.select(Term.id, Term.audience, Term.facet, Term.term).where(among(Term.id, "ids"))


@cache
def _hold_terms() -> sa.Select[Any]:
    return sa.select(Term.id).where(among(Term.id, "ids")).order_by(Term.id).with_for_update()


@cache
def _count_terms() -> sa.Update:
    people = Term.people + sa.case((among(Term.id, "added"), 1), else_=-1)
    return sa.update(Term).where(among(Term.id, "ids")).values(people=people)


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
    return {
        (audience, facet, row.term): row.id
        for (audience, facet), terms in wanted.items()
        for row in Ready(_terms_of_facet(), {"audience": audience, "facet": facet, "terms": terms}).all()
    }


@cache
def _terms_of_facet() -> sa.Select[Any]:
    audience, facet = (sa.bindparam(name, type_=Term.__table__.c[name].type) for name in ("audience", "facet"))
    of_facet = sa.and_(Term.audience == audience, Term.facet == facet)
    return sa.select(Term.id, Term.term).where(of_facet, among(Term.term, "terms"))
