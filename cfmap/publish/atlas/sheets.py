"""What stands on each sheet: one of the whole city and one of each town, with marks, names, index and margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane, metric_crs_of
from cfmap.model.events import EVENTS
from cfmap.model.layer import GROUPS
from cfmap.model.schema import IN_USE
from cfmap.publish.atlas import placing
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame
from cfmap.publish.atlas.placing import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.model.edition import Edition

MAP_MM = (286.0, 262.0)  # map on an A3 sheet
MARK_MM, DOT_MM = 3.7, 1.5
UNNUMBERED = ("school_gates", "accessible_crossings")  # hundreds of small things: drawn, not listed
ROADS = {
    "main": Pen(stroke="#e8a87c", width=0.75),
    "secondary": Pen(stroke="#efcf9a", width=0.5),
    "local": Pen(stroke="#c9c3b6", width=0.22),
    "path": Pen(stroke="#b9b2a3", width=0.14, dash="0.6 0.5"),
}
AREAS = {"water": Pen(fill="#cfe3ee"), "green": Pen(fill="#dcead0")}
CITY_BORDER = Pen(stroke="#5b4b7a", width=0.6, dash="3 1 0.6 1")
TOWN_BORDER = Pen(stroke="#7d6f99", width=0.3, dash="1.6 0.9")
ELSEWHERE = Pen(fill="#faf9f5", opacity=0.62)
NAMED_ROADS = ("main", "secondary", "local")
MOST_NAMES = 400


@dataclass(frozen=True)
class Sheet:
    """
    One sheet, ready to be set.

    Attributes
    ----------
    number
        0 for the whole city.
    title
        Name of the city or the town.
    town
        Name of the town, "" for the whole.
    picture
        SVG of the map, without text.
    frame
        Ground and scale.
    names
        To be written on the map.
    marks
        Numbered marks: ``x, y, number, colour``.
    index
        Lines in order: ``{"kind": "group" | "layer" | "site", ...}``.
    legend
        ``{"title", "colour", "count", "shape"}`` for each layer on the sheet.
    rows
        Of the whole city: towns with their sheet and counts by group.
    notes
        What must be said: sites of this sheet without coordinates.
    link
        Address that shows the town on the published page; "" when the project has none.
    """

    number: int
    title: str
    town: str
    picture: str
    frame: Frame
    names: tuple[Name, ...] = ()
    marks: tuple[dict[str, Any], ...] = ()
    index: tuple[dict[str, str], ...] = ()
    legend: tuple[dict[str, Any], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class _Site:
    layer: str
    title: str
    group: str
    group_title: str
    colour: str
    name: str
    town: str
    shape: Any  # metres; None without coordinates
    numbered: bool


@dataclass(frozen=True)
class _Ground:
    """Everything that is drawn below, in metres."""

    roads: dict[str, tuple[NDArray[np.object_], NDArray[np.object_]]]  # kind -> shapes, names
    areas: dict[str, NDArray[np.object_]]
    city: Any
    towns: dict[str, Any]


def every_sheet(edition: Edition) -> list[Sheet]:
    """
    All sheets of an edition: the whole city first, then its towns in the order of the outline file.

    Drawn are sites in use (and of unknown status) with coordinates, in the plane of ``[crs] metres``; those without coordinates are
    named below the index. A project without outlines of towns has one sheet, with every site numbered and listed.
    """
    crs = plane_of(edition)

    def plane(frame: gpd.GeoDataFrame | None) -> NDArray[np.object_]:
        return geometries_to_plane(np.asarray(frame.geometry.values, dtype=object), crs) if frame is not None and len(frame) else np.empty(0, dtype=object)

    base = edition.basemap
    lines, areas = plane(base.roads), plane(base.areas)
    kinds, names = base.roads["kind"].to_numpy(dtype=object), base.roads["name"].fillna("").to_numpy(dtype=object)
    towns = edition.towns if edition.towns is not None else None
    outlines = dict(zip([str(n) for n in towns["name"]], plane(towns), strict=True)) if towns is not None else {}
    ground = _Ground(
        {kind: (lines[kinds == kind], names[kinds == kind]) for kind in ROADS},
        {kind: areas[base.areas["kind"].to_numpy(dtype=object) == kind] for kind in AREAS} if len(areas) else {},
        shapely.union_all(plane(edition.boundary)) if edition.boundary is not None else None,
        outlines,
    )
    found = list(_sites(edition, crs, outlines))
    address = edition.city.publish.address
    if not outlines:
        return [_detailed_sheet(0, edition.city.city.name, "", _outline(ground), ground, found, link=address)]
    made = [_city_sheet(edition, ground, found, link=address)]
    for number, (town, outline) in enumerate(outlines.items(), start=1):
        link = f"{address}#town={quote(town)}" if address else ""
        made.append(_detailed_sheet(number, town, town, outline, ground, [s for s in found if s.town == town], link=link))
    return made


def plane_of(edition: Edition) -> CRS:
    """The plane that sheets are drawn in, metres."""
    return metric_crs_of(_whole(edition), setting=edition.city.crs.metres)


def _whole(edition: Edition) -> gpd.GeoDataFrame:
    """What decides where the city is: its outline, its towns, its streets."""
    return next(t for t in (edition.boundary, edition.towns, edition.basemap.roads) if t is not None and len(t))


def _sites(edition: Edition, crs: Any, outlines: dict[str, Any]) -> Iterator[_Site]:
    tree_names, tree = list(outlines), shapely.STRtree(list(outlines.values()))
    for key, data in edition.layers.items():
        if key == EVENTS:
            continue  # they pass; the sheets stay for a year
        layer = data.layer
        use = data.sites[data.sites["status"].isin(IN_USE)]
        shapes: Any = geometries_to_plane(np.asarray(use.geometry.values, dtype=object), crs) if len(use) else ()
        for name, own, shape in zip(use["name"], use["town"], shapes, strict=True):
            town = str(own) if str(own) in outlines else next((tree_names[i] for i in sorted(tree.query(shapely.centroid(shape), predicate="intersects"))), "")
            yield _Site(key, layer.title, layer.group, GROUPS[layer.group][0], layer.colour, str(name), town, shape, key not in UNNUMBERED)
        for name, own in zip(data.unlocated["name"], data.unlocated["town"], strict=True):
            yield _Site(
                key,
                layer.title,
                layer.group,
                GROUPS[layer.group][0],
                layer.colour,
                str(name),
                str(own) if str(own) in outlines else "",
                None,
                key not in UNNUMBERED,
            )


def _city_sheet(edition: Edition, ground: _Ground, found: list[_Site], *, link: str) -> Sheet:
    whole = _outline(ground)
    frame = Frame.around(shapely.bounds(whole).tolist(), width_mm=MAP_MM[0], height_mm=MAP_MM[1])
    under = list(_background(frame, ground, roads=("main", "secondary") if len(ground.roads["local"][0]) > 5_000 else tuple(ROADS)))
    dots: list[tuple[list[Any], Pen]] = []
    for layer in dict.fromkeys(s.layer for s in found):
        some = [s for s in found if s.layer == layer and s.shape is not None]
        if some and some[0].numbered:
            dots += _drawn_sites(frame, some, dot=DOT_MM / 2)
    borders = [(_border(list(ground.towns.values()), frame), TOWN_BORDER)] if ground.towns else []
    inside = {n: frame.on_paper(shapely.get_coordinates(shapely.point_on_surface(o)))[0].tolist() for n, o in ground.towns.items()}
    names = [Name(n, x, y, 10.5, 0.0, "town") for n, (x, y) in inside.items()]
    paper = shapely.box(0, 0, frame.width_mm, frame.height_mm)
    groups = [g for g in GROUPS if any(s.group == g for s in found)]
    rows = [("乡镇街道", "图幅", *(GROUPS[g][0] for g in groups))]
    for number, town in enumerate(ground.towns, start=1):
        rows.append((town, str(number), *(str(sum(s.town == town and s.group == g for s in found)) for g in groups)))
    rows.append(("全市", "", *(str(sum(s.group == g for s in found)) for g in groups)))
    return Sheet(
        number=0,
        title=edition.city.city.name,
        town="",
        picture=svg(frame, [*under, *borders, (_border([whole], frame), CITY_BORDER), *dots]),
        frame=frame,
        names=tuple(placing.without_collisions(names, (), paper=paper)),
        legend=tuple(_legend(found)),
        rows=tuple(rows),
        notes=tuple(_unlocated(found)),
        link=link,
    )


def _outline(ground: _Ground) -> Any:
    """The city's own, else that of its towns, else a box round its streets."""
    return ground.city if ground.city is not None else shapely.union_all(list(ground.towns.values()) or [shapely.box(*_whole_bounds(ground))])


