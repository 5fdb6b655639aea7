"""How does one cross a pedestrian square? Straight lines between its entrances, as long as they stay inside."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.model.messages import Fault, fault
from cfmap.network.network import EdgeFlag

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Polygon

    from cfmap.network.build import Ways

MAX_CORNERS = 60  # entrances and inner corners of one square that are joined with each other; more make too many lines
SHORTENED = 1e-6  # share of a line that is left out at either end, a tenth of a millimetre of 100 m: its corners lie on the outline, its middle need not
ROUNDING_DEGREES = 1e-9  # a tenth of a millimetre: how far rounding may put the middle of a line beside the outline it follows


class Square(NamedTuple):
    """A pedestrian area: its id (that of the way, or minus that of the relation), class, flags, and rings or parts of rings."""

    way_id: int
    kind: int  # position in HIGHWAY_CLASSES
    flags: int
    lines: list[tuple[list[int], str]]  # node ids in order, and role outer/inner


def cross_squares(ways: Ways, squares: list[Square]) -> tuple[Ways, list[int], list[Fault]]:
    """
    Add straight links across pedestrian squares.

    Entrances are vertices of the outline that other ways use too; with the corners that stick into the square they
    are joined pairwise wherever the straight line stays inside. The links are ways of two vertices with the
    square's id, ``AREA_LINK``.

    Returns
    -------
    ways
        With the links behind the ways that were there.
    across
        For each link, the position of its square.
    faults
        W309 for squares of which only the outline can be walked (broken outline, too many entrances).
    """
    if not squares:
        return ways, [], []
    uses = np.bincount(ways.vertex, minlength=len(ways.node_id))
    drawn = np.array(sorted({n for square in squares for line, _ in square.lines for n in line}), dtype=np.int64)
    at = np.minimum(np.searchsorted(ways.node_id, drawn), len(ways.node_id) - 1)  # ids are ascending
    position = {n: k for n, k in zip(drawn.tolist(), at.tolist(), strict=True) if ways.node_id[k] == n and np.isfinite(ways.lon[k])}
    shapes: list[Polygon] = []
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    owners: list[int] = []
    left: list[str] = []
    for place, square in enumerate(squares):
        rooms = _rooms(ways, square, position, uses)
        if rooms is None:
            left.append(str(square.way_id))
            continue
        for shape, joined in rooms:
            shapes.append(shape)
            pairs.append(joined)
            owners.append(place)
    faults = [fault("W309", count=len(left), ids="、".join(left[:20]))] if left else []
    pair = np.concatenate(pairs)
    room = np.repeat(np.arange(len(shapes)), [len(joined) for joined in pairs[1:]])
    inside = _inside(ways, shapes, room, pair)
    pair, across = pair[inside], [owners[k] for k in room[inside].tolist()]
    if not len(pair):
        return ways, [], faults
    linked = [squares[place] for place in across]
    linked_flags = [square.flags & ~int(EdgeFlag.AREA) | int(EdgeFlag.AREA_LINK) for square in linked]
    more = replace(
        ways,
        way_id=np.r_[ways.way_id, np.array([square.way_id for square in linked], dtype=np.int64)],
        kind=np.r_[ways.kind, np.array([square.kind for square in linked], dtype=np.uint8)],
        flags=np.r_[ways.flags, np.array(linked_flags, dtype=np.uint16)],
        first=np.r_[ways.first, ways.first[-1] + 2 * np.arange(1, len(pair) + 1)],
        vertex=np.r_[ways.vertex, pair.ravel()],
    )
    return more, across, faults


def _rooms(ways: Ways, square: Square, position: dict[int, int], uses: NDArray[np.int64]) -> list[tuple[Polygon, NDArray[np.int64]]] | None:
    """Shapes of a square, each with the pairs of its corners that may be joined; None = the outline is broken or has too many corners."""
    import shapely

    rings = [(_joined([line for line, role in square.lines if (role == "inner") == inner]), inner) for inner in (False, True)]
    outer = [[position[n] for n in ring] for ring in rings[0][0] or [] if all(n in position for n in ring)]
    inner = [[position[n] for n in ring] for ring in rings[1][0] or [] if all(n in position for n in ring)]
    if not outer or rings[0][0] is None:
        return None
    # every vertex of a ring is used once by the ring itself, its first vertex twice when one way draws it
    drawn: dict[int, int] = {}
    for line, _ in square.lines:
        for n in line:
            if n in position:
                drawn[position[n]] = drawn.get(position[n], 0) + 1
    rooms: list[tuple[Polygon, NDArray[np.int64]]] = []
    for ring in outer:
        shape = shapely.Polygon(_coordinates(ways, ring))
        holes = [hole for hole in inner if shape.contains(shapely.Point(ways.lon[hole[0]], ways.lat[hole[0]]))]
        if holes:
            shape = shapely.Polygon(_coordinates(ways, ring), [_coordinates(ways, hole) for hole in holes])
        if not shape.is_valid:
            return None
        entrances = {v for r in (ring, *holes) for v in r if uses[v] > drawn.get(v, 0)}
        corners = entrances | _inner_corners(ways, ring, convex=False) | {v for hole in holes for v in _inner_corners(ways, hole, convex=True)}
        chosen = corners if len(corners) <= MAX_CORNERS else entrances
        if len(chosen) > MAX_CORNERS:
            return None
        if len(entrances) > 1:
            rooms.append((shape, _pairs(sorted(chosen), [ring, *holes])))
    return rooms


def _pairs(corners: list[int], rings: list[list[int]]) -> NDArray[np.int64]:
    """All pairs but those that the outline itself joins."""
    drawn = {pair for ring in rings for one, other in pairwise(ring) for pair in ((one, other), (other, one))}
    return np.array([pair for pair in combinations(corners, 2) if pair not in drawn], dtype=np.int64).reshape(-1, 2)


def _inside(ways: Ways, shapes: list[Polygon], room: NDArray[np.int64], pair: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which straight lines stay inside their shape; touching its outline is allowed."""
    import shapely

    x, y = ways.lon[pair], ways.lat[pair]
    shapely.prepare(shapes)
    of = np.array(shapes, dtype=object)[room]
    middle_x, middle_y = x.mean(axis=1), y.mean(axis=1)
    inside: NDArray[np.bool_] = shapely.contains_xy(of, middle_x, middle_y)  # most lines that leave have their middle outside
    edge = np.flatnonzero(~inside)
    inside[edge] = shapely.dwithin(of[edge], shapely.points(middle_x[edge], middle_y[edge]), ROUNDING_DEGREES)
    left = np.flatnonzero(inside)
    step_x, step_y = (SHORTENED * (c[left, 1] - c[left, 0]) for c in (x, y))
    shorter = np.stack([x[left] + np.column_stack([step_x, -step_x]), y[left] + np.column_stack([step_y, -step_y])], axis=2)
    # a line without its ends mostly lies within and touches nothing, which is quickly told; the others are asked for exactly
    doubtful = left[~shapely.contains_properly(of[left], shapely.linestrings(shorter))]
    inside[doubtful] = shapely.covers(of[doubtful], shapely.linestrings(np.stack([x[doubtful], y[doubtful]], axis=2)))
    return inside


