"""Days and fiscal years as lists write them: Western, Japanese and Thai years, months as words, ranges in one cell."""

import re
import unicodedata
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from alumni.core.text import fold

FIRST_YEAR, LAST_YEAR = 1900, 2100
ERAS = {
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
    "m": 1867,
    "t": 1911,
    "s": 1925,
    "h": 1988,
    "r": 2018,
}
LONGEST = 80  # characters of a cell with dates
BUDDHIST = 543  # years that Thai lists are ahead
THIS_CENTURY = 40  # 17 is 2017, and 86 is 1986
MONTHS_IN = "en fr es pt id ms de vi".split()
SERIALS = range(10_000, 60_000)  # days since 1899-12-30, as a spreadsheet counts them: 1927 to 2064
SPREADSHEET_EPOCH = date(1899, 12, 30)


class DateOrder(StrEnum):
    """How 03/04/2017 is meant."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNCLEAR = "unclear"  # the officer is asked


class Day(NamedTuple):
    """A date as exact as it is written; 0 stands for what is not said."""

    year: int = 0
    month: int = 0
    day: int = 0

    def iso(self) -> str:
        """2017, 2017-02 or 2017-02-14."""
        if not self.month:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


class Unreadable(Exception):
    """A date that is none (`date-wrong`), or that may be two (`date-unclear`)."""


_ERA = "|".join(ERAS)
_JAPANESE = re.compile(rf"(?:(?P<era>{_ERA})\.?)?(?P<year>\d+|元)年(?:度)?(?:(?P<month>\d+)月(?:(?P<day>\d+)日)?)?$")
_ERA_SHORT = re.compile(r"(?P<era>[mtshr])\.?(?P<year>\d{1,2})(?:[./-](?P<month>\d{1,2})(?:[./-](?P<day>\d{1,2}))?)?$")
_MONTH_DAY = re.compile(r"(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日$")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?:[./-](?P<month>\d{1,2})(?:[./-](?P<day>\d{1,2}))?)?$")
_COMPACT = re.compile(r"(?P<year>19\d\d|20\d\d)(?P<month>\d\d)(?P<day>\d\d)$")
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[./ -](?P<two>\d{1,2})[./ -](?P<year>\d{4}|\d{2})$")
_TWO_NUMBERS = re.compile(r"(?P<one>\d{1,2})[./](?P<two>\d{1,2})$")
_TIME = re.compile(r"[ t]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:\s*[ap]m)?z?$")
_WEEKDAY = re.compile(
    r"[(（\[][月火水木金土日祝・,a-z.]+[)）\]]|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_RANGE = re.compile(r"\s*(?:[~～〜–—―→]|から|より|\bto\b|\buntil\b|\bau\b|\bal\b|\bsampai\b|\s-\s|ー)\s*")


@cache
def _months() -> dict[str, int]:
    """Every name of a month, long and short, by its folded word."""
    names = {"sept": 9, "juill": 7}
    for language in MONTHS_IN:
        months = Locale.parse(language).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names |= {fold(name).strip("."): number for number, name in months[form][width].items()}
    return {name: number for name, number in names.items() if not any(char.isdecimal() for char in name)}


@lru_cache(maxsize=8192)
def first_two_numbers(text: str) -> tuple[tuple[int, int], ...]:
    """Of each date such as 03/04/2017 in a cell the two numbers that may be day and month."""
    if len(text) > LONGEST:
        return ()
    plain = _plain(text)
    try:
        days: tuple[str, ...] = _ends(plain)
    except ValueError:
        days = (plain,)
    found = (_YEAR_LAST.match(day) for day in days)
    return tuple((int(each["one"]), int(each["two"])) for each in found if each)


@lru_cache(maxsize=8192)
def read_day(text: str, order: DateOrder) -> str:
    """The day in ISO 8601, as exact as it is written. Raises Unreadable."""
    return _checked(_day(_plain(text), order)).iso()


@lru_cache(maxsize=2048)
def read_days(text: str, order: DateOrder) -> tuple[str, str]:
    """The first and the last day of a range in one cell; what one leaves out, the other says. Raises Unreadable."""
    whole = _plain(text)
    try:
        first, last = _ends(whole)
    except ValueError:
        only = _checked(_day(whole, order)).iso()
        return only, only if len(only) == 10 else ""
    till = _day(last, order)
    since = _day(first, order)
    since = Day(since.year or till.year, since.month or till.month, since.day)
    if till.year == 0:
        is_next = 0 < till.month < since.month
        till = till._replace(year=since.year + is_next)
    if till.month == 0 and till.day:
        till = till._replace(month=since.month)
    if since > till:
        raise Unreadable("date-wrong")
    return _checked(since).iso(), _checked(till).iso()


def _ends(whole: str) -> tuple[str, str]:
    """What stands on both sides of a range. Raises ValueError where it is none."""
    pieces = [piece for piece in _RANGE.split(whole) if piece]
    if len(pieces) == 1:
        pieces = whole.split("-")
        if len(pieces) == 6:  # 2017-03-07-2017-03-14
            pieces = ["-".join(pieces[:3]), "-".join(pieces[3:])]
    first, last = pieces
    if re.fullmatch(r"\d{4}", first) and re.fullmatch(r"\d{1,2}", last):  # 2017-02 is a month
        raise ValueError
    return first.strip(), last.strip()


def _plain(text: str) -> str:
    """Narrow, small letters, without weekday, time of day and the endings of 7th. Raises Unreadable for long texts."""
    if len(text) > LONGEST:
        raise Unreadable("date-wrong")
    plain = unicodedata.normalize("NFKC", text.replace("～", "~")).lower().strip(" .,。、")
    if not plain.isascii() or any(char.isalpha() for char in plain):
        plain = _WEEKDAY.sub("", plain)
        plain = _ORDINAL.sub("", plain)
    return " ".join(_TIME.sub("", plain).split()).strip(" ,")


def _day(plain: str, order: DateOrder) -> Day:
    """One side of a range or a whole date, of which parts may be missing."""
    if plain.isdecimal():
        return _number(plain)
    packed = plain.replace(" ", "")
    for pattern in (_YEAR_FIRST, _COMPACT, _JAPANESE, _ERA_SHORT, _MONTH_DAY):
        if found := pattern.match(packed):
            return _numbers(found.groupdict())
    if found := _YEAR_LAST.match(plain):
        one, two = _in_order(int(found["one"]), int(found["two"]), order)
        return Day(_year(found["year"]), two, one)
    if found := _TWO_NUMBERS.match(plain):  # the end of 2017/3/7-3/14
        one, two = int(found["one"]), int(found["two"])
        return Day(0, two, one) if order == DateOrder.DAY_FIRST else Day(0, one, two)
    return _in_words(plain)


def _number(plain: str) -> Day:
    value = int(plain)
    if value in SERIALS:
        there = SPREADSHEET_EPOCH + timedelta(days=value)
        return Day(there.year, there.month, there.day)
    if len(plain) == 4:
        return Day(_year(plain))
    if len(plain) == 8 and (found := _COMPACT.match(plain)):
        return _numbers(found.groupdict())
    if len(plain) <= 2:
        return Day(0, 0, value)
    raise Unreadable("date-wrong")


def _numbers(found: dict[str, str | None]) -> Day:
    year, era = found.get("year"), found.get("era")
    number = 0
    if year:
        number = ERAS[era] + (1 if year == "元" else int(year)) if era else _year(year)
    return Day(number, int(found.get("month") or 0), int(found.get("day") or 0))


def _year(digits: str) -> int:
    if not digits.isdecimal():
        raise Unreadable("date-wrong")
    value = int(digits)
    if len(digits) == 2:
        return 2000 + value if value < THIS_CENTURY else 1900 + value
    return value - BUDDHIST if value > LAST_YEAR + 300 else value


def _in_order(one: int, two: int, order: DateOrder) -> tuple[int, int]:
    """Day and month of two numbers."""
    if one > 12 or one == two:
        return one, two
    if two > 12:
        return two, one
    if order == DateOrder.UNCLEAR:
        raise Unreadable("date-unclear")
    return (one, two) if order == DateOrder.DAY_FIRST else (two, one)


def _in_words(plain: str) -> Day:
    """14 February 2017, Feb 14, 2017, 14-Feb-17, February 2017."""
    words = re.findall(r"[^\W\d_]+|\d+", plain)
    months = [number for word in words if (number := _months().get(fold(word)))]
    numbers = [word for word in words if word.isdecimal()]
    strange = [
        word for word in words if not word.isdecimal() and fold(word) not in _months() and word not in ("de", "of")
    ]
    if not months and not strange and len(numbers) == 2 and len(numbers[1]) == 4:  # the end of March 7-14, 2017
        return Day(_year(numbers[1]), 0, int(numbers[0]))
    if len(months) != 1 or len(numbers) > 2 or strange:
        raise Unreadable("date-wrong")
    if len(numbers) == 2 and len(numbers[0]) == 4:
        numbers.reverse()
    if len(numbers) == 2:
        return Day(_year(numbers[1]), months[0], int(numbers[0]))
    if not numbers:
        return Day(0, months[0])
    return Day(_year(numbers[0]), months[0]) if len(numbers[0]) == 4 else Day(0, months[0], int(numbers[0]))


def _checked(day: Day) -> Day:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable("date-wrong")
    try:
        date(day.year, day.month or 1, day.day or 1)
    except ValueError as error:
        raise Unreadable("date-wrong") from error
    if day.day and not day.month:
        raise Unreadable("date-wrong")
    return day


_FISCAL = re.compile(
    r"(?:jfy|fy|ay|fiscalyear|年度)?['’]?(?P<year>\d{4}|\d{2})(?:年度|年|fy)?(?:[/~–-](?P<next>\d{2}|\d{4}))?(?:年度|年)?$"
)


@lru_cache(maxsize=2048)
def read_year(text: str) -> int | None:
    """The fiscal year, April to March: FY2016, 平成28年度, 2016/17, H28. None where it is unclear."""
    if len(text) > LONGEST:
        return None
    packed = unicodedata.normalize("NFKC", text).lower().replace(" ", "").removesuffix(".0")
    try:
        for pattern in (_JAPANESE, _ERA_SHORT):
            if (found := pattern.match(packed)) and found["era"]:
                year = _numbers(found.groupdict() | {"month": None, "day": None}).year
                return year if FIRST_YEAR <= year <= LAST_YEAR else None
        found = _FISCAL.match(packed)
        if not found:
            return None
        year = _year(found["year"])
    except Unreadable:
        return None
    if found["next"] and (int(found["next"]) - year - 1) % 100:
        return None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
