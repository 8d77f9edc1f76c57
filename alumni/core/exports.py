"""Tables on their way out: CSV that spreadsheets open as it is, and XLSX. No cell of ours is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain

import xlsxwriter

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of a formula


def write_table(form: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The rows below their headings, as one of MEDIA_TYPES."""
    return _xlsx(headings, rows) if form == XLSX else _csv(headings, rows)


def harmless(value: object) -> str:
    """A cell of a CSV file: an apostrophe stands before what a spreadsheet would run."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RUNS) else text


def _csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(map(harmless, headings))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig", "replace")


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, cells in enumerate(chain([headings], rows)):
            for place, cell in enumerate(cells):
                sheet.write_string(at, place, "" if cell is None else str(cell))  # a string, whatever it looks like
    return written.getvalue()
