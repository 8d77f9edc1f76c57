"""The bench works: each operation answers and gives a number. How large the number is, no test asks."""

from __future__ import annotations

import math

from bench.measure import Figure, compare, stage
from bench.operations import OPERATIONS
from bench.saving import compare_saving
from bench.table import draw
from bench.worlds import build

MEMBERS = 50


def test_every_operation_is_measured(tmp_path):
    world = build("sqlite", MEMBERS, kept=tmp_path)
    with stage(world) as on:
        results = {
            ("sqlite", MEMBERS, operation.name): compare(on, operation, rounds=1, requests=3)
            for operation in OPERATIONS
        }
        saved = compare_saving(on, world, saves=2)
        assert on.product.memory_mb() > 10
    assert saved.ms > 0 < saved.bare_ms
    for (_, _, name), result in results.items():
        assert isinstance(result, Figure), f"{name}: {result}"
        assert math.isfinite(result.cpu), name
        assert math.isfinite(result.p50), name
    drawn = draw(results, OPERATIONS, ["sqlite"], [MEMBERS])
    assert all(operation.name in drawn for operation in OPERATIONS)


def test_a_world_is_built_once(tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr("bench.worlds._run", lambda _world, command: commands.append(command[0]))
    for _ in range(2):
        build("sqlite", MEMBERS, kept=tmp_path)
    assert commands == ["db", "catalogue", "demo"]
