"""What an edition says of the mending list: sheets of the workbook, the report's chapter and the page of the house; nothing in public."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from shapely import Point

from cfmap.coverage import perimeter
from cfmap.model.mending import MendingRules
from cfmap.planning.mending_asked import mending_asked
from cfmap.publish import coverage_package, workbook
from cfmap.publish.dictionary import REACH
from cfmap.publish.public import public
from cfmap.publish.report.blocks import Table, Text
from cfmap.publish.report.schools import schools as chapter
from cfmap.publish.web.inside import inside as page_inside
from cfmap.publish.workbook import mending as sheets
from tests.factories import sites, tiny_edition, with_indicators
from tests.unit.coverage.drawn import drawn, lonlat, places, street

# a and b on 育才路 (no limit known, b without signals), d on 和平路 (no sidewalk on either side)
NETWORK = drawn(
    street((0, 0), (400, 0), (600, 0), (1000, 0), name="育才路", sidewalk="both", lanes="4"),
    street((0, 3000), (400, 3000), (800, 3000), name="和平路", sidewalk="no", maxspeed="30", lanes="2"),
    crossings=[((410, 0), "signalled"), ((410, 3000), "signalled")],
)
WHERE = places(a=(400, 20), b=(600, 20), d=(400, 3020)).geometry.to_numpy()
NAMES = {"a": "一小", "b": "二小", "d": "三小"}


def edition(*, covered="every", prices=None, **kind):
    made = tiny_edition(**kind)
    asked = {"covered": covered} | ({} if prices is None else {"mending": MendingRules(prices=prices)})
    city = made.city.model_copy(update={"safety": made.city.safety.model_copy(update=asked)})
    data = made.layers["parks"]
    declared = replace(data.layer, key="schools", title="中小学校", title_en="Schools", coverage=None)
    table = sites(declared, [{"id": key, "name": name, "town": "东镇" if key == "d" else "西镇", "at": (0, 0)} for key, name in NAMES.items()]).set_geometry(
        gpd.GeoSeries(WHERE, crs=4326)
    )
    layer = replace(data, layer=declared, sites=table.assign(pupils=pd.array([300, 100, None], dtype="Int64")), footprints=data.footprints.iloc[:0])
    homes = gpd.GeoDataFrame({"pop_6_11": [40.0]}, index=pd.Index(["c"], name="id"), geometry=[Point(lonlat(700, 0))], crs=4326)
    around = perimeter(NETWORK, layer.sites).assign(layer="schools")
    mending = mending_asked(NETWORK, {"schools": layer}, around, replace(made.population, points=homes), city, gates={})
    return replace(made, city=city, layers=made.layers | {"schools": layer}, perimeter=around, mending=mending)


def test_the_workbook_has_the_list_and_before_and_after(tmp_path):
    made = edition(public=False)
    workbook.write(made, tmp_path)
    assert list(workbook.check(made, tmp_path)) == []
    book = CalamineWorkbook.from_path(tmp_path / workbook.NAME)
    (_, (told, *_), head, *rows) = book.get_sheet_by_name(sheets.NAME).to_python()
    assert told == made.mending.first == "先做第 1 条：一小旁边（育才路），立限速牌；现在没有资料，先去看。只差这一条，一小就安全了：在校（园）生 300 人。"
    assert head == [title for title, _ in sheets.COLUMNS]
    first, second, third = rows
    assert first[:8] == [1, "立限速牌", "育才路", "一小旁边", 460, "没有资料，先去看", 2, "一小、二小"]
    assert first[8:] == [400, 40, "一小", "一小", 300, "未知", 1, "1 所算不出就近儿童"]
    assert second[:8] == [2, "修人行道", "和平路北侧", "三小旁边", 260, "已查明不安全", 1, "三小"]
    assert second[8:] == ["未知", "未知", "三小", "三小", "未知", "未知", 2, "1 所没报在校（园）生；1 所算不出就近儿童"]
    assert third[:8] == [3, "门口设信号灯过街", "育才路", "二小 1 号门", "", "没有资料，先去看", 1, "二小"]
    steps = book.get_sheet_by_name(sheets.STEPS).to_python()
    assert [row[:7] for row in steps[2:5]] == [["现在", 0, 63.9, 0, 2, 3, 0], ["做前 1 条", 27.8, 63.9, 1, 2, 3, 300], ["3 条全做", 100, 100, 3, 3, 3, "≥400"]]
    assert steps[-1][0] == made.mending.definition
    sheet = load_workbook(tmp_path / workbook.NAME)[sheets.NAME]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D4", "A3:P6")
    assert {str(where.sqref) for where in sheet.conditional_formatting} == {"F4:F6", "I4:I6", "J4:J6"}


def test_the_list_is_a_layer_for_analysts_with_every_column_explained(tmp_path):
    made = edition(public=False)
    coverage_package.write(made, tmp_path)
    assert list(coverage_package.check(made, tmp_path)) == []
    drawn = gpd.read_file(tmp_path / coverage_package.NAME, layer="mending")
    assert drawn["work"].tolist() == made.mending.actions["work"].tolist()
    assert drawn["priority"].tolist() == [1, 2, 3]
    assert drawn["nearest"].isna().tolist() == [False, True, False]
    assert not drawn.geometry.is_empty.any()
    assert set(drawn.columns) - {"geometry"} <= set(REACH)
    (out := tmp_path / "public").mkdir()
    coverage_package.write(public(made)[0], out)
    assert "mending" not in gpd.list_layers(out / coverage_package.NAME)["name"].tolist()


def test_what_can_be_left_out_says_so_and_the_definition_tells_of_it(tmp_path):
    made = edition(covered="length", public=False)
    more = replace(made.mending, actions=made.mending.actions.assign(spare=[False, False, True]))
    workbook.write(replace(made, mending=more), tmp_path)
    rows = CalamineWorkbook.from_path(tmp_path / workbook.NAME).get_sheet_by_name(sheets.NAME).to_python()
    assert [row[15].startswith("可以不做") for row in rows[3:6]] == [False, False, True]
    assert made.mending.definition.startswith("安全路段占周边长度九成以上")
    assert "排在最后" in made.mending.definition
    assert "排在最后" not in edition(public=False).mending.definition


def test_the_report_of_the_house_has_the_first_ten_with_before_and_after():
    whole = with_indicators(edition(public=False))
    blocks = list(chapter(whole, "五"))
    listed, steps = (next(b for b in blocks if isinstance(b, Table) and b.title.startswith(title)) for title in ("先改哪里", "改前改后"))
    assert listed.title == "先改哪里：前 3 条，共 3 条"
    assert listed.rows[0] == ("1", "立限速牌", "育才路，一小旁边", "460", "没有资料，先去看", "一小、二小", "400", "≥40")
    assert listed.rows[1][6:] == ("未知", "未知")
    assert [row[0] for row in steps.rows] == ["现在", "3 条全做"]
    nothing = replace(whole, mending=replace(whole.mending, actions=whole.mending.actions.iloc[:0]))
    assert any(isinstance(b, Text) and "没有要整改的" in b.text for b in chapter(nothing, "五"))
    bare = replace(whole.layers["schools"], sites=whole.layers["schools"].sites.iloc[:0])
    assert mending_asked(NETWORK, {"schools": bare}, whole.perimeter, None, whole.city, gates={}) is None


def test_the_internal_page_has_it_and_the_public_sees_nothing_of_it():
    made = edition(public=False)
    found = page_inside(made)["mending"]
    assert (found["all"], len(found["rows"]), found["steps"][0]) == (3, 3, [0, 0.0, 63.9, 0, 2, 3])
    assert found["rows"][1]["pupils"] == [None, 1]
    assert found["rows"][0]["children"] == [40, 1]
    shown, _ = public(edition(publish={"indicators": ["perimeter", "routes", "severance", "mending"]}))
    assert shown.mending is None
    assert page_inside(shown) is None
    assert sheets.names(shown) == ()
    assert not any(isinstance(b, Table) and b.title.startswith(("先改", "改前")) for b in chapter(shown, "五"))


def test_costs_stand_where_the_list_stands_and_add_up_by_hand(tmp_path):
    """A limit on one street 2,000; 260 m of sidewalk at 300 = 78,000; signals have no price, so that what b and the city cost is a least sum."""
    made = edition(public=False, prices={"speed_limit": 2000, "sidewalk_m": 300})
    workbook.write(made, tmp_path)
    assert list(workbook.check(made, tmp_path)) == []
    book = CalamineWorkbook.from_path(tmp_path / workbook.NAME)
    rows = book.get_sheet_by_name(sheets.NAME).to_python()
    assert rows[1][0].endswith("在校（园）生 300 人；费用 2,000 元。")
    assert rows[2] == [title for title, _ in sheets.columns(made)]
    assert [row[6:8] for row in rows[3:]] == [[2000, "1 条路 × 2,000 元"], [78000, "260 米 × 300 元"], ["未知", ""]]
    assert [row[8] for row in book.get_sheet_by_name(sheets.STEPS).to_python()[2:5]] == [0, 2000, "≥80,000"]
    costs = [row[:11] for row in book.get_sheet_by_name(sheets.COSTS).to_python()[2:]]
    assert costs[0] == ["全市", "", "", 3, 80000, 2000, 1, 3, 400, 40, "未知"]
    assert costs[1:3] == [  # nobody knows how many children d has
        ["乡镇街道", "东镇", "东镇", 1, 78000, 0, 0, 1, "未知", "未知", "未知"],
        ["乡镇街道", "西镇", "西镇", 2, 2000, 2000, 1, 2, 400, 40, "未知"],
    ]
    assert costs[3] == ["学校、幼儿园", "西镇", "一小", 1, 2000, 2000, 0, 1, 300, "未知", 1500]  # 300 children for 0.2 x 10,000 yuan
    assert page_inside(made)["mending"]["rows"][1]["cost"] == [78000, "260 米 × 300 元", "260 m × 300 yuan"]
    assert page_inside(made)["mending"]["rows"][2]["cost"] == [None, "", ""]
    listed, steps, towns = (b for b in chapter(with_indicators(made), "五") if isinstance(b, Table) and b.title.startswith(("先改", "改前", "各乡镇街道要")))
    assert [row[-1] for row in listed.rows] == ["2,000", "78,000", "未知"]
    assert [row[-1] for row in steps.rows] == ["0", "≥80,000"]
    assert towns.rows[1][:4] == ("西镇", "2", "≥2,000", "2,000")
    coverage_package.write(made, tmp_path)
    drawn = gpd.read_file(tmp_path / coverage_package.NAME, layer="mending")
    assert drawn["yuan"].tolist()[:2] == [2000, 78000]
    assert set(drawn.columns) - {"geometry"} <= set(REACH)
    assert "单价" in made.mending.definition
    assert "单价" not in edition(public=False).mending.definition


def test_without_prices_nothing_speaks_of_money():
    made = edition(public=False)
    assert made.mending.costs is None
    assert sheets.names(made) == (sheets.NAME, sheets.STEPS)
    assert not {"quantity", "price", "yuan", "sum"} & set(made.mending.actions)
    assert "cost" not in page_inside(made)["mending"]["rows"][0]
