"""The streets round each school and kindergarten on paper: a small map and a few lines for each, six to a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.perimeter.figures import NONE
from cfmap.coverage.perimeter.spoken import interval
from cfmap.geometry.crs import geometries_to_plane
from cfmap.indicators.perimeter_shares import KINDS, Whose, looked_at, perimeter_figures, watched
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
    from cfmap.model.edition import Edition, LayerData
    from cfmap.publish.atlas.background import Background, Drawn
    from cfmap.publish.atlas.placing import Name

SCHOOLS, KINDERGARTENS, GATES = "schools", "kindergartens", "school_gates"
PANEL_MM = (126.0, 96.0)
PANELS = 6  # on a sheet, three beside each other
GATE_MM = 1.1
ROUND_M = 25.0  # seen beyond the streets that are judged
LINE_MM, CASING_MM, BAND_MM, BAND_OPACITY = 1.2, 1.8, 3.0, 0.3
GATE_NAMES = {SCHOOLS: "校门", KINDERGARTENS: "园门"}
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
    One school or kindergarten.

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


@dataclass(frozen=True)
class Part:
    """
    The sheets of one layer.

    Attributes
    ----------
    title, word, gate
        Heading of its sheets, and what its sites and their gates are called.
    panels
        Of its sites, in order of town and table.
    unseen
        Why sites have no panel, and their names by town: on a sheet of their own behind the others.
    """

    title: str
    word: str
    gate: str
    panels: tuple[Panel, ...]
    unseen: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


def parts(edition: Edition) -> list[Part]:
    """
    Schools first, then kindergartens, as far as the edition has looked at the streets round them (a public one mostly has not).

    Every school has a panel. A kindergarten has one where something is known of its streets; the others are named, with the reason: a map of streets
    of which nothing is known is the survey form, which has a sheet for each of them.
    """
    seen_round, layers = looked_at(edition), watched(edition)
    found = [_part(edition, layers[kind.layers[0]], kind) for kind in KINDS if kind.layers[0] in seen_round and kind.layers[0] in layers]
    return [part for part in found if part.panels or part.unseen]


def _part(edition: Edition, data: LayerData, kind: Whose) -> Part:
    below: Background = kept(background, edition)
    crs = below.crs
    (key,), segments = kind.layers, edition.perimeter
    assert segments is not None  # noqa: S101 - something was looked at
    segments = segments[segments["layer"].eq(key)]
    summary, _ = perimeter_figures(edition, kind)
    inner = segments[~segments["ring"].astype(bool)]
    rows = {school: table.assign(line=geometries_to_plane(np.array(table.geometry.values, dtype=object), crs)) for school, table in inner.groupby("school")}
    sites = data.sites[data.sites["id"].isin(summary.index)].sort_values("town", kind="stable")
    known = summary.index[summary[["safe_m", "unsafe_m"]].sum(axis=1).gt(0)]
    shown = sites if key == SCHOOLS else sites[sites["id"].isin(known)]
    places = dict(zip(shown["id"], geometries_to_plane(np.array(shown.geometry.values, dtype=object), crs), strict=True))
    proposed = list(_proposed(edition, crs))
    gates = edition.layers[GATES].sites.geometry.values if GATES in edition.layers else []
    doors = geometries_to_plane(np.array(gates, dtype=object), crs) if len(gates) else np.empty(0, dtype=object)
    made = []
    for site in shown.itertuples():
        mine, figures = rows.get(site.id), summary.loc[site.id]
        around = places[site.id] if mine is None else shapely.union_all([*mine["line"], places[site.id]])
        frame = Frame.around(shapely.bounds(shapely.buffer(around, ROUND_M)).tolist(), width_mm=PANEL_MM[0], height_mm=PANEL_MM[1])
        layers = [*below.drawn(frame, *proposed), *_drawn(frame, mine, places[site.id], doors, str(data.layer.colour))]
        words = tuple(_words(figures, mine, edition.city, gate=GATE_NAMES[key]))
        made.append(Panel(str(site.name), _town(site.town), svg(frame, layers), frame, below.written(frame), words))
    left = sites[~sites["id"].isin(shown["id"])]
    bare = left["id"].isin(summary.index[summary["every"].eq(NONE)])
    metres = f"{edition.city.walking.perimeter_m:,.0f}"
    reasons = ((left[bare], f"周边 {metres} 米内没有机动车道，不算安全，也不算不安全"), (left[~bare], f"周边 {metres} 米内的街道都没有资料"))
    unseen = tuple((f"{reason}（{len(some)} 所）", tuple(_by_town(some))) for some, reason in reasons if len(some))
    return Part(f"{kind.zh}周边街道", kind.zh, GATE_NAMES[key], tuple(made), unseen)


def _by_town(sites: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for town, some in sites.groupby(sites["town"].map(_town), sort=False):
        yield str(town), "、".join(map(str, some["name"]))


def _town(town: object) -> str:
    return town if isinstance(town, str) else ""


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


def _words(figures: pd.Series, mine: pd.DataFrame | None, city: City, *, gate: str) -> Iterator[str]:
    metres = city.walking.perimeter_m
    if mine is None:
        yield f"{metres:,.0f} 米内没有通汽车的路：不算安全，也不算不安全" if figures["every"] == NONE else f"{gate}附近没有街道数据：不清楚"
        return
    yield f"{metres:,.0f} 米内街道 {figures['metres']:,.0f} 米：" + "，".join(f"{look.title} {figures[f'{state}_m']:,.0f} 米" for state, look in STATES.items())
    crossing = GATE_WORDS[figures["gate"]]
    yield f"安全的占 {interval(figures['lower'], figures['upper'])}；{gate}前过街：{crossing}"
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
