"""What does the page know: an edition as small JSON, and nothing that may not leave the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.indicators.perimeter_shares import kinds_shown
from cfmap.model.edition import ROAD_KINDS
from cfmap.model.events import EVENTS
from cfmap.model.layer import GROUPS
from cfmap.model.schema import SITE_FIELDS
from cfmap.publish import review
from cfmap.publish.public import allowed
from cfmap.publish.web.bands import pack_bands
from cfmap.publish.web.events import events, today
from cfmap.publish.web.geometry import GRID, pack_lines, pack_minutes, pack_polygons, quantise
from cfmap.publish.web.inside import inside
from cfmap.publish.web.junctions import Street, pack_streets
from cfmap.publish.web.pinyin import readings
from cfmap.publish.web.shown import LINES, Shown, anchors, column, plain, public_fields, shown_of, site_key, values
from cfmap.publish.web.streets import paths_block, perimeter_block
from cfmap.publish.web.strokes import strokes
from cfmap.publish.web.theme import logo, readable
from cfmap.publish.web.town_figures import town_figures
from cfmap.publish.web.walking_bus import bus_block

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from cfmap.model.city import City
    from cfmap.model.edition import Basemap, Coverage, Edition
    from cfmap.model.layer import Field

ROAD_TOLERANCE_M = {
    "main": 2.5,
    "secondary": 2.5,
    "local": 3.0,
    "private": 4.0,
    "path": 4.0,
}  # with the step 0.8 to 1 m on average, 2 to 3 m at 95 of 100 places
ROAD_STEP = 3  # corners of streets to 1.7 m east and north: less than half of any street's width
SHAPE_TOLERANCE_M = 2.0
AREA_TOLERANCE_M = 4.0
AREA_STEP = 2
CATCHMENT_TOLERANCE_M = 30.0  # 6 to 7 m on average, 19 m at nineteen of twenty corners of the full outline; each band keeps its area
CATCHMENT_STEP = 16  # corners of catchments to 9 m: the area within 35 m of a street is no truer
ALIKE = 0.03  # bands whose limit and whose area differ by less are one line on a map
SPLIT_FROM = 1_000  # sites; with more, what the first markers do not need stands in a block after the basemap
EARLY = ("year", "status")  # columns that markers need
COUNTS = ("counts.", "years.")  # the page counts by itself
AREAS = (3, 6)  # shapely's numbers of geometry types
POLYGON = 3


@dataclass(frozen=True)
class Payload:
    """The page's blocks of data, ready for ``json.dumps``, in the order in which the page needs them."""

    meta: dict[str, Any]
    sites: dict[str, Any]
    basemap: dict[str, Any]
    coverage: dict[str, Any]
    changes: dict[str, Any] | None = None
    internal: dict[str, Any] | None = None  # what only the internal page shows
    bus: dict[str, Any] | None = None  # lines and stops of walking buses
    photos: dict[str, str] | None = None  # by a site's short name
    details: dict[str, Any] | None = None  # with very many sites: what their markers can do without
    events: dict[str, Any] | None = None  # what is on; not among the sites, so that it can be replaced alone


def payload(edition: Edition, *, icons: Iterable[str] = ()) -> Payload:
    """
    An edition's tables as the page's data.

    Only columns that are declared ``public`` go in, of those only the ones that ``publish.public_columns`` lists
    (unless "default"); closed sites stay out; sites without coordinates are listed without a place. Figures go in
    when the build is internal or ``publish.indicators`` lists them.

    Parameters
    ----------
    icons
        Pictures that the page has; a layer that names another gets a dot.
    """
    every = [shown_of(data) for data in edition.layers.values()]
    layers = [shown if shown.data.layer.key != EVENTS else Shown(shown.data, shown.table.iloc[:0], []) for shown in every]
    whole = _sites(edition, layers)
    sites, details = _split(whole)
    keys = [shown.data.layer.key for shown in layers]
    meta = _meta(edition, layers, frozenset(icons))
    on = (events(shown, edition.city, whole, layers=keys, read=today(china=meta["shifted"])) for shown in every if shown.data.layer.key == EVENTS)
    return Payload(
        meta=meta,
        sites=sites,
        basemap=_basemap(edition.basemap, edition.boundary, edition.towns),
        coverage=_coverage(edition, layers),
        changes=_changes(edition, layers),
        internal=inside(edition),
        bus=bus_block(edition),
        details=details,
        events=next(on, None),
    )


