"""A network from the cache is the network from the file, and a cache in any state never stops a run."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from cfmap.network import Network, cache
from cfmap.network.tables import read_table, write_table
from tests.unit.network.osm_files import write_osm

STREET = {"highway": "residential"}
NODES = {
    1: (120.0, 30.0),
    2: (120.001, 30.0, {"barrier": "gate", "access": "no"}),
    3: (120.002, 30.0),
    4: (120.001, 30.001, {"highway": "crossing", "crossing": "zebra"}),
    5: (120.003, 30.0),
    6: (120.003, 30.001),
    7: (120.0, 30.002, {"barrier": "gate", "access": "no"}),
    8: (120.0, 30.003),
}
WAYS = {
    1: ([1, 2, 3, 5], STREET | {"name": "甲路", "maxspeed": "30"}),
    2: ([3, 4, 1], {"highway": "footway", "surface": "asphalt"}),
    3: ([5, 6], {"highway": "motorway"}),
    4: ([2, 4], STREET | {"access": "private"}),
    5: ([1, 7, 8], STREET),  # cut off by a closed gate: a finding
}


@pytest.fixture
def street_file(tmp_path):
    return write_osm(tmp_path / "streets.osm.pbf", NODES, WAYS, timestamp="2024-05-06T00:00:00Z")


@pytest.fixture
def reads(monkeypatch):
    """How often a street file was really read."""
    from cfmap.network import osm

    count = []
    read = osm.read_osm
    monkeypatch.setattr(osm, "read_osm", lambda path: count.append(path) or read(path))
    return count


def same(one: Network, other: Network) -> None:
    for f in fields(Network):
        a, b = getattr(one, f.name), getattr(other, f.name)
        if isinstance(a, np.ndarray):
            assert type(a) is type(b) is np.ndarray, f.name
            assert a.dtype == b.dtype, f.name
            assert a.flags.writeable, f.name
            assert b.flags.writeable, f.name
            np.testing.assert_array_equal(a, b, err_msg=f.name)
        elif isinstance(a, pd.DataFrame):
            same_table(a, b)
        else:
            assert a == b, f.name
    assert one.summary() == other.summary()


def same_table(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert type(one) is type(other)
    if isinstance(one, gpd.GeoDataFrame):
        assert one.crs.to_wkt() == other.crs.to_wkt()
        assert one.geometry.to_wkb().tolist() == other.geometry.to_wkb().tolist()
        one, other = (pd.DataFrame(t.drop(columns="geometry")) for t in (one, other))
    pd.testing.assert_frame_equal(one, other, check_index_type="exact", check_column_type="exact", check_exact=True)


def test_a_network_from_the_cache_is_equal_in_every_array_table_and_fault(street_file, tmp_path, reads):
    fresh = Network.from_file(street_file)
    first = Network.from_file(street_file, cache=tmp_path / "c")
    second = Network.from_file(street_file, cache=tmp_path / "c")
    assert len(reads) == 2
    assert fresh.faults
    assert min(map(len, (fresh.crossings, fresh.left_out, fresh.barriers, fresh.way_tags))) > 0
    same(fresh, first)
    same(fresh, second)
    same(fresh, Network.from_osm(street_file, cache=tmp_path / "c"))
    assert len(reads) == 2


def test_graphml_is_kept_too(tmp_path, street_file):
    pytest.importorskip("osmnx").save_graphml(Network.from_file(street_file).to_osmnx(), tmp_path / "g.graphml")
    fresh = Network.from_file(tmp_path / "g.graphml")
    kept = [Network.from_file(tmp_path / "g.graphml", cache=tmp_path / "c") for _ in range(2)]
    same(fresh, kept[1])
    assert len(cache.contents(tmp_path / "c")) == 1


@pytest.mark.truth
def test_a_real_network_comes_back_equal(outside_data, tmp_path):
    path = outside_data("helsinki/test.osm.pbf")
    first = Network.from_file(path, cache=tmp_path)
    same(first, Network.from_file(path, cache=tmp_path))


def test_writing_into_a_cached_array_leaves_the_cache_alone(street_file, tmp_path):
    Network.from_file(street_file, cache=tmp_path / "c")
    second = Network.from_file(street_file, cache=tmp_path / "c")
    second.edge_mm[:] = 0
    same(Network.from_file(street_file), Network.from_file(street_file, cache=tmp_path / "c"))


def test_tables_are_read_when_first_asked_for(street_file, tmp_path, monkeypatch):
    from cfmap.network import tables

    Network.from_file(street_file, cache=tmp_path / "c")
    asked = []
    read = tables.read_table
    monkeypatch.setattr(tables, "read_table", lambda content: asked.append(content) or read(content))
    network = Network.from_file(street_file, cache=tmp_path / "c")
    places = gpd.GeoSeries.from_xy([120.0005], [30.0], crs=4326)
    network.travel(network.snap(places, limit_m=50))
    assert not asked
    assert network.way_tags is network.way_tags
    assert len(asked) == 1
    with pytest.raises(AttributeError, match="no_such_table"):
        _ = network.no_such_table


class TestKey:
    def test_other_bytes_another_name_or_other_rules_are_read_anew(self, street_file, tmp_path, reads, monkeypatch):
        def read(path=street_file):
            before = len(reads)
            Network.from_file(path, cache=tmp_path / "c")
            return len(reads) - before

        assert read() == 1
        assert read() == 0
        assert read(Path(shutil.copy(street_file, tmp_path / "other.osm.pbf"))) == 1  # messages name the file
        write_osm(street_file.with_name("new.osm.pbf"), NODES, WAYS | {6: ([6, 4], STREET)}).replace(street_file)
        assert read() == 1
        monkeypatch.setattr(cache, "_rules", lambda: b"other rules")
        assert read() == 1

    def test_every_module_of_the_room_is_part_of_the_rules(self, tmp_path, monkeypatch):
        room = tmp_path / "network"
        shutil.copytree(Path(cache.__file__).parent, room, ignore=shutil.ignore_patterns("__pycache__"))
        monkeypatch.setattr(cache, "__file__", str(room / "cache.py"))
        seen = {cache._rules.__wrapped__()}
        for module in sorted(room.glob("*.py")):
            module.write_text(module.read_text() + "\n")
            seen.add(cache._rules.__wrapped__())
        assert len(seen) == 1 + len(list(room.glob("*.py"))) > 20

    def test_every_library_version_is_part_of_the_rules(self, monkeypatch):
        now = cache._rules.__wrapped__()
        version = cache.metadata.version
        for library in cache.LIBRARIES:
            monkeypatch.setattr(cache.metadata, "version", lambda name, changed=library: version(name) + "+1" * (name == changed))
            assert cache._rules.__wrapped__() != now

    def test_line_files_are_never_kept(self, tmp_path):
        path = tmp_path / "roads.geojson"
        gpd.GeoDataFrame({"a": ["1"]}, geometry=[shapely.LineString([(120, 30), (120.001, 30)])], crs=4326).to_file(path)
        for _ in range(2):
            assert Network.from_file(path, cache=tmp_path / "c").n_edges == 1
        assert not (tmp_path / "c").exists()

    def test_a_file_that_changes_while_it_is_read_is_not_kept(self, street_file, tmp_path):
        def read(path):
            network = Network.from_osm(path)
            os.utime(path, ns=(1, 1))
            return network

        cache.reuse(street_file, read, cache=tmp_path / "c")
        assert cache.contents(tmp_path / "c") == []

    def test_what_cannot_be_read_is_told_as_without_a_cache(self, tmp_path):
        (tmp_path / "empty.osm").write_bytes(b"")
        for name in ("missing.osm.pbf", "empty.osm"):
            messages = []
            for where in (None, tmp_path / "c"):
                with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared
                    Network.from_file(tmp_path / name, cache=where)
                messages.append(str(caught.value))
            assert messages[0] == messages[1]
        assert not (tmp_path / "c").exists()


def _kept(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*/network/*") if p.is_file())


def _damage(file: Path, how: str) -> None:
    content = file.read_bytes()
    match how:
        case "one bit":
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "first byte":
            file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
        case "cut":
            file.write_bytes(content[: len(content) // 2])
        case "longer":
            file.write_bytes(content + b"\0")
        case "empty":
            file.write_bytes(b"")
        case "gone":
            file.unlink()


@pytest.mark.parametrize("how", ["one bit", "first byte", "cut", "longer", "empty", "gone"])
def test_damage_to_any_file_is_found_and_the_network_made_anew(street_file, tmp_path, how):
    fresh = Network.from_file(street_file)
    made = []

    def get():
        return cache.reuse(street_file, lambda _: made.append(1) or replace(fresh), cache=tmp_path / "c")

    get()
    names = [file.name for file in _kept(tmp_path / "c")]
    assert len(names) > 20
    for count, name in enumerate(names, start=2):
        _damage(next(f for f in _kept(tmp_path / "c") if f.name == name), how)
        same(fresh, get())
        assert len(made) == count, name
        get()
        assert len(made) == count, name


def test_nothing_in_the_cache_is_run(street_file, tmp_path):
    Network.from_file(street_file, cache=tmp_path / "c")
    assert {file.suffix for file in _kept(tmp_path / "c")} == {".npy", ".arrow", ".json"}
    for file in _kept(tmp_path / "c"):
        if file.suffix == ".npy":
            np.load(file, allow_pickle=False)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="rights bind only ordinary users of POSIX systems")
def test_a_folder_that_cannot_be_written_is_done_without(street_file, tmp_path):
    (tmp_path / "c").mkdir(mode=0o500)
    same(Network.from_file(street_file), Network.from_file(street_file, cache=tmp_path / "c"))


@pytest.mark.parametrize("call", ["mkdtemp", "mkdir", "save", "rename"])
def test_a_full_or_forbidden_disk_is_done_without(street_file, tmp_path, monkeypatch, call):
    def fails(*args, **kwargs):
        if any(isinstance(a, Path) and a.is_relative_to(tmp_path / "c") for a in (*args, *kwargs.values())):
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    fresh = Network.from_file(street_file)
    owner, name = {"mkdtemp": (cache.tempfile, "mkdtemp"), "mkdir": (Path, "mkdir"), "save": (np, "save"), "rename": (Path, "rename")}[call]
    real = getattr(owner, name)
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, fails)
        same(fresh, Network.from_file(street_file, cache=tmp_path / "c"))
    assert _kept(tmp_path / "c") == []
    assert not [p for p in (tmp_path / "c").rglob("*") if p.is_file()]
    Network.from_file(street_file, cache=tmp_path / "c")
    assert _kept(tmp_path / "c")


def test_a_file_in_the_place_of_the_folder_is_done_without(street_file, tmp_path):
    (tmp_path / "c").write_text("mine")
    same(Network.from_file(street_file), Network.from_file(street_file, cache=tmp_path / "c"))
    assert (tmp_path / "c").read_text() == "mine"


def _read_in_another_process(path, folder, ready, results):
    ready.wait()
    results.put(Network.from_file(path, cache=folder).edge_mm.tolist())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside threads, which only this test does
def test_processes_at_once_leave_one_whole_network(street_file, tmp_path):
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    ready, results = context.Barrier(4), context.Queue()
    workers = [context.Process(target=_read_in_another_process, args=(street_file, tmp_path / "c", ready, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    lengths = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert lengths == [Network.from_file(street_file).edge_mm.tolist()] * 4
    assert len(cache.contents(tmp_path / "c")) == 1
    assert not list((tmp_path / "c").rglob(".part-*"))


class TestExtra:
    def test_arrays_are_made_once_and_come_back_equal(self, street_file, tmp_path):
        made = []

        def make():
            made.append(1)
            return {"x": np.arange(5, dtype=np.uint64), "none": np.zeros((0, 2))}

        for _ in range(3):
            arrays = cache.extra(Network.from_file(street_file, cache=tmp_path / "c"), "graph", make)
            np.testing.assert_array_equal(arrays["x"], np.arange(5, dtype=np.uint64), strict=True)
            np.testing.assert_array_equal(arrays["none"], np.zeros((0, 2)), strict=True)
        assert len(made) == 1

    def test_a_part_of_a_network_takes_nothing_from_the_whole(self, street_file, tmp_path):
        whole = Network.from_file(street_file, cache=tmp_path / "c")
        cache.extra(whole, "graph", lambda: {"x": np.zeros(1)})
        part = replace(whole, edge_mm=whole.edge_mm * 2)
        assert cache.extra(part, "graph", lambda: {"x": np.ones(1)})["x"] == 1
        assert cache.extra(whole, "graph", lambda: {"x": np.ones(1)})["x"] == 0

    def test_without_a_cache_they_are_made_each_time(self, street_file):
        assert cache.extra(Network.from_file(street_file), "graph", lambda: {"x": np.ones(1)})["x"] == 1

    def test_damage_is_made_anew(self, street_file, tmp_path):
        network = Network.from_file(street_file, cache=tmp_path / "c")
        cache.extra(network, "graph", lambda: {"x": np.zeros(3)})
        _damage(next((tmp_path / "c").glob("*/graph/x.npy")), "one bit")
        for _ in range(2):
            assert cache.extra(network, "graph", lambda: {"x": np.zeros(3)})["x"].tolist() == [0, 0, 0]


class TestSize:
    def files(self, folder, count):
        return [write_osm(folder / f"{n:02}.osm.pbf", NODES, {1: ([1, 2, 3 + n % 3], STREET)}) for n in range(count)]

    def test_the_least_recently_used_go_first(self, tmp_path, monkeypatch):
        monkeypatch.setattr(cache, "MAX_NETWORKS", 3)
        clock = iter(range(1, 100))
        touch = os.utime

        def used(path):
            for facts in (tmp_path / "c").glob("*/network/facts.json"):
                if cache._source(facts.parents[1]) == path.name:
                    touch(facts, ns=(now := next(clock) * 10**9, now))

        files = self.files(tmp_path, 5)
        for path in (*files[:3], files[0], *files[3:]):
            Network.from_file(path, cache=tmp_path / "c")
            used(path)
        assert [name for name, _ in cache.contents(tmp_path / "c")] == ["04.osm.pbf", "03.osm.pbf", "00.osm.pbf"]

    def test_no_more_bytes_than_allowed_but_the_newest_always(self, tmp_path, monkeypatch):
        files = self.files(tmp_path, 3)
        Network.from_file(files[0], cache=tmp_path / "c")
        ((_, size),) = cache.contents(tmp_path / "c")
        assert size == sum(f.stat().st_size for f in _kept(tmp_path / "c"))
        monkeypatch.setattr(cache, "MAX_BYTES", int(size * 2.5))
        for path in files[1:]:
            Network.from_file(path, cache=tmp_path / "c")
        assert len(cache.contents(tmp_path / "c")) == 2
        monkeypatch.setattr(cache, "MAX_BYTES", 1)
        Network.from_file(write_osm(tmp_path / "last.osm.pbf", NODES, WAYS), cache=tmp_path / "c")
        assert [name for name, _ in cache.contents(tmp_path / "c")] == ["last.osm.pbf"]

    def test_what_a_killed_process_left_goes_after_a_day(self, street_file, tmp_path):
        old, new = tmp_path / "c" / "a" / ".part-x", tmp_path / "c" / "b" / ".part-y"
        old.mkdir(parents=True)
        new.mkdir(parents=True)
        os.utime(old, (0, 0))
        Network.from_file(street_file, cache=tmp_path / "c")
        assert not old.parent.exists()
        assert new.exists()


class TestPlace:
    def test_a_project_keeps_its_own(self, tmp_path, monkeypatch):
        monkeypatch.delenv("CFMAP_CACHE", raising=False)
        (tmp_path / "cfmap.toml").touch()
        assert cache.usual_folder(tmp_path / "data" / "n.osm.pbf") == tmp_path / ".cfmap" / "cache"

    @pytest.mark.skipif(os.name == "nt", reason="XDG folders are a convention of Unix desktops")
    def test_elsewhere_the_user_s_folder_counts(self, tmp_path, monkeypatch):
        monkeypatch.delenv("CFMAP_CACHE", raising=False)
        monkeypatch.setattr(cache.sys, "platform", "linux")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
        assert cache.usual_folder(tmp_path / "n.osm.pbf") == tmp_path / "x" / "cfmap"

    def test_the_variable_moves_it_and_empty_is_off(self, tmp_path, monkeypatch, street_file, reads):
        (tmp_path / "cfmap.toml").touch()
        monkeypatch.setenv("CFMAP_CACHE", str(tmp_path / "moved"))
        Network.from_file(street_file, cache=True)
        assert len(cache.contents(tmp_path / "moved")) == 1
        monkeypatch.setenv("CFMAP_CACHE", "")
        assert cache.usual_folder(street_file) is None
        Network.from_file(street_file, cache=True)
        assert len(reads) == 2
        assert not (tmp_path / ".cfmap").exists()

    def test_without_being_asked_nothing_is_kept(self, street_file, tmp_path, monkeypatch):
        monkeypatch.setenv("CFMAP_CACHE", str(tmp_path / "c"))
        for where in (None, False):
            Network.from_file(street_file, cache=where)
        assert not (tmp_path / "c").exists()


class TestTables:
    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": [True, False], "t": ["甲", None], "o": pd.Series(["x", None], dtype=object)}),
            pd.DataFrame({"gates": pd.Series([(), (1, 2), (2**40,)], dtype=object), "km": [1.0, 2.0, 3.0]}),
            pd.DataFrame({"name": pd.Categorical(["甲", None, "乙"]), "none": pd.Categorical([None] * 3)}, index=pd.Index([7, 3, 9], name="way_id")),
            pd.DataFrame({"k": pd.Categorical.from_codes([0, -1], categories=pd.Index(["a", "unused"], dtype=object))}),
            pd.DataFrame(index=pd.Index([], dtype=np.int64, name="way_id")),
            pd.DataFrame({"a": [], "b": pd.Series([], dtype=object), "c": pd.Categorical([])}),
            gpd.GeoDataFrame({"osm_id": [], "kind": []}, geometry=[], crs=4326),
            gpd.GeoDataFrame({"id": ["n1", "w2"]}, geometry=[shapely.Point(0.1, 0.2), shapely.LineString([(0, 0), (1 / 3, 1)])], crs=4326),
        ],
        ids=["plain", "tuples", "categories", "unused category", "no columns", "no rows", "no places", "places"],
    )
    def test_a_table_comes_back_as_it_was(self, tmp_path, frame):
        write_table(tmp_path / "t.arrow", frame)
        same_table(frame, read_table(np.fromfile(tmp_path / "t.arrow", dtype=np.uint8)))

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"a": pd.Series([object()], dtype=object)}),
            pd.DataFrame({"a": pd.Categorical(["x"], ordered=True)}),
            gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=3857),
        ],
    )
    def test_what_cannot_be_kept_exactly_is_refused(self, tmp_path, frame):
        with pytest.raises((TypeError, ValueError)):
            write_table(tmp_path / "t.arrow", frame)
