"""OpenStreetMap files that are broken in the ways downloads break: one clear record each, never a traceback."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import osmium
import pytest
from osmium.osm import mutable

from cfmap.model.errors import InputError
from cfmap.network import Network

from .drawn import write_osm

NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
WAYS = {1: ([1, 2, 3], {"highway": "residential"})}


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """A .pbf of three blocks of nodes and three of ways, no relations; with the byte at which each block begins."""
    path = tmp_path_factory.mktemp("region") / "region.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for i in range(1, 20_001):
            writer.add_node(mutable.Node(id=i, location=(122 + (i % 200) / 1000, 27 + (i // 200) / 1000)))
        for i in range(1, 20_000):
            writer.add_way(mutable.Way(id=i, nodes=[i, i + 1], tags={"highway": "footway"}))
    content, place, starts = path.read_bytes(), 0, []
    from cfmap.network.osm_file import _data_size

    while place < len(content):
        starts.append(place)
        length = int.from_bytes(content[place : place + 4], "big")
        place += 4 + length + _data_size(content[place + 4 : place + 4 + length])
    return content, starts


def code_of(path):
    with pytest.raises(InputError) as caught:
        Network.from_file(path)
    record = caught.value.faults[0]
    assert record.file == path.name
    assert record.render("zh")
    assert record.render("en")
    return record.code


def test_missing_file(tmp_path):
    assert code_of(tmp_path / "nothing.osm.pbf") == "E301"


def test_a_node_outside_the_globe_is_told_and_the_process_lives(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text(
        "<osm version='0.6'><node id='1' lat='27.7' lon='120.6' version='1'/><node id='2' lat='-127.7' lon='120.6' version='1'/>"
        "<node id='3' lat='27.8' lon='120.6' version='1'/><way id='1' version='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/><tag k='highway' v='footway'/></way></osm>",
        encoding="utf-8",
    )
    assert code_of(path) == "E304"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted on Linux only")
def test_broken_files_leave_no_open_file_behind(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text("<osm version='0.6'><node id='1' lat='27.7' lon='120.6' version='1'/><way", encoding="utf-8")
    assert code_of(path) == "E304"
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        code_of(path)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.osm.gz", "a.graphml", "a.gpkg"])
def test_empty_file(tmp_path, name):
    path = tmp_path / name
    path.touch()
    assert code_of(path) == "E302"


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html><body>502</body></html>", b"\n  <html lang='zh'><head/></html>"])
def test_web_page_saved_under_the_name_of_a_download(tmp_path, page):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(page)
    assert code_of(path) == "E303"


def test_text_under_the_name_of_a_pbf(tmp_path):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"not a map at all" * 100)
    assert code_of(path) == "E304"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_pbf_cut_inside_a_block(tmp_path, region, share):
    content, starts = region
    path = tmp_path / "a.osm.pbf"
    cut = int(len(content) * share)
    assert cut not in starts
    path.write_bytes(content[:cut])
    assert code_of(path) == "E304"


def test_whole_pbf_is_read_and_its_cuts_between_blocks_are_refused(tmp_path, region):
    content, starts = region
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(content)
    assert Network.from_osm(path).summary()["km"] > 0
    codes = []
    for start in starts[2:]:
        path.write_bytes(content[:start])
        codes.append(code_of(path))
    assert set(codes) <= {"E305", "E308"}
    assert len(codes) >= 4


def test_flipped_byte(tmp_path, region):
    content = bytearray(region[0])
    content[len(content) // 2] ^= 0xFF
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(bytes(content))
    assert code_of(path) == "E304"


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2"])
def test_text_formats_whole_and_cut(tmp_path, suffix):
    text = write_osm(tmp_path / "whole.osm", NODES, WAYS).read_bytes()
    pack = {".osm": bytes, ".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}[suffix]
    path = tmp_path / f"a{suffix}"
    path.write_bytes(pack(text))
    assert Network.from_file(path).n_edges == 1
    path.write_bytes(pack(text)[: int(len(pack(text)) * 0.6)])
    assert code_of(path) == "E304"


def test_points_without_ways_and_ways_without_streets(tmp_path):
    assert code_of(write_osm(tmp_path / "a.osm", NODES, {})) == "E305"
    assert code_of(write_osm(tmp_path / "b.osm", NODES, {1: ([1, 2], {"railway": "rail"})})) == "E306"


def test_ways_that_lack_most_of_their_points_are_refused_a_few_are_reported(tmp_path):
    many = {i: (i * 10, 0) for i in range(1, 101)}
    ways = {1: (list(range(1, 101)), {"highway": "footway"})}
    half = write_osm(tmp_path / "a.osm", {i: p for i, p in many.items() if i <= 50}, ways)
    assert code_of(half) == "E308"
    few = Network.from_osm(write_osm(tmp_path / "b.osm", {i: p for i, p in many.items() if i != 50}, ways))
    assert [f.code for f in few.faults] == ["W307"]
    assert few.n_edges == 2  # the street ends where the point is missing; nothing is drawn across the gap
    assert len(few.components) == 2


def test_content_wins_over_the_name(tmp_path):
    path = write_osm(tmp_path / "streets.osm", NODES, WAYS)
    assert Network.from_file(path.rename(tmp_path / "streets.xml")).n_edges == 1
