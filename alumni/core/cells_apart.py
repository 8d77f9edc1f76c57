"""The program that reads a table, alone in its process: a file on standard input, its rows on standard output.

It imports nothing of ours and is given no setting and no key. Whatever the file does, the limits below end it. What it
found, or why it refuses, goes to standard error as JSON; a row is its number and its cells with tabs between them.
"""

import codecs
import csv
import datetime
import io
import json
import mmap
import os
import re
import resource
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TextIO

import python_calamine

MEGA = 1024 * 1024
MOST_BYTES = 50 * MEGA
MOST_ROWS = 100_000
MORE_ROWS = 100  # titles, headings and footers
MOST_LINES = 1_000_000  # blank ones included
MOST_COLUMNS = 100
MOST_CELLS = 16_384  # of a row, blank ones included: what spreadsheets have
LONGEST_CELL = 10_000  # characters
LONGEST_LINE = MOST_COLUMNS * LONGEST_CELL
MOST_WRITTEN = 200 * MEGA
LEAST_MEMORY = 80 * MEGA  # bytes of address space: the interpreter, its libraries, and less than 64 MB
MOST_MEMORY = 512 * MEGA
LEAST_SECONDS = 2  # of the processor
MOST_SECONDS = 30
PARTS_OF_WORKBOOK = 2_000
MOST_DIRECTORY = MEGA
MOST_UNPACKED = 160 * MEGA
MOST_RATIO = 100  # of a part larger than a megabyte; what people make has 5 to 25
MOST_TAGS = 12_000_000  # in a part: two million cells have eight
SAMPLE = 256 * 1024
BEFORE = 4096  # bytes of a part in which the place of a formula stands before it

SEPARATORS = (",", ";", "\t", "|")
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# How other files begin, whatever their names say.
OTHERS = re.compile(
    rb"%PDF|\x89PNG|GIF8|\xff\xd8\xff|\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x7fELF|II\*\0|MM\0\*|RIFF|SQLite"
    rb"|(?:\xef\xbb\xbf)?\s*(?:\{\\rtf|<(?:\?xml|!doctype|html|table))",
    re.IGNORECASE,
)
BINARY = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
UNEVEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff\ufffe\uffff]"
)

# A formula in a part of a workbook, and the cell that it stands in.
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
PLACE = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*\s)?r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")

JAPANESE = re.compile("[\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e]{2,}")
LATIN = re.compile("(?<=[A-Za-z])[À-ÖØ-öø-ÿŒœŠšŸŽž]{1,2}|[À-ÖØ-öø-ÿŒœŠšŸŽž]{1,2}(?=[A-Za-z])|[’“”–—€ºª°·«»¿¡]")
OF_LANGUAGE = {
    "ja": ("cp932", JAPANESE),
    "th": ("cp874", re.compile("[\u0e01-\u0e5b]{2,}")),
    "zh": ("gb18030", re.compile("[\u4e00-\u9fff]{2,}")),
    "ko": ("cp949", re.compile("[\uac00-\ud7a3]{2,}")),
    "ru": ("windows-1251", re.compile("[А-яЁё]{2,}")),
    "mn": ("windows-1251", re.compile("[А-яЁёӨөҮү]{2,}")),
}


