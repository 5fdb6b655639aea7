"""Downloads: complete ways, bounded patience, resumption, and a file that is whole or not there."""

from __future__ import annotations

import os
import socket
import time

import pytest
import shapely

from cfmap.model import EnvironmentFault, InputError, OsmTags, load_city
from cfmap.network.clip import header_timestamp
from cfmap.network.fetch import Cell, fetch, overpass_query
from cfmap.network.overpass import Patience
from tests.unit.network.osm_files import read_ids
from tests.unit.network.overpass_standin import Standin

# Two cells of 0.1 degree, west [10.0, 10.1] and east [10.1, 10.2] at latitude 0 to 0.1. Street 1 lies in the west, street 2 in the east,
# street 3 runs from west to east, street 4 leaves the area towards north-east, the pond (relation 9) has its outline in two ways.
NODES = {
    1: (10.02, 0.05, {}),
    2: (10.04, 0.05, {"highway": "crossing"}),
    3: (10.12, 0.05, {}),
    4: (10.14, 0.05, {}),
    5: (10.16, 0.08, {}),
    6: (10.30, 0.30, {}),
    7: (10.05, 0.06, {"amenity": "school", "name": "学校"}),
    11: (10.02, 0.02, {}),
    12: (10.03, 0.02, {}),
    13: (10.13, 0.03, {}),
}
WAYS = {
    1: ([1, 2], {"highway": "residential", "name": "西街"}),
    2: ([3, 4], {"highway": "footway"}),
    3: ([2, 3], {"highway": "primary"}),
    4: ([5, 6], {"highway": "tertiary"}),
    21: ([11, 12, 13], {}),
    22: ([13, 11], {}),
}
RELATIONS = {9: ([("way", 21, "outer"), ("way", 22, "outer")], {"type": "multipolygon", "natural": "water"})}
AREA = shapely.box(10.01, 0.01, 10.19, 0.09)
WEST, EAST = (0.0, 10.0, 0.1, 10.1), (0.0, 10.1, 0.1, 10.2)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.slept: list[float] = []

    def sleep(self, seconds):
        self.slept.append(seconds)

    def now(self):
        return sum(self.slept)

    def patience(self, **limits):
        return Patience(sleep=self.sleep, now=self.now, chance=lambda: 0.0, **limits)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Standin(NODES, WAYS, RELATIONS) as standin:
        yield standin


@pytest.fixture
def city(tmp_path, server):
    (tmp_path / "cfmap.toml").write_text(
        f'[city]\nname = "示例市"\n[edition]\nyear = 2024\n[network]\nsource = "data/network.osm.pbf"\nbuffer_m = 0\noverpass_url = "{server.url}"\n',
        encoding="utf-8",
    )
    return load_city(tmp_path)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "data" / "network.osm.pbf"


def test_download_holds_complete_ways_with_their_own_ids_once_each(city, server, out, clock):
    assert fetch(city, polygon=AREA, out=out, patience=clock.patience()) == out
    ids, tags, nodes = read_ids(out)
    assert ids == {"n": [1, 2, 3, 4, 5, 6, 7, 11, 12, 13], "w": [1, 2, 3, 4, 21, 22], "r": [9]}
    assert nodes[4] == [5, 6], "a way that leaves the area keeps its far end"
    assert tags["n", 2] == {"highway": "crossing"}
    assert tags["n", 7] == {"amenity": "school", "name": "学校"}
    assert tags["w", 1] == {"highway": "residential", "name": "西街"}
    assert sorted(server.asked) == [WEST, EAST]
    assert clock.slept == []


def test_download_carries_the_date_of_its_oldest_part(city, server, out, clock):
    server.stamps.extend(["2024-12-31T00:00:00Z", "2024-12-30T00:00:00Z"])
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert header_timestamp(out) == "2024-12-30T00:00:00Z"


def test_finished_download_leaves_no_work_folder_and_no_part_file(city, out, clock):
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert not (city.root / ".cache" / "fetch").exists()
    assert [p.name for p in out.parent.iterdir()] == ["network.osm.pbf"]


def test_progress_counts_sub_areas(city, out, clock):
    told = []
    fetch(city, polygon=AREA, out=out, patience=clock.patience(), progress=lambda *step: told.append(step[:2]))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_buffer_of_the_project_widens_the_area(city, server, out, clock):
    wide = city.model_copy(update={"network": city.network.model_copy(update={"buffer_m": 2000.0})})
    fetch(wide, polygon=shapely.box(10.02, 0.02, 10.09, 0.08), out=out, patience=clock.patience())
    assert sorted(server.asked) == [WEST, EAST], "2 km beyond 10.09 E lies east of 10.1 E"


