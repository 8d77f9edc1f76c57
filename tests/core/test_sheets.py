"""Files become rows, in a process of its own; what is no table, or a trap, is refused with its reason."""

import io
import os
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image

from alumni.core import cells_apart, sheets
from alumni.core.sheets import SheetRefused, read_sheet, rows_of
from tests.imports.lists import csv_bytes, table, xlsx_file

CLEAN = table("jenesys2015-mekong5")
JAPANESE = table("jenesys2015-mekong5", "ja")
ACCENTS = [["Name", "Country"], *[[f"José Núñez Gonçalves {n}", "Brasil"] for n in range(9)], ["Zoë Müller", "Perú"]]


@pytest.fixture
def read(tmp_path):
    """Reads the bytes of a file: what was found, and its rows."""

    def reading(data, **asked):
        source, target = tmp_path / "list", tmp_path / "rows"
        source.write_bytes(data)
        sheet = read_sheet(source, target, **asked)
        return sheet, list(rows_of(target))

    return reading


@pytest.fixture
def refusal(read):
    def reason(data, **asked):
        with pytest.raises(SheetRefused) as caught:
            read(data, **asked)
        return caught.value.reason

    return reason


def without_blanks(rows, encoding="utf-8"):
    """What should come out: numbers, and cells as far as the last that is not empty."""
    kept = []
    for number, row in enumerate(rows, 1):
        cells = [cell if cell.encode(encoding, "ignore").decode(encoding) == cell else "" for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            kept.append((number, cells))
    return kept


# Text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("rows", "encoding", "mark", "found"),
    [
        (CLEAN, "utf-8", b"", "utf-8"),
        (CLEAN, "utf-8", b"\xef\xbb\xbf", "utf-8"),
        (JAPANESE, "utf-16-le", b"\xff\xfe", "utf-16-le"),
        (JAPANESE, "utf-16-be", b"\xfe\xff", "utf-16-be"),
        (CLEAN, "utf-16-le", b"", "utf-16-le"),
        (JAPANESE, "utf-16-be", b"", "utf-16-be"),
        (JAPANESE, "cp932", b"", "cp932"),
        (ACCENTS, "windows-1252", b"", "windows-1252"),
        (ACCENTS, "latin-1", b"", "windows-1252"),  # which has the same letters
    ],
)
def test_every_encoding_and_separator_gives_the_same_rows(read, rows, encoding, mark, found, separator):
    sheet, back = read(csv_bytes(rows, encoding, separator, mark=mark))
    assert back == without_blanks(rows, encoding)
    assert (sheet.kind, sheet.encoding, sheet.separator) == ("csv", found, separator)
    assert (sheet.rows, sheet.widest) == (len(back), max(len(cells) for _, cells in back))


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        ("ชื่อ,ประเทศ\nสมชาย ใจดี,ไทย\n", "cp874", "th"),
        ("이름,국가\n김민수,대한민국\n", "cp949", "ko"),
        ("姓名,国家\n张伟,中国\n刘丽华,中国\n", "gb18030", "zh-Hans"),
        ("Имя,Страна\nИванов,Россия\n", "windows-1251", "ru"),
        ("名,国\n林,タイ\n", "cp932", "ja"),
    ],
)
def test_the_language_of_the_uploader_decides_where_bytes_do_not(read, text, encoding, language):
    sheet, rows = read(text.encode(encoding), language=language)
    assert sheet.encoding == encoding
    assert rows == [(n, line.split(",")) for n, line in enumerate(text.strip().split("\n"), 1)]


def test_the_officer_may_say_another_encoding(read, refusal):
    data = "Name;Ort\nMüller;Köln\n".encode("cp1252")
    assert read(data)[0].encoding == "windows-1252"
    assert read(data, encoding="latin-1")[1][1] == (2, ["Müller", "Köln"])
    assert refusal(data, encoding="utf-8") == "sheet-encoding"
    assert refusal(data, encoding="rot13") == "sheet-encoding"


