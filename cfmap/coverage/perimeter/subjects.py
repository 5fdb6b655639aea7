"""Which segments and gates are there for answers to speak of?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfmap.model import fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from cfmap.model import Fault
    from cfmap.model.survey import Answer, ItemKey
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


def lost_answers(answers: Iterable[Answer], network: Network, doors: gpd.GeoDataFrame) -> list[Fault]:
    """
    W294 for each answer of a survey about a segment that is no longer in the streets, or about a gate that its school no longer has.

    Answers about gates of schools that have no door here belong to another layer, and are not looked at.
    """
    given = [a for a in answers if a.source == "survey"]
    if not given:
        return []
    subjects, schools = Subjects(network, doors), set(doors["school"].astype(str))
    found = []
    for a in given:
        if not subjects.has(a.subject, a.item) and (a.item != "C" or a.subject.rpartition("/")[0] in schools):
            file, _, row = a.id.rpartition(" ")
            number = int(row) if row.isdigit() else None
            found.append(fault("W294", file=file or None, row=number, column="键", value=a.subject, where=a.subject))
    return found


__all__ = ["Subjects", "lost_answers"]