def test_retry_after_is_honoured(city, server, out, clock):
    server.script.append((429, {"Retry-After": "7"}))
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert clock.slept == [7.0]
    assert len(server.asked) == 3


def test_429_without_retry_after_waits_as_long_as_the_status_page_says(city, server, out, clock):
    server.script.append(429)
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert clock.slept == [13.0]


@pytest.mark.parametrize("action", [504, "html", "remark", "half", "cut", 502])
def test_passing_trouble_is_asked_again(city, server, out, clock, action):
    server.script.append(action)
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert len(server.asked) == 3
    assert clock.slept == [2.5]
    assert read_ids(out)[0]["w"] == [1, 2, 3, 4, 21, 22]


@pytest.mark.parametrize(
    ("action", "zh", "en"),
    [
        (504, "HTTP 504", "HTTP 504"),
        (429, "HTTP 429", "HTTP 429"),
        ("html", "网页（HTML）", "web page (HTML)"),
        ("remark", "Query timed out", "Query timed out"),
        ("cut", "断了", "cut"),
        ("half", "不完整", "incomplete"),
    ],
)
def test_lasting_trouble_ends_after_five_tries_with_host_reason_and_advice(city, server, out, clock, action, zh, en):
    server.script.extend([action] * 20)
    with pytest.raises(EnvironmentFault) as caught:
        fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert caught.value.exit_code == 4
    assert len(server.asked) == 5
    assert len(clock.slept) == 4
    (record,) = caught.value.faults
    assert record.code == "E344"
    assert server.host in record.what("zh")
    assert zh in record.why("zh")
    assert en in record.why("en")
    assert "镜像" in record.how("zh")
    assert "regional" in record.how("en")
    assert not out.exists()


def test_waits_double_and_stay_below_their_limit(clock, server, city, out):
    server.script.extend([504] * 5)
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert clock.slept == [2.5, 5.0, 10.0, 20.0]


def test_more_than_five_tries_cannot_be_asked_for(server, city, out, clock):
    server.script.extend([504] * 20)
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience(max_tries=100))
    assert len(server.asked) == 5


def test_wait_beyond_the_total_limit_is_not_waited(server, city, out, clock):
    server.script.append((429, {"Retry-After": "86400"}))
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience(total_seconds=600))
    assert clock.slept == []
    assert len(server.asked) == 1


def test_total_limit_holds_over_all_sub_areas(server, city, out, clock):
    server.script.extend([(429, {"Retry-After": "40"}), "answer", (429, {"Retry-After": "40"})])
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience(total_seconds=60))
    assert clock.slept == [40.0]


def test_refusal_is_not_repeated(server, city, out, clock):
    server.script.append(400)
    with pytest.raises(EnvironmentFault, match="HTTP 400"):
        fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert len(server.asked) == 1


def test_nobody_at_the_address_is_an_environment_fault(city, out, clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EnvironmentFault, match=f"127.0.0.1:{port}"):
        fetch(city, polygon=AREA, out=out, patience=clock.patience(), overpass_url=f"http://127.0.0.1:{port}/api")
    assert len(clock.slept) == 4


def test_second_run_asks_only_for_what_is_missing(server, city, out, clock):
    server.script.extend(["answer", 504, 504, 504, 504, 504])
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience())
    first = server.asked[0]
    server.asked.clear()
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert set(server.asked) == {WEST, EAST} - {first}
    assert read_ids(out)[0]["w"] == [1, 2, 3, 4, 21, 22]


@pytest.mark.parametrize("damage", ["cut", "old", "no sum"])
def test_kept_part_that_is_damaged_or_old_is_asked_for_again(server, city, out, clock, damage):
    server.script.extend(["answer", *[504] * 5])
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience())
    (kept,) = (city.root / ".cache" / "fetch").glob("*.osm.pbf")
    if damage == "cut":
        kept.write_bytes(kept.read_bytes()[:-10])
    elif damage == "old":
        long_ago = time.time() - 8 * 86_400
        os.utime(kept, (long_ago, long_ago))
    else:
        kept.with_suffix(".sha256").unlink()
    server.asked.clear()
    fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert sorted(server.asked) == [WEST, EAST]


