"""The table: goals and figures, calm enough to read and plain enough to paste into docs/performance.md."""

from collections.abc import Sequence

from bench.measure import Failure, Figure, Result
from bench.operations import Operation

Results = dict[tuple[str, int, str], Result]  # engine, members, operation
OVER = "▲"


def draw(results: Results, operations: Sequence[Operation], engines: Sequence[str], sizes: Sequence[int]) -> str:
    """For each engine: the goal, CPU and p50 as multiples of the reference at each size, and how CPU grows."""
    parts = []
    grows = f"growth {sizes[-1]:,} / {sizes[0]:,}" if len(sizes) > 1 else ""
    for engine in engines:
        head = ["operation", "goal", *(f"{size:,} cpu | p50".replace("|", "·") for size in sizes), "µs", "kB"]
        lines = [[*head, grows] if grows else head]
        for operation in operations:
            cells = [results.get((engine, size, operation.name)) for size in sizes]
            line = [operation.name, "–" if operation.goal is None else f"{operation.goal:.1f}"]
            line += [_cell(cell, operation.goal) for cell in cells]
            line += _last(cells)
            lines.append([*line, _growth(cells)] if grows else line)
        parts.append(f"{engine}\n\n{_aligned(lines)}")
    parts.append(
        "cpu: of the web workers for one request, in multiples of the bare Flask page measured in turn; p50 likewise.\n"
        f"µs and kB: CPU and size of an answer in the largest world. {OVER} is over the goal."
    )
    return "\n\n".join(parts)


def _cell(result: Result | None, goal: float | None) -> str:
    if result is None:
        return ""
    if isinstance(result, Failure):
        return result.why
    mark = f" {OVER}" if goal is not None and result.cpu > goal else ""
    return f"{result.cpu:.2f} · {result.p50:.2f}{mark}"


def _last(cells: Sequence[Result | None]) -> list[str]:
    figures = [cell for cell in cells if isinstance(cell, Figure)]
    return [f"{figures[-1].cpu_us:.0f}", f"{figures[-1].size / 1000:.1f}"] if figures else ["", ""]


def _growth(cells: Sequence[Result | None]) -> str:
    first, last = cells[0], cells[-1]
    if isinstance(first, Figure) and isinstance(last, Figure):
        return f"{last.cpu / first.cpu:.2f}"
    return ""


def _aligned(lines: list[list[str]]) -> str:
    """A Markdown table whose columns line up in a terminal too: the first to the left, the others to the right."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    drawn = [lines[0], rule, *lines[1:]]
    return "\n".join(
        "| "
        + " | ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        + " |"
        for line in drawn
    )
