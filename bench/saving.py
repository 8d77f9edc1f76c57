"""Saving a profile against the bare write of its row: what the listings, the terms and the log cost beside it."""

import json
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from alumni.core import clock
from bench.measure import Stage
from bench.worlds import World

UPDATE = "UPDATE members SET updated_at = {} WHERE account_id = (SELECT id FROM accounts WHERE handle = {})"
SAVES = 60


@dataclass(frozen=True)
class Saving:
    """Milliseconds that somebody waits, medians of turns: for the product, and for the bare write."""

    ms: float
    bare_ms: float
    cpu_ms: float  # of the workers, for one save

    def __str__(self) -> str:
        return (
            f"saving a profile takes {self.ms:.1f} ms ({self.cpu_ms:.1f} ms of CPU), "
            f"the bare UPDATE of its row with its commit {self.bare_ms:.1f} ms"
        )


def compare_saving(on: Stage, world: World, *, saves: int = SAVES) -> Saving:
    """Each save changes what three listings and the search show of somebody."""
    waits, bare = [], []
    with _writer(world, on.scene.handles[0]) as write:
        began_cpu = on.product.cpu_s()
        for n in range(saves):
            visitor = on.scene.viewers[n % len(on.scene.viewers)]
            body = json.dumps({"headline": f"Teacher of mathematics {n}", "country": ("LA", "KE", "BR")[n % 3]})
            request = on.to_product.request("/api/v1/me", cookie=visitor.cookie, json=body, token=visitor.csrf_token)
            answer = on.to_product.send(request)
            if answer.status != 200:
                raise SystemExit(f"PUT /api/v1/me answered {answer.status}: {answer.body[:300]!r}")
            waits.append(answer.seconds)
            began = time.perf_counter()
            write()
            bare.append(time.perf_counter() - began)
        cpu = on.product.cpu_s() - began_cpu
    return Saving(statistics.median(waits) * 1e3, statistics.median(bare) * 1e3, cpu / saves * 1e3)


def _now() -> str:
    return f"{clock.now():%Y-%m-%d %H:%M:%S.%f+00:00}"


@contextmanager
def _writer(world: World, handle: str) -> Iterator[Callable[[], object]]:
    """What writes one row and waits until it is on the disk, by the driver alone."""
    if world.engine == "sqlite":
        lite = sqlite3.connect(world.folder / "alumni.sqlite3", isolation_level=None, timeout=20)
        lite.execute("pragma synchronous=full")
        yield lambda: lite.execute(UPDATE.format("?", "?"), (_now(), handle))
        lite.close()
        return
    with psycopg.connect(world.database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        yield lambda: connection.execute(UPDATE.format("%s", "%s"), (_now(), handle))
