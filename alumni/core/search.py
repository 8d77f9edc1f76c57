"""Finding people by name: what a name is found under, and what a query wants.

A name becomes a small set of terms, a query becomes parts that must all hold; the same on every database.

- `n:nguyen` a whole word of an alphabet, or what stands for its spellings; `b:n`, `b:ng`, `b:ngu` its beginnings
- `n:田`, `n:田中` a cluster (a letter with its marks) of a script without spaces, and two neighbours
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from alumni.core.spellings import ONE_LETTER, other_spellings
from alumni.core.text import fold

LONGEST_QUERY = 100
LONGEST_NAME = 200
LONGEST_WORD = 32
BEGINNINGS = (1, 2, 3)  # as many letters of a word are a term of their own
MOST_WANTED = 8
MOST_TERMS = 60


def _class(kinds: str, *blocks: range, without: str = "") -> str:
    """The characters of these general categories, as the inside of a regular expression's class: `ก-ฮะ-ฺ`."""
    codes = [c for span in blocks for c in span if unicodedata.category(chr(c))[0] in kinds]
    if without:
        codes = [c for c in codes if not re.match(f"[{without}]", chr(c))]
    runs = [[code for _, code in run] for _, run in groupby(enumerate(codes), lambda item: item[1] - item[0])]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)


# Thai and Lao, Myanmar, Khmer: a letter carries marks, and what is typed last may lack some of them.
_CARRYING = _class("LMN", range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800), range(0xAA60, 0xAA80))
_CARRIES = re.compile(f"[{_CARRYING}]")
_KANA = _class("LMN", range(0x3041, 0x3100))
_SINGLE = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"  # Han, Hangul
_UNSPACED = _CARRYING + _KANA + _SINGLE
_SPACED_MARKS = _class("M", range(0x0300, 0x2000), range(0xA600, 0xAC00), without=_UNSPACED)
_WORD = re.compile(rf"([{_UNSPACED}]+)|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_SPACED_MARKS}])*")
_FOLLOWING = _class("M", range(0x0E00, 0x1800), range(0xAA60, 0xAA80), range(0x3099, 0x309B)) + "ะาๅະາຽ"
_CLUSTER = re.compile(rf"[เ-ไເ-ໄ]?.[{_FOLLOWING}]{{0,6}}", re.DOTALL)

_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


