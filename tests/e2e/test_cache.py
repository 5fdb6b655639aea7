"""An edition is the same to the byte whether its streets were read or came from the cache, and no cache is ever published."""

from __future__ import annotations

import pytest

from cfmap.cli import main
from cfmap.network import Network, cache
from tests.e2e import small_city


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735603200")
    return small_city.make(tmp_path / "city")


UNPUBLISHED = (".cfmap.lock", "run.jsonl", "check.xlsx", "check.gpkg")  # tell how long a run took and where


def _built(project, out):
    assert main(["build", str(project), "--out", str(out)]) == 0
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file() and p.name not in UNPUBLISHED}


@pytest.mark.slow
def test_an_edition_from_cached_streets_is_the_same_to_the_byte(project, tmp_path, monkeypatch):
    from cfmap.network import osm

    monkeypatch.setenv("CFMAP_CACHE", "")
    without = _built(project, tmp_path / "without")
    monkeypatch.delenv("CFMAP_CACHE")
    Network.from_file(project / "data" / "network.osm", cache=True)
    assert [name for name, _ in cache.contents(project / ".cfmap" / "cache")] == ["network.osm"]

    def fails(path):
        raise AssertionError(path)

    monkeypatch.setattr(osm, "read_osm", fails)
    cached = _built(project, tmp_path / "cached")
    assert without == cached
    assert not [name for name in cached if name.endswith((".npy", ".arrow"))]


def test_single_questions_answer_the_same_from_cached_streets(project, tmp_path, monkeypatch):
    network = project / "data" / "network.osm"
    places = tmp_path / "places.csv"
    places.write_text("id,lon,lat\n" + "".join(f"{k},{lon},{lat}\n" for k, (lon, lat) in enumerate(small_city.lonlat(0.3 * i, 4.7) for i in range(5))))
    answers = []
    for folder in ("", str(tmp_path / "c"), str(tmp_path / "c")):
        monkeypatch.setenv("CFMAP_CACHE", folder)
        out = tmp_path / f"{len(answers)}.csv"
        assert main(["reach", "--network", str(network), "--sites", str(places), "--points", str(places), "--out", str(out)]) == 0
        answers.append(out.read_bytes())
    assert answers[0] == answers[1] == answers[2]


def test_doctor_says_where_networks_are_kept(project, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(project)
    monkeypatch.delenv("CFMAP_CACHE")
    main(["--lang", "en", "doctor"])
    assert f"{project / '.cfmap' / 'cache'}: 0 networks" in capsys.readouterr().out
    monkeypatch.setenv("CFMAP_CACHE", "")
    main(["--lang", "en", "doctor"])
    assert "CFMAP_CACHE is empty" in capsys.readouterr().out
