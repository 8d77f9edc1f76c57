"""What comes in as a picture, and that nothing but pixels goes out. Each file is decoded as the product does it."""

import io
import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from alumni.core import pictures, squares
from alumni.core.errors import Invalid

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 160, 60), (30, 60, 200), (128, 128, 128)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
PLANTED = "Zwiebelturm"  # what must not come out again


def encoded(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def quarters(width=400, height=300):
    """Red, green / blue, grey: whatever is turned or mirrored shows it."""
    picture = Image.new("RGB", (width, height))
    for place, colour in enumerate((RED, GREEN, BLUE, GREY)):
        left, top = place % 2 * width // 2, place // 2 * height // 2
        picture.paste(colour, (left, top, left + width // 2, top + height // 2))
    return picture


def seen(file):
    return Image.open(io.BytesIO(file), formats=["WEBP"])


def corners(picture):
    """The colours of the four quarters, named."""
    size = picture.width
    names = {"red": RED, "green": GREEN, "blue": BLUE, "grey": GREY, "white": (255, 255, 255)}

    def name(x, y):
        colour = picture.convert("RGB").getpixel((x, y))
        return min(names, key=lambda key: sum(abs(a - b) for a, b in zip(names[key], colour, strict=True)))

    low, high = size // 4, 3 * size // 4
    return [name(low, low), name(high, low), name(low, high), name(high, high)]


def refusal(data):
    with pytest.raises(Invalid) as caught:
        pictures.derive(data)
    assert caught.value.field == "picture"
    return caught.value.problem


def with_everything(kind):
    """A picture with a place, a camera, a comment, a profile, a text and a thumbnail."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x0112] = f"of {PLANTED}", PLANTED, 1
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 22.0), 3: "E", 4: (139.0, 41.0, 30.0)})
    exif.get_ifd(0x8769)[0x9286] = f"ASCII\0\0\0{PLANTED}".encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif.tobytes(), "icc_profile": profile}
    if kind != "PNG":
        options["xmp"] = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{PLANTED}</a></x:xmpmeta>'.encode()
    if kind == "JPEG":
        options["comment"] = PLANTED.encode()
    if kind == "PNG":
        options["pnginfo"] = text = PngImagePlugin.PngInfo()
        text.add_text("Comment", PLANTED)
        text.add_itxt("XML:com.adobe.xmp", f"<a>{PLANTED}</a>", zip=True)
    return encoded(quarters(), kind, **options)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_becomes_three_squares(kind):
    made = pictures.derive(encoded(quarters(), kind))
    assert list(made) == [48, 128, 384]
    for size, file in made.items():
        picture = seen(file)
        assert (picture.size, picture.format) == ((size, size), "WEBP")
        assert corners(picture) == ["red", "green", "blue", "grey"]


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_of_where_it_comes_from_is_left_in_any_size(kind):
    source = with_everything(kind)
    opened = Image.open(io.BytesIO(source))
    assert opened.getexif().get_ifd(0x8825), "the place was in it"
    assert {"exif", "icc_profile"} <= set(opened.info)
    for size, file in pictures.derive(source).items():
        picture = seen(file)
        picture.load()
        assert not picture.getexif(), size
        assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & set(picture.info), size
        assert chunks(file) == [b"VP8 "], size  # pixels, and no other part
        assert PLANTED.encode() not in file, size


def chunks(webp):
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        length = struct.unpack_from("<I", webp, at + 4)[0]
        at += 8 + length + length % 2
    return names


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = encoded(quarters(300, 300), kind, exif=exif.tobytes())
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(source)))
    assert corners(seen(pictures.derive(source)[128])) == corners(upright)


def test_the_square_is_the_middle():
    wide = Image.new("RGB", (900, 300), "white")
    wide.paste(quarters(300, 300), (300, 0))
    tall = Image.new("RGB", (300, 1100), "white")
    tall.paste(quarters(300, 300), (0, 400))
    for source in (wide, tall):
        assert corners(seen(pictures.derive(encoded(source, "PNG"))[128])) == ["red", "green", "blue", "grey"]


@pytest.mark.parametrize(
    ("mode", "colour", "kind", "expected"),
    [
        ("L", 128, "PNG", GREY),
        ("LA", (0, 0), "PNG", (255, 255, 255)),  # what is transparent is white
        ("RGBA", (0, 0, 255, 0), "PNG", (255, 255, 255)),
        ("RGBA", (0, 0, 255, 0), "WEBP", (255, 255, 255)),
        ("RGBA", (0, 0, 0, 128), "PNG", (127, 127, 127)),
        ("P", 0, "PNG", (0, 0, 0)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("I;16", 32896, "PNG", GREY),
        ("CMYK", (0, 0, 0, 0), "JPEG", (255, 255, 255)),
    ],
)
def test_every_kind_of_colour(mode, colour, kind, expected):
    made = seen(pictures.derive(encoded(Image.new(mode, (90, 70), colour), kind))[48])
    found = made.convert("RGB").getpixel((24, 24))
    assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= 4


def test_a_palette_with_a_hole_is_on_white():
    picture = Image.new("P", (64, 64), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    made = seen(pictures.derive(encoded(picture, "PNG", transparency=0))[48])
    assert min(made.convert("RGB").getpixel((24, 24))) >= 250


def test_a_broken_profile_is_left_out():
    made = pictures.derive(encoded(quarters(), "JPEG", icc_profile=b"\0" * 200))
    assert corners(seen(made[48])) == ["red", "green", "blue", "grey"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_of_what_moves_the_first_picture_stays(kind):
    first, second = Image.new("RGB", (64, 64), RED), Image.new("RGB", (64, 64), BLUE)
    source = encoded(first, kind, save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(source)).n_frames == 2
    made = seen(pictures.derive(source)[48])
    assert made.n_frames == 1
    assert set(corners(made)) == {"red"}


@pytest.mark.parametrize("kind", FORMATS)
def test_half_a_file_is_refused(kind):
    picture = Image.effect_noise((600, 600), 90).convert("RGB")
    whole = encoded(picture, kind)
    assert refusal(whole[: len(whole) // 2]) == "picture-unreadable"


GIF = encoded(Image.new("P", (64, 64)), "GIF")
JPEG = encoded(quarters(), "JPEG")
NO_PICTURES = {
    "text": b"Hello",
    "zeros": bytes(5000),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": GIF,
    "gif that is a script": b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)",
    "moving gif": encoded(Image.new("P", (64, 64)), "GIF", save_all=True, append_images=[Image.new("P", (64, 64), 1)]),
    "bmp": encoded(quarters(), "BMP"),
    "tiff": encoded(quarters(), "TIFF"),
    "ico": encoded(quarters(64, 64), "ICO"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(/etc/passwd) run",
    "pdf before a jpeg": b"%PDF-1.7\n%" + JPEG,
    "html before a jpeg": b"<script>alert(1)</script>" + JPEG,
    "zip": b"PK\x03\x04" + bytes(64),
    "jpeg without a picture": b"\xff\xd8\xff\xe0" + bytes(64),
    "jpeg of markers": b"\xff\xd8" + b"\xff\xfe\x00\x02" * 100_000,
    "png without a picture": b"\x89PNG\r\n\x1a\n",
    "webp without a picture": b"RIFF\x24\0\0\0WEBPVP8 ",
    "heic without a picture": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "avif without a picture": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused(name):
    assert refusal(NO_PICTURES[name]) == "picture-unreadable"


@pytest.mark.parametrize("kind", FORMATS)
def test_what_stands_behind_a_picture_does_not_come_out(kind):
    source = encoded(quarters(), kind) + b"PK\x03\x04<script>alert('" + PLANTED.encode() + b"')</script>"
    for file in pictures.derive(source).values():
        assert b"script" not in file
        assert chunks(file) == [b"VP8 "]


def png(width, height, *parts):
    """A PNG by hand: its header says what it likes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(3_000_000))
    every = [(b"IHDR", head), *parts, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in every
    )


def jpeg_of(width, height, **options):
    """A small JPEG whose header says that it is large."""
    small = bytearray(encoded(quarters(64, 64), "JPEG", **options))
    frame = next(at for at in range(len(small)) if small[at] == 0xFF and small[at + 1] in (0xC0, 0xC2))
    small[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(small)


def webp_of(width, height):
    return b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(8)


BOMBS = {
    "png of 50,000 by 50,000": png(50_000, 50_000),
    "png that is very long": png(2_000_000_000, 64),
    "png a little too large": png(4_000, 3_001),
    "jpeg of 65,000 by 65,000": jpeg_of(65_000, 65_000),
    "jpeg of 9,000 by 9,000": jpeg_of(9_000, 9_000),
    "progressive jpeg of 6,000 by 6,000": jpeg_of(6_000, 6_000, progressive=True),
    "jpeg that is very long": jpeg_of(65_000, 600),
    "webp of 16,000 by 16,000": webp_of(16_000, 16_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_by_what_its_header_says(name):
    assert len(BOMBS[name]) < 10_000
    assert refusal(BOMBS[name]) == "picture-pixels"


def test_a_text_that_unpacks_to_a_hundred_megabytes_is_refused():
    text = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    assert refusal(png(64, 64, (b"zTXt", text))) == "picture-unreadable"


def test_texts_that_are_many_are_refused():
    text = b"Comment\0\0" + zlib.compress(bytes(900_000), 9)
    assert refusal(png(64, 64, *[(b"zTXt", text)] * 50)) == "picture-unreadable"


def test_a_thousand_scans_are_refused():
    """Each scan of a progressive JPEG goes over the whole picture, and costs the sender a few bytes."""
    whole = encoded(Image.new("RGB", (3_000, 3_000)), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    assert pictures.derive(whole)
    assert refusal(whole[:-2] + whole[last:-2] * 1000 + whole[-2:]) == "picture-unreadable"


def test_too_many_bytes_too_few_and_too_small():
    assert refusal(b"\xff\xd8\xff" + bytes(pictures.MOST_BYTES)) == "picture-bytes"
    assert refusal(b"") == "picture-none"
    assert refusal(encoded(Image.new("RGB", (47, 900)), "PNG")) == "picture-small"
    assert pictures.derive(encoded(Image.new("RGB", (48, 900)), "PNG"))


def test_a_photograph_of_a_good_camera_is_taken():
    source = encoded(Image.new("RGB", (8_000, 6_000), RED), "JPEG")
    assert set(corners(seen(pictures.derive(source)[384]))) == {"red"}


def inside(code):
    """Runs a line in a process that is limited as the one that decodes."""
    program = f"import runpy; runpy.run_path({squares.__file__!r})['limit_this_process'](); {code}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True)


def test_the_process_that_decodes_is_limited(tmp_path):
    kinds = "('RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_CORE')"
    told = inside(f"import resource as r; print([r.getrlimit(getattr(r, k))[1] for k in {kinds}])")
    assert told.stdout.strip() == str([squares.MOST_MEMORY, squares.MOST_SECONDS, 0, 0]), told.stderr
    assert "MemoryError" in inside("bytearray(600_000_000)").stderr
    inside(f"open({str(tmp_path / 'x')!r}, 'w').write('x')")
    assert not (tmp_path / "x").read_bytes()
    assert resource.getrlimit(resource.RLIMIT_AS)[1] != squares.MOST_MEMORY  # and only that one


def test_it_knows_no_secret(monkeypatch, tmp_path):
    """The program is started with an empty environment, so keys of ours are not in its memory."""
    program = tmp_path / "told.py"
    program.write_text("import os, sys\nprint(sorted(os.environ), end='')\nsys.exit(2)\n")
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(pictures, "_PROGRAM", program)
    monkeypatch.setattr(pictures, "PROBLEMS", {"[]", "['LC_CTYPE']"})
    assert refusal(b"x") in pictures.PROBLEMS


def test_a_program_that_is_broken_is_not_the_fault_of_the_picture(monkeypatch, tmp_path):
    program = tmp_path / "broken.py"
    program.write_text("import nothing_like_this\n")
    monkeypatch.setattr(pictures, "_PROGRAM", Path(program))
    with pytest.raises(RuntimeError, match="nothing_like_this"):
        pictures.derive(b"x")
