"""The list of those who were erased, kept where a backup does not reach: as lines of JSON."""

import json
from collections.abc import Iterable
from datetime import datetime

from alumni.core import storage
from alumni.mydata import queries
from alumni.mydata.queries import Erased

FILE = "erasures.jsonl"  # in the store


def write_lines(erased: Iterable[Erased]) -> str:
    return "".join(json.dumps(one._asdict() | {"erased_at": one.erased_at.isoformat()}) + "\n" for one in erased)


def read_lines(text: str) -> list[Erased]:
    """Raises ValueError for what is no such list."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        said = json.loads(line)
        if not isinstance(said, dict) or set(said) != set(Erased._fields):
            raise ValueError("a line says something else than who was erased, and when")
        at = datetime.fromisoformat(said["erased_at"])
        found.append(Erased(str(said["handle"]), bool(said["keeps_posts"]), at))
    return found


def keep_list(known: Iterable[Erased] = ()) -> int:
    """Adds to the list of the store whoever is missing there. Returns how many it names.

    Nobody is taken off it: another backup may still hold whom this database never knew.
    """
    kept = kept_list()
    erased = {one.handle: one for one in (*queries.erasures(), *known, *kept)}.values()
    if len(erased) > len(kept):
        storage.files().put(FILE, write_lines(erased).encode())
    return len(erased)


def kept_list() -> list[Erased]:
    """What the store has of it."""
    return read_lines((storage.files().read(FILE) or b"").decode())
