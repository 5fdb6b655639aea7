"""Safe routes in the files of an edition: all of them in the house, the proposed streets alone outside, and only when asked for."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from python_calamine import CalamineWorkbook
from shapely import LineString

from cfmap.model.edition import Routes
from cfmap.planning.compare import COLUMNS as PARTS
from cfmap.planning.routes import ROUTE_COLUMNS
from cfmap.planning.trunk import COLUMNS
from cfmap.publish import coverage_package, workbook
from cfmap.publish.public import public, public_id
from tests.factories import LAT, LON, tiny_edition, with_indicators

WAY = LineString([(LON, LAT), (LON + 0.01, LAT)])
ASKED = {"publish": {"indicators": ["routes"]}}


def made():
    common = {"length_m": 812.4, "level": 3, "worst": "主干路：限速高于 30", "worst_en": "arterial", "worst_way": 7, "worst_m": 40.0, "unknown_share": 0.25}
    each = {
        "layer": "schools",
        "school": "K1",
        "school_name": "甲校",
        "origin": "secret-origin",
        "children": 57.0,
        "shortest_m": 700.0,
        "detour": 1.16,
        "weighted_m": 990.0,
    }
    routes = pd.DataFrame([{**common, **each, "exact": True, "geometry": WAY}, {**common, **each, "children": None, "exact": True, "geometry": None}])
    line = {**common, "layer": "schools", "id": "学径1", "schools": "甲校", "school_ids": "K1;K2", "children": 57.0, "children_least": 34.0, "geometry": WAY}
    part = {"part": "bureau", "id": "T1", "name": "secret-route", "length_m": 90.0, "weighted_m": 99.0, "unknown_share": 0.0, "off_street_share": 0.0}
    frames = [gpd.GeoDataFrame(f, geometry="geometry", crs=4326) for f in (routes[list(ROUTE_COLUMNS)], pd.DataFrame([line])[list(COLUMNS)])]
    parts = gpd.GeoDataFrame(pd.DataFrame([part]), geometry=[WAY], crs=4326)[list(PARTS)]
    compared = pd.DataFrame([{**part, "together_share": 0.1}]).drop(columns="part")
    without = pd.DataFrame({"layer": ["schools"], "origin": ["secret-far"], "children": [3.0], "reason": ["none"]})
    return Routes(*frames, compared, parts, without, "怎么算的", "how they are made")


def sheets(edition, folder):
    (path,) = workbook.write(edition, folder)
    assert list(workbook.check(edition, folder)) == []
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if "学径" in name or "路线" in name}


def test_the_house_sees_every_route(tmp_path):
    edition = replace(with_indicators(tiny_edition(public=False)), routes=made())
    found = sheets(edition, tmp_path)
    assert list(found) == ["学径", "各校学径", "部门路线对照"]
    assert found["学径"][2][:6] == ["学径1", "学校", "甲校", 57, 34, 812]
    assert found["学径"][4][2] == "怎么算的"
    assert [row[:5] for row in found["各校学径"][2:]] == [
        ["学校", "甲校", "", "secret-origin", 57],
        ["学校", "甲校", "", "secret-origin", "未知"],
        ["学校", "没有学径", "", "secret-far", 3],
    ]
    (path,) = coverage_package.write(edition, tmp_path)
    assert list(coverage_package.check(edition, tmp_path)) == []
    layers = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert {"safe_routes_proposed", "safe_routes_each", "safe_routes_compared"} <= layers
    assert len(gpd.read_file(path, layer="safe_routes_each")) == 1  # what may not be drawn is a row of the sheet alone


def test_the_public_sees_none_unless_asked_for_and_then_no_place_where_somebody_lives(tmp_path):
    assert public(replace(with_indicators(tiny_edition()), routes=made()))[0].routes is None
    shown, faults = public(replace(with_indicators(tiny_edition(**ASKED)), routes=made()))
    assert [f.code for f in faults if f.code == "W601"] == []
    assert list(sheets(shown, tmp_path)) == ["学径"]
    (path,) = coverage_package.write(shown, tmp_path)
    assert {str(n) for n, _ in pyogrio.list_layers(path) if str(n).startswith("safe")} == {"safe_routes_proposed"}
    (row,) = gpd.read_file(path, layer="safe_routes_proposed").itertuples()
    assert (row.children, row.children_least) == (50, 30)  # whole tens: no difference of two numbers is a small one
    assert "K1" not in row.school_ids
    assert b"secret" not in path.read_bytes()
    assert public(shown)[0].routes.proposed.equals(shown.routes.proposed)


@pytest.mark.parametrize(("listed", "shown"), [("routes", ["学径1"]), ("routes_kindergartens", ["入园路1"]), ("perimeter", None)])
def test_routes_to_kindergarten_are_let_out_by_a_word_of_their_own(listed, shown):
    full = made()
    small = full.proposed.assign(layer="kindergartens", id="入园路1", school_ids="kindergartens:K1")
    both = replace(full, proposed=gpd.GeoDataFrame(pd.concat([full.proposed, small], ignore_index=True), geometry="geometry", crs=4326))
    out = public(replace(with_indicators(tiny_edition(publish={"indicators": [listed]})), routes=both))[0].routes
    assert (None if out is None else out.proposed["id"].tolist()) == shown
    if out is not None:
        assert (
            set(out.proposed["school_ids"].str.split(";").sum())
            == {"routes": ids("schools", "K1", "K2"), "routes_kindergartens": ids("kindergartens", "K1")}[listed]
        )


def ids(layer, *own):
    return {public_id(layer, key) for key in own}


def test_an_edition_without_routes_has_no_sheet_and_no_layer(tmp_path):
    edition = with_indicators(tiny_edition(public=False))
    assert sheets(edition, tmp_path) == {}
    assert not [t for t in coverage_package._tables(edition) if t.name.startswith("safe_routes")]


def test_a_city_where_no_street_is_shared_has_empty_layers(tmp_path):
    full = made()
    none = replace(full, **{k: getattr(full, k).iloc[:0] for k in ("routes", "proposed", "compared", "parts", "without")})
    edition = replace(with_indicators(tiny_edition(public=False)), routes=none)
    assert [len(rows) for rows in sheets(edition, tmp_path).values()] == [5, 2, 2]
    coverage_package.write(edition, tmp_path)
    assert list(coverage_package.check(edition, tmp_path)) == []
