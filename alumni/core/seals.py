"""What chains the log: a seal covers lines that were committed, and stands on the seal before it.

Lines are written in the transactions of the acts and wait for nobody. Each minute those are sealed that no seal covers
yet, whatever their ids: a line of a slow transaction comes late and is covered by a later seal. A link says for each
line which seal covers it and what the line said then; so the line itself is never touched.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import Base, UTCDateTime, db, one_at_a_time

MOST_LINES = 1000  # of one seal: no transaction is long, and a broken one says nearly where
CHUNK = 1000
SLOWEST_ACT = timedelta(days=1)  # no transaction is open for longer; the daily look covers even that
START = bytes(32)  # what the first seal stands on

# What is sealed of a line. A column that comes later is sealed where it is not empty, or older seals would break.
SEALED = (
    AuditLine.id,
    AuditLine.at,
    AuditLine.actor_id,
    AuditLine.action,
    AuditLine.subject,
    AuditLine.reason,
    AuditLine.facts,
    AuditLine.network,
    AuditLine.once,
)


class AuditSeal(Base):
    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3: no number is left out
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_id: Mapped[int]
    last_id: Mapped[int]
    lines: Mapped[int]
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary)


class AuditLink(Base):
    """Which seal covers a line. No foreign keys: it has to stay when a line is taken out behind our back."""

    __tablename__ = "audit_links"
    __table_args__ = (sa.Index("ix_audit_links_seal", "seal_id", "line_id"),)

    line_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seal_id: Mapped[int]
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary)


class LogBroken(Exception):
    """The first entry of the log that is not as it was sealed: `kind` is bent, missing or cut."""

    def __init__(self, kind: str, entry: str) -> None:
        super().__init__(f"{kind}: {entry}")
        self.kind = kind
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the chain had come at a moment: its last seal, what that says, and the lines below it."""

    moment: str
    seal: int
    digest: str
    lines: int


def seal_lines(*, everything: bool = False) -> Iterator[int]:
    """Seals the committed lines that no seal covers, a seal at a time, and yields how many lines each has.

    Looks at the ids of the last day, or at all of them. The door commits after each.
    """
    after = 0 if everything else _settled()
    while lines := _seal_next(after):
        after = lines[-1].id  # what is committed late below it is for the next time
        yield len(lines)


def _settled() -> int:
    """An id up to which no transaction can still be writing."""
    old = sa.select(AuditSeal.last_id).where(AuditSeal.at < clock.now() - SLOWEST_ACT)
    return db.session.scalar(old.order_by(AuditSeal.id.desc()).limit(1)) or 0


def _seal_next(after: int) -> list[Any]:
    one_at_a_time("seals of the log")
    lines = list(db.session.execute(_waiting(*SEALED).where(AuditLine.id > after).limit(MOST_LINES)).all())
    if not lines:
        return []
    last = db.session.execute(_last_seal()).first()
    digests = [{"line_id": line.id, "digest": digest_of_line(line)} for line in lines]
    header = {
        "id": last.id + 1 if last else 1,
        "at": clock.now(),
        "first_id": lines[0].id,
        "last_id": lines[-1].id,
        "lines": len(lines),
    }
    chain = _begin(last.digest if last else START, header)
    for row in digests:
        _go_on(chain, row["line_id"], row["digest"])
    db.session.execute(sa.insert(AuditSeal), [{**header, "digest": chain.digest()}])
    db.session.execute(sa.insert(AuditLink), [{**row, "seal_id": header["id"]} for row in digests])
    return lines


def _waiting(*columns: Any) -> sa.Select[Any]:
    """Lines without a seal, in the order of their ids."""
    is_sealed = sa.exists().where(AuditLink.line_id == AuditLine.id)
    return sa.select(*columns).where(~is_sealed).order_by(AuditLine.id)


def _last_seal() -> sa.Select[Any]:
    return sa.select(AuditSeal.id, AuditSeal.digest).order_by(AuditSeal.id.desc()).limit(1)


def count_sealed() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditLink)) or 0


def count_waiting() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(_waiting(AuditLine.id).subquery())) or 0


def checkpoint() -> Checkpoint:
    """How far the chain has come."""
    counted = sa.select(sa.func.sum(AuditSeal.lines))
    last = db.session.execute(_last_seal()).first()
    if last is None:
        return Checkpoint(clock.now().isoformat(), 0, START.hex(), 0)
    lines = db.session.scalar(counted.where(AuditSeal.id <= last.id)) or 0
    return Checkpoint(clock.now().isoformat(), last.id, last.digest.hex(), int(lines))


