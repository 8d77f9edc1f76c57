"""The program that decodes a picture, alone in its process: a file on standard input, smaller ones on standard output.

Its arguments: `squares` and their sizes, `whole` and the longest side, or `views` and several longest sides.

It imports nothing of ours and is given no setting and no key. Whatever the file does, the limits below end it.
"""

import io
import resource
import struct
import sys
import warnings

import pillow_heif
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

MEGA = 1_000_000
# Pixels that may be decoded, by format: what a pixel costs in memory differs by four.
MOST_PIXELS = {
    "JPEG": 64 * MEGA,  # read line by line at an eighth of its size
    "PNG": 12 * MEGA,
    "WEBP": 4 * MEGA,
    "AVIF": 4 * MEGA,
    "HEIF": 25 * MEGA,  # telephones write 12 and 24
}
MOST_PIXELS_WHOLE = 12 * MEGA  # of a JPEG that must be held whole, and of one after it was shrunk
MOST_SCANS = 64  # of a progressive JPEG: each goes over the whole picture
LEAST_SIDE = 48
LEAST_TO_READ = 1200  # px of the shorter side of a page, so that small print is still there
MOST_MEMORY = 512 * MEGA  # bytes of address space, libraries included
MOST_SECONDS = 6  # of the processor
ROWS = 64  # that are taken at a time
ORIENTATION = 0x0112


class Refused(Exception):
    """Why, as a code of `core.pictures`."""


def limit_this_process() -> None:
    """No file, no core dump, only so much memory and time."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def make_squares(data: bytes, sizes: list[int]) -> list[bytes]:
    """The middle of a picture as a square in each size, upright, in sRGB, made of pixels alone."""
    picture = open_picture(data, 2 * max(sizes))
    middle = _middle(picture, 2 * max(sizes))
    middle.getexif()[ORIENTATION] = picture.getexif().get(ORIENTATION, 1)
    middle = ImageOps.exif_transpose(middle)
    middle = _in_srgb(middle, picture.info.get("icc_profile"))
    return [_encode(middle.resize((size, size), Image.Resampling.LANCZOS)) for size in sizes]


def make_views(data: bytes, sizes: list[int]) -> list[bytes]:
    """All of a picture, each time with a longer side of at most so many pixels, decoded once."""
    whole = _read_whole(data, max(sizes))
    views = []
    for longest in sizes:
        view = whole.copy()
        view.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        views.append(_encode(view, method=4))
    return views


def make_whole(data: bytes, longest: int) -> bytes:
    """All of a picture, smaller where it is larger than is needed to read it: upright, in sRGB, pixels alone."""
    whole = _read_whole(data, longest)
    whole.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _encode(whole, method=4)


def _read_whole(data: bytes, longest: int) -> Image.Image:
    """At least so long where it was so long, upright, in sRGB."""
    picture = open_picture(data, LEAST_TO_READ)
    whole = _reduced(picture, (0, 0, *picture.size), max(1, max(picture.size) // longest))
    whole.getexif()[ORIENTATION] = picture.getexif().get(ORIENTATION, 1)
    whole = ImageOps.exif_transpose(whole)
    return _in_srgb(whole, picture.info.get("icc_profile"))


def open_picture(data: bytes, wanted: int) -> Image.Image:
    """Reads the header, and refuses what would cost too much before anything is decoded."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
    PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False, aux_images=False, depth_images=False)
    try:
        picture = Image.open(io.BytesIO(data), formats=list(MOST_PIXELS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("picture-pixels") from error
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    if min(picture.size) < LEAST_SIDE:
        raise Refused("picture-small")
    if _pixels(picture) > MOST_PIXELS[kind]:
        raise Refused("picture-pixels")
    if kind == "JPEG":
        _shrink_jpeg(picture, data, wanted)
    return picture


def _pixels(picture: Image.Image) -> int:
    return picture.width * picture.height


def _shrink_jpeg(picture: Image.Image, data: bytes, wanted: int) -> None:
    """Asks the decoder for a smaller picture. One in several scans is held whole all the same."""
    is_whole, scans = _scans(data)
    if scans > MOST_SCANS:
        raise Refused("picture-unreadable")
    if (is_whole or "progressive" in picture.info) and _pixels(picture) > MOST_PIXELS_WHOLE:
        raise Refused("picture-pixels")
    picture.draft(None, (wanted, wanted))
    if _pixels(picture) > MOST_PIXELS_WHOLE:
        raise Refused("picture-pixels")


def _scans(data: bytes) -> tuple[bool, int]:
    """Whether a JPEG comes in several scans, and how many of them there are at most."""
    at, frame, components = 2, 0xC0, 0
    for _ in range(4000):
        at = data.find(b"\xff", at)
        if at < 0 or at + 10 > len(data):
            break
        marker = data[at + 1]
        if marker == 0xDA:
            is_whole = frame not in (0xC0, 0xC1) or data[at + 4] < components
            return is_whole, data.count(b"\xff\xda", at)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            frame, components = marker, data[at + 9]
        has_length = marker not in (0x00, 0x01, 0xFF) and not 0xD0 <= marker <= 0xD9
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big") if has_length else 1
    raise Refused("picture-unreadable")


def _middle(picture: Image.Image, wanted: int) -> Image.Image:
    """The square in the middle, at least `wanted` wide where there is so much, a few rows at a time."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return _reduced(picture, (left, top, side, side), max(1, side // wanted))


def _reduced(picture: Image.Image, part: tuple[int, int, int, int], factor: int) -> Image.Image:
    """A part of a picture (left, top, width, height), each side so many times smaller."""
    left, top, width, height = part
    width, height = width // factor, height // factor
    reduced = Image.new("RGB", (width, height))
    for row in range(0, height, ROWS):
        below = min(row + ROWS, height)
        rows = picture.crop((left, top + row * factor, left + width * factor, top + below * factor))
        reduced.paste(_opaque(rows).reduce(factor), (0, row))
    return reduced


def _opaque(rows: Image.Image) -> Image.Image:
    """In colours of eight bits, on white."""
    if rows.mode.startswith("I"):
        rows = rows.convert("I").point(lambda value: value / 256).convert("L")
    if rows.has_transparency_data:
        ground = Image.new("RGBA", rows.size, "white")
        ground.alpha_composite(rows.convert("RGBA"))
        rows = ground
    return rows.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as screens show them. A profile that cannot be used is left out, as all of them are afterwards."""
    if not profile:
        return picture
    try:
        used = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, used, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return turned or picture


def _encode(picture: Image.Image, *, method: int = 6) -> bytes:
    plain = Image.new("RGB", picture.size)  # holds pixels and nothing else
    plain.paste(picture)
    packed = io.BytesIO()
    plain.save(packed, "WEBP", quality=82, method=method)
    return packed.getvalue()


def make(what: str, data: bytes, sizes: list[int]) -> list[bytes]:
    if what == "views":
        return make_views(data, sizes)
    return make_squares(data, sizes) if what == "squares" else [make_whole(data, sizes[0])]


def main() -> int:
    limit_this_process()
    try:
        made = make(sys.argv[1], sys.stdin.buffer.read(), [int(size) for size in sys.argv[2:]])
    except Refused as refused:
        print(refused, end="")
        return 2
    except (Exception, MemoryError):  # whatever a decoder says of a hostile file, it is not a picture
        print("picture-unreadable", end="")
        return 2
    for file in made:
        sys.stdout.buffer.write(struct.pack(">I", len(file)) + file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
