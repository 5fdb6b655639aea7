"""Counts of sites: what counts, what stands apart, what is unknown."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cfmap.indicators import compute
from cfmap.model import LayerData
from tests.factories import CHILDCARE, PARKS, sites, tiny_city, tiny_edition


def by_id(edition):
    return {i.id: i for i in compute(edition)}


def layer_of(layer, rows, **more):
    table = sites(layer, rows)
    return LayerData(layer, table, pd.DataFrame(table.drop(columns="geometry").iloc[:0]), table.geometry.iloc[:0], **more)


def test_in_use_and_unknown_status_count_and_closed_ones_stand_apart():
    childcare = by_id(tiny_edition())["counts.childcare"]
    assert childcare.value == 4  # K1 K2 K3 (status unknown) K5 (no coordinates); K4 is closed
    assert childcare.status == "ok"
    assert "1 处状态未知" in childcare.definition
    assert "1 处没有坐标，计数但不上图" in childcare.definition
    assert "另有关闭 1 处，不计入" in childcare.definition


def test_a_site_without_a_town_belongs_to_the_town_it_lies_in():
    childcare = by_id(tiny_edition())["counts.childcare"]
    assert childcare.by_town == {"西镇": 1.0, "东镇": 3.0}  # K3 names no town and lies in the west


def test_sites_of_a_later_year_do_not_count():
    edition = replace(tiny_edition(), year=2022)
    assert by_id(edition)["counts.childcare"].value == 2  # K1 of 2022, K3 without year


def test_a_layer_that_nobody_handed_in_is_unknown_and_not_zero():
    edition = tiny_edition()
    edition = replace(edition, city=tiny_city(layers={}), layers={"parks": layer_of(PARKS, [{"id": "x", "name": "x", "at": (1, 1)}])})
    empty = replace(edition.layers["parks"], sites=edition.layers["parks"].sites.iloc[:0])
    parks = by_id(replace(edition, layers={"parks": empty}))["counts.parks"]
    assert (parks.value, parks.status) == (None, "unknown")
    assert parks.by_town == {"西镇": None, "东镇": None}


def test_an_empty_table_that_was_handed_in_is_zero():
    edition = tiny_edition()
    empty = replace(edition.layers["parks"], sites=edition.layers["parks"].sites.iloc[:0])
    parks = by_id(replace(edition, layers={"parks": empty}))["counts.parks"]
    assert (parks.value, parks.status) == (0, "ok")


def test_nothing_mapped_is_unknown_and_something_mapped_is_a_lower_bound():
    edition = replace(tiny_edition(), city=tiny_city(layers={"parks": {"sources": [{"osm": True}]}}))
    some = by_id(edition)["counts.parks"]
    assert (some.value, some.lower, some.upper, some.status) == (1, 1, None, "partial")
    assert some.by_town == {"西镇": None, "东镇": 1.0}
    none = replace(edition.layers["parks"], sites=edition.layers["parks"].sites.iloc[:0])
    assert by_id(replace(edition, layers={"parks": none}))["counts.parks"].value is None


def test_a_city_without_towns_has_no_sites_of_unknown_town():
    edition = tiny_edition()
    data = edition.layers["childcare"]
    bare = replace(data, sites=data.sites.assign(town=None), unlocated=data.unlocated.assign(town=None))
    childcare = by_id(replace(edition, towns=None, layers={"childcare": bare}))["counts.childcare"]
    assert (childcare.status, childcare.by_town) == ("ok", {})
    assert "不知道在哪个乡镇街道" not in childcare.definition


def test_sites_without_a_year_turn_yearly_numbers_into_bounds():
    found = by_id(tiny_edition())
    new = found["years.childcare.2022.new"]
    assert (new.value, new.lower, new.upper) == (None, 1, 2)  # K1, perhaps K3
    total = found["years.childcare.2023.total"]
    assert (total.value, total.lower, total.upper) == (None, 2, 3)
    assert found["years.childcare.2024.total"].value == 4  # up to this edition no year is needed


def test_yearly_numbers_add_up_where_every_year_is_known():
    found = by_id(tiny_edition())
    new = [found[f"years.parks.{y}.new"].value for y in (2022, 2023, 2024)]
    total = [found[f"years.parks.{y}.total"].value for y in (2022, 2023, 2024)]
    assert new == [1, 0, 0]
    assert total == [1, 1, 1]


def test_a_town_without_sites_is_unknown_while_some_site_has_no_town():
    edition = tiny_edition()
    far = layer_of(PARKS, [{"id": "1", "name": "a", "at": (3, 1)}, {"id": "2", "name": "b", "town": None, "at": (9, 9)}])
    found = by_id(replace(edition, layers={"parks": far}))
    assert found["counts.parks"].by_town == {"西镇": None, "东镇": 1.0}
    presence = found["presence.parks"]
    assert (presence.value, presence.lower, presence.upper) == (None, 50, 100)
    assert presence.by_town == {"西镇": None, "东镇": 100.0}


def test_presence_is_the_share_of_towns_with_one():
    presence = by_id(tiny_edition())["presence.parks"]
    assert presence.value == 50
    assert presence.by_town == {"西镇": 0.0, "东镇": 100.0}
    assert "2 个乡镇街道" in presence.denominator


def test_presence_needs_an_outline_of_towns():
    assert not [i for i in by_id(replace(tiny_edition(), towns=None)) if i.startswith("presence.")]


def test_a_layer_of_nothing_but_closed_sites_counts_none():
    closed = layer_of(CHILDCARE, [{"id": "1", "name": "a", "status": "关闭", "at": (1, 1)}], rows_read=1)
    assert by_id(replace(tiny_edition(), layers={"childcare": closed}))["counts.childcare"].value == 0
