"""What lies below the small maps of schools: areas, streets, and the names of streets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane
from cfmap.publish.atlas import placing
from cfmap.publish.atlas.drawing import Pen, seen
from cfmap.publish.atlas.sheets import AREAS, NAMED_ROADS, ROADS, plane_of, street_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.model.edition import Edition
    from cfmap.publish.atlas.frame import Frame
    from cfmap.publish.atlas.placing import Name

WIDER = 1.8  # streets: these maps are larger than the sheets of towns
NAME_PT = 6.0


@dataclass(frozen=True, eq=False)
class Drawn:
    """Shapes in metres that are drawn alike, found by where they are."""

    shapes: NDArray[np.object_]
    tree: shapely.STRtree
    pen: Pen

    def on(self, frame: Frame) -> tuple[Any, Pen]:
        """Those in a frame, on its paper."""
        return seen(self.shapes[np.sort(self.tree.query(frame.ground))], frame)[0], self.pen


@dataclass(frozen=True, eq=False)
class Background:
    """
    The same for all small maps of an edition.

    Attributes
    ----------
    crs
        Plane of the shapes.
    layers
        The important ones last.
    roads, near, names
        Streets with a name, where they are, and their names.
    """

    crs: CRS
    layers: tuple[Drawn, ...]
    roads: NDArray[np.object_]
    near: shapely.STRtree
    names: NDArray[np.object_]

    def drawn(self, frame: Frame, *more: Drawn) -> Iterator[tuple[Any, Pen]]:
        """What of it is in a frame, `more` on top."""
        for layer in (*self.layers, *more):
            shapes, pen = layer.on(frame)
            if len(shapes):
                yield shapes, pen

    def written(self, frame: Frame, taken: Iterable[Any] = ()) -> tuple[Name, ...]:
        """Names of streets in a frame, clear of each other and of what is `taken` on its paper."""
        some = np.sort(self.near.query(frame.ground))
        paper = shapely.box(0, 0, frame.width_mm, frame.height_mm)
        return tuple(placing.without_collisions(street_names(frame, self.roads[some], self.names[some], size_pt=NAME_PT), taken, paper=paper))


def background(edition: Edition) -> Background:
    """The streets and areas of an edition."""
    crs = plane_of(edition)
    roads = edition.basemap.roads
    named = roads[roads["name"].fillna("").ne("") & roads["kind"].isin(NAMED_ROADS)]
    lines = geometries_to_plane(np.array(named.geometry.values, dtype=object), crs)
    return Background(crs, tuple(_layers(edition, crs)), lines, shapely.STRtree(lines), named["name"].to_numpy(dtype=object))


def drawn(shapes: NDArray[np.object_], pen: Pen) -> Drawn:
    """Shapes in metres, to be drawn so."""
    return Drawn(shapes, shapely.STRtree(shapes), pen)


def _layers(edition: Edition, crs: CRS) -> Iterator[Drawn]:
    for table, pens in ((edition.basemap.areas, AREAS), (edition.basemap.roads, dict(reversed(ROADS.items())))):
        if table is None or not len(table):
            continue
        shapes = geometries_to_plane(np.array(table.geometry.values, dtype=object), crs)
        kinds = table["kind"].to_numpy(dtype=object)
        for kind, pen in pens.items():
            some = shapes[kinds == kind]
            if len(some):
                yield drawn(some, replace(pen, width=pen.width * WIDER))


__all__ = ["Background", "Drawn", "background", "drawn"]
