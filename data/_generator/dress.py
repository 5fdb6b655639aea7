"""Which tags does a street carry, and which are missing, as in life? Speeds, lanes, light, sidewalks, names, crossings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .walking import crossing_kind

if TYPE_CHECKING:
    from .join import Joined
    from .names import Names
    from .street import Array, Street

#: Class -> (possible values, share of ways that carry the tag).
MAXSPEED = {
    "trunk": (("70", "60"), 0.9),
    "primary": (("60", "50"), 0.75),
    "secondary": (("50", "40"), 0.6),
    "tertiary": (("40", "30"), 0.38),
    "residential": (("30", "20"), 0.16),
    "unclassified": (("40", "30"), 0.18),
    "living_street": (("10", "20"), 0.3),
}
LANES = {
    "trunk": (("6", "8"), 0.85),
    "primary": (("6", "4"), 0.75),
    "secondary": (("4", "2"), 0.6),
    "tertiary": (("2",), 0.35),
    "residential": (("2", "1"), 0.1),
}
LIT = {"trunk": 0.7, "primary": 0.65, "secondary": 0.5, "tertiary": 0.35, "residential": 0.25, "living_street": 0.3, "unclassified": 0.08, "footway": 0.12}
SURVEYED = 0.4  # of the streets near schools on whose sidewalks nothing was told before
SIDEWALK = {"trunk": 0.55, "primary": 0.7, "secondary": 0.55, "tertiary": 0.4, "residential": 0.2, "unclassified": 0.1}
NAMED = {"trunk": 1.0, "primary": 0.98, "secondary": 0.94, "tertiary": 0.8, "residential": 0.42, "living_street": 0.5, "unclassified": 0.3}
SURFACE = {
    "footway": (("paving_stones", "concrete", "asphalt"), 0.2),
    "residential": (("asphalt", "concrete"), 0.2),
    "path": (("ground", "dirt"), 0.4),
    "track": (("ground", "gravel", "concrete"), 0.6),
    "steps": (("stone", "concrete"), 0.3),
    "tertiary": (("asphalt",), 0.25),
    "primary": (("asphalt",), 0.4),
}


def dress(streets: list[Street], names: Names, rng: np.random.Generator, *, urban: shapely.Geometry, school_gates: Array) -> None:
    """Give every street its tags, in place; parts of one street that was cut at water keep what they share."""
    shapely.prepare(urban)
    gates = shapely.STRtree(shapely.points(school_gates)) if len(school_gates) else None
    walked = np.random.default_rng(len(streets))  # somebody mapped sidewalks round schools; draws of its own
    for one in streets:
        for key in ("axis",):
            one.tags.pop(key, None)
        kind = one.kind
        if "access" in one.tags or kind in ("motorway", "motorway_link"):
            if kind == "service" and rng.random() < 0.1:
                one.tags["maxspeed"] = "10"
                one.told.limit = 10
            continue
        if "name" not in one.tags and rng.random() < NAMED.get(kind, 0.0):
            one.tags["name"] = names.road(kind)
        in_town = urban.contains(shapely.points(one.points[len(one.points) // 2]))
        near_school = gates is not None and len(gates.query(one.line, predicate="dwithin", distance=110)) > 0 and kind in MAXSPEED
        one.told.limit = _speed(one, rng, near_school=near_school)
        for table, key in ((LANES, "lanes"), (SURFACE, "surface")):
            if kind in table and key not in one.tags and rng.random() < table[kind][1]:
                values = table[kind][0]
                one.tags[key] = str(values[int(rng.integers(len(values)))])
        if "lit" not in one.tags and rng.random() < LIT.get(kind, 0.0) * (1 if in_town else 0.5):
            one.tags["lit"] = "yes" if in_town or rng.random() < 0.4 else "no"
        one.told.left, one.told.right = _sidewalk(one, rng, in_town=in_town)
        if near_school and not one.told.left and walked.random() < SURVEYED and kind in SIDEWALK:
            one.told.left, one.told.right = _said(one, str(walked.choice(["both", "left", "right", "no"], p=[0.7, 0.1, 0.1, 0.1])))
        if kind == "residential" and rng.random() < 0.07:
            one.tags["oneway"] = "yes"


def _speed(one: Street, rng: np.random.Generator, *, near_school: bool) -> int | None:
    """Decide whether a limit is told, and which; None when none is."""
    if near_school and rng.random() < 0.42:
        one.tags["maxspeed"] = "30"
        if rng.random() < 0.5:
            one.tags["hazard"] = "school_zone"
        if rng.random() < 0.15:
            one.tags["traffic_calming"] = "table"
        return 30
    if one.kind in MAXSPEED and rng.random() < MAXSPEED[one.kind][1]:
        values = MAXSPEED[one.kind][0]
        one.tags["maxspeed"] = limit = str(values[int(rng.integers(len(values)))])
        return int(limit)
    if near_school and rng.random() < 0.2:
        one.tags["hazard"] = "school_zone"  # a sign, not a limit
    return None


def _sidewalk(one: Street, rng: np.random.Generator, *, in_town: bool) -> tuple[str, str]:
    """Decide what is told of each side: yes, no, drawn, or nothing."""
    if "sidewalk" in one.tags:
        if rng.random() < 0.1:  # the separate footway is there, the tag is not
            del one.tags["sidewalk"]
            return "", ""
        return "drawn", "drawn"
    if rng.random() < SIDEWALK.get(one.kind, 0.0) * (1.0 if in_town else 0.35):
        return _said(one, str(rng.choice(["both", "left", "right", "no"], p=[0.72, 0.07, 0.07, 0.14] if in_town else [0.3, 0.1, 0.1, 0.5])))
    return "", ""


def _said(one: Street, sides: str) -> tuple[str, str]:
    one.tags["sidewalk"] = sides
    return "yes" if sides in ("both", "left") else "no", "yes" if sides in ("both", "right") else "no"


def crossing_nodes(joined: Joined, rng: np.random.Generator) -> int:  # noqa: C901 - one story, told in order
    """
    Crossings as nodes on the carriageway a few metres before junctions, where no separate sidewalk is drawn.

    Returns
    -------
    How many were made.
    """
    arms: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # node -> (street, position, direction)
    rank = {"trunk": 4, "primary": 4, "secondary": 3, "tertiary": 2, "residential": 1, "unclassified": 1, "living_street": 1}
    for number, one in enumerate(joined.streets):
        if one.level == 0 and rank.get(one.kind, 0):
            for position, node in enumerate(one.nodes):
                arms[node] += [(number, position, d) for d in (-1, 1) if 0 <= position + d < len(one.nodes)]
    new_places: list[tuple[float, float]] = []
    inserts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    first = len(joined.places)
    for node, around in sorted(arms.items()):
        ranks = [rank[joined.streets[n].kind] for n, _, _ in around]
        if len(around) < 3 or max(ranks) < 2:
            continue
        if max(ranks) >= 3 and len(around) > 3 and rng.random() < 0.45:
            joined.tags.setdefault(node, {})["highway"] = "traffic_signals"
        kind = crossing_kind(rng)
        for number, position, direction in around:
            one = joined.streets[number]
            if rank[one.kind] < 2 or one.tags.get("sidewalk") == "separate" or rng.random() > 0.5:
                continue
            a, b = joined.places[node], joined.places[one.nodes[position + direction]]
            gap = float(np.hypot(*(b - a)))
            if gap < 24:
                continue
            spot = a + (b - a) * 11 / gap
            new_places.append((float(spot[0]), float(spot[1])))
            number_of_node = first + len(new_places) - 1
            joined.tags[number_of_node] = {"highway": "crossing", **kind}
            inserts[number].append((position + (1 if direction > 0 else 0), number_of_node))
    if new_places:
        joined.places = np.vstack([joined.places, new_places])
    for number, items in inserts.items():
        nodes = joined.streets[number].nodes
        for position, node in sorted(items, reverse=True):
            nodes.insert(position, node)
    return len(new_places)


def marks(joined: Joined) -> None:
    """Put the tags that streets carry for places (gates, crossings) on the nearest of their nodes."""
    for one in joined.streets:
        for place, tags in one.marks:
            spots = joined.places[one.nodes]
            distance = np.hypot(spots[:, 0] - place[0], spots[:, 1] - place[1])
            k = int(np.argmin(distance))
            if distance[k] < 3:
                joined.tags.setdefault(one.nodes[k], {}).update(tags)