def _meta(edition: Edition, layers: list[Shown], icons: frozenset[str]) -> dict[str, Any]:
    city, section = edition.city, edition.city.edition
    bounds = _bounds(edition, layers)
    return {
        "city": {"name": city.city.name, "name_en": city.city.name_en, "demo": city.city.demo},
        "year": edition.year,
        "editions": list(section.editions),
        "data_date": section.data_date.isoformat() if section.data_date else "",
        "producer": section.producer,
        "review": section.review_number if edition.public else "",  # given for the public map, not for what else stands in an internal one
        "changed": edition.public and review.changed(edition),
        "exemption": section.exemption,
        "public": edition.public,
        "contact": city.publish.contact,
        "shifted": _shifted(bounds),
        "colour": readable(city.theme.colour),
        "logo": logo(city),
        "attribution": edition.basemap.attribution,
        "bounds": bounds,
        "groups": [[key, zh, en] for key, (zh, en) in GROUPS.items()],
        "layers": [_layer(shown, city, icons) for shown in layers],
        "fields": {f.key: _field(f) for f in public_fields(SITE_FIELDS, city) if f.key != "photo"},
        "indicators": _indicators(edition),
    }


def _layer(shown: Shown, city: City, icons: frozenset[str]) -> dict[str, Any]:
    layer = shown.data.layer
    return {
        "key": layer.key,
        "title": layer.title,
        "title_en": layer.title_en,
        "icon": layer.icon if layer.icon in icons else "dot",
        "colour": layer.colour,
        "geometry": layer.geometry,
        "group": layer.group,
        "count": len(shown.table),
        "unlocated": sum(g is None for g in shown.geometry),
        "description": layer.description,
        "description_en": layer.description_en,
        "source": layer.source,
        "fields": [{"key": f.key, **_field(f)} for f in public_fields(layer.fields, city)],
    }


def _field(field: Field) -> dict[str, str]:
    return {"title": field.title, "title_en": field.title_en, "kind": field.kind, "unit": field.unit}


def _indicators(edition: Edition) -> list[dict[str, Any]]:
    """Figures that may be shown, with what is needed to defend them."""
    keys = ("id", "title", "title_en", "value", "lower", "upper", "unit", "denominator", "definition", "definition_en", "data_date", "status")
    return [
        {k: plain(getattr(i, k)) for k in keys} | {"sources": list(i.sources)}
        for i in edition.indicators
        if not i.id.startswith(COUNTS) and (not edition.public or allowed(i, edition))
    ]


def _shifted(bounds: list[int]) -> bool:
    """Whether Amap draws this city in GCJ-02 (mainland China) or unshifted (Hong Kong, Macau, Taiwan, abroad)."""
    from cfmap.intake.datum import convert

    centre = np.array([bounds[0] + bounds[2], bounds[1] + bounds[3]]) / 2 / GRID
    lon, lat = convert(centre[:1], centre[1:], source="wgs84", target="gcj02")
    return bool(lon[0] != centre[0] or lat[0] != centre[1])


def _bounds(edition: Edition, layers: list[Shown]) -> list[int]:
    """West, south, east, north on the grid: of the middle half of the sites, else of the boundary, else of the streets."""
    located = np.array([g for shown in layers for g in shown.geometry if g is not None], dtype=object)
    if len(located):
        xy = shapely.get_coordinates(shapely.point_on_surface(located))
        low, high = np.quantile(xy, 0.25, axis=0), np.quantile(xy, 0.75, axis=0)
        return [int(v) for v in quantise(np.concatenate([low, high]))]
    for frame in (edition.boundary, edition.basemap.roads):
        if frame is not None and len(frame):
            return [int(v) for v in quantise(frame.total_bounds)]
    return [7_300_000, 1_800_000, 13_500_000, 5_300_000]


