"""Which segments and gates are there for answers to speak of?"""

from __future__ import annotations

import re
from dataclasses import replace
from math import cos, hypot, radians
from typing import TYPE_CHECKING

from cfmap.model import fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from cfmap.model import Fault
    from cfmap.model.survey import Answer, ItemKey
    from cfmap.network import Network

_SEGMENT = re.compile(r"(\d+)/(\d+)-(\d+)")
_GATE = re.compile(r"(.+)/\d+@(-?[\d.]+),(-?[\d.]+)")  # school, longitude, latitude
SAME_GATE_M = 25.0  # as gates along an outline are one within it
_DEGREE_M = 111_320.0


def gate_key(gate: str, place: tuple[float, float]) -> str:
    """Key of a gate with its place (longitude, latitude): numbers of gates change when the list of gates does, places do not."""
    return f"{gate}@{place[0]:.6f},{place[1]:.6f}"


class Gates:
    """Gates of schools by their keys, with or without a place."""

    def __init__(self, doors: gpd.GeoDataFrame) -> None:
        self.keys = set(doors["gate"])
        self._of: dict[str, list[tuple[str, float, float]]] = {}
        for school, gate, point in zip(doors["school"].astype(str), doors["gate"], doors.geometry, strict=True):
            self._of.setdefault(school, []).append((gate, point.x, point.y))

    def school(self, key: str) -> str:
        """Id of the school in a key."""
        found = _GATE.fullmatch(key)
        return found[1] if found else key.rpartition("/")[0]

    def find(self, key: str) -> str | None:
        """The gate that a key is about: with a place the school's nearest within 25 m, else the one of that number; None when there is none."""
        found = _GATE.fullmatch(key)
        if found is None:
            return key if key in self.keys else None
        lon, lat = float(found[2]), float(found[3])
        near = ((hypot((x - lon) * cos(radians(lat)), y - lat) * _DEGREE_M, gate) for gate, x, y in self._of.get(found[1], []))
        metres, gate = min(near, default=(SAME_GATE_M + 1.0, ""))
        return gate if metres <= SAME_GATE_M else None

    def at_their_gates(self, answers: Iterable[Answer]) -> list[Answer]:
        """The answers, those about a gate with the key that it has now; those about gates of other places as they are."""
        return [replace(a, subject=self.find(a.subject) or a.subject) if a.item == "C" else a for a in answers]


class Subjects:
    """Which segments and gates there are, by key."""

    def __init__(self, network: Network, doors: gpd.GeoDataFrame) -> None:
        u, v = network.node_id[network.edge_u], network.node_id[network.edge_v]
        aside = network.left_out
        self.segments = {*zip(network.edge_way.tolist(), u.tolist(), v.tolist(), strict=True)}
        self.segments |= {*zip(aside["way_id"].tolist(), aside["u"].tolist(), aside["v"].tolist(), strict=True)}
        self.gates = Gates(doors)

    def has(self, key: str, item: ItemKey) -> bool:
        """Whether an item can be told of this key."""
        if item == "C":
            return self.gates.find(key) is not None
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
        if not subjects.has(a.subject, a.item) and (a.item != "C" or subjects.gates.school(a.subject) in schools):
            file, _, row = a.id.rpartition(" ")
            number = int(row) if row.isdigit() else None
            found.append(fault("W294", file=file or None, row=number, column="键", value=a.subject, where=a.subject))
    return found


__all__ = ["Gates", "Subjects", "gate_key", "lost_answers"]
