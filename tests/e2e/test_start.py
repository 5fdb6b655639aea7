"""``cfmap start``: the map opens when the tables are right, the red workbook when they are not; nothing else is touched."""

from __future__ import annotations

import json

import pytest

from cfmap.cli import main
from cfmap.network import Network
from tests.e2e import small_city
from tests.unit.network.osm_files import write_osm


@pytest.fixture
def opened(monkeypatch):
    """What would have been opened on the screen."""
    seen: list[str] = []
    monkeypatch.setattr("click.launch", lambda path: seen.append(path))
    return seen


def test_wrong_tables_open_the_red_workbook_and_right_ones_the_map(tmp_path, opened, capsys):
    project = small_city.make(tmp_path / "小 城 (1)")
    rows = small_city.school_rows()
    small_city.schools_xlsx(project, [rows[0], *([row[0], row[1], "12.3", *row[3:]] for row in rows[1:])])
    assert main(["--lang", "en", "start", str(project), "--no-open", "--json"]) == 3
    printed = capsys.readouterr()
    assert "First: checking" in printed.err
    answer = json.loads(printed.out)
    assert (answer["command"], answer["exit"], answer["check"]["stops"]) == ("start", 3, True)
    assert opened == []
    assert main(["--lang", "zh", "start", str(project)]) == 3
    said = capsys.readouterr().err
    workbook = project / "output" / "check.xlsx"
    assert opened == [str(workbook)]
    assert str(workbook) in said
    assert "什么都没有发布" in said
    assert "[2/" in said, "the steps are told although nobody's terminal is there"
    assert not (project / "output" / "2024").exists()

    opened.clear()
    small_city.schools_xlsx(project)
    assert main(["--lang", "zh", "start", str(project)]) == 0
    page = project / "output" / "2024" / "index.html"
    assert opened == [str(page.resolve())]
    assert page.is_file()
    assert str(page) in capsys.readouterr().err


def test_a_regional_extract_in_the_data_folder_is_clipped_to_the_city(tmp_path, opened, capsys, monkeypatch):
    project = small_city.make(tmp_path)
    (project / "data" / "network.osm").unlink()
    (project / "cfmap.toml").write_text(small_city.SETTINGS.replace("data/network.osm", "data/streets.osm.pbf"), encoding="utf-8")
    corners = [(0, 0), (10, 0), (10, 10), (0, 10)]
    places = {n: (*small_city.lonlat(x, y), {}) for n, (x, y) in enumerate([*corners, (500, 5), (501, 5)], start=1)}
    ways = {1: ([1, 2, 3, 4, 1], {"highway": "residential"}), 2: ([5, 6], {"highway": "path"})}
    write_osm(project / "data" / "province.osm.pbf", places, ways)

    def stop(*_args, **_settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("cfmap.cli.asking.check_and_ask", stop)
    assert main(["--lang", "zh", "start", str(project)]) == 130
    assert "province.osm.pbf" in capsys.readouterr().err
    streets = Network.from_file(project / "data" / "streets.osm.pbf")
    assert set(streets.edge_way.tolist()) == {1}, "the far ways stay behind"


def test_no_project_is_a_sentence(tmp_path, opened, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "zh", "start"]) == 2
    assert "E101" in capsys.readouterr().err
    assert opened == []
