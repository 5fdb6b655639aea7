"""What does only the internal page know: findings where they are, the bureau's own layers, proposed sites with their reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.model.messages import fault
from cfmap.publish.looks import STATES, for_page
from cfmap.publish.web.geometry import pack_lines, pack_polygons, quantise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfmap.model.edition import Coverage, Edition, Overlay, Scenario
    from cfmap.model.layer import Layer
    from cfmap.model.messages import Fault

MOST_CROSSINGS, MOST_ACTIONS = 200, 100  # in the lists of the page; the workbook has all
MOST = 5_000  # findings on the page; the check workbook has all
STATUS = {"far": "W380", "off_network": "W381", "island": "W382"}  # what a site's place in the network means
TOLERANCE_M = 2.0
REACH_TOLERANCE_M = 14.0
POINTS, LINES, AREAS = (0, 4), (1, 2, 5), (3, 6)  # shapely's numbers of geometry types


def inside(edition: Edition) -> dict[str, Any] | None:
    """
    The block ``internal`` of an internal edition; None for the public, and when there is nothing to show.

    ``findings`` hold code, level, layer, the words in Chinese and English and, where the place is known, ``lon``/``lat`` on the page's grid:
    rows with a fault, sites off, far from or cut off from the streets; then rows whose place is not known, and findings about whole files.
    """
    if edition.public:
        return None
    findings = list(_findings(edition))
    extra = edition.inside
    data = {
        "findings": findings[:MOST],
        "more": max(0, len(findings) - MOST),
        "overlays": [_overlay(o) for o in extra.overlays] if extra is not None else [],
        "scenario": _scenario(extra.scenario) if extra is not None and extra.scenario is not None else None,
    }
    if (crossings := _crossings(edition)) is not None:
        data["crossings"] = crossings
    if (mending := _mending(edition)) is not None:
        data["mending"] = mending
    return data if any(data.values()) else None


def _crossings(edition: Edition) -> dict[str, Any] | None:
    """
    Crossings on the way to school and to kindergarten without known help, each with the most children first: rank, obstacle, name, state,
    children, lon, lat; and how states look.
    """
    if edition.severance is None:
        return None
    every = edition.severance.crossings
    kinds = []
    for layer, table in every[every["rank"].notna()].groupby("layer", sort=False):
        at = quantise(shapely.get_coordinates(table.geometry.to_numpy())).tolist()
        children = [None if c != c else round(c) for c in table["children"].tolist()]
        facts = zip(table["rank"], table["kind"], table["name"], table["state"], children, at, strict=True)
        rows = [[int(rank), kind, name, state, count, lon, lat] for rank, kind, name, state, count, (lon, lat) in facts]
        kinds.append({"layer": layer, "rows": rows[:MOST_CROSSINGS], "more": max(0, len(rows) - MOST_CROSSINGS)})
    looks = {state: for_page(look) for state, look in STATES.items() if state != "safe"}
    return {"states": looks, "kinds": kinds} if kinds else None


def _mending(edition: Edition) -> dict[str, Any] | None:
    """The first actions of the mending list with their streets, and before and after; None where nothing is to be mended."""
    if edition.mending is None or not len(edition.mending.actions):
        return None
    listed = edition.mending.actions.head(MOST_ACTIONS)
    shapes = listed.geometry.to_numpy()
    longest = [max(shape.geoms, key=lambda part: part.length) for shape in shapes]
    at = quantise(shapely.get_coordinates(shapely.line_interpolate_point(longest, 0.5, normalized=True))).tolist()
    names = ("work", "work_en", "road", "road_en", "where", "where_en", "known", "spare")
    rows = [
        {name: one[name] for name in names}
        | {"metres": round(one["metres"]), "at": place}
        | {name: len(one[name].split(";")) if one[name] else 0 for name in ("schools", "alone")}
        | ({"cost": _cost(one)} if "yuan" in one else {})
        | {name: [None if one[name] != one[name] else round(one[name]), one[f"{name}_unknown"]] for name in ("pupils", "children")}
        for one, place in zip(listed.to_dict("records"), at, strict=True)
    ]
    shown = {0, 10, len(edition.mending.actions)}
    counted = edition.mending.steps[["actions", "lower", "upper", "safe", "perhaps", "schools"]].to_numpy(dtype=object).tolist()
    steps = [[k, *_bounds(low, high), *counts] for k, low, high, *counts in counted if k in shown]
    lines = pack_lines(shapes, range(len(shapes)), tolerance_m=TOLERANCE_M)
    first = [edition.mending.first, edition.mending.first_en]
    return {"rows": rows, "all": len(edition.mending.actions), "steps": steps, "lines": lines, "first": first}


def _cost(one: dict[Any, Any]) -> list[Any]:
    """Yuan (None: no price), and how they are counted in Chinese and English."""
    return [None if one["yuan"] != one["yuan"] else one["yuan"], one["sum"], one["sum_en"]]


def _bounds(*shares: float) -> list[float | None]:
    return [None if share != share else round(share, 1) for share in shares]


def _findings(edition: Edition) -> Iterator[dict[str, Any]]:
    placed: set[Fault] = set()
    for data in edition.layers.values():
        for record, lon, lat in data.found_at:
            placed.add(record)
            yield _finding(record, data.layer, (lon, lat))
    for coverage in edition.coverages:
        yield from _beside_the_streets(coverage, edition)
    for data in edition.layers.values():
        yield from (_finding(record, data.layer, None) for record in data.faults if record not in placed)
    own = {record for data in edition.layers.values() for record in data.faults}
    others = (record for record in edition.faults if record not in own and record.code not in STATUS.values())
    yield from (_finding(record, None, next(((lon, lat) for kind, lon, lat in record.places if kind == "site"), None)) for record in others)


def _beside_the_streets(coverage: Coverage, edition: Edition) -> Iterator[dict[str, Any]]:
    layer = edition.layers[coverage.layer].layer if coverage.layer in edition.layers else None
    if layer is None or "status" not in coverage.sites:
        return
    for status, code in STATUS.items():
        for name, at in coverage.sites.loc[coverage.sites["status"].eq(status), ["name", "geometry"]].itertuples(index=False):
            yield _finding(fault(code, layer=layer.title, count=1, names=str(name)), layer, (at.x, at.y))


def _finding(record: Fault, layer: Layer | None, at: tuple[float, float] | None) -> dict[str, Any]:
    zh, en = ([record.what(lang), record.why(lang), record.how(lang), record.where(lang)] for lang in ("zh", "en"))
    found: dict[str, Any] = {"code": record.code, "level": record.level, "layer": layer.key if layer is not None else "", "zh": zh, "en": en}
    if at is not None:
        found["lon"], found["lat"] = (int(v) for v in quantise(np.array(at)))
    return found


def _overlay(overlay: Overlay) -> dict[str, Any]:
    shapes = shapely.force_2d(_parts(overlay.shapes.to_numpy()))
    kind = shapely.get_type_id(shapes)
    lines, areas, points = (shapes[np.isin(kind, kinds)] for kinds in (LINES, AREAS, POINTS))
    return {
        "title": overlay.title,
        "title_en": overlay.title_en,
        "colour": overlay.colour,
        "count": len(overlay.shapes),
        "lines": pack_lines(lines, [0] * len(lines), tolerance_m=TOLERANCE_M),
        "polygons": pack_polygons(areas, [0] * len(areas), tolerance_m=TOLERANCE_M),
        "points": quantise(shapely.get_coordinates(points)).tolist(),
    }


def _parts(shapes: Any) -> Any:
    """Shapes with mixed bundles taken apart."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    return np.concatenate([shapes[~mixed], shapely.get_parts(shapes[mixed])]) if mixed.any() else shapes


def _scenario(scenario: Scenario) -> dict[str, Any]:
    reach = scenario.reach[~scenario.reach.is_empty].to_numpy()
    at: Iterable[list[int]] = quantise(shapely.get_coordinates(scenario.sites.geometry.to_numpy())).tolist()
    return {
        "title": scenario.title,
        "title_en": scenario.title_en,
        "minutes": scenario.minutes,
        "sites": [[name, lon, lat] for name, (lon, lat) in zip(scenario.sites["name"], at, strict=True)],
        "reach": pack_polygons(reach, [0] * len(reach), tolerance_m=REACH_TOLERANCE_M) if len(reach) else "",
    }
