"""What does the page draw of walking buses: lines to each school and their stops with times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from cfmap.publish.looks import BUS_EDGE, WALKING_BUS
from cfmap.publish.web.geometry import pack_lines, quantise
from cfmap.publish.web.shown import site_key

if TYPE_CHECKING:
    from cfmap.model.edition import Edition

SCHOOLS = "schools"
TOLERANCE_M = 2.0


def bus_block(edition: Edition) -> dict[str, Any] | None:
    """
    The block ``bus``; None where no line is shown, and the page then carries no script for it.

    ``lines`` packed with their position as tag; ``colours`` of a line and of its edges; ``schools`` with ``key`` and ``name`` and their ``lines``:
    number ``n``, ``m`` metres, ``t`` minutes, ``stops`` in the order of the walk as name, name in English, lon, lat (on the page's grid), time,
    metres to the school. Only an internal page has ``children`` of a line, and those of a stop as its last item.
    """
    found = edition.walking_bus
    if found is None or not len(found.lines):
        return None
    inside = not edition.public
    at = quantise(shapely.get_coordinates(found.stops.geometry.to_numpy())).tolist()
    stops: dict[str, list[list[Any]]] = {}
    for row, (lon, lat) in zip(found.stops.to_dict("records"), at, strict=True):
        told = [row["name"], row["name_en"], lon, lat, row["leaves"], row["to_school_m"], *([row["children"]] if inside else [])]
        stops.setdefault(row["line_id"], []).append(told)
    schools: dict[str, dict[str, Any]] = {}
    for row in found.lines.to_dict("records"):
        line = {"n": row["number"], "m": row["length_m"], "t": row["minutes"], "stops": stops[row["id"]]}
        key = site_key(SCHOOLS, str(row["school_id"]))
        school = schools.setdefault(key, {"key": key, "name": row["school"], "lines": []})
        school["lines"].append(line | ({"children": row["children"]} if inside else {}))
    shapes = found.lines.geometry.to_numpy()
    return {
        "lines": pack_lines(shapes, list(range(len(shapes))), tolerance_m=TOLERANCE_M),
        "colours": [WALKING_BUS.colour, BUS_EDGE],
        "arrival": edition.city.safety.walking_bus.arrival,
        "schools": list(schools.values()),
        "definition": found.definition,
        "definition_en": found.definition_en,
    }


__all__ = ["bus_block"]
