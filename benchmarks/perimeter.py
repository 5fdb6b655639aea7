"""
How long does it take to score the streets round all 300 schools of a city, from the street file on?

Ours reads the file, measures the perimeter of each school, judges every stretch by the whole rule table and sums up the
figures. The peer reads the same streets with osmnx (``graph_from_xml``, from an XML file made beforehand, not counted) and
takes one ``ego_graph`` of 150 m per school - the streets alone, without cutting them at 150 m and without any judgement. Both in
one run on one file: an extract copied side by side. Before anything is timed both are asked how far it is to the junctions round
the same schools; every distance that differs is put down to a reason, from the ways the two walks take.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._apart import OPEN, REASONS, Pair, Reasons
from benchmarks._harness import Result, Row, interleaved, printed, require
from benchmarks.reading import copied, osmnx, streets_only

if TYPE_CHECKING:
    import geopandas as gpd

NODES, SCHOOLS = 100_000, 300
METRES, SAMPLE = 150.0, 300
MOST_OPEN = 0.001
TABLE = "Junctions round schools that are nearer or further than in osmnx, by more than 0.5 m, and why"
APART_M = 0.5  # osmnx measures on a sphere


def measure(quick: bool) -> Result:  # noqa: FBT001
    """One row: all schools of a city, ours against the peer; quickly: at a tenth of the size."""
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.osm.pbf", Path(folder) / "many.osm.pbf"
        streets = copied(one, 1)
        tiles = max(1, round((NODES // 10 if quick else NODES) / streets))
        copied(many, tiles)
        xml = streets_only(many)
        schools = _schools(many, xml, SCHOOLS // 10 if quick else SCHOOLS)
        same, apart = _compared(many, xml, schools)
        timings = interleaved({"cfmap": lambda: ours(many, schools), "osmnx": lambda: theirs(xml, schools)}, rounds=3, once=["osmnx"])
        table = ours(many, schools)
    size = f"{tiles * streets / 1000:,.0f} k street nodes, {len(schools)} schools"
    note = f"ours cuts, judges and sums up {table['stretches']:,} stretches ({table['km']:.0f} km); peer takes the streets alone; its XML made beforehand; once"
    return Result(
        [Row("streets round all schools, from the file on", size, timings["cfmap"], "osmnx", timings["osmnx"], goal=1, first=1, checked=same, note=note)],
        {TABLE: apart},
    )


def ours(path: Path, schools: gpd.GeoDataFrame) -> dict[str, float]:
    """How much was looked at."""
    from cfmap.coverage.perimeter import perimeter, school_summary, town_figures
    from cfmap.network import Network

    segments = perimeter(Network.from_osm(path), schools, metres=METRES)
    figures = town_figures(segments, school_summary(segments, schools))
    return {"stretches": len(segments), "km": float(figures.loc["", "metres"]) / 1000}


def theirs(path: Path, schools: gpd.GeoDataFrame) -> int:
    """How many nodes lie round schools."""
    import networkx as nx

    graph = osmnx(str(path))
    return sum(nx.ego_graph(graph, int(node), radius=METRES, distance="length").number_of_nodes() for node in schools["node"])


def _schools(path: Path, xml: Path, count: int) -> gpd.GeoDataFrame:
    """Junctions spread evenly over those that both networks have, so that nobody gains by where a school is taken to stand."""
    import geopandas as gpd

    from cfmap.network import Network

    network = Network.from_osm(path)
    both = np.flatnonzero(np.isin(network.node_id, np.fromiter(osmnx(str(xml)).nodes, dtype=np.int64)) & (network.node_component == 0))
    chosen = both[np.linspace(0, len(both) - 1, count).astype(np.int64)]
    places = gpd.points_from_xy(network.node_lon[chosen], network.node_lat[chosen])
    return gpd.GeoDataFrame({"id": np.arange(count), "node": network.node_id[chosen]}, geometry=places, crs=4326)


def _compared(path: Path, xml: Path, schools: gpd.GeoDataFrame) -> tuple[str, list[dict[str, object]]]:
    """Distances from some schools to the junctions that both reach within 150 m, and the reasons for those that differ."""
    import networkx as nx

    from cfmap.network import Network

    network, graph = Network.from_osm(path), osmnx(str(xml))
    pairs: list[Pair] = []
    for _, school in schools.iloc[:: max(1, len(schools) // SAMPLE)].iterrows():
        place: Any = schools.loc[[school.name]]
        start = int(school["node"])
        field = network.travel(network.snap(place), limit_mm=round(METRES * 1000), connectors=False)
        mine = {int(network.node_id[n]): float(field.node_mm[n]) / 1000 for n in np.flatnonzero(field.node_mm >= 0)}
        other, ways = nx.single_source_dijkstra(graph, start, cutoff=METRES, weight="length")
        pairs += [Pair(start, n, mine[n], other[n], tuple(ways[n])) for n in sorted(mine.keys() & other.keys())]
    apart = [p for p in pairs if abs(p.ours - p.theirs) > APART_M]
    reasons = Reasons(network, graph, path)
    counts = Counter(reasons.of(pair) for pair in apart)
    near = 1 - len(apart) / max(1, len(pairs))
    require(len(pairs) > SAMPLE, f"{len(pairs)} junctions that both reach")
    require(counts[OPEN] <= MOST_OPEN * len(pairs), f"distances round schools: {counts[OPEN]} of {len(pairs)} differ for no reason we know")
    schools_asked = min(SAMPLE, len(schools))
    known = f"{near:.1%} equal to {APART_M:g} m, {counts[OPEN]} of the others for no known reason"
    said = f"walks from {schools_asked} schools to {len(pairs):,} junctions that both reach: {known}"
    return said, [{"reason": reason, "junctions": counts[reason], "share": f"{counts[reason] / len(pairs):.1%}"} for reason in REASONS if counts[reason]]


if __name__ == "__main__":
    print(printed(measure(quick=True).rows))
