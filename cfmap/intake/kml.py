"""What stands in a KML file: its placemarks by folder, with their extended data under the names they were given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import numpy as np
import shapely

from cfmap.intake.opening import guard
from cfmap.model.errors import InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME, ABOUT = "name", "description"
_SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"}
_DEEPEST = 40  # elements in each other


@dataclass
class _Mark:
    values: dict[str, str] = field(default_factory=dict)
    shape: Any = None


@dataclass
class _Shape:
    kind: str
    corners: list[tuple[float, ...]] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    holes: list[Any] = field(default_factory=list)


class _Reader:
    """Handlers of one pass; GDAL's own reader gives up names that are not ASCII."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.folders: list[str] = [""]
        self.marks: dict[str, list[_Mark]] = {}
        self.mark: _Mark | None = None
        self.shapes: list[_Shape] = []
        self.datum = ""
        self.words: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self.path.append(tag)
        self.words = []
        if len(self.path) > _DEEPEST:
            msg = "too many elements in each other"
            raise ValueError(msg)
        if tag == "Folder":
            self.folders.append("")
        elif tag == "Placemark":
            self.mark = _Mark()
        elif tag in {"Data", "SimpleData"}:
            self.datum = attributes.get("name", "")
        elif tag in _SHAPES and self.mark is not None:
            self.shapes.append(_Shape(tag))

    def text(self, words: str) -> None:
        self.words.append(words)

    def end(self, _name: str) -> None:
        tag = self.path.pop()
        above = self.path[-1] if self.path else ""
        words, self.words = "".join(self.words).strip(), []
        if tag == "Folder":
            self.folders.pop()
        elif tag == "name" and above in {"Folder", "Document"} and self.mark is None:
            self.folders[-1] = words
        elif self.mark is None:
            return
        elif tag in {NAME, ABOUT} and above == "Placemark":
            self.mark.values[tag] = words
        elif (tag == "value" and above == "Data") or tag == "SimpleData":
            self.mark.values[self.datum] = words
        elif tag == "coordinates" and self.shapes:
            self.shapes[-1].corners = [tuple(float(v) for v in corner.split(",")[:2]) for corner in words.split()]
        elif tag in _SHAPES:
            self._closed(tag)
        elif tag == "Placemark":
            self.marks.setdefault(self.folders[-1], []).append(self.mark)
            self.mark = None

    def _closed(self, tag: str) -> None:
        made, above = self.shapes.pop(), self.path[-1]
        if tag == "LinearRing" and above in {"outerBoundaryIs", "innerBoundaryIs"} and self.shapes:
            if above == "outerBoundaryIs":
                self.shapes[-1].corners = made.corners
            else:
                self.shapes[-1].holes.append(made.corners)
        elif self.shapes:
            self.shapes[-1].parts.append(_shape(made))
        elif self.mark is not None:
            self.mark.shape = _shape(made)


def _shape(made: _Shape) -> Any:
    if made.kind == "MultiGeometry":
        return _together([part for part in made.parts if part is not None])
    if not made.corners:
        return None
    if made.kind == "Point":
        return shapely.Point(made.corners[0])
    return shapely.Polygon(made.corners, made.holes) if made.kind == "Polygon" else shapely.LineString(made.corners)


def _together(parts: list[Any]) -> Any:
    for kind, many in (("Point", shapely.MultiPoint), ("LineString", shapely.MultiLineString), ("Polygon", shapely.MultiPolygon)):
        if parts and all(part.geom_type == kind for part in parts):
            return many(parts)
    return shapely.GeometryCollection(parts)


def read_kml(raw: bytes, *, layer: str, file: str) -> tuple[list[str], list[list[str]], NDArray[np.object_]]:
    """
    Read the placemarks of a KML in WGS84, heights left out.

    Parameters
    ----------
    raw
        The file.
    layer
        Name of a folder; empty = the only one that has placemarks.
    file
        For messages.

    Returns
    -------
    names, rows, shapes
        ``name``, ``description`` and the extended data; None where a placemark has no shape.

    Raises
    ------
    InputError
        E202 damaged, E212 no such folder, E219 several folders.
    """
    reader = _Reader()
    parser = expat.ParserCreate()

    def no_doctype(*_: Any) -> None:
        msg = "DOCTYPE in a KML"
        raise ValueError(msg)

    parser.StartDoctypeDeclHandler = no_doctype
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    with guard(file):
        parser.Parse(raw, True)  # noqa: FBT003 - expat's own
    folders = list(reader.marks)
    if layer and layer not in folders:
        raise InputError(fault("E212", file=file, sheet=layer, wanted=layer, present="、".join(folders)))
    if not layer and len(folders) > 1:
        raise InputError(fault("E219", file=file, present="、".join(name or "—" for name in folders)))
    marks = reader.marks[layer or folders[0]] if folders else []
    names = list(dict.fromkeys(name for mark in marks for name in mark.values))
    shapes = np.empty(len(marks), dtype=object)
    shapes[:] = [mark.shape for mark in marks]
    return names, [[mark.values.get(name, "") for name in names] for mark in marks], shapes
