"""Erasing somebody, room by room: what is counted is given back first, then each table by the record of what is kept.

Each step is done for good before the next, and doing one again does no harm, so whatever stops it goes on later.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState, StaffRole
from alumni.attendance import actions as attendance_actions
from alumni.conferences import actions as conferences_actions
from alumni.core import audit, clock
from alumni.core.db import Base, db
from alumni.core.viewer import INSTALLATION
from alumni.groups import actions as groups_actions
from alumni.moderation import actions as moderation_actions
from alumni.mydata import queries
from alumni.mydata.actions.closing import hide_account
from alumni.mydata.actions.exporting import forget_exports_of
from alumni.mydata.models import Closing
from alumni.mydata.models.record import PEOPLE, Erasure, Kept
from alumni.outreach import actions as outreach_actions
from alumni.posts import actions as posts_actions
from alumni.reports import actions as reports_actions
from alumni.rosters.actions import matching
from alumni.teams import actions as teams_actions
from alumni.visitors import actions as visitors_actions

MOST_AT_ONCE = 500  # rows of a step


def erase_due(now: datetime) -> Iterator[int]:
    """Everybody whose days to come back are over. Yields after each step, so that the caller can commit."""
    due = sa.select(Closing.account_id).where(Closing.erased_at.is_(None), Closing.erase_at <= now)
    for account_id in db.session.scalars(due.order_by(Closing.erase_at, Closing.account_id)).all():
        yield from erase_account(account_id)


def erase_again(erased: queries.Erased) -> Iterator[int]:
    """Somebody who was erased and came back with an older backup. Nobody of this handle: nothing to do."""
    account = db.session.scalar(sa.select(Account).where(Account.handle == erased.handle))
    if account is None or account.state == AccountState.CLOSED:
        return
    closing = db.session.get(Closing, account.id) or Closing(account_id=account.id, asked_at=erased.erased_at)
    closing.keeps_posts, closing.erase_at = erased.keeps_posts, erased.erased_at
    db.session.add(closing)
    hide_account(account)
    yield account.id
    yield from erase_account(account.id)


def erase_account(account_id: int) -> Iterator[int]:
    """Nothing of a person is left but a number and a handle that belong to nobody. Yields after each step."""
    account = db.session.get_one(Account, account_id)
    closing = db.session.get_one(Closing, account_id)
    handle, email, keeps_posts = account.handle, account.email, closing.keeps_posts
    for step in (
        moderation_actions.forget_person(account_id, handle),
        posts_actions.forget_person(account_id, keeps_posts=keeps_posts),
        reports_actions.forget_person(account_id),
        attendance_actions.forget_person(account_id),
        visitors_actions.forget_person(email),
        conferences_actions.forget_person(account_id),
        teams_actions.forget_person(account_id),
        groups_actions.forget_person(account_id),
        matching.forget_person(account_id),
        outreach_actions.forget_person(account_id),
        *(_forget_in(table, account_id, email) for table in reversed(Base.metadata.sorted_tables)),
    ):
        for _ in step:
            yield account_id
    forget_exports_of(account_id)
    _empty(account_id)
    yield account_id


def _forget_in(table: sa.Table, account_id: int, email: str) -> Iterator[int]:
    """The rows of a person in a table, some at a time: deleted, or without their name."""
    kept = PEOPLE.get(table.name)
    if kept is None or table is Account.__table__ or kept.erasure == Erasure.KEPT:
        return
    for column in table.columns:
        if queries.PERSONS & {key.target_fullname for key in column.foreign_keys}:
            yield from _let_go(table, kept, column, account_id)
    if kept.address:
        yield from _let_go(table, kept, table.c[kept.address], email)


def _let_go(table: sa.Table, kept: Kept, column: sa.Column[Any], value: object) -> Iterator[int]:
    is_own = column.name in kept.own.split() or column.name == kept.address
    is_deleted = kept.erasure == Erasure.DELETED if is_own else not column.nullable
    some = sa.select(*table.primary_key).where(column == value).limit(MOST_AT_ONCE)
    where = sa.tuple_(*table.primary_key).in_(some)
    nothing = {column.name: None if column.nullable else ""} | (dict(kept.blank) if is_own else {})
    change: Any = sa.delete(table).where(where) if is_deleted else sa.update(table).where(where).values(nothing)
    while rows := int(db.session.execute(change).rowcount):  # type: ignore[attr-defined]
        db.session.expire_all()
        yield rows


def _empty(account_id: int) -> None:
    """The account itself: a number and a handle, so that what is kept points to nobody in particular."""
    account = db.session.get_one(Account, account_id)
    account.email, account.password_hash, account.suspension_reason = f"closed:{account.handle}", "", ""
    account.staff_role, account.is_verified, account.holds_office = StaffRole.NONE, False, False
    account.language, account.zone = "en", "UTC"
    account.confirmed_at = account.signed_in_at = account.terms_agreed_at = account.suspended_until = None
    account.state = AccountState.CLOSED
    db.session.get_one(Closing, account_id).erased_at = clock.now()
    audit.record(INSTALLATION, "account.erase", f"account:{account.handle}")
    db.session.flush()
