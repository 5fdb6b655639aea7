"""What is a walk made of, and where does it run? Stretches of edges in the order of walking."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.network.course import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.network import Network
    from cfmap.planning.safe_tree import Route


class Piece(NamedTuple):
    """A stretch of an edge, walked from one distance from its start to the other (backwards where `from_mm` is the larger), millimetres."""

    edge: int
    from_mm: int
    to_mm: int

    @property
    def mm(self) -> int:
        """Its length."""
        return abs(self.to_mm - self.from_mm)


def pieces_of(route: Route) -> list[Piece]:
    """Stretches of a route that have a length."""
    found = (Piece(*stretch) for stretch in zip(route.edge.tolist(), route.begin_mm.tolist(), route.end_mm.tolist(), strict=True))
    return [piece for piece in found if piece.mm]


def line_of(network: Network, pieces: Sequence[Piece], place: tuple[float, float]) -> shapely.LineString:
    """The course of a walk in degrees; of a walk without length `place` twice."""
    if not pieces:
        return shapely.LineString([place, place])
    edge = np.array([p.edge for p in pieces], dtype=np.int64)
    ends = np.sort(np.array([(p.from_mm, p.to_mm) for p in pieces], dtype=np.int64), axis=1)
    places: list[tuple[float, float]] = []
    for piece, drawn in zip(pieces, cut(network, edge, ends[:, 0], ends[:, 1]), strict=True):
        course = list(drawn.coords) if piece.from_mm <= piece.to_mm else list(drawn.coords)[::-1]
        places += course[1:] if places and places[-1] == course[0] else course
    return shapely.LineString(places)
