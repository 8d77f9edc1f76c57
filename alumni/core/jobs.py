"""The outbox: work that a change promises, written in the transaction of that change.

The row is the truth. After the commit its id is handed to the queue, which is only the engine that runs it; a
sweep hands over what a crash left behind. A job that fails waits longer each time and is given up after four days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, db, one_of
from alumni.core.paging import Key

LEASE = timedelta(minutes=5)  # a worker that dies holds a job no longer than this
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=4)  # a mail server may be away for three days
KEEP_GIVEN_UP = timedelta(days=30)
MOST_COUNTED = 1000  # more are "more than 1,000"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    GIVEN_UP = "given up"


class Job(Base):
    __tablename__ = "jobs"
    __table_args__ = (sa.Index("ix_jobs_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[JobState] = mapped_column(one_of(JobState, "state"), default=JobState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


LATEST = (Key(Job.id, "id", descending=True),)
Runner = Callable[[Job], None]


def enqueue(kind: str, *, due_at: datetime | None = None, **payload: Any) -> Job:
    """Promises work. It will run once this transaction has committed, and never if it does not."""
    job = Job(kind=kind, payload=payload, due_at=due_at or clock.now())
    db.session.add(job)
    return job


def hand_over_after_commit(hand_over: Callable[[int], None]) -> None:
    """Calls `hand_over(id)` for each job of a session, after its commit only. Said once, for every app."""

    @sa.event.listens_for(Session, "after_flush")
    def _note(session: Session, _context: object) -> None:
        session.info.setdefault("jobs", []).extend(obj for obj in session.new if isinstance(obj, Job))

    @sa.event.listens_for(Session, "after_commit")
    def _hand_over(session: Session) -> None:
        for job in session.info.pop("jobs", ()):
            hand_over(sa.inspect(job).identity[0])

    @sa.event.listens_for(Session, "after_rollback")
    def _forget(session: Session) -> None:
        session.info.pop("jobs", None)


def due_ids(limit: int = 500) -> list[int]:
    """Ids of the jobs whose time has come, oldest first, those of dead workers included."""
    now = clock.now()
    waiting = sa.select(Job.id).where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]), Job.due_at <= now)
    return list(db.session.scalars(waiting.order_by(Job.due_at, Job.id).limit(limit)))


def take(job_id: int) -> Job | None:
    """Claims a due job for this worker, or None when another has it or there is nothing to do.

    While it runs, `due_at` is the end of the lease. The caller commits before running it.
    """
    now = clock.now()
    claimed = db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.state.in_([JobState.QUEUED, JobState.RUNNING]), Job.due_at <= now)
        .values(state=JobState.RUNNING, due_at=now + LEASE, attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return None
    return db.session.get(Job, job_id, populate_existing=True)


class LeaseLost(Exception):
    """The lease ran out while the job ran, and another worker has it now."""


def renew(job: Job) -> None:
    """Still at work: the lease begins anew, in the transaction of what was done meanwhile. Raises LeaseLost."""
    mine = sa.update(Job).where(Job.id == job.id, Job.state == JobState.RUNNING, Job.attempts == job.attempts)
    held = db.session.execute(mine.values(due_at=clock.now() + LEASE).execution_options(synchronize_session=False))
    if not held.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost


def finish(job: Job) -> None:
    """Done: what it carried is wiped, because a payload may name a person."""
    _leave(job, state=JobState.DONE, done_at=clock.now(), problem="", payload={})


def give_up(job: Job, problem: str) -> None:
    """It will not work; why is kept, and for some time what it carried, so that it can be tried again."""
    _leave(job, state=JobState.GIVEN_UP, problem=problem[:500], done_at=clock.now())


def wait(job: Job, until: datetime) -> None:
    """It is not its time; that counts as no attempt."""
    _leave(job, state=JobState.QUEUED, due_at=until, attempts=job.attempts - 1)


def again(job_id: int) -> bool:
    """What was given up, or waits after a failure, is due now. True when there was such a job."""
    troubled = sa.update(Job).where(Job.id == job_id, _is_troubled())
    waiting = {"state": JobState.QUEUED, "due_at": clock.now(), "done_at": None}
    found = db.session.execute(troubled.values(waiting).execution_options(synchronize_session=False))
    return bool(found.rowcount)  # type: ignore[attr-defined]


def forget_given_up(now: datetime) -> int:
    """What was given up a month ago is not tried again: what it carried is wiped with it."""
    old = sa.delete(Job).where(Job.state == JobState.GIVEN_UP, Job.due_at <= now - KEEP_GIVEN_UP)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]


def put_back(job: Job, problem: str) -> None:
    """Failed: due again after 10 s, 20 s, 40 s ... at most an hour, until it is given up."""
    now = clock.now()
    if now - job.created_at > GIVE_UP_AFTER:
        give_up(job, problem)
        return
    wait = min(timedelta(seconds=10 * 2 ** min(job.attempts - 1, 12)), LONGEST_WAIT)
    _leave(job, state=JobState.QUEUED, due_at=now + wait, problem=problem[:500])


def _leave(job: Job, **values: Any) -> None:
    """Only the worker that holds the job leaves it: after the lease it may be another's, known by its attempt."""
    mine = sa.update(Job).where(Job.id == job.id, Job.state == JobState.RUNNING, Job.attempts == job.attempts)
    db.session.execute(mine.values(values).execution_options(synchronize_session=False))
    db.session.expire(job)


def _is_troubled() -> sa.ColumnElement[bool]:
    return sa.or_(Job.state == JobState.GIVEN_UP, sa.and_(Job.state == JobState.QUEUED, Job.attempts > 0))


def troubled() -> sa.Select[Any]:
    """Jobs that fail or were given up, and why, but not what they carry. Page it by `LATEST`."""
    template = Job.payload["template"].as_string().label("template")
    columns = (Job.id, Job.kind, template, Job.state, Job.created_at, Job.due_at, Job.attempts, Job.problem)
    return sa.select(*columns).where(_is_troubled())


def count_by_state() -> Any:
    """How many wait, run, fail and were given up: of each `MOST_COUNTED` and one at most."""
    rules = {
        "waiting": sa.and_(Job.state == JobState.QUEUED, Job.attempts == 0),
        "running": Job.state == JobState.RUNNING,
        "failing": sa.and_(Job.state == JobState.QUEUED, Job.attempts > 0),
        "given_up": Job.state == JobState.GIVEN_UP,
    }
    few = {name: sa.select(Job.id).where(rule).limit(MOST_COUNTED + 1).subquery() for name, rule in rules.items()}
    counts = [sa.select(sa.func.count()).select_from(rows).scalar_subquery().label(name) for name, rows in few.items()]
    return db.session.execute(sa.select(*counts)).one()


def oldest_waiting() -> datetime | None:
    """Since when the job waits that has waited longest: past its time, or failing."""
    since = sa.case((Job.attempts > 0, Job.created_at), else_=Job.due_at)
    is_waiting = sa.or_(Job.due_at <= clock.now(), Job.attempts > 0)
    oldest: datetime | None = db.session.scalar(
        sa.select(sa.func.min(since)).where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]), is_waiting)
    )
    return oldest