class Refused(Exception):
    """Why, as a code of `core.sheets`, with facts for its sentence."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


def limit_this_process(memory: int = 0, seconds: int = 0) -> None:
    """Only so much memory and time: little at first, more for what was found to be large and honest."""
    for limit, most, ever in (
        (resource.RLIMIT_AS, min(LEAST_MEMORY + memory, MOST_MEMORY), MOST_MEMORY),
        (resource.RLIMIT_CPU, min(LEAST_SECONDS + seconds, MOST_SECONDS), MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (most, ever))


def read_table(source: BinaryIO, target: TextIO, asked: dict[str, str]) -> dict[str, object]:
    """Writes the rows, and says what was found."""
    size = os.fstat(source.fileno()).st_size
    if size > MOST_BYTES:
        raise Refused("sheet-bytes", most=MOST_BYTES // MEGA)
    limit_this_process(size, size // (5 * MEGA))  # the file is mapped into memory
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] == b"PK\x03\x04":
            unpacked = _unpacked(source, data)
            limit_this_process(size + 3 * unpacked, unpacked // (5 * MEGA))
            return _read_workbook(source, target, asked)
        if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise Refused(_kind_of_container(data))
        if OTHERS.match(data[:512]):
            raise Refused("sheet-not-a-table")
        encoding = asked["encoding"] or _find_encoding(data, asked["language"])
        separator = _find_separator(data[:SAMPLE].decode(encoding, "replace").removeprefix("\ufeff"))
    found = {"kind": "csv", "encoding": encoding, "separator": separator, "sheet_name": "", "sheet_names": []}
    text = io.TextIOWrapper(source, encoding=encoding, newline="")
    return found | _write_rows(enumerate(_records(text, separator), 1), target)


def _find_encoding(data: mmap.mmap, language: str) -> str:
    """By evidence: a mark, then what decodes strictly, then what reads like text, then who sent it."""
    head = data[:SAMPLE]
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _with_zeros(head)
    if _decodes(data, "utf-8"):
        return "utf-8"
    sample = _telling(data)
    expected = OF_LANGUAGE.get(language.partition("-")[0], ("windows-1252", LATIN))
    scores = {
        encoding: _share(pattern, sample.decode(encoding, "replace"))
        for encoding, pattern in {("cp932", JAPANESE), ("windows-1252", LATIN), expected}
        if _decodes(data, encoding)
    }
    if not scores:
        raise Refused("sheet-encoding")
    return max(scores, key=lambda encoding: scores[encoding] + 0.1 * (encoding == expected[0]))


def _with_zeros(head: bytes) -> str:
    """UTF-16 without a mark: half of every Latin letter, digit and separator is a zero, always the same half."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 5 * even:
        return "utf-16-le"
    if even > 5 * odd:
        return "utf-16-be"
    raise Refused("sheet-not-a-table")


def _decodes(data: mmap.mmap, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(data), MEGA):
            decoder.decode(data[at : at + MEGA], at + MEGA >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _telling(data: mmap.mmap) -> bytes:
    """The first part of the file with a letter beyond ASCII."""
    for at in range(0, len(data), SAMPLE):
        if not (part := data[at : at + SAMPLE]).isascii():
            return part
    return b""


def _share(pattern: re.Pattern[str], text: str) -> float:
    """How much of what is not ASCII reads as text of these letters."""
    beyond = sum(not char.isascii() for char in text)
    return sum(len(found) for found in pattern.findall(text)) / max(beyond, 1)


def _find_separator(sample: str) -> str:
    """What cuts most rows into the same number of cells, and into many."""
    lines = sample.splitlines()[:200]
    if lines and (said := re.fullmatch("sep=(.)", lines[0], re.IGNORECASE)):
        return said[1]
    if len(BINARY.findall(sample)) > len(sample) // 1000:
        raise Refused("sheet-not-a-table")

    def evenness(separator: str) -> float:
        widths = Counter(line.count(separator) for line in lines if line.strip())
        return max((width * many for width, many in widths.items()), default=0)

    return max(SEPARATORS, key=evenness)


def _records(text: TextIO, separator: str) -> Iterator[list[str]]:
    """The rows of a CSV, never holding more than a row may have."""
    since = 0
    record = 0

    def lines() -> Iterator[str]:
        nonlocal since
        for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE), "")):
            if number == 0:
                line = line.removeprefix("\ufeff")  # noqa: PLW2901
                if line.strip().lower() == f"sep={separator}":
                    line = "\n"  # noqa: PLW2901
            if "\0" in line:
                raise Refused("sheet-not-a-table")
            since += len(line)
            if since >= LONGEST_LINE:
                raise Refused("sheet-line", row=record + 1)
            if number > MOST_LINES:
                raise Refused("sheet-rows", most=MOST_ROWS)
            yield line

    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(lines(), delimiter=separator)
    try:
        for record, cells in enumerate(rows, 1):  # noqa: B007
            since = 0
            yield cells
    except csv.Error as error:
        raise Refused("sheet-cell", most=LONGEST_CELL, row=record + 1) from error
    except UnicodeDecodeError as error:
        raise Refused("sheet-encoding") from error


