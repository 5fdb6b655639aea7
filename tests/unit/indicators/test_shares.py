"""Shares of people, places per 1,000, safe streets: hand-checked on the tiny edition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cfmap.coverage.perimeter import street_metres
from cfmap.indicators import INDICATORS, IndicatorRule, compute
from tests.factories import tiny_city, tiny_edition, with_schools


def by_id(edition):
    return {i.id: i for i in compute(edition)}


def test_both_bands_stand_side_by_side():
    found = by_id(tiny_edition())
    assert found["coverage.childcare.walk15.children_0_2.1000"].value == pytest.approx(100 * 150 / 176)
    assert found["coverage.childcare.walk15.children_0_2.800"].value == pytest.approx(100 * 100 / 176)
    assert found["coverage.childcare.walk15.residents.1000"].value == pytest.approx(80)


def test_the_denominator_is_part_of_the_name():
    found = by_id(tiny_edition())
    assert found["coverage.childcare.walk15.children_0_2.1000"].denominator == "全市0–2岁儿童"
    assert "0–2岁儿童" in found["coverage.childcare.walk15.children_0_2.1000"].title
    assert found["places.childcare_per_1000"].denominator == "每千常住人口（全年龄）"


def test_covered_and_not_and_unreachable_are_all_people():
    found = by_id(tiny_edition())
    for group, total in (("children_0_2", 176), ("residents", 10_000)):
        parts = [found[f"people.childcare.walk15.{group}.{p}"].value for p in ("covered_1000", "not", "unreachable")]
        assert sum(parts) == found[f"people.childcare.walk15.{group}.total"].value == total


def test_shares_of_towns_follow_their_own_people():
    shares = by_id(tiny_edition())["coverage.childcare.walk15.children_0_2.800"].by_town
    assert shares == {"西镇": 0.0, "东镇": pytest.approx(100 * 100 / 150)}


def test_without_population_shares_are_unknown_and_no_people_are_counted():
    edition = tiny_edition()
    bare = replace(edition.coverages[0], people=edition.coverages[0].people.iloc[:0], points=edition.coverages[0].points.iloc[:0])
    found = by_id(replace(edition, population=None, coverages=(bare,)))
    share = found["coverage.childcare.walk15.children_0_2.1000"]
    assert (share.value, share.status) == (None, "unknown")
    assert not [i for i in found if i.startswith("people.")]


def test_ages_that_the_population_lacks_are_unknown():
    edition = tiny_edition()
    parks = replace(edition.coverages[0], key="parks.nature30", layer="parks")
    found = by_id(replace(edition, coverages=(parks,)))
    assert found["coverage.parks.nature30.children_0_14.1000"].value is None  # the people table has only 0-2 and residents
    assert found["coverage.parks.nature30.residents.1000"].value == pytest.approx(80)


def test_unknown_children_of_a_community_give_bounds():
    """乙 (3,000 residents, its other ages 250) lacks its 0-2: between 0 and 2,750 children, all reached at 1,000 m, none at 800 m."""
    edition = tiny_edition()
    points = edition.population.points.copy()
    points.loc["c2", "pop_0_2"] = np.nan
    people = edition.coverages[0].people.copy()
    for town in ("东镇", ""):
        row = people["town"] == town
        people.loc[row, ["pop_0_2", "pop_0_2_covered_1000"]] -= 50  # unknown numbers are in no sum
    coverage = replace(edition.coverages[0], people=people)
    found = by_id(replace(edition, coverages=(coverage,), population=replace(edition.population, points=points)))
    wide = found["coverage.childcare.walk15.children_0_2.1000"]
    assert wide.value == pytest.approx(100 * 100 / 126)
    assert wide.lower == pytest.approx(100 * 100 / 126)  # they all live within 1,000 m: nobody can be outside
    assert wide.upper == pytest.approx(100 * (100 + 2750) / (126 + 2750))
    narrow = found["coverage.childcare.walk15.children_0_2.800"]
    assert narrow.lower == pytest.approx(100 * 100 / (126 + 2750))
    assert narrow.upper == pytest.approx(100 * 100 / 126)
    assert wide.status == "partial"
    assert "1 个社区缺" in wide.definition


def test_no_bounds_where_not_even_residents_are_known():
    edition = tiny_edition()
    points = edition.population.points.copy()
    points.loc["c2", ["pop_0_2", "pop_total"]] = np.nan
    share = by_id(replace(edition, population=replace(edition.population, points=points)))["coverage.childcare.walk15.children_0_2.1000"]
    assert (share.lower, share.upper, share.status) == (None, None, "partial")


def test_places_per_1000_are_bounds_where_a_site_lacks_its_places():
    """60 + 40 + 20 places known (K4 is closed), K3 unknown: at least 120, at most 120 + 60, of 10,000 residents."""
    places = by_id(tiny_edition())["places.childcare_per_1000"]
    assert (places.value, places.lower, places.upper) == (None, 12, 18)
    assert places.by_town == {"西镇": None, "东镇": 15}  # 120 places, 8,000 residents of all ages
    assert "1 处缺托位数" in places.definition


def test_places_per_1000_divide_by_residents_of_all_ages():
    edition = tiny_edition()
    data = edition.layers["childcare"]
    full = data.sites.copy()
    full.loc[full["id"] == "K3", "places"] = 30
    found = by_id(replace(edition, layers={**edition.layers, "childcare": replace(data, sites=full)}))
    assert found["places.childcare_per_1000"].value == 15
    assert found["places.childcare_per_1000"].by_town == {"西镇": 15, "东镇": 15}


def test_places_without_residents_are_unknown():
    places = by_id(replace(tiny_edition(), population=None))["places.childcare_per_1000"]
    assert (places.value, places.lower, places.upper, places.status) == (None, None, None, "unknown")


def test_a_school_perimeter_is_no_walking_distance_for_people():
    edition = tiny_edition()
    around = replace(edition.coverages[0], key="schools.perimeter150", layer="schools", rule="perimeter150")
    assert not [i for i in by_id(replace(edition, coverages=(around,))) if i.startswith(("coverage.", "people."))]


def test_a_street_of_two_schools_counts_once_with_its_worst_state():
    """One side of one edge: safe for A from 0 to 300 m, unsafe for B from 200 to 400 m; its other side, and the ring, are other things."""
    table = {"school": list("ABBB"), "segment": "1/2-3", "side": ["left", "left", "right", "left"], "state": ["safe", "unsafe", "unknown", "unsafe"]}
    table |= {"from_m": [0.0, 200, 0, 0], "to_m": [300.0, 400, 50, 300], "ring": [False, False, False, True], "weight": 1.0}
    assert street_metres(pd.DataFrame(table)) == {"unsafe": 200, "unknown": 50, "safe": 200}


def test_unknown_streets_are_between_the_bounds():
    found = by_id(tiny_edition())  # three equal parts: safe, unknown, unsafe
    safe = found["perimeter.safe_length"]
    assert (safe.value, safe.lower, safe.upper) == (None, pytest.approx(100 / 3, rel=1e-4), pytest.approx(200 / 3, rel=1e-4))
    assert found["perimeter.known_length"].value == pytest.approx(200 / 3, rel=1e-4)
    schools = found["perimeter.safe_schools"]  # S1 has an unknown part, S2 an unsafe one
    assert (schools.value, schools.lower, schools.upper) == (None, 0, 50)


def test_no_street_round_any_school_is_unknown_and_not_all_safe():
    edition = with_schools(tiny_edition(public=False))
    safe = by_id(replace(edition, perimeter=edition.perimeter.iloc[:0]))["perimeter.safe_length"]
    assert (safe.value, safe.lower, safe.upper, safe.status) == (None, None, None, "unknown")
    assert not [i for i in by_id(replace(edition, perimeter=None)) if i.startswith("perimeter.")]


def test_every_number_says_what_it_is():
    for indicator in compute(tiny_edition()):
        assert indicator.id.split(".")[0] in INDICATORS
        for text in (indicator.title, indicator.title_en, indicator.unit, indicator.denominator, indicator.definition, indicator.definition_en):
            assert text
        assert indicator.sources
        assert indicator.status != "ok" or indicator.value is not None
        if indicator.lower is not None and indicator.upper is not None:
            assert indicator.lower <= indicator.upper


def test_demo_data_never_names_openstreetmap():
    edition = replace(tiny_edition(), city=tiny_city(layers={"parks": {"sources": [{"osm": True}]}}))
    assert not [i.id for i in compute(edition) if "OpenStreetMap" in " ".join(i.sources)]


def test_two_rules_with_the_same_id_are_a_fault_of_ours():
    twice = {k: IndicatorRule(k, k, k, INDICATORS["counts"].compute) for k in ("a", "b")}
    with pytest.raises(ValueError, match=r"counts\.childcare"):
        compute(tiny_edition(), rules=twice)


def test_the_edition_is_left_as_it_was():
    edition = tiny_edition()
    before = edition.layers["childcare"].sites.copy()
    compute(edition)
    assert edition.layers["childcare"].sites.equals(before)
