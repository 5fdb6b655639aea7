"""What lies under the marks: ground, streets and borders as one SVG in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cfmap.publish.atlas.frame import Frame
    from cfmap.publish.looks import Look

FINEST_MM = 0.05  # corners nearer to a straight line than this are left out
PAPER = "#faf9f5"


@dataclass(frozen=True)
class Pen:
    """How shapes are drawn: colours as ``#rrggbb`` or none, width and dashes in millimetres."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 0.0
    dash: str = ""
    opacity: float = 1.0
    ends: str = "round"

    @classmethod
    def of(cls, look: Look, width: float) -> Pen:
        """For lines that look so."""
        return cls(stroke=look.colour, width=width, dash=" ".join(f"{part:g}" for part in look.dashes(width)), ends=look.ends)

    def attributes(self) -> str:
        """As SVG."""
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        faint = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        ends = f'stroke-linejoin="round" stroke-linecap="{self.ends}" fill-rule="evenodd"'
        return f'fill="{self.fill}" stroke="{self.stroke}" stroke-width="{self.width:g}" {ends}{dash}{faint}'


def seen(shapes: NDArray[np.object_], frame: Frame) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Shapes in metres cut to the sheet and brought onto the paper, thinned; and which of the given ones they are."""
    ground = frame.ground
    some = np.flatnonzero(shapely.intersects(shapes, ground))
    cut = shapely.clip_by_rect(shapes[some], *ground.bounds)
    drawn = shapely.simplify(shapely.transform(cut, frame.on_paper), FINEST_MM, preserve_topology=False)
    here = ~(shapely.is_missing(drawn) | shapely.is_empty(drawn))
    return drawn[here], some[here]


def svg(frame: Frame, layers: Iterable[tuple[Sequence[Any] | NDArray[np.object_], Pen]]) -> str:
    """One picture of shapes already on the paper, in the order given."""
    size = f'width="{frame.width_mm:g}mm" height="{frame.height_mm:g}mm" viewBox="0 0 {frame.width_mm:g} {frame.height_mm:g}"'
    body = "".join(f'<path d="{d}" {pen.attributes()}/>' for shapes, pen in layers if (d := "".join(_path(s) for s in shapes)))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect width="100%" height="100%" fill="{PAPER}"/>{body}</svg>'


def circle(x: float, y: float, radius: float) -> shapely.Polygon:
    """A round mark."""
    return shapely.Point(x, y).buffer(radius, quad_segs=6)


def _path(shape: Any) -> str:
    if shape.geom_type.startswith("Multi") or shape.geom_type == "GeometryCollection":
        return "".join(_path(part) for part in shape.geoms)
    if shape.geom_type == "Polygon":
        return "".join(_course(ring.coords, closed=True) for ring in (shape.exterior, *shape.interiors))
    return _course(shape.coords, closed=False) if shape.geom_type in ("LineString", "LinearRing") else ""


def _course(coords: Iterable[tuple[float, ...]], *, closed: bool) -> str:
    points = list(_steps(coords))
    return f"M{'L'.join(points)}{'Z' if closed else ''}" if len(points) > 1 else ""


def _steps(coords: Iterable[tuple[float, ...]]) -> Iterator[str]:
    last = ""
    for x, y, *_ in coords:
        step = f"{x:.2f} {y:.2f}"
        if step != last:
            yield step
        last = step
