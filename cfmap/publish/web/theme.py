"""How does the page look like the city's own: its colour, readable under white letters, and its logo, made anew."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cfmap.model.city import CONFIG_NAME
from cfmap.model.errors import ConfigError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model.city import City
    from cfmap.model.messages import Fault

CONTRAST = 4.5  # of white letters on the colour, WCAG 2 AA
LOGO_BOX = (288, 88)  # pixels: twice what it has in the header
MOST_BYTES, MOST_PIXELS = 2_000_000, 4_000  # of the file, and of a side
FORMATS = ("PNG", "JPEG", "WEBP")


def look(city: City) -> list[Fault]:
    """
    Read the theme before anything is computed.

    Returns
    -------
    faults
        W131 when the colour had to be darkened.

    Raises
    ------
    ConfigError
        A logo that is missing (E132), too large (E133), no picture or an SVG (E134), or outside the project (E104).
    """
    logo(city)
    given, used = city.theme.colour, readable(city.theme.colour)
    return [] if given.lower() == used else [fault("W131", file=CONFIG_NAME, column="theme.colour", value=given, used=used, contrast=f"{contrast(given):.1f}")]


def contrast(colour: str) -> float:
    """Contrast of white letters on a colour ``#rrggbb``, 1 to 21, as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def readable(colour: str) -> str:
    """The colour, or the same hue as much darker as white letters need."""
    parts = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    for step in range(100, -1, -1):
        darker = "#" + "".join(f"{round(p * step / 100):02x}" for p in parts)
        if contrast(darker) >= CONTRAST:
            break
    return darker


def logo(city: City) -> dict[str, Any] | None:
    """
    The logo as the page carries it: ``src`` (a ``data:`` URI), ``width`` and ``height`` in CSS pixels; None without one.

    It is drawn anew as a small PNG, so that nothing else that stood in the file goes out with it.

    Raises
    ------
    ConfigError
        As :func:`look`.
    """
    if not city.theme.logo:
        return None
    path = city.path(city.theme.logo)
    at: dict[str, Any] = {"file": CONFIG_NAME, "column": "theme.logo", "value": city.theme.logo}
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError:
        size = -1
    if size < 0:
        raise ConfigError(fault("E132", **at))
    if size > MOST_BYTES:
        raise ConfigError(fault("E133", **at, size=f"{size / 1e6:.1f} MB", most=f"{MOST_BYTES / 1e6:g} MB"))
    return _drawn(path, path.stat().st_mtime_ns, tuple(at.items()))


@lru_cache(maxsize=4)
def _drawn(path: Path, changed: int, at: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    del changed
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(path.read_bytes()), formats=FORMATS) as given:
            if max(given.size) > MOST_PIXELS:
                raise ConfigError(fault("E133", **dict(at), size="×".join(map(str, given.size)), most=f"{MOST_PIXELS}×{MOST_PIXELS}"))
            picture = given.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(fault("E134", **dict(at), known=" ".join(FORMATS))) from None
    picture.thumbnail(LOGO_BOX, Image.Resampling.LANCZOS)
    small = picture.quantize(256, method=Image.Quantize.FASTOCTREE)  # a logo has few colours; transparency is kept
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    width, height = picture.size
    src = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
    return {"src": src, "width": max(1, round(width / 2)), "height": max(1, round(height / 2))}
