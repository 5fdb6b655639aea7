"""Which file is a site's photo: a picture in the project's data folder, nothing else; opened only in the reading process."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = "data"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 30_000_000
MOST_PIXELS = 60_000_000
LONGEST = 300  # characters of a path


def locate(root: Path, text: str) -> Path | None:
    """
    The file that a cell names, relative to the project's folder; None when it may not be used.

    Refused are addresses of any scheme, absolute paths, whatever lies outside ``data/`` (links are followed first), and
    other kinds of files. Whether the file exists is not asked here.
    """
    relative = text.strip().replace("\\", "/")
    if not relative or len(relative) > LONGEST or ":" in relative or relative[0] in "/~" or not relative.isprintable():
        return None
    folder = (root / FOLDER).resolve()
    try:
        path = (root / relative).resolve()
    except (OSError, ValueError, RuntimeError):  # a loop of links
        return None
    return path if path.is_relative_to(folder) and path.suffix.lower() in SUFFIXES else None


def is_picture(path: Path) -> bool:
    """
    Whether the file is there and its head says that it is a picture of at most 60 megapixels and 30 MB.

    In this process; :func:`cfmap.intake.reader.is_picture` has it looked at where it can do no harm.
    """
    from PIL import Image

    try:
        if path.stat().st_size > MOST_BYTES:
            return False
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS) as picture:
                return 0 < picture.width * picture.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return False


def small_jpeg(path: Path, *, limit: int, sides: Sequence[int], qualities: Sequence[int]) -> bytes | None:
    """
    Make the largest and best JPEG within `limit` bytes: upright, on white, without anything the camera wrote into it.

    In this process; :func:`cfmap.intake.reader.small_jpeg` has it made where it can do no harm.

    Parameters
    ----------
    path
        A picture.
    limit
        Bytes.
    sides, qualities
        Pixels of the longer side and JPEG qualities to try, best first.

    Returns
    -------
    jpeg
        None when the picture is broken, or never small enough.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS) as opened:
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None
    whole = Image.new("RGB", upright.size, "white")
    whole.paste(upright, mask=upright.getchannel("A"))
    for side in sides:
        picture = whole.copy()
        picture.thumbnail((side, side))
        for quality in qualities:
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            if buffer.tell() <= limit:
                return buffer.getvalue()
    return None
