"""All listings anew, a chunk of members at a time: after a change of what a listing holds, and for new worlds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core import jobs
from alumni.core.db import db, insert_many, there_is
from alumni.members.actions.listings import (
    TermKey,
    ids_of_terms,
    listing_rows,
    sort_keys,
    term_keys,
)
from alumni.members.actions.wholes import programmes_above, read_wholes
from alumni.members.models import Listing, Member, Participation, Posting, Term
from alumni.programmes.models import Programme

REBUILD = "listings"  # the job that does it
CHUNK = 2000
MOST_REMEMBERED = 300_000  # ids of terms


def promise_listings(programme: Programme) -> None:
    """A job that writes anew what is seen of those who took part in a programme, or in what is a part of it."""
    above = programmes_above()
    ids = [id for id, slugs in above.items() if id == programme.id or programme.slug in slugs]
    jobs.enqueue(REBUILD, after=0, programmes=sorted(ids))


def rebuild_listings(*, after: int = 0, programmes: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """Rewrites the listings of members behind this account id. Yields the last id of each chunk, and how many it had.

    All of them, or those who took part in one of these programmes. The caller may commit after each chunk;
    stopped there, it goes on from the last id.
    """
    known: dict[TermKey, int] = {}
    everybody = sa.select(Member.account_id).order_by(Member.account_id).limit(CHUNK)
    if programmes:
        took_part = sa.and_(Participation.account_id == Member.account_id, Participation.programme_id.in_(programmes))
        everybody = everybody.where(there_is(Participation, took_part))
    while True:
        rows = everybody.where(Member.account_id > after)
        # Held, so that nobody saves a profile between reading and writing it.
        ids = list(db.session.scalars(rows.with_for_update()))
        if not ids:
            return
        if len(known) > MOST_REMEMBERED:
            known.clear()
        _rebuild(ids, known)
        after = ids[-1]
        yield after, len(ids)


def _rebuild(account_ids: list[int], known: dict[TermKey, int]) -> None:
    listings: list[dict[str, Any]] = []
    terms: list[tuple[int, set[TermKey], bytes, bytes]] = []
    for whole in read_wholes(account_ids):
        rows = listing_rows(whole)
        listings += rows
        terms.append((whole.member.account_id, set(term_keys(whole, rows)), *sort_keys(whole.member)))
    wanted = {key for _, keys, _, _ in terms for key in keys}
    known |= ids_of_terms(sorted(wanted - known.keys()))
    postings = [
        {"term_id": known[key], "account_id": account_id, "sort_key": sort_key, "sort_kana": sort_kana}
        for account_id, keys, sort_key, sort_kana in terms
        for key in keys
    ]
    change = Counter(row["term_id"] for row in postings)
    change.subtract(_counts_now(account_ids))
    for model in (Posting, Listing):
        db.session.execute(sa.delete(model).where(model.account_id.in_(account_ids)))
    if listings:
        insert_many(Listing, listings)
    if postings:
        insert_many(Posting, postings)
    changed = [{"row": term_id, "n": n} for term_id, n in sorted(change.items()) if n]
    if changed:
        table = Term.__table__
        count = sa.update(Term).where(table.c.id == sa.bindparam("row"))
        db.session.connection().execute(count.values(people=table.c.people + sa.bindparam("n")), changed)


def _counts_now(account_ids: list[int]) -> dict[int, int]:
    counts = sa.select(Posting.term_id, sa.func.count()).where(Posting.account_id.in_(account_ids))
    return dict(db.session.execute(counts.group_by(Posting.term_id)).tuples().all())
