"""The ledger of docs/security.md is whole, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEDGER = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in LEDGER.splitlines() if re.match(r"\| \d", line)
]
# The numbers of OWASP ASVS 5.0 at levels 1 and 2: in each section from 1 to the last.
LAST = {
    "1": "2 9 11 3 2", "2": "3 3 4 1", "3": "0 2 4 6 5 0 2", "4": "3 1 2 4", "5": "1 3 2 3", "6": "3 12 4 4 5 3 0 4",
    "7": "3 4 2 5 2 2", "8": "2 3 1 1", "9": "3 4", "10": "2 2 4 11 5 2 3", "11": "2 3 3 4 1 1", "12": "3 2 4",
    "13": "1 5 2 5", "14": "2 4 3", "15": "3 3 7", "16": "1 5 4 3 3", "17": "1 4 2",
}  # fmt: skip
ALL = {
    f"{chapter}.{section}.{number}"
    for chapter, lasts in LAST.items()
    for section, last in enumerate(lasts.split(), 1)
    for number in range(1, int(last) + 1)
}


def left_out() -> set[str]:
    """Those that the first table says do not apply; `10.*` is a whole chapter."""
    table = LEDGER.partition("| Numbers | Why |")[2].partition("\n\n")[0]
    named = re.findall(r"\d+\.(?:\*|\d+\.\d+)", "\n".join(row.split("|")[1] for row in table.splitlines()[2:]))
    return {number for number in ALL for name in named if number == name or name == f"{number.split('.')[0]}.*"}


def applying() -> list[list[str]]:
    return [row for row in ROWS if len(row) == 4]


def test_no_number_is_missing_and_none_stands_twice():
    assert len(ALL) == 253  # 70 of level 1, 183 of level 2
    numbers = [row[0] for row in applying()]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) | left_out() == ALL
    assert not set(numbers) & left_out()


@pytest.mark.parametrize("row", applying(), ids=lambda row: row[0])
def test_each_is_shown_decided_or_dated(row):
    shown = row[3]
    if match := re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", shown):
        source = (ROOT / match[1]).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {match[2]}\(", source, re.MULTILINE), shown
    else:
        assert re.match(r"(decision \d{4}-\d\d-\d\d: .+|not yet \(\d{4}-\d\d-\d\d\)$)", shown), shown


def test_it_counts_itself_right():
    shown = [row[3] for row in applying()]
    of_tests = sum(text.startswith("`") for text in shown)
    dated = sum(text.startswith("not yet") for text in shown)
    said = re.search(r"Of the (\d+) that apply, (\d+) are shown by a test, (\d+) rest on a decision, (\d+)", LEDGER)
    assert [int(n) for n in said.groups()] == [len(shown), of_tests, len(shown) - of_tests - dated, dated]
