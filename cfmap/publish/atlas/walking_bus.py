"""The walking buses of each school on paper: a small map with its lines and stops, and the times at each stop below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane
from cfmap.model.once import kept
from cfmap.publish.atlas import placing
from cfmap.publish.atlas.background import background
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame
from cfmap.publish.atlas.schools import PANEL_MM, Mark, Panel
from cfmap.publish.looks import BUS_EDGE, CASING, WALKING_BUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model.edition import Edition
    from cfmap.publish.atlas.background import Background

ROUND_M = 60.0  # seen round the lines
LINE_MM, EDGE_MM, CASING_MM = 0.9, 1.7, 2.5
STOP_MM, SCHOOL_MM = 2.3, 2.8
SCHOOL_COLOUR = "#b3261e"
TEXT_PT, MOST_ROWS = 7.5, 6  # of text below a map
CORNER_MM = (34.0, 9.0)  # of the scale bar


def panels(edition: Edition) -> list[Panel]:
    """Schools with a line, in the order of the lines; none when the edition has no walking buses."""
    found = edition.walking_bus
    if found is None or not len(found.lines):
        return []
    below: Background = kept(background, edition)
    towns = dict(zip(edition.layers["schools"].sites["id"], edition.layers["schools"].sites["town"], strict=True)) if "schools" in edition.layers else {}
    courses = geometries_to_plane(np.array(found.lines.geometry.values, dtype=object), below.crs)
    lines = found.lines.assign(course=courses)
    stops = found.stops.assign(place=geometries_to_plane(np.array(found.stops.geometry.values, dtype=object), below.crs))
    made = []
    for school, mine in lines.groupby("school_id", sort=False):
        town = towns.get(school)
        calls = stops[stops["line_id"].isin(mine["id"])]
        made.append(_panel(mine, calls, below, edition, town=town if isinstance(town, str) else ""))
    return made


def _panel(lines: pd.DataFrame, stops: pd.DataFrame, below: Background, edition: Edition, *, town: str) -> Panel:
    courses = lines["course"].to_numpy()
    frame = Frame.around(shapely.buffer(shapely.union_all(courses), ROUND_M).bounds, width_mm=PANEL_MM[0], height_mm=PANEL_MM[1])
    ways = seen(courses, frame)[0]
    numbers = dict(zip(lines["id"], lines["number"], strict=True))
    places = frame.on_paper(shapely.get_coordinates(stops["place"].to_numpy()))
    apart = placing.apart(places, diameter=2 * STOP_MM, width=PANEL_MM[0], height=PANEL_MM[1])
    (school,) = frame.on_paper(shapely.get_coordinates(courses[0])[-1:])
    layers = [*below.drawn(frame), *_drawn(ways, apart, school)]
    marks = [Mark(float(x), float(y), f"{numbers[line]}-{order}") for (x, y), line, order in zip(apart, stops["line_id"], stops["order"], strict=True)]
    marks.append(Mark(float(school[0]), float(school[1]), "校", on_dark=True))
    corner = shapely.box(0, PANEL_MM[1] - CORNER_MM[1], *(CORNER_MM[0], PANEL_MM[1]))
    taken = [*(circle(x, y, STOP_MM) for x, y in (*apart, school)), corner, *(way.buffer(EDGE_MM / 2) for way in ways)]
    words = tuple(_timetable(lines, stops, edition))
    return Panel(str(lines["school"].iloc[0]), town, svg(frame, layers), frame, below.written(frame, taken), words, tuple(marks))


def _drawn(ways: NDArray[np.object_], stops: NDArray[np.float64], school: NDArray[np.float64]) -> Iterator[tuple[Any, Pen]]:
    for colour, width in ((CASING, CASING_MM), (BUS_EDGE, EDGE_MM), (WALKING_BUS.colour, LINE_MM)):
        yield ways, Pen(stroke=colour, width=width)
    x, y = (float(v) for v in school)
    yield [shapely.box(x - SCHOOL_MM, y - SCHOOL_MM, x + SCHOOL_MM, y + SCHOOL_MM)], Pen(fill=SCHOOL_COLOUR, stroke=CASING, width=0.3)
    yield [circle(float(x), float(y), STOP_MM) for x, y in stops], Pen(fill=WALKING_BUS.colour, stroke=BUS_EDGE, width=0.4)


def _timetable(lines: pd.DataFrame, stops: pd.DataFrame, edition: Edition) -> Iterator[str]:
    """A paragraph for each line, as many as there is room for."""
    arrival, used = edition.city.safety.walking_bus.arrival, 0
    told = [_words(line, stops[stops["line_id"] == line["id"]], arrival, inside=not edition.public) for line in lines.to_dict("records")]
    for number, text in enumerate(told):
        used += -int(-placing.text_width_mm(text, TEXT_PT) // PANEL_MM[0])
        if used > MOST_ROWS - (number < len(told) - 1):
            yield f"另有 {len(told) - number} 条线，时刻见 indicators.xlsx。"
            return
        yield text


def _words(line: Mapping[Any, Any], stops: pd.DataFrame, arrival: str, *, inside: bool) -> str:
    who = f"，{line['children']} 个孩子、{line['adults']} 个大人" if inside else ""
    calls = "　".join(f"{line['number']}-{s.order} {s.name} {s.leaves}" for s in stops.itertuples())
    return f"{line['number']} 号线（{line['length_m']:,} 米，约 {line['minutes']} 分钟{who}）：{calls}　学校 {arrival} 前"


__all__ = ["panels"]
