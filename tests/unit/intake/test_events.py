"""An event is where it says, or where the place is that it names; its dates are read as people write them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from cfmap.intake.cells import parse
from cfmap.intake.events import Place, placed
from cfmap.model import Field, Layer, LayerData
from tests.factories import CRS, sites

EVENTS = Layer(
    "events",
    "活动",
    "Events",
    "event",
    "#2e6b4f",
    fields=(Field("starts_on", "开始日期", "s", kind="date"), Field("ends_on", "结束日期", "e", kind="date"), Field("at_site", "所在点位", "at")),
)
LIBRARY = Place("libraries", "L1", "东区 图书馆", shapely.Point(123.01, 28.01))
PARK = Place("parks", "P1", "东山公园", shapely.Point(123.03, 28.02))
TWINS = [Place("parks", f"P{n}", "口袋公园", shapely.Point(123.03, 28.0 + n / 100)) for n in (2, 3)]
NOWHERE = Place("halls", "H1", "没坐标礼堂", None)


def layer(*rows: dict[str, object], located: tuple[dict[str, object], ...] = ()) -> LayerData:
    empty = {"id": "-", "name": "-", "at": (0.0, 0.0)}
    here = sites(EVENTS, [*located, empty]).iloc[: len(located)]
    return LayerData(
        EVENTS,
        here,
        pd.DataFrame(sites(EVENTS, [r | {"at": (0, 0)} for r in [*rows, empty]]).drop(columns="geometry").iloc[: len(rows)]),
        gpd.GeoSeries([], crs=CRS),
    )


def put(data: LayerData, **more) -> LayerData:
    return placed(data, [LIBRARY, PARK, *TWINS, NOWHERE], **more)


def test_an_event_stands_at_the_place_it_names_by_name_or_id():
    made = put(layer({"id": "E1", "name": "故事会", "at_site": "东区图书馆"}, {"id": "E2", "name": "植树", "at_site": "P1"}))
    assert [(r.name, r.at_site, r.geometry) for r in made.sites.drop(columns=["layer"]).itertuples(index=False)] == [
        ("故事会", "东区 图书馆", LIBRARY.point),
        ("植树", "东山公园", PARK.point),
    ]
    assert made.sites.crs == CRS
    assert len(made.unlocated) == 0
    assert made.faults == ()


def test_coordinates_of_its_own_are_kept():
    made = put(layer(located=({"id": "E1", "name": "在公园西门", "at_site": "东山公园", "at": (1.0, 1.0)},)))
    assert made.sites.geometry[0].coords[0] == pytest.approx((123.01, 28.01))
    assert made.sites["at_site"][0] == "东山公园"


@pytest.mark.parametrize("text", ["没有这个地方", "口袋公园", "TG-0007"])
def test_what_is_not_found_or_not_clear_is_told_and_never_shown(text):
    made = put(layer({"id": "E1", "name": "故事会", "at_site": text}))
    assert [f.code for f in made.faults] == ["W265"]
    assert text in made.faults[0].facts["names"]
    assert made.unlocated["at_site"].tolist() == [None]
    assert len(made.sites) == 0


def test_a_place_without_coordinates_is_named_and_the_event_stays_in_the_list():
    made = put(layer({"id": "E1", "name": "故事会", "at_site": "没坐标礼堂"}))
    assert (made.unlocated["at_site"].tolist(), len(made.sites), made.faults) == (["没坐标礼堂"], 0, ())


def test_a_departments_own_number_is_found_under_the_id_that_the_map_uses():
    made = put(layer({"id": "E1", "name": "植树", "at_site": "TG-0007"}), id_of=lambda layer, text: "P1" if (layer, text) == ("parks", "TG-0007") else "")
    assert made.sites["at_site"].tolist() == ["东山公园"]


def test_an_event_that_ends_before_it_begins_is_told():
    rows = [("2024-06-02", "2024-06-01"), ("2024-06-02", "2024-06"), ("2024-06-02", "长期"), ("2024-06-02", None), ("2024-06", "2024-05-01")]
    made = put(layer(*({"id": f"E{n}", "name": f"第{n}", "starts_on": s, "ends_on": e} for n, (s, e) in enumerate(rows))))
    assert [f.code for f in made.faults] == ["W266"]
    assert made.faults[0].facts["count"] == 2


ENDS = Field("ends_on", "结束日期", "ends on", kind="date", vocabulary=("长期", "待定"))


@pytest.mark.parametrize(
    ("text", "value", "verdict"),
    [
        ("长期", "长期", "ok"),
        ("待定", "待定", "ok"),
        ("", None, "missing"),
        ("2024年6月1日", "2024-06-01", "ok"),
        ("六月底", "待定", "unreadable"),
        ("2024-02-30", "待定", "unreadable"),
    ],
)
def test_words_in_place_of_a_date_and_a_date_that_cannot_be_read(text, value, verdict):
    cell = parse(text, ENDS)
    assert (cell.value, cell.verdict) == (value, verdict)


def test_a_date_without_such_words_is_unknown_when_it_cannot_be_read():
    assert parse("长期", Field("d", "日期", "d", kind="date")).value is None
