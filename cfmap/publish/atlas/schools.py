"""The streets round each school on paper: a small map and a few lines for every school, six to a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.perimeter.figures import NONE
from cfmap.coverage.perimeter.spoken import interval
from cfmap.geometry.crs import geometries_to_plane
from cfmap.indicators.perimeter_shares import OF_SCHOOLS, looked_at, perimeter_figures, watched
from cfmap.model.once import kept
from cfmap.publish.atlas.background import background, drawn
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame
from cfmap.publish.looks import CASING, PROPOSED, STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.model import City
    from cfmap.model.edition import Edition
    from cfmap.publish.atlas.background import Background, Drawn
    from cfmap.publish.atlas.placing import Name

SCHOOLS, GATES = "schools", "school_gates"
PANEL_MM = (126.0, 96.0)
PANELS = 6  # on a sheet, three beside each other
GATE_MM = 1.1
ROUND_M = 25.0  # seen beyond the streets that are judged
LINE_MM, CASING_MM, BAND_MM, BAND_OPACITY = 1.2, 1.8, 3.0, 0.3
GATE_WORDS = {state: look.title for state, look in STATES.items()} | {"none": "门前没有机动车道"}
REASONS_SHOWN = 3


@dataclass(frozen=True)
class Mark:
    """A short text in the middle of something drawn, millimetres from the left and the top."""

    x: float
    y: float
    text: str
    on_dark: bool = False


@dataclass(frozen=True)
class Panel:
    """
    One school.

    Attributes
    ----------
    title, town
        Its name and its town.
    picture, frame
        SVG without text, and what it shows.
    names
        Of streets, to be written on it.
    lines
        What is said below.
    marks
        Written on what is drawn.
    """

    title: str
    town: str
    picture: str
    frame: Frame
    names: tuple[Name, ...]
    lines: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


def panels(edition: Edition) -> list[Panel]:
    """Schools of the edition in order of town and table; none when it has no streets round schools (a public one mostly has not)."""
    segments, schools = edition.perimeter, watched(edition).get(SCHOOLS)
    if segments is None or schools is None or SCHOOLS not in looked_at(edition):
        return []
    below: Background = kept(background, edition)
    crs = below.crs
    segments = segments[segments["layer"].eq(SCHOOLS)]
    summary, _ = perimeter_figures(edition, OF_SCHOOLS)
    inner = segments[~segments["ring"].astype(bool)]
    rows = {school: table.assign(line=geometries_to_plane(np.array(table.geometry.values, dtype=object), crs)) for school, table in inner.groupby("school")}
    sites = schools.sites[schools.sites["id"].isin(summary.index)]
    places = dict(zip(sites["id"], geometries_to_plane(np.array(sites.geometry.values, dtype=object), crs), strict=True))
    proposed = list(_proposed(edition, crs))
    gates = edition.layers[GATES].sites.geometry.values if GATES in edition.layers else []
    doors = geometries_to_plane(np.array(gates, dtype=object), crs) if len(gates) else np.empty(0, dtype=object)
    made = []
    for site in sites.sort_values("town", kind="stable").itertuples():
        mine, figures = rows.get(site.id), summary.loc[site.id]
        around = places[site.id] if mine is None else shapely.union_all([*mine["line"], places[site.id]])
        frame = Frame.around(shapely.bounds(shapely.buffer(around, ROUND_M)).tolist(), width_mm=PANEL_MM[0], height_mm=PANEL_MM[1])
        layers = [*below.drawn(frame, *proposed), *_drawn(frame, mine, places[site.id], doors, str(schools.layer.colour))]
        town = site.town if isinstance(site.town, str) else ""
        words = tuple(_words(figures, mine, edition.city))
        made.append(Panel(str(site.name), town, svg(frame, layers), frame, below.written(frame), words))
    return made


def _proposed(edition: Edition, crs: CRS) -> Iterator[Drawn]:
    """Streets proposed as safe routes, a band below the states of the streets."""
    if edition.routes is not None and len(edition.routes.proposed):
        shapes = geometries_to_plane(np.array(edition.routes.proposed.geometry.values, dtype=object), crs)
        yield drawn(shapes, Pen(stroke=PROPOSED.colour, width=BAND_MM, opacity=BAND_OPACITY))


def _drawn(frame: Frame, mine: pd.DataFrame | None, place: Any, doors: NDArray[np.object_], colour: str) -> Iterator[tuple[Any, Pen]]:
    if mine is not None:
        yield seen(mine["line"].to_numpy(), frame)[0], Pen(stroke=CASING, width=CASING_MM)
        for state, look in STATES.items():
            yield seen(mine["line"][mine["state"].eq(state)].to_numpy(), frame)[0], Pen.of(look, LINE_MM)
    if place.geom_type != "Point":
        yield seen(np.array([place], dtype=object), frame)[0], Pen(fill=colour, stroke=colour, width=0.3, opacity=0.3)
    for shape in seen(doors, frame)[0] if len(doors) else ():
        x, y = shape.x, shape.y
        yield [shapely.box(x - GATE_MM, y - GATE_MM, x + GATE_MM, y + GATE_MM)], Pen(fill="#ffffff", stroke="#111827", width=0.35)
    x, y = frame.on_paper(shapely.get_coordinates(shapely.point_on_surface(place)))[0]
    yield [circle(float(x), float(y), 1.6)], Pen(fill=colour, stroke="#ffffff", width=0.3)


def _words(figures: pd.Series, mine: pd.DataFrame | None, city: City) -> Iterator[str]:
    metres = city.walking.perimeter_m
    if mine is None:
        yield f"{metres:,.0f} 米内没有通汽车的路：不算安全，也不算不安全" if figures["every"] == NONE else "校门附近没有街道数据：不清楚"
        return
    yield f"{metres:,.0f} 米内街道 {figures['metres']:,.0f} 米：" + "，".join(f"{look.title} {figures[f'{state}_m']:,.0f} 米" for state, look in STATES.items())
    gate = GATE_WORDS[figures["gate"]]
    yield f"安全的占 {interval(figures['lower'], figures['upper'])}；校门前过街：{gate}"
    why = list(_why(mine, city))
    if why:
        yield "不安全的原因：" + "；".join(why)


def _why(mine: pd.DataFrame, city: City) -> Iterator[str]:
    """What makes the most metres unsafe."""
    from cfmap.coverage.safety import ITEMS, explain, thresholds_of

    known = {clause.reason for item in ITEMS.values() for clause in item.clauses if clause.state == "unsafe"}
    unsafe = mine[mine["state"].eq("unsafe")]
    metres: dict[str, float] = {}
    for reasons, length in zip(unsafe["reasons"], (unsafe["to_m"] - unsafe["from_m"]) * unsafe["weight"], strict=True):
        for code in dict.fromkeys(reasons.split(";")):
            if code in known:
                metres[code] = metres.get(code, 0.0) + length
    for code, length in sorted(metres.items(), key=lambda item: (-item[1], item[0]))[:REASONS_SHOWN]:
        yield f"{explain(code, thresholds=thresholds_of(city))}（{length:,.0f} 米）"
