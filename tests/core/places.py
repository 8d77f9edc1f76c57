"""Installations of their own for backups: each with a database, a store and the commands that are run there."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from alumni.cli import backups as commands
from alumni.core import archives, storage, tables
from alumni.core.db import Base, db

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Place:
    """An installation: a database, a store, and the commands that are run there."""

    app: Flask
    folder: Path

    def run(self, *args: object) -> Result:
        storage.keep_files_in(f"file:{self.folder}/instance/files")
        return self.app.test_cli_runner().invoke(args=list(map(str, args)))

    def rows(self) -> Rows:
        """Every row of every table but those that are left out, as values of the product."""
        with self.app.app_context(), db.engine.connect() as connection:
            kept = [table for table in Base.metadata.sorted_tables if table.name not in commands.LEFT_OUT]
            return {table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr) for table in kept}

    def files(self) -> dict[str, bytes]:
        root = self.folder / "instance" / "files"
        return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def drift() -> set[str]:
    """Indexes that the models have and the database has not, or references."""
    found = sa.inspect(db.engine)
    missing = set()
    for table in Base.metadata.sorted_tables:
        there = {index["name"] for index in found.get_indexes(table.name)}
        there |= {key["name"] for key in found.get_foreign_keys(table.name)}
        keys = {key.name for key in table.foreign_key_constraints}
        missing |= ({index.name for index in table.indexes} | keys) - there
    return missing


def engine_of(place: Place) -> str:
    with place.app.app_context():
        return db.engine.dialect.name


def untouched(place: Place) -> None:
    with place.app.app_context(), db.engine.connect() as connection:
        assert tables.revision(connection) is None
    assert place.files() == {}


def refused_with(place: Place, file: Path) -> str:
    refused = place.run("restore", file)
    assert refused.exit_code == 1
    return refused.output


def parts_of(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {part.name: tar.extractfile(part).read() for part in tar}


def packed(file: Path, parts: dict[str, bytes], *, sign: bool = False) -> Path:
    """An archive of these parts; signed, its checksum is the right one."""
    if sign:
        end = json.loads(parts.pop("end.json"))
        with file.open("wb") as out:
            made = archives.Writing(out, 0)
            for name, data in parts.items():
                made.add(name, data)
            made.close(end)
        return file
    with tarfile.open(file, "w:gz") as tar:
        for name, data in parts.items():
            part = tarfile.TarInfo(name)
            part.size = len(data)
            tar.addfile(part, io.BytesIO(data))
    return file
