"""The sheet that the adults of a line carry: map, stops with times, what to watch for, room for their own names."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane, metric_crs
from cfmap.network.roads import KIND_OF_CLASS
from cfmap.network.walkability import HIGHWAY_CLASSES
from cfmap.publish.atlas import placing
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cfmap.model.walking_bus import BusRules
    from cfmap.network import Network
    from cfmap.planning.walking_bus import Line
    from cfmap.publish.walking_bus.outputs import About

MAP_MM = (182.0, 122.0)
ROUND_M = 60.0  # ground seen round the line
WAY = "#0b6e4f"
ROADS = {
    "main": Pen(stroke="#e8a87c", width=2.0),
    "secondary": Pen(stroke="#efcf9a", width=1.5),
    "local": Pen(stroke="#d3cdc1", width=0.9),
    "path": Pen(stroke="#b9b2a3", width=0.3, dash="1 0.8"),
}
LINE_PEN = Pen(stroke=WAY, width=1.5)
HALO = Pen(stroke="#ffffff", width=2.6)
MARK_MM = 2.6
BESIDE_MM = 2.3  # middle of a name from the middle of its street
MOST_NAMES, MOST_WATCHED = 24, 6


def pdf(line: Line, network: Network, rules: BusRules, about: About, *, font: str) -> bytes:
    """One page, A4."""
    import typst

    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "line.json").write_text(json.dumps(content(line, network, rules, about, font=font), ensure_ascii=False, allow_nan=False), encoding="utf-8")
        (root / "line.typ").write_bytes((resources("cfmap.publish.walking_bus") / "line.typ").read_bytes())
        made: bytes = typst.compile(str(root / "line.typ"), root=str(root))
    return made


def content(line: Line, network: Network, rules: BusRules, about: About, *, font: str) -> dict[str, Any]:
    """Everything that stands on the page, as plain data."""
    picture, names, marks, frame = _map(line, network)
    metres, bar = frame.bar(30.0)
    inside = not about.public
    return {
        "title": f"{line.school_name}步行巴士 {line.number} 号线",
        "subtitle": f"{about.city} · {round(line.mm / 1000):,} 米 · 全程约 {line.takes} 分钟 · {rules.arrival} 前到校",
        "mark": "演示数据" if about.demo else "",
        "inside": inside,
        "font": [font, "Libertinus Serif"],
        "map": list(MAP_MM),
        "picture": picture,
        "names": names,
        "marks": marks,
        "bar_mm": round(bar, 3),
        "bar_text": f"{metres:,.0f} 米",
        "scale_text": f"1 : {frame.scale:,.0f}",
        "stops": [
            {"number": str(n), "name": s.name, "leaves": s.leaves, "metres": f"{round(s.to_school_mm / 1000):,}", "children": str(s.children) if inside else ""}
            for n, s in enumerate(line.stops, start=1)
        ],
        "school": line.school_name,
        "arrival": rules.arrival,
        "facts": [
            *((("人数", f"{line.children} 个孩子，需要 {line.adults} 个大人（每人最多带 {rules.children_per_adult} 个）"),) if inside else ()),
            ("速度", f"按幼儿步速 0.88 米/秒，每站停 {rules.wait_minutes:g} 分钟；孩子走得慢就慢走"),
        ],
        "watch": [{"place": w.place + (f"（{round(w.metres):,} 米）" if w.metres else ""), "why": w.why, "level": w.level} for w in line.watch[:MOST_WATCHED]],
        "adults": max(line.adults, rules.adults),
        "note": f"街道：{about.streets}" + ("；内部资料，不得公开" if inside else ""),
    }


def _map(line: Line, network: Network) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]], Frame]:
    lon, lat = line.geometry.centroid.coords[0]
    crs = metric_crs(lon, lat)
    (course,) = geometries_to_plane(np.array([line.geometry], dtype=object), crs)
    frame = Frame.around(course.buffer(ROUND_M).bounds, width_mm=MAP_MM[0], height_mm=MAP_MM[1])
    kinds, names, shapes = _streets(network, crs, frame)
    (way,), _ = seen(np.array([course], dtype=object), frame)
    stops = geometries_to_plane(np.array([shapely.Point(s.lon, s.lat) for s in line.stops], dtype=object), crs)
    places = frame.on_paper(shapely.get_coordinates(stops))
    apart = placing.apart(places, diameter=2 * MARK_MM, width=MAP_MM[0], height=MAP_MM[1])
    gate = frame.on_paper(shapely.get_coordinates(course)[-1:])
    layers: list[tuple[Any, Pen]] = [(shapes[kinds == kind], ROADS[kind]) for kind in reversed(tuple(ROADS))]
    layers += [([way], HALO), ([way], LINE_PEN)]
    layers += [([circle(x, y, MARK_MM) for x, y in apart], Pen(fill=WAY, stroke="#ffffff", width=0.3))]
    layers += [([shapely.box(gate[0, 0] - 2.6, gate[0, 1] - 2.6, gate[0, 0] + 2.6, gate[0, 1] + 2.6)], Pen(fill="#b3261e", stroke="#ffffff", width=0.3))]
    corner = shapely.box(0, MAP_MM[1] - 14, 48, MAP_MM[1])  # the scale bar
    taken = [*(shapely.Point(x, y).buffer(MARK_MM + 0.6) for x, y in apart), shapely.Point(*gate[0]).buffer(4.5), corner, way.buffer(0.8)]
    written = placing.without_collisions(_names(kinds, names, shapes), taken, paper=shapely.box(0, 0, *MAP_MM))[:MOST_NAMES]
    marks = [{"x": round(float(x), 2), "y": round(float(y), 2), "text": str(n)} for n, (x, y) in enumerate(apart, start=1)]
    marks.append({"x": round(float(gate[0, 0]), 2), "y": round(float(gate[0, 1]), 2), "text": "校"})
    said = [
        {"text": n.text, "x": round(n.x, 2), "y": round(n.y, 2), "size_pt": n.size_pt, "angle": round(n.angle, 1), "room": round(_width(n) + 4, 1)}
        for n in written
    ]
    return svg(frame, layers), said, marks, frame


def _streets(network: Network, crs: Any, frame: Frame) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]:
    """Kind, name and course on the paper of the streets seen."""
    from cfmap.network.plane import vertices_in_plane

    counts = np.diff(network.edge_first)
    shapes = np.asarray(shapely.linestrings(vertices_in_plane(network, crs), indices=np.repeat(np.arange(network.n_edges), counts)), dtype=object)
    drawn, edge = seen(shapes, frame)
    kind = np.array([KIND_OF_CLASS.get(HIGHWAY_CLASSES[c], "path") for c in network.edge_class[edge]], dtype=object)
    tags = network.way_tags
    names = (
        tags["name"].astype(object).reindex(network.edge_way[edge]).fillna("").to_numpy(dtype=object)
        if "name" in tags
        else np.full(len(edge), "", dtype=object)
    )
    return kind, names, drawn


def _names(kinds: NDArray[np.object_], names: NDArray[np.object_], shapes: NDArray[np.object_]) -> Iterator[placing.Name]:
    """Each street's name once, on its longest straight piece, big streets first."""
    longest: dict[str, tuple[int, float, Any]] = {}
    order = {kind: k for k, kind in enumerate(ROADS)}
    merged = {name: shapely.line_merge(shapely.union_all(shapes[names == name])) for name in dict.fromkeys(n for n in names if n)}
    for name, shape in merged.items():
        rank = min(order[k] for k in kinds[names == name])
        for part in shapely.get_parts(shape):
            if part.geom_type == "LineString" and part.length > longest.get(name, (0, 0.0, None))[1]:
                longest[name] = rank, part.length, part
    for name, (_, length, part) in sorted(longest.items(), key=lambda item: (item[1][0], -item[1][1], item[0])):
        width = placing.text_width_mm(name, 7.0)
        if length >= width + 2:
            x, y, angle = placing.along(part, width)
            turn = np.radians(angle)
            yield placing.Name(name, x + BESIDE_MM * float(np.sin(turn)), y - BESIDE_MM * float(np.cos(turn)), 7.0, angle, "street")


def _width(name: placing.Name) -> float:
    return placing.text_width_mm(name.text, name.size_pt)
