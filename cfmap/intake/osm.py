"""What does OpenStreetMap know: every layer's objects, water and green, and place names, in one pass over an extract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cfmap.intake.osm_columns import OsmObject, name_of, site
from cfmap.model import SITE_COLUMNS, InputError, OsmTags, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    from shapely.geometry.base import BaseGeometry

    from cfmap.model import Fault, Layer

ATTRIBUTION = "© OpenStreetMap contributors, ODbL"

#: What the page's own background is filled with: kind -> tags. The sea is not among it: coastlines are no areas.
BASEMAP_AREAS: dict[str, tuple[OsmTags, ...]] = {
    "water": (
        OsmTags((("natural", ("water",)),)),
        OsmTags((("waterway", ("riverbank", "dock")),)),
        OsmTags((("landuse", ("reservoir", "basin")),)),
    ),
    "green": (
        OsmTags((("leisure", ("park", "garden", "nature_reserve", "golf_course")),)),
        OsmTags((("landuse", ("grass", "forest", "meadow", "recreation_ground", "village_green")),)),
        OsmTags((("natural", ("wood", "scrub", "grassland", "heath")),)),
    ),
}

#: Place nodes whose names are written on the background -> rank (1 first).
LABEL_RANKS = {
    "city": 1,
    "town": 1,
    "borough": 2,
    "suburb": 2,
    "village": 2,
    "quarter": 3,
    "neighbourhood": 3,
    "hamlet": 3,
}


COASTLINE = OsmTags((("natural", ("coastline",)),))


@dataclass(frozen=True)
class OsmExtract:
    """
    What an OpenStreetMap file says about the layers it was read for.

    Attributes
    ----------
    path
        File that was read.
    objects
        Layer key -> objects that its rules take, in file order, duplicates not yet merged.
    areas
        GeoDataFrame EPSG:4326, RangeIndex, ``kind`` (water / green), Polygon or MultiPolygon.
    labels
        GeoDataFrame EPSG:4326, RangeIndex, ``name, rank`` (1 town, 2 village or suburb, 3 smaller), Point.
    timestamp
        State of the data: the file header's, else the latest edit among the objects taken; None when neither is known.
    attribution
        What must stand beside anything drawn from it.
    coastline
        Ways tagged ``natural=coastline``, in their own direction, for :func:`cfmap.intake.sea.sea`.
    faults
        W345 for each layer with areas that are cut off at the file's edge.
    """

    path: Path
    objects: dict[str, list[OsmObject]]
    areas: gpd.GeoDataFrame
    labels: gpd.GeoDataFrame
    timestamp: datetime | None
    attribution: str = ATTRIBUTION
    coastline: tuple[BaseGeometry, ...] = ()
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, path: Path, layers: Iterable[Layer]) -> OsmExtract:
        """
        Read a file (``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``) once for all `layers`.

        Closed ways and multipolygon relations become areas; an outline whose parts are missing from the file (cut off
        at its edge) cannot be closed, is left out and reported. Open ways are taken for line layers only.

        Raises
        ------
        InputError
            E301 missing, E302 empty, E304 cut short or no OpenStreetMap data.
        OSError
            It may not be read.
        """
        collected = _Collector(tuple(layers))
        if not path.is_file():
            raise InputError(fault("E301", file=path.name))
        if not path.stat().st_size:
            raise InputError(fault("E302", file=path.name))
        import osmium

        try:
            timestamp = collected.run(path)
        except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
            raise InputError(fault("E304", file=path.name, detail=str(error))) from error
        return cls(
            path,
            collected.finished(),
            collected.areas_frame(),
            collected.labels_frame(),
            timestamp or collected.latest,
            coastline=collected.coast(),
            faults=tuple(collected.cut_off(path.name)),
        )

    @classmethod
    def nothing(cls, path: Path, layers: Iterable[Layer]) -> OsmExtract:
        """Stand in for an extract that could not be read, so that everything else can still be checked."""
        empty = _Collector(tuple(layers))
        return cls(path, empty.finished(), empty.areas_frame(), empty.labels_frame(), None)

    def features(self, layer: Layer) -> gpd.GeoDataFrame:
        """
        Give the sites of a layer.

        Returns
        -------
        GeoDataFrame
            EPSG:4326, RangeIndex, ``SITE_COLUMNS`` + ``geometry`` of the layer's type (areas of point layers by a point
            inside them, their outlines by :meth:`footprints`), sorted by id; empty when the layer has no rules or
            nothing was found. Missing values are None (``year``: <NA>, ages: NaN); ``facilities`` holds several values
            joined by ``；``; ``source_date`` is the ISO day of the last edit.
        """
        import geopandas as gpd
        import pandas as pd
        import shapely

        things = self._merged(layer)
        geometry = [shapely.point_on_surface(g) if layer.geometry == "Point" else g for _, g in things]
        records = [site(thing, layer) for thing, _ in things]
        table = pd.DataFrame(records, columns=list(SITE_COLUMNS), dtype=object)
        table = table.astype({"year": "Int64", "age_min": "float64", "age_max": "float64"})
        return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometry, index=table.index, crs="EPSG:4326"), crs="EPSG:4326")

    def footprints(self, layer: Layer) -> gpd.GeoSeries:
        """Outlines (EPSG:4326) of those sites that are areas, index = site id; empty when none is."""
        import geopandas as gpd

        outlines = {thing.id: g for thing, g in self._merged(layer) if "Polygon" in g.geom_type}
        return gpd.GeoSeries(list(outlines.values()), index=list(outlines), crs="EPSG:4326", dtype="geometry")

    def _merged(self, layer: Layer) -> list[tuple[OsmObject, Any]]:
        import shapely

        things = self.objects.get(layer.key, [])
        geometries = shapely.from_wkb([thing.wkb for thing in things])
        return sorted(_without_duplicates(things, geometries), key=lambda pair: pair[0].id)


# -- one pass ------------------------------------------------------------------------------------------------------


class _Index:
    """Rules by one tag that an object of theirs must have, so that an object meets only the few rules that may take it."""

    def __init__(self, rules: Iterable[tuple[str, OsmTags]]) -> None:
        self._by_tag: dict[tuple[str, str | None], list[tuple[str, OsmTags]]] = {}
        for owner, rule in rules:
            key, values = next((tag for tag in rule.having if tag[1]), rule.having[0])
            for value in values or (None,):
                self._by_tag.setdefault((key, value), []).append((owner, rule))

    def owners(self, tags: dict[str, str]) -> dict[str, OsmTags]:
        """Owner -> its first rule that takes an object with these tags."""
        found: dict[str, OsmTags] = {}
        for key, value in tags.items():
            for tag in ((key, value), (key, None)):
                for owner, rule in self._by_tag.get(tag, ()):
                    if owner not in found and rule.matches(tags):
                        found[owner] = rule
        return found

    def filter(self) -> Any:
        """Build an osmium filter that lets through every object some rule may take, and few others."""
        import osmium

        keys = {key for key, value in self._by_tag if value is None}
        if keys:  # osmium joins filters by "and" only, so one open rule opens the rest
            return osmium.filter.KeyFilter(*sorted(keys | {key for key, _ in self._by_tag}))
        return osmium.filter.TagFilter(*sorted((key, value) for key, value in self._by_tag if value is not None))


@dataclass
class _Collector:
    """State of the pass; every object that some rule takes is kept once per layer."""

    layers: tuple[Layer, ...]
    taken: dict[str, list[OsmObject]] = field(default_factory=dict)
    waiting: list[tuple[str, OsmTags, OsmObject]] = field(default_factory=list)  # nodes that count only on an outline
    outlines: dict[tuple[Any, ...], dict[int, str]] = field(default_factory=dict)  # rule's outline tags -> node -> name
    areas: list[tuple[str, str]] = field(default_factory=list)
    labels: list[tuple[str, int, str]] = field(default_factory=list)
    coastline: list[str] = field(default_factory=list)
    latest: datetime | None = None
    expected: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # areas that ought to come -> layers

    def __post_init__(self) -> None:
        self.taken = {layer.key: [] for layer in self.layers}
        self.outlines = {rule.on_outline_of: {} for layer in self.layers for rule in layer.osm if rule.on_outline_of}
        nodes = [(layer.key, rule) for layer in self.layers for rule in layer.osm if layer.geometry == "Point"]
        areas = [(layer.key, rule) for layer in self.layers for rule in layer.osm if layer.geometry != "LineString" and not rule.on_outline_of]
        lines = [(layer.key, rule) for layer in self.layers for rule in layer.osm if layer.geometry == "LineString"]
        ground = [(kind, rule) for kind, rules in BASEMAP_AREAS.items() for rule in rules]
        other = [("", OsmTags(outline)) for outline in self.outlines] + [("", OsmTags((("place", tuple(LABEL_RANKS)),))), ("", COASTLINE)]
        self.of_nodes, self.of_areas, self.of_lines, self.of_ground = _Index(nodes), _Index(areas), _Index(lines), _Index(ground)
        self.of_all = _Index([*nodes, *areas, *lines, *ground, *other])

    def run(self, path: Path) -> datetime | None:
        """Walk through the file; the time in its header."""
        import osmium
        import osmium.geom

        wkb = osmium.geom.WKBFactory()
        wanted = self.of_all.filter()
        pass_ = osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted)
        thing: Any
        for thing in pass_:
            tags = dict(thing.tags)
            if thing.is_area():
                self._area(thing, tags, wkb)
            elif thing.is_node():
                self._node(thing, tags, wkb)
            elif thing.is_way():
                self._way(thing, tags)
            elif tags.get("type") in {"multipolygon", "boundary"}:
                self._expect("r", thing.id, tags)
        return _header_time(pass_.header)

    def _node(self, node: Any, tags: dict[str, str], wkb: Any) -> None:
        found: OsmObject | None = None
        for key, rule in self.of_nodes.owners(tags).items():
            found = found or self._object("n", node.id, tags, node, wkb.create_point(node))
            if rule.on_outline_of:
                self.waiting.append((key, rule, found))
            else:
                self.taken[key].append(found)
        if tags.get("place") in LABEL_RANKS and (name := name_of(tags)):
            self.labels.append((name, LABEL_RANKS[tags["place"]], wkb.create_point(node)))

    def _area(self, area: Any, tags: dict[str, str], wkb: Any) -> None:
        if not area.num_rings()[0]:
            return  # an outline that does not close; told with those that never came
        for wanted, nodes in self.outlines.items():
            if OsmTags(wanted).matches(tags):
                nodes.update({node.ref: name_of(tags) for ring in area.outer_rings() for node in ring})
        kind, number = "w" if area.from_way() else "r", area.orig_id()
        self.expected[kind, number] = []  # it came
        keys, ground = self.of_areas.owners(tags), self.of_ground.owners(tags)
        if not keys and not ground:
            return
        outline = wkb.create_multipolygon(area)
        self.areas += [(kind, outline) for kind in BASEMAP_AREAS if kind in ground][:1]
        if keys:
            found = self._object(kind, number, tags, area, outline)
            for key in keys:
                self.taken[key].append(found)

    def _expect(self, kind: str, number: int, tags: dict[str, str]) -> None:
        if keys := self.of_areas.owners(tags):
            self.expected.setdefault((kind, number), list(keys))  # the area itself may have come before

    def _way(self, way: Any, tags: dict[str, str]) -> None:
        if way.is_closed() and tags.get("area") != "no":
            self._expect("w", way.id, tags)
        if COASTLINE.matches(tags):
            self.coastline += _courses(way)
        keys = self.of_lines.owners(tags)
        if keys and (courses := _courses(way)):
            found = self._object("w", way.id, tags, way, max(courses, key=len))  # the longest part inside the extract
            for key in keys:
                self.taken[key].append(found)

    def _object(self, kind: str, number: int, tags: dict[str, str], thing: Any, wkb: str) -> OsmObject:
        edited = thing.timestamp if thing.timestamp.timestamp() > 0 else None  # extracts often come without metadata
        if edited is not None:
            self.latest = edited if self.latest is None else max(self.latest, edited)
        return OsmObject(kind, number, tags, edited.date() if edited is not None else None, wkb)

    def finished(self) -> dict[str, list[OsmObject]]:
        """Objects per layer, with the nodes that turned out to lie on an outline they need."""
        for key, rule, node in self.waiting:
            owner = self.outlines[rule.on_outline_of].get(node.number)
            if owner is not None:
                named = {**node.tags, "name": f"{owner}（出入口）"} if owner and not name_of(node.tags) else node.tags
                self.taken[key].append(node._replace(tags=named))
        return self.taken

    def cut_off(self, file: str) -> Iterator[Fault]:
        """One record for each layer with areas that never came, because parts of their outline are not in the file."""
        for layer in self.layers:
            lost = sorted(f"{kind}{number}" for (kind, number), keys in self.expected.items() if layer.key in keys)
            if lost:
                yield fault("W345", file=file, layer=layer.title, layer_en=layer.title_en, count=len(lost), ids="、".join(lost[:5]))

    def coast(self) -> tuple[BaseGeometry, ...]:
        """Coastline ways as lines."""
        import shapely

        return tuple(shapely.from_wkb(self.coastline))

    def areas_frame(self) -> gpd.GeoDataFrame:
        import geopandas as gpd
        import shapely

        return gpd.GeoDataFrame({"kind": [k for k, _ in self.areas]}, geometry=shapely.from_wkb([g for _, g in self.areas]), crs="EPSG:4326")

    def labels_frame(self) -> gpd.GeoDataFrame:
        import geopandas as gpd
        import shapely

        columns = {"name": [n for n, _, _ in self.labels], "rank": [r for _, r, _ in self.labels]}
        return gpd.GeoDataFrame(columns, geometry=shapely.from_wkb([g for _, _, g in self.labels]), crs="EPSG:4326")


def _courses(way: Any) -> list[str]:
    """The stretches of a way whose points are in the file (an extract cuts ways at its edge), as WKB in hex."""
    import shapely

    runs: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.lon, node.lat))
        elif runs[-1]:
            runs.append([])
    return [shapely.to_wkb(shapely.LineString(run), hex=True) for run in runs if len(run) > 1]


def _header_time(header: Any) -> datetime | None:
    from datetime import datetime

    text = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:  # the header says nothing that is a time
        return None


# -- the same thing mapped twice -----------------------------------------------------------------------------------


def _without_duplicates(things: list[OsmObject], geometries: np.ndarray) -> Iterator[tuple[OsmObject, Any]]:
    """
    Each thing once: OpenStreetMap often has a node inside the outline of the same school.

    A node is the same thing as the outline it lies in when their names are equal, when it has none, or when the
    outline has none and no other node in it. An outline is the same thing as a larger one around it when their names
    are equal. What the dropped one knows and the kept one does not is kept.
    """
    import shapely

    outlines = [i for i, g in enumerate(geometries) if "Polygon" in g.geom_type]
    if not outlines:
        yield from zip(things, geometries, strict=True)
        return
    tree = shapely.STRtree(geometries[outlines])
    inside, around = tree.query(shapely.point_on_surface(geometries), predicate="within")
    size = shapely.area(geometries)
    holders: dict[int, list[int]] = {}
    for small, large in zip(inside, (outlines[a] for a in around), strict=True):
        if small != large and (things[small].kind == "n" or size[large] > size[small]):
            holders.setdefault(int(small), []).append(large)
    lodgers: dict[int, int] = {}
    for small, larges in holders.items():
        if things[small].kind == "n":
            for large in larges:
                lodgers[large] = lodgers.get(large, 0) + 1
    tags = [dict(thing.tags) for thing in things]
    dropped: set[int] = set()
    for small in sorted(holders, key=lambda i: float(size[i])):
        same = [large for large in holders[small] if _same(things[small], things[large], alone=lodgers.get(large) == 1)]
        if same:
            keep = min(same, key=lambda i: float(size[i]))
            tags[keep] = {**tags[small], **tags[keep]}
            dropped.add(small)
    for i, thing in enumerate(things):
        if i not in dropped:
            yield thing._replace(tags=tags[i]), geometries[i]


def _same(small: OsmObject, large: OsmObject, *, alone: bool) -> bool:
    first, second = name_of(small.tags).casefold(), name_of(large.tags).casefold()
    if first and second:
        return first == second
    return small.kind == "n" and (not first or alone)