class _Word(NamedTuple):
    """A word of an alphabet, or a run of clusters, with the terms that it has by itself."""

    text: str
    clusters: tuple[str, ...]
    spellings: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One part of a query: the name has one of the `terms`, or a term that begins with one of the `beginnings`.

    `inside` is a run in a script without spaces that must stand in `unspaced_text`; empty where the terms say it all.
    """

    terms: tuple[str, ...]
    beginnings: tuple[str, ...]
    inside: str = ""


@lru_cache(maxsize=8192)
def name_terms(*forms: str) -> frozenset[str]:
    """Terms under which a name with these forms (own script, romanised, reading, former…) is found; at most 60."""
    own: dict[str, None] = {}
    joints: dict[str, None] = {}
    for form in forms:
        words = _words(form[:LONGEST_NAME])
        for word in words:
            own.update(dict.fromkeys(word.terms))
        for _, _, joined in _joined(words):
            joints.update(dict.fromkeys(_terms_of(joined, *_spelled_together(joined))))
        for one, other in pairwise(words):
            if one.clusters and other.clusters:
                joints[f"n:{one.clusters[-1]}{other.clusters[0]}"] = None
    return frozenset(list(own | joints)[:MOST_TERMS])


@lru_cache(maxsize=1024)
def _wanted(query: str) -> tuple[Wanted, ...]:
    words = _words(query)[:MOST_WANTED]
    asked = [[(word.text, word.spellings)] for word in words]
    for start, end, joined in _joined(words):
        for place in range(start, end):
            asked[place].append((joined, _spelled_together(joined)))
    parts: dict[Wanted, None] = {}
    for word, one_of in zip(words, asked, strict=True):
        more = _wanted_run(word) if word.clusters else [_wanted_word(one_of)]
        if len(parts) + len(more) > MOST_WANTED:
            break
        parts.update(dict.fromkeys(more))
    return tuple(parts)


def wanted(query: str) -> tuple[Wanted, ...]:
    """What a query wants of a name: all of it must hold; nothing for a query without letters or digits.

    At most eight parts, of the first hundred characters; what comes later is not asked for.
    """
    return _wanted(query[:LONGEST_QUERY])


def unspaced_text(*forms: str) -> str:
    """The runs of a name in scripts without spaces, folded and written together, in which `inside` must stand."""
    runs = []
    for form in forms:
        runs.append(" ")
        runs += [word.text if word.clusters else " " for word in _words(form[:LONGEST_NAME])]
    return " ".join("".join(runs).split())


def finds(query: str, *forms: str) -> bool:
    """Whether the query finds a name with these forms: what every database must answer too."""
    parts = wanted(query)
    if not parts:
        return False
    terms, text = name_terms(*forms), unspaced_text(*forms)
    return all(_holds(part, terms, text) for part in parts)


def matching_form(query: str, forms: Sequence[str]) -> int | None:
    """Which of the forms the query met, to tell the reader: the one that holds the most of it, the first of equals."""
    parts = wanted(query)
    held = [sum(_holds(part, name_terms(form), unspaced_text(form)) for part in parts) for form in forms]
    most = max(held, default=0)
    return held.index(most) if most else None


def _holds(part: Wanted, terms: frozenset[str], text: str) -> bool:
    met = any(term in terms for term in part.terms) or any(term.startswith(part.beginnings) for term in terms)
    return met and part.inside in text


def _words(text: str) -> list[_Word]:
    # Piece by piece, because the pieces of names come back again and again and are remembered.
    return [word for piece in text.split() for word in _cut(piece)]


@lru_cache(maxsize=65536)
def _cut(piece: str) -> tuple[_Word, ...]:
    """The words of a text without spaces: at hyphens, points and a change of script."""
    folded = fold(piece).translate(ONE_LETTER)
    words = tuple(_run(found[0]) if found[1] else _spelled(found[0]) for found in _WORD.finditer(folded))
    if not piece.isascii():
        written = unicodedata.normalize("NFC", piece).casefold()
        if (spelled_out := written.translate(_DIGRAPHS)) != written:  # Müller is met by Mueller
            others = _cut(spelled_out)
            return tuple(
                word if word.text == other.text else _spelled(word.text, other.text)
                for word, other in zip(words, others, strict=False)
            )
    return words


def _run(text: str) -> _Word:
    clusters = tuple(_CLUSTER.findall(text))
    terms = [f"n:{cluster}" for cluster in clusters if _stands_alone(cluster)]
    if not _stands_alone(clusters[0]):
        terms.append(f"b:{text[0]}")
        if len(clusters) == 1:
            terms.append(f"n:{text}")
    terms += [f"n:{one}{other}" for one, other in pairwise(clusters)]
    return _Word(text, clusters, (), tuple(terms))


def _stands_alone(cluster: str) -> bool:
    """Whether a single cluster is worth a term: one of Han or Hangul is; kana and letters with marks are too few."""
    return cluster[0] > "\u3100" or "\u3005" <= cluster[0] <= "\u3007"


def _spelled(text: str, *others: str) -> _Word:
    text = text[:LONGEST_WORD]
    spellings = dict.fromkeys((*others, *other_spellings(text)))
    if text.startswith("ال") and len(text) > 4:
        spellings[text[2:]] = None  # al-Rashid is met by Rashid
    beginnings = [f"b:{text[:length]}" for length in BEGINNINGS if len(text) >= length]
    terms = dict.fromkeys((f"n:{text}", *beginnings, *_terms_of(*spellings)))
    return _Word(text, (), tuple(spellings), tuple(terms))


def _terms_of(*spellings: str) -> Iterator[str]:
    """The terms of words that were derived; of short ones also the beginning, as short queries ask for nothing else."""
    for spelling in spellings:
        yield f"n:{spelling}"
        if len(spelling) in BEGINNINGS:
            yield f"b:{spelling}"


def _joined(words: list[_Word]) -> Iterator[tuple[int, int, str]]:
    """Neighbours that are also written as one word, with their places: Sai Kham, Min-jun, de la Cruz."""
    for at in range(len(words) - 1):
        one, other = words[at], words[at + 1]
        if one.clusters or other.clusters:
            continue
        short, both = min(len(one.text), len(other.text)), len(one.text) + len(other.text)
        if len(one.text) > 3 and len(other.text) < 3:
            continue  # a particle belongs to what follows it
        if short <= 3 or (short == 4 and both <= 9) or one.text.startswith("abd"):
            yield at, at + 2, (one.text + other.text)[:LONGEST_WORD]
        if both <= 6 and at + 2 < len(words) and not words[at + 2].clusters and len(words[at + 2].text) > 3:
            yield at, at + 3, (one.text + other.text + words[at + 2].text)[:LONGEST_WORD]


def _spelled_together(joined: str) -> tuple[str, ...]:
    return tuple(other_spellings(joined)) if joined.startswith("abd") else ()


def _wanted_word(one_of: list[tuple[str, tuple[str, ...]]]) -> Wanted:
    """Short words are asked for by one exact term, longer ones by the beginning of a term, spellings as a whole."""
    terms: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    for text, spellings in one_of:
        if len(text) > BEGINNINGS[-1]:
            beginnings[f"n:{text}"] = None
        else:
            terms[f"b:{text}" if len(text) in BEGINNINGS else f"n:{text}"] = None
        terms.update(dict.fromkeys(f"n:{spelling}" for spelling in spellings))
    return Wanted(tuple(terms), tuple(beginnings))


def _wanted_run(word: _Word) -> list[Wanted]:
    clusters = word.clusters
    if len(clusters) == 1:
        if len(word.text) > 1:
            return [Wanted((), (f"n:{word.text}",))]
        return [Wanted((f"{'n' if _stands_alone(word.text) else 'b'}:{word.text}",), ())]
    pairs = [one + other for one, other in pairwise(clusters)]
    parts = [Wanted((f"n:{pair}",), ()) for pair in pairs]
    if _CARRIES.match(clusters[-1]):
        parts[-1] = Wanted((), (f"n:{pairs[-1]}",))  # the next letter to be typed may be a mark
    if len(parts) > 1:
        parts = [*parts[: min(3, len(parts) - 1)], parts[-1]]  # a few narrow it down, `inside` decides
        parts[-1] = Wanted(parts[-1].terms, parts[-1].beginnings, inside=word.text)
    return parts
