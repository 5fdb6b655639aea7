"""Children within reach as a range: on one street where each assumption's share can be worked out by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from cfmap.coverage.people_range import CAUSES, CHILD_M, Assumptions, people_range
from cfmap.coverage.people_words import fitness, told, without_small
from cfmap.model import ConfigError, InputError
from cfmap.model.schema import age_bands
from cfmap.network import EdgeFlag, Network
from cfmap.network.gates import open_gates
from tests.unit.coverage.drawn import drawn, lonlat, places, street
from tests.unit.network.osm_files import write_osm

SITE = places(s=(0, 0))
STREET = drawn(street((0, 0), (3000, 0)))
TOWNS = gpd.GeoDataFrame(
    {"name": ["西镇", "东镇", "空镇"]},
    geometry=[box(*lonlat(-100, -800), *lonlat(1500, 800)), box(*lonlat(1500, -800), *lonlat(4000, 800)), box(*lonlat(9000, 0), *lonlat(9500, 100))],
    crs=4326,
)
STILL = Assumptions(widest_m=0.001)  # nobody lives anywhere but at the point


def communities(*rows):
    """Rows of (east, north, children)."""
    return gpd.GeoDataFrame(
        {"children": [float(r[2]) for r in rows]}, index=list("abcdefgh")[: len(rows)], geometry=[Point(lonlat(*r[:2])) for r in rows], crs=4326
    )


def answer(people, *, network=STREET, towns=TOWNS, **options):
    return people_range(network, SITE, people, count="children", towns=towns, **options).set_index("town")


def test_a_slow_child_is_the_cause_between_790_and_1000_metres():
    row = answer(communities((500, 0, 10), (900, 0, 20), (2000, 0, 40)), assumptions=STILL).loc[""]
    assert (row["children"], row["covered"], row["low"], row["high"], row["beyond"]) == (70, 30, 10, 30, 40)
    assert (row["cause"], row["pace_low"], row["pace_high"]) == ("pace", 10, 30)
    assert CHILD_M == 790


def test_a_home_off_the_street_counts_or_not_by_the_limit():
    row = answer(communities((300, 150, 10), (300, 400, 20), (300, 2000, 40)), assumptions=STILL).loc[""]
    assert (row["covered"], row["off_network"]) == (10, 60)  # 150 m is within the usual 250 m
    assert (row["snapping_low"], row["snapping_high"], row["cause"]) == (0, 30, "snapping")
    assert (row["low"], row["high"]) == (0, 30)


def test_where_in_its_community_a_child_lives_is_a_cause_of_its_own():
    # neighbours 100 m apart: anywhere within 50 m of the point
    row = answer(communities((700, 0, 10), (980, 0, 20), (1080, 0, 40))).loc[""]
    assert row["covered"] == 30
    assert (row["placement_low"], row["placement_high"]) == (10, 30)
    near = answer(communities((700, 0, 10), (980, 0, 20), (1040, 0, 40))).loc[""]
    assert (near["covered"], near["placement_high"]) == (30, 30)  # half of 60 m does not bring 1,040 within 1,000
    nearer = answer(communities((700, 0, 10), (900, 0, 20), (1080, 0, 40))).loc[""]
    assert nearer["placement_high"] == 70  # half of 180 m does


def test_an_area_s_children_are_spread_over_it_and_may_all_live_at_one_end():
    ground = gpd.GeoDataFrame({"children": [100.0]}, index=["a"], geometry=[box(*lonlat(800, -20), *lonlat(1200, 20))], crs=4326)
    row = answer(ground).loc[""]
    assert 40 < row["covered"] < 60
    assert (row["placement_low"], row["placement_high"]) == (0, 100)
    assert row["covered"] + row["beyond"] == pytest.approx(100, abs=1e-6)


def test_sites_without_coordinates_may_stand_wherever_their_town_needs_them():
    people = communities((500, 0, 10), (1400, 0, 20), (2000, 0, 40))
    table = answer(people, assumptions=STILL, unlocated={"西镇": 1})
    assert (table.loc["西镇", "covered"], table.loc["西镇", "high"], table.loc["西镇", "cause"]) == (10, 30, "unlocated")
    assert (table.loc["东镇", "high"], table.loc["东镇", "unlocated"]) == (0, 0)
    anywhere = answer(people, assumptions=STILL, unlocated={"": 2}).loc[""]
    assert (anywhere["high"], anywhere["unlocated"]) == (70, 2)


def estate(tmp_path, *, access):
    """A street, and behind a gate at 300 m a second one that ends 50 m past the site."""
    at = {1: (0, 0), 2: (300, 0), 3: (600, 0), 4: (2500, 0)}
    nodes = {i: (*lonlat(*xy), {"barrier": "gate", "access": access} if i == 2 else {}) for i, xy in at.items()}
    return Network.from_osm(write_osm(tmp_path / f"{access}.osm", nodes, {1: ([1, 2, 3, 4], {"highway": "residential"})}))


def test_a_shut_gate_cuts_off_and_an_open_one_lets_through(tmp_path):
    network = estate(tmp_path, access="no")
    row = answer(communities((100, 0, 10), (600, 0, 20)), network=network, assumptions=STILL).loc[""]
    assert (row["covered"], row["unreachable"]) == (10, 20)
    assert (row["gates_low"], row["gates_high"], row["cause"]) == (10, 30, "gates")


def test_open_gates_are_the_network_that_was_never_gated(tmp_path):
    gated, plain = estate(tmp_path, access="no"), estate(tmp_path, access="yes")
    opened = open_gates(gated)
    homes = gpd.GeoSeries([Point(lonlat(x, 0)) for x in (50, 290, 310, 2400)], crs=4326)
    ways = [n.travel(n.snap(SITE.geometry)).at(n.snap(homes))[0].tolist() for n in (opened, plain)]
    assert ways[0] == ways[1]
    assert opened.components["km"].iloc[0] == plain.components["km"].iloc[0]
    assert not opened.has(EdgeFlag.PRIVATE).any()
    assert gated.travel(gated.snap(SITE.geometry)).at(gated.snap(homes))[0].tolist()[2:] == [-1, -1]  # the network asked stays shut


def test_a_pram_goes_round_by_no_steps():
    stairs = drawn(street((0, 0), (400, 0), highway="steps", flags=EdgeFlag.STEPS), street((400, 0), (800, 0)))
    row = people_range(stairs, SITE, communities((800, 0, 10)), count="children", assumptions=STILL).iloc[-1]
    assert (row["covered"], row["stroller"]) == (10, 0)


def test_unknown_numbers_are_no_zero():
    people = communities((500, 0, 10), (2000, 0, np.nan))
    table = answer(people, assumptions=STILL)
    assert np.isnan(table.loc["东镇", "children"])
    assert (table.loc["东镇", "unknown_rows"], table.loc["", "children"], table.loc["空镇", "children"]) == (1, 10, 0)


def test_what_is_no_number_of_children_is_refused():
    with pytest.raises(InputError, match="E387"):
        people_range(STREET, SITE, communities((1, 0, 1)), count="pop_0_2")
    with pytest.raises(InputError, match="E386"):
        answer(communities((1, 0, -1)))


rows = st.lists(st.tuples(st.integers(0, 3000), st.integers(-600, 600), st.integers(0, 30)), min_size=1, max_size=8)


@given(rows, st.dictionaries(st.sampled_from(["西镇", "东镇", ""]), st.integers(0, 2)))
@settings(max_examples=12)
def test_nobody_is_lost_and_the_number_lies_in_its_range(found, unlocated):
    table = answer(communities(*found), unlocated=unlocated)
    parts = table[["covered", "beyond", "unreachable", "off_network"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table["children"].to_numpy(), abs=1e-6)
    assert table["children"].iloc[:-1].sum() == pytest.approx(table.loc["", "children"], abs=1e-6)
    for cause in CAUSES:
        assert (table["low"] <= table[f"{cause}_low"] + 1e-9).all()
        assert (table[f"{cause}_low"] <= table["covered"] + 1e-9).all()
        assert (table["covered"] <= table[f"{cause}_high"] + 1e-9).all()
        assert (table[f"{cause}_high"] <= table["high"] + 1e-9).all()
    assert (table["high"] <= table["children"] + 1e-9).all()
    turned = answer(communities(*found).iloc[::-1], unlocated=unlocated)
    pd.testing.assert_frame_equal(turned.drop(columns="cause"), table.drop(columns="cause"))


@given(rows, st.integers(1, 1500))
@settings(max_examples=6)
def test_more_metres_never_reach_fewer(found, metres):
    people = communities(*found)
    less, more = (answer(people, assumptions=Assumptions(metres=m, child_m=min(m, 790.0))).loc[""] for m in (float(metres), metres + 200.0))
    assert less["covered"] <= more["covered"]
    assert less["high"] <= more["high"]


# -- in public -------------------------------------------------------------------------------------------------------


def public(*rows):
    """Rows of (town, children, covered), nothing uncertain."""
    table = pd.DataFrame(rows, columns=["town", "children", "covered"]).astype({"children": float, "covered": float})
    whole = pd.DataFrame([{"town": "", "children": table["children"].sum(), "covered": table["covered"].sum()}])
    table = pd.concat([table, whole], ignore_index=True)
    return without_small(table.assign(low=table["covered"], high=table["covered"], cause="")).set_index("town")["children"]


def test_small_counts_are_hidden_with_a_second_town_so_that_none_follows():
    shown = public(("甲", 100, 50), ("乙", 5, 0), ("丙", 300, 200), ("丁", 80, 40))
    assert shown.isna().to_dict() == {"甲": False, "乙": True, "丙": False, "丁": True, "": False}


def test_nearly_all_covered_shows_the_few_who_are_not():
    assert public(("甲", 100, 97), ("乙", 100, 50), ("丙", 300, 200))["甲"] != 100


def test_hidden_towns_together_are_not_small_either():
    shown = public(("甲", 3, 0), ("乙", 4, 0), ("丙", 300, 200), ("丁", 80, 40))
    assert shown.isna().sum() == 3


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
@settings(max_examples=100)
def test_no_small_count_follows_from_the_whole(found):
    towns = [(f"镇{i}", max(pair), min(pair)) for i, pair in enumerate(found)]
    shown = public(*towns)
    if np.isnan(shown[""]):
        return
    hidden = [t for t in towns if np.isnan(shown[t[0]])]
    assert len(hidden) != 1
    if hidden and len(hidden) < len(towns):
        for number in (1, 2):
            assert not 0 < sum(t[number] for t in hidden) < 10


def test_words_say_the_streets_fitness_first_and_never_zero_for_unknown():
    people = communities((500, 0, 10), (2000, 0, np.nan))
    table = answer(people, assumptions=STILL).reset_index()
    card = fitness(STREET, SITE, people)
    assert (card.main_share, card.footway_share, card.km) == (1.0, 0.0, pytest.approx(3.0, rel=1e-3))
    lines = list(told(table, card, age="0-2", source="表.xlsx", public=False, lang="zh"))
    assert lines[0].startswith("街道数据")
    assert "  合计：10 人中 10 人走得到，100%（100%–100%）；太远 0，没有路 0，离街道太远 0" in lines
    assert "  东镇：没有人数，未知" in lines
    assert "  空镇：没有这个年龄的孩子" in "\n".join(lines)
    assert "内部资料" in lines[-1]
    assert any("nobody of this age" in line for line in told(table, card, age="0-2", source="t", public=True, lang="en"))


@pytest.mark.parametrize(("age", "bands"), [("0-2", 1), ("0-14", 4), ("3–5", 1), ("all", 1), ("0-17", 5)])
def test_ages_are_whole_bands(age, bands):
    assert len(age_bands(age)) == bands


@pytest.mark.parametrize("age", ["0-3", "1-2", "", "x", "5-3", "0", "0-99"])
def test_other_ages_are_refused_with_those_there_are(age):
    with pytest.raises(ConfigError, match="E393"):
        age_bands(age)
