"""Where do the judged walks begin and end? On streets, away from junctions, where both engines must see the same one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.network import EdgeFlag

if TYPE_CHECKING:
    from cfmap.network import Network

CLEAR_DEGREES = 3e-5  # about 3 m: no other street this near, so that "the nearest street" is one street
LEAST_MM = 16_000  # segments whose middle half lies at least 4 m from both ends


class Spot(NamedTuple):
    """A place on an edge, away from its vertices."""

    edge: int
    lon: float
    lat: float


def draw(network: Network, count: int, *, seed: int) -> list[Spot]:
    """
    Random places in the middle half of segments, each metre of segment equally likely.

    Links across squares are no streets that one could stand on for both engines; places with another segment within 3 m,
    be it of the same street, are passed over. Coordinates are rounded to a millionth of a degree, as Valhalla keeps them.
    """
    import shapely

    edge_of = np.repeat(np.arange(network.n_edges), np.diff(network.edge_first))
    length = np.diff(network.vertex_mm, append=0)
    usable = (np.diff(edge_of, append=-1) == 0) & (length >= LEAST_MM) & ~network.has(EdgeFlag.AREA_LINK)[edge_of]
    segments = np.flatnonzero(usable)
    inside = np.flatnonzero(np.diff(edge_of, append=-1) == 0)
    ends = np.stack([np.column_stack([network.vertex_lon[k], network.vertex_lat[k]]) for k in (inside, inside + 1)], axis=1)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(ends)))
    dice = random.Random(seed)
    spots: list[Spot] = []
    for k in dice.choices(segments.tolist(), weights=length[segments].tolist(), k=4 * count):
        share = dice.uniform(0.25, 0.75)
        lon = round(float(network.vertex_lon[k] + share * (network.vertex_lon[k + 1] - network.vertex_lon[k])), 6)
        lat = round(float(network.vertex_lat[k] + share * (network.vertex_lat[k + 1] - network.vertex_lat[k])), 6)
        if inside[tree.query(shapely.Point(lon, lat), predicate="dwithin", distance=CLEAR_DEGREES)].tolist() == [k]:
            spots.append(Spot(int(edge_of[k]), lon, lat))
        if len(spots) == count:
            break
    return spots
