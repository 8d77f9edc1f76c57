"""Names as their owners write them: initials, and a key that sorts every script by the Unicode collation."""

import re
import unicodedata
from functools import cache, lru_cache

import pyuca


@cache
def _collator() -> pyuca.Collator:
    return pyuca.Collator()  # reads its table once, when the first name is saved


@lru_cache(maxsize=16384)
def _weights(word: str) -> tuple[str, ...]:
    """The weights of one word on each of the four levels of the collation."""
    elements = _collator().collation_elements(unicodedata.normalize("NFD", word))
    return tuple(
        "".join(f"{element[level]:04x}" for element in elements if len(element) > level and element[level])
        for level in range(4)
    )


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """The same order on both engines: the collation weights of `name` as fixed-width hexadecimal.

    At most 80 weights count, so the key stays short enough for an index. Weighed word by word, because
    nothing contracts across a space and the words of names come back again and again.
    """
    words = [_weights(word) for word in re.split("( )", name.casefold())]
    return "0000".join("".join(level) for level in zip(*words, strict=True))[: 80 * 4]


def collation_key(name: str) -> bytes:
    """The beginning of the same weights as bytes, for indexes of millions of names: 32 weights, 64 bytes at most."""
    return bytes.fromhex(sort_key(name))[:64]


def initials(name: str) -> str:
    """One or two letters to stand for a picture; the first character alone where words are not spaced."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return name[:1]
    if len(words) == 1 or ord(words[0][0]) > 0x2E80:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()
