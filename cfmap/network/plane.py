"""In which metric plane do these streets lie, and where in it?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cfmap.geometry.crs import metric_crs, to_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.network.network import Network


def network_crs(network: Network, *, setting: str = "auto") -> CRS:
    """Metric CRS of a network's centre; that of 0, 0 for a network without streets."""
    west, south, east, north = network.bounds
    if not np.isfinite(west):
        return metric_crs(0.0, 0.0, setting=setting)
    return metric_crs((west + east) / 2, (south + north) / 2, setting=setting)


@lru_cache(maxsize=2)
def vertices_in_plane(network: Network, crs: CRS) -> NDArray[np.float64]:
    """Vertices of all edges (n, 2) in metres; remembered for the networks used last."""
    return to_plane(np.column_stack([network.vertex_lon, network.vertex_lat]), crs)
