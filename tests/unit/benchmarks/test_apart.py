"""Why two networks give different walks: one small map on which each reason can be seen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks._apart import ASIDE, CLOSED, OPEN, PRIVATE, SPHERE, SQUARE, UNKNOWN_KIND, Pair, Reasons
from cfmap.network import Network
from tests.unit.coverage.drawn import lonlat
from tests.unit.network.osm_files import write_osm

#: A street 1-2-3-4-5 along the south; north of it, from 2 and from 4, what one may take or not, by its way.
PLACES = {
    1: (0, 0),
    2: (100, 0),
    3: (200, 0),
    4: (300, 0),
    5: (400, 0),
    6: (100, 100),
    7: (300, 100),
    8: (200, -100),
    11: (400, 80),
    12: (480, 80),
    13: (480, 0),
}
STREETS = {1: ([1, 2, 3, 4, 5], {"highway": "residential"}), 2: ([2, 6], {"highway": "residential"}), 3: ([7, 4], {"highway": "residential"})}
SQUARES = {9: ([5, 11, 12, 13, 5], {"highway": "pedestrian", "area": "yes"}), 10: ([12, 7], {"highway": "footway"})}


def reasons(tmp_path, tags):
    """A network with a way 6-7 of some tags, and a graph in which everything is open."""
    import networkx as nx

    ways = {**STREETS, **SQUARES, 4: ([6, 7], tags)}
    path = write_osm(tmp_path / "map.osm.pbf", {k: lonlat(*xy) for k, xy in PLACES.items()}, ways)
    graph = nx.MultiDiGraph()
    for way, (nodes, _) in ways.items():
        for u, v in pairwise(nodes):
            length = sum((a - b) ** 2 for a, b in zip(PLACES[u], PLACES[v], strict=True)) ** 0.5
            graph.add_edge(u, v, osmid=way, length=length)
            graph.add_edge(v, u, osmid=[way], length=length)
    return Reasons(Network.from_osm(path), graph, path)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "cycleway", "foot": "no"}, CLOSED),
        ({"highway": "construction"}, CLOSED),
        ({"highway": "trail"}, UNKNOWN_KIND),
        ({"highway": "service", "access": "private"}, PRIVATE),
        ({"highway": "residential"}, OPEN),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value.values()),
)
def test_a_longer_walk_is_put_down_to_the_way_that_only_the_peer_takes(tmp_path, tags, reason):
    assert reasons(tmp_path, tags).of(Pair(6, 7, 400.0, 200.0, (6, 7))) == reason


def test_a_road_without_its_sidewalk_a_square_and_another_figure_of_the_earth(tmp_path):
    found = reasons(tmp_path, {"highway": "residential"})
    found.tags[4] = {"highway": "primary", "sidewalk:both": "separate"}
    found.ways.discard(4)
    assert found.of(Pair(6, 7, 400.0, 200.0, (6, 7))) == ASIDE
    assert found.of(Pair(5, 12, 113.1, 160.0, (5, 11, 12))) == SQUARE
    assert found.of(Pair(1, 2, 100.0, 100.55, (1, 2))) == SPHERE
    assert found.of(Pair(1, 2, 100.0, 101.0, (1, 2))) == OPEN
