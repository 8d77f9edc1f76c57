"""What one cell says, by the column in which it stands. Cells repeat from row to row, so each text is read once."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from email_validator import EmailNotValidError, validate_email

from alumni.imports.queries import words
from alumni.imports.queries.countries import country_code
from alumni.imports.queries.dates import DateOrder, Unreadable, read_day, read_days, read_year
from alumni.imports.queries.headings import Column, heading_key
from alumni.members.models import ParticipationRole

LONGEST_NUMBER = 60
LONGEST_TEXT = 300
MOST_BATCHES = 999


class Reading(NamedTuple):
    """The value of a cell, or the reason why it has none; and whether the cell says more than the value holds."""

    value: Any = None
    reason: str = ""
    says_more: bool = False


@lru_cache(maxsize=8192)
def read_text(text: str) -> Reading:
    """A short text as it stands, its letters and digits narrow."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return Reading(text) if len(text) <= LONGEST_TEXT else Reading(reason="text-long")


def read_number(text: str) -> Reading:
    """The number of a participant or certificate."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return Reading(text) if len(text) <= LONGEST_NUMBER else Reading(reason="number-long")


@lru_cache(maxsize=4096)
def read_country(text: str) -> Reading:
    code = country_code(text)
    return Reading(code) if code else Reading(reason="country-unknown")


@lru_cache(maxsize=1024)
def read_fiscal_year(text: str) -> Reading:
    year = read_year(text)
    return Reading(year) if year else Reading(reason="year-unclear")


_NUMBERED = re.compile(
    r"第\s*(\d+)|(\d+)\s*(?:st|nd|rd|th)\b|(?:batch|term|intake|バッチ)\s*(?:no\.?)?\s*[-#:]?\s*(\d+)"
    r"|(\d+)\s*(?:batch|term|intake|回|期|陣|次|隊|バッチ)",
    re.IGNORECASE,
)
_ONLY_BATCH = re.compile(
    r"(?:\d|第|回|期生?|陣|次|隊|バッチ|st|nd|rd|th|batch|term|intake|no|first|second|third|[\W_])+", re.IGNORECASE
)
_ORDINALS = {
    word: number
    for number, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
_KANJI = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}


@lru_cache(maxsize=1024)
def read_batch(text: str) -> Reading:
    """16 of 16th Batch, 第16回, ABE 8 batch, 18th term; what else it says is kept beside it."""
    if len(text) > LONGEST_TEXT:
        return Reading(reason="batch-unclear")
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub("(?<=第)[一二三四五六七八九十]+", lambda found: str(_from_kanji(found[0])), plain)
    plain = re.sub(r"[a-z]+", lambda found: str(_ORDINALS.get(found[0], found[0])), plain)
    told = {int(next(filter(None, found.groups()))) for found in _NUMBERED.finditer(plain)}
    if not told:
        told = {int(digits) for digits in re.findall(r"\d+", plain.removesuffix(".0"))}
    if len(told) != 1 or not 0 < (number := told.pop()) <= MOST_BATCHES:
        return Reading(reason="batch-unclear")
    return Reading(number, says_more=not _ONLY_BATCH.fullmatch(plain))


def _from_kanji(digits: str) -> int:
    tens, ten, ones = digits.rpartition("十")
    return (_KANJI.get(tens, 1) * 10 if ten else 0) + _KANJI.get(ones, 0)


@cache
def _roles() -> Mapping[str, ParticipationRole]:
    return {heading_key(word): role for role, spellings in words.ROLES.items() for word in spellings.split()}


_SAYS_MORE = re.compile("second|sub|deputy|assistant|vice|national|teacher|副|サブ|ナショナル|教", re.IGNORECASE)


@lru_cache(maxsize=1024)
def read_role(text: str) -> Reading:
    """Participant, leader and so on; of a second leader the whole text is kept as well."""
    if len(text) > LONGEST_TEXT:
        return Reading(reason="role-unknown")
    shorter = re.sub(r"[（(\[].*?[）)\]]|\s\d+$", "", text)
    for words_of_role in (text, shorter):
        if role := _roles().get(heading_key(words_of_role)):
            return Reading(role.value, says_more=words_of_role != text or bool(_SAYS_MORE.search(text)))
    return Reading(reason="role-unknown")


_PART = re.compile(
    r"(?:group|grp|gr|team|グループ|班)?[\s.:-]*([a-z]|\d{1,2})\s*(?:group|グループ|班|組|団)?", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def read_part(text: str) -> Reading:
    """The letter of a group, or whatever a group is called."""
    plain = unicodedata.normalize("NFKC", text)
    found = _PART.fullmatch(plain)
    return Reading(found[1].upper()) if found else read_text(text)


_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_+-]{1,30}(?:\.[a-z0-9_+-]{1,30})?@(?:[a-z0-9]{1,60}\.){1,3}(?:com|org|net|edu|[a-z]{2})"
)


def read_email(text: str) -> Reading:
    """An address in small letters, by its form only; of several the first one."""
    if len(text) > LONGEST_TEXT:
        return Reading(reason="email-wrong")
    plain = text.lower()
    if _PLAIN_ADDRESS.fullmatch(plain):
        return Reading(plain)
    plain = unicodedata.normalize("NFKC", plain).removeprefix("mailto:")
    first, *others = re.split(r"[\s;,/、]+", plain.strip("<> "))
    try:
        address = validate_email(first, check_deliverability=False, allow_smtputf8=True).normalized.lower()
    except EmailNotValidError:
        return Reading(reason="email-wrong")
    return Reading(address, says_more=bool(others))


def day_reader(order: DateOrder) -> Callable[[str], Reading]:
    """Reads the cells of a column of days of which the order is known, or not."""

    def read(text: str) -> Reading:
        try:
            return Reading(read_day(text, order))
        except Unreadable as error:
            return Reading(reason=str(error))

    return lru_cache(maxsize=4096)(read)


def range_reader(order: DateOrder) -> Callable[[str], Reading]:
    """Reads the cells of a column with the first and the last day in one."""

    def read(text: str) -> Reading:
        try:
            return Reading(read_days(text, order))
        except Unreadable as error:
            return Reading(reason=str(error))

    return lru_cache(maxsize=2048)(read)


READERS: Mapping[Column, Callable[[str], Reading]] = {
    Column.PROGRAMME: read_text,
    Column.EDITION: read_text,
    Column.THEME: read_text,
    Column.INSTITUTION: read_text,
    Column.HOST_TOWN: read_text,
    Column.YEAR: read_fiscal_year,
    Column.BATCH: read_batch,
    Column.COUNTRY: read_country,
    Column.PART: read_part,
    Column.ROLE: read_role,
    Column.NUMBER: read_number,
    Column.EMAIL: read_email,
}
