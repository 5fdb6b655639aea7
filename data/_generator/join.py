"""Where do streets meet? On the same level wherever they cross or touch, on different levels only end to end."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from .street import Array, Street

NEAR = 0.35  # metres: an end this near to a line touches it; junctions this near are one


@dataclass
class Joined:
    """
    Streets with common nodes.

    Attributes
    ----------
    places
        Coordinates of nodes, metres.
    streets
        With `nodes` filled in.
    tags
        Node number -> tags.
    """

    places: Array
    streets: list[Street]
    tags: dict[int, dict[str, str]] = field(default_factory=dict)

    def uses(self) -> Counter[int]:
        """How often ways pass or end at each node."""
        return Counter(n for s in self.streets for n in s.nodes)

    def segments(self) -> list[tuple[int, list[int]]]:
        """Stretches between junctions: (street number, nodes)."""
        use = self.uses()
        result = []
        for number, one in enumerate(self.streets):
            start = 0
            for i in range(1, len(one.nodes)):
                if i == len(one.nodes) - 1 or use[one.nodes[i]] > 1:
                    result.append((number, one.nodes[start : i + 1]))
                    start = i
        return result

    def components(self) -> Array:
        """Number of the component of every node (all ways, whoever may use them)."""
        a = np.concatenate([s.nodes[:-1] for s in self.streets])
        b = np.concatenate([s.nodes[1:] for s in self.streets])
        n = len(self.places)
        return connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)[1]


def join(streets: list[Street]) -> Joined:
    """Give every street its nodes."""
    lines = np.array([s.line for s in streets])
    level = np.array([s.level for s in streets])
    owner, where = _crossings(lines, level)
    ends = np.vstack([[s.points[0] for s in streets], [s.points[-1] for s in streets]])
    end_owner = np.tile(np.arange(len(streets)), 2)
    touch_owner, touch_where = _touches(lines, level, ends, end_owner)
    owner = np.concatenate([end_owner, owner, touch_owner])
    where = np.vstack([ends, where, touch_where])
    is_end = np.arange(len(owner)) < len(ends)

    pairs = cKDTree(where).query_pairs(NEAR, output_type="ndarray")
    same = (level[owner[pairs[:, 0]]] == level[owner[pairs[:, 1]]]) | (is_end[pairs[:, 0]] & is_end[pairs[:, 1]])
    pairs = pairs[same]
    _, label = connected_components(coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(where), len(where))), directed=False)
    _, first = np.unique(label, return_index=True)
    label = np.searchsorted(label[first], label) if np.all(np.diff(label[first]) > 0) else label
    places = [tuple(where[i]) for i in first]

    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(streets) + 1))
    for number, one in enumerate(streets):
        mine = order[starts[number] : starts[number + 1]]
        along = shapely.line_locate_point(lines[number], shapely.points(where[mine]))
        mine_sorted = sorted(zip(along, mine, strict=True))
        total = float(lines[number].length)
        own = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(one.points, axis=0).T))])
        taken = np.array([a for a, _ in mine_sorted])
        items = [(0.0 if i == number else total if i == number + len(streets) else float(a), int(label[i])) for a, i in mine_sorted]
        for a, point in zip(own[1:-1], one.points[1:-1], strict=True):
            if np.min(np.abs(taken - a)) > 0.8:
                places.append((float(point[0]), float(point[1])))
                items.append((float(a), len(places) - 1))
        items.sort()
        nodes: list[int] = []
        for _, node in items:
            if not nodes or nodes[-1] != node:
                nodes.append(node)
        one.nodes = nodes
    return Joined(np.array(places), [s for s in streets if len(s.nodes) > 1])


def _crossings(lines: Array, level: Array) -> tuple[Array, Array]:
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    keep = (a < b) & (level[a] == level[b])
    a, b = a[keep], b[keep]
    common = shapely.intersection(lines[a], lines[b])
    parts, pair = shapely.get_parts(common, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    pair = pair[part]
    return np.concatenate([a[pair], b[pair]]), np.vstack([points, points])


def _touches(lines: Array, level: Array, ends: Array, end_owner: Array) -> tuple[Array, Array]:
    points = shapely.points(ends)
    point, line = shapely.STRtree(lines).query(points, predicate="dwithin", distance=NEAR)
    keep = (level[end_owner[point]] == level[line]) & (end_owner[point] != line)
    return line[keep], ends[point[keep]]


def tie_strays(streets: list[Street], *, reach: float, bar: shapely.Geometry) -> list[Street]:
    """
    Join what came out unconnected by accident to the main part, or drop it.

    Streets marked `apart` are left alone. Ties never cross `bar` (water).
    """
    shapely.prepare(bar)
    for attempt in range(3):
        joined = join(streets)
        component = joined.components()
        members: dict[int, list[Street]] = defaultdict(list)
        for one in joined.streets:
            members[int(component[one.nodes[0]])].append(one)
        main = max(members, key=lambda c: sum(len(s.nodes) for s in members[c]))
        strays = {c: group for c, group in sorted(members.items()) if c != main and not any(s.apart for s in group)}
        if not strays:
            break
        usable = np.unique([n for s in members[main] if s.level == 0 and s.kind not in ("motorway", "motorway_link") for n in s.nodes])
        tree = cKDTree(joined.places[usable])
        new: list[Street] = []
        lost: set[int] = set()
        for group in strays.values():
            nodes = np.unique([n for s in group if s.level == 0 for n in s.nodes]).astype(int)
            distance, index = tree.query(joined.places[nodes]) if len(nodes) else (np.array([]), np.array([]))
            for k in np.argsort(distance)[:6]:
                tie = np.array([joined.places[nodes[k]], joined.places[usable[index[k]]]])
                if distance[k] < reach and not bar.intersects(shapely.linestrings(tie)):
                    new.append(Street(tie, {"highway": "service"}))
                    break
            else:
                lost.update(id(s) for s in group)
        if attempt == 2:  # what is still apart after two rounds goes
            new, lost = [], {id(s) for group in strays.values() for s in group}
        streets = [*(s for s in streets if id(s) not in lost), *new]
    return streets
