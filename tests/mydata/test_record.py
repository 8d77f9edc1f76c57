"""The record of what is kept of people is complete: a table or a column that nobody thought of fails here.

`WRITE_PRIVACY=1 pytest tests/mydata/test_record.py` writes `docs/privacy.md`; without it they are held together.
"""

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from alumni.core.db import Base
from alumni.mydata.models.record import NOBODY, PEOPLE, Erasure
from alumni.mydata.queries import PERSONS, is_own, subjects

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy.md"
TABLES = Base.metadata.tables
NAMES = {"id", "key", "slug", "once", "digest"}  # of rows, made by us
INTRODUCTION = """# What is kept of people

The record of processing (GDPR article 30, APPI article 25): each table that holds something of people, the columns
that tell it, why they are kept, who sees them and until when. It is written from `alumni/mydata/models/record.py`,
which also says what a copy of one's data holds and what is left when an account is closed; a table or a column that
is missing there fails a test. Columns that are numbers, moments or one of a few words belong to what their table is
for. *The account* means: until its owner closes it, and 30 days.

| table | columns | why | who sees it | until | on closing | in the copy |
| --- | --- | --- | --- | --- | --- | --- |
"""


def of_text(table: sa.Table) -> set[str]:
    """Columns in which anything may stand."""
    return {
        column.name
        for column in table.columns
        if isinstance(column.type, sa.String | sa.JSON | sa.LargeBinary)
        and not isinstance(column.type, sa.Enum)
        and not column.foreign_keys
        and column.name not in NAMES
    }


def people_of(table: sa.Table) -> set[str]:
    """Columns that point to a person."""
    return {column.name for column in table.columns if PERSONS & {key.target_fullname for key in column.foreign_keys}}


def test_every_table_is_in_the_record_once():
    assert set(PEOPLE) | set(NOBODY) == set(TABLES)
    assert not set(PEOPLE) & set(NOBODY)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_of_text_is_in_the_record(name):
    if name in NOBODY:
        assert set(NOBODY[name].split()) >= of_text(TABLES[name])
        assert not people_of(TABLES[name])
        return
    kept = PEOPLE[name]
    says, plain = set(kept.says.split()), set(kept.plain.split())
    assert not says & plain
    assert says | plain >= of_text(TABLES[name]), of_text(TABLES[name]) - says - plain
    assert says | plain <= set(TABLES[name].columns.keys())
    assert set(kept.blank) | set(kept.shows.split()) <= set(TABLES[name].columns.keys())


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_what_is_of_somebody_is_taken_along_or_said_why_not(name):
    kept = PEOPLE[name]
    assert kept.own or kept.left_out, "it says neither whose a row is, nor why nobody takes it along"
    assert not kept.left_out or re.fullmatch(r"20\d\d-\d\d-\d\d: .{6,}", kept.left_out)
    is_own(TABLES[name], 1)  # every way there leads somewhere
    assert name in subjects()


@pytest.mark.parametrize("name", sorted(name for name in TABLES if people_of(TABLES[name])))
def test_what_points_to_a_person_lets_go_of_them(name):
    """Deleted, or the column can be empty; what is kept says that it points to a number without a name."""
    kept = PEOPLE[name]
    if kept.erasure == Erasure.NAMELESS and name != "accounts":
        own = {path for path in kept.own.split() if "." not in path}
        assert all(TABLES[name].c[column].nullable for column in own & people_of(TABLES[name]))


def document() -> str:
    lines = []
    for name, kept in PEOPLE.items():
        columns = ", ".join(f"`{column}`" for column in kept.says.split()) or "–"
        along = f"no ({kept.left_out})" if kept.left_out else "yes"
        lines.append(
            f"| `{name}` | {columns} | {kept.why} | {kept.seen_by} | {kept.until} | {kept.erasure} | {along} |\n"
        )
    rest = ", ".join(f"`{name}`" for name in sorted(NOBODY))
    return INTRODUCTION + "".join(lines) + f"\nTables that hold nothing of people: {rest}.\n"


def test_the_document_says_what_the_record_says():
    if os.environ.get("WRITE_PRIVACY"):
        DOCUMENT.write_text(document(), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == document()
