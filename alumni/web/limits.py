"""Counts the doors that are marked `@limited`, before anything else is done.

Writes are counted in the database one by one. Reads would pay more for the count than for the page, so each worker
keeps theirs in memory and adds a fifteenth of what is allowed at a time: with W workers somebody may see W fifteenths
more than the table says.
It is a door without a page: it commits what it counts.
"""

from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, current_app, request

from alumni.core import audit, clock, limits
from alumni.core.db import db, intend
from alumni.core.errors import TooMany
from alumni.core.tokens import digest
from alumni.web.gate import SAFE, me, network

MOST_KEPT = 20_000  # of those whose reads wait to be counted: beyond, what waits is let go


class Waiting:
    """Reads of this worker that are not counted yet, and who was refused until when."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reads: dict[tuple[str, str], int] = {}
        self._refused: dict[tuple[str, str], datetime] = {}

    def add(self, key: tuple[str, str], at_once: int) -> bool:
        """One more. True when there are enough to be counted; they are taken out."""
        with self._lock:
            until = self._refused.get(key)
            if until is not None and until > clock.now():
                raise TooMany(retry_after_s=max(1, int((until - clock.now()).total_seconds())))
            self._refused.pop(key, None)
            reads = self._reads.get(key, 0) + 1
            if reads < at_once:
                if len(self._reads) >= MOST_KEPT:
                    self._reads.clear()
                self._reads[key] = reads
                return False
            self._reads.pop(key, None)
            return True

    def refuse(self, key: tuple[str, str], seconds: int) -> None:
        with self._lock:
            self._refused[key] = clock.now() + timedelta(seconds=seconds)

    def forget(self) -> None:
        with self._lock:
            self._reads.clear()
            self._refused.clear()


def waiting() -> Waiting:
    found: Waiting = current_app.extensions["limits"]
    return found


def _count() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    name = getattr(view, "limit", None)
    if name is None or request.method == "OPTIONS":
        return
    is_read = request.method in SAFE
    if is_read and not getattr(view, "counts_reads", False):
        return
    viewer = me()
    who: dict[str, object] = {"network": network()}
    if viewer.is_authenticated:
        who["account"] = viewer.id
    if not is_read:
        _write_down(name, 1, viewer.is_newcomer, who)
        return
    for by, value in who.items():
        at_once = limits.at_once(name, by, is_newcomer=viewer.is_newcomer)
        if at_once and waiting().add(key := (name, f"{by}|{value}"), at_once):
            try:
                _write_down(name, at_once, viewer.is_newcomer, {by: value})
            except TooMany as error:
                waiting().refuse(key, error.retry_after_s)
                raise
            finally:
                intend(to_write=getattr(view, "logs_looks", False))


def _write_down(name: str, times: int, is_newcomer: bool, who: dict[str, object]) -> None:
    intend(to_write=True)
    try:
        limits.count(name, times=times, is_newcomer=is_newcomer, **who)
    except TooMany as error:
        _log(name, who, error)
        raise
    finally:
        db.session.commit()


def _log(name: str, who: dict[str, object], error: TooMany) -> None:
    """A limit that was reached is one line in the log for each window, in the transaction of the count."""
    ends_at = clock.now() + timedelta(seconds=error.retry_after_s)
    once = f"limit:{digest(repr(sorted(who.items()))).hex()[:32]}:{name}:{ends_at:%Y-%m-%dT%H:%M}"
    audit.record_once(once, me(), "access.limit", f"limit:{name}", window_ends_at=ends_at.isoformat())


def install(app: Flask) -> None:
    app.extensions["limits"] = Waiting()
    app.before_request(_count)
