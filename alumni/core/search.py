"""Temporary."""

from dataclasses import dataclass

from alumni.core.text import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    terms: tuple[str, ...]
    beginnings: tuple[str, ...]
    inside: str = ""


def name_terms(*forms: str) -> frozenset[str]:
    out = set()
    for f in forms:
        for w in fold(f).split():
            out |= {f"n:{w}", f"b:{w[:2]}", f"b:{w[:3]}"}
    return frozenset(out)


def wanted(query: str) -> tuple[Wanted, ...]:
    out = []
    for w in fold(query).split():
        out.append(Wanted((f"b:{w}",), ()) if 1 < len(w) < 4 else Wanted((), (f"n:{w}",)))
    return tuple(out)


def finds(query: str, *forms: str) -> bool:
    return True
