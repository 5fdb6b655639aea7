"""Every rule of the ledger on a handful of sites that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from cfmap.indicators.sites_where import meets
from cfmap.indicators.target_rules import Sight
from cfmap.indicators.targets import RULES
from cfmap.model import LayerData
from cfmap.model.layers import standard_layers
from cfmap.model.target import Binding, Statistic
from tests.factories import sites, tiny_city, tiny_edition

STANDARD = standard_layers()


def layer(key, rows):
    """Sites of a standard layer, each at a place of its own in the east, in use, of 2022, unless a row says otherwise."""
    filled = [{"id": f"{key}{n}", "name": f"{key} {n}", "year": 2022, "at": (2.2 + n / 100, 1.0), **row} for n, row in enumerate(rows)]
    table = sites(STANDARD[key], filled)
    return LayerData(STANDARD[key], table, pd.DataFrame(table.drop(columns="geometry").iloc[:0]), table.geometry.iloc[:0], rows_read=len(rows))


def edition(*, year=2024, **rows):
    """The tiny edition with these layers beside its coverage, people and towns."""
    made = {key: layer(key, r) for key, r in rows.items()}
    city = tiny_city(layers={key: {"sources": [{"path": f"data/{key}.csv"}]} for key in made})
    return replace(tiny_edition(), city=city, year=year, layers=made)


def found(rule, of, *, first_year=2022, statistics=(), children="children_0_17", **binding):
    return RULES[rule](Binding(rule=rule, **binding), Sight(of, first_year, children, tuple(statistics)))


def numbers(f):
    return f.now, f.lower, f.upper


# -- conditions ------------------------------------------------------------------------------------------------------


def test_conditions_know_yes_no_and_empty():
    table = pd.DataFrame(
        {"kind": ["甲", "乙", None], "n": [2, 1, None], "ok": ["是", False, None], "many": ["甲；乙", "丙", ""], "name": ["东山公园", "西湖", None]}
    )
    assert meets(table, {"kind": "甲|丙"}).fillna(-1).tolist() == [1, 0, -1]
    assert meets(table, {"n": ">=2"}).fillna(-1).tolist() == [1, 0, -1]
    assert meets(table, {"ok": "是"}).fillna(-1).tolist() == [1, 0, -1]
    assert meets(table, {"many": "乙"}).fillna(-1).tolist() == [1, 0, -1]
    assert meets(table, {"name": "~公园"}).fillna(-1).tolist() == [1, 0, -1]
    assert meets(table, {"nothing": "是"}).isna().all(), "a column that nobody has is unknown"
    assert meets(table, {"kind": "乙", "n": ">=5"}).fillna(-1).tolist() == [0, 0, -1], "a sure no wins over an empty cell"
    assert meets(table.iloc[:0], {"kind": "甲"}).empty


# -- counts ----------------------------------------------------------------------------------------------------------


def test_count_takes_sites_up_to_the_year_and_leaves_empty_cells_to_the_upper_bound():
    schools = [
        {"pilot": "已命名"},
        {"pilot": "试点", "year": 2024},
        {"pilot": None},
        {"pilot": "否"},
        {"pilot": "已命名", "status": "关闭"},
        {"pilot": "试点", "year": 2025},
    ]
    f = found("count", edition(schools=schools), layers={"schools": {"pilot": "已命名|试点"}})
    assert numbers(f) == (None, 2, 3)
    assert [p.id for p in f.places] == ["schools0", "schools1"]
    assert f.places[0].name == "schools 0"
    assert [p.id for p in f.unsure] == ["schools2"], "the one to ask"
    assert "1 处的格子空着" in f.missing[0][0]
    assert numbers(found("count", edition(year=2023, schools=schools), layers={"schools": {"pilot": "已命名|试点"}})) == (None, 1, 2)


def test_count_without_a_layer_is_unknown_and_beside_a_missing_one_a_lower_bound():
    with_one = edition(schools=[{"pilot": "试点"}])
    assert numbers(found("count", with_one, layers={"parks": {}})) == (None, None, None)
    f = found("count", with_one, layers={"schools": {"pilot": "试点"}, "parks": {"pilot": "试点"}})
    assert numbers(f) == (None, 1, None)
    assert "没有人交来“parks”" in f.missing[0][0]


def test_an_empty_table_that_was_handed_in_counts_zero():
    empty = edition(schools=[{}])
    data = empty.layers["schools"]
    bare = replace(empty, layers={"schools": replace(data, sites=data.sites.iloc[:0])})
    assert numbers(found("count", bare, layers={"schools": {}})) == (0, None, None)
    f = found("share", bare, layers={"schools": {}}, having={"after_school": "是"})
    assert numbers(f) == (None, None, None)
    assert "没有可以做分母的" in f.missing[-1][0]


def test_map_tags_alone_give_a_lower_bound():
    of = edition(parks=[{}, {}])
    of = replace(of, city=tiny_city(layers={"parks": {"sources": [{"osm": True}]}}))
    assert numbers(found("count", of, layers={"parks": {}})) == (None, 2, None)


def test_new_and_added_go_by_the_year_and_a_site_without_one_is_a_perhaps():
    rows = [{"year": 2021}, {"year": 2023}, {"year": 2024}, {"year": 2024}, {"year": None}]
    of = edition(micro_spaces=rows)
    assert numbers(found("new", of, layers={"micro_spaces": {}})) == (None, 2, 3)
    assert numbers(found("added", of, layers={"micro_spaces": {}})) == (None, 3, 4)
    assert numbers(found("new", edition(micro_spaces=rows[:-1]), layers={"micro_spaces": {}})) == (2, None, None)


def test_growth_is_over_the_year_before():
    rows = [{"fee": "免费", "year": 2022}] * 4 + [{"fee": "免费", "year": 2024}] * 1 + [{"fee": "收费", "year": 2020}]
    f = found("growth", edition(venues=rows), layers={"venues": {"fee": "免费"}})
    assert numbers(f) == (25, None, None)
    assert [p.id for p in f.places] == ["venues4"], "the new ones"


def test_growth_without_a_predecessor_is_said_in_words():
    rows = [{"fee": "免费", "year": 2024}]
    nothing_before = found("growth", edition(venues=rows), layers={"venues": {"fee": "免费"}})
    assert numbers(nothing_before) == (None, None, None)
    assert "从零增长没有百分比" in nothing_before.missing[0][0]
    first = found("growth", edition(year=2022, venues=[{"fee": "免费", "year": 2020}]), layers={"venues": {"fee": "免费"}})
    assert numbers(first) == (None, None, None)
    assert "没有 2021 年版" in first.missing[0][0]


def test_growth_with_empty_cells_has_bounds():
    rows = [{"fee": "免费", "year": 2022}] * 4 + [{"fee": "免费", "year": 2024}, {"fee": None, "year": 2022}]
    f = found("growth", edition(venues=rows), layers={"venues": {"fee": "免费"}})
    assert (f.now, f.lower, f.upper) == (None, 20, 50)  # 6 of 5, or 6 of 4


# -- shares ----------------------------------------------------------------------------------------------------------


def test_share_has_the_bounds_that_empty_cells_leave():
    rows = [
        {"stage": "小学", "after_school": "是"},
        {"stage": "小学", "after_school": "否"},
        {"stage": "初中", "after_school": None},
        {"stage": "高中", "after_school": "否"},
    ]
    f = found("share", edition(schools=rows), layers={"schools": {"stage": "小学|初中"}}, having={"after_school": "是"})
    assert f.now is None
    assert (round(f.lower, 3), round(f.upper, 3)) == (33.333, 66.667)
    assert [p.id for p in f.places] == ["schools0"]
    assert [p.id for p in f.lacking] == ["schools1"]
    assert [p.id for p in f.unsure] == ["schools2"]
    sure = found("share", edition(schools=rows[:2]), layers={"schools": {}}, having={"after_school": "是"})
    assert numbers(sure) == (50, None, None)


def test_share_when_even_belonging_is_unknown():
    rows = [{"tier": "示范型"}, {"tier": "基础型"}, {"tier": None}]
    f = found("share", edition(children_homes=rows), layers={"children_homes": {"tier": "基础型|示范型"}}, having={"tier": "示范型"})
    assert (round(f.lower, 3), round(f.upper, 3)) == (33.333, 66.667)


def test_share_by_a_column_is_of_children_not_of_sites():
    rows = [{"inclusive": "是", "children": 90}, {"inclusive": "否", "children": 10}, {"inclusive": "否", "children": None}]
    f = found("share", edition(kindergartens=rows), layers={"kindergartens": {}}, column="children", having={"inclusive": "是"})
    assert (round(f.lower, 3), f.upper) == (47.368, 90)  # the third at worst as large as the largest
    assert numbers(found("share", edition(kindergartens=rows[:2]), layers={"kindergartens": {}}, column="children", having={"inclusive": "是"})) == (
        90,
        None,
        None,
    )


def test_use_of_places_is_one_sum_in_another():
    rows = [{"inclusive": "是", "inclusive_places": 60, "inclusive_enrolled": 30}, {"inclusive": "是", "inclusive_places": 40, "inclusive_enrolled": None}]
    f = found("share", edition(childcare=rows), layers={"childcare": {"inclusive": "是"}}, column="inclusive_enrolled", over="inclusive_places")
    assert numbers(f) == (None, 30, 70)


def test_total_and_what_is_only_a_bound():
    rows = [{"places_added": 100}, {"places_added": 300}, {"places_added": None}]
    of = edition(schools=rows)
    assert numbers(found("total", of, layers={"schools": {}}, column="places_added")) == (None, 400, 700)
    assert numbers(found("total", of, layers={"schools": {}}, column="places_added", bound="lower")) == (None, 400, None)
    assert numbers(found("count", of, layers={"schools": {}}, bound="upper")) == (None, None, 3)
    assert numbers(found("total", edition(schools=[{}]), layers={"schools": {}}, column="places_added")) == (None, None, None), "no number anywhere is not 0"


def test_per_thousand_residents_and_children():
    of = edition(childcare=[{"places": 60}, {"places": 40}])
    assert numbers(found("per_thousand", of, layers={"childcare": {}}, column="places", people="residents")) == (10, None, None)  # 100 / 10,000
    beds = edition(hospitals=[{"child_beds": 10}, {"child_beds": None}])
    f = found("per_thousand", beds, layers={"hospitals": {}}, column="child_beds", people="children")
    children = 176 + 185 + 369 + 184 + 163  # 0-17 of the four communities
    assert (f.lower, f.upper) == (pytest.approx(10_000 / children, abs=1e-6), pytest.approx(20_000 / children, abs=1e-6))
    younger = found("per_thousand", beds, layers={"hospitals": {}}, column="child_beds", people="children", children="children_0_14")
    assert younger.lower == pytest.approx(10_000 / (children - 163), abs=1e-6)


def test_a_town_without_children_and_a_city_without_people_give_words():
    of = edition(hospitals=[{"child_beds": 10}])
    nobody = of.population.points.assign(**dict.fromkeys(["pop_0_2", "pop_3_5", "pop_6_11", "pop_12_14", "pop_15_17"], 0.0))
    f = found("per_thousand", replace(of, population=replace(of.population, points=nobody)), layers={"hospitals": {}}, column="child_beds", people="children")
    assert numbers(f) == (None, None, None)
    assert "没有0–17岁儿童的人数" in f.missing[-1][0]
    none = found("per_thousand", replace(of, population=None), layers={"hospitals": {}}, column="child_beds", people="residents")
    assert numbers(none) == (None, None, None)
    lost = of.population.points.copy()
    lost.loc["c1", "pop_total"] = float("nan")
    part = found("per_thousand", replace(of, population=replace(of.population, points=lost)), layers={"hospitals": {}}, column="child_beds", people="residents")
    assert (part.now, part.lower, part.upper) == (None, None, 2), "fewer people than there are: at most so many beds each"


# -- presence --------------------------------------------------------------------------------------------------------


def test_presence_in_every_town():
    of = edition(protection_stations=[{"kind": "未成年人保护工作站"}])
    f = found("presence", of, layers={"protection_stations": {"kind": "未成年人保护工作站"}})
    assert numbers(f) == (50, None, None)
    assert ([p.name for p in f.places], [p.name for p in f.lacking]) == (["东镇"], ["西镇"])
    perhaps = edition(protection_stations=[{"kind": "未成年人保护工作站"}, {"kind": None, "town": "西镇"}])
    assert numbers(found("presence", perhaps, layers={"protection_stations": {"kind": "未成年人保护工作站"}})) == (None, 50, 100)
    assert numbers(found("presence", replace(of, towns=None), layers={"protection_stations": {}})) == (None, None, None)


def test_presence_of_one_of_each():
    both = "危重孕产妇救治中心|危重新生儿救治中心"
    apart = [{"rescue_centres": "危重孕产妇救治中心"}, {"rescue_centres": "危重新生儿救治中心"}, {"rescue_centres": "危重孕产妇救治中心", "town": "西镇"}]
    f = found("presence", edition(hospitals=apart), layers={"hospitals": {}}, each={"rescue_centres": both})
    assert [p.name for p in f.places] == ["东镇"]
    assert f.now == 50


def test_only_towns_with_enough_residents_are_asked():
    of = edition(special_education=[{"kind": "特教中心"}])
    f = found("presence", of, layers={"special_education": {"kind": "特教中心"}}, minimum=5000)  # east 8,000, west 2,000
    assert numbers(f) == (100, None, None)


def test_presence_in_every_community_of_the_population_table():
    homes = edition(children_homes=[{"community": "甲社区"}, {"community": "丙社区", "town": "西镇"}])
    f = found("presence", homes, layers={"children_homes": {}}, per="community")
    assert numbers(f) == (50, None, None)
    assert [(p.id, p.name) for p in f.places] == [("东镇", "甲社区"), ("西镇", "丙社区")]
    assert [p.name for p in f.lacking] == ["乙社区", "丁社区"]
    listed = edition(communities=[{"name": "甲社区", "child_directors": 1}, {"name": "乙社区", "child_directors": 0}])
    g = found("presence", listed, layers={"communities": {"child_directors": ">=1"}}, per="community")
    assert numbers(g) == (None, 25, 75), "communities that the table does not list are unknown"
    assert {p.name for p in g.unsure} == {"丙社区", "丁社区"}
    assert numbers(found("presence", replace(homes, population=None), layers={"children_homes": {}}, per="community")) == (None, None, None)


# -- people, streets, lines ------------------------------------------------------------------------------------------


def test_share_of_people_within_reach_is_the_indicators():
    of = replace(edition(), layers=tiny_edition().layers)
    f = found("people_reach", of, layers={"childcare": {}}, people="children_0_2")
    assert f.now == pytest.approx(100 * 150 / 176, abs=1e-6)
    assert f.indicator == "coverage.childcare.walk15.children_0_2.1000"
    assert numbers(found("people_reach", of, layers={"parks": {}}, people="children_0_2")) == (None, None, None)


def test_safe_streets_have_bounds_while_any_is_unknown():
    f = found("safe_streets", tiny_edition(), layers={"schools": {}})
    assert f.now is None
    assert (round(f.lower), round(f.upper)) == (33, 67)  # three streets of one length: safe, unknown, unsafe
    assert numbers(found("safe_streets", replace(tiny_edition(), perimeter=None), layers={"schools": {}})) == (None, None, None)


def test_length_is_the_tables_or_the_lines_own():
    from shapely import LineString

    of = edition(safe_routes=[{"length_m": 500}, {"length_m": None}])
    data = of.layers["safe_routes"]
    data = replace(data, sites=data.sites.set_geometry([LineString([(123, 28), (123, 28.01)])] * 2, crs="EPSG:4326"))
    f = found("length", replace(of, layers={"safe_routes": data}), layers={"safe_routes": {}}, column="length_m")
    assert f.now == pytest.approx(500 + 1108.2, abs=1)


# -- named, statistics, the edition ----------------------------------------------------------------------------------


def test_named_sites_are_found_by_a_word_of_their_name():
    parks = edition(parks=[{"name": "心湖公园", "adapted": "是"}, {"name": "义渡公园", "adapted": "否"}])
    f = found("named", parks, layers={"parks": {"adapted": "是"}}, names=("心湖公园", "义渡公园", "美德公园"))
    assert numbers(f) == (None, 1, 2), "one adapted, one not, one that may stand under another name"
    assert "美德公园" in f.missing[0][0]


def test_statistics_of_the_city_of_every_town_and_of_areas():
    of = edition()
    city = [Statistic("", "preschool_enrolment", 98.5, 2024, "教育局年报"), Statistic("", "preschool_enrolment", 90.0, 2023, "")]
    f = found("statistic", of, statistics=city, statistic="preschool_enrolment")
    assert (f.now, f.sources) == (98.5, ("教育局年报",))
    assert numbers(found("statistic", of, statistic="preschool_enrolment")) == (None, None, None)
    towns = [Statistic("东镇", "vaccination", 97, 2024, ""), Statistic("西镇", "vaccination", 94, 2024, "")]
    assert numbers(found("every_town", of, statistics=towns, statistic="vaccination")) == (94, None, None)
    assert numbers(found("every_town", of, statistics=towns[:1], statistic="vaccination")) == (None, None, 97)
    flags = [Statistic("东镇", "programme_started", 1, 2024, "")]
    assert numbers(found("towns_with", of, statistics=flags, statistic="programme_started")) == (None, 1, 2)
    assert numbers(found("towns_with", of, statistics=flags, statistic="programme_started", people="share")) == (None, 50, 100)


def test_the_edition_is_its_own_proof():
    assert found("edition", edition(), what="map").now == 1
    assert found("edition", edition(), what="yearly").now == 1
    gap = replace(edition(), city=tiny_city(edition={"year": 2024, "editions": [2022, 2024]}))
    assert found("edition", gap, what="yearly").now == pytest.approx(2 / 3, abs=1e-6)
    events = edition(events=[{}, {}])
    assert found("edition", events, layers={"events": {}}, what="events").now == 2
    assert numbers(found("edition", edition(), layers={"events": {}}, what="events")) == (None, None, None)