def _whole_bounds(ground: _Ground) -> tuple[float, float, float, float]:
    lines = [shapely.total_bounds(shapes) for shapes, _ in ground.roads.values() if len(shapes)]
    west, south, east, north = np.array(lines).T if lines else ([0.0], [0.0], [1.0], [1.0])
    return float(np.min(west)), float(np.min(south)), float(np.max(east)), float(np.max(north))


def _detailed_sheet(number: int, title: str, town: str, outline: Any, ground: _Ground, found: list[_Site], *, link: str) -> Sheet:
    """A town, or a city without towns: every site numbered and listed."""
    frame = Frame.around(shapely.bounds(outline).tolist(), width_mm=MAP_MM[0], height_mm=MAP_MM[1])
    paper = shapely.box(0, 0, frame.width_mm, frame.height_mm)
    here = shapely.transform(shapely.clip_by_rect(outline, *frame.ground.bounds), frame.on_paper)
    located = [s for s in found if s.shape is not None]
    numbered = [s for s in located if s.numbered]
    places = np.array([_place(s, frame) for s in numbered]).reshape(-1, 2)
    marks = placing.apart(places, diameter=MARK_MM, width=frame.width_mm, height=frame.height_mm)
    moved = np.hypot(*(marks - places).T) > MARK_MM / 2
    hairs = [shapely.LineString(ends) for ends in np.stack((places[moved], marks[moved]), axis=1)]
    small: list[tuple[list[Any], Pen]] = []
    for layer in UNNUMBERED:
        small += _drawn_sites(frame, [s for s in located if s.layer == layer], dot=DOT_MM / 2)
    shapes: list[tuple[list[Any], Pen]] = []
    for layer in dict.fromkeys(s.layer for s in numbered):
        shapes += _drawn_sites(frame, [s for s in numbered if s.layer == layer and s.shape.geom_type != "Point"], dot=0.0)
    rounds = [([circle(float(marks[i][0]), float(marks[i][1]), MARK_MM / 2)], Pen(fill=s.colour, stroke="#ffffff", width=0.25)) for i, s in enumerate(numbered)]
    others = [o for n, o in ground.towns.items() if n != town]
    layers: list[tuple[Any, Pen]] = [
        *_background(frame, ground, roads=tuple(ROADS)),
        ([paper.difference(here)], ELSEWHERE),
        (_border(others, frame), TOWN_BORDER),
        (_border([outline], frame), CITY_BORDER),
        *shapes,
        *small,
        (hairs, Pen(stroke="#333333", width=0.12)),
        *rounds,
    ]
    taken = [*(circle(x, y, MARK_MM / 2) for x, y in marks), *(g for drawn, _ in small for g in drawn)]
    names = placing.without_collisions(_names(frame, ground, town, here), taken, paper=paper)
    squares = [frame.square(*xy) for xy in places]
    return Sheet(
        number=number,
        title=title,
        town=town,
        picture=svg(frame, layers),
        frame=frame,
        names=tuple(names),
        marks=tuple({"x": round(float(x), 2), "y": round(float(y), 2), "number": str(i)} for i, (x, y) in enumerate(marks, start=1)),
        index=tuple(_index(numbered, squares)),
        legend=tuple(_legend(found)),
        notes=tuple(_unlocated(found)),
        link=link,
    )


