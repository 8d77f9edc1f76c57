"""How often something may be done: the one table, and the counts, which all workers share.

What is counted stands here with its figures and nowhere else; a door says only the name (`limited` in `web/gate.py`, or
`count` where an address or an act is counted).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, db, inserting
from alumni.core.errors import TooMany
from alumni.core.ready import Ready
from alumni.core.tokens import digest

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEWCOMER = timedelta(days=7)  # an account that is younger has the narrower figure


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` of one `by` in a window; for accounts in their first week `newcomers`, where that is said."""

    by: str  # account, network (IPv6: its /64), address, or both of those
    most: int
    window: timedelta = QUARTER
    newcomers: int | None = None

    def most_for(self, *, is_newcomer: bool) -> int:
        return self.newcomers if is_newcomer and self.newcomers is not None else self.most


LIMITS: dict[str, tuple[Limit, ...]] = {
    # Secrets that somebody may guess, and letters to addresses that somebody may not own.
    "sign-up": (Limit("network", 60), Limit("address", 5)),
    "sign-in": (Limit("network", 100), Limit("address and network", 10), Limit("address", 100)),
    "password": (Limit("account", 10),),
    "second factor": (Limit("account", 10),),
    "forgotten password": (Limit("network", 60), Limit("address", 5)),
    "another address": (Limit("account", 5, DAY), Limit("address", 5, DAY)),
    "visit": (Limit("network", 30), Limit("address", 5)),
    "code on paper": (Limit("network", 20),),
    "facts of a claim": (Limit("account", 3, DAY),),
    "vouchers": (Limit("claim", 5, timedelta(days=30)),),
    # What costs more than any other request, because a file is decoded.
    "picture": (Limit("account", 20),),
    "picture of a post": (Limit("account", 40),),
    "picture of a report": (Limit("account", 40),),
    "file of a reply": (Limit("account", 30),),
    "evidence": (Limit("account", 20),),
    "roster": (Limit("account", 20),),
    # What reaches other people. The letters of invitation to rosters share a day's allowance besides.
    "letters to rosters": (Limit("everybody", 500),),
    "invitation": (Limit("account", 200, HOUR, newcomers=50), Limit("network", 1000, HOUR)),
    "post": (Limit("account", 120, HOUR, newcomers=40), Limit("network", 1200, HOUR)),
    "circular": (Limit("account", 3, DAY),),
    "circular to oneself": (Limit("account", 20, DAY),),
    "report": (Limit("account", 30, HOUR, newcomers=15),),
    "first words": (Limit("account", 20, DAY, newcomers=3),),
    "my data": (Limit("account", 3, DAY),),
    "token": (Limit("account", 20, DAY),),
    "check": (Limit("network", 60),),
    # What could be carried off page by page.
    "profile": (Limit("account", 300, HOUR, newcomers=100), Limit("network", 3000, HOUR)),
    "directory": (Limit("account", 600, HOUR, newcomers=200), Limit("network", 6000, HOUR)),
    "export": (Limit("account", 60, HOUR, newcomers=30), Limit("network", 600, HOUR)),
}


class Tries(Base):
    """How often something was tried in a window of time: per address, per account, per network."""

    __tablename__ = "tries"

    bucket: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)  # digest of what is counted
    window_ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    count: Mapped[int]


def count(name: str, *, times: int = 1, is_newcomer: bool = False, **who: object) -> None:
    """Counts that `name` was tried, once for each limit whose `by` is given. Raises TooMany beyond it.

    The door commits before it goes on, so a refused try counts as well.
    """
    ends = []
    for limit in LIMITS[name]:
        by = limit.by.replace(" ", "_")
        if by in who:
            tried, ends_at = _add(_bucket(name, limit.by, who[by]), limit.window, times)
            if tried > limit.most_for(is_newcomer=is_newcomer):
                ends.append(ends_at)
    if ends:
        raise TooMany(retry_after_s=max(1, int((max(ends) - clock.now()).total_seconds())))


def at_once(name: str, by: str, *, is_newcomer: bool) -> int:
    """How many may be counted together: a fifteenth of what is allowed. 0 where there is no such limit."""
    most = [limit.most_for(is_newcomer=is_newcomer) for limit in LIMITS[name] if limit.by == by]
    return max(1, min(most) // 15) if most else 0


def forget(name: str, **who: object) -> None:
    """It was right: what was tried before is not held against anybody."""
    buckets = [_bucket(name, by.replace("_", " "), value) for by, value in who.items()]
    db.session.execute(sa.delete(Tries).where(Tries.bucket.in_(buckets)))


def _bucket(name: str, by: str, who: object) -> bytes:
    return digest(f"{name}|{by}|{who}")


def _add(bucket: bytes, window: timedelta, times: int) -> tuple[int, datetime]:
    """How often by now, and when the window ends. A window that is over begins anew."""
    now = clock.now()
    values = {"bucket": bucket, "times": times, "now": now, "ends_at": now + window}
    row = Ready(_counting(db.engine.dialect.name), values).first()
    if row is None:
        raise LookupError("a count that was just written is not there")
    return row.count_now, row.window_ends_at


@cache
def _counting(_dialect: str) -> Any:
    tries: Any = Tries.__table__
    new = {"bucket": "bucket", "window_ends_at": "ends_at", "count": "times"}
    insert = inserting()(tries).values(
        {tries.c[name]: sa.bindparam(value, type_=tries.c[name].type) for name, value in new.items()}
    )
    is_over = tries.c.window_ends_at <= sa.bindparam("now", type_=UTCDateTime())
    changed = {
        "count": sa.case((is_over, insert.excluded.count), else_=tries.c.count + insert.excluded.count),
        "window_ends_at": sa.case((is_over, insert.excluded.window_ends_at), else_=tries.c.window_ends_at),
    }
    adding = insert.on_conflict_do_update(index_elements=["bucket"], set_=changed)
    return adding.returning(tries.c.count.label("count_now"), tries.c.window_ends_at)
