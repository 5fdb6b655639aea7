"""What does a map reviewer look at? The public page's names and shapes as one fingerprint, whatever the order of rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.model.events import EVENTS
from cfmap.publish.web.geometry import GRID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from cfmap.model.edition import Edition

DIGITS = 16  # hexadecimal
CLOSED = "关闭"  # such sites stay off the page
SITES = "sites."


@dataclass(frozen=True)
class Content:
    """
    What a map reviewer looks at, as digests.

    Attributes
    ----------
    fingerprint
        Of everything, 16 hexadecimal digits.
    parts
        Digest of each part: ``titles``, ``boundary``, ``towns``, ``streets``, ``areas``, ``labels``, ``sites.<layer>``.
    """

    fingerprint: str
    parts: dict[str, str]

    def record(self) -> dict[str, Any]:
        """As data, for the manifest."""
        return {"fingerprint": self.fingerprint, "parts": self.parts}


def content(edition: Edition) -> Content:
    """
    Digest of titles, names and shapes on the public page, the same whatever the order of rows.

    In it: names and shapes of sites that are not closed (those without coordinates by name), titles of city, layers and reaches, outlines,
    streets, areas and place names, with coordinates on the page's grid of 1e-5 degree. Not in it: years, status and other
    columns, counts, figures, dates, events, the areas of reach (they follow from sites and streets) and how lines are simplified for drawing.
    An internal edition has the fingerprint of the public one.
    """
    city = edition.city.city
    base = edition.basemap
    titles = [[city.name, city.name_en]]
    titles += sorted([d.layer.key, d.layer.title, d.layer.title_en] for d in edition.layers.values())
    titles += sorted([c.key, c.title, c.title_en] for c in edition.coverages)
    parts = {"titles": _digest(json.dumps(t, ensure_ascii=False).encode() for t in titles)}
    parts |= {key: _table(frame, columns) for key, frame, columns in (
        ("boundary", edition.boundary, ("name",)),
        ("towns", edition.towns, ("name",)),
        ("streets", base.roads, ("kind", "name")),
        ("areas", base.areas, ("kind",)),
        ("labels", base.labels, ("name", "rank")),
    )}  # fmt: skip
    for key, data in edition.layers.items():
        if key == EVENTS:
            continue  # they change by the week, without a build
        parts[SITES + key] = _digest(row for table in (data.sites, data.unlocated) for row in _rows(_open(table), ("name",)))
    return Content(_digest(f"{key}={parts[key]}".encode() for key in sorted(parts)), parts)


def _digest(rows: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for row in sorted(rows):
        total.update(len(row).to_bytes(8, "big") + row)
    return total.hexdigest()[:DIGITS]


def _table(frame: pd.DataFrame | None, columns: tuple[str, ...]) -> str:
    return _digest(() if frame is None or not len(frame) else _rows(frame, columns))


def _rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[bytes]:
    """Texts and shape of every row; a shape is the same whichever way round and from whichever corner it was drawn."""
    texts = [_words(frame[c]) if c in frame else [""] * len(frame) for c in columns]
    shapes = np.full(len(frame), b"", dtype=object)
    if "geometry" in frame:
        there = frame["geometry"].notna().to_numpy()
        grid = shapely.transform(shapely.force_2d(frame["geometry"].to_numpy(dtype=object)[there]), lambda xy: np.rint(xy * GRID))
        shapes[there] = shapely.to_wkb(shapely.normalize(grid), byte_order=1)
    for shape, *words in zip(shapes, *texts, strict=True):
        yield json.dumps(words, ensure_ascii=False).encode() + bytes(shape)


def _words(column: pd.Series) -> list[str]:
    return ["" if missing else str(value).strip() for value, missing in zip(column, column.isna(), strict=True)]


def _open(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["status"] != CLOSED).fillna(value=True)] if len(table) and "status" in table else table
