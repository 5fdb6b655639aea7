"""What a street and a crossing count: every line of the table, and that more danger never counts less."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cfmap.model.survey import Answer
from cfmap.planning.dangers import BY_RANK, CROSSINGS, RANKS, Weights, crossing_level, dangers_of, link_factor, words
from tests.unit.coverage.drawn import drawn, street

GOOD = {"sidewalk": "both", "maxspeed": "30"}


def factor(rank=1, *, motor=True, **tags):
    return link_factor({"highway": "residential", **{k.replace("__", ":"): v for k, v in tags.items()}}, motor=motor, rank=rank, weights=Weights())


@pytest.mark.parametrize(
    ("rank", "tags", "hundredths", "unknown", "reasons"),
    [
        (1, GOOD, 100, False, ""),
        (3, GOOD, 120, False, ""),
        (1, {}, 120, True, "A-untagged;B-untagged"),  # unknown counts once, however much is unknown
        (1, {"maxspeed": "30"}, 120, True, "A-untagged"),
        (1, {"sidewalk": "none", "maxspeed": "30"}, 130, False, "A-none"),
        (3, {"sidewalk": "none", "maxspeed": "60"}, 360, False, "A-none;B-over"),  # 1.2 x 2 x 1.5
        (2, {"sidewalk": "right", "maxspeed": "40"}, 143, False, "B-over"),  # one side is enough for who walks along; 1.1 x 1.3
        (1, GOOD | {"lit": "no"}, 110, False, "D-dark"),
        (1, GOOD | {"lit": "perhaps"}, 100, False, ""),  # lighting counts where it is known to be missing
    ],
)
def test_a_street_counts_by_its_rank_walking_space_speed_and_light(rank, tags, hundredths, unknown, reasons):
    assert factor(rank, **tags) == (hundredths, unknown, reasons)


def test_a_way_without_cars_counts_its_length_and_more_only_in_the_dark():
    assert factor(0, motor=False) == (100, False, "foot")
    assert factor(0, motor=False, lit="no") == (110, False, "foot;D-dark")
    assert words("foot;D-dark", lang="en") == "no motor traffic; not lit"


def test_a_street_that_is_worse_in_one_thing_never_counts_less():
    steps = {"sidewalk": ("both", None, "none"), "maxspeed": ("30", None, "40", "60"), "lit": ("yes", "no")}
    for rank, unknown in itertools.product(range(len(BY_RANK)), (1.0, 1.2, 1.3)):
        found = {}
        for place in itertools.product(*(range(len(v)) for v in steps.values())):
            tags = {k: v[i] for (k, v), i in zip(steps.items(), place, strict=True) if v[i] is not None}
            found[place] = link_factor({"highway": "tertiary", **tags}, motor=True, rank=rank, weights=Weights(unknown=unknown))[0]
        for a, b in itertools.product(found, found):
            if sum(y - x for x, y in zip(a, b, strict=True)) == 1 and all(y >= x for x, y in zip(a, b, strict=True)):
                assert found[a] <= found[b], (a, b)


def test_a_crossing_that_is_worse_never_counts_less():
    for rank, lanes in itertools.product(range(1, 5), (1, 2, 4, 8)):
        counts = [Weights().crossing_m(kind, rank=rank, lanes=lanes) for kind in CROSSINGS]
        assert counts == sorted(counts)
    assert [Weights().crossing_m(k, rank=3, lanes=4) for k in CROSSINGS] == [10, 30, 55, 120, 120]
    assert [Weights().crossing_m(k, rank=1, lanes=2) for k in CROSSINGS] == [10, 20, 20, 20, 20]
    assert Weights().crossing_m("none", rank=0, lanes=2) == 0
    assert [crossing_level(m) for m in (10, 30, 80, 120)] == [1, 2, 3, 4]


@pytest.mark.parametrize("wrong", [{"unknown": 1.5}, {"unknown": 0.9}, {"marked_m": 5.0}, {"lane_m": -1.0}])
def test_settings_that_would_turn_the_order_round_are_refused(wrong):
    with pytest.raises(ValueError, match="better crossing"):
        Weights(**wrong)


# A path over an arterial road, and a side street that ends at it:
#
#            : path
#   =========+=======+======== arterial
#            :       | side street
PATH = street((0, -100), (0, 0), (0, 100), highway="footway")
ARTERIAL = street((-200, 0), (0, 0), (100, 0), (200, 0), highway="secondary", lanes="4", **GOOD)
SIDE = street((100, -100), (100, 0), **GOOD)


def half(network, dangers, way):
    return sorted(int(h) for k in range(2) for h in dangers.half[k, network.edge_way == way])


@pytest.mark.parametrize(("crossings", "metres"), [([], 120), ([((0, 0), "signalled")], 10), ([((12, 0), "marked")], 30), ([((40, 0), "marked")], 120)])
def test_who_walks_over_a_bigger_street_pays_half_a_crossing_on_either_side(crossings, metres):
    network = drawn(PATH, ARTERIAL, SIDE, crossings=crossings)
    dangers = dangers_of(network)
    assert half(network, dangers, 1) == [0, 0, metres * 500, metres * 500]
    assert set(half(network, dangers, 2)) == {0}  # who walks along the arterial crosses nothing
    assert half(network, dangers, 3) == [0, 60_000]  # who comes out of the side street needs the other pavement one time in two


def test_a_street_that_only_ends_there_is_not_crossed():
    network = drawn(street((0, -100), (0, 0)), street((0, 0), (0, 100), highway="secondary"))
    assert not dangers_of(network).half.any()


def test_what_a_survey_saw_comes_before_the_tags():
    network = drawn(street((0, 0), (100, 0)), street((100, 0), (200, 0)))
    key = f"1/{network.node_id[network.edge_u[0]]}-{network.node_id[network.edge_v[0]]}"
    seen = [Answer(key, "A", "有", number=2.0), Answer(key, "B", "限速", number=30.0)]
    before, after = dangers_of(network), dangers_of(network, answers=seen)
    assert before.factor.tolist() == [120, 120]
    assert (after.factor.tolist(), after.is_unknown.tolist()) == ([100, 120], [False, True])
    fast = dangers_of(network, answers=[Answer(key, "A", "无"), Answer(key, "B", "限速", number=60.0)])
    assert (int(fast.factor[0]), fast.reasons[0]) == (195, "A-none;B-over")


def test_without_tags_every_street_for_cars_is_unknown_and_none_is_dearer_for_it():
    network = drawn(street((0, 0), (100, 0)), street((0, 0), (0, 100), highway="footway"))
    bare = network.__class__(**{**{f: getattr(network, f) for f in network.__dataclass_fields__}, "way_tags": network.way_tags.iloc[:0]})
    dangers = dangers_of(bare)
    cars, path = np.flatnonzero(bare.edge_way == 1), np.flatnonzero(bare.edge_way == 2)
    assert (dangers.factor[cars], dangers.factor[path]) == (120, 100)
    assert dangers.whole(bare.edge_mm)[cars] == round(1.2 * int(bare.edge_mm[cars][0]))
    assert (dangers.level(cars), dangers.level(path)) == (2, 1)
    assert set(RANKS.values()) == {1, 2, 3, 4}
