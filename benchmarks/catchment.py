"""How fast is the ground beside reached streets drawn, against widening every street and uniting, and how far apart are the two?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from benchmarks._harness import ROOT, Result, Row, interleaved, printed, require, timed

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUFFER_M = 35.0
EDGES, COPIES = 30_000, 10
SITES, SAMPLE, LIMIT_MM = 100, 10, 1_000_000  # 15 minutes at 4 km/h
MOST_AREA_ERROR = 0.0025


@lru_cache(maxsize=1)
def city() -> tuple[Any, Any]:
    """The demo city's network and its metric CRS."""
    from cfmap.network import Network
    from cfmap.network.plane import network_crs

    network = Network.from_file(ROOT / "data" / "network.osm.pbf")
    return network, network_crs(network)


def streets(copies: int) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Straight pieces and lines of the demo city's middle 30,000 edges; further copies are turned and set beside it."""
    from cfmap.geometry.dissolve import pieces_along
    from cfmap.network.course import course
    from cfmap.network.plane import vertices_in_plane

    network, crs = city()
    vertices = vertices_in_plane(network, crs)
    middle = vertices[network.edge_first[:-1]]
    edge = np.sort(np.argsort(np.hypot(*(middle - np.median(middle, axis=0)).T))[:EDGES])
    places, owner = course(network, vertices, edge, np.zeros(len(edge), dtype=np.int64), network.edge_mm[edge])
    places -= np.median(places, axis=0)
    apart = 2.1 * np.abs(places).max()
    turned = []
    for k in range(copies):
        c, s = np.cos(0.7 * k), np.sin(0.7 * k)
        turned.append(places @ np.array([[c, s], [-s, c]]) + apart * np.array([k % 4, k // 4]))
    numbers = np.concatenate([owner + k * len(edge) for k in range(copies)])
    everywhere = np.concatenate(turned)
    return pieces_along(everywhere, numbers), np.asarray(shapely.linestrings(everywhere, indices=numbers), dtype=object)


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Rows for one area of all streets, at two sizes, and for one of each site; quickly: the small size only."""
    from cfmap.geometry.dissolve import ARC_SEGMENTS, difference, dissolve, dissolve_bands

    rows, apart = [], []
    taken: dict[str, list[float]] = {}
    for copies in (1,) if quick else (1, COPIES):
        pieces, lines = streets(copies)
        size = f"{len(lines) / 1000:,.0f} k edges, {len(pieces) / 1000:,.0f} k pieces"
        # the union has no grid of centimetres and no slivers taken off, the others do
        plain, plainly = timed(lambda lines=lines: shapely.union_all(shapely.buffer(lines, BUFFER_M, quad_segs=ARC_SEGMENTS)))
        tiled, by_tile = timed(lambda lines=lines: dissolve(lines, buffer_m=BUFFER_M, mode="exact").geometry)
        require(difference(plain, tiled).symmetric < 3e-4, "union in tiles")
        rows.append(Row("area, exact in tiles", size, by_tile, "buffer + union_all", plainly, checked="symmetric difference below 0.03 % (centimetres)"))
        actions = {}
        for cell in (5.0, 10.0):
            drawn = dissolve_bands([pieces], buffer_m=BUFFER_M, cell_m=cell)[0].geometry
            found = difference(plain, drawn)
            require(drawn.is_valid and abs(found.area) <= MOST_AREA_ERROR, f"area at {cell:g} m")
            apart.append(
                {
                    "edges": len(lines),
                    "cell": f"{cell:g} m",
                    "area": f"{found.area:+.3%}",
                    "symmetric difference": f"{found.symmetric:.3%}",
                    "vertices": int(shapely.get_num_coordinates(drawn)),
                    "vertices, exact": int(shapely.get_num_coordinates(plain)),
                }
            )
            actions[f"{cell:g} m"] = lambda cell=cell, pieces=pieces: dissolve_bands([pieces], buffer_m=BUFFER_M, cell_m=cell)
        timings = interleaved(actions)
        for name, timing in timings.items():
            note = f"area {apart[-2 if name == '5 m' else -1]['area']}; peer run once"
            rows.append(
                Row(f"map polygon, cells of {name}", size, timing, "buffer + union_all", plainly, 100, 20, checked="area within 0.25 %, valid", note=note)
            )
        for name, seconds in {"exact": plainly.cpu, "exact in tiles": by_tile.cpu, **{f"map, {k}": t.cpu for k, t in timings.items()}}.items():
            taken.setdefault(name, []).append(seconds)
    rows.append(_each_site(apart))
    tables = {"Drawn and exact areas": apart}
    if not quick:
        tables[f"Growth of areas from {EDGES / 1000:g} k to {EDGES * COPIES / 1000:g} k edges"] = [
            {"way": name, "times": f"{large / small:.1f}", "exponent": f"{np.log(large / small) / np.log(COPIES):.2f}"}
            for name, (small, large) in taken.items()
        ]
    return Result(rows, tables)


def _each_site(apart: list[dict[str, Any]]) -> Row:
    """One area for each site, against the union of each site's widened streets."""
    import geopandas as gpd

    from cfmap.geometry.dissolve import ARC_SEGMENTS, CELL_M, difference
    from cfmap.network.catchments import catchment_parts
    from cfmap.network.course import cut
    from cfmap.network.reached_ground import reached_ground

    network, crs = city()
    nodes = np.linspace(0, network.n_nodes - 1, SITES).astype(int)
    first, parts = catchment_parts(network, network.snap(gpd.GeoSeries.from_xy(network.node_lon[nodes], network.node_lat[nodes], crs=4326)), limit_mm=LIMIT_MM)
    owner = np.repeat(np.arange(SITES), np.diff(first))
    some = np.arange(0, SITES, SITES // SAMPLE)
    lines = gpd.GeoSeries(cut(network, parts.edge, parts.from_mm, parts.to_mm), crs=4326).to_crs(crs).to_numpy()

    def ours() -> list[Any]:
        return [a.geometry for a in reached_ground(network, parts, [LIMIT_MM], crs=crs, buffer_m=BUFFER_M, first=first)]

    def union(site: int) -> Any:
        return shapely.union_all(shapely.buffer(lines[owner == site], BUFFER_M, quad_segs=ARC_SEGMENTS))

    drawn = ours()
    found = [difference(union(site), drawn[site]) for site in some]
    error, symmetric = (float(np.mean([getattr(f, name) for f in found])) for name in ("area", "symmetric"))
    require(abs(error) <= MOST_AREA_ERROR, "areas of sites")
    apart.append({"edges": len(lines) // SITES, "cell": f"{CELL_M:g} m, each site", "area": f"{error:+.3%}", "symmetric difference": f"{symmetric:.3%}"})
    timings = interleaved({"cfmap": ours, "union": lambda: [union(int(site)) for site in some]})
    theirs = timings["union"].scaled(SITES / len(some))
    note = f"area {error:+.3%}; ours from reached parts of edges, the peer from ready lines; peer on {len(some)} sites, scaled"
    return Row(
        "polygon per site, 15 minutes",
        f"{SITES} sites, {len(lines) / SITES:,.0f} edges each",
        timings["cfmap"],
        "buffer + union_all",
        theirs,
        150,
        20,
        note=note,
    )


if __name__ == "__main__":
    result = measure(quick=True)
    print(printed(result.rows))
    for title, table in result.tables.items():
        print(title, *table, sep="\n  ")