def _sites(edition: Edition, layers: list[Shown]) -> dict[str, Any]:
    """
    Sites by column, layer after layer in display order.

    ``lon``/``lat`` are steps of the grid (None without a place); a column is ``{"v": values}`` or, when values
    repeat, ``{"d": distinct values, "i": position in them}``, without ``i`` when all are the same; ``own`` holds the layers' own fields by layer.
    """
    fields = [f for f in public_fields(SITE_FIELDS, edition.city) if f.key not in {"layer", "name", "photo"}]
    geometry = np.array([g for shown in layers for g in shown.geometry], dtype=object)
    places = anchors(geometry)
    line, area = np.isin(shapely.get_type_id(geometry), LINES).nonzero()[0], np.isin(shapely.get_type_id(geometry), AREAS).nonzero()[0]
    names = [str(n) for shown in layers for n in values(shown, "name")]
    columns = {f.key: column([v for shown in layers for v in values(shown, f.key)]) for f in fields}
    searched = [*names, *(a for shown in layers for a in values(shown, "address") if isinstance(a, str) and "address" in columns)]
    return {
        "rows": [len(shown.table) for shown in layers],
        "key": [k for shown in layers for k in shown.keys],
        "lon": [None if p is None else p[0] for p in places],
        "lat": [None if p is None else p[1] for p in places],
        "name": names,
        "columns": columns,
        "own": {
            shown.data.layer.key: {f.key: column(values(shown, f.key)) for f in public_fields(shown.data.layer.fields, edition.city)}
            for shown in layers
            if shown.data.layer.key != EVENTS
        },
        "lines": pack_lines(geometry[line], line.tolist(), tolerance_m=SHAPE_TOLERANCE_M),
        "polygons": pack_polygons(geometry[area], area.tolist(), tolerance_m=AREA_TOLERANCE_M),
        "pinyin": readings(searched),
    }


