"""One operation against the reference: requests in turn, A B A B, and what each cost the workers of its server."""

import json
import re
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bench.operations import Operation
from bench.scene import Scene, Visitor, find_scene, product
from bench.servers import Answer, Connection, Server, free_port, serve
from bench.worlds import World

REFERENCE_PATH = "/people"
# Requests in a row to one server, which so runs as warm as under load. Turns of one would charge the caches that
# the heavier side empties to the lighter one, and flatter the product.
TURN = 20


@dataclass(frozen=True)
class Figure:
    """CPU and p50 of an operation as multiples of the reference's, medians over the rounds."""

    cpu: float
    p50: float
    cpu_us: float  # of the workers, for one request
    reference_us: float
    p50_us: float
    size: int  # bytes of the last answer


@dataclass(frozen=True)
class Failure:
    """The operation did not answer as it should, so nothing was measured."""

    why: str


Result = Figure | Failure


@dataclass(frozen=True)
class Stage:
    """Both servers running, a connection to each, and a scene whose people are signed in."""

    reference: Server
    product: Server
    to_reference: Connection
    to_product: Connection
    scene: Scene


@contextmanager
def stage(world: World) -> Iterator[Stage]:
    scene = find_scene(product(world))
    ports = free_port(), free_port()
    bare = {name: value for name, value in world.environment().items() if name in ("PATH", "HOME", "LANG")}
    reference = serve("bench.reference:app", port=ports[0], environment=bare, log=world.folder / "reference.log")
    ours = serve(
        "alumni:create_app()", port=ports[1], environment=world.environment(ports[1]), log=world.folder / "web.log"
    )
    with reference as a, ours as b:
        to_a, to_b = Connection(a.port), Connection(b.port)
        viewers = tuple(_with_token(to_b, viewer) for viewer in scene.viewers)
        yield Stage(a, b, to_a, to_b, replace(scene, viewers=viewers))
        to_a.close()
        to_b.close()


def _with_token(to_product: Connection, viewer: Visitor) -> Visitor:
    answer = to_product.send(to_product.request("/api/v1/me", cookie=viewer.cookie))
    if answer.status != 200:
        raise SystemExit(f"GET /api/v1/me answered {answer.status}: {answer.body[:300]!r}")
    return viewer.with_token(json.loads(answer.body)["csrf_token"])


def compare(on: Stage, operation: Operation, *, rounds: int, requests: int) -> Result:
    """Sends `requests` to each server in each round, by turns, after a warm-up that checks the answers."""
    theirs = on.to_reference.request(REFERENCE_PATH)
    try:
        asks = [operation.asks(on.scene, n) for n in range(requests)]
    except ZeroDivisionError:
        return Failure("the world has nothing to ask for")
    ours = [on.to_product.request(ask.path, cookie=ask.visitor.cookie, form=ask.form) for ask in asks]
    answer = on.to_product.send(ours[0])
    for request in ours:
        on.to_reference.send(theirs)
        answer = on.to_product.send(request)
        if why := _wrong(operation, answer):
            return Failure(why)
    found = [_round(on, theirs, ours, operation.status) for _ in range(rounds)]
    medians = [statistics.median(column) for column in zip(*found, strict=True)]
    cpu, p50, cpu_us, reference_us, p50_us = medians
    return Figure(cpu, p50, cpu_us, reference_us, p50_us, len(answer.body))


def _round(on: Stage, theirs: bytes, ours: list[bytes], status: int) -> tuple[float, float, float, float, float]:
    """A turn of requests to the one, a turn to the other, until all are sent."""
    waits_a, waits_b, cpu_a, cpu_b = [], [], 0.0, 0.0
    for start in range(0, len(ours), TURN):
        turn = ours[start : start + TURN]
        began = on.reference.cpu_s()
        waits_a += [on.to_reference.send(theirs).seconds for _ in turn]
        cpu_a += on.reference.cpu_s() - began
        began = on.product.cpu_s()
        answers = [on.to_product.send(request) for request in turn]
        cpu_b += on.product.cpu_s() - began
        waits_b += [answer.seconds for answer in answers]
        if wrong := {answer.status for answer in answers} - {status}:
            raise SystemExit(f"{turn[0][:80]!r} and others answered {wrong} in the middle of a round.")
    p50_a, p50_b = statistics.median(waits_a), statistics.median(waits_b)
    count = len(ours) / 1e6
    return cpu_b / cpu_a, p50_b / p50_a, cpu_b / count, cpu_a / count, p50_b * 1e6


def _wrong(operation: Operation, answer: Answer) -> str:
    if answer.status != operation.status:
        where = re.search(rb"(?im)^location: (.+?)\r?$", answer.head)
        return f"answered {answer.status}" + (f" to {where[1].decode()}" if where else "")
    return "" if operation.shows in answer.body else f"answered without {operation.shows.decode()}"
