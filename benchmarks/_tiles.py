"""
How does a street network of any size look? Tilings of a real walking network, no two tiles alike.

The streets of central Helsinki (a 2019 extract; the demo city's where it is absent) without the links cfmap draws across
squares are copied along a Hilbert curve of tiles. In every copy each edge is 1.0 to 1.2 times as long as on the ground
(seeded), so that no two tiles and no two paths are equal, and neighbouring tiles are joined at eight places a side. All
edges are public and two-way, and no edge is shorter than a millimetre: what every peer understands.

    tiling = tile(1_000_000)      # plain arrays
    network = tiling.network()    # a cfmap network over the same nodes and edges
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network import Network, Snapped

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CFMAP_TEST_DATA", ROOT.parent / "shared" / "data"))
JOINTS = 8  # streets between two neighbouring tiles
METRES_PER_DEGREE = 111_195.0  # on a sphere; lengths of joints only


@dataclass(frozen=True, eq=False)
class Tiling:
    """
    An undirected network as plain arrays.

    Attributes
    ----------
    lon, lat
        Degrees; nodes in Hilbert order of tiles, and within a tile in the network's own Hilbert order.
    u, v, mm
        Edges between node positions, lengths in whole millimetres >= 1; ordered by the lower, then the higher node.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    mm: NDArray[np.int64]

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.mm)

    def places(self, count: int, *, seed: int = 0) -> NDArray[np.int64]:
        """Different random nodes, ascending."""
        return np.sort(np.random.default_rng(seed).choice(self.n_nodes, count, replace=False))

    def simple(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """Edges without parallels (the shortest is kept): ``u < v, mm``, for peers that would add them up or overwrite them."""
        low, high = np.minimum(self.u, self.v), np.maximum(self.u, self.v)
        order = np.lexsort((self.mm, high, low))
        low, high, mm = low[order], high[order], self.mm[order]
        first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])] & (low != high)
        return low[first], high[first], mm[first]

    def arcs(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
        """Both directions of :meth:`simple` as CSR: ``first, target, mm``."""
        u, v, mm = self.simple()
        tail, head, mm = np.r_[u, v], np.r_[v, u], np.r_[mm, mm]
        order = np.lexsort((head, tail))
        first = np.zeros(self.n_nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(tail, minlength=self.n_nodes), out=first[1:])
        return first, head[order], mm[order]

    def network(self) -> Network:
        """The same as a cfmap network: straight edges of two vertices, every edge public, two-way and residential."""
        import pandas as pd

        from cfmap.network import Network
        from cfmap.network.build import no_barriers, no_crossings, nothing_left_out
        from cfmap.network.walkability import HIGHWAY_CLASSES

        n, m = self.n_nodes, self.n_edges
        ends = np.column_stack([self.u, self.v]).ravel()
        vertex_mm = np.zeros(2 * m, dtype=np.int64)
        vertex_mm[1::2] = self.mm
        return Network(
            node_lon=self.lon,
            node_lat=self.lat,
            node_id=np.arange(n, dtype=np.int64),
            edge_u=self.u,
            edge_v=self.v,
            edge_mm=self.mm,
            edge_way=np.arange(m, dtype=np.int64),
            edge_class=np.full(m, list(HIGHWAY_CLASSES).index("residential"), dtype=np.uint8),
            edge_flags=np.zeros(m, dtype=np.uint16),
            edge_first=np.arange(0, 2 * m + 1, 2, dtype=np.int64),
            vertex_lon=self.lon[ends],
            vertex_lat=self.lat[ends],
            vertex_mm=vertex_mm,
            node_component=np.zeros(n, dtype=np.int32),
            components=pd.DataFrame({"nodes": [n], "edges": [m], "km": [self.mm.sum() / 1e6], "gates": [()]}),
            way_tags=pd.DataFrame(index=pd.Index([], dtype=np.int64, name="way_id")),
            crossings=no_crossings(),
            left_out=nothing_left_out(),
            barriers=no_barriers(),
            source="tiling",
        )


@lru_cache(maxsize=1)
def tile(nodes: int, *, seed: int = 7) -> Tiling:
    """Tile until there are at least `nodes` nodes (rounded up to a whole tile); the same seed gives the same network."""
    lon, lat, u, v, mm = _seed_streets()
    n = len(lon)
    tiles = -(-nodes // n)
    column, row = _hilbert_cells(tiles)
    wide, high = np.ptp(lon) * 1.02, np.ptp(lat) * 1.02
    random = np.random.default_rng(seed)
    start = (np.arange(tiles, dtype=np.int32) * n)[:, None]
    stretched = np.maximum(1, np.rint(mm * random.uniform(1.0, 1.2, (tiles, len(mm))))).astype(np.int64).ravel()
    all_u, all_v = (start + u).ravel(), (start + v).ravel()
    all_lon, all_lat = (column[:, None] * wide + lon).ravel(), (row[:, None] * high + lat).ravel()

    place = {cell: k for k, cell in enumerate(zip(column.tolist(), row.tolist(), strict=True))}
    joined: list[tuple[int, int]] = []
    for step, along, across in (((1, 0), lon, lat), ((0, 1), lat, lon)):
        out, into = _border(along, across)
        joined += [
            (k * n + a, other * n + b)
            for (c, r), k in place.items()
            if (other := place.get((c + step[0], r + step[1]))) is not None
            for a, b in zip(out, into, strict=True)
        ]
    a, b = np.array(joined, dtype=np.int32).reshape(-1, 2).T
    metres = METRES_PER_DEGREE * np.hypot((all_lon[a] - all_lon[b]) * np.cos(np.radians(lat.mean())), all_lat[a] - all_lat[b])
    all_u, all_v = np.r_[all_u, a], np.r_[all_v, b]
    order = np.argsort((np.minimum(all_u, all_v).astype(np.int64) << 32) | np.maximum(all_u, all_v), kind="stable")
    lengths = np.r_[stretched, np.maximum(1, np.rint(metres * 1000)).astype(np.int64)]
    return Tiling(all_lon, all_lat, all_u[order], all_v[order], lengths[order])


def compiled() -> None:
    """
    Load the compiled searches, as any process has after its first large one.

    Without it a small first search is answered by scipy, which is quicker to load; ``crossover`` compares the two.
    """
    import cfmap.network.kernels  # noqa: F401


def source() -> str:
    """Name of the extract that is tiled."""
    return _extract().name


def on_nodes(network: Network, nodes: NDArray[np.int64]) -> Snapped:
    """Sites that stand exactly on nodes, without connectors, so that peers who snap to nodes answer the same question."""
    import pandas as pd

    from cfmap.network import Snapped

    edge = np.full(network.n_nodes, -1, dtype=np.int64)
    edge[network.edge_v] = np.arange(network.n_edges)
    edge[network.edge_u] = np.arange(network.n_edges)
    edge = edge[nodes]
    return Snapped(
        index=pd.RangeIndex(len(nodes)),
        edge=edge,
        offset_mm=np.where(network.edge_u[edge] == nodes, 0, network.edge_mm[edge]),
        connector_mm=np.zeros(len(nodes), dtype=np.int64),
        lon=network.node_lon[nodes],
        lat=network.node_lat[nodes],
        component=network.node_component[nodes],
        status=np.full(len(nodes), "ok", dtype=object),
    )


def _extract() -> Path:
    choices = [DATA / "helsinki" / "Helsinki.osm.pbf", ROOT / "data" / "network.osm.pbf", *sorted((ROOT / "examples").rglob("*.osm.pbf"))]
    return next(path for path in choices if path.is_file())


@lru_cache(maxsize=1)
def _seed_streets() -> tuple[NDArray, ...]:
    """The largest connected part of the extract's streets, ``lon, lat, u, v, mm``; kept, as many processes ask for it."""
    kept_at = ROOT / ".cache" / "benchmarks" / f"streets-2-{hashlib.sha256(_extract().read_bytes()).hexdigest()[:16]}.npz"
    if not kept_at.is_file():
        kept_at.parent.mkdir(parents=True, exist_ok=True)
        part = kept_at.with_suffix(f".{os.getpid()}.npz")
        np.savez(part, *_largest_part())
        part.replace(kept_at)
    with np.load(kept_at) as kept:
        return tuple(kept[name] for name in kept.files)


def _largest_part() -> tuple[NDArray, ...]:
    from cfmap.network import EdgeFlag, Network
    from cfmap.network.build import find_components

    whole = Network.from_osm(_extract())
    kept = ~whole.has(EdgeFlag.AREA_LINK) & (whole.edge_u != whole.edge_v)
    u, v, mm = whole.edge_u[kept], whole.edge_v[kept], whole.edge_mm[kept]
    component, _ = find_components(whole.n_nodes, u, v, mm)
    kept = component[u] == 0
    nodes, ends = np.unique(np.r_[u[kept], v[kept]], return_inverse=True)
    u, v = ends.astype(np.int32).reshape(2, -1)
    lon, lat = whole.node_lon[nodes], whole.node_lat[nodes]
    order = np.lexsort((lat, lon))
    twin = np.zeros(len(lon))  # the two sides of a closed gate, a centimetre apart for peers that find nodes by place
    twin[order[1:]] = (np.diff(lon[order]) == 0) & (np.diff(lat[order]) == 0)
    return lon + 1e-7 * twin, lat, u, v, mm[kept]


def _hilbert_cells(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Column and row of the first `count` cells along a Hilbert curve; each cell touches the one before."""
    from cfmap.network.build import hilbert

    side = 1
    while side * side < count:
        side *= 2
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    order = np.argsort(hilbert(column.astype(float), row.astype(float), bits=max(1, side.bit_length() - 1)))[:count]
    return column[order], row[order]


def _border(along: NDArray[np.float64], across: NDArray[np.float64]) -> tuple[list[int], list[int]]:
    """Nodes furthest along, and least far along, in each of ``JOINTS`` strips."""
    strip = np.minimum((across - across.min()) / np.ptp(across) * JOINTS, JOINTS - 1).astype(int)
    inside = [np.flatnonzero(strip == k) for k in range(JOINTS)]
    return [int(i[along[i].argmax()]) for i in inside], [int(i[along[i].argmin()]) for i in inside]
