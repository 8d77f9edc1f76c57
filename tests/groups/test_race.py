"""A thousand people join at once: a thousand definite answers, and the count is right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.core.viewer import Viewer
from alumni.groups import actions
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members.models import Member
from tests import builders

THREADS, EACH = 16, 63


def make_people(count: int) -> list[int]:
    now = clock.now()
    accounts = [
        {
            "email": f"p{n}@example.org",
            "state": AccountState.ACTIVE,
            "is_verified": True,
            "created_at": now,
        }
        for n in range(count)
    ]
    db.session.execute(sa.insert(Account), accounts)
    ids = list(db.session.scalars(sa.select(Account.id).order_by(Account.id)))
    db.session.execute(sa.insert(Member), [{"account_id": id_, "name": f"Person {id_}"} for id_ in ids])
    return ids


def at_once(app: Any, run: Any, jobs: list[Any]) -> list[str]:
    """Runs `run` for every job in threads with sessions of their own; its answers, or the names of errors."""

    def one(job: Any) -> str:
        with app.app_context():
            try:
                answer = run(job)
                db.session.commit()
                return answer
            except DomainError as error:
                db.session.rollback()
                return error.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, jobs))


def counted(app: Any) -> tuple[int, int]:
    with app.app_context():
        active = sa.select(sa.func.count()).select_from(Membership).where(Membership.state == MembershipState.ACTIVE)
        return db.session.scalar(sa.select(Group.members_count)), db.session.scalar(active)


def group() -> Group:
    return db.session.scalars(sa.select(Group)).one()


@pytest.mark.alone
def test_a_thousand_join_at_once(alone):
    with alone.app_context():
        ids = make_people(THREADS * EACH)
        builders.make_group("Everybody")
        db.session.commit()

    def join(account_id: int) -> str:
        return actions.join_group(actor=Viewer(id=account_id, is_verified=True), group=group())

    assert at_once(alone, join, ids) == ["active"] * len(ids)
    assert counted(alone) == (len(ids), len(ids))

    def leave_or_join(job: tuple[int, str]) -> str:
        account_id, what = job
        actor = Viewer(id=account_id, is_verified=True)
        if what == "join":
            return actions.join_group(actor=actor, group=group())
        actions.leave_group(actor=actor, group=group())
        return "left"

    # The same people come and go at once, twice each.
    jobs = [(id_, what) for id_ in ids[:100] for what in ("leave", "join", "leave")]
    answers = at_once(alone, leave_or_join, jobs)
    assert set(answers) <= {"active", "left"}
    count, rows = counted(alone)
    assert count == rows


@pytest.mark.alone
def test_of_organisers_who_leave_at_once_one_stays(alone):
    with alone.app_context():
        ids = make_people(12)
        made = builders.make_group("Everybody")
        for id_ in ids:
            builders.join(db.session.get_one(Member, id_), made, organiser=True)
        db.session.commit()

    def leave(account_id: int) -> str:
        actions.leave_group(actor=Viewer(id=account_id, is_verified=True), group=group())
        return "left"

    answers = at_once(alone, leave, ids)
    assert sorted(answers) == ["last-organiser"] + ["left"] * 11
    assert counted(alone) == (1, 1)
