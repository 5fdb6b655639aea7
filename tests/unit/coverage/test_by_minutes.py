"""People by minutes: on one street whose numbers can be worked out by hand, as points, cells and rasters."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPoint, Point, Polygon, box

from cfmap.coverage import people_by_minutes, spread
from cfmap.coverage.people import NO_TOWN
from cfmap.geometry.raster import Raster
from cfmap.model import InputError
from tests.unit.coverage.drawn import M_PER_DEGREE, drawn, lonlat, metres, places, street

# One street of 2,000 m with a site at its west end, and a street 3,000 m north that nothing joins to it.
# At 4 km/h: 5 min = 333.333 m, 10 min = 666.667 m, 15 min = 1,000 m.
NETWORK = drawn(street((0, 0), (2000, 0)), street((0, 3000), (100, 3000)))
SITE = places(s=(0, 0))
PARTS = ["within_15", "beyond", "unreachable", "off_network", "unknown"]


def cell(west, south, east, north):
    return box(*lonlat(west, south), *lonlat(east, north))


def table(geometries, counts):
    return gpd.GeoDataFrame({"population": counts}, geometry=list(geometries), crs=4326)


def points(counts):
    """``{(east, north): people}``"""
    return table([Point(lonlat(*xy)) for xy in counts], list(counts.values()))


def raster(values, *, west=0.0, north=50.0, side=100.0, **options):
    """Cells of `side` metres, the first one's outer corner at west, north."""
    corner = lonlat(west, north)
    return Raster(np.array(values), (side / M_PER_DEGREE[0], 0, corner[0], 0, -side / M_PER_DEGREE[1], corner[1]), 4326, **options)


def whole(people, **options):
    result = people_by_minutes(NETWORK, SITE, people, **options)
    return result[result["zone"] == ""].iloc[0]


def code(people, **options):
    with pytest.raises(InputError) as caught:
        people_by_minutes(NETWORK, SITE, people, **options)
    return caught.value.faults[0].code


# ---- where people are counted


def test_points_count_in_every_time_that_holds_them():
    row = whole(points({(300, 0): 1.0, (300, 40): 2.0, (600, 0): 4.0, (900, 0): 8.0, (1500, 0): 16.0, (50, 3000): 32.0, (500, 300): 64.0}))
    assert row[["within_5", "within_10", "within_15"]].tolist() == [1, 7, 15], "300 m + 40 m to the street are more than 333 m"
    assert row[["beyond", "unreachable", "off_network", "unknown", "total"]].tolist() == [16, 32, 64, 0, 127]


def test_the_limit_is_inclusive():
    mm = round(metres((0, 0), (600, 0)) * 1000)
    row = whole(points({(600, 0): 5.0}), minutes=((mm - 1) / 100_000, mm / 100_000), speed_kmh=6.0)
    assert row.filter(like="within").tolist() == [0, 5]


def test_a_cell_on_the_limit_is_shared_out_by_its_ground():
    """100 m wide from 250 m: places at 275 and 325 m, all 25 m from the street: 300 m and 350 m."""
    row = whole(table([cell(250, -50, 350, 50)], [80]))
    assert row[["within_5", "within_10", "total"]].tolist() == [40, 80, 80]


def test_the_middle_alone_decides_for_the_whole_cell_when_that_is_asked_for():
    assert whole(table([cell(250, -50, 350, 50)], [80]), spacing_m=np.inf)["within_5"] == 80


def test_the_part_of_a_cell_without_a_street_near_is_off_the_network_and_not_lost():
    """Places 225 m and 275 m north of the street; 250 m is the limit."""
    row = whole(table([cell(100, 200, 200, 300)], [10]))
    assert row[["within_10", "off_network", "total"]].tolist() == [5, 5, 10]
    assert whole(table([cell(100, 200, 200, 300)], [10]), limit_m=300)["off_network"] == 0


