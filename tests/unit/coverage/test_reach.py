"""Nearest site, distance, minutes, status: on streets drawn by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from cfmap.coverage import reach
from cfmap.model import InputError
from cfmap.network import EdgeFlag
from tests.unit.coverage.drawn import drawn, grid, metres, places, street

# One street of 2,000 m. Site s stands on it at 0 m, site t at 1,500 m.
#
#   s---------a----------b-------t-----e
#   0        600        1000    1500  2000
STREET = ((0, 0), (2000, 0))
LINE = drawn(street(*STREET))


def one(table, key):
    return table.set_index("id").loc[key]


def test_a_point_on_the_street_walks_along_it():
    row = one(reach(LINE, places(s=(0, 0)), places(a=(600, 0))), "a")
    assert row["site"] == "s"
    assert row["network_m"] == pytest.approx(metres((0, 0), (600, 0)), abs=0.002)
    assert row["connector_m"] == pytest.approx(0, abs=0.002)
    assert row["minutes"] == pytest.approx(9.0, abs=1e-4)
    assert row["status"] == "reached"


def test_both_straight_ways_are_counted_as_connectors():
    """s stands 30 m south of the street, a 40 m north of it: 600 m along the street, 70 m straight."""
    row = one(reach(LINE, places(s=(100, -30)), places(a=(700, 40))), "a")
    assert row["network_m"] == pytest.approx(600, abs=0.05)
    assert row["connector_m"] == pytest.approx(70, abs=0.05)
    assert row["minutes"] == pytest.approx(670 / 1000 * 15, abs=0.001)


def test_the_nearest_by_the_total_wins_not_the_nearest_along_the_street():
    """s is 300 m along and 60 m off: 360 m; t is 350 m along and on the street: 350 m."""
    row = one(reach(LINE, places(s=(700, 60), t=(1350, 0)), places(a=(1000, 0))), "a")
    assert row["site"] == "t"


def test_exactly_the_limit_is_reached_and_a_millimetre_more_is_beyond():
    far = one(reach(LINE, places(s=(0, 0)), places(a=(600, 0))), "a")
    mm = round((far["network_m"] + far["connector_m"]) * 1000)
    # at 6 km/h a minute is 100,000 mm
    exactly = one(reach(LINE, places(s=(0, 0)), places(a=(600, 0)), minutes=mm / 100_000, speed_kmh=6.0), "a")
    less = one(reach(LINE, places(s=(0, 0)), places(a=(600, 0)), minutes=(mm - 1) / 100_000, speed_kmh=6.0), "a")
    assert exactly["status"] == "reached"
    assert less["status"] == "beyond"
    assert less["network_m"] == exactly["network_m"]
    assert less["minutes"] == pytest.approx(mm / 100_000)


def test_of_equally_near_sites_the_lower_id_wins_whatever_the_order():
    """A diamond: both ways from a to x and y are mirror images, so equal to the millimetre."""
    network = drawn(street((0, 0), (0, 300)), street((0, 0), (0, -300)), street((0, 0), (400, 0)))
    sites = places(y=(0, 0), x=(0, 0))
    for order in ([0, 1], [1, 0]):
        assert one(reach(network, sites.iloc[order], places(a=(400, 0))), "a")["site"] == "x"


def test_number_ids_sort_as_numbers():
    sites = places(a=(0, 0), b=(0, 0)).assign(id=[10, 9])
    assert one(reach(LINE, sites, places(p=(50, 0))), "p")["site"] == 9


# Two streets that do not meet:
#
#   s------a          (main: 2,000 m)
#
#   i---j             (island: 200 m, 800 m north)
TWO = drawn(street(*STREET), street((0, 800), (200, 800)))


def test_unreachable_and_off_network_have_no_numbers():
    table = reach(TWO, places(s=(0, 0)), places(a=(600, 0), i=(100, 800), o=(1000, 5000))).set_index("id")
    assert table["status"].to_dict() == {"a": "reached", "i": "unreachable", "o": "off_network"}
    assert table.loc[["i", "o"], ["network_m", "connector_m", "minutes"]].isna().all(axis=None)
    assert table.loc[["i", "o"], "site"].tolist() == [None, None]


def test_a_site_off_the_network_reaches_nobody():
    table = reach(TWO, places(s=(0, 0), o=(1000, 400)), places(a=(1000, 240))).set_index("id")
    assert table.loc["a", "site"] == "s"  # o is nearer as the crow flies, but 400 m from any street


def test_points_up_to_the_limit_count():
    table = reach(LINE, places(s=(0, 0)), places(near=(600, 249), far=(600, 251))).set_index("id")
    assert table["status"].to_dict() == {"near": "reached", "far": "off_network"}


# An estate of private streets between two public ones; p lives in it, q and s outside:
#
#   q-----+=====+-----s       === private, 100 m
#         |     |
#         +-----+             the way round: 100 + 100 + 100 m
GATED = drawn(
    street((-200, 0), (0, 0)),
    street((0, 0), (100, 0), flags=EdgeFlag.PRIVATE),
    street((100, 0), (300, 0)),
    street((0, 0), (0, -100), (100, -100), (100, 0)),
)


def test_residents_walk_out_of_the_estate_but_nobody_walks_through():
    table = reach(GATED, places(s=(300, 0)), places(p=(50, 0), q=(-200, 0)), minutes=60).set_index("id")
    assert table.loc["p", "network_m"] == pytest.approx(250, abs=0.05)
    assert table.loc["q", "network_m"] == pytest.approx(200 + 300 + 200, abs=0.05)


def test_a_site_with_two_gates_is_as_near_as_the_nearer():
    gates = places(w=(0, 0), e=(1500, 0)).assign(site="s")
    table = reach(LINE, places(s=(700, 0)), places(a=(1400, 0), b=(100, 0)), accesses=gates).set_index("id")
    assert table.loc["a", "network_m"] == pytest.approx(100, abs=0.05)
    assert table.loc["b", "network_m"] == pytest.approx(100, abs=0.05)
    assert set(table["site"]) == {"s"}


def test_no_sites_means_nobody_reaches_one():
    table = reach(LINE, places(s=(0, 0)).iloc[:0], places(a=(600, 0)))
    assert table["status"].tolist() == ["unreachable"]


def test_no_points_gives_an_empty_table():
    table = reach(LINE, places(s=(0, 0)), places(a=(600, 0)).iloc[:0])
    assert table.empty
    assert list(table) == ["id", "site", "network_m", "connector_m", "minutes", "status"]


@pytest.mark.parametrize(
    ("sites", "points", "options", "code"),
    [
        (places(s=(0, 0)).assign(id=[None]), places(a=(0, 0)), {}, "E380"),
        (places(s=(0, 0), t=(9, 0)).assign(id=["x", "x"]), places(a=(0, 0)), {}, "E381"),
        (places(s=(0, 0)), places(a=(0, 0), b=(1, 1)).assign(id=["x", "x"]), {}, "E381"),
        (places(s=(500_000, 0)), places(a=(0, 0)), {}, "E382"),
        (places(s=(0, 0)), places(a=(0, 0)), {"minutes": 0}, "E383"),
        (places(s=(0, 0)), places(a=(0, 0)), {"speed_kmh": -1}, "E383"),
        (places(s=(0, 0)).set_geometry([Point()]), places(a=(0, 0)), {}, "E384"),
    ],
)
def test_mistakes_are_told_in_both_languages(sites, points, options, code):
    with pytest.raises(InputError) as caught:
        reach(LINE, sites, points, **options)
    assert [f.code for f in caught.value.faults] == [code]
    assert caught.value.faults[0].how("zh")


GRID = grid(8)
position = st.tuples(st.floats(-80, 880), st.floats(-80, 880))


@settings(max_examples=15)
@given(st.lists(position, min_size=1, max_size=5), st.lists(position, min_size=1, max_size=8), st.floats(1, 12), st.randoms(use_true_random=False))
def test_more_minutes_or_sites_never_reach_fewer_and_order_never_matters(where, homes, minutes, random):
    sites = places(**{f"s{i}": xy for i, xy in enumerate(where)})
    points = places(**{f"p{i}": xy for i, xy in enumerate(homes)})
    table = reach(GRID, sites, points, minutes=minutes)
    reached = set(table.loc[table["status"].eq("reached"), "id"])
    longer = reach(GRID, sites, points, minutes=minutes + 1)
    assert reached <= set(longer.loc[longer["status"].eq("reached"), "id"])
    more = reach(GRID, pd.concat([sites, places(z=(400, 400))]), points, minutes=minutes)
    assert reached <= set(more.loc[more["status"].eq("reached"), "id"])
    assert (more["minutes"].fillna(np.inf) <= table["minutes"].fillna(np.inf) + 1e-9).all()  # empty: no way, as when every site is off the streets
    shuffled = reach(GRID, sites.sample(frac=1, random_state=random.randrange(1000)), points.iloc[::-1], minutes=minutes)
    pd.testing.assert_frame_equal(shuffled.iloc[::-1].reset_index(drop=True), table)
    assert np.allclose(table["minutes"], (table["network_m"] + table["connector_m"]) / 1000 * 15, equal_nan=True)
    assert not (table["status"].eq("reached") & table["minutes"].isna()).any()
