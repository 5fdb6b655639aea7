"""What changed between two editions, on tables that can be compared by hand and on many random ones."""

from __future__ import annotations

import random

import pandas as pd
import pytest
import shapely
from pyproj import Geod

from cfmap.indicators import INDICATORS
from cfmap.indicators.diff import CAUSES, Snapshot, applied, compare

COLUMNS = ("layer", "id", "name", "year", "places", "source", "geometry")


def table(*rows):
    return pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows], columns=list(COLUMNS), dtype=object)


def point(x, y=0.0):
    return shapely.Point(120 + x, 30 + y)


OLD = table(
    ("childcare", "a", "甲园", 2022, 60, "2023.csv", point(0)),
    ("childcare", "b", "乙园", 2022, None, "2023.csv", point(1)),
    ("childcare", "c", "丙园", 2022, 30, "2023.csv", None),
    ("parks", "a", "甲园", 2020, None, "2023.csv", point(2)),
)
NEW = table(
    ("childcare", "a", "甲托育园", 2022, 80, "2024.csv", point(0, 0.002)),
    ("childcare", "c", "丙园", 2022, 30, "2024.csv", point(3)),
    ("childcare", "d", "丁园", 2024, 45, "2024.csv", point(4)),
    ("parks", "a", "甲园", 2020, None, "2024.csv", point(2)),
)


def snapshot(name, sites, *, figures=(), **basis):
    return Snapshot(name, sites, {f["id"]: f for f in figures}, basis)


def figure(key, value=None, lower=None, upper=None):
    return {"id": key, "title": key, "title_en": key, "unit": "处", "value": value, "lower": lower, "upper": upper}


def same_rows(diff, old, new):
    """The old table with the changes made is the new one, value by value."""
    expected = {(r["layer"], r["id"]): {c: v for c, v in r.items() if not pd.isna(v)} for r in new.to_dict("records")}
    made = {(r["layer"], r["id"]): r for r in applied(diff, old)}
    assert made.keys() == expected.keys()
    for key, row in made.items():
        assert row.keys() == expected[key].keys()
        assert all(shapely.equals_identical(v, expected[key][c]) if c == "geometry" else v == expected[key][c] for c, v in row.items())


def test_a_site_can_be_renamed_moved_and_changed_at_once():
    found = {(c.layer, c.id): c for c in compare(snapshot("2023", OLD), snapshot("2024", NEW)).sites}
    a = found["childcare", "a"]
    assert a.kinds == ("renamed", "moved", "fields")
    assert a.fields == ("places",)
    assert (a.before["name"], a.name) == ("甲园", "甲托育园")
    assert a.metres == pytest.approx(Geod(ellps="WGS84").inv(120, 30, 120, 30.002)[2], abs=0.05)


def test_added_withdrawn_and_found_again():
    found = {(c.layer, c.id): c for c in compare(snapshot("2023", OLD), snapshot("2024", NEW)).sites}
    assert found["childcare", "d"].kinds == ("added",)
    assert (found["childcare", "b"].kinds, found["childcare", "b"].name) == (("withdrawn",), "乙园")
    assert found["childcare", "c"].kinds == ("moved",)  # it had no coordinates before
    assert found["childcare", "c"].metres is None


def test_a_site_that_lost_its_coordinates_did_not_lose_what_is_not_published_for_it():
    before, after = table(("childcare", "a", "甲园", 2022, 60, "x", point(0))), table(("childcare", "a", "甲园", 2023, None, "x", None))
    diff = compare(snapshot("2023", before), snapshot("2024", after))
    assert (diff.sites[0].kinds, diff.sites[0].fields) == (("moved", "fields"), ("year",))
    same_rows(diff, before, after)


def test_a_row_read_from_another_file_is_no_change():
    found = {(c.layer, c.id): c for c in compare(snapshot("2023", OLD), snapshot("2024", NEW)).sites}
    assert found["parks", "a"].kinds == ()


def test_the_changes_made_to_the_old_table_give_the_new_one():
    same_rows(compare(snapshot("2023", OLD), snapshot("2024", NEW)), OLD, NEW)


def test_two_thousand_random_pairs_of_editions_are_turned_into_each_other():
    chance = random.Random(20241231)

    def some():
        keys = chance.sample([(layer, str(i)) for layer in ("childcare", "parks", "schools") for i in range(6)], chance.randint(0, 9))
        rows = [
            (
                *key,
                chance.choice("甲乙丙"),
                chance.choice((None, 2022, 2024)),
                chance.choice((None, 30, 45.5, True)),
                "x",
                chance.choice((None, point(0), point(1))),
            )
            for key in keys
        ]
        return table(*rows)

    for _ in range(2_000):
        old, new = some(), some()
        same_rows(compare(snapshot("1", old), snapshot("2", new)), old, new)
        same_rows(compare(snapshot("2", new), snapshot("1", old)), new, old)