def _border(outlines: list[Any], frame: Frame) -> NDArray[np.object_]:
    """Borders as lines, so that the edge of the sheet is not taken for one."""
    return seen(shapely.boundary(np.array(outlines, dtype=object)), frame)[0]


def _place(site: _Site, frame: Frame) -> NDArray[np.float64]:
    """Where a site's mark belongs: on it, in the middle of a line or an area, kept on the paper."""
    shape = shapely.clip_by_rect(site.shape, *frame.ground.bounds) if site.shape.geom_type != "Point" else site.shape
    if shape.is_empty:
        shape = site.shape
    point = shape.interpolate(0.5, normalized=True) if shape.geom_type == "LineString" else shapely.point_on_surface(shape)
    x, y = frame.on_paper(shapely.get_coordinates(point))[0]
    return np.array([min(max(x, 0.0), frame.width_mm), min(max(y, 0.0), frame.height_mm)])


def _background(frame: Frame, ground: _Ground, *, roads: tuple[str, ...]) -> Iterator[tuple[NDArray[np.object_], Pen]]:
    for kind, pen in AREAS.items():
        if kind in ground.areas:
            yield seen(ground.areas[kind], frame)[0], pen
    for kind in reversed(tuple(ROADS)):
        if kind in roads and len(ground.roads[kind][0]):
            yield seen(ground.roads[kind][0], frame)[0], ROADS[kind]