def verify(known: Checkpoint | None = None) -> Iterator[int]:
    """Goes through the chain from its beginning and yields how many lines were as they were sealed.

    Raises LogBroken at the first entry that is not, or where the chain is not the one that `known` speaks of.
    """
    last_of_both = sa.select(sa.func.max(AuditSeal.id), sa.select(sa.func.max(AuditLink.seal_id)).scalar_subquery())
    tops = [top or 0 for top in db.session.execute(last_of_both).one()]
    previous, number = START, 0
    links = _links(max(tops))
    link = next(links, None)
    for seal in _seals(tops[0]):
        number += 1
        if seal.id != number:
            raise LogBroken("missing", f"seal {number}")
        chain, count = _begin(previous, _header(seal)), 0
        while link is not None and link.seal_id == seal.id:
            _check_line(link)
            _go_on(chain, link.line_id, link.sealed)
            count += 1
            link = next(links, None)
        _check_seal(seal, count, chain.digest(), known)
        previous = seal.digest
        yield count
    if link is not None:
        raise LogBroken("cut", f"seal {link.seal_id}, which covered line {link.line_id}")
    if known is not None and known.seal > number:
        raise LogBroken("cut", f"the log ends with seal {number}, and the checkpoint knows seal {known.seal}")


def _check_line(link: Any) -> None:
    if link.id is None:
        raise LogBroken("missing", f"line {link.line_id} of seal {link.seal_id}")
    if digest_of_line(link) != link.sealed:
        raise LogBroken("bent", f"line {link.line_id} of seal {link.seal_id}")


def _check_seal(seal: Any, count: int, digest: bytes, known: Checkpoint | None) -> None:
    if count < seal.lines:
        between = f"the lines {seal.first_id} to {seal.last_id}"
        raise LogBroken("missing", f"{seal.lines - count} of {between} that seal {seal.id} covers")
    if digest != seal.digest:
        raise LogBroken("bent", f"seal {seal.id}, or which lines it covers")
    if known is not None and known.seal == seal.id and known.digest != digest.hex():
        raise LogBroken("bent", f"seal {seal.id} is not the one that the checkpoint knows: the log was written anew")


def _seals(last: int) -> Iterator[Any]:
    columns = (AuditSeal.id, AuditSeal.at, AuditSeal.first_id, AuditSeal.last_id, AuditSeal.lines, AuditSeal.digest)
    select = sa.select(*columns).where(AuditSeal.id <= last).order_by(AuditSeal.id).limit(CHUNK)
    rows = db.session.execute(select).all()
    while rows:
        yield from rows
        rows = db.session.execute(select.where(AuditSeal.id > rows[-1].id)).all()


def _links(last: int) -> Iterator[Any]:
    """Links in the order of the chain, each beside its line as that is now."""
    place = sa.tuple_(AuditLink.seal_id, AuditLink.line_id)
    sealed = (AuditLink.seal_id, AuditLink.line_id, AuditLink.digest.label("sealed"))
    select = (
        sa.select(*sealed, *SEALED)
        .outerjoin(AuditLine, AuditLine.id == AuditLink.line_id)
        .where(AuditLink.seal_id <= last)
        .order_by(AuditLink.seal_id, AuditLink.line_id)
        .limit(CHUNK)
    )
    rows = db.session.execute(select).all()
    while rows:
        yield from rows
        end = sa.tuple_(sa.literal(rows[-1].seal_id), sa.literal(rows[-1].line_id))
        rows = db.session.execute(select.where(place > end)).all()


def digest_of_line(line: Any) -> bytes:
    """What a line says, as 32 bytes."""
    return hashlib.sha256(_canonical({column.key: getattr(line, column.key) for column in SEALED})).digest()


def _header(seal: Any) -> dict[str, Any]:
    return {name: getattr(seal, name) for name in ("id", "at", "first_id", "last_id", "lines")}


def _begin(previous: bytes, header: dict[str, Any]) -> Any:
    chain = hashlib.sha256(previous)
    chain.update(_canonical(header))
    return chain


def _go_on(chain: Any, line_id: int, digest: bytes) -> None:
    chain.update(f"\n{line_id}:{digest.hex()}".encode())


def _canonical(facts: dict[str, Any]) -> bytes:
    """One way to write facts as bytes, the same on both engines."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), default=datetime.isoformat).encode()
