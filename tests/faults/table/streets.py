"""F57-F67: OpenStreetMap, the street network, its download and its cache."""

from __future__ import annotations

import re

import osmium

from tests.e2e import small_city
from tests.faults.table.case import ELSEWHERE, case
from tests.faults.table.change import settings

NETWORK = "network.osm"


def _pbf(project, *, header=(), change=lambda raw: raw):
    source, target = project / "data/network.osm", project / "data/network.osm.pbf"
    made = osmium.io.Header()
    for key, value in header:
        made.set(key, value)
    with osmium.SimpleWriter(str(target), header=made, overwrite=True) as writer:
        osmium.apply(osmium.io.Reader(str(source)), writer)
    target.write_bytes(change(target.read_bytes()))
    settings(project, 'source = "data/network.osm"', 'source = "data/network.osm.pbf"')


@case("F57", "a .pbf cut inside a block", "E304", "network.osm.pbf", exits=3)
def _(project):
    _pbf(project, change=lambda raw: raw[:-200])


@case("F57", "an .osm cut short", "E304", NETWORK, exits=3)
def _(project):
    path = project / "data/network.osm"
    path.write_bytes(path.read_bytes()[:8000])


@case("F58", "a .pbf cut before its ways", "E305", "network.osm.pbf", exits=3)
def _(project):
    path = project / "data/network.osm"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("<way")] + "</osm>", encoding="utf-8")
    _pbf(project)


@case("F58", "nine of the 22 streets of the last edition are not in the file", "W313", NETWORK, "41%", "第 1 版")
def _(project):
    path = project / "data/network.osm"
    path.write_text(re.sub(r"<way id='([2-9]|10)' .*?</way>\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL), encoding="utf-8")


@case("F59", "the network is a web page", "E303", NETWORK, exits=3)
def _(project):
    (project / "data/network.osm").write_text("<!DOCTYPE html><html><body>404</body></html>", encoding="utf-8")


@case("F59", "the network has 0 bytes", "E302", NETWORK, exits=3)
def _(project):
    (project / "data/network.osm").write_bytes(b"")


@case("F59", "a flipped byte in a .pbf", "E304", "network.osm.pbf", exits=3)
def _(project):
    _pbf(project, change=lambda raw: raw[:-100] + bytes([raw[-100] ^ 0xFF]) + raw[-99:])


@case("F60", "another city's network", "E496", NETWORK, exits=3)
def _(project):
    path = project / "data/network.osm"
    path.write_text(path.read_text(encoding="utf-8").replace("lon='122.", "lon='121.").replace("lon='123.", "lon='121."), encoding="utf-8")


@case("F60", "half a city's network", "W312", NETWORK, "%")
def _(project):
    settings(project, 'city = "data/boundary.geojson"', 'city = "data/wide.geojson"')
    small_city._outline(project / "data/wide.geojson", [("小城", 0, 15)])


@case("F61", "streets of three years before", "W311", "network.osm.pbf", "2021-06-30")
def _(project):
    _pbf(project, header=[("osmosis_replication_timestamp", "2021-06-30T00:00:00Z")])


@case("F63", "no network at all, and none on the machine", "E495", "data/network.osm", "cfmap fetch", exits=3)
def _(project):
    (project / "data/network.osm").unlink()


ELSEWHERE["F64"] = ("tests/unit/coverage/test_rules.py::test_a_site_far_from_any_street_is_left_out_and_named",)
ELSEWHERE["F58"] = ("tests/unit/network/test_broken_osm.py::test_whole_pbf_is_read_and_its_cuts_between_blocks_are_refused",)
ELSEWHERE["F62"] = (
    "tests/unit/network/test_fetch.py::test_lasting_trouble_ends_after_five_tries_with_host_reason_and_advice",
    "tests/e2e/test_fetch.py::test_refusing_server_gives_exit_4_that_names_it_and_the_way_out",
)
ELSEWHERE["F63"] = ("tests/unit/network/test_fetch.py::test_nobody_at_the_address_is_an_environment_fault",)
ELSEWHERE["F65"] = ("tests/unit/network/test_cache.py::test_damage_to_any_file_is_found_and_the_network_made_anew",)
ELSEWHERE["F66"] = (
    "tests/unit/network/test_cache.py::test_other_bytes_another_name_or_other_rules_are_read_anew",
    "tests/unit/network/test_cache.py::test_every_library_version_is_part_of_the_rules",
)
ELSEWHERE["F67"] = (
    "tests/unit/network/test_cache.py::test_a_folder_that_cannot_be_written_is_done_without",
    "tests/unit/network/test_cache.py::test_a_full_or_forbidden_disk_is_done_without",
)
