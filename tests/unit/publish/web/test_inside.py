"""What only the internal page shows, and that no public page has it."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from shapely import GeometryCollection, LineString, Point, box

from cfmap.model import fault
from cfmap.model.edition import Inside, Overlay, Scenario
from cfmap.publish import page_check, pointer
from cfmap.publish.web import build_map, write
from cfmap.publish.web.inside import inside
from tests.factories import LAT, LON, tiny_edition

DOUBLE = fault("E221", file="data/a.xlsx", sheet="表", row=4, column="编号", value="K1", first="data/a.xlsx 3")
NO_PLACE = fault("W233", file="data/a.xlsx", row=9, column="经度", state="空着", state_en="empty")
WHOLE_FILE = fault("I205", file="data/~$a.xlsx")
GATE = fault("W390", name="东门", reason="没有写", reason_en="none", nearest="—").at(("site", LON + 0.03, LAT + 0.01))


def internal_edition(*, public=False):
    edition = tiny_edition(public=public)
    data = replace(edition.layers["childcare"], faults=(DOUBLE, NO_PLACE), found_at=((DOUBLE, LON + 0.01, LAT + 0.02),))
    coverage = edition.coverages[0]
    sites = coverage.sites.assign(status=["ok", "far", "island"])
    shapes = gpd.GeoSeries(
        [LineString([(LON, LAT), (LON + 0.01, LAT)]), GeometryCollection([Point(LON, LAT), box(LON, LAT, LON + 0.01, LAT + 0.01)])], crs=4326
    )
    proposed = gpd.GeoDataFrame({"id": ["1"], "name": ["拟建园"]}, geometry=[Point(LON + 0.02, LAT)], crs=4326)
    scenario = Scenario("方案", "proposal", proposed, 15.0, gpd.GeoSeries([box(LON, LAT, LON + 0.01, LAT + 0.01)], crs=4326))
    return replace(
        edition,
        layers=edition.layers | {"childcare": data},
        coverages=(replace(coverage, sites=sites),),
        faults=(DOUBLE, NO_PLACE, WHOLE_FILE, GATE),
        inside=Inside((Overlay("规划道路", "planned roads", "#6d28d9", shapes),), scenario),
    )


def test_findings_have_words_in_two_languages_and_a_place_where_it_is_known():
    found = inside(internal_edition())["findings"]
    assert [(f["code"], f["layer"], f.get("lon"), f.get("lat")) for f in found] == [
        ("E221", "childcare", 12301000, 2802000),
        ("W380", "childcare", 12303500, 2801000),
        ("W382", "childcare", 12301000, 2801000),
        ("W233", "childcare", None, None),
        ("I205", "", None, None),
        ("W390", "", 12303000, 2801000),
    ]
    assert found[0]["zh"] == [DOUBLE.what("zh"), DOUBLE.why("zh"), DOUBLE.how("zh"), DOUBLE.where("zh")]
    assert found[0]["en"][0] == DOUBLE.what("en")
    assert "第二托育园" in found[1]["zh"][0]


def test_overlays_and_proposed_sites_go_with_the_page():
    data = inside(internal_edition())
    (overlay,) = data["overlays"]
    assert (overlay["title"], overlay["colour"], overlay["count"], overlay["points"]) == ("规划道路", "#6d28d9", 2, [[12300000, 2800000]])
    assert overlay["lines"] != ""
    assert overlay["polygons"] != ""
    assert data["scenario"]["sites"] == [["拟建园", 12302000, 2800000]]
    assert data["scenario"]["minutes"] == 15.0
    nothing = replace(internal_edition(), faults=(), inside=None, coverages=(), layers={})
    assert inside(nothing) is None


def test_public_page_has_nothing_of_it_and_internal_one_is_marked(tmp_path):
    public = build_map(internal_edition(public=True)).html(public=True)
    for trace in ("cfmap-internal", "noindex", "拟建园", "规划道路", "open-inside", ">【内部"):
        assert trace not in public
    internal = build_map(internal_edition()).html()
    for trace in ("cfmap-internal", '<meta name="robots" content="noindex, nofollow, noarchive">', "<title>【内部 · 不得公开】", "拟建园", "open-inside"):
        assert trace in internal
    assert "noindex" in pointer.page(internal_edition(), 1).decode()
    assert "内部" not in pointer.page(internal_edition(public=True), 1).decode()
    write(internal_edition(), tmp_path)
    assert list(page_check.check(internal_edition(), tmp_path)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace('"public":true', '"public":false'),
        lambda t: t.replace("<title>", '<meta name="robots" content="noindex"><title>'),
        lambda t: t.replace("</body>", '<script type="application/json" id="cfmap-internal">{}</script></body>'),
    ],
)
def test_self_check_of_a_public_page_fails_on_anything_internal(tmp_path, change):
    edition = tiny_edition()
    (path,) = write(edition, tmp_path)
    assert list(page_check.check(edition, tmp_path)) == []
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert [f.code for f in page_check.check(edition, tmp_path)] == ["E601"]


@pytest.mark.parametrize("change", [lambda t: t.replace('"public":false', '"public":true'), lambda t: t.replace("noindex, ", "")])
def test_self_check_of_an_internal_page_fails_without_its_marks(tmp_path, change):
    edition = internal_edition()
    (path,) = write(edition, tmp_path)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert [f.code for f in page_check.check(edition, tmp_path)] == ["E601"]
