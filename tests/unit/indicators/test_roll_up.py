"""A city of two districts: what adds adds, shares go by numerators and denominators, unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from cfmap.coverage.people import people_within
from cfmap.indicators import compute
from cfmap.indicators.existing import towns_of
from cfmap.indicators.roll_up import roll_up
from cfmap.model.errors import ConfigError
from cfmap.publish import WRITERS, figures, release, rolled
from cfmap.publish.public import public
from tests.factories import tiny_city, tiny_edition


def whole():
    """The tiny city with the people of its coverage counted anew, every site placed and every number known."""
    edition = tiny_edition(public=False)
    data = edition.layers["childcare"]
    sites = data.sites.assign(places=data.sites["places"].fillna(10), year=data.sites["year"].fillna(2024))
    edition = replace(edition, perimeter=None, layers={**edition.layers, "childcare": replace(data, sites=sites, unlocated=data.unlocated.iloc[:0])})
    return counted(edition)


def counted(edition):
    coverage = edition.coverages[0]
    points = coverage.points.loc[edition.population.points.index]
    people = people_within(points, edition.population, edition.towns, bands=coverage.bands, headline=coverage.headline)
    edition = replace(edition, coverages=(replace(coverage, people=people, points=points),))
    return replace(edition, indicators=compute(edition))


def district(edition, town):
    """One of the towns as a district of its own."""
    layers = {}
    for key, data in edition.layers.items():
        mine = (towns_of(data.sites, edition.towns) == town).to_numpy(dtype=bool)
        layers[key] = replace(data, sites=data.sites[mine].reset_index(drop=True), unlocated=data.unlocated[data.unlocated["town"] == town])
    points = edition.population.points
    people = replace(edition.population, points=points[points["town"] == town])
    city = tiny_city(city={"name": f"{town}区", "demo": True})
    return counted(replace(edition, city=city, layers=layers, towns=edition.towns[edition.towns["name"] == town].reset_index(drop=True), population=people))


def records(edition):
    return {r["id"]: r for r in figures.content(edition)["indicators"]}


@pytest.fixture(scope="module")
def city():
    return whole()


@pytest.fixture(scope="module")
def rolled_up(city):
    return {f["id"]: f for f in roll_up({f"{t}区": records(district(city, t)) for t in ("西镇", "东镇")})}


def test_districts_give_the_numbers_of_the_whole(city, rolled_up):
    given = records(city)
    compared = [key for key in given if key.split(".")[0] not in ("gini", "perimeter")]
    assert len(compared) > 30
    for key in compared:
        if given[key]["value"] is not None:
            assert rolled_up[key]["value"] == pytest.approx(given[key]["value"], abs=1e-6), key
    share = rolled_up["coverage.childcare.walk15.children_0_2.1000"]
    assert (share["part"], share["whole"], share["value"]) == (150, 176, pytest.approx(100 * 150 / 176))
    assert share["by_district"] == {"西镇区": 0.0, "东镇区": 100.0}  # no mean of shares: 50
    assert share["by_town"] == {"西镇区·990001": 0.0, "东镇区·990002": 100.0}  # by code, as in each district


def test_inequality_is_not_made_of_districts(rolled_up):
    gini = next(f for key, f in rolled_up.items() if key.startswith("gini."))
    assert (gini["value"], gini["status"]) == (None, "unknown")
    assert gini["definition"].startswith("不能由各区县的数合成")


def test_unknown_in_one_district_is_unknown_in_the_whole(city):
    one, other = (records(district(city, t)) for t in ("西镇", "东镇"))
    one["counts.childcare"] |= {"value": None, "lower": 1.0, "upper": 2.0}
    found = {f["id"]: f for f in roll_up({"甲": one, "乙": other})}
    assert [found["counts.childcare"][k] for k in ("value", "lower", "upper", "status")] == [None, 3.0, 4.0, "partial"]
    del one["counts.parks"], one["coverage.childcare.walk15.children_0_2.1000"]
    found = {f["id"]: f for f in roll_up({"甲": one, "乙": other})}
    assert [found["counts.parks"][k] for k in ("value", "lower", "upper")] == [None, 1.0, None]
    share = found["coverage.childcare.walk15.children_0_2.1000"]
    assert [share[k] for k in ("value", "lower", "upper", "status")] == [None, None, None, "unknown"]
    assert "甲 没有这一项" in share["definition"]


def test_public_figures_carry_no_numerators(city):
    shown, _ = public(replace(city, public=True, city=tiny_city(publish={"indicators": ["presence", "coverage"], "contact": "a"})))
    assert all("part" not in r and "whole" not in r for r in records(shown).values())
    assert any(i.id.startswith("coverage.") for i in shown.indicators)


def test_published_districts_become_one_workbook_and_one_file(city, tmp_path):
    kept = {key: WRITERS[key] for key in ("site_package", "figures")}
    folders = [tmp_path / town / "2024-internal" for town in ("西镇", "东镇")]
    for town, folder in zip(("西镇", "东镇"), folders, strict=True):
        release.publish(district(city, town), out=folder, writers=kept)
    paths, _ = rolled.write(folders, tmp_path / "city", city="示例市")
    assert [p.name for p in paths] == ["indicators.json", "indicators.xlsx"]
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(paths[1])["各区县"].iter_rows()]
    assert rows[1][:5] == ["指标", "单位", "示例市", "西镇区（演示数据）", "东镇区（演示数据）"]
    assert rows[2][:5] == ["托育数量", "处", 3, 1, 2]
    assert "内部资料" in rows[0][0]
    assert "演示数据" in rows[0][0]
    with pytest.raises(ConfigError) as refused:
        rolled.write(folders[:1], tmp_path / "one", city="示例市")
    assert refused.value.faults[0].code == "E148"