def _inner_corners(ways: Ways, ring: list[int], *, convex: bool) -> set[int]:
    """Vertices at which a ring turns into the area: reflex ones of an outline, convex ones of a hole."""
    x, y = ways.lon[ring], ways.lat[ring]
    dx, dy = x[1:] - x[:-1], y[1:] - y[:-1]
    turn = np.concatenate([dx[-1:], dx[:-1]]) * dy - np.concatenate([dy[-1:], dy[:-1]]) * dx
    area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    reflex = turn * np.sign(area) < 0
    wanted = ~reflex if convex else reflex
    return {ring[k] for k in np.flatnonzero(wanted & (turn != 0)).tolist()}


def _coordinates(ways: Ways, ring: list[int]) -> NDArray[np.float64]:
    return np.column_stack([ways.lon[ring], ways.lat[ring]])


def _joined(lines: list[list[int]]) -> list[list[int]] | None:
    """Put parts of rings together at their ends; None when they do not close."""
    open_ = [list(line) for line in lines if len(line) > 1]
    rings = [line for line in open_ if line[0] == line[-1] and len(line) > 3]
    open_ = [line for line in open_ if line[0] != line[-1]]
    while open_:
        ring = open_.pop()
        while ring[0] != ring[-1]:
            following = next((k for k, line in enumerate(open_) if ring[-1] in (line[0], line[-1])), None)
            if following is None:
                return None
            line = open_.pop(following)
            ring += line[1:] if line[0] == ring[-1] else line[-2::-1]
        rings.append(ring)
    return rings