def _drawn_sites(frame: Frame, some: list[_Site], *, dot: float) -> list[tuple[list[Any], Pen]]:
    """Lines and areas as they are, points as dots."""
    if not some:
        return []
    drawn, _ = seen(np.array([s.shape for s in some], dtype=object), frame)
    points = [circle(g.x, g.y, dot) for g in drawn if g.geom_type == "Point" and dot]
    lines = [g for g in drawn if "LineString" in g.geom_type]
    areas = [g for g in drawn if "Polygon" in g.geom_type]
    colour = some[0].colour
    made: list[tuple[list[Any], Pen]] = [(lines, Pen(stroke=colour, width=0.7)), (areas, Pen(fill=colour, stroke=colour, width=0.3, opacity=0.35))]
    return [*((shapes, pen) for shapes, pen in made if shapes), *([(points, Pen(fill=colour, stroke="#ffffff", width=0.12))] if points else [])]


def _names(frame: Frame, ground: _Ground, town: str, here: Any) -> Iterator[Name]:
    """Neighbours' names first, then streets by importance and length; lesser streets only `here`, in the town."""
    shapely.prepare(here)
    for name, outline in ground.towns.items():
        if name == town:
            continue
        part = shapely.transform(shapely.clip_by_rect(outline, *frame.ground.bounds), frame.on_paper)
        if not part.is_empty and part.area > 600:
            x, y = shapely.get_coordinates(shapely.point_on_surface(part))[0]
            yield Name(name, float(x), float(y), 9.0, 0.0, "neighbour")
    number = 0
    for kind in NAMED_ROADS:
        shapes, names = ground.roads[kind]
        for written in street_names(frame, shapes, names, size_pt=6.5 if kind == "main" else 5.5):
            if number > MOST_NAMES:
                break
            if kind == "main" or here.contains(shapely.Point(written.x, written.y)):
                number += 1
                yield written


def street_names(frame: Frame, shapes: NDArray[np.object_], names: NDArray[np.object_], *, size_pt: float) -> Iterator[Name]:
    """Each street's name once, along its longest piece on the sheet, the longest streets first; none that is longer than its street."""
    named = names != ""
    drawn, which = seen(shapes[named], frame)
    longest: dict[str, tuple[float, Any]] = {}
    for shape, name in zip(drawn, names[named][which], strict=True):
        for line in shape.geoms if shape.geom_type.startswith("Multi") else (shape,):
            if line.geom_type == "LineString" and line.length > longest.get(name, (0.0, None))[0]:
                longest[name] = line.length, line
    for name, (length, line) in sorted(longest.items(), key=lambda item: (-item[1][0], item[0])):
        width = placing.text_width_mm(name, size_pt)
        if length >= width + 3:
            x, y, angle = placing.along(line, width)
            yield Name(name, x, y, size_pt, angle, "street")


def _index(numbered: list[_Site], squares: list[str]) -> Iterator[dict[str, str]]:
    group = layer = ""
    for number, (site, square) in enumerate(zip(numbered, squares, strict=True), start=1):
        if site.group != group:
            group, layer = site.group, ""
            yield {"kind": "group", "text": site.group_title}
        if site.layer != layer:
            layer = site.layer
            yield {"kind": "layer", "text": site.title, "colour": site.colour}
        yield {"kind": "site", "number": str(number), "text": site.name, "square": square, "colour": site.colour}


def _legend(found: list[_Site]) -> Iterator[dict[str, Any]]:
    for layer in dict.fromkeys(s.layer for s in found if s.shape is not None):
        some = [s for s in found if s.layer == layer and s.shape is not None]
        kind = "line" if "LineString" in some[0].shape.geom_type else "area" if "Polygon" in some[0].shape.geom_type else "dot"
        yield {"title": some[0].title, "colour": some[0].colour, "count": len(some), "shape": kind}


def _unlocated(found: list[_Site]) -> Iterator[str]:
    lost = [s for s in found if s.shape is None]
    if lost:
        shown = "、".join(f"{s.name}（{s.title}）" for s in lost[:12])
        yield f"没有坐标、图上没有画的 {len(lost)} 处：{shown}{' 等' if len(lost) > 12 else ''}"
