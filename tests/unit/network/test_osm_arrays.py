"""What libosmium writes as text and Arrow reads back is what pyosmium's own objects say, whatever order and signs the file has."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osmium.osm import mutable

from cfmap.network import Network
from cfmap.network.osm_arrays import CHUNK, read_extract

from .osm_files import write_osm

NODES = {1: (119.0, 27.0), 2: (119.001, 27.0, {"barrier": "gate", "note": "a, b=c"}), 3: (119.002, 27.0), 4: (-119.0000001, -27.5)}
FILTERS = {"way_keys": ("highway",), "node_keys": ("barrier",), "area_keys": ("highway",)}
#: Characters with a meaning in the text between, beyond ASCII, beyond the basic plane.
SPECIAL = "甲 ,=@%\n\"'<&>🚸é"
PLAIN_TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=30)


def read(path, *, kept=("highway", "name", "barrier")):
    return read_extract(path, **FILTERS, kept=kept)


def test_ways_carry_their_kept_tags_nodes_and_places(tmp_path):
    ways = {7: ([1, 2, 3], {"highway": "footway", "name": "甲", "surface": "paved"}), 8: ([4, 1], {"highway": "footway"}), 9: ([1, 3], {"building": "yes"})}
    extract = read(write_osm(tmp_path / "a.osm.pbf", NODES, ways))
    assert extract.ways.ids.tolist() == [7, 8]
    assert [extract.ways.tags[row] for row in extract.ways.row] == [{"highway": "footway", "name": "甲"}, {"highway": "footway"}]
    assert extract.courses.first.tolist() == [0, 3, 5]
    assert extract.courses.ref.tolist() == [1, 2, 3, 4, 1]
    assert extract.courses.lon.tolist() == [119.0, 119.001, 119.002, -119.0000001, 119.0]
    assert extract.courses.lat.tolist() == [27.0, 27.0, 27.0, -27.5, 27.0]
    assert extract.nodes.ids.tolist() == [2]
    assert extract.nodes.tags == [{"barrier": "gate"}]


def test_multipolygons_bring_the_ways_they_need(tmp_path):
    ways = {7: ([1, 2, 3], {"highway": "footway"}), 8: ([3, 1], {}), 9: ([1, 2], {})}
    relations = {
        5: ([("w", 7, "outer"), ("w", 8, "outer"), ("n", 1, "label"), ("w", 99, "inner, a")], {"type": "multipolygon", "highway": "pedestrian"}),
        6: ([("w", 9, "outer")], {"type": "route", "highway": "pedestrian"}),
    }
    extract = read(write_osm(tmp_path / "a.osm.pbf", NODES, ways, relations))
    assert [(r.id, r.members) for r in extract.relations] == [(5, [(7, "outer"), (8, "outer"), (99, "inner, a")])]
    assert extract.member_ids.tolist() == [8]
    assert extract.members.nodes(0) == [3, 1]


def test_a_file_without_anything_asked_for_gives_empty_columns(tmp_path):
    extract = read(write_osm(tmp_path / "a.osm.pbf", {1: (0, 0)}, {1: ([1], {"building": "yes"})}))
    assert [len(column) for column in (extract.ways.ids, extract.courses.ref, extract.nodes.ids, extract.relations, extract.member_ids)] == [0] * 5
    assert extract.courses.first.tolist() == [0]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.lists(st.integers(1, 30), max_size=6), PLAIN_TEXT | st.just(SPECIAL.replace("\n", ""))), min_size=1, max_size=8))
def test_the_text_between_changes_nothing(tmp_path_factory, ways):
    path = tmp_path_factory.mktemp("text") / "a.osm.pbf"
    nodes = {i: (119 + i * 1e-7 * 7**i % 0.5, 27 - i * 1e-7) for i in range(1, 28)}  # 28, 29 and 30 are missing
    write_osm(path, nodes, {k: (refs, {"highway": "path", "name": name}) for k, (refs, name) in enumerate(ways, 1)})
    extract = read(path)
    with_places = osmium.FileProcessor(str(path)).with_locations()
    for k, way in enumerate(w for w in with_places if w.is_way()):
        first, last = extract.courses.first[k : k + 2]
        assert extract.ways.tags[extract.ways.row[k]] == dict(way.tags)
        assert extract.courses.nodes(k) == [n.ref for n in way.nodes]
        for at, node in zip(range(first, last), way.nodes, strict=True):
            here = (extract.courses.lon[at], extract.courses.lat[at])
            assert here == (node.lon, node.lat) if node.location.valid() else np.isnan(here).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_nodes_behind_the_ways_and_nodes_not_yet_uploaded_are_found(tmp_path, sign):
    """Servers send ways first when asked so; editors give what is new a negative id."""
    path = tmp_path / "a.osm"
    with osmium.SimpleWriter(str(path)) as writer:
        writer.add_way(mutable.Way(id=sign, nodes=[sign * n for n in (1, 2, 3)], tags={"highway": "footway"}))
        for i, (lon, lat, *_) in NODES.items():
            writer.add_node(mutable.Node(id=sign * i, location=(lon, lat)))
    network = Network.from_osm(path)
    assert sorted(network.node_id.tolist()) == sorted([sign, 3 * sign])
    assert network.vertex_lon.tolist() == [119.0, 119.001, 119.002]
    assert network.faults == ()


def test_courses_longer_than_one_chunk_are_joined(tmp_path, monkeypatch):
    monkeypatch.setattr("cfmap.network.osm_arrays.CHUNK", 64)
    assert CHUNK > 64
    nodes = {i: (i / 1000, 0) for i in range(1, 60)}
    extract = read(write_osm(tmp_path / "a.osm.pbf", nodes, {a: ([a, b, a], {"highway": "path"}) for a, b in pairwise(nodes)}))
    assert extract.courses.ref.tolist() == [n for a, b in pairwise(nodes) for n in (a, b, a)]
    assert np.array_equal(extract.courses.lon, extract.courses.ref / 1000)


SCRIPT = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from cfmap.network import Network
try:
    Network.from_osm(sys.argv[1])
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs file size limits")
def test_a_full_temporary_folder_is_not_the_fault_of_the_file_and_not_the_end_of_the_process(tmp_path):
    nodes = {i: (i / 1000, 0) for i in range(1, 3000)}
    path = write_osm(tmp_path / "a.osm.pbf", nodes, {1: (list(nodes), {"highway": "path"}), 2: (list(nodes), {"highway": "path"})})
    run = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "OSError", "")
