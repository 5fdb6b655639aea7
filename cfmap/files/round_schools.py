"""What of the streets round schools and of the ways there, without a project?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.coverage.people import population_faults
from cfmap.coverage.perimeter import (
    KINDS,
    METHODS,
    WALL,
    compared,
    crossing_faults,
    matched_crossings,
    outline_faults,
    perimeter_faults,
    school_doors,
    tag_faults,
)
from cfmap.coverage.perimeter.lists import LOVING
from cfmap.coverage.perimeter.spoken import spoken as perimeters_spoken
from cfmap.coverage.severance import children_by_state
from cfmap.coverage.severance import severance as severance_in
from cfmap.coverage.sources import POINT_LIMIT_M, listed
from cfmap.files.given import KINDERGARTENS, SCHOOLS, children_of, existing, points_of, schools_of, streets_of
from cfmap.files.written import Found, expect, write_layers
from cfmap.intake.population import read_people
from cfmap.model import InputError, fault
from cfmap.model.schema import AGES_OF
from cfmap.network.obstacles import read_obstacles
from cfmap.network.osm import file_kind
from cfmap.planning.compare import astray, compare
from cfmap.planning.routes import safe_routes
from cfmap.planning.spoken import spoken as routes_spoken

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

CROSSINGS = "accessible_crossings"
AGE = {SCHOOLS: "6-14", KINDERGARTENS: "3-5"}  # of who walks there


def perimeter(
    network: Path,
    schools: str,
    *,
    gates: Path | None,
    metres: float,
    datum: str,
    out: Path,
    method: str = "network",
    ring_m: float = 0.0,
    strict: bool = False,
    crossings: Path | None = None,
) -> Found:
    """
    Street segments round schools: layers ``perimeter``, ``schools`` (figures) and ``gates`` of a GeoPackage.

    Parameters
    ----------
    schools, gates
        As :func:`cfmap.files.given.schools_of`.
    method
        As :func:`cfmap.coverage.perimeter.perimeter`, or ``all``: every method, side by side.
    ring_m
        Outer limit of a ring round the perimeter; 0 = none.
    strict
        Judge by the strict set of rules.
    crossings
        Table of the bureau's 爱心斑马线.

    Returns
    -------
    found
        Lines about all schools, printed ones about each; facts: figures per school and method.
    """
    expect(out, (".gpkg",))
    streets = streets_of(network)
    table, footprints, doors, faults = schools_of(schools, network=network, gates=gates, datum=datum, streets=streets)
    caring, more = (None, []) if crossings is None else points_of(crossings, datum=datum, layer=CROSSINGS)
    if caring is not None and "kind" in caring and not caring["kind"].eq(LOVING).any():
        caring = caring.drop(columns="kind")  # a list of nothing else, which tells them apart in other ways
    chosen = [m for m in METHODS if method in (m, "all")]
    found = compared(streets, table, chosen, metres=metres, ring_m=ring_m or None, gates=doors, footprints=footprints, strict=strict, crossings=caring)
    write_layers(out, {"perimeter": found.segments, "schools": found.schools, "gates": found.doors})
    first = found.segments[found.segments["method"].eq(chosen[0])]
    told = crossing_faults(matched_crossings(streets, caring))
    for words, some in _by_kind(table):
        around, doors_of = (t[t["school"].isin(some["id"])] for t in (first, found.doors))
        told += perimeter_faults(around, some, metres=metres, doors=doors_of, words=words)
        told += outline_faults(some, footprints, words=words) if WALL in chosen else []
    told = list(dict.fromkeys([*told, *tag_faults(streets, first)]))
    lines, printed = perimeters_spoken(found, metres=metres)
    figures = found.schools.drop(columns="geometry")
    facts = {"schools": figures.astype(object).where(figures.notna(), None).to_dict("records")}
    return Found(out, lines, [*streets.faults, *faults, *more, *told], printed, facts)


def _by_kind(table: gpd.GeoDataFrame) -> list[tuple[tuple[str, str], gpd.GeoDataFrame]]:
    """Schools and kindergartens apart, where the table tells them apart, with what they are called."""
    if "layer" not in table:
        return [(KINDS[SCHOOLS], table)]
    return [(words, some) for key, words in KINDS.items() if len(some := table[table["layer"].eq(key)])]


def routes(
    network: Path,
    schools: str,
    origins: Path,
    *,
    gates: Path | None,
    bureau: Path | None,
    cap: float,
    limit_m: float,
    shared: float,
    datum: str,
    out: Path,
    layer: str = SCHOOLS,
) -> Found:
    """
    Safe routes to school or kindergarten: layers ``proposed``, ``routes`` and, with routes on record, ``compared`` of a GeoPackage.

    Parameters
    ----------
    schools, gates
        As :func:`cfmap.files.given.schools_of`; the 学段 of a school says which ages it takes.
    origins
        Communities or cells with a column for each age band; never homes.
    bureau
        GIS file of the bureau's own routes.
    cap, limit_m, shared, layer
        As :func:`cfmap.planning.routes.safe_routes`.
    """
    expect(out, (".gpkg",))
    streets = streets_of(network)
    table, footprints, doors, faults = schools_of(schools, network=network, gates=gates, datum=datum, layers=(layer,), streets=streets)
    people = read_people(existing(origins), datum=datum)
    if not any(band in people.points for band in AGES_OF[layer]):
        known = "、".join(c for c in people.points if c.startswith("pop_"))
        raise InputError(fault("E389", file=origins.name, age=AGE[layer], missing="、".join(AGES_OF[layer]), known=known))
    places = people.points.rename_axis("id").reset_index()
    found = safe_routes(streets, table, places, layer=layer, gates=doors, footprints=footprints, cap=cap, limit_m=limit_m, shared=shared)
    layers = {"proposed": found.proposed, "routes": found.routes}
    beside = None
    if bureau is not None:
        own, more = points_of(bureau, datum=datum, layer="safe_routes")
        beside = compare(found.arcs, own.assign(name=own.get("name", "")), found.proposed)
        layers["compared"] = beside.parts
        gates_of, _ = school_doors(streets, table, footprints=footprints, gates=doors)
        lost = astray(own.assign(name=own.get("name", "")), gates_of, dict(zip(table["id"], table.get("name", table["id"]), strict=True)))
        faults = [*faults, *more, *(replace(f, file=bureau.name) for f in (*beside.faults, *lost))]
    write_layers(out, layers)
    return Found(out, routes_spoken(found, beside, layer=layer), [*streets.faults, *faults, *people.faults, *found.faults])


def severance(network: Path, schools: str, origins: Path, *, gates: Path | None, datum: str, out: Path, age: str | None = None, layer: str = SCHOOLS) -> Found:
    """
    Where children cross main roads, railways and water on the way to school or kindergarten: layers ``severance``, ``origins`` and ``schools`` of a GeoPackage.

    Parameters
    ----------
    schools, gates
        As :func:`cfmap.files.given.schools_of`.
    origins, age
        As :func:`cfmap.files.given.children_of`; a column 对口学校 names the school of a row, but not the kindergarten. None = the ages of the
        layer.
    layer
        Whether the sites are schools or kindergartens.

    Returns
    -------
    found
        Facts: ``children`` with a walk, ``low`` and ``high`` of those that cross without help, ``crossings``.
    """
    expect(out, (".gpkg",))
    homes, bands = children_of(origins, age=age or AGE[layer], datum=datum)
    places = homes.points if layer == SCHOOLS else homes.points.drop(columns="school", errors="ignore")
    streets = streets_of(network)
    table, footprints, doors, faults = schools_of(schools, network=network, gates=gates, datum=datum, layers=(layer,), streets=streets)
    obstacles = read_obstacles(network) if file_kind(network) == "osm" else None
    found = severance_in(streets, table, places, obstacles=obstacles, layer=layer, children=bands, gates=doors, footprints=footprints)
    off = homes.points["name"].reindex(found.origins.index[found.origins["status"].eq("off_network")])
    far = [fault("W385", count=len(off), limit=f"{POINT_LIMIT_M:g}", names=listed(off))] if len(off) else []
    write_layers(out, {"severance": found.crossings, "origins": found.origins.reset_index(), "schools": table})
    city = children_by_state(found.origins).iloc[-1].to_dict()
    low, high = float(city["unsafe"]), float(city["unsafe"] + city["unknown"])
    walkers = float(city["safe"]) + high
    open_ = int(found.crossings["rank"].notna().sum())
    lines = [
        (
            f"有路走到{KINDS[layer][0]}的儿童：{walkers:,.0f} 人；过街没有设施的：{low:,.0f}–{high:,.0f} 人",
            f"children with a walk to {KINDS[layer][1].lower()}: {walkers:,.0f}; without help: {low:,.0f}-{high:,.0f}",
        ),
        (f"过街点：{len(found.crossings)} 处，没有设施或没有资料的 {open_} 处", f"crossings: {len(found.crossings)}, {open_} without known help"),
    ]
    facts = {"layer": layer, "children": walkers, "low": low, "high": high, "crossings": len(found.crossings), "without_known_help": open_}
    return Found(out, lines, [*streets.faults, *faults, *homes.faults, *population_faults(homes), *far, *found.faults], facts=facts)