def test_cells_are_single_clean_lines(read):
    data = (
        ' a\u00a0 b ,"two\nlines","tab\there",\u3000,x\u202ey,\u0065\u0301\r\n\r\n,,\r\n"say ""yes""",=1+1,@x,-3,+4\r\n'
    )
    _, rows = read(data.encode())
    assert rows[0] == (1, ["a b", "two lines", "tab here", "", "xy", "é"])
    assert rows[1] == (4, ['say "yes"', "=1+1", "@x", "-3", "+4"])  # text, and harmless where it is written again


def test_the_line_by_which_excel_names_a_separator_is_no_row(read):
    sheet, rows = read(b"sep=;\r\na,b;c\r\n1;2\r\n")
    assert (sheet.separator, rows) == (";", [(2, ["a,b", "c"]), (3, ["1", "2"])])


def test_a_list_of_one_column_is_a_table(read):
    assert read(b"Name\nSOK Dara\n")[1] == [(1, ["Name"]), (2, ["SOK Dara"])]


# Workbooks


def test_a_workbook_gives_the_rows_that_a_csv_gives(read, tmp_path):
    xlsx = xlsx_file(tmp_path / "list.xlsx", CLEAN).read_bytes()
    sheet, rows = read(xlsx)
    assert rows == without_blanks(CLEAN)
    assert (sheet.kind, sheet.encoding, sheet.sheet_name, sheet.sheet_names) == ("xlsx", "", "List", ("List",))


def book(**write):
    """A workbook of the sheets that are written by these functions."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as made:
        for name, fill in write.items():
            fill(made.add_worksheet(name), made)
    return data.getvalue()


def test_titles_blank_rows_and_cells_that_span_rows(read):
    def fill(page, made):
        page.merge_range("B2:F2", "JENESYS2015")
        page.write_row("B5", ["Name", "Country", "Number", "Late", "Share"])
        page.merge_range("C6:C7", "Lao PDR")
        for row in (5, 6):
            page.write_row(row, 1, [f"P {row}"])
            page.write(row, 3, 7)
            page.write(row, 4, True)
            page.write(row, 5, 0.5)
        page.write_string("B8", "Total")

    assert read(book(List=fill))[1] == [
        (2, ["JENESYS2015"]),
        (5, ["Name", "Country", "Number", "Late", "Share"]),
        (6, ["P 5", "Lao PDR", "7", "TRUE", "0.5"]),
        (7, ["P 6", "Lao PDR", "7", "TRUE", "0.5"]),
        (8, ["Total"]),
    ]


def sheet_with_formula(row, column):
    def fill(page, made):
        page.write_row(0, 0, ["Name", "Sum"])
        for at in range(1, 3000):
            page.write_row(at, 0, [f"SOK {at}", "Faculty of letters and of fine arts"])
        page.write_formula(row, column, '=HYPERLINK("http://x","y")', None, "y")
        page.conditional_format("A1:A9", {"type": "formula", "criteria": "=A1>1"})  # colours nothing but the screen

    return fill


@pytest.mark.parametrize(("row", "column", "place"), [(1, 1, ("B", "2")), (2900, 27, ("AB", "2901"))])
def test_a_formula_refuses_the_workbook_and_says_where(read, row, column, place):
    """What it shows depends on cells that may not come along, so nobody should rely on it."""
    with pytest.raises(SheetRefused) as caught:
        read(book(List=sheet_with_formula(row, column)))
    assert (caught.value.reason, caught.value.facts) == ("sheet-formula", {"column": place[0], "row": place[1]})


def test_a_formula_on_any_sheet_and_the_letter_alone(read, refusal):
    def list_of_f(page, made):
        page.write_row(0, 0, ["Name", "f", "<f>", "x:f"])
        page.write_string(1, 0, "=1+1")  # text, as somebody typed it

    assert read(book(List=list_of_f))[1][1] == (2, ["=1+1"])
    assert refusal(book(List=list_of_f, Sums=sheet_with_formula(1, 1))) == "sheet-formula"


def test_the_first_sheet_with_anything_or_the_one_that_is_named(read, refusal):
    def hidden(page, made):
        page.write(0, 0, "secret")
        page.hide()

    data = book(
        Front=lambda page, made: page.activate(),
        Draft=hidden,
        One=lambda page, made: page.write(0, 0, "first"),
        Two=lambda page, made: page.write(0, 0, "second"),
    )
    sheet, rows = read(data)
    assert (sheet.sheet_name, sheet.sheet_names, rows) == ("One", ("Front", "One", "Two"), [(1, ["first"])])
    assert read(data, sheet_name="Two")[1] == [(1, ["second"])]
    assert refusal(data, sheet_name="Draft") == "sheet-missing"
    assert refusal(data, sheet_name="Front") == "sheet-empty"


# What is refused


def picture():
    data = io.BytesIO()
    Image.new("RGB", (64, 64)).save(data, "PNG")
    return data.getvalue()


def zipped(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def container(stream):
    """The beginning of an OLE file with one stream in its directory."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + stream.encode("utf-16-le").ljust(64, b"\0") + bytes(448)


