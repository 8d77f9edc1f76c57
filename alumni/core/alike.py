"""Whether two names are one person's: a key for names that are the same, a score for names that are alike.

What the score means, from 1 to 0:

- 1: the same words in any order, folded, whatever the romanisation (`core.spellings`)
- from LIKELY: initials, a middle name that one of them lacks, a letter that differs, words written together
- from POSSIBLE: one part is the same and the other is not, as after a marriage; somebody has to look
- below: another person
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from alumni.core.spellings import ONE_LETTER, other_spellings
from alumni.core.text import fold

LIKELY = 0.8
POSSIBLE = 0.55
INITIAL = 0.85  # what an initial is worth beside the word
LEAST_ALIKE = 0.83  # of two words: Chanthavong and Chantavong; one letter of six, never Maria and Mario
MISSING = 0.04  # what a word costs that only one of the two has

_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.,;:/|()\[\]{}\"“”&+*・･·،、。]+")
# Links of Malay and Tamil names, written in many ways or left out, and how people are addressed.
_LINK = re.compile(r"\b(?:[as]/[lop]|d/o)\b", re.IGNORECASE)
_LEFT_OUT = frozenset(("bin", "binti", "binte", "bte", "bt", "ibni", "mr", "mrs", "ms", "miss", "mme", "mlle", "dr"))
_NOT_COUNTED = re.compile(r"[\W_]+")
_MARKS = re.compile(r"['’`*]")


def name_key(text: str) -> str:
    """The words of a name, folded and sorted: SURNAME Given, Given Surname and ＳＵＲＮＡＭＥ Given have one key."""
    return " ".join(sorted(name_words(text)))


def plain(text: str) -> str:
    """Letters and digits alone, folded: A-017 and ａ０１７ are one number."""
    return _NOT_COUNTED.sub("", fold(text))


def name_words(text: str) -> list[str]:
    """The words that count in a name, each by the spelling that stands for all; Han and kana as one word."""
    if "/" in text:
        text = _LINK.sub(" ", text)
    words: list[str] = []
    was_unspaced = False
    for piece in text.split():
        for word, is_unspaced in _cut(piece):
            if is_unspaced and was_unspaced:
                words[-1] += word
            else:
                words.append(word)
            was_unspaced = is_unspaced
    if len(words) < 2:
        return words
    counted = [word for word in words if word not in _LEFT_OUT]
    return counted if counted else words


@lru_cache(maxsize=65536)
def _cut(piece: str) -> tuple[tuple[str, bool], ...]:
    """The words of a piece without spaces, with whether its script has none. Names share their pieces."""
    words = _BETWEEN.split(fold(unicodedata.normalize("NFKC", piece)).translate(ONE_LETTER))
    return tuple(((other_spellings(word) or [word])[0], word[0] > "\u2e80") for word in words if word)


def name_score(printed: str, claimed: Iterable[str]) -> float:
    """How alike a printed name and the best of the names that somebody uses are, from 0 to 1."""
    words = name_words(printed)
    family = _in_capitals(printed)
    return max((_score(words, name_words(name), family) for name in claimed), default=0.0)


def _in_capitals(printed: str) -> frozenset[str]:
    """The words of the family name, where a list prints it in capitals and the rest not."""
    pieces = [_MARKS.sub("", piece) for piece in _BETWEEN.split(unicodedata.normalize("NFKC", printed)) if piece]
    capitals = [piece for piece in pieces if len(piece) > 1 and piece.isupper()]
    return frozenset(name_words(" ".join(capitals))) if len(capitals) < len(pieces) else frozenset()


def _score(printed: list[str], claimed: list[str], family: frozenset[str]) -> float:
    if not printed or not claimed:
        return 0.0
    if sorted(printed) == sorted(claimed):
        return 1.0
    printed, claimed = _written_together(printed, claimed), _written_together(claimed, printed)
    found, left, other = _pairs(printed, claimed)
    if not any(length > 1 for _, length in found):
        return 0.0
    alike = sum(likeness for likeness, _ in found)
    longer, shorter = max(len(printed), len(claimed)), min(len(printed), len(claimed))
    if left and other:
        share = alike / longer
        if family:
            return 0.5 + 0.2 * share if family.issuperset(left) else 0.5 * share
        return 0.4 + 0.3 * share
    if shorter == 1 and longer > 1:
        return 0.6 * alike
    return max(alike / shorter - MISSING * (longer - shorter), LIKELY)


def _written_together(words: list[str], other: list[str]) -> list[str]:
    """Two neighbours as one word, where the other name has them so: Min-jun and Minjun."""
    joined, at = [], 0
    while at < len(words):
        both = "".join(words[at : at + 2])
        is_one = at + 1 < len(words) and both in other
        joined.append(both if is_one else words[at])
        at += 2 if is_one else 1
    return joined


def _pairs(printed: list[str], claimed: list[str]) -> tuple[list[tuple[float, int]], list[str], list[str]]:
    """Words that belong together, the surest first, as likeness and length; and what is left of both."""
    found: list[tuple[float, int]] = []
    left, other = list(printed), list(claimed)
    likely = ((_likeness(one, two), one, two) for one in printed for two in claimed)
    for likeness, one, two in sorted(likely, key=lambda pair: -pair[0]):
        if likeness and one in left and two in other:
            found.append((likeness, min(len(one), len(two))))
            left.remove(one)
            other.remove(two)
    return found, left, other


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 1:
        return INITIAL if one[0] == other[0] and one[0] < "\u2e80" else 0.0
    alike = fuzz.ratio(one, other) / 100
    return alike if alike >= LEAST_ALIKE else 0.0
