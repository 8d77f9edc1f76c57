"""Text as people type it: cleaning, folding, slugs."""

import re
import unicodedata

# Direction overrides and isolates can make a name read as another; joiners stay, some scripts need them.
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udfff]")

_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng"}
    | dict.fromkeys("’'ʼ‘`")
)


def clean_line(text: str) -> str:
    """One line: Unicode NFC, no white space at the ends, single spaces inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_block(text: str) -> str:
    """Several lines: Unicode NFC, `\\n` line ends, no blank ends."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def fold(text: str) -> str:
    """Case, width and diacritics gone, for comparing. Marks that are vowels (Thai, Khmer, Indic) stay."""
    folded, strip = [], False
    for char in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)):
        if unicodedata.category(char) == "Mn":
            if not strip:
                folded.append(char)
            continue
        strip = char < "\u0250" or "\u0370" <= char < "\u0600" or "\u1e00" <= char < "\u2000"
        folded.append(char)
    return unicodedata.normalize("NFC", "".join(folded)).translate(_LETTERS)


def slugify(text: str, *, longest: int = 60) -> str:
    """Latin letters and digits of `text` joined by hyphens; empty for a title in another script."""
    ascii_only = fold(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:longest].rstrip("-")