NO_TABLES = {
    "pdf": (b"%PDF-1.7\nName,Country\nSOK,KH\n", "sheet-not-a-table"),
    "picture": (picture(), "sheet-not-a-table"),
    "page": (b"\xef\xbb\xbf <!DOCTYPE html><table><tr><td>SOK</table>", "sheet-not-a-table"),
    "rtf": (b"{\\rtf1 Name,Country}", "sheet-not-a-table"),
    "gzip": (zlib.compress(b"x" * 99, wbits=31), "sheet-not-a-table"),
    "zip of something": (zipped(readme="Hello"), "sheet-not-a-table"),
    "letter": (zipped(word__document__xml="<w/>"), "sheet-not-a-table"),
    "zeros": (bytes(5000), "sheet-not-a-table"),
    "zeros inside": (b"Name,Country\nSOK\0,KH\n" * 5, "sheet-not-a-table"),
    "zeros far inside": (b"Name,Country\n" * 30_000 + b"SOK\0,KH\n", "sheet-not-a-table"),
    "noise": (bytes(range(1, 32)) * 50, "sheet-not-a-table"),
    "other container": (container("WordDocument"), "sheet-not-a-table"),
    "xls": (container("Workbook"), "sheet-old-workbook"),
    "very old xls": (container("Book"), "sheet-old-workbook"),
    "binary workbook": (zipped(**{"xl__workbook.bin": "x"}), "sheet-old-workbook"),
    "open document": (zipped(**{"content.xml": "<x/>", "mimetype": "x"}), "sheet-old-workbook"),
    "password": (container("EncryptedPackage"), "sheet-password"),
    "nothing": (b"", "sheet-empty"),
    "blanks": (b" , ,\n\n,,\n", "sheet-empty"),
    "no encoding": (b"Name,\xff\xff\x81\n", "sheet-encoding"),
    "half a workbook": (b"PK\x03\x04" + bytes(300), "sheet-unreadable"),
    "workbook of nothing": (zipped(**{"xl__workbook.xml": "<x"}), "sheet-unreadable"),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_is_refused(refusal, name):
    data, reason = NO_TABLES[name]
    assert refusal(data) == reason


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_half_a_file(refusal, tmp_path, kind):
    if kind == "xlsx":
        whole = xlsx_file(tmp_path / "x.xlsx", CLEAN).read_bytes()
        assert refusal(whole[: len(whole) // 2]) == "sheet-unreadable"
    else:
        assert refusal(csv_bytes(CLEAN, "utf-16-le", mark=b"\xff\xfe")[:-1]) == "sheet-encoding"


def test_a_workbook_with_a_part_that_is_encrypted(refusal):
    data = bytearray(zipped(xl__workbook__xml="<x/>", **{"xl__workbook.xml": "<x/>"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)) == "sheet-password"


LIMITS = {
    "too many bytes": (b"a,b\n" * (13 * 1024 * 1024 + 200_000), "sheet-bytes"),
    "too many rows": (b"a,b\n" * 100_101, "sheet-rows"),
    "too many blank lines": (b"a,b\n" + b"\n" * 1_000_100 + b"a,b\n", "sheet-rows"),
    "too many columns": (b"," * 100 + b"x\n", "sheet-columns"),
    "too many blank columns": (b"," * 16_384 + b"\n", "sheet-columns"),
    "a long cell": (b"a,b\n" + b"x" * 10_001 + b",c\n", "sheet-cell"),
    "a quotation that never ends": (b'a,b\n"' + b"x,\n" * 9_000, "sheet-cell"),
    "a line of 50 MB": (b"a" * 50_000_000, "sheet-line"),
    "a line of 50 MB in quotation marks": (b'"a\n",' * 9_000_000, "sheet-line"),
    "a line of a million cells": (b"a," * 1_000_000, "sheet-line"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_more_than_a_roster_has_is_refused(refusal, name):
    data, reason = LIMITS[name]
    assert refusal(data) == reason


def test_what_is_just_allowed_is_read(read):
    rows = [["x" * 10_000], ["," * 9], [""] * 99 + ["y"], *[["a"]] * 99_998]
    sheet, _ = read(csv_bytes(rows))
    assert (sheet.rows, sheet.widest) == (100_001, 100)


# Traps


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SCHEMAS = "http://schemas.openxmlformats.org"
MAIN, PACKAGE = f"{SCHEMAS}/spreadsheetml/2006/main", f"{SCHEMAS}/package/2006"
OFFICE = f"{SCHEMAS}/officeDocument/2006/relationships"


def relation(kind, target):
    return (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/{kind}"'
        f' Target="{target}"/></Relationships>'
    )


def sheet_of(xml):
    """A workbook of one sheet, of which the XML is given."""
    types = f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    sheets_xml = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    return zipped(
        **{
            "[Content_Types].xml": HEAD + types,
            "_rels__.rels": relation("officeDocument", "xl/workbook.xml"),
            "xl__workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets_xml}</workbook>',
            "xl___rels__workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
            "xl__worksheets__sheet1.xml": f'<worksheet xmlns="{MAIN}">{xml}</worksheet>',
        }
    )


def cell(place, value):
    return f'<c r="{place}"><v>{value}</v></c>'


def rows_xml(*rows):
    return "<sheetData>" + "".join(f'<row r="{n}">{"".join(cells)}</row>' for n, cells in rows) + "</sheetData>"


def test_a_workbook_by_hand_is_read(read):
    assert read(sheet_of(rows_xml((3, [cell("B3", 1), cell("C3", 2)]))))[1] == [(3, ["1", "2"])]


def lying(data, size, name="xl/worksheets/sheet1.xml"):
    """The same archive, of which the directory says another size of a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
    changed = bytearray(data)
    struct.pack_into("<I", changed, local + 22, size)
    at = data.rfind(name.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", changed, at + 24, size)
    return bytes(changed)


def zeros(megabytes):
    """So many million zeros, packed: one million, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return million * megabytes + packer.flush()


def bomb(megabytes):
    """A workbook of half a megabyte with a sheet of many."""
    packed, name, size = zeros(megabytes), b"xl/worksheets/sheet1.xml", megabytes * 1_000_000
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0)
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    start = 30 + len(name) + len(packed)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), start, 0)
    return b"PK\x03\x04" + fields + name + packed + directory + end


def test_a_workbook_that_unpacks_to_500_megabytes_is_refused_by_its_directory(refusal):
    data = bomb(500)
    assert len(data) < 2_000_000
    assert refusal(data) == "sheet-bomb"


def test_a_directory_that_lies_is_found_out(refusal):
    data = bomb(500)
    assert refusal(lying(data, 1_000_000)) == "sheet-bomb"
    honest = sheet_of(rows_xml((1, [cell("A1", 1)])))
    assert refusal(lying(honest, 100_000)) == "sheet-unreadable"


def test_more_tags_than_a_roster_has_are_refused(refusal):
    noise = os.urandom(60_000).hex()
    xml = "<sheetData><row>" + (f"<c><v>{noise}</v></c>" + "<c/>" * 400_000) * 31
    assert refusal(sheet_of(xml + "</row></sheetData>")) == "sheet-bomb"


def test_many_parts_and_a_large_directory_are_refused(refusal):
    assert refusal(zipped(**{"xl__workbook.xml": "<x/>"}, **{f"p{n}": "" for n in range(2_000)})) == "sheet-bomb"
    assert refusal(zipped(**{"xl__workbook.xml": "<x/>"}, **{f"p{n}" * 40: "" for n in range(8_000)})) == "sheet-bomb"


@pytest.mark.parametrize(
    "xml",
    [
        rows_xml((1, [cell("A1", 1)]), (1_048_576, [cell("XFD1048576", 2)])),  # a grid of 17 thousand million cells
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><sheetData>&b;',
        "<sheetData><row><c><v>1",
    ],
    ids=["far corner", "entities", "cut off"],
)
def test_a_sheet_that_costs_too_much_or_is_broken_ends_at_a_limit(refusal, xml):
    assert refusal(sheet_of(xml)) == "sheet-unreadable"


def test_too_many_rows_of_a_workbook(refusal):
    rows = rows_xml(*((n, [cell(f"A{n}", n % 7)]) for n in range(1, 100_102)))
    assert refusal(sheet_of(rows)) == "sheet-rows"


# The process


def inside(code):
    """Runs a line in a process that is limited as the one that reads."""
    program = f"import runpy; runpy.run_path({cells_apart.__file__!r})['limit_this_process'](); {code}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True)


def test_the_process_that_reads_is_limited(tmp_path):
    told = inside("import resource as r; print([r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE)])")
    memory = (cells_apart.LEAST_MEMORY, cells_apart.MOST_MEMORY)
    seconds = (cells_apart.LEAST_SECONDS, cells_apart.MOST_SECONDS)
    assert told.stdout.strip() == str([memory, seconds, (0, 0)]), told.stderr
    assert "MemoryError" in inside(f"bytearray({cells_apart.LEAST_MEMORY})").stderr
    assert resource.getrlimit(resource.RLIMIT_AS)[1] != cells_apart.MOST_MEMORY  # and only that one


def test_it_is_ended_where_it_takes_too_long():
    assert inside("exec('while True: pass')").returncode < 0


def test_what_is_written_is_limited(tmp_path):
    most = cells_apart.MOST_WRITTEN
    program = f"import os; f = open({str(tmp_path / 'x')!r}, 'wb'); f.seek({most}); f.write(b'x'); f.flush()"
    assert "File too large" in inside(program).stderr


def test_it_knows_no_secret(monkeypatch, tmp_path, refusal):
    program = tmp_path / "told.py"
    program.write_text(
        "import json, os, sys\nsys.stderr.write(json.dumps({'reason': ','.join(sorted(os.environ))}))\nsys.exit(2)\n"
    )
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(sheets, "_PROGRAM", program)
    monkeypatch.setattr(sheets, "REASONS", {"", "LC_CTYPE"})
    assert refusal(b"x") in {"", "LC_CTYPE"}


def test_a_program_that_is_broken_is_not_the_fault_of_the_file(monkeypatch, tmp_path, read):
    program = tmp_path / "broken.py"
    program.write_text("import nothing_like_this\n")
    monkeypatch.setattr(sheets, "_PROGRAM", Path(program))
    with pytest.raises(RuntimeError, match="nothing_like_this"):
        read(b"x")


def test_limits_and_encodings_are_the_same_on_both_sides():
    names = ("MOST_BYTES", "MOST_ROWS", "MOST_COLUMNS", "LONGEST_CELL")
    assert [getattr(sheets, name) for name in names] == [getattr(cells_apart, name) for name in names]
    for encoding in sheets.ENCODINGS:
        assert "".encode(encoding) == b""
