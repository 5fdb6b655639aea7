"""Which way along the streets? Lines for school routes and buses, and the crossings near schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from .streetwork import Streetwork

Array = np.ndarray


class Walks:
    """Shortest ways on the public streets."""

    def __init__(self, work: Streetwork) -> None:
        self._places = work.joined.places
        public = [s for s in work.joined.streets if "access" not in s.tags and not s.apart and s.kind not in ("motorway", "motorway_link")]
        a = np.concatenate([s.nodes[:-1] for s in public])
        b = np.concatenate([s.nodes[1:] for s in public])
        length = np.hypot(*(self._places[a] - self._places[b]).T)
        n = len(self._places)
        self._graph = coo_matrix((np.maximum(length, 0.01), (a, b)), shape=(n, n)).tocsr()
        self._used = np.unique(np.concatenate([a, b]))
        self._tree = cKDTree(self._places[self._used])
        crossing = [n for n, tags in work.joined.tags.items() if tags.get("highway") == "crossing"]
        self._crossings = self._places[sorted(crossing)]

    def path_from(self, at: Array, metres: float, rng: np.random.Generator) -> shapely.LineString | None:
        """A shortest way of about `metres` that ends at `at`."""
        start = int(self._used[self._tree.query(at)[1]])
        distance, before = dijkstra(self._graph, directed=False, indices=start, return_predecessors=True, limit=metres * 1.1)
        far = np.flatnonzero((distance > metres * 0.85) & np.isfinite(distance))
        if len(far) == 0:
            return None
        node = int(far[int(rng.integers(len(far)))])
        nodes = [node]
        while before[nodes[-1]] >= 0:
            nodes.append(int(before[nodes[-1]]))
        return shapely.simplify(shapely.LineString(self._places[nodes]), 1.0) if len(nodes) > 1 else None

    def crossings_near(self, schools: list[Array], *, count: int) -> list[tuple[int, Array]]:
        """Up to `count` crossings within 220 m of schools: (number of the school, place)."""
        tree = cKDTree(self._crossings)
        result: list[tuple[int, Array]] = []
        taken: set[int] = set()
        for number, at in enumerate(schools):
            for k in sorted(tree.query_ball_point(at, 220), key=lambda k: float(np.hypot(*(self._crossings[k] - at))))[:2]:
                if k not in taken and len(result) < count:
                    taken.add(k)
                    result.append((number, self._crossings[k]))
        return result
