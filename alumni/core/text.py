"""Text as people type it: cleaning, folding, slugs."""

import re
import unicodedata

# Direction overrides and isolates can make a name read as another; joiners stay, some scripts need them.
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udfff]")

# What is written but not read: joiners, zero-width spaces, direction marks, soft hyphens, variation selectors.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_IGNORED = re.compile(f"[{_UNSEEN}\U000e0000-\U000e0fff]")
_NIKHAHIT = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")

_ALPHABETS = dict(zip("đðłøħŧıŋəƙɓɗ", "ddlohtinakbd", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th"}
_CYRILLIC = dict(zip("өүұәқңғ", "оууакнг", strict=True))  # Mongolian and Kazakh letters that few keyboards have
_ARABIC = dict(
    zip("ٱىیېےکةۃہھەۀ", "اييييكهههههه", strict=True)
)  # alef, yeh, kaf and heh, whichever keyboard wrote them
_KANA = {chr(kana): chr(kana - 0x60) for kana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}  # katakana as hiragana
_LARGE = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
_KANA |= _LARGE | {katakana: _LARGE.get(hiragana, hiragana) for katakana, hiragana in _KANA.items()}
_LETTERS = str.maketrans(_ALPHABETS | _CYRILLIC | _ARABIC | _KANA | dict.fromkeys("’'ʼ‘`´ʻʾʿ′׳״ـーｰ", ""))


def clean_line(text: str) -> str:
    """One line: Unicode NFC, no white space at the ends, single spaces inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_block(text: str) -> str:
    """Several lines: Unicode NFC, `\\n` line ends, no blank ends."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def fold(text: str) -> str:
    """Case, width and diacritics gone, for comparing. Marks that are vowels (Thai, Khmer, Indic) stay.

    Katakana become hiragana, small kana large, long vowel marks and apostrophes nothing; Arabic loses its short vowels.
    """
    folded, strip = [], False
    whole = unicodedata.normalize("NFKC", _IGNORED.sub("", text)).casefold().translate(_LETTERS)
    if whole.isascii():
        return whole
    for char in unicodedata.normalize("NFD", whole):
        if unicodedata.category(char) == "Mn":
            if not strip:
                folded.append(char)
            continue
        strip = char < "\u0250" or "\u0370" <= char < "\u0780" or "\u1e00" <= char < "\u2000"
        folded.append(char)
    whole = unicodedata.normalize("NFC", "".join(folded)).translate(_LETTERS)
    return _NIKHAHIT.sub(r"\2\1", whole)  # Thai and Lao "am" comes before or after its tone mark


def slugify(text: str, *, longest: int = 60) -> str:
    """Latin letters and digits of `text` joined by hyphens; empty for a title in another script."""
    ascii_only = fold(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:longest].rstrip("-")
