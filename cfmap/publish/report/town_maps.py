"""Where in the city do few people reach it? Towns in the page's shades, small maps beside each other, two pages at most."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane, metric_crs_of
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame
from cfmap.publish.classes import breaks, class_of, shade_of
from cfmap.publish.report.blocks import Mark, Swatch, Text, TownMap, TownMaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cfmap.model.edition import Edition, Indicator
    from cfmap.publish.report.blocks import Block

A_PAGE, PAGES = 6, 2
WIDTH_MM, LEAST_MM, MOST_MM = 77.0, 30.0, 50.0
PLATE_MM = 1.4  # under a number on stripes
EDGE_MM = 1.0  # between the towns and the edge of their map
HIDDEN, UNKNOWN = "hidden", "unknown"
BORDER = Pen(stroke="#6d5a70", width=0.15)
STRIPES = {HIDDEN: (Pen(stroke="#4b5563", width=0.22), 1.1, 1), UNKNOWN: (Pen(stroke="#9aa0a6", width=0.12), 1.4, -1)}  # pen, step in mm, which way they rise
WORDS = {HIDDEN: "不公布（保护隐私）", UNKNOWN: "没有数据，或没有这样的人"}
Kind = int | str

HOW = (
    "下面的图按同一个数给乡镇街道涂色，和网页上的分档、颜色相同：颜色越深，走得到的比例越高；每张图把比例相近的分在一档，最多五档，起止见各图图例，"
    "图和图、年和年的分档不同。斜线是没有数据、没有这样的人，或者为保护隐私不公布，不是零。"
)


def town_maps(edition: Edition, shares: Sequence[tuple[str, Indicator]]) -> Iterator[Block]:
    """
    A map for each share by town that is known for some town, in order; those beyond two pages are left to the tables, and it is said.

    Parameters
    ----------
    edition
        With outlines of towns; without them there is nothing.
    shares
        Title and indicator, already only those that may be shown.
    """
    known = [(title, i) for title, i in shares if any(v is not None for v in i.by_town.values())]
    if edition.towns is None or not known:
        return
    shown = known[: A_PAGE * PAGES]
    names = [str(n) for n in edition.towns["name"]]
    outlines = geometries_to_plane(np.asarray(edition.towns.geometry.values, dtype=object), metric_crs_of(edition.towns, setting=edition.city.crs.metres))
    frame = _frame(outlines)
    drawn, which = seen(outlines, frame)
    here = {int(n): shape for n, shape in zip(which, drawn, strict=True)}
    number = {name: str(n) for n, name in enumerate(dict.fromkeys(names), start=1)}
    key = tuple(f"{n} {name}" for name, n in number.items())
    yield Text(HOW + (f"只画前 {len(shown)} 项，其余见表。" if len(shown) < len(known) else ""))
    for page, first in enumerate(range(0, len(shown), A_PAGE)):
        maps = tuple(_map(title, i, names, number, here, frame) for title, i in shown[first : first + A_PAGE])
        more = f"（{'一二'[page]}）" if len(shown) > A_PAGE else ""
        yield TownMaps(f"各乡镇街道走得到的比例{more}", maps, frame.width_mm, frame.height_mm, key)


def _frame(outlines: NDArray[np.object_]) -> Frame:
    """All towns as large as fits, as high as their shape needs."""
    west, south, east, north = (float(v) for v in shapely.total_bounds(outlines))
    inside = WIDTH_MM - 2 * EDGE_MM
    height = min(max((north - south) / max(east - west, 1.0) * inside + 2 * EDGE_MM, LEAST_MM), MOST_MM)
    scale = max((east - west) / inside, (north - south) / (height - 2 * EDGE_MM)) * 1000.0
    metres = scale / 1000.0
    return Frame((west + east) / 2 - WIDTH_MM * metres / 2, (north + south) / 2 + height * metres / 2, scale, WIDTH_MM, height)


def _map(title: str, i: Indicator, names: list[str], number: dict[str, str], here: dict[int, Any], frame: Frame) -> TownMap:
    ends = breaks(i.by_town.values())
    kinds = [_kind(i, name, ends) for name in names]
    by_kind: dict[Kind, list[Any]] = defaultdict(list)
    for n, shape in here.items():
        by_kind[kinds[n]].append(shape)
    layers = [layer for kind, shapes in by_kind.items() for layer in _paint(kind, shapes, len(ends))]
    marks, told = [], set()
    for n, shape in here.items():
        if names[n] not in told:  # a town of several outlines has its number once
            told.add(names[n])
            at = shape.representative_point()
            if not isinstance(kinds[n], int):
                layers.append(([circle(at.x, at.y, PLATE_MM)], Pen(fill="#ffffff")))  # stripes would hide it
            marks.append(Mark(round(at.x, 2), round(at.y, 2), number[names[n]], light=_dark(kinds[n], len(ends))))
    return TownMap(title, svg(frame, layers), tuple(marks), _legend(i, set(kinds), ends))


def _kind(i: Indicator, name: str, ends: Sequence[float]) -> Kind:
    if name in i.hidden:
        return HIDDEN
    value = i.by_town.get(name)
    return UNKNOWN if value is None else class_of(value, ends)


def _paint(kind: Kind, shapes: list[Any], classes: int) -> Iterator[tuple[list[Any], Pen]]:
    """Layers of the towns of one class: shade or stripes, and their borders."""
    if isinstance(kind, int):
        yield shapes, Pen(fill=shade_of(kind, classes))
    else:
        yield shapes, Pen(fill="#ffffff")
        pen, step, way = STRIPES[kind]
        yield [_stripes(s, step, way) for s in shapes], pen
    yield shapes, BORDER


def _stripes(shape: Any, step: float, way: int) -> Any:
    """Lines at 45 degrees over a shape, `step` mm apart, all of one grid so that neighbours go on into each other."""
    west, south, east, north = shape.bounds
    low, high = sorted((west + way * south, west + way * north))  # of x + way * y, which is the same all along a line
    crossing = np.arange(np.floor(low / step), np.ceil((high + east - west) / step) + 1) * step
    return shapely.intersection(shapely.MultiLineString([[(west, way * (c - west)), (east, way * (c - east))] for c in crossing]), shape)


def _dark(kind: Kind, classes: int) -> bool:
    """Whether a number on it must be light."""
    if not isinstance(kind, int):
        return False
    red, green, blue = (int(shade_of(kind, classes)[k : k + 2], 16) for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 130


def _legend(i: Indicator, kinds: set[Kind], ends: Sequence[float]) -> tuple[Swatch, ...]:
    """Classes that occur, the largest shares first."""
    values = {round(v, 1) for v in i.by_town.values() if v is not None}
    order: list[Kind] = [*reversed(range(len(ends))), HIDDEN, UNKNOWN]
    return tuple(
        Swatch(_swatch(kind, len(ends)), f"{values.copy().pop():g}%" if isinstance(kind, int) and len(values) == 1 else _words(kind, ends))
        for kind in order
        if kind in kinds
    )


def _words(kind: Kind, ends: Sequence[float]) -> str:
    if not isinstance(kind, int):
        return WORDS[str(kind)]
    return f"多于 {ends[kind - 1]:g}%，到 {ends[kind]:g}%" if kind else f"{ends[kind]:g}% 以内"


def _swatch(kind: Kind, classes: int) -> str:
    frame = Frame(0.0, 0.0, 1000.0, 6.0, 3.0)
    return svg(frame, list(_paint(kind, [shapely.box(0.1, 0.1, 5.9, 2.9)], classes)))
