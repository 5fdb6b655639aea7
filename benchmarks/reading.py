"""
How long does it take, and how much memory, to read an OpenStreetMap file to a walking network?

Ours against osmnx (``graph_from_xml``) and pyrosm (``get_network("walking", nodes=True)``), in one run on one file: an extract
copied side by side until its streets have about a hundred thousand nodes. osmnx cannot read ``.pbf``; it is given an XML
file that holds the streets only, and its making is not counted. Before anything is timed the three are asked for the
length of every way that all of them find walkable.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._harness import Result, Row, in_child, interleaved, peak_mb, peers, require
from benchmarks._tiles import _extract as extract

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

NODES = 100_000
EARTH_M = 6_371_009.0  # the sphere that osmnx and pyrosm measure on


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Time and memory of reading, ours and the peers'."""
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.osm.pbf", Path(folder) / "many.osm.pbf"
        streets = copied(one, 1)
        tiles = max(1, round((NODES // 10 if quick else NODES) / streets))
        copied(many, tiles)
        xml = {path: streets_only(path) for path in (one, many)}
        same = _compared(one, xml[one])
        engines: dict[str, Callable[[], object]] = {"cfmap": lambda: ours(str(many)), "osmnx": lambda: osmnx(str(xml[many]))}
        if peers():
            engines["pyrosm"] = lambda: pyrosm(str(many))
        timings = interleaved(engines, once=["osmnx"])
        memory = {
            name: in_child("benchmarks.reading", "memory", name, *(str(xml[path] if name == "osmnx" else path) for path in (one, many)))[0] for name in engines
        }
    size = f"{tiles * streets / 1000:,.0f} k street nodes"
    rows = [
        Row("OSM file to walking network", size, timings["cfmap"], peer, timings[peer], goal=goal, first=first, checked=same, note=note)
        for peer, goal, first, note in (
            ("osmnx", 20, 12, "from XML with the streets only; made for it beforehand, not counted; once"),
            ("pyrosm", 6, 4, "its faster engine (in memory); edges between all vertices, no gates or squares"),
        )
        if peer in timings
    ]
    mine = _grown(memory["cfmap"])
    table = [
        {"engine": name, "peak_mb": round(peak), "before_mb": round(before), "reading_mb": round(peak - before), "times_ours": round((peak - before) / mine, 1)}
        for name, (before, peak) in memory.items()
    ]
    return Result(rows, {f"Memory to read {size} (a process each; before = everything imported and one tile read)": table})


def ours(path: str) -> Any:
    """A walking network."""
    from cfmap.network import Network

    return Network.from_osm(path)


def osmnx(path: str) -> Any:
    """A simplified graph, as by osmnx's own defaults, without throwing parts away."""
    import osmnx as ox

    return ox.graph_from_xml(path, bidirectional=True, retain_all=True)


def pyrosm(path: str) -> Any:
    """Tables of nodes and edges; by the engine that is the faster one for such files and keeps no results on disk."""
    import warnings

    peers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyrosm import OSM

        return OSM(path, engine="in_memory", progress=False).get_network(network_type="walking", nodes=True)


def memory(engine: str, small: str, large: str) -> tuple[float, float]:
    """Peak resident memory (MB) of this process before and after reading the large file."""
    read = {"cfmap": ours, "osmnx": osmnx, "pyrosm": pyrosm}[engine]
    read(small)  # what is imported only when it is needed
    before = peak_mb()
    network = read(large)
    after = peak_mb()
    del network
    return before, after


def _grown(memory_mb: tuple[float, float]) -> float:
    return max(1.0, memory_mb[1] - memory_mb[0])


# ------------------------------------------------------------------ files


def copied(target: Path, tiles: int) -> int:
    """Write the extract `tiles` times, side by side, with ids of their own; how many nodes one tile's streets have."""
    import osmium

    source = str(extract())
    places = {node.id: node.lon for node in osmium.FileProcessor(source, osmium.osm.NODE)}
    west, wide = min(places.values()), max(places.values()) - min(places.values())
    step = round(wide * 1.05 + 0.001, 3)
    kinds = osmium.osm
    used: set[int] = set()
    with osmium.SimpleWriter(str(target)) as writer:
        for kind in (kinds.NODE, kinds.WAY):
            for tile in range(tiles):
                for thing in osmium.FileProcessor(source, kind):
                    if kind == kinds.NODE:
                        place = (thing.lon - west + tile * step, thing.lat)
                        writer.add_node(thing.replace(id=_own(thing.id, tile), location=place))
                    else:
                        nodes = [n.ref for n in thing.nodes if n.ref in places]  # the extract's own edge cuts ways, which osmnx refuses
                        writer.add_way(thing.replace(id=_own(thing.id, tile), nodes=[_own(n, tile) for n in nodes]))
                        if "highway" in thing.tags:
                            used.update(nodes)
    return len(used)


def _own(number: int, tile: int) -> int:
    return tile * 20_000_000_000 + number


def streets_only(path: Path) -> Path:
    """The streets of a file as XML, with their nodes."""
    import osmium

    out = path.with_suffix(".xml.osm")
    streets = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
    used = {node.ref for way in streets for node in way.nodes}
    with osmium.SimpleWriter(str(out)) as writer:
        for thing in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY):
            if thing.id in used if thing.is_node() else "highway" in thing.tags:
                writer.add(thing)
    return out


# ------------------------------------------------------------------ answers


def _compared(path: Path, xml: Path) -> str:
    """Lengths of ways that we and a peer find walkable, on the peers' sphere: to a millimetre per vertex."""
    mine = _our_lengths(ours(str(path)))
    found = {"osmnx": _osmnx_lengths(xml)}
    if peers():
        edges = pyrosm(str(path))[1]
        found["pyrosm"] = edges.groupby("id")["length"].sum()
    said = []
    for name, theirs in found.items():
        both = mine.index.intersection(theirs.index)
        apart = (mine.loc[both] - theirs.loc[both]).abs()
        require(len(both) > 0.7 * len(mine), f"{name} knows {len(both)} of {len(mine)} ways")
        require(bool((apart <= 0.001 + 1e-4 * mine.loc[both]).all()), f"{name}: lengths of ways, up to {apart.max():.3f} m apart")
        said.append(f"{name} {len(both):,} ways, {mine.loc[both].sum() / 1000:,.1f} km")
    return "length of every way that both find walkable, on the same sphere: " + "; ".join(said)


def _our_lengths(network: Any) -> pd.Series:
    """Metres per way, of ways that are wholly there; the courses as read, measured on the peers' sphere."""
    import pandas as pd

    from cfmap.network import EdgeFlag

    lon, lat = np.radians(network.vertex_lon), np.radians(network.vertex_lat)
    half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    along = np.r_[0.0, 2 * EARTH_M * np.arcsin(np.sqrt(half))]
    along[network.edge_first[:-1]] = 0.0
    metres = np.add.reduceat(along, network.edge_first[:-1])
    drawn = ~network.has(EdgeFlag.AREA_LINK) & ~np.isin(network.edge_way, network.left_out["way_id"])
    return pd.Series(metres[drawn]).groupby(network.edge_way[drawn]).sum()


def _osmnx_lengths(xml: Path) -> pd.Series:
    import osmnx as ox
    import pandas as pd

    graph = ox.graph_from_xml(xml, bidirectional=True, retain_all=True, simplify=False)
    table = pd.DataFrame([(edge["osmid"], edge["length"]) for _, _, edge in graph.edges(data=True)], columns=["way", "length"])
    return table.groupby("way")["length"].sum() / 2  # both directions
