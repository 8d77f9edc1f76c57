"""`python -m bench`: builds the worlds, measures each operation against the reference, prints the table."""

import argparse
import sys
from pathlib import Path

from bench import costs, measure, operations, saving, table, worlds


def main() -> None:
    asked = _arguments()
    chosen = operations.named(asked.profile or asked.operations)
    engines, sizes = asked.engines.split(","), [int(size) for size in asked.members.split(",")]
    if unknown := set(engines) - set(worlds.ENGINES):
        raise SystemExit(f"No engine {', '.join(sorted(unknown))}. There are: {', '.join(worlds.ENGINES)}.")
    if asked.profile:
        costs.print_costs(worlds.build(engines[0], sizes[0], kept=asked.kept), chosen[0], requests=asked.requests)
        return
    results: table.Results = {}
    notes: list[str] = []
    try:
        for engine in engines:
            for size in sizes:
                _measure(worlds.build(engine, size, kept=asked.kept), chosen, asked, results, notes)
    finally:  # what was measured before Ctrl-C is worth seeing
        print("\n\n".join([table.draw(results, chosen, engines, sizes), "\n".join(notes)]))


def _measure(
    world: worlds.World,
    chosen: list[operations.Operation],
    asked: argparse.Namespace,
    results: table.Results,
    notes: list[str],
) -> None:
    with measure.stage(world) as on:
        first_mb, sent = on.product.memory_mb(), 0
        for operation in chosen:
            print(f"  {world.engine} {world.members}: {operation.name}", file=sys.stderr, flush=True)
            result = measure.compare(on, operation, rounds=asked.rounds, requests=asked.requests)
            results[world.engine, world.members, operation.name] = result
            sent += asked.requests * (asked.rounds + 1)
        memory = f"a worker held {first_mb:.0f} MB at the start, {on.product.memory_mb():.0f} MB after {sent} requests"
        if not asked.operations:
            memory += f"; {saving.compare_saving(on, world)}"
        notes.append(f"{world.engine} {world.members:,}: {memory}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--members", default="1000,10000,100000", help="sizes of the worlds")
    parser.add_argument("--engines", default=",".join(worlds.ENGINES))
    parser.add_argument("--operations", default="", help=f"some of {', '.join(operations.NAMES)}")
    parser.add_argument("--kept", type=Path, default=worlds.KEPT, help="the folder in which worlds are kept")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=120, help="to each server in a round")
    parser.add_argument(
        "--profile", metavar="OPERATION", help="what one operation spends its time on, in the first world"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