def test_the_order_of_rows_never_matters():
    straight = compare(snapshot("2023", OLD), snapshot("2024", NEW))
    turned = compare(snapshot("2023", OLD.iloc[::-1]), snapshot("2024", NEW.iloc[::-1]))
    assert [(c.layer, c.id, c.kinds) for c in straight.sites] == [(c.layer, c.id, c.kinds) for c in turned.sites]


def test_an_edition_compared_with_itself_has_no_change():
    one = snapshot("2024", NEW, figures=[figure("counts.childcare", 3)], method={"walking.headline_m": 1000})
    diff = compare(one, one)
    assert (diff.sites, diff.figures, diff.method) == ((), (), {})


def test_a_layer_that_is_new_on_the_map_is_told_as_such():
    diff = compare(snapshot("2023", OLD), snapshot("2024", NEW[NEW["layer"] == "childcare"]))
    assert (diff.layers_new, diff.layers_gone) == ((), ("parks",))


SAME = {"people": "p", "streets": "s", "boundary": "b", "method": {"walking.headline_m": 1000}}


def changed(key, before, after, *, old=SAME, new=SAME, sites=(OLD, NEW), **more):
    was, now = ({"value": v} if not isinstance(v, tuple) else {"lower": v[0], "upper": v[1]} for v in (before, after))
    diff = compare(snapshot("2023", sites[0], figures=[figure(key, **was)], **old), snapshot("2024", sites[1], figures=[figure(key, **now)], **new), **more)
    return diff.figures[0] if diff.figures else None


def test_a_number_that_only_sites_can_have_changed_is_split_whole():
    change = changed("counts.childcare", 3.0, 4.0)
    assert (change.causes, change.by_cause, change.change) == (("sites",), {"sites": 1.0}, 1.0)


def test_sites_of_another_layer_are_no_cause():
    change = changed("counts.parks", 1.0, 2.0)
    assert (change.causes, change.by_cause) == ((), {})  # nothing that it rests on differs: it is not guessed


def test_another_threshold_is_the_method_s_doing_and_named():
    new = SAME | {"method": {"walking.headline_m": 800}}
    diff = compare(
        snapshot("2023", OLD, figures=[figure("coverage.childcare.walk15.pop_0_2.800", 60.0)], **SAME),
        snapshot("2024", OLD, figures=[figure("coverage.childcare.walk15.pop_0_2.800", 55.0)], **new),
    )
    assert diff.method == {"walking.headline_m": (1000, 800)}
    assert diff.figures[0].by_cause == {"method": -5.0}


def test_several_causes_are_named_and_only_split_with_the_middle_computed():
    new = SAME | {"boundary": "b2"}
    key = "coverage.childcare.walk15.pop_0_2.1000"
    plain = changed(key, 60.0, 75.0, new=new)
    assert (plain.causes, plain.by_cause) == (("sites", "boundary"), {})
    split = changed(key, 60.0, 75.0, new=new, middle={key: figure(key, 62.0)}, middle_has=("streets", "boundary", "method"))
    assert split.by_cause == {"boundary": 2.0, "sites": 13.0}
    assert sum(split.by_cause.values()) == split.change


def test_causes_that_cannot_be_told_apart_stand_together():
    key = "coverage.childcare.walk15.pop_0_2.1000"
    new = SAME | {"boundary": "b2", "method": {"walking.headline_m": 800}}
    split = changed(key, 60.0, 75.0, new=new, middle={key: figure(key, 62.0)}, middle_has=("streets", "boundary", "method"))
    assert split.by_cause == {"boundary+method": 2.0, "sites": 13.0}


def test_an_edition_that_recorded_no_basis_leaves_the_split_open():
    change = changed("coverage.childcare.walk15.pop_0_2.1000", 60.0, 75.0, old={})
    assert (change.causes, change.by_cause) == (("sites",), {})  # the sites differ; whether something else does is not known


def test_unknown_is_never_compared_as_zero():
    change = changed("counts.childcare", (3.0, 5.0), 4.0)
    assert (change.before, change.bounds_before, change.change, change.by_cause) == (None, (3.0, 5.0), None, {})
    assert changed("counts.childcare", (None, None), (None, None)) is None


def test_figures_that_only_one_edition_has_are_listed_apart():
    diff = compare(snapshot("2023", OLD, figures=[figure("a", 1)]), snapshot("2024", NEW, figures=[figure("b", 0)]))
    assert (diff.figures, diff.figures_gone, diff.figures_new) == ((), ("a",), ("b",))


@pytest.mark.parametrize("rule", INDICATORS.values(), ids=INDICATORS)
def test_every_rule_says_what_its_numbers_rest_on(rule):
    assert rule.rests_on
    assert rule.rests_on <= set(CAUSES)
