"""What an edition says of crossings on the way to school: numbers with bounds, small ones hidden, points for the house alone."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from shapely import Point

from cfmap.indicators.severance import kindergarten_severance, severance
from cfmap.model.edition import Severance
from cfmap.publish import coverage_package, severance_sheet, workbook
from cfmap.publish.public import public
from cfmap.publish.web.inside import inside as page_inside
from tests.factories import LAT, LON, tiny_edition, with_indicators

HOMES = [
    ("c1", "东镇", 300.0, "unsafe"),
    ("c2", "东镇", 150.0, "safe"),
    ("c3", "西镇", 90.0, "unknown"),
    ("c4", "西镇", 13.0, None),
    ("c5", "西镇", None, "unsafe"),
]


def edition(homes=HOMES, **kind):
    ids, town, children, state = zip(*homes, strict=True)
    table = pd.DataFrame(
        {
            "layer": "schools",
            "town": town,
            "children": pd.Series(children, dtype=float),
            "school": "S1",
            "walk_m": 500.0,
            "state": pd.Series(state, dtype=object),
        }
    )
    table = table.assign(status="reached", crossings="")
    origins = gpd.GeoDataFrame(table.set_index(pd.Index(ids, name="id")), geometry=[Point(LON, LAT)] * len(ids), crs=4326)
    facts = {
        "layer": ["schools", "schools"],
        "id": ["road/w1@1,2", "water/w2@1,2"],
        "rank": pd.array([1, None], dtype="Int64"),
        "kind": ["road", "water"],
        "name": ["人民路", ""],
    }
    facts |= {"state": ["unsafe", "safe"], "form": ["unmarked", "bridge"], "children": [300.0, None], "origins": [1, 1], "uncounted": [0, 1]}
    facts |= {"schools": ["S1", "S1;S2"], "ways": ["1", "2;3"]}
    points = gpd.GeoDataFrame(facts, geometry=[Point(LON + 0.01, LAT + 0.01)] * 2, crs=4326)
    return replace(tiny_edition(**kind), severance=Severance(points, origins, ("road", "railway", "water"), {"schools": ("pop_6_11", "pop_12_14")}))


def test_bounds_hold_what_is_known_and_what_is_not():
    count, share = severance(edition())
    assert (count.value, count.lower, count.upper, count.status) == (None, 300.0, 390.0, "partial")
    assert (count.by_town, count.bounds_by_town) == ({"西镇": None, "东镇": 300.0}, {"西镇": (0.0, 90.0)})
    assert (share.lower, share.upper) == (pytest.approx(100 * 300 / 540), pytest.approx(100 * 390 / 540))
    assert list(severance(tiny_edition())) == []
    nobody, _ = severance(edition([("c1", "东镇", 3.0, None)]))
    assert (nobody.value, nobody.lower, nobody.status) == (None, None, "unknown")
    sure, _ = severance(edition([("c1", "东镇", 30.0, "unsafe"), ("c2", "东镇", 70.0, "safe")]))
    assert (sure.value, sure.lower, sure.status) == (30.0, None, "ok")


@pytest.mark.parametrize(("few", "hidden"), [(9.0, True), (1.0, True), (10.0, False), (0.0, False)])
@pytest.mark.parametrize("state", ["unsafe", "unknown", "safe"])
def test_the_public_sees_no_small_number_and_no_crossing(few, hidden, state):
    homes = [("c1", "东镇", 300.0, "unsafe"), ("c2", "东镇", 100.0, "unknown"), ("c6", "东镇", 500.0, "safe")]
    homes += [("c3", "西镇", 100.0, "unsafe"), ("c4", "西镇", 100.0, "unknown"), ("c7", "西镇", 500.0, "safe")]
    homes = [(i, town, few if (town, own) == ("西镇", state) else n, own) for i, town, n, own in homes]
    shown, _ = public(with_indicators(edition(homes, publish={"indicators": ["severance"]})))
    numbers = [i for i in shown.indicators if i.id.startswith("severance.")]
    assert len(numbers) == 2
    assert shown.severance is None
    for number in numbers:
        assert (number.lower is None) == hidden
        assert ("西镇" in number.bounds_by_town or number.by_town["西镇"] is not None) != hidden
    kept, _ = public(with_indicators(edition(homes)))
    assert [i for i in kept.indicators if i.id.startswith("severance.")] == []


def test_the_house_has_the_points_as_layer_and_sheet(tmp_path):
    inside = with_indicators(edition(public=False))
    coverage_package.write(inside, tmp_path)
    workbook.write(inside, tmp_path)
    assert [*coverage_package.check(inside, tmp_path), *workbook.check(inside, tmp_path)] == []
    layer = gpd.read_file(tmp_path / "coverage.gpkg", layer="severance")
    assert list(layer["state"]) == ["unsafe", "safe"]
    meanings = gpd.read_file(tmp_path / "coverage.gpkg", layer="dictionary").query("table == 'severance'")
    assert set(meanings["column"]) == set(layer.columns) - {"geometry"}
    assert not meanings["meaning"].where(meanings["column"].isin(["rank", "form", "pupils"])).dropna().empty
    rows = CalamineWorkbook.from_path(tmp_path / "indicators.xlsx").get_sheet_by_name(severance_sheet.NAME).to_python()
    assert rows[2][:7] == ["学校", 1, "主干道", "人民路", "没有设施", "没有画线", 300]
    assert rows[3][:7] == ["学校", "", "河湖", "（没有名称）", "有设施", "天桥或桥", "未知"]


def test_the_internal_page_lists_what_has_no_known_help_and_the_public_page_nothing():
    inside = page_inside(edition(public=False))
    assert inside is not None
    (kind,) = inside["crossings"]["kinds"]
    assert (kind["layer"], [row[:5] for row in kind["rows"]], kind["more"]) == ("schools", [[1, "road", "人民路", "unsafe", 300]], 0)
    assert page_inside(edition()) is None


def small(made):
    """The edition with 40 small children of 西镇 on the way to kindergarten beside the pupils, all of whom cross 和平路."""
    found = made.severance
    more = found.origins.iloc[[2]].assign(layer="kindergartens", children=40.0, school="K1", state="unsafe")
    spot = found.crossings.iloc[[0]].assign(layer="kindergartens", name="和平路", children=40.0, schools="K1")
    columns = {**found.columns, "kindergartens": ("pop_3_5",)}
    return replace(made, severance=replace(found, crossings=pd.concat([found.crossings, spot]), origins=pd.concat([found.origins, more]), columns=columns))


def test_small_children_stand_apart_and_move_no_number_of_pupils(tmp_path):
    both = with_indicators(small(edition(public=False)))
    numbers = {i.id: i for i in both.indicators if i.id.startswith("severance")}
    assert [numbers[i] for i in ("severance.without_help", "severance.without_help_share")] == list(severance(edition(public=False)))
    own = numbers["severance_kindergartens.without_help"]
    assert (own.value, own.by_town, own.denominator) == (40.0, {"西镇": 40.0}, "有路走到幼儿园的3–5岁儿童")
    assert list(kindergarten_severance(edition())) == []
    workbook.write(both, tmp_path)
    rows = CalamineWorkbook.from_path(tmp_path / "indicators.xlsx").get_sheet_by_name(severance_sheet.NAME).to_python()
    assert [row[:4] for row in rows[2:]] == [["学校", 1, "主干道", "人民路"], ["学校", "", "河湖", "（没有名称）"], ["幼儿园", 1, "主干道", "和平路"]]
    kinds = page_inside(both)["crossings"]["kinds"]
    assert [(kind["layer"], [row[:3] for row in kind["rows"]]) for kind in kinds] == [
        ("schools", [[1, "road", "人民路"]]), ("kindergartens", [[1, "road", "和平路"]]),
    ]  # fmt: skip


@pytest.mark.parametrize("listed", ["severance", "severance_kindergartens"])
def test_each_is_let_out_by_its_own_word(listed):
    shown, faults = public(with_indicators(small(edition(HOMES[:3], publish={"indicators": [listed]}))))
    assert {i.id.split(".")[0] for i in shown.indicators if i.id.startswith("severance")} == {listed}
    assert [f.code for f in faults] == []
