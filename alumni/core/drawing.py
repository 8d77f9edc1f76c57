"""Draws a PDF from a description, in a process of its own: fonts of every script take a hundred megabytes.

`python -I drawing.py FOLDER_OF_FONTS < pages.json > paper.pdf`. Run by `core.papers`; imports nothing of the product.
Exits with 3, and the characters on stderr, where no font has them.
"""

import json
import sys
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

# Of the Noto family, as Debian's fonts-noto-core and fonts-noto-cjk lay them out. The first that has a letter draws it.
FONTS = (
    *(
        "NotoSans",
        "NotoSansThai",
        "NotoSansLao",
        "NotoSansKhmer",
        "NotoSansMyanmar",
        "NotoNaskhArabic",
        "NotoSansHebrew",
    ),
    *(
        "NotoSansDevanagari",
        "NotoSansBengali",
        "NotoSansTamil",
        "NotoSansSinhala",
        "NotoSansTibetan",
        "NotoSansEthiopic",
    ),
    *("NotoSansGeorgian", "NotoSansArmenian", "NotoSansMongolian", "NotoSansCJK"),
)
NO_FONT = 3
SMALLEST = 6  # points; below, a text breaks into lines


def draw(fonts: Path, paper: dict[str, Any]) -> bytes:
    """The file. Raises LookupError with the characters that no font has."""
    pdf = FPDF(orientation="landscape" if paper["is_wide"] else "portrait", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(paper["title"])
    pdf.set_lang(paper["language"])
    _load(pdf, fonts, {letter for page in paper["pages"] for item in page for letter in item.get("text", "")})
    for page in paper["pages"]:
        pdf.add_page()
        for item in page:
            _DRAW[item["kind"]](pdf, item)
    return bytes(pdf.output())


def _load(pdf: FPDF, folder: Path, letters: set[str]) -> None:
    wanted = {ord(letter) for letter in letters if letter.isprintable() and unicodedata.category(letter) != "Cf"} - {32}
    files = {path.stem.removesuffix("-Regular"): path for path in folder.rglob("Noto*-Regular.tt[fc]")}
    loaded: list[str] = []
    for name in FONTS:
        if name not in files or (loaded and not wanted):
            continue
        pdf.add_font(name, "", files[name])
        font = pdf.fonts[name.lower()]
        has = set(font.cmap) if isinstance(font, TTFFont) else set()
        if not loaded or has & wanted:
            loaded.append(name)
            wanted -= has
    if wanted or not loaded:
        raise LookupError("".join(map(chr, sorted(wanted))))
    pdf.set_font(loaded[0])
    pdf.set_fallback_fonts(loaded[1:], exact_match=False)
    pdf.set_text_shaping(True)


def _text(pdf: FPDF, item: dict[str, Any]) -> None:
    """One line, as large as fits; several where the smallest size does not."""
    size = item["size"]
    pdf.set_font_size(size)
    while size > SMALLEST and pdf.get_string_width(item["text"]) > item["width"] - 2:
        size -= 0.5
        pdf.set_font_size(size)
    pdf.set_text_color(item["grey"])
    pdf.set_xy(item["x"], item["y"])
    pdf.multi_cell(item["width"], size * 0.5, item["text"], align=item["align"])


def _square(pdf: FPDF, item: dict[str, Any]) -> None:
    """A QR code as dark rectangles."""
    code = segno.make_qr(item["text"], error="m")
    rows = list(code.matrix)
    dot = item["width"] / len(rows)
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            if is_dark:
                pdf.rect(item["x"] + across * dot, item["y"] + down * dot, dot * 1.02, dot * 1.02, style="F")


def _frame(pdf: FPDF, item: dict[str, Any]) -> None:
    pdf.set_draw_color(item["grey"])
    pdf.set_line_width(item["size"])
    pdf.rect(item["x"], item["y"], item["width"], item["height"])


_DRAW = {"text": _text, "square": _square, "frame": _frame}


def main() -> int:
    paper = json.loads(sys.stdin.buffer.read())
    try:
        sys.stdout.buffer.write(BytesIO(draw(Path(sys.argv[1]), paper)).getvalue())
    except LookupError as error:
        sys.stderr.buffer.write(str(error.args[0]).encode())
        return NO_FONT
    return 0


if __name__ == "__main__":
    sys.exit(main())
