"""The bulk writer: rows in chunks, parents before children, and the counts that go with them.

It writes into the transaction of its caller, who commits. Whatever the file or the generator does not say
takes the default of the model.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import Base, db, insert_many, take_ids
from alumni.core.names import sort_key
from alumni.core.tokens import new_key
from alumni.events.models import Answer, Attendance, AttendanceState, Event
from alumni.groups.actions import cohort_group_facts
from alumni.groups.models import Group, GroupPath, Membership, MembershipState, Role, Tenure
from alumni.members.actions import rebuild_listings
from alumni.members.models import Block, CareerEntry, Member, Participation
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, CohortCountry, Family, Programme

CHUNK = 5000
# Each stands behind those it refers to.
ORDER: tuple[type[Base], ...] = (
    Family,
    Programme,
    Cohort,
    CohortCountry,
    Group,
    GroupPath,
    Account,
    Member,
    CareerEntry,
    Block,
    Participation,
    Membership,
    Tenure,
    Post,
    Event,
    Attendance,
)


class Writer:
    """Collects rows and writes them in chunks. Memory holds one chunk, and a number for each group and event."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.made: Counter[str] = Counter()
        self._rows: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in ORDER}
        self._blanks = {model: self._blank(model) for model in ORDER}
        self._ids: dict[type[Base], Iterator[int]] = {}
        self._last_id: dict[type[Base], int] = {}
        self._above: dict[int, list[tuple[int, int]]] = {}
        self._joined: Counter[int] = Counter()
        self._going: Counter[int] = Counter()
        self._last_before = db.session.scalar(sa.select(sa.func.max(Account.id))) or 0

    def _blank(self, model: type[Base]) -> dict[str, Any]:
        """A row with the model's defaults. What is made anew for each row (a random key) must be given."""
        blank: dict[str, Any] = {}
        for column in model.__table__.columns:
            if column.default is not None and column.default.is_scalar:
                blank[column.name] = column.default.arg
            elif column.nullable:
                blank[column.name] = None
            elif isinstance(column.type, sa.JSON):
                blank[column.name] = column.default.arg(None) if column.default is not None else {}
            elif column.name.endswith("_at") and column.default is not None:
                blank[column.name] = self.now
        return blank

    def add(self, model: type[Base], **values: Any) -> dict[str, Any]:
        """One row. It is written with its chunk; until then the caller may still change it."""
        row = self._blanks[model] | values
        rows = self._rows[model]
        rows.append(row)
        self.made[model.__tablename__] += 1
        if len(rows) >= CHUNK:
            self.flush()
        return row

    def next_id(self, model: type[Base]) -> int:
        taken = next(self._ids.get(model, iter(())), None)
        if taken is None:
            self._ids[model] = take_ids(model, CHUNK, after=self._last_id.get(model, 0))
            taken = next(self._ids[model])
        self._last_id[model] = taken
        return taken

    def flush(self) -> None:
        for model in ORDER:
            rows = self._rows[model]
            if rows:
                insert_many(model, rows)
                self._rows[model] = []

    def finish(self) -> None:
        """Writes what is left, the counts of memberships and answers, and what is seen of new members."""
        self.flush()
        groups, events = Group.__table__, Event.__table__
        self._count_up(groups, groups.c.members_count, self._joined)  # type: ignore[arg-type]
        self._count_up(events, events.c.seats_taken, self._going)  # type: ignore[arg-type]
        for _ in rebuild_listings(after=self._last_before):
            pass

    def _count_up(self, table: sa.Table, column: sa.Column[int], more: Counter[int]) -> None:
        if more:
            one = sa.update(table).where(table.c.id == sa.bindparam("row")).values({column: column + sa.bindparam("n")})
            db.session.connection().execute(one, [{"row": row, "n": n} for row, n in more.items()])
            more.clear()

    # The things of a world

    def person(self, account: dict[str, Any], profile: dict[str, Any] | None) -> int:
        """An account and, where there is a name, the member behind it."""
        account_id = self.next_id(Account)
        self.add(Account, id=account_id, **account)
        if profile is not None:
            self.add(Member, **profile, account_id=account_id)
        return account_id

    def cohort(self, countries: dict[str, int | None], **values: Any) -> int:
        cohort_id = self.next_id(Cohort)
        self.add(Cohort, id=cohort_id, **values)
        for country, head_count in countries.items():
            self.add(CohortCountry, cohort_id=cohort_id, country=country, head_count=head_count)
        return cohort_id

    def cohort_group(self, cohort: Cohort, countries: Iterable[str]) -> int:
        """The group that every cohort has."""
        return self.group(parent_id=None, **cohort_group_facts(cohort, sent_from=tuple(countries)))

    def group(self, *, name: str, parent_id: int | None, **values: Any) -> int:
        """A group, with its place below every group above it."""
        group_id = self.next_id(Group)
        above = [] if parent_id is None else [(ancestor, depth + 1) for ancestor, depth in self._ancestors(parent_id)]
        self._above[group_id] = [(group_id, 0), *above]
        self.add(Group, id=group_id, name=name, parent_id=parent_id, **({"sort_key": sort_key(name)} | values))
        for ancestor_id, depth in self._above[group_id]:
            self.add(GroupPath, ancestor_id=ancestor_id, descendant_id=group_id, depth=depth)
        return group_id

    def _ancestors(self, group_id: int) -> list[tuple[int, int]]:
        if group_id not in self._above:
            paths = sa.select(GroupPath.ancestor_id, GroupPath.depth).where(GroupPath.descendant_id == group_id)
            self._above[group_id] = [(row.ancestor_id, row.depth) for row in db.session.execute(paths)]
        return self._above[group_id]

    def join(
        self,
        account_id: int,
        group_id: int,
        *,
        at: datetime,
        state: MembershipState = MembershipState.ACTIVE,
        organises: bool = False,
        until: str | None = None,
    ) -> None:
        """A membership. Only active ones have a date of joining, and are counted; an organiser has a term."""
        is_active = state == MembershipState.ACTIVE
        self._joined[group_id] += is_active
        when = {"asked_at": at, "joined_at": at if is_active else None}
        self.add(Membership, account_id=account_id, group_id=group_id, state=state, **when)
        if organises:
            self.add(
                Tenure,
                id=self.next_id(Tenure),
                key=new_key(),
                account_id=account_id,
                group_id=group_id,
                role=Role.ORGANISER,
                starts_on=at.date().isoformat(),
                ends_on=until,
                created_at=at,
            )

    def answer(self, account_id: int, event_id: int, answer: Answer, *, at: datetime) -> None:
        """An answer to an event. Whoever is going takes a seat."""
        self._going[event_id] += answer == Answer.GOING
        self.add(Attendance, account_id=account_id, event_id=event_id, state=AttendanceState(answer), answered_at=at)
