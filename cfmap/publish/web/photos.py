"""How does a photo go out: made small, without anything the camera wrote into it, as data inside the page."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

from cfmap.intake.photos import locate
from cfmap.intake.reader import is_picture, small_jpeg
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import SITE_FIELDS
from cfmap.publish.web.shown import CLOSED, public_fields, site_key

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model.edition import Edition

MOST_EACH = 30_000  # bytes of one photo
MOST_ALL = 2_000_000  # bytes of all: the more there are, the smaller each
MOST_PHOTOS = 500
SIDES = (640, 480, 360, 240, 160, 96)  # pixels of the longer side, the largest that fits is taken
QUALITIES = (82, 70, 58, 46, 34)


def embed(edition: Edition) -> dict[str, str]:
    """
    Photos by their site's short name, as ``data:`` addresses of JPEGs: at most 640 pixels a side, 30 KB each and 2 MB together.

    A file that has gone or cannot be read gives no photo; of more than 500 the first are taken (:func:`left_out` tells).
    """
    wanted = _wanted(edition)[:MOST_PHOTOS]
    limit = min(MOST_EACH, MOST_ALL // max(len(wanted), 1))
    made = {key: _small(path, path.stat().st_mtime_ns, limit) for key, path in wanted if is_picture(path)}
    return {key: f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}" for key, data in made.items() if data}


def left_out(edition: Edition) -> tuple[Fault, ...]:
    """What the page has no room for."""
    count = len(_wanted(edition))
    return (fault("W603", count=count, most=MOST_PHOTOS),) if count > MOST_PHOTOS else ()


def _wanted(edition: Edition) -> list[tuple[str, Path]]:
    if "photo" not in {f.key for f in public_fields(SITE_FIELDS, edition.city)}:
        return []
    out = []
    for data in edition.layers.values():
        for table in (data.sites, data.unlocated):
            if "photo" not in table:
                continue
            for identifier, text, status in zip(table["id"], table["photo"], table["status"], strict=True):
                if status != CLOSED and isinstance(text, str) and (path := locate(edition.city.root, text)) is not None:
                    out.append((site_key(data.layer.key, str(identifier)), path))
    return out


@lru_cache(maxsize=MOST_PHOTOS)
def _small(path: Path, changed: int, limit: int) -> bytes | None:
    """The picture made small once for each content; None when it is broken."""
    del changed
    return small_jpeg(path, limit=limit, sides=SIDES, qualities=QUALITIES)
