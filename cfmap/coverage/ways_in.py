"""Where do ways lead into fenced grounds, and which only run along the fence or come out again on the other side?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cfmap.network import Network

TOUCH_M = 0.1  # what comes so near to the outline touches it
DEEP_M = 5.0  # a way that never gets further in runs along the fence: aerial pictures and outlines are a few metres apart
TOGETHER_M = 25.0  # ways that enter within this of each other, along the outline, share one gate
OWN = ("service", "track", "pedestrian", "footway", "path", "steps", "cycleway", "bridleway", "corridor", "platform", "elevator")
STREETSIDE = ("sidewalk", "crossing")  # footways that belong to the street beside


class _Piece(NamedTuple):
    """A part of a way inside the outline, between two of the places numbered by :func:`_pieces`."""

    street: bool
    one: int
    other: int
    deep: bool


def ways_in(network: Network, edges: NDArray[np.int64], lines: NDArray[np.object_], area: shapely.Geometry) -> list[shapely.Point]:
    """
    Gates of fenced grounds as far as ways tell of them.

    Parameters
    ----------
    network, edges, lines
        Edges near the outline, and their courses in metres.
    area
        The grounds, valid, in the same metres.

    Returns
    -------
    gates
        Where a way comes in that ends on the grounds (or on the outline) or leads further in than 5 m. A street for the public, with the
        sidewalks drawn beside it, that goes in and comes out again belongs to the city, not to the grounds: where it crosses the outline
        there is no gate, but where a way of the grounds leaves it there is. Places within 25 m of each other along the outline are
        one gate, the middle one of them. Empty when no way leads in.
    """
    pieces, places, ends = _pieces(network, edges, lines, area)
    street = _passing([p for p in pieces if p.street], ends)
    city = {end for piece in street for end in (piece.one, piece.other)}
    doors: list[int] = []
    for group in _joined([p for p in pieces if p not in street]):
        reached = {end for piece in group for end in (piece.one, piece.other)}
        if any(piece.deep for piece in group) or any(_ends(network, end) for end in reached - city):
            doors += sorted(reached & (ends | city))
    return _together([places[door] for door in dict.fromkeys(doors)], area)


def _pieces(
    network: Network, edges: NDArray[np.int64], lines: NDArray[np.object_], area: shapely.Geometry
) -> tuple[list[_Piece], dict[int, shapely.Point], set[int]]:
    """Parts inside; places by number (nodes, and beyond them where a way meets the outline); which places are of the outline."""
    grown, inner = shapely.buffer(area, TOUCH_M, join_style="mitre"), shapely.buffer(area, -DEEP_M)
    shapely.prepare(grown)
    touching = np.flatnonzero(shapely.intersects(lines, grown))
    streets = _are_streets(network)
    rim = shapely.boundary(grown)
    numbers: dict[tuple[float, float], int] = {}
    places: dict[int, shapely.Point] = {}
    pieces: list[_Piece] = []
    met: set[int] = set()
    for row in touching.tolist():
        nodes = {lines[row].coords[at]: int(n[edges[row]]) for n, at in ((network.edge_u, 0), (network.edge_v, -1))}
        for part in shapely.get_parts(shapely.intersection(lines[row], grown)):
            if part.geom_type != "LineString":
                continue
            here = []
            for end in (part.coords[0], part.coords[-1]):
                number = nodes[end] if end in nodes else numbers.setdefault(end, network.n_nodes + len(numbers))
                places[number] = shapely.Point(end)
                if end not in nodes and shapely.distance(rim, places[number]) <= TOUCH_M / 2:
                    met.add(number)
                here.append(number)
            pieces.append(_Piece(bool(streets[edges[row]]), here[0], here[1], bool(shapely.intersects(part, inner))))
    return pieces, places, met


def _passing(pieces: Sequence[_Piece], ends: set[int]) -> set[_Piece]:
    """Streets left over when those that lead nowhere else are taken off from their ends, as far as they meet the outline twice."""
    left = list(pieces)
    while True:
        count = np.unique([end for p in left for end in (p.one, p.other)], return_counts=True)
        loose = {int(end) for end, n in zip(*count, strict=True) if n == 1} - ends
        kept = [p for p in left if p.one not in loose and p.other not in loose]
        if len(kept) == len(left):
            break
        left = kept
    return {p for group in _joined(left) if len({end for q in group for end in (q.one, q.other)} & ends) > 1 for p in group}


def _joined(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Pieces that hang together."""
    groups: list[tuple[set[int], list[_Piece]]] = []
    for piece in pieces:
        mine = {piece.one, piece.other}
        near = [group for group in groups if group[0] & mine]
        groups = [group for group in groups if not group[0] & mine]
        groups.append((mine.union(*(g[0] for g in near)), [*(p for g in near for p in g[1]), piece]))
    return [group for _, group in groups]


def _together(doors: list[shapely.Point], area: shapely.Geometry) -> list[shapely.Point]:
    """Of places close to each other along the outline the middle one, on the outline when it was beside it."""
    rings = shapely.get_parts(shapely.get_rings(shapely.get_parts(area)))
    found: list[shapely.Point] = []
    at_ring: dict[int, list[tuple[float, shapely.Point]]] = {}
    for door in doors:
        ring = int(np.argmin(shapely.distance(rings, door)))
        along = float(shapely.line_locate_point(rings[ring], door))
        place = shapely.line_interpolate_point(rings[ring], along) if shapely.distance(rings[ring], door) <= 2 * TOUCH_M else door
        at_ring.setdefault(ring, []).append((along, place))
    for ring, mine in at_ring.items():
        mine.sort(key=lambda pair: (pair[0], pair[1].x, pair[1].y))
        at = np.array([pair[0] for pair in mine])
        gap = np.diff(np.r_[at, at[0] + rings[ring].length])
        first = (int(np.argmax(gap)) + 1) % len(mine)  # begin behind the widest gap
        clusters: list[list[int]] = []
        for n in [*range(first, len(mine)), *range(first)]:
            if clusters and (at[n] - at[clusters[-1][0]]) % rings[ring].length <= TOGETHER_M:
                clusters[-1].append(n)
            else:
                clusters.append([n])
        for some in clusters:
            middle = (mine[some[(len(some) - 1) // 2]][1], mine[some[len(some) // 2]][1])  # two where their number is even
            found.append(min(middle, key=lambda p: (p.x, p.y)))
    return found


def _ends(network: Network, place: int) -> bool:
    """Whether a way ends here: no other goes on."""
    return place < network.n_nodes and bool(_degree(network)[place] == 1)


@lru_cache(maxsize=2)
def _degree(network: Network) -> NDArray[np.int64]:
    return np.bincount(np.r_[network.edge_u, network.edge_v], minlength=network.n_nodes)


@lru_cache(maxsize=2)
def _are_streets(network: Network) -> NDArray[np.bool_]:
    """Whether an edge is of a street for the public, or of a sidewalk drawn beside one."""
    streets = ~np.isin(network.edge_class, [n for n, kind in enumerate(HIGHWAY_CLASSES) if kind in OWN])
    if "footway" in network.way_tags:
        beside = network.way_tags.index[network.way_tags["footway"].isin(STREETSIDE)]
        streets |= np.isin(network.edge_way, beside.to_numpy(dtype=np.int64))
    return streets


__all__ = ["TOUCH_M", "ways_in"]
