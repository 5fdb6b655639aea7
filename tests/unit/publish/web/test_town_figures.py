"""Figures by town reach the page only where they may: never by default, small counts of children never."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cfmap.publish.public import public
from cfmap.publish.web.payload import payload
from tests.factories import tiny_edition, with_indicators


def towns(edition):
    """The block of a page of the edition, built as ``build_map`` builds it."""
    shown = public(edition)[0] if edition.public else edition
    return payload(shown).coverage.get("towns")


def listed(*names, **more):
    return with_indicators(tiny_edition(publish={"indicators": list(names)}, **more))


@pytest.mark.parametrize("names", [(), ("presence", "places", "perimeter"), ("coverage.childcare.walk15.children_0_2.800",)])
def test_a_public_page_says_nothing_of_towns_unless_their_figures_are_listed(names):
    assert towns(listed(*names)) is None


def test_the_internal_page_has_all_of_it():
    block = towns(with_indicators(tiny_edition(public=False)))
    assert block["names"] == ["西镇", "东镇", ""]
    children, residents = block["items"]["childcare.walk15"]
    assert children["parts"] == {
        "share": [0, 100, pytest.approx(85.23)],
        "covered": [0, 150, 150],
        "not": [20, 0, 20],
        "unreachable": [6, 0, 6],
        "total": [26, 150, 176],
    }
    assert children["hidden"] == {}
    assert residents["parts"]["not"] == [1500, 0, 1500]
    assert "1,000 m" in children["definition"]
    assert children["data_date"] == "2023-12-31"
    assert "社区人口表（演示数据）" in children["sources"]


def test_shares_alone_when_only_shares_are_listed():
    (children,) = towns(listed("coverage.childcare.walk15.children_0_2"))["items"]["childcare.walk15"]
    assert set(children["parts"]) == {"share"}


def test_few_children_are_hidden_by_position_and_grown_ups_are_not():
    """西镇 and the city: 6 children without a path; total - covered - beyond would give them, so beyond is hidden too."""
    children, residents = towns(listed("coverage", "people"))["items"]["childcare.walk15"]
    assert children["hidden"] == {"not": [0, 2], "unreachable": [0, 2]}
    for part, positions in children["hidden"].items():
        assert [children["parts"][part][n] for n in positions] == [None] * len(positions)
    assert residents["hidden"] == {}


def missing(**more):
    """乙 in the east lacks its 0-2: 3,000 residents less 250 of other ages may all be such children."""
    edition = tiny_edition(**more)
    points = edition.population.points.copy()
    points.loc["c2", "pop_0_2"] = np.nan
    people = edition.coverages[0].people.copy()
    for town in ("东镇", ""):
        people.loc[people["town"] == town, ["pop_0_2", "pop_0_2_covered_800", "pop_0_2_covered_1000"]] -= [50, 30, 50]
    return with_indicators(replace(edition, coverages=(replace(edition.coverages[0], people=people),), population=replace(edition.population, points=points)))


def test_bounds_stand_at_the_town_that_lacks_a_number_and_at_the_city():
    (children, _) = towns(missing(public=False))["items"]["childcare.walk15"]
    assert set(children["bounds"]) == {"1", "2"}
    assert children["bounds"]["1"] == [100, 100]
    assert children["bounds"]["2"] == [pytest.approx(100 * 100 / 126, abs=0.01), pytest.approx(100 * 2850 / 2876, abs=0.01)]


def test_what_cannot_be_bounded_says_so():
    edition = missing(public=False)
    points = edition.population.points.copy()
    points.loc["c2", "pop_total"] = np.nan
    (children, _) = towns(with_indicators(replace(edition, population=replace(edition.population, points=points))))["items"]["childcare.walk15"]
    assert children["bounds"] == {"1": [None, None], "2": [None, None]}


def test_outlines_of_towns_know_their_figures_by_name_and_one_without_any_says_so():
    import geopandas as gpd
    from shapely import box

    plain = with_indicators(tiny_edition(public=False))
    names = towns(plain)["names"]
    outlines = gpd.GeoDataFrame({"name": [names[1], "没有数字的镇", names[0]]}, geometry=[box(n, 0, n + 0.5, 1) for n in range(3)], crs=4326)
    assert towns(replace(plain, towns=outlines))["areas"] == [1, -1, 0]
    assert "areas" not in towns(replace(plain, towns=None))
