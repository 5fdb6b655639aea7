"""Which town a site is in: what the department wrote stays, gaps are filled by outline, contradictions are told."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import Point, box

from cfmap.intake.towns import with_towns
from cfmap.model import SITE_COLUMNS, Layer, LayerData

TOWNS = gpd.GeoDataFrame({"name": ["西镇", "东镇"]}, geometry=[box(120.0, 28.0, 120.1, 28.1), box(120.1, 28.0, 120.2, 28.1)], crs=4326)


def _data(*rows):
    table = pd.DataFrame([{**dict.fromkeys(SITE_COLUMNS), "id": str(n), "name": f"第{n}处", "town": town} for n, (town, _, _) in enumerate(rows)])
    sites = gpd.GeoDataFrame(table, geometry=[Point(x, y) for _, x, y in rows], crs=4326)
    return LayerData(Layer("schools", "学校", "Schools", "school", "#0b57d0"), sites, table.iloc[:0], gpd.GeoSeries([], crs=4326))


def test_a_gap_is_filled_by_the_outline_and_outside_stays_empty():
    found = with_towns(_data((None, 120.05, 28.05), ("", 120.15, 28.05), (None, 121.0, 28.05)), TOWNS)
    assert list(found.sites["town"].astype(object).where(found.sites["town"].notna(), None)) == ["西镇", "东镇", None]
    assert not found.faults


def test_what_the_department_wrote_stays_and_the_contradiction_is_told():
    found = with_towns(_data(("西镇", 120.19, 28.05), ("东镇", 120.15, 28.05)), TOWNS)
    assert list(found.sites["town"]) == ["西镇", "东镇"]
    (fault,) = found.faults
    assert fault.code == "W261"
    assert "第0处（西镇 → 东镇）" in fault.why("zh")


def test_a_site_beside_the_border_is_no_contradiction():
    assert not with_towns(_data(("西镇", 120.102, 28.05)), TOWNS).faults  # 200 m beyond the border


def test_a_name_that_no_outline_has_is_told():
    (fault,) = with_towns(_data(("西镇", 120.05, 28.05), ("西鎮", 120.05, 28.05)), TOWNS).faults
    assert fault.code == "W260"
    assert fault.facts["count"] == 1


def test_without_outlines_nothing_changes():
    data = _data((None, 120.05, 28.05))
    assert with_towns(data, None) is data


def test_a_line_may_run_through_several_towns():
    data = _data(("西镇", 120.19, 28.05))
    line = LayerData(Layer("school_bus_lines", "校车", "Buses", "bus", "#0b57d0", geometry="LineString"), data.sites, data.unlocated, data.footprints)
    assert not with_towns(line, TOWNS).faults
