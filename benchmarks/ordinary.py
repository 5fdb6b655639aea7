"""
What does an edition cost when made the ordinary way, against ours: osmnx, networkx, buffer and union, folium, pandas?

The ordinary pipeline is what a practised Python user writes with the usual packages, on the demo city's own input:

- ``osmnx.graph_from_xml`` (walkable ways, both directions), projected, undirected; read once for all years;
- per layer with a rule of reach: nearest nodes of sites, multi-source Dijkstra with cutoff, streets with both ends reached
  buffered by 35 m and united per band; round schools ``ego_graph`` of 150 m each; children of communities reached, by town;
- a folium map with a Marker and a popup per site and the areas as GeoJson; areas as GeoPackage; a workbook with a sheet a layer.

It is spared what ours does besides: reading the offices' tables and datums (it gets each layer as WGS84 GeoJSON), checks,
minutes along edges, private ground, entrances, exact streets, self-check, manifest. Its areas and shares therefore differ
a little from ours; by how much is printed.

One year is run and counted as often as there are years; reading the streets counts once. The recipe osmnx itself shows for
isochrones goes site by site instead; it is timed on a few sites of each layer and scaled.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import Result, Row, Timing, in_child, printed

ROOT = Path(__file__).resolve().parents[1]
BUFFER_M = 35
BANDS = {"walk15": (300, 500, 790, 800, 1000), "nature30": (2000,), "perimeter150": (150,)}
YEAR = 2024
RECIPE, SAMPLE = "coverage site by site", 5


def measure(quick: bool) -> Result:  # noqa: FBT001
    """The rows of the whole edition; left out of a quick run, as the ordinary pipeline alone takes minutes."""
    if quick:
        return Result()
    from cfmap.model import load_city

    years = list(load_city(ROOT).edition.editions)
    ours, peak = in_child("benchmarks.ordinary", "ours", years)
    with tempfile.TemporaryDirectory() as folder:
        rules = in_child("benchmarks.ordinary", "prepare", folder, YEAR)[0]
        theirs, their_peak = in_child("benchmarks.ordinary", "ordinary", folder, rules)
    steps = theirs["seconds"]
    once = np.sum([steps.pop("import"), steps.pop("read")], axis=0)
    recipe = np.array(steps.pop(RECIPE))
    whole = once + len(years) * np.sum(list(steps.values()), axis=0)
    by_site = whole + len(years) * (recipe - steps["coverage"])
    reached = [key for key, rule in rules.items() if rule]
    shares = [abs(share - ours["share"][key]) for key, share in theirs["share"].items()]
    areas = [area / ours["km2"][key] - 1 for key, area in theirs["km2"].items()]
    size = f"demo county: {ours['edges'] / 1000:.0f} k segments, {len(rules)} layers, {len(reached)} with reach, {len(years)} years"
    checked = f"share of people covered differs by at most {max(shares):.1%} of all; areas by {min(areas):+.0%} to {max(areas):+.0%}: it knows whole edges only"
    note = f"year {YEAR} once, counted {len(years)} times, streets read once; peak {peak:,.0f} MB against {their_peak:,.0f} MB"
    mine = Timing.of([ours["seconds"]])
    rows = [
        Row("whole edition: page, workbook, areas", size, mine, "osmnx + networkx + folium", Timing.of([whole]), 20, 8, checked=checked, note=note),
        Row(
            "whole edition: page, workbook, areas",
            size,
            mine,
            "the same, reach site by site",
            Timing.of([by_site]),
            checked=checked,
            note=f"reach as in osmnx's isochrone example, an ego_graph and a union per site and band; {SAMPLE} sites a layer, scaled to all",
        ),
    ]
    parts = {"read the streets, once for all years": once, **{f"{step}, a year": value for step, value in steps.items()}, f"{RECIPE}, a year": recipe}
    table = [{"step of the ordinary pipeline": step, "CPU s": round(float(cpu), 1), "wall s": round(float(wall), 1)} for step, (cpu, wall) in parts.items()]
    return Result(rows, {"Where the ordinary pipeline spends its time": table})


def ours(years: list[int]) -> dict[str, Any]:
    """All editions of the demo city, published into a temporary folder."""
    from cfmap.pipeline import build

    wall, share, km2 = time.perf_counter(), {}, {}
    with tempfile.TemporaryDirectory() as folder:
        streets = None
        for year in years:
            made = build(ROOT, year=year, out=Path(folder), streets=streets)
            streets = made.streets
            if year == YEAR:
                edition = made.edition
    seconds = time.process_time(), time.perf_counter() - wall
    for coverage in edition.coverages:
        people = coverage.people
        if len(people):
            city = people[people["town"] == ""].iloc[0]
            share[coverage.layer] = float(city[f"pop_total_covered_{coverage.headline:g}"] / city["pop_total"])
        widest = coverage.catchment.loc[coverage.catchment["metres"].idxmax()]
        km2[coverage.layer] = _km2(widest.geometry)
    return {"seconds": seconds, "share": share, "km2": km2, "edges": streets.network.n_edges}


def prepare(folder: str, year: int) -> dict[str, str | None]:
    """The input in the form the ordinary packages read; returns the rule of reach of each layer. Not counted."""
    import osmium

    from cfmap.pipeline import read_inputs

    inputs = read_inputs(ROOT, year=year)
    for key, data in inputs.layers.items():
        data.sites.to_file(Path(folder) / f"{key}.geojson", driver="GeoJSON")
    inputs.population.points.to_file(Path(folder) / "people.gpkg")
    with osmium.SimpleWriter(str(Path(folder) / "streets.osm")) as writer:
        ways = osmium.FileProcessor(str(inputs.streets.source), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
        used = {n.ref for way in ways for n in way.nodes}
        for thing in osmium.FileProcessor(str(inputs.streets.source), osmium.osm.NODE | osmium.osm.WAY):
            if thing.id in used if thing.is_node() else "highway" in thing.tags:
                writer.add(thing)
    return {key: data.layer.coverage for key, data in inputs.layers.items()}


def ordinary(folder: str, rules: dict[str, str | None]) -> dict[str, Any]:
    """CPU and wall seconds a step, and what it found for the layers with a rule of reach."""
    warnings.simplefilter("ignore")
    clock = _Clock()
    import folium
    import geopandas as gpd
    import networkx as nx
    import osmnx as ox
    import pandas as pd
    import shapely

    clock("import")
    graph = ox.graph_from_xml(Path(folder) / "streets.osm", bidirectional=True)
    graph = ox.convert.to_undirected(ox.project_graph(graph))
    nodes, edges = ox.graph_to_gdfs(graph)
    ends = [edges.index.get_level_values(k) for k in (0, 1)]
    clock("read")
    people = gpd.read_file(Path(folder) / "people.gpkg").to_crs(nodes.crs)
    homes = ox.nearest_nodes(graph, people.geometry.x, people.geometry.y)
    sites = {key: gpd.read_file(Path(folder) / f"{key}.geojson") for key in rules}
    clock("tables")

    areas, share, tables = {}, {}, []
    starts_of = {}
    for key, rule in rules.items():
        if rule is None:
            continue
        points = sites[key].to_crs(nodes.crs)
        points = points[points["status"].isin(["在用", "未知"])]  # as ours counts them
        starts = starts_of[key] = ox.nearest_nodes(graph, points.geometry.x, points.geometry.y)
        if rule == "perimeter150":
            near = nx.compose_all([nx.ego_graph(graph, start, radius=BANDS[rule][0], distance="length") for start in starts])
            areas[key] = {BANDS[rule][0]: ox.graph_to_gdfs(near, nodes=False).buffer(BUFFER_M).union_all()}
            continue
        metres = pd.Series(nx.multi_source_dijkstra_path_length(graph, set(starts), cutoff=BANDS[rule][-1], weight="length"))
        far = np.maximum(metres.reindex(ends[0]).to_numpy(), metres.reindex(ends[1]).to_numpy())
        areas[key] = {band: edges.geometry[far <= band].buffer(BUFFER_M).union_all() for band in BANDS[rule]}
        covered = metres.reindex(homes).notna().to_numpy()
        share[key] = float(people.loc[covered, "pop_total"].sum() / people["pop_total"].sum())
        tables.append(people[covered].groupby("town")["pop_total"].sum().rename(key))
    clock("coverage")

    drawn = {key: gpd.GeoDataFrame({"metres": list(bands)}, geometry=list(bands.values()), crs=nodes.crs).to_crs(4326) for key, bands in areas.items()}
    page = folium.Map([float(sites["schools"].geometry.y.mean()), float(sites["schools"].geometry.x.mean())], zoom_start=11)
    for key, table in sites.items():
        group = folium.FeatureGroup(key, show=False)
        for row in table.itertuples():
            if row.geometry.geom_type == "Point":
                folium.Marker([row.geometry.y, row.geometry.x], tooltip=row.name, popup=f"<b>{row.name}</b><br>{row.address}").add_to(group)
            else:
                folium.GeoJson(row.geometry.__geo_interface__, tooltip=row.name).add_to(group)
        if key in drawn:
            folium.GeoJson(drawn[key].sort_values("metres", ascending=False).to_json()).add_to(group)
        group.add_to(page)
    folium.LayerControl().add_to(page)
    page.save(Path(folder) / "map.html")
    clock("map")
    for key, table in drawn.items():
        table.to_file(Path(folder) / "areas.gpkg", layer=key)
    with pd.ExcelWriter(Path(folder) / "sites.xlsx", engine="openpyxl") as book:
        pd.concat(tables, axis=1).to_excel(book, sheet_name="people")
        for key, table in sites.items():
            table.drop(columns="geometry").to_excel(book, sheet_name=key[:31], index=False)
    clock("areas as GeoPackage, workbook")

    for key, starts in starts_of.items():
        for band in BANDS[rules[key]]:
            near = [nx.ego_graph(graph, start, radius=band, distance="length") for start in starts[:SAMPLE]]
            shapely.union_all([ox.graph_to_gdfs(part, nodes=False).buffer(BUFFER_M).union_all() for part in near if part.number_of_edges()])
        clock(RECIPE, scale=len(starts) / min(SAMPLE, len(starts)))
    return {"seconds": clock.seconds, "share": share, "km2": {key: max(area.area for area in bands.values()) / 1e6 for key, bands in areas.items()}}


class _Clock:
    """CPU and wall seconds since the last call, added up by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}
        self.last = time.process_time(), time.perf_counter()

    def __call__(self, step: str, *, scale: float = 1.0) -> None:
        now = time.process_time(), time.perf_counter()
        before = self.seconds.get(step, (0.0, 0.0))
        self.seconds[step] = before[0] + scale * (now[0] - self.last[0]), before[1] + scale * (now[1] - self.last[1])
        self.last = now


def _km2(area: Any) -> float:
    from pyproj import Geod

    return abs(Geod(ellps="WGS84").geometry_area_perimeter(area)[0]) / 1e6


if __name__ == "__main__":
    found = measure(quick=False)
    print(printed(found.rows), *found.rows, *found.tables.values(), sep="\n")
