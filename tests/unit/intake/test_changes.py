"""What is told as new, gone, moved and renamed between two editions."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from cfmap.intake.changes import between, since_year
from cfmap.model.edition import LayerData
from tests.factories import CHILDCARE, CRS, sites


def layer(*rows: dict[str, object]) -> LayerData:
    table = sites(CHILDCARE, list(rows))
    return LayerData(CHILDCARE, table, pd.DataFrame(table.drop(columns="geometry").iloc[:0]), gpd.GeoSeries([], crs=CRS))


def told(now: LayerData, before: LayerData) -> list[tuple[str, str]]:
    return [(c.kind, c.name) for c in between(now, before)]


A = {"id": "A", "name": "甲园", "at": (1.0, 1.0)}
B = {"id": "B", "name": "乙园", "at": (2.0, 1.0)}


def test_same_sites_have_no_changes():
    assert told(layer(A, B), layer(B, A)) == []


def test_new_and_gone_sites():
    assert told(layer(A), layer(B)) == [("added", "甲园"), ("removed", "乙园")]


@pytest.mark.parametrize(("status", "kinds"), [("关闭", ["removed"]), ("规划", ["removed"]), ("未知", [])])
def test_a_site_that_is_no_longer_in_use_is_gone(status, kinds):
    assert [c.kind for c in between(layer(A | {"status": status}), layer(A))] == kinds


def test_a_planned_site_that_opens_is_new():
    assert told(layer(A), layer(A | {"status": "规划"})) == [("added", "甲园")]


def test_moved_by_more_than_a_measurement():
    (change,) = between(layer(A | {"at": (1.5, 1.0)}), layer(A))
    assert change.kind == "moved"
    assert change.metres == pytest.approx(490, abs=10)
    assert told(layer(A | {"at": (1.03, 1.0)}), layer(A)) == []


def test_renamed_keeps_the_former_name():
    (change,) = between(layer(A | {"name": "新甲园"}), layer(A))
    assert (change.kind, change.name, change.before) == ("renamed", "新甲园", "甲园")
    assert told(layer(A | {"name": "甲 园"}), layer(A)) == []


def test_ids_made_from_name_and_place_are_seen_through():
    assert told(layer(A | {"id": "A2", "name": "新甲园"}), layer(A)) == [("renamed", "新甲园")]
    assert told(layer(A | {"id": "A2", "at": (2.0, 1.0)}), layer(A)) == [("moved", "甲园")]


def test_what_could_be_two_is_not_guessed():
    before = layer(A, A | {"id": "C", "at": (1.2, 1.0)})
    assert sorted(told(layer(A | {"id": "A2", "at": (1.1, 1.0)}), before)) == [("added", "甲园"), ("removed", "甲园"), ("removed", "甲园")]


def test_sites_without_a_place_are_compared_by_name():
    def unlocated(data: LayerData) -> LayerData:
        return replace(data, sites=data.sites.iloc[:0], unlocated=pd.DataFrame(data.sites.drop(columns="geometry")))

    assert told(unlocated(layer(A | {"id": "A2"})), layer(A)) == []


def test_by_year_only_later_years_are_new():
    data = layer(
        A | {"year": 2024},
        B | {"year": 2023},
        {"id": "C", "name": "丙园", "at": (3, 1)},
        {"id": "D", "name": "丁园", "year": 2024, "status": "规划", "at": (3, 1)},
    )
    assert [c.name for c in since_year(data, 2023)] == ["甲园"]


def test_empty_layers():
    nothing = layer(A)
    nothing = replace(nothing, sites=nothing.sites.iloc[:0])
    assert told(nothing, nothing) == []
    assert told(layer(A), nothing) == [("added", "甲园")]
