"""Rosters as agencies have them: the cohorts of the catalogue with invented people, clean or with real lists' dirt."""

import csv
import datetime
import io
import random
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import xlsxwriter
from ruamel.yaml import YAML

from alumni.core.text import fold
from alumni.imports.queries.cells import Layout, date_orders, read_awards
from alumni.imports.queries.headings import guess_columns
from alumni.world.names import invent_name

CATALOGUE = Path(__file__).parents[2] / "catalogue" / "programmes.yaml"
ASEAN = "BN KH ID LA MY MM PH SG TH VN".split()
SAARC = "AF BD BT IN LK MV NP PK".split()
FAMILY_FIRST = {"VN", "KH", "JP", "CN", "KR", "TW"}
ENGLISH_NAMES = dict(
    zip(
        [*ASEAN, *SAARC, "TL", "JP"],
        "Brunei Darussalam|Cambodia|Indonesia|Lao PDR|Malaysia|Myanmar|The Philippines|Singapore|Thailand|Viet Nam"
        "|Afghanistan|Bangladesh|Bhutan|India|Sri Lanka|Maldives|Nepal|Pakistan|Timor-Leste|Japan".split("|"),
        strict=True,
    )
)
JAPANESE_NAMES = dict(
    zip(
        [*ASEAN, *SAARC, "TL", "JP"],
        "ブルネイ|カンボジア|インドネシア|ラオス|マレーシア|ミャンマー|フィリピン|シンガポール|タイ王国|ベトナム"
        "|アフガニスタン|バングラデシュ|ブータン|インド|スリランカ|モルディブ|ネパール|パキスタン|東ティモール|日本".split(
            "|"
        ),
        strict=True,
    )
)
ROLES = {"participant": ("Participant", "参加者"), "supervisor": ("Supervisor", "引率者"), "leader": ("Leader", "団長")}
TOWNS = {"Tokyo": "東京都", "Chiba": "千葉県", "Miyagi": "宮城県", "Nagasaki": "長崎県", "": ""}


@dataclass(frozen=True)
class Person:
    """What a list should be read as."""

    number: int
    family: str
    given: str
    native: str
    country: str
    programme: str
    year: int | None
    batch: int | None
    part: str
    theme: str
    role: str
    from_on: str
    to_on: str
    institution: str
    host: str
    born_on: str
    email: str


@cache
def cohorts():
    """The cohorts of the catalogue that have a page of their own, by id."""
    found = YAML(typ="safe").load(CATALOGUE)["cohorts"]
    return {cohort["id"]: cohort for cohort in found}