# Workbooks


def _kind_of_container(data: mmap.mmap) -> str:
    """What an OLE file holds: its directory has the names of its streams in UTF-16."""
    if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
        return "sheet-password"
    is_book = data.find("Workbook\0".encode("utf-16-le")) >= 0 or data.find("Book\0".encode("utf-16-le")) >= 0
    return "sheet-old-workbook" if is_book else "sheet-not-a-table"


def _unpacked(source: BinaryIO, data: mmap.mmap) -> int:
    """How many bytes the parts of a workbook are, by the directory and then by unpacking them piece by piece."""
    parts = _directory(source, data)
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Refused("sheet-old-workbook")
    if not any(name.startswith("xl/") and name.endswith(".xml") for name in names):
        raise Refused("sheet-not-a-table")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("sheet-password")
    whole = sum(part.file_size for part in parts)
    is_far = any(part.file_size > max(MEGA, MOST_RATIO * part.compress_size) for part in parts)
    if is_far or whole > MOST_UNPACKED or len(parts) > PARTS_OF_WORKBOOK:
        raise Refused("sheet-bomb", most=MOST_UNPACKED // MEGA)
    for part in parts:
        _check_part(data, part)
    return whole


def _directory(source: BinaryIO, data: mmap.mmap) -> list[zipfile.ZipInfo]:
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end < 0 or end + 22 > len(data):
        raise Refused("sheet-unreadable")
    size = struct.unpack_from("<I", data, end + 12)[0]
    if size > MOST_DIRECTORY or data[end - 20 : end - 16] == b"PK\x06\x07":  # or the larger format, for gigabytes
        raise Refused("sheet-bomb", most=MOST_UNPACKED // MEGA)
    try:
        with zipfile.ZipFile(source) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Refused("sheet-unreadable") from error


def _check_part(data: mmap.mmap, part: zipfile.ZipInfo) -> None:
    """That a part is as large as the directory says, has no more tags than a roster can, and calculates nothing."""
    name, extra = struct.unpack_from("<HH", data, part.header_offset + 26)
    start = part.header_offset + 30 + name + extra
    if part.compress_type == zipfile.ZIP_STORED and part.file_size == part.compress_size:
        _refuse_formula(part.filename, data[start : start + part.file_size])
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("sheet-unreadable")
    unpacker, size, tags = zlib.decompressobj(-15), 0, 0
    tail = b""
    for at in range(start, start + part.compress_size, 65536):
        rest = data[at : min(at + 65536, start + part.compress_size)]
        while rest:
            piece = unpacker.decompress(rest, MEGA)
            rest = unpacker.unconsumed_tail
            size += len(piece)
            tags += piece.count(b"<")
            if size > part.file_size or tags > MOST_TAGS:
                raise Refused("sheet-bomb", most=MOST_UNPACKED // MEGA)
            _refuse_formula(part.filename, tail + piece)
            tail = piece[-BEFORE:]
    if size != part.file_size or not unpacker.eof:
        raise Refused("sheet-unreadable")


def _refuse_formula(name: str, text: bytes) -> None:
    """Of a piece of a sheet. Most have none, and to look for two letters first is ten times as fast."""
    if not name.startswith("xl/worksheets/") or (b"<f" not in text and b":f" not in text):
        return
    if formula := FORMULA.search(text):
        places = PLACE.findall(text, 0, formula.start()) or [(b"?", b"?")]
        raise Refused("sheet-formula", column=places[-1][0].decode(), row=places[-1][1].decode())


def _read_workbook(source: BinaryIO, target: TextIO, asked: dict[str, str]) -> dict[str, object]:
    """The sheet that was asked for, or the first one with anything in it."""
    source.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(source)
    except python_calamine.PasswordError as error:
        raise Refused("sheet-password") from error
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    if asked["sheet_name"] and asked["sheet_name"] not in names:
        raise Refused("sheet-missing", sheet_name=asked["sheet_name"])
    for name in [asked["sheet_name"]] if asked["sheet_name"] else names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        found = {"kind": "xlsx", "encoding": "", "separator": "", "sheet_name": name, "sheet_names": names}
        return found | _write_rows(_rows_of(sheet, sheet.start[1]), target)
    raise Refused("sheet-empty")


def _rows_of(sheet: python_calamine.CalamineSheet, left: int) -> Iterator[tuple[int, list[str]]]:
    """Rows by their numbers; what spans several of them, a country beside its people, stands in each."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, beside) in sheet.merged_cell_ranges or []:
        if last > first and beside == column:
            spans.setdefault(first, []).append((column - left, last))
    lasting: dict[int, tuple[int, str]] = {}
    for row, values in enumerate(sheet.iter_rows()):  # from the top, though not from the left
        cells = [_text(value) for value in values]
        for column, last in spans.get(row, ()):
            lasting[column] = (last, cells[column])
        for column, (last, text) in lasting.items():
            if row <= last:
                cells[column] = text
        yield row + 1, cells


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value)


# Rows


def _write_rows(rows: Iterable[tuple[int, list[str]]], target: TextIO) -> dict[str, object]:
    """Every row that is not blank, its cells single lines without anything unseen."""
    written, widest = 0, 0
    for number, cells in rows:
        line = _line(cells) if len(cells) <= MOST_CELLS else "\t" * MOST_CELLS
        if not line:
            continue
        width = line.count("\t") + 1
        if width > MOST_COLUMNS:
            raise Refused("sheet-columns", most=MOST_COLUMNS, row=number)
        if len(line) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
            raise Refused("sheet-cell", most=LONGEST_CELL, row=number)
        written += 1
        if written > MOST_ROWS + MORE_ROWS:
            raise Refused("sheet-rows", most=MOST_ROWS)
        widest = max(widest, width)
        target.write(f"{number}\t{line}\n")
    if not written:
        raise Refused("sheet-empty")
    return {"rows": written, "widest": widest}


def _line(cells: list[str]) -> str:
    line = "\t".join(cells)
    if line.count("\t") != len(cells) - 1 or not _is_clean(line):
        line = "\t".join([_clean(cell) for cell in cells])
    return line.rstrip("\t")


def _is_clean(line: str) -> bool:
    """Most rows are: asked of a whole row, so that its cells need not be."""
    if "  " in line or " \t" in line or "\t " in line or line[:1] == " " or line[-1:] == " ":
        return False
    return not UNEVEN.search(line) and unicodedata.is_normalized("NFC", line)


def _clean(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", UNWANTED.sub("", cell)).split())


def main() -> int:
    limit_this_process()
    target = open(1, "w", encoding="utf-8", newline="\n", buffering=MEGA, closefd=False)  # noqa: SIM115
    try:
        found = read_table(open(0, "rb", closefd=False), target, json.loads(sys.argv[1]))  # noqa: SIM115
        target.flush()
    except Refused as refused:
        found = {"reason": refused.reason, **refused.facts}
    except BaseException:  # whatever a reader says of a hostile file, it is no table
        found = {"reason": "sheet-unreadable"}
    print(f"\n{json.dumps(found)}", file=sys.stderr)
    return 2 if "reason" in found else 0


if __name__ == "__main__":
    sys.exit(main())