def test_a_raster_counts_as_the_cells_drawn_from_it():
    values = [[7, 0, 30, 4], [1, 2, 3, 5]]
    cells = [cell(200 + 100 * c, -50 - 100 * r, 300 + 100 * c, 50 - 100 * r) for r in range(2) for c in range(4)]
    as_table = people_by_minutes(NETWORK, SITE, table(cells, np.ravel(values)))
    pd.testing.assert_frame_equal(people_by_minutes(NETWORK, SITE, raster(values, west=200)), as_table)
    assert 0 < as_table["within_5"].iloc[0] < 52 == as_table["total"].iloc[0]


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4549"])
def test_a_raster_in_another_crs_keeps_its_numbers(crs):
    """Cells of 20 units: one place each, so the table of their middles must say the same."""
    west, south, east, north = table([cell(0, -100, 1400, 100)], [1]).to_crs(crs).total_bounds
    columns, rows = int((east - west) // 20), int((north - south) // 20)
    values = np.arange(rows * columns, dtype=float).reshape(rows, columns)
    x, y = np.meshgrid(west + 20 * (np.arange(columns) + 0.5), north - 20 * (np.arange(rows) + 0.5))
    middles = gpd.GeoDataFrame({"population": values.ravel()}, geometry=gpd.points_from_xy(x.ravel(), y.ravel()), crs=crs)
    found = people_by_minutes(NETWORK, SITE, Raster(values, (20, 0, west, 0, -20, north), crs))
    pd.testing.assert_frame_equal(found, people_by_minutes(NETWORK, SITE, middles.to_crs(4326)))
    assert found["total"].iloc[0] == values.sum()
    assert 0 < found["within_5"].iloc[0] < found["within_15"].iloc[0] < values.sum()


def test_a_turned_raster_lies_where_its_transform_says():
    """Columns run north, rows run east."""
    corner = lonlat(250, -50)
    turned = Raster(np.array([[1.0], [2.0]]), (0, 100 / M_PER_DEGREE[0], corner[0], 100 / M_PER_DEGREE[1], 0, corner[1]), 4326)
    row = whole(turned)
    assert row[["within_5", "within_10"]].tolist() == [0.5, 3]


def test_areas_of_any_shape_keep_their_people():
    sliver = cell(100, -0.01, 900, 0.01)
    bent = Polygon([lonlat(*xy) for xy in ((100, 10), (400, 10), (400, 200), (390, 200), (390, 20), (100, 20))])
    bowtie = Polygon([lonlat(*xy) for xy in ((100, 10), (200, 60), (200, 10), (100, 60))])
    assert whole(table([sliver, bent, bowtie, MultiPoint([lonlat(100, 0), lonlat(120, 0)])], [8, 16, 32, 64]))["within_15"] == 120


def test_batches_do_not_change_the_sums(monkeypatch):
    people = table([cell(100 * i, -300, 100 * i + 90, 300) for i in range(12)], range(12))
    before = people_by_minutes(NETWORK, SITE, people, zones=ZONES)
    monkeypatch.setattr(spread, "BATCH", 7)
    pd.testing.assert_frame_equal(people_by_minutes(NETWORK, SITE, people, zones=ZONES), before, rtol=1e-12)


# ---- what is not known


def test_unknown_numbers_are_counted_as_rows_and_never_as_nobody():
    row = whole(points({(300, 0): np.nan, (600, 0): 4.0, (900, 0): np.nan}))
    assert row[["total", "unknown_rows"]].tolist() == [4, 2]
    assert row["share_10_lower"] == 1


def test_missing_whole_numbers_are_unknown_too():
    people = points({(300, 0): 5.0, (600, 0): 4.0}).assign(population=pd.array([5, None], dtype="Int64"))
    assert whole(people)[["total", "unknown_rows"]].tolist() == [5, 1]


def test_when_all_numbers_are_unknown_the_sums_are_too():
    row = whole(points({(300, 0): np.nan, (600, 0): np.nan}))
    assert row[["total", "within_5", *PARTS, "share_15_lower", "share_15_upper"]].isna().all()
    assert row["unknown_rows"] == 2


def test_people_without_a_place_are_unknown_and_may_be_near():
    people = table([Point(lonlat(300, 0)), None, Point(), Point(lonlat(1500, 0))], [10, 20, 30, 40])
    row = whole(people)
    assert row[["within_15", "beyond", "unknown", "total"]].tolist() == [10, 40, 50, 100]
    assert row[["share_15_lower", "share_15_upper"]].tolist() == [0.1, 0.6]


def test_the_upper_share_holds_those_off_the_network_and_not_those_without_a_path():
    row = whole(points({(300, 0): 10.0, (50, 3000): 20.0, (500, 300): 30.0, (1500, 0): 40.0}))
    assert row[["share_15_lower", "share_15_upper"]].tolist() == [0.1, 0.4]


def test_nodata_is_nobody_and_not_unknown():
    row = whole(raster([[-99999.0, 5.0, np.nan, 3.0]], nodata=-99999))
    assert row[["total", "unknown_rows"]].tolist() == [8, 1]
    assert whole(raster([[np.nan, 5.0, np.nan, 3.0]], nodata=np.nan))[["total", "unknown_rows"]].tolist() == [8, 0]


@pytest.mark.parametrize(("kind", "nodata"), [(np.uint8, 255), (np.uint8, -9999), (np.int32, -9999), (np.float32, -3.4e38), (np.float32, 1e300)])
def test_nodata_is_recognised_in_every_kind_of_number(kind, nodata):
    values = np.array([[1, 2, 3]], dtype=kind)
    held = np.can_cast(np.min_scalar_type(nodata), kind) or (np.dtype(kind).kind == "f" and abs(nodata) < 1e39)
    if held:
        values[0, 1] = nodata
    assert whole(raster(values, nodata=nodata))["total"] == (4 if held else 6)


def test_a_raster_of_nodata_alone_has_nobody():
    row = whole(raster([[-1.0, -1.0]], nodata=-1))
    assert row[["total", *PARTS, "unknown_rows"]].tolist() == [0] * 7
    assert np.isnan(row["share_15_lower"])


def test_without_people_or_sites_nothing_is_reached():
    assert whole(points({}))["total"] == 0
    result = people_by_minutes(NETWORK, SITE.iloc[:0], points({(300, 0): 5.0}))
    assert result[["within_15", "unreachable", "total"]].iloc[0].tolist() == [0, 5, 5]


# ---- zones and columns

ZONES = gpd.GeoDataFrame({"name": ["东", "西"]}, geometry=[cell(300, -500, 3000, 500), cell(-500, -500, 300, 500)], crs=4326)


def test_a_cell_in_two_zones_is_shared_out_and_the_zones_add_up():
    people = table([cell(250, -50, 350, 50), cell(0, -50, 100, 50), cell(50, 2950, 150, 3050)], [80, 10, 7])
    result = people_by_minutes(NETWORK, SITE, people, zones=ZONES.to_crs(3857))
    assert result["zone"].tolist() == ["东", "西", NO_TOWN, ""]
    assert result["total"].tolist() == [40, 50, 7, 97]
    assert result["within_5"].tolist() == [0, 50, 0, 50]
    assert result["unreachable"].tolist() == [0, 0, 7, 7]


def test_where_zones_overlap_the_first_by_name_counts():
    zones = pd.concat([ZONES.assign(name="乙"), ZONES.assign(name="丙")])
    result = people_by_minutes(NETWORK, SITE, points({(300, 10): 3.0, (400, 0): 1.0}), zones=zones)
    assert dict(zip(result["zone"], result["total"], strict=True)) == {"丙": 4, "乙": 0, "": 4}


def test_a_zone_with_unknown_numbers_alone_is_unknown_and_one_without_rows_has_nobody():
    zones = pd.concat([ZONES, gpd.GeoDataFrame({"name": ["空"]}, geometry=[cell(9000, 0, 9100, 100)], crs=4326)])
    result = people_by_minutes(NETWORK, SITE, points({(100, 0): np.nan, (400, 0): np.nan, (500, 0): 0.0}), zones=zones).set_index("zone")
    assert result.loc["西", ["total", *PARTS]].isna().all()
    assert result.loc["东", ["total", "unknown_rows"]].tolist() == [0, 1]
    assert result.loc["空", ["total", "unknown_rows"]].tolist() == [0, 0]
    assert result.loc["", ["total", "unknown_rows"]].tolist() == [0, 2]


def test_each_column_of_people_has_its_own_rows():
    people = points({(300, 0): 10.0, (1500, 0): 30.0}).assign(pop_0_2=[1, np.nan])
    result = people_by_minutes(NETWORK, SITE, people, columns=["population", "pop_0_2"], zones=ZONES)
    assert result["people"].tolist() == ["population"] * 3 + ["pop_0_2"] * 3
    assert result.groupby("people")["unknown_rows"].max().to_dict() == {"population": 0, "pop_0_2": 1}
    assert result[(result["people"] == "pop_0_2") & (result["zone"] == "")]["total"].item() == 1


def test_what_was_handed_in_is_not_changed():
    people, zones = table([cell(250, -50, 350, 50)], [80]), ZONES.copy()
    before = people.copy()
    people_by_minutes(NETWORK, SITE, people, zones=zones)
    pd.testing.assert_frame_equal(people, before)
    pd.testing.assert_frame_equal(zones, ZONES)


# ---- what cannot be used


def test_numbers_that_are_no_people_stop():
    with pytest.raises(InputError) as caught:
        whole(points({(300, 0): 5.0, (600, 0): -200.0}))
    (found,) = caught.value.faults
    assert found.code == "E386"
    assert "1: -200" in found.render("en")
    assert code(points({(300, 0): np.inf})) == "E386"
    with pytest.raises(InputError, match=r"\[1 0\]: -99999"):
        whole(raster([[1.0, 2.0], [-99999.0, 3.0]]))  # nodata that nobody declared


def test_columns_must_exist_and_hold_numbers():
    people = points({(300, 0): 5.0})
    assert code(people, columns="people") == "E387"
    assert code(people.assign(population="5")) == "E387"
    assert code(people, columns=[]) == "E387"
    assert code(raster([[1.0]]), columns=["a", "b"]) == "E387"


def test_nothing_is_guessed_about_coordinates():
    assert code(points({(300, 0): 5.0}).set_crs(None, allow_override=True)) == "E388"
    assert code(points({(300, 0): 5.0}), zones=ZONES.set_crs(None, allow_override=True)) == "E388"
    assert code(points({(300, 0): 5.0}), zones=ZONES.drop(columns="name")) == "E387"


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"minutes": ()}, "E383"), ({"minutes": (0,)}, "E383"), ({"speed_kmh": -1}, "E383"), ({"spacing_m": 0}, "E387"), ({"limit_m": np.nan}, "E387")],
)
def test_times_and_lengths_must_be_some(options, expected):
    assert code(points({(300, 0): 5.0}), **options) == expected


@pytest.mark.parametrize(
    ("values", "transform", "crs", "expected"),
    [
        ([1.0], (1, 0, 0, 0, -1, 0), 4326, "E387"),
        ([["a"]], (1, 0, 0, 0, -1, 0), 4326, "E387"),
        ([[1.0]], (1, 0, 0), 4326, "E387"),
        ([[1.0]], (0, 0, 0, 0, -1, 0), 4326, "E387"),
        ([[1.0]], (1, 0, 0, 0, -1, 0), None, "E388"),
        ([[1.0]], (1, 0, 0, 0, -1, 0), "EPSG:beijing54", "E387"),
    ],
)
def test_a_raster_must_be_one(values, transform, crs, expected):
    with pytest.raises(InputError) as caught:
        Raster(np.array(values), transform, crs)
    assert caught.value.faults[0].code == expected