def composition(cohort):
    """How many came from each country: as published, or the total in even parts."""
    countries = dict(cohort.get("countries") or {})
    if not countries:
        outbound = cohort.get("direction") == "outbound"
        countries = dict.fromkeys(["JP"] if outbound else SAARC if cohort.get("country_count") == 8 else ASEAN)
    total = cohort.get("total") or 10 * len(countries)
    total = total["value"] if isinstance(total, dict) else total
    return {country: many or total // len(countries) for country, many in countries.items()}


def latin(text):
    """As a passport has it."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def people_of(name):
    """Everybody of a cohort; the same on every run."""
    cohort = cohorts()[name]
    rng = random.Random(name)
    groups = cohort.get("groups") or {}
    people = []
    for country, many in composition(cohort).items():
        part = next((letter for letter, group in groups.items() if country in group.get("countries", ())), "")
        for place in range(many):
            letter = part or (rng.choice(sorted(groups)) if groups else "")
            host = next(iter(groups.get(letter, {}).get("prefectures", ())), "")
            role = "leader" if place == 0 else "supervisor" if place == 1 and many > 10 else "participant"
            people.append(person(rng, cohort, country, (len(people) + 1, letter, host, role)))
    return people


def person(rng, cohort, country, rest):
    number, letter, host, role = rest
    own, romanised = invent_name(rng, country)
    words = latin(romanised or own).split()
    at = 1 if country in FAMILY_FIRST else -1
    family, given = (words[:at], words[at:]) if at == 1 else (words[at:], words[:at])
    since = cohort.get("from", "")
    year = (int(since[:4]) - (int(since[5:7]) < 4)) if since else None
    address = fold("".join(words)).encode("ascii", "ignore").decode()
    return Person(
        number=number,
        family=" ".join(family).upper(),
        given=" ".join(given),
        native=own,
        country=country,
        programme=cohort["programme"].upper(),
        year=year,
        batch=cohort.get("batch"),
        part=letter,
        theme=cohort.get("theme", ""),
        role=role,
        from_on=since,
        to_on=cohort.get("to", ""),
        institution=f"University of {ENGLISH_NAMES[country]}",
        host=host,
        born_on=f"{rng.randint(1990, 2000)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        email=f"{address}{number}@example.org",
    )


def day(iso, language, dirt):
    """A date as a list in this language has it."""
    if len(iso) < 10:
        return iso
    year, month, number = iso.split("-")
    if language == "ja":
        return f"{year}年{int(month)}月{int(number)}日"
    return f"{number}/{month}/{year}" if dirt else iso


def wide(text):
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)


HEADINGS = {
    "en": "Participant No.|Family Name|Given Name|Name in native script|Country|Programme|Fiscal Year|Batch|Group|"
    "Theme|Role|Date of Arrival|Date of Departure|University|Prefecture|Date of birth|E-mail|T-shirt size",
    "ja": "番号|姓（ローマ字）|名（ローマ字）|氏名（現地語）|国名|事業名|年度|回|グループ|テーマ|役割|来日日|帰国日|"
    "所属|受入先|生年月日|メールアドレス|服のサイズ",
}


def cells(one, language, dirt):
    en = language == "en"
    year, batch = str(one.year or ""), str(one.batch or "")
    if not en:
        year = f"平成{one.year - 1988}年度" if one.year and one.year < 2019 else year
        batch = f"第{wide(batch)}回" if batch else ""
    elif dirt and batch:
        batch = f"{batch}th Batch"
    names = ENGLISH_NAMES if en else JAPANESE_NAMES
    return [
        str(one.number), one.family, one.given, one.native, names[one.country], one.programme, year, batch,
        f"Group {one.part}" if one.part and dirt and en else one.part, one.theme, ROLES[one.role][not en],
        day(one.from_on, language, dirt), day(one.to_on, language, dirt), one.institution,
        one.host if en else TOWNS[one.host], day(one.born_on, language, dirt), one.email, "M",
    ]  # fmt: skip


def table(name, language="en", *, dirt=False):
    """The rows of a list, headings first; with dirt also what stands above, between and below them."""
    headings = HEADINGS[language].split("|")
    rows = [cells(one, language, dirt) for one in people_of(name)]
    if not dirt:
        return [headings, *rows]
    title = cohorts()[name]["title"]
    rows[2][2] += " (withdrawn)" if language == "en" else "（辞退）"
    rows[3][1] = f"\u00a0{rows[3][1]}\u3000 "
    again = list(rows[0])
    again[1], again[2] = again[1].title(), again[2].upper()
    total = f"Total {len(rows)}" if language == "en" else f"合計　{len(rows)}名"
    footer = [[""], [total], ["以上" if language == "ja" else "* as of the day of departure"]]
    return [[title], [""], headings, *rows[:5], [""], headings, *rows[5:], again, *footer]


def encodable(text, encoding):
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def in_encoding(cell, encoding):
    for space in "\u00a0\u3000":
        if not encodable(space, encoding):
            cell = cell.replace(space, " ")
    return cell if encodable(cell, encoding) else ""


def csv_bytes(rows, encoding="utf-8", separator=",", *, mark=b""):
    """The rows as a CSV; a cell that the encoding does not have is empty, as officers leave it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerows([in_encoding(cell, encoding) for cell in row] for row in rows)
    return mark + written.getvalue().encode(encoding)


def xlsx_file(path, rows, *, sheet="List"):
    """The rows as a workbook: titles merged, numbers as numbers, days as days."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        as_day = book.add_format({"num_format": "d mmm yyyy"})
        for at, row in enumerate(rows):
            if len(row) == 1 and row[0] and at == 0:
                page.merge_range(at, 0, at, 6, row[0])
                continue
            for place, cell in enumerate(row):
                write_cell(page, (at, place), cell, as_day)
    return path


def write_cell(page, place, cell, as_day):
    try:
        page.write_datetime(*place, datetime.date.fromisoformat(cell), as_day)
    except ValueError:
        page.write(*place, int(cell) if cell.isascii() and cell.isdigit() else cell)


def awards(headings, *rows, orders=None):
    """The rows below these headings as they are read; cells are divided by bars."""
    names = tuple(headings.split("|"))
    numbered = list(enumerate([list(names), *[row.split("|") for row in rows]], 1))
    layout = Layout(1, names, guess_columns(names, {}))
    return list(read_awards(numbered, replace(layout, date_orders=orders or date_orders(numbered, layout))))


def award(headings, row, **options):
    (found,) = awards(headings, row, **options)
    return found
