"""Names as their owners write them: initials, and a key that sorts every script by the Unicode collation."""

from functools import cache, lru_cache

import pyuca


@cache
def _collator() -> pyuca.Collator:
    return pyuca.Collator()  # reads its table once, when the first name is saved


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """The same order on both engines: the collation weights of `name` as fixed-width hexadecimal.

    At most 80 weights count, so the key stays short enough for an index.
    """
    return "".join(f"{weight:04x}" for weight in _collator().sort_key(name.casefold())[:80])


def initials(name: str) -> str:
    """One or two letters to stand for a picture; the first character alone where words are not spaced."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return name[:1]
    if len(words) == 1 or ord(words[0][0]) > 0x2E80:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()
