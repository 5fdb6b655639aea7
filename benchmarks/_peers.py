"""
How do other engines answer the same two questions: nearest of many sites for every node, and every node near one site?

One class per engine over a :class:`~benchmarks._tiles.Tiling`. Building is the constructor; ``nearest(sources)`` and
``within(source, limit_mm)`` return what the engine itself returns, so that no conversion is timed; ``as_mm`` and
``as_pairs`` turn that into whole millimetres for the comparison of answers.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._harness import peers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from benchmarks._tiles import Tiling

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]"]  # node ascending, mm


class Scipy:
    """``scipy.sparse.csgraph.dijkstra``: compiled Fibonacci heap."""

    name = "scipy"

    def __init__(self, tiling: Tiling) -> None:
        from scipy.sparse import csr_array

        first, target, mm = tiling.arcs()
        self.graph = csr_array((mm.astype(np.float64), target, first.astype(np.int32)), shape=(tiling.n_nodes, tiling.n_nodes))

    def nearest(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.graph, directed=True, indices=sources, min_only=True)

    def within(self, source: int, limit_mm: int) -> NDArray[np.float64]:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.graph, directed=True, indices=source, limit=limit_mm)

    def as_mm(self, answer: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.where(np.isfinite(answer), np.rint(np.nan_to_num(answer, posinf=-1)), -1).astype(np.int64)

    def as_pairs(self, answer: NDArray[np.float64]) -> Pairs:
        nodes = np.flatnonzero(np.isfinite(answer))
        return nodes, answer[nodes].astype(np.int64)


class NetworkX:
    """networkx: pure Python, binary heap."""

    name = "networkx"

    def __init__(self, tiling: Tiling) -> None:
        import networkx as nx

        self.graph = nx.Graph()
        self.graph.add_nodes_from(range(tiling.n_nodes))
        u, v, mm = tiling.simple()
        self.graph.add_weighted_edges_from(zip(u.tolist(), v.tolist(), mm.tolist(), strict=True), weight="mm")
        self.count = tiling.n_nodes

    def nearest(self, sources: NDArray[np.int64]) -> dict[int, int]:
        import networkx as nx

        return nx.multi_source_dijkstra_path_length(self.graph, set(sources.tolist()), weight="mm")

    def within(self, source: int, limit_mm: int) -> dict[int, int]:
        import networkx as nx

        return nx.single_source_dijkstra_path_length(self.graph, source, cutoff=limit_mm, weight="mm")

    def as_mm(self, answer: dict[int, int]) -> NDArray[np.int64]:
        mm = np.full(self.count, -1, dtype=np.int64)
        mm[list(answer)] = list(answer.values())
        return mm

    def as_pairs(self, answer: dict[int, int]) -> Pairs:
        return _ordered(np.array(list(answer), dtype=np.int64), np.array(list(answer.values()), dtype=np.int64))


class Osmnx:
    """The recipe of osmnx's isochrone example: ``networkx.ego_graph`` on its directed multigraph."""

    name = "osmnx recipe"

    def __init__(self, tiling: Tiling) -> None:
        import networkx as nx

        self.graph = nx.MultiDiGraph(crs="EPSG:4326")
        self.graph.add_nodes_from((k, {"x": x, "y": y}) for k, (x, y) in enumerate(zip(tiling.lon.tolist(), tiling.lat.tolist(), strict=True)))
        for a, b in ((tiling.u, tiling.v), (tiling.v, tiling.u)):
            self.graph.add_edges_from((i, j, {"length": mm}) for i, j, mm in zip(a.tolist(), b.tolist(), tiling.mm.tolist(), strict=True))

    def within(self, source: int, limit_mm: int) -> Any:
        import networkx as nx

        return nx.ego_graph(self.graph, source, radius=limit_mm, distance="length")

    def as_nodes(self, answer: Any) -> NDArray[np.int64]:
        return np.sort(np.array(list(answer), dtype=np.int64))


class Pandana:
    """pandana: contraction hierarchies in C++; it takes metres, and snaps to nodes. Everything runs on all cores."""

    name = "pandana"

    def __init__(self, tiling: Tiling) -> None:
        import pandas as pd

        peers()
        with _silent():
            import pandana

            u, v, mm = tiling.simple()
            self.lon, self.lat = tiling.lon, tiling.lat
            self.graph = pandana.Network(
                pd.Series(tiling.lon), pd.Series(tiling.lat), pd.Series(u), pd.Series(v), pd.DataFrame({"m": mm / 1000.0}), twoway=True
            )

    def put(self, sources: NDArray[np.int64], reach_m: float) -> None:
        """Register the sites; part of building."""
        self.reach_m = reach_m
        with _silent():
            self.graph.set_pois("sites", reach_m, 1, self.lon[sources], self.lat[sources])

    def nearest(self, sources: NDArray[np.int64]) -> Any:  # noqa: ARG002 - the sites are those put before
        return self.graph.nearest_pois(self.reach_m, "sites", num_pois=1)

    def near(self, sources: NDArray[np.int64], limit_mm: int) -> Any:
        """All sites in one call: a table ``source, destination, m``."""
        return self.graph.nodes_in_range(sources, limit_mm / 1000.0)

    def as_mm(self, answer: Any) -> NDArray[np.int64]:
        return np.rint(answer[1].to_numpy() * 1000.0).astype(np.int64)