def test_failed_download_leaves_the_old_file_as_it_was(server, city, out, clock):
    out.parent.mkdir()
    out.write_bytes(b"old")
    server.script.extend([504] * 5)
    with pytest.raises(EnvironmentFault):
        fetch(city, polygon=AREA, out=out, patience=clock.patience())
    assert out.read_bytes() == b"old"


def test_area_without_streets_is_an_input_fault_and_leaves_the_old_file(city, out, clock):
    out.parent.mkdir()
    out.write_bytes(b"old")
    with pytest.raises(InputError, match="E348"):
        fetch(city, polygon=shapely.box(50.01, 0.01, 50.02, 0.02), out=out, patience=clock.patience())
    assert out.read_bytes() == b"old"
    assert [p.name for p in out.parent.iterdir()] == ["network.osm.pbf"]


def test_half_the_world_is_refused_before_anybody_is_asked(server, city, out, clock):
    with pytest.raises(InputError, match="E347"):
        fetch(city, polygon=shapely.box(70, 20, 130, 50), out=out, patience=clock.patience())
    assert server.asked == []


def test_project_without_boundary_says_so(city, out):
    with pytest.raises(InputError, match="E342"):
        fetch(city, out=out)


def test_layer_rules_become_questions():
    rules = [
        OsmTags((("amenity", ("school",)),)),
        OsmTags((("leisure", ("park", "garden")),), without=(("access", ("private",)), ("indoor", ()))),
        OsmTags((("name", ('a"b',)),)),
    ]
    query = overpass_query(Cell(row=278, column=1206), rules)
    assert 'nwr["amenity"="school"](27.800000,120.600000,27.900000,120.700000);' in query
    assert 'nwr["leisure"~"^(park|garden)$"]["access"!~"^(private)$"][!"indoor"](27.8' in query
    assert 'nwr["name"="a\\"b"](' in query
    assert query.startswith("[out:json][timeout:180]")
    assert "(._;>;);out body;" in query


# -- places by name ---------------------------------------------------------------------------------------------------


@pytest.fixture
def quick_osmnx(monkeypatch):
    """osmnx without its pause of one second before each question."""
    import osmnx

    monkeypatch.setattr(osmnx._nominatim.time, "sleep", lambda seconds: None)
    return osmnx


def outline(geometry):
    return [{"place_id": 1, "osm_type": "relation", "osm_id": 1, "lat": "0.05", "lon": "10.1", "class": "boundary", "type": "administrative", "importance": 0.5,
             "name": "示例市", "display_name": "示例市", "boundingbox": ["0.01", "0.09", "10.01", "10.19"], "geojson": shapely.geometry.mapping(geometry)}]  # fmt: skip


def test_place_name_is_looked_up_and_downloaded(quick_osmnx, server, city, out, clock):
    before = (quick_osmnx.settings.use_cache, quick_osmnx.settings.nominatim_url, quick_osmnx.settings.requests_kwargs)
    server.places["示例市"] = outline(AREA)
    fetch(city, place="示例市", out=out, patience=clock.patience(), nominatim_url=f"http://{server.host}/")
    assert sorted(server.asked) == [WEST, EAST]
    assert (quick_osmnx.settings.use_cache, quick_osmnx.settings.nominatim_url, quick_osmnx.settings.requests_kwargs) == before


@pytest.mark.parametrize("found", [[], outline(shapely.Point(10.1, 0.05))])
def test_place_without_an_outline_is_an_input_fault(quick_osmnx, server, city, out, clock, found):
    server.places["无此地"] = found
    with pytest.raises(InputError) as caught:
        fetch(city, place="无此地", out=out, patience=clock.patience(), nominatim_url=f"http://{server.host}/")
    assert caught.value.faults[0].code == "E343"
    assert caught.value.faults[0].value == "无此地"


@pytest.mark.parametrize("action", [429, 504, "html"])
def test_busy_gazetteer_is_asked_five_times_not_for_ever(quick_osmnx, server, city, out, clock, action):
    server.script.extend([action] * 50)
    with pytest.raises(EnvironmentFault, match=server.host):
        fetch(city, place="示例市", out=out, patience=clock.patience(), nominatim_url=f"http://{server.host}/")
    assert len(server.searches) == 5
