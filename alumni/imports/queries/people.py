"""The name of one person on a list: its parts, what stands behind it, and what is only a mark beside it."""

import re
import unicodedata
from typing import NamedTuple


class Name(NamedTuple):
    """A name as a list has it. `note` is what stood around it: 辞退, withdrawn, a nickname in brackets."""

    family: str = ""
    given: str = ""
    printed: str = ""
    native: str = ""
    reading: str = ""
    title: str = ""
    note: str = ""


# Most names are nothing but names: asked of all forms of one at once, so that they need not be tidied.
_NOTABLE = re.compile(
    r"[（(\[【〔<*＊※†◎○●☆★■□,，;\d]|[\uff01-\uff9f]|[様氏殿ん]$|[辞欠取キ途不]|^[^\w\n]", re.MULTILINE
)
_BRACKETS = re.compile(r"\s*[(（\[【〔<]([^()（）\[\]【】〔〕<>]*)[)）\]】〕>]")
_AFTER_MARK = re.compile(r"\s*[*＊※†]\s*(\S.*)?$|\s*[;；]\s*(\S.*)$")
_GONE = re.compile(
    r"(?<=[ :：–-])((?:withdr[ae]wn?|cancell?ed|declined|absent|no[ -]show|replaced)\b.*)$"
    r"|((?:辞退|欠席|取消|キャンセル|途中帰国|不参加).*)$",
    re.IGNORECASE | re.MULTILINE,
)
_MARK_BEFORE = re.compile(r"^(?:[*＊※†◎○●☆★■□・]+\s*|\(?\d{1,4}[.)．、]\s*)")
_TITLE = re.compile(
    r"^(mr|mrs|ms|miss|dr|prof|professor|mme|mlle|sr|sra|h\.e)\.? +(?=\S)|^(mr|mrs|ms|dr|prof)\.(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_HONORIFIC = re.compile(r"\s*(?:様|さん|殿|氏)$")
_UNSPACED = re.compile("[\u3041-\u30ff\u3400-\u9fff々〆ヶ]")
_KANA = re.compile("[\u3041-\u30ffー・\\s]+")
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]")


def read_name(family: str, given: str, full: str, native: str, reading: str) -> Name:
    """The name in the cells of one row. Nothing is lost: what is no name is in the title or the note."""
    notes: list[str] = []
    titles: list[str] = []
    whole = f"{family}\n{given}\n{full}\n{native}\n{reading}"
    if not (_NOTABLE.search(whole) or _TITLE.search(whole) or _GONE.search(whole)):
        return _whole_name(family, given, full, native, reading)
    family, given = _tidy(family, notes, titles), _tidy(given, notes, titles)
    native, reading = _tidy(native, notes, titles), _tidy(reading, notes, titles)
    if full:
        full, other = _in_two_scripts(full)
        full = _tidy(full, notes, titles)
        native = native or other
    name = _whole_name(family, given, full, native, reading)
    return name._replace(title=" ".join(titles), note="; ".join(dict.fromkeys(notes)))


def _whole_name(family: str, given: str, full: str, native: str, reading: str) -> Name:
    if not family and not given:
        family, given = _taken_apart(full)
    printed = full or f"{family} {given}".strip() or native
    if not native and not printed.isascii() and _UNSPACED.search(printed) and not _LATIN.search(printed):
        native = printed
    return Name(family, given, printed, native, reading)


def _tidy(text: str, notes: list[str], titles: list[str]) -> str:
    """The name alone, its letters narrow; what stood around it goes to the notes and titles."""
    if not text:
        return text
    if re.search("[\uff01-\uff9f]", text):
        text = unicodedata.normalize("NFKC", text)
    for note in _BRACKETS.findall(text):
        _add(notes, note)
    text = _BRACKETS.sub("", text)
    if (marked := _MARK_BEFORE.match(text)) and marked.end() < len(text):
        if not marked[0].strip("(.)．、 ").isdigit():
            _add(notes, marked[0])
        text = text[marked.end() :]
    if marked := _AFTER_MARK.search(text) or _GONE.search(text):
        _add(notes, next(filter(None, marked.groups()), marked[0]))
        text = text[: marked.start()]
    if titled := _TITLE.match(text):
        _add(titles, titled[0])
        text = text[titled.end() :]
    if len(text) > 1 and _UNSPACED.search(text):
        text = _HONORIFIC.sub("", text)
    return text.strip(" \u3000,，:：–-")


def _add(found: list[str], text: str) -> None:
    if text := text.strip():
        found.append(text)


def _in_two_scripts(full: str) -> tuple[str, str]:
    """山田太郎 (YAMADA Taro) and the other way round: the name in Latin letters, and the one in own script."""
    bracketed = _BRACKETS.search(full)
    if not bracketed or not bracketed.group(1):
        return full, ""
    inside, outside = bracketed.group(1).strip(), (full[: bracketed.start()] + full[bracketed.end() :]).strip()
    is_two_names = bool(_UNSPACED.search(outside)) and not _LATIN.search(outside) and len(inside.split()) > 1
    if is_two_names and _LATIN.search(inside):
        return inside, outside
    return full, ""


def _taken_apart(full: str) -> tuple[str, str]:
    """Family and given name where the list tells: by capitals, by a comma, by the space in a Japanese name."""
    family, comma, given = full.partition(",")
    if comma and family.strip() and given.strip():
        return family.strip(), given.strip()
    words = full.split()
    if len(words) == 2 and all(_UNSPACED.search(word) and not _KANA.fullmatch(word) for word in words):
        return words[0], words[1]
    capital = [len(word) > 1 and word.isupper() and not word.endswith(".") for word in words]
    if True not in capital or False not in capital:
        return "", ""
    many = sum(capital)
    if all(capital[:many]):
        return " ".join(words[:many]), " ".join(words[many:])
    if all(capital[-many:]):
        return " ".join(words[-many:]), " ".join(words[:-many])
    return "", ""
