"""Where the time of one operation goes: its functions and its statements, in this process."""

import cProfile
import io
import pstats
import time
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import EnvironBuilder

from alumni.core.db import db
from alumni.web.gate import csrf_token
from bench.operations import Ask, Operation
from bench.scene import Scene, find_scene, product
from bench.worlds import ROOT, World

TOP = 40


def print_costs(world: World, operation: Operation, *, requests: int) -> None:
    """A profile of `requests` requests: the 40 functions with most time of their own, and each statement."""
    app = product(world)
    scene = _with_tokens(app, find_scene(app))
    environs = [_environ(operation.asks(scene, n)) for n in range(requests)]
    for environ in environs:
        _handle(app, environ, operation.status)
    began = time.process_time()
    for environ in environs:
        _handle(app, environ, operation.status)
    plain_us = (time.process_time() - began) / requests * 1e6
    statements = _statements(app, environs[: requests // 2 * 2], operation.status)
    profile = cProfile.Profile()
    profile.enable()
    for environ in environs:
        _handle(app, environ, operation.status)
    profile.disable()
    print(f"{operation.name} on {world.engine}, {world.members:,} members: {plain_us:.0f} µs of CPU a request\n")
    print(statements)
    print(_functions(profile, requests))


def _with_tokens(app: Flask, scene: Scene) -> Scene:
    viewers = []
    for viewer in scene.viewers:
        with app.test_request_context(headers={"Cookie": viewer.cookie}):
            viewers.append(viewer.with_token(csrf_token()))
    return replace(scene, viewers=tuple(viewers))


def _environ(ask: Ask) -> dict[str, Any]:
    headers = {"Accept-Language": "en"} | ({"Cookie": ask.visitor.cookie} if ask.visitor.cookie else {})
    kind = None if ask.form is None else "application/x-www-form-urlencoded"
    method = "GET" if ask.form is None else "POST"
    builder = EnvironBuilder(ask.path, method=method, headers=headers, data=ask.form, content_type=kind)
    return builder.get_environ() | {"_body": ask.form or b""}


def _handle(app: Flask, environ: dict[str, Any], status: int) -> None:
    answered: list[str] = []
    given = environ | {"wsgi.input": io.BytesIO(environ["_body"])}
    body = app.wsgi_app(given, lambda status, _headers, _exc_info=None: answered.append(status))  # type: ignore[arg-type,func-returns-value,return-value]
    for _ in body:
        pass
    getattr(body, "close", lambda: None)()
    if not answered[0].startswith(str(status)):
        raise SystemExit(f"{environ['PATH_INFO']} answered {answered[0]}")


def _statements(app: Flask, environs: list[dict[str, Any]], status: int) -> str:
    """Each statement with how often it was sent in a request and how long the driver took."""
    counts: Counter[str] = Counter()
    took: defaultdict[str, float] = defaultdict(float)

    def before(connection: sa.Connection, *_: Any) -> None:
        connection.info["began"] = time.perf_counter()

    def after(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN"):
            return
        counts[statement] += 1
        took[statement] += time.perf_counter() - connection.info["began"]

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", before)
    sa.event.listen(engine, "after_cursor_execute", after)
    for environ in environs:
        _handle(app, environ, status)
    sa.event.remove(engine, "before_cursor_execute", before)
    sa.event.remove(engine, "after_cursor_execute", after)
    lines = [f"{sum(counts.values()) / len(environs):.1f} statements a request"]
    for statement, count in counts.most_common():
        one_line = " ".join(statement.split())
        lines.append(f"{count / len(environs):6.2f} x {took[statement] / count * 1e6:6.0f} µs  {one_line[:220]}")
    return "\n".join(lines) + "\n"


def _functions(profile: cProfile.Profile, requests: int) -> str:
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    rows = sorted(((own, within, calls, where) for where, (_, calls, own, within, _) in stats.items()), reverse=True)
    owners: Counter[str] = Counter()
    for own, _, _, (file, _, _) in rows:
        owners[_owner(file)] += own / requests * 1e6  # type: ignore[assignment]
    lines = ["own µs by package, a request, under the profiler (which makes small functions look dear)"]
    lines.append("  " + " · ".join(f"{name} {own:.0f}" for name, own in owners.most_common(12)))
    lines.append("\n  own µs  with callees  calls")
    for own, within, calls, (file, line, name) in rows[:TOP]:
        place = f"{'/'.join(file.split('/')[-3:])}:{line} {name}" if line else name
        lines.append(f"{own / requests * 1e6:8.1f} {within / requests * 1e6:13.1f} {calls / requests:6.1f}   {place}")
    return "\n".join(lines)


def _owner(file: str) -> str:
    """The package that a file belongs to."""
    parts = file.split("/")
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    if file.startswith((str(ROOT), "templates")):
        return "/".join(file.removeprefix(f"{ROOT}/").split("/")[:2])
    return "built in" if file == "~" else "python"
