"""What ``make validate`` makes of other programs' answers; the programs themselves run there."""

from __future__ import annotations

import pytest

from cfmap.publish import WRITERS
from tests.factories import tiny_edition, with_indicators
from validate import __main__ as command
from validate import documents, packages, projects
from validate.result import Result

LAYER = {"id": "parks", "valid": True, "spatial": True, "colours": ["#2e7d32"], "default_colours": ["#2e7d32"], "fits": True}
TOLD = {"read": True, "crs": "EPSG:4550", "layers": [LAYER]}


def test_a_project_is_right_when_every_layer_is_valid_and_drawn_as_its_package_says():
    assert projects.problems(TOLD) == []


@pytest.mark.parametrize("change", [{"valid": False}, {"colours": ["#000000"]}, {"colours": [], "default_colours": []}, {"fits": False}])
def test_a_layer_that_is_not_is_named(change):
    assert [p.partition(":")[0] for p in projects.problems(TOLD | {"layers": [LAYER | change]})] == ["parks"]


def test_a_project_that_cannot_be_read_is_told():
    assert len(projects.problems({"read": False, "crs": "", "layers": []})) == 3


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("公园 16 0.0 托育\n3 未知 学校 0", []),
        ("公 园\n1,6 托育 3 学校", []),  # wrapped cells, thousands
        ("公园 160 托育 3 学校", ["公园"]),
        ("公园 1.6 托育 3 学校", ["公园"]),
        ("公园 16 托育 学校", ["托育"]),
    ],
)
def test_numbers_of_documents_are_compared_with_the_workbook(said, wrong):
    assert [w.partition(":")[0] for w in documents.differing(said, {"公园": 16, "托育": 3, "学校": 0})] == wrong


@pytest.mark.parametrize(("said", "wrong"), [("公园 16 00 托\n育 3 未知 1", []), ("公园 1700 托育 3 未知 1", ["公园"]), ("公园16 0 0 托育 3 1", ["托育"])])
def test_rows_of_documents_are_compared_cell_by_cell(said, wrong):
    assert [w.partition(" ")[0] for w in documents.unwritten(said, [["公园", "16", "0", "0"], ["托育", "3", "未知", "1"]])] == wrong


def test_counts_come_from_the_workbook_and_leave_out_layers_with_places_of_unknown_status(tmp_path):
    list(WRITERS["workbook"].write(with_indicators(tiny_edition(public=False)), tmp_path))
    assert documents.counts(tmp_path / "indicators.xlsx") == {"公园": 1}


def test_the_atlas_draws_neither_places_without_coordinates_nor_events(tmp_path):
    edition = with_indicators(tiny_edition(public=False))
    for key in ("workbook", "site_package"):
        list(WRITERS[key].write(edition, tmp_path))
    told = {"托育": 4, "公园": 1, "活动": 7}
    assert documents.events(tmp_path / "sites.gpkg") == ""
    assert documents.on_paper(tmp_path / "indicators.xlsx", told, not_drawn="活动") == {"托育": 3, "公园": 1}  # K5 has no coordinates


def test_a_tool_that_is_missing_is_told_with_how_to_get_it_and_fails_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(projects, "python_with", lambda _module: None)
    monkeypatch.setattr(packages, "python_with", lambda _module: None)
    monkeypatch.setattr(command, "_all", lambda version: [projects.qgis(version), packages.geopackage(version, "sites.gpkg")])
    assert command.main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "apt install python3-qgis" in said
    assert "apt install python3-gdal" in said


def test_what_a_validator_finds_is_shown_and_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "_all", lambda _version: [Result("tool 1.0", "sites.gpkg", wrong=("Req 13: no",))])
    assert command.main([str(tmp_path)]) == 1
    assert "Req 13: no" in capsys.readouterr().out
