"""Which segments and gates are there for answers to speak of?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model.survey import ItemKey
    from cfmap.network import Network

_SEGMENT = re.compile(r"(\d+)/(\d+)-(\d+)")


class Subjects:
    """Which segments and gates there are, by key."""

    def __init__(self, network: Network, doors: gpd.GeoDataFrame) -> None:
        u, v = network.node_id[network.edge_u], network.node_id[network.edge_v]
        aside = network.left_out
        self.segments = {*zip(network.edge_way.tolist(), u.tolist(), v.tolist(), strict=True)}
        self.segments |= {*zip(aside["way_id"].tolist(), aside["u"].tolist(), aside["v"].tolist(), strict=True)}
        self.gates = set(doors["gate"])

    def has(self, key: str, item: ItemKey) -> bool:
        """Whether an item can be told of this key."""
        if item == "C":
            return key in self.gates
        found = _SEGMENT.fullmatch(key)
        return found is not None and tuple(map(int, found.groups())) in self.segments


__all__ = ["Subjects"]
