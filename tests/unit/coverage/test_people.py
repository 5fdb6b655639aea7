"""Covered, not covered, unreachable: nobody lost, nobody counted twice, unknown is not zero."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from cfmap.coverage.people import NO_TOWN, people_within, population_faults
from cfmap.model import Population

BANDS = (790.0, 800.0, 1000.0)
TOWNS = gpd.GeoDataFrame({"name": ["东镇", "西镇"]}, geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)], crs=4326)


def population(rows):
    """Rows of (id, x, people aged 0-2, people in all, town)."""
    points = gpd.GeoDataFrame(
        {
            "name": [f"小区{r[0]}" for r in rows],
            "town": [r[4] if len(r) > 4 else None for r in rows],
            "pop_0_2": [r[2] for r in rows],
            "pop_total": [r[3] for r in rows],
        },
        index=[str(r[0]) for r in rows],
        geometry=[Point(r[1], 0.5) for r in rows],
        crs=4326,
    )
    return Population(points, "演示", None)


def reached(rows):
    """Rows of (id, network metres, connector metres, status)."""
    return pd.DataFrame(rows, columns=["id", "network_m", "connector_m", "status"]).astype({"id": str})


PEOPLE = population([("a", 0.5, 10, 100), ("b", 0.6, 20, 200), ("c", 1.5, 40, 400), ("d", 1.6, 80, 800)])
REACH = reached([("d", np.nan, np.nan, "unreachable"), ("a", 780, 10, "reached"), ("b", 780, 10.001, "reached"), ("c", 1000, 0.001, "beyond")])


def test_each_point_falls_into_the_bands_that_hold_it():
    table = people_within(REACH, PEOPLE, TOWNS, bands=BANDS, headline=1000.0).set_index("town")
    assert table.loc["西镇", ["pop_0_2", "pop_0_2_covered_790", "pop_0_2_covered_800", "pop_0_2_covered_1000"]].tolist() == [30, 10, 30, 30]
    assert table.loc["东镇", ["pop_0_2", "pop_0_2_covered_1000", "pop_0_2_not", "pop_0_2_unreachable"]].tolist() == [120, 0, 40, 80]
    assert table.loc["", ["pop_total", "pop_total_covered_1000", "pop_total_not", "pop_total_unreachable"]].tolist() == [1500, 300, 400, 800]


def test_city_is_the_last_row_and_towns_stand_in_order():
    assert people_within(REACH, PEOPLE, TOWNS, bands=BANDS, headline=1000.0)["town"].tolist() == ["东镇", "西镇", ""]


def test_unknown_people_are_left_out_and_never_zero():
    people = population([("a", 0.5, np.nan, 100), ("b", 0.6, 20, 200), ("c", 1.5, np.nan, 400), ("d", 1.6, np.nan, 800)])
    table = people_within(REACH, people, TOWNS, bands=BANDS, headline=1000.0).set_index("town")
    assert table.loc["西镇", "pop_0_2"] == 20
    assert table.loc["东镇", [c for c in table if c.startswith("pop_0_2")]].isna().all()
    assert table.loc["", "pop_0_2"] == 20
    codes = {f.code: f for f in population_faults(people, TOWNS)}
    assert codes["W388"].facts["count"] == 3


def test_a_town_without_points_has_nobody():
    towns = pd.concat([TOWNS, gpd.GeoDataFrame({"name": ["空镇"]}, geometry=[box(5, 5, 6, 6)], crs=4326)])
    table = people_within(REACH, PEOPLE, towns, bands=BANDS, headline=1000.0).set_index("town")
    assert (table.loc["空镇"] == 0).all()


def test_own_town_wins_over_the_outline_when_it_exists():
    people = population([("a", 0.5, 1, 1, "东镇"), ("b", 0.6, 2, 2, "老地名"), ("c", 1.5, 4, 4, ""), ("d", 9, 8, 8, None)])
    table = people_within(REACH, people, TOWNS, bands=BANDS, headline=1000.0).set_index("town")
    assert table["pop_0_2"].to_dict() == {"东镇": 5, "西镇": 2, NO_TOWN: 8, "": 15}


def test_points_outside_doubled_and_empty_are_reported():
    people = population([("a", 0.5, 0, 1), ("b", 0.5, 2, 2), ("c", 1.5, 4, 4), ("d", 9, 8, 8)])
    codes = {f.code: f for f in population_faults(people, TOWNS)}
    assert set(codes) == {"W386", "W387", "I380"}
    assert "小区b" in codes["W386"].what("zh")
    assert "小区d" in codes["W387"].what("zh")
    assert "小区a" in codes["I380"].what("en")


def test_without_towns_the_points_own_towns_count():
    people = population([("a", 0.5, 1, 1, "甲"), ("b", 0.6, 2, 2, "乙"), ("c", 1.5, 4, 4, "甲"), ("d", 9, 8, 8, None)])
    table = people_within(REACH, people, None, bands=BANDS, headline=1000.0).set_index("town")
    assert table["pop_0_2"].to_dict() == {"乙": 2, "甲": 5, NO_TOWN: 8, "": 15}


def test_a_point_without_an_answer_is_an_error():
    with pytest.raises(ValueError, match="no reach was computed"):
        people_within(REACH[REACH["id"] != "c"], PEOPLE, TOWNS, bands=BANDS, headline=1000.0)


def test_headline_must_be_a_band():
    with pytest.raises(ValueError, match="headline"):
        people_within(REACH, PEOPLE, TOWNS, bands=BANDS, headline=900.0)


one = st.tuples(
    st.floats(0, 3),
    st.one_of(st.just(np.nan), st.floats(0, 5000)),
    st.floats(0, 2000),
    st.floats(0, 250),
    st.sampled_from(["reached", "unreachable", "off_network"]),
)


@settings(max_examples=60)
@given(st.lists(one, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_totals_are_conserved_and_order_does_not_matter(rows, random):
    people = population([(i, x, n, n) for i, (x, n, *_) in enumerate(rows)])
    answers = [(i, d if s == "reached" else np.nan, c if s == "reached" else np.nan, s) for i, (_, _, d, c, s) in enumerate(rows)]
    table = people_within(reached(answers), people, TOWNS, bands=BANDS, headline=1000.0)
    city = table.iloc[-1]
    known = people.points["pop_total"].dropna()
    if len(known):
        assert city["pop_total"] == pytest.approx(known.sum(), abs=1e-6)
        assert city["pop_total_covered_1000"] + city["pop_total_not"] + city["pop_total_unreachable"] == pytest.approx(city["pop_total"], abs=1e-6)
        assert table["pop_total"][:-1].sum() == pytest.approx(city["pop_total"], abs=1e-6)
        assert city["pop_total_covered_790"] <= city["pop_total_covered_800"] <= city["pop_total_covered_1000"]
    else:
        assert np.isnan(city["pop_total"])
    random.shuffle(answers)
    again = people_within(reached(answers), people, TOWNS, bands=BANDS, headline=1000.0)
    pd.testing.assert_frame_equal(table, again)