def _split(sites: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The block of sites, and apart from it what markers, list and search by name can wait for, where there are very many."""
    if len(sites["name"]) <= SPLIT_FROM:
        return sites, None
    late = {"key": sites["key"], "own": sites["own"], "columns": {k: v for k, v in sites["columns"].items() if k not in EARLY}}
    return {k: v for k, v in sites.items() if k not in late} | {"columns": {k: v for k, v in sites["columns"].items() if k in EARLY}}, late


def _basemap(basemap: Basemap, boundary: gpd.GeoDataFrame | None, towns: gpd.GeoDataFrame | None) -> dict[str, Any]:
    """Streets by class, water, green, outlines and labels."""
    roads = basemap.roads
    names = sorted({n for n in roads["name"].dropna() if n}) if len(roads) else []
    number = {name: n for n, name in enumerate(names, start=1)}
    labels = basemap.labels.sort_values(["rank", "name"], kind="stable") if len(basemap.labels) else basemap.labels
    at = quantise(shapely.get_coordinates(labels.geometry.to_numpy())) if len(labels) else np.zeros((0, 2), dtype=np.int64)
    return {
        "roads": pack_streets(
            [_roads(roads[roads["kind"] == kind] if len(roads) else roads, number, ROAD_TOLERANCE_M[kind]) for kind in ROAD_KINDS], step=ROAD_STEP
        ),
        "names": names,
        **{kind: _ground(basemap.areas[basemap.areas["kind"] == kind] if len(basemap.areas) else basemap.areas) for kind in ("water", "green")},
        "boundary": _areas(boundary),
        "towns": _areas(towns),
        "labels": {
            "name": [str(n) for n in labels["name"]] if len(labels) else [],
            "rank": [int(r) for r in labels["rank"]] if len(labels) else [],
            "lon": at[:, 0].tolist(),
            "lat": at[:, 1].tolist(),
        },
    }


def _roads(roads: gpd.GeoDataFrame, number: dict[str, int], tolerance_m: float) -> Street:
    """Streets of one class, those of one name in long lines; the tag is the name's position + 1, 0 for none."""
    if not len(roads):
        return Street([], np.zeros(0, dtype=np.int64), tolerance_m)
    tags = np.array([number.get(name, 0) for name in roads["name"]], dtype=np.int64)
    parts, parents = shapely.get_parts(roads.geometry.to_numpy(), return_index=True)
    return Street(*strokes(parts, tags[parents]), tolerance_m)


def _ground(areas: gpd.GeoDataFrame) -> str:
    """Areas of one kind as one: a lawn inside a park is green once, not twice, which an even-odd fill would leave bare."""
    shapes = shapely.get_parts(shapely.normalize(shapely.union_all(shapely.make_valid(areas.geometry.to_numpy()))))
    shapes = shapes[shapely.get_type_id(shapes) == POLYGON]
    return pack_polygons(shapes, [0] * len(shapes), tolerance_m=AREA_TOLERANCE_M)


def _areas(areas: gpd.GeoDataFrame | None) -> str:
    """Outlines, each tagged with its row."""
    if areas is None or not len(areas):
        return pack_polygons([], [])
    return pack_polygons(areas.geometry.to_numpy(), range(len(areas)), tolerance_m=AREA_TOLERANCE_M, step=AREA_STEP)


def _changes(edition: Edition, layers: list[Shown]) -> dict[str, Any] | None:
    """
    What is new since the edition before: rows of the sites block, for removed sites their layer's position and name.

    ``compared`` tells of which layers (by position) a former edition was compared; of the others only the sites' years are known.
    """
    changes = edition.changes
    if changes is None:
        return None
    rows = {key: row for row, key in enumerate(k for shown in layers for k in shown.keys)}
    position = {shown.data.layer.key: n for n, shown in enumerate(layers)}
    known = [(rows.get(site_key(c.layer, c.id)), c) for c in changes.items if c.layer != EVENTS]
    here = [(row, c) for row, c in known if row is not None]
    return {
        "since": changes.since,
        "compared": sorted(position[key] for key in changes.compared if key in position and key != EVENTS),
        "added": [row for row, c in here if c.kind == "added"],
        "removed": [[position[c.layer], c.name] for _, c in known if c.kind == "removed" and c.layer in position],
        "moved": [[row, plain(c.metres)] for row, c in here if c.kind == "moved"],
        "renamed": [[row, c.before] for row, c in here if c.kind == "renamed"],
    }


def _coverage(edition: Edition, layers: list[Shown]) -> dict[str, Any]:
    rows = {key: row for shown in layers for row, key in enumerate(shown.keys)}
    towns = town_figures(edition)
    return {
        "items": [_reach(c, rows) for c in edition.coverages],
        "perimeter": perimeter_block(edition) if edition.perimeter is not None and len(edition.perimeter) and kinds_shown(edition) else None,
        **({"paths": paths} if (paths := paths_block(edition)) else {}),
        **({"towns": towns} if towns else {}),
    }


def _reach(coverage: Coverage, rows: dict[str, int]) -> dict[str, Any]:
    bands = _apart(coverage.catchment.sort_values("metres", ascending=False, kind="stable"), coverage.headline)
    return {
        "key": coverage.key,
        "layer": coverage.layer,
        "title": coverage.title,
        "title_en": coverage.title_en,
        "definition": coverage.definition,
        "definition_en": coverage.definition_en,
        "bands": [{"metres": plain(m), "minutes": plain(t)} for m, t in zip(bands["metres"], bands["minutes"], strict=True)],
        "headline": plain(coverage.headline),
        "areas": pack_bands(bands.geometry.to_numpy(), tolerance_m=CATCHMENT_TOLERANCE_M, step=CATCHMENT_STEP),
        "sites": {str(k): int(v) for k, v in coverage.sites["status"].value_counts().sort_index().items()} if len(coverage.sites) else {},
        "minutes": _minutes(coverage, rows),
    }


def _minutes(coverage: Coverage, rows: dict[str, int]) -> dict[str, Any] | None:
    """
    Walk to the sites around from anywhere near the streets; `pace` in metres a minute, `most` the minutes of the headline band.

    `rows` are those of sites within their layer, by their short names.
    """
    grid = coverage.minutes
    if grid is None or not len(grid.cell):
        return None
    pace = grid.speed_kmh * 1000.0 / 60.0
    return {
        "cells": pack_minutes(grid, [rows.get(site_key(coverage.layer, i), -1) for i in grid.sites]),
        "pace": round(pace, 3),
        "most": plain(round(coverage.headline / pace, 1)),
    }


def _apart(bands: gpd.GeoDataFrame, headline: float) -> gpd.GeoDataFrame:
    """
    Bands, widest first, without those that nobody could tell from the next wider one (790 m beside 800 m).

    The page's legend names the bands that are drawn; the files and the numbers keep all.
    """
    area = shapely.area(bands.geometry.to_numpy())
    metres = bands["metres"].to_numpy(dtype=float)
    keep: list[int] = []
    for n in range(len(bands)):
        wider = keep[-1] if keep else None
        alike = wider is not None and metres[n] > (1 - ALIKE) * metres[wider] and area[n] > (1 - ALIKE) * area[wider]
        if not alike or metres[n] == headline:
            keep.append(n)
    return bands.iloc[keep]