class Igraph:
    """igraph (C): one more node joined to every source by edges of length 0."""

    name = "igraph"

    def __init__(self, tiling: Tiling) -> None:
        peers()
        import igraph

        u, v, mm = tiling.simple()
        self.count, self.mm = tiling.n_nodes, mm.tolist()
        self.graph = igraph.Graph(n=tiling.n_nodes + 1, edges=np.column_stack([u, v]))

    def put(self, sources: NDArray[np.int64], reach_m: float) -> None:  # noqa: ARG002
        self.graph.add_edges([(self.count, s) for s in sources.tolist()])
        self.mm += [0] * len(sources)

    def nearest(self, sources: NDArray[np.int64]) -> Any:  # noqa: ARG002
        return self.graph.distances(source=[self.count], weights=self.mm)

    def as_mm(self, answer: Any) -> NDArray[np.int64]:
        return np.rint(np.array(answer[0][: self.count])).astype(np.int64)


class Rustworkx:
    """rustworkx (Rust): one more node, as for igraph."""

    name = "rustworkx"

    def __init__(self, tiling: Tiling) -> None:
        peers()
        import rustworkx

        u, v, mm = tiling.simple()
        self.count = tiling.n_nodes
        self.graph = rustworkx.PyGraph()
        self.graph.add_nodes_from(range(tiling.n_nodes + 1))
        self.graph.add_edges_from(list(zip(u.tolist(), v.tolist(), mm.astype(float).tolist(), strict=True)))

    def put(self, sources: NDArray[np.int64], reach_m: float) -> None:  # noqa: ARG002
        self.graph.add_edges_from([(self.count, s, 0.0) for s in sources.tolist()])

    def nearest(self, sources: NDArray[np.int64]) -> Any:  # noqa: ARG002
        import rustworkx

        return rustworkx.dijkstra_shortest_path_lengths(self.graph, self.count, float)

    def as_mm(self, answer: Any) -> NDArray[np.int64]:
        mm = np.zeros(self.count, dtype=np.int64)
        nodes = np.array(list(answer.keys()), dtype=np.int64)
        mm[nodes] = np.array(list(answer.values()))
        return mm


class Networkit:
    """networkit (C++): one more node, as for igraph."""

    name = "networkit"

    def __init__(self, tiling: Tiling) -> None:
        peers()
        import networkit

        u, v, mm = tiling.simple()
        self.count = tiling.n_nodes
        self.graph = networkit.Graph(tiling.n_nodes + 1, weighted=True)
        self.graph.addEdges((mm.astype(np.float64), (u.astype(np.uint64), v.astype(np.uint64))))

    def put(self, sources: NDArray[np.int64], reach_m: float) -> None:  # noqa: ARG002
        for source in sources.tolist():
            self.graph.addEdge(self.count, source, 0.0)

    def nearest(self, sources: NDArray[np.int64]) -> Any:  # noqa: ARG002
        import networkit

        search = networkit.distance.Dijkstra(self.graph, self.count, storePaths=False)
        search.run()
        return search.getDistances(asarray=True)

    def as_mm(self, answer: Any) -> NDArray[np.int64]:
        return np.rint(np.asarray(answer)[: self.count]).astype(np.int64)


def sweep(tiling: Tiling) -> Any:
    """
    The physical limit: read every arc once with the label of the node it leads to, and write one label per node.

    Arcs are packed as ours are, ``mm << 32 | target``. No search that looks at every street can do less.
    """
    import numba

    first, target, mm = tiling.arcs()
    arc = (mm.astype(np.uint64) << np.uint64(32)) | target.astype(np.uint64)
    first = first.astype(np.uint32)
    label, out = np.ones(tiling.n_nodes, dtype=np.uint64), np.empty(tiling.n_nodes, dtype=np.uint64)

    @numba.njit
    def once(first, arc, label, out):
        for node in range(len(out)):
            best = label[node]
            for k in range(first[node], first[node + 1]):
                there = label[arc[k] & np.uint64(0xFFFFFFFF)] + (arc[k] >> np.uint64(32))
                best = min(best, there)
            out[node] = best

    once(first, arc, label, out)
    return lambda: once(first, arc, label, out)


def _ordered(nodes: NDArray[np.int64], mm: NDArray[np.int64]) -> Pairs:
    order = np.argsort(nodes)
    return nodes[order], mm[order]


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Pandana prints its progress from C++, past Python's own stdout."""
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
